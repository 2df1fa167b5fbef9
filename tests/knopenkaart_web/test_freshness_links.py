# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Links in mails: to accept an invitation, to log in, to answer a reminder. Each works once, for a while, and only for what it is for."""

from __future__ import annotations

import argparse
import json
import smtplib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from knopenkaart.cli.console import Console
from knopenkaart.errors import InputError
from knopenkaart_web import cli
from knopenkaart_web.accounts import permissions
from knopenkaart_web.accounts.models import Membership, User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.freshness import actions, queries
from knopenkaart_web.freshness.links import digest_of, new_secret
from knopenkaart_web.freshness.models import MailLink, Operator, Reminder
from knopenkaart_web.places import actions as places
from knopenkaart_web.places.models import Place, ReviewItem, Study
from knopenkaart_web.runs import tasks

from . import factories
from .factories import CENTRE, LIBRARY, SLUG
from .operated import DORA, EVERT, invite, links, looked_at, runs, secret_in


def code(function: Callable[..., object], *arguments: Any, **named: Any) -> str:
    with pytest.raises(InputError) as caught:
        function(*arguments, **named)
    return caught.value.code


def older(model: Any, **by: float) -> None:
    """Let links have been made earlier."""
    for row in model.objects.all():
        row.expires -= timedelta(**by)
        row.save()


# Secrets


def test_only_a_digest_is_kept_and_a_guess_has_none(study: Study) -> None:
    invite()
    (path,) = links()
    secret = secret_in(path)
    link = MailLink.objects.get()
    assert link.digest == digest_of(secret) != secret
    assert secret not in str(MailLink.objects.values())
    assert path == f"/beheerder/{secret}"
    assert len(secret) > 60
    for wrong in ("", "x", secret[:-1], secret + "a", secret.split(".")[0], secret.upper()):
        assert digest_of(wrong) is None
    assert new_secret()[0] != new_secret()[0]


# Invitations


def test_the_invitation_says_in_its_language_what_it_is_about(study: Study) -> None:
    invite(name="Dora de Vries")
    message = mail.outbox[-1]
    assert (message.to, message.subject) == ([DORA], "Beheert u Buurthuis De Molen? Kijk mee op de kaart van Kleindorp")
    assert message.body.startswith("Beste Dora de Vries,\n")
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    invite(email=EVERT, language="en")
    assert mail.outbox[-1].subject.startswith("Do you run Buurthuis De Molen?")
    assert links()[0].startswith("/en/beheerder/")


def test_a_name_of_a_place_breaks_no_header_and_is_not_escaped(study: Study) -> None:
    Place.objects.filter(pk=CENTRE).update(name="Kop & Schotel\r\nBcc: iedereen@kleindorp.example")
    invite()
    message = mail.outbox[-1]
    assert message.subject == "Beheert u Kop & Schotel Bcc: iedereen@kleindorp.example? Kijk mee op de kaart van Kleindorp"
    assert message.recipients() == [DORA]


def test_accepting_makes_an_account_without_a_password(study: Study) -> None:
    row = invite()
    user = actions.accept_invitation(secret_in(links()[0]))
    row.refresh_from_db()
    assert (row.state, row.user, user.email) == ("active", user, DORA)
    assert not user.has_usable_password()
    assert "dora" not in user.username
    assert permissions.role_at(user, SLUG, CENTRE) == "operator"
    assert permissions.role_at(user, SLUG, LIBRARY) == "visitor"
    assert permissions.role(user, SLUG) == "visitor"


def test_an_invitation_works_once_and_not_for_ever(study: Study) -> None:
    invite()
    secret = secret_in(links()[0])
    actions.accept_invitation(secret)
    assert code(actions.accept_invitation, secret) == "link.used"
    assert queries.invitation(secret).state == "used"
    invite(LIBRARY)
    late = secret_in(links()[0])
    older(MailLink, days=31)
    assert code(actions.accept_invitation, late) == "link.expired"
    assert queries.invitation(late).state == "expired"
    assert code(actions.accept_invitation, "niet-van-ons") == "link.unknown"


def test_a_new_invitation_ends_the_earlier_one(study: Study, bob: User) -> None:
    row = invite()
    first = secret_in(links()[0])
    actions.invite_again(bob, SLUG, row.pk)
    assert code(actions.accept_invitation, first) == "link.unknown"
    actions.accept_invitation(secret_in(links()[0]))
    assert code(actions.invite_again, bob, SLUG, row.pk) == "operator.decided"


def test_a_withdrawn_invitation_works_no_more(study: Study, bob: User) -> None:
    row = invite()
    actions.end_operator(bob, SLUG, row.pk, "verkeerd adres")
    assert code(actions.accept_invitation, secret_in(links()[0])) == "link.unknown"
    assert queries.invitation(secret_in(links()[0])).state == "unknown"
    invite()


def test_the_invitation_of_a_place_that_went_is_not_accepted(study: Study) -> None:
    invite()
    Place.objects.filter(pk=CENTRE).update(removed=True)
    assert code(actions.accept_invitation, secret_in(links()[0])) == "place.unknown"
    assert MailLink.objects.get().used is None
    assert not User.objects.exists()


def test_a_link_to_log_in_accepts_no_invitation_nor_the_other_way_round(study: Study) -> None:
    runs()
    actions.mail_log_in(DORA, "nl")
    assert code(actions.accept_invitation, secret_in(links()[0])) == "link.unknown"
    invite(LIBRARY)
    assert code(actions.log_in_by_link, secret_in(links()[0])) == "link.unknown"
    assert code(actions.answer_right, secret_in(links()[0])) == "link.unknown"


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"email": "geen adres"}, "email"),
        ({"email": ""}, "email"),
        ({"email": f"{'a' * 250}@b.nl"}, "email"),
        ({"email": "a@b.nl\nBcc: c@d.nl"}, "email"),
        ({"email": DORA, "name": "x" * 121}, "name"),
        ({"email": DORA, "language": "fr"}, "language"),
    ],
)
def test_an_invitation_with_faults_is_not_made(study: Study, values: dict[str, str], column: str) -> None:
    with pytest.raises(InputError) as caught:
        actions.invite_operator(None, SLUG, CENTRE, **values)
    assert caught.value.code == "operator.invalid"
    assert column in {fault.column for fault in caught.value.faults}
    assert not Operator.objects.exists()
    assert mail.outbox == []


def test_the_same_address_is_invited_once_however_it_is_written(study: Study) -> None:
    invite(email=DORA)
    assert code(actions.invite_operator, None, SLUG, CENTRE, email=DORA.upper()) == "operator.exists"
    assert code(actions.invite_operator, None, SLUG, "onzin", email=DORA) == "place.unknown"


def test_a_place_has_so_many_operators_and_no_more(study: Study) -> None:
    for number in range(20):
        invite(email=f"vrijwilliger{number}@kleindorp.example")
    assert code(actions.invite_operator, None, SLUG, CENTRE, email=DORA) == "operator.too_many"


def test_nobody_is_invited_to_a_place_that_visitors_do_not_see(study: Study) -> None:
    Place.objects.filter(pk=CENTRE).update(confidential=True)
    assert code(actions.invite_operator, None, SLUG, CENTRE, email=DORA) == "place.unknown"


def test_an_invitation_whose_mail_failed_can_be_sent_again(study: Study, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", broken(OSError("geheim wachtwoord")))
        assert code(actions.invite_operator, bob, SLUG, CENTRE, email=DORA) == "mail.failed"
    (row,) = queries.operators(SLUG, CENTRE)
    assert (row.state, row.mail_failed) == ("invited", True)
    actions.invite_again(bob, SLUG, row.id)
    assert not queries.operators(SLUG, CENTRE)[0].mail_failed
    assert len(mail.outbox) == 1


def broken(error: Exception) -> Callable[..., int]:
    def send(self: EmailMessage, fail_silently: bool = False) -> int:
        raise error

    return send


def test_the_log_never_has_the_address_or_the_secret(
    study: Study, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for error in (smtplib.SMTPRecipientsRefused({DORA: (550, b"nee")}), smtplib.SMTPAuthenticationError(535, b"geheim wachtwoord")):
        monkeypatch.setattr(EmailMessage, "send", broken(error))
        code(actions.invite_operator, None, SLUG, CENTRE, email=DORA)
        Operator.objects.all().delete()
    assert len(caplog.records) == 2
    assert not [text for text in ("dora", "geheim", "beheerder/") if text in caplog.text.lower()]


# Logging in by mail


def test_who_runs_a_place_logs_in_by_a_link_once(study: Study) -> None:
    user = runs()
    assert actions.mail_log_in(f" {DORA.upper()} ", "nl")
    (path,) = links()
    assert path.startswith("/inloggen/post/")
    assert queries.log_in_link(secret_in(path)) == "ok"
    assert actions.log_in_by_link(secret_in(path)) == user
    assert code(actions.log_in_by_link, secret_in(path)) == "link.used"
    assert queries.log_in_link(secret_in(path)) == "used"


def test_a_link_to_log_in_lasts_half_an_hour(study: Study) -> None:
    runs()
    actions.mail_log_in(DORA, "nl")
    older(MailLink, minutes=29)
    assert queries.log_in_link(secret_in(links()[0])) == "ok"
    older(MailLink, minutes=2)
    assert code(actions.log_in_by_link, secret_in(links()[0])) == "link.expired"


def test_an_unknown_address_gets_no_mail_and_leaves_nothing(study: Study) -> None:
    before = Event.objects.count()
    assert not actions.mail_log_in("wie@dan.example", "nl")
    assert not actions.mail_log_in("", "nl")
    assert (mail.outbox, MailLink.objects.count(), Event.objects.count()) == ([], 0, before)


def test_nobody_is_mailed_more_than_three_links_an_hour(study: Study) -> None:
    runs()
    assert [actions.mail_log_in(DORA, "nl") for _ in range(5)] == [True, True, True, False, False]


@pytest.mark.parametrize("how", ["editor", "superuser", "closed"])
def test_a_mailed_link_never_opens_the_account_of_an_editor_nor_a_closed_one(study: Study, how: str) -> None:
    user = runs()
    actions.mail_log_in(DORA, "nl")
    secret = secret_in(links()[0])
    if how == "editor":
        Membership.objects.create(user=user, study_slug=SLUG, role="editor")
    User.objects.filter(pk=user.pk).update(is_superuser=how == "superuser", is_active=how != "closed")
    assert not actions.mail_log_in(DORA, "nl")
    assert code(actions.log_in_by_link, secret) == "link.unknown"


def test_an_editor_with_the_same_address_gives_an_operator_no_rights(study: Study, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(email=DORA)
    assert runs() != bob
    assert not permissions.allowed_at(bob, "grootdorp", CENTRE)


def test_the_task_of_the_page_mails_the_link(study: Study) -> None:
    runs()
    tasks.mail_log_in.call_local(DORA, "en")
    assert links()[0].startswith("/en/inloggen/post/")


# Reminders


def reminded(place: str = CENTRE) -> dict[str, str]:
    """Somebody who runs a place is reminded; the secrets by the last part of their paths."""
    runs(place)
    assert [row.sent for row in actions.remind(timezone.now())] == [True]
    return {path.rsplit("/", 1)[1]: secret_in(path) for path in links()}


def test_a_reminder_has_three_answers_and_a_way_out(study: Study) -> None:
    paths = reminded()
    assert set(paths) == {"klopt", "aanpassen", "weg", "geen-mail"}
    message = mail.outbox[-1]
    assert message.subject == "Klopt het nog wat er staat over Buurthuis De Molen?"
    assert "1 mei 2024" in message.body
    assert message.extra_headers["List-Unsubscribe"].endswith("/geen-mail>")
    assert {digest_of(secret) for secret in paths.values()} == {Reminder.objects.get().digest}


def test_right_means_looked_at_today_by_the_operator(study: Study) -> None:
    secret = reminded()["klopt"]
    actions.answer_right(secret)
    assert Place.objects.get(pk=CENTRE).last_verified == timezone.localdate()
    event = Event.objects.latest("id")
    assert (event.action, event.role) == ("confirm_place", "operator")
    assert code(actions.answer_right, secret) == "link.used"
    assert queries.reminder(secret).right == "used"


def test_each_answer_works_once_and_one_does_not_use_up_the_others(study: Study) -> None:
    secret = reminded()["klopt"]
    actions.answer_right(secret)
    actions.answer_edited(secret, {"phone": "015-1"}, {}, "", version=Place.objects.get(pk=CENTRE).version)
    assert Place.objects.get(pk=CENTRE).phone == "015-1"
    assert code(actions.answer_edited, secret, {"phone": "015-2"}, {}, "", version=9) == "link.used"
    actions.answer_gone(secret)
    assert ReviewItem.objects.get().topic == "gone"
    assert code(actions.answer_gone, secret) == "link.used"


def test_a_form_that_is_refused_does_not_use_up_its_link(study: Study) -> None:
    secret = reminded()["aanpassen"]
    assert code(actions.answer_edited, secret, {"email": "geen"}, {}, "", version=1) == "values.invalid"
    assert code(actions.answer_edited, secret, {"name": "Anders"}, {}, "", version=1) == "values.editors_only"
    assert queries.reminder(secret).edit == "ok"


def test_answers_come_too_late_after_sixty_days_but_stopping_never(study: Study) -> None:
    secret = reminded()["klopt"]
    older(Reminder, days=61)
    for answer in (actions.answer_right, actions.answer_gone):
        assert code(answer, secret) == "link.expired"
    assert queries.reminder(secret).gone == "expired"
    actions.stop_reminders(secret)
    assert Operator.objects.get().no_mail_at is not None


def test_who_runs_the_place_no_more_answers_no_more(study: Study, bob: User) -> None:
    secret = reminded()["klopt"]
    actions.end_operator(bob, SLUG, Operator.objects.get().pk, "weg")
    assert code(actions.answer_right, secret) == "link.unknown"
    assert queries.reminder(secret).right == "unknown"
    assert Place.objects.get(pk=CENTRE).last_verified == date(2024, 5, 1)


def test_a_reminder_is_about_one_place(study: Study) -> None:
    runs(LIBRARY, EVERT)
    looked_at(LIBRARY, timezone.localdate())
    secret = reminded()["klopt"]
    actions.answer_right(secret)
    assert queries.reminder(secret).place_id == CENTRE
    assert {row.object_id for row in Event.objects.filter(action="confirm_place")} == {CENTRE}


# Who is reminded, and when


def due(now: datetime | None = None) -> int:
    return len(actions.remind(now or timezone.now(), dry_run=True))


def test_a_dry_run_tells_and_mails_nobody(study: Study) -> None:
    runs()
    (row,) = actions.remind(timezone.now(), dry_run=True)
    assert (row.study, row.place_id, row.last_verified) == (SLUG, CENTRE, date(2024, 5, 1))
    assert (mail.outbox, Reminder.objects.count(), Operator.objects.get().reminded_at) == ([], 0, None)


def test_who_looked_lately_is_not_reminded(study: Study) -> None:
    dora = runs()
    places.confirm_place(dora, SLUG, CENTRE)
    assert due() == 0
    assert due(timezone.now() + timedelta(days=367)) == 1


def test_nobody_is_reminded_twice_within_the_weeks_of_the_setting(study: Study, settings: Any) -> None:
    runs()
    now = timezone.now()
    assert [len(actions.remind(now + timedelta(days=day))) for day in (0, 1, 41, 42)] == [1, 0, 0, 1]
    settings.REMIND_WEEKS = 1
    assert due(now + timedelta(days=50)) == 1


def test_after_three_without_an_answer_nobody_is_bothered_until_an_answer(study: Study) -> None:
    runs()
    now = timezone.now()
    assert [len(actions.remind(now + timedelta(weeks=week))) for week in (0, 7, 14, 21, 70)] == [1, 1, 1, 0, 0]
    assert queries.operators(SLUG, CENTRE)[0].unanswered == 3
    Reminder.objects.filter(pk=Reminder.objects.latest("sent").pk).update(right_at=now)
    assert due(now + timedelta(weeks=70)) == 1


@pytest.mark.parametrize("change", [{"status": "closed"}, {"removed": True}, {"merged_into_id": LIBRARY}, {"confidential": True}])
def test_a_place_that_is_not_there_asks_nothing(study: Study, change: dict[str, Any]) -> None:
    runs()
    Place.objects.filter(pk=CENTRE).update(**change)
    assert due() == 0


def test_who_wants_no_mail_was_only_invited_or_has_no_account_is_not_reminded(study: Study) -> None:
    dora = runs()
    invite(LIBRARY, EVERT)
    actions.change_reminders(dora, SLUG, CENTRE, wanted=False)
    assert due() == 0
    actions.change_reminders(dora, SLUG, CENTRE, wanted=True)
    assert due() == 1
    User.objects.filter(pk=dora.pk).update(is_active=False)
    assert due() == 0


def test_a_mail_that_fails_is_told_and_one_that_is_refused_is_not_tried_again(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    runs()
    now = timezone.now()
    monkeypatch.setattr(EmailMessage, "send", broken(OSError()))
    assert [row.sent for row in actions.remind(now)] == [False]
    assert (Reminder.objects.count(), queries.operators(SLUG, CENTRE)[0].mail_failed) == (0, True)
    monkeypatch.setattr(EmailMessage, "send", broken(smtplib.SMTPRecipientsRefused({})))
    assert [row.sent for row in actions.remind(now + timedelta(weeks=7))] == [False]
    assert due(now + timedelta(weeks=20)) == 0


def test_two_processes_that_remind_at_once_mail_once(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    from knopenkaart_web.freshness.actions import reminding

    runs()
    rows = reminding._due(timezone.now())
    monkeypatch.setattr(reminding, "_due", lambda now: rows)
    assert len(actions.remind(timezone.now())) == 1
    assert actions.remind(timezone.now()) == []
    assert len(mail.outbox) == 1


def test_the_worker_reminds_every_morning(study: Study) -> None:
    runs()
    tasks.look_after_freshness.call_local()
    assert len(mail.outbox) == 1
    assert {event.action for event in Event.objects.order_by("-id")[:1]} == {"remind"}
    factories.touch(study)


# The command


def remind(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers(dest="command", required=True))
    given = parser.parse_args(["remind", *options])
    assert given.run(given, Console(as_json=True)) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def test_the_command_tells_whom_it_would_mail_and_then_mails(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    runs()
    told = remind(capsys, "--dry-run")
    assert (told["dry_run"], [row["place"] for row in told["reminders"]]) == (True, ["Buurthuis De Molen"])
    assert mail.outbox == []
    assert [row["sent"] for row in remind(capsys)["reminders"]] == [True]
    assert [message.to for message in mail.outbox] == [[DORA]]
    assert DORA not in json.dumps(told)
    assert remind(capsys)["reminders"] == []
