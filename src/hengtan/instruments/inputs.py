"""Inputs of rules: how each is declared, and how the values of a case are read against the
declaration.

Other rooms use ``Input`` and ``read_inputs`` alone; everything below them may be exchanged for the
field concept of ``basis``.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from hengtan.basis.errors import HengtanError, UnknownUnit
from hengtan.basis.units import conversion_factor, read_unit
from hengtan.instruments.synonyms import SYNONYMS

KINDS = ("number", "whole", "text", "choice", "flag", "amounts", "rows", "numbers")
YES = frozenset(("是", "有", "yes", "true", "1", "y", "√"))
NO = frozenset(("否", "无", "no", "false", "0", "n", ""))
MYRIADS = {"万": 1e4, "亿": 1e8}
NAME_WORDS = ("name", "pollutant", "item", "名称", "污染物", "项目")
AMOUNT_WORDS = ("amount", "quantity", "value", "emission", "数量", "排放量", "数值")
UNIT_WORDS = ("unit", "单位", "计量单位")


@dataclass(frozen=True)
class Input:
    """An input of a rule.

    ``kind``: number, whole, text, choice (``choices``: code → Chinese), flag, amounts (a mapping of
    names to numbers), numbers (a list), rows (a list of mappings with ``fields``).

    ``unit``: what a bare number is in; a text with another unit of the same kind is converted.
    ``default`` None: it must be given, unless ``optional``. ``least``, ``most``: bounds, both
    allowed. ``also``: further units with their factor (立方米 of waste water as 吨). ``lone``: the
    name that a single number gets where amounts are asked for. ``takes_rest``: amounts whose names
    may also stand beside the inputs (化学需氧量: 100). ``implies``: a name of the input that
    settles an option (年用电量 → cycle: year).
    """

    name: str
    zh: str
    unit: str = ""
    kind: str = "number"
    default: Any = None
    optional: bool = False
    least: float | None = 0.0
    most: float | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[Input, ...] = ()
    aliases: tuple[str, ...] = ()
    note: str = ""
    also: Mapping[str, float] = field(default_factory=dict)
    lone: str = ""
    takes_rest: bool = False
    implies: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def required(self) -> bool:
        """Whether a case has to give it."""
        return self.default is None and not self.optional

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Every name that it goes by, as written and with full-width signs made plain."""
        words = (self.name, self.zh, *self.aliases, *self.implies, *SYNONYMS.get(self.zh, ()))
        return tuple(dict.fromkeys((*words, *(plain(word) for word in words))))

    def as_dict(self) -> dict[str, Any]:
        """JSON form; what is empty is left out."""
        always = {
            "name": self.name,
            "zh": self.zh,
            "unit": self.unit,
            "kind": self.kind,
            "required": self.required,
        }
        where_any = {
            "default": self.default,
            "choices": dict(self.choices),
            "aliases": [word for word in self.spellings if word not in (self.name, self.zh)],
            "note": self.note,
            "fields": [item.as_dict() for item in self.fields],
        }
        empty: tuple[Any, ...] = (None, {}, [], "")
        return always | {key: value for key, value in where_any.items() if value not in empty}


def read_inputs(
    declared: Sequence[Input], values: Mapping[str, Any], where: str = ""
) -> dict[str, Any]:
    """The inputs of a case by name, checked and in their units.

    Raises HengtanError for one that is unknown, missing, of a wrong unit, negative or out of
    bounds.
    """
    spelled = _by_spelling(declared)
    rest = next((item for item in declared if item.takes_rest), None)
    read: dict[str, Any] = {}
    loose: dict[str, Any] = {}
    for key, value in _part_columns(spelled, values or {}).items():
        item = _called(spelled, key)
        if item is not None:
            if item.name in read:
                raise _given_twice(item, where)
            read[item.name] = _read(item, value, where)
        elif rest is not None and _is_figure(value):
            loose[plain(key)] = value
        else:
            raise _unknown(declared, key, where)
    if rest is not None and loose:
        if rest.name in read:
            raise _rest_is_given(declared, rest, next(iter(loose)), where)
        read[rest.name] = _read(rest, loose, where)
    for item in declared:
        if item.name not in read:
            if item.required:
                raise _missing(item, where)
            read[item.name] = item.default
    return read


def plain(text: Any) -> str:
    """A text with full-width signs made plain and without blanks around it."""
    return unicodedata.normalize("NFKC", str(text)).strip()


def _by_spelling(declared: Sequence[Input]) -> dict[str, Input]:
    """Each spelling with its input; own names come before synonyms, earlier inputs before later."""
    spelled = {word: item for item in reversed(declared) for word in item.spellings}
    own = {word: item for item in declared for word in (item.name, item.zh, *item.aliases)}
    return spelled | own


def _called(spelled: Mapping[str, Input], key: Any) -> Input | None:
    return spelled.get(str(key)) or spelled.get(plain(key))


def _is_figure(value: Any) -> bool:
    """Whether a value may be a figure: a number, or a text of one."""
    return isinstance(value, (int, float, str)) and not isinstance(value, bool)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_rows(value: Any) -> bool:
    return _is_list(value) and all(isinstance(row, Mapping) for row in value)


def _read(item: Input, value: Any, where: str) -> Any:
    """A value read by the kind of its input; an empty one is the default. Raises HengtanError."""
    if value is None or (isinstance(value, str) and not plain(value)):
        if item.required:
            raise _bad(item, where, "是空的", "is empty", "补上", "fill it")
        return item.default
    return READERS[item.kind](item, value, where)


def _flag(item: Input, value: Any, where: str) -> bool:
    word = plain(value).lower()
    if isinstance(value, bool):
        return value
    if word in YES or word in NO:
        return word in YES
    zh, en = f"应为是或否，不是“{value}”", f"is yes or no, not '{value}'"
    raise _bad(item, where, zh, en, "填是或否", "yes or no")


def _choice(item: Input, value: Any, where: str) -> str:
    """The code of a choice by code, Chinese name, or the beginning of one name only."""
    word = plain(value)
    for code, zh in item.choices.items():
        if word in (code, zh, plain(zh), *zh.split("、")):
            return code
    begun = [code for code, zh in item.choices.items() if _begins(word, plain(zh))]
    if len(begun) == 1:
        return begun[0]
    choices = "、".join(f"{zh}（{code}）" for code, zh in item.choices.items())
    raise _bad(
        item,
        where,
        f"不能是“{value}”",
        f"cannot be '{value}'",
        f"可用：{choices}",
        f"one of {', '.join(item.choices)}",
    )


def _begins(word: str, names: str) -> bool:
    """Whether two signs or more begin the whole text or one of the names it lists."""
    return len(word) > 1 and any(name.startswith(word) for name in (names, *names.split("、")))


def _amounts(item: Input, value: Any, where: str) -> dict[str, float | int]:
    """Names with numbers: a mapping, rows of name and amount, or a lone number."""
    if _is_list(value):
        value = _amount_rows(item, value, where)
    if item.lone and _is_figure(value):
        value = {item.lone: value}
    if not isinstance(value, Mapping):
        zh, en = "应为 名称: 数量", "is a mapping of names to amounts"
        raise _bad(item, where, zh, en, "逐项写成 名称: 数量", "write name: amount")
    return {plain(name): _number(item, amount, f"{where}{name} ") for name, amount in value.items()}


def _numbers(item: Input, value: Any, where: str) -> list[float | int]:
    if not _is_list(value):
        zh, en = "应为一列数", "is a list of numbers"
        raise _bad(item, where, zh, en, "写成 [1, 2, 3]", "write [1, 2, 3]")
    return [_number(item, figure, where) for figure in value]


def _rows(item: Input, value: Any, where: str) -> list[dict[str, Any]]:
    if not _is_rows(value):
        zh, en = "应为若干行", "is a list of rows"
        raise _bad(item, where, zh, en, "每行写成一组 名称: 值", "each row a mapping")
    return [
        read_inputs(item.fields, row, f"{where}{item.zh}第{number}行 ")
        for number, row in enumerate(value, start=1)
    ]


def _text(item: Input, value: Any, where: str) -> str:
    return plain(value)


def _number(item: Input, value: Any, where: str) -> float | int:
    """A number in the unit of the input, within its bounds. Raises HengtanError."""
    number = _converted(item, value, where)
    if not math.isfinite(number):
        raise _no_number(item, value, where)
    if item.least is not None and number < item.least:
        zh, en = f"不能小于{item.least:g}{item.unit}", f"cannot be below {item.least:g}"
        if item.least == 0:
            zh, en = "不能为负", "cannot be negative"
        raise _bad(item, where, f"{zh}（{value}）", f"{en} ({value})", "改正数值", "correct it")
    if item.most is not None and number > item.most:
        zh = f"不能大于{item.most:g}{item.unit}（{value}）"
        en = f"cannot exceed {item.most:g} ({value})"
        raise _bad(item, where, zh, en, "改正数值", "correct it")
    if item.kind != "whole":
        return number
    if number != int(number):
        zh, en = f"应为整数（{value}）", f"is a whole number ({value})"
        raise _bad(item, where, zh, en, "填整数", "fill a whole number")
    return int(number)


def _converted(item: Input, value: Any, where: str) -> float:
    """A number, or a text of a number with a unit, in the unit of the input."""
    if isinstance(value, bool):
        raise _no_number(item, value, where)
    if isinstance(value, (int, float)):
        return float(value)
    head, unit = _number_and_unit(plain(value).replace(",", "").replace(" ", ""))
    try:
        number = float(head)
    except ValueError:
        zh, en = f"“{value}”不是数", f"'{value}' is no number"
        todo, todo_en = "填数字，或数字加单位", "a number, or a number with its unit"
        raise _bad(item, where, zh, en, todo, todo_en) from None
    return _in_unit(item, number, unit, where)


def _number_and_unit(text: str) -> tuple[str, str]:
    """``12.5吨`` as its number and its unit; an E before the unit is no exponent."""
    cut = next((n for n, sign in enumerate(text) if sign not in "0123456789.+-eE"), len(text))
    if cut < len(text) and text[:cut] and text[cut - 1] in "eE":
        cut -= 1
    return text[:cut], text[cut:]


def _in_unit(item: Input, number: float, unit: str, where: str) -> float:
    """A number of another unit in the unit of the input.

    Raises HengtanError for a unit that does not fit.
    """
    if unit in ("", item.unit):
        return number
    if unit in MYRIADS:
        return number * MYRIADS[unit]
    if unit in item.also:
        return number * item.also[unit]
    if unit == "%" and item.unit in ("", "1"):
        return number / 100
    try:
        if item.unit and read_unit(unit).canonical == read_unit(item.unit).canonical:
            return number * conversion_factor(unit, item.unit)
    except UnknownUnit:
        pass
    zh, en = f"的单位“{unit}”不对", f"has a wrong unit '{unit}'"
    wanted, wanted_en = item.unit or "纯数", item.unit or "a plain number"
    raise _bad(item, where, zh, en, f"用{wanted}", f"use {wanted_en}")


READERS: Mapping[str, Callable[[Input, Any, str], Any]] = {
    "number": _number,
    "whole": _number,
    "flag": _flag,
    "choice": _choice,
    "amounts": _amounts,
    "numbers": _numbers,
    "rows": _rows,
    "text": _text,
}


def _amount_rows(item: Input, rows: Sequence[Any], where: str) -> dict[str, Any]:
    """Rows of name, amount and perhaps unit as a mapping: [{名称: 二氧化硫, 数量: 100, 单位:
    千克}].
    """
    amounts: dict[str, Any] = {}
    for number, row in enumerate(rows, start=1):
        here = f"{where}第{number}行 "
        cells = {plain(k).lower(): v for k, v in row.items()} if isinstance(row, Mapping) else {}
        name, amount, unit = (
            next((cells[word] for word in words if word in cells), None)
            for words in (NAME_WORDS, AMOUNT_WORDS, UNIT_WORDS)
        )
        read = [cell for cell in (name, amount, unit) if cell is not None]
        if name is None or amount is None or len(cells) != len(read):
            zh, en = "应写成 名称、数量、单位", "is a row of name, amount, unit"
            todo = "例如 {名称: 二氧化硫, 数量: 100, 单位: 千克}"
            raise _bad(item, here, zh, en, todo, "e.g. {name: SO2, amount: 100, unit: kg}")
        if plain(name) in amounts:
            zh, en = f"“{name}”写了两次", f"'{name}' occurs twice"
            raise _bad(item, here, zh, en, "合并", "merge them")
        amounts[plain(name)] = amount if unit is None else f"{amount}{unit}"
    return amounts


def _part_columns(spelled: Mapping[str, Input], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a case with further columns of amounts taken out of rows of amounts.

    [{污染物: 二氧化硫, 排放量: 95, 浓度: 35, 标准限值: 50}] gives 排放量, 浓度 and 标准限值 of
    二氧化硫.
    """
    parted = dict(values)
    for key, value in values.items():
        item = _called(spelled, key)
        if item is not None and item.kind == "amounts" and _is_rows(value):
            kept = [_without_other_amounts(spelled, item, row, parted) for row in value]
            parted[key] = [row for row in kept if row is not None]
    return parted


def _without_other_amounts(
    spelled: Mapping[str, Input], item: Input, row: Mapping[str, Any], parted: dict[str, Any]
) -> Mapping[str, Any] | None:
    """A row of ``item`` less its columns of other amounts; None where no amount is left.

    What is taken out goes into ``parted`` beside what the case gives of those amounts.
    """
    name = next((cell for column, cell in row.items() if _is_word(column, NAME_WORDS)), None)
    if name is None:
        return row
    others: dict[Any, Input] = {}
    for column in row:
        other = None if _is_word(column, NAME_WORDS) else _called(spelled, column)
        if other is not None and other is not item and other.kind == "amounts":
            others[column] = other
    for column, other in others.items():
        place = next((key for key in parted if _called(spelled, key) is other), other.name)
        amounts = None if row[column] in (None, "") else parted.setdefault(place, {})
        if isinstance(amounts, Mapping):
            parted[place] = {**amounts, str(name): row[column]}
    rest = {column: cell for column, cell in row.items() if column not in others}
    has_amount = any(_is_word(column, AMOUNT_WORDS) for column in rest)
    return rest if has_amount or not others else None


def _is_word(column: Any, words: Sequence[str]) -> bool:
    return plain(column).lower() in words


def _bad(item: Input, where: str, zh: str, en: str, todo: str, todo_en: str) -> HengtanError:
    return HengtanError(
        f"输入项“{where}{item.zh}”{zh}",
        f"input '{where}{item.name}' {en}",
        todo=todo,
        todo_en=todo_en,
    )


def _no_number(item: Input, value: Any, where: str) -> HengtanError:
    zh, en = f"“{value}”不是数", f"'{value}' is no number"
    return _bad(item, where, zh, en, "填数字", "fill a number")


def _given_twice(item: Input, where: str) -> HengtanError:
    return _bad(item, where, "给了两次", "is given twice", "只留一个", "keep one")


def _missing(item: Input, where: str) -> HengtanError:
    in_unit, in_unit_en = (f"，单位{item.unit}", f" in {item.unit}") if item.unit else ("", "")
    return HengtanError(
        f"缺输入项“{where}{item.zh}”（{item.name}）",
        f"input '{where}{item.name}' is missing",
        todo=f"补上{in_unit}",
        todo_en=f"give it{in_unit_en}",
    )


def _unknown(declared: Sequence[Input], key: Any, where: str) -> HengtanError:
    return HengtanError(
        f"没有输入项“{where}{key}”",
        f"no input '{where}{key}'",
        todo=f"可用：{'、'.join(f'{item.zh}（{item.name}）' for item in declared)}",
        todo_en=f"known: {', '.join(item.name for item in declared)}",
    )


def _rest_is_given(declared: Sequence[Input], rest: Input, key: str, where: str) -> HengtanError:
    """A name that is no input, where what it could be an item of is given as such."""
    return HengtanError(
        f"没有输入项“{where}{key}”（“{rest.zh}”已经给了）",
        f"no input '{where}{key}'",
        todo=f"写进“{rest.zh}”，或改正名称：{'、'.join(item.zh for item in declared)}",
        todo_en=f"put it into {rest.name}",
    )
