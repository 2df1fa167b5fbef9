# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A local server that speaks the shapes of PDOK, CBS and Overpass, and misbehaves on request."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

# A square municipality of 0.02 x 0.02 degrees with two wijken of one buurt each; every number is made up.
WEST, SOUTH, MIDDLE, EAST, NORTH = 5.00, 52.00, 5.01, 5.02, 52.02
CODE = "GM9901"
MUNICIPALITIES = {CODE: "Voorbeeldstad", "GM9902": "Voorbeelddam (gemeente)", "GM9903": "'s-Voorbeeldenhage"}


@dataclass
class Request:
    """What a client asked."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Server:
    """The running server: `faults` maps a piece of a path to a function that answers instead; `requests` holds everything asked."""

    base: str
    faults: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    page_size: int = 2
    # Collections of OData tables that stand in place of the built-in ones: {table: {collection: rows}}; "" holds the list of tables.
    odata: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    odata_page: int = 4

    def asked(self, part: str) -> list[Request]:
        return [request for request in self.requests if part in request.path]


def reply(handler: BaseHTTPRequestHandler, body: bytes, content_type: str = "application/json", status: int = 200, **headers: str) -> None:
    """A plain answer; underscores in header names become hyphens; `Content_Length` may lie."""
    handler.send_response(status)
    for name, value in {"Content_Type": content_type, "Content_Length": str(len(body)), **headers}.items():
        if value:
            handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    with suppress(BrokenPipeError, ConnectionResetError):
        handler.wfile.write(body)


def html(handler: BaseHTTPRequestHandler) -> None:
    reply(handler, b"<!DOCTYPE html><html><body>Onderhoud</body></html>", "text/html")


def html_called_data(content_type: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: reply(handler, b"\n <html><body>Onderhoud</body></html>", content_type)


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: reply(handler, b"{}", status=code, **headers)


def slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)
    status(200)(handler)


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    """Promises a thousand bytes, gives ten, hangs up."""
    reply(handler, b'{"value":[', Content_Length="1000")
    handler.close_connection = True


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    handler.close_connection = True
    with suppress(OSError):
        handler.wfile.write(b"{")
        for _ in range(4000):
            handler.wfile.write(b" " * 65536)


@dataclass
class Dripping:
    """Sends a byte now and then, and counts how many before the other hangs up."""

    drops: int = 0
    most: int = 2000

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        handler.close_connection = True
        with suppress(OSError):
            while self.drops < self.most:
                self.drops += 1
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.05)


def circle(handler: BaseHTTPRequestHandler) -> None:
    to = "/circle/b" if handler.path.startswith("/circle/a") else "/circle/a"
    reply(handler, b"", status=302, Location=to)


def further(handler: BaseHTTPRequestHandler) -> None:
    """Every address sends on to a new one."""
    number = int(re.sub(r"\D", "", handler.path) or 0)
    reply(handler, b"", status=302, Location=f"/further/{number + 1}")


def in_turn(*answers: Callable[[BaseHTTPRequestHandler], None] | None) -> Callable[[BaseHTTPRequestHandler], None]:
    """One answer after another; None, and what comes after the last, is the good answer."""
    left = list(answers)

    def answer(handler: Any) -> None:
        current = left.pop(0) if left else None
        (current or handler.good)(*([handler] if current else []))

    return answer


@contextmanager
def serving() -> Iterator[Server]:
    """A server on a free port of this machine, gone afterwards."""
    state = Server("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_: Any) -> None:
            return

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            state.requests.append(Request(parts.path, query, {key.lower(): value for key, value in self.headers.items()}))
            fault = next((answer for part, answer in state.faults.items() if part in parts.path), None)
            fault(self) if fault else self.good()

        def good(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            body = _body(parts.path, query, state)
            if body is None:
                status(404)(self)
            elif isinstance(body, bytes):
                _file(self, body)
            else:
                reply(self, json.dumps(body).encode(), "application/geo+json" if "collections" in parts.path else "application/json")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    # Clients hang up on purpose here.
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    state.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def osm_xml(*, base: str = "2024-06-01T00:00:00Z") -> bytes:
    """A small extract as Overpass writes it."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="test"><note>test</note><meta osm_base="{base}"/>'
        '<node id="1" lat="52.005" lon="5.005" version="1" timestamp="2023-01-01T00:00:00Z"><tag k="amenity" v="library"/></node>'
        "</osm>\n"
    ).encode()


def big_file() -> bytes:
    """A file large enough to be cut half-way."""
    return b'<?xml version="1.0"?><osm>' + b"<!-- a comment that fills the file -->" * 10_000 + b"</osm>"


def _file(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """A static file with ranges, an ETag and a date."""
    etag, asked = '"v1"', handler.headers.get("Range", "")
    headers = {"ETag": etag, "Last_Modified": "Sat, 01 Jun 2024 12:00:00 GMT"}
    match = re.fullmatch(r"bytes=(\d+)-", asked)
    if match and handler.headers.get("If-Range") == etag:
        start = int(match[1])
        reply(handler, body[start:], "application/osm3s+xml", 206, Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}", **headers)
        return
    reply(handler, body, "application/osm3s+xml", **headers)


def _body(path: str, query: dict[str, str], state: Server) -> Any:
    if path == "/api/interpreter":
        return osm_xml()
    if path == "/big.osm":
        return big_file()
    if match := re.fullmatch(r"/cbs/wijken-en-buurten-(\d{4})/ogc/v1/collections/(\w+)/items", path):
        return _collection(match[2], query, state, path)
    if match := re.fullmatch(r"/odata/v1/CBS(?:/(\w+))?/(\w+)", path):
        if state.odata:
            rows = state.odata.get(match[1] or "", {}).get(match[2])
            return None if rows is None else _page(_filtered(rows, query.get("$filter", "")), query, state, path)
        return _odata(match[2], query, state, path)
    return None


def _square(west: float, east: float) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[west, SOUTH], [east, SOUTH], [east, NORTH], [west, NORTH], [west, SOUTH]]]}


def _collection(name: str, query: dict[str, str], state: Server, path: str) -> dict[str, Any]:
    halves = [("00", WEST, MIDDLE), ("01", MIDDLE, EAST)]
    base = {"gemeentecode": CODE, "gemeentenaam": MUNICIPALITIES[CODE], "water": "NEE"}
    rows = {
        "gemeenten": [(base | {"aantal_inwoners": 300}, WEST, EAST)],
        "wijken": [(base | {"wijkcode": f"WK9901{n}", "wijknaam": f"Wijk {n}"}, a, b) for n, a, b in halves],
        "buurten": [
            (base | {"wijkcode": f"WK9901{n}", "buurtcode": f"BU9901{n}00", "buurtnaam": f"Buurt {n}", "aantal_inwoners": 150}, a, b)
            for n, a, b in halves
        ],
    }[name]
    # A neighbour that a service without the filter would give as well.
    rows = [*rows, (rows[0][0] | {"gemeentecode": "GM9902"}, EAST, EAST + 0.01)]
    start = int(query.get("cursor", "0"))
    features = [{"type": "Feature", "id": i, "properties": p, "geometry": _square(a, b)} for i, (p, a, b) in enumerate(rows)]
    page = {"type": "FeatureCollection", "features": features[start : start + state.page_size], "links": [{"rel": "self", "href": "x"}]}
    if start + state.page_size < len(features):
        page["links"].append({"rel": "next", "href": f"{state.base}{path}?cursor={start + state.page_size}&f=json"})
    return page


def _odata(name: str, query: dict[str, str], state: Server, path: str) -> dict[str, Any] | None:
    wanted = re.findall(r"'(\w+)'", query.get("$filter", ""))
    areas = {**MUNICIPALITIES, "WK990100": "Wijk 00", "WK990101": "Wijk 01", "BU99010000": "Buurt 00", "BU99010100": "Buurt 01"}
    people = {CODE: 300, "WK990100": 150, "WK990101": 150, "BU99010000": 150, "BU99010100": None, "GM9902": 9}
    rows: dict[str, list[dict[str, Any]]] = {
        "WijkenEnBuurtenCodes": [{"Identifier": f"{code:<10}", "Title": title} for code, title in areas.items()],
        "MeasureGroups": [{"Id": "1", "Title": "Bevolking", "ParentId": None}, {"Id": "2", "Title": "Geslacht", "ParentId": "1"}],
        "MeasureCodes": [
            {"Identifier": "T001036", "Title": "Aantal inwoners", "Unit": "aantal", "MeasureGroupId": "1"},
            {"Identifier": "3000", "Title": "Mannen", "Unit": "aantal", "MeasureGroupId": "2"},
            {"Identifier": "CODE", "Title": "Codering", "Unit": "code", "MeasureGroupId": None},
        ],
        "Observations": [
            {"Id": i, "Measure": measure, "ValueAttribute": "None", "Value": value, "WijkenEnBuurten": f"{code:<10}"}
            for i, (code, total) in enumerate(people.items())
            for measure, value in (("T001036", total), ("3000", total and total / 2), ("CODE", None))
        ],
    }
    if name not in rows:
        return None
    key = "WijkenEnBuurten" if name == "Observations" else "Identifier"
    return _page([row for row in rows[name] if not wanted or row[key].startswith(tuple(wanted))], query, state, path)


def _filtered(rows: list[dict[str, Any]], wanted: str) -> list[dict[str, Any]]:
    """Those of one measure, or with a piece of text in their title."""
    if measure := re.fullmatch(r"Measure eq '(.+)'", wanted):
        return [row for row in rows if row["Measure"] == measure[1]]
    piece = re.fullmatch(r"contains\(Title,'(.+)'\)", wanted)
    return [row for row in rows if piece is None or piece[1] in row["Title"]]


def _page(found: list[dict[str, Any]], query: dict[str, str], state: Server, path: str) -> dict[str, Any]:
    start, size = int(query.get("$skip", "0")), state.odata_page
    page: dict[str, Any] = {"@odata.context": "x", "value": found[start : start + size]}
    if start + size < len(found):
        rest = f"$skip={start + size}" + (f"&$filter={query['$filter']}" if "$filter" in query else "")
        page["@odata.nextLink"] = f"{state.base}{path}?{rest}".replace(" ", "%20")
    return page
