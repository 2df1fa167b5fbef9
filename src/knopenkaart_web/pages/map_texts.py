# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The texts that the map component shows, in the language of the page (docs/reference/map-data.md)."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from knopenkaart_web.places import words
from knopenkaart_web.places.views_data import StudyView
from knopenkaart_web.reach.views_data import Choices
from knopenkaart_web.reach.words import lookups


def map_texts() -> dict[str, str]:
    """Every text of the map component; what stands between braces is filled in by the component."""
    return {**_controls(), **_failures(), **_places(), **_legend(), **_measures(), **_homes(), **_functions()}


def measure_texts(choices: Choices | None) -> dict[str, str]:
    """The names of the groups and dayparts of which the map can tell."""
    if choices is None:
        return {}
    return {f"group_{group}": label for group, label in choices.groups} | {f"slot_{slot}": label for slot, label in choices.slots}


def _controls() -> dict[str, str]:
    return {
        "label": _(
            "Map with places. Arrow keys move the map, plus and minus zoom, Enter tells what is near the middle. "
            "Tab goes to the places in view, there arrow keys step from one to the next and Enter opens one."
        ),
        "loading": _("The map is loading…"),
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
        "told_part": _("{name}: the figures are there."),
        "mode": _("Show the ground from which one can be here"),
        "mode_walk": _("on foot"),
        "mode_cycle": _("by bicycle"),
    }


def _failures() -> dict[str, str]:
    return {
        "failed": _("The map cannot be shown in this browser. The list has the same places."),
        "failed_data": _("The places could not be fetched. Reload the page, or use the list."),
        "failed_areas": _("The areas could not be fetched. Reload the page to try again."),
        "failed_measure": _("The figures of the areas could not be fetched. Choose again, or reload the page."),
        "failed_homes": _("The homes could not be fetched. Choose again, or reload the page."),
        "failed_ground": _("The ground within reach could not be fetched. Choose the place again."),
        "failed_part": _("This could not be fetched. Close this and choose again."),
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
        "level_municipality": _("municipality"),
        "level_wijk": _("district"),
        "level_buurt": _("neighbourhood"),
        "legend_nodes": _("Number of places per {area}"),
        "legend_per1000": _("Places per 1,000 inhabitants, per {area}"),
        "legend_function": _("Places with the function {function}, per {area}"),
        "legend_classes": _("The classes hold about equally many areas."),
        "legend_range": _("{from} to {to}"),
        "legend_least": _("Hatched: at least this number, the sources are not complete here"),
        "legend_unknown": _("Unknown: the source covers too little, or there are too few inhabitants"),
        "legend_shapes": _("Shape and colour: main function"),
        "legend_neighbour": _("Dashed: just outside the municipality"),
        "legend_outline": _("White: not counted here, planned or vacant"),
        "legend_most": _("Hatched: at most this, the sources are not complete here"),
        "legend_more": _("Hatched: at least this, the sources are not complete here"),
        "legend_made": _("Reckoned on {date}."),
        "legend_sources": _("Sources: {sources}."),
        "legend_stale": _("Not up to date: places or figures were changed since."),
        "legend_failed": _("Not up to date: a new reckoning did not succeed."),
        "at_least": _("at least {number}"),
        "at_most": _("at most {number}"),
        "percent": "{number} %",
        "minutes": _("{number} min"),
        "within_minutes": _("within {number} min"),
        "more_minutes": _("more than {number} min"),
    }


def _measures() -> dict[str, str]:
    return {
        "measure_minuten": _("Minutes to the nearest: {what}"),
        "measure_zonder": _("Residents without one near: {what}"),
        "measure_keuze": _("Number of places near"),
        "measure_perplek": _("Residents for each place: {what}"),
        "measure_open": _("Something open near: {slot}"),
        "about_minuten": _("Half of the group can be at one within this time."),
        "about_zonder": _("The part of the group that has none within {minutes} minutes."),
        "about_keuze": _("Half of the group have so many places or more within {minutes} minutes."),
        "about_perplek": _("How many residents share a place, if everybody goes to the places within {longest} minutes."),
        "about_open": _("The part of the group with a place within {minutes} minutes of which we know that it is open."),
        "measure_who": _("Who: {group}."),
        "measure_how": _("How: {mode}."),
        "measure_areas": _("Per {area}."),
        "almost_nobody": _("almost nobody: fewer than 10 people"),
        "almost_everybody": _("almost everybody: all but fewer than 10 people"),
        "no_place": _("no place within reach"),
        "why_few": _("Unknown: too few people live here to tell."),
        "why_nobody": _("Nobody of this group lives here."),
        "why_absent": _("Unknown: nothing tells where in this area people live."),
        "why_partial": _("Unknown: the sources hold only a part of this area."),
    }


def _homes() -> dict[str, str]:
    return {
        "legend_homes": _("Minutes on foot from the homes: {what}"),
        "legend_squares": _("Each dot is a square of 50 metres with homes."),
        "legend_ring": _("Open ring: at most so many minutes, the sources are not complete here"),
        "legend_ring_unknown": _("Grey ring: unknown, the sources are not complete here"),
    }


def _functions() -> dict[str, str]:
    language = (get_language() or "nl")[:2]
    functions = {f"function_{function}": words.function_label(function, language) for function in words.vocabulary().functions}
    return functions | {f"what_{what}": label for what, label in lookups(language)}


def map_attribution(study: StudyView) -> str:
    """The names that must stand on every map of a study."""
    return " · ".join(dict.fromkeys(_(source.attribution) for source in study.sources if source.attribution))
