# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Opening hours that nobody can evaluate: kept and shown as they stand, and reported once per place."""

from __future__ import annotations

import pandas as pd

from knopenkaart.opening_hours import is_valid
from knopenkaart.tables import NOTICES


def broken_hours(places: pd.DataFrame, attributes: pd.DataFrame) -> pd.DataFrame:
    """One notice (`opening_hours.broken`) for each place whose hours cannot be read, whichever source they came from.

    `places` and `attributes` are PLACES and ATTRIBUTES after merging, so that a place is told of once, with the source that gave the hours
    (which may be confidential where the place itself is not). Returns NOTICES; the places stay as they are.
    """
    told = places[places["opening_hours"].notna()]
    given = attributes[attributes["name"] == "opening_hours"]
    origin = {
        (place, value): (source, source_id)
        for place, value, source, source_id in zip(given["place_id"], given["value"], given["source"], given["source_id"], strict=True)
    }
    rows = []
    for place in told[["id", "name", "source", "source_id", "opening_hours"]].to_dict("records"):
        text = str(place["opening_hours"])
        if text.strip() and not is_valid(text):
            source, source_id = origin.get((place["id"], text), (place["source"], place["source_id"]))
            name = None if pd.isna(place["name"]) else str(place["name"])
            rows.append(
                {
                    "code": "opening_hours.broken",
                    "subject": str(place["id"]),
                    "message": f"The opening hours of {name or place['source_id']} cannot be read and are shown as text: {text}",
                    "details": {"name": name, "value": text, "source": str(source), "source_id": str(source_id)},
                }
            )
    return NOTICES.frame(rows)
