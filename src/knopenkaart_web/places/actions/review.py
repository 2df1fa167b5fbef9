# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Deciding what stands in the queue."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from knopenkaart.errors import InputError
from knopenkaart_web.accounts.permissions import Actor
from knopenkaart_web.places.actions.place import merge_into, take_status
from knopenkaart_web.places.changes import Ledger, assign_areas, correct, drop_correction
from knopenkaart_web.places.errors import ConflictError, unknown
from knopenkaart_web.places.models import Place, ReviewItem
from knopenkaart_web.places.values import decode, encode
from knopenkaart_web.places.writing import Write, writing


def accept(actor: Actor, slug: str, item_id: int, *, reason: str = "", keep: str | None = None) -> None:
    """What the item proposes is so. Needs the role of editor.

    new: the place is right. changed: what the source says holds, also over a correction. gone: the place is closed.
    duplicate: the two are one; `keep` says which stays (the first that visitors see, if not said).
    """
    with writing(actor, slug, "editor") as write:
        item = _open(write, item_id)
        ledger = Ledger()
        ledger.watch(item.place)
        _ACCEPT[item.topic](write, ledger, item, reason=reason, keep=keep)
        _decide(write, ledger, item, "accept", "accepted", reason)


def reject(actor: Actor, slug: str, item_id: int, *, reason: str = "") -> None:
    """What the item proposes is not so. Needs the role of editor.

    new: it is no such place, it is removed. changed: what stood there before holds, as a correction. gone: the place is still there.
    duplicate: they are two places, and the pair never comes back.
    """
    with writing(actor, slug, "editor") as write:
        item = _open(write, item_id)
        ledger = Ledger()
        ledger.watch(item.place)
        if item.topic == "new":
            item.place.removed = True
            others = ReviewItem.objects.filter(Q(place=item.place) | Q(other=item.place), study=write.study, state="open").exclude(
                pk=item.pk
            )
            ledger.close(others, "withdrawn", actor=write.actor, reason=reason)
        elif item.topic == "changed":
            _keep_old(write, item, reason)
        _decide(write, ledger, item, "reject", "rejected", reason)


def _decide(write: Write, ledger: Ledger, item: ReviewItem, action: str, state: str, reason: str) -> None:
    if str(item.pk) not in ledger.items:
        ledger.close([item], state, actor=write.actor, reason=reason.strip())
    before, after = ledger.save()
    after["item"] = {"id": item.pk, "topic": item.topic}
    write.log(action, object_type="place", object_id=item.place_id, reason=reason, before=before, after=after)


def _open(write: Write, item_id: int) -> ReviewItem:
    item = ReviewItem.objects.select_related("place", "other").filter(study=write.study, pk=item_id).first()
    if item is None:
        raise unknown("item")
    if item.state != "open":
        raise ConflictError("This was decided already.", code="item.decided")
    return item


def _accept_new(write: Write, ledger: Ledger, item: ReviewItem, *, reason: str, keep: str | None) -> None:
    """Nothing changes: the place was there from the moment it was loaded."""


def _accept_changed(write: Write, ledger: Ledger, item: ReviewItem, *, reason: str, keep: str | None) -> None:
    """The load has taken over what no human had corrected; what it left alone follows now."""
    for name in item.details.get("contradicted", []):
        drop_correction(item.place, name, decode(name, encode(name, item.details["changes"][name][1])))
    if {"lon", "lat"} & set(item.details.get("contradicted", [])):
        assign_areas(item.place, write.study)


def _accept_gone(write: Write, ledger: Ledger, item: ReviewItem, *, reason: str, keep: str | None) -> None:
    if item.place.status != "closed":
        take_status(item.place, "closed", actor=write.actor, reason=reason)


def _accept_duplicate(write: Write, ledger: Ledger, item: ReviewItem, *, reason: str, keep: str | None) -> None:
    pair: dict[str, Place] = {str(place.pk): place for place in (item.place, item.other) if place is not None}
    # Of a pair of which visitors see one, that one stays: one key must never hide a public place, nor show a confidential one.
    first = next((key for key, place in pair.items() if not place.confidential), str(item.place_id))
    kept = pair.get(keep or first)
    if kept is None or len(pair) != 2:
        raise InputError("Say which of the two stays.", code="merge.keep")
    absorbed = next(place for place in pair.values() if place is not kept)
    merge_into(write, ledger, kept, absorbed, reason=reason)


_ACCEPT: dict[str, Any] = {"new": _accept_new, "changed": _accept_changed, "gone": _accept_gone, "duplicate": _accept_duplicate}


def _keep_old(write: Write, item: ReviewItem, reason: str) -> None:
    """What the load took over is put back as a correction; a correction that it contradicts simply stands."""
    contradicted = set(item.details.get("contradicted", []))
    old = {name: decode(name, encode(name, pair[0])) for name, pair in item.details.get("changes", {}).items() if name not in contradicted}
    if old:
        correct(item.place, old, actor=write.actor, reason=reason)
    if {"lon", "lat"} & old.keys():
        assign_areas(item.place, write.study)
