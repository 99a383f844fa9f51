"""The notice of an assessment: to whom, by which law, the steps with their clauses, what is
recalled.
"""

from __future__ import annotations

import io

import pytest
from docx import Document

from hengtan.report.results import shown, text_of
from hengtan.report.word.notice import notice_bytes, write_notice

RESULT = {
    "title_zh": "环境保护税（大气）",
    "law": "《环境保护税法》",
    "date": "2020-12-31",
    "region": "500156",
    "outputs": {"tax": 240.0, "relief": None},
    "steps": [
        {"zh": "污染当量数", "value": 100.0, "how": "95 ÷ 0.95", "clause": "第八条"},
        {"zh": "应纳税额", "value": 240.0, "unit": "元", "how": "100 × 2.4", "clause": "第十一条"},
    ],
    "parameters": [
        {
            "name": "air.rate",
            "key": "",
            "value": 2.4,
            "unit": "元/当量",
            "overridden": False,
            "confidence": "recalled",
            "source": "重庆市税额决定",
        },
        {
            "name": "air.equivalent",
            "key": "SO2",
            "value": 0.95,
            "unit": "kg",
            "overridden": True,
            "confidence": "read",
            "source": "附表二",
        },
    ],
    "warnings": ["税额凭记忆"],
}
OUTPUTS = {"tax": ("应纳税额", "元"), "relief": ("减免", "元")}


@pytest.fixture
def notice(tmp_path):
    path = write_notice(
        RESULT, OUTPUTS, tmp_path / "通知.docx", entity="某厂", regions={"500156": "武隆区"}
    )
    return Document(path)


def test_it_says_to_whom_by_which_law_when_and_where(notice):
    title, recipient, introduction, *_ = [paragraph.text for paragraph in notice.paragraphs]
    assert (title, recipient) == ("环境保护税（大气）认定通知", "某厂：")
    for said in ("《环境保护税法》", "2020-12-31", "武隆区"):
        assert said in introduction


def test_every_step_carries_its_clause(notice):
    steps = [[cell.text for cell in row.cells] for row in notice.tables[1].rows]
    assert steps[0] == ["步骤", "数值", "算法", "条款、出处"]
    assert [step[-1] for step in steps[1:]] == ["第八条", "第十一条"]


def test_parameters_say_how_sure_they_are_and_what_was_given_by_oneself(notice):
    rows = [[cell.text for cell in row.cells] for row in notice.tables[2].rows][1:]
    assert rows == [
        ["air.rate", "2.4元/当量", "凭记忆，未核", "重庆市税额决定"],
        ["air.equivalent.SO2", "0.95kg", "自行给定", "附表二"],
    ]


def test_warnings_and_the_way_to_object_close_it(notice):
    *_, warning, closing = [paragraph.text for paragraph in notice.paragraphs]
    assert warning == "提示：税额凭记忆" and "异议" in closing


def test_without_a_name_there_is_a_line_to_write_on(tmp_path):
    path = write_notice(RESULT, OUTPUTS, tmp_path / "n.docx")
    assert Document(path).paragraphs[1].text == "＿＿＿＿＿＿＿＿："


def test_a_header_is_repeated_on_every_page(notice):
    for table in notice.tables:
        assert "w:tblHeader" in table.rows[0]._tr.xml


def test_outputs_without_a_value_are_left_out():
    assert [output["title"] for output in shown(RESULT, OUTPUTS)["shown"]] == ["应纳税额"]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (240.0, "元", "240.00"),
        (1234.567, "元", "1,234.57"),
        (0.012345678, "", "0.0123457"),
        (12.0, "家", "12"),
        (True, "", "是"),
        ([1.5, 2.0], "", "1.5；2.00"),
        ("无", "", "无"),
    ],
)
def test_values_are_written_as_money_counts_and_words(value, unit, text):
    assert text_of(value, unit) == text


def test_in_english_it_is_english_with_the_chinese_of_rule_and_law_beside():
    law = "环境保护税法（2018修正） 第十一条"
    result = {**RESULT, "title_en": "Environmental tax, air", "law": law, "warnings": []}
    content = notice_bytes(result, OUTPUTS, place=lambda code: "Wulong", lang="en")
    document = Document(io.BytesIO(content))
    title, beside, _, introduction, *_ = [paragraph.text for paragraph in document.paragraphs]
    assert title == "Notice: Environmental tax, air" and beside == "环境保护税（大气）认定通知"
    assert "Environmental Protection Tax Law" in introduction and law in introduction
    assert "Wulong" in introduction
    heads = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    assert heads[2] == ["Parameter", "Value", "Confidence", "Source"]
