"""One element that cannot be understood, planted in a sound table: the outcome is right or told,
never silent, and no right cell is accused.

Tables are drawn in layouts of yearbooks; ``HENGTAN_PLANTINGS`` sets how many (200 unless given).
"""

import os
import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from hengtan import packs
from hengtan.accounts.energy.foreign import read_tables
from hengtan.accounts.energy.foreign_checks import check_identities
from hengtan.accounts.energy.foreign_names import Names
from hengtan.basis.errors import HengtanError

NAMES = Names.of(packs.load("cn").rows("balance_names"))
COUNT = int(os.environ.get("HENGTAN_PLANTINGS", "200"))
LEAST_RIGHT = 0.7

ROWS = {
    "S": ("可供本地区消费的能源量", "一、可供本市消费能源量", "可供全省消费的能源量"),
    "S.prod": ("1.一次能源生产量", "生产量", "一次能源生产量"),
    "S.in": ("外省（区、市）调入量", "外省调入", "2.市外调入量"),
    "S.out": ("本省（区、市）调出量（-）", "本市调出量(－)", "调出量"),
    "S.stock": ("库存增（-）、减（+）量", "年初年末库存差额", "库存增减量"),
    "T": ("二、加工转换投入（-）产出（+）量", "加工转换", "加工转换投入产出量"),
    "T.power": ("1.火力发电", "火力发电"),
    "T.heat": ("供热", "2.供热"),
    "L": ("三、损失量", "损失量"),
    "F": ("四、终端消费量", "终端消费量", "终端消费"),
    "F.1.agri": ("农、林、牧、渔业", "1.农林牧渔业"),
    "F.2.ind": ("工业", "2.工业"),
    "F.2.cons": ("建筑业", "3.建筑业"),
    "F.3.trans": ("交通运输、仓储和邮政业", "交通运输、仓储及邮政业"),
    "F.3.trade": ("批发、零售业和住宿、餐饮业", "批发、零售和住宿、餐饮业"),
    "F.4": ("居民生活", "生活消费"),
    "D": ("五、平衡差额", "平衡差额(+、-)"),
}
PRODUCTS = {
    "raw_coal": ("原煤", "Raw Coal", "万吨"),
    "coke": ("焦炭", "Coke", "万吨"),
    "other_petroleum": ("其他石油制品", "Other Petroleum Products", "万吨"),
    "natural_gas": ("天然气", "Natural Gas", "亿立方米"),
    "electricity": ("电力", "Electricity", "亿千瓦小时"),
}
Cells = dict[tuple[str, str], float]


def sound_cells(chance: random.Random, products: list[str]) -> Cells:
    """Cells in hundredths that close."""
    cells: Cells = {}
    for product in products:
        column = {row: chance.randrange(1, 10**6) for row in ("S.prod", "S.in", "L")}
        column |= {row: chance.randrange(1, 10**6) for row in ROWS if row.startswith("F.")}
        column["S.out"] = -chance.randrange(1, 10**5)
        column["S.stock"] = chance.randrange(-(10**5), 10**5)
        column |= {row: chance.randrange(-(10**5), 10**5) for row in ("T.power", "T.heat")}
        column["S"] = sum(v for row, v in column.items() if row.startswith("S."))
        column["T"] = column["T.power"] + column["T.heat"]
        column["F"] = sum(v for row, v in column.items() if row.startswith("F."))
        column["D"] = column["S"] + column["T"] - column["L"] - column["F"]
        cells |= {(row, product): column[row] / 100 for row in ROWS}
    return cells


@dataclass
class Sheet:
    """A grid, where the cells of the truth stand, and where titles stand."""

    grid: list[list[str]]
    truth: dict[tuple[int, int], tuple[str, str, str, float]] = field(default_factory=dict)
    product_titles: list[tuple[int, int]] = field(default_factory=list)
    row_titles: list[tuple[int, int]] = field(default_factory=list)
    total: bool = False


def text(value: float) -> str:
    return f"{value:,.2f}"


def draw_titles(chance):
    return {row: chance.choice(spellings) for row, spellings in ROWS.items()}


def upright(
    chance: random.Random, key: str = "physical", start: int = 0, names: list[str] | None = None
):
    """A title, a unit line, products across, rows down."""
    products = names or chance.sample(list(PRODUCTS), 4)
    cells, titles = sound_cells(chance, products), draw_titles(chance)
    grid = [["表6-2 某市能源平衡表（实物量）", *[""] * len(products)]] if not start else []
    grid.append(["项　目", *(PRODUCTS[p][0] for p in products)])
    sheet = Sheet(grid)
    head = start + len(grid) - 1
    sheet.product_titles = [(head, c) for c in range(1, len(products) + 1)]
    if chance.random() < 0.6:
        grid.append(["", *(PRODUCTS[p][2] for p in products)])
    for row in ROWS:
        at = start + len(grid)
        sheet.row_titles.append((at, 0))
        grid.append([titles[row], *(text(cells[row, p]) for p in products)])
        for c, p in enumerate(products, 1):
            sheet.truth[at, c] = (key, row, p, cells[row, p])
    return sheet


def bilingual(chance):
    sheet = upright(chance)
    line, _ = sheet.product_titles[0]
    names = {zh: en for zh, en, _ in PRODUCTS.values()}
    english = ["Item", *(names[cell] for cell in sheet.grid[line][1:])]
    return moved(sheet, line + 1, english)


def moved(sheet: Sheet, at: int, line: list[str]) -> Sheet:
    """The sheet with a line put in."""

    def down(places):
        return [(r + (r >= at), c) for r, c in places]

    grid = [*sheet.grid[:at], line, *sheet.grid[at:]]
    truth = {(r + (r >= at), c): cell for (r, c), cell in sheet.truth.items()}
    return Sheet(grid, truth, down(sheet.product_titles), down(sheet.row_titles))


def transposed(chance):
    sheet = upright(chance)
    grid = [list(column) for column in zip(*sheet.grid, strict=True)]
    truth = {(c, r): cell for (r, c), cell in sheet.truth.items()}
    turn = [[(c, r) for r, c in places] for places in (sheet.product_titles, sheet.row_titles)]
    return Sheet(grid, truth, *turn)


def in_pairs(chance, heads, keys):
    """Two columns under each product: years, or kinds of quantity."""
    products = chance.sample(list(PRODUCTS), 3)
    titles = draw_titles(chance)
    tables = [sound_cells(chance, products) for _ in heads]
    across = [cell for p in products for cell in (PRODUCTS[p][0], *[""] * (len(heads) - 1))]
    grid = [["项目", *across], ["", *heads * len(products)]]
    sheet = Sheet(grid)
    sheet.product_titles = [(0, 1 + len(heads) * n) for n in range(len(products))]
    for row in ROWS:
        at = len(grid)
        sheet.row_titles.append((at, 0))
        line = [titles[row]]
        for p in products:
            for key, table in zip(keys, tables, strict=True):
                sheet.truth[at, len(line)] = (key, row, p, table[row, p])
                line.append(text(table[row, p]))
        grid.append(line)
    return sheet


def years_below(chance):
    return in_pairs(chance, ["2018", "2019"], ["2018", "2019"])


def kinds_below(chance):
    return in_pairs(chance, ["实物量", "标准量"], ["physical", "standard"])


def long(chance):
    products = chance.sample(list(PRODUCTS), 2)
    titles, cells = draw_titles(chance), sound_cells(chance, products)
    sheet = Sheet([["年份", "项目", "能源品种", "数值"]])
    for (row, p), value in cells.items():
        at = len(sheet.grid)
        sheet.truth[at, 3] = ("2019", row, p, value)
        sheet.row_titles.append((at, 1))
        sheet.product_titles.append((at, 2))
        sheet.grid.append(["2019", titles[row], PRODUCTS[p][0], text(value)])
    return sheet


def continued(chance):
    names = chance.sample(list(PRODUCTS), 4)
    first = upright(chance, names=names[:2])
    grid = [*first.grid, ["续表", "", ""]]
    second = upright(chance, start=len(grid), names=names[2:])
    places = (
        [*first.product_titles, *second.product_titles],
        [*first.row_titles, *second.row_titles],
    )
    return Sheet([*grid, *second.grid], first.truth | second.truth, *places)


def one_product(chance):
    product = chance.choice(["raw_coal", "electricity", "coke"])
    titles = draw_titles(chance)
    years = ["2017", "2018", "2019"]
    tables = {year: sound_cells(chance, [product]) for year in years}
    grid = [[f"7-3 某市{PRODUCTS[product][0]}平衡表", "", "", ""], ["项目", *years]]
    sheet = Sheet(grid)
    for row in ROWS:
        at = len(grid)
        sheet.row_titles.append((at, 0))
        grid.append([titles[row], *(text(tables[year][row, product]) for year in years)])
        for c, year in enumerate(years, 1):
            sheet.truth[at, c] = (year, row, product, tables[year][row, product])
    return sheet


OVERALL = {
    "S": ("可供消费的能源总量",),
    "S.prod": ("一次能源生产量",),
    "S.imp": ("进口量",),
    "S.exp": ("出口量(-)",),
    "S.stock": ("年初年末库存差额",),
    "C": ("能源消费总量",),
    "F.1.agri": ("1.农、林、牧、渔、水利业",),
    "F.2.ind": ("2.工业",),
    "F.3.trans": ("3.交通运输、仓储和邮政业",),
    "F.4": ("4.生活消费",),
    "F": ("（一）终端消费",),
    "W.F.2.ind": ("#工业",),
    "T.loss": ("（二）加工转换损失量",),
    "L": ("（三）损失量",),
    "D": ("平衡差额",),
}


def overall(chance):
    """综合能源平衡表: consumption as a whole, by sector and by use, years across."""
    years = ["2017", "2018"]
    grid = [["7-1 综合能源平衡表", "", ""], ["单位：万吨标准煤", "", ""], ["项目", *years]]
    sheet = Sheet(grid)
    tables = {year: _overall_cells(chance) for year in years}
    for row, (title,) in OVERALL.items():
        if row in ("F.1.agri", "F"):
            grid.append(["在总量中：", "", ""])
        sheet.row_titles.append((len(grid), 0))
        for c, year in enumerate(years, 1):
            sheet.truth[len(grid), c] = (year, row, "total_energy", tables[year][row])
        grid.append([title, *(text(tables[year][row]) for year in years)])
    return sheet


def _overall_cells(chance):
    cells = {row: chance.randrange(1, 10**6) for row in OVERALL}
    cells["S"] = cells["S.prod"] + cells["S.imp"] - cells["S.exp"] + cells["S.stock"]
    sectors = [row for row in OVERALL if row.startswith("F.")]
    cells["C"] = sum(cells[row] for row in sectors)
    cells["T.loss"], cells["L"] = cells["C"] // 10, cells["C"] // 20
    cells["F"] = cells["C"] - cells["T.loss"] - cells["L"]
    cells["W.F.2.ind"] = min(cells["F.2.ind"], cells["F"]) // 2
    cells["D"] = cells["S"] - cells["C"]
    return {row: value / 100 for row, value in cells.items()}


LAYOUTS = (
    overall,
    upright,
    bilingual,
    transposed,
    years_below,
    kinds_below,
    long,
    continued,
    one_product,
)


def put(sheet: Sheet, at: tuple[int, int], words: str) -> None:
    sheet.grid[at[0]][at[1]] = words


def mark_behind(chance, sheet):
    at = chance.choice(list(sheet.truth))
    put(sheet, at, sheet.grid[at[0]][at[1]] + chance.choice("①②③*†"))


def mark_within(chance, sheet):
    at = chance.choice(list(sheet.truth))
    put(sheet, at, chance.choice(["12③4", "1.2.3", "约5", "=SUM(A1:A3)", "12,5", "x", "…3", "8%"]))


def brackets(chance, sheet):
    negative = [at for at, cell in sheet.truth.items() if cell[3] < 0]
    if not negative:
        spaces(chance, sheet)
        return
    at = chance.choice(negative)
    shown = sheet.grid[at[0]][at[1]].removeprefix("-")
    put(sheet, at, chance.choice([f"({shown})", f"（{shown}）", f"－{shown}", f"\u2212 {shown}"]))


def spaces(chance, sheet):
    at = chance.choice(list(sheet.truth))
    shown = sheet.grid[at[0]][at[1]]
    put(
        sheet,
        at,
        chance.choice([shown.replace(",", "\u2009"), shown.replace(",", ""), f" {shown} "]),
    )


def unit_in_cell(chance, sheet):
    """The unit of the product, read where the table states one, or a unit of another kind."""
    at = chance.choice(list(sheet.truth))
    own = PRODUCTS.get(sheet.truth[at][2], ("", "", "万吨标准煤"))[2]
    put(sheet, at, f"{sheet.grid[at[0]][at[1]]}{chance.choice([own, own, '公里', 'GJ'])}")


def unit_in_title(chance, sheet):
    if not sheet.product_titles:
        return
    at = chance.choice(sheet.product_titles)
    unit = chance.choice(["万吨", "10⁴t", "亿kW·h", "亿m³"])
    put(sheet, at, f"{sheet.grid[at[0]][at[1]]}（{unit}）")


def unknown_row(chance, sheet):
    top = [at for at in sheet.row_titles if not sheet.grid[at[0]][at[1]].startswith("#")]
    put(sheet, chance.choice(top), chance.choice(["某种用途", "Haulage", "采矿 9"]))


def unknown_product(chance, sheet):
    if sheet.product_titles:
        put(sheet, chance.choice(sheet.product_titles), chance.choice(["粗苯", "煤泥浆", "Peat"]))


def split_title(chance, sheet):
    """The words of the products over two lines, where products stand across."""
    if len({r for r, _ in sheet.product_titles}) != 1:
        return unit_in_title(chance, sheet)
    (line,) = {r for r, _ in sheet.product_titles}
    at = chance.choice(sheet.product_titles)
    words = sheet.grid[line][at[1]]
    below = ["" for _ in sheet.grid[line]]
    sheet.grid[line][at[1]], below[at[1]] = words[:-1], words[-1:]
    after = moved(sheet, line + 1, below)
    sheet.grid[:], sheet.truth = after.grid, after.truth
    sheet.row_titles = after.row_titles
    return None


def total_line(chance, sheet):
    """A line of sums below the table, as reports have it."""
    sums = [chance.choice(["合计", "总计", "小计"])]
    for column in range(1, len(sheet.grid[0])):
        parts = [cell[3] for (_, c), cell in sheet.truth.items() if c == column]
        sums.append(text(sum(parts)) if parts else "")
    sheet.grid.append(sums)
    sheet.total = True


def page_number(chance, sheet):
    sheet.grid.append([""] * (len(sheet.grid[0]) - 1) + [str(chance.randrange(2, 400))])
    sheet.total = True


def foot_note(chance, sheet):
    note = chance.choice(
        ["注：2019年数据为初步核算数。", "资料来源：某市统计局", "①不含自备电厂。"]
    )
    sheet.grid.append([note, *[""] * (len(sheet.grid[0]) - 1)])


PLANTINGS = (
    mark_behind,
    mark_within,
    brackets,
    spaces,
    unit_in_cell,
    unit_in_title,
    unknown_row,
    unknown_product,
    split_title,
    total_line,
    page_number,
    foot_note,
)


def key_of(table) -> str:
    return table.kind or str(table.year or "")


def outcome(sheet: Sheet) -> str:
    """``right``: every cell of the truth is read as it is and all closes; ``told``: something is
    named as not read or unreadable, and what was read is as it is; ``silent`` and ``accused`` are
    faults.
    """
    try:
        read = read_tables(list(enumerate(sheet.grid, 1)), NAMES)
    except HengtanError:
        return "told"
    cells = {
        (key_of(table), row, product): cell.value
        for table in read.tables
        for (row, product), cell in table.cells.items()
    }
    truth = {(key, row, product): value for key, row, product, value in sheet.truth.values()}
    known = {
        at: value
        for at, value in cells.items()
        if at in truth or not sheet.total or at[2] != "total_energy"
    }
    wrong = [at for at, value in known.items() if truth.get(at) != value]
    if wrong:
        return "silent"
    results = [r for table in read.tables for r in check_identities(table).results]
    if any(result.state == "broken" for result in results):
        return "accused"
    is_read = len(known) == len(truth)
    is_named = bool(read.lost or read.asides) or len(known) < len(cells)
    if is_read and is_named == sheet.total:
        return "right"
    return "told" if read.lost else "silent"


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_a_sound_table_is_read_whole_in_every_layout(layout):
    for seed in range(5):
        assert outcome(layout(random.Random(seed))) == "right"


def test_what_is_planted_is_read_rightly_or_told():
    counts: Counter[str] = Counter()
    faults = []
    for seed in range(COUNT):
        chance = random.Random(seed)
        layout, planting = chance.choice(LAYOUTS), PLANTINGS[seed % len(PLANTINGS)]
        sheet = layout(chance)
        planting(chance, sheet)
        came = outcome(sheet)
        counts[came] += 1
        counts[f"{planting.__name__}: {came}"] += 1
        if came in ("silent", "accused"):
            faults.append((seed, layout.__name__, planting.__name__, came))
    print(sorted(counts.items()))
    assert faults == []


READABLE = (mark_behind, brackets, spaces, unit_in_title, split_title, foot_note)


def test_what_can_be_read_is_read():
    """Refusing everything is no reading: of plantings that a reader understands, most are read."""
    came = Counter()
    for seed in range(COUNT // 2):
        chance = random.Random(f"readable {seed}")
        sheet = chance.choice(LAYOUTS)(chance)
        READABLE[seed % len(READABLE)](chance, sheet)
        came[outcome(sheet)] += 1
    assert came["right"] >= LEAST_RIGHT * came.total()
