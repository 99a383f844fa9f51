"""The verb find."""

from __future__ import annotations

import json


def test_hits_with_kind_and_address(hengtan, demo):
    code, out, _ = hengtan("find", "slfgl", "--json", "-w", demo.folder)
    hits = json.loads(out)
    assert code == 0
    assert {(h["kind"], h["title_zh"]) for h in hits[:2]} == {("target", "森林覆盖率")}
    assert {h["address"] for h in hits[:2]} == {
        "/targets/cq-forest-cover-2027",
        "/targets/wl-forest-cover-2025",
    }


def test_words_of_several_arguments_must_all_be_met(hengtan, demo):
    _, out, _ = hengtan("find", "森林", "wulong", "--json", "-w", demo.folder)
    assert json.loads(out)[0]["id"] == "wl-forest-cover-2025"


def test_nothing_is_told_as_nothing(hengtan, demo):
    code, out, _ = hengtan("find", "qqqqqq", "-w", demo.folder)
    assert code == 0 and "没有与“qqqqqq”相符的内容" in out
