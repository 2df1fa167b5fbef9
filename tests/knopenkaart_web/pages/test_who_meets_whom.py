# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading who meets whom, how many places, what was measured, and what this is not."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from knopenkaart_web.accounts.models import User
from knopenkaart_web.audit.models import Event
from knopenkaart_web.places.models import Study
from knopenkaart_web.runs.models import Run
from knopenkaart_web.runs.same import key

from .reading import factories, met, read

SLUG, LIBRARY, CENTRE, CAFE = factories.SLUG, factories.LIBRARY, factories.CENTRE, factories.CAFE
PAGES = ("meeting", "curve", "sceptic", "measured")


@pytest.fixture
def reckoned(study: Study) -> Study:
    """Kleindorp of which it was reckoned who meets whom."""
    met.attach(study)
    return study


def text(client: Client, name: str, *args: object, lang: str = "nl", **query: str) -> str:
    """What a reader reads."""
    response = client.get(reverse(name, args=[SLUG, *args]), query, headers={"accept-language": lang})
    assert response.status_code == 200
    return read(response).text


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_page_opens_with_and_without_a_reckoning(client: Client, study: Study, name: str, lang: str) -> None:
    assert text(client, name, lang=lang)
    met.attach(study)
    assert text(client, name, lang=lang)


def test_a_page_without_results_says_how_to_get_them(client: Client, study: Study, bob: User) -> None:
    assert "Een redacteur van deze gemeente kan dat laten doen." in text(client, "meeting")
    client.force_login(bob)
    assert "Bereken wie wie ontmoet" in text(client, "meeting")


def test_the_words_of_the_model_are_never_contact_or_cohesion(client: Client, reckoned: Study) -> None:
    for name in ("meeting", "curve", "measured", "meeting_method"):
        found = text(client, name).lower()
        assert "herken" in found
        assert "contacten" not in found
        assert "cohesie" not in found


# --- who meets whom ---------------------------------------------------------------------------------------------------


def test_the_main_points_have_a_band_and_a_badge(client: Client, reckoned: Study) -> None:
    found = text(client, "meeting")
    assert "Een bewoner herkent gemiddeld 5,0 anderen van deze plekken (marge: 4,0 tot 6,0). aangenomen" in found
    assert "Daarvan zijn er 2,5 uit een andere groep (marge: 2,0 tot 3,0). aangenomen" in found
    assert "Van de bewoners herkent 42 % ten minste 5 anderen (marge: 0 tot 87 %)." in found
    assert "Ten minste 3 uit een andere groep: 31 % (marge: 11 tot 93 %). aangenomen" in found
    assert "Met 0,9 bezoeken per week (marge: 0,7 tot 1,3) merken" in found
    assert "3,5 keer per week op (marge: 2,5 tot 12)." in found


def test_a_file_without_a_margin_tells_none(client: Client, study: Study) -> None:
    run, rows = met.attach(study), met.tables()
    rows = {
        name: [{key: row[key] for key in row if not key.startswith(("reached_", "part_"))} for row in told] for name, told in rows.items()
    }
    rows["meeting_areas"] = [row | {"reached_across": None} for row in rows["meeting_areas"]]
    met.path_of(run).unlink()
    met.write(met.path_of(run), met.ABOUT, rows)
    assert "Van de bewoners herkent 42 % ten minste 5 anderen. aangenomen" in text(client, "meeting")
    assert "loopt 50 % via deze plek. Daarvan is 40 % tussen" in text(client, "place_meeting", LIBRARY)


@pytest.mark.parametrize(("name", "anchor"), [*((name, name) for name in PAGES), ("place_meeting", "place")])
def test_every_page_says_in_how_many_towns_it_was_tried_and_leads_to_how_it_is_reckoned(
    client: Client, reckoned: Study, name: str, anchor: str
) -> None:
    own = [LIBRARY] if name == "place_meeting" else []
    page = client.get(reverse(name, args=[SLUG, *own])).content.decode()
    method = reverse("meeting_method", args=[SLUG])
    assert f'href="{method}#{anchor}"' in page
    assert f'id="{anchor}"' in client.get(method).content.decode()
    found = text(client, name, *own)
    assert "100: hoeveel plekken 25: hoeveel plekken, met een gespreid programma 60: gebieden, en welk deel via een plek loopt" in found
    assert (
        "40: welk deel van de bewoners genoeg anderen herkent 20: een plek die sluit 400: of meer plekken minder ontmoeting geven" in found
    )


@pytest.mark.parametrize(("lang", "said"), [("nl", "Bewoners worden één voor één verzonnen"), ("en", "Residents are made up one by one")])
def test_how_it_is_reckoned_can_be_read_before_anything_was(client: Client, study: Study, lang: str, said: str) -> None:
    start = "/en" if lang == "en" else ""
    assert said in read(client.get(start + reverse("meeting_method", args=[SLUG]))).text


def test_a_group_can_be_chosen(client: Client, reckoned: Study) -> None:
    assert "Een bewoner herkent gemiddeld 7,5 anderen" in text(client, "meeting", groep=met.OLD)
    assert "Een bewoner herkent gemiddeld 5,0 anderen" in text(client, "meeting", groep="martians")


def test_an_area_is_called_higher_or_lower_only_where_that_is_sure_and_areas_stand_by_name(client: Client, reckoned: Study) -> None:
    page = read(client.get(reverse("meeting", args=[SLUG])))
    table = page.text[page.text.index("Naast het gemiddelde") :]
    order = [table.index(name) for name in ("Noord", "Polder", "Zuid")]
    assert order == sorted(order)
    rows = {name: table[at : at + 120] for name, at in zip(("Noord", "Polder", "Zuid"), order, strict=True)}
    assert "Meer dan het gemiddelde (kans 95 %)" in rows["Noord"]
    assert "Niet te onderscheiden van het gemiddelde" in rows["Polder"]
    assert "kans" not in rows["Polder"][: rows["Polder"].index("Zuid")]
    assert "Minder dan het gemiddelde (kans 90 %)" in rows["Zuid"]


def test_where_no_area_surely_differs_there_are_words_and_no_map_of_one_shade(client: Client, study: Study) -> None:
    run = met.attach(study)
    rows = met.tables()
    rows["meeting_areas"] = [row | {"above": None if row["level"] == "all" else 0.5} for row in rows["meeting_areas"]]
    met.path_of(run).unlink()
    met.write(met.path_of(run), met.ABOUT, rows)
    page = client.get(reverse("meeting", args=[SLUG]), headers={"accept-language": "nl"})
    assert "Van geen enkel gebied weet het model zeker" in read(page).text
    areas = page.content.decode().split('id="areas"')[1].split('id="groups"')[0]
    assert "kk-meeting-map" not in areas


def test_fewer_than_ten_people_are_not_told(client: Client, reckoned: Study) -> None:
    assert "minder dan 10" in text(client, "meeting", groep=met.YOUNG)


def test_the_matrix_is_a_picture_and_a_table_and_says_the_same(client: Client, reckoned: Study) -> None:
    """Of 600 young 1,200 faces among themselves: 2.0 each, and 0.5 of the old."""
    response = client.get(reverse("meeting", args=[SLUG]))
    assert response.content.decode().count("<title>15 tot 25 jaar – 65 jaar en ouder: 0,50</title>") == 2
    assert "15 tot 25 jaar 2,0 0,50" in read(response).text


def test_recognition_beside_the_size_of_groups_can_be_chosen(client: Client, reckoned: Study) -> None:
    assert "15 tot 25 jaar 1,6 0,40" in text(client, "meeting", tabel="ratio")


def test_choosing_one_thing_keeps_the_others(client: Client, reckoned: Study) -> None:
    page = client.get(reverse("meeting", args=[SLUG]), {"niveau": "buurt", "groep": met.OLD, "tabel": "ratio"}).content.decode()
    first, second = page[page.index("#areas") : page.index("#groups")], page[page.index("#groups") :]
    assert '<input type="hidden" name="tabel" value="ratio">' in first
    assert '<input type="hidden" name="niveau" value="buurt">' in second
    assert f'<input type="hidden" name="groep" value="{met.OLD}">' in second


def test_an_edge_of_an_area_is_not_compared(client: Client, study: Study) -> None:
    """Of the residents of Noord fewer than half are in the model; that it has more is sure, and says nothing of Noord."""
    run, rows = met.attach(study), met.tables()
    rows["meeting_areas"] = [
        row | ({"people": 10} if row["area_code"] == factories.NOORD and row["group"] == "all" else {}) for row in rows["meeting_areas"]
    ]
    met.path_of(run).unlink()
    met.write(met.path_of(run), met.ABOUT, rows)
    found = text(client, "meeting")
    assert "Alleen een rand: niet vergeleken" in found
    assert "Van één gebied zit maar een klein deel in deze gegevens." in found
    assert "Meer dan het gemiddelde" not in found


def test_the_map_has_a_narrow_drawing_for_small_screens(client: Client, reckoned: Study) -> None:
    page = client.get(reverse("meeting", args=[SLUG])).content.decode()
    figure = page[page.index("kk-meeting-map", page.index('id="areas"')) :]
    figure = figure[: figure.index("</figure>")]
    assert re.findall(r'<svg[^>]*viewBox="0 0 (\d+)', figure) == ["640", "320"]


# --- one place --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (LIBRARY, "Bewoners zouden minder anderen herkennen."),
        (CENTRE, "Het model kan niet zeggen of bewoners meer of minder anderen zouden herkennen."),
        (CAFE, "Bewoners zouden meer anderen herkennen"),
    ],
)
def test_closing_is_called_a_loss_or_a_gain_only_where_both_answers_are(client: Client, reckoned: Study, place: str, said: str) -> None:
    assert said in text(client, "place_meeting", place)


def closing(client: Client, study: Study, **told: float | None) -> str:
    """The page of the library with other numbers of what its closing does."""
    run = met.attach(study)
    rows = met.tables()
    rows["meeting_contribution"] = [row | told for row in rows["meeting_contribution"]]
    met.path_of(run).unlink()
    met.write(met.path_of(run), met.ABOUT, rows)
    return text(client, "place_meeting", LIBRARY)


def test_a_loss_in_fewer_than_four_of_five_towns_is_not_called_one(client: Client, study: Study) -> None:
    assert "Het model kan niet zeggen" in closing(client, study, falls_fixed=0.79)


def test_next_to_no_change_is_called_so_where_its_band_is_next_to_none_too(client: Client, study: Study) -> None:
    """Of 5 faces per resident one per cent is 0.05."""
    ends = {"closed_elastic_low": -0.04, "closed_elastic_high": 0.01, "closed_fixed_low": -0.02, "closed_fixed_high": 0.01}
    small = {"closed_elastic": -0.02, "closed_fixed": -0.01, "falls_elastic": 1.0, "falls_fixed": 1.0}
    hardly = "Het zou nauwelijks verschil maken voor hoeveel anderen bewoners herkennen."
    assert hardly in closing(client, study, **small, **ends)
    assert hardly not in closing(client, study, **small, **(ends | {"closed_elastic_low": -0.06}))


def test_a_change_as_small_as_what_fast_reckoning_leaves_out_has_no_sign(client: Client, study: Study) -> None:
    """Of 5 faces per resident two per thousand is 0.01."""
    told = {"closed_fixed": -0.4, "closed_elastic_low": -0.9, "falls_elastic": 1.0, "falls_fixed": 1.0}
    assert "Bewoners zouden minder anderen herkennen." in closing(client, study, **told, closed_elastic=-0.011)
    assert "Het model kan niet zeggen" in closing(client, study, **told, closed_elastic=-0.009)


def test_without_towns_the_two_answers_decide_and_no_chance_is_told(client: Client, study: Study) -> None:
    names = ("falls_elastic", "falls_fixed", "closed_elastic_low", "closed_elastic_high", "closed_fixed_low", "closed_fixed_high")
    found = closing(client, study, **dict.fromkeys(names))
    assert "Bewoners zouden minder anderen herkennen." in found
    assert "Bekende gezichten −800 −200 5.000" in found
    assert "Kans dat de herkenning daalt" not in found


def test_a_place_tells_what_changes_beside_the_situation_of_now(client: Client, reckoned: Study) -> None:
    found = text(client, "place_meeting", LIBRARY)
    assert "Bekende gezichten −800 (−900 tot −700) −200 (−300 tot −100) 5.000" in found
    assert "Kans dat de herkenning daalt meer dan 95 % 85 % –" in found
    assert "Van alle herkenning (model) in de gemeente loopt 50 % (marge: 25 tot 60 %) via deze plek." in found
    assert "Daarvan is 40 % (marge: 33 tot 77 %) tussen mensen uit twee groepen." in found
    assert (
        "+400 bekende gezichten per 1.000 bewoners (+200 uit een andere groep), door wie gaat en wie komt de hal te laten delen." in found
    )


def test_dayparts_with_few_encounters_do_not_tell_how_few(client: Client, reckoned: Study) -> None:
    assert "Maandagavond 10 minder dan 10" in text(client, "place_meeting", LIBRARY)


def test_a_week_is_a_picture_of_days_and_dayparts_and_tells_no_more_than_the_table(client: Client, reckoned: Study) -> None:
    page = client.get(reverse("place_meeting", args=[SLUG, LIBRARY]), headers={"accept-language": "nl"}).content.decode()
    assert page.count("<title>Maandag – ochtend: 30</title>") == 2
    assert page.count("<title>Maandag – avond: 10</title>") == 2
    assert "Dinsdag" not in page


def test_visitors_are_called_one_sided_only_beyond_chance(client: Client, reckoned: Study) -> None:
    assert "niet eenzijdiger dan toeval" in text(client, "place_meeting", LIBRARY)
    assert "zijn de bezoekers eenzijdiger dan toeval" in text(client, "place_meeting", CENTRE)


def test_the_page_of_a_place_leads_there_once_it_was_reckoned(client: Client, study: Study) -> None:
    address = reverse("place_meeting", args=[SLUG, LIBRARY])
    assert address not in client.get(reverse("place", args=[SLUG, LIBRARY])).content.decode()
    met.attach(study)
    assert address in client.get(reverse("place", args=[SLUG, LIBRARY])).content.decode()


def test_a_place_that_was_not_reckoned_says_so(client: Client, reckoned: Study) -> None:
    assert "Van deze plek is niet berekend wie wie ontmoet." in text(client, "place_meeting", factories.CHURCH)


# --- how many places --------------------------------------------------------------------------------------------------


def test_the_sentence_has_a_plateau_and_how_sure_it_is(client: Client, reckoned: Study) -> None:
    found = text(client, "curve")
    assert "met 2 van de 3 plekken verwacht het model 95 % van de haalbare herkenning (met 95 % zekerheid ten minste 77 %)" in found
    assert "Tussen 2 en 3 plekken maakt het voor het model geen verschil." in found
    assert "Over het beste aantal is niets te zeggen: de marges zijn te groot." in found


def test_every_axis_has_a_plain_explanation_beside_it(client: Client, reckoned: Study) -> None:
    page = client.get(reverse("curve", args=[SLUG])).content.decode()
    figures = re.findall(r'<figure class="kk-meeting-picture"><figcaption>(.*?)</figcaption>', page[: page.index('id="settings"')])
    assert len(figures) == 9
    assert all("<p" in caption for caption in figures)


def test_the_verdict_comes_with_its_probability_and_what_would_settle_it(client: Client, reckoned: Study) -> None:
    found = text(client, "curve")
    assert "Onbeslist: met wat bekend is, valt het niet te zeggen. De kans dat meer plekken minder ontmoetingen geven: 55 %." in found
    assert "(het antwoord is dan naar verwachting 80 % zeker)" in found


def test_the_table_marks_the_situation_of_now(client: Client, reckoned: Study) -> None:
    """5 of the 6 that can be had, and 3 of the 5; a fifth less for sure."""
    wanted = r"3 nu 83 % \(minstens 67 %\) 60 % \(minstens 48 %\) 5,0 \(4,0 tot 6,0\) 3,0 \(2,4 tot 3,6\)"
    assert re.search(wanted, text(client, "curve"))


def test_sliders_work_without_scripts_as_a_form(client: Client, reckoned: Study) -> None:
    """4 familiar faces with one place, come half as often again: 6, and 0.2 of the foyer."""
    found = text(client, "curve", frequentie="1.5")
    assert "1,50 keer" in found
    assert "1 4,2 6,2" in found
    assert "Alles staat zoals aangenomen." in text(client, "curve")


def test_a_script_gets_the_part_that_changes_only(client: Client, reckoned: Study) -> None:
    part = client.get(reverse("curve", args=[SLUG]), {"deel": "1", "keer": "5"}).content.decode()
    assert "data-kk-settings-result" in part
    assert "<h1" not in part
    assert "<html" not in part


@pytest.mark.parametrize("nonsense", ["", "veel", "nan", "inf", "-3", "1e999"])
def test_nonsense_in_the_address_is_as_assumed(client: Client, reckoned: Study, nonsense: str) -> None:
    assert "Alles staat zoals aangenomen." in text(
        client, "curve", frequentie=nonsense, weken=nonsense, gebied=nonsense, programma=nonsense
    )


def test_without_a_grid_there_are_no_sliders_and_no_part(client: Client, study: Study) -> None:
    met.attach(study, without=("curve_grid",))
    assert "Wat kan een gemeente eraan doen?" not in text(client, "curve")
    assert client.get(reverse("curve", args=[SLUG]), {"deel": "1"}).status_code == 404


# --- doubts -----------------------------------------------------------------------------------------------------------


def test_the_doubts_are_told_before_anything_was_reckoned(client: Client, study: Study) -> None:
    assert "Op dezelfde plek zijn is nog geen contact." in text(client, "sceptic")


def test_the_assumption_that_drives_the_answer_most_is_on_top(client: Client, reckoned: Study) -> None:
    found = text(client, "sceptic")
    rows = found[found.index("Kan liggen tussen") :]
    assert rows.index("Hoeveel mensen men per bezoek opmerkt") < rows.index("Hoeveel mensen elkaar treffen bij de wissel")


def test_what_was_assumed_per_function_names_the_function_and_weeks_are_not_the_convention(client: Client, reckoned: Study) -> None:
    found = text(client, "sceptic")
    table = found[found.index("Aannames met hun bronnen") :]
    assert "Bezoeken per bewoner per jaar voor: ontmoeten 2 0,50 tot 12" in table
    assert "Hoeveel bezoeken van week tot week schommelen" in table
    assert "rate" not in table.lower()


# --- having it reckoned -----------------------------------------------------------------------------------------------


def post(client: Client, name: str, *args: object) -> Any:
    return client.post(reverse(name, args=[SLUG, *args]))


def test_an_editor_starts_it_and_stops_it_and_both_are_in_the_history(client: Client, study: Study, bob: User) -> None:
    now = datetime(2024, 5, 3, tzinfo=UTC)
    run = Run.objects.create(study=study, kind="meeting", key="x", revision=study.revision, state="running", started=now, alive=None)
    Run.objects.filter(pk=run.pk).update(started=datetime.now(UTC), share=0.4)
    client.force_login(bob)
    assert "Er wordt berekend wie wie ontmoet (40 procent klaar)." in text(client, "meeting")
    assert post(client, "meeting_stop", run.pk).status_code == 302
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert Event.objects.filter(action="cancel_run", object_id=str(run.pk)).count() == 1


def test_a_run_that_failed_is_told_to_editors_before_the_numbers(client: Client, reckoned: Study, bob: User) -> None:
    """Places changed since, and the reckoning that was asked for then broke off."""
    Study.objects.filter(pk=reckoned.pk).update(revision=reckoned.revision + 1)
    reckoned.refresh_from_db()
    Run.objects.create(
        study=reckoned, kind="meeting", key=key("meeting", {}, reckoned), revision=reckoned.revision, state="failed", error_code="run.time"
    )
    seen = text(client, "meeting")
    assert seen.index("niet van vandaag") < seen.index("De hoofdpunten")
    client.force_login(bob)
    found = text(client, "meeting")
    assert found.index("Dit duurde langer") < found.index("Opnieuw berekenen wie wie ontmoet") < found.index("De hoofdpunten")
    assert "Dit duurde langer" not in seen


@pytest.mark.parametrize("who", [None, "charlie"])
def test_nobody_else_starts_it(client: Client, study: Study, who: str | None, request: pytest.FixtureRequest) -> None:
    if who:
        client.force_login(request.getfixturevalue(who))
    assert post(client, "meeting_renew").status_code in (302, 403)
    assert not Run.objects.filter(kind="meeting").exists()
