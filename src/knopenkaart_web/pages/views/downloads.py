# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The downloads page, the files themselves, and the tiles of the map."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_safe
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from knopenkaart.errors import InputError
from knopenkaart_web.pages import background
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.files import DATA_FILES, FILES, LIGHT, PAPER_FILES, REACH_FILES, REACH_NAMES, Content, File, work_of
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.views.common import attached, find_study, named_areas, page
from knopenkaart_web.places import queries
from knopenkaart_web.places.views_data import PlaceFilter, StudyView
from knopenkaart_web.reach.opening import about, may_be_handed_out
from knopenkaart_web.runs import queries as run_queries

# A file that nobody asked for is not there yet: a program that fetches it must not take the page with the button for the file.
STATUS = {"absent": 404, "busy": 202, "refused": 503}


@require_safe
def downloads_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What there is to download, with licence and attribution."""
    told = about(slug)
    context = {
        "data_files": DATA_FILES,
        "paper_files": PAPER_FILES,
        "light": LIGHT,
        "reach_files": REACH_FILES if told else (),
        "reach_names": REACH_NAMES,
        "reach_about": told,
    }
    return page(request, find_study(slug), "pages/downloads.html", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """A file: made at once where that is light; where it is not, a POST has it made and a GET gives what is there."""
    file = FILES.get(name)
    if file is None:
        raise Http404
    if name in LIGHT or name in REACH_NAMES:
        give = _reach if name in REACH_NAMES else _light
        return give(request, slug, file) if request.method != "POST" else HttpResponseNotAllowed(["GET", "HEAD"])
    return _make(request, slug, file) if request.method == "POST" else _fetch(request, slug, file)


def _reach(request: HttpRequest, slug: str, file: File) -> HttpResponseBase:
    """A table of reach, as it was made with the newest reckoning; nobody gets one that names a place that is hidden since."""
    study = find_study(slug)
    path = run_queries.reach_folder_file(slug, file.name)
    if path is None:
        raise Http404
    if not may_be_handed_out(slug):
        return _tell(request, study, file, "busy")
    response = FileResponse(path.open("rb"), content_type=file.content_type, filename=f"{slug}-{file.name}", as_attachment=True)
    response["Cache-Control"] = "no-cache"
    if file.name.endswith(".csv"):
        described = f"{file.name.removesuffix('.csv')}-metadata.json"
        response["Link"] = f'<{described}>; rel="describedby"; type="application/csvm+json"'
    return response


def _make(request: HttpRequest, slug: str, file: File) -> HttpResponseBase:
    study = find_study(slug)
    kind, params = work_of(file.name, query=request.GET.urlencode(), language=language())
    try:
        background.start(request.user, slug, kind, params)
    except InputError as error:
        return _tell(request, study, file, "refused", error_text(error.code))
    return redirect(_address(request, slug, file))


def _fetch(request: HttpRequest, slug: str, file: File) -> HttpResponseBase:
    study = find_study(slug)
    kind, params = work_of(file.name, query=request.GET.urlencode(), language=language())
    run = run_queries.latest(slug, kind, params)
    path = run_queries.result_file(slug, run.id) if run else None
    if path is not None:
        response = FileResponse(path.open("rb"), content_type=file.content_type, filename=f"{slug}-{file.name}", as_attachment=True)
        response["Cache-Control"] = "no-cache"
        return response
    if run is None:
        return _tell(request, study, file, "absent")
    return _tell(request, study, file, "refused", error_text(run.error)) if run.error else _tell(request, study, file, "busy")


def _tell(request: HttpRequest, study: StudyView, file: File, state: str, refusal: str = "") -> HttpResponse:
    context = {"file": file, "state": state, "refusal": refusal, "address": _address(request, study.slug, file)}
    answer = page(request, study, "pages/download_wait.html", **context, status=STATUS[state])
    add_never_cache_headers(answer)
    return answer


def _address(request: HttpRequest, slug: str, file: File) -> str:
    query = request.GET.urlencode()
    return reverse("download", args=[slug, file.name]) + (f"?{query}" if query else "")


def _light(request: HttpRequest, slug: str, file: File) -> HttpResponse:
    study, now = find_study(slug), timezone.now()
    places = queries.export_places(slug, PlaceFilter.from_query(request.GET), now=now)
    content = Content(study, places, named_areas(study), timezone.localdate(now), language())
    response = attached(LIGHT[file.name](content), f"{slug}-{file.name}", file.content_type)
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
