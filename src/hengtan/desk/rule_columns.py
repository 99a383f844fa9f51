"""How the columns of a table are understood for a rule: day, place, inputs with the unit of their
heading, one row a pollutant, and what only identifies a row and is carried along.

Nothing is dropped without a word: a column that is no input comes back as it was and is said.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from hengtan.basis.cell import past_number
from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.spelling import (
    is_mean,
    is_placeholder,
    is_total,
    is_total_word,
    is_unit,
    is_whole_area,
    plain,
    read_amount,
    split_amount,
)
from hengtan.basis.units import conversion_factor
from hengtan.instruments.inputs import IN_BRACKETS, Input
from hengtan.instruments.rule import Rule
from hengtan.ledger.reading.account import IDENTITY
from hengtan.report.numerals import unit_name

DAY = ("date", "日期", "day", "时间", "计费日期", "抄表日期")
REGION = ("region", "地区", "所在地区", "区县", "所在区县")
POLLUTANT = ("污染物", "污染物名称", "污染因子", "应税污染物", "污染物种类", "pollutant")
UNIT = ("单位", "计量单位", "unit")
NUMERIC = ("number", "whole", "amounts")
OF_A_ROW = re.compile(r"序号|行号|备注|说明|附注|来源|^(?:no|no\.|note|source)$", re.IGNORECASE)
"""Identifying headings that may differ between the rows of one case."""
AFTER_SLASH = re.compile(r"^([^/]+?)\s*/\s*(.+)$")
UNIT_LINE = re.compile(r"(?:计量)?单位\s*[::]\s*([^\s,,、;;]+)")
CODE = re.compile(r"号|代码|编码|code|^id$", re.IGNORECASE)
"""Headings of codes."""
LOST_LIKE = re.compile(r"[eE]\+?\d|000$")
"""What every code that went through a number holds."""
TOTAL_LIKE = re.compile(r"计|和|汇|全|本|各|均|total|sum|whole|average|mean|wide", re.IGNORECASE)
"""What every word for a total holds: most cells of a ledger are done with at once."""
NEAR = 0.8
"""How alike a heading and an input are where a slip of the pen is likely."""


@dataclass(frozen=True)
class Columns:
    """How a table is read.

    ``inputs``: column → name of the input (``input.item`` for amounts). ``units``: column → the
    unit of its heading. ``carried``: columns that are no inputs. ``pollutant``: the column that
    names what a row is about, where a case has a row a pollutant; ``unit`` that of its amount.
    """

    titles: tuple[str, ...]
    day: str | None
    region: str | None
    inputs: Mapping[str, str]
    units: Mapping[str, str]
    carried: tuple[str, ...]
    pollutant: str | None = None
    unit: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Carried columns that part one case of several rows from another."""
        return tuple(title for title in self.carried if not OF_A_ROW.search(title))

    @property
    def unknown(self) -> tuple[str, ...]:
        """Carried columns of which nothing says that they only identify."""
        return tuple(title for title in self.carried if not IDENTITY.search(plain(title)))

    @cached_property
    def naming(self) -> tuple[str, ...]:
        """Columns in which a row may be called a total."""
        return tuple(filter(None, (*self.carried, self.region, self.day, self.pollutant)))

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Carried columns that hold codes."""
        return tuple(title for title in self.carried if CODE.search(title))

    def is_total(self, row: Mapping[str, Any]) -> bool:
        """Whether a row is a printed total and no case."""
        for title in self.naming:
            text = row[title]
            if isinstance(text, str) and TOTAL_LIKE.search(text) and _is_total(title, text):
                return True
        return False

    def lost_codes(self, row: Mapping[str, Any]) -> str:
        """What is said of codes that went through a number and lost their digits, "" for none."""
        said = []
        for title in self.codes:
            text = row[title]
            if isinstance(text, str) and LOST_LIKE.search(text):
                _, reason = past_number(text)
                said += [] if reason is None else [f"“{title}”：{reason.zh}"]
        return "；".join(said)

    def cell(self, title: str, value: Any) -> Any:
        """A cell with the unit of its heading, where it names none itself."""
        unit = self.units.get(title)
        if unit is None or value is None or is_placeholder(str(value)):
            return value
        amount = split_amount(str(value))
        return f"{value}{unit}" if amount is not None and amount.unit is None else value


def columns_of(
    rule: Rule,
    titles: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    item_of: Callable[[str], str],
    *,
    above: Iterable[str] = (),
    where: Where,
) -> Columns:
    """How a table with these titles is read for a rule, its first rows showing what is a number.

    ``item_of``: the input of amounts that a text is an item of and may stand for as a column
    (二氧化硫), "" for none. ``above``: texts over the header, one of which may state a unit. Raises
    HengtanError for a table without any input, or two columns of one input.
    """
    reader = _Reader(rule, item_of)
    day = next((title for title in titles if title.casefold() in DAY), None)
    region = next((title for title in titles if title.casefold() in REGION), None)
    pollutant = reader.column_of_names(titles, rows)
    beside = next((t for t in titles if t.casefold() in UNIT), None) if pollutant else None
    inputs: dict[str, str] = {}
    units: dict[str, str] = {}
    carried: list[str] = []
    for title in titles:
        if not title or title in (day, region, pollutant, beside):
            continue
        read = reader.read(title, _are_numbers(title, rows))
        if read is None:
            carried.append(title)
            continue
        inputs[title], unit = read
        if unit:
            units[title] = unit
    _check_inputs(rule, inputs, where)
    units = reader.with_line(inputs, units, above, where)
    return Columns(tuple(titles), day, region, inputs, units, tuple(carried), pollutant, beside)


@dataclass(frozen=True)
class _Reader:
    """Reads titles for one rule."""

    rule: Rule
    item_of: Callable[[str], str]

    @cached_property
    def spelled(self) -> dict[str, Input]:
        """Inputs by their words; rows stand in no cell."""
        words: dict[str, Input] = {}
        inputs = [item for item in self.rule.inputs if item.kind != "rows"]
        for item in reversed(inputs):
            words |= dict.fromkeys(item.spellings, item)
        own = {w: i for i in inputs for w in (i.name, i.zh, *i.aliases)}
        return words | own

    @property
    def rest(self) -> Input | None:
        return next((item for item in self.rule.inputs if item.takes_rest), None)

    def column_of_names(
        self, titles: Sequence[str], rows: Sequence[Mapping[str, Any]]
    ) -> str | None:
        """The column that names the pollutant of each row, where the rule takes such names."""
        if self.rest is None:
            return None
        named = (title for title in titles if plain(title).casefold() in POLLUTANT)
        return next((title for title in named if not _are_numbers(title, rows)), None)

    def read(self, title: str, numbers: bool) -> tuple[str, str] | None:
        """The input a title names and the unit of the title, or None where it names none."""
        whole = plain(title)
        if whole in self.spelled:
            return whole, ""
        for pattern in (IN_BRACKETS, AFTER_SLASH):
            match = pattern.match(whole)
            item = self._input(match[1]) if match else None
            unit = self._unit(item, match[2]) if match and item is not None else ""
            if match and unit:
                return match[1], unit
            if match and item is None and self._is_rest(match[1], numbers) and is_unit(match[2]):
                return self._of_rest(match[1], match[2]), match[2]
        if self._input(whole) is not None:
            return whole, ""
        if self._is_rest(whole, numbers):
            return self._of_rest(whole), ""
        return None

    def _input(self, word: str) -> Input | None:
        first, dot, _ = word.partition(".")
        item = self.spelled.get(word)
        if item is None and dot:
            item = self.spelled.get(first)
            return item if item is not None and item.kind == "amounts" else None
        return item

    def _unit(self, item: Input, text: str) -> str:
        """The unit that a heading states, its own where the text is that in English; "" where the
        text is none.
        """
        if text and text == plain(unit_name(item.unit, "en")):
            return item.unit
        return text if text == item.unit or text in item.also or is_unit(text) else ""

    def _is_rest(self, word: str, numbers: bool) -> bool:
        """Whether a title is an item of the amounts that may stand without their name."""
        if self.rest is None:
            return False
        return self._of_item(word) is not None or (numbers and not IDENTITY.search(word))

    def _of_rest(self, word: str, unit: str = "") -> str:
        """``input.item`` of a title, the input by the kind of the unit: 氨氮(mg/L) is no amount."""
        if unit and self.rest is not None and self.item_of(word) == self.rest.name:
            amounts = (item for item in self.rule.inputs if item.kind == "amounts")
            fitting = (item for item in amounts if _converts(unit, item))
            item = next(fitting, self.rest)
            return f"{item.name}.{word}" if item is not None else word
        known = self._of_item(word)
        return known or (f"{self.rest.name}.{word}" if self.rest is not None else word)

    def _of_item(self, word: str) -> str | None:
        """``input.item`` of 二氧化硫, 二氧化硫排放量, 二氧化硫浓度; None for others."""
        if self.rest is None:
            return None
        if self.item_of(word):
            return f"{self.item_of(word)}.{word}"
        for spelling, item in self.spelled.items():
            head = word.removesuffix(spelling)
            if item.kind == "amounts" and head != word and self.item_of(head):
                return f"{item.name}.{head}"
        return None

    def with_line(
        self,
        inputs: Mapping[str, str],
        units: dict[str, str],
        above: Iterable[str],
        where: Where,
    ) -> dict[str, str]:
        """The units of headings, and that of a line 单位：… above the table for inputs of its kind.

        Raises HengtanError for a line of a unit that no input of the table can be in.
        """
        lines = [match[1] for text in above for match in UNIT_LINE.finditer(plain(text))]
        for unit in dict.fromkeys(lines):
            fitting = []
            for title, name in inputs.items():
                item = self.spelled.get(name.partition(".")[0])
                if title in units or item is None or item.kind not in NUMERIC or not item.unit:
                    continue
                if _converts(unit, item):
                    fitting.append(title)
            if not fitting:
                raise HengtanError(
                    f"表上方写着“单位：{unit}”，没有一个输入项是这个单位",
                    f"the line above states '{unit}', which no input can be in",
                    where=where,
                    todo="把单位写进表头，如 用电量（万千瓦时）",
                    todo_en="write the unit into the heading",
                )
            units = units | dict.fromkeys(fitting, unit)
        return units


def _converts(unit: str, item: Input) -> bool:
    """Whether a unit is that of an input, or one of its kind."""
    if not item.unit or unit == item.unit or unit in item.also:
        return bool(item.unit)
    try:
        return conversion_factor(unit, item.unit) > 0
    except HengtanError:
        return False


def _check_inputs(rule: Rule, inputs: Mapping[str, str], where: Where) -> None:
    if not inputs and all(item.kind == "rows" for item in rule.inputs):
        raise HengtanError(
            "这条规则的输入是若干行，不能一行一案地算整张表",
            "the rule takes rows, not a case a line",
            where=where,
            todo="写成案例文件：用这条规则的 .yaml 模板",
            todo_en="write a case file: use the .yaml template of the rule",
        )
    if not inputs:
        words = "、".join(item.zh for item in rule.inputs)
        raise HengtanError(
            "表里没有这条规则的输入项",
            "no column is an input of the rule",
            where=where,
            todo=f"表头可用：{words}；或用这条规则的 .xlsx 模板",
            todo_en="use the .xlsx template of the rule",
        )
    names = list(inputs.values())
    for title, name in inputs.items():
        if names.count(name) > 1:
            same = "、".join(t for t, n in inputs.items() if n == name)
            raise HengtanError(
                f"几列都是同一输入项：{same}",
                f"several columns are one input: {title}",
                where=where,
                todo="只留一列",
                todo_en="keep one",
            )


def _is_total(title: str, text: str) -> bool:
    """Whether a cell says that its row is no case: of a name more is believed than of a remark."""
    if OF_A_ROW.search(title) or not IDENTITY.search(plain(title)):
        return is_total_word(text)
    return is_total(text) or is_whole_area(text) or is_mean(text)


def nearest(rule: Rule, title: str) -> str:
    """The input that a title may be a slip of, "" where none is near."""
    words = [word for item in rule.inputs for word in (item.zh, item.name, *item.spellings)]
    return next(iter(difflib.get_close_matches(plain(title), words, 1, NEAR)), "")


def _are_numbers(title: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a column holds figures: numbers, or texts of numbers in a unit."""
    filled = [row[title] for row in rows if row.get(title) not in (None, "")]
    texts = [value for value in filled if not is_placeholder(str(value))]
    return bool(texts) and all(_is_number(value) for value in texts)


def _is_number(value: Any) -> bool:
    if isinstance(value, (bool, date, datetime)):
        return False
    return isinstance(value, (int, float)) or read_amount(str(value)) is not None
