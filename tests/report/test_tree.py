"""An explain tree arranged for a page, on a tree written by hand in the form the graph gives."""

from hengtan.report.page.tree import arrange

PACK_ROW = {
    "name": "targets",
    "kind": "pack",
    "key": {"target_id": "a"},
    "values": {"target_id": "a", "value": 55.0, "unit": "%", "clause_ref": "p:2", "source": "计划"},
    "origin": {"_pack": "city", "_file": "city/targets.csv", "_row": 12},
    "confidence": "read",
    "inputs": [],
    "more": {},
}
LEDGER_ROW = {
    "name": "indicator_values",
    "kind": "ledger",
    "key": {},
    "values": {"value": 55.06, "unit": "%", "period": "2023", "source_title": "公报", "note": ""},
    "origin": {
        "_submission": "S1",
        "_file": "表.xlsx",
        "_sheet": "一",
        "_row": 3,
        "_source_row": 7,
        "_submitted_by": "张三",
        "_approved_by": "李四",
    },
    "inputs": [],
}
TREE = {
    "name": "plan_progress",
    "kind": "account",
    "key": {"target_id": "a"},
    "values": {"light": "green", "state": "actual", "latest_value": 55.06, "latest_unit": "%"},
    "formula": "Where a target\nstands.\n\nMore words.",
    "cites": ["clause 2"],
    "inputs": [PACK_ROW, LEDGER_ROW, PACK_ROW],
    "more": {"plan_candidates": 4},
}


def test_the_heading_carries_light_and_figure():
    top = arrange(TREE)
    assert (top.name, top.light, top.state, top.figure) == (
        "plan_progress",
        "green",
        "actual",
        "55.06%",
    )
    assert top.formula == "Where a target stands." and top.more == {"plan_candidates": 4}


def test_a_ledger_row_stands_at_the_line_of_its_file():
    row = arrange(TREE).children[1]
    assert row.place == {
        "file": "表.xlsx",
        "sheet": "一",
        "row": 7,
        "submission": "S1",
        "submitted_by": "张三",
        "approved_by": "李四",
    }
    assert (row.figure, row.period, row.source) == ("55.06%", "2023", "公报")


def test_a_pack_row_names_its_clause():
    row = arrange(TREE).children[0]
    assert (
        row.place == {"file": "city/targets.csv", "row": 12, "pack": "city"}
        and row.clause == "p:2"
        and row.figure == "55%"
    )


def test_a_row_met_again_is_only_counted():
    top = arrange(TREE)
    assert [c.name for c in top.children] == ["targets", "indicator_values"] and top.above == {
        "targets": 1
    }


def test_what_has_words_in_both_languages_is_told_in_both():
    """Codes of what is missing with their words, a reason with its English, a verdict of a rule."""
    code = "no_factor_set|x"
    values = {
        "missing": "缺甲",
        "missing_codes": "缺甲",
        "why_zh": "缺乙",
        "why_en": "missing: b",
        "text": "优于基准方案",
        "note": code,
    }
    node = arrange({"name": "a", "kind": "account", "key": {}, "values": values, "inputs": []})
    assert dict(node.values) == {
        "missing": ("缺甲", "缺甲"),
        "why_zh": ("缺乙", "missing: b"),
        "text": ("优于基准方案", "Better than the base design"),
        "note": code,
    }
