# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The attributes of a place as facts to read: a label, a text, a link where there is one, and the provenance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from knopenkaart.publish.schema_org import web_address
from knopenkaart_web.pages.templatetags.values import readable
from knopenkaart_web.places.views_data import AttributeRow

# Shown elsewhere on the page, or of use to nobody who reads it.
HIDDEN = frozenset({"lon", "lat", "small_spot", "digital", "neighbour", "archetype_assumed", "part_of", "last_verified"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a place with where it comes from."""

    label: str
    text: str
    href: str
    row: AttributeRow


def facts(attributes: Sequence[AttributeRow], language: str, *, current: bool) -> list[Fact]:
    """The facts that hold now, or the other values that sources give."""
    return [
        Fact(_(row.label), readable(row.name, row.value, language), link(row.name, row.value), row)
        for row in attributes
        if row.current is current and row.name not in HIDDEN and row.value
    ]


def link(name: str, value: str) -> str:
    """An address to follow for a website, e-mail address or telephone number; only schemes that are safe to click."""
    value = value.strip()
    if name == "email" and "@" in value and " " not in value:
        return f"mailto:{value}"
    if name == "phone" and not any(sign in value for sign in ";,/"):
        return "tel:" + "".join(sign for sign in value if sign.isdigit() or sign == "+")
    if name == "website":
        return web_address(value) or ""
    return ""
