# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which figures of a municipality's own table may be shown: none that rests on fewer than ten people, nor any from which one follows.

The reader is taken to know how many people each figure is about (registers are public), every figure that is shown, all that was shown
before, and which areas and groups add up to which. For each hidden small number there must be another table that looks the same to such a
reader, in which ten or more people are meant, or everybody that the figure is about (docs/method/own-tables.md).
"""

from __future__ import annotations

from knopenkaart.hiding.own import Hidden, hide_own
from knopenkaart.hiding.people import HIDDEN, OWN, Before, Cell, People, people_behind

__all__ = ["HIDDEN", "OWN", "Before", "Cell", "Hidden", "People", "hide_own", "people_behind"]
