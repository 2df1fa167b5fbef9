# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The edge: what it asks, what it refuses, how it waits, goes on and remembers; against a server that misbehaves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from knopenkaart.errors import SourceError, StoreError
from knopenkaart.sources._http import JSON, OSM_XML, Edge, EdgeRules, Fetched, Kind, Terms

from . import misbehaving_server as bad

TERMS = Terms("A file", "CC BY 4.0", "the publisher", max_age_days=7, max_bytes=2_000_000)


@pytest.fixture
def server() -> Iterator[bad.Server]:
    with bad.serving() as running:
        yield running


class Clock:
    """Remembers the waits instead of waiting, and can be set forward."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.days = 0.0

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=self.days)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def an_edge(clock: Clock, *, transport: httpx.BaseTransport | None = None, **rules: Any) -> Edge:
    settings: dict[str, Any] = {
        "hosts": frozenset({"127.0.0.1", "data.example"}),
        "plain_http": True,
        "delay_s": 0.0,
        "timeout_s": 10.0,
    } | rules
    return Edge(EdgeRules(**settings), transport=transport, sleep=clock.sleep, now=clock.now)


def big(edge: Edge, server: bad.Server, folder: Path, *, kind: Kind = OSM_XML, terms: Terms = TERMS, **more: Any) -> Fetched:
    return edge.fetch(f"{server.base}/big.osm", folder / "big.osm", kind=kind, terms=terms, **more)


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.MockTransport:
    return httpx.MockTransport(answer)


def test_a_file_comes_with_its_date_licence_and_checksum(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    fetched = big(an_edge(clock), server, tmp_path)
    assert fetched.path.read_bytes() == bad.big_file()
    assert fetched.sha256 == hashlib.sha256(bad.big_file()).hexdigest()
    assert (fetched.date, fetched.licence, fetched.offline) == (date(2024, 6, 1), "CC BY 4.0", "")
    sidecar = json.loads((tmp_path / "big.osm.source.json").read_text(encoding="utf-8"))
    assert (sidecar["sha256"], sidecar["licence"], sidecar["date"]) == (fetched.sha256, "CC BY 4.0", "2024-06-01")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["big.osm", "big.osm.source.json"]


def test_the_user_agent_names_the_product_and_the_contact(server: bad.Server, clock: Clock) -> None:
    an_edge(clock, contact="https://gemeente.example/contact").get_json(f"{server.base}/odata/v1/CBS/T/MeasureGroups", max_bytes=10_000)
    agent = server.requests[0].headers["user-agent"]
    assert agent.startswith("Knopenkaart/")
    assert "https://gemeente.example/contact" in agent


def test_without_a_contact_none_is_invented(server: bad.Server, clock: Clock) -> None:
    an_edge(clock).get_json(f"{server.base}/odata/v1/CBS/T/MeasureGroups", max_bytes=10_000)
    assert "+" not in server.requests[0].headers["user-agent"]


def test_plain_http_is_refused_unless_allowed(clock: Clock) -> None:
    with pytest.raises(SourceError) as caught:
        an_edge(clock, plain_http=False).get_json("http://data.example/x", max_bytes=10)
    assert caught.value.code == "http.not_https"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://data.example/x"])
def test_other_schemes_are_refused(clock: Clock, url: str) -> None:
    with pytest.raises(SourceError) as caught:
        an_edge(clock).get_json(url, max_bytes=10)
    assert caught.value.code == "http.not_https"


def test_a_host_outside_the_list_is_not_asked(clock: Clock) -> None:
    asked: list[str] = []
    transport = answering(lambda request: asked.append(str(request.url)) or httpx.Response(200))
    with pytest.raises(SourceError, match=r"evil\.example") as caught:
        an_edge(clock, transport=transport).get_json("https://evil.example/x", max_bytes=10)
    assert caught.value.code == "http.host"
    assert asked == []


@pytest.mark.parametrize("location", ["http://169.254.169.254/latest", "https://evil.example/x"])
def test_a_redirect_to_another_host_is_not_followed(clock: Clock, location: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"location": location})

    with pytest.raises(SourceError) as caught:
        an_edge(clock, transport=answering(answer)).get_json("https://data.example/x", max_bytes=10)
    assert caught.value.code == "http.host"
    assert asked == ["data.example"]


def test_a_redirect_from_https_to_http_is_not_followed(clock: Clock) -> None:
    transport = answering(lambda _: httpx.Response(301, headers={"location": "http://data.example/y"}))
    with pytest.raises(SourceError) as caught:
        an_edge(clock, transport=transport, plain_http=False).get_json("https://data.example/x", max_bytes=10)
    assert caught.value.code == "http.not_https"


def test_an_allowed_redirect_is_followed(clock: Clock) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(307, headers={"location": "/y"}) if request.url.path == "/x" else httpx.Response(200, json={"a": 1})

    assert an_edge(clock, transport=answering(answer)).get_json("https://data.example/x", max_bytes=100) == {"a": 1}


def test_a_redirect_loop_is_a_clear_error(server: bad.Server, clock: Clock) -> None:
    server.faults["/circle"] = bad.circle
    with pytest.raises(SourceError, match="circle") as caught:
        an_edge(clock).get_json(f"{server.base}/circle/a", max_bytes=10)
    assert caught.value.code == "http.redirect_loop"
    assert len(server.requests) == 2


def test_redirects_are_bounded(server: bad.Server, clock: Clock) -> None:
    server.faults["/further"] = bad.further
    with pytest.raises(SourceError) as caught:
        an_edge(clock, max_redirects=3).get_json(f"{server.base}/further/1", max_bytes=10)
    assert caught.value.code == "http.redirects"
    assert len(server.requests) == 4


@pytest.mark.parametrize("status", [404, 410])
def test_a_source_that_is_gone_is_said_at_once(server: bad.Server, clock: Clock, tmp_path: Path, status: int) -> None:
    server.faults["/big"] = bad.status(status)
    with pytest.raises(SourceError, match="nothing") as caught:
        big(an_edge(clock), server, tmp_path)
    assert caught.value.code == "http.gone"
    assert caught.value.exit_code == 3
    assert "build from files" in caught.value.remedy
    assert len(server.requests) == 1


def test_a_refusal_is_not_repeated(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    server.faults["/big"] = bad.status(403)
    with pytest.raises(SourceError) as caught:
        big(an_edge(clock), server, tmp_path)
    assert (caught.value.code, len(server.requests)) == ("http.refused", 1)


def test_a_failing_server_is_asked_again_with_longer_waits(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    server.faults["/big"] = bad.in_turn(bad.status(500), bad.status(503))
    assert big(an_edge(clock, backoff_s=2.0), server, tmp_path).path.exists()
    assert clock.waits == [2.0, 4.0]


def test_retry_after_is_obeyed(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    server.faults["/big"] = bad.in_turn(bad.status(429, Retry_After="17"))
    big(an_edge(clock, backoff_s=2.0), server, tmp_path)
    assert clock.waits == [17.0]


def test_a_retry_after_date_is_obeyed(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    moment = (datetime.now(UTC) + timedelta(seconds=30)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    server.faults["/big"] = bad.in_turn(bad.status(503, Retry_After=moment))
    big(an_edge(clock, backoff_s=0.0), server, tmp_path)
    assert 20 < clock.waits[0] <= 30


def test_a_retry_after_of_hours_ends_the_attempt(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    server.faults["/big"] = bad.status(429, Retry_After="7200")
    with pytest.raises(SourceError) as caught:
        big(an_edge(clock), server, tmp_path)
    assert caught.value.code == "http.busy"
    assert (clock.waits, len(server.requests)) == ([], 1)


def test_attempts_are_bounded(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    server.faults["/big"] = bad.status(500)
    with pytest.raises(SourceError) as caught:
        big(an_edge(clock, attempts=3), server, tmp_path)
    assert (caught.value.code, len(server.requests)) == ("http.server", 3)


def test_one_host_is_asked_with_a_delay_between(server: bad.Server, clock: Clock) -> None:
    edge = an_edge(clock, delay_s=30.0)
    for _ in range(3):
        edge.get_json(f"{server.base}/odata/v1/CBS/T/MeasureGroups", max_bytes=10_000)
    assert len(clock.waits) == 2
    assert all(29 < wait <= 30 for wait in clock.waits)


def test_a_slow_server_is_a_clear_error(server: bad.Server, clock: Clock) -> None:
    server.faults["/slow"] = bad.slow
    with pytest.raises(SourceError, match=r"0\.2 s") as caught:
        an_edge(clock, timeout_s=0.2, attempts=2).get_json(f"{server.base}/slow", max_bytes=10)
    assert (caught.value.code, len(server.requests)) == ("http.timeout", 2)


def test_a_server_that_drips_meets_the_deadline(server: bad.Server, clock: Clock) -> None:
    server.faults["/drip"] = dripping = bad.Dripping()
    with pytest.raises(SourceError) as caught:
        an_edge(clock, deadline_s=0.3).get_json(f"{server.base}/drip", max_bytes=10_000)
    assert caught.value.code == "http.too_slow"
    assert dripping.drops < dripping.most, "it was given up before its end"


def test_nobody_at_home_is_a_clear_error(clock: Clock) -> None:
    with bad.serving() as gone:
        address = gone.base
    with pytest.raises(SourceError, match="cannot be reached") as caught:
        an_edge(clock, attempts=2).get_json(address, max_bytes=10)
    assert caught.value.code == "http.unreachable"


def test_a_body_that_breaks_off_is_asked_again(server: bad.Server, clock: Clock) -> None:
    server.faults["/MeasureGroups"] = bad.in_turn(bad.cut_off)
    assert an_edge(clock).get_json(f"{server.base}/odata/v1/CBS/T/MeasureGroups", max_bytes=10_000)["value"]
    assert len(server.requests) == 2


def test_a_body_that_keeps_breaking_off_is_a_clear_error(server: bad.Server, clock: Clock) -> None:
    server.faults["/x"] = bad.cut_off
    with pytest.raises(SourceError) as caught:
        an_edge(clock).get_json(f"{server.base}/x", max_bytes=10_000)
    assert caught.value.code == "http.truncated"


def test_an_endless_body_is_cut_at_the_bound(server: bad.Server, clock: Clock) -> None:
    server.faults["/x"] = bad.endless
    with pytest.raises(SourceError, match="keeps sending") as caught:
        an_edge(clock).get_json(f"{server.base}/x", max_bytes=1_000_000)
    assert (caught.value.code, len(server.requests)) == ("http.too_large", 1)


def test_an_announced_size_beyond_the_bound_is_refused_unread(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    small = Terms("A file", "CC BY 4.0", "the publisher", max_age_days=7, max_bytes=1000)
    with pytest.raises(SourceError, match="offers") as caught:
        big(an_edge(clock), server, tmp_path, terms=small)
    assert caught.value.code == "http.too_large"


@pytest.mark.parametrize("answer", [bad.html, bad.html_called_data("application/osm3s+xml"), bad.html_called_data("")])
def test_a_web_page_instead_of_data_is_said(server: bad.Server, clock: Clock, tmp_path: Path, answer: Any) -> None:
    server.faults["/big"] = answer
    with pytest.raises(SourceError, match="instead of OpenStreetMap XML") as caught:
        big(an_edge(clock), server, tmp_path)
    assert caught.value.code == "http.not_data"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_no_data(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    server.faults["/big"] = lambda handler: bad.reply(handler, b"", "application/xml")
    with pytest.raises(SourceError) as caught:
        big(an_edge(clock), server, tmp_path)
    assert caught.value.code == "http.empty"


def half_way(server: bad.Server, clock: Clock, folder: Path, *, etag: str = '"v1"') -> int:
    """A download that breaks off half-way; returns how many bytes are on disk."""
    whole = bad.big_file()
    half = len(whole) // 2

    def broken(handler: Any) -> None:
        bad.reply(handler, whole[:half], "application/osm3s+xml", Content_Length=str(len(whole)), ETag=etag)
        handler.close_connection = True

    server.faults["/big"] = broken
    with pytest.raises(SourceError):
        big(an_edge(clock, attempts=1), server, folder)
    del server.faults["/big"]
    server.requests.clear()
    return (folder / "big.osm.new.part").stat().st_size


def test_an_interrupted_download_goes_on_where_it_stopped(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    size = half_way(server, clock, tmp_path)
    assert 0 < size < len(bad.big_file())
    assert big(an_edge(clock), server, tmp_path).path.read_bytes() == bad.big_file()
    assert [request.headers.get("range") for request in server.requests] == [f"bytes={size}-"]


def test_a_file_that_changed_meanwhile_starts_again(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    half_way(server, clock, tmp_path, etag='"v0"')
    assert big(an_edge(clock), server, tmp_path).path.read_bytes() == bad.big_file()
    assert server.requests[0].headers["if-range"] == '"v0"'


def test_a_weak_etag_is_not_gone_on_with(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    half_way(server, clock, tmp_path, etag='W/"v1"')
    assert big(an_edge(clock), server, tmp_path).path.read_bytes() == bad.big_file()
    assert "range" not in server.requests[0].headers


def test_the_wrong_part_of_a_file_is_not_glued_on(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    half_way(server, clock, tmp_path)
    wrong = lambda handler: bad.reply(handler, b"zzz", "application/xml", 206, Content_Range="bytes 0-2/3")  # noqa: E731
    server.faults["/big"] = bad.in_turn(wrong)
    assert big(an_edge(clock), server, tmp_path).path.read_bytes() == bad.big_file()


def test_a_range_that_cannot_be_given_starts_again(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    half_way(server, clock, tmp_path)
    server.faults["/big"] = bad.in_turn(bad.status(416))
    assert big(an_edge(clock), server, tmp_path).path.read_bytes() == bad.big_file()


def test_a_fresh_copy_is_used_without_asking(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    first = big(an_edge(clock), server, tmp_path)
    clock.days = 6.9
    assert big(an_edge(clock), server, tmp_path) == first
    assert len(server.requests) == 1


def test_an_old_copy_is_fetched_again(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    big(an_edge(clock), server, tmp_path)
    clock.days = 7.1
    assert big(an_edge(clock), server, tmp_path).offline == ""
    assert len(server.requests) == 2


def test_a_damaged_copy_is_fetched_again(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    path = big(an_edge(clock), server, tmp_path).path
    path.write_bytes(path.read_bytes()[:-1])
    assert big(an_edge(clock), server, tmp_path).path.read_bytes() == bad.big_file()
    assert len(server.requests) == 2


def test_when_the_source_is_down_the_old_copy_serves_with_the_reason(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    first = big(an_edge(clock), server, tmp_path)
    clock.days = 400
    server.faults["/big"] = bad.status(500)
    later = big(an_edge(clock), server, tmp_path)
    assert (later.path.read_bytes(), later.fetched, later.date) == (bad.big_file(), first.fetched, first.date)
    assert "cannot serve now (500)" in later.offline


def test_a_damaged_copy_does_not_serve_when_the_source_is_down(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    big(an_edge(clock), server, tmp_path).path.write_bytes(b"<osm")
    server.faults["/big"] = bad.status(500)
    with pytest.raises(SourceError):
        big(an_edge(clock), server, tmp_path)


def test_a_wrong_checksum_is_refused(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        big(an_edge(clock), server, tmp_path, sha256="0" * 64)
    assert caught.value.code == "http.checksum"
    assert not (tmp_path / "big.osm").exists()


def test_the_right_checksum_is_accepted(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    expected = hashlib.sha256(bad.big_file()).hexdigest()
    assert big(an_edge(clock), server, tmp_path, sha256=expected).sha256 == expected


def test_a_copy_of_another_checksum_does_not_serve(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    big(an_edge(clock), server, tmp_path)
    server.faults["/big"] = bad.status(500)
    with pytest.raises(SourceError):
        big(an_edge(clock), server, tmp_path, sha256="0" * 64)


def test_a_copy_of_another_question_does_not_serve(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    big(an_edge(clock), server, tmp_path, params={"area": "here"})
    server.faults["/big"] = bad.status(500)
    with pytest.raises(SourceError):
        big(an_edge(clock), server, tmp_path, params={"area": "there"})


def test_a_folder_that_cannot_be_written_is_said(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        big(an_edge(clock), server, tmp_path / "file")
    assert (caught.value.code, caught.value.exit_code) == ("cache.unwritable", 4)


def test_a_redirect_to_nonsense_is_a_clear_error(clock: Clock) -> None:
    transport = answering(lambda _: httpx.Response(302, headers={"location": "https://data.example:port/x"}))
    with pytest.raises(SourceError, match="Invalid URL"):
        an_edge(clock, transport=transport).get_json("https://data.example/x", max_bytes=10)


def test_what_is_no_address_is_said(clock: Clock) -> None:
    with pytest.raises(SourceError) as caught:
        an_edge(clock).get_json("https://data.example:port/x", max_bytes=10)
    assert caught.value.code == "http.bad_address"


def test_a_check_that_fails_leaves_the_old_copy(server: bad.Server, clock: Clock, tmp_path: Path) -> None:
    big(an_edge(clock), server, tmp_path)
    clock.days = 400

    def refuse(_: Path) -> date | None:
        raise SourceError("not whole", code="online.truncated")

    later = big(an_edge(clock), server, tmp_path, check=refuse)
    assert later.offline == "not whole"
    assert later.path.read_bytes() == bad.big_file()


def test_json_that_is_cut_off_without_a_length_is_noticed(clock: Clock) -> None:
    transport = answering(lambda _: httpx.Response(200, content=b'{"value":[1,', headers={"content-type": "application/json"}))
    with pytest.raises(SourceError) as caught:
        an_edge(clock, transport=transport).get_json("https://data.example/x", max_bytes=100)
    assert caught.value.code == "http.truncated"


def test_a_compressed_bomb_is_cut_at_the_bound(clock: Clock) -> None:
    import gzip

    bomb = gzip.compress(b" " * 50_000_000)
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    transport = answering(lambda _: httpx.Response(200, stream=httpx.ByteStream(bomb), headers=headers))
    with pytest.raises(SourceError) as caught:
        an_edge(clock, transport=transport).get_json("https://data.example/x", max_bytes=1_000_000)
    assert caught.value.code == "http.too_large"


def test_kinds_know_their_beginnings() -> None:
    assert b"{" in JSON.beginnings
    assert b"<osm" in OSM_XML.beginnings
