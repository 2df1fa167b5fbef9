# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages and files about the site itself: accessibility, security.txt, robots, the municipality's own design tokens."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from knopenkaart_web.pages.contacts import contact_uri

# RFC 9116 advises less than a year; half a year leaves room for who copies the file.
SECURITY_TXT_VALID = timedelta(days=180)
BAD_REQUEST = 400


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What we cannot answer: a foreign host, too many parameters. It may come before anything is known of the request but its path."""
    with translation.override(translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
        return HttpResponse(render_to_string("400.html"), status=BAD_REQUEST)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "pages/accessibility.html")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to report a weakness; absent where the installation has no address for it."""
    address = contact_uri(settings.SECURITY_CONTACT or settings.CONTACT)
    if not address:
        raise Http404
    expires = (timezone.now() + SECURITY_TXT_VALID).strftime("%Y-%m-%dT00:00:00Z")
    canonical = request.build_absolute_uri("/.well-known/security.txt")
    text = f"Contact: {address}\nExpires: {expires}\nPreferred-Languages: nl, en\nCanonical: {canonical}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines should leave alone: the pages of editors, and what is made on request."""
    text = "User-agent: *\nDisallow: /inloggen\nDisallow: /en/inloggen\nDisallow: /*/beheer/\nDisallow: /*/download/\n"
    # What is drawn for who asks: some eighteen thousand areas, each half a second.
    text += "Disallow: /*/rapport.pdf\nDisallow: /*/beeld/\nDisallow: /*/inbed/\n"
    text += "".join(f"Disallow: {prefix}/{part}/\n" for part in ("beheerder", "controle") for prefix in ("", "/en"))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def tokens(request: HttpRequest) -> HttpResponseBase:
    """The design tokens of the municipality, where the installation has them."""
    if settings.MUNICIPALITY_TOKENS is None:
        raise Http404
    return FileResponse(settings.MUNICIPALITY_TOKENS.open("rb"), content_type="text/css; charset=utf-8")
