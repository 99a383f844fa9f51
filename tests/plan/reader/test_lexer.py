"""Tokens: years and periods, base phrases, quantities in all spellings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.basis.numerals import chinese_number
from hengtan.plan.reader.lexer import lex


def kinds(text):
    return [(t.kind, t.text) for t in lex(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("一千二百", 1200),
        ("三百零五", 305),
        ("两万", 20000),
        ("一亿二千万", 120000000),
        ("二〇二五", 2025),
        ("甲", None),
        ("", None),
    ],
)
def test_chinese_numbers(text, number):
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    ("text", "year", "role"),
    [
        ("到2025年", 2025, "point"),
        ("2030年前", 2030, "point"),
        ("2023—2025年", 2025, "span"),
        ("“十四五”期间", 2025, "period"),
        ("十五五末", 2030, "period"),
        ("今年", None, "this"),
        ("明年底前", None, "next"),
        ("“十三五”以来", 2020, "past"),
    ],
)
def test_years(text, year, role):
    (token,) = lex(text, 0, len(text))
    assert (token.kind, token.year, token.role) == ("year", year, role)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("比2020年", 2020),
        ("较“十三五”末", 2020),
        ("相较于2015年水平", 2015),
        ("在2020年基础上", 2020),
        ("比上年", None),
        ("同比", None),
    ],
)
def test_base_phrases(text, year):
    (token,) = lex(text, 0, len(text))
    assert (token.kind, token.year) == ("base", year)


def test_a_share_is_no_base_phrase():
    assert ("year", "2025年") in kinds("非化石能源占比2025年达到20%")
    assert ("year", "在2025年前") in kinds("在2025年前建成")


@pytest.mark.parametrize(
    ("text", "value", "value2", "unit", "operator"),
    [
        ("57%以上", "57", "", "%", "at_least"),
        ("约1,200万千瓦", "1200", "", "万千瓦", "approx"),
        ("3—5家", "3", "5", "家", ""),
        ("百分之八十七点五", "87.5", "", "%", ""),
        ("百分之八十七点零五", "87.05", "", "%", ""),
        ("0.42吨标准煤/万元", "0.42", "", "吨标准煤/万元", ""),
        ("≤35微克/立方米", "35", "", "微克/立方米", "at_most"),
        ("一千公里", "1000", "", "公里", ""),
        ("翻一番", "100", "", "%", "increase_by"),
        ("每亩40万元", "40", "", "万元/亩", ""),
        ("5个百分点", "5", "", "个百分点", ""),
        ("800亿至1000亿元", "800", "1000", "亿元", ""),
    ],
)
def test_quantities(text, value, value2, unit, operator):
    (token,) = lex(text, 0, len(text))
    assert (token.kind, token.value, token.value2, token.unit, token.operator) == (
        "quantity",
        value,
        value2,
        unit,
        operator,
    )


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from(
            "到2025年比达提高至20%万千瓦、,以上约“十四五”期间一百零建成区每亩"
        ),
        max_size=80,
    )
)
def test_tokens_cover_the_text_without_gaps(text):
    tokens = lex(text, 0, len(text))
    assert "".join(t.text for t in tokens) == text
