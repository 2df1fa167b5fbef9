# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An invented municipality of 25,000 inhabitants, made by a seeded generator from nothing but its own rules."""

from knopenkaart.example.files import ExampleFiles, write_example

__all__ = ["ExampleFiles", "write_example"]
