# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The child process of one run: `python -m knopenkaart_web.runs.worker RUN`."""

from __future__ import annotations

import os
import sys
from uuid import UUID


def main(arguments: list[str]) -> int:
    """Do one run within the memory that the settings allow. 0: it ended, well or refused; 3: it needed more memory."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knopenkaart_web.conf.settings")
    import django

    django.setup()
    from django.conf import settings

    from knopenkaart_web.runs.process import limit_memory
    from knopenkaart_web.runs.work import end, work

    run_id = UUID(arguments[0])
    limit_memory(settings.RUN_MEMORY_BYTES)
    try:
        work(run_id, limited=True)
    except MemoryError:
        end(run_id, "failed", code="run.memory", error="This needs more memory than is allowed.")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
