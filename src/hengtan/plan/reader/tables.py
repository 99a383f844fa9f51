"""Tables in text: rows of cells between bars or tabs, with plan years in their header."""

from __future__ import annotations

import re

from hengtan.plan.reader.carried import Found
from hengtan.plan.reader.vocabulary import vocabulary


def read_tables(text: str, document_year: int | None) -> tuple[list[Found], list[tuple[int, int]]]:
    """Targets of the tables in a text, and the spans that the tables take."""
    found: list[Found] = []
    spans: list[tuple[int, int]] = []
    rows: list[tuple[int, int, list[tuple[int, int, str]]]] = []
    at = 0
    for line in [*text.split("\n"), ""]:
        end = at + len(line)
        if line.count("|") >= 2:
            rows.append((at, end, _cells(line, at)))
        elif rows:
            found += _table(rows, document_year)
            spans.append((rows[0][0], rows[-1][1]))
            rows = []
        at = end + 1
    return found, spans


def _cells(line: str, at: int) -> list[tuple[int, int, str]]:
    made = []
    for cell in re.finditer(r"[^|]*(?:\||$)", line):
        raw = cell.group().rstrip("|")
        if cell.group():
            made.append((at + cell.start(), at + cell.start() + len(raw), raw.strip()))
    if made and not made[0][2] and line.lstrip().startswith("|"):
        made = made[1:]
    return made


def _table(rows: list[tuple[int, int, list[tuple[int, int, str]]]], document_year: int | None) -> list[Found]:
    header = next((i for i, row in enumerate(rows) if sum(bool(re.search(r"20\d\d|十[一二三四五六]五", cell[2])) for cell in row[2]) >= 1 and len(row[2]) > 2), None)
    if header is None:
        return []
    titles = [cell[2] for cell in rows[header][2]]
    years = {i: int(m.group()) for i, t in enumerate(titles) if (m := re.search(r"20\d\d", t))}
    if not years:
        return []
    now = [i for i, t in enumerate(titles) if re.search("现状|基期|实际|完成值|当前", t)]
    if document_year is not None:
        base_columns = [i for i, y in years.items() if y < document_year or i in now]
    else:
        base_columns = now or ([min(years, key=lambda i: years[i])] if len(years) > 1 else [])
    plan = {i: y for i, y in years.items() if i not in base_columns}
    if not plan:
        return []
    base_year = max((years[i] for i in base_columns if i in years), default=None)
    last = max(plan.values())
    name_column = next((i for i, t in enumerate(titles) if re.search("指标|名称|项目", t)), 0)
    unit_column = next((i for i, t in enumerate(titles) if t.startswith("单位") or t == "计量单位"), None)
    made: list[Found] = []
    v = vocabulary()
    for _, _, cells in rows[header + 1:]:
        if len(cells) <= name_column:
            continue
        name = cells[name_column][2]
        unit = cells[unit_column][2] if unit_column is not None and unit_column < len(cells) else ""
        bracket = re.search(r"\(([^()]*)\)$", name)
        if not unit and bracket and (bracket.group(1).lstrip("十百千万亿") in v.units or bracket.group(1) in v.units or re.search("[%/]", bracket.group(1)) or re.fullmatch("[十百千万亿]+", bracket.group(1))):
            unit, name = bracket.group(1), name[:bracket.start()]
        for i, (start, end, cell) in enumerate(cells):
            year = plan.get(i, last if i not in years and re.search(r"累计|五年", titles[i] if i < len(titles) else "") else None)
            if year is None:
                continue
            made += _cell(name, unit, cell, year, base_year, start, end)
    return made


def _cell(name: str, unit: str, cell: str, year: int, base_year: int | None, start: int, end: int) -> list[Found]:
    found = re.fullmatch(r"(?P<sum>〔|\[)?(?P<sign>>=|<=|[><≥≤])?(?P<number>-?[\d,]+(?:\.\d+)?)(?P<unit>[^\d〕\]左以]*)?(?P<suffix>左右|以上|以下|以内)?(?:〕|\])?(?P<unit2>%)?", cell)
    if not found or not found.group("number").strip(","):
        return []
    number = found.group("number").replace(",", "")
    unit = (found.group("unit") or found.group("unit2") or "").strip() or unit
    down = re.search(r"(?:下降|降低|减少|削减)(?:率|比例|幅度|量)?$", name)
    up = re.search(r"(?:增长|提高|增加)(?:率|比例|幅度)?$", name)
    sign, suffix = found.group("sign") or "", found.group("suffix") or ""
    if found.group("sum") or number.startswith("-") or (down and not found.group("sum") and "%" in unit):
        if down or number.startswith("-"):
            name = re.sub(r"(?:累计)?(?:下降|降低|减少|削减)(?:率|比例|幅度|量)?$", "", name) if down else name
            return [Found(name, "decrease_by", number.lstrip("-"), unit, year, start, end, base_year=base_year, modifier="approx" if suffix == "左右" else "at_least" if suffix == "以上" else "")]
        if up:
            return [Found(re.sub(r"(?:累计)?(?:增长|提高|增加)(?:率|比例|幅度)?$", "", name), "increase_by", number, unit, year, start, end, base_year=base_year)]
    operator = "approx" if suffix == "左右" else "<=" if sign in ("<", "<=", "≤") or suffix in ("以下", "以内") else ">="
    return [Found(name, operator, number, unit, year, start, end, strict=sign in ("<", ">"))]
