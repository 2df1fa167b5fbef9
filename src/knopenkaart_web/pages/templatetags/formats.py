# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How people write numbers, dates and distances (`written.py`), as filters of templates."""

from __future__ import annotations

from django import template

from knopenkaart_web.pages import written

register = template.Library()

for written_as in (
    written.number,
    written.figure,
    written.day,
    written.capital,
    written.known,
    written.or_least,
    written.percent,
    written.month,
    written.moment,
    written.distance,
    written.weekday,
):
    register.filter(written_as.__name__, written_as)
