# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a municipality's own table holds, before it comes in: per indicator and year what is shown, hidden, and not there."""

from __future__ import annotations

from typing import Any

from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.doubled import doubled
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.written import capital
from knopenkaart_web.places.queries.figures import FigureFileView


def told(file: FigureFileView) -> dict[str, Any]:
    """For the page of one file: a row per indicator and year, and how many figures are hidden, and why."""
    names = {item.id: item.name(language()) for item in catalogue().indicators.values()}
    names |= {item["id"]: item["en"] if language() == "en" else item["nl"] for item in file.columns.get("indicators", [])}
    rows = [{**row, "name": capital(names.get(row["indicator"], row["indicator"]))} for row in file.found.get("told", [])]
    twice = doubled(file.found.get("rows", []))
    both = [{"name": capital(names.get(name, name)), "year": year, "number": many} for (name, year), many in twice.items()]
    small, beside = file.found.get("small", 0), file.found.get("beside", 0)
    return {"rows": rows, "small": small, "beside": beside, "hidden": small + beside, "doubled": both}
