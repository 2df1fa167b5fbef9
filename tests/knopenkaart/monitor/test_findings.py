# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Findings are plain sentences in two languages that say no more than the figures, and what is not known."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from importlib.resources import files
from statistics import NormalDist
from string import Formatter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.monitor.estimates import Estimate, difference
from knopenkaart.monitor.findings import Finding, findings, number_text, of_many, strength, sure_together, wider
from knopenkaart.monitor.profile import Ring, Segment, tone
from knopenkaart.vocabulary.catalogue import Catalogue, Indicator

from .invented import bounds, catalogue, indicator, plain, share

OLD = replace(indicator("old", of="population"), nl="inwoners van 65 jaar en ouder", en="inhabitants of 65 years and older")
DEBT = replace(indicator("debt", unit="percent", of="population", direction="more_is_worse"), nl="mensen met schulden", en="people in debt")
VALUE = replace(
    indicator("value", unit="eur_1000", aggregate="mean", theme="housing"), nl="gemiddelde woningwaarde", en="mean dwelling value"
)
BOOK = catalogue(OLD, DEBT, VALUE)


def segment(item: Indicator, mine: Estimate, theirs: Estimate | None) -> Segment:
    apart = difference(mine, theirs) if theirs else None
    return Segment(item.id, mine, theirs, apart, tone(item, mine, apart))


def said(
    *segments: Segment,
    language: str = "nl",
    other: str = "Delft",
    book: Catalogue = BOOK,
    group: str = "",
    other_group: str = "",
    most: int = 8,
) -> list[Finding]:
    rings = [Ring(theme, tuple(item for item in segments if book.indicators[item.indicator].theme == theme)) for theme in book.themes]
    return findings(
        rings,
        language=language,
        area_name="Centrum",
        other_name=other,
        catalogue=book,
        group_name=group,
        other_group_name=other_group,
        most=most,
    )


def money(value: float) -> Estimate:
    return Estimate(value, value - 0.5, value + 0.5, "eur_1000", "rounding", "register", 2024, "cbs", None, rounding=0.5)


HIGHER = segment(OLD, share(24, 1000), share(18.3, 40000))
CAUTION = "Deze cijfers geven een signaal. Ze zeggen niet waardoor een verschil komt."


def test_a_difference_is_told_in_dutch_with_both_figures_and_its_margin() -> None:
    """24.0 against 18.3: 5.7, between 3.1 and 8.4 points, told outward as 3 to 9."""
    assert HIGHER.difference is not None
    assert [round(end, 1) for end in bounds(HIGHER.difference)] == [3.1, 8.5]
    assert [(item.text, item.theme, item.indicator, item.tone) for item in said(HIGHER)] == [
        (
            "Inwoners van 65 jaar en ouder (2024): 24 % in Centrum. Dat is hoger dan 18,3 % in Delft (verschil 3 tot 9 procentpunt).",
            "population",
            "old",
            "more",
        ),
        (CAUTION, "", "", "caution"),
    ]


def test_the_same_in_english() -> None:
    assert [item.text for item in said(HIGHER, language="en")] == [
        "Inhabitants of 65 years and older (2024): 24 % in Centrum. That is higher than 18.3 % in Delft (difference 3 to 9 points).",
        "These figures are a signal. They do not say why there is a difference.",
    ]


def test_a_lower_figure_has_the_same_positive_margin() -> None:
    found = said(segment(DEBT, share(8, 3000), share(12, 90000)))[0]
    assert found.text == "Mensen met schulden (2024): 8 % in Centrum. Dat is lager dan 12 % in Delft (verschil 2 tot 5 procentpunt)."
    assert found.tone == "better"


def test_groups_are_named_with_the_area() -> None:
    found = said(HIGHER, group="alleenwonend", other_group="herkomst buiten Europa")[0].text
    assert "24 % bij de groep “alleenwonend” in Centrum." in found
    assert "18,3 % bij de groep “herkomst buiten Europa” in Delft" in found


def test_beside_a_group_the_area_is_everybody_in_it() -> None:
    assert "Dat is hoger dan 18,3 % bij iedereen in Delft (" in said(HIGHER, group="alleenwonend")[0].text
    assert "24 % bij iedereen in Centrum. " in said(HIGHER, other_group="alleenwonend")[0].text
    assert "than 18.3 % for everybody in Delft (" in said(HIGHER, group="living alone", language="en")[0].text


def test_a_small_difference_has_as_many_decimals_as_it_needs() -> None:
    found = said(segment(OLD, plain(20.5, 20.4, 20.6), plain(20, 20, 20)))[0].text
    assert "(verschil 0,4 tot 0,6 procentpunt)" in found


def test_the_far_end_of_an_unsure_difference_is_not_told_to_a_hundredth() -> None:
    """0.0625 to 6.0625, and 0.125 to 40.5."""
    assert "(verschil 0,06 tot 6,1 procentpunt)" in said(segment(OLD, plain(23, 20.0625, 26.0625), plain(20, 20, 20)))[0].text
    assert "(verschil 0,1 tot 41 procentpunt)" in said(segment(OLD, plain(40, 20.125, 60.5), plain(20, 20, 20)))[0].text


def test_what_rests_on_rounding_says_so_and_money_is_money() -> None:
    assert said(segment(VALUE, money(353), money(310)))[0].text == (
        "Gemiddelde woningwaarde (2024): € 353.000 in Centrum. Dat is hoger dan € 310.000 in Delft "
        "(verschil € 42.000 tot 44.000). De marge is alleen die van het afronden."
    )


@pytest.mark.parametrize(
    ("nature", "language", "sentence"),
    [
        ("model", "nl", "Dit cijfer is een schatting met een model."),
        ("survey", "nl", "Dit cijfer komt uit een enquête."),
        ("model", "en", "This figure is an estimate by a model."),
        ("survey", "en", "This figure comes from a survey."),
    ],
)
def test_what_was_asked_or_reckoned_is_never_told_as_counted(nature: str, language: str, sentence: str) -> None:
    mine = replace(plain(40, 38, 42), nature=nature)
    assert said(segment(OLD, mine, replace(plain(30, 28, 32), nature=nature)), language=language)[0].text.endswith(sentence)


def test_what_cannot_be_told_apart_is_one_sentence() -> None:
    same = segment(OLD, share(19, 500), share(18.3, 40000))
    assert said(same)[0].text == "Eén cijfer is niet aantoonbaar anders dan in Delft: inwoners van 65 jaar en ouder."
    both = said(same, segment(DEBT, share(12, 500), share(12, 40000)))
    assert both[0].text == "2 cijfers zijn niet aantoonbaar anders dan in Delft: inwoners van 65 jaar en ouder en mensen met schulden."
    assert (both[0].tone, both[0].indicator) == ("same", "")


def test_what_cannot_be_compared_is_told_as_not_known() -> None:
    assert said(segment(OLD, plain(20, None, None), plain(10, 9, 11)))[0].text == (
        "Van één cijfer is niet te zeggen of het anders is dan in Delft: inwoners van 65 jaar en ouder. "
        "De marge of het cijfer om mee te vergelijken is niet bekend."
    )


def test_what_is_not_there_is_told_per_theme() -> None:
    gone = plain(None, None, None)
    found = said(HIGHER, segment(DEBT, gone, share(12, 40000)), segment(VALUE, gone, money(310)))
    assert [item.text for item in found if item.tone == "absent"] == [
        "Population: één van de 2 cijfers ontbreekt in Centrum.",
        "Er zijn geen cijfers in Centrum over: Housing.",
    ]
    assert [item.theme for item in found if item.tone == "absent"] == ["population", "housing"]


def test_themes_without_any_figure_are_told_in_one_sentence() -> None:
    gone = plain(None, None, None)
    found = said(segment(OLD, gone, None), segment(DEBT, gone, None), segment(VALUE, gone, None), language="en")
    assert [(item.text, item.theme) for item in found if item.tone == "absent"] == [
        ("There are no figures in Centrum about: POPULATION; HOUSING.", "")
    ]


def test_the_largest_sure_difference_comes_first() -> None:
    """12 points between at least 11 and 13 are more than 20 points between at least 2 and 38."""
    young = indicator("young", of="population")
    unsure = segment(young, plain(50, 32, 68), plain(30, 30, 30))
    sure = segment(OLD, plain(42, 41, 43), plain(30, 30, 30))
    assert [item.indicator for item in said(unsure, sure, book=catalogue(OLD, young))][:2] == ["old", "young"]


def test_how_people_live_comes_before_who_they_are() -> None:
    """12 points more older people are a larger difference than 5 points more people in debt, and no living condition."""
    debt, old = segment(DEBT, plain(35, 34, 36), plain(30, 30, 30)), segment(OLD, plain(42, 41, 43), plain(30, 30, 30))
    assert [item.indicator for item in said(old, debt)][:2] == ["debt", "old"]
    assert said(old, debt, most=1)[0].indicator == "debt"


def test_a_point_more_of_a_rare_thing_is_more_than_of_a_common_one() -> None:
    rare, common = segment(OLD, plain(4, 4, 4), plain(2, 2, 2)), segment(DEBT, plain(52, 52, 52), plain(50, 50, 50))
    assert strength(rare) > strength(common) > 0


def test_what_may_be_nothing_has_no_strength() -> None:
    assert strength(segment(OLD, share(19, 500), share(18.3, 40000))) == 0
    assert strength(segment(OLD, plain(19, None, None), share(18.3, 40000))) == 0
    assert strength(segment(OLD, share(19, 500), None)) == 0
    assert strength(segment(VALUE, plain(3, 2, 4, unit="score"), plain(-1, -1, -1, unit="score"))) == 0, "a score has no ratio"


def test_no_more_are_told_one_by_one_than_are_read() -> None:
    items = [replace(indicator(f"i{place}", of="population"), nl=f"cijfer {place}") for place in range(6)]
    found = said(
        *(segment(item, plain(60 - place, 59 - place, 61 - place), plain(30, 30, 30)) for place, item in enumerate(items)),
        book=catalogue(*items),
        most=2,
    )
    assert [item.text for item in found[2:]] == [
        "4 cijfers verschillen ook aantoonbaar van die in Delft: cijfer 2, cijfer 3, cijfer 4 en nog 1.",
        CAUTION,
    ]
    assert [item.indicator for item in found[:2]] == ["i0", "i1"]


def test_without_a_comparison_only_what_is_missing_is_told() -> None:
    found = said(segment(OLD, share(24, 1000), None), segment(DEBT, plain(None, None, None), None), other="")
    assert [item.tone for item in found] == ["absent", "caution"]
    assert said(segment(OLD, share(24, 1000), None), other="") == []


def test_no_sentence_gives_a_cause() -> None:
    texts = files("knopenkaart.monitor").joinpath("findings.toml").read_text(encoding="utf-8").lower()
    for word in ("omdat", "doordat", "because", "due to", "dankzij", "leidt tot"):
        assert word not in texts


def test_both_languages_have_the_same_sentences_with_the_same_blanks() -> None:
    texts: dict[str, Any] = tomllib.loads(files("knopenkaart.monitor").joinpath("findings.toml").read_text(encoding="utf-8"))

    def blanks(language: str) -> dict[str, set[str | None]]:
        flat = {**texts[language], **{f"unit.{name}": text for name, text in texts[language]["unit"].items()}}
        flat |= {f"span.{name}": text for name, text in texts[language]["span_unit"].items()}
        return {name: {part[1] for part in Formatter().parse(text)} - {None} for name, text in flat.items() if isinstance(text, str)}

    assert blanks("nl") == blanks("en")


@pytest.mark.parametrize(
    ("value", "nl", "en"),
    [
        (24.0, "24", "24"),
        (18.34, "18,3", "18.3"),
        (12740.0, "12.740", "12,740"),
        (1234.56, "1.235", "1,235"),
        (0.043, "0,04", "0.04"),
        (-0.25, "-0,2", "-0.2"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(value: float, nl: str, en: str) -> None:
    assert (number_text(value, "nl"), number_text(value, "en")) == (nl, en)


@given(st.floats(1, 99), st.floats(1, 99), st.integers(50, 5000))
def test_a_span_never_says_more_than_its_interval(mine: float, theirs: float, n: int) -> None:
    made = segment(OLD, share(mine, n), share(theirs, 9000))
    found = said(made, language="en")[0]
    if made.tone not in ("more", "less") or made.difference is None:
        return
    span = re.search(r"difference ([\d.]+)(?: to ([\d.]+))? points", found.text)
    assert span is not None
    least, greatest = sorted(abs(end) for end in bounds(made.difference))
    assert float(span[1]) <= least + 1e-6
    assert float(span[2] or span[1]) >= greatest - 1e-6


# --- many figures are looked at --------------------------------------------------------------------------------------------


def of_chances(*chances: float) -> list[Segment]:
    """Segments whose differences are so likely by chance alone."""
    found = []
    for number, chance in enumerate(chances):
        z = -NormalDist().inv_cdf(chance / 2)
        made = segment(indicator(f"i{number}", unit="percent"), plain(30 + z, 30 + z - 1.96, 30 + z + 1.96), plain(30, 30, 30))
        assert made.difference is not None
        assert made.difference.z == pytest.approx(z, rel=1e-3)
        found.append(made)
    return found


def test_what_is_told_by_itself_must_be_sure_among_all_that_were_looked_at() -> None:
    """Of five the k-th smallest chance may be 0.01 k: 0.028 is below 0.03 and takes 0.021 with it, 0.045 is not below 0.04."""
    found = of_chances(0.021, 0.5, 0.001, 0.045, 0.028)
    assert [item.tone for item in found] == ["more", "same", "more", "more", "more"]
    assert sure_together(found) == {"i0", "i2", "i4"}
    assert sure_together(of_chances(0.045)) == {"i0"}, "one figure alone is as sure as its margin"


def test_a_difference_that_may_be_chance_among_so_many_is_no_headline() -> None:
    weak = segment(OLD, share(24, 1000), share(21.0, 40000))
    assert weak.tone == "more"
    others = of_chances(*[0.9] * 20)
    book = catalogue(OLD, *(indicator(f"i{number}", unit="percent") for number in range(20)))
    found = said(weak, *others, book=book)
    assert found[0].text == (
        "Eén cijfer lijkt anders dan in Delft: inwoners van 65 jaar en ouder. Wij vergelijken zo veel cijfers dat dit toeval kan zijn."
    )
    assert (found[0].theme, found[0].tone) == ("", "same")
    assert said(weak)[0].theme == "population", "alone it is one"


def test_the_margin_of_what_is_told_reckons_with_how_many_were_looked_at() -> None:
    """One of twenty: 99.75 % instead of 95 %, 3.02 deviations instead of 1.96. 10 points with 2 either way become 10 with 3.08."""
    told = segment(OLD, plain(40, 38, 42), plain(30, 30, 30))
    others = of_chances(*[0.9] * 19)
    assert wider([told, *others], frozenset({"old"})) == pytest.approx(3.0233, abs=1e-4)
    book = catalogue(OLD, *(indicator(f"i{number}", unit="percent") for number in range(19)))
    assert "(verschil 8 tot 12 procentpunt)" in said(told)[0].text
    assert "(verschil 6 tot 14 procentpunt)" in said(told, *others, book=book)[0].text


@given(st.lists(st.floats(1e-9, 1), min_size=1, max_size=30))
def test_what_is_told_never_has_nothing_within_its_margin(chances: list[float]) -> None:
    """Benjamini, Hochberg and Yekutieli: what is sure among so many is sure at the wider margin, and the reverse."""
    made = of_chances(*chances)
    sure = sure_together(made)
    z = wider(made, sure)
    assert z >= 1.959
    for item in made if sure else []:
        assert item.difference is not None
        low, _high = item.difference.at(z)
        assert (low > -1e-6) == (item.indicator in sure) or abs(low) < 1e-6


def test_of_what_is_told_out_of_many_hardly_any_margin_misses_the_truth() -> None:
    """1,000 profiles of forty figures, of which half truly differ a little: at 95 % each one in eight of those that are told would miss."""
    draw = np.random.default_rng(11)
    missed = plainly = told = 0.0
    for _ in range(1000):
        truth = np.where(draw.random(40) < 0.5, 0.0, draw.normal(0, 2, 40))
        seen = truth + draw.normal(0, 1, 40)
        found = [
            segment(indicator(f"i{n}", unit="percent"), plain(50 + value, 48.04 + value, 51.96 + value), plain(50, 50, 50))
            for n, value in enumerate(seen.tolist())
        ]
        sure = sure_together(found)
        z = wider(found, sure)
        here = {n: item.difference for n, item in enumerate(found) if item.indicator in sure and item.difference}
        if here:
            told += 1
            missed += sum(not apart.at(z)[0] <= truth[n] <= apart.at(z)[1] for n, apart in here.items()) / len(here)
            plainly += sum(not apart.at(1.96)[0] <= truth[n] <= apart.at(1.96)[1] for n, apart in here.items()) / len(here)
    assert missed / 1000 <= 0.05
    assert plainly / told > 0.1


def test_a_difference_without_chance_in_it_stays_as_it_was_counted_and_helps_no_other() -> None:
    counted = segment(VALUE, money(353), money(310))
    assert counted.difference is not None
    assert counted.difference.z is None
    weak = of_chances(0.03, 0.9, 0.9)
    assert sure_together([counted, *weak]) == {"value"}


@pytest.mark.parametrize(("people", "truth"), [(1500, (5, 50)), (300, (10, 60)), (150, (3, 40))])
def test_where_nothing_differs_hardly_any_profile_has_a_headline(people: int, truth: tuple[float, float]) -> None:
    """2,000 profiles of thirty figures that are truly the same here and there: in about one of twenty anything is told by itself."""
    draw = np.random.default_rng(20261126)
    items = [indicator(f"i{number}", unit="percent") for number in range(30)]
    headlines = single = 0
    for _ in range(2000):
        shares = draw.uniform(*truth, 30) / 100
        here, there = draw.binomial(people, shares), draw.binomial(20 * people, shares)
        found = [
            segment(item, share(100 * mine / people, people), share(100 * theirs / (20 * people), 20 * people))
            for item, mine, theirs in zip(items, here, there, strict=True)
        ]
        headlines += bool(sure_together(found))
        single += any(item.tone in ("more", "less") for item in found)
    assert headlines / 2000 <= 0.065
    assert single / 2000 > 0.6, "each by itself at 95 % most profiles would have one"


def test_a_difference_that_is_there_is_still_told() -> None:
    draw, items = np.random.default_rng(7), [indicator(f"i{number}", unit="percent") for number in range(30)]
    here = [draw.binomial(1500, 0.35 if number < 5 else 0.25) for number in range(30)]
    found = [segment(item, share(mine / 15, 1500), share(25, 30000)) for item, mine in zip(items, here, strict=True)]
    assert {f"i{number}" for number in range(5)} <= sure_together(found)


# --- another kind of figure ------------------------------------------------------------------------------------------------


def test_what_came_about_in_another_way_is_no_headline_and_says_so() -> None:
    found = segment(DEBT, share(20, 3000), replace(share(12, 90000), nature="own"))
    assert (found.tone, found.difference and found.difference.verdict) == ("unknown", "higher")
    assert said(found)[0].text == (
        "Eén cijfer is van een ander soort dan dat in Delft: mensen met schulden. Het kan alleen daardoor al verschillen."
    )
    assert sure_together([found]) == set()


def test_of_many_differences_those_stay_that_are_sure_together_with_the_margin_of_many() -> None:
    """By themselves 6 and 1.7 points are both more than their margins; among forty that are the same only the first is."""
    same = share(20, 10_000), share(20.1, 10_000)
    pairs = {"large": (share(36, 10_000), share(30, 10_000)), "small": (share(21.7, 10_000), same[0])}
    pairs |= {f"same{number}": same for number in range(40)}
    found = {name: (mine, theirs, difference(mine, theirs)) for name, (mine, theirs) in pairs.items()}
    assert [found[name][2].verdict for name in ("large", "small")] == ["higher", "higher"]
    together = of_many(found)
    assert [together[name].verdict for name in ("large", "small", "same0")] == ["higher", "same", "same"]
    alone, among = bounds(found["large"][2]), bounds(together["large"])
    assert among[0] < alone[0] < alone[1] < among[1]


def test_of_many_what_is_of_another_kind_or_has_no_margin_stays_as_it_is() -> None:
    other = difference(share(40, 1000), replace(share(60, 1000), nature="own"))
    bare = replace(share(40, 1000), low=None, high=None)
    unknown = difference(bare, share(60, 1000))
    found = of_many({1: (share(40, 1000), share(60, 1000), other), 2: (bare, share(60, 1000), unknown)})
    assert found == {1: other, 2: unknown}
