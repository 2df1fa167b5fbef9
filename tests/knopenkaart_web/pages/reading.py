# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A page taken apart: its text, its elements, its links, its forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

# The one road from all tests of pages to Kleindorp.
from .. import answered, counted, factories, met, monitored, operated  # noqa: TID252
from ..reached import attach, reached, results  # noqa: TID252

__all__ = ["Element", "Page", "answered", "attach", "counted", "factories", "met", "monitored", "operated", "reached", "read", "results"]

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "rect"})
SILENT = frozenset({"script", "style", "title", "template"})
INLINE = frozenset({"a", "abbr", "b", "code", "del", "em", "i", "ins", "kbd", "span", "strong", "time"})


@dataclass
class Element:
    """A tag with its attributes and the text inside it."""

    tag: str
    attributes: dict[str, str | None]
    parents: tuple[str, ...]
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name) or ""


class Page(HTMLParser):
    """The elements of a page in order; `text` is what a reader reads."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.unclosed: list[str] = []
        self._open: list[Element] = []
        self._said: list[str] = []
        self.feed(html)
        self.close()
        self.unclosed += [element.tag for element in self._open]

    @property
    def text(self) -> str:
        return " ".join("".join(self._said).split())

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of a tag whose attributes have these values (class: holds this class; _ for -)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [element for element in self.elements if element.tag == tag and all(_has(element, *pair) for pair in wanted.items())]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag} {attributes}"
        return found[0]

    def links(self) -> list[str]:
        return [element["href"] for element in self.all("a")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), tuple(parent.tag for parent in self._open))
        self.elements.append(element)
        self._space(tag)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), tuple(parent.tag for parent in self._open)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.unclosed.append(f"/{tag}")
            return
        self._space(tag)
        self._open.pop()

    def _space(self, tag: str) -> None:
        if tag not in INLINE:
            self._said.append(" ")
            for element in self._open:
                element.texts.append(" ")

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.texts.append(data)
        if not any(element.tag in SILENT for element in self._open):
            self._said.append(data)


def _has(element: Element, name: str, value: str) -> bool:
    if name == "class":
        return value in element["class"].split()
    return element.attributes.get(name) == value


def read(response: Any) -> Page:
    """The page in a response of the test client."""
    return Page(response.content.decode())
