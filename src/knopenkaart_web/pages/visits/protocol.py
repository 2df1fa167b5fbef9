# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was observed, as CSV in the form of the Public Life Data Protocol: a line per kind of people and how many."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from knopenkaart_web.visits.observing import Kind
from knopenkaart_web.visits.views_data import RoundView

COLUMNS = (
    "study_title", "location_name", "survey_title", "survey_start", "survey_end", "survey_method", "survey_representation",
    "age", "mode", "posture", "activities", "groups", "row_total",
)  # fmt: skip
MOVING = "moving"


def protocol_csv(kinds: Mapping[Kind, int], view: RoundView, *, place: str, study: str) -> str:
    """The kinds as CSV with a header; one survey is the whole round, so that no single hour can be told apart."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    about = (_safe(study), _safe(place), _safe(view.name), view.starts.isoformat(), view.ends.isoformat(), "analog", "absolute")
    for (posture, activity, company, age), number in sorted(kinds.items()):
        mode = "pedestrian" if posture == MOVING else ""
        writer.writerow([*about, age, mode, "" if posture == MOVING else posture, activity, company, number])
    return text.getvalue()


def _safe(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
