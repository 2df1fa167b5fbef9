# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Numbers and euros as people type them: 1.234,56 and 1,234.56 are the same, and nothing is not zero."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(\1\d{3})*")
_PLAIN = re.compile(r"\d+([.,]\d+)?|[.,]\d+")
_BOTH = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*[.,]\d+")
_LENGTH = 30


def read_number(text: str, *, grouped: bool) -> Decimal | None:
    """The number in a text with a comma or a point before its decimals; with `grouped` three digits behind one are thousands.

    >>> read_number("1.234,56", grouped=True), read_number("1,234", grouped=True), read_number("3,5", grouped=False)
    (Decimal('1234.56'), Decimal('1234'), Decimal('3.5'))
    >>> read_number("twaalf", grouped=True) is None
    True
    """
    bare = re.sub(r"[\s\u00a0€]|,-$", "", text)
    if grouped and _GROUPED.fullmatch(bare):
        return Decimal(re.sub("[.,]", "", bare))
    both = _BOTH.fullmatch(bare)
    if both and bare.count(both[1]) == bare[: max(bare.rfind(","), bare.rfind("."))].count(both[1]):
        bare = bare.replace(both[1], "")
    if _PLAIN.fullmatch(bare):
        return Decimal(bare.replace(",", "."))
    return None


class NumberField(forms.CharField):
    """A number of zero or more, that need not be filled in."""

    def __init__(self, **more: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(required=False, max_length=_LENGTH, widget=widget, **more)

    def clean(self, value: Any) -> Any:
        """The number, or None where nothing was filled in."""
        text = super().clean(value)
        if not text:
            return None
        number = read_number(text, grouped=False)
        if number is None:
            raise ValidationError(_("Write a number, such as 3,5."))
        return float(number)


class WholeField(NumberField):
    """A whole number of zero or more."""

    def clean(self, value: Any) -> int | None:
        """The whole number, or None."""
        number = super().clean(value)
        if number is None:
            return None
        if not float(number).is_integer():
            raise ValidationError(_("Write a whole number, such as 12."))
        return int(number)


class EuroField(NumberField):
    """An amount in euro."""

    def clean(self, value: Any) -> Decimal | None:
        """The amount, or None."""
        text = forms.CharField.clean(self, value)
        if not text:
            return None
        amount = read_number(text, grouped=True)
        if amount is None:
            raise ValidationError(_("Write an amount, such as 1.234,56 or 1234."))
        if -int(amount.as_tuple().exponent) > 2:
            raise ValidationError(_("An amount has two decimals at most."))
        return amount


def number_text(value: float | None) -> str:
    """A number as it stands in a form: 3,5 in Dutch; nothing for None."""
    return "" if value is None else number_format(Decimal(repr(float(value))).normalize(), use_l10n=True, force_grouping=False)


def euro_text(amount: Decimal | None) -> str:
    """An amount as it stands in a form: 1.234,56 in Dutch; cents only where there are any."""
    if amount is None:
        return ""
    whole = amount == amount.to_integral_value()
    return number_format(
        amount.quantize(Decimal(1)) if whole else amount, decimal_pos=0 if whole else 2, use_l10n=True, force_grouping=True
    )
