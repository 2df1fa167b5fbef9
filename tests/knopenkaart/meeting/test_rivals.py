# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""With which places a place competes and where its visits come from: as choosing again gives it, with bounds, and nothing of few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knopenkaart.meeting.protect import protected
from knopenkaart.meeting.rivals import RIVALS, badges, origins_of, rivals
from knopenkaart.meeting.towns import may_be
from knopenkaart.tables import MEETING
from knopenkaart.visits.choice import choose

from .grounds import assumed, town

GROUND = town(cells=12, places=9, people=120.0, kinds=("community_centre", "community_centre", "community_centre", "library"), wijken=3)
OF = assumed(GROUND)
TABLES = rivals(GROUND, OF, may_be(OF, 20))
PULL, RIVAL, ORIGINS = (TABLES[name] for name in ("meeting_pull", "meeting_rivals", "meeting_origins"))


def test_what_rivals_get_is_what_choosing_again_gives_them() -> None:
    today = choose(GROUND.setting, OF.parameters).visits.sum(axis=1)
    left = GROUND.setting.with_open(np.arange(9) != 4)
    for demand, elastic in (("elastic", True), ("fixed", False)):
        more = choose(left, OF.parameters, elastic=elastic).visits.sum(axis=1) - today
        own = RIVAL[RIVAL["place_id"] == "p4"].set_index("rival_id")
        for place, row in own.iterrows():
            at = GROUND.ids.index(str(place))
            assert row[f"visits_{demand}"] == pytest.approx(more[at])
            assert row[f"goes_{demand}"] == pytest.approx(more[at] / today[4])
            assert row[f"more_{demand}"] == pytest.approx(more[at] / today[at])
        home = PULL.set_index("place_id").loc["p4", f"home_{demand}"]
        assert home == pytest.approx(1 - np.delete(more, 4).sum() / today[4], abs=1e-6)


def test_a_place_has_five_rivals_of_its_own_function_at_most_those_that_get_most() -> None:
    kinds = dict(zip(GROUND.ids, GROUND.kinds, strict=True))
    assert RIVAL.groupby("place_id").size().to_dict() == {place: min(RIVALS, GROUND.kinds.count(kind) - 1) for place, kind in kinds.items()}
    for _, row in RIVAL.iterrows():
        assert kinds[row["place_id"]] == kinds[row["rival_id"]]
    for place, own in RIVAL.groupby("place_id"):
        assert own["position"].tolist() == list(range(1, len(own) + 1))
        assert own["visits_elastic"].is_monotonic_decreasing
        # The last of five of which there is a next one is told whether it is ahead of that; the last of all is not.
        assert own["ahead"].isna().tolist() == [*[False] * (len(own) - 1), GROUND.kinds.count(kinds[str(place)]) - 1 <= RIVALS]


def test_bounds_hold_the_most_likely_town() -> None:
    for table, names in (
        (PULL, ("half_m", "most_m", "home_elastic", "home_fixed")),
        (RIVAL, ("goes_elastic", "goes_fixed", "more_elastic", "more_fixed")),
        (ORIGINS, ("share",)),
    ):
        for name in names:
            assert (table[f"{name}_low"] <= table[name]).all(), name
            assert (table[name] <= table[f"{name}_high"]).all(), name
    assert set(PULL["draws"]) == {20}


def test_origins_are_all_visits_of_a_place_and_of_the_nearest_wijk_most() -> None:
    assert set(ORIGINS["level"]) == {"wijk"}
    assert ORIGINS.groupby("place_id")["share"].sum().to_numpy(float) == pytest.approx(1.0)
    visits = ORIGINS.groupby("place_id")["visits"].sum()
    assert visits.to_numpy(float) == pytest.approx(choose(GROUND.setting, OF.parameters).visits.sum(axis=1))
    first = ORIGINS[ORIGINS["place_id"] == "p0"].set_index("area_code")["share"]
    assert first.idxmax() == "W0"


def test_buurten_go_before_wijken_and_squares_without_one_are_in_none() -> None:
    buurten = np.array(["", *["B1"] * 5, *["B2"] * 6])
    ground = replace(GROUND, cell_buurt=buurten)
    assert origins_of(ground)[0] == "buurt"
    found = rivals(ground, OF)["meeting_origins"]
    assert set(found["area_code"]) == {"B1", "B2"}
    assert found.groupby("place_id")["share"].sum()["p0"] < 1


def test_without_buurten_and_wijken_origins_are_municipalities() -> None:
    ground = replace(GROUND, cell_wijk=np.full(12, ""), cell_municipality=np.array(["G1", "G2"] * 6))
    found = rivals(ground, OF)["meeting_origins"]
    assert set(found["level"]) == {"municipality"}
    assert found.groupby("place_id")["share"].sum().to_numpy(float) == pytest.approx(1.0)


def test_distances_are_those_of_a_town_of_one_square_of_each_distance() -> None:
    """Squares stand 300 m apart: every distance to the place at the end is a multiple of that, and half of the visits come from near."""
    row = PULL.set_index("place_id").loc["p0"]
    assert row["half_m"] % 300 == pytest.approx(0.0)
    assert 0 <= row["half_m"] <= row["most_m"] <= 3300


def test_without_towns_there_are_no_bounds_and_nobody_is_surely_ahead() -> None:
    found = rivals(GROUND, OF)
    assert found["meeting_rivals"]["ahead"].isna().all()
    assert found["meeting_rivals"]["goes_fixed_low"].isna().all()
    assert set(found["meeting_pull"]["draws"]) == {0}


def test_the_only_place_of_its_function_has_no_rivals_and_all_its_visits_stay_at_home() -> None:
    alone = town(cells=4, places=2, people=50.0, kinds=("community_centre", "library"))
    found = rivals(alone, assumed(alone))
    assert found["meeting_rivals"].empty
    assert found["meeting_pull"][["home_elastic", "home_fixed"]].to_numpy(float) == pytest.approx(1.0)


def test_neighbouring_places_are_rivals_and_have_no_rows_of_their_own() -> None:
    beside = replace(GROUND, study=np.arange(9) != 1)
    found = rivals(beside, OF)
    assert "p1" not in set(found["meeting_pull"]["place_id"]) | set(found["meeting_origins"]["place_id"])
    assert "p1" in set(found["meeting_rivals"]["rival_id"])


def test_who_goes_where_is_estimated_where_half_of_the_variance_of_distance_and_theta_was_taken_away() -> None:
    assert badges(OF) == {"badge_origins": "assumed", "badge_moved": "assumed"}
    assert set(PULL["badge_origins"]) == {"assumed"}

    def known(beta: float, theta: float) -> dict[str, str]:
        untold = {"beta": np.full(2, beta), "theta": np.array([theta])}
        return badges(replace(OF, fitted=replace(OF.fitted, untold=untold)))

    assert known(0.7, 0.8) == {"badge_origins": "estimated", "badge_moved": "assumed"}
    assert known(0.7, 0.7) == {"badge_origins": "estimated", "badge_moved": "estimated"}
    assert known(0.72, 0.1) == {"badge_origins": "assumed", "badge_moved": "assumed"}


# --- what may be told -------------------------------------------------------------------------------------------------


def _told(**rows: list[Mapping[str, Any]]) -> dict[str, pd.DataFrame]:
    usual = {"text": "x", "bool": True}
    filled = {
        name: [
            {key: usual.get(column.kind, 1) for key, column in MEETING[name].columns.items() if column.required} | dict(row)
            for row in found
        ]
        for name, found in rows.items()
    }
    return protected({name: MEETING[name].frame(found) for name, found in filled.items()})


def _place(place: str, visits: float) -> dict[str, Any]:
    return {"place_id": place, "group": "all", "visits": visits, "visits_low": visits / 2, "visits_high": visits * 2}


def _moved(place: str, rival: str, elastic: float, fixed: float, *, of: float, theirs: float) -> dict[str, Any]:
    row: dict[str, Any] = {"place_id": place, "rival_id": rival, "visits_elastic": elastic, "visits_fixed": fixed}
    for demand, moved in (("elastic", elastic), ("fixed", fixed)):
        for name, whole in (("goes", of), ("more", theirs)):
            row |= {f"{name}_{demand}{end}": moved * times / whole for end, times in (("", 1.0), ("_low", 0.5), ("_high", 1.5))}
    return row


def test_what_a_rival_gets_is_told_in_tens_and_whole_per_cents_and_not_of_few() -> None:
    """Of 200 visits 52 go to a place with 104: shown 50 of 200 and 50 of 100; 7 elastic is too few, and 9 fixed too."""
    rows = [
        _moved("a", "b", 52.0, 96.0, of=200.0, theirs=104.0),
        _moved("a", "c", 7.0, 14.0, of=200.0, theirs=50.0),
        _moved("a", "d", 4.0, 9.0, of=200.0, theirs=50.0),
    ]
    places = [_place("a", 200.0), _place("b", 104.0), _place("c", 50.0), _place("d", 50.0)]
    found = _told(meeting_places=places, meeting_rivals=rows)["meeting_rivals"].set_index("rival_id")
    assert list(found.index) == ["b", "c"]
    b = found.loc["b"]
    assert [b["visits_elastic"], b["goes_elastic"], b["goes_elastic_low"], b["goes_elastic_high"]] == [50, 0.25, 0.12, 0.38]
    assert [b["more_elastic"], b["more_elastic_low"], b["more_elastic_high"]] == [0.5, 0.25, 0.75]
    assert [b["visits_fixed"], b["goes_fixed"], b["more_fixed"]] == [100, 0.5, 1.0]
    c = found.loc["c"]
    assert c[["visits_elastic", "goes_elastic", "goes_elastic_low", "more_elastic", "more_elastic_high"]].isna().all()
    assert [c["visits_fixed"], c["goes_fixed"], c["more_fixed"]] == [10, 0.05, 0.2]


def test_of_a_place_with_hidden_visits_there_are_no_rivals_origins_or_distances_and_it_is_nobodys_rival() -> None:
    rows = [_moved("few", "b", 6.0, 8.0, of=9.0, theirs=100.0), _moved("b", "few", 12.0, 12.0, of=100.0, theirs=9.0)]
    pull = [{"place_id": place, "visits": visits, "half_m": 400.0, "home_fixed": 0.5} for place, visits in (("few", 9.0), ("b", 100.0))]
    origins = [{"place_id": place, "area_code": "B", "visits": visits / 2, "share": 0.5} for place, visits in (("few", 9.0), ("b", 100.0))]
    places = [_place("few", 9.0), _place("b", 100.0)]
    found = _told(meeting_places=places, meeting_rivals=rows, meeting_pull=pull, meeting_origins=origins)
    assert found["meeting_rivals"].empty
    assert found["meeting_pull"]["place_id"].tolist() == ["b"]
    assert found["meeting_origins"]["place_id"].tolist() == ["b"]
    gone = _told(meeting_rivals=rows, meeting_pull=pull, meeting_origins=origins)
    assert all(gone[name].empty for name in ("meeting_rivals", "meeting_pull", "meeting_origins"))


def test_origins_of_few_visits_or_of_all_but_few_are_left_out() -> None:
    shares = {"most": 0.55, "some": 0.41, "few": 0.04}
    rows = [{"place_id": "a", "area_code": code, "visits": 200 * share, "share": share} for code, share in shares.items()]
    found = _told(meeting_places=[_place("a", 200.0)], meeting_origins=rows)["meeting_origins"]
    assert dict(zip(found["area_code"], found["share"], strict=True)) == {"most": 0.55, "some": 0.4}
    one = [{"place_id": "a", "area_code": "all but 8", "visits": 192.0, "share": 0.96}]
    assert _told(meeting_places=[_place("a", 200.0)], meeting_origins=one)["meeting_origins"].empty


@pytest.mark.parametrize(("visits", "half", "most"), [(14.0, None, None), (20.0, 400.0, None), (44.0, 400.0, None), (50.0, 400.0, 900.0)])
def test_distances_are_in_steps_where_both_sides_are_ten_visits_or_more(visits: float, half: float | None, most: float | None) -> None:
    row = {"place_id": "a", "visits": visits, "half_m": 411.0, "half_m_low": 399.0, "half_m_high": 451.0, "most_m": 888.0}
    found = _told(meeting_places=[_place("a", visits)], meeting_pull=[row])["meeting_pull"].iloc[0]
    assert [None if pd.isna(found[name]) else found[name] for name in ("half_m", "most_m")] == [half, most]
    if half:
        assert [found["half_m_low"], found["half_m_high"]] == [350.0, 500.0]
    assert pd.isna(found["most_m_low"])


NUMBERS = st.tuples(st.floats(0.5, 400), st.floats(0, 1), st.floats(0, 1), st.floats(0.5, 400))


@settings(deadline=None, max_examples=10)
@given(st.lists(NUMBERS, min_size=1, max_size=12))
def test_no_share_or_bound_tells_of_fewer_than_ten(towns: list[tuple[float, float, float, float]]) -> None:
    places, rows, pull, shown = [], [], [], {}
    for n, (visits, elastic, fixed, theirs) in enumerate(towns):
        places += [_place(f"a{n}", visits), _place(f"b{n}", theirs)]
        rows.append(_moved(f"a{n}", f"b{n}", elastic * visits, fixed * visits, of=visits, theirs=theirs))
        home = {"home_elastic": 1 - elastic, "home_elastic_low": 0.0, "home_elastic_high": 1.0}
        pull.append({"place_id": f"a{n}", "visits": visits} | home)
        shown[f"a{n}"] = 10 * np.floor(visits / 10 + 0.5)
    found = _told(meeting_places=places, meeting_rivals=rows, meeting_pull=pull)
    for table, name in (("meeting_rivals", "goes_elastic"), ("meeting_rivals", "goes_fixed"), ("meeting_pull", "home_elastic")):
        for _, told in found[table].dropna(subset=[name]).iterrows():
            tens = shown[told["place_id"]]
            assert 0 <= told[f"{name}_low"] <= told[name] <= told[f"{name}_high"] <= 1
            for part in (told[name], 1 - told[name], told[f"{name}_low"], 1 - told[f"{name}_high"]):
                # Whole per cents of rounded tens: half a per cent and half of ten either way.
                assert part < 1e-9 or part * tens >= 5 - 0.005 * tens
