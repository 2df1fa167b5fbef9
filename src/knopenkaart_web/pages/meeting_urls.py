# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The addresses of who meets whom."""

from __future__ import annotations

from django.urls import URLPattern, path

from knopenkaart_web.pages.views import meeting

of_study: list[URLPattern] = [
    path("<slug:slug>/ontmoeting", meeting.overview_page, name="meeting"),
    path("<slug:slug>/ontmoeting/kromme", meeting.curve_page, name="curve"),
    path("<slug:slug>/ontmoeting/twijfel", meeting.doubts_page, name="sceptic"),
    path("<slug:slug>/ontmoeting/gemeten", meeting.measured_page, name="measured"),
    path("<slug:slug>/ontmoeting/uitleg", meeting.method_page, name="meeting_method"),
    path("<slug:slug>/plek/<uuid:place_id>/ontmoeting", meeting.place_page, name="place_meeting"),
    path("<slug:slug>/beheer/ontmoeting", meeting.renew, name="meeting_renew"),
    path("<slug:slug>/beheer/ontmoeting/<uuid:run_id>/stop", meeting.stop, name="meeting_stop"),
]
