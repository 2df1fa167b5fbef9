# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The form in which a manager chooses the kinds that count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from knopenkaart_web.pages.forms.place import ReasonForm
from knopenkaart_web.pages.written import capital
from knopenkaart_web.places.views_data import SelectionRow


class SelectionForm(ReasonForm):
    """A tick for each kind that counts."""

    kinds = forms.MultipleChoiceField(label=_("These kinds count"), required=False, widget=forms.CheckboxSelectMultiple)
    field_order = ("kinds", "reason")

    def __init__(self, *args: Any, rows: Sequence[SelectionRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.fields["kinds"].choices = [(row.kind, f"{capital(row.label)} ({row.count})") for row in rows]  # type: ignore[attr-defined]
        self.fields["kinds"].initial = [row.kind for row in rows if row.counts]

    def chosen(self) -> dict[str, bool]:
        """The kinds whose tick is another than before; without one, all, so that the action can say so."""
        ticked = set(self.cleaned_data["kinds"])
        changed = {row.kind: row.kind in ticked for row in self.rows if row.counts != (row.kind in ticked)}
        return changed or {row.kind: row.counts for row in self.rows}
