# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is who, who may what, and how often one may try a password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts import actions, queries
from knopenkaart_web.accounts.backends import client_address, is_paused
from knopenkaart_web.accounts.models import LoginAttempt, Membership, User
from knopenkaart_web.accounts.permissions import actor_name, allowed, require, role
from knopenkaart_web.audit.models import Event

from . import factories
from .factories import PASSWORD, SLUG


def attempt(name: str, password: str, address: str = "192.0.2.1") -> Any:
    return authenticate(RequestFactory().post("/inloggen", REMOTE_ADDR=address), username=name, password=password)


def test_roles_hold_in_their_own_study(alice: User, bob: User, charlie: User) -> None:
    assert [role(user, SLUG) for user in (alice, bob, charlie, AnonymousUser(), None)] == [
        "manager",
        "editor",
        "visitor",
        "visitor",
        "system",
    ]
    assert role(charlie, "grootdorp") == "editor"
    assert allowed(alice, SLUG, "editor")
    assert not allowed(bob, SLUG, "manager")
    with pytest.raises(PermissionDenied):
        require(charlie, SLUG, "editor")


def test_a_role_for_all_studies_holds_everywhere(bob: User) -> None:
    Membership.objects.create(user=bob, study_slug="*", role="manager")
    assert role(bob, "waar dan ook") == "manager"
    assert role(bob, SLUG) == "manager", "the highest counts"


def test_an_actor_has_a_name_in_the_audit_trail(bob: User) -> None:
    assert [actor_name(actor) for actor in (bob, None, AnonymousUser())] == ["bob", "system", "visitor"]


def test_a_new_account_gets_a_password_that_works_and_is_kept_nowhere(db: None) -> None:
    password = actions.add_user(None, "dora", "editor", SLUG)
    assert len(password) == 23
    assert attempt("dora", password) is not None
    assert password not in repr(list(User.objects.values()))
    assert queries.has_user("DORA")
    assert [(row.username, row.role) for row in queries.members(SLUG)] == [("dora", "editor")]


@pytest.mark.parametrize(
    ("name", "role_name", "study", "code"),
    [
        ("met spatie", "editor", SLUG, "user.name"),
        ("dora", "koning", SLUG, "user.role"),
        ("dora", "editor", "a b", "user.study"),
        ("BOB", "editor", SLUG, "user.exists"),
    ],
)
def test_an_account_that_cannot_be_is_refused(bob: User, name: str, role_name: str, study: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        actions.add_user(None, name, role_name, study)
    assert caught.value.code == code


def test_a_manager_gives_and_takes_roles(alice: User, charlie: User) -> None:
    actions.set_role(alice, "charlie", "editor", SLUG)
    assert role(charlie, SLUG) == "editor"
    actions.set_role(alice, "charlie", None, SLUG)
    assert role(charlie, SLUG) == "visitor"
    with pytest.raises(InputError):
        actions.set_role(alice, "niemand", "editor", SLUG)


def test_a_weak_password_is_refused(bob: User) -> None:
    with pytest.raises(InputError) as caught:
        actions.renew_password(None, "bob", "kort")
    assert caught.value.code == "user.password"


def test_after_five_wrong_attempts_a_name_must_wait_there_even_with_the_right_password(bob: User) -> None:
    for _ in range(5):
        assert attempt("bob", "fout") is None
    assert attempt("bob", PASSWORD) is None
    assert attempt("BOB", PASSWORD) is None


def test_whoever_knows_a_name_cannot_keep_its_owner_out_from_one_place(bob: User) -> None:
    for _ in range(10):
        attempt("bob", "fout", "203.0.113.7")
    assert attempt("bob", PASSWORD, "203.0.113.7") is None
    assert attempt("bob", PASSWORD, "192.0.2.1") == bob


def test_after_twenty_wrong_attempts_from_anywhere_a_name_must_wait(bob: User) -> None:
    for number in range(19):
        assert attempt("bob", "fout", f"192.0.2.{number}") is None
    assert not is_paused("bob", "192.0.2.99")
    attempt("bob", "fout", "192.0.2.19")
    assert attempt("bob", PASSWORD, "192.0.2.99") is None
    LoginAttempt.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert attempt("bob", PASSWORD) == bob
    assert LoginAttempt.objects.count() == 0


def test_a_new_password_ends_the_pause(bob: User) -> None:
    for _ in range(6):
        attempt("bob", "fout")
    password = actions.renew_password(None, "bob")
    assert attempt("bob", password) == bob


def test_an_address_that_tries_many_names_must_wait(bob: User, settings: Any) -> None:
    settings.LOGIN_ATTEMPTS_PER_ADDRESS = 8
    for number in range(8):
        attempt(f"naam{number}", "fout")
    assert attempt("bob", PASSWORD) is None
    assert attempt("bob", PASSWORD, "192.0.2.99") == bob


def test_a_right_password_forgets_the_wrong_ones(bob: User) -> None:
    for _ in range(4):
        attempt("bob", "fout")
    assert attempt("bob", PASSWORD) == bob
    assert attempt("bob", "fout") is None
    assert attempt("bob", PASSWORD) == bob


def test_attempts_keep_no_name_and_no_address(db: None) -> None:
    attempt("mijnwachtwoord", "x", "203.0.113.7")
    row = repr(list(LoginAttempt.objects.values()))
    assert "mijnwachtwoord" not in row
    assert "203.0.113.7" not in row


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("198.51.100.1", "1.1.1.1", "198.51.100.1"),
        ("10.0.0.2", "1.1.1.1", "1.1.1.1"),
        ("10.0.0.2", "6.6.6.6, 1.1.1.1, 10.0.0.3", "1.1.1.1"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("geen adres", "1.1.1.1", "geen adres"),
    ],
)
def test_only_a_trusted_proxy_says_who_the_visitor_is(settings: Any, remote: str, forwarded: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == expected


def test_an_inactive_account_cannot_log_in(bob: User) -> None:
    actions.close_account(None, "bob")
    assert attempt("bob", PASSWORD) is None
    assert factories.User.objects.filter(username="bob").exists(), "what it did stays under its name"


def test_who_logs_in_or_fails_to_stands_in_the_history_and_what_was_typed_nowhere(bob: User, caplog: pytest.LogCaptureFixture) -> None:
    attempt("bob", "fout")
    attempt("mijnwachtwoord", "x", "203.0.113.7\n2026 forged line")
    attempt("bob", PASSWORD)
    told = Event.objects.filter(object_type="user").values_list("action", "actor")
    assert list(told) == [("log_in_failed", "bob"), ("log_in", "bob")]
    assert "mijnwachtwoord" not in caplog.text + repr(list(Event.objects.values()))
    assert "\n2026 forged" not in caplog.text


def test_a_new_password_for_one_does_not_end_the_pause_of_another(bob: User, alice: User) -> None:
    for _ in range(6):
        attempt("alice", "fout")
    actions.renew_password(None, "bob")
    assert attempt("alice", PASSWORD) is None
