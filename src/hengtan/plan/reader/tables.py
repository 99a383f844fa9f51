"""Tables in text: rows of cells between bars or tabs, with plan years in their header, which may
stand on two lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from hengtan.plan.reader.stated import StatedTarget, binding_in
from hengtan.plan.reader.vocabulary import pattern, vocabulary, without_magnitude, words


@dataclass(frozen=True)
class Cell:
    """A cell: where it stands in the text and what it says."""

    start: int
    end: int
    text: str


Row = list[Cell]


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are: by index the plan years, and where name, unit and attribute
    stand; the base year."""

    plan: dict[int, int]
    base_year: int | None
    name: int
    unit: int | None
    binding: int | None


def read_tables(
    text: str, document_year: int | None, first_later: int | None = None
) -> tuple[list[StatedTarget], list[tuple[int, int]]]:
    """Targets of the tables in a text, and the spans that the tables take. ``first_later``: the
    first year that the text names as one to come."""
    targets: list[StatedTarget] = []
    spans: list[tuple[int, int]] = []
    rows: list[Row] = []
    at = 0
    for line in [*text.split("\n"), ""]:
        end = at + len(line)
        if line.count("|") >= 2:
            rows.append(_cells(line, at))
        elif rows:
            for table in _tables(rows):
                targets += _table(table, document_year, first_later)
            spans.append((rows[0][0].start, rows[-1][-1].end))
            rows = []
        at = end + 1
    return targets, spans


def _cells(line: str, at: int) -> Row:
    cells = []
    for cell in re.finditer(r"[^|]*(?:\||$)", line):
        raw = cell.group().rstrip("|")
        if cell.group():
            cells.append(Cell(at + cell.start(), at + cell.start() + len(raw), raw.strip()))
    if cells and not cells[0].text and line.lstrip().startswith("|"):
        cells = cells[1:]
    return cells or [Cell(at, at + len(line), "")]


_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_FIGURE = re.compile(r"[〔\[≥≤<>]*-?\d+(?:\.\d+)?[%〕\]]?(?:左右|以上|以内)?")


def _is_header(row: Row) -> bool:
    """A row that names years and holds no figures but them."""
    names_years = any(_YEAR.search(cell.text) for cell in row)
    return len(row) > 2 and names_years and not any(_is_figure(cell.text) for cell in row)


def _is_figure(text: str) -> bool:
    return _FIGURE.fullmatch(text) is not None and not _YEAR.fullmatch(text)


def _tables(rows: list[Row]) -> list[list[Row]]:
    """Rows that follow each other may be several tables: each header begins one. A header on two
    lines is made one row."""
    tables: list[list[Row]] = []
    for above, row in zip([[], *rows], rows, strict=False):
        if _is_header(row):
            if _is_upper_line(above, row) and tables and tables[-1][-1] is above:
                tables[-1].pop()
                row = _two_lines(above, row)
            tables.append([row])
        elif tables:
            tables[-1].append(row)
        else:
            tables.append([row])
    return [table for table in tables if table and _is_header(table[0])]


def _is_upper_line(above: Row, row: Row) -> bool:
    """Whether the row before a header is the upper line of it: as many cells, no figure."""
    figures = any(re.search(r"\d", cell.text) for cell in above)
    return bool(above) and len(above) == len(row) and not figures


def _two_lines(above: Row, row: Row) -> Row:
    """Titles of two lines as one: what stands above holds for the empty cells to its right (``目标
    | | 属性`` over ``2025 | 2030 | ``)."""
    titles, carried = [], ""
    for upper, lower in zip(above, row, strict=True):
        carried = upper.text or (carried if lower.text else "")
        title = lower.text if carried == lower.text else carried + lower.text
        titles.append(Cell(lower.start, lower.end, title))
    return titles


def _columns(
    titles: list[str], document_year: int | None, first_later: int | None
) -> Columns | None:
    """What each column is, by its title; None for a table without a year to come."""
    years = {i: int(m.group()) for i, t in enumerate(titles) if (m := _YEAR.search(t))}
    base = _base_columns(titles, years, document_year, first_later)
    plan = {i: y for i, y in years.items() if i not in base}
    if not plan:
        return None
    last = max(plan.values())
    sums = [i for i, t in enumerate(titles) if i not in years and re.search("累计|五年", t)]
    return Columns(
        {**plan, **dict.fromkeys(sums, last)},
        max((years[i] for i in base if i in years), default=None),
        _first(titles, r"(?!.*(?:属性|性质)).*(?:指标|名称|项目|任务)") or 0,
        _first(titles, r"单位|计量单位$"),
        _first(titles, r".*(?:属性|性质|类型)"),
    )


def _first(titles: Iterable[str], said: str) -> int | None:
    """The first column whose title says something."""
    title = re.compile(said)
    return next((i for i, text in enumerate(titles) if title.match(text)), None)


def _base_columns(
    titles: list[str],
    years: dict[int, int],
    document_year: int | None,
    first_later: int | None,
) -> list[int]:
    """Columns of what has been: years before the document's own, present values; else the first of
    several years."""
    now = [i for i, title in enumerate(titles) if pattern("{now}").search(title)]
    if document_year is not None:
        return [i for i, year in years.items() if year < document_year or i in now]
    if now or len(years) < 2 or min(years.values()) >= (first_later or 9999):
        return now
    return [min(years, key=lambda i: years[i])]


@dataclass(frozen=True)
class Line:
    """What a row says of all its figures: the indicator, its unit, where the row begins, its kind,
    the base year."""

    name: str
    unit: str
    start: int
    binding: str
    base_year: int | None


def _table(
    rows: list[Row], document_year: int | None, first_later: int | None
) -> list[StatedTarget]:
    columns = _columns([cell.text for cell in rows[0]], document_year, first_later)
    if columns is None:
        return []
    targets: list[StatedTarget] = []
    for cells in rows[1:]:
        if len(cells) <= columns.name:
            continue
        line = _line(cells, columns)
        for i, cell in enumerate(cells):
            if i in columns.plan and line.name:
                targets += _cell(line, cell, columns.plan[i])
    return targets


def _line(cells: Row, columns: Columns) -> Line:
    title = cells[columns.name]
    name = re.sub(r"^(?:\d{1,2}[.、]|[(]\d{1,2}[)]|其中:)\s*", "", title.text)
    name, unit = _unit_in_brackets(name, _at(cells, columns.unit))
    binding = binding_in(_at(cells, columns.binding) + name)
    name = pattern(r"[(\[]?(?:{bindings})[)\]]?$").sub("", name)
    return Line(name, unit, title.start, binding, columns.base_year)


def _at(cells: Row, column: int | None) -> str:
    return cells[column].text if column is not None and column < len(cells) else ""


def _unit_in_brackets(name: str, unit: str) -> tuple[str, str]:
    """``可再生能源装机(万千瓦)``: the unit of a row that has none in its own column."""
    bracket = re.search(r"\(([^()]*)\)$", name)
    if not bracket or not _is_unit(bracket.group(1)):
        return name, unit
    return name[: bracket.start()], unit or bracket.group(1)


def _is_unit(said: str) -> bool:
    known = vocabulary().units
    if said in known or without_magnitude(said) in known:
        return True
    return re.search("[%/]", said) is not None or re.fullmatch("[十百千万亿]+", said) is not None


_VALUE = re.compile(
    r"(?P<sum>〔|\[)?(?P<sign>>=|<=|[><≥≤]|不低于|不少于|不超过|不高于|达到)?"
    r"(?P<number>-?[\d,]+(?:\.\d+)?)(?P<unit>[^\d〕\]左以]*)?(?P<suffix>左右|以上|以下|以内)?"
    r"(?:〕|\])?(?P<unit2>%)?"
)


def _cell(line: Line, cell: Cell, year: int) -> list[StatedTarget]:
    """The target of a cell: a change where its figure is a sum, is negative, or its name says that
    a share falls; else a level."""
    figure = _VALUE.fullmatch(cell.text)
    if not figure or not figure.group("number").strip(",-"):
        return []
    target = StatedTarget(
        line.name,
        "",
        figure.group("number").replace(",", ""),
        (figure.group("unit") or figure.group("unit2") or "").strip() or line.unit,
        year,
        min(line.start, cell.start),
        cell.end,
        binding=line.binding,
    )
    summed = figure.group("sum") is not None
    return [_change(target, line, figure, summed) or _level(target, figure)]


def _change(
    target: StatedTarget, line: Line, figure: re.Match[str], summed: bool
) -> StatedTarget | None:
    """The target as a change from the base year; None where it is a level."""
    name, negative = line.name, target.value.startswith("-")
    falls = pattern(r"(?:{table_cuts})(?:率|比例|幅度|量)?$").search(name)
    rises = pattern(r"(?:{table_growth})(?:率|比例|幅度)?$").search(name)
    if not (summed or negative or (falls and "%" in target.unit)):
        return None
    if falls or negative:
        suffix = figure.group("suffix")
        return replace(
            target,
            indicator=_without_change(name, "table_cuts", "量"),
            operator="decrease_by",
            value=target.value.lstrip("-"),
            base_year=line.base_year,
            modifier={"左右": "approx", "以上": "at_least"}.get(suffix or "", ""),
        )
    if rises:
        return replace(
            target,
            indicator=_without_change(name, "table_growth", ""),
            operator="increase_by",
            base_year=line.base_year,
        )
    return None


def _without_change(name: str, key: str, more: str) -> str:
    """A name without the change that its operator says: 单位GDP能耗降低率 → 单位GDP能耗."""
    ends = "率|比例|幅度" + (f"|{more}" if more else "")
    return pattern(rf"(?:累计)?(?:{{{key}}})(?:{ends})?$").sub("", name)


def _level(target: StatedTarget, figure: re.Match[str]) -> StatedTarget:
    sign, suffix = figure.group("sign") or "", figure.group("suffix") or ""
    operator = ">="
    if suffix == "左右":
        operator = "approx"
    elif sign in words("table_caps") or suffix in ("以下", "以内"):
        operator = "<="
    return replace(target, operator=operator, strict=sign in ("<", ">"))
