# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""A small server for the map page alone: static files, byte ranges and the application's content security policy."""

from __future__ import annotations

import argparse
import json
import mimetypes
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

from .page import BUILD, page
from .town import measure, write_town

POLICY = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
RANGE = re.compile(r"bytes=(\d+)-(\d*)")
mimetypes.add_type("font/woff2", ".woff2")


class Handler(BaseHTTPRequestHandler):
    """Answers the page at every address without a file."""

    protocol_version = "HTTP/1.1"

    def __init__(self, folder: Path, *arguments: object) -> None:
        self.folder = folder
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/bereik.json":
            self._send(json.dumps(measure(dict(parse_qsl(query)))).encode(), "application/json")
            return
        if path == "/areas.json" and query == "niveau=buurt":
            path = "/buurten.json"
        file = BUILD / path.removeprefix("/static/build/") if path.startswith("/static/build/") else self.folder / path.lstrip("/")
        if file.is_file():
            self._send(file.read_bytes(), mimetypes.guess_type(file.name)[0] or "application/octet-stream")
        elif "." in Path(path).name:
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            self._send(page().encode(), "text/html; charset=utf-8")

    def _send(self, body: bytes, kind: str) -> None:
        wanted = RANGE.fullmatch(self.headers.get("Range", ""))
        self.send_response(HTTPStatus.PARTIAL_CONTENT if wanted else HTTPStatus.OK)
        if wanted:
            first, last = int(wanted[1]), min(int(wanted[2] or len(body) - 1), len(body) - 1)
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
            body = body[first : last + 1]
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        # A page that is closed no longer waits for its tiles.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing: a test reads its own output."""


@contextmanager
def serve_town(*, places: int, port: int = 0) -> Iterator[str]:
    """The address of a served town with that many places."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_town(folder, places=places)
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, folder))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=300)
    parser.add_argument("--port", type=int, default=8009)
    chosen = parser.parse_args()
    with serve_town(places=chosen.places, port=chosen.port) as address:
        print(f"{address}/kaart (stop with Ctrl-C)")  # noqa: T201
        threading.Event().wait()
