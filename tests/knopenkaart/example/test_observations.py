# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was observed in the invented municipality: files with known headers, drawn around a known truth, and what the room makes of them."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import astuple
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from knopenkaart.example import ExampleFiles, PlaceTruth, known_truth, write_example
from knopenkaart.operation import (
    Board,
    Booking,
    Building,
    EarlyWarning,
    Estimate,
    Money,
    PlaceFacts,
    RoomHours,
    VisitMonth,
    costs,
    early_warning,
    hours_from_bookings,
    occupancy,
)
from knopenkaart.sources.bookings import guess_bookings, read_bookings
from knopenkaart.sources.counters import guess_counts, guess_series, read_counts, read_series
from knopenkaart.study import Study
from knopenkaart.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
TODAY = date(2026, 1, 15)
SEED = 2012


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted(files: ExampleFiles) -> Iterator[tuple[str, date, str, str, int]]:
    for sheet in openpyxl.load_workbook(files.observations.counts):
        [header, *found] = sheet.iter_rows(values_only=True)
        assert header == ("Locatie", "Datum", "Dagdeel", "Groep", "Aantal")
        assert {name for name, *_ in found} == {sheet.title}
        yield from ((name, when.date(), part, group, number) for name, when, part, group, number in found)


@pytest.fixture(scope="module")
def truth() -> dict[str, PlaceTruth]:
    return known_truth(seed=SEED)


def called(truth: dict[str, PlaceTruth], begin: str, nth: int = 0) -> str:
    return [name for name in truth if name.startswith(begin)][nth]


def test_the_files_have_the_headers_that_readers_know(example_files: ExampleFiles) -> None:
    seen = {path.name: path.read_text(encoding="utf-8").splitlines()[0] for path in astuple(example_files.observations)[1:]}
    assert seen == {
        "waterlinde_kaartjes.csv": "place,card,date,frequency,regular,origin,age,recognise,greet,different,elsewhere",
        "waterlinde_bezoekreeks.csv": "Locatie,Maand,Bezoeken",
        "waterlinde_boekingen.csv": "Gebouw,Zaal,Datum,Begintijd,Eindtijd,Activiteit",
        "waterlinde_zalen.csv": "Locatie,Zaal,Oppervlakte m2,Dagdeel,Beschikbare uren,Gebruikte uren",
        "waterlinde_exploitatie.csv": "Locatie,Jaar,Post,Bedrag",
        "waterlinde_bestuur.csv": "Locatie,Bestuursplekken,Vacatures,Leeftijd meeste bestuursleden,Opvolging in beeld,"
        "Vrijwilligersuren per week,Weken open per jaar,Uren per bezoek,Oppervlakte m2,Conditie gebouw,Achterstallig onderhoud,"
        "Geplande investering,Jaar investering,Gedekt,Subsidie tot,Nagekeken op",
    }


def test_each_observed_place_is_one_place_of_the_study(example_study: Study, truth: dict[str, PlaceTruth]) -> None:
    names = Counter(example_study.table("places")["name"])
    assert {name: names[name] for name in truth} == dict.fromkeys(truth, 1)
    archetypes = example_study.table("places").set_index("name")["archetype"]
    assert Counter(archetypes[name] for name in truth) == {"living_room": 7, "village_square": 4, "hotspot": 2}


def test_the_same_seed_gives_the_same_observations(example_files: ExampleFiles, tmp_path: Path) -> None:
    again = write_example(tmp_path, seed=SEED)
    assert list(counted(again)) == list(counted(example_files))
    for one, other in zip(astuple(again.observations)[1:], astuple(example_files.observations)[1:], strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_the_counted_weeks_lie_around_the_truth(example_files: ExampleFiles, truth: dict[str, PlaceTruth]) -> None:
    """Four weeks, of which one daypart in 25 was missed: the sum over the dayparts of the mean of those that were counted."""
    sums: defaultdict[tuple[str, str], Counter[date]] = defaultdict(Counter)
    for name, when, part, _, number in counted(example_files):
        sums[name, f"{when.isoweekday()} {part}"][when] += number
    estimates: Counter[str] = Counter()
    for (name, _), dates in sums.items():
        estimates[name] += sum(dates.values()) / len(dates)  # type: ignore[assignment]
    full = {name: found for name, found in truth.items() if not name.startswith(("Repair", "Kinderboerderij", "Zwembad"))}
    for name, found in full.items():
        assert estimates[name] == pytest.approx(found.visits, rel=0.2), name
    assert sum(estimates[name] for name in full) == pytest.approx(sum(found.visits for found in full.values()), rel=0.07)


def test_the_groups_are_those_of_the_truth(example_files: ExampleFiles, truth: dict[str, PlaceTruth]) -> None:
    groups = {group.nl: group.id for group in VOCABULARY.groups.values()}
    name = called(truth, "Bibliotheek")
    counts: Counter[str] = Counter()
    for place, _, _, group, number in counted(example_files):
        if place == name:
            counts[groups.get(group, group)] += number
    assert 0 < counts.pop("onbekend") < 0.05 * counts.total()
    for group, part in truth[name].groups.items():
        assert counts[group] / counts.total() == pytest.approx(part / truth[name].visits, abs=0.03)


def test_two_places_were_counted_in_one_week_only_and_the_pool_has_a_turnstile(
    example_files: ExampleFiles, truth: dict[str, PlaceTruth]
) -> None:
    weeks: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for name, when, *_ in counted(example_files):
        weeks[name].add(when.isocalendar()[:2])
    assert {name: len(weeks[name]) for name in truth if len(weeks[name]) < 4} == {
        called(truth, "Zwembad"): 0,
        called(truth, "Kinderboerderij"): 1,
        called(truth, "Repair"): 1,
    }


def test_dayparts_without_anybody_of_a_group_are_zeros_and_not_absent(example_files: ExampleFiles) -> None:
    cells = Counter((name, when, part) for name, when, part, group, _ in counted(example_files) if group != "onbekend")
    assert set(cells.values()) == {5}
    assert any(number == 0 for *_, number in counted(example_files))


def test_cards_are_of_those_who_come_and_so_of_those_who_come_often(example_files: ExampleFiles, truth: dict[str, PlaceTruth]) -> None:
    cards = rows(example_files.observations.cards)
    per_place = Counter(card["place"] for card in cards)
    assert set(per_place) == set(truth)
    assert {name for name, number in per_place.items() if number < 10} == {called(truth, "Repair"), called(truth, "Kinderboerderij")}
    assert max(per_place.values()) == 110
    assert len({card["card"] for card in cards}) == len(cards)
    often = [int(card["frequency"]) for card in cards if card["place"] == called(truth, "Bibliotheek") and card["frequency"]]
    regular = truth[called(truth, "Bibliotheek")].regular_share
    on_site = sum(number >= 4 for number in often) / len(often)
    # Each card stands for one visit in so many: weighting by one over the visits takes the bias away.
    weighted = sum(1 / number for number in often if number >= 4) / sum(1 / number for number in often)
    assert on_site > regular + 0.1
    assert weighted == pytest.approx(regular, abs=0.12)


def test_cards_hold_what_the_table_of_cards_allows(example_files: ExampleFiles, truth: dict[str, PlaceTruth]) -> None:
    classes = ["", "0", "1_2", "3_5", "6_10", "11_20", "over_20"]
    for card in rows(example_files.observations.cards):
        assert card["frequency"] == "" or 1 <= int(card["frequency"]) <= 28
        assert card["regular"] in ("", "yes", "no", "varies")
        assert card["age"] == "" or VOCABULARY.groups[card["age"]].dimension == "age"
        assert card["origin"] == "" or (len(card["origin"]) == 4 and card["origin"].isdigit())
        assert card["elsewhere"] in ("", "other", "nowhere") or (card["elsewhere"] in truth and card["elsewhere"] != card["place"])
        levels = [classes.index(card[name]) for name in ("recognise", "greet", "different") if card[name]]
        assert levels == sorted(levels, reverse=True), "one cannot greet more people than one recognises"


def test_a_series_has_a_dip_and_months_that_nobody_has(example_files: ExampleFiles, truth: dict[str, PlaceTruth]) -> None:
    series: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(example_files.observations.series):
        series[row["Locatie"]][row["Maand"]] = row["Bezoeken"]
    assert set(series) == {called(truth, "Bibliotheek"), called(truth, "Zwembad")}
    for months in series.values():
        assert len(months) == 60
        by_year = Counter(
            {year: sum(int(n) for month, n in months.items() if month.startswith(year) and n) for year in ("2021", "2022", "2025")}
        )
        assert by_year["2021"] < 0.75 * by_year["2022"]
    pool = series[called(truth, "Zwembad")]
    assert [month for month, visits in pool.items() if visits == ""] == ["2023-06", "2023-07", "2023-08"]


def test_the_reader_of_counts_takes_each_sheet_whole(example_files: ExampleFiles, truth: dict[str, PlaceTruth]) -> None:
    file, name = example_files.observations.counts, called(truth, "Buurthuis")
    columns = guess_counts(file, vocabulary=VOCABULARY, sheet=name)
    read = read_counts(file, columns=columns, vocabulary=VOCABULARY, place_id="p")
    assert read.faults == ()
    mine = [(when, group, number) for place, when, _, group, number in counted(example_files) if place == name]
    assert len(read.counts) == len(mine)
    assert int(read.counts["people"].sum()) == sum(number for *_, number in mine)
    assert set(read.counts["group"]) == {*(group for group in VOCABULARY.groups if group.startswith("age_")), "unknown"}


def test_the_reader_of_series_takes_every_month(example_files: ExampleFiles, truth: dict[str, PlaceTruth]) -> None:
    file = example_files.observations.series
    read = read_series(file, columns=guess_series(file), places={name: name for name in truth})
    assert read.faults == ()
    assert len(read.series) == 120
    assert int(read.series["visits"].isna().sum()) == 3


# ---------------------------------------------------------------------------------------------- what the room makes of them


class Records:
    """The observations of the example as the room takes them, read in the plainest way."""

    def __init__(self, files: ExampleFiles, study: Study, truth: dict[str, PlaceTruth]) -> None:
        self._files, self._truth = files.observations, truth
        self._archetypes = study.table("places").set_index("name")["archetype"]
        self._slots = {slot.nl: slot.id for slot in VOCABULARY.slots.values()}
        self._money = {item.nl: item.id for item in VOCABULARY.money.values()}
        self._groups = {group.nl: group.id for group in VOCABULARY.groups.values()}

    def rooms(self, name: str) -> tuple[RoomHours, ...]:
        found = [
            RoomHours(
                name, f"{name}: {row['Zaal']}", self._slots[row["Dagdeel"]], float(row["Beschikbare uren"]), _number(row["Gebruikte uren"])
            )
            for row in rows(self._files.rooms)
            if row["Locatie"] == name
        ]
        booked = {booking.room for booking in self.bookings(name)}
        hours = hours_from_bookings(
            [row for row in found if row.room in booked],
            self.bookings(name),
            VOCABULARY.week(),
            first=date(2025, 9, 1),
            last=date(2025, 11, 30),
        )
        return (*(row for row in found if row.room not in booked), *hours.rows)

    def bookings(self, name: str) -> list[Booking]:
        return [
            Booking(f"{name}: {row['Zaal']}", *(datetime.fromisoformat(f"{row['Datum']}T{row[end]}") for end in ("Begintijd", "Eindtijd")))
            for row in rows(self._files.bookings)
            if row["Gebouw"] == name
        ]

    def facts(self, name: str) -> PlaceFacts:
        [board] = [row for row in rows(self._files.boards) if row["Locatie"] == name] or [defaultdict(str)]
        visits = self._truth[name].visits
        return PlaceFacts(
            name,
            self._archetypes[name],
            TODAY,
            rooms=self.rooms(name),
            money=tuple(
                Money(name, int(row["Jaar"]), self._money[row["Post"]], float(row["Bedrag"]))
                for row in rows(self._files.money)
                if row["Locatie"] == name
            ),
            board=Board(
                seats=_whole(board["Bestuursplekken"]),
                vacant=_whole(board["Vacatures"]),
                ages=self._groups.get(board["Leeftijd meeste bestuursleden"]),
                successors={"ja": True, "nee": False}.get(board["Opvolging in beeld"]),
                volunteer_hours=_number(board["Vrijwilligersuren per week"]),
            ),
            building=Building(
                m2=_number(board["Oppervlakte m2"]),
                condition=_whole(board["Conditie gebouw"]),
                postponed_eur=_number(board["Achterstallig onderhoud"]),
                investment_eur=_number(board["Geplande investering"]),
                investment_year=_whole(board["Jaar investering"]),
                covered_eur=_number(board["Gedekt"]),
            ),
            visits=Estimate(visits, 0.8 * visits, 1.25 * visits),
            group_visits=dict(self._truth[name].groups),
            regular_share=self._truth[name].regular_share,
            months=tuple(
                VisitMonth(int(row["Maand"][:4]), int(row["Maand"][5:]), _number(row["Bezoeken"]))
                for row in rows(self._files.series)
                if row["Locatie"] == name
            ),
            weeks_open=_number(board["Weken open per jaar"]),
            dwell_hours=_number(board["Uren per bezoek"]),
            subsidy_until=date.fromisoformat(board["Subsidie tot"]) if board["Subsidie tot"] else None,
            checked=date.fromisoformat(board["Nagekeken op"]) if board["Nagekeken op"] else None,
        )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _whole(text: str) -> int | None:
    return int(text) if text else None


@pytest.fixture(scope="module")
def records(example_files: ExampleFiles, example_study: Study, truth: dict[str, PlaceTruth]) -> Records:
    return Records(example_files, example_study, truth)


def raised(found: EarlyWarning) -> set[str]:
    return {item.signal.id for item in found.raised}


def test_the_occupancy_of_a_community_centre_recomputed_by_hand(records: Records, truth: dict[str, PlaceTruth]) -> None:
    """Rooms and rough weeks added up with nothing but the file of the bookings: quarters of an hour that are taken, over thirteen weeks."""
    name = called(truth, "Buurthuis")
    found = occupancy(records.rooms(name), VOCABULARY.week())
    taken = {
        (booking.room, booking.start.date(), quarter)
        for booking in records.bookings(name)
        for quarter in range(_quarter(booking.start), _quarter(booking.end))
    }
    hall = sum(room.endswith("Grote zaal") for room, _, _ in taken) / 4 / 13
    # The kitchen is not available on Saturdays.
    kitchen = sum(room.endswith("Keuken") and when.isoweekday() != 6 for room, when, _ in taken) / 4 / 13
    studio = (2 + 2 + 2) + (3 + 3 + 2) + 3
    # Available: hall 6 x 4, 6 x 6 and 5 x 5 hours; kitchen and studio 5 x 4, 5 x 6 and 5 x 5 each.
    assert found.whole.available == 85 + 75 + 75
    assert found.whole.used == pytest.approx(hall + kitchen + studio)
    assert found.rooms[f"{name}: Grote zaal"].share == pytest.approx(hall / 85)
    assert found.rooms[f"{name}: Atelier"].used == 17
    assert [(item.code, item.room, item.slot) for item in found.findings] == [
        ("use.outside", f"{name}: Keuken", "sa_afternoon"),
        ("use.outside", f"{name}: Keuken", "sa_evening"),
    ]
    assert found.by_bookings == pytest.approx(160 / 235)


def _quarter(moment: datetime) -> int:
    return 4 * moment.hour + moment.minute // 15


def test_the_reader_of_bookings_finds_the_same_hours(example_files: ExampleFiles, records: Records, truth: dict[str, PlaceTruth]) -> None:
    """Two ways to reckon hours per week from an export, written apart, agree."""
    file, name = example_files.observations.bookings, called(truth, "Buurthuis")
    rooms = {f"{name}: {room}": room for room in ("Grote zaal", "Keuken")}
    read = read_bookings(file, columns=guess_bookings(file), vocabulary=VOCABULARY, place_id=name, rooms=rooms)
    theirs = {(row.room, row.slot): row.used for row in read.hours.itertuples() if row.used > 0}
    mine = {(row.room, row.slot): row.used for row in records.rooms(name) if row.basis == "bookings" and row.used}
    assert theirs == pytest.approx(mine)


def test_the_cost_per_visit_of_a_community_centre_recomputed_by_hand(records: Records, truth: dict[str, PlaceTruth]) -> None:
    name = called(truth, "Buurthuis")
    # 26+22+24+28+18 in mornings, 18+24+36+20+14 in afternoons, 16+18+20 in evenings: 284 visits a week; 48 weeks: 13,632 visits in a year.
    assert truth[name].visits == 284
    found = costs(records.facts(name), VOCABULARY.money)
    assert found.year is not None
    # Costs of 2025: 16,400 + 11,200 + 5,200 + 25,000 + 6,400 + 2,000 + 8,300; income but subsidy: 16,800 + 10,400 + 4,400 + 900.
    assert (found.year.year, found.year.costs, found.year.net) == (2025, 74_500, 74_500 - 32_500)
    expected = {
        "cost_per_visit": 74_500 / 13_632,
        "full_cost_per_visit": 86_500 / 13_632,
        "net_per_visit": 42_000 / 13_632,
        "subsidy_per_visit": 45_000 / 13_632,
        "cost_per_visit_hour": 74_500 / 13_632 / 2.0,
        "net_per_visit_hour": 42_000 / 13_632 / 2.0,
        "cost_per_m2": 74_500 / 380,
    }
    assert {name: figure.estimate.value for name, figure in found.figures.items() if figure.estimate} == pytest.approx(expected)
    estimate = found.figures["cost_per_visit"].estimate
    assert estimate is not None
    assert (estimate.low, estimate.high) == pytest.approx((74_500 / 13_632 / 1.25, 74_500 / 13_632 / 0.8))


def test_one_place_struggles_and_the_reasons_are_told(records: Records, truth: dict[str, PlaceTruth]) -> None:
    found = early_warning(records.facts(called(truth, "Buurthuis", 1)), VOCABULARY)
    assert raised(found) == {
        "subsidy_ends",
        "shortfall_living_room",
        "board_vacancies",
        "few_volunteer_hours",
        "building_condition",
        "uncovered_investment",
        "few_hours_used_living_room",
        "no_succession",
        "postponed_maintenance",
    }
    assert found.raised[0].signal.level == "soon"


def test_one_living_room_costs_money_and_is_fine(records: Records, truth: dict[str, PlaceTruth]) -> None:
    facts = records.facts(called(truth, "Inloop"))
    found = costs(facts, VOCABULARY.money)
    assert found.year is not None
    assert found.year.own_income < 0.1 * found.year.costs
    assert raised(early_warning(facts, VOCABULARY)) == set()


def test_one_village_square_has_one_group_and_few_dayparts(records: Records, truth: dict[str, PlaceTruth]) -> None:
    found = early_warning(records.facts(called(truth, "Bibliotheek", 1)), VOCABULARY)
    assert {"one_group", "few_dayparts_used"} <= raised(found)
    assert raised(early_warning(records.facts(called(truth, "Bibliotheek")), VOCABULARY)) == {"one_income"}


def test_a_pool_loses_visitors_and_a_theatre_carries_its_costs(records: Records, truth: dict[str, PlaceTruth]) -> None:
    assert {"visits_fall", "low_recovery"} <= raised(early_warning(records.facts(called(truth, "Zwembad")), VOCABULARY))
    assert raised(early_warning(records.facts(called(truth, "Theater")), VOCABULARY)) == set()


def test_of_one_place_nearly_nothing_is_known_and_of_another_the_energy_is_missing(records: Records, truth: dict[str, PlaceTruth]) -> None:
    found = early_warning(records.facts(called(truth, "Repair")), VOCABULARY)
    assert raised(found) <= {"few_regulars"}
    assert len(found.unknown) >= 10
    bare = costs(records.facts(called(truth, "Buurthuis", 2)), VOCABULARY.money)
    assert bare.figures["cost_per_visit"].missing == ("energy",)
    assert bare.figures["cost_per_visit"].assumed == ("weeks_open",)
