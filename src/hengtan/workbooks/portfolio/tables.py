"""The sheets of a study's file as lines, whether it is a workbook or YAML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.border import yaml_mapping
from hengtan.basis.errors import Where
from hengtan.workbooks.account import Counting, count
from hengtan.workbooks.cells import Line, problem
from hengtan.workbooks.english import Sheets
from hengtan.workbooks.portfolio.layout import (
    HEADINGS,
    IN_ENGLISH,
    NEEDED,
    PARAMETERS,
    SHEETS,
    TAKEN,
    YAML_NAMES,
    YEARS,
)

Lines = Sequence[Line]
LIST = "、,，;；"


def sheets_of(path: Path) -> Sheets:
    """The sheets of a file. Raises HengtanError where one that is needed is missing or empty."""
    is_yaml = path.suffix.lower() in (".yaml", ".yml")
    sheets = _of_yaml(path) if is_yaml else Sheets.read(path, HEADINGS, IN_ENGLISH, PARAMETERS)
    sheets.need(*NEEDED)
    return sheets


def count_of(path: Path, *, partly: bool = False) -> Counting:
    """The account of a workbook of a study in Chinese or English. Raises UnreadableFile."""
    return count(path, HEADINGS, TAKEN, partly=partly, english=IN_ENGLISH)


def _of_yaml(path: Path) -> Sheets:
    lines: dict[str, Lines] = {}
    for name, content in yaml_mapping(path).items():
        sheet = YAML_NAMES.get(str(name), str(name))
        if sheet not in SHEETS:
            known = "、".join(SHEETS)
            raise problem("no-known-sheet", name, known).error(where=Where(path.name))
        lines[sheet] = _lines(sheet, content, Where(path.name, sheet=sheet))
    return Sheets(path.name, lines, PARAMETERS)


def _lines(sheet: str, content: Any, where: Where) -> Lines:
    if sheet == "参数" and isinstance(content, dict):
        pairs = ((YAML_NAMES.get(str(name), str(name)), value) for name, value in content.items())
        content = [{"项目": name, "内容": value} for name, value in pairs]
    if not isinstance(content, list) or not all(isinstance(each, dict) for each in content):
        raise problem("not-a-list", sheet).error(where=where)
    return [_line(sheet, each, where, n) for n, each in enumerate(content, start=1)]


def _line(sheet: str, entry: Mapping[Any, Any], where: Where, number: int) -> Line:
    place = Where(where.file, sheet=sheet, row=number)
    known = {*SHEETS[sheet], *(YEARS if sheet == "驱动" else ())}
    cells = {}
    for name, value in entry.items():
        heading = YAML_NAMES.get(str(name), str(name)).removesuffix("年" if sheet == "驱动" else "")
        heading = f"{heading}年" if f"{heading}年" in known else heading
        if heading not in known:
            raise problem("no-known-heading", name, "、".join(SHEETS[sheet])).error(where=place)
        cells[heading] = _text(value)
    return Line(cells, place)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value)


def parts(text: str) -> list[str]:
    """The names of a list: 煤、油 or 煤,油."""
    for sign in LIST:
        text = text.replace(sign, "、")
    return [part.strip() for part in text.split("、") if part.strip()]


def position(line: Line, column: str, name: str, names: Sequence[str]) -> int:
    """Where a name stands in a list. Raises HengtanError with the names there are."""
    if name not in names:
        raise line.refuse(column, "unknown-name", column, name, "、".join(names[:20]))
    return list(names).index(name)


def positions(line: Line, column: str, names: Sequence[str]) -> tuple[int, ...] | None:
    """Where the names of a cell stand, None where it is blank (all)."""
    listed = parts(line.text(column))
    twice = next((name for name in listed if listed.count(name) > 1), None)
    if twice is not None:
        raise line.refuse(column, "twice", twice)
    return tuple(position(line, column, name, names) for name in listed) or None


def money(line: Line, column: str, *, least: float | None = None) -> float | None:
    """An amount of money in 10,000 yuan: 5200, 5200万元 and 0.52亿元 are the same.

    Raises HengtanError for 5200万, of which nobody knows whether it is counted in yuan.
    """
    if line.text(column)[-1:] in ("万", "亿", "千", "百"):
        raise line.refuse(column, "money-unit", line.text(column))
    return line.number(column, least=least, unit="万元")


def is_assumed(line: Line, column: str) -> bool:
    """Whether a number is an assumption: 已认定 is established, 假设 or blank is assumed."""
    text = line.text(column)
    if text not in ("", "假设", "已认定", "assumed", "established"):
        raise line.refuse(column, "bad-mark", text)
    return text not in ("已认定", "established")
