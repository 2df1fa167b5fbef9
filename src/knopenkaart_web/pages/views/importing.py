# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading a municipality's own list: send, correct what its columns mean, look at faults and places, confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from knopenkaart.errors import InputError
from knopenkaart_web.pages import background, preview
from knopenkaart_web.pages.errors import error_text
from knopenkaart_web.pages.forms.listing import ConfirmForm, MappingForm, UploadForm
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.views.common import find_study, page, posted
from knopenkaart_web.pages.views.edit import UNPROCESSABLE, form_view
from knopenkaart_web.pages.views.guard import for_editors
from knopenkaart_web.places import actions, queries
from knopenkaart_web.places.views_data import DraftRow, RunView
from knopenkaart_web.runs import queries as run_queries


@form_view
@for_editors
def import_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Send a list; and the lists that still wait."""
    study, saved = find_study(slug), queries.saved_mappings(slug)
    form = UploadForm(posted(request), request.FILES or None, saved=list(saved))
    if form.is_bound and form.is_valid():
        try:
            return _send(request, slug, form, saved)
        except InputError as error:
            form.add_error("file", error_text(error.code))
    context = {"form": form, "drafts": queries.import_drafts(slug), "status": UNPROCESSABLE if form.is_bound else 200}
    return page(request, study, "pages/edit/import.html", **context)


@form_view
@for_editors
def draft_page(request: HttpRequest, slug: str, draft_id: int) -> HttpResponseBase:
    """A list that waits: read again with other columns, bring in, or throw away."""
    step = STEPS.get(request.POST.get("action", "")) if request.method == "POST" else None
    if step is not None:
        return step(request, slug, draft_id)
    run = run_queries.run(slug, request.GET.get("run", ""))
    return _show(request, slug, _draft(slug, draft_id), run=run)


def _send(request: HttpRequest, slug: str, form: UploadForm, saved: dict[str, Any]) -> HttpResponseBase:
    file = form.cleaned_data["file"]
    draft_id = actions.import_upload(request.user, slug, file.name, file.read())
    mapping = saved.get(form.cleaned_data["mapping"])
    return _read(request, slug, draft_id, mapping, confidential=form.cleaned_data["confidential"])


def _read(request: HttpRequest, slug: str, draft_id: int, mapping: Any, *, confidential: bool) -> HttpResponseBase:
    run_id = background.start(request.user, slug, "read_list", {"draft": draft_id, "mapping": mapping, "confidential": confidential})
    response = redirect("import_draft", slug, draft_id)
    response["Location"] += f"?run={run_id}"
    return response


def _read_again(request: HttpRequest, slug: str, draft_id: int) -> HttpResponseBase:
    draft = _draft(slug, draft_id)
    form = _mapping_form(draft, request.POST)
    if not form.is_valid():
        return _show(request, slug, draft, mapping_form=form)
    try:
        return _read(request, slug, draft_id, form.corrected(), confidential=bool(_source(draft).get("confidential")))
    except InputError as error:
        form.add_error(None, error_text(error.code))
        return _show(request, slug, draft, mapping_form=form)


def _confirm(request: HttpRequest, slug: str, draft_id: int) -> HttpResponseBase:
    draft, form = _draft(slug, draft_id), ConfirmForm(request.POST)
    if form.is_valid():
        try:
            if form.cleaned_data["keep_as"]:
                actions.save_mapping(request.user, slug, form.cleaned_data["keep_as"], draft.mapping.get("columns", {}))
            totals = actions.import_confirm(request.user, slug, draft_id, form.cleaned_data["reason"])
            text = _("The list was read in: %(added)s places added, %(updated)s updated, %(duplicates)s possible duplicates to review.")
            messages.success(request, text % totals)
            return redirect("review", slug)
        except InputError as error:
            form.refuse(error)
    return _show(request, slug, draft, confirm_form=form)


def _discard(request: HttpRequest, slug: str, draft_id: int) -> HttpResponseBase:
    actions.import_discard(request.user, slug, _draft(slug, draft_id).id)
    messages.success(request, _("The list was thrown away."))
    return redirect("import", slug)


STEPS = {"read": _read_again, "confirm": _confirm, "discard": _discard}


def _show(
    request: HttpRequest,
    slug: str,
    draft: DraftRow,
    *,
    run: RunView | None = None,
    mapping_form: MappingForm | None = None,
    confirm_form: ConfirmForm | None = None,
) -> HttpResponseBase:
    faulty: list[Form] = [form for form in (mapping_form, confirm_form) if form is not None]
    context = {
        "draft": draft,
        "busy": run is not None and run.busy,
        "refusal": error_text(run.error) if run and run.error else "",
        "form": faulty[0] if faulty else None,
        "mapping_form": mapping_form or _mapping_form(draft),
        "confirm_form": confirm_form or ConfirmForm(),
        "rows": preview.rows(draft, language()),
        "faults": preview.faults(draft),
        "is_read": bool(draft.mapping),
        "confidential": bool(_source(draft).get("confidential")),
    }
    return page(request, find_study(slug), "pages/edit/import_draft.html", **context, status=UNPROCESSABLE if faulty else 200)


def _mapping_form(draft: DraftRow, data: Any = None) -> MappingForm:
    return MappingForm(data, mapping=draft.mapping.get("columns", {}), unknown_words=preview.unknown_words(draft.faults))


def _source(draft: DraftRow) -> dict[str, Any]:
    return dict(draft.mapping.get("source", {}))


def _draft(slug: str, draft_id: int) -> DraftRow:
    found = queries.import_draft(slug, draft_id)
    if found is None:
        raise Http404
    return found
