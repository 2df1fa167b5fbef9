# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may see a page: an editor, a manager. The write itself is checked once more by its action."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from knopenkaart_web.accounts import permissions

View = Callable[..., HttpResponseBase]


def for_role(role: permissions.Role) -> Callable[[View], View]:
    """A view for who has a role in its study: others get 403, who is not logged in may do so first."""

    def decorate(view: View) -> View:
        @wraps(view)
        @never_cache
        def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            permissions.require(request.user, slug, role)
            return view(request, slug, *args, **kwargs)

        return guarded

    return decorate


def for_operators(view: View) -> View:
    """A view on one place for who runs it, and for editors; a study has its own ways in."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, slug: str, place_id: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        permissions.require_at(request.user, slug, place_id, "operator")
        return view(request, slug, place_id, *args, **kwargs)

    return guarded


for_editors = for_role("editor")
for_managers = for_role("manager")
