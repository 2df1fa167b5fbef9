# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inner loops over pairs of place and home: arrays in, arrays out.

Pairs come as the three arrays of a sparse matrix, places x homes: `first` (places + 1), `home`, `seconds`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
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

    `nodes`, `functions` (mask): per band.
    """

    best: Array
    place: Array
    third: Array
    third_place: Array
    nodes: Array
    functions: Array


class Masks(NamedTuple):
    """Per home and thing looked for the dayparts (mask) in which one near is, or may be, open."""

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
    homes, times, leaves, dwellings, street = pairs.home, pairs.seconds, of.leaf, of.dwellings, of.street
    for i in range(pairs.first[row], pairs.first[row + 1]):
        home, seconds = homes[i], times[i]
        leaf = leaves[home]
        if seconds > bands[last]:
            continue
        if leaf < 0:
            for band in range(len(bands)):
                if street[home] and seconds <= bands[band]:
                    unknown[band, :] = True
            continue
        # What is within any band is within the last.
        if scratch[leaf, last] == 0.0:
            touched[count] = leaf
            count += 1
        for band in range(len(bands)):
            if seconds <= bands[band]:
                scratch[leaf, band] += dwellings[home]
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
def _keep_nearest(third, third_place, home, seconds, place):  # type: ignore[no-untyped-def]
    """Keep the nearest few living rooms in order."""
    last = third.shape[1] - 1
    if seconds >= third[home, last]:
        return
    at = last
    while at > 0 and third[home, at - 1] > seconds:
        third[home, at], third_place[home, at] = third[home, at - 1], third_place[home, at - 1]
        at -= 1
    third[home, at], third_place[home, at] = seconds, place


@njit(nogil=True, cache=True)
def _functions_of(mask, things, out):  # type: ignore[no-untyped-def]
    """The things (columns) that one may look for at a place: any, and one for each bit of its functions; returns how many."""
    count = 1
    out[0] = 0
    for thing in range(1, things):
        if (mask >> (thing - 1)) & 1:
            out[count] = thing
            count += 1
    return count


@njit(nogil=True, cache=True)
def _count(count, functions, home, seconds, mask, bands):  # type: ignore[no-untyped-def]
    for band in range(len(bands)):
        if seconds <= bands[band]:
            count[home, band] += 1
            functions[home, band] |= mask


@njit(nogil=True, cache=True)
def nearest(pairs, nodes, bands, near_band, low, high, near, masks):  # type: ignore[no-untyped-def]
    """Add a block of places to what is near the homes from `low` until `high`; places that are no node are passed over."""
    # Arrays by name: out of a tuple, in the loop, each use counts its references, which takes four times as long.
    best, nearest_place, opened, maybe = near.best, near.place, masks.open, masks.maybe
    third, third_place, count_of, functions = near.third, near.third_place, near.nodes, near.functions
    first, homes, times = pairs.first, pairs.home, pairs.seconds
    things = best.shape[1]
    its = np.empty(things, np.int64)
    for row in range(len(first) - 1):
        place = pairs.begin + row
        if not nodes.node[place]:
            continue
        mask, living_room = nodes.functions[place], nodes.living_room[place]
        surely, perhaps = nodes.open[place], nodes.maybe[place]
        many = _functions_of(mask, things, its)
        for i in range(first[row], first[row + 1]):
            home, seconds = homes[i], times[i]
            if home < low or home >= high:
                continue
            for at in range(many):
                thing = its[at]
                if seconds < best[home, thing]:
                    best[home, thing], nearest_place[home, thing] = seconds, place
                if seconds <= bands[near_band]:
                    opened[home, thing] |= surely
                    maybe[home, thing] |= perhaps
            if living_room:
                _keep_nearest(third, third_place, home, seconds, place)
            _count(count_of, functions, home, seconds, mask, bands)


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
def dwellings_by_time(leaf, dwellings, seconds, thing, out):  # type: ignore[no-untyped-def]
    """Dwellings per leaf (row) and whole seconds rounded up (column) to one thing (column of `seconds`, homes x things); what is farther
    than the last column falls in it. `out` is zero on entry."""
    last = out.shape[1] - 1
    for home in range(len(leaf)):
        if leaf[home] >= 0:
            value = seconds[home, thing]
            column = last if value > last else int(np.ceil(value))
            out[leaf[home], column] += dwellings[home]


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
    plain, weighted, choices, doubtful, across = out.plain, out.weighted, out.choices, out.doubtful, out.across
    first_of, filled, place_of = out.first, out.filled, out.place
    first, homes, times = pairs.first, pairs.home, pairs.seconds
    functions = plain.shape[1]
    for row in range(len(first) - 1):
        place = pairs.begin + row
        if not nodes.node[place] or of.demand[place] <= 0:
            continue
        mask, complete, border = nodes.functions[place], of.complete[place], of.border[place]
        each, each_weighted = of.unit[place] / of.demand[place], of.unit[place] / of.weighted[place]
        for i in range(first[row], first[row + 1]):
            home, seconds = homes[i], times[i]
            if home < low or home >= high:
                continue
            band = 0
            while seconds > bands[band]:
                band += 1
            for function in range(functions):
                if (mask >> function) & 1:
                    plain[home, function] += each
                    weighted[home, function] += each_weighted * weights[band]
                    choices[home, function] += 1
            place_of[first_of[home] + filled[home]] = place
            filled[home] += 1
            if not complete:
                doubtful[home] |= mask
            if border:
                across[home] |= mask


@njit(nogil=True, cache=True)
def _count_rival(rivals, place, both):  # type: ignore[no-untyped-def]
    for function in range(rivals.shape[1]):
        if (both >> function) & 1:
            rivals[place, function] += 1


@njit(nogil=True, cache=True)
def divide(pairs, nodes, residents, of, low, high, seen, divided, rivals):  # type: ignore[no-untyped-def]
    """For the rows from `low` until `high`, per place and function: the people in its catchment, each divided over the places with that
    function that are in reach of their home (`of`: Supply), and how many other places with it any of them can reach.

    `seen` (places; the last that saw them) holds no number of these places on entry.
    """
    choices, first_of, filled, place_of = of.choices, of.first, of.filled, of.place
    first, homes, masks = pairs.first, pairs.home, nodes.functions
    functions = divided.shape[1]
    for row in range(low, high):
        place = pairs.begin + row
        if not nodes.node[place]:
            continue
        mask = masks[place]
        seen[place] = place
        for i in range(first[row], first[row + 1]):
            home = homes[i]
            if residents[home] <= 0:
                continue
            for function in range(functions):
                if (mask >> function) & 1 and choices[home, function] > 0:
                    divided[place, function] += residents[home] / choices[home, function]
            for at in range(first_of[home], first_of[home] + filled[home]):
                other = place_of[at]
                if seen[other] != place:
                    seen[other] = place
                    _count_rival(rivals, place, mask & masks[other])


@njit(nogil=True, cache=True)
def share(near, around, residents, alone, least, begin, stop, sums, touched, out):  # type: ignore[no-untyped-def]
    """Pairs of places that share enough of their people: for the places from `begin` until `stop` those with a higher number.

    `near` (first, homes of each place) and `around` (first, places of each home) hold the same pairs. Enough: `least` of the people of the
    place of the two that has more `alone`. `sums` (places) is zero on entry and on return; `touched` (places) is room; `out`: one, other,
    people. Returns the first place that was not done for want of room in `out`, and how many pairs were written.
    """
    first, homes = near
    first_of, places = around
    one, other_of, people = out
    written = 0
    for place in range(begin, stop):
        count = 0
        for i in range(first[place], first[place + 1]):
            here = residents[homes[i]]
            if here <= 0:
                continue
            for at in range(first_of[homes[i]], first_of[homes[i] + 1]):
                other = places[at]
                if other <= place:
                    continue
                if sums[other] == 0:
                    touched[count] = other
                    count += 1
                sums[other] += here
        room = written + count <= len(people)
        for j in range(count):
            other = touched[j]
            if room and sums[other] >= least * max(alone[place], alone[other]):
                one[written], other_of[written], people[written] = place, other, sums[other]
                written += 1
            sums[other] = 0.0
        if not room:
            return place, written
    return stop, written
