# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Logging in and out; too many wrong attempts are refused by the back end (accounts/backends.py)."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView

log_in = LoginView.as_view(template_name="pages/login.html", redirect_authenticated_user=True)
log_out = LogoutView.as_view()
