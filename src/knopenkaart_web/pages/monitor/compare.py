# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Any areas, groups and years beside one another in one figure, ranked only as far as they can be told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from knopenkaart.monitor.estimates import Estimate, difference, estimate
from knopenkaart.monitor.findings import of_many
from knopenkaart.monitor.profile import part_of
from knopenkaart.monitor.ranks import Ranked, ranks
from knopenkaart.monitor.records import ALL, AreaValues
from knopenkaart.text import fold
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator
from knopenkaart_web.monitor import queries
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.views_data import AreaRef, SourceView
from knopenkaart_web.pages.asked import asked_text
from knopenkaart_web.pages.monitor import standing
from knopenkaart_web.pages.monitor.areas import Choice, parent_of, siblings
from knopenkaart_web.pages.monitor.groups import GroupChoice, group_choices, group_name
from knopenkaart_web.pages.monitor.indicators import indicator_choices, needed, wanted_indicator
from knopenkaart_web.pages.monitor.pictures import dots_of
from knopenkaart_web.pages.monitor.profile import natures_of, used_sources
from knopenkaart_web.pages.monitor.words import estimate_text, margin_text, short_text
from knopenkaart_web.pages.written import capital

# More rows than this nobody reads; of a longer ranking the part around the area is shown.
MOST_ROWS = 60
MOST_AREAS = 400
MOST_ELSEWHERE = 40
MOST_GROUPS, MOST_YEARS = 12, 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; `only` is for who wants no more than `areas`, and not what lies beside the area."""

    indicator: str = ""
    areas: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    search: str = ""
    everything: bool = False
    only: bool = False


def asked_of(query: QueryDict) -> Asked:
    """What the address of a comparison, or of its picture or file, asks for."""
    years = [int(year) for year in query.getlist("jaar")[:MOST_YEARS] if year.isascii() and year.isdigit() and len(year) == 4]
    return Asked(
        indicator=asked_text(query, "wat"),
        areas=tuple(query.getlist("gebied")[:MOST_AREAS]),
        groups=tuple(group or ALL for group in query.getlist("groep")[:MOST_GROUPS]),
        years=tuple(years),
        search=asked_text(query, "zoek"),
        everything=query.get("alles") == "ja",
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One area, group and year; `first` and `last` are the ranks that it may truly have."""

    ref: AreaRef
    group: str
    year: int | None
    value: str
    margin: str
    n: float | None
    rank: int | None
    first: int | None
    last: int | None
    mine: bool
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the page of a comparison tells.

    `standing`: where this area stands, in sentences; `example`: a row that shares ranks, this area if it does; `picked`: how many of the
    areas beside this one were chosen, 0 where all of them are shown.
    """

    ref: AreaRef
    indicator: Indicator
    name: str
    explanation: str
    rows: tuple[Row, ...]
    ranked: int
    total: int
    shared: bool
    standing: tuple[str, ...]
    example: Row | None
    reference: AreaRef | None
    reference_text: str
    svg: str
    areas: tuple[Choice, ...]
    picked: int
    found: tuple[AreaRef, ...]
    searched: str
    indicators: tuple[Choice, ...]
    groups: tuple[GroupChoice, ...]
    years: tuple[Choice, ...]
    natures: tuple[str, ...]
    sources: tuple[SourceView, ...]

    @property
    def more(self) -> bool:
        """Whether there are rows that are not shown."""
        return self.total > len(self.rows)

    @property
    def compared(self) -> int:
        """How many areas are chosen."""
        return sum(item.chosen for item in self.areas)

    @property
    def hidden(self) -> bool:
        """Whether a figure is not shown because it is about few people: the table says so in two words."""
        return any(row.estimate.reason == "hidden" for row in self.rows)

    @property
    def alone(self) -> bool:
        """Whether there is one area only, which has no rank."""
        return len({row.ref.code for row in self.rows}) == 1

    @property
    def told_years(self) -> list[int]:
        """The years of the rows: with one of them a column says nothing."""
        return sorted({row.year for row in self.rows if row.year})

    @property
    def with_groups(self) -> bool:
        """Whether a column for groups says anything."""
        return any(row.group for row in self.rows)


@dataclass(frozen=True, slots=True)
class Key:
    """One dot of the picture."""

    code: str
    group: str
    year: int | None

    @property
    def text(self) -> str:
        return f"{self.code} {self.group} {self.year}"


def compose(ref: AreaRef, asked: Asked, *, lang: str) -> Comparison | None:
    """Areas beside one another: those that were asked for, else those beside the area; None where there is no figure to compare."""
    told, beside = catalogue(), [] if asked.only else _beside(ref)
    refs, picked = _chosen(ref, beside, asked.areas)
    choices = indicator_choices(ref, refs, told, chosen=asked.indicator, lang=lang)
    indicator = wanted_indicator(choices, told)
    if indicator is None:
        return None
    reference = _around(ref, refs)
    values = queries.values([*refs, *([reference] if reference else [])], indicators=needed(indicator))
    areas = {item.code: values[item.code] for item in refs if item.code in values}
    groups = _groups(areas, indicator, told, asked.groups, lang)
    years = _years(areas, indicator, asked.years)
    keys = [Key(code, group, year) for year in _of(years) for group in _ids(groups) for code in areas]
    estimates = {key: estimate(areas[key.code], indicator, group=key.group, year=key.year) for key in keys}
    ordered = _ranked(estimates)
    by_code = {item.code: item for item in refs}
    rows = [_row(key, item, by_code, told, ref, lang) for key, item in ordered]
    start, end = (0, len(rows)) if asked.everything else _window(rows)
    line = _reference(reference, values, indicator, groups, years)
    return Comparison(
        ref=ref,
        indicator=indicator,
        name=capital(indicator.name(lang)),
        explanation=indicator.explanation(lang),
        rows=tuple(rows[start:end]),
        ranked=sum(item.rank is not None for _key, item in ordered),
        total=len(rows),
        shared=any(item.rank is not None and item.first != item.last for _key, item in ordered),
        standing=tuple(_standing(ref, ordered, by_code, reference, line, values)),
        example=next((row for row in sorted(rows, key=lambda row: not row.mine) if row.rank is not None and row.first != row.last), None),
        reference=reference if line else None,
        reference_text=estimate_text(line) if line else "",
        svg=_picture(ordered[start : min(end, start + MOST_ROWS)], rows[start:end], reference, line, indicator, lang),
        areas=tuple(_area_choices(beside, refs, picked=picked)),
        picked=picked,
        found=tuple(item for item in queries.find(asked.search) if item.code not in areas) if asked.search else (),
        searched=asked.search,
        indicators=tuple(choices),
        groups=tuple(groups),
        years=tuple(years),
        natures=natures_of(estimates.values(), indicator.id),
        sources=used_sources(estimates.values(), queries.sources()),
    )


def _beside(ref: AreaRef) -> list[AreaRef]:
    """The areas beside an area; what lies in nothing larger has none: then those within it stand beside one another."""
    found = siblings(ref)
    return found if len(found) > 1 or parent_of(ref) else queries.children(ref) or found


def _around(ref: AreaRef, refs: Sequence[AreaRef]) -> AreaRef | None:
    """What the line of the picture stands for: the area itself where all that are compared lie in it, else what it lies in."""
    if _all_within(refs, ref):
        return ref
    return parent_of(ref) or (ref if ref.code not in {item.code for item in refs} else None)


def _chosen(ref: AreaRef, beside: Sequence[AreaRef], codes: Sequence[str]) -> tuple[list[AreaRef], int]:
    """The areas of an address, and how many of these lie beside the area: where none of them does, all that do are there too.

    The area itself is always among them, unless all of them lie in it: then it is the line that they are set against.
    """
    near = {item.code: item for item in beside}
    asked = list(dict.fromkeys(codes[:MOST_AREAS]))
    # Each of those from elsewhere is a question to the database, whatever the address names.
    elsewhere = [area for code in [code for code in asked if code not in near][:MOST_ELSEWHERE] if (area := queries.area(code)) is not None]
    picked = [near[code] for code in asked if code in near]
    found = [*(picked or beside), *elsewhere]
    if not found or not (ref.code in {item.code for item in found} or _all_within(found, ref)):
        found = [ref, *found]
    return found, len(picked)


def _all_within(refs: Sequence[AreaRef], ref: AreaRef) -> bool:
    return all(item.code != ref.code and (ref.level == "country" or ref.code in (item.municipality_code, item.wijk_code)) for item in refs)


def _standing(
    ref: AreaRef,
    ordered: Sequence[tuple[Key, Ranked]],
    by_code: Mapping[str, AreaRef],
    reference: AreaRef | None,
    line: Estimate | None,
    values: Mapping[str, AreaValues],
) -> list[str]:
    """Where the area stands among the others, and which are the highest and lowest; of several groups how each stands to everybody."""
    if len({(key.group, key.year) for key, _item in ordered}) != 1:
        return _groups_here(ref, ordered, values) if len({key.year for key, _item in ordered}) == 1 else []
    texts = [standing.ends([item for _key, item in ordered], {item.code: by_code[key.code].name for key, item in ordered})]
    key, mine = next(((key, item) for key, item in ordered if key.code == ref.code), (None, None))
    if key is not None and mine is not None:
        ranked = sum(item.rank is not None for _key, item in ordered)
        texts = [_mine(ref, key.group, mine.estimate, reference, line, values), standing.among(mine, ranked), *texts]
    return [text for text in texts if text]


def _groups_here(ref: AreaRef, ordered: Sequence[tuple[Key, Ranked]], values: Mapping[str, AreaValues]) -> list[str]:
    """Each group in the area against everybody in it, reckoning with how many groups are looked at."""
    here = {key.group: item.estimate for key, item in ordered if key.code == ref.code}
    everybody = here.get(ALL)
    if everybody is None or everybody.value is None:
        return []
    own = values[ref.code]
    known = {
        group: (item, everybody, difference(item, everybody, inside=part_of(own, own, catalogue(), groups=(group, ALL))))
        for group, item in here.items()
        if group != ALL and item.value is not None
    }
    return [standing.of_group(group, ref.name, here[group], everybody, apart) for group, apart in of_many(known).items()]


def _mine(
    ref: AreaRef, group: str, mine: Estimate, reference: AreaRef | None, line: Estimate | None, values: Mapping[str, AreaValues]
) -> str:
    """The figure of the area itself, against what it lies in."""
    if mine.value is None or reference is None or line is None:
        return f"{ref.name}: {estimate_text(mine)}."
    part = part_of(values[ref.code], values[reference.code], catalogue(), groups=(group, group))
    return standing.against(ref.name, mine, reference.name, line, difference(mine, line, inside=part))


def _groups(areas: Mapping[str, AreaValues], indicator: Indicator, told: Catalogue, wanted: Sequence[str], lang: str) -> list[GroupChoice]:
    """Everybody and the groups of which this figure is told; those of the address are chosen, else everybody, else all."""
    only = [
        AreaValues(item.code, item.year, item.level, item.name, values=tuple(one for one in item.values if one.indicator == indicator.id))
        for item in areas.values()
    ]
    groups = [item for item in group_choices(only, told, lang=lang) if item.figures]
    everybody = any(one.group == ALL and one.value is not None for item in only for one in item.values)
    named = [*([GroupChoice(ALL, _("everybody"), "", len(only))] if everybody else []), *groups]
    chosen = {item.id for item in named} & set(wanted) or ({ALL} if everybody else {item.id for item in named})
    return [replace(item, chosen=item.id in chosen) for item in named]


def _ids(groups: Sequence[GroupChoice]) -> list[str]:
    return [item.id for item in groups if item.chosen]


def _years(areas: Mapping[str, AreaValues], indicator: Indicator, wanted: Sequence[int]) -> list[Choice]:
    """The years of which there are figures, newest first; without a wish the newest of which at least half of the areas have one."""
    have: Counter[int] = Counter()
    for item in areas.values():
        have.update({one.year for one in item.values if one.indicator == indicator.id and one.value is not None})
    most = max(have.values(), default=0)
    chosen = set(have) & set(wanted) or {max((year for year, count in have.items() if 2 * count >= most), default=0)}
    return [Choice(str(year), str(year), year in chosen) for year in sorted(have, reverse=True)]


def _of(years: Sequence[Choice]) -> list[int]:
    return [int(item.id) for item in years if item.chosen]


def _ranked(estimates: Mapping[Key, Estimate]) -> list[tuple[Key, Ranked]]:
    """Areas in order, each group and year apart: only of the same people and the same year is one area higher than another."""
    parts: dict[tuple[str, int | None], dict[str, Key]] = {}
    for key in estimates:
        parts.setdefault((key.group, key.year), {})[key.text] = key
    found = []
    for part in parts.values():
        estimated = {text: estimates[key] for text, key in part.items()}
        # One area is the first of none.
        alone = [Ranked(text, item, None, None, None) for text, item in estimated.items()]
        ordered = sorted(ranks(estimated), key=_middle) if len(part) > 1 else alone
        found += [(part[item.code], item) for item in ordered]
    return found


def _middle(item: Ranked) -> tuple[bool, int, int]:
    """By the middle of the ranks that an area may have: one of which little is known stands in the middle, not on top."""
    return item.rank is None, (item.first or 0) + (item.last or 0), item.rank or 0


def _row(key: Key, item: Ranked, refs: Mapping[str, AreaRef], told: Catalogue, mine: AreaRef, lang: str) -> Row:
    return Row(
        ref=refs[key.code],
        group=group_name(told, key.group, lang),
        year=key.year,
        value=short_text(item.estimate),
        margin=margin_text(item.estimate),
        n=item.estimate.told_n,
        rank=item.rank,
        first=item.first,
        last=item.last,
        mine=key.code == mine.code,
        estimate=item.estimate,
    )


def _window(rows: Sequence[Row]) -> tuple[int, int]:
    """The part of a long list that is shown: around the area itself."""
    if len(rows) <= MOST_ROWS:
        return 0, len(rows)
    here = next((number for number, row in enumerate(rows) if row.mine), 0)
    start = max(0, min(here - MOST_ROWS // 2, len(rows) - MOST_ROWS))
    return start, start + MOST_ROWS


def _reference(
    parent: AreaRef | None, values: Mapping[str, AreaValues], indicator: Indicator, groups: Sequence[GroupChoice], years: Sequence[Choice]
) -> Estimate | None:
    """The figure of the larger area, where one group and one year are looked at."""
    if parent is None or parent.code not in values or len(_ids(groups)) != 1 or len(_of(years)) != 1:
        return None
    found = estimate(values[parent.code], indicator, group=_ids(groups)[0], year=_of(years)[0])
    return found if found.value is not None else None


def _picture(
    ordered: Sequence[tuple[Key, Ranked]],
    rows: Sequence[Row],
    parent: AreaRef | None,
    line: Estimate | None,
    indicator: Indicator,
    lang: str,
) -> str:
    drawn = [(key, item, row) for (key, item), row in zip(ordered, rows, strict=False) if item.estimate.value is not None]
    groups, years = len({row.group for row in rows}) > 1, len({row.year for row in rows}) > 1
    names = {item.code: _label(row, with_group=groups, with_year=years) for _key, item, row in drawn}
    mine = next((item.code for _key, item, row in drawn if row.mine), "")
    reference = (line, parent.name) if line is not None and parent is not None else None
    told = sorted({row.year for _key, _item, row in drawn if row.year})
    title = ", ".join([capital(indicator.name(lang)), *map(str, told)])
    return dots_of([item for _key, item, _row in drawn], names=names, title=title, mine=mine, reference=reference)


def _label(row: Row, *, with_group: bool, with_year: bool) -> str:
    parts = [row.ref.name, row.group or _("everybody") if with_group else "", str(row.year) if with_year else ""]
    return ", ".join(part for part in parts if part)


def _area_choices(beside: Sequence[AreaRef], refs: Sequence[AreaRef], *, picked: int) -> list[Choice]:
    """The areas to tick: those beside it, and those that were chosen from elsewhere.

    Where all are shown, none of those beside it is ticked: who wants a few ticks these, and need not take the others away.
    """
    near, chosen = {item.code for item in beside}, {item.code for item in refs}
    every = {item.code: item for item in (*refs, *beside)}
    return [
        Choice(code, item.name, code in chosen and (bool(picked) or code not in near))
        for code, item in sorted(every.items(), key=lambda pair: fold(pair[1].name))
    ]


def with_the_one_found(found: Comparison | None, query: QueryDict) -> str:
    """The query of the same page with the only area that was found added; nothing where none or several were."""
    if found is None or len(found.found) != 1:
        return ""
    changed = query.copy()
    changed.pop("zoek", None)
    changed.appendlist("gebied", found.found[0].code)
    return str(changed.urlencode())
