# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Links that keep the state of the page: its filter, its sorting, its language."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from knopenkaart_web.pages.contacts import contact_uri
from knopenkaart_web.places.views_data import AreaRow, StudyView

register = template.Library()


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: object) -> str:
    """The query string of this page with other values; a value of None or "" takes the name out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.simple_tag
def site_url(name: str, *arguments: object) -> str:
    """The address of a page with the name of this site, to use elsewhere."""
    return settings.BASE_URL + reverse(name, args=arguments)


@register.simple_tag(takes_context=True)
def here_in(context: Context, language: str) -> str:
    """The address of this same page, with its query, in another language."""
    request: HttpRequest | None = context.get("request")
    here = request.get_full_path() if request else ""
    there = translate_url(here, language)
    if there != here or language == get_language():
        return there
    # A page that does not exist has no translation: to the first page then.
    with override(language):
        return reverse("studies")


@register.simple_tag(takes_context=True)
def current(context: Context, *names: str) -> str:
    """The name of the view that made this page, if it is one of these; to mark the place in a menu."""
    request: HttpRequest | None = context.get("request")
    match = request.resolver_match if request else None
    return (match.url_name or "") if match and match.url_name in names else ""


@register.simple_tag
def area_url(study: StudyView, row: AreaRow) -> str:
    """The page of an area; the only municipality of a study is the page of the study itself."""
    if row.level != "municipality":
        return reverse("area", args=[study.slug, row.code])
    if len(study.municipalities) == 1:
        return reverse("study", args=[study.slug])
    return reverse("municipality", args=[study.slug, row.code])


@register.simple_tag
def attributions(study: StudyView) -> dict[str, str | None]:
    """Whom to name and where that leads, each once however many files they gave."""
    return {_(source.attribution): source.url for source in study.sources if source.attribution}


@register.simple_tag
def contact_link() -> str:
    """The address of whoever runs this installation as a link; empty where none is set."""
    return contact_uri(settings.CONTACT)


@register.simple_tag
def own_tokens() -> str:
    """The address of the municipality's own design tokens; empty where there are none."""
    return reverse("tokens") if settings.MUNICIPALITY_TOKENS else ""
