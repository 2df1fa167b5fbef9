# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of the Wijkmonitor tell, draw and let people take along, from the figures of `knopenkaart_web.monitor`."""
