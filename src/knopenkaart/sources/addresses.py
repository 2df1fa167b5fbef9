# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Address tables, and the index that finds an address in them or says why it cannot."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyproj import CRS, Transformer
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from knopenkaart.checksum import checksum
from knopenkaart.errors import InputError
from knopenkaart.geo import CRS84, RD_BOUNDS, RD_NEW, metric_crs
from knopenkaart.records import Source
from knopenkaart.sources._rows import read_delimited, unpack_gzip
from knopenkaart.sources.described import described
from knopenkaart.tables import ADDRESSES

# A street name is taken for another only from this similarity (0-100, rapidfuzz `ratio`): one letter wrong in nine. "Molenweg" against
# "Molenwei" gives 87.5 and stays a fault.
FUZZY_MIN = 88.0
# ... and only when the next best street that has the number is this much less like it.
FUZZY_MARGIN = 5.0
# Addresses nearer to each other than this are one spot for the map (12, 12A and 12B of one building).
SAME_SPOT_M = 40.0
# Where a table of addresses covers the ground, in squares of this side.
SQUARE_M = 100.0

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "street": ("street", "straat", "straatnaam", "openbareruimtenaam", "openbare_ruimte_naam", "addr:street"),
    "number": ("housenumber", "huisnummer", "nummer", "addr:housenumber", "number"),
    "letter": ("huisletter", "letter"),
    "addition": ("toevoeging", "huisnummertoevoeging", "huisnummer_toevoeging", "addition"),
    "postcode": ("postcode", "postal_code", "addr:postcode", "zip"),
    "city": ("city", "woonplaats", "woonplaatsnaam", "plaats", "addr:city", "town"),
    "use": ("gebruiksdoel", "gebruiksdoelen", "gebruiksdoelverblijfsobject"),
    "lon": ("lon", "longitude", "lng", "lengtegraad"),
    "lat": ("lat", "latitude", "breedtegraad"),
    "x": ("x", "x_rd", "rd_x", "x_coordinaat", "rdx"),
    "y": ("y", "y_rd", "rd_y", "y_coordinaat", "rdy"),
}

_IDENTIFIERS = frozenset({"id", "fid", "objectid", "identificatie", "nummeraanduiding", "verblijfsobject", "pand"})

# Both sides of a comparison are written this way, so a full name and its abbreviation meet.
_WORDS: Mapping[str, str] = {
    "burg": "burgemeester", "burgem": "burgemeester", "bgm": "burgemeester", "dr": "doctor", "dokter": "doctor", "prof": "professor",
    "mr": "meester", "ir": "ingenieur", "ds": "dominee", "past": "pastoor", "pr": "prins", "prs": "prinses", "kon": "koningin",
    "st": "sint", "gen": "generaal", "jhr": "jonkheer", "pres": "president", "min": "minister", "mgr": "monseigneur", "kard": "kardinaal",
    "adm": "admiraal", "ged": "gedempte", "gr": "grote", "kl": "kleine", "str": "straat", "strt": "straat", "ln": "laan", "pln": "plein",
    "wg": "weg", "dk": "dijk", "kd": "kade", "sngl": "singel", "eerste": "1e", "tweede": "2e", "derde": "3e", "1ste": "1e", "2de": "2e",
    "3de": "3e",
}  # fmt: skip
_VAN_DE = re.compile(r"\b(?:van|v) (?:der|den|de|d|ter|het|t)\b|\bvd\b")
_SUFFIXES = (("str", "straat"), ("strt", "straat"), ("ln", "laan"))
_NUMBER = re.compile(r"^\s*(\d{1,5})\s*(.*)$")
_COMBINED = re.compile(
    r"^\s*(?P<street>.*?[^\W\d].*?)[\s,]+"
    r"(?P<number>\d{1,5}(?:\s?[a-zA-Z]{1,3}(?: ?\d{1,4})?)?(?:\s*[-/]\s*[a-zA-Z0-9]{1,4})?)\s*(?:,.*)?$"
)
_POSTCODE = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Located:
    """An address that was found. `how` says how sure: exact, number_only (without the letter or addition) or fuzzy (another spelling)."""

    lon: float
    lat: float
    street: str | None
    housenumber: str | None
    postcode: str | None
    city: str | None
    how: Literal["exact", "number_only", "fuzzy"]
    score: float


@dataclass(frozen=True, slots=True)
class NotLocated:
    """An address that was not found: a stable code, and the addresses that come near."""

    code: Literal["address.incomplete", "address.not_found", "address.ambiguous", "address.conflict"]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    street: str | None
    housenumber: str | None
    suffix: str
    postcode: str | None
    city: str | None
    lon: float
    lat: float

    def __str__(self) -> str:
        line = " ".join(part for part in (self.street, self.housenumber) if part)
        return ", ".join(part for part in (line, " ".join(part for part in (self.postcode, self.city) if part)) if part)


def read_addresses(path: Path) -> tuple[pd.DataFrame, Source]:
    """The ADDRESSES of a file, and its source.

    `path` is a GeoPackage with points and the column names of the BAG, or a CSV (also .csv.gz) with lon/lat in degrees or x/y in RD metres.
    A table with nothing but coordinates (and identifiers) is taken as dwelling points (`residential`); where a column tells the use
    (gebruiksdoel), that decides; else it is unknown. Raises InputError: absent, damaged, no coordinates, no addresses, another system.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.", code="file.absent", remedy="Check the name and the folder.")
    frame = _read_layer(path) if path.suffix.lower() in (".gpkg", ".geojson", ".shp", ".fgb") else _read_delimited(path)
    names = _recognise(frame)
    _check_addresses(frame, names, path)
    lon, lat = _coordinates(frame, names, path)
    texts = {name: _text_column(frame, names.get(name)) for name in ("street", "postcode", "city")}
    source = Source(
        id=f"addresses_{slug(path.name.split('.')[0])}",
        title=path.name,
        date=None,
        licence="not stated",
        attribution=path.name,
        file=path.name,
        sha256=checksum(path),
    )
    source = described(path, source)
    result = pd.DataFrame(
        {
            "street": texts["street"],
            "housenumber": _house_numbers(frame, names),
            "postcode": [normal_postcode(value) for value in texts["postcode"]],
            "city": texts["city"],
            "residential": _residential(frame, names),
            "lon": lon,
            "lat": lat,
            "source": source.id,
        }
    )
    return ADDRESSES.check(result), source


def together(extract: pd.DataFrame, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """ADDRESSES of an extract and of tables, for counting: where a table has homes, the addresses of the extract are left out.

    Where: in the same square of 100 m, or one of its eight neighbours. So nobody counts twice whose address stands in both, and what a
    table does not cover keeps the addresses of the extract. A row that is known to be no dwelling does not tell that the table knows
    the dwellings around it. To find an address, look in all of them: a table may hold points without street names.
    """
    filled = [frame.astype(object) for frame in tables if len(frame)]
    given = pd.concat(filled, ignore_index=True) if filled else ADDRESSES.empty()
    if len(given) == 0 or len(extract) == 0:
        return ADDRESSES.check(given if len(given) else extract)
    homes = given[given["residential"].fillna(True).astype(bool)]
    crs = metric_crs(float(given["lon"].astype(float).mean()), float(given["lat"].astype(float).mean()))
    here, there = (_squares(frame, crs) for frame in (homes, extract))
    steps = range(-1, 2)
    beside = np.unique(np.concatenate([here + np.array([x, y]) for x in steps for y in steps]), axis=0)
    taken = pd.MultiIndex.from_arrays([*there.T]).isin(pd.MultiIndex.from_arrays([*beside.T]))
    return ADDRESSES.check(pd.concat([extract[~taken].astype(object), given], ignore_index=True))


def _squares(addresses: pd.DataFrame, crs: CRS) -> np.ndarray[Any, Any]:
    """Column and row of the square of 100 m in which each address lies."""
    lon, lat = (addresses[name].to_numpy(float) for name in ("lon", "lat"))
    x, y = Transformer.from_crs(CRS84, crs, always_xy=True).transform(lon, lat)
    squares: np.ndarray[Any, Any] = np.floor(np.column_stack([x, y]) / SQUARE_M).astype(int)
    return squares


class AddressIndex:
    """Finds addresses in an ADDRESSES table: exact first, then another spelling above FUZZY_MIN; never a guess between two."""

    def __init__(self, addresses: pd.DataFrame) -> None:
        self._by_postcode: dict[tuple[str, int], list[_Entry]] = defaultdict(list)
        self._by_street: dict[str, dict[int, list[_Entry]]] = defaultdict(lambda: defaultdict(list))
        columns = ("street", "housenumber", "postcode", "city", "lon", "lat")
        for street, housenumber, postcode, city, lon, lat in zip(*(addresses[name].tolist() for name in columns), strict=True):
            self._add(_none(street), _none(housenumber), normal_postcode(_none(postcode)), _none(city), float(lon), float(lat))

    def _add(self, street: str | None, housenumber: str | None, postcode: str | None, city: str | None, lon: float, lat: float) -> None:
        # OpenStreetMap writes several numbers of one door as "12;14".
        for written in re.split(r"[;,]", housenumber or ""):
            number, suffix = split_housenumber(written)
            if number is None:
                continue
            entry = _Entry(street, written.strip(), suffix, postcode, city, lon, lat)
            if postcode:
                self._by_postcode[postcode, number].append(entry)
            if street:
                self._by_street[street_key(street)][number].append(entry)

    def locate(
        self, *, street: str | None = None, housenumber: str | None = None, postcode: str | None = None, city: str | None = None
    ) -> Located | NotLocated:
        """The place of one address.

        A house number with a postcode or a street (and a city, where the street occurs in several). `street` may hold the number as well
        when `housenumber` is empty ("Dorpsstraat 12a"). Returns Located, or NotLocated with the addresses that come near.
        """
        if street and not housenumber:
            street, housenumber = split_address(street)
        number, suffix = split_housenumber(housenumber)
        postcode = normal_postcode(postcode)
        if number is None or not (street or postcode):
            return NotLocated("address.incomplete", self._near_streets(street))
        if postcode and (found := self._by_postcode.get((postcode, number))):
            if street and all(entry.street for entry in found):
                same = [entry for entry in found if entry.street and _alike(street_key(street), street_key(entry.street))]
                if not same:
                    return NotLocated("address.conflict", _listed(found))
                found = same
            return _choose(found, suffix, how="exact", score=100.0)
        if not street:
            return NotLocated("address.not_found", ())
        return self._by_name(street, number, suffix, city)

    def _by_name(self, street: str, number: int, suffix: str, city: str | None) -> Located | NotLocated:
        key = street_key(street)
        if key in self._by_street:
            found = _in_city(self._by_street[key].get(number, []), city)
            if found:
                return _choose(found, suffix, how="exact", score=100.0)
            return NotLocated("address.not_found", _listed(self._around(key, number)))
        return self._by_spelling(key, number, suffix, city)

    def _by_spelling(self, key: str, number: int, suffix: str, city: str | None) -> Located | NotLocated:
        alike = process.extract(key, list(self._by_street), scorer=fuzz.ratio, score_cutoff=FUZZY_MIN - FUZZY_MARGIN, limit=10)
        scored = [(score, _in_city(self._by_street[name].get(number, []), city)) for name, score, _ in alike if _same_digits(key, name)]
        hits = [(score, found) for score, found in scored if found]
        if not hits or hits[0][0] < FUZZY_MIN:
            return NotLocated("address.not_found", self._near_streets(key))
        rivals = [found for score, found in hits[1:] if hits[0][0] - score < FUZZY_MARGIN]
        if rivals:
            return NotLocated("address.ambiguous", _listed([found[0] for _, found in hits]))
        return _choose(hits[0][1], suffix, how="fuzzy", score=hits[0][0])

    def _around(self, key: str, number: int) -> list[_Entry]:
        numbers = sorted(self._by_street[key], key=lambda other: (abs(other - number), other))
        return [self._by_street[key][other][0] for other in numbers[:3]]

    def _near_streets(self, street: str | None) -> tuple[str, ...]:
        if not street:
            return ()
        # What may have been meant begins alike; hence another measure than the one that decides.
        scorer = JaroWinkler.normalized_similarity
        found = process.extract(street_key(street), list(self._by_street), scorer=scorer, score_cutoff=0.65, limit=3)
        return tuple(next(iter(self._by_street[name].values()))[0].street or name for name, _, _ in found)


def street_key(text: str) -> str:
    """A street name as it is compared: without case, diacritics, punctuation and spaces, abbreviations written out."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())
    plain = _VAN_DE.sub("vd", plain)
    return "".join(_written_out(word) for word in plain.split())


def split_housenumber(text: str | None) -> tuple[int | None, str]:
    """ "12 a-1" -> (12, "A1"); no number -> (None, "")."""
    match = _NUMBER.match(text or "")
    if not match:
        return None, ""
    return int(match[1]), re.sub(r"[^A-Z0-9]", "", match[2].upper())


def split_address(text: str) -> tuple[str, str | None]:
    """ "Dorpsstraat 12a" -> ("Dorpsstraat", "12a"); what has no number at its end stays whole."""
    match = _COMBINED.match(text)
    return (match["street"].strip(" ,"), match["number"].strip()) if match else (text.strip(), None)


def normal_postcode(text: str | None) -> str | None:
    """A postcode without spaces, in capitals; empty becomes None."""
    return _POSTCODE.sub("", text.upper()) or None if text else None


def slug(text: str) -> str:
    """Text as a part of an identifier: lower-case ASCII letters and digits with hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance in metres between two near points (lon, lat) in degrees; equirectangular, below 0.1 % wrong within a municipality."""
    dx = math.radians(b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return 6_371_008.8 * math.hypot(dx, math.radians(b[1] - a[1]))


def _written_out(word: str) -> str:
    if word in _WORDS:
        return _WORDS[word]
    for short, long in _SUFFIXES:
        if word.endswith(short) and len(word) > len(short) + 2:
            return word.removesuffix(short) + long
    return word


def _alike(key: str, other: str) -> bool:
    return bool(fuzz.ratio(key, other) >= FUZZY_MIN)


def _same_digits(key: str, other: str) -> bool:
    return re.findall(r"\d+", key) == re.findall(r"\d+", other)


def _in_city(entries: Sequence[_Entry], city: str | None) -> list[_Entry]:
    if not city:
        return list(entries)
    return [entry for entry in entries if entry.city is None or slug(entry.city) == slug(city)]


def _choose(found: Sequence[_Entry], suffix: str, *, how: Literal["exact", "fuzzy"], score: float) -> Located | NotLocated:
    """The one entry with the suffix; without it, any entry of the number provided that all are one spot."""
    exact = [entry for entry in found if entry.suffix == suffix]
    chosen = exact or list(found)
    if not _one_spot(chosen):
        return NotLocated("address.ambiguous", _listed(chosen))
    entry = chosen[0]
    return Located(
        entry.lon, entry.lat, entry.street, entry.housenumber, entry.postcode, entry.city, how if exact else "number_only", round(score, 1)
    )


def _one_spot(entries: Sequence[_Entry]) -> bool:
    first = entries[0]
    return all(metres_between((first.lon, first.lat), (entry.lon, entry.lat)) <= SAME_SPOT_M for entry in entries)


def _listed(entries: Iterable[_Entry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(entry) for entry in entries))[:5]


def _none(value: Any) -> str | None:
    return None if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)) else str(value)


def _read_layer(path: Path) -> pd.DataFrame:
    try:
        frame: gpd.GeoDataFrame = pyogrio.read_dataframe(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise InputError(f"{path.name} cannot be read: {error}.", code="file.damaged", remedy="Fetch or make the file again.") from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.geometry.isna().all():
        raise InputError(f"{path.name} has no points.", code="addresses.no_coordinates", remedy="Use a table of addresses with points.")
    if frame.crs is None:
        raise InputError(
            f"{path.name} does not say its coordinate system.", code="addresses.no_crs", remedy="Save it with one (EPSG:28992)."
        )
    frame = frame[~frame.geometry.isna()].reset_index(drop=True)
    points = frame.geometry.representative_point().to_crs(CRS84)
    if (np.abs(np.column_stack([points.x, points.y])) > (180, 90)).any():
        raise InputError(
            f"{path.name}: its coordinates are no degrees of longitude and latitude, though it says so.",
            code="addresses.bad_coordinates",
            remedy="GeoJSON always is in degrees. Save metres in RD as a GeoPackage with EPSG:28992.",
        )
    return pd.DataFrame(frame.drop(columns=frame.geometry.name)).assign(lon=points.x, lat=points.y)


def _read_delimited(path: Path) -> pd.DataFrame:
    data = path.read_bytes()
    rows = read_delimited(unpack_gzip(data, path.name) if data.startswith(b"\x1f\x8b") else data, path.name)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise InputError(f"{path.name} has no rows.", code="file.empty", remedy="Check that the table was saved.")
    header = [cell.strip() for cell in rows[0]]
    cells = [(row + [""] * len(header))[: len(header)] for row in rows[1:]]
    return pd.DataFrame(cells, columns=header).replace("", None)


def _recognise(frame: pd.DataFrame) -> dict[str, str]:
    lower = {str(name).strip().lower(): str(name) for name in frame.columns}
    found = {field: next((lower[word] for word in words if word in lower), None) for field, words in _COLUMNS.items()}
    return {field: name for field, name in found.items() if name is not None}


def _check_addresses(frame: pd.DataFrame, names: Mapping[str, str], path: Path) -> None:
    """Refuse a table of something else: its points would count as dwellings."""
    others = [str(name) for name in frame.columns if name not in names.values() and str(name).strip().lower() not in _IDENTIFIERS]
    if others and not {"street", "number", "postcode", "use"} & set(names) and {"lon", "x"} & set(names):
        raise InputError(
            f"{path.name} holds no addresses: no street, house number or postcode. Its columns are {', '.join(others[:12])}.",
            code="addresses.no_addresses",
            remedy="Give a table of addresses, or dwelling points with nothing but coordinates.",
        )


def _coordinates(frame: pd.DataFrame, names: Mapping[str, str], path: Path) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    pair = next(((a, b) for a, b in (("lon", "lat"), ("x", "y")) if a in names and b in names), None)
    if pair is None:
        raise InputError(
            f"{path.name} has no coordinates; its columns are {', '.join(map(str, frame.columns))}.",
            code="addresses.no_coordinates",
            remedy="Name the columns lon and lat (degrees), or x and y (RD, metres).",
        )
    first, second = (pd.to_numeric(frame[names[name]], errors="coerce").to_numpy(dtype=float) for name in pair)
    bad = ~(np.isfinite(first) & np.isfinite(second))
    if not bad.any() and pair == ("x", "y") and (np.abs(first).max() > 180 or np.abs(second).max() > 90):
        first, second = Transformer.from_crs(RD_NEW, CRS84, always_xy=True).transform(first, second)
        west, south, east, north = RD_BOUNDS
        bad = (first < west) | (first > east) | (second < south) | (second > north)
    bad |= (np.abs(first) > 180) | (np.abs(second) > 90)
    if bad.any():
        row = int(bad.argmax())
        raise InputError(
            f"{path.name}: {int(bad.sum())} rows have no usable coordinates; the first is data row {row + 1}.",
            code="addresses.bad_coordinates",
            remedy="Coordinates are degrees (lon, lat) or metres in RD New (x, y), and every row has both.",
        )
    return first, second


def _text_column(frame: pd.DataFrame, name: str | None) -> list[str | None]:
    if name is None:
        return [None] * len(frame)
    return [text.strip() or None if (text := _none(value)) else None for value in frame[name].tolist()]


def _house_numbers(frame: pd.DataFrame, names: Mapping[str, str]) -> list[str | None]:
    columns = [_text_column(frame, names.get(field)) for field in ("number", "letter", "addition")]
    return [_house_number(*parts) for parts in zip(*columns, strict=True)]


def _house_number(number: str | None, letter: str | None, addition: str | None) -> str | None:
    if number is None:
        return None
    return f"{number.removesuffix('.0')}{letter or ''}{'-' + addition if addition else ''}"


def _residential(frame: pd.DataFrame, names: Mapping[str, str]) -> list[bool | None]:
    if "use" in names:
        return [None if use is None else "woon" in use.lower() for use in _text_column(frame, names["use"])]
    only_points = not {"street", "number", "postcode"} & set(names)
    return [True if only_points else None] * len(frame)
