# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a coordinator, the page of the phone, and the door by which counts come in."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from knopenkaart_web.accounts.models import Ownership, User
from knopenkaart_web.places.models import Study
from knopenkaart_web.visits import actions, groups, queries
from knopenkaart_web.visits.models import Link, Round, Session

from ..counting import AGES, BACK, CENTRE, FRONT, MONDAY, SLUG, ended, round_and_secret, sent  # noqa: TID252

pytestmark = pytest.mark.django_db
AT = f"/{SLUG}/plek/{CENTRE}/tellen"


@pytest.fixture
def counted(study: Study, bob: User) -> tuple[str, str]:
    """A round and the secret of its link."""
    return round_and_secret(bob)


def send(client: Client, secret: str, data: Any) -> Any:
    return client.post(f"/tel/{secret}/stuur", data if isinstance(data, str) else json.dumps(data), content_type="application/json")


def round_form(**more: Any) -> dict[str, Any]:
    usual = {
        "name": "Telweek",
        "starts": "2026-03-02",
        "ends": "2026-03-08",
        "how": "entering",
        "slots": ["mo_morning", "tu_evening"],
        "groups": [f"age:{group}" for group in AGES],
        "doors": f"{FRONT}\n{BACK}\n",
        "expected": "200",
        "margin": "20",
    }
    return usual | more


# --- the phone ----------------------------------------------------------------------------------------------------------


def test_the_phone_gets_a_page_without_an_account_that_knows_its_round(client: Client, counted: tuple[str, str]) -> None:
    answer = client.get(f"/tel/{counted[1]}")
    found = re.search(r'<script id="counter" type="application/json">(.*?)</script>', answer.content.decode())
    assert found is not None
    config = json.loads(found[1])
    assert (config["round"], config["send"]) == (counted[0], f"/tel/{counted[1]}/stuur")
    assert config["pages"] == [f"/tel/{counted[1]}", f"/en/tel/{counted[1]}"]
    assert [worker["scope"] for worker in config["workers"]] == ["/tel/", "/en/tel/"]
    assert len(config["slots"]) == 21
    assert answer.content.decode().count('data-group="') == len(AGES) + 1
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies, "nobody is followed"


def test_an_old_link_says_so(client: Client, study: Study) -> None:
    answer = client.get("/tel/niet-van-ons")
    assert answer.status_code == 404
    assert "Deze link werkt niet" in answer.content.decode()


def test_the_service_worker_stands_where_it_may_open_the_counter_and_nothing_else(client: Client, study: Study) -> None:
    answer = client.get("/tel/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in answer


def test_what_is_sent_is_answered_with_what_is_stored(client: Client, counted: tuple[str, str]) -> None:
    data = sent(seq=3)
    assert send(client, counted[1], data).json() == {"id": data["id"], "seq": 3}
    assert send(client, counted[1], data).json() == {"id": data["id"], "seq": 3}
    assert Session.objects.count() == 1


def test_no_token_is_needed_for_the_secret_is_the_key(counted: tuple[str, str]) -> None:
    assert send(Client(enforce_csrf_checks=True), counted[1], sent()).status_code == 200


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        ("{", 422, "snapshot.invalid"),
        ("[" * 60_000, 422, "snapshot.invalid"),
        ('{"x": "' + "y" * 70_000 + '"}', 413, "snapshot.large"),
        ({}, 422, "snapshot.invalid"),
    ],
)
def test_what_is_no_count_is_refused_with_a_code(client: Client, counted: tuple[str, str], data: Any, status: int, code: str) -> None:
    answer = send(client, counted[1], data)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_refusal_names_the_fields(client: Client, counted: tuple[str, str]) -> None:
    assert send(client, counted[1], sent(door="x", weather="y")).json()["fields"] == ["door", "weather"]


def test_a_wrong_secret_or_a_closed_round_is_told(client: Client, counted: tuple[str, str], bob: User) -> None:
    assert send(client, "niet-van-ons", sent()).status_code == 403
    actions.close_round(bob, SLUG, CENTRE, counted[0])
    answer = send(client, counted[1], sent())
    assert (answer.status_code, answer.json()["code"]) == (409, "round.closed")


# --- the coordinator ----------------------------------------------------------------------------------------------------


def test_a_round_is_planned_and_a_link_with_a_qr_code_is_shown_once(editor: Client, study: Study) -> None:
    answer = editor.post(f"{AT}/nieuw", round_form())
    made = Round.objects.get()
    assert answer["Location"] == f"{AT}/{made.pk}"
    assert (made.doors, made.margin, made.expected, made.dimension) == ([FRONT, BACK], 0.2, 200, "age")
    page = editor.post(f"{AT}/{made.pk}/link", {"purpose": "count", "name": "Dinsdag"}).content.decode()
    found = re.search(r'href="[^"]*/tel/([\w-]+)"', page)
    assert found is not None
    assert "<svg" in page
    assert queries.entrance(found[1]) is not None
    again = editor.get(f"{AT}/{made.pk}").content.decode()
    assert found[1] not in again
    assert "Dinsdag" in again


def test_a_plan_says_how_often_and_when_before_the_round_is_made_by_it(editor: Client, study: Study) -> None:
    asked = round_form(ends="2026-04-26", expected="400", margin="30")
    page = editor.post(f"{AT}/nieuw", asked | {"action": "plan"}).content.decode()
    told = re.search(r"Tel (\d+) dagdelen, verspreid over (\d+) weken", page)
    assert told is not None
    assert 'value="400"' in page
    assert Round.objects.count() == 0
    editor.post(f"{AT}/nieuw", asked | {"action": "make"})
    made = Round.objects.get()
    assert len(made.schedule) == int(told[1])
    planned = {item.slot: item.planned for item in queries.progress(SLUG, made.pk)}
    assert sum(planned.values()) == int(told[1])
    assert min(planned.values()) >= 2


def test_without_an_expectation_everything_in_the_period_is_counted(editor: Client, study: Study) -> None:
    page = editor.post(f"{AT}/nieuw", round_form(expected="") | {"action": "plan"}).content.decode()
    assert "Vul voor een plan in" in page
    editor.post(f"{AT}/nieuw", round_form(expected=""))
    assert Round.objects.get().schedule == []


def test_a_period_that_is_too_short_is_told(editor: Client, study: Study) -> None:
    assert "te kort" in editor.post(f"{AT}/nieuw", round_form() | {"action": "plan"}).content.decode()


def test_all_that_is_wrong_with_a_round_is_shown_and_what_was_typed_stays(editor: Client, study: Study) -> None:
    answer = editor.post(f"{AT}/nieuw", round_form(name="Mijn week", ends="2026-03-01", doors="a\na"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "De laatste dag" in page
    assert "elk met een eigen naam" in page
    assert 'value="Mijn week"' in page
    assert Round.objects.count() == 0


def test_the_round_page_tells_how_often_and_never_how_many(editor: Client, client: Client, counted: tuple[str, str]) -> None:
    number, secret = counted
    for door in (FRONT, BACK, BACK):
        send(client, secret, ended(door=door, counts={"age_65_plus": 7919}, remark="de deur klemde"))
    page = editor.get(f"{AT}/{number}").content.decode()
    assert "7919" not in page
    assert "7.919" not in page
    assert "de deur klemde" in page
    assert "Misschien dubbel geteld" in page
    session = Session.objects.filter(door=BACK).latest("pk")
    answer = editor.post(f"{AT}/{number}/telling/{session.pk}", {"action": "leave_out", "reason": ""})
    assert (answer.status_code, Session.objects.filter(left_out=True).count()) == (422, 0)
    editor.post(f"{AT}/{number}/telling/{session.pk}", {"action": "leave_out", "reason": "dubbel"})
    assert "Misschien dubbel geteld" not in editor.get(f"{AT}/{number}").content.decode()


def test_who_runs_the_place_may_and_who_runs_another_may_not(client: Client, charlie: User, counted: tuple[str, str]) -> None:
    client.force_login(charlie)
    assert client.get(AT).status_code == 403
    Ownership.objects.create(user=charlie, study_slug=SLUG, place_id=CENTRE)
    assert client.get(AT).status_code == 200
    assert "Bezoekers tellen" in client.get(f"/{SLUG}/plek/{CENTRE}").content.decode()


def test_a_round_is_closed_and_opened_and_a_link_withdrawn(editor: Client, counted: tuple[str, str]) -> None:
    number = counted[0]
    editor.post(f"{AT}/{number}/status", {"action": "close"})
    assert Round.objects.get().state == "closed"
    editor.post(f"{AT}/{number}/status", {"action": "open"})
    assert Round.objects.get().state == "counting"
    editor.post(f"{AT}/{number}/link/{Link.objects.get().pk}")
    assert Link.objects.get().revoked is not None


def test_a_round_of_another_place_is_not_found(editor: Client, counted: tuple[str, str]) -> None:
    assert editor.get(f"/{SLUG}/plek/{groups_library()}/tellen/{counted[0]}").status_code == 404


def groups_library() -> str:
    from .. import factories  # noqa: TID252

    return factories.LIBRARY


# --- paper --------------------------------------------------------------------------------------------------------------


def test_paper_is_entered_in_a_table_and_shown_again_to_be_corrected(editor: Client, counted: tuple[str, str]) -> None:
    number = counted[0]
    field = "n_2026-03-02_mo_morning_age_0_14"
    assert field in editor.get(f"{AT}/{number}/papier?week=2026-03-02&deur={BACK}").content.decode()
    editor.post(f"{AT}/{number}/papier?week=2026-03-02&deur={BACK}", {field: "12"})
    rows = queries.counts_of(SLUG, number)
    assert {(row.date, row.slot, row.group): row.people for row in rows if row.people} == {(MONDAY, "mo_morning", "age_0_14"): 12}
    assert re.search(rf'name="{field}" value="12"', editor.get(f"{AT}/{number}/papier?deur={BACK}").content.decode())


def test_every_wrong_number_on_a_sheet_is_told_and_nothing_is_stored(editor: Client, counted: tuple[str, str]) -> None:
    wrong = {"n_2026-03-02_mo_morning_age_0_14": "x", "n_2026-03-03_tu_evening_unknown": "-1", "n_2026-03-04_we_morning_unknown": "4"}
    answer = editor.post(f"{AT}/{counted[0]}/papier", wrong)
    assert answer.status_code == 422
    assert answer.content.decode().count('href="#id_n_') == 2
    assert 'value="4"' in answer.content.decode()
    assert Session.objects.count() == 0


def test_the_form_to_print_has_the_groups_of_the_round(editor: Client, counted: tuple[str, str]) -> None:
    answer = editor.get(f"{AT}/{counted[0]}/formulier.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


# --- what is observed ---------------------------------------------------------------------------------------------------


def test_what_was_observed_is_told_in_the_form_of_the_protocol_and_never_of_fewer_than_ten(editor: Client, study: Study, bob: User) -> None:
    number, secret = round_and_secret(bob, purpose="observe")
    kinds = [("standing", "conversing", "group_2", "age_0_14", 12), ("standing", "conversing", "group_2", "age_25_44", 6)]
    kinds += [("standing", "conversing", "group_2", "age_65_plus", 5), ("lying", "waiting_other", "group_1", "age_0_14", 9)]
    kinds += [("moving", "", "", "age_45_64", 10)]
    names = ("posture", "activity", "group_size", "age_group", "number")
    actions.take_snapshot(secret, ended(observations=[dict(zip(names, kind, strict=True)) for kind in kinds]))
    assert editor.get(f"{AT}/{number}/waarnemingen.csv").status_code == 404, "only when the round is closed"
    actions.close_round(bob, SLUG, CENTRE, number)
    lines = editor.get(f"{AT}/{number}/waarnemingen.csv").content.decode().splitlines()
    assert "gender" not in lines[0]
    told = [line.split(",")[-6:] for line in lines[1:]]
    assert told == [
        ["age_25-64", "pedestrian", "", "", "", "10"],
        ["", "", "standing", "conversing", "group_2", "11"],
        ["age_0-14", "", "standing", "conversing", "group_2", "12"],
    ]


def test_what_was_told_of_observations_stays_as_it_was_told(study: Study, bob: User) -> None:
    number, secret = round_and_secret(bob, purpose="observe")
    seen = {"posture": "standing", "activity": "", "group_size": "", "age_group": "unknown", "number": 30}
    actions.take_snapshot(secret, ended(observations=[seen]))
    actions.close_round(bob, SLUG, CENTRE, number)
    for extra in (4, 12):
        actions.reopen_round(bob, SLUG, CENTRE, number)
        actions.take_snapshot(secret, ended(observations=[seen | {"number": extra}]))
        actions.close_round(bob, SLUG, CENTRE, number)
        assert queries.observed(SLUG, number) == {("standing", "", "", ""): 30}, "else one adds people and subtracts them again"


# --- what may be told apart ---------------------------------------------------------------------------------------------


def test_a_manager_chooses_what_is_told_apart_and_is_warned(manager: Client, study: Study) -> None:
    page = manager.get(f"/{SLUG}/beheer/tellen").content.decode()
    assert "herkomst" in page
    manager.post(f"/{SLUG}/beheer/tellen", {"chosen": ["age:age_0_14", "origin:origin_europe"], "reason": "besluit"})
    assert queries.dimensions(SLUG) == {"age": ["age_0_14"], "origin": ["origin_europe"]}
    assert groups.is_special("origin")
