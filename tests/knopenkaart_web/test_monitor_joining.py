# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which years of which codes are about an area: no chain is stronger than its weakest link."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.monitor.estimates import estimate
from knopenkaart.monitor.records import AreaValues, Value
from knopenkaart.vocabulary.catalogue import load_catalogue
from knopenkaart_web.monitor.joining import Ground, bridge, by_key, grounds, join
from knopenkaart_web.monitor.views_data import LinkView

A, B, C = "WK000101", "WK000102", "WK000103"


def link(code: str, first: int, last: int, verdict: str, **parts: float) -> LinkView:
    return LinkView(code, first, last, verdict, "", parts, "", None, None)


def count(value: float | None, *, year: int = 2020, indicator: str = "population", **more: object) -> Value:
    reason = "" if value is not None else "suppressed"
    return replace(Value(indicator, year, value, "count", "cbs", "register", reason=reason, area_year=year), **more)  # type: ignore[arg-type]


def found(code: str, year: int, *links: LinkView) -> dict[int, tuple[dict[str, float], bool]]:
    years = {year for item in links for year in (item.from_year, item.to_year)}
    return {ground.year: (dict(ground.parts), ground.bridged) for ground in grounds(code, year, by_key(links), years)}


def test_a_chain_of_sames_is_the_same() -> None:
    assert found(A, 2024, link(A, 2023, 2024, "same"), link(A, 2022, 2023, "same")) == {2023: ({A: 1.0}, False), 2022: ({A: 1.0}, False)}


@pytest.mark.parametrize("verdict", ["doubtful", "broken"])
def test_a_chain_ends_where_a_link_is_doubtful_or_broken(verdict: str) -> None:
    chain = (link(A, 2023, 2024, "same"), link(A, 2022, 2023, verdict), link(A, 2021, 2022, "same"))
    assert set(found(A, 2024, *chain)) == {2023}


def test_a_direct_link_decides_over_a_chain() -> None:
    chain = (link(A, 2023, 2024, "same"), link(A, 2022, 2023, "same"))
    assert set(found(A, 2024, *chain, link(A, 2022, 2024, "doubtful"))) == {2023}


def test_a_year_without_a_link_is_left_out() -> None:
    assert found(A, 2024, link(B, 2022, 2024, "same")) == {}


def test_bridges_multiply_over_a_chain() -> None:
    chain = (
        link(A, 2022, 2024, "bridged", **{A: 0.5, B: 1.0}),
        link(A, 2020, 2022, "same"),
        link(B, 2020, 2022, "bridged", **{B: 0.5, C: 0.25}),
    )
    assert found(A, 2024, *chain) == {2022: ({A: 0.5, B: 1.0}, True), 2020: ({A: 0.5, B: 0.5, C: 0.25}, True)}


def test_a_bridge_with_one_part_that_is_unsure_is_none() -> None:
    chain = (link(A, 2022, 2024, "bridged", **{A: 0.5, B: 1.0}), link(A, 2020, 2022, "same"), link(B, 2020, 2022, "broken"))
    assert set(found(A, 2024, *chain)) == {2022}


def test_later_years_are_known_only_where_the_area_is_the_same() -> None:
    assert set(found(A, 2022, link(A, 2022, 2024, "same"))) == {2024}
    assert found(A, 2022, link(A, 2022, 2024, "bridged", **{A: 1.0})) == {}
    assert set(found(A, 2022, link(A, 2022, 2023, "same"), link(A, 2023, 2024, "same"))) == {2023, 2024}


def test_a_country_is_itself_in_every_year() -> None:
    assert [ground.year for ground in grounds("NL00", 2024, {}, {2020, 2022, 2024}, country=True)] == [2022, 2020]


def test_a_year_is_told_once_by_the_nearest_division() -> None:
    mine, theirs, earlier = count(10.0, year=2023), count(11.0, year=2023), count(9.0, year=2021)
    figures = {(A, 2024): [mine], (A, 2022): [theirs, earlier]}
    assert join(A, 2024, [Ground(2022, {A: 1.0})], figures) == (mine, earlier)


def test_an_own_figure_does_not_hide_the_published_one() -> None:
    own, published = count(12.0, nature="own"), count(10.0)
    figures = {(A, 2024): [own], (A, 2020): [published]}
    assert join(A, 2024, [Ground(2020, {A: 1.0})], figures) == (own, published)


def test_counts_are_bridged_with_what_they_rest_on_and_without_a_margin() -> None:
    parts = Ground(2020, {A: 0.5, B: 1.0}, bridged=True)
    figures = {(A, 2020): [count(100.0, n=200.0, low=90.0, high=110.0)], (B, 2020): [count(40.0, n=50.0)]}
    (value,) = bridge(parts, figures)
    assert (value.value, value.n, value.low, value.high, value.bridged) == (90.0, 150.0, None, None, True)


def test_a_bridged_share_is_never_said_to_be_as_sure_as_a_count() -> None:
    parts = Ground(2020, {A: 0.5}, bridged=True)
    found = join(A, 2024, [parts], {(A, 2020): [count(1000.0), count(300.0, indicator="pop_0_14")]})
    area = AreaValues(A, 2024, "wijk", "A", values=found)
    shown = estimate(area, load_catalogue().indicators["pop_0_14"])
    assert (shown.value, shown.basis, shown.low, shown.nature) == (30.0, "none", None, "model")


def test_what_is_no_count_and_what_is_own_is_not_bridged() -> None:
    parts = Ground(2020, {A: 1.0}, bridged=True)
    share = Value("employment_rate", 2020, 60.0, "percent", "cbs", "register")
    unknown = count(5.0, indicator="of_nobody")
    percent = replace(count(20.0, indicator="pop_0_14"), unit="percent")
    assert bridge(parts, {(A, 2020): [share, unknown, percent, count(100.0, nature="own")]}) == []


values = st.one_of(st.none(), st.floats(0, 1e6))


@given(st.dictionaries(st.sampled_from([A, B, C]), st.tuples(st.floats(0.01, 1), values), min_size=1))
def test_a_bridged_sum_is_between_nothing_and_all_and_absent_when_one_part_is(parts: dict[str, tuple[float, float | None]]) -> None:
    ground = Ground(2020, {code: share for code, (share, _) in parts.items()}, bridged=True)
    (value,) = bridge(ground, {(code, 2020): [count(number)] for code, (_, number) in parts.items()})
    numbers = [number for _, number in parts.values() if number is not None]
    if len(numbers) < len(parts):
        assert (value.value, value.reason) == (None, "suppressed")
    else:
        assert value.value is not None
        assert 0 <= value.value <= sum(numbers) * (1 + 1e-9)


verdict = st.sampled_from(["same", "bridged", "doubtful", "broken"])


@given(st.lists(verdict, min_size=1, max_size=5))
def test_a_year_is_reached_exactly_when_every_link_to_it_holds(chain: list[str]) -> None:
    links = [link(A, 2023 - step, 2024 - step, each, **({A: 0.9} if each == "bridged" else {})) for step, each in enumerate(chain)]
    holds = next((step for step, each in enumerate(chain) if each in ("doubtful", "broken")), len(chain))
    reached = found(A, 2024, *links)
    assert set(reached) == {2023 - step for step in range(holds)}
    for year, (parts, bridged) in reached.items():
        steps = chain[: 2024 - year]
        assert bridged == ("bridged" in steps)
        assert parts[A] == pytest.approx(0.9 ** steps.count("bridged"))
