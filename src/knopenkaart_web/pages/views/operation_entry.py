# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing down the use and the money of a place: rooms and their weeks, money per year, board and volunteers, the building."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from knopenkaart_web.operation import actions, queries
from knopenkaart_web.operation.checking import slot_hours
from knopenkaart_web.operation.models import FIRST_YEAR, today
from knopenkaart_web.operation.views_data import RoomRow
from knopenkaart_web.pages import operation as told
from knopenkaart_web.pages.forms.numbers import number_text
from knopenkaart_web.pages.forms.operation import BuildingForm, MoneyForm, PeopleForm, RoomForm, WeekForm
from knopenkaart_web.pages.views.common import find_study, page, posted, refusals_told
from knopenkaart_web.pages.views.edit import form_view
from knopenkaart_web.pages.views.freshness import done, http_status, present_place
from knopenkaart_web.pages.views.guard import for_operators
from knopenkaart_web.pages.views.operation import about
from knopenkaart_web.places import words

# How many years back one may begin to write down.
YEARS_BACK = 6


@require_safe
@for_operators
def rooms(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """The rooms of a place: how full each is, when, and what its bookings say."""
    study, place = find_study(slug), present_place(slug, place_id)
    known = queries.of_place(slug, place.id)
    found = told.of_place(slug, known, place)
    rows = [(room, found.use.rooms.get(room.name), told.use_table(told.room_uses(found, room))) for room in known.rooms]
    context = about(study, place, _("Rooms and hours")) | {
        "rooms": rows,
        "use": found.use,
        "week": told.use_table(found.use.slots, peaks=found.use.peaks, quiet=found.use.quiet),
        "peaks": [told.slot_label(slot) for slot in found.use.peaks],
        "quiet": [told.slot_label(slot) for slot in found.use.quiet],
        "findings": told.findings(found),
        "bookings": queries.bookings(slug, place.id),
    }
    return page(request, study, "pages/operation/rooms.html", **context)


@form_view
@for_operators
def room_new(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """Add a room."""
    study, place, form = find_study(slug), present_place(slug, place_id), RoomForm.of(None, posted(request))
    made: list[int] = []
    if done(form, lambda: made.append(actions.add_room(request.user, slug, place.id, form.values()))):
        messages.success(request, _("The room was added. Now fill in its week."))
        return redirect("room_week", slug, place.id, made[0])
    context = about(study, place, _("Add a room")) | {"form": form, "room": None, "status": http_status(form)}
    return page(request, study, "pages/operation/room.html", **context)


@form_view
@for_operators
def room(request: HttpRequest, slug: str, place_id: UUID, room_id: int) -> HttpResponseBase:
    """Change what is known of a room."""
    study, place, row = find_study(slug), present_place(slug, place_id), _room(slug, place_id, room_id)
    form = RoomForm.of(row, posted(request))

    def change() -> None:
        actions.change_room(request.user, slug, place.id, row.id, form.values(), version=form.cleaned_data["version"])

    if done(form, change):
        messages.success(request, _("The room was saved."))
        return redirect("rooms", slug, place.id)
    context = about(study, place, row.name) | {"form": form, "room": row, "status": http_status(form)}
    return page(request, study, "pages/operation/room.html", **context)


@require_POST
@for_operators
def room_remove(request: HttpRequest, slug: str, place_id: UUID, room_id: int) -> HttpResponseBase:
    """Take a room away."""
    with refusals_told(request):
        version = int(request.POST.get("version", "")) if request.POST.get("version", "").isdecimal() else 0
        actions.remove_room(request.user, slug, str(place_id), room_id, version=version)
        messages.success(request, _("The room was taken away, with its week and its bookings."))
    return redirect("rooms", slug, place_id)


@form_view
@for_operators
def room_week(request: HttpRequest, slug: str, place_id: UUID, room_id: int) -> HttpResponseBase:
    """The rough week of a room, in parts or with `?uren` in hours; two buttons fill in more of it without saving."""
    study, place, row = find_study(slug), present_place(slug, place_id), _room(slug, place_id, room_id)
    exact = "uren" in request.GET
    others = [other for other in queries.of_place(slug, place.id).rooms if other.id != row.id and other.hours]
    form = _week_form(request, row, others, exact)

    def write() -> None:
        actions.write_grid(request.user, slug, place.id, row.id, form.week(), version=form.cleaned_data["version"])

    if request.POST.get("action", "save") == "save" and done(form, write):
        messages.success(request, _("The week was saved."))
        return redirect("rooms", slug, place.id)
    status = http_status(form) if request.POST.get("action") == "save" else 200
    context = about(study, place, row.name) | {"form": form, "room": row, "exact": exact, "others": others, "status": status}
    return page(request, study, "pages/operation/week.html", **context)


def _week_form(request: HttpRequest, row: RoomRow, others: list[RoomRow], exact: bool) -> WeekForm:
    """The form as it is stored or was sent; with the week of another room, or with all hours filled in, where that was asked."""
    data, action = posted(request), request.POST.get("action", "")
    if data is not None and action == "copy":
        source = next((other for other in others if str(other.id) == data.get("from")), row)
        return WeekForm(None, exact=exact, week=source.hours, version=_version(data.get("version"), row))
    if data is not None and action == "fill":
        data = data.copy()
        for slot in words.vocabulary().week():
            data[f"available_{slot.id}"] = data.get(f"available_{slot.id}") or number_text(slot_hours(slot.id))
    return WeekForm(data, exact=exact, week=row.hours, version=row.version)


def _version(text: str | None, row: RoomRow) -> int:
    return int(text) if text and text.isdecimal() else row.version


@require_safe
@for_operators
def money(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """The years of which money was written down, and the switch that lets everybody see one."""
    study, place = find_study(slug), present_place(slug, place_id)
    known = queries.of_place(slug, place.id)
    held = {row.year for row in known.years}
    context = about(study, place, _("Costs and income")) | {
        "years": told.year_rows(known.years),
        "new_years": [year for year in range(today().year, today().year - YEARS_BACK, -1) if year not in held],
        "may_release": queries.runs(request.user, slug, place.id),
    }
    return page(request, study, "pages/operation/money.html", **context)


@form_view
@for_operators
def money_year(request: HttpRequest, slug: str, place_id: UUID, year: int) -> HttpResponseBase:
    """The money of one year, beside that of the year before."""
    if not FIRST_YEAR <= year <= today().year + 1:
        raise Http404
    study, place = find_study(slug), present_place(slug, place_id)
    known = queries.of_place(slug, place.id)
    rows = {row.year: row for row in known.years}
    form = MoneyForm(posted(request), year=rows.get(year), before=rows.get(year - 1), practice=known.practice)

    def write() -> None:
        version = form.cleaned_data["version"]
        actions.write_money(request.user, slug, place.id, year, form.amounts(), version=version, practice=form.practice())

    if done(form, write):
        messages.success(request, _("The money of %(year)s was saved.") % {"year": year})
        return redirect("money", slug, place.id)
    heading = _("Costs and income of %(year)s") % {"year": year}
    context = about(study, place, heading) | {"form": form, "year": year, "stored": rows.get(year), "status": http_status(form)}
    return page(request, study, "pages/operation/money_year.html", **context)


@require_POST
@for_operators
def money_release(request: HttpRequest, slug: str, place_id: UUID, year: int) -> HttpResponseBase:
    """Let everybody see the money of a year, or no longer."""
    released = request.POST.get("action") == "release"
    with refusals_told(request):
        actions.release_money(request.user, slug, str(place_id), year, released=released)
        messages.success(
            request, _("Everybody can see this year now.") if released else _("Only you and the municipality see this year now.")
        )
    return redirect("money", slug, place_id)


@form_view
@for_operators
def board(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """Board and volunteers."""
    study, place = find_study(slug), present_place(slug, place_id)
    people = queries.of_place(slug, place.id).people
    shown = {name: getattr(people, name) for name in PeopleForm.base_fields} | {"hours_per_week": number_text(people.hours_per_week)}
    form = PeopleForm(posted(request), initial=shown | {"date": today(), "year": people.year or today().year})
    if done(form, lambda: actions.write_people(request.user, slug, place.id, form.row())):
        messages.success(request, _("Board and volunteers were saved."))
        return redirect("operation", slug, place.id)
    context = about(study, place, _("Board and volunteers")) | {"form": form, "as_of": people.date, "status": http_status(form)}
    return page(request, study, "pages/operation/sections.html", **context)


@form_view
@for_operators
def building(request: HttpRequest, slug: str, place_id: UUID) -> HttpResponseBase:
    """The building."""
    study, place = find_study(slug), present_place(slug, place_id)
    form = BuildingForm(posted(request), building=queries.of_place(slug, place.id).building)
    if done(form, lambda: actions.write_building(request.user, slug, place.id, form.row())):
        messages.success(request, _("The building was saved."))
        return redirect("operation", slug, place.id)
    context = about(study, place, _("Building")) | {"form": form, "status": http_status(form)}
    return page(request, study, "pages/operation/sections.html", **context)


def _room(slug: str, place_id: UUID, room_id: int) -> RoomRow:
    found = queries.room(slug, str(place_id), room_id)
    if found is None:
        raise Http404
    return found
