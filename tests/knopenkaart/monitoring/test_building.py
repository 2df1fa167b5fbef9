# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A monitor holds what its files say, once each, with every gap; what cannot be read is told and stops nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knopenkaart import store
from knopenkaart.errors import InputError, StoreError
from knopenkaart.monitoring import Monitor, MonitorRequest, build_monitor, contents, make_monitor, open_monitor
from knopenkaart.tables import MONITOR_AREAS, MONITOR_FIGURES, MONITOR_LINKS

from .monitored import COLUMNS, ROWS, outlines, table


def made(*figures: Path, areas: tuple[Path, ...] = (), year: int | None = None) -> Monitor:
    return make_monitor(MonitorRequest(figures=figures, areas=areas, year=year))


def value(monitor: Monitor, code: str, indicator: str, year: int = 2024) -> pd.Series:  # type: ignore[type-arg]
    rows = monitor.figures
    (found,) = rows[(rows["area_code"] == code) & (rows["indicator"] == indicator) & (rows["year"] == year)].to_dict("records")
    return pd.Series(found)


def codes(monitor: Monitor) -> list[str]:
    return [str(code) for code in monitor.notices["code"]]


# --- areas ------------------------------------------------------------------------------------------------------------


def test_areas_stand_from_country_to_buurt_and_lie_in_one_another(tmp_path: Path) -> None:
    areas = made(table(tmp_path, 2024)).areas.set_index("code")
    assert list(areas["level"]) == ["country", "municipality", "wijk", "buurt", "buurt"]
    assert areas.loc["BU00010001", "wijk_code"] == "WK000100"
    assert areas.loc["BU00010001", "municipality_code"] == "GM0001"
    assert areas.loc["WK000100", "municipality_code"] == "GM0001"
    assert pd.isna(areas.loc["NL00", "municipality_code"])


def test_a_wijk_that_no_file_knows_is_not_made_up(tmp_path: Path) -> None:
    rows = {code: cells for code, cells in ROWS.items() if not code.startswith("WK")}
    areas = made(table(tmp_path, 2024, rows)).areas.set_index("code")
    assert pd.isna(areas.loc["BU00010001", "wijk_code"])


def test_the_wijk_of_another_year_does_not_count(tmp_path: Path) -> None:
    without = {code: cells for code, cells in ROWS.items() if not code.startswith("WK")}
    areas = made(table(tmp_path, 2024, without), table(tmp_path, 2022)).areas.set_index(["code", "year"])
    assert pd.isna(areas.loc[("BU00010001", 2024), "wijk_code"])
    assert areas.loc[("BU00010001", 2022), "wijk_code"] == "WK000100"


def test_an_area_has_its_name_from_the_first_file_that_names_it_and_its_outline_from_any(tmp_path: Path) -> None:
    nameless = table(tmp_path, 2024, {"BU00010000": "100"}, name="cijfers", header="code,inwoners\n")
    drawn = outlines(tmp_path, 2024, {"BU00010000": COLUMNS[0]}, ["Noord"])
    areas = made(nameless, areas=(drawn,)).areas.set_index("code")
    assert areas.loc["BU00010000", "name"] == "Noord"
    assert areas.loc["BU00010000", "geometry"].area == pytest.approx(COLUMNS[0].area, rel=1e-3)


# --- figures ----------------------------------------------------------------------------------------------------------


def test_a_share_says_of_how_many_and_every_figure_what_kind_it_is(tmp_path: Path) -> None:
    monitor = made(table(tmp_path, 2024))
    share = value(monitor, "BU00010000", "dwelling_ownership")
    assert (share["value"], share["unit"], share["n"], share["nature"]) == (50, "percent", 40, "register")
    assert value(monitor, "BU00010000", "men")["n"] == 100
    assert pd.isna(value(monitor, "BU00010000", "population")["n"])


def test_the_same_figure_of_two_files_stands_once_and_a_contradiction_is_told(tmp_path: Path) -> None:
    again = table(tmp_path, 2024, {"BU00010000": "Noord,100", "BU00010001": "Zuid,999"}, name="nog_eens", header="code,naam,inwoners\n")
    monitor = made(table(tmp_path, 2024), again)
    assert value(monitor, "BU00010001", "population")["value"] == 105, "the file that was given first"
    assert codes(monitor) == ["monitor.contradiction"]
    assert monitor.notices.loc[0, "details"]["codes"] == "BU00010001"


def test_what_the_first_file_lacks_another_may_give(tmp_path: Path) -> None:
    first = table(tmp_path, 2024, {"BU00010000": "Noord,."}, header="code,naam,inwoners\n")
    second = table(tmp_path, 2024, {"BU00010000": "Noord,100"}, name="later", header="code,naam,inwoners\n")
    monitor = made(first, second)
    assert value(monitor, "BU00010000", "population")["value"] == 100
    assert codes(monitor) == []


def test_figures_of_two_years_stand_beside_one_another(tmp_path: Path) -> None:
    earlier = table(tmp_path, 2022, {"BU00010000": "Noord,90"}, header="code,naam,inwoners\n")
    monitor = made(table(tmp_path, 2024), earlier)
    assert value(monitor, "BU00010000", "population", 2022)["value"] == 90
    assert value(monitor, "BU00010000", "population", 2024)["value"] == 100


cells = st.sampled_from(["", ".", "x", "-99997", "0", "5", "120"])


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
def test_a_gap_stays_a_gap_and_a_zero_a_zero(tmp_path: Path, given_cells: list[tuple[str, str]]) -> None:
    rows = {f"BU000100{number:02d}": f"Buurt {number} x,{','.join(pair)}" for number, pair in enumerate(given_cells)}
    figures = made(table(tmp_path, 2024, rows, header="code,naam,inwoners,mannen\n")).figures
    for number, pair in enumerate(given_cells):
        mine = figures[figures["area_code"] == f"BU000100{number:02d}"].set_index("indicator")
        for indicator, cell in zip(("population", "men"), pair, strict=True):
            found, reason = mine.loc[indicator, "value"], mine.loc[indicator, "reason"]
            if cell.isdecimal():
                assert (found, pd.isna(reason)) == (float(cell), True)
            else:
                assert (pd.isna(found), reason) == (True, "missing" if cell == "" else "suppressed")


def test_a_table_with_a_column_for_each_year_is_read_for_all_of_them_about_the_areas_of_the_last(tmp_path: Path) -> None:
    path = tmp_path / "klassen_2014_2016.csv"
    path.write_text("code,KL14,KL16\nBU00010000,3,8\nBU00010001,,7\n", encoding="utf-8")
    monitor = made(table(tmp_path, 2024), path)
    assert codes(monitor) == []
    assert sorted(monitor.areas["year"].unique()) == [2016, 2024]
    told = monitor.figures[monitor.figures["indicator"] == "livability_class"].set_index(["area_code", "year"])
    assert set(told["area_year"]) == {2016}
    assert [told.loc[("BU00010000", year), "value"] for year in (2014, 2016)] == [3, 8]
    assert told.loc[("BU00010001", 2014), "reason"] == "missing"
    # Codes without names prove nothing: no class of 2016 is put with an area of 2024.
    assert set(monitor.links["verdict"]) == {"doubtful"}


def test_names_of_the_year_itself_let_classes_of_earlier_years_go_on(tmp_path: Path) -> None:
    path = tmp_path / "klassen_2014_2016.csv"
    path.write_text("code,KL14,KL16\nBU00010000,3,8\nBU00010001,4,7\n", encoding="utf-8")
    monitor = made(table(tmp_path, 2017), table(tmp_path, 2016), path)
    links = monitor.links.set_index(["code", "from_year"])["verdict"]
    assert (links["BU00010000", 2016], links["BU00010001", 2016]) == ("same", "same")


# --- files that cannot be read ----------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_is_told_and_the_others_count(tmp_path: Path) -> None:
    broken = tmp_path / "stuk_2024.csv"
    broken.write_bytes(b"\xff\xfe\x00rommel")
    monitor = made(broken, table(tmp_path, 2024))
    assert codes(monitor) == ["monitor.file"]
    assert "stuk_2024.csv" in monitor.notices.loc[0, "message"]
    assert len(monitor.areas) == 5


def test_every_year_of_a_table_and_every_file_of_one_name_is_a_source_of_its_own(tmp_path: Path) -> None:
    both = tmp_path / "rivm.csv"
    head = '"Marges";"Wijken en buurten";"Codering (code)";"Perioden";"Eenzaam (%)"\n'
    both.write_text(head + "".join(f'"Waarde";"Dorp";"GM0001";"{year}";"40"\n' for year in (2020, 2022)), encoding="utf-8")
    (tmp_path / "elders").mkdir()
    other = tmp_path / "elders" / "rivm.csv"
    other.write_text(head + '"Waarde";"Dorp";"GM0001";"2022";"41"\n', encoding="utf-8")
    monitor = made(both, other, both)
    titles = monitor.sources.set_index("id")["title"]
    assert list(titles) == [f"RIVM Gezondheid per wijk en buurt {year} (rivm.csv)" for year in (2020, 2022, 2022)]
    assert set(monitor.sources["attribution"]) == {"RIVM"}
    assert set(monitor.sources["licence"]) == {"not stated"}
    used = monitor.figures.set_index("year")["source"]
    assert str(titles[used[2020]]).split()[-2] == "2020"


def test_a_file_that_was_left_out_is_told_with_what_to_do(tmp_path: Path) -> None:
    silent = tmp_path / "cijfers.csv"
    silent.write_text("code,naam,inwoners\nBU00010000,Noord,90\n", encoding="utf-8")
    monitor = made(table(tmp_path, 2024), silent)
    assert "Pass the year with --year" in monitor.notices.loc[0, "message"]


def test_without_one_file_that_can_be_read_there_is_no_monitor(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"weg\.csv does not exist") as caught:
        build_monitor(tmp_path / "monitor", MonitorRequest(figures=[tmp_path / "weg.csv"]))
    assert caught.value.code == "monitor.no_files"
    assert not (tmp_path / "monitor").exists()


def test_the_year_that_is_given_is_for_files_that_do_not_say_theirs(tmp_path: Path) -> None:
    silent = tmp_path / "cijfers.csv"
    silent.write_text("code,naam,inwoners\nBU00010000,Noord,90\n", encoding="utf-8")
    monitor = made(table(tmp_path, 2024), silent, year=2022)
    assert set(monitor.areas["year"]) == {2022, 2024}


def test_a_table_of_several_years_is_read_for_each_of_them(tmp_path: Path) -> None:
    both = tmp_path / "cijfers.csv"
    both.write_text("perioden,code,naam,inwoners\n2022JJ00,BU00010000,Noord,90\n2024JJ00,BU00010000,Noord,100\n", encoding="utf-8")
    monitor = made(both)
    assert value(monitor, "BU00010000", "population", 2022)["value"] == 90
    assert value(monitor, "BU00010000", "population", 2024)["value"] == 100
    assert codes(monitor) == []


# --- the folder -------------------------------------------------------------------------------------------------------


def test_a_monitor_is_read_as_it_was_written(tmp_path: Path) -> None:
    request = MonitorRequest(figures=[table(tmp_path, 2024), table(tmp_path, 2022)], name="Dorp", invented=True)
    stored = build_monitor(tmp_path / "monitor", request)
    again = open_monitor(tmp_path / "monitor")
    assert stored == again
    assert (again.manifest["name"], again.manifest["years"], again.manifest["invented"]) == ("Dorp", [2022, 2024], True)
    expected = make_monitor(request)
    for name, frame, spec in (
        ("monitor_areas", expected.areas, MONITOR_AREAS),
        ("monitor_figures", expected.figures, MONITOR_FIGURES),
        ("monitor_links", expected.links, MONITOR_LINKS),
    ):
        pd.testing.assert_frame_equal(pd.DataFrame(again.table(name)), pd.DataFrame(spec.check(frame)))
    assert again.verify() == []


def test_a_study_is_no_monitor_and_a_monitor_no_study(tmp_path: Path) -> None:
    build_monitor(tmp_path / "monitor", MonitorRequest(figures=[table(tmp_path, 2024)]))
    with pytest.raises(StoreError, match="holds a monitor, no study") as caught:
        store.read(tmp_path / "monitor")
    assert caught.value.code == "store.other"
    store.write(tmp_path / "study", {}, {}, {"name": "Dorp"})
    with pytest.raises(StoreError, match="holds a study, no monitor"):
        open_monitor(tmp_path / "study")
    with pytest.raises(StoreError, match="There is no monitor"):
        open_monitor(tmp_path / "nothing")


def test_a_monitor_is_not_written_over_a_study_nor_the_reverse(tmp_path: Path) -> None:
    store.write(tmp_path / "study", {}, {}, {"name": "Dorp"})
    with pytest.raises(StoreError, match="holds a study") as caught:
        build_monitor(tmp_path / "study", MonitorRequest(figures=[table(tmp_path, 2024)]))
    assert caught.value.code == "store.other"
    assert store.read(tmp_path / "study").manifest == {"name": "Dorp"}
    build_monitor(tmp_path / "monitor", MonitorRequest(figures=[table(tmp_path, 2024)]))
    with pytest.raises(StoreError, match="holds a monitor"):
        store.write(tmp_path / "monitor", {}, {}, {"name": "Dorp"})


def test_contents_count_areas_figures_and_their_gaps(tmp_path: Path) -> None:
    rows = ROWS | {"BU00010000": "Noord,Dorp,100,.,40,,1"}
    found = contents(build_monitor(tmp_path / "monitor", MonitorRequest(figures=[table(tmp_path, 2024, rows)])))
    assert {"year": 2024, "level": "buurt", "areas": 2} in found["areas"]
    gaps = {row["indicator"]: (row["figures"], row["missing"], row["suppressed"], row["hidden"]) for row in found["figures"]}
    assert gaps["population"] == (5, 0, 0, 0)
    assert gaps["men"] == (4, 0, 1, 0)
    assert gaps["dwelling_ownership"] == (4, 1, 0, 0)
    assert [source["id"] for source in found["sources"]] == ["figures_kerncijfers_2024"]


# --- outlines ---------------------------------------------------------------------------------------------------------


def test_a_wijk_and_a_municipality_without_an_outline_have_that_of_their_buurten(tmp_path: Path) -> None:
    drawn = outlines(tmp_path, 2024, {"BU00010000": COLUMNS[0], "BU00010001": COLUMNS[1]})
    areas = made(table(tmp_path, 2024), areas=(drawn,)).areas.set_index("code")
    together = COLUMNS[0].area + COLUMNS[1].area
    assert areas.loc["WK000100", "geometry"].area == pytest.approx(together, rel=1e-3)
    assert areas.loc["GM0001", "geometry"].area == pytest.approx(together, rel=1e-3)
    assert areas.loc["NL00", "geometry"] is None


def test_an_outline_of_its_own_goes_before_that_of_the_buurten(tmp_path: Path) -> None:
    drawn = outlines(tmp_path, 2024, {"BU00010000": COLUMNS[0], "BU00010001": COLUMNS[1], "WK000100": COLUMNS[3]})
    areas = made(table(tmp_path, 2024), areas=(drawn,)).areas.set_index("code")
    assert areas.loc["WK000100", "geometry"].centroid.x == pytest.approx(COLUMNS[3].centroid.x, abs=1e-6)


def test_where_one_buurt_has_no_outline_nothing_is_put_together(tmp_path: Path) -> None:
    areas = made(table(tmp_path, 2024), areas=(outlines(tmp_path, 2024, {"BU00010000": COLUMNS[0]}),)).areas.set_index("code")
    assert areas.loc["WK000100", "geometry"] is None
    assert areas.loc["GM0001", "geometry"] is None


def test_a_monitor_needs_no_buurten(tmp_path: Path) -> None:
    monitor = made(table(tmp_path, 2024, {"GM0001": ROWS["GM0001"]}), areas=(outlines(tmp_path, 2024, {"GM0001": COLUMNS[0]}),))
    assert list(monitor.areas["level"]) == ["municipality"]
