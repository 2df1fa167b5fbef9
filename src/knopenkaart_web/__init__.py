# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The web of Knopenkaart: keeps what people write and shows answers; enters the engine by one door."""
