"""One law reads every written number: of forms, of foreign tables, of sums and of rules."""

from datetime import date

import pytest

from hengtan.basis import cell
from hengtan.basis.field import Field
from hengtan.basis.figures import read_figure
from hengtan.basis.numbers import split_number
from hengtan.basis.spelling import read_amount
from hengtan.basis.sums import printed_amount

NUMBERS = [
    ("1,234.5", 1234.5),
    ("１２３", 123),
    ("1 234", 1234),
    ("1\u2009234,567", None),
    ("1\u00a0234.5", 1234.5),
    ("（1897.2）", -1897.2),
    ("(1,234)", -1234),
    ("( 5 )", -5),
    ("(-5)", None),
    ("(+5)", None),
    ("\u22125", -5),
    ("\u20145", -5),
    ("- 5", -5),
    ("0,125", None),
    ("1,23,456", None),
    ("12345 678", None),
    ("1.234,56", None),
    ("65,1", None),
    ("1e5", 100000),
    ("12.", 12),
    ("10³", None),
    ("'12.5", 12.5),
    ("\uff0712.5", 12.5),
    ("\u20191,234", 1234),
    ("'12.5'", 12.5),
    ("' -3", -3),
    ("'(5)", -5),
    ("1'234", None),
    ("12'", None),
    ("''12", None),
]


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_forms_and_foreign_tables_read_the_same_number(text, value):
    amount, figure = read_amount(text), read_figure(text)
    assert (None if amount is None else amount.value) == value
    assert (figure.value if figure.kind == "number" else None) == value
    assert figure.kind in ("number", "mark")
    sums = printed_amount(text)
    assert (None if sums is None else float(sums)) == value


@pytest.mark.parametrize(
    "text", ["128③", "128 *", "*128", "128[1]", "128（注2）", "128²", "128(3)"]
)
def test_a_mark_beside_a_number_is_cut_and_told_in_both(text):
    figure = read_figure(text)
    assert (figure.kind, figure.value, bool(figure.cut)) == ("number", 128.0, True)
    value, reason = cell.read(Field("x", type="number"), text)
    assert (value, reason.code, reason.level) == (128.0, "footnote-mark", "warning")


@pytest.mark.parametrize(
    ("text", "unit"), [("12亿m³", "亿m3"), ("(3.2)万吨", "万吨"), ("5 GJ", "GJ")]
)
def test_a_number_with_a_unit_keeps_its_unit_in_both(text, unit):
    figure, amount = read_figure(text), read_amount(text)
    assert (figure.kind, figure.unit, amount.unit) == ("mark", unit, unit)
    assert figure.value == amount.value


def test_a_number_in_brackets_is_negative_and_told_where_the_field_may_be():
    value, reason = cell.read(Field("x", type="number"), "（1,897.2）")
    assert (value, reason.code, reason.level) == (-1897.2, "bracket-negative", "warning")
    value, reason = cell.read(Field("x", type="integer"), "(12)")
    assert (value, reason.code) == (-12, "bracket-negative")


@pytest.mark.parametrize("kind", ["number", "integer", "share"])
def test_a_number_in_brackets_is_refused_where_the_field_cannot_be_negative(kind):
    value, reason = cell.read(Field("x", type=kind, minimum=0), "(12)")
    assert value is None and (reason.code, reason.level) == ("bracket-negative", "error")
    assert "括号" in reason.zh and "括号" in reason.todo


def test_what_stands_behind_a_number_is_kept_apart():
    assert split_number("36亿立方米").rest == "亿立方米"
    assert split_number("(5.2%)").rest == "%"
    assert split_number("(5)(6)") is None and split_number("x5") is None


@pytest.mark.parametrize("quote", ["'", "\uff07", "\u2018", "\u2019", "`"])
@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("number", "12.5", 12.5),
        ("number", "3.2万", 32000.0),
        ("integer", "12", 12),
        ("share", "14%", 0.14),
        ("code", "915001020000000015", "915001020000000015"),
        ("date", "2024-03-05", date(2024, 3, 5)),
        ("boolean", "是", True),
    ],
)
def test_the_quote_that_marks_a_text_is_no_part_of_it_and_is_told(quote, kind, text, value):
    answer, reason = cell.read(Field("x", type=kind), quote + text)
    assert (answer, reason.code, reason.level) == (value, "text-marker", "warning")
    assert quote in reason.zh and quote in reason.en
    assert cell.read(Field("x", type=kind), text) == (value, None)


def test_a_quote_does_not_mend_what_is_wrong_behind_it():
    for text in ("'65,1", "'约5", "5'6"):
        value, reason = cell.read(Field("x", type="number"), text)
        assert (value, reason.level) == (None, "error")
    assert cell.read(Field("x", type="text"), "'甲") == ("'甲", None)
    assert cell.read(Field("x", type="number", minimum=0), "'-5")[0] is None


def test_a_figure_of_a_foreign_table_tells_the_quote_too():
    marks = [read_figure(text).cut for text in ("'12.5", "\u201912.5③", "'12万吨", "12.5")]
    assert marks == ["'", "\u2019③", "'", ""]
