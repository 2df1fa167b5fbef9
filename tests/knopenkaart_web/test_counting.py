# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What phones send is stored once and whole; rounds, links, sheets of paper, and what of it is told to whom."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import Ownership, User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.places.models import Study
from knopenkaart_web.visits import actions, queries, throttle
from knopenkaart_web.visits.models import Link, Release, Round, Session, SessionCount

from .counting import AGES, BACK, CENTRE, FRONT, MONDAY, SLUG, ended, round_and_secret, sent, values

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(study: Study, bob: User) -> tuple[str, str]:
    """A round and the secret of its link."""
    return round_and_secret(bob)


def refused(secret: str, data: Any) -> tuple[str, set[str | None]]:
    with pytest.raises(InputError) as caught:
        actions.take_snapshot(secret, data)
    return caught.value.code, {fault.column for fault in caught.value.faults}


# --- what a phone sends -------------------------------------------------------------------------------------------------


def test_the_same_snapshot_sent_again_is_answered_the_same_and_stored_once(counted: tuple[str, str]) -> None:
    data, events = ended(seq=4), Event.objects.count()
    first = actions.take_snapshot(counted[1], data)
    again = [actions.take_snapshot(counted[1], data) for _ in range(3)]
    assert again == [first] * 3
    assert (first.id, first.seq) == (data["id"], 4)
    assert (Session.objects.count(), SessionCount.objects.count()) == (1, len(AGES) + 1)
    assert Event.objects.count() == events + 1


def test_a_later_snapshot_replaces_an_earlier_one_and_an_earlier_one_changes_nothing(counted: tuple[str, str]) -> None:
    number, secret = counted
    data = sent(seq=2)
    actions.take_snapshot(secret, data)
    actions.take_snapshot(secret, ended(id=data["id"], seq=5, counts={"age_0_14": 2}))
    late = actions.take_snapshot(secret, data | {"seq": 3, "counts": {"age_0_14": 99}})
    assert late.seq == 5
    assert {row.group: row.people for row in queries.counts_of(SLUG, number) if row.people} == {"age_0_14": 2}


def test_two_phones_at_two_doors_add_up(counted: tuple[str, str]) -> None:
    number, secret = counted
    for door, people in ((FRONT, 12), (BACK, 30)):
        actions.take_snapshot(secret, ended(door=door, counts={"age_65_plus": people}))
    assert sum(row.people for row in queries.counts_of(SLUG, number)) == 42
    assert queries.doubles(queries.sessions(SLUG, number)) == []


def test_rows_are_those_of_the_engine_with_the_part_of_the_daypart_that_was_counted(counted: tuple[str, str]) -> None:
    number, secret = counted
    actions.take_snapshot(secret, ended())
    actions.take_snapshot(secret, sent(door=BACK))
    rows = queries.counts_of(SLUG, number)
    assert {row.group: row.people for row in rows} == dict.fromkeys(AGES, 0) | {"age_0_14": 3, "age_65_plus": 12, "unknown": 1}
    assert {(row.place_id, row.date, row.slot, row.exposure, row.how) for row in rows} == {(CENTRE, MONDAY, "mo_morning", 0.5, "entering")}


def test_a_count_that_has_not_ended_does_not_count_yet(counted: tuple[str, str]) -> None:
    actions.take_snapshot(counted[1], sent())
    assert queries.counts_of(SLUG, counted[0]) == []


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"date": "2026-03-09"}, "date"),
        ({"slot": "tu_morning"}, "slot"),
        ({"slot": "midnight"}, "slot"),
        ({"door": "zijdeur"}, "door"),
        ({"counts": {"origin_europe": 1}}, "counts"),
        ({"counts": {"age_0_14": -1}}, "counts"),
        ({"counts": {"age_0_14": True}}, "counts"),
        ({"counts": [1]}, "counts"),
        ({"seq": 0}, "seq"),
        ({"id": "een"}, "id"),
        ({"started": "2026-03-02T08:00:00"}, "started"),
        ({"started": "2026-03-12T08:00:00+01:00"}, "started"),
        ({"state": "closed"}, "ended"),
        ({"state": "closed", "ended": "2026-03-02T07:00:00+01:00"}, "ended"),
        ({"weather": "frogs"}, "weather"),
        ({"remark": "x" * 301}, "remark"),
    ],
)
def test_what_does_not_fit_the_round_is_refused_by_name(counted: tuple[str, str], wrong: dict[str, Any], column: str) -> None:
    code, columns = refused(counted[1], sent(**wrong))
    assert code == "snapshot.invalid"
    assert column in columns
    assert Session.objects.count() == 0


def test_all_that_is_wrong_is_told_together(counted: tuple[str, str]) -> None:
    assert refused(counted[1], sent(door="", weather="frogs", seq="2"))[1] == {"door", "weather", "seq"}
    assert refused(counted[1], ["no object"])[0] == "snapshot.invalid"


def test_a_count_of_another_round_is_not_overwritten(counted: tuple[str, str], bob: User) -> None:
    data = sent()
    actions.take_snapshot(counted[1], data)
    _, other = round_and_secret(bob)
    assert refused(other, data | {"seq": 9})[0] == "snapshot.elsewhere"
    assert Session.objects.get().seq == 1


def test_a_link_stops_when_it_is_revoked_or_old_and_nobody_can_read_its_secret(counted: tuple[str, str], bob: User) -> None:
    number, secret = counted
    link = Link.objects.get()
    assert secret not in json.dumps([str(value) for value in vars(link).values()])
    Link.objects.update(expires=timezone.localdate() - timedelta(days=1))
    assert refused(secret, sent())[0] == "link.unknown"
    Link.objects.update(expires=timezone.localdate())
    actions.take_snapshot(secret, sent())
    actions.revoke_link(bob, SLUG, CENTRE, link.pk)
    assert refused(secret, sent())[0] == "link.unknown"
    assert [view.usable for view in queries.links(SLUG, number)] == [False]


def test_a_link_that_sends_on_and_on_has_to_wait(counted: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "BURST", 2)
    monkeypatch.setattr(throttle, "PER_SECOND", 0.0)
    data = sent()
    assert [actions.take_snapshot(counted[1], data | {"seq": seq}).seq for seq in (1, 2)] == [1, 2]
    with pytest.raises(actions.TooOftenError):
        actions.take_snapshot(counted[1], data | {"seq": 3})


def test_the_trail_holds_no_count_and_no_secret(counted: tuple[str, str], bob: User) -> None:
    number, secret = counted
    actions.take_snapshot(secret, ended(counts={"age_0_14": 7919}, remark="mevrouw Jansen was er ook"))
    actions.enter_sheet(bob, SLUG, CENTRE, number, BACK, {(MONDAY, "mo_morning"): {"age_0_14": 7919}})
    trail = " ".join(f"{event.actor} {event.before} {event.after} {event.reason}" for event in Event.objects.all())
    assert "7919" not in trail
    assert "Jansen" not in trail
    assert secret not in trail


def test_an_observer_tells_of_posture_and_activity_and_of_no_person(study: Study, bob: User) -> None:
    number, secret = round_and_secret(bob, purpose="observe")
    seen = {"posture": "sitting_formal", "activity": "conversing", "group_size": "group_2", "age_group": "age_65_plus", "number": 4}
    data = ended(observations=[seen])
    actions.take_snapshot(secret, data)
    actions.take_snapshot(secret, data | {"seq": 2, "observations": [seen | {"number": 6}]})
    rows = queries.observations_of(SLUG, number)
    assert [(row.posture, row.activity, row.group_size, row.age_group, row.number) for row in rows] == [
        ("sitting_formal", "conversing", "group_2", "age_65_plus", 6)
    ]
    assert queries.counts_of(SLUG, number) == []
    assert refused(secret, ended(observations=[seen | {"gender": "f"}, seen]))[1] == {"observations"}
    assert refused(secret, ended(observations=[seen | {"posture": "flying"}]))[1] == {"observations"}


# --- rounds -------------------------------------------------------------------------------------------------------------


def test_who_runs_a_place_makes_rounds_there_and_nowhere_else(study: Study, charlie: User) -> None:
    with pytest.raises(PermissionDenied):
        actions.make_round(charlie, SLUG, CENTRE, values())
    Ownership.objects.create(user=charlie, study_slug=SLUG, place_id=CENTRE)
    number = actions.make_round(charlie, SLUG, CENTRE, values())
    view = queries.round_of(SLUG, number)
    assert view is not None
    assert (view.groups, view.doors, view.state) == ((*AGES, "unknown"), (FRONT, BACK), "planned")
    assert set(view.planned.values()) == {1}


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"name": " "}, "name"),
        ({"ends": date(2026, 3, 1)}, "ends"),
        ({"ends": date(2028, 3, 1)}, "ends"),
        ({"slots": ()}, "slots"),
        ({"slots": ("never",)}, "slots"),
        ({"ends": MONDAY, "slots": ("su_morning",)}, "slots"),
        ({"schedule": ((MONDAY, "tu_morning"),)}, "schedule"),
        ({"dimension": "origin", "groups": ("origin_europe",)}, "dimension"),
        ({"groups": ("origin_europe",)}, "groups"),
        ({"doors": (FRONT, FRONT)}, "doors"),
        ({"margin": 0.0}, "margin"),
    ],
)
def test_a_round_that_cannot_be_counted_is_not_made(study: Study, bob: User, wrong: dict[str, Any], column: str) -> None:
    with pytest.raises(InputError) as caught:
        actions.make_round(bob, SLUG, CENTRE, values(**wrong))
    assert column in {fault.column for fault in caught.value.faults}
    assert Round.objects.count() == 0


def test_origin_is_told_apart_only_where_a_manager_decided_so_with_a_reason(study: Study, alice: User, bob: User) -> None:
    chosen = {"age": list(AGES), "origin": ["origin_europe", "origin_outside_europe"]}
    with pytest.raises(PermissionDenied):
        actions.set_dimensions(bob, SLUG, chosen, "omdat")
    with pytest.raises(InputError):
        actions.set_dimensions(alice, SLUG, chosen, " ")
    actions.set_dimensions(alice, SLUG, chosen, "besluit van de raad")
    actions.make_round(bob, SLUG, CENTRE, values(dimension="origin", groups=("origin_europe",)))
    assert Round.objects.get().dimension == "origin"


def test_a_closed_round_takes_nothing_until_it_is_opened_again_and_nothing_is_lost_on_the_way(counted: tuple[str, str], bob: User) -> None:
    number, secret = counted
    data = ended()
    actions.take_snapshot(secret, data)
    actions.close_round(bob, SLUG, CENTRE, number)
    assert refused(secret, ended(door=BACK))[0] == "round.closed"
    assert actions.take_snapshot(secret, data).seq == 1, "what is stored is still answered"
    actions.reopen_round(bob, SLUG, CENTRE, number)
    actions.take_snapshot(secret, ended(door=BACK))
    assert Session.objects.count() == 2
    actions.close_round(bob, SLUG, CENTRE, number)
    Release.objects.create(place_id=CENTRE, round_id=number)
    with pytest.raises(InputError) as caught:
        actions.reopen_round(bob, SLUG, CENTRE, number)
    assert caught.value.code == "round.released"


def test_a_round_closes_when_every_count_has_ended(counted: tuple[str, str], bob: User) -> None:
    number, secret = counted
    actions.take_snapshot(secret, sent())
    with pytest.raises(InputError) as caught:
        actions.close_round(bob, SLUG, CENTRE, number)
    assert caught.value.code == "round.open_sessions"
    actions.end_session(bob, SLUG, CENTRE, Session.objects.get().pk)
    assert Session.objects.get().exposure == 0.25
    actions.close_round(bob, SLUG, CENTRE, number)
    assert Round.objects.get().state == "closed"


def test_progress_tells_how_often_and_never_how_many(counted: tuple[str, str]) -> None:
    number, secret = counted
    actions.take_snapshot(secret, ended())
    assert {item.slot: item.counted for item in queries.progress(SLUG, number) if item.counted} == {}, "one of two doors"
    actions.take_snapshot(secret, ended(door=BACK))
    assert [(item.counted, item.planned) for item in queries.progress(SLUG, number) if item.slot == "mo_morning"] == [(1, 1)]


def test_two_phones_at_one_door_are_told_as_possible_doubles_until_one_is_left_out(counted: tuple[str, str], bob: User) -> None:
    number, secret = counted
    for _ in range(2):
        actions.take_snapshot(secret, ended())
    later = {"started": "2026-03-02T10:00:00+01:00", "ended": "2026-03-02T12:00:00+01:00"}
    actions.take_snapshot(secret, ended(**later))
    found = queries.doubles(queries.sessions(SLUG, number))
    assert len(found) == 1
    with pytest.raises(InputError):
        actions.leave_out(bob, SLUG, CENTRE, found[0][1].id, "")
    actions.leave_out(bob, SLUG, CENTRE, found[0][1].id, "dubbel geteld")
    assert queries.doubles(queries.sessions(SLUG, number)) == []
    assert len({row.session for row in queries.counts_of(SLUG, number)}) == 2
    actions.take_back(bob, SLUG, CENTRE, found[0][1].id)
    assert len({row.session for row in queries.counts_of(SLUG, number)}) == 3


# --- paper --------------------------------------------------------------------------------------------------------------


def test_a_sheet_of_paper_is_entered_line_by_line_and_corrected_without_doubling(counted: tuple[str, str], bob: User) -> None:
    number, _ = counted
    morning, evening = (MONDAY, "mo_morning"), (MONDAY, "mo_evening")
    assert actions.enter_sheet(bob, SLUG, CENTRE, number, FRONT, {morning: {"age_0_14": 11}, evening: {"age_65_plus": 20}}) == 2
    assert actions.enter_sheet(bob, SLUG, CENTRE, number, FRONT, {morning: {"age_0_14": 12}, evening: {}}) == 1
    assert {(row.slot, row.group): row.people for row in queries.counts_of(SLUG, number) if row.people} == {("mo_morning", "age_0_14"): 12}
    assert queries.sheet(SLUG, number, FRONT, MONDAY, MONDAY)[morning]["age_0_14"] == 12


def test_a_sheet_with_faults_stores_nothing_and_names_them_all(counted: tuple[str, str], bob: User) -> None:
    sheet = {(MONDAY, "tu_morning"): {"age_0_14": 1}, (MONDAY, "mo_morning"): {"age_0_14": -1, "men": 1}}
    with pytest.raises(InputError) as caught:
        actions.enter_sheet(bob, SLUG, CENTRE, counted[0], "raam", sheet)
    assert len(caught.value.faults) == 4
    assert Session.objects.count() == 0


def test_a_closed_round_is_corrected_by_editors_only(counted: tuple[str, str], bob: User, charlie: User) -> None:
    Ownership.objects.create(user=charlie, study_slug=SLUG, place_id=CENTRE)
    sheet = {(MONDAY, "mo_morning"): {"age_0_14": 11}}
    actions.close_round(charlie, SLUG, CENTRE, counted[0])
    with pytest.raises(InputError) as caught:
        actions.enter_sheet(charlie, SLUG, CENTRE, counted[0], FRONT, sheet)
    assert caught.value.code == "round.closed"
    assert actions.enter_sheet(bob, SLUG, CENTRE, counted[0], FRONT, sheet) == 1


def test_what_is_no_identifier_is_not_there(study: Study, bob: User) -> None:
    assert queries.round_of(SLUG, "x") is None
    assert queries.counts_of(SLUG, uuid.uuid4()) == []
    with pytest.raises(InputError):
        actions.close_round(bob, SLUG, CENTRE, uuid.uuid4())
