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

from knopenkaart.errors import InputError
from knopenkaart_web.pages import background
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.files import DATA_FILES, FILES, LIGHT, PAPER_FILES, Content, File, work_of
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.views.common import find_study, named_areas, page
from knopenkaart_web.places import queries
from knopenkaart_web.places.views_data import PlaceFilter
from knopenkaart_web.runs import queries as run_queries

ACCEPTED, SERVICE_UNAVAILABLE = 202, 503


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
    return _light(request, slug, file) if name in LIGHT else _heavy(request, slug, file)


def _heavy(request: HttpRequest, slug: str, file: File) -> HttpResponseBase:
    study = find_study(slug)
    kind, params = work_of(file.name, query=request.GET.urlencode(), language=language())
    try:
        run = background.start(request.user, slug, kind, params)
    except InputError as error:
        return page(request, study, "pages/download_wait.html", refusal=error_text(error.code), status=SERVICE_UNAVAILABLE)
    path = run_queries.result_file(slug, run.id) if run else None
    if path is None:
        refusal = error_text(run.error) if run and run.error else ""
        return page(request, study, "pages/download_wait.html", refusal=refusal, status=SERVICE_UNAVAILABLE if refusal else ACCEPTED)
    response = FileResponse(path.open("rb"), content_type=file.content_type, filename=f"{slug}-{file.name}", as_attachment=True)
    response["Cache-Control"] = "no-cache"
    return response


def _light(request: HttpRequest, slug: str, file: File) -> HttpResponse:
    study, now = find_study(slug), timezone.now()
    places = queries.export_places(slug, PlaceFilter.from_query(request.GET), now=now)
    content = Content(study, places, named_areas(study), timezone.localdate(now), language())
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
