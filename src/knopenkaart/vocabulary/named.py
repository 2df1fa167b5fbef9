# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every entry of a vocabulary has: an id, and a name in the two languages of the pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """An entry by its id, with its name in Dutch and in English."""

    id: str
    nl: str
    en: str

    def name(self, language: str) -> str:
        """Its name in English (en), or else in Dutch."""
        return self.en if language == "en" else self.nl


@dataclass(frozen=True, slots=True)
class Explained(Named):
    """An entry that is explained in plain words as well."""

    explanation_nl: str
    explanation_en: str

    def explanation(self, language: str) -> str:
        """What it means, in English (en), or else in Dutch."""
        return self.explanation_en if language == "en" else self.explanation_nl
