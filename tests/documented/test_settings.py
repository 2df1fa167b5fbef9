# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every setting of the environment is in the reference, and nothing else is."""

from __future__ import annotations

import re

from documented.pages import named, reference

from knopenkaart_web.conf import settings
from knopenkaart_web.conf.environment import ELSEWHERE, PREFIX


def test_the_reference_has_exactly_the_settings_that_are_read() -> None:
    read = {PREFIX + name for name in (*settings._env.names, *ELSEWHERE)}
    documented = {name for name in named(reference("settings.md")) if re.fullmatch(rf"{PREFIX}[A-Z_]+[A-Z]", name)}
    assert documented == read
