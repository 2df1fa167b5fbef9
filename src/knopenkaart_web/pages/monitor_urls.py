# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The addresses of the Wijkmonitor: of all areas that the installation has figures of, and of a study."""

from __future__ import annotations

from django.urls import URLPattern

of_all: list[URLPattern] = []

of_study: list[URLPattern] = []
