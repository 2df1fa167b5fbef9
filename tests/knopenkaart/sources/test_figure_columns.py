# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which column is which indicator of the catalogue, and what a cell says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knopenkaart.errors import InputError
from knopenkaart.sources.figure_columns import (
    FigureColumn,
    cell_value,
    figure_columns,
    figure_rows,
    holds_figures,
    publication_of,
    simplify,
    whole_rows,
    years_of_columns,
)
from knopenkaart.sources.figures import read_figures
from knopenkaart.vocabulary.catalogue import Column, Indicator, load_catalogue

INDICATORS = tuple(load_catalogue().indicators.values())
NAMED = [(item, column, name) for item in INDICATORS for column in item.columns for name in column.names]


def frame(*columns: str) -> pd.DataFrame:
    return pd.DataFrame({column: ["1", "2"] for column in columns})


def test_no_two_indicators_are_recognised_by_one_name() -> None:
    owners = defaultdict(set)
    for item, column, name in NAMED:
        owners[simplify(name)].add((item.id, column.unit, column.factor, column.absent, column.year))
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}


@pytest.mark.parametrize(("item", "column", "name"), NAMED, ids=[f"{item.id}-{name}" for item, _, name in NAMED])
def test_every_name_of_the_catalogue_is_recognised_as_its_indicator(item: Indicator, column: Column, name: str) -> None:
    (found,) = figure_columns(frame(name), years=(column.year,)).values()
    assert (found.indicator, found.factor, found.absent) == (item.id, column.factor, column.absent)


@pytest.mark.parametrize(
    ("heading", "indicator"),
    [
        ("AantalInwoners_5", "population"),
        ("k_40PersonenMetLaagsteInkomen_79", "income_low"),
        ("Inkomen/Inkomen van personen/40% personen met laagste inkomen (%)", "income_low"),
        ("Bevolking/Bevolking naar herkomst/Herkomstland/Europa (exclusief Nederland)  (aantal)", "origin_europe"),
        ("Sociale zekerheid/Personen per soort uitkering; Bijstand (aantal)", "social_assistance"),
        ("WmoClientenRelatief_94", "wmo_clients_per_1000"),
        ("Zorg/Wmo-cliënten (aantal)", "wmo_clients"),
        ("ErnstigZeerErnstigEenzaam_28", "seriously_lonely"),
        ("SES-WOA/Totaalscore/Gemiddelde score (Getal)", "ses_score"),
        ("Opleidingsniveau/Hoog/Waarde (%)", "ses_education_high"),
        ("AfstandTotCafeED_36", "distance_cafe"),
        ("g_hhgro", "household_size"),
    ],
)
def test_headings_of_publishers_are_recognised(heading: str, indicator: str) -> None:
    assert [spec.indicator for spec in figure_columns(frame(heading)).values()] == [indicator]


@pytest.mark.parametrize(
    "heading", ["aantal_huishoudens_met_kinderen_percentage", "afstand_tot_treinstation_km", "geluid_van_weg", "VKL0216"]
)
def test_columns_that_would_mislead_are_not_recognised(heading: str) -> None:
    assert not holds_figures(frame(heading))


def test_a_column_of_one_year_counts_only_for_that_year() -> None:
    classes = frame("KL14", "KL16")
    assert holds_figures(classes)
    assert years_of_columns(classes) == [2014, 2016]
    assert years_of_columns(frame("inwoners")) == []
    assert list(figure_columns(classes, years=(2016,))) == ["KL16"]
    assert list(figure_columns(classes, years=(2014,))) == ["KL14"]
    assert list(figure_columns(classes, years=(2014, 2016))) == ["KL14", "KL16"]
    assert figure_columns(classes, years=(2020,)) == figure_columns(classes) == {}
    rows = figure_rows(pd.DataFrame({"KL14": [3], "KL16": [8]}), pd.Series(["WK000300"]), year=2016, source="s")
    assert [(row["indicator"], row["value"]) for row in rows] == [("livability_class", 8.0)]


def test_figures_of_earlier_years_are_about_the_areas_of_the_last_one(tmp_path: Path) -> None:
    path = tmp_path / "klassen_2014_2016.csv"
    path.write_text("code,KL14,KL16\nWK000300,3,8\nWK000301,,7\n", encoding="utf-8")
    file = read_figures(path, year=None)
    told = file.figures.set_index(["area_code", "year"])
    assert (file.year, set(file.figures["area_year"])) == (2016, {2016})
    assert [told.loc[("WK000300", year), "value"] for year in (2014, 2016)] == [3, 8]
    assert list(told.index[told["value"].isna()]) == [("WK000301", 2014)]
    # One of them chooses a column; another year is that of the division, as the file's name may say too.
    one = read_figures(path, year=2014).figures
    assert list(zip(one["area_year"], one["year"], one["value"].fillna(0), strict=True)) == [(2016, 2014, 3), (2016, 2014, 0)]
    source = read_figures(path, year=None).source
    assert source.title == source.attribution == "Leefbaarometer 2 (klassen_2014_2016.csv)", "a page says it once"
    assert {2018} == set(read_figures(path, year=2018).figures["area_year"])
    path.rename(tmp_path / "indeling_2019.csv")
    assert read_figures(tmp_path / "indeling_2019.csv", year=None).year == 2019


def test_beside_columns_of_several_years_the_others_are_of_the_division(tmp_path: Path) -> None:
    path = tmp_path / "klassen.csv"
    path.write_text("code,inwoners,KL14,KL16\nWK000300,200,3,8\n", encoding="utf-8")
    assert read_figures(path, year=None).source.title == "klassen.csv (2016)", "not everything in it is of one publication"
    found = read_figures(path, year=None).figures
    assert sorted(zip(found["indicator"], found["year"], found["value"], strict=True)) == [
        ("livability_class", 2014, 3), ("livability_class", 2016, 8), ("population", 2016, 200),
    ]  # fmt: skip


def test_a_file_is_called_after_the_publication_of_most_of_its_columns() -> None:
    assert publication_of(frame("AantalInwoners_5", "Mannen_6")).id == "kwb"
    assert publication_of(frame("SES-WOA/Totaalscore/Gemiddelde score (Getal)", "x")).id == "ses_woa"
    assert publication_of(frame("Eenzaam (%)", "Mantelzorger (%)", "Aantal inwoners")).publisher == "RIVM"
    assert publication_of(frame("nothing")).id == "kwb"


@given(st.floats(0.1, 1e6) | st.integers(1, 10**6))
def test_a_number_that_stands_for_nothing_is_no_figure_and_others_are(number: float) -> None:
    column = FigureColumn("distance_cafe", "km", absent=(0.0,))
    assert cell_value(0, column) is None
    assert cell_value("0.0", column) is None
    assert cell_value(number, column) == number
    assert cell_value(0, FigureColumn("distance_cafe", "km")) == 0


def health(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"WijkenEnBuurten": ["BU99010000"] * len(columns["Marges"]), "Eenzaam_27": ["48", "41", "55"], **columns})


def test_of_a_value_and_the_ends_of_its_margin_the_value_is_read() -> None:
    read = whole_rows(health(Marges=["MOG0095", "MW00000", "MBG0095"]), subject="x.csv")
    assert list(read["Eenzaam_27"]) == ["41"]
    assert list(read.index) == [0]
    words = whole_rows(health(Marges=["Waarde"] * 3, Leeftijd=["65 jaar of ouder", "18 jaar of ouder", "18 tot 65 jaar"]), subject="x.csv")
    assert list(words["Eenzaam_27"]) == ["41"]


def test_rows_of_which_none_is_known_to_be_the_whole_are_refused() -> None:
    with pytest.raises(InputError, match="Marges") as caught:
        whole_rows(health(Marges=["laag", "hoog", "hoog"]), subject="x.csv")
    assert caught.value.code == "figures.several_rows"
    # One kind only: the export was made of it on purpose.
    assert len(whole_rows(health(Marges=["65 jaar of ouder"] * 3), subject="x.csv")) == 3


def test_a_table_without_such_columns_keeps_every_row() -> None:
    assert len(whole_rows(frame("AantalInwoners_5"), subject="x.csv")) == 2


# --- real files -------------------------------------------------------------------------------------------------------


def test_a_compiled_file_gives_no_distance_of_zero(real_data: Callable[[str], Path]) -> None:
    path = real_data("leefbaarheid/buurten_prov_utrecht_2020.csv")
    figures = read_figures(path, year=None).figures
    assert len(figures["area_code"].unique()) == 969
    told = {str(name): [float(value) for value in values.dropna()] for name, values in figures.groupby("indicator")["value"]}
    # 47 buurten have 0 for every distance in the file, 255 have no score at all.
    assert len(told["distance_cafe"]) == 969 - 47
    assert len(told["livability_cohesion"]) == 969 - 255
    assert all(min(values) > 0 for name, values in told.items() if name.startswith("distance_"))
    assert min(told["household_size"]) >= 1
    assert "households_with_children" not in told


def test_classes_of_the_old_leefbaarometer_are_those_of_the_year(real_data: Callable[[str], Path]) -> None:
    path = real_data("leefbaarheid/leefbaarometer2_wijk_2002_2016.csv")
    source = pd.read_csv(path, dtype={"code": str}).set_index("code")
    every = read_figures(path, year=None)
    assert every.year == 2016
    for year, column in ((2002, "KL02"), (2008, "KL08"), (2012, "KL12"), (2014, "KL14"), (2016, "KL16")):
        file = read_figures(path, year=year)
        assert file.year == 2016, "the areas are those of 2016 in every year"
        assert set(file.figures["year"]) == {year}
        pd.testing.assert_frame_equal(every.figures[every.figures["year"] == year].reset_index(drop=True), file.figures)
        read = file.figures.set_index("area_code")["value"].astype(float)
        expected = source[column].reindex(read.index).astype(float)
        assert len(read) > 2900
        assert (read.isna() == expected.isna()).all()
        assert (read.dropna() == expected.dropna()).all()


def test_education_of_households_in_amsterdam_sums_to_about_a_hundred(real_data: Callable[[str], Path]) -> None:
    path = real_data("leefbaarheid/ses_woa_amsterdam_2019.csv")
    wide = read_figures(path, year=None).figures.pivot(index="area_code", columns="indicator", values="value").astype(float)
    sums = wide[["ses_education_low", "ses_education_middle", "ses_education_high"]].dropna().sum(axis=1)
    assert len(sums) == 489
    assert sums.between(99.8, 100.2).all()
    assert wide.loc["GM0363", "ses_score"] == -0.1
