# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Of which areas of other years the figures are about an area, as far as its links say so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from knopenkaart.monitor.records import Value
from knopenkaart.vocabulary.catalogue import load_catalogue
from knopenkaart_web.monitor.views_data import LinkView

Links = Mapping[tuple[str, int, int], LinkView]
# What is joined, as code and year of an area: its own figures.
Figures = Mapping[tuple[str, int], Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Ground:
    """What an area was in another year: the codes there, each with the share of its dwellings that lie in the area."""

    year: int
    parts: Mapping[str, float]
    bridged: bool = False


def by_key(links: Iterable[LinkView]) -> dict[tuple[str, int, int], LinkView]:
    """Links by code, earlier and later year."""
    return {(link.code, link.from_year, link.to_year): link for link in links}


def grounds(code: str, year: int, links: Links, years: Collection[int], *, country: bool = False) -> list[Ground]:
    """What an area was in the other years, nearest first; a year in which that is not sure is left out.

    A direct link decides; without one, a chain over years between does. A country is itself in every year. What came later is known only
    where it is the same: a bridge tells how an earlier division went into a later one, not the reverse.
    """
    if country:
        return [Ground(other, {code: 1.0}) for other in _nearest(years, year)]
    found = {year: Ground(year, {code: 1.0})}
    for other in _nearest(years, year):
        step = _earlier(other, year, found, links) if other < year else _later(other, year, found, links)
        if step is not None:
            found[other] = step
    return [ground for other, ground in found.items() if other != year]


def _nearest(years: Collection[int], year: int) -> list[int]:
    return sorted((other for other in set(years) if other != year), key=lambda other: (abs(other - year), other))


def _earlier(year: int, start: int, found: Mapping[int, Ground], links: Links) -> Ground | None:
    direct = _back(found[start], year, links)
    if direct is not None or any((code, year, start) in links for code in found[start].parts):
        return direct
    between = sorted(other for other in found if year < other < start)
    return next((step for other in between if (step := _back(found[other], year, links)) is not None), None)


def _back(ground: Ground, year: int, links: Links) -> Ground | None:
    """One step back from the codes of a year; None where a link of one of them is absent, doubtful or broken."""
    parts: dict[str, float] = {}
    bridged = ground.bridged
    for code, share in ground.parts.items():
        link = links.get((code, year, ground.year))
        if link is None or link.verdict not in ("same", "bridged"):
            return None
        bridged = bridged or link.verdict == "bridged"
        for part, weight in ({code: 1.0} if link.verdict == "same" else link.parts).items():
            parts[part] = parts.get(part, 0.0) + share * weight
    return Ground(year, parts, bridged) if parts else None


def _later(year: int, start: int, found: Mapping[int, Ground], links: Links) -> Ground | None:
    (code,) = found[start].parts
    direct = links.get((code, start, year))
    if direct is not None:
        return Ground(year, {code: 1.0}) if direct.verdict == "same" else None
    between = [links.get((code, other, year)) for other in found if start < other < year]
    return Ground(year, {code: 1.0}) if any(link is not None and link.verdict == "same" for link in between) else None


def join(code: str, year: int, elsewhere: Sequence[Ground], figures: Figures) -> tuple[Value, ...]:
    """The figures of an area: those of its own division, and what those of other years add (nearest first)."""
    result = list(figures.get((code, year), ()))
    known = {_about(value) for value in result}
    for ground in elsewhere:
        found = bridge(ground, figures) if ground.bridged else figures.get((next(iter(ground.parts)), ground.year), ())
        added = [value for value in found if _about(value) not in known]
        result += added
        known |= {_about(value) for value in added}
    return tuple(result)


def _about(value: Value) -> tuple[str, str, int, bool]:
    return (value.indicator, value.group, value.year, value.nature == "own")


def bridge(ground: Ground, figures: Figures) -> list[Value]:
    """Counts of the parts, added up by the share of their dwellings. Anything but a count cannot be bridged, and no own count is: a share
    of it may be fewer than ten people.

    One part without a value leaves the sum without one. The margin of the source covers what it rounds or samples, not that people may be
    spread otherwise than dwellings: a bridged figure is a model, of which no margin is known.
    """
    indicators = load_catalogue().indicators
    parts = [(share, {_key(value): value for value in figures.get((code, ground.year), ())}) for code, share in ground.parts.items()]
    result = []
    for key, value in (parts[0][1] if parts else {}).items():
        known = indicators.get(value.indicator)
        if known is None or known.aggregate != "count" or value.unit != known.unit or value.nature == "own":
            continue
        each = [(share, values.get(key)) for share, values in parts]
        result.append(_sum(value, each))
    return result


def _key(value: Value) -> tuple[str, str, int, str]:
    return (value.indicator, value.group, value.year, value.source)


def _sum(first: Value, each: Sequence[tuple[float, Value | None]]) -> Value:
    lacking = next((value.reason if value else "missing" for _, value in each if value is None or value.value is None), None)
    total = None if lacking is not None else sum(share * (value.value or 0.0) for share, value in each if value)
    rests = [(share, value.n) for share, value in each if value and value.n is not None]
    n = sum(share * people for share, people in rests) if len(rests) == len(each) and total is not None else None
    reason = "" if lacking is None else lacking or "missing"
    return replace(first, value=total, n=n, low=None, high=None, nature="model", reason=reason, bridged=True)
