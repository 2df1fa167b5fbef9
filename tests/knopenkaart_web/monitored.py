# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A small invented monitor, loaded as a real one, in which every number can be counted by hand.

2024: the country, Kleindorp (as in factories.py: wijken Noord, Zuid and Polder, buurten Molenkwartier and Dorpskern) and Grootdorp (wijken
Haven and Veld, buurt Kade). 2022: the country, both municipalities, and of the wijken
Noord (same), Zuid (doubtful: it was called Zuidrand and had 400 inhabitants), Veld (same), Haven (three quarters of its dwellings) and
Oude Haven (all), which became Haven (bridged); of Polder nothing (broken).
Of Zuid CBS tells no employment, and not how many come from outside Europe. Kleindorp has an own table by origin, with a hidden figure.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from knopenkaart.records import Source
from knopenkaart_web.monitor import actions, stamping
from knopenkaart_web.monitor.bundle import AreaRow, FigureRow, LinkRow, MonitorBundle, MonitorReport
from knopenkaart_web.monitor.models import FigureSource, MonitorArea, MonitorFigure, PublishedFigures
from knopenkaart_web.places.models import Study

from .factories import MOLENKWARTIER, MUNICIPALITY, NOORD, POLDER, ZUID, square

COUNTRY, GROOTDORP, HAVEN, VELD, OUDE_HAVEN = "NL00", "GM9002", "WK900201", "WK900202", "WK900203"
DORPSKERN, KADE = "BU90010102", "BU90020101"
NOW, BEFORE = 2024, 2022
CBS = "kwb-2024"
CBS_BEFORE = "kwb-2022"
OWN = "kleindorp/own-2024"

_AGES = ("pop_0_14", "pop_15_24", "pop_25_44", "pop_45_64", "pop_65plus")
_ORIGINS = ("origin_netherlands", "origin_europe", "origin_outside_europe")

# Of 2024: inhabitants, by age, by origin, households, of one person, employed (%), value of dwellings (1,000 euro).
PEOPLE: dict[str, tuple[int, tuple[int, ...], tuple[int | None, ...], int, int, float | None, float]] = {
    COUNTRY: (12400, (2280, 1590, 3330, 3120, 2080), (7960, 1670, 2770), 6200, 2480, 68.0, 340.0),
    MUNICIPALITY: (2400, (530, 290, 580, 620, 380), (1460, 370, 570), 1200, 480, 65.0, 300.0),
    GROOTDORP: (10000, (1750, 1300, 2750, 2500, 1700), (6500, 1300, 2200), 5000, 2000, 69.0, 350.0),
    NOORD: (1600, (400, 200, 400, 400, 200), (800, 300, 500), 800, 400, 60.0, 250.0),
    ZUID: (80, (10, 10, 20, 20, 20), (60, 10, None), 40, 10, None, 500.0),
    POLDER: (720, (120, 80, 160, 200, 160), (600, 60, 60), 360, 70, 75.0, 400.0),
    HAVEN: (5000, (1000, 800, 1500, 1000, 700), (2000, 1000, 2000), 2500, 1250, 61.0, 260.0),
    VELD: (5000, (750, 500, 1250, 1500, 1000), (4500, 300, 200), 2500, 750, 77.0, 440.0),
    MOLENKWARTIER: (900, (250, 100, 250, 200, 100), (400, 200, 300), 450, 250, None, 240.0),
    DORPSKERN: (700, (150, 100, 150, 200, 100), (400, 100, 200), 350, 150, None, 265.0),
    KADE: (5000, (1000, 800, 1500, 1000, 700), (2000, 1000, 2000), 2500, 1250, None, 260.0),
}
# Of 2022: inhabitants, younger than 15, employed (%).
PEOPLE_BEFORE: dict[str, tuple[int, int, float]] = {
    COUNTRY: (12000, 2300, 67.0),
    MUNICIPALITY: (2700, 560, 63.0),
    GROOTDORP: (9300, 1740, 68.0),
    NOORD: (1560, 420, 57.0),
    ZUID: (400, 60, 66.0),
    HAVEN: (4000, 800, 60.0),
    OUDE_HAVEN: (1800, 360, 56.0),
    VELD: (4800, 750, 76.0),
}


def bundle(*, invented: bool = True) -> MonitorBundle:
    """The monitor as it comes out of a folder."""
    return MonitorBundle(
        areas=[*_areas(NOW), *_areas(BEFORE)],
        figures=[*figures(), *figures_before()],
        sources=[_source(CBS, 2024), _source(CBS_BEFORE, 2022)],
        links=links(),
        outlines=_outlines(),
        built_at=datetime(2024, 11, 1, 12, tzinfo=UTC),
        engine_version="0",
        folder_sha256="0" * 64,
        invented=invented,
    )


def wijkmonitor(study: Study | None = None) -> MonitorReport:
    """Load the monitor; with a study (Kleindorp) also its own table."""
    report = actions.load(None, bundle())
    if study is not None:
        own_table(study)
    return report


def own_table(study: Study) -> FigureSource:
    """Employment by origin in Kleindorp, as the municipality itself brought it; hidden where it is of fewer than ten people."""
    source = FigureSource.objects.create(
        study=study, source_id="own-2024", title="Eigen cijfers van Kleindorp", date=date(2024, 3, 1), attribution="Gemeente Kleindorp"
    )
    rows: list[tuple[str, str, float | None, float | None, str]] = [
        (MUNICIPALITY, "origin_netherlands", 70.0, 1000.0, ""),
        (MUNICIPALITY, "origin_outside_europe", 45.0, 380.0, ""),
        (NOORD, "origin_netherlands", 68.0, 550.0, ""),
        (NOORD, "origin_outside_europe", 40.0, 330.0, ""),
        (ZUID, "origin_outside_europe", None, None, "hidden"),
    ]
    areas = {area.code: area for area in MonitorArea.objects.filter(year=NOW)}
    MonitorFigure.objects.bulk_create(
        MonitorFigure(
            area=areas[code],
            source=source,
            indicator="employment_rate",
            group=group,
            year=2024,
            value=value,
            unit="percent",
            n=n,
            nature="own",
            reason=reason,
        )
        for code, group, value, n, reason in rows
    )
    stamping.renew()
    return source


def publish(code: str, year: int, indicator: str, value: float | None, *, renew: bool = True) -> None:
    """Let another value have been published (None: suppressed)."""
    row = PublishedFigures.objects.select_related("source").get(area__code=code, area__year=year)
    place = [head[0] for head in row.source.heads].index(indicator)
    changed = [place, None, None, None, None, "suppressed"] if value is None else [place, value]
    row.figures = [changed if packed[0] == place else packed for packed in row.figures]
    row.save()
    if renew:
        stamping.renew()


def _source(source: str, year: int) -> Source:
    return Source(
        id=source,
        title=f"Kerncijfers wijken en buurten {year}",
        date=date(year, 1, 1),
        licence="CC-BY-4.0",
        attribution=f"CBS, Kerncijfers wijken en buurten {year}",
        url=f"https://statistics.example/kwb-{year}",
    )


def _areas(year: int) -> list[AreaRow]:
    now = year == NOW
    rows = [
        AreaRow(COUNTRY, year, "country", "Nederland"),
        AreaRow(MUNICIPALITY, year, "municipality", "Kleindorp", MUNICIPALITY),
        AreaRow(GROOTDORP, year, "municipality", "Grootdorp", GROOTDORP),
        AreaRow(NOORD, year, "wijk", "Noord", MUNICIPALITY),
        AreaRow(ZUID, year, "wijk", "Zuid" if now else "Zuidrand", MUNICIPALITY),
        AreaRow(HAVEN, year, "wijk", "Haven", GROOTDORP),
        AreaRow(VELD, year, "wijk", "Veld", GROOTDORP),
    ]
    if not now:
        return [*rows, AreaRow(OUDE_HAVEN, year, "wijk", "Oude Haven", GROOTDORP)]
    return [
        *rows,
        AreaRow(POLDER, year, "wijk", "Polder", MUNICIPALITY),
        AreaRow(MOLENKWARTIER, year, "buurt", "Molenkwartier", MUNICIPALITY, NOORD),
        AreaRow(DORPSKERN, year, "buurt", "Dorpskern", MUNICIPALITY, NOORD),
        AreaRow(KADE, year, "buurt", "Kade", GROOTDORP, HAVEN),
    ]


def figures() -> list[FigureRow]:
    """What was published of 2024."""
    rows = []
    for code, (people, ages, origins, households, single, employed, worth) in PEOPLE.items():
        counts = {"population": people, **dict(zip(_AGES, ages, strict=True)), **dict(zip(_ORIGINS, origins, strict=True))}
        counts |= {"households": households, "households_single": single}
        rows += [_figure(code, NOW, name, value, "count", reason="suppressed") for name, value in counts.items()]
        rows.append(_figure(code, NOW, "employment_rate", employed, "percent", reason="missing"))
        rows.append(_figure(code, NOW, "dwelling_value", worth, "eur_1000"))
    return rows


def figures_before() -> list[FigureRow]:
    """What was published of 2022."""
    rows = []
    for code, (people, young, employed) in PEOPLE_BEFORE.items():
        rows.append(_figure(code, BEFORE, "population", people, "count"))
        rows.append(_figure(code, BEFORE, "pop_0_14", young, "count"))
        rows.append(_figure(code, BEFORE, "employment_rate", employed, "percent"))
    return rows


def _figure(code: str, year: int, indicator: str, value: float | None, unit: str, *, reason: str = "") -> FigureRow:
    source = CBS if year == NOW else CBS_BEFORE
    value, reason = (None, reason) if value is None else (float(value), "")
    return FigureRow(code, year, indicator, "all", year, value, unit, None, None, None, "register", reason, source)


def links() -> list[LinkRow]:
    """What the areas of 2024 were in 2022."""
    return [
        LinkRow(MUNICIPALITY, BEFORE, NOW, "same", "", {}, "Kleindorp", 2700.0, 2400.0),
        LinkRow(GROOTDORP, BEFORE, NOW, "same", "", {}, "Grootdorp", 9300.0, 10000.0),
        LinkRow(NOORD, BEFORE, NOW, "same", "", {}, "Noord", 1560.0, 1600.0),
        LinkRow(VELD, BEFORE, NOW, "same", "", {}, "Veld", 4800.0, 5000.0),
        LinkRow(ZUID, BEFORE, NOW, "doubtful", "other_name", {}, "Zuidrand", 400.0, 80.0),
        LinkRow(POLDER, BEFORE, NOW, "broken", "absent", {}, "", None, 720.0),
        LinkRow(HAVEN, BEFORE, NOW, "bridged", "other_polygon", {HAVEN: 0.75, OUDE_HAVEN: 1.0}, "Haven", 4000.0, 5000.0),
    ]


def _outlines() -> dict[tuple[str, int], str]:
    """Squares: Kleindorp as in factories.py, Grootdorp east of it; the country has none, nor has anything of 2022."""
    return {
        (MUNICIPALITY, NOW): square(5.0, 52.0, 0.06),
        (NOORD, NOW): square(5.0, 52.0),
        (ZUID, NOW): square(5.02, 52.0),
        (POLDER, NOW): square(5.04, 52.0),
        (DORPSKERN, NOW): square(5.01, 52.0, 0.01),
        (GROOTDORP, NOW): square(5.1, 52.0, 0.04),
        (HAVEN, NOW): square(5.1, 52.0),
        (VELD, NOW): square(5.12, 52.0),
        (KADE, NOW): square(5.1, 52.0),
    }
