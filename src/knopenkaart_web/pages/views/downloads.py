# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The downloads page, the files themselves, and the tiles of the map."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from knopenkaart_web.pages.files import DATA_FILES, FILES, LIGHT, PAPER_FILES, Content, File
from knopenkaart_web.pages.views.common import find_study, language, page
from knopenkaart_web.places import queries
from knopenkaart_web.places.views_data import PlaceFilter


@require_safe
def downloads_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What there is to download, with licence and attribution."""
    return page(request, find_study(slug), "pages/downloads.html", data_files=DATA_FILES, paper_files=PAPER_FILES)


@require_safe
def download(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """A file: made at once where that is light, made in the background where it is not."""
    file = FILES.get(name)
    if file is None:
        raise Http404
    return _light(request, slug, file)


def _light(request: HttpRequest, slug: str, file: File) -> HttpResponse:
    study, now = find_study(slug), timezone.now()
    places = queries.export_places(slug, PlaceFilter.from_query(request.GET), now=now)
    content = Content(study, places, study.municipalities, timezone.localdate(now), language())
    response = HttpResponse(LIGHT[file.name](content), content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{slug}-{file.name}"'
    if file.name.endswith(".csv"):
        response["Link"] = f'<{file.name}-metadata.json>; rel="describedby"; type="application/csvm+json"'
    return response


@require_safe
def tiles(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The vector tiles of the base map: MapLibre asks for ranges of bytes, which Django does not answer and WhiteNoise does."""
    path = queries.tiles_file(slug)
    if path is None:
        raise Http404
    headers = [("Content-Type", "application/vnd.pmtiles"), ("Cache-Control", "no-cache")]
    # A compressed range is another range: keep the middleware's hands off.
    request.META["HTTP_ACCEPT_ENCODING"] = "identity"
    response = WhiteNoiseMiddleware.serve(StaticFile(str(path), headers), request)
    return response if isinstance(response, FileResponse) else HttpResponse(status=404)
