# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The whole country, of 2022 and 2024, from files to what a page is told. Takes some ten seconds of a processor."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from knopenkaart.monitoring import MonitorRequest, build_monitor
from knopenkaart_web import engine
from knopenkaart_web.monitor import actions, queries
from knopenkaart_web.monitor.models import AreaLink
from knopenkaart_web.monitor.views_data import AreaRef

DATA = Path(os.environ.get("KNOPENKAART_TEST_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "cbs"
NOW = [DATA / "kwb2024_statline_leeftijd_geslacht.csv.gz", DATA / "kwb2024_statline_herkomst.csv.gz"]
BEFORE = [DATA / "wijken_2022.gpkg", DATA / "gemeenten_2022.gpkg"]

pytestmark = pytest.mark.skipif(
    not all(path.is_file() for path in (*NOW, *BEFORE)), reason="the key figures of 2022 and 2024 are not in KNOPENKAART_TEST_DATA"
)


def ref(code: str, year: int | None = None) -> AreaRef:
    found = queries.area(code, year=year)
    assert found is not None, code
    return found


def people(code: str) -> dict[int, float | None]:
    """Inhabitants by year, as a page of the latest area is told."""
    found = queries.values([ref(code)], indicators=["population"])[code]
    return {value.year: value.value for value in found.values}


def test_the_country_from_files_to_pages(db: Any, tmp_path: Path) -> None:
    build_monitor(tmp_path / "monitor", MonitorRequest(figures=[*NOW, *BEFORE], year=2022))
    report = actions.load(None, engine.read_monitor(tmp_path / "monitor"))
    _all_is_there(report.years)
    _years_are_joined_where_the_area_is_the_same()
    _suppressed_stays_suppressed()
    _like_wijken_are_elsewhere()


def _all_is_there(years: tuple[int, ...]) -> None:
    assert years == (2022, 2024)
    edition = queries.edition()
    assert edition is not None
    assert edition.areas == {"country": 1, "municipality": 342, "wijk": 3393, "buurt": 14574}
    assert people("NL00")[2024] == 17_942_942
    assert len(queries.children(ref("GM0344"))) == 10
    assert queries.find("utrecht")[0].code == "GM0344"
    # Only the wijken and municipalities of 2022 came with outlines; those of 2024 have none, and none is made up.
    assert set(queries.outlines([ref("WK034401", 2022), ref("WK034401")])) == {"WK034401"}
    assert queries.outlines([ref("WK034402")]) == {}


def _years_are_joined_where_the_area_is_the_same() -> None:
    assert set(people("GM0344")) == {2022, 2024}
    # Druten: 12,740 inhabitants under this code in 2022, and 165 in 2024, of other ground.
    assert people("WK022500") == {2024: 165}
    (link,) = queries.links("WK022500")
    assert (link.verdict, link.people_from, link.people_to) == ("broken", 12740, 165)
    verdicts = Counter(AreaLink.objects.filter(code__startswith="WK").values_list("verdict", flat=True))
    assert verdicts["bridged"] == 0
    assert 2800 < verdicts["same"] < 2900
    joined = queries.values(queries.children(ref("NL00"), level="wijk"), indicators=["population"])
    assert sum(2022 in area.years("population") for area in joined.values()) == verdicts["same"]


def _suppressed_stays_suppressed() -> None:
    found = queries.level("wijk", year=2022, indicators=["employment_rate"])
    absent = [value for area in found.values() for value in area.values if value.value is None]
    assert absent
    assert all(value.reason for value in absent)


def _like_wijken_are_elsewhere() -> None:
    found = queries.similar(ref("WK034401"))
    assert len(found) == 10
    assert [item.distance for item in found] == sorted(item.distance for item in found)
    assert not any(item.code.startswith("WK0344") for item in found)
