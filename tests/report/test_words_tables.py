"""Every account, pack table and form that an explanation can name has a title in both languages."""

from hengtan import packs
from hengtan.graph.domains import domains
from hengtan.packs.schema import schemas
from hengtan.report.words import WORDS, has

BEFORE = {
    "unit_factors",
    "observations",
    "recordings",
    "systems",
}  # never shown as a node, or titled elsewhere


def test_every_table_has_a_title():
    accounts = {name for domain in domains() for name in domain.names()}
    names = accounts | set(schemas()) | set(packs.load("wulong").forms())
    assert sorted(n for n in names - BEFORE if not has(f"table.{n}")) == []


def test_titles_are_chinese_and_english():
    for key, (chinese, english) in WORDS.items():
        if key.startswith("table."):
            assert any("一" <= ch <= "鿿" for ch in chinese) and english.isascii(), key
