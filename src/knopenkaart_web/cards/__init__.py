# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What visitors and residents answered, without names: visitor cards and the resident survey."""
