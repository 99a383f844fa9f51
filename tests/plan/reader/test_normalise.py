"""Texts brought to one form, and the way back to the original for every character."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.plan.reader.normalise import normalise


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("到２０２５年，达到５７％。", "到2025年,达到57%。"),
        ("到 2025 年 ，达到 57 %", "到2025年,达到57%"),
        ("單位地區生產總值能耗", "单位地区生产总值能耗"),
        ("到二〇二五年", "到2025年"),
        ("面积10㎡", "面积10m2"),
        (
            "加快减污降碳，化学需氧量、氨\n氮排放总量持续减少，达到国家要求",
            "加快减污降碳,化学需氧量、氨氮排放总量持续减少,达到国家要求",
        ),
        (
            "绿色发展水平显著提升，生态环境\n— 12 —\n持续改善",
            "绿色发展水平显著提升,生态环境持续改善",
        ),
    ],
)
def test_forms(source, text):
    assert normalise(source).text == text


def test_heads_keep_their_line():
    assert normalise(
        "一、总体要求\n坚持生态优先、绿色发展，以减污降碳为\n总抓手\n（一）主要目标\n到2025年"
    ).text.split("\n") == [
        "一、总体要求",
        "坚持生态优先、绿色发展,以减污降碳为总抓手",
        "(一)主要目标",
        "到2025年",
    ]


def test_a_quote_points_to_its_place():
    source = "前言　\n到 ２０２５ 年，森林覆\n盖率达到 ５７％ 以上。"
    normalised = normalise(source)
    start = normalised.text.index("57%")
    assert normalised.quote(start, start + 3) == "５７％"
    assert source[slice(*normalised.original(start, start + 3))] == "５７％"


def test_columns_set_apart_by_blanks_become_bars():
    assert normalise("指标      2020年    2025年\n森林覆盖率  45     57").text.split("\n") == [
        "指标|2020年|2025年",
        "森林覆盖率|45|57",
    ]
    assert normalise("指标 2020年 2025年 属性\n森林覆盖率（%） 45.2 47 约束性").text.split(
        "\n"
    ) == ["指标|2020年|2025年|属性", "森林覆盖率(%)|45.2|47|约束性"]
    assert "|" not in normalise("到 2025 年 30 万千瓦，到 2030 年 50 万千瓦").text


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("一到年达2025０.，。、 \n　%％（）(【單能耗%万m㎡\t—12-第页|"),
        max_size=200,
    )
)
def test_places_rise_and_lie_within_the_source(source):
    normalised = normalise(source)
    assert len(normalised.places) == len(normalised.text)
    assert list(normalised.places) == sorted(normalised.places)
    assert all(0 <= place < len(source) for place in normalised.places)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_taken(source):
    normalised = normalise(source)
    for i in range(0, len(normalised.text), 7):
        a, b = normalised.original(i, i + 1)
        assert 0 <= a < b <= len(source)
