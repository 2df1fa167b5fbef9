# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files with counts, series of counters, bookings and indicators: send, look at what was read, correct, bring in, take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from knopenkaart.errors import InputError
from knopenkaart_web.monitor import importing as indicators
from knopenkaart_web.operation import importing as bookings
from knopenkaart_web.pages import background
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.forms.figures import ColumnsForm, FigureFileForm
from knopenkaart_web.pages.forms.own_figures import OwnTableForm
from knopenkaart_web.pages.monitor import own_table
from knopenkaart_web.pages.views.common import Crumb, find_study, page, place_crumb, posted, study_crumb
from knopenkaart_web.pages.views.edit import UNPROCESSABLE, form_view
from knopenkaart_web.pages.views.freshness import done, http_status, present_place
from knopenkaart_web.pages.views.guard import for_editors, for_operators
from knopenkaart_web.places.actions import figures as actions
from knopenkaart_web.places.queries import figures as queries
from knopenkaart_web.places.queries.figures import FigureFileView
from knopenkaart_web.visits import importing as visits

SHOWN = 100
Form = ColumnsForm | OwnTableForm


@form_view
@for_operators
def place_files(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """Send a file about one place; and the files that were sent."""
    return _files(request, slug, place_id)


@form_view
@for_operators
def place_file(request: HttpRequest, slug: str, place_id: UUID, file_id: UUID) -> HttpResponseBase:
    """One file about a place."""
    return _file(request, slug, place_id, file_id)


@form_view
@for_editors
def study_files(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Send a series of several places, or a table of indicators."""
    return _files(request, slug, None)


@form_view
@for_editors
def study_file(request: HttpRequest, slug: str, file_id: UUID) -> HttpResponseBase:
    """One file about several places or about areas."""
    return _file(request, slug, None, file_id)


def _files(request: HttpRequest, slug: str, place_id: UUID | None) -> HttpResponseBase:
    form, made = FigureFileForm(posted(request), request.FILES or None, several=place_id is None), []

    def send() -> None:
        file = form.cleaned_data["file"]
        made.append(actions.send_file(request.user, slug, place_id, filename=file.name, content=file.read(), **form.values()))
        background.start(None, slug, "read_figures", {"file": made[0]})

    if done(form, send):
        return redirect(_address(slug, place_id, made[0]))
    files = [(file, _address(slug, place_id, file.id)) for file in queries.figure_files(slug, place_id)]
    return _page(request, slug, place_id, "files", form=form, files=files, status=http_status(form))


def _file(request: HttpRequest, slug: str, place_id: UUID | None, file_id: UUID) -> HttpResponseBase:
    file = queries.figure_file(slug, place_id, file_id)
    if file is None:
        raise Http404
    form = _form(posted(request) if request.POST.get("action") == "read" else None, slug, file)
    step = STEPS.get(request.POST.get("action", "")) if request.method == "POST" else None
    refusal = ""
    if step is not None:
        try:
            if not form.is_bound or form.is_valid():
                return redirect(step(request, slug, place_id, file, form))
        except InputError as error:
            refusal = error_text(error.code)
    return _show(request, slug, place_id, file, form, refusal)


def _form(data: QueryDict | None, slug: str, file: FigureFileView) -> Form:
    if file.kind == "indicators":
        return OwnTableForm(data, file=file, slug=slug)
    return ColumnsForm(data, file=file, known=_known(slug, file))


def _show(request: HttpRequest, slug: str, place_id: UUID | None, file: FigureFileView, form: Form, refusal: str) -> HttpResponseBase:
    # While it is read again, what was wrong the last time says nothing.
    last = error_text(file.refusal) if file.refusal and file.state != "sent" else ""
    context = {
        "file": file,
        "form": form,
        "refusal": refusal or last,
        "faults": [{**fault, "text": error_text(str(fault["code"]))} for fault in file.faults[:SHOWN]],
        "notices": [{**notice, "text": error_text(str(notice["code"]))} for notice in file.notices[:SHOWN]],
        "row_count": len(file.found.get("rows", [])),
        "told": own_table.summary(file) if file.kind == "indicators" else None,
        "status": UNPROCESSABLE if request.method == "POST" else 200,
    }
    return _page(request, slug, place_id, "file", **context)


def _read(request: HttpRequest, slug: str, place_id: UUID | None, file: FigureFileView, form: Form) -> str:
    actions.correct_columns(request.user, slug, place_id, file.id, form.corrected())
    background.start(None, slug, "read_figures", {"file": file.id})
    return _address(slug, place_id, file.id)


def _bring_in(request: HttpRequest, slug: str, place_id: UUID | None, file: FigureFileView, form: Form) -> str:
    told = BRING_IN[file.kind](request.user, slug, place_id, file.id)
    messages.success(request, _("Brought in: %(added)s. Already there: %(there)s.") % told)
    return _address(slug, place_id, file.id)


def _take_back(request: HttpRequest, slug: str, place_id: UUID | None, file: FigureFileView, form: Form) -> str:
    TAKE_BACK[file.kind](request.user, slug, place_id, file.id)
    messages.success(request, _("What this file brought in was taken back."))
    return _address(slug, place_id, file.id)


def _discard(request: HttpRequest, slug: str, place_id: UUID | None, file: FigureFileView, form: Form) -> str:
    actions.discard_file(request.user, slug, place_id, file.id)
    messages.success(request, _("The file was thrown away."))
    return _address(slug, place_id)


Step = Callable[[HttpRequest, str, UUID | None, FigureFileView, Form], str]
STEPS: dict[str, Step] = {"read": _read, "bring_in": _bring_in, "take_back": _take_back, "discard": _discard}
BRING_IN: dict[str, Callable[..., dict[str, int]]] = {
    "counts": visits.bring_in_counts,
    "series": visits.bring_in_series,
    "bookings": bookings.bring_in_bookings,
    "indicators": indicators.bring_in_indicators,
}
TAKE_BACK: dict[str, Callable[..., None]] = {
    "counts": visits.take_back_counts,
    "series": visits.take_back_series,
    "bookings": bookings.take_back_bookings,
    "indicators": indicators.take_back_indicators,
}


def _known(slug: str, file: FigureFileView) -> dict[str, str]:
    """What a name in the file may stand for."""
    if file.kind == "bookings":
        return bookings.rooms_of(slug, file.place_id)
    return queries.names_of_places(slug, file.place_id)


def _address(slug: str, place_id: UUID | None, file_id: str | None = None) -> str:
    if place_id is None:
        return reverse("study_figure", args=[slug, file_id]) if file_id else reverse("study_figures", args=[slug])
    return reverse("place_figure", args=[slug, place_id, file_id]) if file_id else reverse("place_figures", args=[slug, place_id])


def _page(request: HttpRequest, slug: str, place_id: UUID | None, name: str, **context: Any) -> HttpResponseBase:
    study = find_study(slug)
    place = present_place(slug, place_id) if place_id else None
    heading = _("Read figures from a file")
    crumbs = [study_crumb(study), *([place_crumb(study, place)] if place else [])]
    crumbs += [Crumb(heading, _address(slug, place_id)), Crumb(context["file"].filename)] if "file" in context else [Crumb(heading)]
    return page(request, study, f"pages/figures/{name}.html", place=place, heading=heading, crumbs=crumbs, **context)
