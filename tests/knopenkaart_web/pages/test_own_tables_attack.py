# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever fetches every page and file of the Wijkmonitor, each time a table comes in, cannot tell what an own table hides."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import own_attack
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from own_attack import Cell

from knopenkaart_web.accounts.models import Membership, User
from knopenkaart_web.places.models import Area, FigureFile, Study

from .reading import factories, monitored

GM, NOORD, ZUID, POLDER = factories.MUNICIPALITY, factories.NOORD, factories.ZUID, factories.POLDER
INSIDE = {GM: [NOORD, ZUID, POLDER], NOORD: [factories.MOLENKWARTIER, monitored.DORPSKERN]}
HOMES = {area: wijk for wijk, areas in INSIDE.items() for area in areas}
LEAVES = (*INSIDE[NOORD], ZUID, POLDER)
ORIGINS = ("origin_netherlands", "origin_europe", "origin_outside_europe")
# (people who have it, people that it is about) of each area and group.
Table = dict[Cell, tuple[int, int]]
PLACED = {"west": 5.0, "south": 52.0, "east": 5.06, "north": 52.02, "coverage_status": "covered", "addresses": 1, "dwellings": 1}
# A share as pages write it, not the end of a margin.
SHARE = re.compile(r"(?<![\d,.])(?<!tot )(\d+(?:,\d)?)\s%")


@pytest.fixture(autouse=True)
def at_once(runs_at_once: list[Any], study: Study) -> None:
    """Background work is done before the page answers; the monitor is loaded."""
    monitored.wijkmonitor()


def drawn(seed: int) -> Table:
    """People in debt by origin in the smallest areas, many of them few; and all sums."""
    rng = random.Random(seed)
    cells: dict[Cell, list[int]] = {}
    for leaf, group in product(LEAVES, ORIGINS):
        of = rng.choice((12, 40, 90, 300))
        count = rng.choice((rng.randint(0, 4), rng.randint(0, of), of - rng.randint(0, 4)))
        area: str | None = leaf
        while area:
            for name in (group, "all"):
                have = cells.setdefault((area, name), [0, 0])
                have[0], have[1] = have[0] + count, have[1] + of
            area = HOMES.get(area)
    return {cell: (count, of) for cell, (count, of) in cells.items()}


def changed(table: Table, seed: int) -> Table:
    """The same, with 15 to 40 people more among the largest group of each wijk, in all sums."""
    rng = random.Random(seed)
    cells = dict(table)
    for leaf in LEAVES:
        group = max(ORIGINS, key=lambda name: table[leaf, name][1] - table[leaf, name][0])
        more = min(rng.randint(15, 40), table[leaf, group][1] - table[leaf, group][0])
        area: str | None = leaf if more >= 10 else None
        while area:
            for name in (group, "all"):
                cells[area, name] = (cells[area, name][0] + more, cells[area, name][1])
            area = HOMES.get(area)
    return cells


def written(table: Table) -> str:
    rows = [
        f"{area};2024;{'Totaal' if group == 'all' else group};{100 * count / of:.6f};{of}" for (area, group), (count, of) in table.items()
    ]
    return "\n".join(["Gebied;Jaar;Groep;Schulden;Aantal personen", *rows]).replace(".", ",") + "\n"


def sent(editor: Client, slug: str, table: Table, **choice: str) -> FigureFile:
    """The table as it is read; `choice` says what its figures are of."""
    at = f"/{slug}/beheer/cijfers"
    answer = editor.post(at, {"kind": "indicators", "file": SimpleUploadedFile("schulden.csv", written(table).encode())})
    file = FigureFile.objects.get(pk=answer["Location"].rsplit("/", 1)[1])
    form = editor.get(f"{at}/{file.pk}").context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    editor.post(f"{at}/{file.pk}", {"action": "read", **values, **(choice or {"column_4": "indicator:new"})})
    file.refresh_from_db()
    return file


def told(editor: Client, slug: str, table: Table, **choice: str) -> set[Cell]:
    """Bring a table in; what an anonymous reader can then read of it in the files of all areas."""
    file = sent(editor, slug, table, **choice)
    assert file.state == "read", (file.state, file.refusal, file.faults[:3])
    assert act(editor, file, "bring_in") == 302
    return {(area, group) for area in (GM, *HOMES) for group in _in_file(area)}


def on_pages(table: Table, read: set[Cell], others: set[str]) -> list[str]:
    """What pages tell of cells that are hidden; `others` are shares that stood there before."""
    hidden = {said(*people): cell for cell, people in table.items() if cell not in read}
    known = others | {said(*table[cell]) for cell in read}
    return [
        f"{address} tells {share} of {hidden[share]}"
        for address, text in everything(Client())
        for share in sorted((shares(text) - known) & set(hidden))
    ]


def act(editor: Client, file: FigureFile, action: str) -> int:
    return editor.post(f"/{file.study.slug}/beheer/cijfers/{file.pk}", {"action": action}).status_code


def shares(text: str) -> set[str]:
    """The shares on a page, as they are written."""
    return {found.removesuffix(",0") for found in SHARE.findall(text)}


def said(count: int, of: int) -> str:
    """A share as a page writes it."""
    return f"{100 * count / of:.1f}".replace(".", ",").removesuffix(",0")


def _in_file(area: str) -> Iterator[str]:
    """Of which groups the file of an area tells how many are in debt."""
    answer = Client().get(f"/wijkmonitor/{area}/cijfers.csv")
    for row in csv.DictReader(io.StringIO(answer.content.decode())):
        if row["indicator"] in ("own_schulden", "poverty") and row["year"] == "2024":
            numbers = [row[name] for name in ("value", "n", "low", "high", "shown", "shown_low", "shown_high")]
            assert all(numbers[:2]) or not any(numbers), f"half a figure of {area} {row['group']}: {numbers}"
            if row["value"]:
                yield row["group"]


def everything(reader: Client) -> Iterator[tuple[str, str]]:
    """Pages, pictures and files of every kind that tell of the areas of the table."""
    every = "wat=own_schulden&" + "&".join(f"groep={group}" for group in (*ORIGINS, "all"))
    for code in (GM, *INSIDE[GM], factories.MOLENKWARTIER):
        kinds = [f"?groep={group}&andere=all&schatting=aan" for group in ORIGINS]
        kinds += [
            f"/kaart?wat=own_schulden&groep={ORIGINS[0]}",
            "/kaart?wat=own_schulden&naast=groepen",
            f"/vergelijk?{every}",
            f"/trend?{every}",
        ]
        kinds += [f"/vergelijk.csv?{every}", "/cijfers.csv", "/rapport", "/beleving", f"/inbed/rangorde?{every}"]
        kinds += [f"/beeld/{what}.svg?{every}" for what in ("wiel", "kaart", "groepen", "rangorde", "trend")]
        for kind in kinds:
            answer = reader.get(f"/wijkmonitor/{code}{kind}")
            assert answer.status_code in (200, 404), kind
            yield f"{code}{kind}", answer.content.decode()
    for name in ("wie-mist-een-plek", "wie-mist-een-plek.csv"):
        yield name, reader.get(f"/{factories.SLUG}/{name}").content.decode()


def follows(table: Table, read: set[Cell]) -> list[str]:
    """The small numbers that a reader can tell to be below ten from what was read."""
    adding_up = own_attack.sums(table, inside=INSIDE, groups={"origin": ORIGINS})
    found = []
    for cell, (count, of) in table.items():
        for number, lacking in ((count, False), (of - count, True)):
            if number < min(10, of) and own_attack.most(cell, table, read, adding_up=adding_up, lacking=lacking) < min(10, of):
                found.append(f"{cell}: {number}")
    return found


@pytest.mark.parametrize("seed", range(2))
def test_nothing_small_follows_from_pages_and_files_of_one_table_and_of_the_next(seed: int, editor: Client) -> None:
    """A table comes in, goes out, comes in again as it was, goes out, and comes in with other numbers."""
    first, later = drawn(seed), changed(drawn(seed), seed)
    before = {share for _, text in everything(Client()) for share in shares(text)}
    read = told(editor, factories.SLUG, first)
    assert 0 < len(read) < len(first)
    assert on_pages(first, read, before) == []
    assert follows(first, read) == []
    act(editor, FigureFile.objects.get(state="in"), "take_back")
    assert told(editor, factories.SLUG, first) == read
    act(editor, FigureFile.objects.get(state="in"), "take_back")
    since = told(editor, factories.SLUG, later)
    assert follows(later, since | {cell for cell in read if first[cell] == later[cell]}) == []


@pytest.mark.parametrize("seed", range(3))
def test_nothing_small_follows_from_the_same_table_of_two_studies(seed: int, editor: Client, bob: User) -> None:
    """Two studies of one municipality draw other lots: what the one shows the other must know of."""
    table, as_poverty = drawn(seed), {"column_4": "value", "indicator": "poverty"}
    other = Study.objects.create(slug="kleindorp-2", name="Kleindorp 2", area_year=2024)
    Area.objects.create(study=other, code=GM, year=2024, level="municipality", name="Kleindorp", **PLACED)
    Membership.objects.create(user=bob, study_slug=other.slug, role="editor")
    read = told(editor, factories.SLUG, table, **as_poverty)
    assert follows(table, read | told(editor, other.slug, table, **as_poverty)) == []


def test_the_attacker_wins_where_only_small_numbers_are_hidden() -> None:
    """The tests above can fail."""
    won = 0
    for seed in range(4):
        table = drawn(seed)
        won += bool(follows(table, {cell for cell, (count, of) in table.items() if count >= 10 and of - count >= 10}))
    assert won
