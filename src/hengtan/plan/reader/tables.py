"""Tables in text: rows of cells between bars or tabs, with plan years in their header, which may stand on two lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hengtan.plan.reader.carried import Found, binding_in
from hengtan.plan.reader.vocabulary import vocabulary


@dataclass(frozen=True)
class Cell:
    """A cell: where it stands in the text and what it says."""

    start: int
    end: int
    text: str


Row = list[Cell]


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are: by index the plan years, and where name, unit and attribute stand."""

    plan: dict[int, int]
    base_year: int | None
    name: int
    unit: int | None
    binding: int | None
    sums: frozenset[int]


def read_tables(
    text: str, document_year: int | None, first_later: int | None = None
) -> tuple[list[Found], list[tuple[int, int]]]:
    """Targets of the tables in a text, and the spans that the tables take. ``first_later``: the first year that the text names as one to come."""
    found: list[Found] = []
    spans: list[tuple[int, int]] = []
    rows: list[Row] = []
    at = 0
    for line in [*text.split("\n"), ""]:
        end = at + len(line)
        if line.count("|") >= 2:
            rows.append(_cells(line, at))
        elif rows:
            for table in _tables(rows):
                found += _table(table, document_year, first_later)
            spans.append((rows[0][0].start, rows[-1][-1].end))
            rows = []
        at = end + 1
    return found, spans


def _cells(line: str, at: int) -> Row:
    made = []
    for cell in re.finditer(r"[^|]*(?:\||$)", line):
        raw = cell.group().rstrip("|")
        if cell.group():
            made.append(Cell(at + cell.start(), at + cell.start() + len(raw), raw.strip()))
    if made and not made[0].text and line.lstrip().startswith("|"):
        made = made[1:]
    return made or [Cell(at, at + len(line), "")]


_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NOW = re.compile("现状|基期|基准|实际|完成值|完成情况|当前|基数")


def _is_header(row: Row) -> bool:
    """A row that names years and holds no figures but them."""
    return (
        len(row) > 2
        and any(_YEAR.search(cell.text) for cell in row)
        and not any(
            re.fullmatch(r"[〔\[≥≤<>]*-?\d+(?:\.\d+)?[%〕\]]?(?:左右|以上|以内)?", cell.text)
            and not _YEAR.fullmatch(cell.text)
            for cell in row
        )
    )


def _tables(rows: list[Row]) -> list[list[Row]]:
    """Rows that follow each other may be several tables: each header begins one. A header on two lines is made one row."""
    made: list[list[Row]] = []
    i = 0
    while i < len(rows):
        row = rows[i]
        above = rows[i - 1] if i else []
        if _is_header(row):
            if (
                above
                and len(above) == len(row)
                and not any(re.search(r"\d", cell.text) for cell in above)
                and made
                and made[-1][-1] is above
            ):
                made[-1].pop()
                row = _two_lines(above, row)
            made.append([row])
        elif made:
            made[-1].append(row)
        else:
            made.append([row])
        i += 1
    return [table for table in made if table and _is_header(table[0])]


def _two_lines(above: Row, row: Row) -> Row:
    """Titles of two lines as one: what stands above holds for the empty cells to its right (``目标 | | 属性`` over ``2025 | 2030 | ``)."""
    made, carried = [], ""
    for upper, lower in zip(above, row, strict=True):
        carried = upper.text or (carried if lower.text else "")
        made.append(
            Cell(
                lower.start,
                lower.end,
                lower.text if carried == lower.text else carried + lower.text,
            )
        )
    return made


def _columns(
    titles: list[str], document_year: int | None, first_later: int | None
) -> Columns | None:
    years = {i: int(m.group()) for i, t in enumerate(titles) if (m := _YEAR.search(t))}
    now = [i for i, t in enumerate(titles) if _NOW.search(t)]
    if document_year is not None:
        base = [i for i, y in years.items() if y < document_year or i in now]
    elif now or len(years) < 2 or min(years.values()) >= (first_later or 9999):
        base = now
    else:
        base = [min(years, key=lambda i: years[i])]
    plan = {i: y for i, y in years.items() if i not in base}
    if not plan:
        return None
    last = max(plan.values())
    sums = frozenset(
        i for i, t in enumerate(titles) if i not in years and re.search("累计|五年", t)
    )
    return Columns(
        {**plan, **dict.fromkeys(sums, last)},
        max((years[i] for i in base if i in years), default=None),
        next(
            (
                i
                for i, t in enumerate(titles)
                if re.search("指标|名称|项目|任务", t) and "属性" not in t and "性质" not in t
            ),
            0,
        ),
        next((i for i, t in enumerate(titles) if t.startswith("单位") or t == "计量单位"), None),
        next((i for i, t in enumerate(titles) if re.search("属性|性质|类型", t)), None),
        sums,
    )


def _table(rows: list[Row], document_year: int | None, first_later: int | None) -> list[Found]:
    columns = _columns([cell.text for cell in rows[0]], document_year, first_later)
    if columns is None:
        return []
    made: list[Found] = []
    for cells in rows[1:]:
        if len(cells) <= columns.name:
            continue
        name = re.sub(r"^(?:\d{1,2}[.、]|[(]\d{1,2}[)]|其中:)\s*", "", cells[columns.name].text)
        unit = _at(cells, columns.unit)
        name, unit = _unit_in_brackets(name, unit)
        binding = binding_in(_at(cells, columns.binding) + name)
        name = re.sub(r"[(\[]?(?:约束性|预期性)[)\]]?$", "", name)
        for i, cell in enumerate(cells):
            if i in columns.plan and name:
                made += _cell(
                    name,
                    unit,
                    cell,
                    columns.plan[i],
                    columns.base_year,
                    min(cells[columns.name].start, cell.start),
                    binding,
                )
    return made


def _at(cells: Row, column: int | None) -> str:
    return cells[column].text if column is not None and column < len(cells) else ""


def _unit_in_brackets(name: str, unit: str) -> tuple[str, str]:
    """``可再生能源装机(万千瓦)``: the unit of a row that has none in its own column."""
    v = vocabulary()
    bracket = re.search(r"\(([^()]*)\)$", name)
    if not bracket:
        return name, unit
    said = bracket.group(1)
    is_unit = (
        said.lstrip("十百千万亿") in v.units
        or said in v.units
        or re.search("[%/]", said)
        or re.fullmatch("[十百千万亿]+", said)
    )
    return (name[: bracket.start()], unit or said) if is_unit else (name, unit)


_VALUE = re.compile(
    r"(?P<sum>〔|\[)?(?P<sign>>=|<=|[><≥≤]|不低于|不少于|不超过|不高于|达到)?(?P<number>-?[\d,]+(?:\.\d+)?)(?P<unit>[^\d〕\]左以]*)?(?P<suffix>左右|以上|以下|以内)?(?:〕|\])?(?P<unit2>%)?"
)


def _cell(
    name: str, unit: str, cell: Cell, year: int, base_year: int | None, start: int, binding: str
) -> list[Found]:
    found = _VALUE.fullmatch(cell.text)
    if not found or not found.group("number").strip(",-"):
        return []
    number = found.group("number").replace(",", "")
    unit = (found.group("unit") or found.group("unit2") or "").strip() or unit
    down = re.search(r"(?:下降|降低|减少|削减)(?:率|比例|幅度|量)?$", name)
    up = re.search(r"(?:增长|提高|增加)(?:率|比例|幅度)?$", name)
    sign, suffix = found.group("sign") or "", found.group("suffix") or ""
    if found.group("sum") or number.startswith("-") or (down and "%" in unit):
        if down or number.startswith("-"):
            name = (
                re.sub(r"(?:累计)?(?:下降|降低|减少|削减)(?:率|比例|幅度|量)?$", "", name)
                if down
                else name
            )
            modifier = "approx" if suffix == "左右" else "at_least" if suffix == "以上" else ""
            return [
                Found(
                    name,
                    "decrease_by",
                    number.lstrip("-"),
                    unit,
                    year,
                    start,
                    cell.end,
                    base_year=base_year,
                    modifier=modifier,
                    binding=binding,
                )
            ]
        if up:
            return [
                Found(
                    re.sub(r"(?:累计)?(?:增长|提高|增加)(?:率|比例|幅度)?$", "", name),
                    "increase_by",
                    number,
                    unit,
                    year,
                    start,
                    cell.end,
                    base_year=base_year,
                    binding=binding,
                )
            ]
    operator = (
        "approx"
        if suffix == "左右"
        else "<="
        if sign in ("<", "<=", "≤", "不超过", "不高于") or suffix in ("以下", "以内")
        else ">="
    )
    return [
        Found(
            name,
            operator,
            number,
            unit,
            year,
            start,
            cell.end,
            strict=sign in ("<", ">"),
            binding=binding,
        )
    ]
