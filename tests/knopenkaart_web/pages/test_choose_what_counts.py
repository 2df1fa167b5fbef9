# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A manager chooses which kinds count as a social node."""

from __future__ import annotations

from django.test import Client

from knopenkaart_web.audit.models import Event
from knopenkaart_web.places.models import Study

from .reading import read

AT = "/kleindorp/beheer/soorten"


def ticked(client: Client) -> list[str]:
    return [element["value"] for element in read(client.get(AT)).all("input", name="kinds") if "checked" in element.attributes]


def test_the_form_shows_what_counts_now(manager: Client, study: Study) -> None:
    assert "library" in ticked(manager)
    assert "hairdresser" not in ticked(manager)
    assert "bench" not in {element["value"] for element in read(manager.get(AT)).all("input", name="kinds")}


def test_another_choice_changes_the_count_and_says_whose_choice_it_is(manager: Client, study: Study) -> None:
    chosen = [*ticked(manager), "hairdresser"]
    page = read(manager.post(AT, {"kinds": chosen, "reason": "raadsbesluit"}, follow=True))
    assert "tellen we 6 plekken met een sociale functie" in page.text
    assert "Kappers telt mee 1 raadsbesluit eigen keuze van de gemeente" in page.text


def test_only_what_changed_is_written(manager: Client, study: Study) -> None:
    chosen = [kind for kind in ticked(manager) if kind != "church"]
    manager.post(AT, {"kinds": chosen, "reason": "raadsbesluit"})
    assert Event.objects.get(action="select_kinds").after == {"kinds": {"church": False}}


def test_the_choice_needs_a_reason_and_is_not_lost_without(manager: Client, study: Study) -> None:
    response = manager.post(AT, {"kinds": ["library"], "reason": ""})
    assert response.status_code == 422
    page = read(response)
    assert [element["value"] for element in page.all("input", name="kinds") if "checked" in element.attributes] == ["library"]


def test_an_editor_chooses_nothing(editor: Client, study: Study) -> None:
    assert editor.post(AT, {"kinds": ["library"], "reason": "x"}).status_code == 403
    assert not Event.objects.exists()
