# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a study holds, in numbers and sentences: counts, the accounting per tag, coverage, notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from knopenkaart.study import Study
from knopenkaart.vocabulary import Vocabulary

OUTCOMES = ("present", "merged", "neighbour", "excluded")


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
