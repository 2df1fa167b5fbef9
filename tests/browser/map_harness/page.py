# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The map page without the application: the patterns of docs/reference/styles.md around the built component."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from .town import EAST, NORTH, SOUTH, WEST, functions, kinds

BUILD = Path(__file__).resolve().parents[3] / "src" / "knopenkaart_web" / "static" / "build"
TEXTS = {
    "label": "Kaart met plekken. Pijltjes verschuiven de kaart, plus en min zoomen, Tab gaat langs de plekken, Enter opent er een.",
    "failed": "De kaart kan niet worden getoond.",
    "failed_data": "De plekken konden niet worden opgehaald.",
    "count_none": "Geen plek past bij deze filters.",
    "count_one": "1 plek past bij deze filters.",
    "count_many": "{count} plekken passen bij deze filters.",
    "zoom_in": "Inzoomen",
    "zoom_out": "Uitzoomen",
    "whole": "Toon de hele gemeente",
    "cluster": "{count} plekken dicht bij elkaar: zoom in",
    "close": "Sluiten",
    "more": "Meer over deze plek",
    "unnamed": "Zonder naam",
    "neighbour": "Net buiten de gemeente: telt niet mee",
    "small_spot": "Klein plekje: telt niet mee",
    "not_counted": "Deze soort telt hier niet mee",
    "open_now": "Nu open",
    "closed_now": "Nu dicht",
    "wheelchair_yes": "Toegankelijk voor rolstoelen",
    "wheelchair_limited": "Deels toegankelijk voor rolstoelen",
    "wheelchair_no": "Niet toegankelijk voor rolstoelen",
    "status_planned": "Gepland",
    "status_open": "Open",
    "status_vacant": "Staat leeg",
    "status_closed": "Gesloten",
    "legend": "Legenda",
    "legend_nodes": "Aantal plekken per wijk",
    "legend_per1000": "Plekken per 1.000 inwoners, per wijk",
    "legend_function": "Plekken met de functie {function}, per wijk",
    "legend_classes": "In elke klasse zitten ongeveer evenveel wijken.",
    "legend_range": "{from} tot {to}",
    "legend_least": "Gestreept: minstens dit aantal, de bronnen zijn hier niet compleet",
    "at_least": "minstens {number}",
    "legend_unknown": "Onbekend: de bron dekt te weinig, of er wonen te weinig mensen",
    "legend_shapes": "Vorm en kleur: belangrijkste functie",
    "legend_neighbour": "Streepjes: net buiten de gemeente",
    "legend_outline": "Wit: telt niet mee, gepland of leeg",
}


def page() -> str:
    """The whole HTML page."""
    manifest = json.loads((BUILD / "manifest.json").read_text(encoding="utf-8"))
    app, component = manifest["src/app.ts"], manifest["src/map.ts"]
    texts = {**TEXTS, **{f"function_{name}": label for name, label in functions().items()}}
    links = "".join(f'<link rel="stylesheet" href="/static/build/{file}">' for file in app["css"])
    scripts = "".join(f'<script type="module" src="/static/build/{entry["file"]}"></script>' for entry in (app, component))
    return f"""<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kaart van Voorbeeldstad</title>{links}{scripts}</head>
<body class="utrecht-root kk-page kk-theme kk-page--map">
<a class="utrecht-skip-link utrecht-skip-link--visible-on-focus kk-skip" href="#main">Naar de inhoud</a>
{_header()}
<main id="main" class="kk-map-layout" tabindex="-1">
<div class="kk-map-panel"><h1 class="utrecht-heading-2">Kaart van Voorbeeldstad</h1>{_filters()}
<p class="kk-small"><a class="utrecht-link utrecht-link--html-a" href="/plekken"
 data-kk-same-filters>Dezelfde plekken als lijst</a></p></div>
<div class="kk-map-place"><knoop-map class="kk-map" places-url="/places.json" areas-url="/areas.json" tiles-url="/tiles.pmtiles" lang="nl"
 bounds="{WEST},{SOUTH},{EAST},{NORTH}" symbols-url="/static/build/symbols/" attribution="© OpenStreetMap-bijdragers"
 place-url="/plek/00000000-0000-0000-0000-000000000000"><p class="kk-map-wait">De kaart wordt geladen…</p></knoop-map></div>
</main>
<script id="map-texts" type="application/json">{json.dumps(texts)}</script>
</body></html>"""


def _header() -> str:
    return """<header class="kk-header"><div class="kk-header-inner">
<a class="kk-brand" href="/"><span class="kk-brand-name">Knopenkaart</span><span class="kk-brand-sub">Voorbeeldstad</span></a>
<nav class="kk-nav" aria-label="Hoofdmenu"><ul><li><a href="/">Overzicht</a></li><li><a href="/kaart" aria-current="page">Kaart</a></li>
<li><a href="/plekken">Plekken</a></li><li><a href="/downloads">Downloads</a></li>
<li><a href="/over">Over</a></li></ul></nav>
<div class="kk-header-tools"><a class="kk-lang" href="/en/" lang="en" hreflang="en"
>English</a><a class="kk-login" href="/inloggen">Inloggen</a></div>
</div></header>"""


def _filters() -> str:
    chips = "".join(
        f'<label class="kk-chip kk-family-{name}"><input type="checkbox" name="functie" value="{name}"><span>{escape(label)}</span></label>'
        for name, label in functions().items()
    )
    options = "".join(f'<option value="{name}">{escape(kind["label"])}</option>' for name, kind in kinds().items())
    wijken = "".join(f'<option value="WK{index:02}">Wijk {index + 1}</option>' for index in range(6))
    shades = "".join(f'<option value="functie:{name}">{escape(label)}</option>' for name, label in functions().items())
    return f"""<form id="filters" class="kk-filters kk-form" method="get" role="search" aria-label="Plekken zoeken">
<div class="kk-search"><label class="utrecht-form-label" for="q">Zoek op naam of adres</label>
<div class="kk-search-row"><input id="q" name="q" type="search" class="utrecht-textbox" autocomplete="off">
<button class="utrecht-button utrecht-button--secondary-action">Zoek</button></div></div>
<details class="kk-filter-panel" open data-kk-narrow-closed>
<summary>Filters <span class="kk-filter-count" data-kk-filter-count></span></summary>
<fieldset class="kk-fieldset kk-chips"><legend>Functie</legend>{chips}</fieldset>
<div class="kk-field"><label for="soort">Soort</label>
<select id="soort" name="soort"><option value="">Alle soorten</option>{options}</select></div>
<div class="kk-field"><label for="wijk">Wijk</label>
<select id="wijk" name="wijk"><option value="">Alle wijken</option>{wijken}</select></div>
<label class="kk-check"><input type="checkbox" name="open" value="nu"> Nu open</label>
<label class="kk-check"><input type="checkbox" name="rolstoel" value="ja"> Toegankelijk voor rolstoelen</label>
<label class="kk-check"><input type="checkbox" name="plekjes" value="ja"> Ook kleine plekjes</label>
<fieldset class="kk-fieldset" data-kk-shading><legend>Wijken kleuren</legend>
<div class="kk-field"><label for="vlak">Kleur wijken naar</label>
<select id="vlak" name="vlak"><option value="">Niet</option>
<option value="aantal">Aantal plekken</option>
<option value="per1000">Per 1.000 inwoners</option>
<optgroup label="Per functie">{shades}</optgroup></select></div></fieldset>
<div class="kk-actions"><button class="utrecht-button utrecht-button--primary-action">Toon</button>
<a class="utrecht-link utrecht-link--html-a" href="?" data-kk-reset>Wis filters</a></div></details></form>"""
