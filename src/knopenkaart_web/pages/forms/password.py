# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The form to change one's own password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from knopenkaart_web.accounts import actions, backends
from knopenkaart_web.accounts.models import User


class OwnPasswordForm(PasswordChangeForm):
    """Django's form; the old password counts as an attempt to log in, and the change is told in the history."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request

    def clean_old_password(self) -> str:
        password = str(self.cleaned_data["old_password"])
        try:
            right = backends.is_own_password(self._request, self.user, password)
        except PermissionDenied:
            raise ValidationError(_("There were too many wrong attempts. Try again in a quarter of an hour.")) from None
        if not right:
            raise ValidationError(_("This is not your present password."))
        return password

    def save(self, commit: bool = True) -> User:
        user: User = self.user
        actions.change_own_password(user, self.cleaned_data["new_password1"])
        return user
