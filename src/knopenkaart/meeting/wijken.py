# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The curve of each wijk by itself, as many as there is time for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knopenkaart.meeting.curve import DRAWS, Curve, curve
from knopenkaart.meeting.ground import Ground
from knopenkaart.meeting.residents import SEED
from knopenkaart.meeting.towns import Believed
from knopenkaart.progress import Progress, TimeIsUp, silent, until

# Of the curve of a wijk so large a part of the time is for the towns, and the rest for residents one by one.
TOWNS = 0.8


def curves_of_wijken(
    ground: Ground,
    of: Believed,
    today: Mapping[str, Sequence[float]],
    *,
    near: Ground | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    deadline: float | None = None,
    progress: Progress = silent,
) -> list[tuple[Ground, Curve]]:
    """The ground and the curve of each wijk, in the order of their codes.

    Parameters: the ground of the whole; what is believed; per wijk what there is now, to which its curve is brought; `near`: the ground in
    smaller squares; towns that may be; seed; `deadline` (time.monotonic): wijken that are not ready then are left out, whole; progress.
    Those with most residents come first, so that what is left out is of the fewest.
    """
    grounds = {code: ground.of_wijk(code) for code in today}
    made = []
    for turn, code in enumerate(sorted(today, key=lambda code: (-float(grounds[code].setting.people.sum()), code))):
        closer = None if near is None else near.of_wijk(code)
        tell, alone = _in_turn(until(progress, deadline), turn, len(today)), of.of_places(ground.places_of(code))
        try:
            tell("curve", 0.0)
            found = curve(grounds[code], alone, area=code, now=today[code], near=closer, draws=draws, seed=seed, progress=tell)
        except TimeIsUp:
            break
        made.append((grounds[code], found))
    return sorted(made, key=lambda one: one[1].area)


def _in_turn(progress: Progress, turn: int, number: int) -> Progress:
    """The progress of one of so many wijken, told as that of all of them."""

    def tell(step: str, share: float) -> None:
        part = TOWNS * share if step == "curve" else TOWNS + (1 - TOWNS) * share
        progress("wijken", (turn + part) / number)

    return tell
