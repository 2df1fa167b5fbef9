# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who lacks a place: groups and wijken with what is known of size, living conditions, reach and visits, and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.monitor.estimates import Estimate
from knopenkaart.monitor.gap import FLAGS, Flag, Joint
from knopenkaart.monitor.records import AreaValues, Value
from knopenkaart.vocabulary.catalogue import load_catalogue
from knopenkaart_web.monitor import actions, stamping
from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.models import FigureSource, MonitorArea, MonitorFigure
from knopenkaart_web.pages.monitor import gap
from knopenkaart_web.pages.monitor.gap import _Seen, together
from knopenkaart_web.pages.monitor.gap_words import why
from knopenkaart_web.pages.monitor.joint import in_short
from knopenkaart_web.places import queries as places
from knopenkaart_web.places.models import Study
from knopenkaart_web.reach.lacking import lacking
from knopenkaart_web.visits.models import Release, Round

from .reading import Page, factories, monitored, reached, read

NOORD, ZUID, LIBRARY, SLUG = factories.NOORD, factories.ZUID, factories.LIBRARY, factories.SLUG
ADDRESS = f"/{SLUG}/wie-mist-een-plek"


@pytest.fixture
def loaded(study: Study) -> Study:
    """Kleindorp with the small monitor, its own table included."""
    monitored.wijkmonitor(study)
    return study


def joint(code: str, group: str) -> Mapping[str, Any]:
    """The flags of a group in a wijk: state by name, and the whole row."""
    study = places.study(SLUG)
    assert study is not None
    found = gap.compose(study, group=group, everything=True)
    row = next(item for item in found.rows if item.code == code)
    return {"row": row, **dict(zip(("large", "badly_off", "cannot_reach", "does_not_come"), row.cells, strict=True))}


def published(code: str, indicator: str, value: float, unit: str = "count") -> None:
    """The monitor loaded once more, with another figure of 2024."""
    bundle = monitored.bundle()
    figures = [
        row._replace(value=value, unit=unit) if (row.area_code, row.indicator, row.year) == (code, indicator, monitored.NOW) else row
        for row in bundle.figures
    ]
    assert figures != list(bundle.figures)
    actions.load(None, replace(bundle, figures=figures))


def text_of(page: Page, wijk: str, group: str) -> str:
    return next(row.text for row in page.all("tr") if row.text.startswith(f"{wijk} {group}"))


def counted(place_id: str, quotient: tuple[float, float, float], *, group: str = "age_65_plus", visits: int = 400) -> None:
    """What was released of the visitors of a place."""
    value, low, high = quotient
    row = {"group": group, "share": 0.2 * value, "residents": 0.2, "quotient": value, "low": low, "high": high}
    figures = {"representation": {"enough": True, "groups": [row]}, "counting": {"week": {"value": visits}}}
    held = Round.objects.create(
        place_id=place_id, name="Voorjaar", starts="2026-03-02", ends="2026-03-29", slots=[], dimension="age", groups=[], state="closed"
    )
    Release.objects.create(place_id=place_id, round=held, state="public", figures=figures, counts={})


def test_a_group_is_large_where_many_live_and_their_share_is_surely_above_that_of_the_municipality(loaded: Study) -> None:
    """In Noord 500 of 1,600 come from outside Europe (31 %), in Kleindorp 570 of 2,400 (24 %)."""
    found = joint(NOORD, "origin_outside_europe")
    assert found["large"].state == "sure"
    assert found["large"].word == "ja"
    assert "31,2 % van de wijk" in found["large"].text
    assert found["row"].people == "500"


def test_a_group_is_badly_off_by_its_own_figure_beside_that_of_everybody(loaded: Study) -> None:
    """Of 330 of them in Noord 40 % work, by the municipality; of everybody in Kleindorp 65 %, by CBS: that may be the way of counting. Of
    age groups there is no such figure, so nothing is said."""
    found = joint(NOORD, "origin_outside_europe")["badly_off"]
    assert (found.state, found.word) == ("maybe", "misschien")
    assert "40 %, iedereen in de gemeente 65 % (een ander soort cijfer)" in found.text
    old = joint(NOORD, "age_65_plus")["badly_off"]
    assert (old.state, old.word, old.text) == ("unknown", "onbekend", "hier geen cijfer van deze groep")


def test_by_one_table_that_tells_of_the_group_and_of_everybody_it_is_sure(loaded: Study) -> None:
    area = MonitorArea.objects.get(code=factories.MUNICIPALITY, year=monitored.NOW)
    source = FigureSource.objects.get(source_id="own-2024")
    about = {"indicator": "employment_rate", "group": "all", "year": 2024, "unit": "percent", "nature": "own"}
    MonitorFigure.objects.create(area=area, source=source, value=63.0, n=1500.0, **about)
    stamping.renew()
    found = joint(NOORD, "origin_outside_europe")["badly_off"]
    assert found.state == "sure"
    assert found.text.endswith("40 %, iedereen in de gemeente 63 %")


def test_what_nobody_reckoned_or_counted_is_unknown_and_said_to_be(client: Client, loaded: Study) -> None:
    page = read(client.get(ADDRESS))
    assert "Geen plek op loopafstand: nog niet berekend. Hoe dat bekend kan worden: wie lopend bij een plek kan komen." in page.text
    assert "Komt minder dan verwacht: niet geteld, of te weinig bezoekers. Hoe dat bekend kan worden: tellen wie er komt." in page.text
    assert "Onbekend is niet hetzelfde als in orde." in page.text
    assert "De vier signalen worden niet opgeteld" in page.text


def test_no_group_of_fewer_than_ten_is_named(client: Client, loaded: Study) -> None:
    """Of Zuid nobody tells how many come from outside Europe; and of six people nothing is told."""
    published(ZUID, "origin_europe", 6)
    rows = [row.text for row in read(client.get(f"{ADDRESS}?alles=ja")).all("tr") if row.text.startswith("Zuid")]
    assert rows
    assert not [row for row in rows if "Europa" in row]


def test_a_share_that_was_published_becomes_people(loaded: Study) -> None:
    """20 % of 1,600."""
    published(NOORD, "pop_45_64", 20, "percent")
    assert joint(NOORD, "age_45_64")["row"].people == "320"


def test_the_answer_comes_first_and_names_who_has_both(client: Client, loaded: Study) -> None:
    """Of those from outside Europe many live in Noord; when they do not come to the library of Noord either, that is the answer."""
    before = read(client.get(ADDRESS)).text
    assert "Van geen enkele groep staat vast dat die groot is of het moeilijk heeft" in before
    assert "Of zij een plek kunnen bereiken en er komen, is niet of maar half bekend." in before
    counted(LIBRARY, (0.5, 0.4, 0.6), group="origin_outside_europe")
    text = read(client.get(ADDRESS)).text
    answer = text[text.index("Herkomst buiten Europa, Noord (500 mensen)") :]
    assert answer.startswith("Herkomst buiten Europa, Noord (500 mensen) Grote groep: 31,2 % van de wijk; naast de gemeente: ")
    assert "procentpunt hoger Komt minder dan verwacht: 0,50 keer wat u zou verwachten (0,40 tot 0,60)" in answer
    assert text.index("Het antwoord in het kort") < text.index("Groepen en plekken")


def test_each_row_leads_to_the_group_in_that_wijk_and_to_the_places_there(client: Client, loaded: Study) -> None:
    page = read(client.get(ADDRESS))
    assert f"/wijkmonitor/{NOORD}?groep=origin_outside_europe" in page.links()
    assert f"/{SLUG}/wijk/{NOORD}" in page.links()
    view = places.area(SLUG, NOORD, lang="nl")
    assert view is not None
    assert f"{view.nodes_found} plekken hier" in text_of(page, "Noord", "Herkomst buiten Europa")


def flags(*states: str) -> Joint:
    people = Estimate(120.0, None, None, "count", "none", "register", 2024, "cbs", None)
    return Joint("WK1", "Noord", "age_65_plus", people, tuple(Flag(name, state) for name, state in zip(FLAGS, states, strict=True)))


def test_both_sides_must_be_sure_and_what_is_not_known_is_not_fine() -> None:
    """Large, badly off, cannot reach, does not come."""
    told = in_short(
        [
            flags("sure", "no", "no", "sure"),
            flags("maybe", "no", "sure", "no"),
            flags("no", "sure", "no", "unknown"),
            flags("sure", "no", "unknown", "unknown"),
            flags("sure", "unknown", "no", "no"),
            flags("no", "no", "sure", "sure"),
            flags("no", "unknown", "unknown", "no"),
        ],
        load_catalogue(),
    )
    assert [[reason.split(":")[0] for reason in item.reasons] for item in told.both] == [["Grote groep", "Komt minder dan verwacht"]]
    assert told.more == 0
    assert [text.split(" groep")[0] for text in told.notes] == ["Bij 1", "2", "1"]


def test_a_signal_that_nobody_knows_of_anyone_is_a_sentence_and_no_column(client: Client, loaded: Study) -> None:
    heads = [head.text for head in read(client.get(ADDRESS)).all("th") if head.attributes.get("scope") == "col"]
    assert heads == ["Wijk en groep", "Mensen", "Grote groep", "Heeft het moeilijk"]


def test_of_what_nobody_knows_the_page_leads_to_how_it_may_be_known(client: Client, loaded: Study) -> None:
    """Reach was not reckoned and nobody was counted; living conditions of one group are known here."""
    links = read(client.get(ADDRESS)).links()
    assert f"/{SLUG}/bereik" in links
    study = places.study(SLUG)
    assert study is not None
    assert [item.way.url for item in gap.compose(study).unknown if item.way] == [f"/{SLUG}/bereik", f"/{SLUG}/bezoek"]
    FigureSource.objects.filter(source_id="own-2024").delete()
    stamping.renew()
    way = gap.compose(study).unknown[0].way
    assert way is not None
    assert way.url.startswith(f"/wijkmonitor/{factories.MUNICIPALITY}?groep=")


def test_without_a_signal_a_group_is_shown_only_on_request(client: Client, loaded: Study) -> None:
    study = places.study(SLUG)
    assert study is not None
    shown, every = (gap.compose(study, everything=everything) for everything in (False, True))
    assert 0 < len(shown.rows) < len(every.rows) == shown.every
    assert all(any(cell.state in ("sure", "maybe") for cell in row.cells) for row in shown.rows)
    assert f"Toon alle {shown.every}" in read(client.get(ADDRESS)).text


def test_the_list_can_be_narrowed_to_a_group_and_a_signal(client: Client, loaded: Study) -> None:
    page = read(client.get(f"{ADDRESS}?groep=origin_outside_europe&let-op=badly_off"))
    rows = [row.text for row in page.all("tr") if row.text.startswith("Noord")]
    assert [text.startswith("Noord Herkomst buiten Europa") for text in rows] == [True]
    assert not [row for row in page.all("tr") if row.text.startswith("Polder")]
    assert {option["value"] for option in page.all("option") if "selected" in option.attributes} == {"origin_outside_europe", "badly_off"}


def test_unknown_choices_are_no_choice(client: Client, loaded: Study) -> None:
    assert "Noord" in read(client.get(f"{ADDRESS}?groep=&let-op=niets")).text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_thresholds_stand_on_the_page(client: Client, loaded: Study, prefix: str) -> None:
    page = read(client.get(f"{prefix}{ADDRESS}"))
    assert (
        "at least 100 people, and a share at least 1.25 times"
        if prefix
        else "ten minste 100 mensen, en een aandeel van ten minste 1,25 keer"
    ) in page.text
    assert "20 %" in page.text
    assert len(page.all("h1")) == 1


def test_without_figures_of_groups_the_page_says_what_it_needs(client: Client, study: Study) -> None:
    assert "zijn cijfers van groepen per wijk nodig" in read(client.get(ADDRESS)).text


# --- reach -------------------------------------------------------------------------------------------------------------


def test_reach_of_a_wijk_without_parts_is_that_of_everybody_and_never_sure_of_a_group(loaded: Study) -> None:
    reached(loaded)
    found, flag = lacking(SLUG), joint(NOORD, "age_65_plus")["cannot_reach"]
    assert found is not None
    assert not found.rows[NOORD, "age_65_plus"].own
    assert flag.state in ("maybe", "no")
    assert "van iedereen hier: per groep niet bekend" in flag.text


def test_where_the_sources_hold_a_part_only_reach_is_unknown(loaded: Study) -> None:
    reached(loaded)
    flag = joint(factories.POLDER, "age_65_plus")["cannot_reach"]
    assert flag.state == "unknown"


def test_why_reach_of_a_group_is_unknown_is_told_as_it_is(loaded: Study) -> None:
    """Reach was reckoned: of a group, or of a wijk beside the map, it was not, and nothing has to be reckoned once more."""
    reached(loaded)
    reach = lacking(SLUG)
    assert reach is not None
    without = replace(reach, rows={key: row for key, row in reach.rows.items() if key != (NOORD, "age_65_plus")})
    assert gap._unreached(NOORD, "age_65_plus", without) == (None, "reach_not_by_group")
    assert gap._unreached("WK999999", "age_65_plus", without) == (None, "off_the_map")
    assert why("off_the_map") == "deze wijk staat niet op de kaart van plekken"


def test_a_study_that_was_not_reckoned_tells_nothing_of_reach(study: Study) -> None:
    assert lacking(SLUG) is None


# --- visits ------------------------------------------------------------------------------------------------------------


def test_a_group_does_not_come_when_the_whole_margin_is_below_what_one_would_expect(client: Client, loaded: Study) -> None:
    counted(LIBRARY, (0.5, 0.4, 0.6))
    found = joint(NOORD, "age_65_plus")["does_not_come"]
    assert (found.state, found.text) == ("sure", "0,50 keer wat u zou verwachten (0,40 tot 0,60)")
    assert "0,50 keer" in text_of(read(client.get(ADDRESS)), "Noord", "65 jaar en ouder")


def test_a_margin_that_reaches_the_expected_is_a_perhaps_only(loaded: Study) -> None:
    counted(LIBRARY, (0.7, 0.5, 1.1))
    assert joint(NOORD, "age_65_plus")["does_not_come"].state == "maybe"


def test_what_is_not_released_is_not_told(loaded: Study) -> None:
    counted(LIBRARY, (0.5, 0.4, 0.6))
    Release.objects.update(state="withdrawn")
    assert joint(NOORD, "age_65_plus")["does_not_come"].state == "unknown"


def seen(visits: float, value: float, spread: float, residents: float = 0.2) -> _Seen:
    return _Seen(visits, {"residents": residents, "quotient": value, "low": value - spread, "high": value + spread}, 2026)


def test_places_weigh_by_the_visits_that_one_would_expect() -> None:
    """300 and 100 visits: (3 x 0.4 + 1 x 1.2) / 4 = 0.6; margins (3 x 0.4)/4 = 0.3 and (1 x 1.6)/4 = 0.4 make 0.5."""
    found = together([seen(300, 0.4, 0.4), seen(100, 1.2, 1.6)])
    assert found.value == pytest.approx(0.6)
    assert found.high == pytest.approx(1.1)
    assert found.low == pytest.approx(0.1)


def test_where_one_place_tells_no_visits_all_weigh_the_same() -> None:
    assert together([seen(300, 0.4, 0.1), seen(0, 1.2, 0.1)]).value == pytest.approx(0.8)


@given(st.lists(st.tuples(st.floats(1, 1e5), st.floats(0, 5), st.floats(0, 2), st.floats(0.01, 1)), min_size=1, max_size=6))
def test_together_lies_between_its_parts_and_one_place_is_itself(parts: list[tuple[float, float, float, float]]) -> None:
    found = together([seen(*part) for part in parts])
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert min(part[1] for part in parts) - 1e-9 <= found.value <= max(part[1] for part in parts) + 1e-9
    assert found.low <= found.value <= found.high
    if len(parts) == 1:
        assert found.value == pytest.approx(parts[0][1])
        assert found.high - found.value == pytest.approx(parts[0][2], abs=1e-9)


def test_the_sources_are_named(client: Client, loaded: Study) -> None:
    page = read(client.get(ADDRESS))
    assert "Kerncijfers wijken en buurten 2024" in page.text
    assert "Eigen cijfers van Kleindorp" in page.text
    assert FigureSource.objects.filter(study=loaded).exists()


def test_a_condition_of_another_year_than_that_of_everybody_is_no_condition(loaded: Study) -> None:
    """The own table of 2024 beside figures of everybody of 2019 tells of two years, not of a group."""
    mine = Value("employment_rate", 2024, 40.0, "percent", "own", "own", group="origin_europe", n=900.0)
    for year, many in ((2024, 1), (2019, 0)):
        everybody = Value("employment_rate", year, 70.0, "percent", "cbs", "register", n=9000.0)
        wijk = AreaValues(NOORD, 2024, "wijk", "Noord", values=(mine,))
        whole = AreaValues("GM9001", 2024, "municipality", "Kleindorp", values=(everybody,))
        assert len(list(gap._conditions(wijk, whole, catalogue(), "origin_europe"))) == many
