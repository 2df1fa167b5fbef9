# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Parameters as one vector of numbers without bounds, and what is believed of them as blocks of a normal distribution."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.linalg as la
import scipy.sparse as sp
from scipy.special import expit, logit, softmax

from knopenkaart.visits._pairs import Bools, Floats, Longs
from knopenkaart.visits.choice import Parameters, Setting
from knopenkaart.visits.priors import Prior


@dataclass(frozen=True)
class Layout:
    """Where each parameter stands: ln A (place x group), ln beta, logit theta, ln W0 and ln Rmax (nest x group), ln dispersion, logits."""

    places: int
    groups: int
    nests: int
    classes: int

    @cached_property
    def slices(self) -> dict[str, slice]:
        per_nest = self.nests * self.groups
        sizes = {
            "attract": self.places * self.groups,
            "beta": self.groups,
            "theta": 1,
            "outside": per_nest,
            "rate": per_nest,
            "dispersion": 1,
            "onsite": self.nests * max(self.classes - 1, 0),
        }
        ends = np.cumsum(list(sizes.values())).tolist()
        return {name: slice(end - size, end) for (name, size), end in zip(sizes.items(), ends, strict=True)}

    @property
    def size(self) -> int:
        return int(self.slices["onsite"].stop)

    @classmethod
    def of(cls, setting: Setting, prior: Prior) -> Layout:
        return cls(setting.places, setting.groups, setting.nests, prior.mean.onsite.shape[1])


def packed(layout: Layout, parameters: Parameters, dispersion: float) -> Floats:
    """The vector of parameters."""
    onsite = np.log(parameters.onsite)
    parts: list[Floats] = [
        parameters.attract.ravel(),
        np.log(parameters.beta),
        np.array([logit(parameters.theta)]),
        parameters.outside.ravel(),
        np.log(parameters.rate).ravel(),
        np.array([np.log(dispersion)]),
        (onsite[:, :-1] - onsite[:, -1:]).ravel(),
    ]
    made = np.concatenate(parts)
    if len(made) != layout.size:
        raise ValueError("the parameters do not fit the setting")
    return made


def unpacked(layout: Layout, x: Floats, frequency: Floats) -> Parameters:
    """The parameters of a vector, as they stand in it: not yet with ln A 0 on average."""
    part = {name: x[where] for name, where in layout.slices.items()}
    shape = (layout.nests, layout.groups)
    logits = np.zeros((layout.nests, layout.classes))
    logits[:, :-1] = part["onsite"].reshape(layout.nests, max(layout.classes - 1, 0))
    return Parameters(
        part["attract"].reshape(layout.places, layout.groups),
        np.exp(part["beta"]),
        float(expit(part["theta"][0])),
        part["outside"].reshape(shape),
        np.exp(part["rate"]).reshape(shape),
        softmax(logits, axis=1) if layout.classes else logits,
        frequency,
    )


def scaling(setting: Setting, layout: Layout, x: Floats) -> sp.csr_array:
    """The matrix that makes ln A 0 on average per nest and group, and takes what that is from ln W0: visits stay what they are."""
    outside, buckets = layout.slices["outside"].start, layout.nests * layout.groups
    finite = np.isfinite(x[layout.slices["attract"]])
    bucket = np.repeat(setting.nest.astype(np.int64), layout.groups) * layout.groups + np.tile(np.arange(layout.groups), layout.places)
    own = np.flatnonzero(finite)
    size = np.maximum(np.bincount(bucket[own], minlength=buckets), 1)
    mean = sp.csr_array((1 / size[bucket[own]], (bucket[own], own)), shape=(buckets, layout.size))
    rows, columns = np.concatenate([own, outside + np.arange(buckets)]), np.concatenate([bucket[own], np.arange(buckets)])
    taken = sp.csr_array((np.ones(len(rows)), (rows, columns)), shape=(layout.size, buckets))
    return sp.csr_array(sp.eye_array(layout.size, format="csr") - taken @ mean)


@dataclass(frozen=True)
class Block:
    """Some parameters that are believed together: their places in the vector, covariance, and nest (-1: of all nests)."""

    at: Longs
    covariance: Floats
    nest: int
    name: str


@dataclass(frozen=True)
class Belief:
    """A prior over the vector: its mean and its blocks; what stands in no block is held at its mean."""

    mean: Floats
    blocks: tuple[Block, ...]

    def precision(self, at: Longs) -> Floats:
        """The inverse of the covariance of the parameters at these places, which hold whole blocks."""
        return self._filled(at, inverse=True)

    def covariance(self, at: Longs) -> Floats:
        return self._filled(at, inverse=False)

    def _filled(self, at: Longs, *, inverse: bool) -> Floats:
        found = np.zeros((len(at), len(at)))
        where = np.full(len(self.mean), -1)
        where[at] = np.arange(len(at))
        for block in self.blocks:
            if where[block.at[0]] >= 0:
                rows = where[block.at]
                found[np.ix_(rows, rows)] = la.inv(block.covariance) if inverse else block.covariance
        return found

    def whole(self) -> sp.csr_array:
        """The covariance of the whole vector, sparse; 0 for what is held."""
        rows = [np.repeat(block.at, len(block.at)) for block in self.blocks]
        columns = [np.tile(block.at, len(block.at)) for block in self.blocks]
        values = np.concatenate([block.covariance.ravel() for block in self.blocks] or [np.zeros(0)])
        size = len(self.mean)
        at = np.concatenate(rows or [np.zeros(0, int)]), np.concatenate(columns or [np.zeros(0, int)])
        return sp.csr_array((values, at), shape=(size, size))

    def places(self, wanted: Bools) -> Longs:
        """Where the parameters of the wanted blocks stand."""
        return np.sort(np.concatenate([block.at for block, take in zip(self.blocks, wanted, strict=True) if take] or [np.zeros(0, int)]))


def belief_of(setting: Setting, prior: Prior, layout: Layout) -> Belief:
    """The prior over the vector."""
    at, sd = layout.slices, prior.sd
    blocks = [
        *_alike(at["attract"].start, sd.attract, prior.alike, setting.nest, "attract"),
        *_alike(at["beta"].start, sd.beta[None, :], prior.alike, np.array([-1]), "beta"),
        *_alike(at["theta"].start, np.array([[sd.theta]]), 0.0, np.array([-1]), "theta"),
        *_alike(at["outside"].start, sd.outside, prior.alike, np.arange(layout.nests), "outside"),
        *_alike(at["rate"].start, sd.rate, prior.alike, np.arange(layout.nests), "rate"),
        *_alike(at["dispersion"].start, np.array([[prior.dispersion[1]]]), 0.0, np.array([-1]), "dispersion"),
    ]
    if layout.classes > 1 and prior.answers > 0:
        for nest, shares in enumerate(prior.mean.onsite):
            # What so many answers would tell of the logits.
            told = prior.answers * (np.diag(shares) - np.outer(shares, shares))[:-1, :-1]
            start = at["onsite"].start + nest * (layout.classes - 1)
            blocks.append(Block(np.arange(start, start + layout.classes - 1), la.inv(told), nest, "onsite"))
    return Belief(packed(layout, prior.mean, prior.dispersion[0]), tuple(blocks))


def _alike(start: int, sd: Floats, alike: float, nest: npt.NDArray[np.integer], name: str) -> list[Block]:
    """A block per row of sd, in which the columns with an sd go together."""
    blocks = []
    for row, spread in enumerate(sd):
        free = np.flatnonzero(spread > 0)
        if len(free):
            together = alike + (1 - alike) * np.eye(len(free))
            covariance = together * np.outer(spread[free], spread[free])
            blocks.append(Block(start + row * sd.shape[1] + free, covariance, int(nest[row]), name))
    return blocks
