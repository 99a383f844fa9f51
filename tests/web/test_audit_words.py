"""Each kind of entry in the audit trail that the code writes has words in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import hengtan.web
from hengtan.report.words import has
from hengtan.web.rooms.audit.saying import in_words

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


@pytest.mark.parametrize(
    ("kind", "what", "zh", "en"),
    [
        ("decision", "approve S000010", "审核通过 S000010", "approve S000010"),
        (
            "decision",
            "approve S000003 district",
            "审核通过 S000003 区县",
            "approve S000003 district",
        ),
        ("remind", "monthly_figures 10", "区县月度能源经济数据 10", "Monthly figures of places 10"),
        (
            "draft_begun",
            "b9c4 permit_limits 500156 2026-01..10",
            "b9c4 许可排放限值 武隆区 2026年1—10月",
            "b9c4 Limits of discharge permits Wulong 2026-01..10",
        ),
        ("duty", "月报 monthly_figures year", "月报 区县月度能源经济数据 按年", None),
        ("granted", "approve 领导 500156", "approve 领导 武隆区", "approve 领导 Wulong"),
        ("signed_in", "approve", "approve", "approve"),
    ],
)
def test_codes_of_an_entry_are_said_and_names_are_not(kind, what, zh, en):
    places = {"500156": {"zh": "武隆区", "en": "Wulong"}}

    def say(lang):
        return in_words(kind, what, lang, lambda code: places.get(code, {}).get(lang, code))

    assert say("zh") == zh
    assert en is None or say("en") == en
