# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one edge through which the engine leaves the process: bounded, polite, resumable, cached with date, licence and checksum."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import httpx

from knopenkaart import __version__
from knopenkaart.checksum import checksum
from knopenkaart.errors import SourceError, StoreError
from knopenkaart.progress import Progress, silent

# Answers after which the same question may be asked again; every other refusal is final.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class EdgeRules:
    """What the edge may do. Times in seconds, sizes in bytes; `plain_http` is for a mirror on one's own network."""

    hosts: frozenset[str]
    contact: str = ""
    plain_http: bool = False
    timeout_s: float = 60.0
    deadline_s: float = 1800.0
    max_redirects: int = 5
    attempts: int = 4
    backoff_s: float = 2.0
    max_wait_s: float = 120.0
    delay_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file must look like: the words its content type may hold, and the first bytes (after white space) it may begin with."""

    name: str
    content_types: tuple[str, ...]
    beginnings: tuple[bytes, ...]


JSON = Kind("JSON", ("json",), (b"{", b"["))
OSM_XML = Kind("OpenStreetMap XML", ("xml", "osm3s", "octet-stream"), (b"<?xml", b"<osm"))


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what a file is used: title, licence, the line to show, and how many days a copy counts as fresh."""

    title: str
    licence: str
    attribution: str
    max_age_days: float
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file in the cache.

    `date` is that of the content, `fetched` of the download; `request` is what was asked exactly; `offline` says why an older copy serves.
    """

    path: Path
    url: str
    date: date | None
    fetched: datetime
    licence: str
    attribution: str
    sha256: str
    request: str = ""
    offline: str = ""


class Edge:
    """Asks public services and keeps what they give. `transport`, `sleep` and `now` can be injected."""

    def __init__(
        self,
        rules: EdgeRules,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        contact = f"; +{rules.contact}" if rules.contact else ""
        self.rules = rules
        self._sleep = sleep
        self._now = now
        self._asked_at: dict[str, float] = {}
        self._client = httpx.Client(
            transport=transport,
            timeout=rules.timeout_s,
            follow_redirects=False,
            trust_env=True,
            headers={"User-Agent": f"Knopenkaart/{__version__} (social node map{contact})"},
        )

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()

    def __enter__(self) -> Edge:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def cached(
        self,
        target: Path,
        *,
        url: str,
        terms: Terms,
        make: Callable[[Path], date | None],
        request: str = "",
        sha256: str | None = None,
    ) -> Fetched:
        """The file `target`, made anew when it is absent, damaged, of another `request` or older than the terms allow.

        `make` writes the file it is given and returns the date of the content; only when it succeeds does the new file replace the old
        one. When it raises SourceError and a sound older copy exists, that copy serves and `offline` holds the reason. `sha256` is the
        checksum that the file must have, where the publisher states one. Raises SourceError; StoreError when the folder is not writable.
        """
        old = self._old_copy(target)
        if old and (old.request != request or sha256 not in (None, old.sha256)):
            old = None
        if old and self._now() - old.fetched < timedelta(days=terms.max_age_days):
            return old
        fresh = target.with_name(target.name + ".new")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            content_date = make(fresh)
            found = checksum(fresh)
            if sha256 not in (None, found):
                raise _error("http.checksum", f"{url} gave a file with another checksum than it should have.", "Fetch it again later.")
            fetched = Fetched(target, url, content_date, self._now(), terms.licence, terms.attribution, found, request)
            fresh.replace(target)
            _write_sidecar(fetched)
        except SourceError as error:
            if old is None:
                raise
            return replace(old, offline=error.message)
        except OSError as error:
            remedy = "Choose another folder, or make room."
            raise StoreError(f"{target.parent} cannot be written to ({error}).", code="cache.unwritable", remedy=remedy) from error
        finally:
            # Whoever stops it leaves no half of a file either.
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
        return fetched

    def fetch(
        self,
        url: str,
        target: Path,
        *,
        kind: Kind,
        terms: Terms,
        params: Mapping[str, str] | None = None,
        check: Callable[[Path], date | None] | None = None,
        sha256: str | None = None,
        progress: Progress = silent,
    ) -> Fetched:
        """The file behind an address, through the cache.

        `check` looks at the whole file before it is believed, and may give the date of its content (else Last-Modified serves).
        An interrupted download goes on where it stopped, when the server knows the file by an ETag or a date. Raises SourceError.
        """

        def make(fresh: Path) -> date | None:
            modified = self.download(url, fresh, kind=kind, max_bytes=terms.max_bytes, params=params, progress=progress)
            return (check(fresh) if check else None) or modified

        request = str(httpx.URL(url, params=params) if params else url)
        return self.cached(target, url=url, terms=terms, make=make, request=request, sha256=sha256)

    def get_json(self, url: str, *, max_bytes: int, params: Mapping[str, str] | None = None) -> Any:
        """A JSON document in memory. Raises SourceError: not JSON, cut off, or any failure of the line."""

        def read(deadline: float) -> Any:
            with self._answer(url, params, {}, JSON) as answer:
                body = b"".join(self._body(answer, max_bytes, deadline, silent))
            try:
                return json.loads(body)
            except ValueError as error:
                raise _passing("http.truncated", f"{_host(url)} gave JSON that is cut off or damaged ({error}).") from error

        return self._with_patience(url, read)

    def download(
        self, url: str, target: Path, *, kind: Kind, max_bytes: int, params: Mapping[str, str] | None = None, progress: Progress = silent
    ) -> date | None:
        """Write the file behind an address to `target`; returns the date of Last-Modified. Raises SourceError."""
        part = target.with_name(target.name + ".part")

        def attempt(deadline: float) -> date | None:
            return self._download_once(url, part, kind, max_bytes, params, progress, deadline)

        modified = self._with_patience(url, attempt)
        part.replace(target)
        _note(part).unlink(missing_ok=True)
        return modified

    def _download_once(
        self, url: str, part: Path, kind: Kind, max_bytes: int, params: Mapping[str, str] | None, progress: Progress, deadline: float
    ) -> date | None:
        address = str(httpx.URL(url, params=params) if params else url)
        start, headers = _resumption(part, address)
        with self._answer(url, params, headers, kind, resumed=start > 0) as answer:
            if answer.status_code == 206 and not answer.headers.get("content-range", "").startswith(f"bytes {start}-"):
                _discard(part)
                raise _passing("http.range", f"{_host(url)} gave another part of the file than was asked.")
            if answer.status_code == 416:
                _discard(part)
                raise _passing("http.range", f"{_host(url)} does not know the rest of the file any more.")
            going_on = answer.status_code == 206
            _remember(part, address, answer)
            with part.open("ab" if going_on else "wb") as file:
                self._save(answer, file, max_bytes - (start if going_on else 0), deadline, progress)
        _check_beginning(part, kind, url)
        return _last_modified(answer)

    def _save(self, answer: httpx.Response, file: BinaryIO, max_bytes: int, deadline: float, progress: Progress) -> None:
        for chunk in self._body(answer, max_bytes, deadline, progress):
            file.write(chunk)

    def _with_patience(self, url: str, attempt: Callable[[float], Result]) -> Result:
        """Try, and try again after what may pass, each time waiting longer or as long as the server asks."""
        deadline = time.monotonic() + self.rules.deadline_s
        for number in range(1, self.rules.attempts + 1):
            self._be_polite(url)
            try:
                return attempt(deadline)
            except _PassingError as error:
                wait = max(error.wait_s, self.rules.backoff_s * 2 ** (number - 1))
                last = number == self.rules.attempts or wait > self.rules.max_wait_s or time.monotonic() + wait > deadline
                if last:
                    raise SourceError(error.message, code=error.code, remedy=error.remedy) from error
                self._sleep(wait)
        raise AssertionError("an attempt returns or raises")

    def _be_polite(self, url: str) -> None:
        host = _host(url)
        ready = self._asked_at.get(host, 0.0) + self.rules.delay_s
        if (left := ready - time.monotonic()) > 0:
            self._sleep(left)
        self._asked_at[host] = time.monotonic()

    @contextmanager
    def _answer(
        self, url: str, params: Mapping[str, str] | None, headers: Mapping[str, str], kind: Kind, *, resumed: bool = False
    ) -> Iterator[httpx.Response]:
        """A streamed answer with the right status and type, after redirects that stay within the rules."""
        address = httpx.URL(url, params=params) if params else httpx.URL(url)
        seen: set[httpx.URL] = set()
        try:
            for _ in range(self.rules.max_redirects + 1):
                self._check_allowed(address)
                if address in seen:
                    raise _error("http.redirect_loop", f"{address.host} sends round in a circle.", "Try again later; tell the publisher.")
                seen.add(address)
                with self._client.stream("GET", address, headers=dict(headers)) as answer:
                    if answer.status_code in _REDIRECTS and "location" in answer.headers:
                        address = address.join(answer.headers["location"])
                        continue
                    _check_status(answer, resumed=resumed)
                    if answer.status_code != 416:
                        _check_type(answer, kind)
                    yield answer
                    return
        except httpx.TimeoutException as error:
            raise _passing("http.timeout", f"{address.host} did not answer within {self.rules.timeout_s:g} s.") from error
        except (httpx.RemoteProtocolError, httpx.DecodingError) as error:
            raise _passing("http.truncated", f"{address.host} broke off its answer ({error}).") from error
        except httpx.TransportError as error:
            raise _passing("http.unreachable", f"{address.host} cannot be reached ({error}).") from error
        raise _error("http.redirects", f"{_host(url)} redirects more than {self.rules.max_redirects} times.", "Try again later.")

    def _body(self, answer: httpx.Response, max_bytes: int, deadline: float, progress: Progress) -> Iterator[bytes]:
        expected = int(answer.headers.get("content-length", "0") or 0)
        if expected > max_bytes:
            raise _error("http.too_large", f"{answer.url.host} offers {expected:,} bytes, more than {max_bytes:,}.", "Check the endpoint.")
        size = 0
        # Pieces as they come: gathering them to a fixed size would let a server that drips stay below the deadline's eye.
        for chunk in answer.iter_bytes():
            size += len(chunk)
            if size > max_bytes:
                raise _error("http.too_large", f"{answer.url.host} keeps sending beyond {max_bytes:,} bytes.", "Check the endpoint.")
            if time.monotonic() > deadline:
                raise _error(
                    "http.too_slow", f"{answer.url.host} is too slow: not done in {self.rules.deadline_s:g} s.", "Try again later."
                )
            progress("download", min(1.0, size / expected) if expected else 0.0)
            yield chunk

    def _check_allowed(self, address: httpx.URL) -> None:
        if address.scheme != "https" and not (address.scheme == "http" and self.rules.plain_http):
            raise _error(
                "http.not_https", f"{address.host} is asked over {address.scheme or 'nothing'}, not https.", "Use an https address."
            )
        if address.host not in self.rules.hosts:
            remedy = "Add the host to the endpoints when it is to be trusted."
            raise _error("http.host", f"{address.host} is not one of the hosts that may be asked.", remedy)

    def _old_copy(self, target: Path) -> Fetched | None:
        """The copy in the cache, when its checksum says that it is whole."""
        try:
            data = json.loads(_sidecar(target).read_text(encoding="utf-8"))
            day = date.fromisoformat(data["date"]) if data["date"] else None
            when = datetime.fromisoformat(data["fetched"])
            old = Fetched(target, data["url"], day, when, data["licence"], data["attribution"], data["sha256"], data["request"])
            return old if checksum(target) == old.sha256 else None
        except (OSError, ValueError, KeyError, TypeError):
            return None


class _PassingError(SourceError):
    """A failure that may be gone at the next attempt, with the wait that the server asks."""

    wait_s: float = 0.0


def _error(code: str, message: str, remedy: str) -> SourceError:
    return SourceError(message, code=code, remedy=remedy)


# Of whatever is fetched: an extract, areas, figures.
LATER = (
    "Try again later, or give files that you downloaded yourself: "
    "docs/tutorials/first-map.md tells which for a map, docs/how-to/fetch-figures.md for figures."
)


def _passing(code: str, message: str, *, wait_s: float = 0.0) -> _PassingError:
    error = _PassingError(message, code=code, remedy=LATER)
    error.wait_s = wait_s
    return error


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host
    except httpx.InvalidURL as error:
        raise _error("http.bad_address", f"{url!r} is no address ({error}).", "Check the endpoint.") from error


def _check_status(answer: httpx.Response, *, resumed: bool) -> None:
    status, host = answer.status_code, answer.url.host
    if status == 200 or (resumed and status in (206, 416)):
        return
    if status in (404, 410):
        remedy = "The address may have changed: look at the publisher's site, correct the endpoint, or build from files."
        raise _error("http.gone", f"{host} has nothing (any more) at {answer.url.path} ({status}).", remedy)
    if status in _PASSING:
        code = "http.busy" if status == 429 else "http.server"
        raise _passing(code, f"{host} cannot serve now ({status}).", wait_s=_retry_after(answer))
    raise _error("http.refused", f"{host} refuses {answer.url.path} ({status}).", "Check the endpoint and its terms of use.")


def _retry_after(answer: httpx.Response) -> float:
    text = answer.headers.get("retry-after", "")
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def _check_type(answer: httpx.Response, kind: Kind) -> None:
    content_type = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type and not any(word in content_type for word in kind.content_types):
        remedy = "A page instead of data often means a notice of maintenance: open the address in a browser."
        raise _error("http.not_data", f"{answer.url.host} gave {content_type} instead of {kind.name}.", remedy)


def _check_beginning(path: Path, kind: Kind, url: str) -> None:
    with path.open("rb") as file:
        head = file.read(2048).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        _discard(path)
        raise _passing("http.empty", f"{_host(url)} gave an empty file.")
    page = head[:1024].lower().startswith((b"<!doctype html", b"<html")) or b"<html" in head[:1024].lower()
    if page or not head.startswith(kind.beginnings):
        _discard(path)
        remedy = "A page instead of data often means a notice of maintenance: open the address in a browser."
        raise _error("http.not_data", f"{_host(url)} gave {'a web page' if page else 'something else'} instead of {kind.name}.", remedy)


def _note(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _discard(part: Path) -> None:
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def _remember(part: Path, address: str, answer: httpx.Response) -> None:
    """Keep what tells the same file later: a strong ETag or the date. An encoded answer cannot be gone on with."""
    etag = answer.headers.get("etag", "")
    validator = etag if etag and not etag.startswith("W/") else answer.headers.get("last-modified", "")
    if answer.headers.get("content-encoding", "identity") != "identity":
        validator = ""
    _note(part).write_text(json.dumps({"url": address, "validator": validator}), encoding="utf-8")


def _resumption(part: Path, address: str) -> tuple[int, dict[str, str]]:
    """How many bytes are here already, and the headers that ask for the rest of the same file."""
    try:
        note = json.loads(_note(part).read_text(encoding="utf-8"))
        size = part.stat().st_size
    except (OSError, ValueError):
        return 0, {}
    if not size or not note.get("validator") or note.get("url") != address:
        return 0, {}
    return size, {"Range": f"bytes={size}-", "If-Range": note["validator"], "Accept-Encoding": "identity"}


def _last_modified(answer: httpx.Response) -> date | None:
    try:
        return parsedate_to_datetime(answer.headers.get("last-modified", "")).date()
    except (TypeError, ValueError):
        return None


def _sidecar(target: Path) -> Path:
    return target.with_name(target.name + ".source.json")


def _write_sidecar(fetched: Fetched) -> None:
    data = asdict(fetched) | {"path": fetched.path.name, "fetched": fetched.fetched.isoformat()}
    data["date"] = fetched.date.isoformat() if fetched.date else None
    fresh = _sidecar(fetched.path).with_suffix(".new")
    fresh.write_text(json.dumps(data, ensure_ascii=False, indent=2), encoding="utf-8")
    fresh.replace(_sidecar(fetched.path))
