# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How full a place is: by hand, from a rough week and from bookings, with everything told that does not fit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.errors import InputError
from knopenkaart.operation import Booking, Conventions, RoomHours, Use, hours_from_bookings, hours_of, occupancy
from knopenkaart.vocabulary import load_vocabulary

WEEK = load_vocabulary().week()
SLOTS = [slot.id for slot in WEEK]
# Monday 5 January to Sunday 1 February 2026: four of every weekday.
FIRST, LAST = date(2026, 1, 5), date(2026, 2, 1)


def hours(room: str, slot: str, available: float, used: float | None = None, basis: str = "grid") -> RoomHours:
    return RoomHours("p", room, slot, available, used, basis)


def at(day: int, start: str, end: str, room: str = "hall") -> Booking:
    """A booking on a day of January 2026."""
    begin, stop = (datetime.fromisoformat(f"2026-01-{day:02}T{clock}") for clock in (start, end))
    return Booking(room, begin, stop)


def test_used_hours_over_available_hours_by_room_by_daypart_and_whole() -> None:
    found = occupancy(
        [
            hours("hall", "mo_morning", 4, 3),
            hours("hall", "mo_evening", 4, 1),
            hours("kitchen", "mo_morning", 4, 1),
            hours("kitchen", "mo_evening", 2, 0),
        ],
        WEEK,
    )
    # 3 + 1 + 1 + 0 of 4 + 4 + 4 + 2 hours.
    assert found.whole == Use(14, 14, 5)
    assert found.whole.share == pytest.approx(5 / 14)
    assert found.whole.free == 9
    assert {room: use.share for room, use in found.rooms.items()} == {"hall": 0.5, "kitchen": pytest.approx(1 / 6)}
    assert {slot: use.share for slot, use in found.slots.items()} == {"mo_morning": 0.5, "mo_evening": pytest.approx(1 / 6)}
    assert found.cells["kitchen", "mo_evening"].free == 2
    assert found.findings == ()


def test_hours_of_which_nobody_says_the_use_are_no_empty_hours() -> None:
    found = occupancy([hours("hall", "mo_morning", 4, 3), hours("hall", "tu_morning", 4)], WEEK)
    assert found.whole == Use(available=8, known=4, used=3)
    assert found.whole.share == 0.75
    assert found.whole.known_share == 0.5
    assert found.whole.free == 1, "the other four hours may be free or not"
    assert found.slots["tu_morning"].share is None
    assert found.quiet == ()


def test_more_hours_than_there_are_is_told_and_no_share_is_above_one() -> None:
    found = occupancy([hours("hall", "mo_morning", 2, 3.5), hours("hall", "su_evening", 0, 1), hours("hall", "tu_morning", 4, 0)], WEEK)
    assert found.slots["mo_morning"].share == 1
    assert found.whole == Use(available=6, known=6, used=2, beyond=2.5)
    assert [(item.code, item.slot, item.used, item.available) for item in found.findings] == [
        ("use.beyond", "mo_morning", 3.5, 2),
        ("use.outside", "su_evening", 1, 0),
    ]


def test_peaks_and_quiet_dayparts_stand_in_the_order_of_the_week() -> None:
    rows = [
        hours("hall", "sa_evening", 5, 4),
        hours("hall", "tu_morning", 4, 4),
        hours("hall", "mo_morning", 4, 1),
        hours("hall", "we_morning", 4, 2),
    ]
    found = occupancy(rows, WEEK)
    assert found.peaks == ("tu_morning", "sa_evening")
    assert found.quiet == ("mo_morning",)
    assert list(found.slots) == ["mo_morning", "tu_morning", "we_morning", "sa_evening"]
    strict = occupancy(rows, WEEK, conventions=Conventions(busy_share=0.9, quiet_share=0.1))
    assert (strict.peaks, strict.quiet) == (("tu_morning",), ())


def test_dayparts_in_which_something_happens() -> None:
    found = occupancy([hours("hall", "mo_morning", 4, 0.5), hours("hall", "tu_morning", 4, 0), hours("hall", "we_morning", 4)], WEEK)
    assert found.used_daypart_share == 0.5
    assert occupancy([], WEEK).used_daypart_share is None


def test_it_says_how_much_rests_on_bookings() -> None:
    rows = [hours("hall", "mo_morning", 3, 1, "bookings"), hours("cellar", "mo_morning", 1, 1), hours("attic", "mo_morning", 4)]
    assert occupancy(rows, WEEK).by_bookings == 0.75
    assert occupancy([], WEEK).by_bookings == 0


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (hours("hall", "lunch", 1), "use.slot_unknown"),
        (hours("hall", "mo_morning", 4.5), "use.hours_available"),
        (hours("hall", "mo_morning", -1), "use.hours_available"),
        (hours("hall", "mo_morning", float("nan")), "use.hours_available"),
        (hours("hall", "mo_morning", 4, -0.5), "use.hours_used"),
        (hours("hall", "mo_morning", 4, float("nan")), "use.hours_used"),
    ],
)
def test_hours_that_cannot_be_are_refused(row: RoomHours, code: str) -> None:
    with pytest.raises(InputError) as caught:
        occupancy([hours("hall", "tu_morning", 4, 1), row], WEEK)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_all_faults_are_told_together() -> None:
    with pytest.raises(InputError) as caught:
        occupancy([hours("hall", "mo_morning", 9), hours("hall", "mo_morning", 4, -1), hours("hall", "never", 1)], WEEK)
    assert [fault.code for fault in caught.value.faults] == [
        "use.hours_available",
        "use.hours_used",
        "use.slot_unknown",
        "use.hours_twice",
    ]


cells = st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(SLOTS))
amounts = st.tuples(st.floats(0, 1), st.none() | st.floats(0, 40))


@given(st.dictionaries(cells, amounts, max_size=30))
def test_no_share_is_above_one_and_no_hour_is_lost(table: dict[tuple[str, str], tuple[float, float | None]]) -> None:
    longest = {slot.id: hours_of(slot) for slot in WEEK}
    rows = [hours(room, slot, part * longest[slot], used) for (room, slot), (part, used) in table.items()]
    found = occupancy(rows, WEEK)
    for use in (found.whole, *found.rooms.values(), *found.slots.values(), *found.cells.values()):
        assert use.share is None or 0 <= use.share <= 1 + 1e-12
        assert use.used <= use.known + 1e-9 <= use.available + 2e-9
        assert use.free >= -1e-9
    told = sum(row.used for row in rows if row.used is not None)
    assert found.whole.used + found.whole.beyond == pytest.approx(told)
    for parts in (found.rooms, found.slots):
        assert sum(use.used for use in parts.values()) == pytest.approx(found.whole.used)
        assert sum(use.available for use in parts.values()) == pytest.approx(found.whole.available)


ROOMS = [hours("hall", "mo_morning", 4), hours("hall", "mo_afternoon", 6), hours("kitchen", "mo_morning", 4)]


def test_bookings_become_hours_per_week() -> None:
    # Mondays 5, 12, 19 and 26 January: 10-12, 11-13 (overlapping 10-12 of the same day by an hour), 9-10.
    found = hours_from_bookings(
        ROOMS, [at(5, "10:00", "12:00"), at(5, "11:00", "13:00"), at(12, "09:00", "10:00")], WEEK, first=FIRST, last=LAST
    )
    used = {(row.room, row.slot): row.used for row in found.rows}
    # Morning: 10-12 and 9-10 are 3 hours in 4 weeks; afternoon: 12-13 is 1 hour in 4 weeks.
    assert used == {("hall", "mo_morning"): 0.75, ("hall", "mo_afternoon"): 0.25, ("kitchen", "mo_morning"): 0}
    assert {row.basis for row in found.rows} == {"bookings"}
    assert (found.outside_hours, found.unknown_rooms) == (0, ())


def test_booked_hours_outside_every_daypart_and_unknown_rooms_are_told() -> None:
    bookings = [at(5, "06:30", "09:00"), at(6, "19:00", "20:00"), at(7, "10:00", "11:00", room="attic")]
    found = hours_from_bookings(ROOMS, bookings, WEEK, first=FIRST, last=LAST)
    assert found.outside_hours == pytest.approx(1.5)
    assert found.unknown_rooms == ("attic",)
    [extra] = [row for row in found.rows if row.slot == "tu_evening"]
    assert (extra.available, extra.used) == (0, 0.25), "booked where the hall is not available: kept, and a finding of its own"
    assert [item.code for item in occupancy(found.rows, WEEK).findings] == ["use.outside"]


def test_a_booking_past_midnight_and_over_the_edge_of_the_period_counts_for_what_is_inside() -> None:
    late = Booking("hall", datetime.fromisoformat("2026-02-01T22:00"), datetime.fromisoformat("2026-02-02T09:00"))
    early = Booking("hall", datetime.fromisoformat("2026-01-04T22:00"), datetime.fromisoformat("2026-01-05T09:00"))
    found = hours_from_bookings(
        [hours("hall", "su_evening", 5), hours("hall", "mo_morning", 4)], [late, early], WEEK, first=FIRST, last=LAST
    )
    assert {row.slot: row.used for row in found.rows} == {"su_evening": 0.25, "mo_morning": 0.25}
    # 23:00 to midnight at the end, midnight to 08:00 at the beginning.
    assert found.outside_hours == pytest.approx(9)


def test_a_period_of_ten_days_divides_by_the_weekdays_that_it_holds() -> None:
    # Monday 5 to Wednesday 14 January: two Mondays, one Thursday.
    rooms = [hours("hall", "mo_morning", 4), hours("hall", "th_morning", 4)]
    found = hours_from_bookings(rooms, [at(5, "09:00", "11:00"), at(8, "09:00", "11:00")], WEEK, first=FIRST, last=date(2026, 1, 14))
    assert {row.slot: row.used for row in found.rows} == {"mo_morning": 1, "th_morning": 2}


def test_less_than_a_week_and_bookings_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        hours_from_bookings(ROOMS, [], WEEK, first=FIRST, last=FIRST + timedelta(days=5))
    assert caught.value.code == "use.period"
    with pytest.raises(InputError) as caught:
        hours_from_bookings(ROOMS, [at(5, "12:00", "10:00")], WEEK, first=FIRST, last=LAST)
    assert caught.value.code == "use.booking"


starts = st.integers(0, 28 * 24 * 4 - 1)


@given(st.lists(st.tuples(starts, st.integers(1, 60)), max_size=25))
def test_hours_inside_and_outside_add_up_to_the_hours_in_which_somebody_was_there(quarters: list[tuple[int, int]]) -> None:
    begin, quarter = datetime.fromisoformat("2026-01-05T00:00"), timedelta(minutes=15)
    bookings = [Booking("hall", begin + start * quarter, begin + (start + length) * quarter) for start, length in quarters]
    found = hours_from_bookings([hours("hall", "mo_morning", 4)], bookings, WEEK, first=FIRST, last=LAST)
    taken = {number for start, length in quarters for number in range(start, start + length) if number < 28 * 24 * 4}
    assert 4 * sum(row.used or 0 for row in found.rows) + found.outside_hours == pytest.approx(len(taken) / 4)
