"""What the lines above a table say: its unit, its year or period, and fields that hold for every
row (统一社会信用代码：…, 单位详细名称：…).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hengtan.basis.errors import BadPeriod
from hengtan.basis.marks import narrow
from hengtan.basis.numerals import dates_in_digits
from hengtan.basis.spelling import read_period
from hengtan.ledger.reading.brackets import known_unit
from hengtan.ledger.reading.titles import Vocabulary, units_in

_UNIT_LINE = re.compile(r"(?<![\u4e00-\u9fff])(?:计量|数量|金额)?单位\s*[::]\s*([^)]*)")
_WITHOUT_UNIT = re.compile(r"\(\s*[A-Za-z\u4e00-\u9fff]{1,8}(?:无量纲|除外)\s*\)")
"""A remark behind the unit that one column has none: 单位：mg/L（pH无量纲）."""
_LABEL = re.compile(r"^\s*([^::]{1,20})\s*[::]\s*(.*)$", re.DOTALL)
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年")
_PERIOD = re.compile(
    r"(?:19|20)\d{2}\s*年(?:度|\s*(?:上|下)半年|\s*\d{1,2}\s*[-—–~至到]\s*\d{1,2}\s*月"
    r"|\s*第?[一二三四1-4]\s*季度|\s*\d{1,2}\s*月(?!\s*\d))?"
)

_INSTRUCTION = re.compile("填报说明|的为必填|不填0|with \\* must be filled")
"""What a template says of how it is filled in: its examples (2025年1-6月) are no data."""


def unit_line(lines: list[list[str]]) -> str | None:
    """The unit that stands above a table (单位：万吨), several joined by 、; else the one unit that
    stands alone in brackets.
    """
    line_unit = None
    for line in _joined(lines):
        match = _UNIT_LINE.search(_WITHOUT_UNIT.sub("", line))
        if match:
            words = re.split(r"[\s;,、]+", match.group(1).strip())
            several = [word for word in words if known_unit(word)]
            line_unit = "、".join(several) if len(several) > 1 else words[0]
    if line_unit is not None:
        return line_unit
    bracketed = {unit for line in _joined(lines) for unit in units_in(line)}
    return "、".join(sorted(bracketed)) or None


def title_year(lines: list[list[str]], name: str | None) -> int | None:
    """The only year the lines above and the name of the sheet speak of."""
    spoken = [*_joined(_without_instructions(lines)), narrow(name or "")]
    years = {year for text in spoken for year in _YEAR.findall(dates_in_digits(text))}
    return int(years.pop()) if len(years) == 1 else None


def title_period(lines: list[list[str]]) -> str | None:
    """The only period the lines above speak of (2025年1-6月)."""
    spoken = _joined(_without_instructions(lines))
    texts = {
        re.sub(r"\s", "", text)
        for line in spoken
        for text in _PERIOD.findall(dates_in_digits(line))
    }
    periods = {text for text in texts if _is_period(text)}
    return periods.pop() if len(periods) == 1 else None


def labelled(lines: list[list[str]], words: Vocabulary, form: Any) -> dict[str, str]:
    """Field id → what stands behind its label above the table; two answers are none."""
    answers: dict[str, set[str]] = {}
    for line in lines:
        for label, value in _labels(line):
            title = words.title(label)
            if title is not None and value:
                answers.setdefault(title.field, set()).add(value)
    return {field: min(values) for field, values in answers.items() if len(values) == 1}


def _labels(line: list[str]) -> Iterator[tuple[str, str]]:
    """The labels of a line with their values, in the same cell or in the next filled one."""
    cells = [narrow(text).strip() for text in dict.fromkeys(line) if text.strip()]
    for n, text in enumerate(cells):
        match = _LABEL.match(text)
        if match is None:
            continue
        value = match.group(2).strip()
        if not value and n + 1 < len(cells) and _LABEL.match(cells[n + 1]) is None:
            value = cells[n + 1]
        yield match.group(1), value


def _joined(lines: list[list[str]]) -> list[str]:
    return [narrow(" ".join(dict.fromkeys(text.strip() for text in row))) for row in lines]


def _without_instructions(lines: list[list[str]]) -> list[list[str]]:
    return [row for row in lines if not any(_INSTRUCTION.search(text) for text in row)]


def _is_period(text: str) -> bool:
    try:
        read_period(text)
    except BadPeriod:
        return False
    return True
