# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The catalogue that pages use: that of the package, with the indicators that municipalities made for tables of their own."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from knopenkaart.vocabulary.catalogue import Catalogue, load_catalogue
from knopenkaart_web.monitor.own_queries import own_indicators, own_rows


def catalogue() -> Catalogue:
    """All indicators that a figure may be of; one question to the database."""
    return _merged(own_rows())


@lru_cache(maxsize=8)
def _merged(rows: tuple[tuple[str, ...], ...]) -> Catalogue:
    package = load_catalogue()
    added = {item.id: item for item in own_indicators(rows) if item.id not in package.indicators}
    return replace(package, indicators={**package.indicators, **added}) if added else package
