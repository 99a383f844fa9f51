"""Dated tables, notation keys and confidence."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.basis.cite import CONFIDENCES, Citation, worst
from hengtan.basis.dated import DatedTable, read_valid
from hengtan.basis.errors import OverlappingRows, ParameterNotEstablished
from hengtan.basis.notation import Notation, read_notation


def row(start, end, value=1.0, **more):
    return {"kind": "water", "valid_from": start, "valid_to": end, "value": value, **more}


def test_both_ends_are_inclusive_and_nothing_is_borrowed():
    table = DatedTable(
        "rates",
        [row(date(2018, 1, 1), date(2020, 12, 31), 1.0), row(date(2021, 6, 1), None, 2.0)],
        ["kind"],
        settled_by="税法附表",
    )
    assert table.at(date(2018, 1, 1), kind="water").row["value"] == 1.0
    assert table.at(date(2020, 12, 31), kind="water").row["value"] == 1.0
    assert table.at(date(2021, 6, 1), kind="water").row["value"] == 2.0
    for day in (date(2017, 12, 31), date(2021, 1, 1), date(2021, 5, 31)):
        with pytest.raises(ParameterNotEstablished, match="税法附表"):
            table.at(day, kind="water")
    with pytest.raises(ParameterNotEstablished):
        table.at(date(2022, 1, 1), kind="air")


def test_an_open_end_warns_after_the_day_it_was_checked():
    table = DatedTable(
        "rates", [row(date(2021, 1, 1), None)], ["kind"], checked_on=date(2026, 11, 21)
    )
    assert table.at(date(2026, 11, 21), kind="water").warnings == ()
    assert "2026-11-21" in table.at(date(2026, 11, 22), kind="water").warnings[0]


def test_an_open_start_and_a_recalled_row_warn():
    in_force = DatedTable(
        "rates", [row(None, date(2020, 12, 31), confidence="recalled")], ["kind"]
    ).at(date(1999, 1, 1), kind="water")
    assert len(in_force.warnings) == 2


@given(
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.integers(0, 900),
    st.integers(-900, 900),
    st.integers(0, 900),
)
def test_overlaps_are_refused_exactly_when_a_day_is_shared(start, length, shift, other):
    from datetime import timedelta

    first = row(start, start + timedelta(length))
    second = row(start + timedelta(shift), start + timedelta(shift + other))
    shared = max(first["valid_from"], second["valid_from"]) <= min(
        first["valid_to"], second["valid_to"]
    )
    if shared:
        with pytest.raises(OverlappingRows):
            DatedTable("rates", [first, second], ["kind"])
    else:
        DatedTable("rates", [first, second], ["kind"])


def test_a_bare_year_is_its_first_or_last_day():
    assert read_valid("2024", end=False) == date(2024, 1, 1) and read_valid(
        "2024", end=True
    ) == date(2024, 12, 31)
    assert read_valid("", end=True) is None


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("NO ", ("NO",)),
        ("NO; IE", ("NO", "IE")),
        ("ie", ("IE",)),
        ("不适用", ("NA",)),
        ("ＮＥ", ("NE",)),
        ("C", ("C",)),
    ],
)
def test_dirty_notation_keys(text, keys):
    assert tuple(n.key for n in read_notation(text)) == keys


def test_notation_keeps_the_place_included_elsewhere():
    assert read_notation("IE (II.1.1)") == (Notation("IE", "II.1.1"),)


@pytest.mark.parametrize("text", ["", "0", "12.5", "NOx", "无", None])
def test_what_is_no_notation(text):
    assert read_notation(text) is None


@given(st.lists(st.sampled_from([*CONFIDENCES, None])))
def test_the_worst_confidence_is_the_last_in_order(words):
    known = [w for w in words if w]
    assert worst(words) == (
        None if not known else next(c for c in reversed(CONFIDENCES) if c in known)
    )


def test_citations_have_a_short_form():
    assert str(Citation.parse("provguide2011:energy.fugitive")) == "provguide2011:energy.fugitive"
