"""One thing planted in a printed balance: what people, scanners and spreadsheets do to tables.

Each function changes the sheet and what is right of it; ``must_tell`` where nobody could read it.
"""

from __future__ import annotations

import random
from dataclasses import replace

from printed import Sheet

MARKS = ("①", "②", "③", "*", "†", "[1]", " a)", "ᵃ")
SCALED = {
    "万吨标准煤": ("吨标准煤", 10**4),
    "万吨": ("吨", 10**4),
    "亿千瓦时": ("万千瓦时", 10**4),
    "亿立方米": ("万立方米", 10**4),
}
UNIT_OF = {
    "electricity": "亿千瓦时",
    "natural_gas": "亿立方米",
    "coke_oven_gas": "亿立方米",
    "heat": "百亿千焦",
    "total_energy": "万吨标准煤",
    "other_energy": "万吨标准煤",
}
STANDARD = ("shandong_2006", "shandong_2008_english")


def unit_of(sheet: Sheet, at) -> str:
    figure = sheet.figures[at]
    if sheet.layout in STANDARD or figure.kind == "standard":
        return "万吨标准煤"
    return UNIT_OF.get(figure.product, "万吨")


def any_figure(chance: random.Random, sheet: Sheet, wanted=lambda figure: True):
    places = [at for at, figure in sheet.figures.items() if wanted(figure)]
    return chance.choice(places or list(sheet.figures))


def not_zero(figure) -> bool:
    return figure.value != 0


def mark_on_figure(chance, sheet):
    at = any_figure(chance, sheet, not_zero)
    sheet.put(at, sheet.text(at) + chance.choice(MARKS))


def mark_on_row(chance, sheet):
    at = chance.choice(sheet.names)
    sheet.put(at, sheet.text(at).rstrip() + chance.choice(MARKS))


def mark_on_head(chance, sheet):
    at = chance.choice(sheet.heads)
    sheet.put(at, sheet.text(at) + chance.choice(MARKS))


def mark_within(chance, sheet):
    at = any_figure(chance, sheet, not_zero)
    words = sheet.text(at)
    cut = max(1, len(words) // 2)
    sheet.put(at, words[:cut] + chance.choice("①②③") + words[cut:])
    lost(sheet, at)


def lost(sheet, at):
    del sheet.figures[at]
    sheet.must_tell = True


def words_for_figure(chance, sheet):
    at = any_figure(chance, sheet, not_zero)
    words = sheet.text(at)
    sheet.put(at, chance.choice([f"约{words}", f"{words}左右", "1.2.3", "x", "#REF!", f"{words}?"]))
    lost(sheet, at)


def per_cent_for_figure(chance, sheet):
    at = any_figure(chance, sheet, not_zero)
    sheet.put(at, f"{sheet.text(at)}%")
    lost(sheet, at)


def formula_without_result(chance, sheet):
    at = any_figure(chance, sheet, not_zero)
    sheet.put(at, "=SUM(B5:B9)")
    sheet.formulas.add(at)
    lost(sheet, at)


def brackets(chance, sheet):
    at = any_figure(chance, sheet, lambda figure: figure.value < 0)
    if sheet.figures[at].value >= 0:
        return spaces(chance, sheet)
    shown = sheet.text(at).removeprefix("-")
    return sheet.put(at, chance.choice([f"({shown})", f"（{shown}）", f"－{shown}", f"− {shown}"]))


def spaces(chance, sheet):
    at = any_figure(chance, sheet, lambda figure: abs(figure.value) >= 1000)
    whole, point, rest = sheet.text(at).partition(".")
    sign, digits = whole[: whole.startswith("-")], whole.lstrip("-")
    mark = chance.choice([",", "\u2009", "\u00a0", "，", "\u202f"])
    shown = f"{int(digits):,}".replace(",", mark)
    sheet.put(at, f"{sign}{shown}{point}{rest}{chance.choice(['', ' '])}")


def full_width(chance, sheet):
    at = any_figure(chance, sheet)
    wide = {ord(a): chr(ord(a) + 0xFEE0) for a in "0123456789.-"}
    sheet.put(at, sheet.text(at).translate(wide))


def decimal_comma(chance, sheet):
    at = any_figure(chance, sheet, not_zero)
    sheet.put(at, sheet.text(at).replace(".", ","))


def scientific(chance, sheet):
    at = any_figure(chance, sheet, not_zero)
    value = sheet.figures[at].value
    sheet.put(at, f"{value:.8E}")


def unit_in_cell(chance, sheet):
    at = any_figure(chance, sheet, not_zero)
    sheet.put(at, sheet.text(at) + unit_of(sheet, at))


def other_unit_in_cell(chance, sheet):
    at = any_figure(chance, sheet, not_zero)
    small, factor = SCALED.get(unit_of(sheet, at), ("公里", 1))
    value = sheet.figures[at].value * factor
    sheet.put(at, f"{value:.0f}{small}")
    if factor == 1:
        lost(sheet, at)


def unit_in_head(chance, sheet):
    at = chance.choice(sheet.heads)
    under = next(place for place in sheet.figures if place[1] == at[1])
    sheet.put(
        at,
        f"{sheet.text(at)}{chance.choice(['（{}）', '({})', '/{}'])}".format(unit_of(sheet, under)),
    )


def other_unit_in_head(chance, sheet):
    """A column in a thousandth or ten-thousandth of the unit of the table, and printed so."""
    at = chance.choice(sheet.heads)
    column = [place for place in sheet.figures if place[1] == at[1]]
    small, factor = SCALED.get(unit_of(sheet, column[0]), ("", 1))
    if factor == 1:
        return unit_in_head(chance, sheet)
    for place in column:
        sheet.grid[place[0]][place[1]] = f"{sheet.figures[place].value * factor:.0f}"
        figure = sheet.figures[place]
        sheet.units[f"{place[0]}"] = (small, factor)
        sheet.figures[place] = replace(figure, kind=f"{figure.kind}*")
    return sheet.put(at, f"{sheet.text(at)}（{small}）")


def total_line(chance, sheet):
    at = sheet.last_line() + 1
    sums = dict.fromkeys(sheet.columns(), 0.0)
    for (_, column), figure in sheet.figures.items():
        sums[column] += figure.value
    line = [""] * sheet.width()
    for column, value in sums.items():
        line[column] = f"{value:.2f}"
    line[0] = chance.choice(["合计", "总计", "合　计", "Total"])
    sheet.line_in(at, line)
    sheet.aside.add(at)


def total_column(chance, sheet):
    """A column that adds the products of a standard table; elsewhere a line of sums."""
    if sheet.layout not in STANDARD:
        return total_line(chance, sheet)
    at = sheet.columns()[-1] + 1
    column = [""] * len(sheet.grid)
    column[sheet.head_line()] = chance.choice(["合计", "总计", "能源合计"])
    for line in sheet.lines():
        parts = [
            f.value
            for (r, c), f in sheet.figures.items()
            if r == line and f.product in ("total_coal", "coke")
        ]
        column[line] = f"{sum(parts):.1f}"
    sheet.column_in(at, column)
    sheet.aside_columns.add(at)
    return None


def head_over_two_lines(chance, sheet):
    line = chance.choice(sheet.heads)[0]
    columns = [c for r, c in sheet.heads if r == line and len(sheet.text((r, c))) > 1]
    column = chance.choice(columns)
    words = sheet.text((line, column))
    if words.isdigit():
        words = f"{words}年"
    cut = words.rfind(" ") if " " in words.strip() else len(words) - 1
    under = [""] * sheet.width()
    under[column] = words[cut:].strip()
    sheet.grid[line][column] = words[:cut].strip()
    sheet.line_in(line + 1, under)


def name_over_two_lines(chance, sheet):
    long = [at for at in sheet.names if len(sheet.text(at).strip()) > 5]
    line, column = chance.choice(long)
    words = sheet.text((line, column))
    cut = words.rfind(" ") if words.isascii() and " " in words.strip() else len(words) - 2
    under = [""] * sheet.width()
    under[column] = f"  {words[cut:].strip()}"
    sheet.grid[line][column] = words[:cut]
    sheet.line_in(line + 1, under)


def page_break(chance, sheet):
    """The table goes on below its heads, printed again under 续表."""
    line = chance.choice(sheet.lines()[3:-3])
    first = min(r for r, _ in sheet.heads)
    heads = [list(cells) for cells in sheet.grid[first : min(sheet.lines())]]
    for cells in reversed(heads):
        sheet.line_in(line, cells)
    sheet.line_in(line, [chance.choice(["续表", "续表1", "(续)", "continued"])])


def blank_line(chance, sheet):
    sheet.line_in(chance.choice(sheet.lines()), [])


def blank_column(chance, sheet):
    sheet.column_in(chance.choice(sheet.columns()), [])


def hidden_line(chance, sheet):
    sheet.hidden.add(chance.choice(sheet.lines()))
    sheet.planted = f"hidden {sheet.hidden}"


def note_below(chance, sheet):
    sheet.line_in(
        len(sheet.grid),
        [
            chance.choice(
                [
                    "注：2019年数据为初步核算数。",
                    "资料来源：某市统计局",
                    "①不含自备电厂。",
                    "a) Data of 2010 are preliminary.",
                    "数据来源：2021年统计年报，编号3。",
                ]
            )
        ],
    )


def note_above(chance, sheet):
    sheet.line_in(
        0, [chance.choice(["第7篇 能源", "156", "某市统计年鉴2021", "本表按2020年不变价"])]
    )


def column_of_numbers(chance, sheet):
    """代码 before the figures, as forms of the statistics offices have it."""
    column = [""] * len(sheet.grid)
    column[sheet.head_line()] = chance.choice(["代码", "序号", "行次"])
    digits = chance.choice([1, 2])
    for number, line in enumerate(sheet.lines(), 1):
        column[line] = str(number).zfill(digits)
    sheet.column_in(sheet.columns()[0], column)


def line_of_letters(chance, sheet):
    """甲 | 1 | 2 | 3 below the heads."""
    line = [""] * sheet.width()
    line[0] = "甲"
    for number, column in enumerate(sheet.columns(), 1):
        line[column] = str(number)
    sheet.line_in(min(sheet.lines()), line)


def growth_column(chance, sheet):
    """比上年增长(%) at the right; it is no product and no year. Right over years, else invented."""
    column = [""] * len(sheet.grid)
    column[sheet.head_line()] = chance.choice(["比上年增长(%)", "增长率（%）", "Growth Rate (%)"])
    for line in sheet.lines():
        values = [f.value for (r, _), f in sorted(sheet.figures.items()) if r == line and f.year]
        last = values[-2:] if len(values) > 1 and values[-2] else [1.0, chance.uniform(0.9, 1.1)]
        column[line] = f"{(last[1] / last[0] - 1) * 100:.1f}"
    at = sheet.columns()[-1] + 1
    sheet.column_in(at, column)
    sheet.aside_columns.add(-at)


def unknown_row(chance, sheet):
    line, column = chance.choice([at for at in sheet.names if at[0] in sheet.lines()])
    sheet.put((line, column), chance.choice(["某种用途", "Haulage", "采矿 9", "其他调整"]))
    for at in [at for at in sheet.figures if at[0] == line]:
        del sheet.figures[at]
    sheet.must_tell = True


def unknown_row_more(chance, sheet):
    line = chance.choice(sheet.lines()[1:])
    cells = [""] * sheet.width()
    cells[0] = chance.choice(["某种用途", "Haulage", "储能充电量"])
    for column in sheet.columns():
        cells[column] = f"{chance.uniform(1, 99):.1f}"
    sheet.line_in(line, cells)
    sheet.must_tell = True


def unknown_column(chance, sheet):
    at = sheet.columns()[-1] + 1
    column = [""] * len(sheet.grid)
    column[sheet.head_line()] = chance.choice(["炭黑油", "Peat", "甲醇蛋白"])
    for line in sheet.lines():
        column[line] = f"{chance.uniform(1, 99):.1f}"
    sheet.column_in(at, column)
    sheet.must_tell = True


def unknown_head(chance, sheet):
    at = chance.choice(sheet.heads)
    sheet.put(at, chance.choice(["某年", "Peat", "炭黑油"]))
    last = min((c for _, c in sheet.heads if c > at[1]), default=10**6)
    for place in [p for p in sheet.figures if at[1] <= p[1] < last]:
        del sheet.figures[place]
    sheet.must_tell = True


def year_in_words(chance, sheet):
    at = chance.choice(sheet.heads)
    words = sheet.text(at)
    if not words.isdigit():
        return mark_on_head(chance, sheet)
    return sheet.put(at, chance.choice([f"{words}年", f" {words} ", f"{words} 年", f"{words}年度"]))


PLANTINGS = (
    mark_on_figure, mark_on_row, mark_on_head, mark_within, words_for_figure, per_cent_for_figure,
    formula_without_result, brackets, spaces, full_width, decimal_comma, scientific, unit_in_cell,
    other_unit_in_cell, unit_in_head, other_unit_in_head, total_line, total_column,
    head_over_two_lines, name_over_two_lines, page_break, blank_line, blank_column, hidden_line,
    note_below, note_above, column_of_numbers, line_of_letters, growth_column, unknown_row,
    unknown_row_more, unknown_column, unknown_head, year_in_words,
)  # fmt: skip
