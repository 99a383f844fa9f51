"""Columns of text to typed columns: each distinct text is read once and the result mapped back to its rows."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from hengtan.basis.errors import BadPeriod, HengtanError, UnknownPlace
from hengtan.basis.period import Period
from hengtan.basis.units import convert, read_unit
from hengtan.ledger.reading.findings import Collector, Problem
from hengtan.ledger.reading.header import plain
from hengtan.ledger.reading.rows import Cells
from hengtan.ledger.reading.words import (
    ERROR_VALUE,
    is_placeholder,
    read_amount,
    read_day,
    read_period,
    read_truth,
)

READ_PROBLEMS = 200
Read = Callable[[str], "tuple[Any, Problem | None]"]


def screen(cells: Cells, collector: Collector, title: str) -> Cells:
    """Blank what stands for nothing (-, —, /, …) with a warning, and Excel error values with an error."""
    import numpy as np

    dashes = cells.mask(is_placeholder, 20)
    collector.at_rows(
        np.flatnonzero(dashes),
        Problem(
            "warning",
            "placeholder",
            "占位符作为缺失，不作为零",
            "a dash is read as missing, never as zero",
            "确为零填 0 或 NO，不适用填 NA",
            "write 0 or NO for none, NA for not applicable",
        ),
        title,
    )
    broken = cells.mask(ERROR_VALUE.match, 20)
    rows = np.flatnonzero(broken)
    collector.at_rows(
        rows,
        [
            Problem(
                "error",
                "error-value",
                f"单元格是错误值 {cells.texts[cells.codes[r]]}",
                f"the cell holds the error {cells.texts[cells.codes[r]]}",
                "改正公式或填写数值",
                "correct the formula or fill the value",
            )
            for r in rows
        ],
        title,
    )
    return cells.blanked(dashes | broken) if dashes.any() or broken.any() else cells


def read_distinct(cells: Cells, read: Read, collector: Collector, title: str) -> list[Any]:
    """What each distinct text in use says; problems are reported at every row that has the text."""
    import numpy as np

    values: list[Any] = [None] * len(cells.texts)
    problems: dict[int, Problem] = {}
    unread = Problem(
        "error",
        "not-read",
        "同列错误过多，未再检查",
        "too many errors in this column, not read",
        "先改正前面的错误",
        "correct the errors above first",
    )
    for code in np.unique(cells.codes[cells.codes >= 0]).tolist():
        if len(problems) >= READ_PROBLEMS:
            problems[code] = unread
            continue
        values[code], problem = read(cells.texts[code])
        if problem is not None:
            problems[code] = problem
    report(cells.codes, problems, collector, title)
    return values


def report(codes: Any, problems: dict[int, Problem], collector: Collector, title: str) -> None:
    """Report the problems of distinct texts at their rows, errors apart from warnings of each kind."""
    import numpy as np

    for kind in dict.fromkeys((p.level, p.code) for p in problems.values()):
        chosen = [code for code, p in problems.items() if (p.level, p.code) == kind]
        rows = np.flatnonzero(np.isin(codes, chosen))
        collector.at_rows(rows, _Each(problems, codes, rows), title)


class _Each(list[Problem]):
    """The problem of each row, made when asked for, so that a million bad rows cost nothing."""

    def __init__(self, problems: dict[int, Problem], codes: Any, rows: Any) -> None:
        super().__init__(problems[int(codes[row])] for row in rows[:201])


def spread(values: list[Any], codes: Any, kind: Any) -> Any:
    """An Arrow array with the value of each row's text; null where the row is blank or its text says nothing."""
    import pyarrow as pa

    if not values:
        return pa.nulls(len(codes), kind)
    return pa.array(values, kind).take(pa.array(codes, pa.int64(), mask=codes < 0))


def reader_of(
    field: Any, places: Any, lookups: Mapping[str, Mapping[str, str | tuple[str, ...]]]
) -> tuple[Read, Any]:
    """How a text of a field is read, and the Arrow type of the result. Quantities, units and periods are read elsewhere."""
    import pyarrow as pa

    if field.type == "place":
        return lambda text: _place(text, places), pa.string()
    if field.type == "reference":
        return _reference(field, lookups.get(field.reference, {})), pa.string()
    if field.type == "choice":
        return _choice(field), pa.string()
    if field.type == "date":
        return _day, pa.date32()
    if field.type == "boolean":
        return _truth, pa.bool_()
    if field.type == "number":
        return _number(field), pa.float64()
    if field.type == "integer":
        return _integer, pa.int64()
    if field.type == "code":
        return lambda text: (
            re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)),
            None,
        ), pa.string()
    return lambda text: (text, None), pa.string()


def _place(text: str, places: Any) -> tuple[str | None, Problem | None]:
    try:
        return places.find(text).code, None
    except UnknownPlace as error:
        return None, Problem.of(error, "unknown-place")


def _reference(field: Any, known: Mapping[str, str | tuple[str, ...]]) -> Read:
    folded: dict[str, set[str]] = {}
    for word, code in known.items():
        folded.setdefault(plain(word), set()).update((code,) if isinstance(code, str) else code)

    def read(text: str) -> tuple[str | None, Problem | None]:
        exact = known.get(text)
        found = (
            folded.get(plain(text), set())
            if exact is None
            else {exact}
            if isinstance(exact, str)
            else set(exact)
        )
        if len(found) == 1:
            return next(iter(found)), None
        if exact is not None:
            several = "、".join(sorted(found))
            return None, Problem(
                "error",
                "several-references",
                f"有多个{field.title_zh}叫“{text}”：{several}",
                f"several are called '{text}': {several}",
                "填写编号",
                "give the id",
            )
        near = sorted(found) or difflib.get_close_matches(text, list(known), n=3, cutoff=0.5)
        hint, hint_en = (
            (f"，是否为：{'、'.join(near)}", f", perhaps {', '.join(near)}") if near else ("", "")
        )
        return None, Problem(
            "error",
            "unknown-reference",
            f"没有{field.title_zh}“{text}”{hint}",
            f"no {field.title_en.lower()} '{text}'{hint_en}",
            "按名称或编号填写",
            "give its name or id",
        )

    return read


def _choice(field: Any) -> Read:
    known: dict[str, str] = {}
    for code, (zh, en) in field.choices.items():
        bare = re.sub("[(（].*?[)）]", "", zh)
        inside = re.findall("[(（](.*?)[)）]", zh)
        for word in (code, zh, en, bare, *inside):
            known.setdefault(plain(word), code)
    listed = "、".join(zh for zh, _ in field.choices.values())

    def read(text: str) -> tuple[str | None, Problem | None]:
        code = known.get(plain(text))
        if code is not None:
            return code, None
        return None, Problem(
            "error",
            "unknown-choice",
            f"{field.title_zh}没有“{text}”这一项",
            f"'{text}' is no choice of {field.title_en.lower()}",
            f"可填：{listed}",
            f"one of: {', '.join(field.choices)}",
        )

    return read


def october(text: str) -> Problem | None:
    """The warning a decimal ``2024.1`` deserves: Excel drops the nought of October."""
    if re.fullmatch(r"\d{4}\.1", unicodedata.normalize("NFKC", text).strip()):
        return Problem(
            "warning",
            "january-or-october",
            f"“{text}”按1月读取；10月写成小数时末位0会丢失",
            f"'{text}' is read as January; a decimal loses the nought of October",
            f"写成 {text[:4]}-01 或 {text[:4]}-10",
            f"write {text[:4]}-01 or {text[:4]}-10",
        )
    return None


def _day(text: str) -> tuple[Any, Problem | None]:
    try:
        day, kind = read_day(text)
    except HengtanError as error:
        return None, Problem(
            "error",
            "bad-date",
            f"“{text}”不是可识别的日期",
            f"'{text}' is not a date",
            "写成 2024-03-05",
            "write 2024-03-05",
        ) if isinstance(error, BadPeriod) else Problem.of(error, "bad-date")
    if kind is not None:
        return day, october(text) or Problem(
            "warning",
            "day-from-period",
            f"“{text}”没有到日，按期末 {day} 读取",
            f"'{text}' has no day, read as its last day {day}",
            "填写到日",
            "give the day",
        )
    return day, None


def _truth(text: str) -> tuple[bool | None, Problem | None]:
    value = read_truth(text)
    return value, None if value is not None else Problem(
        "error",
        "bad-boolean",
        f"“{text}”不是“是”或“否”",
        f"'{text}' is neither yes nor no",
        "填 是 或 否",
        "write yes or no",
    )


_BOUND = re.compile(
    r"^(?:超过?|突破|不低于|不少于|不高于|不超过|不足|低于|高于|达到?|大?约|将?近|[≥≤><~≈]=?)\s*|(?:左右|上下|以上|以下|以内|多|余)$"
)


def not_a_number(text: str) -> Problem:
    """The error for a text that is no number; a number with 超过, 约 or the like is told where these belong."""
    number, bounds = _BOUND.subn("", unicodedata.normalize("NFKC", text).strip())
    if bounds and read_amount(number) is not None:
        return Problem(
            "error",
            "bound-in-number",
            f"“{text}”是界限或约数，不是确数",
            f"'{text}' is a bound or about, not a number",
            f"本列填 {number}，“超过、约”等填入界限列或备注",
            f"write {number} here and the bound in its column or the note",
        )
    return Problem(
        "error",
        "not-a-number",
        f"“{text}”不是数字",
        f"'{text}' is not a number",
        "填写数字；没有数据留空",
        "write a number, or leave blank where there is none",
    )


def _number(field: Any) -> Read:
    """A plain number is in the field's unit; one with a unit is converted to it. Without a unit of the field, 12% is 0.12."""

    def read(text: str) -> tuple[float | None, Problem | None]:
        amount = read_amount(text)
        if amount is None:
            return None, not_a_number(text)
        if amount.unit is None:
            return amount.value, None
        if field.unit is None:
            return (
                (float(f"{amount.value / 100:.15g}"), None)
                if amount.unit == "%"
                else (None, not_a_number(text))
            )
        try:
            return float(f"{convert(amount.value, amount.unit, field.unit):.15g}"), None
        except HengtanError as error:
            return None, Problem.of(error, "unit-conflict")

    return read


def _integer(text: str) -> tuple[int | None, Problem | None]:
    amount = read_amount(text)
    if (
        amount is None
        or amount.unit is not None
        or not amount.value.is_integer()
        or abs(amount.value) >= 2**63
    ):
        return None, Problem(
            "error",
            "not-an-integer",
            f"“{text}”不是整数",
            f"'{text}' is not a whole number",
            "填写整数",
            "write a whole number",
        )
    return int(amount.value), None


_COUNTED = {"月": ("月", "月份", "month"), "季度": ("季", "季度", "quarter")}
_FROM_JANUARY = re.compile("本月|本季|年初|本年|1-")
CUMULATIVE = re.compile("累计|1-本|年初至")


def read_periods(
    cells: Cells,
    years: Cells | None,
    title_year: int | None,
    collector: Collector,
    title: str,
    cumulative: str | None = None,
) -> dict[str, Any]:
    """The columns of a period field: text, kind, first and last day. A year column or the title completes 1-6月.

    ``cumulative`` is the header of an amount that runs from January (1-本月累计): its months are read as January to that month.
    """
    import numpy as np
    import pyarrow as pa

    used_title = []
    counted = next((word for word, titles in _COUNTED.items() if plain(title) in titles), "")

    def read(pair: tuple[str, str | None]) -> tuple[Any, Problem | None]:
        period, problem = read_single(pair)
        if cumulative is None or period is None or period.kind != "month":
            return period, problem
        if _FROM_JANUARY.search(plain(cumulative)):
            return Period.parse(f"{period.year}-01..{period.end.month:02d}"), problem
        return None, Problem(
            "error",
            "month-or-cumulative",
            f"“{cumulative}”是累计数，而时期“{pair[0]}”是单月",
            f"'{cumulative}' is cumulative but '{pair[0]}' is one month",
            f"年初以来的累计写成 {period.year}年1-{period.end.month}月；至月末的总数写成 {period.end}",
            f"write {period.year}-01..{period.end.month:02d} for a sum since January, {period.end} for a total to that day",
        )

    def read_single(pair: tuple[str, str | None]) -> tuple[Any, Problem | None]:
        text, year_text = pair
        if counted and re.fullmatch(
            r"\d{1,2}(?:\.0)?(?:-\d{1,2})?", unicodedata.normalize("NFKC", text)
        ):
            text = text.removesuffix(".0") + counted
        digits = (
            re.search(r"(?:19|20)\d{2}", unicodedata.normalize("NFKC", year_text))
            if year_text
            else None
        )
        try:
            return read_period(text), october(text)
        except BadPeriod as error:
            refusal = error
        year = int(digits.group()) if digits else title_year
        try:
            period = read_period(text, year)
        except BadPeriod:
            return None, Problem.of(refusal, "bad-period")
        if not digits:
            used_title.append(text)
        return period, None

    if years is None:
        pairs, codes = [(t, None) for t in cells.texts], cells.codes
    else:
        both, inverse = np.unique(
            np.stack([cells.codes, years.codes], axis=1), axis=0, return_inverse=True
        )
        pairs = [
            (cells.texts[c] if c >= 0 else "", years.texts[y] if y >= 0 else None)
            for c, y in both.tolist()
        ]
        codes = np.where(cells.codes >= 0, inverse.reshape(-1), -1)
    numbered = Cells(codes, pairs)  # type: ignore[arg-type]
    periods = read_distinct(numbered, read, collector, title)  # type: ignore[arg-type]
    if used_title:
        collector.add(
            Problem(
                "warning",
                "year-from-title",
                f"时期“{used_title[0]}”等没有年份，按标题取{title_year}年",
                f"periods such as '{used_title[0]}' have no year; {title_year} is taken from the title",
                "加上年份",
                "add the year",
            ),
            column=title,
        )
    parts = {
        "": ("text", pa.string()),
        "_kind": ("kind", pa.string()),
        "_start": ("start", pa.date32()),
        "_end": ("end", pa.date32()),
    }
    return {
        suffix: spread([p and getattr(p, name) for p in periods], codes, kind)
        for suffix, (name, kind) in parts.items()
    }


def clean_unit(text: str) -> tuple[str | None, Problem | None]:
    """A unit as spelled, without brackets and 单位：, or the problem with it."""
    spelled = (
        re.sub("^(?:单位|计量单位):", "", unicodedata.normalize("NFKC", text))
        .strip()
        .strip("()[]【】")
        .strip()
    )
    try:
        read_unit(spelled)
    except HengtanError as error:
        return None, Problem.of(error, "unknown-unit")
    return spelled, None
