# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who runs a place, when it was last verified, and what people say is wrong with it."""
