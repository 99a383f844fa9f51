"""Drafts of two editors: nothing is overwritten silently, what does not clash is joined."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given as drawing
from hypothesis import strategies as st

from hengtan.basis.errors import WrongState
from hengtan.office.drafts import (
    WHOLE_ROW,
    Clash,
    Draft,
    Overtaken,
    changes,
    decided,
    join,
    saved,
)
from hengtan.office.typed import MOST_ROWS, NotAGrid, Row, Typed

MORNING, NOON = datetime(2026, 3, 1, 9), datetime(2026, 3, 1, 12)
HEAD = (("地区*", "数值", "备注"),)


def grid(*rows: str) -> Typed:
    """``a:500156,12,`` is the row a with three cells."""
    named = [row.split(":") for row in rows]
    return Typed("填报", HEAD, tuple(Row(name, tuple(c.split(","))) for name, c in named))


BEGIN = grid("a:甲,1,", "b:乙,2,")


def draft(typed: Typed, version: int = 1, by: str = "李四") -> Draft:
    return Draft("k", version, by, MORNING, typed)


def test_a_save_makes_the_next_version_under_the_name_of_who_saved():
    mine = grid("a:甲,10,", "b:乙,2,")
    after = saved(draft(BEGIN), BEGIN, mine, 1, by="张三", at=NOON)
    assert (after.version, after.by, after.at, after.typed) == (2, "张三", NOON, mine)


def test_the_same_save_sent_twice_is_once_though_its_answer_was_lost():
    mine = grid("a:甲,10,", "b:乙,2,")
    once = saved(draft(BEGIN), BEGIN, mine, 1, by="张三", at=NOON)
    assert saved(once, BEGIN, mine, 1, by="张三", at=NOON) is once


def test_a_stale_save_is_refused_with_who_saved_and_what_differs():
    theirs = draft(grid("a:甲,10,", "b:乙,2,"), version=2, by="李四")
    with pytest.raises(Overtaken, match="李四 已在 03-01 09:00 保存过") as refusal:
        saved(theirs, BEGIN, grid("a:甲,1,", "b:乙,20,"), 1, by="张三", at=NOON)
    joined = refusal.value.joined
    assert joined is not None
    assert joined.typed == grid("a:甲,10,", "b:乙,20,")
    assert joined.clashes == ()
    assert [(c.row, c.column, c.before, c.after) for c in joined.theirs] == [("a", 1, "1", "10")]


def test_a_cell_both_changed_clashes_and_theirs_stands_until_decided():
    theirs, mine = grid("a:甲,10,核过", "b:乙,2,"), grid("a:甲,11,", "b:乙,20,")
    joined = join(BEGIN, theirs, mine)
    assert joined.clashes == (Clash("a", 1, "1", "10", "11"),)
    assert joined.typed == grid("a:甲,10,核过", "b:乙,20,")
    assert decided(joined, mine, joined.clashes) == grid("a:甲,11,核过", "b:乙,20,")


def test_the_same_change_by_both_is_no_clash():
    assert not join(BEGIN, grid("a:甲,5,", "b:乙,2,"), grid("a:甲,5,", "b:乙,2,")).clashes


def test_new_rows_of_both_stay_each_behind_its_neighbour():
    theirs = grid("a:甲,1,", "x:丙,3,", "b:乙,2,")
    mine = grid("a:甲,1,", "b:乙,2,", "y:丁,4,")
    assert join(BEGIN, theirs, mine).typed == grid("a:甲,1,", "x:丙,3,", "b:乙,2,", "y:丁,4,")
    first = grid("z:戊,5,", "a:甲,1,", "b:乙,2,")
    assert join(BEGIN, theirs, first).typed.rows[0].id == "z"


def test_a_row_taken_away_goes_unless_the_other_changed_it():
    without_b = grid("a:甲,1,")
    assert join(BEGIN, BEGIN, without_b).typed == without_b
    assert join(BEGIN, without_b, BEGIN).typed == without_b
    changed = grid("a:甲,1,", "b:乙,99,")
    i_took_it = join(BEGIN, changed, without_b)
    assert [c.column for c in i_took_it.clashes] == [WHOLE_ROW]
    assert i_took_it.typed == changed
    assert decided(i_took_it, without_b, i_took_it.clashes) == without_b
    they_took_it = join(BEGIN, without_b, changed)
    assert [(c.row, c.theirs, c.mine) for c in they_took_it.clashes] == [("b", "", "乙 99")]
    assert decided(they_took_it, changed, they_took_it.clashes) == changed


def test_other_columns_are_not_joined():
    wider = Typed("填报", (("地区*", "数值", "备注", "来源"),), (Row("a", ("甲", "1", "", "")),))
    with pytest.raises(Overtaken) as refusal:
        saved(draft(wider, version=2), BEGIN, grid("a:甲,2,"), 1, by="张三", at=NOON)
    assert refusal.value.joined is None


def test_what_was_handed_in_is_not_saved_over():
    sent = replace(draft(BEGIN), submission="S000007")
    with pytest.raises(WrongState, match="S000007"):
        saved(sent, BEGIN, grid("a:甲,9,"), 1, by="张三", at=NOON)
    assert saved(sent, BEGIN, BEGIN, 1, by="张三", at=NOON) is sent


CELL = st.sampled_from(["", "1", "2", "3"])
ROWS = st.dictionaries(st.sampled_from("abcdef"), st.tuples(CELL, CELL, CELL), max_size=6)


def of(rows: dict[str, tuple[str, str, str]]) -> Typed:
    return Typed("填报", HEAD, tuple(Row(name, cells) for name, cells in rows.items()))


@drawing(ROWS, ROWS, ROWS)
def test_no_change_of_either_is_lost_in_silence(before, theirs, mine):
    """Each cell of the joined grid is what one of the two wrote; a cell they wrote otherwise, and
    a row one took away that the other changed, is told as a clash.
    """
    joined = join(of(before), of(theirs), of(mine))
    clashing = {(clash.row, clash.column) for clash in joined.clashes}
    result = {row.id: row.cells for row in joined.typed.rows}
    for name in mine:
        own, old, other = mine[name], before.get(name), theirs.get(name)
        if own == old or (name, WHOLE_ROW) in clashing:
            continue
        for column, text in enumerate(own):
            was = old[column] if old else ""
            if text != was and (name, column) not in clashing:
                assert result[name][column] == text, (name, column)
    for name, other in theirs.items():
        if name in result or (name, WHOLE_ROW) in clashing:
            continue
        assert name not in mine and other == before.get(name)
    alone = join(of(before), of(before), of(mine))
    assert {r.id: r.cells for r in alone.typed.rows} == mine and not alone.clashes


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        {"sheet": "s", "head": [], "rows": []},
        {"sheet": "s", "head": [["a"]], "rows": [["r1", "x", "beyond"]]},
        {"sheet": "s", "head": [["a"]], "rows": [["r1", 5]]},
        {"sheet": "s", "head": [["a"]], "rows": [["<id>", "x"]]},
        {"sheet": "s", "head": [["a"]], "rows": [["r1", "x"], ["r1", "y"]]},
        {"sheet": "s", "head": [["a"]], "rows": [[]]},
        {"sheet": 3, "head": [["a"]], "rows": []},
        {"sheet": "s", "head": [["a"] * 201], "rows": []},
        {"sheet": "s", "head": [["a"]], "rows": [[f"r{n}", "x"] for n in range(MOST_ROWS + 1)]},
        {"sheet": "s", "head": [["a"]], "rows": [["r1", "x" * 32_768]]},
    ],
)
def test_what_is_no_grid_is_refused(sent):
    with pytest.raises(NotAGrid):
        Typed.from_dict(sent)


def test_json_and_back():
    assert Typed.from_dict(BEGIN.as_dict()) == BEGIN
    sent = {"sheet": "a/b:[c]'", "head": [["x", "y"]], "rows": [["r1", "1\r\n2\x00"]]}
    read = Typed.from_dict(sent)
    assert read.sheet == "abc"
    assert read.rows == (Row("r1", ("1\n2", "")),)


def test_changes_name_cells_and_rows():
    after = grid("a:甲,1,注", "c:丙,3,")
    shown = [(c.row, c.column, c.before, c.after) for c in changes(BEGIN, after)]
    assert shown == [("a", 2, "", "注"), ("c", WHOLE_ROW, "", "丙 3"), ("b", WHOLE_ROW, "乙 2", "")]
