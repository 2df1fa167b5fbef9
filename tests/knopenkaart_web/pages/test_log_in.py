# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may see what: logging in, the pages of editors, the pages of managers."""

from __future__ import annotations

import pytest
from django.test import Client

from knopenkaart_web.places.models import Study

from .reading import factories, read

EDITOR_PAGES = [
    "/kleindorp/beheer/",
    "/kleindorp/beheer/plek/nieuw",
    "/kleindorp/beheer/import",
    f"/kleindorp/plek/{factories.LIBRARY}/bewerk",
]


@pytest.mark.parametrize("path", [*EDITOR_PAGES, "/kleindorp/beheer/soorten"])
def test_a_visitor_is_asked_to_log_in_and_comes_back(client: Client, study: Study, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/inloggen?next={path}"
    assert client.get(f"/en{path}").headers["Location"] == f"/en/inloggen?next=/en{path}"


@pytest.mark.parametrize("path", EDITOR_PAGES)
def test_an_editor_of_another_municipality_may_not(stranger: Client, study: Study, path: str) -> None:
    response = stranger.get(path)
    assert response.status_code == 403
    assert "Vraag de beheerder van deze kaart" in read(response).text


@pytest.mark.parametrize("path", EDITOR_PAGES)
def test_an_editor_may(editor: Client, study: Study, path: str) -> None:
    assert editor.get(path).status_code == 200


def test_choosing_what_counts_is_for_managers(editor: Client, manager: Client, study: Study) -> None:
    assert editor.get("/kleindorp/beheer/soorten").status_code == 403
    assert manager.get("/kleindorp/beheer/soorten").status_code == 200
    assert "/kleindorp/beheer/soorten" not in read(editor.get("/kleindorp/beheer/")).links()


def test_logging_in_leads_to_the_page_one_wanted(client: Client, study: Study, bob: object) -> None:
    page = read(client.get("/inloggen?next=/kleindorp/beheer/"))
    assert page.one("input", name="next")["value"] == "/kleindorp/beheer/"
    data = {"username": "bob", "password": factories.PASSWORD, "next": "/kleindorp/beheer/"}
    assert client.post("/inloggen", data).headers["Location"] == "/kleindorp/beheer/"


def test_logging_in_never_leads_to_another_host(client: Client, study: Study, bob: object) -> None:
    data = {"username": "bob", "password": factories.PASSWORD, "next": "https://elders.example/"}
    assert client.post("/inloggen", data).headers["Location"] == "/"


def test_a_wrong_password_says_so_in_dutch_and_keeps_the_name(client: Client, study: Study, bob: object) -> None:
    page = read(client.post("/inloggen", {"username": "bob", "password": "fout"}))
    assert page.one("div", role="alert").text.startswith("Er klopt nog iets niet")
    assert page.one("input", name="username")["value"] == "bob"
    assert page.one("title").text.startswith("Fout:")


def test_logging_out_needs_a_button_not_a_link(editor: Client, study: Study) -> None:
    assert editor.get("/uitloggen").status_code == 405
    page = read(editor.get("/kleindorp/"))
    assert page.one("form", class_="kk-logout")["method"] == "post"
    editor.post("/uitloggen")
    assert editor.get("/kleindorp/beheer/").status_code == 302


def test_the_menu_of_editors_is_for_editors(client: Client, editor: Client, study: Study) -> None:
    assert "/kleindorp/beheer/" in read(editor.get("/kleindorp/")).links()
    assert "/kleindorp/beheer/" not in read(Client().get("/kleindorp/")).links()


def test_pages_of_editors_are_kept_by_no_cache(editor: Client, study: Study) -> None:
    assert "no-store" in editor.get("/kleindorp/beheer/").headers["Cache-Control"]
