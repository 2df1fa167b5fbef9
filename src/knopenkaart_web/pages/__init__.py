# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages that people see: views, forms and templates; no tables, no rules of the field."""
