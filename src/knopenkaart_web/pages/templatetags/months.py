# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Months in words."""

from __future__ import annotations

from datetime import date

from django import template

from knopenkaart_web.pages.month_series import date_words

register = template.Library()


@register.filter
def month(value: date | None) -> str:
    """A month in words: maart 2025."""
    return date_words(value) if value else ""
