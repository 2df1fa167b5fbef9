# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The report of an area on screen and on paper, and the reports of a whole municipality for its editors."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client

from knopenkaart.errors import InputError
from knopenkaart.paper.area_report import check_content
from knopenkaart_web.accounts.models import User
from knopenkaart_web.monitor import actions as loading
from knopenkaart_web.monitor import stamping
from knopenkaart_web.pages import turns
from knopenkaart_web.pages.monitor import batch
from knopenkaart_web.pages.monitor import report as monitor_report
from knopenkaart_web.pages.monitor.report import Report
from knopenkaart_web.pages.views import monitor_report as monitor_report_views
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs import actions, queries, work
from knopenkaart_web.runs.models import Run
from knopenkaart_web.visits.models import Release

from .reading import attach, factories, monitored, read, results

NOORD, ZUID, POLDER, MUNICIPALITY, SLUG = factories.NOORD, factories.ZUID, factories.POLDER, factories.MUNICIPALITY, factories.SLUG
NAMES = {f"{MUNICIPALITY}-kleindorp.pdf", f"{NOORD}-noord.pdf", f"{ZUID}-zuid.pdf", f"{POLDER}-polder.pdf"}
DUTCH = {"municipality": MUNICIPALITY, "language": "nl"}


@pytest.fixture
def loaded(study: Study) -> Study:
    """Kleindorp with the small monitor, its own table included."""
    monitored.wijkmonitor(study)
    return study


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers of a word, for tests that are not about paper."""
    monkeypatch.setattr(batch, "pdf", lambda report: f"%PDF {report.title}".encode())


def report(code: str = NOORD, other: str = "", language: str = "nl") -> Report:
    found = monitor_report.compose(code, other, language)
    assert found is not None
    return found


# --- one area ----------------------------------------------------------------------------------------------------------


def test_findings_are_computed_and_hedged(loaded: Study) -> None:
    """Of the 1,600 people of Noord 500 come from outside Europe (31 %), of the 2,400 of Kleindorp 570 (24 %)."""
    texts = [item.text for item in report().findings]
    found = next(text for text in texts if text.startswith("Inwoners met herkomst buiten Europa"))
    assert "31,2 %" in found
    assert "23,8 %" in found
    assert "verschil" in found
    assert "procentpunt" in found


def test_what_is_about_everything_comes_after_the_themes(loaded: Study) -> None:
    themes = [item.theme for item in report().findings]
    assert set(themes[themes.index("") :]) == {""}


def test_a_municipality_tells_how_its_wijken_differ(loaded: Study) -> None:
    """Of Noord 500 of 1,600 come from outside Europe (31.2 %), of Polder none of 400; of Zuid it is not told. Both are picked from three
    wijken, and still surely differ."""
    parts = dict(report(MUNICIPALITY).parts)
    found = next(text for text in parts["Verschillen tussen wijken"] if text.startswith("Inwoners met herkomst buiten Europa"))
    assert "31,2 % in Noord" in found
    assert "verschil" in found


def test_a_municipality_tells_which_places_were_found(loaded: Study) -> None:
    told = report(MUNICIPALITY)
    assert any("Hier gevonden plekken met een sociale functie:" in text for text in dict(told.parts)["Ontmoeting"])
    assert not any("geen kaart met plekken" in text for text in told.limits)
    assert any("geen kaart met plekken" in text for text in report(monitored.GROOTDORP).limits), "nobody mapped that one"


def test_what_is_missing_is_one_sentence_and_a_table(loaded: Study) -> None:
    """Every sentence that only says what there is not takes the place of one that says what there is."""
    found = report(ZUID)
    assert found.absent is not None
    absent = sum(cell.count(", ") + cell.count("; ") + 1 for _theme, cell in found.absent.rows)
    (text,) = [item.text for item in found.findings if item.tone == "absent"]
    assert text.startswith(f"Van {absent} van de ")


def test_without_a_comparison_there_is_no_wheel_of_question_marks(client: Client, loaded: Study) -> None:
    found = report(MUNICIPALITY, "niets")
    assert (found.other, found.wheel) == ("", None)
    assert monitor_report._content(found)["wheel"] is None
    page = read(client.get(f"/wijkmonitor/{MUNICIPALITY}/rapport?met=niets"))
    assert "De profieltaart" not in page.text
    assert "Verschillen tussen wijken" in page.text


def test_of_an_area_of_which_nothing_is_known_the_report_says_so_without_a_wheel(loaded: Study) -> None:
    bundle = monitored.bundle()
    loading.load(None, replace(bundle, figures=[row for row in bundle.figures if row.area_code != monitored.HAVEN]))
    found = report(monitored.HAVEN)
    assert found.wheel is None
    assert next(item.text for item in found.findings if item.tone == "absent").startswith("Van geen van de ")
    check_content(monitor_report._content(found))


def test_pictures_and_changes_tell_their_sources_by_number(loaded: Study) -> None:
    found = report(NOORD)
    assert found.changes is not None
    assert found.changes.notes[-1].startswith("Deze cijfers komen uit: bron\u00a0")
    assert found.pictures
    assert all("Bron\u00a0" in item.note or "bron\u00a0" in item.note for item in found.pictures)


def test_only_what_surely_changed_is_in_the_table_and_the_others_are_counted(loaded: Study) -> None:
    found = report(NOORD).changes
    assert found is not None
    assert all(row[-1].endswith(("meer", "minder") if row[0] == "Inwoners" else ("hoger", "lager")) for row in found.rows)
    assert "Inwoners" in {row[0] for row in found.rows}
    changes = [item for item in monitor_report.monitor_trend.changes(monitor_report.around(report(NOORD).ref)) if item.verdict == "same"]
    assert changes
    assert any(note.startswith(f"Van {len(changes)} ander") for note in found.notes)


def test_what_surely_differs_between_groups_is_told_with_every_figure_by_group(loaded: Study) -> None:
    """An average hides: of Noord 60 % works, of those from outside Europe 40 %."""
    found = report(NOORD)
    [(_heading, texts)] = [part for part in found.parts if part[0] == "Verschillen tussen groepen"]
    assert len(texts) == 1
    assert "40 % bij de groep “herkomst buiten Europa” en 68 % bij de groep “herkomst Nederland” (verschil " in texts[0]
    assert found.groups is not None
    assert [row[1:3] + row[4:5] for row in found.groups.rows] == [
        ("herkomst Nederland", "68 %", "60 %"),
        ("herkomst buiten Europa", "40 %", "60 %"),
    ]
    assert all(row[-1].startswith("Eigen cijfer van de gemeente, 2024, n\u00a0=\u00a0") for row in found.groups.rows)


def test_a_hidden_figure_of_a_group_stays_hidden_and_says_why(loaded: Study) -> None:
    found = report(ZUID)
    assert found.groups is not None
    [row] = found.groups.rows
    assert row[2:4] == ("niet getoond", "–")
    assert row[-1] == "Niet getoond, zodat niemand iets te weten komt over minder dan tien mensen"


@pytest.mark.parametrize("code", [ZUID, POLDER])
def test_that_nothing_is_known_of_groups_is_said(loaded: Study, code: str) -> None:
    texts = dict(report(code).parts)["Verschillen tussen groepen"]
    assert texts == ["Over groepen inwoners is hier geen cijfer bekend. Een gemiddelde kan grote verschillen tussen groepen verbergen."]


def test_an_example_is_called_one_on_paper_too(loaded: Study) -> None:
    made = report()
    assert monitor_report._content(replace(made, invented=True))["invented"].startswith("Voorbeeld. ")
    assert monitor_report._content(replace(made, invented=False))["invented"] == ""


def test_who_cannot_see_the_ranking_reads_it_and_has_its_table(client: Client, loaded: Study) -> None:
    [ranking] = [item for item in report(MUNICIPALITY).pictures if item.id == "ranking"]
    assert "Noord " in ranking.alt
    assert "Polder " in ranking.alt
    page = read(client.get(ranking.table))
    assert all(name in page.text for name in ("Noord", "Polder"))
    assert client.get(next(item.table for item in report().pictures if item.id == "map")).status_code == 200


def test_the_ranking_of_a_municipality_holds_its_wijken_and_no_other_municipality(loaded: Study) -> None:
    [ranking] = [item for item in report(MUNICIPALITY).pictures if item.id == "ranking"]
    assert "Grootdorp" not in ranking.alt
    assert "Grootdorp" not in ranking.svg


def test_paper_tells_where_it_is_on_the_web(client: Client, loaded: Study, settings: Any) -> None:
    settings.BASE_URL = "https://knopen.example"
    made = report(NOORD, "NL00", "en")
    assert monitor_report._content(made)["online"].endswith(f" https://knopen.example/en/wijkmonitor/{NOORD}/rapport?met=NL00")
    assert client.get(made.address).status_code == 200


def test_tables_fold_so_that_a_phone_is_not_a_roll_of_paper(client: Client, loaded: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/rapport"))
    folds = [item for item in page.all("details") if "data-kk-narrow-closed" in item.attributes]
    assert len(folds) == len(report().every_table)


def test_an_address_of_this_installation_is_whole_on_paper(loaded: Study, settings: Any) -> None:
    settings.BASE_URL = "https://knopen.example"
    own = monitor_report.SourceView("own_reach", "Wie kan waar lopend komen", None, "", "", "/kleindorp/bereik", "kleindorp")
    assert monitor_report.source_text(own).endswith("https://knopen.example/kleindorp/bereik")


def test_page_and_paper_tell_the_same(client: Client, loaded: Study) -> None:
    page, made = read(client.get(f"/wijkmonitor/{NOORD}/rapport")), monitor_report._content(report())
    check_content(made)
    for item in made["findings"]:
        assert " ".join(item["text"].split()) in page.text
    for table in made["tables"]:
        assert table["caption"] in page.text
        for row in table["rows"]:
            for cell in row:
                assert " ".join(cell.split()) in page.text
    for text in (made["intro"], *made["limits"], made["title"]):
        assert " ".join(text.split()) in page.text


@pytest.mark.parametrize(
    ("language", "said"), [("nl", "De monitor signaleert, hij verklaart niet."), ("en", "The monitor signals; it does not explain.")]
)
def test_a_report_is_in_its_own_language_wherever_it_is_asked(loaded: Study, language: str, said: str) -> None:
    found = report(language=language)
    assert any(said in text for text in found.limits)
    assert ("Bevolking" in found.themes.values()) is (language == "nl")


def test_every_figure_has_its_kind_and_year(loaded: Study) -> None:
    table = next(item for item in report().tables if item.id == "income")
    assert [row[-1] for row in table.rows if "Inwoners van 15 tot 75" in row[0]] == ["Uit een register, 2024, bron\u00a01"]
    assert "Kerncijfers wijken en buurten 2024" in [source.title for source in report().sources]


def test_what_there_is_no_figure_of_is_named_with_the_reason(loaded: Study) -> None:
    absent = report(ZUID).absent
    assert absent is not None
    told = dict(absent.rows)
    assert "inwoners met herkomst buiten Europa (weggelaten door de bron: te weinig mensen)" in told["Bevolking"]
    assert all(cell != "0 %" for table in report(ZUID).tables for row in table.rows for cell in row)


def test_a_series_that_breaks_is_said_in_the_report_only_where_something_changed(loaded: Study) -> None:
    changes = report(NOORD).changes
    assert changes is not None
    assert changes.rows[0][0] == "Inwoners"
    assert report(ZUID).changes is None


def test_the_comparison_can_be_chosen(client: Client, loaded: Study) -> None:
    page = read(client.get(f"/wijkmonitor/{NOORD}/rapport?met={monitored.HAVEN}"))
    assert "Wijk van Kleindorp naast Haven" in page.text
    assert f"/wijkmonitor/{NOORD}/rapport.pdf?met={monitored.HAVEN}" in page.links()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_paper_is_a_tagged_pdf(client: Client, loaded: Study, prefix: str) -> None:
    answer = client.get(f"{prefix}/wijkmonitor/{NOORD}/rapport.pdf")
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert b"pdfuaid" in answer.content


def test_a_report_that_cannot_be_made_says_so(client: Client, loaded: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_report: Report) -> bytes:
        raise InputError("It broke.", code="run.broken")

    monkeypatch.setattr(monitor_report, "pdf", broken)
    answer = client.get(f"/wijkmonitor/{NOORD}/rapport.pdf")
    assert answer.status_code == 503
    assert "It broke" not in answer.content.decode()


def test_it_is_composed_and_drawn_in_one_turn(client: Client, loaded: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not get a turn costs nothing."""
    made: list[str] = []
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(monitor_report_views, "compose", lambda *asked: made.append(str(asked)))
    with turns.turn():
        answer = client.get(f"/wijkmonitor/{NOORD}/rapport.pdf")
    assert (answer.status_code, made) == (503, [])
    assert "ETag" not in answer


def test_what_did_not_change_is_not_made_again(client: Client, loaded: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor_report, "pdf", lambda report: b"%PDF")
    address = f"/wijkmonitor/{NOORD}/rapport.pdf"
    first = client.get(address)
    assert first["Cache-Control"] == "no-cache"
    same = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    assert client.get(address, **same).status_code == 304
    assert client.get(f"/en{address}", **same).status_code == 200, "another language is another report"
    Study.objects.filter(pk=loaded.pk).update(revision=loaded.revision + 1, stamp=uuid.uuid4())
    assert client.get(address, **same).status_code == 200, "places changed"
    Study.objects.filter(pk=loaded.pk).update(revision=loaded.revision, stamp=uuid.uuid4())
    assert client.get(address, **same).status_code == 304
    stamping.renew()
    assert client.get(address, **same).status_code == 200, "other figures came in"


def test_what_was_released_or_reckoned_since_is_told(client: Client, loaded: Study) -> None:
    """Neither visits that are released nor reach that is reckoned makes a new revision of the study."""
    address = f"/wijkmonitor/{NOORD}/cijfers.csv"

    def changed() -> bool:
        answer = client.get(address, HTTP_IF_NONE_MATCH=seen[-1])
        seen.append(answer["ETag"])
        return answer.status_code == 200

    seen = [client.get(address)["ETag"]]
    assert not changed()
    release = Release.objects.create(place_id=factories.LIBRARY, figures={}, counts={}, state="public")
    assert changed(), "visits were released"
    Release.objects.filter(pk=release.pk).update(state="withdrawn")
    assert changed(), "they were taken back"
    attach(loaded, results())
    assert changed(), "reach was reckoned"
    assert not changed()


# --- all of a municipality ---------------------------------------------------------------------------------------------


def test_the_archive_holds_the_municipality_and_each_of_its_wijken(loaded: Study, quick: None, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    made = batch.make(SimpleNamespace(params=DUTCH), tmp_path, lambda step, share: told.append((step, share)))
    with zipfile.ZipFile(made) as archive:
        assert set(archive.namelist()) == NAMES
        assert archive.read(f"{NOORD}-noord.pdf") == b"%PDF Noord: rapport van de Wijkmonitor"
    assert told == [("Kleindorp", 0.0), ("Noord", 0.25), ("Polder", 0.5), ("Zuid", 0.75)]


def test_an_area_that_fails_does_not_cost_the_others_and_is_named(loaded: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def paper(report: Report) -> bytes:
        if report.ref.code == POLDER:
            raise ZeroDivisionError
        return b"%PDF"

    monkeypatch.setattr(batch, "pdf", paper)
    made = batch.make(SimpleNamespace(params=DUTCH), tmp_path, lambda step, share: None)
    with zipfile.ZipFile(made) as archive:
        assert set(archive.namelist()) == NAMES - {f"{POLDER}-polder.pdf"} | {"niet-gelukt.txt"}
        told = archive.read("niet-gelukt.txt").decode()
    assert told.startswith("Van deze gebieden kon het rapport niet worden gemaakt.")
    assert told.splitlines()[2:] == [f"{POLDER} Polder"]


def test_reports_that_all_fail_are_a_failure(loaded: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(batch, "pdf", lambda report: 1 / 0)
    with pytest.raises(InputError) as caught:
        batch.make(SimpleNamespace(params=DUTCH), tmp_path, lambda step, share: None)
    assert caught.value.code == "run.broken"


def test_whoever_stops_them_stops_them_all(loaded: Study, quick: None, tmp_path: Path) -> None:
    def stopped(step: str, share: float) -> None:
        raise InputError("It was stopped.", code="run.cancelled")

    with pytest.raises(InputError) as caught:
        batch.make(SimpleNamespace(params=DUTCH), tmp_path, stopped)
    assert caught.value.code == "run.cancelled"


def test_a_municipality_of_another_study_is_refused(editor: Client, loaded: Study) -> None:
    answer = editor.post(f"/{SLUG}/beheer/rapporten", {"gemeente": monitored.GROOTDORP}, follow=True)
    assert "In de cijfers van de Wijkmonitor komt dit gebied niet voor." in read(answer).text
    assert not Run.objects.filter(kind="reports").exists()


@pytest.mark.parametrize("code", [NOORD, "GM0000", ""])
def test_what_is_no_municipality_of_the_monitor_is_refused(loaded: Study, code: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        batch.make(SimpleNamespace(params=DUTCH | {"municipality": code}), tmp_path, lambda step, share: None)
    assert caught.value.code == "monitor.no_area"


def test_reports_are_for_editors_and_made_once_for_what_is_loaded(loaded: Study, bob: User) -> None:
    with pytest.raises(PermissionDenied):
        actions.start(AnonymousUser(), SLUG, "reports", DUTCH)
    first = actions.start(bob, SLUG, "reports", DUTCH)
    assert actions.start(bob, SLUG, "reports", DUTCH) == first
    assert actions.start(bob, SLUG, "reports", DUTCH | {"language": "en"}) != first
    stamping.renew()
    assert actions.start(bob, SLUG, "reports", DUTCH) != first, "other figures make other reports"


@pytest.mark.parametrize("params", [{}, {"municipality": MUNICIPALITY, "language": "fr"}, {"municipality": "x" * 41, "language": "nl"}])
def test_reports_of_nothing_are_refused(loaded: Study, bob: User, params: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        actions.start(bob, SLUG, "reports", params)
    assert caught.value.code == "run.params"


def test_an_editor_has_them_made_sees_how_far_that_is_and_fetches_them(editor: Client, loaded: Study, quick: None) -> None:
    address = f"/{SLUG}/beheer/rapporten"
    assert "4 rapporten." in read(editor.get(address)).text
    assert editor.post(address, {"gemeente": MUNICIPALITY}).status_code == 302
    assert "Wacht op zijn beurt." in read(editor.get(address)).text
    run = Run.objects.get(kind="reports")
    Run.objects.filter(pk=run.pk).update(state="running")
    assert "Wordt gemaakt. 0 Kijk opnieuw" in read(editor.get(address)).text
    Run.objects.filter(pk=run.pk).update(state="running", step="Noord", share=0.25)
    page = read(editor.get(address))
    assert "Wordt gemaakt: Noord (25 procent klaar)." in page.text
    assert page.one("progress")["value"] == "25"
    work.work(run.pk)
    found = queries.run(SLUG, str(run.pk))
    assert found is not None
    assert found.state == "done"
    page = read(editor.get(address))
    assert re.search(r"Gemaakt op \d", page.text)
    link = next(link for link in page.links() if str(run.pk) in link)
    with zipfile.ZipFile(io.BytesIO(b"".join(editor.get(link).streaming_content))) as archive:  # type: ignore[attr-defined]
        assert set(archive.namelist()) == NAMES


def test_an_editor_stops_them(editor: Client, loaded: Study) -> None:
    editor.post(f"/{SLUG}/beheer/rapporten", {"gemeente": MUNICIPALITY})
    run = Run.objects.get(kind="reports")
    assert editor.post(f"/{SLUG}/beheer/rapporten/{run.pk}/stop").status_code == 302
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert "Dit is gestopt." in read(editor.get(f"/{SLUG}/beheer/rapporten")).text
    assert editor.get(f"/{SLUG}/beheer/rapporten/{run.pk}").status_code == 404


def test_another_result_is_not_had_by_the_address_of_reports(editor: Client, loaded: Study) -> None:
    run = Run.objects.create(study=loaded, kind="poster", key="x", revision=1, state="done", result_path=f"{SLUG}/x/poster.pdf")
    assert editor.get(f"/{SLUG}/beheer/rapporten/{run.pk}").status_code == 404
    assert editor.get(f"/{SLUG}/beheer/rapporten/{uuid.uuid4()}").status_code == 404


def test_without_figures_the_page_says_so(editor: Client, study: Study) -> None:
    assert "geen cijfers geladen" in read(editor.get(f"/{SLUG}/beheer/rapporten")).text
