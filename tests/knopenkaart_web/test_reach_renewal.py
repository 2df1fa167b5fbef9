# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""When reach is reckoned anew: once at a time, not for ever, and never with a place that is hidden since."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.places import actions as places
from knopenkaart_web.places.models import Place, Study
from knopenkaart_web.reach import areas, homes, queries
from knopenkaart_web.runs import actions, queue, tasks
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.process import Outcome
from knopenkaart_web.runs.queries import reach_folder_file, reach_state

from .factories import CAFE, CENTRE, LIBRARY, SLUG, touch
from .folders import build
from .reached import attach, reached, results


@pytest.fixture
def kleindorp(study: Study) -> Study:
    Study.objects.update(folder="somewhere")
    study.refresh_from_db()
    return reached(study)


@pytest.fixture(autouse=True)
def nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "execute", lambda run: None)


def place(place_id: str) -> Any:
    found = queries.place(SLUG, place_id, lang="nl")
    assert found is not None
    return found


def correct(actor: User, reason: str) -> None:
    """Another revision of the study."""
    status = Place.objects.get(pk=CENTRE).status
    places.change_status(actor, SLUG, CENTRE, "vacant" if status == "open" else "open", reason)


def test_nothing_is_known_before_it_was_reckoned(study: Study) -> None:
    assert queries.place(SLUG, LIBRARY, lang="nl") is None
    assert queries.isochrones(SLUG, LIBRARY) is None
    assert areas.measure(SLUG, measure="", what="", group="", minutes=0, mode="", slot="") is None
    assert queries.choices(SLUG, lang="nl") is None
    assert queries.homes_layer(SLUG) is None
    assert homes.find(SLUG, "Dorpsstraat 3") == []
    assert homes.home(SLUG, 0, lang="nl") is None
    assert reach_state(SLUG) is None


def test_after_a_correction_it_is_stale_until_it_was_reckoned_anew(kleindorp: Study, bob: User, tmp_path: Path) -> None:
    kleindorp.refresh_from_db()
    before = place(LIBRARY)
    assert not before.about.stale
    places.change_status(bob, SLUG, CENTRE, "closed", "verbouwing")
    assert place(LIBRARY).about.stale
    attach(Study.objects.get(), results())
    assert not place(LIBRARY).about.stale


def test_the_clock_has_every_study_reckoned_anew_that_changed(kleindorp: Study, bob: User) -> None:
    assert actions.renew_reach() == [], "it is as new as the places are"
    correct(bob, "verbouwing")
    assert actions.renew_reach() == [SLUG]
    assert actions.renew_reach() == [], "it is waiting already"
    assert Event.objects.filter(action="start_run", actor="system").exists()


def test_many_corrections_are_one_reckoning(kleindorp: Study, bob: User) -> None:
    for number in range(8):
        correct(bob, f"nummer {number}")
        actions.renew_reach()
    assert Run.objects.filter(state="waiting").count() == 1
    assert actions.start(AnonymousUser(), SLUG, "poster", {"paper": "a3", "language": "nl"}), "and it takes nobody's room"


def test_it_takes_the_places_as_they_are_when_it_starts(kleindorp: Study, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    correct(bob, "eerst")
    actions.renew_reach()
    correct(bob, "daarna")
    monkeypatch.setattr(queue, "run_bounded", lambda *a, **k: Outcome.FAILED)
    run = Run.objects.get(state="waiting")
    tasks.execute.call_local(str(run.pk))
    run.refresh_from_db()
    assert run.revision == Study.objects.get().revision


def test_what_changes_while_it_is_reckoned_is_reckoned_next(kleindorp: Study, bob: User) -> None:
    correct(bob, "eerst")
    actions.renew_reach()
    run = Run.objects.get(state="waiting")
    Run.objects.filter(pk=run.pk).update(state="running", started=timezone.now(), alive=timezone.now())
    correct(bob, "daarna")
    assert actions.renew_reach() == []
    Run.objects.filter(pk=run.pk).update(state="failed", error_code="run.broken")
    assert actions.renew_reach() == [SLUG]


@pytest.mark.parametrize("code", ["run.lost", "run.broken", "run.time", "run.memory"])
def test_what_broke_off_is_tried_three_times(kleindorp: Study, bob: User, code: str) -> None:
    correct(bob, "verbouwing")
    for _ in range(actions.ATTEMPTS):
        assert actions.renew_reach() == [SLUG]
        Run.objects.filter(state="waiting").update(state="failed", error_code=code, ended=timezone.now())
    assert actions.renew_reach() == []
    assert place(LIBRARY).about.failed
    assert actions.start(bob, SLUG, "reach", {}), "an editor may always ask again"


@pytest.mark.parametrize(("state", "code"), [("failed", "store.no_table"), ("cancelled", "")])
def test_what_was_refused_or_stopped_is_not_tried_again(kleindorp: Study, bob: User, state: str, code: str) -> None:
    correct(bob, "verbouwing")
    actions.renew_reach()
    Run.objects.filter(state="waiting").update(state=state, error_code=code, ended=timezone.now())
    assert actions.renew_reach() == []
    correct(bob, "weer open")
    assert actions.renew_reach() == [SLUG], "another revision is another question"


def test_the_trouble_of_one_study_is_not_that_of_another(kleindorp: Study, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> str:
        raise InputError("Not now.", code="run.busy")

    Study.objects.create(slug="ander", name="Ander", folder="somewhere")
    correct(bob, "verbouwing")
    monkeypatch.setattr(actions, "start", refuse)
    assert actions.renew_reach() == []


def test_work_that_tells_how_far_it_is_is_not_lost(kleindorp: Study, bob: User) -> None:
    correct(bob, "verbouwing")
    actions.renew_reach()
    long_ago, now = timezone.now() - timedelta(hours=2), timezone.now()
    Run.objects.filter(state="waiting").update(state="running", started=long_ago, alive=now)
    assert actions.renew_reach() == []
    Run.objects.filter(state="running").update(alive=long_ago)
    assert actions.renew_reach() == [SLUG]
    assert Run.objects.filter(error_code="run.lost").count() == 1


def test_a_file_of_another_form_is_as_good_as_none(kleindorp: Study) -> None:
    Run.objects.update(result_path="kleindorp/oud/reach.sqlite")
    assert reach_state(SLUG) is None
    assert actions.renew_reach() == [SLUG]


# --- what is hidden since ---------------------------------------------------------------------------------------------


def test_files_that_name_a_hidden_place_are_withheld(kleindorp: Study, client: Client) -> None:
    files = [f"/{SLUG}/download/{name}" for name in ("overlaps.csv", "isochrones.geojson", "reach_places.csv")]
    assert {client.get(file).status_code for file in files} == {200}
    Place.objects.filter(pk=CENTRE).update(confidential=True)
    touch(kleindorp)
    assert {client.get(file).status_code for file in files} == {202}
    assert client.get(f"/{SLUG}/data/woningen.json").status_code == 404


def test_a_hidden_or_removed_place_has_no_reach(kleindorp: Study, client: Client) -> None:
    addresses = [f"/{SLUG}/plek/{CENTRE}/bereik?deel", f"/{SLUG}/data/bereik/{CENTRE}.json"]
    assert {client.get(address).status_code for address in addresses} == {200}
    Place.objects.filter(pk=CENTRE).update(removed=True)
    touch(kleindorp)
    assert {client.get(address).status_code for address in addresses} == {404}
    assert queries.place(SLUG, CENTRE, lang="nl") is None


def test_a_hidden_place_is_not_told_of_as_near(kleindorp: Study) -> None:
    (choice,) = homes.find(SLUG, "Dorpsstraat 10")

    def near() -> Any:
        found = homes.home(SLUG, choice.home, lang="nl")
        assert found is not None
        return next(row for row in found.near if row.label == "leren")

    assert near().walk_min is not None
    Place.objects.filter(pk=LIBRARY).update(confidential=True)
    touch(kleindorp)
    assert (near().place, near().walk_min, near().cycle_min, near().hidden) == (None, None, None, True)


def test_a_closed_place_has_no_ground_on_page_and_panel(kleindorp: Study, bob: User, client: Client) -> None:
    places.change_status(bob, SLUG, CENTRE, "closed", "verbouwing")
    assert queries.place(SLUG, CENTRE, lang="nl") is None
    ground = queries.isochrones(SLUG, CENTRE)
    assert ground is not None
    assert ground["features"] == []
    assert "Deze plek is gesloten." in client.get(f"/{SLUG}/plek/{CENTRE}/bereik?deel").content.decode()


# --- who asks ---------------------------------------------------------------------------------------------------------


def test_the_worker_looks_every_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(actions, "renew_reach", lambda: seen.append(True))
    tasks.renew_reach.call_local()
    assert seen == [True]


def test_an_editor_may_have_it_reckoned_and_a_visitor_not(kleindorp: Study, bob: User) -> None:
    with pytest.raises(PermissionDenied):
        actions.start(AnonymousUser(), SLUG, "reach", {})
    touch(kleindorp)
    assert actions.start(bob, SLUG, "reach", {})


def test_reach_follows_the_corrected_places(study: Study, bob: User, tmp_path: Path) -> None:
    """The whole way: a place is moved and one closed, and the engine reckons with the rows of the database."""
    from . import factories

    folder = build(tmp_path / "study", factories.records(), reachable=True)
    Study.objects.update(folder=str(folder))
    Place.objects.filter(pk=CENTRE).update(lon=5.0455, lat=52.0051)
    places.change_status(bob, SLUG, CAFE, "closed", "verbouwing")
    assert actions.reckon_now(SLUG, "reach")
    assert place(CENTRE).bands[0].walk.people < 200, "few live in the Polder"
    assert queries.place(SLUG, CAFE, lang="nl") is None
    assert reach_folder_file(SLUG, "gaps.csv") is not None
    assert actions.reckon_now(SLUG, "reach"), "it is there already"
    assert Run.objects.filter(kind="reach").count() == 1


def test_a_study_of_an_older_version_loads_and_has_no_reach(study: Study, tmp_path: Path) -> None:
    from . import factories

    folder = build(tmp_path / "study", factories.records())
    manifest = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    for name in ("edges", "homes", "residents", "isochrones"):
        del manifest["files"][name]
    (folder / "study.json").write_text(json.dumps(manifest), encoding="utf-8")
    Study.objects.update(folder=str(folder))
    assert not actions.reckon_now(SLUG, "reach")
    assert Run.objects.get().error_code == "store.no_table"
    assert queries.place(SLUG, LIBRARY, lang="nl") is None
