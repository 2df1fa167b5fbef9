# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The addresses of the Wijkmonitor: of all areas that the installation has figures of, and of a study."""

from __future__ import annotations

from django.urls import URLPattern, path

from knopenkaart_web.pages.views import monitor, monitor_files, monitor_report

of_all: list[URLPattern] = [
    path("wijkmonitor/", monitor.entry_page, name="monitor"),
    path("wijkmonitor/<str:code>", monitor.profile_page, name="monitor_area"),
    path("wijkmonitor/<str:code>/kaart", monitor.map_page, name="monitor_map"),
    path("wijkmonitor/<str:code>/vergelijk", monitor.compare_page, name="monitor_compare"),
    path("wijkmonitor/<str:code>/vergelijk.csv", monitor_files.compare_csv, name="monitor_compare_csv"),
    path("wijkmonitor/<str:code>/trend", monitor.trend_page, name="monitor_trend"),
    path("wijkmonitor/<str:code>/vergelijkbaar", monitor.similar_page, name="monitor_similar"),
    path("wijkmonitor/<str:code>/vergelijkbaar.csv", monitor_files.similar_csv, name="monitor_similar_csv"),
    path("wijkmonitor/<str:code>/beleving.csv", monitor_files.perception_csv, name="monitor_perception_csv"),
    path("wijkmonitor/<str:code>/beleving", monitor.perception_page, name="monitor_perception"),
    path("wijkmonitor/<str:code>/rapport", monitor_report.report_page, name="monitor_report"),
    path("wijkmonitor/<str:code>/rapport.pdf", monitor_report.report_pdf, name="monitor_report_pdf"),
    path("wijkmonitor/<str:code>/cijfers.csv", monitor_files.csv, name="monitor_csv"),
    path("wijkmonitor/<str:code>/beeld/<slug:what>.<slug:form>", monitor_files.picture, name="monitor_picture"),
    path("wijkmonitor/<str:code>/tabel/<slug:what>.csv", monitor_files.picture_csv, name="monitor_picture_csv"),
    path("wijkmonitor/<str:code>/inbed/<slug:what>", monitor_files.embed, name="monitor_embed"),
]

of_study: list[URLPattern] = [
    path("<slug:slug>/wie-mist-een-plek", monitor.gap_page, name="monitor_gap"),
    path("<slug:slug>/wie-mist-een-plek.csv", monitor_files.gap_csv, name="monitor_gap_csv"),
    path("<slug:slug>/beheer/rapporten", monitor_report.reports, name="monitor_reports"),
    path("<slug:slug>/beheer/rapporten/<uuid:run_id>/stop", monitor_report.reports_stop, name="monitor_reports_stop"),
    path("<slug:slug>/beheer/rapporten/<uuid:run_id>", monitor_report.reports_file, name="monitor_reports_file"),
]
