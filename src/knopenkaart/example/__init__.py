# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""An invented municipality of 25,000 inhabitants, made by a seeded generator from nothing but its own rules."""

from knopenkaart.example.files import ExampleFiles, known_truth, write_example
from knopenkaart.example.monitor import MonitorFiles
from knopenkaart.example.observations import ObservationFiles
from knopenkaart.example.truth import PlaceTruth

__all__ = ["ExampleFiles", "MonitorFiles", "ObservationFiles", "PlaceTruth", "known_truth", "write_example"]
