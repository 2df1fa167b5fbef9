# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people fill in: checked against the vocabulary, all faults together, and written as text with its provenance."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from knopenkaart.errors import Fault, InputError
from knopenkaart_web.places import words

TEXTS: Mapping[str, int] = {
    "name": 300,
    "street": 200,
    "housenumber": 60,
    "postcode": 20,
    "city": 200,
    "phone": 200,
    "email": 300,
    "website": 1000,
    "opening_hours": 1000,
    "operator": 300,
    "description": 2000,
}
EDITABLE: tuple[str, ...] = (*TEXTS, "kind", "archetype", "functions", "wheelchair", "lon", "lat", "part_of")
# What who runs a place may say of it; the rest decides what is counted and where.
OPERATED = frozenset({"functions", "description", "operator", "phone", "email", "website", "opening_hours", "wheelchair"})
WHEELCHAIR = ("yes", "limited", "no")
REASON_LENGTH = 2000
_EMAIL = re.compile(r"^[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# A life may begin at any step but the last.
FIRST_STATUSES = ("open", "planned", "vacant")


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """The given properties as values of the columns; empty text becomes None.

    Raises InputError (`values.invalid`) with one fault per field that cannot be used; `fault.column` names it.
    """
    result: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in values.items():
        check = _CHECKS.get(name)
        if check is None:
            faults.append(Fault(code="values.unknown", message="This property cannot be filled in.", column=name))
            continue
        try:
            result[name] = check(name, value)
        except ValueError as error:
            faults.append(Fault(code=str(error), message=_MESSAGES[str(error)], column=name, value=str(value)[:100]))
    if "lon" not in {fault.column for fault in faults} and (result.get("lon") is None) != (result.get("lat") is None):
        faults.append(Fault(code="values.half_point", message=_MESSAGES["values.half_point"], column="lon"))
    if faults:
        raise InputError("Some values cannot be used.", code="values.invalid", faults=faults)
    return result


def reason_text(reason: str) -> str:
    """The reason of a write, which may not be absent. Raises InputError (`reason.absent`)."""
    text = _CONTROL.sub("", reason or "").strip()[:REASON_LENGTH]
    if not text:
        raise InputError("Say why.", code="reason.absent", faults=[Fault(code="reason.absent", message="Say why.", column="reason")])
    return text


def plain(text: str) -> str:
    """What somebody typed, without signs that cannot be seen and without space around it."""
    return _CONTROL.sub("", text or "").strip()


def encode(name: str, value: Any) -> str:
    """A value of a column as the text of an attribute."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ";".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def decode(name: str, text: str) -> Any:
    """The text of an attribute as the value of its column."""
    if name == "functions":
        return [part for part in text.split(";") if part]
    if text == "":
        return None
    if name in {"lon", "lat"}:
        return float(text)
    if name in {"small_spot", "digital", "archetype_assumed"}:
        return text == "true"
    return UUID(text) if name == "part_of" else text


def _text(name: str, value: Any) -> str | None:
    text = _CONTROL.sub("", str(value or "")).strip()
    if len(text) > TEXTS[name]:
        raise ValueError("values.long")
    return text or None


def _website(name: str, value: Any) -> str | None:
    text = _text(name, value)
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname or " " in text):
        raise ValueError("values.website")
    return text


def _email(name: str, value: Any) -> str | None:
    text = _text(name, value)
    if text and not _EMAIL.match(text):
        raise ValueError("values.email")
    return text


def _one_of(options: Callable[[], Any], *, required: bool) -> Callable[[str, Any], str | None]:
    def check(name: str, value: Any) -> str | None:
        text = str(value or "").strip()
        if (required and not text) or (text and text not in options()):
            raise ValueError("values.choice")
        return text or None

    return check


def _functions(name: str, value: Any) -> list[str]:
    chosen = [value] if isinstance(value, str) else list(value or [])
    if not set(chosen) <= set(words.vocabulary().functions):
        raise ValueError("values.choice")
    return [item for item in words.vocabulary().functions if item in chosen]


def _degrees(name: str, value: Any) -> float | None:
    text = str(value if value is not None else "").strip().replace(",", ".")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        raise ValueError("values.degrees") from None
    if not abs(number) <= (180 if name == "lon" else 90):
        raise ValueError("values.degrees")
    return round(number, 7)


def _uuid(name: str, value: Any) -> UUID | None:
    if not value:
        return None
    try:
        return UUID(str(value))
    except ValueError:
        raise ValueError("values.choice") from None


_CHECKS: Mapping[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(TEXTS, _text),
    "website": _website,
    "email": _email,
    "kind": _one_of(lambda: words.vocabulary().kinds, required=True),
    "archetype": _one_of(lambda: words.vocabulary().archetypes, required=True),
    "wheelchair": _one_of(lambda: WHEELCHAIR, required=False),
    "functions": _functions,
    "lon": _degrees,
    "lat": _degrees,
    "part_of": _uuid,
}
_MESSAGES: Mapping[str, str] = {
    "values.long": "This text is too long.",
    "values.website": "Write a web address that begins with https:// or http://.",
    "values.email": "Write an e-mail address.",
    "values.choice": "Choose one of the options.",
    "values.degrees": "Write degrees, such as 4.3571 and 52.0116.",
    "values.half_point": "Give longitude and latitude together, or neither.",
}
