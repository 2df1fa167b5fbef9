# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An editor sends the municipality's own list, corrects what the columns mean, looks, and confirms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from knopenkaart.records import place_id
from knopenkaart_web.places import actions
from knopenkaart_web.places.models import ImportDraft, Place, SavedMapping, Study
from knopenkaart_web.places.views_data import RunView
from knopenkaart_web.runs import actions as run_actions
from knopenkaart_web.runs import queries as run_queries

from .reading import Page, factories, read

AT = "/kleindorp/beheer/import"
MAPPING = {
    "header_row": 1,
    "sheet": "",
    "default_kind": "",
    "kinds": {},
    "columns": [
        {"header": "Naam", "number": 1, "field": "name", "confidential": False, "why": "header"},
        {"header": "Wat", "number": 2, "field": "", "confidential": False, "why": ""},
    ],
}
FAULTS = [
    {"code": "list.unknown_kind", "row": 4, "column": "Wat", "value": "praathuis", "near": ["buurthuis"], "message": "x", "file": "l.csv"},
    {"code": "list.address_not_found", "row": 2, "column": "Naam", "value": "Nergens 1", "near": [], "message": "x", "file": "l.csv"},
]


class Runs:
    """Background work that is done the moment it starts; what was asked stands in `asked`."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.error = ""
        self.state = "done"

    def start(self, actor: Any, slug: str, kind: str, params: dict[str, Any]) -> str:
        self.asked.append({"kind": kind, **params})
        if kind == "read_list" and not self.error and self.state == "done":
            read_draft(actor, slug, int(params["draft"]), params["mapping"] or MAPPING, confidential=params["confidential"])
        return "7"

    def run(self, slug: str, run_id: str) -> RunView | None:
        if run_id != "7":
            return None
        state = "failed" if self.error else self.state
        return RunView(
            id="7", kind="read_list", study=slug, state=state, step="", share=1.0, error=self.error, filename="", ready=state == "done"
        )


def read_draft(actor: Any, slug: str, draft: int, mapping: dict[str, Any], *, confidential: bool) -> None:
    """What the engine would put in the draft: one good row and two faults."""
    key = place_id("list:l", "1")
    place = {"id": key, "name": "Praathuis", "kind": "community_centre", "status": "open", "lon": 5.006, "lat": 52.006, "source": "list:l"}
    place |= {"source_id": "1", "archetype": "living_room", "archetype_assumed": True, "functions": ["meet"], "street": "Dorpsstraat"}
    place |= {"housenumber": "9", "small_spot": False, "digital": False, "neighbour": False}
    source = {"id": "list:l", "title": "l.csv", "licence": "", "attribution": "", "date": None, "url": None, "confidential": confidential}
    row = {"place": place, "attributes": [], "duplicates": [{"place": factories.CENTRE, "score": 0.6, "reasons": ["name"]}]}
    actions.import_preview(actor, slug, draft, mapping=mapping, columns=["Naam", "Wat"], rows=[row], faults=FAULTS, source=source)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    fake = Runs()
    monkeypatch.setattr(run_actions, "start", fake.start)
    monkeypatch.setattr(run_queries, "run", fake.run)
    monkeypatch.setattr("knopenkaart_web.pages.background.PATIENCE_SECONDS", 0.0)
    return fake


def send(editor: Client, name: str = "l.csv", content: bytes = b"Naam;Wat\nPraathuis;praathuis\n", **data: str) -> str:
    return editor.post(AT, {"file": SimpleUploadedFile(name, content), **data}).headers["Location"]


def mapping_data(page: Page) -> dict[str, str]:
    names = [select["name"] for select in page.all("select")]
    return dict.fromkeys(names, "") | {"column_1": "name", "action": "read"}


def test_a_list_is_sent_and_shown_before_anything_changes(editor: Client, study: Study, runs: Runs) -> None:
    page = read(editor.get(send(editor)))
    assert "1 rij kan erin. Er zijn 2 fouten gevonden." in page.text
    assert "Praathuis Buurthuis Dorpsstraat 9 52,00600; 5,00600 1" in page.text
    assert not Place.objects.filter(name="Praathuis").exists()


def test_faults_stand_with_row_and_column_in_the_order_of_the_list(editor: Client, study: Study, runs: Runs) -> None:
    table = next(table for table in read(editor.get(send(editor))).all("table") if "Fouten in de lijst" in table.text)
    assert "2 Naam Nergens 1 Dit adres is niet gevonden. 4 Wat praathuis Deze soort is onbekend." in table.text
    assert "Bedoelt u: buurthuis?" in table.text


def test_the_guessed_columns_are_shown_and_can_be_corrected(editor: Client, study: Study, runs: Runs) -> None:
    location = send(editor)
    page = read(editor.get(location))
    assert [element["value"] for element in page.all("option", value="name") if "selected" in element.attributes] == ["name"]
    assert page.one("select", name="word_0")
    editor.post(location.partition("?")[0], mapping_data(page) | {"column_2": "kind", "word_0": "community_centre", "secret_2": "on"})
    asked = runs.asked[-1]["mapping"]
    assert [(column["field"], column["confidential"]) for column in asked["columns"]] == [("name", False), ("kind", True)]
    assert asked["kinds"] == {"praathuis": "community_centre"}


def test_rows_can_be_left_out_on_purpose(editor: Client, study: Study, runs: Runs) -> None:
    location = send(editor)
    editor.post(location.partition("?")[0], mapping_data(read(editor.get(location))) | {"word_0": "-"})
    assert runs.asked[-1]["mapping"]["kinds"] == {"praathuis": ""}


def test_one_meaning_for_two_columns_is_a_fault_and_nothing_typed_is_lost(editor: Client, study: Study, runs: Runs) -> None:
    location = send(editor)
    data = mapping_data(read(editor.get(location))) | {"column_2": "name", "default_kind": "library"}
    response = editor.post(location.partition("?")[0], data)
    page = read(response)
    assert response.status_code == 422
    assert "Wat: Een andere kolom heeft deze betekenis al." in page.one("div", role="alert").text
    assert len([option for option in page.all("option", value="name") if "selected" in option.attributes]) == 2
    assert [option["value"] for option in page.all("option", value="library") if "selected" in option.attributes] == ["library"]


def test_confirming_brings_the_places_in_and_keeps_the_columns(editor: Client, study: Study, runs: Runs) -> None:
    location = send(editor).partition("?")[0]
    page = read(editor.post(location, {"action": "confirm", "reason": "lijst van mei", "keep_as": "Subsidielijst"}, follow=True))
    assert "1 plekken toegevoegd, 0 bijgewerkt, 1 misschien dubbel" in page.text
    assert Place.objects.get(name="Praathuis").wijk_code == factories.NOORD
    assert SavedMapping.objects.get().name == "Subsidielijst"
    assert not ImportDraft.objects.exists()


def test_kept_columns_are_used_the_next_time(editor: Client, study: Study, runs: Runs) -> None:
    SavedMapping.objects.create(study=study, name="Subsidielijst", mapping=MAPPING)
    send(editor, mapping="Subsidielijst")
    assert runs.asked[-1]["mapping"] == MAPPING


def test_confirming_needs_a_reason(editor: Client, study: Study, runs: Runs) -> None:
    location = send(editor).partition("?")[0]
    assert editor.post(location, {"action": "confirm", "reason": ""}).status_code == 422
    assert not Place.objects.filter(name="Praathuis").exists()


def test_a_confidential_list_says_so_and_its_places_are_not_for_visitors(editor: Client, study: Study, runs: Runs) -> None:
    location = send(editor, confidential="on").partition("?")[0]
    assert runs.asked[-1]["confidential"] is True
    assert "Deze lijst is vertrouwelijk" in read(editor.get(location)).text
    editor.post(location, {"action": "confirm", "reason": "intern"})
    assert "Praathuis" not in Client().get("/kleindorp/plekken").content.decode()


def test_a_list_can_be_thrown_away(editor: Client, study: Study, runs: Runs) -> None:
    editor.post(send(editor).partition("?")[0], {"action": "discard"})
    assert not ImportDraft.objects.exists()


def test_a_list_waits_until_somebody_decides(editor: Client, study: Study, runs: Runs) -> None:
    location = send(editor).partition("?")[0]
    assert location in read(editor.get(AT)).links()


@pytest.mark.parametrize(("name", "content"), [("plan.pdf", b"%PDF"), ("leeg.csv", b"")])
def test_a_file_that_is_no_list_is_refused_at_its_field(editor: Client, study: Study, runs: Runs, name: str, content: bytes) -> None:
    response = editor.post(AT, {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 422
    assert read(response).one("div", id="id_file_error").text
    assert not ImportDraft.objects.exists()


def test_no_file_at_all_is_told(editor: Client, study: Study, runs: Runs) -> None:
    assert read(editor.post(AT, {})).one("div", id="id_file_error").text == "Dit veld is verplicht."


def test_a_list_that_cannot_be_read_says_why_and_can_be_thrown_away(editor: Client, study: Study, runs: Runs) -> None:
    runs.error = "list.old_excel"
    page = read(editor.get(send(editor)))
    assert "Dit is een oud Excel-bestand (.xls)." in page.one("div", role="alert").text
    assert page.one("button", value="discard")


def test_work_that_takes_longer_can_be_looked_at_again(editor: Client, study: Study, runs: Runs) -> None:
    runs.state = "running"
    page = read(editor.get(send(editor)))
    assert "De lijst wordt gelezen." in page.text
    assert "Kijk opnieuw" in page.text


def test_a_list_of_somebody_elses_municipality_is_not_there(editor: Client, study: Study, runs: Runs) -> None:
    other = Study.objects.create(slug="elders", name="Elders")
    draft = ImportDraft.objects.create(study=other, filename="x.csv", content=b"x")
    assert editor.get(f"{AT}/{draft.pk}").status_code == 404


def test_no_view_of_a_list_reads_files_of_the_server(editor: Client, study: Study, runs: Runs) -> None:
    draft = ImportDraft.objects.get(pk=int(send(editor, name="../../etc/passwd.csv").partition("?")[0].rsplit("/", 1)[1]))
    assert draft.filename == Path("passwd.csv").name
