# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Numbers, dates, distances and bars as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart_web.pages import written
from knopenkaart_web.pages.asked import asked_text
from knopenkaart_web.pages.contacts import contact_uri
from knopenkaart_web.pages.drawn import bar_width
from knopenkaart_web.pages.errors import TEXTS, error_text
from knopenkaart_web.pages.facts import link
from knopenkaart_web.pages.templatetags import charts, labels, notices
from knopenkaart_web.pages.templatetags.values import readable
from knopenkaart_web.places import queries
from knopenkaart_web.places.models import Study
from knopenkaart_web.places.views_data import FunctionCount, NoticeRow


@pytest.mark.parametrize(
    ("value", "decimals", "dutch", "english"),
    [
        (25000, 0, "25.000", "25,000"),
        (1.44, 1, "1,4", "1.4"),
        (1234567.5, 1, "1.234.567,5", "1,234,567.5"),
        (0, 0, "0", "0"),
        (None, 0, "", ""),
    ],
)
def test_numbers_have_the_separators_of_the_language(value: float, decimals: int, dutch: str, english: str) -> None:
    assert written.number(value, decimals) == dutch
    with override("en"):
        assert written.number(value, decimals) == english


def test_unknown_is_a_word_and_zero_is_a_number() -> None:
    assert written.known(None) == "onbekend"
    assert written.known(0) == "0"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (0.001, "minder dan 1 %"), (0.5, "50 %"), (0.998, "99 %"), (1.0, "100 %"), (1.27, "127 %"), (None, "")],
)
def test_a_share_never_rounds_to_nothing_or_to_all(share: float | None, text: str) -> None:
    assert written.percent(share) == text


def test_dates_are_written_out() -> None:
    assert written.day(date(2026, 11, 23)) == "23 november 2026"
    assert written.day("2025-05-01") == "1 mei 2025"
    with override("en"):
        assert written.day(date(2026, 11, 23)) == "23 November 2026"
    assert written.day(None) == ""


def test_a_moment_is_told_in_local_time() -> None:
    assert written.moment(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "2 juli 2026, 00:30"
    assert written.day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "2 juli 2026"


@pytest.mark.parametrize(("metres", "text"), [(3, "10 meter"), (74, "70 meter"), (996, "1.000 meter"), (1240, "1,2 kilometer"), (None, "")])
def test_a_distance_is_no_more_exact_than_it_deserves(metres: float | None, text: str) -> None:
    assert written.distance(metres) == text


def test_the_days_of_the_week_begin_on_monday() -> None:
    assert [written.weekday(number) for number in (1, 7, 8)] == ["Maandag", "Zondag", ""]


def test_a_capital_of_ij_is_one_letter() -> None:
    assert written.capital("ijssalon") == "IJssalon"
    assert written.capital("école") == "École"
    assert written.capital("") == ""
    with override("en"):
        assert written.capital("ijs") == "Ijs"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(312.0, "eur_1000", "€ 312.000"), (40.0, "percent", "40 %"), (12.34, "km2", "12,3 km²"), (25013.0, "count", "25.013")],
)
def test_figures_have_their_unit(value: float, unit: str, text: str) -> None:
    assert written.figure(value, unit) == text


def count(
    number: int | None, per_1000: float | None, whole: int | None = 10, whole_per_1000: float | None = 2.0, *, found: int = 0
) -> FunctionCount:
    return FunctionCount(
        function="eat",
        label="eten",
        count=number,
        found=number or found,
        per_1000=per_1000,
        municipality_count=whole,
        municipality_per_1000=whole_per_1000,
    )


def test_the_longest_bar_is_a_hundred_and_a_decimal_is_a_point() -> None:
    chart = charts.bars([count(3, 1.5), count(1, 0.5)])
    assert chart.rate
    assert chart.compare
    assert [bar.width for bar in chart.bars] == ["75.0", "25.0"]
    assert [bar.reference for bar in chart.bars] == ["100.0", "100.0"]


def test_unknown_has_no_length() -> None:
    assert charts.bars([count(None, None)]).bars[0].width is None


def test_what_was_found_where_the_sources_fall_short_is_drawn_as_at_least() -> None:
    chart = charts.bars([count(None, None, None, None, found=6), count(None, None, None, None, found=3), count(None, None, None, None)])
    assert [(bar.width, bar.least) for bar in chart.bars] == [("80.0", True), ("40.0", True), (None, False)]


@pytest.mark.parametrize(("number", "found", "text"), [(12, 12, "12"), (0, 0, "0"), (None, 7, "minstens 7"), (None, 0, "onbekend")])
def test_a_count_is_known_or_at_least_or_unknown(number: int | None, found: int, text: str) -> None:
    assert written.or_least(number, found) == text


def test_a_municipality_is_not_compared_with_itself() -> None:
    assert not charts.bars([count(10, 2.0)]).compare


def test_numbers_of_a_wijk_are_not_drawn_against_those_of_the_whole_municipality() -> None:
    chart = charts.bars([count(1, None, 10, 2.0)])
    assert not chart.rate
    assert not chart.compare


@given(st.lists(st.one_of(st.none(), st.integers(0, 10_000)), max_size=12))
def test_bars_stay_in_the_drawing(numbers: list[int | None]) -> None:
    lengths = [bar.width for bar in charts.bars([count(number, None) for number in numbers]).bars]
    assert all(length is None or 0 <= float(length) <= 100 for length in lengths)


@pytest.mark.parametrize(
    ("name", "value", "href"),
    [
        ("website", "https://x.example/a", "https://x.example/a"),
        ("website", "javascript:alert(1)", ""),
        ("email", "a@b.example", "mailto:a@b.example"),
        ("email", "geen adres", ""),
        ("phone", "+31 70 123 45 67", "tel:+31701234567"),
        ("phone", "070-1; 070-2", ""),
        ("name", "https://x.example", ""),
    ],
)
def test_only_what_is_safe_to_follow_becomes_a_link(name: str, value: str, href: str) -> None:
    assert link(name, value) == href


def test_codes_become_words() -> None:
    assert readable("kind", "library", "nl") == "bibliotheek"
    assert readable("kind", "library", "en") == "library"
    assert readable("functions", "eat;meet", "nl") == "eten en drinken, ontmoeten"
    assert readable("wheelchair", "limited", "nl") == "deels"
    assert readable("kind", "kind_of_yesterday", "nl") == "kind_of_yesterday"


def test_an_unknown_state_of_coverage_is_unknown() -> None:
    assert labels.coverage_label("nonsense") == labels.coverage_label("unknown") == "Onbekend"


def notice(code: str, subject: str, **details: str | int) -> NoticeRow:
    return NoticeRow(code=code, subject=subject, message="English.", details=dict(details))


def test_notices_of_one_kind_stand_together_and_long_lists_are_cut() -> None:
    rows = [notice("figures.not_joined", f"WK{number}", name=f"Wijk {number}", year=2022, reason="other_name") for number in range(60)]
    groups = notices.grouped([*rows, notice("osm.no_geometry", "way/1")])
    assert [(group.count, len(group.items), group.left_out) for group in groups] == [(60, 50, 10), (1, 1, 0)]
    assert groups[0].items[0] == "Wijk 0 (WK0), cijfers van 2022. In dat jaar hoorde de code bij een gebied met een andere naam."
    assert groups[1].items == ["way/1"]


def test_visitors_read_only_notices_that_we_know_and_of_open_sources(study: Study) -> None:
    view = queries.study("kleindorp")
    assert view is not None
    rows = [
        notice("opening_hours.broken", "1", name="Bieb", value="altijd", source="osm"),
        notice("opening_hours.broken", "2", name="Geheim", value="nooit", source="secret_list"),
        notice("list.row", "3"),
        notice("osm.incomplete_relations", "x.pbf", relations=4),
    ]
    groups = notices.grouped(notices.open_ones(rows, view))
    assert [group.items for group in groups] == [["Bieb: altijd"], ["4"]]


def test_a_refusal_without_a_text_of_its_own_shows_its_code() -> None:
    assert error_text("reason.absent") == "Vul in waarom u dit doet."
    assert error_text("thing.new").endswith("(thing.new)")
    assert all(str(text) for text in TEXTS.values())


@pytest.mark.parametrize(
    ("contact", "uri"), [("a@b.nl", "mailto:a@b.nl"), ("https://a.nl", "https://a.nl"), ("tel:+31", "tel:+31"), ("", "")]
)
def test_a_contact_becomes_a_uri(contact: str, uri: str) -> None:
    assert contact_uri(contact) == uri


def test_the_day_on_which_a_place_was_looked_at_is_written_out() -> None:
    with override("nl"):
        assert readable("last_verified", "2026-01-05", "nl") == "5 januari 2026"


def test_a_bar_has_its_part_of_the_largest_and_none_where_nothing_is() -> None:
    with override("nl"):
        assert [bar_width(value, 3) for value in (3, 1, 0, None)] == ["100.0", "33.3", "0.0", "0.0"]
    assert bar_width(0, 0) == "0.0"


def test_what_an_address_asks_is_never_longer_than_what_there_is() -> None:
    asked = QueryDict(f"wat=%20benefits%20&groep={'x' * 5000}")
    assert (asked_text(asked, "wat"), len(asked_text(asked, "groep")), asked_text(asked, "met")) == ("benefits", 100, "")
