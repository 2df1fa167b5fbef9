# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The map page without the application: the patterns of docs/reference/styles.md around the built component."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path

from .town import EAST, GROUPS, NORTH, SLOTS, SOUTH, WEST, functions, kinds

BUILD = Path(__file__).resolve().parents[3] / "src" / "knopenkaart_web" / "static" / "build"
TEXTS = {
    "label": "Kaart met plekken. Pijltjes verschuiven de kaart, plus en min zoomen, Tab gaat langs de plekken, Enter opent er een.",
    "failed": "De kaart kan niet worden getoond.",
    "failed_data": "De plekken konden niet worden opgehaald.",
    "failed_areas": "De gebieden konden niet worden opgehaald.",
    "failed_measure": "De cijfers konden niet worden opgehaald.",
    "failed_homes": "De woningen konden niet worden opgehaald.",
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
    "level_wijk": "wijk",
    "level_buurt": "buurt",
    "legend_nodes": "Aantal plekken per {area}",
    "legend_per1000": "Plekken per 1.000 inwoners, per {area}",
    "legend_function": "Plekken met de functie {function}, per {area}",
    "legend_classes": "In elke klasse zitten ongeveer evenveel gebieden.",
    "legend_range": "{from} tot {to}",
    "legend_least": "Gestreept: minstens dit aantal, de bronnen zijn hier niet compleet",
    "legend_most": "Gestreept: hoogstens dit",
    "legend_more": "Gestreept: minstens dit",
    "legend_made": "Berekend op {date}.",
    "legend_sources": "Bronnen: {sources}.",
    "legend_stale": "Niet actueel: daarna veranderd.",
    "legend_failed": "Niet actueel: opnieuw berekenen is niet gelukt.",
    "at_least": "minstens {number}",
    "at_most": "hoogstens {number}",
    "percent": "{number} %",
    "minutes": "{number} min",
    "within_minutes": "binnen {number} min",
    "more_minutes": "meer dan {number} min",
    "mode_walk": "lopend",
    "mode_cycle": "met de fiets",
    "measure_minuten": "Minuten naar de dichtstbijzijnde: {what}",
    "measure_zonder": "Bewoners zonder plek dichtbij: {what}",
    "measure_keuze": "Aantal plekken dichtbij",
    "measure_perplek": "Bewoners per plek: {what}",
    "measure_open": "Iets open dichtbij: {slot}",
    "about_minuten": "De helft kan er binnen deze tijd zijn.",
    "about_zonder": "Het deel dat er geen heeft binnen {minutes} minuten.",
    "about_keuze": "De helft heeft zoveel plekken binnen {minutes} minuten.",
    "about_perplek": "Hoeveel bewoners een plek delen binnen {longest} minuten.",
    "about_open": "Het deel met een open plek binnen {minutes} minuten.",
    "measure_who": "Wie: {group}.",
    "measure_how": "Hoe: {mode}.",
    "measure_areas": "Per {area}.",
    "almost_nobody": "bijna niemand",
    "almost_everybody": "bijna iedereen",
    "no_place": "geen plek binnen bereik",
    "why_few": "Onbekend: te weinig mensen.",
    "why_nobody": "Hier woont niemand.",
    "why_absent": "Onbekend: nergens staat waar mensen wonen.",
    "why_partial": "Onbekend: de bronnen bevatten maar een deel.",
    "legend_homes": "Minuten lopen vanaf de woningen: {what}",
    "legend_squares": "Elk rondje is een vierkant.",
    "legend_ring": "Open rondje: hoogstens zoveel minuten",
    "legend_ring_unknown": "Grijs rondje: onbekend",
    "legend_unknown": "Onbekend: de bron dekt te weinig, of er wonen te weinig mensen",
    "legend_shapes": "Vorm en kleur: belangrijkste functie",
    "legend_neighbour": "Streepjes: net buiten de gemeente",
    "legend_outline": "Wit: telt niet mee, gepland of leeg",
}


def page() -> str:
    """The whole HTML page."""
    manifest = json.loads((BUILD / "manifest.json").read_text(encoding="utf-8"))
    app, component = manifest["src/app.ts"], manifest["src/map.ts"]
    texts = {**TEXTS, **_names()}
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
<div class="kk-map-place"><knoop-map class="kk-map" places-url="/places.json" areas-url="/areas.json"
 measures-url="/bereik.json" homes-url="/woningen.json" tiles-url="/tiles.pmtiles" lang="nl"
 bounds="{WEST},{SOUTH},{EAST},{NORTH}" symbols-url="/static/build/symbols/" attribution="© OpenStreetMap-bijdragers"
 place-url="/plek/00000000-0000-0000-0000-000000000000"><p class="kk-map-wait">De kaart wordt geladen…</p></knoop-map></div>
</main>
<script id="map-texts" type="application/json">{json.dumps(texts)}</script>
</body></html>"""


def _names() -> dict[str, str]:
    """The names of what one may look for, of groups and of dayparts."""
    own = {f"{kind}_{name}": label for kind in ("function", "what") for name, label in functions().items()}
    groups = {f"group_{name}": label for name, label in GROUPS.items()}
    return own | groups | {f"slot_{name}": label for name, label in SLOTS.items()}


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
<option value="keuze">Aantal plekken dichtbij</option>
<option value="open">Iets open dichtbij</option>
<optgroup label="Per functie">{shades}</optgroup>
{_measures()}</select></div>{_details()}
<div class="kk-field"><label for="woningen">Kleur de woningen</label><select id="woningen" name="woningen"><option value="">Niet</option>
<option value="eat">Eten</option></select></div></fieldset>
<div class="kk-actions"><button class="utrecht-button utrecht-button--primary-action">Toon</button>
<a class="utrecht-link utrecht-link--html-a" href="?" data-kk-reset>Wis filters</a></div></details></form>"""


def _measures() -> str:
    titles = {"minuten": "Minuten", "zonder": "Bewoners zonder", "perplek": "Bewoners per plek"}
    return "".join(
        f'<optgroup label="{title}">'
        + "".join(f'<option value="{kind}:{name}">{escape(label)}</option>' for name, label in functions().items())
        + "</optgroup>"
        for kind, title in titles.items()
    )


def _details() -> str:
    offered = {
        "groep": ("Bewoners", GROUPS),
        "minuten": ("Binnen hoeveel minuten", {"10": "10", "5": "5", "15": "15"}),
        "hoe": ("Hoe", {"walk": "lopend", "cycle": "met de fiets"}),
        "dagdeel": ("Dagdeel", SLOTS),
        "niveau": ("Welke gebieden", {"": "Wijken", "buurt": "Buurten"}),
    }
    return "".join(_detail(name, label, choices) for name, (label, choices) in offered.items())


def _detail(name: str, label: str, choices: Mapping[str, str]) -> str:
    """One further choice; the first is the usual one."""
    options = "".join(
        f'<option value="{value}"{" selected" if index == 0 else ""}>{escape(text)}</option>'
        for index, (value, text) in enumerate(choices.items())
    )
    return (
        f'<div class="kk-field" data-kk-detail="{name}" hidden><label for="{name}">{label}</label>'
        f'<select id="{name}" name="{name}">{options}</select></div>'
    )
