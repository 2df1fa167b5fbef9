# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may go along a way of OpenStreetMap, on foot and by bicycle, and which points on it stop them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

Cycle = Literal["both", "forward", "backward", "no"]

# Streets that are not there (yet, any more), and what stands under `highway` and is no street: one gets to it by motor vehicle alone.
ABSENT = (
    *("construction", "proposed", "planned", "abandoned", "razed", "demolished", "raceway", "no", "elevator"),
    *("services", "rest_area", "emergency_bay", "escape"),
)
# Nobody may go there but by motor vehicle, unless the way says otherwise.
MOTOR_ROADS = ("motorway", "motorway_link", "trunk", "trunk_link", "bus_guideway", "busway")
# Made for walkers: one cycles there only where it says so.
_FOOTWAYS = ("footway", "pedestrian", "steps", "bridleway", "corridor", "platform", "pier")
NOT_ALLOWED = frozenset({"no", "private", "military", "emergency", "permit"})
# These speak of vehicles: who walks on a farm track or past a loading bay is let through.
VEHICLES_ONLY = frozenset({"agricultural", "forestry", "delivery"})
NO_BICYCLE = frozenset({"stile", "turnstile", "full-height_turnstile", "kissing_gate", "wall", "fence", "hedge"})
_NO_WAY_IN = frozenset({"no", "emergency", "exit", "service", "garage"})
# Locked, these stop everybody; past a locked bollard or bar across the road one walks.
LOCKABLE = frozenset(
    {"gate", "wicket_gate", "sliding_gate", "hampshire_gate", "kissing_gate", "turnstile", "full-height_turnstile", "door", "sally_port"}
)
_ALLOWED = frozenset({"yes", "designated", "permissive", "official", "destination", "customers"})
_ONE_WAY = frozenset({"yes", "true", "1"})
_AGAINST = frozenset({"-1", "reverse"})
_ROUNDABOUTS = frozenset({"roundabout", "circular"})
# Every tag that matters for it.
KEYS = (
    "highway",
    "route",
    "railway",
    "public_transport",
    "man_made",
    "access",
    "foot",
    "vehicle",
    "bicycle",
    "oneway",
    "oneway:bicycle",
    "junction",
    "cycleway",
    "cycleway:both",
    "cycleway:left",
    "cycleway:right",
    "motorroad",
)


def way_kind(tags: Mapping[str, str]) -> str | None:
    """The value of highway; ferry, platform or pier for what is no street and yet a way to go; None for anything else."""
    if "highway" in tags:
        return tags["highway"]
    if tags.get("route") == "ferry":
        return "ferry"
    if tags.get("railway") == "platform" or tags.get("public_transport") == "platform":
        return "platform"
    return "pier" if tags.get("man_made") == "pier" else None


def street_use(tags: Mapping[str, str]) -> tuple[str, bool, Cycle] | None:
    """Kind, whether one may walk there, and how one may cycle there; None for what is no way at all, or for neither of the two.

    Source: the default access of highways in the Netherlands on the wiki of OpenStreetMap, and its order: `bicycle` goes before `vehicle`
    (a bicycle is one), and that before `access`. Private ways are no way, unless the way allows walking or cycling by name. One-way streets
    bind who cycles, never who walks.
    """
    return _use(tuple(tags.get(key) for key in KEYS))


@lru_cache(maxsize=65536)
def _use(values: tuple[str | None, ...]) -> tuple[str, bool, Cycle] | None:
    # Few combinations are repeated over all streets of a country.
    tags = {key: value for key, value in zip(KEYS, values, strict=True) if value is not None}
    kind = way_kind(tags)
    if kind is None or kind in ABSENT:
        return None
    walk, cycle = _may_walk(kind, tags), _may_cycle(kind, tags)
    return (kind, walk, cycle) if walk or cycle != "no" else None


def _may_walk(kind: str, tags: Mapping[str, str]) -> bool:
    if "foot" in tags:
        # "use_sidepath" is along the way all the same; the pavement that it means is often drawn apart, and not always.
        return tags["foot"] not in NOT_ALLOWED
    return kind not in MOTOR_ROADS and tags.get("motorroad") != "yes" and tags.get("access") not in NOT_ALLOWED


def _may_cycle(kind: str, tags: Mapping[str, str]) -> Cycle:
    said = tags.get("bicycle")
    if said is not None and said not in _ALLOWED and said != "use_sidepath":
        return "no"
    if said is None or said == "use_sidepath":
        closed = kind in MOTOR_ROADS or kind in _FOOTWAYS or tags.get("motorroad") == "yes"
        if closed or not _lets_vehicles(tags):
            return "no"
    return _direction(tags)


def _lets_vehicles(tags: Mapping[str, str]) -> bool:
    """Whether a bicycle of which nothing is said may go there as a vehicle."""
    return tags.get("vehicle", tags.get("access")) not in NOT_ALLOWED | VEHICLES_ONLY


def _direction(tags: Mapping[str, str]) -> Cycle:
    """Along a one-way street, unless bicycles are excepted or have a track against it."""
    own = tags.get("oneway:bicycle")
    rule = own if own is not None else tags.get("oneway", "yes" if tags.get("junction") in _ROUNDABOUTS else "no")
    if rule not in _ONE_WAY | _AGAINST:
        return "both"
    tracks = (tags.get("cycleway", ""), *(tags.get(f"cycleway:{side}", "") for side in ("both", "left", "right")))
    if own is None and any(track.startswith("opposite") for track in tracks):
        return "both"
    return "forward" if rule in _ONE_WAY else "backward"


def passes(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Whether a barrier on a way lets through those on foot, and those on bicycles: a bollard does, a locked gate does not.

    What `foot` and `bicycle` say by name goes before all else, also of a locked gate.
    """
    locked = tags.get("locked") == "yes" and tags.get("barrier") in LOCKABLE
    on_foot = tags["foot"] not in NOT_ALLOWED if "foot" in tags else not locked and tags.get("access") not in NOT_ALLOWED
    if "bicycle" in tags:
        return on_foot, tags["bicycle"] not in NOT_ALLOWED
    named = "vehicle" in tags or "access" in tags
    steps_over = not named and tags.get("barrier") in NO_BICYCLE
    return on_foot, not locked and not steps_over and _lets_vehicles(tags)


def leads_in(tags: Mapping[str, str]) -> bool:
    """Whether visitors may go in by an entrance: not by an emergency exit, and not by a door that is private."""
    return tags.get("entrance") not in _NO_WAY_IN and tags.get("foot", tags.get("access")) not in NOT_ALLOWED
