"""Inputs of rules: how each is declared, and how the values of a case are read against the
declaration.

A single value is read by ``basis/cell.py`` as a field of ``basis``; what is of rules alone stands
here: names of inputs, amounts by name, rows of inputs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, cast

from hengtan.basis import cell
from hengtan.basis.errors import HengtanError
from hengtan.basis.field import Field
from hengtan.basis.spelling import is_placeholder, is_unit, plain, split_amount
from hengtan.instruments.english import english
from hengtan.instruments.synonyms import SYNONYMS
from hengtan.instruments.within import ITSELF, Within

KINDS = ("number", "whole", "text", "date", "choice", "flag", "amounts", "rows", "numbers")
FIELD_TYPES: Mapping[str, str] = {
    "number": "number",
    "amounts": "number",
    "numbers": "number",
    "whole": "integer",
    "flag": "boolean",
    "choice": "choice",
    "date": "date",
}
"""Kinds that are read cell by cell, with the type of the field of ``basis`` that each cell is."""
IN_BRACKETS = re.compile(r"^(.+?)\s*[(\[【]\s*([^()\[\]【】]+?)\s*[)\]】]$")
"""A name and what stands in brackets after it, full-width signs made plain."""
TENTHS, CHINESE = "折", "零一二三四五六七八九"
NAME_WORDS = ("name", "pollutant", "item", "名称", "污染物", "项目")
AMOUNT_WORDS = ("amount", "quantity", "value", "emission", "数量", "排放量", "数值")
UNIT_WORDS = ("unit", "单位", "计量单位")


@dataclass(frozen=True, eq=False)
class Input:
    """An input of a rule; each is itself alone, so that what is made of it can be kept.

    ``kind``: number, whole, text, date (a day), choice (``choices``: code → Chinese), flag, amounts
    (a mapping of names to numbers), numbers (a list), rows (a list of mappings with ``fields``).

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
    def en(self) -> str:
        """Its name in English."""
        return english(self.zh)

    @property
    def required(self) -> bool:
        """Whether a case has to give it."""
        return self.default is None and not self.optional

    @cached_property
    def as_field(self) -> Field:
        """The field that a number, day, flag or choice of it is, or each number of several.

        Raises KeyError for texts and rows.
        """
        return Field(
            self.name,
            self.zh,
            self.name,
            FIELD_TYPES[self.kind],
            unit=self.unit or None,
            also=self.also,
            choices={code: (zh, english(zh)) for code, zh in self.choices.items()},
            minimum=self.least,
            maximum=self.most,
            by_beginning=True,
        )

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Every name that it goes by, as written and with full-width signs made plain."""
        words = (
            self.name,
            self.zh,
            *self.aliases,
            *self.implies,
            *SYNONYMS.get(self.zh, ()),
            self.en,
        )
        if self.kind == "flag":
            words = (*words, *(f"是否{word}" for word in words))
        return tuple(dict.fromkeys((*words, *(plain(word) for word in words))))

    def as_dict(self) -> dict[str, Any]:
        """JSON form; what is empty is left out."""
        always = {
            "name": self.name,
            "zh": self.zh,
            "en": self.en,
            "unit": self.unit,
            "kind": self.kind,
            "required": self.required,
        }
        where_any = {
            "default": self.default,
            "choices": dict(self.choices),
            "aliases": [
                word for word in self.spellings if word not in (self.name, self.zh, self.en)
            ],
            "note": self.note,
            "takes_rest": self.takes_rest,
            "fields": [item.as_dict() for item in self.fields],
        }
        empty: tuple[Any, ...] = (None, {}, [], "", False)
        return always | {key: value for key, value in where_any.items() if value not in empty}


def read_inputs(
    declared: Sequence[Input], values: Mapping[str, Any], where: Within = ITSELF
) -> dict[str, Any]:
    """The inputs of a case by name, checked and in their units.

    Raises HengtanError for one that is unknown, missing, of a wrong unit, negative or out of
    bounds.
    """
    spelled = _by_spelling(tuple(declared))
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


def cautions(declared: Sequence[Input], values: Mapping[str, Any]) -> Iterator[str]:
    """What has to be said of texts that were read all the same: a footnote mark cut off."""
    written = {key: texts for key, value in values.items() if (texts := _texts_in(value))}
    spelled = _by_spelling(tuple(declared)) if written else {}
    for key, texts in written.items():
        item = _called(spelled, key)
        if item is None or item.kind not in FIELD_TYPES:
            continue
        for text in texts:
            _, reason = cell.read_value(item.as_field, text)
            if reason is not None and reason.level == "warning":
                yield f"输入项“{item.zh}”：{reason.zh}"


def _texts_in(value: Any) -> list[str]:
    """The texts of an input or of its parts."""
    contents = value.values() if isinstance(value, Mapping) else (value,)
    return [content for content in contents if isinstance(content, str)]


@lru_cache(maxsize=10_000)
def _by_spelling(declared: tuple[Input, ...]) -> Mapping[str, Input]:
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


def _is_empty(item: Input, value: Any) -> bool:
    """Whether nothing is filled in: a blank, or a sign for nothing where a cell is read."""
    if not isinstance(value, str):
        return value is None
    return not plain(value) or (item.kind in FIELD_TYPES and is_placeholder(value))


def _read(item: Input, value: Any, where: Within) -> Any:
    """A value read by the kind of its input; an empty one is the default. Raises HengtanError."""
    if _is_empty(item, value):
        if item.required:
            raise _empty(item, where)
        return item.default
    return READERS[item.kind](item, value, where)


def _cell(item: Input, value: Any, where: Within) -> Any:
    """A number, whole number, flag or choice as the shared reader of cells reads it, in the unit of
    the input and within its bounds.

    Raises HengtanError with the name of the input.
    """
    if TENTHS in item.also and isinstance(value, str):
        value = _tenths(plain(value))
    read, reason = cell.read_value(item.as_field, value)
    if reason is not None and reason.level == "error":
        zh, en = where.called(item.zh)
        line = f"输入项“{zh}”：{reason.zh}", f"input '{en}': {reason.en}"
        raise replace(reason, zh=line[0], en=line[1]).error()
    if read is None:
        raise _empty(item, where)
    return read


def _tenths(text: str) -> str:
    """八折 and 八五折 as 8折 and 8.5折; any other text as it is."""
    digits = [str(CHINESE.find(sign)) for sign in text.removesuffix(TENTHS)]
    if not text.endswith(TENTHS) or not digits or "-1" in digits:
        return text
    return f"{digits[0]}.{''.join(digits[1:]) or '0'}{TENTHS}"


def _amounts(item: Input, value: Any, where: Within) -> dict[str, float | int]:
    """Names with numbers: a mapping, rows of name and amount, or a lone number."""
    if _is_list(value):
        value = _amount_rows(item, value, where)
    if item.lone and _is_figure(value):
        value = {item.lone: value}
    if not isinstance(value, Mapping):
        zh, en = "应为 名称: 数量", "is a mapping of names to amounts"
        raise _bad(item, where, zh, en, "逐项写成 名称: 数量", "write name: amount")
    named = [_unit_of_name(item, name, amount) for name, amount in value.items()]
    amounts = {name: _cell(item, amount, where.part(name)) for name, amount in named}
    if len(amounts) < len(named):
        raise _given_twice(item, where)
    return amounts


def _unit_of_name(item: Input, name: Any, amount: Any) -> tuple[str, Any]:
    """A name and its amount, a unit that stands in brackets after the name (二氧化硫（吨）) put
    behind a bare amount.
    """
    match = IN_BRACKETS.match(plain(name))
    bare_name, unit = match.groups() if match else ("", "")
    if not unit or not (unit in (item.unit, *item.also) or is_unit(unit)):
        return plain(name), amount
    written = split_amount(str(amount))
    in_unit = written is not None and written.unit is None
    return bare_name.strip(), f"{amount}{unit}" if in_unit else amount


def _numbers(item: Input, value: Any, where: Within) -> list[float | int]:
    if not _is_list(value):
        zh, en = "应为一列数", "is a list of numbers"
        raise _bad(item, where, zh, en, "写成 [1, 2, 3]", "write [1, 2, 3]")
    return [_cell(item, figure, where) for figure in value]


def _rows(item: Input, value: Any, where: Within) -> list[dict[str, Any]]:
    if not _is_rows(value):
        zh, en = "应为若干行", "is a list of rows"
        raise _bad(item, where, zh, en, "每行写成一组 名称: 值", "each row a mapping")
    return [
        read_inputs(item.fields, row, where.row(number, item.zh))
        for number, row in enumerate(value, start=1)
    ]


def _text(item: Input, value: Any, where: Within) -> str:
    return plain(value)


def _date(item: Input, value: Any, where: Within) -> date:
    """A day; a month or a year is none."""
    day, reason = cell.read(item.as_field, str(value))
    if day is None or reason is not None:
        zh, en = f"“{value}”不是日期", f"'{value}' is no date"
        raise _bad(item, where, zh, en, "写成 2025-01-31", "write 2025-01-31")
    return cast(date, day)


READERS: Mapping[str, Callable[[Input, Any, Within], Any]] = {
    "number": _cell,
    "whole": _cell,
    "flag": _cell,
    "choice": _cell,
    "amounts": _amounts,
    "numbers": _numbers,
    "rows": _rows,
    "text": _text,
    "date": _date,
}


def _amount_rows(item: Input, rows: Sequence[Any], where: Within) -> dict[str, Any]:
    """Rows of name, amount and perhaps unit as a mapping: [{名称: 二氧化硫, 数量: 100, 单位:
    千克}].
    """
    amounts: dict[str, Any] = {}
    for number, row in enumerate(rows, start=1):
        here = where.row(number)
        cells = {plain(k).lower(): v for k, v in row.items()} if isinstance(row, Mapping) else {}
        name, amount, unit = (
            next((cells[word] for word in words if word in cells), None)
            for words in (NAME_WORDS, AMOUNT_WORDS, UNIT_WORDS)
        )
        filled = [part for part in (name, amount, unit) if part is not None]
        if name is None or amount is None or len(cells) != len(filled):
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
    name = next((content for column, content in row.items() if _is_word(column, NAME_WORDS)), None)
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
    rest = {column: content for column, content in row.items() if column not in others}
    has_amount = any(_is_word(column, AMOUNT_WORDS) for column in rest)
    return rest if has_amount or not others else None


def _is_word(column: Any, words: Sequence[str]) -> bool:
    return plain(column).lower() in words


def _bad(item: Input, where: Within, zh: str, en: str, todo: str, todo_en: str) -> HengtanError:
    name, name_en = where.called(item.zh)
    return HengtanError(
        f"输入项“{name}”{zh}", f"input '{name_en}' {en}", todo=todo, todo_en=todo_en
    )


def _empty(item: Input, where: Within) -> HengtanError:
    return _bad(item, where, "是空的", "is empty", "补上", "fill it")


def _given_twice(item: Input, where: Within) -> HengtanError:
    return _bad(item, where, "给了两次", "is given twice", "只留一个", "keep one")


def _missing(item: Input, where: Within) -> HengtanError:
    in_unit = f"，单位{item.unit}" if item.unit else ""
    name, name_en = where.called(item.zh)
    return HengtanError(
        f"缺输入项“{name}”（{item.name}）",
        f"input '{name_en}' ({item.name}) is missing",
        todo=f"补上{in_unit}",
        todo_en="give it",
    )


def _unknown(declared: Sequence[Input], key: Any, where: Within) -> HengtanError:
    return HengtanError(
        f"没有输入项“{where.zh}{key}”",
        f"no input '{where.en}{key}'",
        todo=f"可用：{'、'.join(f'{item.zh}（{item.name}）' for item in declared)}",
        todo_en=f"known: {', '.join(f'{item.en} ({item.name})' for item in declared)}",
    )


def _rest_is_given(declared: Sequence[Input], rest: Input, key: str, where: Within) -> HengtanError:
    """A name that is no input, where what it could be an item of is given as such."""
    return HengtanError(
        f"没有输入项“{where.zh}{key}”（“{rest.zh}”已经给了）",
        f"no input '{where.en}{key}'",
        todo=f"写进“{rest.zh}”，或改正名称：{'、'.join(item.zh for item in declared)}",
        todo_en=f"put it into '{rest.en}'",
    )
