# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything that a build of one municipality needs, fetched from the public sources: areas, key figures and OpenStreetMap."""

from __future__ import annotations

import csv
import json
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
from rapidfuzz import process

from knopenkaart.errors import InputError, SourceError
from knopenkaart.geo import RD_BOUNDS
from knopenkaart.progress import Progress, silent
from knopenkaart.sources._http import OSM_XML, Edge, EdgeRules, Fetched, Terms
from knopenkaart.sources._odata import pages, rows, shaped, wrong
from knopenkaart.sources.addresses import slug
from knopenkaart.tables import NOTICES, SOURCES

_CRS84_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_TAIL_BYTES = 4096
_METRES_PER_DEGREE = 111_320.0
_CODE = re.compile(r"(?i)(?:GM)?(\d{4})")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The public services as the file of endpoints describes them."""

    hosts: frozenset[str]
    default_year: int
    aliases: Mapping[str, str]
    areas: Mapping[str, Any]
    figures: Mapping[str, Any]
    osm: Mapping[str, Any]


@dataclass(frozen=True)
class OnlineSources:
    """The files of one municipality, in the cache, with where they come from and what a user should know of them."""

    osm: Path
    areas: tuple[Path, ...]
    figures: tuple[Path, ...]
    municipality_code: str
    municipality_name: str
    year: int
    sources: pd.DataFrame
    notices: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _Job:
    edge: Edge
    endpoints: Endpoints
    cache: Path
    year: int
    code: str
    progress: Progress


def read_endpoints(path: Path | None = None) -> Endpoints:
    """The endpoints of the package, or those of a file of the same shape. Raises InputError."""
    try:
        text = (path or resources.files("knopenkaart.sources").joinpath("endpoints.toml")).read_text(encoding="utf-8")
        data = tomllib.loads(text)
        parts = {name: data[name] for name in ("areas", "figures", "osm")}
        aliases = {name.lower(): official for name, official in data.get("aliases", {}).items()}
        return Endpoints(frozenset(data["hosts"]), int(data["default_year"]), aliases, **parts)
    except (OSError, ValueError, KeyError, TypeError) as error:
        remedy = "Compare it with src/knopenkaart/sources/endpoints.toml."
        raise InputError(f"The endpoints cannot be read: {error!r}.", code="online.endpoints", remedy=remedy) from error


def fetch_municipality(
    name: str,
    *,
    cache: Path,
    year: int | None = None,
    progress: Progress = silent,
    contact: str = "",
    endpoints: Endpoints | None = None,
    edge: Edge | None = None,
) -> OnlineSources:
    """The OpenStreetMap extract, the CBS areas and the CBS key figures of one municipality.

    `name` is a municipality's name or code (GM0503); `cache` the folder that keeps what was fetched; `year` that of areas and figures
    (default: the endpoints' own); `contact` stands in the User-Agent, so that a publisher can reach whoever runs this. Files younger than
    the endpoints say are used as they are; when a source is down, an older copy serves and a notice gives its date.
    Raises InputError (no such municipality or year) and SourceError (a source gave nothing usable, and there is no copy).
    """
    endpoints = endpoints or read_endpoints()
    year = year or endpoints.default_year
    years = sorted(int(known) for known in endpoints.figures["tables"])
    if year not in years:
        raise InputError(
            f"There are no areas of {year} online.", code="online.year", remedy=f"The years are: {', '.join(map(str, years))}."
        )
    own = edge or Edge(EdgeRules(endpoints.hosts, contact=contact, timeout_s=float(endpoints.osm["timeout_s"]) + 30.0))
    try:
        return _fetch_all(name, _Job(own, endpoints, cache, year, "", progress))
    finally:
        if edge is None:
            own.close()


def _fetch_all(name: str, job: _Job) -> OnlineSources:
    register = _fetch_register(job)
    code, official = _find_municipality(name, register.path, job)
    job = _Job(job.edge, job.endpoints, job.cache, job.year, code, job.progress)
    collections = list(job.endpoints.areas["collections"])
    areas = []
    for done, collection in enumerate(collections):
        job.progress("online.areas", done / len(collections))
        areas.append(_fetch_areas(collection, job))
    job.progress("online.figures", 0.0)
    figures = _fetch_figures(job)
    bounds = _bounds(json.loads(areas[0].path.read_text(encoding="utf-8"))["features"])
    osm = _fetch_osm(bounds, job)
    job.progress("online.osm", 1.0)
    rows = [
        _source_row(f"cbs_areas_{job.year}", _title(job.endpoints.areas, job.year), areas[0]),
        _source_row(f"cbs_kwb_{job.year}", _title(job.endpoints.figures, job.year), figures),
        _source_row("osm", _title(job.endpoints.osm, job.year), osm),
    ]
    notices = [_offline_notice(fetched) for fetched in (register, *areas, figures, osm) if fetched.offline]
    return OnlineSources(
        osm.path,
        tuple(fetched.path for fetched in areas),
        (figures.path,),
        code,
        official,
        job.year,
        SOURCES.frame(rows),
        NOTICES.frame(notices),
    )


def _terms(part: Mapping[str, Any], year: int) -> Terms:
    attribution = str(part["attribution"]).format(year=year)
    return Terms(_title(part, year), str(part["licence"]), attribution, float(part["max_age_days"]), int(part["max_bytes"]))


def _title(part: Mapping[str, Any], year: int) -> str:
    return str(part["title"]).format(year=year)


def _table_url(job: _Job) -> str:
    return str(job.endpoints.figures["url"]).format(table=job.endpoints.figures["tables"][str(job.year)])


def _fetch_register(job: _Job) -> Fetched:
    """The names and codes of all municipalities of the year."""
    url = f"{_table_url(job)}/WijkenEnBuurtenCodes"

    def make(fresh: Path) -> date | None:
        rows = list(_odata(url, {"$filter": "startswith(Identifier,'GM')"}, job))
        names = {str(row["Identifier"]).strip(): _plain_name(str(row["Title"])) for row in rows if str(row["Identifier"]).startswith("GM")}
        if not names:
            raise wrong("online.empty", "The list of municipalities is empty.")
        fresh.write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        return None

    terms = _terms(job.endpoints.figures, job.year)
    return job.edge.cached(job.cache / f"cbs_municipalities_{job.year}.json", url=url, terms=terms, make=shaped(make, url), request=url)


def _plain_name(title: str) -> str:
    return title.strip().removesuffix("(gemeente)").strip()


def _find_municipality(name: str, register: Path, job: _Job) -> tuple[str, str]:
    names: dict[str, str] = json.loads(register.read_text(encoding="utf-8"))
    if match := _CODE.fullmatch(name.strip()):
        code = f"GM{match[1]}"
        if code in names:
            return code, names[code]
    wanted = slug(job.endpoints.aliases.get(name.strip().lower(), name))
    found = [(code, official) for code, official in names.items() if slug(official) == wanted]
    if len(found) == 1:
        return found[0]
    near = [official for official, _, _ in process.extract(name, sorted(names.values()), limit=3, score_cutoff=50)]
    remedy = f"Did you mean: {', '.join(near)}?" if near else "Give the name or the code (GM0503)."
    raise InputError(f"There is no municipality {name!r} in {job.year}.", code="online.no_municipality", remedy=remedy)


def _fetch_areas(collection: str, job: _Job) -> Fetched:
    part = job.endpoints.areas
    url = str(part["url"]).format(year=job.year, collection=collection)
    params = {"f": "json", "limit": str(part["page_size"]), "gemeentecode": job.code, "crs": _CRS84_URI}

    def make(fresh: Path) -> date | None:
        features = [feature for feature in _features(url, params, job) if _municipality_of(feature) == job.code]
        if not features:
            raise wrong("online.empty", f"{collection} of {job.code} in {job.year}: the service has none.")
        _check_degrees(features, collection)
        document = {"type": "FeatureCollection", "features": features}
        fresh.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return date(job.year, 1, 1)

    target = job.cache / f"cbs_{collection}_{job.year}_{job.code}.geojson"
    return job.edge.cached(target, url=url, terms=_terms(part, job.year), make=shaped(make, url), request=url)


def _features(url: str, params: Mapping[str, str], job: _Job) -> Iterator[dict[str, Any]]:
    """The features of every page of an OGC API collection."""
    for page in pages(job.edge, url, params=params, following=_next_link, max_bytes=int(job.endpoints.areas["max_bytes"])):
        features = page.get("features") if isinstance(page, dict) else None
        if not isinstance(features, list):
            raise wrong("online.shape", f"{url} gave JSON that is no collection of features.")
        yield from features


def _next_link(page: Mapping[str, Any]) -> str | None:
    return next((str(link["href"]) for link in page.get("links", ()) if link.get("rel") == "next" and link.get("href")), None)


def _municipality_of(feature: Mapping[str, Any]) -> str:
    return str((feature.get("properties") or {}).get("gemeentecode", "")).strip()


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], (int, float)):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates or ():
        yield from _points(part)


def _check_degrees(features: Iterable[Mapping[str, Any]], collection: str) -> None:
    """Refuse metres, and latitude before longitude: both would put the municipality in another part of the world."""
    west, south, east, north = RD_BOUNDS
    for feature in features:
        for x, y in _points((feature.get("geometry") or {}).get("coordinates")):
            if not (west <= x <= east and south <= y <= north):
                message = f"{collection}: coordinates such as ({x:g}, {y:g}) are not longitude and latitude in the Netherlands."
                raise wrong("online.wrong_crs", message)


def _bounds(features: Iterable[Mapping[str, Any]]) -> tuple[float, float, float, float]:
    points = [point for feature in features for point in _points((feature.get("geometry") or {}).get("coordinates"))]
    if not points:
        raise wrong("online.empty", "The municipality has no outline.")
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _odata(url: str, params: Mapping[str, str] | None, job: _Job) -> Iterator[dict[str, Any]]:
    """The rows of every page of an OData v4 collection."""
    return rows(job.edge, url, params=params, max_bytes=int(job.endpoints.figures["max_bytes"]))


def _fetch_figures(job: _Job) -> Fetched:
    """The key figures of the municipality, its wijken and buurten, written in the form of a StatLine download."""
    base, number = _table_url(job), job.code.removeprefix("GM")

    def of_areas(name: str) -> dict[str, str]:
        return {"$filter": " or ".join(f"startswith({name},'{level}{number}')" for level in ("GM", "WK", "BU"))}

    def make(fresh: Path) -> date | None:
        groups = {row["Id"]: row for row in _odata(f"{base}/MeasureGroups", None, job)}
        measures = {row["Identifier"]: _measure_title(row, groups) for row in _odata(f"{base}/MeasureCodes", None, job)}
        names = {
            str(r["Identifier"]).strip(): str(r["Title"]).strip()
            for r in _odata(f"{base}/WijkenEnBuurtenCodes", of_areas("Identifier"), job)
        }
        values: dict[str, dict[str, Any]] = {}
        for row in _odata(f"{base}/Observations", of_areas("WijkenEnBuurten"), job):
            value = row.get("Value") if row.get("Value") is not None else row.get("StringValue")
            values.setdefault(str(row["WijkenEnBuurten"]).strip(), {})[row["Measure"]] = value
        if job.code not in values:
            raise wrong("online.empty", f"Key figures of {job.code} in {job.year}: the service has none.")
        _write_statline(fresh, measures, names, values)
        return date(job.year, 1, 1)

    target = job.cache / f"cbs_kwb_{job.year}_{job.code}.csv"
    return job.edge.cached(target, url=base, terms=_terms(job.endpoints.figures, job.year), make=shaped(make, base), request=base)


def _measure_title(measure: Mapping[str, Any], groups: Mapping[Any, Mapping[str, Any]]) -> str:
    """The heading that a StatLine download gives a measure: Bevolking/Aantal inwoners (aantal)."""
    parts = [str(measure["Title"]).strip()]
    group, seen = measure.get("MeasureGroupId"), set()
    while group in groups and group not in seen:
        seen.add(group)
        parts.insert(0, str(groups[group]["Title"]).strip())
        group = groups[group].get("ParentId")
    unit = str(measure.get("Unit") or "").strip()
    return "/".join(parts) + (f" ({unit})" if unit else "")


def _write_statline(path: Path, measures: Mapping[str, str], names: Mapping[str, str], values: Mapping[str, Mapping[str, Any]]) -> None:
    own = {key: title for key, title in measures.items() if "codering" not in title.lower()}
    used = [key for key in own if any(key in row for row in values.values())]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(["Wijken en buurten", "Regioaanduiding/Codering (code)", *(own[key] for key in used)])
        for code in sorted(values, key=lambda code: (["GM", "WK", "BU"].index(code[:2]), code)):
            writer.writerow([names.get(code, code), code, *(_cell(values[code].get(key)) for key in used)])


def _cell(value: Any) -> Any:
    if value is None:
        return "."
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _fetch_osm(bounds: tuple[float, float, float, float], job: _Job) -> Fetched:
    part = job.endpoints.osm
    query = overpass_query(bounds, margin_m=float(part["margin_m"]), timeout_s=int(part["timeout_s"]), max_bytes=int(part["max_bytes"]))
    return job.edge.fetch(
        str(part["url"]),
        job.cache / f"osm_{job.code}.osm",
        kind=OSM_XML,
        terms=_terms(part, job.year),
        params={"data": query},
        check=_check_osm,
        progress=lambda _, share: job.progress("online.osm", share),
    )


def overpass_query(bounds: tuple[float, float, float, float], *, margin_m: float, timeout_s: int, max_bytes: int) -> str:
    """The Overpass query for everything in a box (west, south, east, north, degrees) with a margin in metres.

    Ways come with all their nodes. Of relations only those that make an outline or a site come whole: the members of a route or of the
    border of a country would be many times the municipality. `out meta` keeps the date of every element.
    """
    west, south, east, north = bounds
    dy = margin_m / _METRES_PER_DEGREE
    dx = dy / math.cos(math.radians((south + north) / 2))
    box = f"{south - dy:.5f},{west - dx:.5f},{north + dy:.5f},{east + dx:.5f}"
    relations = 'rel["type"~"^(multipolygon|site)$"];rel["boundary"="administrative"]["admin_level"~"^(8|9|10)$"];'
    return f"[out:xml][timeout:{timeout_s}][maxsize:{max_bytes}][bbox:{box}];(node;way;{relations})->.all;(.all;.all >;);out meta;"


def _check_osm(path: Path) -> date | None:
    """Refuse an extract that is cut off or that Overpass itself gave up on; returns the date of its data."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_TAIL_BYTES).decode("utf-8", errors="replace")
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read().decode("utf-8", errors="replace")
    if remark := re.search(r"<remark>(.*?)</remark>", head + tail, re.DOTALL):
        remedy = "Overpass is busy or the area is large: try again later, or use an extract (--osm)."
        raise SourceError(f"Overpass gave up: {remark[1].strip()}", code="online.overpass", remedy=remedy)
    if not tail.rstrip().endswith("</osm>"):
        raise wrong("online.truncated", "The OpenStreetMap extract is cut off.")
    if not re.search(r"<(node|way|relation) ", head + tail):
        raise wrong("online.empty", "The OpenStreetMap extract is empty.")
    stated = re.search(r'osm_base="(\d{4}-\d{2}-\d{2})', head)
    return date.fromisoformat(stated[1]) if stated else None


def _source_row(id_: str, title: str, fetched: Fetched) -> dict[str, Any]:
    return {
        "id": id_,
        "title": title,
        "date": fetched.date,
        "licence": fetched.licence,
        "attribution": fetched.attribution,
        "url": fetched.url,
        "file": fetched.path.name,
        "sha256": fetched.sha256,
        "confidential": False,
    }


def _offline_notice(fetched: Fetched) -> dict[str, Any]:
    day = fetched.fetched.date().isoformat()
    message = f"{fetched.path.name}: the copy of {day} was used, because the source did not answer as it should. {fetched.offline}"
    details = {
        "file": fetched.path.name,
        "fetched": day,
        "date": fetched.date.isoformat() if fetched.date else None,
        "reason": fetched.offline,
    }
    return {"code": "online.offline", "subject": fetched.path.name, "message": message, "details": details}
