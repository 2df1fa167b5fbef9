# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The texts that the map component shows, in the language of the page (docs/reference/map-data.md)."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from knopenkaart_web.places import words
from knopenkaart_web.places.views_data import StudyView
from knopenkaart_web.reach.words import lookups


def map_texts() -> dict[str, str]:
    """Every text of the map component; what stands between braces is filled in by the component."""
    return {**_controls(), **_places(), **_legend(), **_functions()}


def _controls() -> dict[str, str]:
    return {
        "label": _(
            "Map with places. Arrow keys move the map, plus and minus zoom, Enter tells what is near the middle. "
            "Tab goes to the places in view, there arrow keys step from one to the next and Enter opens one."
        ),
        "loading": _("The map is loading…"),
        "failed": _("The map cannot be shown in this browser. The list has the same places."),
        "failed_data": _("The places could not be fetched. Reload the page, or use the list."),
        "count_none": _("No place matches these filters."),
        "count_one": _("1 place matches these filters."),
        "count_many": _("{count} places match these filters."),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "whole": _("Show the whole municipality"),
        "cluster": _("{count} places close together: zoom in"),
        "close": _("Close"),
        "more": _("More about this place"),
        "filters_on": _("{count} on"),
        "loading_part": _("One moment…"),
        "mode": _("Show the ground from which one can be here"),
        "mode_walk": _("on foot"),
        "mode_cycle": _("by bicycle"),
    }


def _places() -> dict[str, str]:
    return {
        "unnamed": _("Without a name"),
        "neighbour": _("Just outside the municipality: not counted"),
        "small_spot": _("Small spot: not counted"),
        "not_counted": _("This kind is not counted here"),
        "open_now": _("Open now"),
        "closed_now": _("Closed now"),
        "wheelchair_yes": _("Wheelchair accessible"),
        "wheelchair_limited": _("Partly wheelchair accessible"),
        "wheelchair_no": _("Not wheelchair accessible"),
        "status_planned": _("Planned"),
        "status_open": _("Open"),
        "status_vacant": _("Vacant"),
        "status_closed": _("Closed"),
    }


def _legend() -> dict[str, str]:
    return {
        "legend": _("Legend"),
        "legend_nodes": _("Number of places per district"),
        "legend_per1000": _("Places per 1,000 inhabitants, per district"),
        "legend_function": _("Places with the function {function}, per district"),
        "legend_classes": _("The classes hold about equally many districts."),
        "legend_range": _("{from} to {to}"),
        "legend_least": _("Hatched: at least this number, the sources are not complete here"),
        "legend_unknown": _("Unknown: the source covers too little, or there are too few inhabitants"),
        "legend_shapes": _("Shape and colour: main function"),
        "legend_neighbour": _("Dashed: just outside the municipality"),
        "legend_outline": _("White: not counted here, planned or vacant"),
        "legend_minutes": _("Half of the residents have this within: {what}"),
        "legend_without": _("Residents without this within {minutes} minutes on foot: {what}"),
        "legend_most": _("Hatched: at most this, the sources are not complete here"),
        "legend_homes": _("Minutes on foot from the homes: {what}"),
        "legend_squares": _("Each dot is a square of 50 metres with homes."),
        "at_least": _("at least {number}"),
        "at_most": _("at most {number}"),
        "percent": _("{number}%"),
        "minutes": _("{number} min"),
        "within_minutes": _("within {number} min"),
        "more_minutes": _("more than {number} min"),
    }


def _functions() -> dict[str, str]:
    language = (get_language() or "nl")[:2]
    functions = {f"function_{function}": words.function_label(function, language) for function in words.vocabulary().functions}
    return functions | {f"what_{what}": label for what, label in lookups(language)}


def map_attribution(study: StudyView) -> str:
    """The names that must stand on every map of a study."""
    return " · ".join(dict.fromkeys(_(source.attribution) for source in study.sources if source.attribution))
