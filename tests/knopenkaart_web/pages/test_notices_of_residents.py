# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was assumed or moved about residents stands on the page in plain words, in both languages."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from knopenkaart_web.pages.templatetags import notices
from knopenkaart_web.places.views_data import NoticeRow

ROWS = {
    "residents.assumed": {"name": "Eschen", "people": 4284, "settlements": "Eschen", "without": None, "year": None, "source": "osm"},
    "residents.unknown": {"name": "Ruiven", "level": "wijk"},
    "residents.do_not_add": {"name": "Velsen", "sum": 69178, "figure": 69241},
    "residents.widened": {"name": "Groningen", "dimension": "age", "factor": 2.0, "areas": "Hunzeboord", "count": 1},
}


@pytest.mark.parametrize(
    ("code", "dutch", "english"),
    [
        ("residents.assumed", "Eschen: 4.284 inwoners (Eschen)", "Eschen: 4,284 inhabitants (Eschen)"),
        ("residents.unknown", "Ruiven", "Ruiven"),
        ("residents.do_not_add", "Velsen: gepubliceerd 69.241, samen 69.178", "Velsen: published 69,241, together 69,178"),
        ("residents.widened", "Groningen, naar leeftijd: Hunzeboord", "Groningen, by age: Hunzeboord"),
    ],
)
def test_each_notice_says_what_it_is_about(code: str, dutch: str, english: str) -> None:
    notice = NoticeRow(code=code, subject="GM0001", message="English.", details=ROWS[code])
    for language, expected in (("nl", dutch), ("en", english)):
        with override(language):
            group = notices.grouped([notice])[0]
            assert group.items == [expected]
            assert group.title != str(notices.OTHER)


def test_a_dimension_of_a_municipality_itself_keeps_its_own_name() -> None:
    details = ROWS["residents.widened"] | {"dimension": "income"}
    notice = NoticeRow(code="residents.widened", subject="GM0001", message="English.", details=details)
    assert notices.text(notice) == "Groningen, income: Hunzeboord"
