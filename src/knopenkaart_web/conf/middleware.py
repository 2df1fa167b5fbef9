# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Headers that Django and django-csp do not set, bounds on what is sent and asked, and one edition of the monitor per request."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from knopenkaart_web.monitor import stamping

PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(self), microphone=(), payment=(), usb=()"


# What stands around a file in a form.
FORM_BYTES = 1024 * 1024
TOO_LARGE = 413
NOT_FOUND = 404


def bounded_requests(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: refuses what is larger than the largest list before a byte of it is stored.

    Django bounds the fields of a form but writes its files to disk at the first look at the form, which is the check against forgery:
    before anybody has logged in.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isdecimal() or len(length) > 18 or int(length) > settings.UPLOAD_MAX_BYTES + FORM_BYTES:
            most = settings.UPLOAD_MAX_BYTES // 1024**2
            return HttpResponse(
                f"Te groot: hoogstens {most} MB. / Too large: at most {most} MB.",
                status=TOO_LARGE,
                content_type="text/plain; charset=utf-8",
            )
        return get_response(request)

    return middleware


def no_nul(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: an address with the character NUL is the address of nothing.

    PostgreSQL takes no text that holds one: whatever looks such a code or word up would end in an error of the server.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponse("Niet gevonden / Not found", status=NOT_FOUND, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware


def extra_headers(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: what the browser may use, and that no other site may embed our files."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def one_edition(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: all of one page is made of the same edition of the monitor."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with stamping.held():
            return get_response(request)

    return middleware
