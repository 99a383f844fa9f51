"""Two versions of a plan, target by target."""

import pytest

from hengtan import packs
from hengtan.plan.reader.diff import compare
from hengtan.plan.reader.documents import Document
from hengtan.plan.reader.draft import draft_of
from hengtan.plan.reader.linking import Indicators
from hengtan.plan.reader.pack_rows import pack_tables

FIRST = (
    "到2025年,森林覆盖率达到57%,绿色工厂达到100家,煤炭消费总量控制在100万吨以内,"
    "骑行步道达到40条,单位GDP能耗比2020年下降14%。"
)
SECOND = (
    "到2025年,森林覆盖率达到57%,培育绿色工厂120家,煤炭消费总量控制在1百万吨以内,"
    "单位GDP能耗比2020年下降14%,力争下降15%,湿地保护率达到55%。到2027年,骑行步道达到40条。"
)


@pytest.fixture(scope="module")
def rows():
    known = Indicators(packs.load("cn").rows("indicators"))
    return lambda text, plan: pack_tables(
        draft_of(Document("规划.txt", "txt", text), known, plan=plan, year=2022),
        region="999900",
        region_zh="某市",
    )["targets"]


def _name(change):
    """The indicator of a change, with 力争 where it is a stretch."""
    row = change.second or change.first
    return row["indicator_zh"] + ("力争" if row["binding_zh"] == "力争" else "")


def test_kept_changed_new_and_dropped(rows):
    changes = compare(rows(FIRST, "a"), rows(SECOND, "b"))
    by_name = {_name(change): (change.kind, dict(change.fields)) for change in changes}
    assert by_name == {
        "森林覆盖率": ("same", {}),
        "绿色工厂": ("changed", {"value": ("100家", "120家")}),
        "煤炭消费总量": ("same", {}),
        "单位GDP能耗": ("same", {}),
        "单位GDP能耗力争": ("new", {}),
        "湿地保护率": ("new", {}),
        "骑行步道": ("changed", {"deadline_year": ("2025", "2027")}),
    }


def test_the_other_way_round_new_is_dropped(rows):
    there, back = (
        compare(rows(FIRST, "a"), rows(SECOND, "b")),
        compare(rows(SECOND, "b"), rows(FIRST, "a")),
    )

    def count(changes, kind):
        return sum(c.kind == kind for c in changes)

    assert count(there, "new") == count(back, "dropped")
    assert count(there, "dropped") == count(back, "new")
    assert count(there, "changed") == count(back, "changed")


def test_a_version_against_itself_is_the_same(rows):
    assert {c.kind for c in compare(rows(SECOND, "a"), rows(SECOND, "b"))} == {"same"}


def test_every_target_stands_in_exactly_one_line(rows):
    first, second = rows(FIRST, "a"), rows(SECOND, "b")
    changes = compare(first, second)
    assert sorted(c.first["target_id"] for c in changes if c.first) == sorted(
        r["target_id"] for r in first
    )
    assert sorted(c.second["target_id"] for c in changes if c.second) == sorted(
        r["target_id"] for r in second
    )
