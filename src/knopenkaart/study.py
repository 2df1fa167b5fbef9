# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The road: from sources to one study of a municipality's social nodes, in reading order."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from knopenkaart import __version__, store
from knopenkaart.basemap.tiles import write_tiles
from knopenkaart.errors import Fault, InputError
from knopenkaart.inventory.classify import Inventory, classify, shapeless
from knopenkaart.inventory.coverage import coverage
from knopenkaart.inventory.hours import broken_hours
from knopenkaart.inventory.locate import assign_areas
from knopenkaart.inventory.match import Link, candidates, link
from knopenkaart.inventory.merge import merge
from knopenkaart.policy import Policy
from knopenkaart.progress import Progress, silent
from knopenkaart.publish.confidential import without_confidential
from knopenkaart.reach import GROUND, ground, reach
from knopenkaart.records import Attribute, Place, Source
from knopenkaart.sources.addresses import read_addresses, together
from knopenkaart.sources.areas import AreaLayers, areas_from_boundaries, read_areas
from knopenkaart.sources.cells import read_cells
from knopenkaart.sources.figures import FigureFile, join_figures, read_figures
from knopenkaart.sources.mapping import Mapping as ListMapping
from knopenkaart.sources.mapping import guess_mapping
from knopenkaart.sources.online import OnlineSources
from knopenkaart.sources.osm import OsmExtract, read_extract
from knopenkaart.sources.sheets import ListFile, read_list
from knopenkaart.sources.street_lines import StreetLines, read_street_lines
from knopenkaart.tables import (
    ADDRESSES,
    ATTRIBUTES,
    CELLS,
    DECISIONS,
    FIGURES,
    ISOCHRONES,
    NOTICES,
    PLACES,
    SOURCES,
    STREETS,
    Table,
    from_records,
    to_records,
)
from knopenkaart.vocabulary import Vocabulary, load_vocabulary

INVENTED = {"attribution": "Knopenkaart", "licence": "CC0-1.0", "url": None}


@dataclass(frozen=True, slots=True)
class Request:
    """What to build a study from. Paths are files; `municipalities` are names or codes (none: all that the areas hold)."""

    osm: Path
    areas: tuple[Path, ...] = ()
    figures: tuple[Path, ...] = ()
    addresses: tuple[Path, ...] = ()
    cells: tuple[Path, ...] = ()
    streets: Path | None = None
    lists: tuple[tuple[Path, ListMapping | None], ...] = ()
    municipalities: tuple[str, ...] = ()
    year: int | None = None
    vocabulary: Path | None = None
    name: str = ""
    invented: bool = False
    online: OnlineSources | None = None
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True)
class Study:
    """A built study: its manifest (name, years, dates, policy) and its tables, read when asked for.

    `anew` are tables that were reckoned since, `chosen` the policy they were reckoned with: they stand before those of the folder.
    """

    stored: store.Stored
    anew: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    chosen: Policy | None = None

    @classmethod
    def open(cls, folder: Path) -> Study:
        """The study in a folder. Raises StoreError where there is none."""
        return cls(store.read(folder))

    @property
    def manifest(self) -> Mapping[str, Any]:
        """name, municipalities, area_year, osm_date, built_at, engine_version, bounds (w, s, e, n), invented, around_m, policy."""
        return self.stored.manifest

    @property
    def tiles(self) -> Path:
        """The vector tiles of the base map (PMTiles)."""
        return self.stored.path("tiles")

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary it was built with: that of the package, with the municipality's own file where it gave one."""
        return load_vocabulary(self.stored.path("kinds") if "kinds" in self.stored.files else None)

    @property
    def policy(self) -> Policy:
        """The choices that its results were made with."""
        return self.chosen or policy_of(self.manifest["policy"])

    @property
    def around_m(self) -> float:
        """How far outside the border (m) places were gathered when it was built; whatever choices were made since."""
        return float(self.manifest.get("around_m", self.manifest["policy"]["neighbour_m"]))

    @property
    def counting(self) -> frozenset[str]:
        """The kinds that count as social nodes, by its own vocabulary."""
        return frozenset(kind.id for kind in self.vocabulary.kinds.values() if kind.counts)

    @property
    def day(self) -> date:
        """The day of its data: opening hours are those of the week around it."""
        return date.fromisoformat(self.manifest["osm_date"] or self.manifest["built_at"][:10])

    def table(self, name: str) -> pd.DataFrame:
        """A table of knopenkaart.tables by its name."""
        return self.anew[name] if name in self.anew else self.stored.table(name)


def policy_of(values: Mapping[str, Any]) -> Policy:
    """A policy as it stands in a manifest; what was written by an earlier version and is not known any more is left out."""
    known: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return Policy(**{item.name: known[item.name] for item in fields(Policy) if item.name in known})


def build(folder: Path, request: Request, *, progress: Progress = silent) -> Study:
    """Make a study folder from sources. Nothing is written before everything is known; see knopenkaart.store.write.

    Raises InputError for a file or name that cannot be used, StoreError where the folder cannot be written.
    """
    vocabulary = load_vocabulary(request.vocabulary)
    given = _read(request, vocabulary, progress)
    inventory, harvested = _inventory(request, given, vocabulary, progress)
    progress("homes", 0.0)
    under_it, told = _ground(request, given, inventory, vocabulary)
    reached = reach(
        inventory | under_it | {"places": open_places(inventory["places"], inventory["attributes"])},
        vocabulary=vocabulary,
        counting={kind.id for kind in vocabulary.kinds.values() if kind.counts},
        day=given.extract.source.date or datetime.now(UTC).date(),
        around_m=request.policy.around_m,
        policy=request.policy,
        progress=progress,
    )
    hours = broken_hours(inventory["places"], inventory["attributes"])
    around = {
        "basemap": given.extract.basemap,
        "sources": _sources(request, given),
        "notices": _stack(NOTICES, [_notices(request, given, harvested, hours), told, *([given.plain.notices] if given.plain else [])]),
    }
    return _write(folder, request, given.extract, inventory | under_it | reached | around, progress)


def recount(
    study: Study,
    *,
    policy: Policy | None = None,
    places: pd.DataFrame | None = None,
    counting: Collection[str] | None = None,
    progress: Progress = silent,
) -> Study:
    """The study with its reach reckoned anew: with other choices, or with places (PLACES, nothing confidential) and kinds as people
    corrected them. Nothing is written. Homes, which streets are islands, and how far across the border places are known stay those of the
    build: where one gets farther now, figures are not complete.
    """
    known = open_places(study.table("places"), study.table("attributes"))
    given = known if places is None else places
    chosen = policy or study.policy
    made = reach(
        {name: study.table(name) for name in (*GROUND, "areas", "coverage")} | {"places": given},
        vocabulary=study.vocabulary,
        counting=study.counting if counting is None else counting,
        day=study.day,
        around_m=study.around_m,
        policy=chosen,
        drawn=_still_right(study, known, given, chosen),
        progress=progress,
    )
    before = {name: frame for name, frame in study.anew.items() if name in ("places", "attributes")}
    corrected = before if places is None else {"places": places, "attributes": ATTRIBUTES.empty()}
    return replace(study, anew=made | corrected, chosen=chosen)


def _still_right(study: Study, known: pd.DataFrame, given: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The isochrones of places that stand where they stood, as long as nobody goes faster or slower: drawing is most of the work."""
    if policy != study.policy:
        return ISOCHRONES.empty()
    spot = ["id", "source", "source_id", "lon", "lat"]
    same = set(known[spot].merge(given[spot].dropna(), on=spot)["id"])
    drawn = study.table("isochrones")
    return drawn[drawn["place_id"].isin(same)]


def keep(study: Study) -> Study:
    """Write what was reckoned anew into the folder of the study, in one step.

    Raises ValueError for what was reckoned with corrected places: the folder keeps the places that were built, and beside them reach would
    be that of others.
    """
    if "places" in study.anew:
        raise ValueError("What was reckoned with corrected places cannot be kept beside those of the build.")
    return Study(store.rewrite(study.stored, study.anew, {**study.manifest, "policy": asdict(study.policy)}))


def open_places(places: pd.DataFrame, attributes: pd.DataFrame) -> pd.DataFrame:
    """PLACES without what is confidential: what follows from them, such as what is near whom, may be told to everybody."""
    told: dict[str, list[Attribute]] = {}
    for attribute in to_records(attributes, Attribute):
        told.setdefault(attribute.place_id, []).append(attribute)
    stripped = (without_confidential(place, told.get(place.id, ())) for place in to_records(places, Place))
    return from_records([place for place in stripped if place is not None], PLACES)


def link_places(old: Sequence[Place], new: Sequence[Place], *, vocabulary: Vocabulary | None = None) -> list[Link]:
    """Which place of an earlier build is which place of a newer one (see inventory.match.link)."""
    return link(old, new, vocabulary=vocabulary or load_vocabulary())


@dataclass(frozen=True, slots=True)
class _Given:
    """The sources of a request as they were read. To find an address every table of `addresses` helps; in `counted`, of which homes are
    made, none stands in two of them. `files`: what was read beside the extract and the areas."""

    extract: OsmExtract
    layers: AreaLayers
    figures: pd.DataFrame
    figure_notices: pd.DataFrame
    addresses: pd.DataFrame
    counted: pd.DataFrame
    cells: pd.DataFrame
    plain: StreetLines | None
    lists: list[ListFile]
    files: list[Source]


def _read(request: Request, vocabulary: Vocabulary, progress: Progress) -> _Given:
    extract = read_extract(request.osm, rules=vocabulary.rules(), progress=progress)
    layers = _areas(request, extract)
    figures, figure_files, figure_notices = _figures(request, layers)
    tables = [read_addresses(path) for path in request.addresses]
    addresses = _stack(ADDRESSES, [extract.addresses, *(table for table, _ in tables)])
    squares = [read_cells(path) for path in request.cells]
    plain = read_street_lines(request.streets) if request.streets else None
    lists = _lists(request, layers, vocabulary, addresses)
    return _Given(
        extract=extract,
        layers=layers,
        figures=figures,
        figure_notices=figure_notices,
        addresses=addresses,
        counted=together(extract.addresses, [table for table, _ in tables]),
        cells=_stack(CELLS, [cells for cells, _ in squares]),
        plain=plain,
        lists=lists,
        files=[
            *(item.source for item in figure_files),
            *(item.source for item in lists),
            *(source for _, source in [*tables, *squares]),
            *([plain.source] if plain else []),
        ],
    )


def _inventory(request: Request, given: _Given, vocabulary: Vocabulary, progress: Progress) -> tuple[dict[str, pd.DataFrame], Inventory]:
    """The tables of the inventory by name (places of all sources, merged, and how much of each area is known), and what was harvested."""
    extract, areas, around_m = given.extract, given.layers.areas, request.policy.around_m
    progress("places", 0.0)
    harvested = classify(extract.features, areas, vocabulary=vocabulary, source=extract.source, neighbour_m=around_m)
    places = assign_areas(_stack(PLACES, [harvested.places, *(item.places for item in given.lists)]), areas, neighbour_m=around_m)
    progress("duplicates", 0.0)
    undrawn = shapeless(extract.notices, vocabulary=vocabulary, source=extract.source)
    duplicates = candidates(places, vocabulary=vocabulary)
    merged = merge(
        places,
        _stack(ATTRIBUTES, [harvested.attributes, *(item.attributes for item in given.lists)]),
        _stack(DECISIONS, [harvested.decisions, undrawn, *(item.decisions for item in given.lists)]),
        duplicates,
    )
    progress("coverage", 0.0)
    covered = coverage(areas, given.figures, streets=extract.streets, addresses=given.counted)
    _refuse_elsewhere(extract, given.layers, covered, harvested)
    inventory = {
        "places": merged.places,
        "attributes": merged.attributes,
        "decisions": merged.decisions,
        "duplicates": merged.duplicates,
        "areas": areas,
        "figures": given.figures,
        "coverage": covered,
        "addresses": given.addresses,
    }
    return inventory, harvested


def _ground(
    request: Request, given: _Given, inventory: Mapping[str, pd.DataFrame], vocabulary: Vocabulary
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    extract, plain = given.extract, given.plain
    return ground(
        {**inventory, "addresses": given.counted},
        streets=plain.streets if plain else extract.streets,
        # A plain layer does not tell along which of its lines people live; the extract does.
        lived_along=_stack(STREETS, [extract.streets, *([plain.streets] if plain else [])]),
        points=extract.points,
        features=extract.features,
        cells=given.cells,
        vocabulary=vocabulary,
        policy=request.policy,
        source=extract.source.id,
    )


def _areas(request: Request, extract: OsmExtract) -> AreaLayers:
    """The official areas; without a file the administrative boundaries inside the extract, of the extract's own year."""
    if request.areas:
        return read_areas(request.areas, year=request.year, municipalities=request.municipalities)
    year = request.year or (extract.source.date.year if extract.source.date else None)
    if year is None:
        raise InputError("The extract carries no date, so its boundaries have no year.", code="areas.no_year", remedy="Say it with --year.")
    areas = areas_from_boundaries(extract.boundaries, municipalities=request.municipalities, year=year, source=extract.source.id)
    return AreaLayers(areas=areas, figures=FIGURES.empty(), sources=SOURCES.empty(), notices=NOTICES.empty())


def _figures(request: Request, layers: AreaLayers) -> tuple[pd.DataFrame, list[FigureFile], pd.DataFrame]:
    """Figures that stand in the areas' own file, and those of other files joined only where the area is the same."""
    files = [_figure_file(path, request.year) for path in request.figures]
    joined, notices = join_figures(layers.areas, files, own=layers.figures)
    return _stack(FIGURES, [layers.figures, joined]), files, notices


def _figure_file(path: Path, year: int | None) -> FigureFile:
    """Figures of the year that the file itself says; --year is for a file that says none."""
    try:
        return read_figures(path, year=None)
    except InputError as error:
        if error.code != "figures.no_year" or year is None:
            raise
        return read_figures(path, year=year)


def _lists(request: Request, layers: AreaLayers, vocabulary: Vocabulary, addresses: pd.DataFrame) -> list[ListFile]:
    west, south, east, north = layers.areas.total_bounds
    return [
        read_list(
            path,
            mapping=mapping or guess_mapping(path, vocabulary=vocabulary),
            vocabulary=vocabulary,
            addresses=addresses,
            bounds=(west, south, east, north),
        )
        for path, mapping in request.lists
    ]


def _sources(request: Request, given: _Given) -> pd.DataFrame:
    """What was read; a source that was fetched is described by the fetching, which knows its address and licence."""
    fetched = request.online.sources if request.online else SOURCES.empty()
    read = _stack(SOURCES, [fetched, from_records([given.extract.source, *given.files], SOURCES), given.layers.sources])
    if not request.invented:
        return read
    # Nobody outside published what was invented: no name of a publisher, no link to its pages. A description beside a file says so itself.
    silent = read["licence"] != INVENTED["licence"]
    return read.assign(**{name: read[name].mask(silent, said) for name, said in (INVENTED | {"title": read["file"]}).items()})


def _refuse_elsewhere(extract: OsmExtract, layers: AreaLayers, covered: pd.DataFrame, harvested: Inventory) -> None:
    """An extract of another town would say that this one has nothing at all."""
    reached = covered[(covered["area_share"] > 0) | (covered["addresses"] > 0)]
    if reached.empty and harvested.places["neighbour"].all():
        names = layers.areas.loc[layers.areas["level"] == "municipality", "name"]
        raise InputError(
            f"{extract.source.file} holds nothing of {', '.join(names[:5])}{' ...' if len(names) > 5 else ''}.",
            code="build.elsewhere",
            remedy="Give the extract of the region in which the municipality lies, or name the municipality that you meant.",
        )


def _notices(request: Request, given: _Given, harvested: Inventory, hours: pd.DataFrame) -> pd.DataFrame:
    fetched = request.online.notices if request.online else NOTICES.empty()
    faults = NOTICES.frame(_as_notice(fault) for item in given.lists for fault in item.faults)
    # Broken hours are told of once per place, whatever source they came from: `hours` has those of the lists too.
    told = [item.notices[item.notices["code"] != "list.opening_hours"] for item in given.lists]
    read = [given.extract.notices, given.layers.notices, given.figure_notices]
    return _stack(NOTICES, [fetched, *read, harvested.notices, *told, faults, hours])


def _as_notice(fault: Fault) -> dict[str, Any]:
    """A row of a list that was left out, for whoever reads the study later."""
    details = {"file": fault.file, "row": fault.row, "column": fault.column, "value": fault.value}
    return {"code": fault.code, "subject": f"{fault.file} row {fault.row}", "message": str(fault), "details": details}


def _stack(table: Table, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables of one kind under one another; the first of rows with the same key stays."""
    filled = [frame.astype(object) for frame in frames if len(frame)]
    if not filled:
        return table.empty()
    together = pd.concat(filled, ignore_index=True)
    return table.check(together.drop_duplicates(list(table.key)) if table.key else together)


def _write(folder: Path, request: Request, extract: OsmExtract, tables: Mapping[str, pd.DataFrame], progress: Progress) -> Study:
    areas = tables["areas"]
    municipalities = areas[areas["level"] == "municipality"]
    west, south, east, north = (float(edge) for edge in municipalities.total_bounds)
    bounds = (west, south, east, north)
    manifest = {
        "name": request.name or (", ".join(municipalities["name"]) if len(municipalities) <= 3 else folder.name),
        "municipalities": list(municipalities["code"]),
        "area_year": int(areas["year"].iloc[0]),
        "osm_date": extract.source.date.isoformat() if extract.source.date else None,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "engine_version": __version__,
        "bounds": bounds,
        "invented": request.invented,
        "around_m": request.policy.around_m,
        "policy": asdict(request.policy),
    }
    with tempfile.TemporaryDirectory(prefix="knopenkaart-") as scratch:
        tiles = Path(scratch) / "tiles.pmtiles"
        progress("tiles", 0.0)
        write_tiles(tables["basemap"], tiles, bounds=bounds)
        progress("writing", 0.0)
        own = {"kinds": request.vocabulary} if request.vocabulary else {}
        return Study(store.write(folder, tables, {"tiles": tiles, **own}, manifest))
