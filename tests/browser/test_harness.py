# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is absent is told: skipped with a reason on somebody's own machine, a failure in continuous integration."""

from __future__ import annotations

import pytest

from .conftest import absent


def test_absence_is_a_skip_with_its_reason_on_ones_own_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Chromium"):
        absent("no Chromium")


def test_absence_is_a_failure_in_continuous_integration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no Chromium"):
        absent("no Chromium")
