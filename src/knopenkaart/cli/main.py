# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The command `knopenkaart`: its parser, its exit codes, and the commands that other packages add through entry points."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points

from knopenkaart import __version__
from knopenkaart.cli import catalogue, engine, meeting, monitor, operation, visits
from knopenkaart.cli.console import Console
from knopenkaart.errors import KnopenkaartError

INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    """The whole command line, with the commands of installed packages (entry point group `knopenkaart.commands`)."""
    root = argparse.ArgumentParser(prog="knopenkaart", description="Social node map: from open data to one trusted inventory.")
    root.add_argument("--version", action="version", version=f"knopenkaart {__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    engine.register(commands)
    operation.register(commands)
    visits.register(commands)
    meeting.register(commands)
    monitor.register(commands)
    catalogue.register(commands)
    for entry in entry_points(group="knopenkaart.commands"):
        entry.load()(commands)
    _offer_json(commands)
    return root


def _offer_json(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Every command that does something, at whatever depth, can answer in JSON."""
    for command in commands.choices.values():
        deeper = next((action for action in command._actions if isinstance(action, argparse._SubParsersAction)), None)
        if deeper is not None:
            _offer_json(deeper)
        else:
            command.add_argument("--json", action="store_true", help="print the result as JSON, nothing else")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0, or 2 (input), 3 (source), 4 (store), 130 (interrupted)."""
    options = parser().parse_args(arguments)
    console = Console(as_json=bool(options.json))
    try:
        return int(options.run(options, console) or 0)
    except KnopenkaartError as error:
        console.error(error)
        return error.exit_code
    except KeyboardInterrupt:
        console.say("Stopped; nothing was changed.")
        return INTERRUPTED
    except BrokenPipeError:
        # Python flushes at its end, and would complain about the pipe once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
