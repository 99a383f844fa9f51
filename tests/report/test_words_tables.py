"""Every account, pack table and form that an explanation can name has a title in both languages."""

import importlib

from hengtan import packs
from hengtan.packs.schema import schemas
from hengtan.report.words import WORDS, has
from hengtan.workspace.asof import MODULES

BEFORE = {
    "unit_factors",
    "observations",
    "recordings",
    "systems",
}  # never shown as a node, or titled elsewhere


def test_every_table_has_a_title():
    accounts = {
        n
        for m in MODULES
        for n, f in vars(importlib.import_module(m)).items()
        if hasattr(f, "account") and f.__module__ == m
    }
    names = accounts | set(schemas()) | set(packs.load("wulong").forms())
    assert sorted(n for n in names - BEFORE if not has(f"table.{n}")) == []


def test_titles_are_chinese_and_english():
    for key, (chinese, english) in WORDS.items():
        if key.startswith("table."):
            assert any("一" <= ch <= "鿿" for ch in chinese) and english.isascii(), key
