# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who comes: rounds of counting, what phones and people counted, imported series, and the figures that were released."""
