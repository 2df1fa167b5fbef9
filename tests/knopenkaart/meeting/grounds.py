# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Small invented towns to choose and meet in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from knopenkaart.meeting.ground import Ground, followers
from knopenkaart.meeting.towns import Believed, believed
from knopenkaart.visits.calibrate import calibrate
from knopenkaart.visits.choice import Setting, reached
from knopenkaart.visits.observed import Observed, weeks_counted
from knopenkaart.visits.priors import prior_of
from knopenkaart.vocabulary import load_vocabulary

AGES = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")


def town(
    *,
    cells: int = 12,
    places: int = 6,
    people: float = 40.0,
    kinds: Sequence[str] = ("community_centre",),
    groups: Sequence[str] = AGES[-2:],
    wijken: int = 1,
    apart: float = 300.0,
    slots: int | None = None,
) -> Ground:
    """Squares on a line `apart` metres apart with so many residents per group, and places spread evenly along it."""
    vocabulary = load_vocabulary()
    along = np.arange(cells) * apart
    spots = np.linspace(0, along[-1], places)
    own = [kinds[at % len(kinds)] for at in range(places)]
    first = [vocabulary.kinds[kind].functions[0] for kind in own]
    nests = list(dict.fromkeys(first))
    week = tuple(vocabulary.week())
    opened = np.zeros((places, len(week)), dtype=bool)
    opened[:, : slots or len(week)] = True
    of_cell, of_place = (np.array([f"W{at * wijken // many}" for at in range(many)]) for many in (cells, places))
    return Ground(
        setting=Setting(
            np.full((cells, len(groups)), people),
            reached(np.abs(along[:, None] - spots[None])),
            np.array([nests.index(name) for name in first], dtype=np.int32),
            len(nests),
            np.ones(places, dtype=bool),
        ),
        ids=tuple(f"p{at}" for at in range(places)),
        kinds=tuple(own),
        archetypes=tuple(vocabulary.kinds[kind].archetype for kind in own),
        study=np.ones(places, dtype=bool),
        wijk=of_place,
        buurt=np.full(places, ""),
        groups=tuple(groups),
        nests=tuple(nests),
        cell_municipality=np.full(cells, "GM1"),
        cell_wijk=of_cell,
        cell_buurt=np.full(cells, ""),
        cell_postcode=np.array([f"{1000 + at * 3 // cells}" for at in range(cells)]),
        slots=week,
        follows=followers(week),
        open_in=opened,
        hours_known=np.ones(places, dtype=bool),
        came=np.full((places, len(groups), len(week)), np.nan),
        assumed=False,
    )


def sure_of(ground: Ground, *, part: float, rate: float, theta: float, counted: int) -> Believed:
    """A town that is known: `part` of its residents goes, `rate` times a week if everybody went; so many places counted."""
    prior = prior_of(ground.setting, kinds=ground.kinds, groups=ground.groups, nests=ground.nests)
    outside = prior.access - np.log(part / (1 - part)) / theta
    known = replace(prior.mean, theta=theta, outside=outside, rate=np.full_like(prior.mean.rate, rate))
    narrow = {name: np.full_like(getattr(prior.sd, name), 1e-3) for name in ("attract", "beta", "outside", "rate")}
    beliefs = replace(prior, mean=known, sd=replace(prior.sd, theta=1e-3, **narrow))
    fitted = calibrate(ground.setting, Observed(), beliefs)
    told = Observed(weeks_counted(np.arange(counted), -1, fitted.visits.value[:counted])) if counted else Observed()
    return Believed(calibrate(ground.setting, told, beliefs), np.arange(len(ground.ids)) < counted)


def assumed(ground: Ground) -> Believed:
    """What is believed without any counts."""
    return believed(ground)
