"""Tables in text: rows of cells between bars or tabs. A table is one of figures (years in its
header, which may stand on several lines), one of tasks (see ``task_sheets``), or a box of
text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hengtan.plan.reader.names import less_is_better, more_is_better
from hengtan.plan.reader.stated import NO_DIRECTION, StatedTarget, binding_in
from hengtan.plan.reader.vocabulary import pattern, vocabulary, without_magnitude, words


@dataclass(frozen=True)
class Cell:
    """A cell: where it stands in the text and what it says."""

    start: int
    end: int
    text: str


Row = list[Cell]
Span = tuple[int, int]


@dataclass(frozen=True)
class Years:
    """What is known of the years of a document: its own, the first that it names as one to come,
    and the last of its period, for a column of goals that names none."""

    document: int | None = None
    first_later: int | None = None
    goal: int | None = None


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are: by index the plan years, and where name, unit and attribute
    stand; the column of each year that has been (of a present value without a year: None)."""

    plan: dict[int, int]
    changes: frozenset[int]
    bases: dict[int | None, int]
    name: int
    unit: int | None
    binding: int | None


def blocks_of(text: str) -> list[list[Row]]:
    """The rows of a text that follow each other, together. Lines with a single bar are text, unless
    a bar stands at each end."""
    blocks: list[list[Row]] = []
    rows: list[Row] = []
    at = 0
    for line in [*text.split("\n"), ""]:
        if line.count("|") >= 2:
            rows.append(_cells(line, at))
        elif rows:
            blocks.append(rows)
            rows = []
        at += len(line) + 1
    return blocks


def read_tables(text: str, years: Years) -> tuple[list[StatedTarget], list[Span]]:
    """Targets of the tables of figures in a text, and the spans of the rows they take."""
    targets: list[StatedTarget] = []
    spans: list[Span] = []
    for rows in blocks_of(text):
        for table in _tables(rows):
            columns = _columns([cell.text for cell in table.titles], years)
            if columns is None:
                continue
            targets += _targets(table, columns)
            spans.append((table.first[0].start, table.rows[-1][-1].end + 1))
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
_FIGURE = re.compile(r"[〔\[(≥≤<>]*-?\d[\d,]*(?:\.\d+)?[%〕\])]*(?:左右|以上|以下|以内)?")


def _is_figure(text: str) -> bool:
    return _FIGURE.fullmatch(text) is not None and not _YEAR.fullmatch(text)


def _names_a_year(row: Row) -> bool:
    return any(_YEAR.search(cell.text) and len(cell.text) <= 16 for cell in row)


@dataclass(frozen=True)
class Table:
    """The titles of a table's columns, its rows, and the first line of its header."""

    titles: Row
    rows: list[Row]
    first: Row


def _tables(rows: Sequence[Row]) -> list[Table]:
    """The tables among rows that follow each other: each header begins one."""
    tables: list[Table] = []
    i = 0
    while i < len(rows):
        lines = _header_lines(rows, i)
        if lines:
            header = rows[i : i + lines]
            tables.append(Table(_titles(header), [], header[0]))
        elif tables:
            tables[-1].rows.append(rows[i])
        i += max(lines, 1)
    return [table for table in tables if table.rows]


def _header_lines(rows: Sequence[Row], at: int) -> int:
    """How many lines from here are a header: lines of short cells without figures, one of which
    names a year or a goal, and another column a name or a unit; 0 where none begins."""
    lines = 0
    while at + lines < len(rows) and lines < 3 and _may_be_header(rows[at + lines]):
        lines += 1
    while lines and not _is_header_line(rows[at + lines - 1]):
        lines -= 1
    header = rows[at : at + lines]
    if not header or len({len(row) for row in header}) > 1:
        header = header[-1:]
        lines = 0 if len(rows[at : at + 1]) and header != rows[at : at + 1] else len(header)
    return lines if any(_is_header_line(row) for row in header) else 0


def _may_be_header(row: Row) -> bool:
    """Short words without figures, of two columns at least."""
    said = [cell.text for cell in row if cell.text]
    return (
        len(row) > 2
        and bool(said)
        and all(len(text) <= 24 and not _is_figure(text) and text not in "—-–/" for text in said)
        and not any(re.search(r"[。;]", text) for text in said)
    )


def _is_header_line(row: Row) -> bool:
    goal = any(pattern("(?:{goal_columns})").search(cell.text) for cell in row)
    titled = any(pattern("(?:{name_columns})$|^单位$").search(cell.text) for cell in row)
    return _names_a_year(row) or (goal and titled)


def _titles(header: Sequence[Row]) -> Row:
    """Titles of several lines as one: what stands above holds for the empty cells to its right that
    have a title of their own below (``目标 | | 属性`` over ``2025 | 2030 | ``)."""
    titles = list(header[0])
    for lower in header[1:]:
        carried, joined = "", []
        for above, below in zip(titles, lower, strict=True):
            carried = above.text or (carried if below.text else "")
            text = below.text if carried == below.text else carried + below.text
            joined.append(Cell(below.start, below.end, text))
        titles = joined
    return titles


def _columns(titles: list[str], years: Years) -> Columns | None:
    """What each column is, by its title; None for a table without a year to come."""
    dated = {i: int(m[-1]) for i, t in enumerate(titles) if (m := _YEAR.findall(t))}
    base = _base_columns(titles, dated, years)
    plan = {i: y for i, y in dated.items() if i not in base}
    goals = [
        i
        for i, t in enumerate(titles)
        if i not in dated and i not in base and pattern("(?:{goal_columns})").search(t)
    ]
    last = max(plan.values(), default=years.goal)
    if last is None or (not plan and not goals):
        return None
    plan |= dict.fromkeys(goals, last)
    sums = [i for i, t in enumerate(titles) if i not in dated and re.search("累计|五年", t)]
    plan |= dict.fromkeys(sums, last)
    yearly = [i for i, t in enumerate(titles) if i not in dated and re.search("年均(?:增|下)", t)]
    plan |= dict.fromkeys(yearly, last)
    growth = frozenset(i for i in plan if re.search("年均增|年均下|增长率|增速", titles[i]))
    return Columns(
        plan,
        growth,
        {dated.get(i): i for i in base},
        _first(titles, r"(?!.*(?:属性|性质|类别|类型|序号)).*(?:指标|名称|项目|任务)") or 0,
        _first(titles, r"(?:计量)?单位$|单位\("),
        _first(titles, r".*(?:属性|性质|类型)"),
    )


def _first(titles: Iterable[str], said: str) -> int | None:
    """The first column whose title says something."""
    title = re.compile(said)
    return next((i for i, text in enumerate(titles) if title.match(text)), None)


def _base_columns(titles: list[str], dated: dict[int, int], years: Years) -> list[int]:
    """Columns of what has been: years before the document's own, present values; else the first of
    several years."""
    now = [i for i, title in enumerate(titles) if pattern("{now}").search(title)]
    goal = [i for i, title in enumerate(titles) if pattern("(?:{goal_columns})").search(title)]
    document, first_later = years.document, years.first_later
    if document is not None:
        return [*now, *(i for i, y in dated.items() if y < document and i not in goal)]
    if now or len(dated) < 2 or min(dated.values()) >= (first_later or 9999):
        return now
    earliest = min(dated, key=lambda i: dated[i])
    return [] if earliest in goal else [earliest]


@dataclass(frozen=True)
class Base:
    """The figure of a year that has been (None where its column names none), empty where the cell
    holds no plain one."""

    year: int | None
    value: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Line:
    """What a row says of all its figures: the indicator, its unit, where the row begins, its kind,
    the base year that its name tells, and its figures of years that have been."""

    name: str
    unit: str
    start: int
    binding: str
    base_year: int | None
    bases: Mapping[int | None, Base]

    @property
    def latest(self) -> Base | None:
        """The figure of the last year that has been; a present value without a year where that is
        all there is."""
        years = [year for year in self.bases if year is not None]
        return self.bases[max(years)] if years else self.bases.get(None)


def _targets(table: Table, columns: Columns) -> list[StatedTarget]:
    targets: list[StatedTarget] = []
    above = ""
    for cells in table.rows:
        if len(cells) <= columns.name:
            continue
        line = _line(cells, columns, above)
        above = _whole_above(cells[columns.name].text, above)
        for i, cell in enumerate(cells):
            if i in columns.plan and line.name:
                targets += _cell(line, cell, columns.plan[i], i in columns.changes)
    return targets


def _whole_above(title: str, above: str) -> str:
    """The row that rows of 其中 under it are parts of."""
    return above if title.startswith("其中") else re.sub(r"\([^()]*\)$", "", title)


_LEAD = re.compile(r"^(?:[(]?\d{1,2}[.、)]|[①-⑳]|其中:?)\s*")


def _line(cells: Row, columns: Columns, above: str) -> Line:
    title = cells[columns.name]
    name = _LEAD.sub("", title.text)
    name, unit = _unit_in_brackets(name, _at(cells, columns.unit))
    binding = binding_in(_at(cells, columns.binding) + name)
    name = pattern(r"[(\[]?(?:{bindings})[)\]]?$").sub("", name)
    based = re.search(r"(?:比|较)(20\d\d)年", name)
    name = re.sub(r"(?:比|较)(?:20\d\d年|上年|基期)", "", name)
    unit = "" if unit in ("/", "—", "-") else unit
    base = int(based.group(1)) if based else None
    return Line(name, unit, title.start, binding, base, _bases(cells, columns, unit))


def _bases(cells: Row, columns: Columns, unit: str) -> dict[int | None, Base]:
    """What a row says of the years that have been. A sum (``〔18〕``) is the change of a period,
    not the figure of a year."""
    bases: dict[int | None, Base] = {}
    for year, column in columns.bases.items():
        figure = _VALUE.fullmatch(_at(cells, column))
        bases[year] = Base(year)
        if figure and not any(figure.group(part) for part in _NO_PLAIN_FIGURE):
            value = figure.group("number").replace(",", "")
            if value.strip("-"):
                bases[year] = Base(year, value, _printed_unit(figure) or unit)
    return bases


_NO_PLAIN_FIGURE = ("base", "sum", "change", "upper", "about", "sign", "suffix", "suffix2")


def _printed_unit(figure: re.Match[str]) -> str:
    return (figure.group("unit") or figure.group("unit2") or "").strip()


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
    r"(?:(?:比|较)?(?P<base>20\d\d)年)?(?:累计)?(?P<sum>〔|\[|\()?"
    r"(?P<change>下降|降低|减少|提高|增长|增加)?(?P<about>约)?"
    r"(?P<sign>>=|<=|[><≥≤]|不低于|不少于|不小于|不超过|不高于|不大于|超过|低于|达到|控制在)?"
    r"(?P<number>-?[\d,]+(?:\.\d+)?)(?:[-—~至](?P<upper>\d+(?:\.\d+)?))?"
    r"(?P<unit>[^\d〕\])左以]*)?(?P<suffix>左右|以上|以下|以内)?"
    r"(?:〕|\]|\))?(?P<unit2>%)?(?P<suffix2>左右|以上|以下|以内)?"
)


def _cell(line: Line, cell: Cell, year: int, growth: bool) -> list[StatedTarget]:
    """The target of a cell: a change where it says so, its figure is a sum or negative, or its name
    says that a share falls; else a level."""
    figure = _VALUE.fullmatch(cell.text)
    if not figure or not figure.group("number").strip(",-"):
        return []
    target = StatedTarget(
        line.name,
        "",
        figure.group("number").replace(",", ""),
        _printed_unit(figure) or line.unit,
        year,
        min(line.start, cell.start),
        cell.end,
        value2=figure.group("upper") or "",
        binding=line.binding,
        place="table",
    )
    if growth:
        return [_growth(target)]
    change = _change(target, line, figure)
    if change is not None:
        return [change]
    level = _level(target, figure)
    return [level if line.latest is None else _with_base(level, line.latest)]


def _with_base(target: StatedTarget, base: Base) -> StatedTarget:
    """A target with the figure of a year that has been beside it."""
    return replace(target, base_value=base.value, base_unit=base.unit, base_value_year=base.year)


def _growth(target: StatedTarget) -> StatedTarget:
    """A column of growth a year."""
    falls = target.value.startswith("-")
    return replace(
        target,
        indicator=target.indicator + ("年均下降" if falls else "年均增长"),
        operator="decrease_by" if falls else "increase_by",
        value=target.value.lstrip("-"),
        unit="%",
    )


def _suffix(figure: re.Match[str]) -> str:
    return figure.group("suffix") or figure.group("suffix2") or ""


def _change(target: StatedTarget, line: Line, figure: re.Match[str]) -> StatedTarget | None:
    """The target as a change from the base year; None where it is a level."""
    name, negative, said = line.name, target.value.startswith("-"), figure.group("change") or ""
    falls = pattern(r"(?:{table_cuts})(?:率|比例|幅度|量)?$").search(name)
    rises = pattern(r"(?:{table_growth})(?:率|比例|幅度)?$").search(name)
    summed = figure.group("sum") is not None
    as_share = target.unit in ("%", "个百分点", "百分点")
    if not (summed or negative or said or ((falls or rises) and as_share)):
        return None
    asked = {"左右": "approx", "以上": "at_least"}.get(_suffix(figure), "")
    down = bool(falls) or negative or said in words("table_cuts")
    if not (down or rises or said):
        return None
    key, more = ("table_cuts", "量") if down else ("table_growth", "")
    changed = replace(
        target,
        indicator=_without_change(name, key, more),
        operator="decrease_by" if down else "increase_by",
        value=target.value.lstrip("-"),
        base_year=_base_year(line, figure),
        modifier=asked,
    )
    base = line.bases.get(changed.base_year)
    # where the name itself is a change, the cell of a year that has been holds the one before
    return changed if base is None or falls or rises else _with_base(changed, base)


def _base_year(line: Line, figure: re.Match[str]) -> int | None:
    """The year that a change counts from: the cell's own, the name's, or the last column before
    those of the plan."""
    if figure.group("base"):
        return int(figure.group("base"))
    return line.base_year or (line.latest.year if line.latest else None)


def _without_change(name: str, key: str, more: str) -> str:
    """A name without the change that its operator says: 单位GDP能耗降低率 → 单位GDP能耗."""
    ends = "率|比例|幅度" + (f"|{more}" if more else "")
    return pattern(rf"(?:累计)?(?:{{{key}}})(?:{ends})?$").sub("", name)


def _level(target: StatedTarget, figure: re.Match[str]) -> StatedTarget:
    """A level. Without a sign it takes the direction of its indicator; where that is not known, the
    reader asks."""
    sign, suffix = figure.group("sign") or "", _suffix(figure)
    strict = sign in ("<", ">", "超过", "低于")
    if target.value2:
        return replace(target, operator="range")
    if suffix == "左右" or figure.group("about"):
        return replace(target, operator="approx")
    if sign in words("table_caps") or suffix in ("以下", "以内"):
        return replace(target, operator="<=", strict=strict)
    if sign or suffix == "以上":
        return replace(target, operator=">=", strict=strict)
    name = target.indicator
    if less_is_better(name):
        return replace(target, operator="<=", unsigned=True)
    doubts = () if more_is_better(name) else (NO_DIRECTION,)
    return replace(target, operator=">=", doubts=(*target.doubts, *doubts), unsigned=True)
