# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a municipality's own table holds, before it comes in: per indicator and year what is shown, hidden, and not there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from knopenkaart_web.monitor.catalogue import catalogue
from knopenkaart_web.monitor.doubled import doubled
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor.words import value_text
from knopenkaart_web.pages.written import capital
from knopenkaart_web.places.queries.figures import FigureFileView


def summary(file: FigureFileView) -> dict[str, Any]:
    """For the page of one file: a row per indicator and year, and how many figures are hidden, and why."""
    names = {item.id: item.name(language()) for item in catalogue().indicators.values()}
    names |= {item["id"]: item["en"] if language() == "en" else item["nl"] for item in file.columns.get("indicators", [])}
    rows = [{**row, "name": capital(names.get(row["indicator"], row["indicator"]))} for row in file.found.get("told", [])]
    between = _between(file.found.get("rows", []))
    rows = [{**row, "between": between.get((row["indicator"], row["year"]), "")} for row in rows]
    twice = doubled(file.found.get("rows", []))
    both = [{"name": capital(names.get(name, name)), "year": year, "number": many} for (name, year), many in twice.items()]
    small, beside = file.found.get("small", 0), file.found.get("beside", 0)
    return {"rows": rows, "small": small, "beside": beside, "hidden": small + beside, "doubled": both}


def _between(rows: Sequence[Sequence[Any]]) -> dict[tuple[str, int], str]:
    """The lowest and the highest figure that is shown, of each indicator and year: a hundredth of what was meant is seen at once."""
    shown: dict[tuple[str, int], list[tuple[float, str]]] = {}
    for _code, _area_year, indicator, _group, year, value, unit, *_rest in rows:
        if value is not None:
            shown.setdefault((indicator, year), []).append((value, unit))
    return {
        key: _("%(low)s to %(high)s") % {"low": value_text(*min(values)), "high": value_text(*max(values))} for key, values in shown.items()
    }
