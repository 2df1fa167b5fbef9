# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The forms of editors: what people type, checked all at once, and given on as plain values."""
