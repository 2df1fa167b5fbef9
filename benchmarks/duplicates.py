# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Duplicates between sources, side by side with two naive rules: python benchmarks/duplicates.py [--pairs 900] [--seed 1].

The pairs are SYNTHETIC: real names and places of Amsterdam (and, for other names, of Utrecht-Noordoost) from the folder that
KNOPENKAART_TEST_DATA names are distorted by the written rules below, at run time, from a seed. Nothing is stored.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import string
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
from rapidfuzz import fuzz
from shapely import STRtree, points

from knopenkaart.inventory.match import candidates
from knopenkaart.inventory.names import words
from knopenkaart.records import Place
from knopenkaart.tables import PLACES, from_records
from knopenkaart.vocabulary import Vocabulary, load_vocabulary

DATA = Path(os.environ.get("KNOPENKAART_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
# One degree in metres at the latitude of Amsterdam; good enough to move a point by tens of metres.
LAT_M, LON_M = 111_200.0, 67_800.0
LIMITS = (0.3, 0.5, 0.7, 0.9, 0.95)
Pair = tuple[str, str]
Distortion = Callable[[Place, random.Random], Place]

SHORT = {
    "basisschool": "bs.", "openbare": "openb.", "sint": "st.", "stichting": "stg.", "vereniging": "ver.", "bibliotheek": "bieb",
    "restaurant": "rest.", "centrum": "ctr.", "koningin": "kon.", "kinderdagverblijf": "kdv", "christelijke": "chr.", "dokter": "dr.",
    "professor": "prof.", "burgemeester": "burg.", "café": "cafe", "en": "&", "plein": "pl.", "hervormde": "herv.",
}  # fmt: skip

CRECHES, SECONDARY = ("Kinderdagverblijf", "BSO", "Peuterspeelzaal"), ("College", "Lyceum", "Gymnasium")
CLUBS = ("Tennisvereniging", "Hockeyclub", "Scouting")


def move(place: Place, metres: float, rng: random.Random) -> Place:
    angle = rng.uniform(0, 2 * math.pi)
    assert place.lon is not None
    assert place.lat is not None
    return replace(place, lon=place.lon + metres * math.cos(angle) / LON_M, lat=place.lat + metres * math.sin(angle) / LAT_M)


def exact(place: Place, rng: random.Random) -> Place:
    return move(place, rng.uniform(0, 8), rng)


def abbreviation(place: Place, rng: random.Random) -> Place:
    tokens = str(place.name).split()
    short = [SHORT.get(token.casefold(), token) for token in tokens]
    if short == tokens:
        long = max(range(len(tokens)), key=lambda i: len(tokens[i]))
        short = [token[:4] + "." if i == long and len(token) > 8 and len(tokens) > 1 else token for i, token in enumerate(tokens)]
    return replace(move(place, rng.uniform(0, 25), rng), name=" ".join(short))


def spelling(place: Place, rng: random.Random) -> Place:
    letters = list(str(place.name))
    for _ in range(1 + (len(letters) > 14)):
        at = rng.randrange(1, len(letters)) if len(letters) > 1 else 0
        action = rng.choice(("drop", "double", "swap", "other"))
        if action == "drop":
            letters[at] = ""
        elif action == "double":
            letters[at] *= 2
        elif action == "swap":
            letters[at - 1], letters[at] = letters[at], letters[at - 1]
        else:
            letters[at] = rng.choice(string.ascii_lowercase)
    return replace(move(place, rng.uniform(0, 25), rng), name="".join(letters))


def shift_to_150_m(place: Place, rng: random.Random) -> Place:
    return move(place, rng.uniform(40, 150), rng)


def extra_words(place: Place, rng: random.Random) -> Place:
    suffix = rng.choice((" Amsterdam", ", gemeente Amsterdam", " (Stichting)", " e.o."))
    return replace(move(place, rng.uniform(0, 25), rng), name=f"{place.name}{suffix}")


def other_case_and_marks(place: Place, rng: random.Random) -> Place:
    name = str(place.name).upper().replace("'", " ").replace("-", " ").replace("É", "E")
    return replace(move(place, rng.uniform(0, 25), rng), name=name)


def missing_address(place: Place, rng: random.Random) -> Place:
    gone = {"street": None, "housenumber": None, "postcode": None, "city": None, "phone": None, "website": None}
    return replace(move(place, rng.uniform(0, 30), rng), **gone)  # type: ignore[arg-type]


class OtherKind:
    """Another kind that shares a function, as a list-maker would choose."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.related = {
            kind.id: [other.id for other in vocabulary.kinds.values() if other is not kind and set(other.functions) & set(kind.functions)]
            for kind in vocabulary.kinds.values()
        }

    def __call__(self, place: Place, rng: random.Random) -> Place:
        return replace(move(place, rng.uniform(0, 25), rng), kind=rng.choice(self.related[place.kind] or [place.kind]))


def several(place: Place, rng: random.Random) -> Place:
    for distortion in rng.sample((abbreviation, spelling, extra_words, missing_address, other_case_and_marks), 3):
        place = distortion(place, rng)
    return move(place, rng.uniform(0, 40), rng)


@dataclass(frozen=True)
class Bench:
    """Records, the pairs that are one place (with their distortion), and the records made to mislead."""

    places: list[Place]
    truth: Mapping[Pair, str]
    negatives: Mapping[str, str]


def real_places(vocabulary: Vocabulary) -> list[Place]:
    frame = pd.read_csv(DATA / "coaccess/amsterdam_5min_met_naam_en_type.csv.gz").dropna(subset=["naam"])
    frame = frame.drop_duplicates("osm_id")
    located = gpd.GeoSeries.from_xy(frame["x"], frame["y"], crs="EPSG:28992").to_crs("EPSG:4326")
    places = []
    for row, point in zip(frame.itertuples(), located, strict=True):
        tags = {str(row.osm_sleutel): str(row.osm_waarde), "name": str(row.naam)}
        kind = next((kind for kind in vocabulary.kinds.values() if any(rule.matches(tags) for rule in kind.rules)), None)
        if kind and not kind.small_spot:
            places.append(place_of("osm", f"node/{row.osm_id}", str(row.naam), kind.id, kind.archetype, point.x, point.y))
    return [addressed(place) for place in [*places, *named_after_a_kind(vocabulary)]]


def named_after_a_kind(vocabulary: Vocabulary) -> Iterable[Place]:
    """Places of Utrecht-Noordoost whose name says what they are; they bring the schools and the clubs that the file of Amsterdam lacks."""
    frame = pd.read_csv(DATA / "plekken/overture_utrecht_noordoost_2023.csv").dropna()
    named = sorted(((words(phrase), kind) for phrase, kind in vocabulary.words().items()), key=lambda item: (-len(item[0]), item[0]))
    for index, row in enumerate(frame.itertuples()):
        text = f" {' '.join(words(str(row.naam)))} "
        kind = next((kind for phrase, kind in named if phrase and f" {' '.join(phrase)} " in text), None)
        if kind and not vocabulary.kinds[kind].digital:
            archetype = vocabulary.kinds[kind].archetype
            yield place_of("osm", f"overture/{index}", str(row.naam), kind, archetype, float(str(row.lon)), float(str(row.lat)))


def place_of(source: str, source_id: str, name: str, kind: str, archetype: str, lon: float, lat: float) -> Place:
    return Place(f"{source}:{source_id}", name, kind, "open", lon, lat, source, source_id, archetype)


def addressed(place: Place) -> Place:
    """An invented address by position (a street per 200 m), on six of ten; a telephone number on three of ten."""
    rng = random.Random(place.id)
    assert place.lon is not None
    assert place.lat is not None
    cell, number = int(place.lon * LON_M / 200) * 7919 + int(place.lat * LAT_M / 200), int(place.lat * LAT_M) % 200 + 1
    if rng.random() < 0.6:
        place = replace(place, street=f"Teststraat {cell % 9973}", housenumber=str(number), city="Amsterdam")
    return replace(place, phone=f"020{rng.randrange(10**6, 10**7)}") if rng.random() < 0.3 else place


def distinct(places: Sequence[Place]) -> list[Place]:
    """Places without a namesake within 400 m: of those the truth is certain."""
    xy = points([(float(p.lon or 0) * LON_M, float(p.lat or 0) * LAT_M) for p in places])
    first, second = STRtree(xy).query(xy, predicate="dwithin", distance=400)
    twins = {i for i, j in zip(first, second, strict=True) if i != j and words(places[i].name) == words(places[j].name)}
    return [place for index, place in enumerate(places) if index not in twins]


def positives(base: Sequence[Place], vocabulary: Vocabulary, pairs: int, rng: random.Random) -> tuple[list[Place], dict[Pair, str]]:
    rules: dict[str, Distortion] = {
        "exact, to 8 m": exact, "abbreviation": abbreviation, "spelling": spelling, "shift of 40-150 m": shift_to_150_m,
        "other kind": OtherKind(vocabulary), "missing address": missing_address, "extra words": extra_words,
        "capitals, no marks": other_case_and_marks, "three at once": several,
    }  # fmt: skip
    made, truth = [], {}
    for index, place in enumerate(rng.sample(list(base), min(pairs, len(base)))):
        label = list(rules)[index % len(rules)]
        copy = replace(rules[label](place, rng), id=f"list:{index}", source="list", source_id=f"row/{index}")
        made.append(copy)
        truth[place.id, copy.id] = label
    return made, truth


def hard_negatives(places: Sequence[Place], foreign: Sequence[str], rng: random.Random, each: int) -> tuple[list[Place], dict[str, str]]:
    counts = Counter(words(place.name) for place in places)
    chains = [place for place in places if counts[words(place.name)] >= 3]
    schools = [place for place in places if "school" in place.kind or "school" in str(place.name).casefold()]
    clubs = [place for place in places if "sport" in place.kind or "club" in str(place.name).casefold().split()[-1]]

    def core(place: Place) -> str:
        return str(place.name).split()[-1]

    makers: dict[str, tuple[Sequence[Place], Callable[[Place], tuple[str, float]]]] = {
        "neighbour, same kind": (places, lambda p: (rng.choice(foreign), rng.uniform(2, 20))),
        "chain, other branch": (chains, lambda p: (str(p.name), rng.uniform(120, 400))),
        "numbered": (places, lambda p: (f"{p.name} {rng.choice((2, 3, 'II'))}", rng.uniform(5, 60))),
        "noord / zuid": (places, lambda p: (f"{p.name} {rng.choice(('Noord', 'Zuid'))}", rng.uniform(20, 200))),
        "school and crèche": (schools, lambda p: (f"{rng.choice(CRECHES)} {core(p)}", rng.uniform(5, 40))),
        "primary and secondary": (schools, lambda p: (f"{core(p)} {rng.choice(SECONDARY)}", rng.uniform(10, 100))),
        "two clubs of one park": (clubs, lambda p: (f"{rng.choice(CLUBS)} {core(p)}", rng.uniform(10, 90))),
    }  # fmt: skip
    made: list[Place] = []
    labels: dict[str, str] = {}
    for label, (pool, maker) in makers.items():
        for place in rng.sample(list(pool), min(each, len(pool))):
            name, metres = maker(place)
            # Where the real name already says the other word ("... College") there is no negative to make.
            if label != "chain, other branch" and set(words(name)) >= set(words(place.name)) and label not in {"numbered", "noord / zuid"}:
                continue
            other = move(replace(place, id=f"list:{label}:{len(made)}", source="list", source_id=f"no/{len(made)}", name=name), metres, rng)
            other = addressed(replace(other, street=None, housenumber=None, phone=None))
            made.append(other)
            labels[other.id] = label
    return made, labels


def make(vocabulary: Vocabulary, pairs: int, seed: int) -> Bench:
    rng = random.Random(seed)
    places = real_places(vocabulary)
    foreign = pd.read_csv(DATA / "plekken/overture_utrecht_noordoost_2023.csv")["naam"].dropna().astype(str).tolist()
    base = distinct(places)
    true_copies, truth = positives(base, vocabulary, pairs, rng)
    copied = {pair[0] for pair in truth}
    others, labels = hard_negatives([place for place in base if place.id not in copied], foreign, rng, pairs // 9)
    return Bench([*places, *true_copies, *others], truth, labels)


def near_pairs(bench: Bench, metres: float) -> Iterable[tuple[Place, Place]]:
    xy = points([(float(p.lon or 0) * LON_M, float(p.lat or 0) * LAT_M) for p in bench.places])
    for i, j in zip(*STRtree(xy).query(xy, predicate="dwithin", distance=metres), strict=True):
        if bench.places[i].source == "osm" and bench.places[j].source == "list":
            yield bench.places[i], bench.places[j]


def by_equal_name(bench: Bench) -> set[Pair]:
    return {(a.id, b.id) for a, b in near_pairs(bench, 100) if str(a.name).casefold() == str(b.name).casefold()}


def by_rapidfuzz(bench: Bench) -> set[Pair]:
    return {(a.id, b.id) for a, b in near_pairs(bench, 100) if fuzz.token_sort_ratio(str(a.name).casefold(), str(b.name).casefold()) >= 85}


def rates(found: set[Pair], truth: Mapping[Pair, str]) -> tuple[float, float, int]:
    right = len(found & set(truth))
    return (right / len(found) if found else 1.0), right / len(truth), len(found) - right


def lower_bound(right: int, total: int) -> float:
    """Wilson's lower limit (95 %) of a proportion."""
    if total == 0:
        return 0.0
    share, z = right / total, 1.96
    return (share + z * z / (2 * total) - z * math.sqrt(share * (1 - share) / total + z * z / (4 * total**2))) / (1 + z * z / total)


def report(bench: Bench, frame: pd.DataFrame, seconds: float, show: int) -> None:
    scored = {(a, b): s for a, b, s in zip(frame["place_a"], frame["place_b"], frame["score"], strict=True) if a[:3] != b[:3]}
    merged = {(a, b) for a, b, sure in zip(frame["place_a"], frame["place_b"], frame["merged"], strict=True) if sure and a[:3] != b[:3]}
    started = time.perf_counter()
    equal = by_equal_name(bench)
    middle = time.perf_counter()
    fuzzy = by_rapidfuzz(bench)
    ended = time.perf_counter()
    print(f"SYNTHETIC: {len(bench.places)} records, {len(bench.truth)} true pairs, {len(bench.negatives)} hard negatives")
    print(f"\n{'method':34}{'precision':>10}{'recall':>8}{'false':>7}{'seconds':>9}")
    rows = [
        (f"candidates, score >= {limit}", {p for p, s in scored.items() if s >= limit}, seconds) for limit in (0.3, 0.5, 0.7, 0.9, 0.95)
    ]
    rows += [("merged without a human", merged, seconds), ("naive: equal name within 100 m", equal, middle - started)]
    rows += [("naive: rapidfuzz >= 85 within 100 m", fuzzy, ended - middle)]
    for label, found, took in rows:
        precision, recall, false = rates(found, bench.truth)
        print(f"{label:34}{precision:10.4f}{recall:8.3f}{false:7d}{took:9.2f}")
    right = len(merged & set(bench.truth))
    print(f"precision of automatic merges: at least {lower_bound(right, len(merged)):.4f} (95 %)")
    found_at = {"candidate": set(scored), "merged": merged, "equal": equal, "rapidfuzz": fuzzy}
    _table("recall per distortion", bench.truth, found_at)
    _false(bench, found_at)
    same = frame[[a[:3] == b[:3] for a, b in zip(frame["place_a"], frame["place_b"], strict=True)]]
    print(f"\nwithin one source (truth unknown, not counted): {len(same)} candidates, {int(same['merged'].sum())} merged")
    names = {place.id: place.name for place in bench.places}
    reasons = dict(zip(zip(frame["place_a"], frame["place_b"], strict=True), frame["reasons"], strict=True))
    for title, pairs in (
        ("FALSE MERGE", merged - set(bench.truth)),
        ("NOT FOUND", set(bench.truth) - set(scored)),
        ("NOT MERGED", set(bench.truth) & set(scored) - merged),
    ):
        for pair in sorted(pairs)[:show]:
            print(
                title,
                bench.truth.get(pair, bench.negatives.get(pair[1], "")),
                names[pair[0]],
                "|",
                names[pair[1]],
                scored.get(pair),
                reasons.get(pair),
            )


def _table(title: str, truth: Mapping[Pair, str], methods: Mapping[str, set[Pair]]) -> None:
    groups = defaultdict(list)
    for pair, label in truth.items():
        groups[label].append(pair)
    print(f"\n{title:28}{'pairs':>6}" + "".join(f"{name:>11}" for name in methods))
    for label, pairs in groups.items():
        print(
            f"{label:28}{len(pairs):6d}"
            + "".join(f"{sum(pair in found for pair in pairs) / len(pairs):11.3f}" for found in methods.values())
        )


def _false(bench: Bench, methods: Mapping[str, set[Pair]]) -> None:
    groups = defaultdict(set)
    for place_id, label in bench.negatives.items():
        groups[label].add(place_id)
    groups["a copy with another place"] = {pair[1] for pair in bench.truth}
    print(f"\n{'false pairs per hard negative':28}{'made':>6}" + "".join(f"{name:>11}" for name in methods))
    for label, ids in groups.items():
        false = [sum(pair[1] in ids and pair not in bench.truth for pair in found) for found in methods.values()]
        print(f"{label:28}{len(ids):6d}" + "".join(f"{number:11d}" for number in false))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=900)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print this many mistakes of each sort")
    options = parser.parse_args()
    vocabulary = load_vocabulary()
    bench = make(vocabulary, options.pairs, options.seed)
    frame = from_records(bench.places, PLACES)
    started = time.perf_counter()
    found = candidates(frame, vocabulary=vocabulary)
    report(bench, found, time.perf_counter() - started, options.show)


if __name__ == "__main__":
    main()
