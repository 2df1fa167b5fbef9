# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Choosing what counts as a social node."""

from __future__ import annotations

from collections.abc import Mapping

from knopenkaart.errors import Fault, InputError
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.places import words
from knopenkaart_web.places.models import KindSelection
from knopenkaart_web.places.values import reason_text
from knopenkaart_web.places.writing import writing


def select_kinds(actor: Actor, slug: str, selection: Mapping[str, bool], reason: str) -> None:
    """Say of kinds whether they count as a social node here; kinds that are not named keep what they had. Needs the role of manager.

    Raises InputError (`kinds.unknown`) for a kind that the vocabulary does not have, or that is a small spot and never counts.
    """
    with writing(actor, slug, "manager") as write:
        why = reason_text(reason)
        known = words.vocabulary().kinds
        wrong = [kind for kind in selection if kind not in known or known[kind].small_spot]
        if wrong or not selection:
            faults = [Fault(code="kinds.unknown", message="This kind cannot be chosen.", column=kind) for kind in wrong]
            raise InputError("Choose kinds of the list.", code="kinds.unknown", faults=faults)
        rows = KindSelection.objects.filter(study=write.study, kind__in=selection)
        before = {kind: known[kind].counts for kind in selection} | dict(rows.values_list("kind", "counts"))
        for kind, counts in selection.items():
            if before[kind] != counts:
                KindSelection.objects.update_or_create(study=write.study, kind=kind, defaults={"counts": counts, "reason": why})
        changed = {kind: counts for kind, counts in selection.items() if before[kind] != counts}
        write.log(
            "select_kinds",
            object_type="study",
            object_id=slug,
            reason=why,
            before={"kinds": {kind: before[kind] for kind in changed}},
            after={"kinds": changed},
        )
