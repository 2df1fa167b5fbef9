# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody who is logged in changes the own password: checked, told in the history, and not to be guessed."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory

from knopenkaart.errors import InputError
from knopenkaart_web.accounts import actions
from knopenkaart_web.accounts.models import User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.places.models import Study

from .reading import factories, read

AT = "/wachtwoord"
NEW = "paarse-olifant-in-de-regen"


def sent(browser: Client, old: str = factories.PASSWORD, new: str = NEW, again: str | None = None) -> Any:
    return browser.post(AT, {"old_password": old, "new_password1": new, "new_password2": new if again is None else again})


def events(user: User) -> list[tuple[str, str]]:
    return list(Event.objects.filter(object_type="user", object_id=str(user.pk)).values_list("action", "actor"))


def test_whoever_is_logged_in_finds_the_page_in_the_header(client: Client, editor: Client, study: Study) -> None:
    assert AT in read(editor.get("/kleindorp/")).links()
    assert f"/en{AT}" in read(editor.get("/en/kleindorp/")).links()
    assert AT not in read(Client().get("/kleindorp/")).links()
    assert "no-store" in editor.get(AT)["Cache-Control"]


def test_a_role_is_not_needed_and_an_account_is(stranger: Client, study: Study) -> None:
    assert stranger.get(AT).status_code == 200
    assert Client().get(AT)["Location"] == f"/inloggen?next={AT}"
    assert Client().post(f"/en{AT}")["Location"] == f"/en/inloggen?next=/en{AT}"


def test_the_new_password_holds_the_old_one_no_more_and_other_sessions_end(editor: Client, study: Study, bob: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(bob)
    assert sent(editor).status_code == 302
    assert "Uw wachtwoord is gewijzigd." in read(editor.get("/kleindorp/beheer/")).text
    assert elsewhere.get("/kleindorp/beheer/").status_code == 302
    request = RequestFactory().post("/inloggen")
    assert authenticate(request, username="bob", password=factories.PASSWORD) is None
    assert authenticate(request, username="bob", password=NEW) == bob
    assert ("change_password", "bob") in events(bob)
    assert NEW not in repr(list(Event.objects.values()))


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("fout", NEW, NEW, "Dit is niet uw huidige wachtwoord."),
        (factories.PASSWORD, "kort", "kort", "wachtwoord"),
        (factories.PASSWORD, NEW, "anders", "Nieuw wachtwoord"),
        ("", "", "", "Oud wachtwoord"),
    ],
)
def test_what_is_not_right_changes_nothing_and_is_said(
    editor: Client, study: Study, bob: User, old: str, new: str, again: str, said: str
) -> None:
    response = sent(editor, old, new, again)
    assert response.status_code == 422
    assert said in read(response).one("div", role="alert").text
    assert User.objects.get(pk=bob.pk).password == bob.password
    assert "change_password" not in dict(events(bob))


def test_an_open_screen_is_no_place_to_guess(editor: Client, study: Study, bob: User) -> None:
    for number in range(5):
        sent(editor, f"gok {number}")
    assert events(bob) == [("change_password_failed", "bob")] * 5
    response = sent(editor)
    assert "Er waren te veel verkeerde pogingen." in read(response).text
    assert User.objects.get(pk=bob.pk).password == bob.password


def test_guesses_count_with_those_to_log_in(editor: Client, study: Study, bob: User) -> None:
    for number in range(3):
        sent(editor, f"gok {number}")
    for number in range(2):
        Client().post("/inloggen", {"username": "bob", "password": f"gok {number}"})
    assert "Er waren te veel verkeerde pogingen." in read(sent(editor)).text


def test_the_write_itself_refuses_who_may_not_and_what_is_weak(bob: User) -> None:
    with pytest.raises(InputError) as caught:
        actions.change_own_password(bob, "kort")
    assert caught.value.code == "user.password"
    actions.close_account(None, "bob")
    bob.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions.change_own_password(bob, NEW)
