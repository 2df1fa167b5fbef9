# SPDX-FileCopyrightText: Knopenkaart contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every function and class that a room shows to others says what it does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from documented.pages import ROOT

SOURCES = ROOT / "src"
MODULES = sorted(path for path in SOURCES.rglob("*.py") if not path.name.startswith("_") and "migrations" not in path.parts)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_each_public_function_and_class_has_a_docstring(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module says nothing"
    shown = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name[0] != "_"]
    silent = [node.name for node in shown if not ast.get_docstring(node) and not _only_repeats(node)]
    assert silent == []


def _only_repeats(node: ast.stmt) -> bool:
    """An overload repeats what the function after it says."""
    decorators = node.decorator_list if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else []
    return any(ast.unparse(decorator).endswith("overload") for decorator in decorators)
