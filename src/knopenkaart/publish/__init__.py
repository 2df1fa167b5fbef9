# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Records become what others read: standards, rates, downloads; light enough for a page view."""
