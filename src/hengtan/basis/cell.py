"""The one reader of cells: a text and its field give a typed value, or the reason why not, in both
languages.

``read`` takes what people write (1.2万, 12%, １２３, 是, 2024年3月5日), by the spellings of
``basis/spelling.py``; ``parse`` takes the written form only, as packs hold it (12000, 0.12, yes,
2024-03-05). A column of a file is read by ``reader``, once for each distinct text. Nothing here
guesses: what is not understood is a problem and no value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hengtan.basis.cell_choices import choice_words, read_choice, read_named_text
from hengtan.basis.cell_times import Answer, Reader, problem, read_day_of, read_hour, read_moment
from hengtan.basis.errors import HengtanError
from hengtan.basis.field import Field
from hengtan.basis.marks import has_mark, unmarked
from hengtan.basis.measured import detection_limit, is_no_result
from hengtan.basis.numbers import past_text_marker
from hengtan.basis.problem import Problem
from hengtan.basis.spelling import (
    Amount,
    is_placeholder,
    is_unit,
    plain,
    read_amount,
    read_share,
    read_truth,
    rounded,
    split_amount,
)
from hengtan.basis.units import MULTIPLES, convert, read_unit

__all__ = [
    "LARGE_MULTIPLES",
    "Answer",
    "Reader",
    "bracketed",
    "choice_words",
    "clean_unit",
    "in_unit",
    "not_a_number",
    "outside",
    "parse",
    "past_marks",
    "past_number",
    "problem",
    "read",
    "read_code",
    "read_value",
    "reader",
]


def read(known: Field, text: str) -> Answer:
    """What a text of a field says.

    A blank, or a sign for nothing, is no value: a problem where the field is required.
    """
    is_measured = known.measured is not None and is_no_result(text)
    if not plain(text) or (is_placeholder(text) and not is_measured):
        return None, _missing(known)
    value, reason = reader(known)(text)
    if value is None or isinstance(value, (bool, str, date)):
        return value, reason
    beyond = outside(known, value, plain(text))
    return (value, reason) if beyond is None else (None, beyond)


def read_value(known: Field, value: object) -> Answer:
    """What a value of a case file says, where numbers (an engine gives sums of whole ones as
    ``Decimal``) and yes or no are typed already; a text is read as in ``read``.
    """
    if value is None:
        return None, _missing(known)
    if isinstance(value, bool) and known.type == "boolean":
        return value, None
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return read(known, str(value))
    if known.type not in ("number", "integer"):
        return read(known, f"{value:.15g}" if isinstance(value, float) else str(value))
    if not math.isfinite(value):
        return None, problem("not-a-number", value)
    if known.type == "integer" and value != int(value):
        return None, problem("not-an-integer", value)
    number = int(value) if known.type == "integer" else float(value)
    beyond = outside(known, number, f"{value:g}")
    return (number, None) if beyond is None else (None, beyond)


def reader(known: Field) -> Reader:
    """How a filled text of a field is read, limits apart.

    Raises KeyError for a type that is no shared one.
    """
    if known.type == "choice":
        return past_marks(read_choice(known))
    if known.type == "text" and known.choices:
        return read_named_text(known, past_number)
    read_one: Callable[[Field, str], Answer] = {
        "text": lambda known, text: past_number(text),
        "code": lambda known, text: read_code(text),
        "number": _number,
        "integer": _integer,
        "share": _share,
        "date": lambda known, text: read_day_of(text),
        "moment": lambda known, text: read_moment(text),
        "hour": lambda known, text: read_hour(text),
        "boolean": _truth,
        "unit": lambda known, text: clean_unit(text),
    }[known.type]
    read_marked = past_marks(lambda text: read_one(known, text))
    return read_marked if known.type != "text" else lambda text: read_one(known, text)


def past_marks(read: Reader) -> Reader:
    """The same reader past the quote that marks a text ('12.5) and past footnote marks: 128③ is
    128 where 128③ says nothing. Both with a warning.
    """

    def read_past(text: str) -> Answer:
        inside, quote = past_text_marker(text)
        if not quote:
            return read_unquoted(text)
        value, reason = read_unquoted(inside)
        return value, reason or problem("text-marker", text, quote, inside, level="warning")

    def read_unquoted(text: str) -> Answer:
        value, reason = read(text)
        if value is not None or reason is None:
            return value, reason
        rest, marks = unmarked(text)
        if not marks:
            return value, reason
        value, still = read(rest)
        if value is None:
            return None, reason
        return value, still or problem("footnote-mark", text, marks, rest.strip(), level="warning")

    return read_past


def parse(known: Field, text: str) -> Answer:
    """What a text in its written form says: the form packs are kept in, where 1,234 or 是 would be
    a slip.
    """
    if text == "":
        return None, _missing(known)
    parse_one = _PARSERS.get(known.type)
    return (text, None) if parse_one is None else parse_one(known, text)


_WRITTEN_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_WRITTEN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def _parse_integer(known: Field, text: str) -> Answer:
    if _WRITTEN_INTEGER.fullmatch(text):
        return int(text), None
    return None, problem("not-an-integer", text)


def _parse_number(known: Field, text: str) -> Answer:
    if _WRITTEN_NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text), None
    return None, problem("not-a-number", text)


def _parse_date(known: Field, text: str) -> Answer:
    try:
        return date.fromisoformat(text), None
    except ValueError:
        return None, problem("bad-date", text)


def _parse_truth(known: Field, text: str) -> Answer:
    if text in ("yes", "no"):
        return text == "yes", None
    return None, problem("bad-boolean.written", text)


def _parse_choice(known: Field, text: str) -> Answer:
    codes = known.choices or {}
    if text in codes:
        return text, None
    return None, problem("unknown-choice.written", text, "、".join(codes), ", ".join(codes))


def _parse_unit(known: Field, text: str) -> Answer:
    try:
        read_unit(text)
    except HengtanError as error:
        return None, Problem.of(error, "unknown-unit")
    return text, None


_PARSERS: Mapping[str, Callable[[Field, str], Answer]] = {
    "integer": _parse_integer,
    "number": _parse_number,
    "date": _parse_date,
    "boolean": _parse_truth,
    "choice": _parse_choice,
    "unit": _parse_unit,
}


def outside(known: Field, value: float, text: str) -> Problem | None:
    """The problem of a value beyond a limit of its field, ``text`` being how it was written."""
    if known.minimum is not None and value < known.minimum:
        key = "out-of-range.below" if known.minimum else "out-of-range.negative"
        return problem(key, text, f"{known.minimum:g}")
    if known.maximum is not None and value > known.maximum:
        return problem("out-of-range.above", text, f"{known.maximum:g}")
    return None


def _missing(known: Field) -> Problem | None:
    if not known.required:
        return None
    return problem("required", known.title_zh or known.id, known.title_en or known.id)


def _truth(known: Field, text: str) -> Answer:
    value = read_truth(text)
    return value, None if value is not None else problem("bad-boolean", text)


def _number(known: Field, text: str) -> Answer:
    share = known.measured
    if share is not None and is_no_result(text):
        return None, problem("no-result", text, level="warning")
    limit = None if share is None else detection_limit(text)
    value, reason = _amount(known, text if limit is None else limit)
    if value == 0 and known.never_nought:
        return None, problem("never-nought", text, level="warning")
    if value is None or share is None or limit is None:
        return value, reason
    taken = rounded(value * share)
    return taken, problem("below-detection", text, f"{share:g}", f"{taken:g}", level="warning")


def _amount(known: Field, text: str) -> Answer:
    amount = split_amount(text)
    if amount is None:
        return None, not_a_number(text)
    return in_unit(known, amount, text)


LARGE_MULTIPLES = tuple(word for word in MULTIPLES if word not in ("千", "百"))
"""Multiples before a unit that say its size; 千 of 千瓦时 or 千克 is part of the unit."""


def bracketed(known: Any, amount: Amount, text: str) -> Problem | None:
    """What is said of an amount in brackets, which are a minus: an error where the field cannot be
    negative, else a warning; None without brackets.
    """
    if not amount.bracketed:
        return None
    if known.minimum is not None and known.minimum >= 0:
        return problem("bracket-negative.refused", text)
    return problem("bracket-negative", text, f"{amount.value:g}", level="warning")


def in_unit(known: Field, amount: Amount, text: str) -> Answer:
    """An amount in the unit of its field; ``text`` is how it was written."""
    negative = bracketed(known, amount, text)
    if negative is None:
        return _in_unit(known, amount, text)
    if negative.level == "error":
        return None, negative
    value, reason = _in_unit(known, amount, text)
    return value, reason or negative


def _in_unit(known: Field, amount: Amount, text: str) -> Answer:
    if amount.multiple and (known.unit or "").startswith(LARGE_MULTIPLES):
        return None, problem("multiple-twice", amount.multiple, known.unit)
    if amount.unit is None or amount.unit == known.unit:
        return amount.value, None
    factor = _stated_factor(known, amount.unit)
    if factor is not None:
        return rounded(amount.value * factor), None
    if known.unit is None or known.unit in ("", "1"):
        if amount.unit == "%":
            return rounded(amount.value / 100), None
        unwanted = is_unit(amount.unit)
        return None, problem("unit-conflict.plain", amount.unit) if unwanted else not_a_number(text)
    if not is_unit(amount.unit):
        return None, not_a_number(text)
    try:
        return rounded(convert(amount.value, amount.unit, known.unit)), None
    except HengtanError:
        return None, problem("unit-conflict", amount.unit, known.unit)


def _stated_factor(known: Field, unit: str) -> float | None:
    """What the field itself says of a unit: its own or a further one, also after 万, 亿 or the
    like (万户); None where it says nothing.
    """
    stated = {**known.also, **({known.unit: 1.0} if known.unit else {})}
    factors = {"": 1.0, **MULTIPLES}
    for word, size in factors.items():
        rest = unit.removeprefix(word)
        if unit.startswith(word) and rest in stated:
            return size * stated[rest]
    return None


_CALENDAR_YEAR = re.compile(r"([12]\d{3})\s*年(?:度|份)?")
FIRST_YEAR = 1900
"""A whole number that cannot be less is a year of the calendar."""


def _year(known: Field, text: str) -> int | None:
    """The year of the calendar that 2030年 and 2030年度 are in a field of years; None elsewhere."""
    match = _CALENDAR_YEAR.fullmatch(plain(text))
    is_of_years = known.title_zh.endswith(("年份", "年度")) or (known.minimum or 0) >= FIRST_YEAR
    return int(match.group(1)) if match and known.unit is None and is_of_years else None


def _integer(known: Field, text: str) -> Answer:
    year = _year(known, text)
    if year is not None:
        return year, None
    amount = split_amount(text)
    if amount is None or (amount.unit is not None and known.unit is None):
        return None, problem("not-an-integer", text)
    value, reason = in_unit(known, amount, text)
    if value is None:
        return None, reason
    if not value.is_integer() or abs(value) >= 2**63:
        return None, problem("not-an-integer", text)
    return int(value), reason


_SCIENTIFIC = re.compile(r"[+-]?\d(?:[.,]\d+)?e\+?[1-9]\d{1,2}", re.IGNORECASE)
_FIFTEEN_DIGITS = re.compile(r"\d{15}000")


def read_code(text: str) -> Answer:
    """A code without blanks; a problem where it went through a number or carries a mark."""
    code = re.sub(r"\s+", "", plain(text))
    return (None, problem("code-marked", text)) if has_mark(code) else past_number(code)


def past_number(text: str) -> Answer:
    """A text that names something; a problem where it went through a number and lost its digits.

    A spreadsheet keeps fifteen digits: the rest of a code of eighteen are shown as noughts or as a
    power of ten.
    """
    word = plain(text)
    if _SCIENTIFIC.fullmatch(word) or _FIFTEEN_DIGITS.fullmatch(word):
        return None, problem("code-from-number", text)
    return text, None


def _share(known: Field, text: str) -> Answer:
    value = read_share(text)
    if value is None:
        return None, not_a_number(text)
    amount = split_amount(text)
    negative = bracketed(known, amount, text) if amount is not None else None
    return (None, negative) if negative and negative.level == "error" else (value, negative)


_BOUND = re.compile(
    r"^(?:超过?|突破|不低于|不少于|不高于|不超过|不足|低于|高于|达到?|大?约|将?近|[≥≤><~≈]=?)\s*"
    r"|(?:左右|上下|以上|以下|以内|多|余)$"
)


def not_a_number(text: str) -> Problem:
    """The error for a text that is no number; a number with 超过, 约 or the like is told where
    these belong.
    """
    number, bounds = _BOUND.subn("", plain(text))
    if bounds and read_amount(number) is not None:
        return problem("bound-in-number", text, number)
    return problem("not-a-number", text)


def clean_unit(text: str) -> Answer:
    """A unit as spelled, without brackets and 单位：, or the problem with it."""
    spelled = re.sub("^(?:单位|计量单位):", "", plain(text)).strip().strip("()[]【】").strip()
    try:
        read_unit(spelled)
    except HengtanError as error:
        return None, Problem.of(error, "unknown-unit")
    return spelled, None
