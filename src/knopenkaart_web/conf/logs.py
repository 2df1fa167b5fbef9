# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the log is written: one line for each request that is refused, a traceback only where we are at fault, and no secret of a link."""

from __future__ import annotations

import logging
import re

BAD_REQUEST = 400
# Behind these words an address holds the secret of a link: whoever reads the log must not be able to use it.
_SECRETS = re.compile(r"/(kaartje|bewoners|beheerder|controle|post|tel|tellen)/[^/\s?\"']+")


class Lines(logging.Formatter):
    """Of a bad request the traceback tells nothing, and strangers can make us write thousands."""

    def format(self, record: logging.LogRecord) -> str:
        if not _is_refusal(record):
            return without_secrets(super().format(record))
        bare = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None, "stack_info": None})
        return without_secrets(" ".join(super().format(bare).splitlines()))


def without_secrets(text: str) -> str:
    """A line of the log without the secrets of links.

    >>> without_secrets("Not Found: /kaartje/Zx81_a-b")
    'Not Found: /kaartje/...'
    """
    return _SECRETS.sub(r"/\1/...", text)


def is_told_once(record: logging.LogRecord) -> bool:
    """Filter of django.request: what django.security has told already is left out (there the reason stands, here only the path)."""
    return record.exc_info is not None or getattr(record, "status_code", None) != BAD_REQUEST


def _is_refusal(record: logging.LogRecord) -> bool:
    return record.name.startswith("django.security") or getattr(record, "status_code", None) == BAD_REQUEST
