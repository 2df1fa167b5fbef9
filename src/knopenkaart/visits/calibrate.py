# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a municipality's own counts, origins and answers tell of how residents choose, beside what was assumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy.optimize as so
import scipy.sparse as sp

from knopenkaart import rng
from knopenkaart.visits._data import Data, data_of
from knopenkaart.visits._model import flow, jacobian, summed
from knopenkaart.visits._pairs import Bools, Floats, Longs
from knopenkaart.visits._vector import Belief, Layout, belief_of, unpacked
from knopenkaart.visits._weeks import dispersion_of
from knopenkaart.visits.choice import Parameters, Setting
from knopenkaart.visits.observed import Observed
from knopenkaart.visits.priors import Prior

# A number is called estimated where the data took away at least half of the variance that was assumed.
TOLD = 0.5**0.5
NORMAL_95 = 1.959963984540054
# What a step may still gain of the logarithm of the posterior when the search ends, and how often the information is renewed.
GAIN = 1e-3
MOST_ROUNDS = 30
STEPS = 20
MOST_FOR_BFGS = 500


@dataclass(frozen=True)
class Visits:
    """Visits per week expected, with a 95 % interval and a badge: measured, estimated or assumed. Arrays (V, G), or (V) for everybody."""

    value: Floats
    low: Floats
    high: Floats
    badge: npt.NDArray[np.str_]


@dataclass(frozen=True)
class Fitted:
    """What is believed after the data. `parameters`: the most likely ones. `by_group`, `visits`: of each place, with the places of today.

    `untold`: of attract, beta, theta, goes (participation), level (visits per resident), dispersion and onsite what is left of the sd: 1
    where the data told nothing, nan where it was held. `dispersion`: of weeks.
    `left_out`: rows of the data that nothing explains. `found`: whether the search ended. `mode`, `at`, `covariance`: the vector, the
    parameters in it that data bear on, and their covariance; the others are as `belief` has them. `area`: of each cell, as observed.
    """

    setting: Setting
    prior: Prior
    parameters: Parameters
    by_group: Visits
    visits: Visits
    untold: Mapping[str, Floats]
    dispersion: float
    left_out: int
    found: bool
    layout: Layout
    belief: Belief
    mode: Floats
    at: Longs
    covariance: Floats
    area: Longs

    @property
    def rest(self) -> Longs:
        """The parameters of which the data tell nothing at all."""
        every = np.concatenate([block.at for block in self.belief.blocks])
        return np.setdiff1d(every, self.at)


def calibrate(setting: Setting, observed: Observed, prior: Prior) -> Fitted:
    """The parameters that are most likely after the data, and how sure that is (maximum a posteriori, with Laplace's covariance).

    Parameters: the setting (with the places of today `now`); what was observed; what was believed beforehand. Nothing observed gives the
    prior back, with every number assumed. Demand is elastic; with the places of today fixed demand gives the same visits.

    Returns what is believed after the data. Raises ValueError where the data do not fit the setting. Source: docs/method/choice.md.
    """
    layout = Layout.of(setting, prior)
    dispersion, untold = dispersion_of(observed.counts, prior.dispersion)
    belief = belief_of(setting, prior, layout, dispersion)
    data, left_out = data_of(setting, layout, observed, prior.mean)
    at = _borne_on(data, belief, observed)
    mode, found = _most_likely(data, belief, at)
    covariance = np.linalg.inv(data.information(mode, at) + belief.precision(at))
    fitted = Fitted(
        setting=setting,
        prior=prior,
        parameters=unpacked(layout, mode, prior.mean.frequency),
        by_group=_NOTHING,
        visits=_NOTHING,
        untold={},
        dispersion=dispersion,
        left_out=left_out,
        found=found,
        layout=layout,
        belief=belief,
        mode=mode,
        at=at,
        covariance=(covariance + covariance.T) / 2,
        area=observed.area,
    )
    by_group, visits = _visits(fitted, data, observed)
    return replace(fitted, by_group=by_group, visits=visits, untold=_untold(fitted) | {"dispersion": np.array([untold])})


_EMPTY = np.zeros(0)
_NOTHING = Visits(_EMPTY, _EMPTY, _EMPTY, np.zeros(0, dtype=str))


def _borne_on(data: Data, belief: Belief, observed: Observed) -> Longs:
    """The parameters on which the data bear: those of the nests with data, and those that all nests share."""
    nest = data.setting.nest
    seen = set(nest[observed.counts.place].tolist()) | set(nest[observed.origins.place].tolist())
    answered = set(observed.frequencies.nest.tolist()) | {bands.nest for bands in observed.frequencies.bands}
    return belief.places(
        np.array([block.nest < 0 or block.nest in (answered if block.name == "onsite" else seen) for block in belief.blocks], dtype=bool)
    )


def _most_likely(data: Data, belief: Belief, at: Longs) -> tuple[Floats, bool]:
    """The vector with the largest posterior density, and whether the search ended there.

    Steps are taken in directions made equally sure by the expected information where the search stands (which is renewed), so that few are
    needed. It has ended where one more step of Newton would gain less than can be told.
    """
    x, precision = belief.mean.copy(), belief.precision(at)

    def cost(z: Floats) -> tuple[float, Floats]:
        moved = x.copy()
        moved[at] = z
        value, slope = data.value(moved)
        far = z - belief.mean[at]
        return 0.5 * float(far @ precision @ far) - value, np.asarray(precision @ far - slope[at])

    for _ in range(MOST_ROUNDS if len(at) else 0):
        whitener = np.linalg.inv(np.linalg.cholesky(data.information(x, at) + precision))
        if 0.5 * float(np.square(whitener @ cost(x[at])[1]).sum()) < GAIN:
            return x, True
        x[at] = _downhill(cost, x[at].copy(), whitener)
    return x, len(at) == 0


def _downhill(cost: Callable[[Floats], tuple[float, Floats]], start: Floats, whitener: Floats) -> Floats:
    """The lowest point that is found from a start, in steps that the inverse of a root of the curvature makes equal."""

    def scaled(w: Floats) -> tuple[float, Floats]:
        value, slope = cost(start + whitener.T @ w)
        return value, np.asarray(whitener @ slope)

    # BFGS takes fewer steps, and forgets nothing; each of its steps takes time as the cube of the number of parameters.
    method: Literal["BFGS", "L-BFGS-B"] = "BFGS" if len(start) <= MOST_FOR_BFGS else "L-BFGS-B"
    ended: so.OptimizeResult = so.minimize(scaled, np.zeros(len(start)), jac=True, method=method, options={"maxiter": STEPS, "gtol": 1e-4})
    return np.asarray(start + whitener.T @ ended.x)


def variances(fitted: Fitted, slopes: sp.csr_array) -> tuple[Floats, Floats]:
    """Of each row of slopes over the vector the variance of what it is the slope of: before the data, and after."""
    before = _variance(slopes, fitted.belief.whole())
    rest = sp.csr_array(slopes[:, fitted.rest])
    own = fitted.belief.whole()[fitted.rest][:, fitted.rest]
    borne_on = slopes[:, fitted.at].toarray()
    return before, _variance(rest, own) + ((borne_on @ fitted.covariance) * borne_on).sum(axis=1)


def _variance(slopes: sp.csr_array, covariance: sp.csr_array) -> Floats:
    return np.asarray((slopes @ covariance).multiply(slopes).sum(axis=1)).ravel()


def _visits(fitted: Fitted, data: Data, observed: Observed) -> tuple[Visits, Visits]:
    """Visits per place and group, and per place, with the places of today: with their intervals and badges."""
    setting, layout = fitted.setting, fitted.layout
    habits = unpacked(layout, fitted.mode, data.frequency)
    flows = [flow(setting, habits, group, setting.now) for group in range(layout.groups)]
    own = setting.pairs.place
    turning = layout.turning(fitted.mode)
    natural = [jacobian(setting, layout, habits, group, of, line=own, lines=layout.places) for group, of in enumerate(flows)]
    slopes = [sp.csr_array(of @ turning) for of in natural]
    value = np.column_stack([summed(of.visits, own, layout.places) for of in flows])
    told = [_interval(fitted, value[:, group], of) for group, of in enumerate(slopes)]
    measured = _counted(fitted, observed)
    whole = [(part[0], part[1], np.where(measured[:, group], "measured", part[2])) for group, part in enumerate(told)]
    by_group = Visits(value, *(np.column_stack([part[number] for part in whole]) for number in range(3)))
    low, high, badge = _interval(fitted, value.sum(axis=1), sp.csr_array(sum(slopes[1:], start=slopes[0])))
    return by_group, Visits(value.sum(axis=1), low, high, np.where(measured[:, -1], "measured", badge))


def _interval(fitted: Fitted, value: Floats, slopes: sp.csr_array) -> tuple[Floats, Floats, npt.NDArray[np.str_]]:
    """The interval of visits by the spread of their logarithm, and whether the data told anything of it."""
    some = value > 0
    per = sp.csr_array(slopes * np.where(some, 1 / np.where(some, value, 1.0), 0.0)[:, None])
    before, after = variances(fitted, per)
    width = np.exp(NORMAL_95 * np.sqrt(after))
    return value / width, value * width, np.where(some & (after <= TOLD**2 * before), "estimated", "assumed")


def _counted(fitted: Fitted, observed: Observed) -> Bools:
    """(V, G + 1): whether a group was counted at a place; the last column: everybody, together or every group of it."""
    counts, layout = observed.counts, fitted.layout
    found = np.zeros((layout.places, layout.groups + 1), dtype=bool)
    found[counts.place, counts.group] = True
    found[:, -1] |= found[:, :-1].all(axis=1)
    return found


def _untold(fitted: Fitted) -> dict[str, Floats]:
    """Per parameter (with ln A 0 on average) the sd after the data as a part of that before; nan where it is held."""
    before, after = variances(fitted, fitted.layout.centring(fitted.mode))
    left = np.sqrt(np.divide(after, before, out=np.full(len(before), np.nan), where=before > 1e-12))
    shapes = {"attract": fitted.prior.mean.attract.shape, "goes": fitted.prior.mean.outside.shape, "level": fitted.prior.mean.rate.shape}
    parts = {name: left[where] for name, where in fitted.layout.slices.items()}
    return {name: part.reshape(shapes.get(name, part.shape)) for name, part in parts.items()}


def draws(fitted: Fitted, n: int, *, seed: int) -> list[Parameters]:
    """So many towns as they may be, after the data: parameters drawn from what is believed, with ln A 0 on average.

    The same seed gives the same ones. Raises ValueError for less than one.
    """
    if n < 1:
        raise ValueError(f"at least one draw, not {n}")
    stream = rng.stream(seed, "visits choice draws")
    x = np.tile(fitted.mode, (n, 1))
    x[:, fitted.at] += stream.standard_normal((n, len(fitted.at))) @ np.linalg.cholesky(fitted.covariance).T
    untouched = set(fitted.rest.tolist())
    for block in fitted.belief.blocks:
        if int(block.at[0]) in untouched:
            x[:, block.at] += stream.standard_normal((n, len(block.at))) @ np.linalg.cholesky(block.covariance).T
    return [unpacked(fitted.layout, row, fitted.prior.mean.frequency) for row in x]
