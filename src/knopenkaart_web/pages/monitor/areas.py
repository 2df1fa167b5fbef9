# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas of the monitor with everything that is known of them, and with what an area may be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from knopenkaart.monitor.mean import mean_of
from knopenkaart.monitor.records import AreaValues
from knopenkaart.vocabulary.catalogue import Catalogue
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.pages.monitor import meeting as monitor_meeting
from knopenkaart_web.pages.monitor.meeting import Meeting

MOST_ALIKE = 10
# So many areas fit in a list to choose from.
MOST_SIBLINGS = 120


@dataclass(frozen=True, slots=True)
class Known:
    """An area with all of its figures, those about meeting included, and what these rest on."""

    ref: AreaRef
    values: AreaValues
    meeting: Meeting = monitor_meeting.NOTHING


@dataclass(frozen=True, slots=True)
class Compared:
    """What an area is compared with. `alike`: of which areas it is the mean."""

    id: str
    name: str
    values: AreaValues
    meeting: Meeting = monitor_meeting.NOTHING
    alike: tuple[AreaRef, ...] = field(default=())
    ref: AreaRef | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose in a form; `part` is the heading under which it stands."""

    id: str
    label: str
    chosen: bool = False
    part: str = ""


def known(refs: Sequence[AreaRef], *, lang: str) -> dict[str, Known]:
    """Areas with everything that is known of them, by code."""
    found = queries.values(refs)
    told = {}
    for ref in refs:
        values = found.get(ref.code) or ref.with_values()
        meeting = monitor_meeting.meeting(queries.study_of(ref), ref, lang=lang)
        told[ref.code] = Known(ref, replace(values, values=(*values.values, *meeting.values)), meeting)
    return told


def parent_of(ref: AreaRef) -> AreaRef | None:
    """The smallest area that holds another: the wijk of a buurt, the municipality of a wijk, the country of a municipality."""
    return next(reversed(queries.parents(ref)), None)


def siblings(ref: AreaRef) -> list[AreaRef]:
    """Areas of the same level in the same larger area, itself included."""
    parent = parent_of(ref)
    return queries.children(parent, level=ref.level) if parent else [ref]


def default_comparison(ref: AreaRef) -> str:
    """With what an area is compared when nobody chose: its municipality, or the country."""
    return {"wijk": "municipality", "buurt": "municipality", "municipality": "country"}.get(ref.level, "")


def comparison_choices(ref: AreaRef, chosen: str) -> list[Choice]:
    """With what an area may be compared: what it lies in, what is like it, and what lies beside it."""
    larger = [Choice(item.level, _larger(item), chosen == item.level, _("Larger areas")) for item in reversed(queries.parents(ref))]
    alike = [Choice("similar", alike_label(), chosen == "similar", _("Areas that are alike"))] if ref.level == "wijk" else []
    beside = [item for item in siblings(ref) if item.code != ref.code][:MOST_SIBLINGS]
    names = [Choice(item.code, item.name, chosen == item.code, _("Areas beside it")) for item in beside]
    known_codes = {item.id for item in (*larger, *alike, *names)}
    other = queries.area(chosen) if chosen and chosen not in known_codes and chosen != ref.code else None
    return [*larger, *alike, *([Choice(other.code, other.name, chosen=True, part=_("Other areas"))] if other else []), *names]


def _larger(ref: AreaRef) -> str:
    if ref.level == "country":
        return ref.name
    return (_("the municipality of %(name)s") if ref.level == "municipality" else _("wijk %(name)s")) % {"name": ref.name}


def alike_label() -> str:
    """The ten that are most like it, as they are named in a sentence."""
    return _("the ten wijken that are most alike")


def compared(mine: Known, with_what: str, catalogue: Catalogue, *, lang: str) -> Compared | None:
    """What an area is compared with, by the word or code of an address; None where there is no such area."""
    if with_what == "similar":
        return _alike(mine, catalogue)
    by_level = {item.level: item for item in queries.parents(mine.ref)}
    ref = by_level.get(with_what) or (queries.area(with_what) if with_what else None)
    if ref is None or ref.code == mine.ref.code:
        return None
    other = known([ref], lang=lang)[ref.code]
    name = _larger(ref) if with_what in by_level else ref.name
    return Compared(with_what, name, other.values, other.meeting, ref=ref)


def _alike(mine: Known, catalogue: Catalogue) -> Compared | None:
    found = [queries.area(item.code, year=mine.ref.year) for item in queries.similar(mine.ref, count=MOST_ALIKE)]
    refs = [ref for ref in found if ref is not None]
    if mine.ref.level != "wijk" or not refs:
        return None
    areas = [item for item in queries.values(refs).values() if item.values]
    name = alike_label()
    return Compared("similar", name, mean_of(areas, catalogue, code="similar", name=name), alike=tuple(refs)) if areas else None
