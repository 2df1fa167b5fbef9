# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever figures an area lacks, they are lacking in its file and its pictures, with the reason, and never nought."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knopenkaart.monitor.estimates import estimate
from knopenkaart.monitor.records import AreaValues, Value
from knopenkaart.monitor.trend import trend
from knopenkaart.vocabulary.catalogue import load_catalogue
from knopenkaart_web.monitor.views_data import AreaRef
from knopenkaart_web.pages.monitor.around import Around
from knopenkaart_web.pages.monitor.downloads import figures_csv
from knopenkaart_web.pages.monitor.pictures import lines_of

REF = AreaRef("WK000101", 2024, "wijk", "Noord", "GM0001", "")
# A count with a whole, a share, a mean, a score: each is told in another way.
UNITS = {"pop_65plus": "count", "dwelling_ownership": "percent", "household_size": "persons", "livability": "score"}
GAPS = ("missing", "suppressed", "hidden")
cells = st.one_of(st.floats(0, 100).map(lambda value: round(value, 1)), st.sampled_from(GAPS))
about = st.tuples(
    st.sampled_from(sorted(UNITS)), st.sampled_from(["all", "age_65_plus", "origin_europe"]), st.sampled_from([2022, 2023, 2024])
)


def area(told: dict[tuple[str, str, int], float | str]) -> AreaValues:
    values = [
        Value(name, year, None, UNITS[name], "s", "register", group=group, reason=cell)
        if isinstance(cell, str)
        else Value(name, year, cell, UNITS[name], "s", "register", group=group)
        for (name, group, year), cell in told.items()
    ]
    whole = Value("population", 2024, 400.0, "count", "s", "register")
    return AreaValues("WK000101", 2024, "wijk", "Noord", "GM0001", "", (*values, whole))


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(about, cells, min_size=1, max_size=12))
def test_a_gap_is_empty_in_the_file_with_its_reason_and_a_figure_is_itself(told: dict[tuple[str, str, int], float | str]) -> None:
    known = Around(REF, (), {REF.code: area(told)}, {}, None, load_catalogue())
    rows = {(row["indicator"], row["group"], int(row["year"])): row for row in csv.DictReader(io.StringIO(figures_csv(known)))}
    assert set(rows) == {*told, ("population", "all", 2024)}
    for key, cell in told.items():
        row = rows[key]
        if isinstance(cell, str):
            assert [row[name] for name in ("value", "low", "high", "shown", "shown_low", "shown_high")] == [""] * 6
            assert row["reason"] == cell
            assert row["why"]
        else:
            assert float(row["value"]) == cell
            assert row["reason"] == row["why"] == ""


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.integers(2015, 2024), cells, min_size=1, max_size=8))
def test_a_year_without_a_figure_has_no_point_in_the_picture(told: dict[int, float | str]) -> None:
    item = load_catalogue().indicators["dwelling_ownership"]
    found = area({(item.id, "all", year): cell for year, cell in told.items()})
    series = trend([(year, estimate(found, item, year=year)) for year in told], {})
    drawn = str(lines_of([("Noord", series)], title="Koopwoningen, Noord", unit="percent"))
    for year, cell in told.items():
        assert (f"Noord, {year}:" in drawn) == (not isinstance(cell, str)), year
