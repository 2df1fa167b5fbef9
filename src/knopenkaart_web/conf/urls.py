# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""All addresses: Dutch without a prefix, English under /en/."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

handler400 = "knopenkaart_web.pages.views.meta.bad_request"
urlpatterns = [
    *i18n_patterns(path("", include("knopenkaart_web.pages.urls")), prefix_default_language=False),
]
