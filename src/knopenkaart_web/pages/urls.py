# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The addresses of all pages; the same paths in both languages."""

from __future__ import annotations

from django.urls import path

from knopenkaart_web.pages.views import accounts, area, downloads, edit, importing, lists, meta, place, reach, review, selection
from knopenkaart_web.pages.views import map as map_views

urlpatterns = [
    path("", area.studies_page, name="studies"),
    path("inloggen", accounts.log_in, name="login"),
    path("uitloggen", accounts.log_out, name="logout"),
    path("wachtwoord", accounts.own_password, name="password"),
    path("toegankelijkheid", meta.accessibility, name="accessibility"),
    path("huisstijl.css", meta.tokens, name="tokens"),
    path("robots.txt", meta.robots, name="robots"),
    path(".well-known/security.txt", meta.security_txt, name="security_txt"),
    path("<slug:slug>/", area.study_page, name="study"),
    path("<slug:slug>/kaart", map_views.map_page, name="map"),
    path("<slug:slug>/plekken", lists.places_page, name="places"),
    path("<slug:slug>/plek/<uuid:place_id>", place.place_page, name="place"),
    path("<slug:slug>/plek/<uuid:place_id>/bereik", reach.place_reach, name="place_reach"),
    path("<slug:slug>/bereik", reach.reach_page, name="reach"),
    path("<slug:slug>/nabij", reach.near_page, name="near"),
    path("<slug:slug>/wijk/<path:code>", area.area_page, name="area"),
    path("<slug:slug>/gemeente/<path:code>", area.municipality_page, name="municipality"),
    path("<slug:slug>/downloads", downloads.downloads_page, name="downloads"),
    path("<slug:slug>/over", area.about_page, name="about"),
    path("<slug:slug>/data/places.json", map_views.places_json, name="places_json"),
    path("<slug:slug>/data/areas.json", map_views.areas_json, name="areas_json"),
    path("<slug:slug>/data/bereik/<uuid:place_id>.json", reach.isochrones_json, name="isochrones_json"),
    path("<slug:slug>/data/bereik.json", reach.measures_json, name="measures_json"),
    path("<slug:slug>/data/woningen.json", reach.homes_json, name="homes_json"),
    path("<slug:slug>/download/<str:name>", downloads.download, name="download"),
    path("<slug:slug>/tegels.pmtiles", downloads.tiles, name="tiles"),
    path("<slug:slug>/beheer/", review.review_page, name="review"),
    path("<slug:slug>/beheer/besluit/<int:item_id>", review.decide, name="decide"),
    path("<slug:slug>/beheer/terugdraaien/<int:event_id>", review.undo, name="undo"),
    path("<slug:slug>/beheer/bereik", reach.renew, name="reach_renew"),
    path("<slug:slug>/beheer/soorten", selection.selection_page, name="selection"),
    path("<slug:slug>/beheer/plek/nieuw", edit.place_new, name="place_new"),
    path("<slug:slug>/plek/<uuid:place_id>/bewerk", edit.place_edit, name="place_edit"),
    path("<slug:slug>/plek/<uuid:place_id>/status", edit.place_status, name="place_status"),
    path("<slug:slug>/plek/<uuid:place_id>/samenvoegen", edit.place_merge, name="place_merge"),
    path("<slug:slug>/plek/<uuid:place_id>/splits", edit.place_split, name="place_split"),
    path("<slug:slug>/plek/<uuid:place_id>/geschiedenis", edit.place_history, name="place_history"),
    path("<slug:slug>/beheer/import", importing.import_page, name="import"),
    path("<slug:slug>/beheer/import/<int:draft_id>", importing.draft_page, name="import_draft"),
]
