# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An area with its figures, what it lies in with theirs, and the sources: what trend, perception, report and downloads tell of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knopenkaart.monitor.records import AreaValues, Value
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.views_data import AreaRef, SourceView
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor.areas import known


@dataclass(frozen=True, slots=True)
class Around:
    """An area and what it lies in, country first; `values` by the code of the area."""

    ref: AreaRef
    parents: tuple[AreaRef, ...]
    values: Mapping[str, AreaValues]
    sources: Mapping[str, SourceView]
    study: str | None
    catalogue: Catalogue

    @property
    def own(self) -> AreaValues:
        return self.values[self.ref.code]

    def parent(self, level: str) -> AreaRef | None:
        """The area of a level that it lies in, or None."""
        return next((item for item in self.parents if item.level == level), None)

    def indicators(self) -> list[Indicator]:
        """The indicators of which there is a figure of the area itself, in the order of the catalogue."""
        told = {value.indicator for value in self.own.values}
        return [item for theme in self.catalogue.themes for item in self.catalogue.of_theme(theme) if item.id in told]

    def used(self, values: Iterable[Value]) -> list[SourceView]:
        """The sources of some figures, each once."""
        return [self.sources[name] for name in dict.fromkeys(value.source for value in values) if name in self.sources]


def around(ref: AreaRef) -> Around:
    """The area, what it lies in, and all their figures."""
    parents = tuple(queries.parents(ref))
    slug = queries.study_of(ref)
    mine = known([ref], lang=language())[ref.code]
    values = {**queries.values(parents), ref.code: mine.values}
    return Around(ref, parents, values, queries.sources() | dict(mine.meeting.sources), slug, catalogue())
