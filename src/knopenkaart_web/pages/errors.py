# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The stable codes of refusals in words that help."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GENERAL = _("This did not work. Look at what you filled in, and try again.")
TEXTS: dict[str, str | Promise] = {
    "reason.absent": _("Say why you do this."),
    "values.invalid": _("Some of what you filled in cannot be used."),
    "values.unknown": _("This cannot be filled in."),
    "values.unchanged": _("You changed nothing."),
    "values.long": _("This text is too long."),
    "values.website": _("Write a web address that begins with https:// or http://."),
    "values.email": _("Write an e-mail address."),
    "values.choice": _("Choose one of the options."),
    "values.degrees": _("Write degrees, such as 4.3571 and 52.0116."),
    "values.half_point": _("Give both numbers, or none."),
    "place.conflict": _("Somebody else changed this place while you were busy. Look at the place again, then correct it once more."),
    "place.absent": _("This place was merged with another, or taken off the map."),
    "place.unknown": _("This place is not there."),
    "status.transition": _("A place cannot go from its present status to this one."),
    "merge.same": _("A place cannot be merged with itself."),
    "merge.keep": _("Say which of the two places stays."),
    "merge.confidential": _("Visitors do not see this place. Merge from the other place: that one must stay."),
    "split.single": _("This place has one record only. There is nothing to split."),
    "record.unknown": _("This record is not there."),
    "item.unknown": _("This is no longer in the queue."),
    "item.decided": _("Somebody else decided this already."),
    "event.unknown": _("This step is not in the history."),
    "undo.never": _("This step cannot be undone."),
    "undo.done": _("This step was undone already."),
    "undo.changed_since": _("The place was changed again since. Undo that step first."),
    "kinds.unknown": _("One of these kinds cannot be chosen."),
    "draft.unknown": _("This list is no longer waiting."),
    "import.type": _("Send a list as Excel (.xlsx) or CSV."),
    "import.size": _("This file is empty or too large."),
    "import.rows": _("This list has too many rows."),
    "import.unread": _("This list was not read yet."),
    "mapping.name": _("Give these columns a name."),
    "mapping.broken": _("These columns do not fit this list."),
    "run.busy": _("There is too much work waiting. Try again in a minute."),
    "run.time": _("This took longer than is allowed."),
    "run.broken": _("This broke off. Try again; if it happens again, tell the person who manages this installation."),
    "run.cancelled": _("This was stopped."),
    "run.no_folder": _("The files of this municipality are not on this computer any more."),
    "list.missing_name": _("The name is missing."),
    "list.unknown_kind": _("This kind is unknown. Say below what it means."),
    "list.missing_kind": _("The kind is missing."),
    "list.too_much_text": _("This text is too long."),
    "list.no_location": _("There is no address and there are no coordinates."),
    "list.no_address_table": _("There is no list of addresses to find this address in."),
    "list.coordinate": _("This is not a coordinate."),
    "list.outside_country": _("This point is not in the Netherlands."),
    "list.outside_municipality": _("This point is not in the municipality."),
    "list.address_incomplete": _("The address is not complete: give a house number with a street or a postcode."),
    "list.address_not_found": _("This address was not found."),
    "list.address_ambiguous": _("This address exists more than once. Add the postcode or the town."),
    "list.address_conflict": _("The street does not belong to the postcode and house number."),
    "list.double_row": _("This row is the same place as an earlier row."),
    "list.no_column": _("A column that is needed is missing."),
    "list.email": _("This is not an e-mail address."),
    "list.website": _("This is not a web address."),
    "list.phone": _("This is not a telephone number."),
    "list.postcode": _("This is not a postcode."),
    "list.wheelchair": _("Write ja, beperkt or nee."),
    "list.status": _("This status is unknown."),
    "list.date": _("This is not a date, such as 31-05-2024."),
    "file.absent": _("Choose a file."),
    "file.too_large": _("This file is too large."),
    "file.empty": _("This file is empty."),
    "file.damaged": _("This file is damaged or not complete."),
    "list.foreign": _("This is not an Excel or CSV file."),
    "list.old_excel": _("This is an old Excel file (.xls). Save it as .xlsx or CSV first."),
    "list.not_text": _("The letters in this file cannot be read. Save it as CSV in UTF-8, or as .xlsx."),
    "list.no_sheet": _("This workbook has no sheet of that name."),
    "list.too_long": _("This list has too many rows."),
    "list.too_wide": _("This list has too many columns."),
    "mapping.faults": _("Two columns have the same meaning, or a column cannot be confidential."),
    "mapping.misfit": _("These columns do not fit this list."),
}


def error_text(code: str) -> str:
    """The text of a code; of one that nobody wrote a text for, a general one with the code, so that one can ask about it."""
    return str(TEXTS[code]) if code in TEXTS else f"{GENERAL} ({code})"
