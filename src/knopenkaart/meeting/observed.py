# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was counted and answered at places, as the choice is calibrated on: visits, where visitors live, how often they come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from knopenkaart.meeting.ground import Ground
from knopenkaart.tables import CARDS
from knopenkaart.visits.observed import ALL_GROUPS, DAYS, Bands, Counts, Frequencies, Observed, Origins

# Answers of the visitor card that the choice can use, and the bands in which one of them is released.
QUESTIONS = ("origin", "frequency")
BANDS: Mapping[str, tuple[int, int]] = {"first": (1, 1), "2_3": (2, 3), "4_7": (4, 7), "8_or_more": (8, DAYS)}
_COUNTED = ("place_id", "what", "slot", "group", "value", "weeks", "reason", "enough")
_ANSWERED = ("place_id", "question", "answer", "cards")


@dataclass(frozen=True)
class Told:
    """What is known of visits, for any ground.

    `estimates`: VISIT_ESTIMATES, those of a week. `answers`: rows of place_id, question (origin: a postcode or a buurt; frequency: times in
    four weeks, or a band), answer and number of cards. `complete`: what has no row nobody answered; if not, small numbers are hidden.
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
        counting = document.get("counting") or {}
        cells = [("all", counting.get("week")), *((cell["group"], cell) for cell in counting.get("groups", ()))]
        for group, cell in cells:
            if counting.get("how") == "visits" and cell and cell["state"] == "shown":
                known = {"value": cell["value"], "weeks": max(1, cell["weeks"]), "reason": cell.get("reason"), "enough": True}
                counted.append({"place_id": place, "what": "visits", "slot": "all", "group": group} | known)
        questions = (document.get("cards") or {}).get("questions") or {}
        for name in QUESTIONS:
            rows = [row for row in questions.get(name) or () if row["cards"] is not None]
            answered += [{"place_id": place, "question": name, "answer": row["answer"], "cards": row["cards"]} for row in rows]
    return Told(pd.DataFrame(counted, columns=list(_COUNTED)), pd.DataFrame(answered, columns=list(_ANSWERED)), complete=False)


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
    rows = estimates[(estimates["what"] == "visits") & (estimates["slot"] == "all") & estimates["enough"].astype(bool)]
    rows = rows[rows["place_id"].isin(number) & (rows["reason"].fillna("") != "partial")]
    found: list[tuple[int, int, float, float]] = []
    for place, own in rows.groupby("place_id", sort=False):
        cells = {group: (float(value), float(weeks)) for group, value, weeks in zip(own["group"], own["value"], own["weeks"], strict=True)}
        groups = [(at, cells[name]) for at, name in enumerate(ground.groups) if name in cells]
        if len(groups) < len(ground.groups) or ground.groups == ("all",):
            groups = [(ALL_GROUPS, cells["all"])] if "all" in cells else []
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
