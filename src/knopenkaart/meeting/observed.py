# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was counted and answered at places, as the choice is calibrated on: visits, where visitors live, how often they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart.meeting.ground import Floats, Ground, usual_times
from knopenkaart.tables import CARDS
from knopenkaart.visits.observed import ALL_GROUPS, DAYS, Bands, Counts, Frequencies, Observed, Origins

# Answers of the visitor card that the choice can use, and the bands in which one of them is released.
QUESTIONS = ("origin", "frequency")
BANDS: Mapping[str, tuple[int, int]] = {"first": (1, 1), "2_3": (2, 3), "4_7": (4, 7), "8_or_more": (8, DAYS)}
ALL, PARTIAL = "all", "partial"
_COUNTED = ("place_id", "what", "slot", "group", "value", "weeks", "reason", "enough")
_ANSWERED = ("place_id", "question", "answer", "cards")


@dataclass(frozen=True)
class Told:
    """What is known of visits, for any ground.

    `estimates`: VISIT_ESTIMATES; a daypart of which the number is hidden has no value. `answers`: rows of place_id, question (origin: a
    postcode or a buurt; frequency: times in four weeks, or a band), answer and number of cards. `complete`: what has no row nobody
    answered; if not, small numbers are hidden.
    """

    estimates: pd.DataFrame
    answers: pd.DataFrame
    complete: bool = True


NOTHING = Told(pd.DataFrame(columns=list(_COUNTED)), pd.DataFrame(columns=list(_ANSWERED)))


def told(estimates: pd.DataFrame | None = None, cards: pd.DataFrame | None = None) -> Told:
    """Estimates (VISIT_ESTIMATES) and cards (CARDS) of one's own, in full. Raises TableError where the cards are not as the table says."""
    counted = NOTHING.estimates if estimates is None else estimates
    if cards is None:
        return Told(counted, NOTHING.answers)
    long = CARDS.check(cards).melt(id_vars=["place_id"], value_vars=list(QUESTIONS), var_name="question", value_name="answer").dropna()
    answers = long.assign(answer=long["answer"].astype(str)).groupby(list(_ANSWERED[:3]), sort=True).size().reset_index(name="cards")
    return Told(counted, answers)


def released(documents: Mapping[str, Mapping[str, Any]]) -> Told:
    """What was released of visits, per place a document (knopenkaart.visitors); only what may be shown."""
    counted, answered = [], []
    for place, document in documents.items():
        counted += [{"place_id": place} | row for row in _shown(document.get("counting") or {})]
        questions = (document.get("cards") or {}).get("questions") or {}
        for name in QUESTIONS:
            rows = [row for row in questions.get(name) or () if row["cards"] is not None]
            answered += [{"place_id": place, "question": name, "answer": row["answer"], "cards": row["cards"]} for row in rows]
    return Told(pd.DataFrame(counted, columns=list(_COUNTED)), pd.DataFrame(answered, columns=list(_ANSWERED)), complete=False)


def _shown(counting: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Visits of the week and of groups that are shown; of dayparts also those that are hidden, without a number."""
    if counting.get("how") != "visits":
        return
    week = [cell for cell in (counting.get("week"), *counting.get("groups", ())) if cell and cell["state"] == "shown"]
    for cell in (*week, *counting.get("slots", ()), *counting.get("cells", ())):
        value = cell["value"] if cell["state"] == "shown" else None
        about = {"weeks": max(1, cell["weeks"]), "reason": cell.get("reason"), "enough": cell["state"] != "not_enough"}
        yield {"what": "visits", "slot": cell.get("slot", ALL), "group": cell.get("group", ALL), "value": value} | about


def with_times(ground: Ground, known: Told) -> Ground:
    """The ground with when people come, at the places where visits were counted in all dayparts in which they are open.

    What is hidden of some dayparts is spread evenly over these. Groups come by daypart as they were counted where that is known, and else
    as they are taken to, within what was counted of everybody.
    """
    came, open_in = ground.came.copy(), ground.open_in.copy()
    rows = known.estimates[(known.estimates["what"] == "visits") & known.estimates["place_id"].isin(ground.ids)]
    rows = rows[rows["reason"].fillna("") != PARTIAL]
    for place, own in rows.groupby("place_id", sort=False):
        at, found = ground.ids.index(str(place)), _times(ground, own)
        if found is not None:
            came[at], open_in[at] = found, found.sum(axis=0) > 0
    return replace(ground, came=came, open_in=open_in)


def _times(ground: Ground, own: pd.DataFrame) -> Floats | None:
    """Visits of one place per group and daypart (G, T); None where not all of its dayparts were counted."""
    value = own["value"].astype(float)
    by_slot = pd.Series(value.to_numpy(), index=pd.MultiIndex.from_frame(own[["slot", "group"]]))
    slots = own[(own["slot"] != ALL) & (own["group"] == ALL)]
    if (ALL, ALL) not in by_slot or slots.empty or not slots["enough"].all():
        return None
    told = by_slot.xs(ALL, level="group").reindex([slot.id for slot in ground.slots], fill_value=0.0).to_numpy()
    hidden = np.isnan(told)
    rest = max(0.0, float(by_slot[ALL, ALL]) - float(told[~hidden].sum()))
    whole = np.where(hidden, rest / max(1, int(hidden.sum())), told)
    if not whole.sum() > 0:
        return None
    usual = usual_times(ground)
    each = whole * usual / usual.mean(axis=0)
    many = by_slot.xs(ALL, level="slot").reindex(list(ground.groups)).fillna(0.0).to_numpy()
    found = each * np.where(many > 0, many, each.sum(axis=1))[:, None] / each.sum(axis=1, keepdims=True)
    cells = by_slot.unstack("group").reindex(index=[slot.id for slot in ground.slots], columns=list(ground.groups)).to_numpy().T
    found = np.where(np.isnan(cells), found, cells)
    return np.where(found.sum(axis=1, keepdims=True) > 0, found, each)


def observed_of(ground: Ground, known: Told) -> Observed:
    """What is known of the places of a ground; what is of other places, or of postcodes where nobody of it lives, is left out."""
    answers = known.answers[known.answers["place_id"].isin(ground.ids)]
    area, origins = _origins(ground, answers[answers["question"] == "origin"], known.complete)
    return Observed(_counts(ground, known.estimates), origins, _frequencies(ground, answers[answers["question"] == "frequency"]), area)


def _counts(ground: Ground, estimates: pd.DataFrame) -> Counts:
    """Visits per week, by group where all groups are told, else of everybody.

    Estimates that are not enough, or are of a part of the week only, tell nothing here.
    """
    number = {place: at for at, place in enumerate(ground.ids)}
    rows = estimates[(estimates["what"] == "visits") & (estimates["slot"] == ALL) & estimates["enough"].astype(bool)]
    rows = rows[rows["place_id"].isin(number) & (rows["reason"].fillna("") != PARTIAL)]
    found: list[tuple[int, int, float, float]] = []
    for place, own in rows.groupby("place_id", sort=False):
        cells = {group: (float(value), float(weeks)) for group, value, weeks in zip(own["group"], own["value"], own["weeks"], strict=True)}
        groups = [(at, cells[name]) for at, name in enumerate(ground.groups) if name in cells]
        if len(groups) < len(ground.groups) or ground.groups == (ALL,):
            groups = [(ALL_GROUPS, cells[ALL])] if ALL in cells else []
        found += [(number[str(place)], group, value * weeks, weeks) for group, (value, weeks) in groups]
    if not found:
        return Counts()
    place_at, group_at, visits, weeks_of = (np.array(column) for column in zip(*found, strict=True))
    # Groups of one place were counted together: its good and bad weeks are those of all of them.
    zero = np.zeros(len(found), dtype=np.int64)
    return Counts(place_at, group_at, visits.astype(float), weeks_of.astype(float), zero, sheet=place_at)


def _origins(ground: Ground, answers: pd.DataFrame, complete: bool) -> tuple[npt.NDArray[np.int64], Origins]:
    """Of each square its area, and how many visitors said to live where; by postcode or by buurt, whichever more of them named."""
    kinds = {name: _named(answers, codes) for name, codes in {"postcode": ground.cell_postcode, "buurt": ground.cell_buurt}.items()}
    kind = max(kinds, key=lambda name: float(kinds[name]["cards"].sum()))
    rows, codes = kinds[kind], ground.cell_postcode if kind == "postcode" else ground.cell_buurt
    if rows.empty:
        return np.zeros(0, dtype=np.int64), Origins()
    known, number = np.unique(codes[codes != ""]), {place: at for at, place in enumerate(ground.ids)}
    area = np.where(codes == "", -1, np.searchsorted(known, codes)).astype(np.int64)
    place = np.array([number[name] for name in rows["place_id"]], dtype=np.int64)
    where = np.searchsorted(known, rows["answer"].to_numpy(str)).astype(np.int64)
    group, period = np.full(len(rows), ALL_GROUPS, dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    return area, Origins(place, group, where, rows["cards"].to_numpy(float), period, complete)


def _named(answers: pd.DataFrame, codes: npt.NDArray[np.str_]) -> pd.DataFrame:
    return answers[answers["answer"].isin(set(codes.tolist()) - {""})]


def _frequencies(ground: Ground, answers: pd.DataFrame) -> Frequencies:
    """How often visitors came: each answer by itself where it is a number, and bands of one place together."""
    nest = dict(zip(ground.ids, ground.setting.nest.tolist(), strict=True))
    exact = answers[answers["answer"].str.fullmatch(r"\d+")]
    times, cards = exact["answer"].astype(int).clip(upper=DAYS).to_numpy(np.int64), exact["cards"].to_numpy(np.int64)
    there = times >= 1
    of = exact["place_id"].map(nest).to_numpy(np.int64)
    bands = []
    for place, rows in answers[answers["answer"].isin(list(BANDS))].groupby("place_id", sort=True):
        ends = np.array([BANDS[answer] for answer in rows["answer"]], dtype=np.int64)
        bands.append(Bands(nest[str(place)], ends[:, 0], ends[:, 1], rows["cards"].to_numpy(float)))
    return Frequencies(np.repeat(of[there], cards[there]), np.repeat(times[there], cards[there]), tuple(bands))
