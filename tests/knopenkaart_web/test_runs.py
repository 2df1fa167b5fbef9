# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Background work: once per revision, bounded in time and memory, and honest about how it ended."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyogrio
import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.places import actions as places
from knopenkaart_web.places import queries as place_queries
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs import actions, queries, queue, results, tasks, work
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.process import Outcome, run_bounded

from .factories import CAFE, SLUG

POSTER = {"paper": "a3", "language": "nl"}
VISITOR = AnonymousUser()


def code(function: Any, *arguments: Any) -> str:
    with pytest.raises(InputError) as caught:
        function(*arguments)
    return caught.value.code


def test_a_visitor_may_ask_for_a_poster_and_the_second_gets_the_same(study: Study) -> None:
    first = actions.start(VISITOR, SLUG, "poster", POSTER)
    assert actions.start(VISITOR, SLUG, "poster", POSTER) == first
    assert actions.start(VISITOR, SLUG, "poster", {"paper": "a1", "language": "nl"}) != first
    view = queries.run(SLUG, first)
    assert view is not None
    assert (view.state, view.ready, view.kind) == ("waiting", False, "poster")
    assert queries.result_file(SLUG, first) is None


def test_a_new_revision_is_new_work_and_the_old_result_goes(study: Study, bob: User) -> None:
    first = actions.start(VISITOR, SLUG, "poster", POSTER)
    _finish(first)
    kept = queries.result_file(SLUG, first)
    assert kept is not None
    assert actions.start(VISITOR, SLUG, "poster", POSTER) == first
    places.change_status(bob, SLUG, CAFE, "vacant", "leeg")
    assert actions.start(VISITOR, SLUG, "poster", POSTER) != first
    assert not kept.exists()
    assert queries.run(SLUG, first) is None


def test_a_result_whose_file_is_gone_is_made_again(study: Study) -> None:
    first = actions.start(VISITOR, SLUG, "poster", POSTER)
    _finish(first).unlink()
    assert actions.start(VISITOR, SLUG, "poster", POSTER) != first


def test_the_same_filter_in_another_order_is_the_same_work(study: Study) -> None:
    one = actions.start(VISITOR, SLUG, "geopackage", {"query": "soort=cafe&q=een&pagina=2"})
    assert actions.start(VISITOR, SLUG, "geopackage", {"query": "q=een&soort=cafe&onzin=1"}) == one


def test_too_much_waiting_work_is_refused(study: Study) -> None:
    for number in range(actions.MAX_WAITING_FOR_VISITORS):
        actions.start(VISITOR, SLUG, "geopackage", {"query": f"q={number}"})
    assert code(actions.start, VISITOR, SLUG, "poster", POSTER) == "run.busy"


def test_visitors_leave_room_for_editors_and_not_without_end(study: Study, bob: User) -> None:
    for number in range(actions.MAX_WAITING_FOR_VISITORS):
        actions.start(VISITOR, SLUG, "geopackage", {"query": f"q={number}"})
    for number in range(actions.MAX_WAITING - actions.MAX_WAITING_FOR_VISITORS):
        actions.start(bob, SLUG, "geopackage", {"query": f"soort={number}"})
    assert code(actions.start, bob, SLUG, "poster", POSTER) == "run.busy"


def test_results_that_visitors_think_up_do_not_fill_the_disk(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "KEPT_RESULTS", 3)
    for number in range(7):
        _finish(actions.start(VISITOR, SLUG, "geopackage", {"query": f"q={number}"}))
    assert Run.objects.count() == 4, "three that were kept, and the one just made"
    assert len(list(results.results_root().rglob("*.*"))) == 4


def test_looking_whether_work_is_done_writes_nothing(study: Study, django_assert_max_num_queries: Any) -> None:
    actions.start(VISITOR, SLUG, "poster", POSTER)
    with django_assert_max_num_queries(2) as seen:
        actions.start(VISITOR, SLUG, "poster", POSTER)
    assert {query["sql"].split()[0] for query in seen.captured_queries} == {"SELECT"}


@pytest.mark.parametrize(
    ("kind", "params", "expected"),
    [
        ("onzin", {}, "run.unknown"),
        ("poster", {"paper": "a0", "language": "nl"}, "run.params"),
        ("poster", {"paper": "a1", "language": "fy"}, "run.params"),
        ("read_list", {"draft": "1; DROP"}, "run.params"),
    ],
)
def test_work_that_is_not_known_is_refused(study: Study, bob: User, kind: str, params: dict[str, Any], expected: str) -> None:
    assert code(actions.start, bob, SLUG, kind, params) == expected


def test_work_that_a_stopped_server_left_behind_is_done_again(study: Study, settings: Any) -> None:
    first = actions.start(VISITOR, SLUG, "poster", POSTER)
    Run.objects.update(state="running", started=timezone.now() - timedelta(seconds=settings.RUN_SECONDS + 61))
    assert actions.start(VISITOR, SLUG, "poster", POSTER) != first
    lost = queries.run(SLUG, first)
    assert lost is not None
    assert (lost.state, lost.error) == ("failed", "run.lost")


def test_work_can_be_cancelled_once(study: Study, bob: User) -> None:
    run = actions.start(VISITOR, SLUG, "poster", POSTER)
    actions.cancel(bob, SLUG, run)
    assert code(actions.cancel, bob, SLUG, run) == "run.ended"
    assert code(actions.cancel, bob, SLUG, "geen-uuid") == "run.unknown"
    work.end(UUID(run), "done", result_path="x")
    view = queries.run(SLUG, run)
    assert view is not None
    assert view.state == "cancelled", "what was cancelled does not end after all"


def test_a_geopackage_holds_the_corrected_places(study: Study, bob: User) -> None:
    places.correct_place(bob, SLUG, CAFE, {"name": "Café Twee"}, "naam", version=1)
    run = actions.start(VISITOR, SLUG, "geopackage", {"query": "soort=cafe"})
    work.work(UUID(run))
    path = queries.result_file(SLUG, run)
    assert path is not None
    frame = pyogrio.read_dataframe(path)
    assert list(frame["name"]) == ["Café Twee"]
    assert frame.crs.to_epsg() == 28992


def test_a_sent_list_is_read_into_its_draft(study: Study, bob: User) -> None:
    content = b"naam;soort;lon;lat\nDorpshuis;dorpshuis;5.01;52.01\nOnbekend;ruimteschip;5.01;52.01\n"
    draft = places.import_upload(bob, SLUG, "lijst.csv", content)
    run = actions.start(bob, SLUG, "read_list", {"draft": draft})
    work.work(UUID(run))
    view, seen = queries.run(SLUG, run), place_queries.import_draft(SLUG, draft)
    assert view is not None
    assert seen is not None
    assert (view.state, view.error) == ("done", "")
    assert [row["place"]["name"] for row in seen.rows] == ["Dorpshuis"]
    assert [fault["row"] for fault in seen.faults] == [3]
    assert places.import_confirm(bob, SLUG, draft, "lijst")["added"] == 1


def test_a_list_that_cannot_be_read_fails_with_its_code(study: Study, bob: User) -> None:
    draft = places.import_upload(bob, SLUG, "lijst.xlsx", b"dit is geen werkmap")
    run = actions.start(bob, SLUG, "read_list", {"draft": draft})
    work.work(UUID(run))
    view = queries.run(SLUG, run)
    assert view is not None
    assert view.state == "failed"
    assert view.error


def test_a_poster_without_a_study_folder_says_what_to_do(study: Study) -> None:
    run = actions.start(VISITOR, SLUG, "poster", POSTER)
    work.work(UUID(run))
    view = queries.run(SLUG, run)
    assert view is not None
    assert (view.state, view.error) == ("failed", "run.no_folder")


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    assert run_bounded([sys.executable, "-c", "import time; time.sleep(600)"], seconds=1) is Outcome.TIMED_OUT


def test_the_children_of_a_child_are_ended_too(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    grandchild = f"import time, pathlib; time.sleep(3); pathlib.Path({str(mark)!r}).touch()"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grandchild!r}])"
    assert run_bounded([sys.executable, "-c", child], seconds=1) is Outcome.TIMED_OUT
    time.sleep(3.5)
    assert not mark.exists()


def test_a_child_that_is_cancelled_is_ended() -> None:
    assert run_bounded([sys.executable, "-c", "import time; time.sleep(60)"], seconds=60, stopped=lambda: True) is Outcome.STOPPED


def test_a_child_tells_how_it_ended() -> None:
    assert run_bounded([sys.executable, "-c", ""], seconds=30) is Outcome.FINISHED
    assert run_bounded([sys.executable, "-c", "raise SystemExit(3)"], seconds=30) is Outcome.FAILED


def test_a_child_that_wants_too_much_memory_gets_none() -> None:
    hungry = "from knopenkaart_web.runs.process import limit_memory; limit_memory(200 * 1024**2); bytearray(400 * 1024**2)"
    assert run_bounded([sys.executable, "-c", hungry], seconds=30) is Outcome.FAILED


@pytest.mark.parametrize(
    ("outcome", "expected"), [(Outcome.TIMED_OUT, "run.time"), (Outcome.FAILED, "run.broken"), (Outcome.FINISHED, "run.broken")]
)
def test_a_run_whose_child_said_nothing_failed(study: Study, monkeypatch: pytest.MonkeyPatch, outcome: Outcome, expected: str) -> None:
    monkeypatch.setattr(queue, "run_bounded", lambda *a, **k: outcome)
    run = actions.start(VISITOR, SLUG, "poster", POSTER)
    tasks.execute.call_local(run)
    view = queries.run(SLUG, run)
    assert view is not None
    assert (view.state, view.error) == ("failed", expected)
    tasks.execute.call_local(run)
    assert Run.objects.get().state == "failed", "what has ended is not done again"


def _finish(run: str) -> Path:
    """As if the work was done."""
    row = Run.objects.get(pk=run)
    folder = results.result_folder(row)
    folder.mkdir(parents=True)
    (folder / "poster.pdf").write_bytes(b"%PDF")
    work.end(row.pk, "done", result_path=str((folder / "poster.pdf").relative_to(results.results_root())))
    return folder / "poster.pdf"


def test_what_visitors_fetch_makes_no_history(study: Study, bob: User) -> None:
    actions.start(VISITOR, SLUG, "poster", POSTER)
    assert not Event.objects.exists()
    actions.start(bob, SLUG, "geopackage", {"query": ""})
    assert [event.action for event in Event.objects.all()] == ["start_run"]


def test_what_is_open_now_is_asked_again_later(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    first = actions.start(VISITOR, SLUG, "geopackage", {"query": "open=nu"})
    assert actions.start(VISITOR, SLUG, "geopackage", {"query": "open=nu&sorteer=soort"}) == first
    later = timezone.now() + timedelta(minutes=6)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert actions.start(VISITOR, SLUG, "geopackage", {"query": "open=nu"}) != first


def test_looking_finds_what_was_asked_for_and_starts_nothing(study: Study, bob: User) -> None:
    assert queries.latest(SLUG, "poster", POSTER) is None
    assert queries.latest("elders", "poster", POSTER) is None
    assert not Run.objects.exists()
    run = actions.start(VISITOR, SLUG, "poster", POSTER)
    assert (queries.latest(SLUG, "poster", POSTER).id, queries.latest(SLUG, "poster", POSTER).state) == (run, "waiting")  # type: ignore[union-attr]
    _finish(run)
    assert queries.latest(SLUG, "poster", POSTER).ready  # type: ignore[union-attr]
    places.change_status(bob, SLUG, CAFE, "vacant", "leeg")
    assert queries.latest(SLUG, "poster", POSTER) is None, "of what was, nothing is given"


def test_looking_tells_of_work_that_failed_until_it_is_asked_again(study: Study) -> None:
    run = actions.start(VISITOR, SLUG, "poster", POSTER)
    work.end(Run.objects.get().pk, "failed", code="run.time")
    found = queries.latest(SLUG, "poster", POSTER)
    assert found is not None
    assert (found.id, found.error) == (run, "run.time")
    again = actions.start(VISITOR, SLUG, "poster", POSTER)
    found = queries.latest(SLUG, "poster", POSTER)
    assert found is not None
    assert (found.id, found.state) == (again, "waiting")
    actions.cancel(None, SLUG, again)
    found = queries.latest(SLUG, "poster", POSTER)
    assert found is not None
    assert found.id == run
