"""Papers that leave a case file say what its records give, follow a correction, name what is still
open, and are not written where there is nothing to say; figures by hand beside each test.
"""

from __future__ import annotations

import io
import re

import pytest
from docx import Document

from hengtan.basis.errors import NoSuchRow
from hengtan.desk.case_documents import document_bytes, documents_of
from hengtan.desk.case_file_shown import paper
from hengtan.desk.case_files import kinds_of, opened
from hengtan.report.word.case_file import CasePaper, case_file_bytes
from hengtan.workspace.asof import AsOf

PLACE = {"区县": "武隆区"}
CHINESE = re.compile("[\u3400-\u9fff]+")


def text_in(content):
    """All that stands in a Word document, its tables included."""
    document = Document(io.BytesIO(content))
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([p.text for p in document.paragraphs] + [cell.text for cell in cells])


@pytest.fixture
def written(workspace):
    """The text of a document of a file as it is now."""

    def written(kind, subject, document, lang="zh"):
        of_one = opened(workspace, kind, subject)
        return text_in(document_bytes(workspace, of_one, document, AsOf.of().judged_on, lang))

    return written


def test_shares_of_a_fund_stand_by_name_and_follow_a_correction(hand_in, written):
    """100 万 by 8, 1.5, 0.5 with a floor of 10 万: the last is lifted to the floor, 90 万 by 8 to
    1.5. With 3 instead of 0.5 nobody is below the floor: 8 / 12.5, 1.5 / 12.5, 3 / 12.5.
    """
    fund = {"编号": "F1", **PLACE, "名称": "节能奖补", "总额": "100万", "保底额": "10万"}
    hand_in("incentive_funds", [{**fund, "下达期限": "2025年6月30日"}])
    scores = {"甲镇": 8, "乙镇": 1.5, "丙镇": 0.5}
    hand_in(
        "incentive_results", [{"资金编号": "F1", "乡镇": r, "得分": n} for r, n in scores.items()]
    )
    text = written("incentive_fund", "F1", "shares")
    assert "关于节能奖补资金分配方案的意见" in text and "送审稿" in text
    assert "甲镇 757,894.74；乙镇 142,105.26；丙镇 100,000" in text
    assert "下达资金：不晚于2025年6月30日。（资金管理办法）已逾期。" in text
    assert "（发文单位印章）" in text and "依据：资金管理办法（因素法）" in text
    hand_in("incentive_results", [{"资金编号": "F1", "乡镇": "丙镇", "得分": 3}])
    hand_in("incentive_funds", [{**fund, "下达期限": "2025年6月30日", "下达日期": "2025-06-01"}])
    text = written("incentive_fund", "F1", "shares")
    assert "甲镇 640,000；乙镇 120,000；丙镇 240,000" in text
    assert "不晚于" not in text
    english = written("incentive_fund", "F1", "shares", "en")
    assert "甲镇 640,000; 乙镇 120,000; 丙镇 240,000" in english
    assert "1,000,000 yuan" in english and "(draft, not yet issued)" in english
    named = ("甲镇", "乙镇", "丙镇", "节能奖补", "资金管理办法（因素法）")
    for name in named:
        english = english.replace(name, "")
    assert CHINESE.findall(english) == []


def test_a_sheet_names_what_is_open_and_where_it_may_be_given(hand_in, written):
    """The terms of 绿易贷 were not read. Given as 60 % of 600 万 they are 360 万."""
    loan = {
        "借据编号": "L2",
        "银行": "甲",
        **PLACE,
        "借款企业": "某公司",
        "用途": "4.1.2",
        "业务品种": "贷款",
        "贷款金额": "600万",
        "发放日期": "2023-06-01",
        "到期日": "2031年5月31日",
        "申请的工具": "绿易贷",
        "年利率": "4",
    }
    hand_in("green_loans", [loan])
    text = written("green_loan", "L2", "tool")
    assert "政策工具申报资格审核表（某公司）" in text and "600万元" in text
    assert "待补充：" in text and "可在“绿色贷款台账”填“工具支持比例”并注明来源。" in text
    assert "经办人" in text and "parameters" not in text and "policy_loan" not in text
    terms = {"工具支持比例": "60%", "工具利率": "1.75%", "工具要求的利率上限": "5%"}
    hand_in("green_loans", [{**loan, **terms, "来源": "某办法（测试）"}])
    text = written("green_loan", "L2", "tool")
    assert "待补充" not in text and "360万元" in text


def test_a_paper_without_a_verdict_is_neither_offered_nor_written(workspace, hand_in):
    deal = {"合同编号": "D1", "类型": "碳保险", "名称": "乙", **PLACE, "合同金额": "100万"}
    hand_in("carbon_deals", [{**deal, "起始日期": "2024-01-01"}])
    of_one = opened(workspace, "carbon_deal", "D1")
    assert documents_of(of_one) == ()
    with pytest.raises(NoSuchRow, match="还写不出"):
        document_bytes(workspace, of_one, "call", AsOf.of().judged_on)
    month = {"合同编号": "D1", "月份": "2024-12", "实际减排量": 6000}
    hand_in("carbon_deal_days", [month])
    assert [issued.id for issued in documents_of(opened(workspace, "carbon_deal", "D1"))] == [
        "claim"
    ]


def test_the_whole_file_has_no_codes_and_no_empty_columns(workspace, hand_in):
    """A purchase in no class, one without a saving: the account says so in words."""
    scheme = {"活动": "S1", **PLACE, "名称": "家电", "预算": "600", "开始日期": "2025-01-20"}
    hand_in("subsidy_schemes", [scheme])
    class_ = {"活动": "S1", "品类": "冰箱", "等级": "2级", "比例": 10, "来源": "测试用"}
    hand_in("subsidy_classes", [class_])
    bought = {"活动": "S1", "日期": "2025-02-01", "购买人": 1, "品类": "冰箱", "售价": 2000}
    levels = {"a": "2级", "b": "3级"}
    rows = [{**bought, "订单号": order, "等级": level} for order, level in levels.items()]
    hand_in("subsidy_purchases", rows)
    of_one = opened(workspace, "subsidy_scheme", "S1")
    text = text_in(case_file_bytes(paper(workspace, of_one, AsOf.of().judged_on)))
    assert "家电 绿色消费补贴档案" in text and "已补贴：200元" in text
    assert "subsidy" not in text and "parameter" not in text
    document = Document(io.BytesIO(case_file_bytes(paper(workspace, of_one, AsOf.of().judged_on))))
    for table in document.tables:
        for column in table.columns:
            assert any(cell.text for cell in column.cells[1:]), column.cells[0].text


def test_the_whole_file_in_english_has_the_same_figures(workspace, hand_in):
    """200 yuan paid of 600 in the Chinese paper, and in the English one; only what people named
    stays in Chinese.
    """
    scheme = {"活动": "S1", **PLACE, "名称": "家电", "预算": "600", "开始日期": "2025-01-20"}
    hand_in("subsidy_schemes", [scheme])
    hand_in(
        "subsidy_classes",
        [{"活动": "S1", "品类": "冰箱", "等级": "2级", "比例": 10, "来源": "测试用"}],
    )
    bought = {"活动": "S1", "日期": "2025-02-01", "购买人": 1, "品类": "冰箱", "售价": 2000}
    hand_in("subsidy_purchases", [{**bought, "订单号": "a", "等级": "2级"}])
    of_one = opened(workspace, "subsidy_scheme", "S1")
    english = text_in(case_file_bytes(paper(workspace, of_one, AsOf.of().judged_on, "en")))
    assert "Subsidy schemes" in english and "200 yuan" in english and "2025-01-20" in english
    for name in ("家电", "冰箱", "2级", "测试用"):
        english = english.replace(name, "")
    assert set(CHINESE.findall(re.sub(r"\([^()]*\)", "", english))) == set()


def test_every_document_that_opens_with_a_sentence_opens_in_english_too(workspace):
    opening = [issued for kind in kinds_of(workspace).values() for issued in kind.documents]
    assert [issued.id for issued in opening if issued.opening_zh and not issued.opening_en] == []


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "另有7行较早的未列"), ("en", "7 earlier rows not shown")]
)
def test_rows_that_are_left_out_of_a_paper_are_counted(lang, said):
    headings = ["月份", "数量 [吨]"]
    table = {"title": "表", "headings": headings, "in_chinese": headings, "is_head": False}
    rows = {"rows": [{"cells": ["2024年1月", 2.0]}], "left_out": 7}
    shown = CasePaper("档案", "1", "甲", "武隆区", "2025", [{**table, **rows}], [], [], lang)
    assert said in text_in(case_file_bytes(shown))
