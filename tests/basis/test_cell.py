"""The one reader of cells: what people write, the written form, the reasons in two languages."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.basis.cell import choice_words, parse, read, read_value
from hengtan.basis.field import Field

AMOUNT = Field("amount", "数量", "Amount", "number", unit="吨", also={"立方米": 1.0})
SHARE = Field("share", "比例", "Share", "number")
PERCENT = Field("percent", "比例", "Share", "number", unit="%")
FUEL = Field(
    "fuel",
    "燃料",
    "Fuel",
    "choice",
    choices={
        "raw_coal": ("原煤（无烟煤除外）", "Raw coal"),
        "gas": ("天然气、煤层气", "Natural gas"),
        "coke_gas": ("焦炉煤气、煤层气", "Coke oven gas"),
    },
)


@pytest.mark.parametrize(
    ("text", "tonnes"),
    [
        ("1,234.5", 1234.5),
        ("１２３", 123.0),
        ("1，000万", 10_000_000.0),
        ("1.2万", 12_000.0),
        ("3亿", 300_000_000.0),
        ("−5", -5.0),
        ("1 234", 1234.0),
        ("2e3", 2000.0),
        ("1.5万吨", 15_000.0),
        ("500千克", 0.5),
        ("7立方米", 7.0),
        ("1.2万立方米", 12_000.0),
        (" 12\u00a0", 12.0),
    ],
)
def test_amounts_as_people_write_them(text, tonnes):
    assert read(AMOUNT, text) == (pytest.approx(tonnes, rel=1e-12), None)


def test_percent_is_a_fraction_where_no_unit_is_stated_and_a_unit_where_it_is():
    assert read(SHARE, "12%") == (0.12, None)
    assert read(SHARE, "12.5％") == (0.125, None)
    assert read(PERCENT, "60%") == read(PERCENT, "60") == (60.0, None)


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (AMOUNT, "很多", "not-a-number"),
        (AMOUNT, "1,2345", "not-a-number"),
        (AMOUNT, "12abc", "not-a-number"),
        (AMOUNT, "nan吨", "not-a-number"),
        (AMOUNT, "1_000", "not-a-number"),
        (AMOUNT, "约1.28万", "bound-in-number"),
        (AMOUNT, "100千瓦时", "unit-conflict"),
        (SHARE, "5吨", "unit-conflict"),
        (Field("n", type="integer"), "1.5", "not-an-integer"),
        (Field("n", type="integer"), "3个", "not-an-integer"),
        (Field("y", type="boolean"), "也许", "bad-boolean"),
        (Field("d", type="date"), "去年", "bad-date"),
        (FUEL, "煤层气", "unknown-choice"),
        (Field("a", type="number", minimum=0), "-1", "out-of-range"),
        (Field("a", type="number", maximum=100), "101", "out-of-range"),
        (Field("a", "数量", type="number", required=True), " — ", "required"),
    ],
)
def test_what_is_not_understood_is_a_reason_in_both_languages_and_no_guess(field, text, code):
    value, reason = read(field, text)
    assert reason is not None and reason.level == "error" and reason.code == code
    assert value is None
    assert reason.zh and reason.en and reason.todo and reason.todo_en


@pytest.mark.parametrize(
    ("text", "households", "code"),
    [
        ("3户", 3, None),
        ("1.2万", 12_000, None),
        ("1.2万户", 12_000, None),
        ("3吨", None, "unit-conflict"),
        ("2.5户", None, "not-an-integer"),
    ],
)
def test_a_whole_number_may_be_written_with_the_unit_of_its_field(text, households, code):
    value, reason = read(Field("n", type="integer", unit="户"), text)
    assert value == households
    assert (reason and reason.code) == code


@pytest.mark.parametrize(
    "field",
    [
        Field("y", "起始年份", type="integer"),
        Field("y", "纳税年度", type="integer"),
        Field("y", "基年", type="integer", minimum=1990, maximum=2100),
    ],
)
@pytest.mark.parametrize("text", ["2030", "2030年", "２０３０ 年", "2030年度"])
def test_a_year_may_be_written_as_one(field, text):
    assert read(field, text) == (2030, None)


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (Field("y", "起始年份", type="integer"), "2030年5月", "not-an-integer"),
        (Field("y", "起始年份", type="integer"), "30年", "not-an-integer"),
        (Field("y", "基年", type="integer", minimum=1990, maximum=2100), "2130年", "out-of-range"),
        (Field("n", "户数", type="integer", minimum=0), "2030年", "not-an-integer"),
        (Field("n", "户数", type="integer", unit="户"), "2030年", "unit-conflict"),
    ],
)
def test_a_year_is_read_in_fields_of_years_alone(field, text, code):
    value, reason = read(field, text)
    assert (value, reason.code) == (None, code)


@pytest.mark.parametrize("text", ["", " ", "-", "—", "/", "…", "空", "NaN", "null"])
def test_signs_for_nothing_are_blank(text):
    assert read(AMOUNT, text) == (None, None)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("是", True),
        ("√", True),
        ("Yes", True),
        ("Ｙ", True),
        ("1", True),
        ("否", False),
        ("无", False),
    ],
)
def test_yes_and_no(text, yes):
    assert read(Field("y", type="boolean"), text) == (yes, None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年3月5日", date(2024, 3, 5)),
        ("2024/3/5", date(2024, 3, 5)),
        ("20240305", date(2024, 3, 5)),
        ("45356", date(2024, 3, 5)),  # Excel serial number of that day
    ],
)
def test_days(text, day):
    assert read(Field("d", type="date"), text) == (day, None)


def test_a_month_is_its_last_day_and_says_so():
    day, warning = read(Field("d", type="date"), "2024年2月")
    assert day == date(2024, 2, 29)
    assert warning is not None and (warning.level, warning.code) == ("warning", "day-from-period")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("raw_coal", "raw_coal"),
        ("原煤", "raw_coal"),
        ("无烟煤除外", "raw_coal"),
        ("RAW COAL", "raw_coal"),
        ("天然气", "gas"),
        ("焦炉煤气", "coke_gas"),
    ],
)
def test_a_choice_by_any_of_its_words(text, code):
    assert read(FUEL, text) == (code, None)


def test_a_text_with_choices_takes_other_words_too():
    text = replace(FUEL, type="text")
    assert read(text, "原煤") == ("raw_coal", None)
    assert read(text, "邻省的煤") == ("邻省的煤", None)


def test_a_unique_beginning_names_a_choice_only_where_the_field_says_so():
    short = replace(FUEL, by_beginning=True)
    assert read(short, "焦炉") == ("coke_gas", None)
    assert read(FUEL, "焦炉")[0] is None
    assert read(short, "焦")[0] is None  # one sign is no beginning
    assert read(short, "煤层")[0] is None  # two choices begin so


def test_a_word_that_two_choices_share_names_neither():
    assert "煤层气" not in choice_words(FUEL)


@pytest.mark.parametrize(
    ("text", "share"), [("14", 0.14), ("14%", 0.14), ("0.14", 0.14), ("1", 0.01)]
)
def test_shares(text, share):
    assert read(Field("s", type="share"), text) == (pytest.approx(share), None)


def test_values_of_a_case_file_are_typed_already():
    assert read_value(AMOUNT, 5) == (5.0, None)
    assert read_value(AMOUNT, "5000千克") == (5.0, None)
    assert read_value(Field("n", type="integer"), 3.0) == (3, None)
    assert read_value(Field("n", type="integer"), Decimal(833)) == (833, None)
    assert read_value(AMOUNT, Decimal("2.5")) == (2.5, None)
    assert read_value(Field("y", type="boolean"), False) == (False, None)
    assert read_value(Field("c", type="code"), 500156) == ("500156", None)
    assert read_value(AMOUNT, None) == (None, None)
    for field, value in (
        (AMOUNT, True),
        (AMOUNT, float("nan")),
        (Field("n", type="integer"), 2.5),
        (Field("a", type="number", minimum=0.0), -1),
    ):
        assert read_value(field, value)[1] is not None


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (SHARE, "0.12", 0.12),
        (SHARE, "-1.5e3", -1500.0),
        (Field("n", type="integer"), "12", 12),
        (Field("y", type="boolean"), "no", False),
        (Field("d", type="date"), "2024-03-05", date(2024, 3, 5)),
        (FUEL, "gas", "gas"),
        (Field("u", type="unit"), "万吨标准煤", "万吨标准煤"),
        (Field("t"), "是", "是"),
        (SHARE, "", None),
    ],
)
def test_the_written_form(field, text, value):
    assert parse(field, text) == (value, None)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (SHARE, "1,234"),
        (SHARE, "12%"),
        (SHARE, "１２"),
        (SHARE, "nan"),
        (Field("n", type="integer"), "12.0"),
        (Field("y", type="boolean"), "是"),
        (Field("d", type="date"), "2024年3月5日"),
        (FUEL, "天然气"),
        (Field("u", type="unit"), "个把"),
    ],
)
def test_the_written_form_takes_nothing_else(field, text):
    value, reason = parse(field, text)
    assert value is None and reason is not None


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14))
def test_a_number_written_with_separators_or_multiples_is_the_same_number(number):
    plain = Field("a", type="number")
    assert read(plain, f"{number:.6f}")[0] == pytest.approx(number, abs=1e-6)
    assert read(plain, f"{number:,.6f}")[0] == read(plain, f"{number:.6f}")[0]
    assert read(plain, f"{number / 1e4:.12f}万")[0] == pytest.approx(number, rel=1e-9, abs=1e-6)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text):
    for field in (AMOUNT, SHARE, FUEL, Field("n", type="integer"), Field("d", type="date")):
        value, reason = read(field, text)
        assert value is None or reason is None or reason.level == "warning"


AMMONIA = Field(
    "nh3n", "氨氮", "Ammonia", "number", unit="mg/L", minimum=0.0, measured=0.5, never_nought=True
)


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("0.25", 0.25, None),
        ("250 μg/L", 0.25, None),
        ("0.02L", 0.01, "below-detection"),
        ("0.025（L）", 0.0125, "below-detection"),
        ("＜0.02", 0.01, "below-detection"),
        ("<4 μg/L", 0.002, "below-detection"),
        ("ND(0.5)", 0.25, "below-detection"),
        ("-1", None, "no-result"),
        ("-1.00", None, "no-result"),
        ("-;", None, "no-result"),
        ("-9999", None, "no-result"),
        ("未检出", None, "no-result"),
        ("0", None, "never-nought"),
        ("-0.3", None, "out-of-range"),
        ("0.02吨", None, "unit-conflict"),
    ],
)
def test_a_result_of_measurement_is_a_number_half_its_limit_or_missing_never_nought(
    text, value, said
):
    """Half the limit: 环办监测函〔2020〕82号 七. What is no result is missing, with a warning."""
    got, reason = read(AMMONIA, text)
    assert (got, reason and reason.code) == (value, said)


@pytest.mark.parametrize("text", ["2030年", " 2030年度 ", "2030"])
def test_a_calendar_year_may_say_that_it_is_one(text):
    field = Field("first", type="integer", minimum=2000, maximum=2100)
    assert read(field, text) == (2030, None)


def test_a_length_in_years_is_no_calendar_year():
    value, problem = read(Field("lag", type="integer", minimum=0), "2030年")
    assert value is None and problem.code == "not-an-integer"
