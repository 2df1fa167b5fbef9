# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The manager's choice of the kinds that count as a social node."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from knopenkaart.errors import InputError
from knopenkaart_web.pages.forms.selection import SelectionForm
from knopenkaart_web.pages.language import language
from knopenkaart_web.pages.views.common import find_study, page, posted
from knopenkaart_web.pages.views.edit import form_view
from knopenkaart_web.pages.views.guard import for_managers
from knopenkaart_web.places import actions, queries


@form_view
@for_managers
def selection_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Tick the kinds that count."""
    study = find_study(slug)
    form = SelectionForm(posted(request), rows=queries.selection(slug, lang=language()))
    if form.is_bound and form.is_valid():
        try:
            actions.select_kinds(request.user, slug, form.chosen(), form.cleaned_data["reason"])
            messages.success(request, _("The choice was saved. All counts are made anew."))
            return redirect("study", slug)
        except InputError as error:
            form.refuse(error)
    return page(request, study, "pages/edit/selection.html", form=form, status=422 if form.is_bound else 200)
