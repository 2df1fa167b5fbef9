# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inner loops over pairs of place and home: arrays in, arrays out.

Pairs come as the three arrays of a sparse matrix, places x homes: `first` (places + 1), `home`, `seconds`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from numba import njit

Array = Any


class Pairs(NamedTuple):
    """A block of places with the homes in their reach; `begin` is the number of its first place."""

    begin: int
    first: Array
    home: Array
    seconds: Array


class Spread(NamedTuple):
    """Where people live: `leaf` (-1: in none), `dwellings` and whether it is on a `street`, per home; per leaf `size` and, per group,
    `rate`, `spread`, `rounding`, and whether it is `known`."""

    leaf: Array
    dwellings: Array
    street: Array
    size: Array
    rate: Array
    spread: Array
    rounding: Array
    known: Array


class Near(NamedTuple):
    """What is near each home. `best`, `place`: per thing looked for; `third`, `third_place`: the nearest living rooms, nearest first.

    `nodes`, `functions` (mask): per band. `open`, `maybe`: per thing looked for, the dayparts (mask) in which one near is (maybe) open.
    """

    best: Array
    place: Array
    third: Array
    third_place: Array
    nodes: Array
    functions: Array
    open: Array
    maybe: Array


class Nodes(NamedTuple):
    """What the places are: `node`, `functions` (mask), `living_room`, `open` and `maybe` (masks of dayparts)."""

    node: Array
    functions: Array
    living_room: Array
    open: Array
    maybe: Array


class Offer(NamedTuple):
    """What the places have to offer: the persons in their catchment, plain (`demand`) and `weighted` by bands, what part of a place it is
    (`unit`), and whether it is `complete` and crosses the `border`."""

    demand: Array
    weighted: Array
    unit: Array
    complete: Array
    border: Array


class Supply(NamedTuple):
    """Per home and function what is in reach: places per person, `plain` and `weighted`, and `choices` (places); per home the functions
    (masks) of which a place in reach is `doubtful` (not complete) or `across` (crosses the border); and the places in reach themselves:
    those of a home stand in `place` from `first` on, `filled` of them."""

    plain: Array
    weighted: Array
    choices: Array
    doubtful: Array
    across: Array
    first: Array
    filled: Array
    place: Array


@njit(nogil=True, cache=True)
def _gather(pairs, row, of, bands, unknown, scratch, touched):  # type: ignore[no-untyped-def]
    """Dwellings in reach of one place per leaf and band, into `scratch`; returns how many leaves were touched.

    `unknown` (bands x groups) is set where a home is in reach that lies in no leaf, though on a street.
    """
    count, last = 0, len(bands) - 1
    for i in range(pairs.first[row], pairs.first[row + 1]):
        home = pairs.home[i]
        leaf = of.leaf[home]
        if pairs.seconds[i] > bands[last]:
            continue
        if leaf < 0:
            for band in range(len(bands)):
                if of.street[home] and pairs.seconds[i] <= bands[band]:
                    unknown[band, :] = True
            continue
        # What is within any band is within the last.
        if scratch[leaf, last] == 0.0:
            touched[count] = leaf
            count += 1
        for band in range(len(bands)):
            if pairs.seconds[i] <= bands[band]:
                scratch[leaf, band] += of.dwellings[home]
    return count


@njit(nogil=True, cache=True)
def people_within(pairs, of, bands, people, variance, dwellings, unknown, scratch, touched):  # type: ignore[no-untyped-def]
    """Per place, band (seconds, rising) and group the people within it and the variance of that number; per place and band the dwellings.

    `unknown`: per place, band and group whether there are dwellings in reach of which nobody knows how many of the group live there.
    `scratch` (leaves x bands) is zero on entry and on return; `touched` (leaves) is room.
    """
    for row in range(len(pairs.first) - 1):
        place = pairs.begin + row
        for j in range(_gather(pairs, row, of, bands, unknown[place], scratch, touched)):
            leaf = touched[j]
            for band in range(len(bands)):
                here = scratch[leaf, band]
                scratch[leaf, band] = 0.0
                dwellings[place, band] += here
                # Of a leaf that is in reach as a whole the people are known, however they are spread.
                left = max(0.0, 1.0 - here / of.size[leaf])
                for group in range(of.rate.shape[1]):
                    if here > 0 and not of.known[leaf, group]:
                        unknown[place, band, group] = True
                    people[place, band, group] += here * of.rate[leaf, group]
                    variance[place, band, group] += here * left * of.spread[leaf, group] + (here * of.rounding[leaf, group]) ** 2


@njit(nogil=True, cache=True)
def _look_for(near, home, thing, seconds, place):  # type: ignore[no-untyped-def]
    if seconds < near.best[home, thing]:
        near.best[home, thing] = seconds
        near.place[home, thing] = place


@njit(nogil=True, cache=True)
def _living_room(near, home, seconds, place):  # type: ignore[no-untyped-def]
    """Keep the nearest few living rooms in order."""
    last = near.third.shape[1] - 1
    if seconds >= near.third[home, last]:
        return
    at = last
    while at > 0 and near.third[home, at - 1] > seconds:
        near.third[home, at], near.third_place[home, at] = near.third[home, at - 1], near.third_place[home, at - 1]
        at -= 1
    near.third[home, at], near.third_place[home, at] = seconds, place


@njit(nogil=True, cache=True)
def _note_open(near, home, mask, known, maybe):  # type: ignore[no-untyped-def]
    near.open[home, 0] |= known
    near.maybe[home, 0] |= maybe
    for thing in range(1, near.open.shape[1]):
        if (mask >> (thing - 1)) & 1:
            near.open[home, thing] |= known
            near.maybe[home, thing] |= maybe


@njit(nogil=True, cache=True)
def _note(near, home, seconds, place, nodes, bands):  # type: ignore[no-untyped-def]
    mask = nodes.functions[place]
    _look_for(near, home, 0, seconds, place)
    for thing in range(1, near.best.shape[1]):
        if (mask >> (thing - 1)) & 1:
            _look_for(near, home, thing, seconds, place)
    if nodes.living_room[place]:
        _living_room(near, home, seconds, place)
    for band in range(len(bands)):
        if seconds <= bands[band]:
            near.nodes[home, band] += 1
            near.functions[home, band] |= mask


@njit(nogil=True, cache=True)
def nearest(pairs, nodes, bands, near_band, low, high, near):  # type: ignore[no-untyped-def]
    """Add a block of places to what is near the homes from `low` until `high`; places that are no node are passed over."""
    for row in range(len(pairs.first) - 1):
        place = pairs.begin + row
        if not nodes.node[place]:
            continue
        for i in range(pairs.first[row], pairs.first[row + 1]):
            home, seconds = pairs.home[i], pairs.seconds[i]
            if home < low or home >= high:
                continue
            _note(near, home, seconds, place, nodes, bands)
            if seconds <= bands[near_band]:
                _note_open(near, home, nodes.functions[place], nodes.open[place], nodes.maybe[place])


@njit(nogil=True, cache=True)
def open_dwellings(leaf, dwellings, masks, slots, out):  # type: ignore[no-untyped-def]
    """Per leaf, thing looked for and daypart the dwellings whose mask has the daypart's bit; `out` is zero on entry."""
    for home in range(len(leaf)):
        if leaf[home] < 0:
            continue
        for thing in range(masks.shape[1]):
            mask = masks[home, thing]
            for slot in range(slots):
                if (mask >> slot) & 1:
                    out[leaf[home], thing, slot] += dwellings[home]


@njit(nogil=True, cache=True)
def doubtful_dwellings(leaf, dwellings, sure, best, bands, out):  # type: ignore[no-untyped-def]
    """Dwellings per leaf, thing looked for and band for which nothing was found within the band, while what is covered around them ends
    within it (`sure`, seconds per home); behind the bands those for which it ends nearer than what was found, or than the last band.

    `best` (homes x things, seconds); `out` (leaves x things x bands + 1) is zero on entry.
    """
    last = len(bands) - 1
    for home in range(len(leaf)):
        if leaf[home] < 0 or sure[home] >= bands[last]:
            continue
        for thing in range(best.shape[1]):
            for band in range(len(bands)):
                if sure[home] < bands[band] and best[home, thing] > bands[band]:
                    out[leaf[home], thing, band] += dwellings[home]
            if min(best[home, thing], bands[last]) > sure[home]:
                out[leaf[home], thing, last + 1] += dwellings[home]


@njit(nogil=True, cache=True)
def offer(pairs, nodes, bands, weights, of, low, high, out):  # type: ignore[no-untyped-def]
    """Second step of the floating catchment: into `out` (Supply) what a block of places offers (`of`) the homes from `low` until `high`."""
    for row in range(len(pairs.first) - 1):
        place = pairs.begin + row
        if not nodes.node[place] or of.demand[place] <= 0:
            continue
        mask = nodes.functions[place]
        for i in range(pairs.first[row], pairs.first[row + 1]):
            home = pairs.home[i]
            if home < low or home >= high:
                continue
            band = 0
            while pairs.seconds[i] > bands[band]:
                band += 1
            for function in range(out.plain.shape[1]):
                if (mask >> function) & 1:
                    out.plain[home, function] += of.unit[place] / of.demand[place]
                    out.weighted[home, function] += of.unit[place] * weights[band] / of.weighted[place]
                    out.choices[home, function] += 1
            out.place[out.first[home] + out.filled[home]] = place
            out.filled[home] += 1
            if not of.complete[place]:
                out.doubtful[home] |= mask
            if of.border[place]:
                out.across[home] |= mask


@njit(nogil=True, cache=True)
def _count_rivals(of, home, nodes, place, seen, rivals):  # type: ignore[no-untyped-def]
    """Add the places that are in reach of a home and were not `seen` yet from this place (places; the last that saw them) to its rivals."""
    for at in range(of.first[home], of.first[home] + of.filled[home]):
        other = of.place[at]
        if seen[other] == place:
            continue
        seen[other] = place
        both = nodes.functions[place] & nodes.functions[other]
        for function in range(rivals.shape[1]):
            if (both >> function) & 1:
                rivals[place, function] += 1


@njit(nogil=True, cache=True)
def divide(pairs, nodes, residents, of, low, high, seen, divided, rivals):  # type: ignore[no-untyped-def]
    """For the rows from `low` until `high`, per place and function: the people in its catchment, each divided over the places with that
    function that are in reach of their home (`of`: Supply), and how many other places with it any of them can reach.

    `seen` (places) holds no number of these places on entry.
    """
    for row in range(low, high):
        place = pairs.begin + row
        if not nodes.node[place]:
            continue
        mask = nodes.functions[place]
        seen[place] = place
        for i in range(pairs.first[row], pairs.first[row + 1]):
            home = pairs.home[i]
            if residents[home] <= 0:
                continue
            for function in range(divided.shape[1]):
                if (mask >> function) & 1 and of.choices[home, function] > 0:
                    divided[place, function] += residents[home] / of.choices[home, function]
            _count_rivals(of, home, nodes, place, seen, rivals)
