# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The report of an area as a page and as a PDF, and the reports of a whole municipality for editors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from knopenkaart.errors import InputError
from knopenkaart_web.monitor import queries
from knopenkaart_web.pages import background, turns
from knopenkaart_web.pages.asked import asked_text
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.monitor import report as monitor_report
from knopenkaart_web.pages.monitor.batch import KIND, areas_of
from knopenkaart_web.pages.monitor.report import Report, compose
from knopenkaart_web.pages.views.common import Crumb, attached, find_study, page, refusals_told, study_crumb
from knopenkaart_web.pages.views.guard import for_editors
from knopenkaart_web.pages.views.monitor_common import crumbs_of, find_area, monitor_page, not_now
from knopenkaart_web.pages.views.monitor_fresh import if_changed
from knopenkaart_web.places.views_data import StudyView
from knopenkaart_web.runs import actions
from knopenkaart_web.runs import queries as runs


@require_safe
def report_page(request: HttpRequest, code: str) -> HttpResponse:
    """The report as a page; `met` is what the area is compared with."""
    area, report = find_area(code), _report(request, code)
    context = {"r": report, "headings": monitor_report.headings(), "crumbs": crumbs_of(area, _("Report")), "tab": "report"}
    return monitor_page(request, area, "pages/monitor/report.html", **context)


@require_safe
@if_changed
def report_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The same as PDF."""
    find_area(code)
    try:
        with turns.turn():
            report = _report(request, code)
            content = monitor_report.pdf(report)
    except InputError as error:
        return not_now(error)
    return attached(content, f"{report.ref.code}-{report.language}.pdf", "application/pdf")


def _report(request: HttpRequest, code: str) -> Report:
    found = compose(code, asked_text(request.GET, "met"), language())
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def reports(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Have the reports of all wijken of a municipality made, see how far that is, and fetch them."""
    study = find_study(slug)
    if request.method == "POST":
        return _start(request, study)
    chosen = [item for item in (_state(slug, row.code, row.name) for row in study.municipalities) if item is not None]
    crumbs = [study_crumb(study), Crumb(_("Reports of all wijken"))]
    busy = any(item["run"] is not None and item["run"].busy for item in chosen)
    return page(request, study, "pages/monitor/reports.html", rows=chosen, crumbs=crumbs, busy=busy, edition=queries.edition())


def _start(request: HttpRequest, study: StudyView) -> HttpResponse:
    code = request.POST.get("gemeente", "")
    with refusals_told(request):
        if code not in {item.code for item in study.municipalities}:
            raise InputError("The study has no such municipality.", code="monitor.no_area", remedy="Choose a municipality of the study.")
        background.start(request.user, study.slug, KIND, {"municipality": code, "language": language()})
    return redirect("monitor_reports", study.slug)


def _state(slug: str, code: str, name: str) -> dict[str, Any] | None:
    """How far the reports of a municipality are; None where the monitor does not hold it."""
    areas = areas_of(code)
    if not areas:
        return None
    run = runs.latest(slug, KIND, {"municipality": code, "language": language()})
    refusal = error_text(run.error) if run is not None and run.error else ""
    return {"code": code, "name": name, "number": len(areas), "run": run, "refusal": refusal}


@require_POST
@for_editors
def reports_stop(request: HttpRequest, slug: str, run_id: UUID) -> HttpResponse:
    """Stop reports that are being made."""
    with refusals_told(request):
        actions.cancel(request.user, slug, str(run_id))
        messages.success(request, _("This was stopped."))
    return redirect("monitor_reports", slug)


@require_safe
@for_editors
def reports_file(request: HttpRequest, slug: str, run_id: UUID) -> HttpResponseBase:
    """The archive with reports that were made."""
    run, path = runs.run(slug, str(run_id)), runs.result_file(slug, str(run_id))
    if run is None or run.kind != KIND or path is None:
        raise Http404
    return FileResponse(path.open("rb"), content_type="application/zip", filename=f"{slug}-{path.name}", as_attachment=True)
