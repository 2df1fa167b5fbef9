# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every address there is: who gets in, that looking changes nothing, and that nothing confidential or foreign comes out."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.models import User
from knopenkaart_web.places import actions, queries
from knopenkaart_web.places.models import Place, PlaceAttribute, PlaceSource, ReviewItem, Study
from knopenkaart_web.places.views_data import PlaceFilter

from .reading import factories, reached

CENTRE, LIBRARY, MUNICIPALITY, NOORD, SLUG = factories.CENTRE, factories.LIBRARY, factories.MUNICIPALITY, factories.NOORD, factories.SLUG

# What anybody may see. An address that is not named here is for people with a role, and this test says so before a visitor does.
PUBLIC = {
    *("studies", "login", "logout", "accessibility", "tokens", "robots", "security_txt", "study", "map", "places", "place", "area"),
    *("municipality", "downloads", "about", "places_json", "areas_json", "download", "tiles"),
    *("visits", "visits_csv", "visitors", "money_csv"),
    *("react", "invitation", "answer", "mail_login", "mail_login_link"),
    *("count_worker", "count_phone", "count_send"),
    *("card", "card_thanks", "card_paper", "resident", "resident_thanks", "residents", "residents_thanks"),
    *("reach", "near", "place_reach", "isochrones_json", "homes_json", "measures_json"),
    *("monitor", "monitor_area", "monitor_map", "monitor_compare"),
    *("monitor_trend", "monitor_similar", "monitor_perception", "monitor_report", "monitor_report_pdf", "monitor_csv"),
    *("monitor_picture", "monitor_embed", "monitor_gap", "monitor_compare_csv", "monitor_similar_csv"),
    *("monitor_perception_csv", "monitor_gap_csv", "monitor_picture_csv"),
    *("meeting", "place_meeting", "curve", "sceptic", "measured", "meeting_method"),
}
MANAGERS = {"count_dimensions", "selection"}
# For whoever is logged in, whatever the role.
OWN = {"password", "own_places"}
# These write, so they take no GET at all.
POST_ONLY = {
    *("comparison_make", "money_release", "room_remove", "release_step", "card_link_revoke", "card_text_remove"),
    *("residents_switches", "resident_link_revoke", "resident_text_remove", "count_send", "count_link_new", "count_link_revoke"),
    "resident_wave_make",
    *("count_round_state", "count_session", "logout", "decide", "undo", "reach_renew"),
    *("place_confirm", "reaction_decide"),
    "monitor_reports_stop",
    *("meeting_renew", "meeting_stop"),
}
# Forms for everybody: what is sent there without sense is shown again, or the link is none of ours.
REFUSED = {
    "card": 404,
    "resident": 404,
    "residents": 404,
    "count_send": 403,
    "react": 422,
    "mail_login": 422,
    "mail_login_link": 404,
    "invitation": 404,
    "answer": 404,
}
# Forms without a cookie: each carries a signed number of its own, without which nothing is taken (test_fill_in_a_card.py).
COOKIELESS = {"card", "resident", "residents"}
VALUES: dict[str, Any] = {
    "slug": SLUG,
    "place_id": LIBRARY,
    "code": NOORD,
    "name": "places.csv",
    "item_id": 1,
    "secret": "niet-van-ons",
    **dict.fromkeys(("round_id", "link_id", "session_id", "file_id", "text_id", "release_id"), factories.identifier("round/1")),
    "answer": "klopt",
    "step": "toon",
    "form": "svg",
    "what": "wiel",
    "run_id": factories.identifier("run/1"),
    "event_id": 1,
    "room_id": 1,
    "year": 2024,
    "draft_id": 1,
}
BREAKOUT = "</script><script>alert(1)</script>"


def patterns(resolver: URLResolver) -> list[URLPattern]:
    found: list[URLPattern] = []
    for item in resolver.url_patterns:
        found += patterns(item) if isinstance(item, URLResolver) else [item]
    return found


ALL = sorted({str(pattern.name): pattern for pattern in patterns(get_resolver())}.items())


def address(name: str, pattern: URLPattern) -> str:
    return reverse(name, kwargs={key: VALUES[key] for key in pattern.pattern.converters})


def rows() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in apps.get_models() if model.__name__ != "Event"}


@pytest.mark.parametrize(("name", "pattern"), ALL, ids=[name for name, _ in ALL])
def test_a_visitor_gets_in_where_that_was_decided_and_nowhere_else(client: Client, study: Study, name: str, pattern: URLPattern) -> None:
    before = rows(), Study.objects.get().revision
    answer = client.get(address(name, pattern))
    if name in POST_ONLY:
        assert answer.status_code == 405
    elif name in PUBLIC:
        assert answer.status_code in {200, 302, 404}
        assert "inloggen" not in answer.headers.get("Location", "")
    else:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/inloggen?next=/")
    assert (rows(), Study.objects.get().revision) == before, "looking changes nothing"


@pytest.mark.parametrize(("name", "pattern"), ALL, ids=[name for name, _ in ALL])
def test_a_visitor_writes_nowhere(client: Client, study: Study, name: str, pattern: URLPattern) -> None:
    answer = client.post(address(name, pattern), {"reason": "zomaar", "action": "accept"})
    assert answer.status_code in ({200, 302} if name in {"login", "logout"} else {REFUSED[name]} if name in REFUSED else {302, 405})
    assert Study.objects.get().revision == study.revision


@pytest.mark.parametrize(("name", "pattern"), [item for item in ALL if item[0] not in PUBLIC | OWN], ids=lambda value: str(value)[:20])
def test_a_role_elsewhere_opens_no_door_here(stranger: Client, editor: Client, study: Study, name: str, pattern: URLPattern) -> None:
    for method in ("get", "post"):
        assert getattr(stranger, method)(address(name, pattern)).status_code in {403, 405}
    assert {stranger.get(address(name, pattern)).status_code, stranger.post(address(name, pattern)).status_code} & {403}
    if name in MANAGERS:
        assert editor.get(address(name, pattern)).status_code == 403


@pytest.mark.parametrize(("name", "pattern"), ALL, ids=[name for name, _ in ALL])
def test_nothing_is_taken_from_a_form_on_another_site(bob: User, alice: User, study: Study, name: str, pattern: URLPattern) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    answer = browser.post(address(name, pattern), {"reason": "zomaar", "action": "accept"})
    assert answer.status_code in ({404} if name in COOKIELESS else {403, 405})


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "https:evil.example"]
)
def test_after_logging_in_nobody_is_sent_away(client: Client, study: Study, bob: User, target: str) -> None:
    answer = client.post(f"/inloggen?next={target}", {"username": "bob", "password": factories.PASSWORD, "next": target})
    assert answer["Location"] == "/"


def test_what_is_larger_than_the_largest_list_is_refused_before_it_is_stored(client: Client, study: Study, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    file = SimpleUploadedFile("lijst.csv", b"x" * 1_100_000)
    assert client.post("/inloggen", {"file": file}).status_code == 413
    assert client.get("/", headers={"content-length": "onzin"}, CONTENT_LENGTH="-1").status_code == 413


@pytest.fixture
def hostile(study: Study) -> Study:
    """A place of which every text tries to get out of where it is shown."""
    values = {"name": BREAKOUT, "website": "javascript:alert(1)", "phone": '"><img src=x onerror=alert(1)>', "street": "=cmd|'/c calc'!A1"}
    Place.objects.filter(pk=LIBRARY).update(**values, description=BREAKOUT, operator="@SUM(1)", opening_hours=BREAKOUT)
    for name, value in values.items():
        PlaceAttribute.objects.filter(place_id=LIBRARY, name=name).update(value=value)
    factories.review_items(study)
    factories.touch(study)
    return reached(study)


def test_a_hostile_text_stays_text_on_every_page(editor: Client, hostile: Study) -> None:
    for name, pattern in ALL:
        if name in POST_ONLY or name in {"download", "tiles"}:
            continue
        body = editor.get(address(name, pattern)).content.decode()
        if name.endswith("_json"):
            assert json.loads(body)
            continue
        assert BREAKOUT not in body, name
        assert not re.search(r"""(href|src|action)\s*=\s*["']?\s*javascript:""", body), name
        assert "<img src=x" not in body, name


def test_a_hostile_text_stays_text_in_files(client: Client, hostile: Study) -> None:
    text = client.get(f"/{SLUG}/download/places.csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in {"=", "@", "\t"}]
    assert client.get(f"/{SLUG}/data/places.json")["Content-Type"] == "application/json"
    for path in ("data/places.json", "download/places.csv", "download/places.geojson"):
        assert client.get(f"/{SLUG}/{path}")["X-Content-Type-Options"] == "nosniff"


SECRET = "06-12340000"


def public_texts(client: Client) -> dict[str, str]:
    paths = ["", "kaart", "plekken", f"plek/{CENTRE}", f"wijk/{NOORD}", f"gemeente/{MUNICIPALITY}", "over", "downloads"]
    paths += ["bereik", "nabij?woning=3", f"plek/{CENTRE}/bereik?deel", "data/woningen.json", f"data/bereik/{CENTRE}.json"]
    paths += ["data/places.json", "data/areas.json", "download/places.csv", "download/places.geojson", "download/places.csv-metadata.json"]
    return {path: client.get(f"/{SLUG}/{path}").content.decode() for path in paths}


def told(client: Client) -> list[str]:
    """Where a visitor finds the secret; also by searching for it."""
    found = queries.places(SLUG, PlaceFilter(q=SECRET, small_spots=True), lang="nl", now=timezone.now())
    assert found is not None
    return [path for path, text in public_texts(client).items() if SECRET in text or "Interne lijst" in text] + [
        row.id for row in found.items
    ]


def hidden_place(study: Study) -> str:
    """A place that only a confidential list knows, next to the community centre."""
    place = Place.objects.get(pk=CENTRE)
    place.pk, place.source, place.source_id = factories.identifier("row/7"), "secret_list", "row/7"
    place.name, place.phone, place.description, place.confidential = f"Geheim {SECRET}", SECRET, SECRET, True
    place.save(force_insert=True)
    PlaceSource.objects.create(study=study, place=place, source="secret_list", source_id="row/7")
    factories.touch(study)
    return str(place.pk)


def test_merging_a_confidential_place_tells_nothing_of_it(client: Client, study: Study, bob: User) -> None:
    hidden = hidden_place(study)
    actions.merge_places(bob, SLUG, CENTRE, hidden, "dezelfde")
    assert told(client) == []
    assert Place.objects.get(pk=CENTRE).phone is None


def test_one_key_never_hides_a_public_place_behind_a_confidential_one(client: Client, study: Study, bob: User) -> None:
    item = ReviewItem.objects.create(study=study, topic="duplicate", place_id=hidden_place(study), other_id=CENTRE)
    actions.accept(bob, SLUG, item.pk)
    assert client.get(f"/{SLUG}/plek/{CENTRE}").status_code == 200
    assert told(client) == []


def test_a_public_place_does_not_vanish_into_a_confidential_one(study: Study, bob: User) -> None:
    with pytest.raises(InputError) as caught:
        actions.merge_places(bob, SLUG, hidden_place(study), CENTRE, "dezelfde")
    assert caught.value.code == "merge.confidential"


def test_a_list_that_turns_confidential_takes_its_places_along(client: Client, study: Study, bob: User) -> None:
    bring(bob, {"phone": SECRET}, secret=False)
    assert SECRET in client.get(f"/{SLUG}/plek/{LISTED}").content.decode()
    bring(bob, {"phone": SECRET}, secret=True)
    assert told(client) == []
    bring(bob, {}, secret=False)
    assert client.get(f"/{SLUG}/plek/{LISTED}").status_code == 200
    assert told(client) == [], "what it told while it was confidential stays behind"


def test_a_confidential_list_adds_nothing_to_a_place_that_visitors_see(client: Client, study: Study, bob: User) -> None:
    PlaceSource.objects.create(study=study, place_id=CENTRE, source="own_list", source_id="row/1")
    bring(bob, {"phone": SECRET, "description": SECRET}, secret=True)
    assert told(client) == []
    assert client.get(f"/{SLUG}/plek/{CENTRE}").status_code == 200


def test_a_confidential_column_does_not_wipe_what_an_open_source_says(study: Study, bob: User) -> None:
    Place.objects.filter(pk=CENTRE).update(phone="0900-1")
    PlaceSource.objects.create(study=study, place_id=CENTRE, source="own_list", source_id="row/1")
    bring(bob, {"phone": SECRET}, secret=False, confidential={"phone"})
    assert Place.objects.get(pk=CENTRE).phone == "0900-1"


def test_a_place_whose_very_kind_is_confidential_is_not_for_visitors(client: Client, study: Study, bob: User) -> None:
    bring(bob, {}, secret=False, confidential={"kind"})
    assert client.get(f"/{SLUG}/plek/{LISTED}").status_code == 404


LISTED = factories.identifier("own/1")


def bring(actor: User, values: dict[str, Any], *, secret: bool, confidential: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    """One row of a list, sent, read and confirmed."""
    draft = actions.import_upload(actor, SLUG, "lijst.csv", b"naam")
    columns = {"name": "Dorpshuis", "kind": "community_centre", "status": "open", "lon": 5.006, "lat": 52.006, "archetype": "living_room"}
    columns |= {"id": LISTED, "source": "own_list", "source_id": "row/1", "functions": ["meet"], "archetype_assumed": True}
    flags = dict.fromkeys(("small_spot", "digital", "neighbour"), False)
    said = [
        {"name": name, "value": value, "source": "own_list", "source_id": "row/1", "date": None, "confidential": name in confidential}
        for name, value in {"name": "Dorpshuis", "kind": "community_centre", **values}.items()
    ]
    row = {"place": columns | flags | values, "attributes": said, "duplicates": []}
    source = {"id": "own_list", "title": "Interne lijst 2" if secret else "Eigen lijst", "confidential": secret}
    actions.import_preview(actor, SLUG, draft, mapping={}, columns=[], rows=[row], faults=[], source=source)
    actions.import_confirm(actor, SLUG, draft, "nieuwe lijst")


def test_a_confidential_record_that_is_split_off_stays_hidden(client: Client, study: Study, bob: User) -> None:
    factories.confidential_phone(study, CENTRE, SECRET)
    PlaceSource.objects.create(study=study, place_id=CENTRE, source="secret_list", source_id="row/2")
    loose = actions.split_place(bob, SLUG, CENTRE, "secret_list", "row/2", "twee plekken")
    assert client.get(f"/{SLUG}/plek/{loose}").status_code == 404
    assert [path for path, text in public_texts(client).items() if SECRET in text or "secret_list" in text or loose in text] == []
