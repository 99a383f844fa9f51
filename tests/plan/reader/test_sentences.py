"""Sentences as the annotation guide reads them: rule by rule here, and in numbers in
sentences.yaml.

All expected readings were written by hand from the guide. What a single rule does is shown in
test_rules.py.
"""

from pathlib import Path

import pytest
import yaml

from hengtan.plan.reader.confidence import SURE
from hengtan.plan.reader.reading import read

CASES = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8"))


def _param(case):
    """A sentence as a parameter; one that is not read as the guide asks must fail, so that its
    mending is noticed."""
    gap = pytest.mark.xfail(reason=case.get("gap", ""), strict=True)
    return pytest.param(case, id=case["text"][:24], marks=[gap] if "gap" in case else [])


@pytest.mark.parametrize("case", [_param(case) for case in CASES])
def test_sentence(targets, case):
    assert targets(case["text"], case["year"]) == case["targets"], case["why"]


def test_a_colon_head_names_its_items(targets):
    assert targets(
        "2025年:单位国内生产总值能耗比2020年下降13.5%,森林覆盖率达到24.1%。\n2030年:森林覆盖率达到25%左右。",
        None,
    ) == [
        "单位国内生产总值能耗 | decrease_by | 13.5 | % | 2025 | 2020",
        "森林覆盖率 | >= | 24.1 | % | 2025",
        "森林覆盖率 | approx | 25 | % | 2030",
    ]


def test_the_same_target_twice_is_one(targets):
    assert targets("到2025年,森林覆盖率达到57%。全面推行林长制,到2025年森林覆盖率达到57%。") == [
        "森林覆盖率 | >= | 57 | % | 2025"
    ]


def test_a_doubt_lowers_the_confidence():
    sure, unsure = read("到2025年,森林覆盖率达到57%,力争60%。", 2022).targets
    assert sure.confidence >= SURE
    assert "subject inherited" in unsure.doubts
    assert unsure.confidence < SURE


def test_the_year_of_the_document_is_taken_with_a_doubt():
    """Wherever the month stands: confidence falls, so that nobody accepts the year unseen."""
    texts = (
        "6月底前完成燃煤锅炉改造30台。",
        "三季度前,新建公共充电桩80个。",
        "主要预期目标是:森林覆盖率达到57%。",
    )
    for text in texts:
        (target,) = read(text, 2026).targets
        assert (target.deadline, target.doubts[0]) == (2026, "no year stated")
        assert target.confidence < SURE


def test_parts_know_their_whole():
    whole, part = read(
        "到2025年,光伏装机达到500万千瓦,其中分布式光伏装机达到300万千瓦。", 2022
    ).targets
    assert (whole.part_of, part.part_of) == ("", "光伏装机")
