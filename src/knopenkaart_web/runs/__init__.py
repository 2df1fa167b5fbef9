# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Work that takes longer than a page: bounded in time and memory, its result kept per revision of a study."""
