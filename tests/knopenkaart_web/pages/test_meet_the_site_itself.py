# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What belongs to the site: the accessibility statement, security.txt, robots, own colours, pages for what goes wrong."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from knopenkaart_web.conf.logs import Lines
from knopenkaart_web.conf.urls import urlpatterns as site
from knopenkaart_web.places.models import Study

from .reading import read

SECURITY = "/.well-known/security.txt"


def fields(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.splitlines())


@override_settings(SECURITY_CONTACT="veilig@kleindorp.example")
@pytest.mark.django_db
def test_security_txt_has_a_contact_and_expires_within_a_year(client: Client) -> None:
    response = client.get(SECURITY)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    said = fields(response.content.decode())
    assert said["Contact"] == "mailto:veilig@kleindorp.example"
    assert said["Preferred-Languages"] == "nl, en"
    assert said["Canonical"] == f"http://testserver{SECURITY}"
    expires = datetime.fromisoformat(said["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)


@override_settings(SECURITY_CONTACT="", CONTACT="https://kleindorp.example/contact")
@pytest.mark.django_db
def test_without_its_own_contact_the_general_one_is_used(client: Client) -> None:
    assert fields(client.get(SECURITY).content.decode())["Contact"] == "https://kleindorp.example/contact"


@override_settings(SECURITY_CONTACT="", CONTACT="")
@pytest.mark.django_db
def test_no_contact_is_invented(client: Client) -> None:
    assert client.get(SECURITY).status_code == 404
    assert "Die heeft hier nog geen adres ingevuld." in read(client.get("/toegankelijkheid")).text


@override_settings(CONTACT="kaart@kleindorp.example")
@pytest.mark.django_db
def test_the_statement_tells_whom_to_tell(client: Client) -> None:
    page = read(client.get("/toegankelijkheid"))
    assert "mailto:kaart@kleindorp.example" in page.links()
    assert "geen officiële verklaring" in page.text


@pytest.mark.django_db
def test_robots_leave_editors_and_files_made_on_request_alone(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /*/beheer/" in text
    assert "Disallow: /*/download/" in text


@pytest.mark.django_db
def test_own_colours_are_linked_and_served_where_there_are_some(client: Client, tmp_path: Path) -> None:
    assert client.get("/huisstijl.css").status_code == 404
    assert not read(client.get("/toegankelijkheid")).all("link", href="/huisstijl.css")
    file = tmp_path / "tokens.css"
    file.write_text(".kk-theme{--x:1}", encoding="utf-8")
    with override_settings(MUNICIPALITY_TOKENS=file):
        assert b"".join(client.get("/huisstijl.css").streaming_content) == b".kk-theme{--x:1}"  # type: ignore[attr-defined]
        assert read(client.get("/toegankelijkheid")).one("link", href="/huisstijl.css")["rel"] == "stylesheet"


def test_what_is_not_there_gets_a_page_in_the_language_of_the_address(client: Client, study: Study) -> None:
    response = client.get("/bestaat/niet")
    assert response.status_code == 404
    assert "Pagina niet gevonden" in read(response).text
    assert "Page not found" in read(client.get("/en/does/not/exist")).text


def break_down(request: Any) -> None:
    raise RuntimeError("broken on purpose")


def read_form(request: Any) -> HttpResponse:
    return HttpResponse(str(len(request.GET) + len(request.POST)))


urlpatterns = [path("stuk", break_down), path("lees", read_form), path("en/lees", read_form), *site]
handler400 = "knopenkaart_web.pages.views.meta.bad_request"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the log of the settings writes."""
    handler = next(handler for handler in logging.getLogger().handlers if isinstance(handler.formatter, Lines))
    assert isinstance(handler, logging.StreamHandler)
    text = io.StringIO()
    before = handler.setStream(text)
    yield text
    handler.setStream(before)


@pytest.mark.django_db
def test_a_foreign_host_gets_a_page_in_the_language_of_the_address_and_one_line_in_the_log(client: Client, written: io.StringIO) -> None:
    for address, said, language in (
        ("/toegankelijkheid", "Hier kunnen we geen antwoord op geven", "nl"),
        ("/en/x", "We cannot answer this", "en"),
    ):
        response = client.get(address, headers={"host": "elders.example"})
        assert response.status_code == 400
        page = read(response)
        assert page.one("h1").text == said
        assert page.one("html")["lang"] == language
        assert not page.all("script") + page.all("link")
    lines = written.getvalue().splitlines()
    assert len(lines) == 2
    assert all("django.security.DisallowedHost" in line and "elders.example" in line for line in lines)


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_too_many_parameters_get_a_page_and_one_line(client: Client, written: io.StringIO, prefix: str) -> None:
    fields = {f"f{number}": "1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    for response in (client.get(f"{prefix}/lees", fields), client.post(f"{prefix}/lees", fields)):
        assert response.status_code == 400
        assert read(response).one("html")["lang"] == ("en" if prefix else "nl")
    assert len(written.getvalue().splitlines()) == 2


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.django_db
def test_a_broken_form_is_one_line_and_our_own_fault_keeps_its_traceback(client: Client, written: io.StringIO) -> None:
    broken = client.post("/lees", b"x", content_type="multipart/form-data")
    assert broken.status_code == 400
    assert len(written.getvalue().splitlines()) == 1
    Client(raise_request_exception=False).get("/stuk")
    assert "Traceback" in written.getvalue()


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.django_db
def test_when_all_is_broken_there_is_still_a_page_that_needs_nothing() -> None:
    response = Client(raise_request_exception=False).get("/stuk")
    assert response.status_code == 500
    page = read(response)
    assert "Er ging iets mis" in page.text
    assert not page.all("script")
    assert not page.all("link")


@pytest.mark.parametrize("address", ["/kleindorp/", "/kleindorp/plekken", "/toegankelijkheid", "/robots.txt"])
def test_pages_to_read_take_no_post(client: Client, study: Study, address: str) -> None:
    assert client.post(address).status_code == 405
