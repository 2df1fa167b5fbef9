# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of the catalogue at a local server that speaks the shapes of the publisher, and misbehaves."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knopenkaart.errors import InputError, SourceError
from knopenkaart.sources._http import Edge, EdgeRules
from knopenkaart.sources.catalogue_online import (
    MEASURE_GONE,
    NEWER,
    NO_FIGURES,
    TABLE_GONE,
    TITLE,
    UNIT,
    Change,
    FetchedTable,
    LiveTable,
    fetch,
    live_tables,
    verify,
)
from knopenkaart.sources.figures import read_figures
from knopenkaart.sources.online import Endpoints, read_endpoints
from knopenkaart.sources.published import read_published
from knopenkaart.vocabulary.catalogue import load_catalogue

from . import misbehaving_server as bad

KWB = "85984NED"
AREAS = {"NL00": "Nederland", "GM9901": "Voorbeeldstad", "WK990100": "Wijk 00 Noord", "BU99010000": "Noord", "BU99010001": "Leegte"}
PEOPLE = {"NL00": 1000, "GM9901": 300, "WK990100": 295, "BU99010000": 290, "BU99010001": None}
SIZE = {"NL00": 2.1, "GM9901": 2.3, "WK990100": 2.0, "BU99010000": 2.0}


def measures_of(table: LiveTable) -> list[dict[str, Any]]:
    """What a publisher says of the measures that the catalogue knows, just as the catalogue expects it."""
    said = [
        {"Identifier": measure, "Title": f"{one.title or indicator} ", "Unit": one.unit, "MeasureGroupId": "1"}
        for measure, (indicator, one) in table.measures.items()
    ]
    return [*said, {"Identifier": "CHG", "Title": "Indelingswijziging gemeente, wijk, buurt", "Unit": "code", "MeasureGroupId": None}]


def observations(measure: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"Measure": measure, "ValueAttribute": "None", "Value": value, "StringValue": None, "WijkenEnBuurten": f"{code:<10}"}
        for code, value in values.items()
    ]


def published(table: LiveTable) -> dict[str, list[dict[str, Any]]]:
    return {
        "MeasureCodes": measures_of(table),
        "WijkenEnBuurtenCodes": [{"Identifier": f"{code:<10}", "Title": title} for code, title in AREAS.items()],
        "Observations": [
            *observations("T001036", PEOPLE),
            *observations("M000114", SIZE),
            {"Measure": "CHG", "ValueAttribute": "None", "Value": None, "StringValue": "1 ", "WijkenEnBuurten": "WK990100  "},
        ],
    }


@pytest.fixture
def server() -> Iterator[bad.Server]:
    with bad.serving() as running:
        running.odata_page = 500
        running.odata = {one.table: published(one) for one in live_tables()}
        running.odata[""] = {"Datasets": [{"Identifier": "85984NED", "Title": "Kerncijfers wijken en buurten 2024", "Status": "Regulier"}]}
        yield running


def local(server: bad.Server) -> Endpoints:
    real = read_endpoints()
    figures = {**real.figures, "url": server.base + "/odata/v1/CBS/{table}"}
    return replace(real, hosts=frozenset({"127.0.0.1"}), figures=figures)


def an_edge(*, days_later: float = 0) -> Edge:
    rules = EdgeRules(frozenset({"127.0.0.1"}), plain_http=True, delay_s=0.0, backoff_s=0.0, timeout_s=10.0, deadline_s=60.0)
    return Edge(rules, sleep=lambda _: None, now=lambda: datetime.now(UTC) + timedelta(days=days_later))


def changes(server: bad.Server, **more: Any) -> tuple[Change, ...]:
    with an_edge() as edge:
        return verify(endpoints=local(server), edge=edge, **more).changes


def fetched(server: bad.Server, folder: Path, *, year: int = 2024, table: str = "", days_later: float = 0) -> list[FetchedTable]:
    with an_edge(days_later=days_later) as edge:
        return fetch(folder, year=year, table=table, endpoints=local(server), edge=edge)


# --- which tables -----------------------------------------------------------------------------------------------------


def test_only_checked_measures_of_series_with_an_interface_are_asked() -> None:
    tables = {one.table: one for one in live_tables()}
    assert (tables[KWB].year, tables[KWB].series.id) == (2024, "kwb")
    assert tables[KWB].measures["T001036"][0] == "population"
    assert "50120NED" not in tables
    assert all(one.active and one.column for table in tables.values() for _, one in table.measures.values())


def test_what_is_not_checked_is_never_asked() -> None:
    real = load_catalogue()
    people = real.indicators["population"]
    unchecked = replace(people, published=tuple(replace(one, checked="") for one in people.published))
    tables = live_tables(replace(real, indicators={**real.indicators, "population": unchecked}))
    assert not any("T001036" in table.measures for table in tables)


# --- what changed -----------------------------------------------------------------------------------------------------


def test_a_publisher_that_says_what_the_catalogue_says_gives_no_changes(server: bad.Server) -> None:
    with an_edge() as edge:
        found = verify(endpoints=local(server), edge=edge)
    assert found.changes == ()
    assert [one.table for one in found.tables] == [one.table for one in live_tables()]


def test_a_table_that_is_gone_is_told_and_the_others_are_still_compared(server: bad.Server) -> None:
    del server.odata[KWB]
    assert changes(server) == (Change(TABLE_GONE, KWB, 2024),)
    assert server.asked("86165NED/MeasureCodes")


def change(server: bad.Server, measure: str, **said: Any) -> None:
    row = next(row for row in server.odata[KWB]["MeasureCodes"] if row["Identifier"] == measure)
    row.update(said)


def test_a_measure_that_is_gone_is_told_with_its_indicator(server: bad.Server) -> None:
    change(server, "M000114", Identifier="M999999")
    (found,) = changes(server)
    assert (found.kind, found.table, found.indicator, found.measure) == (MEASURE_GONE, KWB, "household_size", "M000114")


def test_a_changed_title_is_told_but_not_another_way_to_write_the_same(server: bad.Server) -> None:
    change(server, "T001036", Title="Aantal  Inwoners ")
    change(server, "M000297", Title="Woonruimten")
    (found,) = changes(server)
    assert (found.kind, found.indicator, found.expected, found.found) == (TITLE, "dwellings", "Woningvoorraad", "Woonruimten")


def test_a_changed_unit_is_told_but_not_another_space_in_it(server: bad.Server) -> None:
    change(server, "M000223", Unit="x 1\xa0000 euro")
    change(server, "M001642", Unit="euro")
    (found,) = changes(server)
    assert (found.kind, found.indicator, found.expected, found.found) == (UNIT, "dwelling_value", "x 1 000 euro", "euro")


def test_a_newer_year_is_told_once_and_an_older_or_withdrawn_one_is_not(server: bad.Server) -> None:
    title = "Kerncijfers wijken en buurten"
    server.odata[""]["Datasets"] += [
        {"Identifier": "87000NED", "Title": f"{title} 2026", "Status": "Regulier"},
        {"Identifier": "87001NED", "Title": f"{title} 2027", "Status": "Gediscontinueerd"},
        {"Identifier": "70904NED", "Title": f"{title} 2009-2012", "Status": "Regulier"},
        {"Identifier": "87002NED", "Title": f"Over {title} 2026", "Status": "Regulier"},
    ]
    assert changes(server) == (Change(NEWER, "87000NED", 2026, expected="2025", found=f"{title} 2026"),)


@pytest.mark.parametrize(
    "answer", [bad.status(500), bad.html, bad.cut_off, bad.status(403), lambda handler: bad.reply(handler, b'{"value": 3}')]
)
def test_a_source_that_fails_is_no_proof_that_nothing_changed(server: bad.Server, answer: Callable[[Any], None]) -> None:
    server.faults["86165NED/MeasureCodes"] = answer
    with pytest.raises(SourceError) as caught:
        changes(server)
    assert caught.value.exit_code == 3
    assert "--osm" not in caught.value.remedy, "that is an option of another command"


def test_measures_of_another_shape_are_refused(server: bad.Server) -> None:
    server.odata[KWB]["MeasureCodes"] = [{"Name": "T001036"}]
    with pytest.raises(SourceError) as caught:
        changes(server)
    assert caught.value.code == "online.shape"


def test_a_broken_off_comparison_goes_on_from_its_cache_and_a_day_later_asks_anew(server: bad.Server, tmp_path: Path) -> None:
    server.faults["86165NED/MeasureCodes"] = bad.status(403)
    with pytest.raises(SourceError):
        changes(server, cache=tmp_path)
    del server.faults["86165NED/MeasureCodes"]
    server.requests.clear()
    assert changes(server, cache=tmp_path) == ()
    assert not server.asked(f"{KWB}/MeasureCodes")
    assert server.asked("86165NED/MeasureCodes")
    server.requests.clear()
    with an_edge(days_later=2) as edge:
        verify(endpoints=local(server), edge=edge, cache=tmp_path)
    assert server.asked(f"{KWB}/MeasureCodes")


def test_an_older_answer_in_the_cache_does_not_stand_for_a_source_that_is_down(server: bad.Server, tmp_path: Path) -> None:
    changes(server, cache=tmp_path)
    server.faults["MeasureCodes"] = bad.status(500)
    with an_edge(days_later=2) as edge, pytest.raises(SourceError) as caught:
        verify(endpoints=local(server), edge=edge, cache=tmp_path)
    assert caught.value.code == "catalogue.source_failed"


# --- whole tables -----------------------------------------------------------------------------------------------------


def test_a_table_is_written_for_the_readers_of_files(server: bad.Server, tmp_path: Path) -> None:
    (found,) = fetched(server, tmp_path)
    assert (found.path.name, found.areas, found.measures) == ("cbs_kwb_2024.csv", 5, 2)
    figures = read_figures(found.path, year=None)
    assert figures.year == 2024
    values = figures.figures.set_index(["area_code", "indicator"])["value"]
    assert values["GM9901", "population"] == 300
    assert values["BU99010000", "household_size"] == 2.0
    assert figures.names["WK990100"] == "Wijk 00 Noord"
    assert figures.changed == {"WK990100": "1"}
    assert figures.source.licence == "CC BY 4.0"


def test_kept_back_is_a_point_and_not_published_is_empty_and_neither_is_zero(server: bad.Server, tmp_path: Path) -> None:
    (found,) = fetched(server, tmp_path)
    rows = {row["Regioaanduiding/Codering (code)"]: row for row in csv.DictReader(found.path.open(encoding="utf-8-sig"), delimiter=";")}
    assert rows["BU99010001"]["aantal_inwoners"] == "."
    assert rows["BU99010001"]["gemiddelde_huishoudensgrootte"] == ""
    values = read_figures(found.path, year=None).figures.set_index(["area_code", "indicator"])["value"]
    assert values[["BU99010001"]].isna().all()


def test_what_cannot_exist_is_missing_and_what_is_kept_back_is_suppressed(server: bad.Server, tmp_path: Path) -> None:
    rows = server.odata[KWB]["Observations"]
    rows += [{**row, "Value": None, "ValueAttribute": "Impossible"} for row in observations("3000", {"BU99010001": None})]
    rows += [{**row, "ValueAttribute": "Secret"} for row in observations("3000", {"BU99010000": None})]
    rows += observations("3000", {"WK990100": 0})
    (found,) = fetched(server, tmp_path)
    men = read_published(found.path, year=None).figures.query("indicator == 'men'").set_index("area_code")
    gaps = {"NL00": "missing", "GM9901": "missing", "WK990100": "", "BU99010000": "suppressed", "BU99010001": "missing"}
    assert men["gap"].fillna("").to_dict() == gaps
    assert men.loc["WK990100", "value"] == 0


def test_every_column_that_is_fetched_is_recognised_as_its_own_indicator(server: bad.Server, tmp_path: Path) -> None:
    table = next(one for one in live_tables() if one.table == KWB)
    server.odata[KWB]["Observations"] = [row for measure in table.measures for row in observations(measure, {"GM9901": 7})]
    (found,) = fetched(server, tmp_path)
    read = read_figures(found.path, year=None).figures
    assert set(read["indicator"]) == {indicator for indicator, _ in table.measures.values()}
    surface = read[read["indicator"] == "area_km2"]["value"]
    assert list(surface) == [0.07]


def test_pages_are_followed_to_the_end(server: bad.Server, tmp_path: Path) -> None:
    many = {f"BU9901{number:04d}": number for number in range(11)}
    server.odata_page = 4
    server.odata[KWB]["WijkenEnBuurtenCodes"] = [{"Identifier": code, "Title": code} for code in many]
    server.odata[KWB]["Observations"] = observations("T001036", many)
    (found,) = fetched(server, tmp_path)
    assert found.areas == 11
    assert len([one for one in server.asked("Observations") if "T001036" in one.query["$filter"]]) == 3


def test_a_download_that_broke_off_goes_on_where_it_stopped(server: bad.Server, tmp_path: Path) -> None:
    good = server.faults
    stop_at = "1010"
    good[f"{KWB}/Observations"] = once_for(stop_at)
    with pytest.raises(SourceError) as caught:
        fetched(server, tmp_path)
    assert caught.value.exit_code == 3
    assert not (tmp_path / "cbs_kwb_2024.csv").exists()
    before = [one.query["$filter"] for one in server.asked("Observations")]
    good.clear()
    server.requests.clear()
    (found,) = fetched(server, tmp_path)
    after = [one.query["$filter"] for one in server.asked("Observations")]
    assert len(before) > 5
    assert not set(before[:-1]) & set(after)
    assert set(before[:-1]) | set(after) == {f"Measure eq '{measure}'" for measure in [*found.table.measures, "CHG"]}
    assert not server.asked("WijkenEnBuurtenCodes")
    assert not (tmp_path / "parts" / KWB).exists()


def test_who_stops_a_download_leaves_whole_parts_and_no_half_of_one(
    server: bad.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Path.write_text

    def stopped(path: Path, text: str, **more: Any) -> int:
        if path.name == "measure_1010.json.new":
            whole(path, text[: len(text) // 2], **more)
            raise KeyboardInterrupt
        return whole(path, text, **more)

    monkeypatch.setattr(Path, "write_text", stopped)
    with pytest.raises(KeyboardInterrupt):
        fetched(server, tmp_path)
    parts = {path.name for path in (tmp_path / "parts" / KWB).iterdir()}
    assert "measure_T001036.json" in parts
    assert not [name for name in parts if name.endswith(".new") or "1010" in name]
    monkeypatch.undo()
    assert fetched(server, tmp_path)[0].areas == 5


def once_for(measure: str) -> Callable[[Any], None]:
    """Refuse one measure; the others are answered well."""

    def answer(handler: Any) -> None:
        if f"%27{measure}%27" in handler.path or f"'{measure}'" in handler.path:
            bad.status(403)(handler)
        else:
            handler.good()

    return answer


def test_a_passing_failure_is_asked_again(server: bad.Server, tmp_path: Path) -> None:
    server.faults[f"{KWB}/Observations"] = bad.in_turn(bad.status(503), bad.cut_off, None)
    assert fetched(server, tmp_path)[0].areas == 5


def test_a_fresh_file_is_not_fetched_again_and_an_old_one_serves_when_the_source_is_down(server: bad.Server, tmp_path: Path) -> None:
    first = fetched(server, tmp_path)[0].path.read_bytes()
    server.requests.clear()
    assert fetched(server, tmp_path)[0].path.read_bytes() == first
    assert not server.requests
    server.faults["/odata/"] = bad.status(500)
    (old,) = fetched(server, tmp_path, days_later=200)
    assert old.path.read_bytes() == first
    assert old.offline


def test_a_measure_in_another_unit_or_without_figures_at_its_publisher_is_left_out(server: bad.Server, tmp_path: Path) -> None:
    change(server, "M000114", Unit="personen per 100 woningen")
    change(server, "M000297", Identifier="M999999")
    (found,) = fetched(server, tmp_path)
    changed = {(one.kind, one.indicator) for one in found.left_out if one.kind != NO_FIGURES}
    assert changed == {(UNIT, "household_size"), (MEASURE_GONE, "dwellings")}
    assert "household_size" not in set(read_figures(found.path, year=None).figures["indicator"])
    assert found.measures == 1


def test_a_measure_without_figures_yet_is_named_and_gets_no_column(server: bad.Server, tmp_path: Path) -> None:
    (found,) = fetched(server, tmp_path)
    assert {one.kind for one in found.left_out} == {NO_FIGURES}
    assert len(found.left_out) == len(found.table.measures) - 2
    assert "poverty" in {one.indicator for one in found.left_out}
    assert set(read_figures(found.path, year=None).figures["indicator"]) == {"population", "household_size"}


def test_a_table_without_figures_or_areas_is_refused(server: bad.Server, tmp_path: Path) -> None:
    server.odata[KWB]["Observations"] = []
    with pytest.raises(SourceError) as caught:
        fetched(server, tmp_path)
    assert caught.value.code == "online.empty"
    server.odata[KWB]["WijkenEnBuurtenCodes"] = []
    with pytest.raises(SourceError) as caught:
        fetched(server, tmp_path / "other")
    assert caught.value.code == "online.empty"


@pytest.mark.parametrize(
    ("year", "table", "code", "named"),
    [
        (1999, "", "catalogue.no_year", "2024"),
        (2023, KWB, "catalogue.no_year", f"There is no table {KWB} of 2023"),
        (2024, "12345NED", "catalogue.no_table", KWB),
        (2022, "50120NED", "catalogue.not_online", "RIVM"),
    ],
)
def test_what_cannot_be_fetched_is_said_before_anything_is_asked(
    server: bad.Server, tmp_path: Path, year: int, table: str, code: str, named: str
) -> None:
    with pytest.raises(InputError) as caught:
        fetched(server, tmp_path, year=year, table=table)
    assert caught.value.code == code
    assert named in str(caught.value)
    assert not server.requests


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(
        st.sampled_from([code for code in AREAS if code != "NL00"]),
        st.one_of(st.none(), st.integers(0, 10**6), st.floats(0, 1000).map(lambda number: round(number, 1))),
        min_size=1,
    )
)
def test_what_is_fetched_is_what_was_published(
    server: bad.Server, tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any]
) -> None:
    server.odata[KWB]["MeasureCodes"] = [{"Identifier": "T001036", "Title": "Aantal inwoners", "Unit": "aantal"}]
    server.odata[KWB]["Observations"] = observations("T001036", values)
    (found,) = fetched(server, tmp_path_factory.mktemp("fetched"))
    read = read_figures(found.path, year=None).figures.set_index("area_code")["value"]
    for code, value in values.items():
        assert read[code] == value if value is not None else read[[code]].isna().all()
