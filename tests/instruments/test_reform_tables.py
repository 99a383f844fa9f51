"""Tables of payers for a reform: identifying columns and totals are passed by and said, units of
headings hold, a payer may have a row a pollutant.

1,000 kg of sulfur dioxide are 1000 ÷ 0.95 equivalents; 1.5 yuan more each is 1,578.947 yuan.
"""

from __future__ import annotations

from datetime import date

import pytest

from hengtan.basis.errors import HengtanError
from hengtan.desk.cases import shipped
from hengtan.desk.reform import Proposal, reform

MORE = 1.5 * 1_000 / 0.95
PLAIN = "组别,户数,污染物排放量.二氧化硫\n小户,10,1000\n大户,5,2000\n"


@pytest.fixture
def change(tmp_path):
    def run(text):
        table = tmp_path / "缴纳人.csv"
        table.write_text(text, encoding="utf-8")
        proposal = Proposal({"env_tax.air.rate": 5.0})
        groups, findings = reform(
            shipped(), "env_tax.air", table, date(2024, 5, 31), "500156", proposal
        )
        return sum(group.change for group in groups), groups, [str(f) for f in findings]

    return run


def test_a_table_of_payers(change) -> None:
    """10 × 1 + 5 × 2 = 20 times 1,000 kg."""
    total, groups, findings = change(PLAIN)
    assert total == pytest.approx(20 * MORE) and len(groups) == 2 and findings == []


@pytest.mark.parametrize("heading", ["企业名称", "户号", "序号", "备注", "地址"])
def test_identifying_columns_are_passed_by_and_said(change, heading) -> None:
    text = f"组别,{heading},户数,污染物排放量.二氧化硫\n小户,1,10,1000\n大户,2,5,2000\n"
    total, _, findings = change(text)
    assert total == pytest.approx(20 * MORE)
    assert len(findings) == 1 and f"没有用到：{heading}" in findings[0]


@pytest.mark.parametrize("word", ["合计", "总计", "小计"])
def test_a_printed_total_is_no_payer(change, word) -> None:
    total, groups, findings = change(f"{PLAIN}{word},15,3000\n")
    assert total == pytest.approx(20 * MORE) and len(groups) == 2
    assert any("第4行" in text and "未计入" in text for text in findings)


@pytest.mark.parametrize(
    ("heading", "first", "second"),
    [
        ("二氧化硫", "1000", "2000"),
        ("二氧化硫(吨)", "1", "2"),
        ("二氧化硫排放量", "1000千克", "2吨"),
        ("污染物排放量.二氧化硫（吨）", "1", "2"),
    ],
)
def test_units_of_headings_hold(change, heading, first, second) -> None:
    total, _, _ = change(f"组别,户数,{heading}\n小户,10,{first}\n大户,5,{second}\n")
    assert total == pytest.approx(20 * MORE)


def test_a_payer_with_a_row_a_pollutant(change) -> None:
    """甲: sulfur dioxide and oxides of nitrogen, 1,000 kg each; 乙: 2,000 kg of sulfur dioxide."""
    text = (
        "组别,企业,户数,污染物,排放量(吨)\n小户,甲,10,二氧化硫,1\n小户,甲,10,氮氧化物,1\n"
        "大户,乙,5,二氧化硫,2\n"
    )
    total, groups, _ = change(text)
    assert total == pytest.approx(30 * MORE)
    assert {group.name: group.payers for group in groups} == {"小户": 10, "大户": 5}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("组别,户数,企业\n小户,10,甲\n", "没有这条规则的输入项"),
        ("组别,户数,二氧化硫\n小户,10,x\n", "不是数字"),
        ("组别,户数,二氧化硫,二氧化硫(吨)\n小户,10,1,1\n", "几列都是同一输入项"),
        ("组别,户数,污染物,排放量\n小户,10,二氧化硫,1\n小户,10,二氧化硫,1\n", "有两行"),
    ],
)
def test_what_cannot_be_read_is_refused(change, text, words) -> None:
    with pytest.raises(HengtanError, match=words):
        change(text)
