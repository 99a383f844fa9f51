"""Users read Chinese first: what the packs say in English they say in Chinese characters too."""

import re

import pytest

from hengtan import packs
from hengtan.packs.schema import schemas

PACK = packs.load("wulong")
PAIRS = [
    (table, column[:-3])
    for table, schema in schemas().items()
    for column in schema.columns
    if column.endswith("_en") and f"{column[:-3]}_zh" in schema.columns
]
CHINESE = re.compile("[\u4e00-\u9fff]")
WORDLESS = {"formula", "conversion"}  # an equation needs no words
ABBREVIATIONS = {"PUE；WUE"}


@pytest.mark.parametrize(("table", "name"), PAIRS)
def test_what_is_said_in_english_is_said_in_chinese(table, name):
    for row in PACK.rows(table):
        english, chinese = row[f"{name}_en"], row[f"{name}_zh"]
        where = f"{row['_file']} row {row['_row']}: {name}"
        assert bool(chinese) or not english, where
        text = "；".join(chinese) if isinstance(chinese, tuple | list) else chinese
        assert not text or CHINESE.search(text) or name in WORDLESS or text in ABBREVIATIONS, where


def test_a_definition_we_propose_says_that_it_is_not_established():
    for row in PACK.rows("indicators"):
        assert row["definition_zh"].startswith("定义未确立，以下为建议：") == (
            row["confidence"] == "proposal"
        ), row["indicator"]
