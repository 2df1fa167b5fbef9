# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a study holds, in numbers and sentences: counts, the accounting per tag, coverage, notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from knopenkaart.privacy import THRESHOLD, shown
from knopenkaart.protect import protected
from knopenkaart.study import Study
from knopenkaart.tables import GAPS
from knopenkaart.vocabulary import Vocabulary

OUTCOMES = ("present", "merged", "neighbour", "excluded")
# As many areas as a sentence can name.
FEW = 5
HALF_A_PERSON = 0.5
_UNPLACED: Mapping[str, str] = {
    "not_covered": "live where the extract does not reach",
    "no_home": "live where nothing tells which homes there are",
    "no_street": "live too far from any street that can be walked",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of one study; rows are ready to print."""

    sentence: str
    manifest: Mapping[str, Any]
    nodes: int
    small_spots: int
    neighbours: int
    digital: int
    per_kind: Mapping[str, int]
    tags: Sequence[tuple[Any, ...]]
    coverage: Sequence[tuple[Any, ...]]
    notices: Sequence[Mapping[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """The same as one JSON document."""
        tag_names = ("tag", "matched", *OUTCOMES, "reasons")
        coverage_names = ("code", "name", "status", "areaShare", "streetShare", "addressShare", "addresses", "dwellings")
        return {
            "sentence": self.sentence,
            "study": dict(self.manifest),
            "nodes": self.nodes,
            "smallSpots": self.small_spots,
            "neighbours": self.neighbours,
            "digital": self.digital,
            "perKind": dict(self.per_kind),
            "tags": [dict(zip(tag_names, row, strict=True)) for row in self.tags],
            "coverage": [dict(zip(coverage_names, row, strict=True)) for row in self.coverage],
            "notices": [dict(notice) for notice in self.notices],
        }


def summarise(study: Study, *, vocabulary: Vocabulary | None = None) -> Summary:
    """Count a study by the selection of a vocabulary (that of the build where none is given)."""
    places = study.table("places")
    counted = counted_places(places, vocabulary or study.vocabulary)
    inside = places[~places["neighbour"]]
    return Summary(
        sentence=_sentence(len(counted), study_population(study), complete=_is_complete(study)),
        manifest=study.manifest,
        nodes=len(counted),
        small_spots=int(inside["small_spot"].sum()),
        neighbours=int(places["neighbour"].sum()),
        digital=int(inside["digital"].sum()),
        per_kind={str(kind): int(count) for kind, count in counted["kind"].value_counts().items()},
        tags=_tags(study.table("decisions")),
        coverage=_coverage(study),
        notices=[{str(name): value for name, value in row.items()} for row in study.table("notices").to_dict("records")],
    )


def _sentence(count: int, population: int | None, *, complete: bool) -> str:
    """The sentence of the count of 2012; where the sources hold only part of a municipality it is not a count."""
    if not complete:
        return f"We found {count:,} places with a social function; the sources hold only part of the municipality."
    people = f"of {population:,} inhabitants " if population is not None else ""
    return f"In this municipality {people}we count {count:,} places with a social function."


def _is_complete(study: Study) -> bool:
    coverage = study.table("coverage")
    return bool((coverage.loc[coverage["level"] == "municipality", "status"] == "covered").all())


def counted_places(places: pd.DataFrame, vocabulary: Vocabulary) -> pd.DataFrame:
    """The rows of PLACES that count as a node: an open place inside the municipality with a location, of a kind that counts."""
    counting = [kind.id for kind in vocabulary.kinds.values() if kind.counts]
    chosen = places["kind"].isin(counting) & (places["status"] == "open")
    return places[chosen & ~places["small_spot"] & ~places["neighbour"] & ~places["digital"]]


def study_population(study: Study) -> int | None:
    """Inhabitants of all municipalities of a study together, where every one of them has a joined figure."""
    figures = study.table("figures")
    wanted = set(study.manifest["municipalities"])
    found = figures[
        (figures["indicator"] == "population") & figures["joined"] & figures["area_code"].isin(wanted) & figures["value"].notna()
    ]
    newest = found.sort_values("year").drop_duplicates("area_code", keep="last")
    return int(newest["value"].sum()) if set(newest["area_code"]) == wanted else None


def _tags(decisions: pd.DataFrame) -> list[tuple[Any, ...]]:
    rows = []
    for tag, group in decisions.groupby("tag"):
        outcomes = group["outcome"].value_counts()
        reasons = group.loc[group["outcome"] == "excluded", "reason"].value_counts()
        why = ", ".join(f"{reason} {count}" for reason, count in reasons.items())
        rows.append((tag, len(group), *(int(outcomes.get(outcome, 0)) for outcome in OUTCOMES), why))
    return sorted(rows, key=lambda row: -row[1])


def _coverage(study: Study) -> list[tuple[Any, ...]]:
    names = dict(zip(study.table("areas")["code"], study.table("areas")["name"], strict=True))
    columns = ("area_share", "street_share", "address_share")
    return [
        (
            row["area_code"],
            names.get(row["area_code"], ""),
            row["status"],
            *(None if pd.isna(row[column]) else round(float(row[column]), 3) for column in columns),
            int(row["addresses"]),
            None if pd.isna(row["dwellings"]) else int(row["dwellings"]),
        )
        for _, row in study.table("coverage").iterrows()
    ]


@dataclass(frozen=True, slots=True)
class ReachSummary:
    """What a study says about reach on foot, ready to print; people are protected."""

    title: str
    sentences: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]
    policy: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The same as one JSON document."""
        return {
            "sentences": list(self.sentences),
            "policy": dict(self.policy),
            "without": [dict(zip(self.columns, row, strict=True)) for row in self.rows],
        }


def summarise_reach(study: Study) -> ReachSummary:
    """Who was placed, and who has no node of a function near, per municipality and wijk."""
    near = study.policy.near_min
    gaps = protected(study.table("gaps"), GAPS)
    residents, areas = study.table("residents"), study.table("areas")
    levels = dict(zip(residents["area_code"], residents["level"], strict=True))
    names = dict(zip(areas["code"], areas["name"], strict=True))
    chosen = gaps[
        (gaps["mode"] == "walk") & (gaps["group"] == "all") & (gaps["minutes"] == near) & (gaps["area_code"].map(levels) != "buurt")
    ]
    what = [name for name in dict.fromkeys(chosen["what"]) if name != "third_living_room"]
    rows = []
    for code, group in chosen.groupby("area_code", sort=False):
        cells = {row["what"]: _without(row) for _, row in group.iterrows()}
        rows.append((code, names.get(code, ""), *(cells.get(name, "") for name in what)))
    incomplete = [names.get(code, code) for code in dict.fromkeys(chosen.loc[~chosen["complete"].astype(bool), "area_code"])]
    return ReachSummary(
        title=f"Residents without one within {near} minutes on foot",
        sentences=[*_placed(residents), *_at_most(incomplete)],
        columns=("area", "name", *what),
        rows=rows,
        policy=study.manifest["policy"],
    )


def _without(row: pd.Series[Any]) -> str:
    if pd.isna(row["without"]):
        return f"< {THRESHOLD}"
    share = "" if pd.isna(row["share"]) else f" ({row['share']:.0%})"
    return f"{row['without']:,}{share}"


def _placed(residents: pd.DataFrame) -> list[str]:
    """How many residents got a home and, where that is not everybody, why the others did not."""
    whole = residents[(residents["level"] == "municipality") & (residents["group"] == "all")]
    if not len(whole):
        return ["Nothing tells how many people live here: what is near is reckoned for homes, not for people."]
    sums = {name: float(whole[name].sum()) for name in ("people", "placed", *_UNPLACED)}
    assumed = " (assumed)" if (whole["basis"] == "assumed").any() else ""
    # Half a person is rounding of the figures, and nobody.
    why = [f"{_people(sums[name])} {reason}" for name, reason in _UNPLACED.items() if sums[name] >= HALF_A_PERSON]
    if not why:
        return [f"All {_people(sums['people'])} residents{assumed} got a home."]
    found = f"Of {_people(sums['people'])} residents{assumed} {_people(sums['placed'])} got a home."
    return [found, f"The others are not counted below: {'; '.join(why)}."]


def _people(count: float) -> str:
    number = shown(count)
    return f"fewer than {THRESHOLD}" if number is None else f"{number:,}"


def _at_most(incomplete: Sequence[str]) -> list[str]:
    """Where numbers of people without something near are no more than a bound."""
    if not incomplete:
        return []
    several = "" if len(incomplete) <= FEW else f" and {len(incomplete) - FEW} more"
    where = ", ".join(incomplete[:FEW]) + several
    return [f"At most so many in {where}: the extract does not hold all the ground near, and there may be places that it lacks."]
