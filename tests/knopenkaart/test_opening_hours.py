# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Opening hours: the hours of real life, holidays and nights included, and broken values that are never lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.opening_hours import Interval, is_open, is_valid, same_every_week, weekly

DELFT = {"lon": 4.36, "lat": 52.01}
LIBRARY = "Mo-Fr 09:00-17:00; Sa 10:00-13:00; PH off"
KINGS_DAY = datetime(2026, 4, 27, 12, 0)  # noqa: DTZ001  a Monday, local time of the place
JANUARY_2025 = datetime(2025, 1, 1)  # noqa: DTZ001
DAY_AFTER = datetime(2026, 4, 28, 12, 0)  # noqa: DTZ001


@pytest.mark.parametrize("text", ["24/7", "Mo-Fr 09:00-17:00", " Mo 10:00-12:00 ", 'We 10:00-12:00 "op afspraak"', "off", "sunrise-sunset"])
def test_hours_in_the_syntax_of_openstreetmap_are_valid(text: str) -> None:
    assert is_valid(text)


@pytest.mark.parametrize("text", [None, "", "   ", "op afspraak", "maandag tot vrijdag 9-17 uur", "Mo-Fr 25:99-26:00x", "\x00"])
def test_anything_else_is_not_valid_and_nobody_knows_whether_the_place_is_open(text: str | None) -> None:
    assert not is_valid(text)
    assert is_open(text, DAY_AFTER, **DELFT) is None
    assert weekly(text, week=DAY_AFTER.date()) == ()
    assert not same_every_week(text, year=2026)


def test_a_library_is_open_on_a_tuesday_and_closed_at_night() -> None:
    assert is_open(LIBRARY, DAY_AFTER, **DELFT) is True
    assert is_open(LIBRARY, DAY_AFTER.replace(hour=20), **DELFT) is False


@pytest.mark.parametrize("where", [{}, DELFT])
def test_kings_day_is_a_public_holiday_with_and_without_coordinates(where: dict[str, float]) -> None:
    assert is_open(LIBRARY, KINGS_DAY, **where) is False
    assert is_open("Mo-Fr 09:00-17:00", KINGS_DAY, **where) is True


def test_kings_day_is_an_ordinary_day_in_liechtenstein() -> None:
    assert is_open(LIBRARY, KINGS_DAY, lon=9.52, lat=47.14) is True


def test_a_moment_with_a_time_zone_is_converted_to_the_time_of_the_place() -> None:
    # 08:30 UTC is 10:30 in Dutch summer and 09:30 in Dutch winter.
    assert is_open("10:00-11:00", datetime(2026, 7, 1, 8, 30, tzinfo=UTC), **DELFT) is True
    assert is_open("10:00-11:00", datetime(2026, 1, 7, 8, 30, tzinfo=UTC), **DELFT) is False
    assert is_open("10:00-11:00", datetime(2026, 7, 1, 8, 30, tzinfo=UTC)) is True


def test_the_time_zone_follows_the_coordinates() -> None:
    # Noon in Amsterdam is eleven o'clock in London.
    noon = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    assert is_open("12:00-13:00", noon, **DELFT) is True
    assert is_open("12:00-13:00", noon, lon=-0.12, lat=51.5) is False


def test_the_sun_rises_in_the_east_first() -> None:
    at = datetime(2026, 6, 21, 3, 20, tzinfo=UTC)
    assert is_open("sunrise-sunset", at, lon=6.6, lat=52.8) is True
    assert is_open("sunrise-sunset", at, lon=4.1, lat=52.0) is False


@pytest.mark.parametrize(("lon", "lat"), [(6.6, 52.8), (6.35, 52.0), (5.85, 51.84), (5.69, 50.85), (3.61, 51.5), (6.9, 52.22)])
def test_dutch_holidays_hold_in_every_corner_of_the_netherlands(lon: float, lat: float) -> None:
    assert is_open(LIBRARY, KINGS_DAY, lon=lon, lat=lat) is False
    assert is_open(LIBRARY, DAY_AFTER, lon=lon, lat=lat) is True


@pytest.mark.parametrize(("lon", "lat"), [(7.05, 52.43), (6.14, 51.79), (4.77, 51.4), (4.4, 51.22)])
def test_just_across_the_border_they_do_not(lon: float, lat: float) -> None:
    assert is_open(LIBRARY, KINGS_DAY, lon=lon, lat=lat) is True


def test_the_boxes_that_spare_a_look_up_hold_no_foreign_land(real_data: Callable[[str], Path]) -> None:
    land = gpd.read_file(real_data("cbs/gemeenten_2022.gpkg")).to_crs(4326).union_all()
    # The sides towards Germany and Belgium, but for the water of the Westerschelde and Haringvliet, must be Dutch from end to end.
    points = (
        [(6.65, 52.45 + i / 50) for i in range(40)]
        + [(6.4, 51.95 + i / 50) for i in range(26)]
        + [(5.9, 51.52 + i / 50) for i in range(22)]
    )
    points += [(4.5 + i / 50, 51.52) for i in range(70)]
    assert all(land.covers(point) for point in gpd.points_from_xy(*zip(*points, strict=True)))


def test_most_dutch_places_do_not_load_the_map_of_the_world() -> None:
    code = (
        "import resource; from datetime import datetime; from knopenkaart.opening_hours import is_open;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "is_open('Mo 10:00-12:00; PH off', datetime(2026, 1, 1), lon=4.36, lat=52.01);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)})
    assert int(done.stdout) < 20_000  # kB


@pytest.mark.parametrize(("lon", "lat"), [(float("nan"), 52.0), (400.0, 52.0), (4.0, 99.0), (None, 52.0)])
def test_impossible_coordinates_fall_back_on_the_netherlands(lon: float | None, lat: float | None) -> None:
    assert is_open(LIBRARY, DAY_AFTER, lon=lon, lat=lat) is True
    assert is_open(LIBRARY, KINGS_DAY, lon=lon, lat=lat) is False


def test_hours_that_say_unknown_are_unknown_rather_than_closed() -> None:
    assert is_open("Mo-Su 10:00-18:00 unknown", DAY_AFTER, **DELFT) is None
    tuesday = weekly("Tu 10:00-18:00 unknown", week=DAY_AFTER.date())[1]
    assert tuesday.intervals == (Interval("10:00", "18:00", "unknown"),)


def test_a_week_is_seven_days_from_monday_whatever_day_is_asked() -> None:
    for day in range(23, 30):
        week = weekly(LIBRARY, week=date(2026, 11, day), lon=4.36, lat=52.01)
        assert [row.weekday for row in week] == [1, 2, 3, 4, 5, 6, 7]
        assert week[0].day == date(2026, 11, 23)
        assert week[0].intervals == (Interval("09:00", "17:00"),)
        assert week[5].intervals == (Interval("10:00", "13:00"),)
        assert week[6].intervals == ()


def test_the_table_of_a_week_with_a_holiday_shows_it_and_the_ordinary_week_does_not() -> None:
    assert weekly(LIBRARY, week=KINGS_DAY.date(), lon=4.36, lat=52.01)[0].intervals == ()
    assert weekly(LIBRARY, week=KINGS_DAY.date(), lon=4.36, lat=52.01, holidays=False)[0].intervals == (Interval("09:00", "17:00"),)


def test_two_dayparts_and_a_comment_stay_apart() -> None:
    monday = weekly('Mo 09:00-12:00, Mo 13:30-17:00 "via de achterdeur"', week=date(2026, 11, 23))[0]
    assert monday.intervals == (Interval("09:00", "12:00"), Interval("13:30", "17:00", "open", "via de achterdeur"))


def test_a_night_out_belongs_to_the_evening_on_which_it_began() -> None:
    week = weekly("Fr 20:00-02:00", week=date(2026, 11, 23))
    assert week[4].intervals == (Interval("20:00", "02:00"),)
    assert week[5].intervals == ()


def test_the_night_of_sunday_is_not_cut_off_by_the_end_of_the_week() -> None:
    week = weekly("Su 22:00-04:00", week=date(2026, 11, 23))
    assert week[6].intervals == (Interval("22:00", "04:00"),)
    assert week[0].intervals == ()


def test_always_open_is_seven_whole_days() -> None:
    assert all(day.intervals == (Interval("00:00", "24:00"),) for day in weekly("24/7", week=date(2026, 11, 23), lon=4.36, lat=52.01))


def test_seasons_make_weeks_differ_and_holidays_alone_do_not() -> None:
    assert same_every_week(LIBRARY, year=2026)
    assert not same_every_week("Apr-Sep: Mo 10:00-12:00", year=2026)
    assert not same_every_week("Mo[1] 10:00-12:00", year=2026)


def test_the_sun_makes_weeks_differ_where_we_know_the_place() -> None:
    assert not same_every_week("sunrise-sunset", year=2026, **DELFT)


@given(st.text(max_size=40))
def test_no_text_whatsoever_makes_it_fall(text: str) -> None:
    assert is_open(text, DAY_AFTER, **DELFT) in (True, False, None)
    assert len(weekly(text, week=DAY_AFTER.date())) in (0, 7)


@given(
    st.sampled_from(["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]),
    st.integers(0, 23),
    st.integers(1, 24),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
)
def test_the_table_and_the_question_agree(day: str, start: int, length: int, at: datetime) -> None:
    end = min(start + length, 24)
    text = f"{day} {start:02d}:00-{end:02d}:00"
    intervals = weekly(text, week=at.date())[at.weekday()].intervals
    inside = any(interval.start <= f"{at:%H:%M}" < interval.end for interval in intervals)
    assert is_open(text, at) is inside


def test_the_module_is_light() -> None:
    code = "import sys, knopenkaart.opening_hours; print([m for m in ('numpy', 'pandas', 'shapely', 'django') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)})
    assert done.stdout.strip() == "[]"
