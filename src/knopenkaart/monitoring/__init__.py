# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The Wijkmonitor in a folder: areas of several years, the figures about them, and which area of one year is which of another."""

from __future__ import annotations

from knopenkaart.monitoring.building import Monitor, MonitorRequest, build_monitor, make_monitor, open_monitor
from knopenkaart.monitoring.contents import contents, links_between
from knopenkaart.monitoring.together import Together, together
from knopenkaart.monitoring.totals import Beside, area_values, totals
from knopenkaart.monitoring.years import link_years

__all__ = [
    "Beside",
    "Monitor",
    "MonitorRequest",
    "Together",
    "area_values",
    "build_monitor",
    "contents",
    "link_years",
    "links_between",
    "make_monitor",
    "open_monitor",
    "together",
    "totals",
]
