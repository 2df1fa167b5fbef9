# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whom a counter tells apart, and what an observer sees: the words of the Public Life Data Protocol, with ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knopenkaart.vocabulary import EVERYBODY
from knopenkaart_web.places import words
from knopenkaart_web.visits.models import SPECIAL, Dimensions

UNKNOWN = "unknown"
AGE = "age"
WEATHER = ("sun", "clouds", "rain", "snow", "storm")
WEATHER_LABELS = {
    "sun": gettext_lazy("sunny"),
    "clouds": gettext_lazy("cloudy"),
    "rain": gettext_lazy("rain"),
    "snow": gettext_lazy("snow"),
    "storm": gettext_lazy("storm"),
}
# `moving` is no posture of the protocol: there it is a person under way, with a mode.
POSTURES = {
    "standing": gettext_lazy("standing"),
    "sitting_formal": gettext_lazy("sitting on a seat"),
    "sitting_informal": gettext_lazy("sitting on something else"),
    "lying": gettext_lazy("lying"),
    "moving": gettext_lazy("moving"),
}
ACTIVITIES = {
    "conversing": gettext_lazy("talking"),
    "consuming": gettext_lazy("eating or drinking"),
    "recreation_active": gettext_lazy("playing or moving"),
    "recreation_passive": gettext_lazy("reading or looking"),
    "cultural": gettext_lazy("culture"),
    "commercial": gettext_lazy("buying or selling"),
    "electronic_engagement": gettext_lazy("on a screen"),
    "waiting_other": gettext_lazy("waiting"),
    "working_civic": gettext_lazy("keeping the place"),
}
COMPANY = {
    "group_1": gettext_lazy("alone"),
    "group_2": gettext_lazy("with two"),
    "group_3-7": gettext_lazy("with 3 to 7"),
    "group_8+": gettext_lazy("with 8 or more"),
}


def allowed(study_id: int) -> Mapping[str, Sequence[str]]:
    """By what visitors of a study may be told apart when counted: dimension -> its groups. Without a choice: by age."""
    row = Dimensions.objects.filter(study_id=study_id).first()
    return {AGE: groups_of(AGE)} if row is None else row.groups


def groups_of(dimension: str) -> list[str]:
    """All groups of a dimension, in the order of the vocabulary."""
    return [group.id for group in words.vocabulary().groups.values() if group.dimension == dimension]


def counted(dimension: str, groups: Sequence[str]) -> tuple[str, ...]:
    """What a counter has buttons for: the groups and `unknown`, or everybody together."""
    return (*groups, UNKNOWN) if dimension and groups else (EVERYBODY,)


def is_special(dimension: str) -> bool:
    """Whether a dimension is special in the law: off unless a manager decides otherwise, and never told of one person."""
    return dimension in SPECIAL


def group_label(group: str, lang: str) -> str:
    """The name of a group."""
    found = words.vocabulary().groups.get(group)
    if found is not None:
        return found.name(lang)
    return {UNKNOWN: _("not sure"), EVERYBODY: _("visitors")}.get(group, group)


def dimension_label(dimension: str, lang: str) -> str:
    """The name of a dimension; nothing where nobody is told apart."""
    found = words.vocabulary().dimensions.get(dimension)
    return dimension if found is None else found.name(lang)


def all_dimensions() -> dict[str, list[str]]:
    """Every dimension of the vocabulary with its groups."""
    return {dimension: groups_of(dimension) for dimension in words.vocabulary().dimensions}
