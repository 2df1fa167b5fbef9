# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The vocabulary, and the four addresses of a small village, for tests of files that people send."""

from __future__ import annotations

import pandas as pd
import pytest

from knopenkaart.tables import ADDRESSES
from knopenkaart.vocabulary.reader import Vocabulary, load_vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="module")
def addresses() -> pd.DataFrame:
    names = ("street", "housenumber", "postcode", "city", "lon", "lat")
    rows = [
        ("Dorpsstraat", "12", "1234AB", "Boven", 5.0, 52.0),
        ("Dorpsstraat", "14", "1234AB", "Boven", 5.0, 52.001),
        ("Kerkplein", "1", "1235CD", "Boven", 5.01, 52.0),
        ("Verweg", "1", "1299ZZ", "Elders", 6.5, 53.0),
    ]
    return ADDRESSES.frame({**dict(zip(names, row, strict=True)), "source": "test"} for row in rows)
