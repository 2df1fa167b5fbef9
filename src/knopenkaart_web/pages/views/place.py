# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of a place."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseGone
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from knopenkaart.publish.schema_org import dumps_for_html
from knopenkaart_web.accounts import permissions
from knopenkaart_web.freshness import queries as freshness
from knopenkaart_web.meeting import queries as meeting
from knopenkaart_web.pages.facts import facts
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.legend import archetype_explanation
from knopenkaart_web.pages.map_texts import map_texts
from knopenkaart_web.pages.operation import public_money
from knopenkaart_web.pages.views.common import Crumb, find_place, find_study, page, study_crumb
from knopenkaart_web.pages.visits.visitors import who_comes
from knopenkaart_web.places.views_data import PlaceView, StudyView
from knopenkaart_web.reach import queries as reach


@require_safe
def place_page(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponse:
    """A place with all that is known about it; one that turned out to be another place leads there."""
    study, place = find_study(slug), find_place(slug, place_id, url=request.build_absolute_uri(request.path))
    if place.merged_into:
        return redirect("place", slug, place.merged_into, permanent=False)
    if place.removed:
        return page(request, study, "pages/place_removed.html", place=place, status=HttpResponseGone.status_code)
    role = permissions.role_at(request.user, slug, place.id)
    return page(request, study, "pages/place.html", **_context(study, place), runs_it=role == "operator")


def _context(study: StudyView, place: PlaceView) -> dict[str, object]:
    return {
        "place": place,
        "facts": facts(place.attributes, language(), current=True),
        "older": facts(place.attributes, language(), current=False),
        "archetype_explanation": archetype_explanation(place.archetype, language()),
        "today": timezone.localtime().isoweekday(),
        "json_ld": _json_ld(place),
        "map_texts": map_texts(),
        "checked": freshness.checked(study.slug, place),
        "reply": freshness.reply(place.id),
        "money": public_money(study.slug, place),
        "who": who_comes(study.slug, place.id, language()),
        "reach": reach.place(study.slug, place.id, lang=language()),
        "meets": meeting.reckoned(study.slug, place.id),
        "crumbs": [study_crumb(study), *_area_crumbs(study, place), Crumb(place.label)],
    }


def _area_crumbs(study: StudyView, place: PlaceView) -> list[Crumb]:
    if place.wijk_code and place.wijk_name:
        return [Crumb(place.wijk_name, reverse("area", args=[study.slug, place.wijk_code]))]
    if len(study.municipalities) > 1 and place.municipality_code and place.municipality_name:
        return [Crumb(place.municipality_name, reverse("municipality", args=[study.slug, place.municipality_code]))]
    return []


def _json_ld(place: PlaceView) -> SafeString:
    # dumps_for_html escapes < > & and the line separators, so that no value can end the script element.
    return mark_safe(dumps_for_html(place.schema_org))  # noqa: S308
