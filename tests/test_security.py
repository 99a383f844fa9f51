"""The page on security names tests that are there: ``file.py::test``, a file alone, or the
beginning of several (``test_dengbao_…``).
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMES = re.compile(r"\btest_\w+")


def names_of_tests():
    """Names of the files of tests, and of the tests in them."""
    names = set()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        names.add(path.stem)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return names


def test_every_test_that_the_page_on_security_names_is_there():
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = {name for code in re.findall(r"`([^`]+)`", page) for name in NAMES.findall(code)}
    there = names_of_tests()
    assert len(named) > 50
    assert [
        name
        for name in sorted(named)
        if not any(test == name or (name.endswith("_") and test.startswith(name)) for test in there)
    ] == []
