# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who meets whom in one number: exposure, mixing, assortativity, and how one-sided the visitors of a place are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knopenkaart import rng
from knopenkaart.encounters.town import Floats

# So many draws of a place that is as its catchment: the band holds 95 % of them.
DRAWS = 2000
_BAND = (2.5, 97.5)


def exposure(met: npt.ArrayLike) -> Floats:
    """Per group (row) the part of encounters, or faces, that are with each group (G, G); a row without any is missing.

    The diagonal is isolation. Source: Bell (1954), Lieberson (1981).
    """
    matrix = np.asarray(met, float)
    sums = matrix.sum(axis=1, keepdims=True)
    found: Floats = np.divide(matrix, sums, out=np.full_like(matrix, np.nan), where=sums > 0)
    return found


def mixing(met: npt.ArrayLike, people: npt.ArrayLike) -> Floats:
    """Exposure to each group, times what it would be if people met in proportion to `people` (G): 1 = in proportion (G, G).

    With the visitors within reach as `people` it tells of mixing beyond where people live.
    """
    sizes = np.asarray(people, float)
    share = sizes / sizes.sum()
    found: Floats = np.divide(exposure(met), share, out=np.full((len(share), len(share)), np.nan), where=share > 0)
    return found


def assortativity(met: npt.ArrayLike) -> float:
    """From -1 to 1: whether people meet their own group more (above 0) or less than by chance; missing without, or with one, group.

    Source: Newman (2003), for a symmetric matrix of encounters.
    """
    matrix = np.asarray(met, float)
    if matrix.sum() <= 0:
        return float("nan")
    part = matrix / matrix.sum()
    by_chance = float(part.sum(axis=1) @ part.sum(axis=0))
    return float("nan") if by_chance >= 1 else (float(np.trace(part)) - by_chance) / (1 - by_chance)


def segregation(visitors: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    """From 0 (as expected) to 1 (only the smallest group comes): how far the visitors of a place (G) are from the shares expected (G).

    Sum of |share - expected| / (2 (1 - the least expected share)); with equal groups that of Moro et al. (2021), who divide people in equal
    parts by income. Missing without visitors.
    """
    share, norm = _shares(visitors), _shares(expected)
    kept = norm > 0
    return float(np.abs(share - norm).sum() / (2 * (1 - norm[kept].min()))) if kept.sum() > 1 else float("nan")


def dissimilarity(visitors: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    """Half the sum of |share - expected|: the part of visitors who would have to be of another group. Source: Duncan and Duncan (1955)."""
    return float(np.abs(_shares(visitors) - _shares(expected)).sum() / 2)


def divergence(visitors: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    """Kullback-Leibler divergence of the visitors from the shares expected, in nats; infinite where a group comes that is not expected."""
    share, norm = _shares(visitors), _shares(expected)
    if np.isnan(share).any() or np.isnan(norm).any():
        return float("nan")
    comes = share > 0
    with np.errstate(divide="ignore"):
        return float((share[comes] * np.log(share[comes] / norm[comes])).sum())


def quotients(visitors: npt.ArrayLike, expected: npt.ArrayLike) -> Floats:
    """Location quotient per group: its share among visitors, times its share expected; missing where it is not expected."""
    share, norm = _shares(visitors), _shares(expected)
    found: Floats = np.divide(share, norm, out=np.full(len(norm), np.nan), where=norm > 0)
    return found


@dataclass(frozen=True)
class Sided:
    """How one-sided a place is: the measure, and the band in which 95 % of places with so many visitors and no preference would be."""

    value: float
    low: float
    high: float

    @property
    def beyond_chance(self) -> bool:
        """Whether it is more one-sided than chance alone would make it."""
        return self.value > self.high


def sided(visitors: npt.ArrayLike, expected: npt.ArrayLike, *, counted: int, seed: int, name: str = "") -> Sided:
    """Segregation of a place with its null band, if so many people were `counted` there at random from those expected.

    Even a place without any preference shows some: with six groups and 100 people a dissimilarity of .085. `name` keeps the draws of places
    apart. Missing without visitors or people counted.
    """
    value, norm = segregation(visitors, expected), _shares(expected)
    if counted <= 0 or np.isnan(value):
        return Sided(float("nan"), float("nan"), float("nan"))
    drawn = rng.stream(seed, f"encounters.sided.{name}").multinomial(counted, norm, size=DRAWS) / counted
    null = np.abs(drawn - norm).sum(axis=1) / (2 * (1 - norm[norm > 0].min()))
    low, high = np.percentile(null, _BAND)
    return Sided(value, float(low), float(high))


def individual(visits: npt.ArrayLike, place_shares: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    """Segregation that one resident, or group, lives through: visitors (V, G) met over `visits` to places (V), beside those expected."""
    often = np.asarray(visits, float)
    return segregation(often @ np.asarray(place_shares, float), expected)


def _shares(numbers: npt.ArrayLike) -> Floats:
    values = np.asarray(numbers, float)
    whole = values.sum()
    return values / whole if whole > 0 else np.full(len(values), np.nan)
