# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""English names, to be translated where they are shown, of properties, figures, actions and reasons."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

PROPERTIES: Mapping[str, str] = {
    "name": _("Name"),
    "kind": _("Kind"),
    "status": _("Status"),
    "functions": _("Functions"),
    "archetype": _("Archetype"),
    "archetype_assumed": _("Archetype assumed"),
    "lon": _("Longitude"),
    "lat": _("Latitude"),
    "location": _("Location"),
    "street": _("Street"),
    "housenumber": _("House number"),
    "postcode": _("Postcode"),
    "city": _("Town"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "website": _("Website"),
    "opening_hours": _("Opening hours"),
    "wheelchair": _("Wheelchair access"),
    "operator": _("Run by"),
    "description": _("Description"),
    "part_of": _("Part of"),
    "small_spot": _("Small spot"),
    "digital": _("Digital"),
    "neighbour": _("Just outside the municipality"),
    "municipality_code": _("Municipality"),
    "wijk_code": _("Wijk"),
    "buurt_code": _("Buurt"),
    "last_verified": _("Last verified"),
    "merged_into": _("Merged into"),
    "removed": _("Removed"),
    "missing": _("Not found in the newest source"),
}

INDICATORS: Mapping[str, str] = {
    "population": _("Inhabitants"),
    "dwellings": _("Dwellings"),
    "households": _("Households"),
    "pop_0_14": _("Aged 0 to 14"),
    "pop_15_24": _("Aged 15 to 24"),
    "pop_25_44": _("Aged 25 to 44"),
    "pop_45_64": _("Aged 45 to 64"),
    "pop_65_plus": _("Aged 65 and over"),
}

ACTIONS: Mapping[str, str] = {
    "load": _("Study loaded"),
    "add_place": _("Place added"),
    "correct_place": _("Place corrected"),
    "merge_places": _("Places merged"),
    "split_place": _("Place split"),
    "change_status": _("Status changed"),
    "accept": _("Proposal accepted"),
    "reject": _("Proposal rejected"),
    "undo": _("Change undone"),
    "confirm_place": _("Looked at, and found right"),
    "report_gone": _("Said to be gone"),
    "select_kinds": _("Selection of kinds changed"),
    "import_upload": _("List sent"),
    "import_preview": _("List read"),
    "import_confirm": _("List imported"),
    "import_discard": _("List refused"),
    "save_mapping": _("Columns of a list saved"),
}

REASONS: Mapping[str, str] = {
    "new_in_source": _("New in the source"),
    "not_in_source": _("No longer in the source"),
    "operator_says_gone": _("Who runs it says that it is gone"),
    "moved": _("The location changed by more than 50 metres"),
    "kind_changed": _("The kind changed"),
    "name_changed": _("The name changed"),
    "status_changed": _("The status changed"),
    "contradicts_correction": _("The source contradicts a correction"),
    "part_of_outline": _("The one lies inside the outline of the other"),
    # Why two places may be one (knopenkaart.inventory.evidence); what comes after "=" is the measure.
    "distance": _("Close together"),
    "distance_m": _("Close together"),
    "name": _("The names are alike"),
    "name_missing": _("One of the two has no name"),
    "kind": _("The kinds are alike"),
    "kind_same": _("The kinds are alike"),
    "kind_related": _("The kinds are alike"),
    "kind_other": _("The kinds differ"),
    "address": _("The same address"),
    "same_address": _("The same address"),
    "near_address": _("The house number is close by"),
    "other_housenumber": _("The house number differs"),
    "other_address": _("The address differs"),
    "phone": _("The same telephone number"),
    "same_phone": _("The same telephone number"),
    "shared_phone": _("A telephone number that several places share"),
    "other_phone": _("The telephone number differs"),
    "website": _("The same website"),
    "same_website": _("The same website"),
    "same_domain": _("The same website, another page"),
    "shared_domain": _("The same website, another page"),
    "other_website": _("The website differs"),
    "other_number": _("The numbers in the names differ"),
    "contrasting_words": _("Words in the names contradict each other"),
}


def reason_label(code: str) -> str:
    """A reason in the language that is on, with its measure where it has one: "Close together (12 m)"."""
    name, _equals, measure = code.partition("=")
    if name not in REASONS:
        return code
    shown = {"distance_m": f" ({measure} m)", "name": f" ({_percent(measure)})"}.get(name, "") if measure else ""
    return gettext(REASONS[name]) + shown


def _percent(share: str) -> str:
    try:
        return f"{float(share):.0%}"
    except ValueError:
        return share


def property_label(name: str) -> str:
    """The English name of a property; an unknown one stands for itself."""
    return PROPERTIES.get(name, name)


def indicator_label(name: str) -> str:
    """The English name of a figure."""
    return INDICATORS.get(name, name.replace("_", " ").capitalize())
