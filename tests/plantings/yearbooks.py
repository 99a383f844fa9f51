"""Sound tables in the layouts of public yearbooks (``yearbooks.yaml``), their figures invented."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import yaml
from printed import Figure, Place, Sheet, as_printed

LAYOUTS: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("yearbooks.yaml").read_text(encoding="utf-8")
)
OUT = ("S.out", "S.exp", "S.bunk_out", "S.close")
OF_WHICH = ("T.gas_re", "T.refine_re")
MAY_BE_BLANK = (
    *("S.open", "S.rec", "S.imp", "S.bunk_in", "S.exp", "S.bunk_out", "S.close", "S.stock"),
    *("T.heat", "T.wash", "T.coke", "T.refine", "T.refine_re", "T.gas", "T.gas_re", "T.lng"),
    *("T.briq", "T.rec", "L.trans", "F.2.ind.nonenergy"),
)
WHOLES = {
    "F.1": ("F.1.agri",),
    "F.2": ("F.2.ind", "F.2.cons"),
    "F.3": ("F.3.trans", "F.3.trade", "F.3.other"),
    "F.4": ("F.4.urban", "F.4.rural"),
}
SECTORS = (*("F.1.agri", "F.2.ind", "F.2.cons", "F.3.trans", "F.3.trade", "F.3.other"), "F.4")
TCE_OF_KWH = 3.086
"""万吨标准煤 for 亿千瓦时 x 10, at the coal rate of thermal power: one factor for every row."""
Column = dict[str, int]


def regional(chance: random.Random, rows: list[str], scale: int) -> Column:
    """A column of a regional balance in the least printed digit; what is absent is blank.

    Outflows, exports and closing stocks stand as negatives, re-inputs too and beside their rows.
    """
    column: Column = {}
    for row in rows:
        if row in ("S", "T", "F", "D", "C", *WHOLES) or "?" in row or not row:
            continue
        if row in MAY_BE_BLANK and chance.random() < 0.5:
            continue
        size = chance.randrange(1, 9000 * scale)
        if row in OUT or row in OF_WHICH:
            size = -(size // 4 + 1)
        elif row.startswith("T.") or row == "S.stock":
            size = chance.choice((-1, 1)) * size
        column[row] = size
    _cut(column, "F.2.ind.nonenergy", "F.2.ind")
    _cut(column, "L.trans", "L")
    for whole, parts in WHOLES.items():
        if whole in rows and (whole != "F.4" or "F.4.urban" in rows):
            column[whole] = sum(
                column.get(part, 0) for part in parts if part in rows
            ) or column.get(parts[0], chance.randrange(1, 9000 * scale))
        elif whole == "F.4" and "F.4" in rows:
            column["F.4"] = chance.randrange(1, 9000 * scale)
    column["S"] = sum(value for row, value in column.items() if row.startswith("S."))
    column["T"] = sum(value for row, value in column.items() if row.startswith("T."))
    tops = [row for row in ("F.1", "F.2", "F.3") if row in rows]
    parts = tops or [row for row in SECTORS if row != "F.4" and row in rows]
    column["F"] = sum(column.get(row, 0) for row in (*parts, "F.4"))
    column["D"] = column["S"] + column["T"] - column.get("L", 0) - column["F"]
    _nearly_close(chance, column)
    burnt = sum(-value for row, value in column.items() if row.startswith("T.") and value < 0)
    column["C"] = column["F"] + column.get("L", 0) + burnt
    return {row: value for row, value in column.items() if row in rows}


def _nearly_close(chance: random.Random, column: Column) -> None:
    """Production is such that the difference is small, as in print."""
    more = chance.randrange(-99, 100) - column["D"]
    for row in ("S.prod", "S", "D"):
        column[row] += more


def _cut(column: Column, part: str, whole: str) -> None:
    if part in column:
        column[part] = column[whole] // 3


def overall(chance: random.Random, rows: list[str], scale: int, negative_out: bool) -> Column:
    """A year of 综合能源平衡表: consumption by sector, then by use."""
    column = {row: chance.randrange(500 * scale, 9000 * scale) for row in SECTORS}
    column["C"] = sum(column.values())
    column["T.loss"], column["L"] = column["C"] // 30, column["C"] // 40
    column["F"] = column["C"] - column["T.loss"] - column["L"]
    column["W.F.2.ind"] = column["F.2.ind"] - column["T.loss"] // 2
    column["?coking"] = column["T.loss"] // 3
    column["?refining"] = column["T.loss"] // 4
    column["S.rec"] = chance.randrange(1, 90 * scale)
    column["S.imp"] = column["S.in"] = chance.randrange(1, 9000 * scale)
    out = chance.randrange(1, 900 * scale)
    column["S.exp"] = column["S.out"] = -out if negative_out else out
    column["S.stock"] = chance.randrange(-90 * scale, 90 * scale)
    column["D"] = chance.randrange(-300 * scale, 300 * scale)
    column["S"] = column["C"] + column["D"]
    coming = sum(column[row] for row in ("S.rec", "S.imp", "S.in", "S.stock") if row in rows)
    column["S.prod"] = column["S"] - coming + out * sum(row in rows for row in ("S.exp", "S.out"))
    return {row: value for row, value in column.items() if row in rows}


def one_product(chance: random.Random, rows: list[str], scale: int) -> Column:
    """A year of 煤炭平衡表 or 石油平衡表: use as end use, as intermediate consumption, as loss."""
    column = overall(chance, [*rows, "T.loss", "S.rec", "L"], scale, negative_out=False)
    column["S.prod"] += column.pop("S.rec")
    column["?intermediate"] = column.pop("T.loss")
    quarter = column["?intermediate"] // 4
    column |= {"?power": quarter, "?heating": quarter, "?gas": quarter}
    column["?own"] = column["?intermediate"] - 3 * quarter
    column["?washed"] = column["L"]
    return {row: value for row, value in column.items() if row in rows}


def sound_table(name: str, chance: random.Random) -> Sheet:
    """A table of a layout whose identities hold to the last printed digit."""
    layout = LAYOUTS[name]
    sheet = Sheet(name, [])
    year = str(chance.randrange(2006, 2021))
    for line in layout["above"]:
        sheet.grid.append([words.format(year=year) for words in line])
    columns = _heads(sheet, layout, year)
    figures = _figures(layout, chance, columns)
    _rows(sheet, layout, columns, figures)
    for note in layout.get("below", ()):
        sheet.grid.append([note])
    sheet.squared()
    return sheet


def _heads(sheet: Sheet, layout: dict[str, Any], year: str) -> list[tuple[str, str, str]]:
    """The lines of heads; the (year, product, kind) of each column of figures."""
    stub = [words.format(year=year) for words in layout["head"]]
    at, first = len(sheet.grid), len(stub)
    blank = [""] * first
    if layout["across"] == "products":
        words = [product[1:] for product in layout["products"]]
        for number in range(max(map(len, words))):
            line = [words_of[number] for words_of in words]
            sheet.grid.append([*(stub if number == 0 else blank), *line])
            if number == 0 and layout.get("item_right"):
                sheet.grid[-1].append("Item")
        products = [product[0] for product in layout["products"]]
        sheet.heads = [(at, first + n) for n in range(len(products))]
        return [("", product, "") for product in products]
    product = layout["product"]
    if layout["across"] == "kinds":
        years = [str(int(year) - 1), year]
        sheet.grid.append([*stub, *(cell for y in years for cell in (y, ""))])
        sheet.grid.append([*blank, *["(实物量)", "(标准量)"] * 2])
        sheet.heads = [(at, first), (at, first + 2)]
        return [(y, product, kind) for y in years for kind in ("physical", "standard")]
    years = [str(int(year) - n) for n in reversed(range(layout["years"]))]
    sheet.grid.append([*stub, *years])
    sheet.heads = [(at, first + n) for n in range(len(years))]
    return [(y, product, "") for y in years]


def _figures(layout, chance, columns) -> list[Column]:
    rows, scale = [row for row, _ in layout["rows"]], 10 ** layout["decimals"]
    kind = layout.get("figures", "regional")
    made_of = {
        "regional": lambda: regional(chance, rows, scale),
        "overall": lambda: overall(chance, rows, scale, bool(layout.get("negative_out"))),
        "one_product": lambda: one_product(chance, rows, scale),
    }
    figures = [made_of[kind]() for _ in columns]
    for n, (_, _, of) in enumerate(columns):
        if of == "standard":
            figures[n] = {r: round(v * TCE_OF_KWH) for r, v in figures[n - 1].items()}
    products = [product for _, product, _ in columns]
    if "total_coal" in products:
        coals = [figures[n] for n, p in enumerate(products) if p not in ("total_coal", "coke")]
        total: Column = {}
        for coal in coals:
            for row, value in coal.items():
                total[row] = total.get(row, 0) + value
        figures[products.index("total_coal")] = total
    return figures


def _rows(sheet, layout, columns, figures) -> None:
    first, decimals = len(layout["head"]), layout["decimals"]
    zero_is_blank = layout.get("blank", "")
    for row, words in layout["rows"]:
        zh, _, second = words.partition("||")
        lines = zh.split("|")
        carries = next((n for n, line in enumerate(lines) if line.startswith("^")), 0)
        for number, line in enumerate(lines):
            cells = [line.removeprefix("^"), *[second] * (first - 1)]
            at = len(sheet.grid)
            if row and number == carries:
                sheet.names.append((at, 0))
                for n, (year, product, kind) in enumerate(columns):
                    cells.append(
                        _cell(
                            sheet,
                            (at, first + n),
                            zero_is_blank,
                            decimals,
                            (year, row, product, kind),
                            figures[n].get(row),
                        )
                    )
                if layout.get("item_right"):
                    cells.append(second)
            sheet.grid.append(cells)


def _cell(sheet, at: Place, blank: str, decimals: int, of, value: int | None) -> str:
    year, row, product, kind = of
    if value is None:
        if blank == "0":
            sheet.figures[at] = Figure(year, row, product, 0.0, kind)
        return blank
    shown = as_printed(value / 10**decimals, decimals)
    sheet.figures[at] = Figure(year, row, product, float(shown), kind)
    return shown
