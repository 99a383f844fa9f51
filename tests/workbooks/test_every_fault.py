"""One reading tells every cell that cannot be read; outside of it the first one is raised."""

from __future__ import annotations

import pytest

from hengtan.basis.errors import HengtanError, Where
from hengtan.workbooks.cells import Line, every_fault, noted


def line(row, **cells):
    return Line(cells, Where("表.xlsx", "数据", row=row))


def places(refusal):
    return [(f.where.row, f.where.column) for f in refusal.value.findings]


LINES = [line(2, 甲="很多", 乙="1"), line(3, 甲="2", 乙="x"), line(4, 甲="?", 乙="y")]


def test_every_cell_is_told():
    with pytest.raises(HengtanError) as refusal, every_fault():
        for each in LINES:
            assert each.number("甲") in (None, 2)
            each.number("乙")
    assert places(refusal) == [(2, "甲"), (3, "乙"), (4, "甲"), (4, "乙")]
    assert "很多" in refusal.value.zh


def test_a_cell_read_twice_is_told_once():
    with pytest.raises(HengtanError) as refusal, every_fault():
        LINES[0].number("甲")
        LINES[0].number("甲")
    assert places(refusal) == [(2, "甲")]


def test_outside_of_it_the_first_is_raised():
    with pytest.raises(HengtanError) as refusal:
        for each in LINES:
            with noted():
                each.number("甲")
    assert refusal.value.where.row == 2 and refusal.value.findings == []


def test_a_sound_reading_gives_what_it_gives():
    with every_fault():
        assert line(2, 甲="1.5万").number("甲") == 15_000


def test_lines_that_are_refused_are_passed_by():
    seen = []
    with pytest.raises(HengtanError) as refusal, every_fault():
        for each in (line(2, 甲=""), line(3, 甲="3"), line(4, 甲="无")):
            with noted():
                seen.append(each.need("甲"))
    assert seen == ["3"] and places(refusal) == [(2, "甲"), (4, "甲")]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (line(9, 甲="1").refuse("甲", "missing", "甲"), [(2, "甲"), (9, "甲")]),
        (line(2, 甲="1").refuse("乙", "missing", "乙"), [(2, "甲")]),
        (HengtanError("缺一张表", "no sheet", where=Where("表.xlsx")), [(2, "甲")]),
        (ValueError("follows from the blank"), [(2, "甲")]),
    ],
)
def test_what_may_only_follow_from_a_fault_is_not_told(later, expected):
    with pytest.raises(HengtanError) as refusal, every_fault():
        LINES[0].number("甲")
        raise later
    assert places(refusal) == expected


def test_an_error_of_the_program_is_not_hidden_where_nothing_was_wrong():
    with pytest.raises(ValueError, match="bug"), every_fault():
        raise ValueError("bug")
    with pytest.raises(HengtanError) as refusal, every_fault():
        raise HengtanError("缺一张表", "no sheet")
    assert refusal.value.findings == []


def test_two_readings_do_not_share_their_faults():
    with pytest.raises(HengtanError), every_fault():
        LINES[0].number("甲")
    with every_fault():
        assert line(2, 甲="1").number("甲") == 1
