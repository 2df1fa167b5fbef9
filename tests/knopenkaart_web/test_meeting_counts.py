# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counts in who meets whom: only what everybody may see goes in, and what is taken back is told of no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knopenkaart_web import engine
from knopenkaart_web.accounts.models import Ownership
from knopenkaart_web.meeting import queries
from knopenkaart_web.meeting.opening import opened
from knopenkaart_web.places.models import Place, Study
from knopenkaart_web.runs import actions, same
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.queries import meeting_state
from knopenkaart_web.runs.work import work
from knopenkaart_web.visits import released, releasing

from . import counted, factories, met
from .factories import CAFE, LIBRARY, SLUG

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _same_lots(settings: Any) -> None:
    settings.SECRET_KEY = "the lots of these tests"


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the engine is given of counts, per time that it reckons; it writes the file of `met` with those places as counted."""
    found: list[dict[str, Any]] = []

    def write(
        target: Path, folder: Path, places: Any, *, counting: Any, observed: dict[str, Any], seconds: float | None, progress: Any
    ) -> Path:
        found.append(observed)
        about = met.ABOUT | {"counted": sorted(observed)}
        met.write(target / met.NAME, about, met.tables())
        return target / met.NAME

    monkeypatch.setattr(engine, "write_meeting", write)
    return found


def counts_released(study: Study, place_id: str, name: str = "Voorjaar") -> str:
    """A round that was counted, closed and released; gives the number of the release."""
    of = counted.counted_round(place_id, name=name)
    run = Run.objects.create(study=study, kind="visitors", key="", revision=study.revision, params={"round": str(of.pk)}, state="running")
    work(run.pk)
    return released.of_place(SLUG, place_id, first_look=True)[0].id


def reckoned(study: Study) -> Run:
    """Who meets whom, reckoned as the worker does it."""
    Study.objects.filter(pk=study.pk).update(folder="somewhere")
    study.refresh_from_db()
    run = Run.objects.create(study=study, kind="meeting", key=same.key("meeting", {}, study), revision=study.revision, state="running")
    work(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.error
    return run


def test_only_counts_that_everybody_may_see_go_in(study: Study, given: list[dict[str, Any]]) -> None:
    Ownership.objects.create(user=factories.user("bob"), study_slug=SLUG, place_id=LIBRARY)
    counts_released(study, LIBRARY)
    seen = counts_released(study, CAFE)
    run = reckoned(study)
    assert set(given[0]) == {CAFE}
    assert run.params == {"released": {CAFE: seen}}
    Place.objects.filter(pk=CAFE).update(confidential=True)
    assert not released.current(SLUG)


def test_of_a_small_figure_nothing_goes_in(study: Study, given: list[dict[str, Any]]) -> None:
    """Three seniors on Friday evening: what hides them is hidden from the engine too."""
    counts_released(study, LIBRARY)
    reckoned(study)
    cells = given[0][LIBRARY]["counting"]["cells"]
    assert all(cell["value"] >= 10 for cell in cells)
    assert ("fr_evening", "age_65_plus") not in {(cell["slot"], cell["group"]) for cell in cells}


def test_new_counts_make_it_stale_and_it_can_be_reckoned_anew(study: Study, given: list[dict[str, Any]]) -> None:
    editor, run = factories.user("alice", "editor"), reckoned(study)
    state = meeting_state(SLUG)
    assert state is not None
    assert not state.stale
    assert actions.start(editor, SLUG, "meeting", {}) == str(run.pk), "the same work is done once"
    counts_released(study, LIBRARY)
    state = meeting_state(SLUG)
    assert state is not None
    assert state.stale
    assert actions.start(editor, SLUG, "meeting", {}) != str(run.pk)


def test_counts_that_were_taken_back_are_told_of_no_more(study: Study, given: list[dict[str, Any]]) -> None:
    release = counts_released(study, LIBRARY)
    counts_released(study, CAFE)
    reckoned(study)
    before = opened(SLUG)
    assert before is not None
    assert {LIBRARY, CAFE} <= {place.place_id for place in queries.places(before)}
    assert not before.state.stale
    releasing.withdraw_release(factories.user("alice", "editor"), SLUG, LIBRARY, release, "De teller telde dubbel.")
    now = opened(SLUG)
    assert now is not None
    assert now.state.stale
    assert queries.place(now, LIBRARY) is None
    assert CAFE in {place.place_id for place in queries.places(now)}
    assert LIBRARY not in {place.place_id for place in queries.places(now)}


def test_counts_that_were_not_used_hide_nothing_when_they_are_taken_back(study: Study) -> None:
    """The file of `met` says that nothing was counted, whatever was released when it was made."""
    release = counts_released(study, LIBRARY)
    run = met.attach(study)
    Run.objects.filter(pk=run.pk).update(params={"released": {LIBRARY: release}})
    releasing.withdraw_release(factories.user("alice", "editor"), SLUG, LIBRARY, release, "De teller telde dubbel.")
    found = opened(SLUG)
    assert found is not None
    assert queries.place(found, LIBRARY) is not None
