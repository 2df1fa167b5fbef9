# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The address of the installation as a link."""

from __future__ import annotations


def contact_uri(contact: str) -> str:
    """A contact from the settings as a URI: an e-mail address becomes mailto:, others stay as they are, nothing stays nothing."""
    if not contact or contact.startswith(("mailto:", "https://", "tel:")):
        return contact
    return f"mailto:{contact}"
