# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Logging in and out, and one's own password; too many wrong attempts are refused by the back end (accounts/backends.py)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from knopenkaart_web.pages.forms.password import OwnPasswordForm
from knopenkaart_web.pages.views.edit import UNPROCESSABLE

log_in = LoginView.as_view(template_name="pages/login.html", redirect_authenticated_user=True)
log_out = LogoutView.as_view()


class OwnPasswordView(PasswordChangeView):
    """Whoever is logged in gives the present password and a new one; other sessions of the account end."""

    template_name = "pages/password.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("studies")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password was changed."))
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


own_password = never_cache(OwnPasswordView.as_view())
