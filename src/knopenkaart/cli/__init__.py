# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The command line: one command per step, a thin skin over the engine."""

from knopenkaart.cli.main import main, parser

__all__ = ["main", "parser"]
