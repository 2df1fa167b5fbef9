# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Parameters as one vector of numbers without bounds, and what is believed of them as blocks of a normal distribution."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.special import expit, logit, softmax

from knopenkaart.visits._pairs import Bools, Floats, Longs
from knopenkaart.visits.choice import Parameters, Setting
from knopenkaart.visits.priors import Prior


@dataclass(frozen=True)
class Layout:
    """Where each parameter stands in the vector, and what it is beside.

    In order: ln A (place x group), of which only differences within a nest count; ln beta; logit theta; `goes` (nest x group), the logit of
    participation at accessibility `access`; `level`, the logarithm of visits per resident and week there; ln dispersion; logits of the
    classes. Counts tell of the level whatever theta and participation are, which is why these stand here and not ln W0 and ln Rmax.
    """

    nest: npt.NDArray[np.int64]
    groups: int
    classes: int
    access: Floats

    @property
    def places(self) -> int:
        return len(self.nest)

    @property
    def nests(self) -> int:
        return len(self.access)

    @cached_property
    def slices(self) -> dict[str, slice]:
        per_nest = self.nests * self.groups
        sizes = {
            "attract": self.places * self.groups,
            "beta": self.groups,
            "theta": 1,
            "goes": per_nest,
            "level": per_nest,
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
        return cls(setting.nest.astype(np.int64), setting.groups, prior.mean.onsite.shape[1], prior.access)

    def centring(self, x: Floats) -> sp.csr_array:
        """The matrix that makes ln A 0 on average per nest and group."""
        buckets = self.nests * self.groups
        bucket = (self.nest[:, None] * self.groups + np.arange(self.groups)).ravel()
        own = np.flatnonzero(np.isfinite(x[self.slices["attract"]]))
        size = np.maximum(np.bincount(bucket[own], minlength=buckets), 1)
        mean = sp.csr_array((1 / size[bucket[own]], (bucket[own], own)), shape=(buckets, self.size))
        taken = sp.csr_array((np.ones(len(own)), (own, bucket[own])), shape=(self.size, buckets))
        return sp.csr_array(sp.eye_array(self.size, format="csr") - taken @ mean)

    def turning(self, x: Floats) -> sp.csr_array:
        """The slopes of ln A, ln beta, logit theta, ln W0, ln Rmax and the rest (rows) over the vector (columns)."""
        at, theta = self.slices, float(expit(x[self.slices["theta"]][0]))
        goes = x[at["goes"]]
        outside, rate = np.arange(at["goes"].start, at["goes"].stop), np.arange(at["level"].start, at["level"].stop)
        # From the identity that centring leaves there: ln W0 = access - goes / theta, and ln Rmax = level - ln(participation).
        rows = np.concatenate([outside, outside, rate])
        columns = np.concatenate([outside, np.full(len(outside), at["theta"].start), outside])
        values = np.concatenate([np.full(len(outside), -1 / theta - 1), goes * (1 - theta) / theta, -expit(-goes)])
        return sp.csr_array(self.centring(x) + sp.csr_array((values, (rows, columns)), shape=(self.size, self.size)))


def packed(layout: Layout, parameters: Parameters, dispersion: float) -> Floats:
    """The vector of parameters."""
    onsite = np.log(parameters.onsite)
    goes = parameters.theta * (layout.access - parameters.outside)
    parts: list[Floats] = [
        parameters.attract.ravel(),
        np.log(parameters.beta),
        np.array([logit(parameters.theta)]),
        goes.ravel(),
        (np.log(parameters.rate) + np.log(expit(goes))).ravel(),
        np.array([np.log(dispersion)]),
        (onsite[:, :-1] - onsite[:, -1:]).ravel(),
    ]
    made = np.concatenate(parts)
    if len(made) != layout.size:
        raise ValueError("the parameters do not fit the setting")
    return made


def unpacked(layout: Layout, x: Floats, frequency: Floats) -> Parameters:
    """The parameters of a vector, with ln A 0 on average per nest and group."""
    part = {name: x[where] for name, where in layout.slices.items()}
    shape, theta = (layout.nests, layout.groups), float(expit(part["theta"][0]))
    logits = np.zeros((layout.nests, layout.classes))
    logits[:, :-1] = part["onsite"].reshape(layout.nests, max(layout.classes - 1, 0))
    goes = part["goes"].reshape(shape)
    return Parameters(
        _centred(layout, part["attract"].reshape(layout.places, layout.groups)),
        np.exp(part["beta"]),
        theta,
        layout.access - goes / theta,
        np.exp(part["level"].reshape(shape)) / expit(goes),
        softmax(logits, axis=1) if layout.classes else logits,
        frequency,
    )


def _centred(layout: Layout, attract: Floats) -> Floats:
    finite = np.isfinite(attract)
    total, size = np.zeros((layout.nests, layout.groups)), np.zeros((layout.nests, layout.groups))
    np.add.at(total, layout.nest, np.where(finite, attract, 0.0))
    np.add.at(size, layout.nest, finite)
    return np.asarray(attract - (total / np.maximum(size, 1))[layout.nest])


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
                found[np.ix_(rows, rows)] = np.linalg.inv(block.covariance) if inverse else block.covariance
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


def belief_of(setting: Setting, prior: Prior, layout: Layout, dispersion: float) -> Belief:
    """The prior over the vector; the dispersion is held."""
    at, sd = layout.slices, prior.sd
    blocks = [
        *_alike(at["attract"].start, sd.attract, prior.alike, setting.nest, "attract"),
        *_alike(at["beta"].start, sd.beta[None, :], prior.alike, np.array([-1]), "beta"),
        *_alike(at["theta"].start, np.array([[sd.theta]]), 0.0, np.array([-1]), "theta"),
        *_alike(at["goes"].start, sd.outside, prior.alike, np.arange(layout.nests), "goes"),
        *_alike(at["level"].start, sd.rate, prior.alike, np.arange(layout.nests), "level"),
    ]
    if layout.classes > 1 and prior.answers > 0:
        for nest, shares in enumerate(prior.mean.onsite):
            # What so many answers would tell of the logits.
            told = prior.answers * (np.diag(shares) - np.outer(shares, shares))[:-1, :-1]
            start = at["onsite"].start + nest * (layout.classes - 1)
            at_nest = np.arange(start, start + layout.classes - 1)
            blocks.append(Block(at_nest, np.asarray(np.linalg.inv(told), dtype=np.float64), nest, "onsite"))
    return Belief(packed(layout, prior.mean, dispersion), tuple(blocks))


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
