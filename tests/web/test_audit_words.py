"""Each kind of entry in the audit trail that the code writes has words in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import hengtan.web
from hengtan.report.words import has

ROOT = Path(hengtan.web.__file__).parent


def kinds_written():
    """The kinds that stand in calls of ``trail.note`` and ``trail.add``, with their place."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            of_trail = getattr(node.func.value, "id", "") == "trail"
            number = {"note": 1, "add": 0}.get(node.func.attr)
            if of_trail and number is not None and len(node.args) > number:
                kind = node.args[number]
                if isinstance(kind, ast.Constant):
                    yield kind.value, path.name


def test_each_kind_has_words():
    written = dict(kinds_written())
    assert len(written) > 40
    assert [kind for kind in sorted(written) if not has(f"audit.kind.{kind}")] == []
