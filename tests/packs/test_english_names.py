"""The English half of a sentence names things in English: whatever a pack names in both languages,
in every sentence of the accounts that is about something, and what a person typed as he typed it.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan import packs
from hengtan.basis.english_names import CHINESE, in_english, with_english_names
from hengtan.basis.errors import HengtanError, UnknownUnit
from hengtan.basis.period import Period
from hengtan.basis.problem import Problem
from hengtan.basis.units import read_unit
from hengtan.basis.words import coded
from hengtan.desk.lookups import NAMED
from hengtan.graph.said import all_words, say_missing
from hengtan.report.numerals import unit_in_english
from hengtan.report.sheet.form_choices import common_units

PACK = packs.load("wulong")
NAMES = sorted(
    {
        str(row[zh])
        for table, _, (zh, en) in NAMED
        if table not in ("targets", "measures")
        for row in PACK.rows(table)
        if row[zh] and row[en]
    }
)
UNITS = [zh for zh, _ in common_units() if unit_in_english(zh)]
PLACES = [place.name_zh for place in PACK.places() if place.name_en]
ABOUT = sorted(
    code
    for code, words in all_words().items()
    if "{0}" in words[1] and "{1:" not in words[1] and not any(map(CHINESE.search, words[1::2]))
)
"""Codes whose sentences are about something and have no Chinese of their own in English."""


def places_of(code):
    return 1 + max(int(n) for text in all_words()[code] for n in re.findall(r"\{(\d+)", text))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(ABOUT), st.data())
def test_every_sentence_about_what_a_pack_names_is_english(code, data):
    named = st.sampled_from([*NAMES, *UNITS, *PLACES])
    about = [data.draw(named) for _ in range(places_of(code))]
    said = say_missing(coded(code, *about), "en")
    assert not CHINESE.search(said), said


@pytest.mark.parametrize("name", NAMES)
def test_each_named_item_is_named_in_a_refusal(name):
    error = HengtanError(f"没有“{name}”", f"there is no '{name}' here", todo_en=f"give '{name}'")
    assert not CHINESE.search(error.en + error.todo_en)
    assert name in error.zh


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("unit_misfit_of_item|万吨", "10⁴ t"),
        ("factor_unit_misfit|吨|原煤", "Raw coal"),
        ("no_fuel|set|原煤", "'Raw coal'"),
        ("varieties_exceed_whole|柴油", "Diesel oil"),
    ],
)
def test_sentences_that_kept_the_chinese_name(sentence, said):
    assert said in say_missing(sentence, "en")


def test_several_names_are_a_list_in_english():
    assert in_english("原煤、柴油") == "Raw coal, Diesel oil"
    assert with_english_names("no share of 原煤、柴油 is given") == (
        "no share of Raw coal, Diesel oil is given"
    )


def test_what_a_person_typed_stays_as_he_typed_it():
    """A name nobody gives English, and a cell that happens to hold a name of a pack."""
    assert "'张三的因子'" in say_missing("no_power_footprint|2024|张三的因子", "en")
    with pytest.raises(HengtanError, match="'原煤' is not a period"):
        Period.read("原煤")
    with pytest.raises(UnknownUnit) as refused:
        read_unit("原煤")
    assert "unknown unit '原煤'" in refused.value.en
    typed = Problem("error", "x", "“原煤”不对", "'原煤' is wrong").error()
    assert typed.en == "'原煤' is wrong"
