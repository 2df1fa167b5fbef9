# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The commands that the web adds to `knopenkaart`: from migrate and load to serve and worker."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from knopenkaart.cli.console import Console
from knopenkaart.errors import InputError

STOP_SECONDS = 10.0
# First parts of addresses that are no study.
RESERVED_SLUGS = frozenset(
    {
        *("en", "nl", "static", "inloggen", "uitloggen", "wachtwoord", "toegankelijkheid"),
        *("beheerder", "controle", "mijn-plekken", "kaartje", "bewoners", "tel", "wijkmonitor"),
    }
)


def register(commands: Any) -> None:
    """Add the commands to the subparsers of `knopenkaart`."""
    migrate = commands.add_parser("migrate", help="make or renew the tables of the web's database")
    migrate.set_defaults(run=run_migrate)

    load = commands.add_parser("load", help="load a built study into the web's database")
    load.add_argument("study", type=Path, metavar="STUDY", help="study folder")
    load.add_argument("--slug", help="name in the address (default: the folder's name)")
    load.add_argument("--name", default="", help="name on the pages (default: that of the build)")
    load.set_defaults(run=run_load)

    monitor = commands.add_parser("monitor-load", help="load a built Wijkmonitor into the web's database")
    monitor.add_argument("folder", type=Path, metavar="FOLDER", help="folder of a monitor")
    monitor.add_argument("--unless-real", action="store_true", help="leave what is loaded where that is of real areas (exit code 1)")
    monitor.set_defaults(run=run_monitor_load)

    observations = commands.add_parser("observations", help="bring in a folder with counts, cards, bookings, money; make the figures")
    observations.add_argument("folder", type=Path)
    observations.add_argument("--study", required=True, metavar="SLUG", help="slug of a loaded study")
    observations.set_defaults(run=run_observations)

    own = commands.add_parser("own-table", help="bring a municipality's own table of indicators into the Wijkmonitor")
    own.add_argument("table", type=Path, metavar="FILE", help="XLSX or CSV")
    own.add_argument("--mapping", type=Path, metavar="FILE", help="how to read it (TOML or JSON); without it, it is guessed")
    own.add_argument("--study", required=True, metavar="SLUG", help="slug of a loaded study")
    own.set_defaults(run=run_own_table)

    meeting = commands.add_parser("reckon-meeting", help="reckon who meets whom and how many places in a loaded study, for its pages")
    meeting.add_argument("study", metavar="SLUG", help="slug of a loaded study")
    meeting.add_argument("--background", action="store_true", help="leave it to the worker, which takes some minutes")
    meeting.set_defaults(run=run_reckon_meeting)

    _register_user(commands.add_parser("user", help="accounts and roles"))

    serve = commands.add_parser("serve", help="serve the web, with its background work")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=_port, default=8000)
    serve.add_argument("--workers", type=_workers, default=2, help="processes that answer visitors (default 2)")
    serve.set_defaults(run=run_serve)

    remind = commands.add_parser("remind", help="mail operators whose place was not looked at for too long")
    remind.add_argument("--dry-run", action="store_true", help="tell whom, and mail nobody")
    remind.set_defaults(run=run_remind)

    forget = commands.add_parser("forget", help="remove what was kept long enough; the worker does so every morning")
    forget.add_argument("--dry-run", action="store_true", help="tell how much, and remove nothing")
    forget.set_defaults(run=run_forget)

    worker = commands.add_parser("worker", help="do background work only, beside another server")
    worker.set_defaults(run=run_worker)


def _register_user(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="user_command", required=True, metavar="COMMAND")
    add = commands.add_parser("add", help="make an account; its password is shown once")
    add.add_argument("name")
    add.add_argument("--role", choices=("editor", "manager"), default="editor")
    add.add_argument("--study", required=True, help="slug of the study, or * for all")
    add.set_defaults(run=run_user_add)
    role = commands.add_parser("role", help="give an account another role in a study")
    role.add_argument("name")
    role.add_argument("--role", choices=("editor", "manager", "none"), required=True)
    role.add_argument("--study", required=True)
    role.set_defaults(run=run_user_role)
    password = commands.add_parser("password", help="give an account a new password, shown once")
    password.add_argument("name")
    password.set_defaults(run=run_user_password)
    close = commands.add_parser("close", help="let an account log in no more")
    close.add_argument("name")
    close.set_defaults(run=run_user_close)
    example = commands.add_parser("example-editor", help="make the editor of the example, and say how to become it")
    example.add_argument("--study", required=True)
    example.set_defaults(run=run_example_editor)


def run_migrate(options: argparse.Namespace, console: Console) -> int:
    """Bring the database up to this version."""
    _django()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    console.say("The database is up to date.")
    console.result({"migrated": True})
    return 0


def run_load(options: argparse.Namespace, console: Console) -> int:
    """Match a study folder with what the database has."""
    slug = options.slug or re.sub(r"[^a-z0-9]+", "-", options.study.resolve().name.lower()).strip("-")
    if not re.fullmatch(r"[-a-z0-9]{1,80}", slug) or slug in RESERVED_SLUGS:
        raise InputError(f"{slug!r} cannot stand in an address.", code="load.slug", remedy="Give --slug with small letters, digits and -.")
    _django()
    from dataclasses import asdict

    from django.conf import settings

    from knopenkaart_web import engine
    from knopenkaart_web.places import actions, queries, words
    from knopenkaart_web.runs import actions as run_actions

    shelf = Path(settings.DATA_DIR) / "studies" / slug
    with engine.one_at_a_time(shelf):
        kept = engine.keep_study(options.study, shelf)
        old, hidden = queries.all_records(slug), queries.hidden_records(slug)
        bundle = engine.read_study(kept, slug=slug, old=old, hidden=hidden, name=options.name, vocabulary=words.vocabulary())
        report = actions.load(None, bundle)
        engine.forget_others(kept)
    console.say(
        f"{bundle.name} is loaded as {slug}: {report.places} places, {report.added} added, {report.updated} changed, "
        f"{report.unchanged} as they were."
    )
    console.say(
        f"In the queue from this load: {report.new} new, {report.changed} changed, {report.gone} gone?, "
        f"{report.duplicates} possible duplicates."
    )
    with console.progress() as progress:
        reached = run_actions.reckon_now(slug, "reach", progress)
    if not reached:
        console.say("Who can walk where could not be reckoned for this study; build it again with this version.")
    console.result(asdict(report) | {"reach": reached})
    return 0


def run_monitor_load(options: argparse.Namespace, console: Console) -> int:
    """Put a built monitor in the place of the one that is loaded."""
    _django()
    _check_database()
    from dataclasses import asdict

    from knopenkaart_web import engine
    from knopenkaart_web.monitor import actions, queries

    loaded = queries.edition()
    if options.unless_real and loaded is not None and not loaded.invented:
        console.say("A Wijkmonitor of real areas is loaded; it stays.")
        console.result({"loaded": False})
        return 1
    report = actions.load(None, engine.read_monitor(options.folder))
    years = ", ".join(map(str, report.years))
    console.say(
        f"The Wijkmonitor is loaded: {report.figures} figures of {report.areas} areas ({years}), {report.links} links between years."
    )
    if report.own_figures or report.own_lost:
        console.say(f"Of municipalities' own tables {report.own_figures} figures were kept; {report.own_lost} had an area that is no more.")
    console.result(asdict(report))
    return 0


def run_observations(options: argparse.Namespace, console: Console) -> int:
    """Bring in what was counted, answered and written down of many places."""
    _django()
    from dataclasses import asdict

    from knopenkaart_web import observations

    with console.progress() as progress:
        told = observations.load(options.study, options.folder, progress=progress)
    console.say(
        f"{told.rounds} rounds of counting, {told.cards} cards, {told.bookings} places with bookings and {told.series} series are new; "
        f"figures were released {told.released} times."
    )
    console.result(asdict(told))
    return 0


def run_own_table(options: argparse.Namespace, console: Console) -> int:
    """Bring in a municipality's own table of indicators, as it may be shown."""
    _django()
    _check_database()
    from django.utils.translation import override

    from knopenkaart_web import observations
    from knopenkaart_web.pages.errors import error_text

    try:
        told = observations.own_table(options.study, options.table, options.mapping)
    except InputError as error:
        if error.remedy or not error.code.startswith(("own.", "list.", "file.")):
            raise
        # What reading refuses is kept as a code, for a page in either language.
        with override("en"):
            raise InputError(error.message, code=error.code, remedy=error_text(error.code), faults=error.faults) from error
    console.say(
        f"{options.table.name}: {told['added']} figures are new, of which {told['hidden']} stay hidden; {told['there']} were there; "
        f"{told['faults']} faults{':' if told['named'] else '.'}"
    )
    for fault in told["named"]:
        console.say(fault)
    console.result(told)
    return 0


def run_reckon_meeting(options: argparse.Namespace, console: Console) -> int:
    """Reckon what the pages about meeting look up, now or in the background."""
    _django()
    _check_database()
    from knopenkaart_web.runs import actions

    if options.background:
        actions.start(None, options.study, "meeting", {})
        console.say("The worker reckons who meets whom; the pages about meeting tell how far it is.")
        console.result({"study": options.study, "meeting": "asked"})
        return 0
    with console.progress() as progress:
        done = actions.reckon_now(options.study, "meeting", progress)
    if done:
        console.say(f"Who meets whom in {options.study} is there.")
    else:
        console.say("Who meets whom could not be reckoned; the page about meeting says why.")
    console.result({"study": options.study, "meeting": "done" if done else "failed"})
    return 0 if done else 1


def run_user_add(options: argparse.Namespace, console: Console) -> int:
    """Make an account."""
    _django()
    from knopenkaart_web.accounts import actions

    password = actions.add_user(None, options.name, options.role, options.study)
    _tell_password(console, options.name, options.role, options.study, password)
    return 0


def run_user_role(options: argparse.Namespace, console: Console) -> int:
    """Change a role."""
    _django()
    from knopenkaart_web.accounts import actions

    actions.set_role(None, options.name, None if options.role == "none" else options.role, options.study)
    console.say(f"{options.name} has the role {options.role} in {options.study}.")
    console.result({"name": options.name, "role": options.role, "study": options.study})
    return 0


def run_user_password(options: argparse.Namespace, console: Console) -> int:
    """Renew a password."""
    _django()
    from knopenkaart_web.accounts import actions

    password = actions.renew_password(None, options.name)
    console.say(f"The new password of {options.name}, shown once: {password}")
    console.result({"name": options.name, "password": password})
    return 0


def run_user_close(options: argparse.Namespace, console: Console) -> int:
    """Close an account."""
    _django()
    from knopenkaart_web.accounts import actions

    actions.close_account(None, options.name)
    console.say(f"{options.name} cannot log in any more.")
    console.result({"name": options.name, "active": False})
    return 0


def run_example_editor(options: argparse.Namespace, console: Console) -> int:
    """The editor of the example study: made once; told how to log in."""
    _django()
    from knopenkaart_web.accounts import actions, queries

    name = f"editor-{options.study}"
    if queries.has_user(name):
        console.say(f"The example editor is {name}; a new password: knopenkaart user password {name}")
        console.result({"name": name, "password": None})
        return 0
    _tell_password(console, name, "editor", options.study, actions.add_user(None, name, "editor", options.study))
    return 0


def run_remind(options: argparse.Namespace, console: Console) -> int:
    """Ask operators whether their place is still right; the worker does so every morning."""
    _django()
    _check_database()
    from dataclasses import asdict

    from django.utils import timezone

    from knopenkaart_web.freshness import actions

    rows = actions.remind(timezone.now(), dry_run=options.dry_run)
    for row in rows:
        how = "would be asked" if options.dry_run else "asked" if row.sent else "not asked: the mail did not go out"
        console.say(f"{row.study}, {row.place}, last looked at {row.last_verified or 'never'}: operator {row.operator} {how}.")
    console.say(f"{sum(row.sent for row in rows)} reminders{' would go out' if options.dry_run else ''}.")
    console.result({"dry_run": options.dry_run, "reminders": [asdict(row) for row in rows]})
    return 0


def run_forget(options: argparse.Namespace, console: Console) -> int:
    """Carry out how long everything is kept."""
    _django()
    _check_database()
    from django.utils import timezone

    from knopenkaart_web.runs import forgetting

    told = forgetting.forget_old(timezone.now(), dry_run=options.dry_run)
    for app, rows in told.items():
        parts = ", ".join(f"{number} {name}" for name, number in rows.items() if number)
        console.say(f"{app}: {parts or 'nothing'}{' would go' if options.dry_run else ''}.")
    console.result({"dry_run": options.dry_run, "rows": told})
    return 0


def run_serve(options: argparse.Namespace, console: Console) -> int:
    """Answer visitors and do background work, until interrupted; when one of the two ends, so does the other."""
    os.environ["KNOPENKAART_STATIC_COLLECTED"] = "1"
    _django()
    from django.core.management import call_command

    _check_database()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("clearsessions", verbosity=0)
    # Warnings go to standard error; that there are none need not be said.
    call_command("check", stdout=io.StringIO())
    host = f"[{options.host}]" if ":" in options.host else options.host
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", options.host, "--port", str(options.port)),
        *("--workers", str(options.workers), "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws", "--log-level", "warning"),
        "knopenkaart_web.conf.wsgi:application",
    ]
    console.say(f"Knopenkaart is on http://{host}:{options.port}/ (stop: Ctrl+C)")
    return _together(web, _consumer())


def run_worker(options: argparse.Namespace, console: Console) -> int:
    """Do background work until interrupted."""
    _django()
    _check_database()
    console.say("Waiting for background work (stop: Ctrl+C)")
    return _together(_consumer())


def _consumer() -> list[str]:
    return [sys.executable, "-m", "django", "run_huey", "--quiet"]


def _together(*commands: list[str]) -> int:
    """Run child processes until one of them ends or we are told to stop; nothing is left behind."""
    children: list[subprocess.Popen[bytes]] = []
    with _stoppable():
        try:
            children += [subprocess.Popen(command, start_new_session=True) for command in commands]
            while all(child.poll() is None for child in children):
                time.sleep(0.2)
            return next((code for child in children if (code := child.poll())), 0)
        except KeyboardInterrupt:
            return 0
        finally:
            _stop(children)


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """A polite request to end (SIGTERM) ends like Ctrl+C."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        if child.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _check_database() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise InputError("The database is not up to date.", code="database.old", remedy="Run: knopenkaart migrate")


def _tell_password(console: Console, name: str, role: str, study: str, password: str) -> None:
    console.say(f"{name} is {role} of {study}. Log in at /inloggen with this password, shown once: {password}")
    console.result({"name": name, "role": role, "study": study, "password": password})


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knopenkaart_web.conf.settings")
    import django

    django.setup()


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def _workers(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError("a number from 1 to 64")
    return int(text)
