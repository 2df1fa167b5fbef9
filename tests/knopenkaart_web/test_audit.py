# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happened is never changed: not through the model, not past it."""

from __future__ import annotations

import importlib

import pytest
from django.db import DatabaseError, connection, transaction

from knopenkaart_web.audit import log, queries
from knopenkaart_web.audit.models import AppendOnlyError, Event


@pytest.fixture
def event(db: None) -> Event:
    return log.write(
        "load", actor="alice", role="manager", study="kleindorp", object_type="study", object_id=1, reason=" omdat ", after={"a": 1}
    )


def test_an_event_keeps_who_what_and_why(event: Event) -> None:
    record = queries.event(event.pk)
    assert record is not None
    assert (record.actor, record.role, record.action, record.reason, record.after) == ("alice", "manager", "load", "omdat", {"a": 1})
    assert queries.event(10**9) is None


def test_an_event_cannot_be_saved_again_or_removed(event: Event) -> None:
    with pytest.raises(AppendOnlyError):
        event.save()
    with pytest.raises(AppendOnlyError):
        event.delete()
    with pytest.raises(AppendOnlyError):
        Event.objects.filter(pk=event.pk).update(reason="anders")
    with pytest.raises(AppendOnlyError):
        Event.objects.all().delete()
    assert Event.objects.get().reason == "omdat"


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET reason = 'anders'", "DELETE FROM audit_event"])
def test_the_database_itself_refuses(event: Event, statement: str) -> None:
    if connection.vendor == "sqlite":
        # The tests take this trigger away so that they can empty the tables (conftest.py).
        migration = importlib.import_module("knopenkaart_web.audit.migrations.0002_append_only")
        with connection.cursor() as cursor:
            cursor.execute(migration._SQLITE.format(verb="delete"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.get().reason == "omdat"


def test_events_come_newest_first_and_of_one_study_only(event: Event) -> None:
    log.write("undo", actor="bob", role="editor", study="kleindorp", object_type="place", object_id="x")
    log.write("undo", actor="bob", role="editor", study="grootdorp", object_type="place", object_id="x")
    assert [item.action for item in queries.events(study="kleindorp")] == ["undo", "load"]
    assert [item.action for item in queries.events(study="kleindorp", object_type="study")] == ["load"]
    assert queries.events(study="kleindorp", object_type="place", object_id="y") == []
    assert len(queries.events(study="kleindorp", limit=1)) == 1
