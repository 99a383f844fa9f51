"""One thing planted in a page of a form: what people and spreadsheets do to what they fill in."""

from __future__ import annotations

import random

from exported import HEAD, NUMBERS, Export

MARKS = ("①", "②", "③", "*", "†", "[1]", "ᵃ")
SCALED = {"吨": ("千克", 1000), "万吨": ("吨", 10**4), "亿元": ("万元", 10**4), "元": ("分", 100),
          "万吨标准煤": ("吨标准煤", 10**4), "吨标准煤": ("千克标准煤", 1000),
          "亿千瓦时": ("万千瓦时", 10**4), "万千瓦时": ("千瓦时", 10**4),
          "万吨二氧化碳": ("吨二氧化碳", 10**4), "吨二氧化碳": ("千克二氧化碳", 1000),
          "公顷": ("平方米", 10**4)}  # fmt: skip


def places(sheet: Export, wanted=lambda field, value: True, types=NUMBERS):
    """Filled cells of the fields of some types."""
    return [
        (line, column)
        for line in sheet.lines
        for column, field in sheet.columns.items()
        if field.type in types and sheet.page.cell(line, column).value not in (None, "")
        and wanted(field, sheet.page.cell(line, column).value)
    ]  # fmt: skip


def one(chance: random.Random, sheet: Export, **which):
    """A cell of the kind wanted, else any figure; LookupError on a form without figures."""
    of = places(sheet, **which) or places(sheet)
    if not of:
        raise LookupError(sheet.form.id)
    return chance.choice(of)


def value_at(sheet: Export, at):
    return sheet.page.cell(*at).value


def row_at(sheet: Export, at) -> dict:
    return sheet.right[sheet.lines.index(at[0])]


def lost(sheet: Export, at) -> None:
    """Nobody can say what stands there."""
    row_at(sheet, at)[sheet.columns[at[1]].id] = None
    sheet.must_tell = True


def plain(value) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def field_at(sheet: Export, at):
    return sheet.columns[at[1]]


def unit_at(sheet: Export, at) -> str:
    field = field_at(sheet, at)
    if field.unit_field:
        column = next(c for c, f in sheet.columns.items() if f.id == field.unit_field)
        return str(sheet.page.cell(at[0], column).value or "")
    return field.unit or ""


def mark_on_figure(chance, sheet):
    at = one(chance, sheet)
    sheet.put(at, plain(value_at(sheet, at)) + chance.choice(MARKS))


def mark_on_head(chance, sheet):
    at = (HEAD, chance.choice(list(sheet.columns)))
    sheet.put(at, str(value_at(sheet, at)).rstrip("*") + chance.choice(MARKS))


def mark_on_word(chance, sheet):
    at = one(chance, sheet, types=("reference", "choice", "place", "unit"))
    sheet.put(at, plain(value_at(sheet, at)) + chance.choice(MARKS))


def mark_on_period(chance, sheet):
    at = one(chance, sheet, types=("period",))
    sheet.put(at, plain(value_at(sheet, at)) + chance.choice(MARKS))


def mark_within(chance, sheet):
    at = one(chance, sheet)
    words = plain(value_at(sheet, at))
    cut = max(1, len(words) // 2)
    if cut == len(words):
        return mark_on_figure(chance, sheet)
    sheet.put(at, words[:cut] + chance.choice("①②③") + words[cut:])
    return lost(sheet, at)


def words_for_figure(chance, sheet):
    at = one(chance, sheet)
    words = plain(value_at(sheet, at))
    sheet.put(at, chance.choice([f"约{words}", f"{words}左右", "1.2.3", "x", "#REF!", f"{words}?"]))
    lost(sheet, at)


def per_cent(chance, sheet):
    at = one(chance, sheet)
    sheet.put(at, f"{plain(value_at(sheet, at))}%")
    field = field_at(sheet, at)
    if field.type == "number" and not field.unit:
        row_at(sheet, at)[field.id] /= 100
    elif unit_at(sheet, at) != "%":
        lost(sheet, at)


def formula_without_result(chance, sheet):
    at = one(chance, sheet)
    sheet.put(at, "=Z1*2")
    lost(sheet, at)


def brackets(chance, sheet):
    at = one(chance, sheet)
    row = row_at(sheet, at)
    field = field_at(sheet, at)
    sheet.put(at, chance.choice(["({})", "（{}）"]).format(plain(value_at(sheet, at))))
    if field.minimum is not None and field.minimum >= 0:
        return lost(sheet, at)
    row[field.id] = -row[field.id]
    return sheet.forgiven.add("checked")


def spaces(chance, sheet):
    at = one(chance, sheet)
    whole, point, rest = plain(value_at(sheet, at)).partition(".")
    mark = chance.choice([",", "\u2009", "\u00a0", "，", "\u202f"])
    sheet.put(at, f"{int(whole):,}".replace(",", mark) + point + rest + chance.choice(["", " "]))


def full_width(chance, sheet):
    at = one(chance, sheet)
    wide = {ord(a): chr(ord(a) + 0xFEE0) for a in "0123456789.-"}
    sheet.put(at, plain(value_at(sheet, at)).translate(wide))


def decimal_comma(chance, sheet):
    at = one(chance, sheet, wanted=lambda f, value: "." in plain(value))
    sheet.put(at, plain(value_at(sheet, at)).replace(".", ","))


def scientific(chance, sheet):
    at = one(chance, sheet)
    sheet.put(at, f"{float(value_at(sheet, at)):.8E}")


def number_as_text(chance, sheet):
    at = one(chance, sheet)
    sheet.put(at, chance.choice(["'{}", " {}", "{}　", "+{}"]).format(plain(value_at(sheet, at))))


def unit_in_cell(chance, sheet):
    at = one(chance, sheet, wanted=lambda f, value: bool(f.unit or f.unit_field))
    sheet.put(at, plain(value_at(sheet, at)) + unit_at(sheet, at))


def other_unit_in_cell(chance, sheet):
    at = one(chance, sheet, wanted=lambda f, value: bool(f.unit or f.unit_field))
    small, factor = SCALED.get(unit_at(sheet, at), ("", 0))
    if not factor:
        return unit_in_cell(chance, sheet)
    return sheet.put(at, f"{value_at(sheet, at) * factor:.0f}{small}")


def unit_in_head(chance, sheet):
    of = [c for c, f in sheet.columns.items() if f.unit] or list(sheet.columns)
    column = chance.choice(of)
    unit = sheet.columns[column].unit
    words = str(sheet.page.cell(HEAD, column).value)
    if unit:
        words += chance.choice(["（{}）", "({})", "/{}", " {}"]).format(unit)
    sheet.put((HEAD, column), words)


def other_unit_in_head(chance, sheet):
    of = [c for c, f in sheet.columns.items() if f.unit in SCALED]
    if not of:
        return unit_in_head(chance, sheet)
    column = chance.choice(of)
    small, factor = SCALED[sheet.columns[column].unit]
    for line in sheet.lines:
        value = sheet.page.cell(line, column).value
        if value is not None:
            sheet.page.cell(line, column).value = round(value * factor)
    words = str(sheet.page.cell(HEAD, column).value).rstrip("*")
    return sheet.put((HEAD, column), words + chance.choice(["（{}）", "({})"]).format(small))


def total_line(chance, sheet):
    at = sheet.lines[-1] + 1
    for column, field in sheet.columns.items():
        parts = [sheet.page.cell(line, column).value for line in sheet.lines]
        numbers = [p for p in parts if isinstance(p, int | float) and not isinstance(p, bool)]
        if field.type in NUMBERS and numbers:
            sheet.page.cell(at, column).value = round(sum(numbers), 2)
    sheet.put((at, 1), chance.choice(["合计", "总计", "合　计", "小计"]))


def head_over_two_lines(chance, sheet):
    of = [c for c in sheet.columns if len(str(sheet.page.cell(HEAD, c).value)) > 3]
    column = chance.choice(of or list(sheet.columns))
    words = str(sheet.page.cell(HEAD, column).value)
    cut = len(words) // 2
    move_rows(sheet, HEAD + 1)
    sheet.page.cell(HEAD, column).value = words[:cut]
    sheet.put((HEAD + 1, column), words[cut:])


def move_rows(sheet, at, count=1):
    sheet.page.insert_rows(at, count)
    sheet.lines = [line + count * (line >= at) for line in sheet.lines]


def page_break(chance, sheet):
    at = sheet.lines[len(sheet.lines) // 2]
    heads = [sheet.page.cell(HEAD, column).value for column in sheet.columns]
    move_rows(sheet, at)
    for column, words in zip(sheet.columns, heads, strict=True):
        sheet.page.cell(at, column).value = words
    sheet.planted = f"heads again in line {at}"


def blank_line(chance, sheet):
    at = chance.choice(sheet.lines[1:])
    move_rows(sheet, at)
    sheet.planted = f"blank line {at}"


def move_columns(sheet, at):
    sheet.page.insert_cols(at)
    sheet.columns = {c + (c >= at): f for c, f in sheet.columns.items()}


def blank_column(chance, sheet):
    at = chance.choice(list(sheet.columns))
    move_columns(sheet, at)
    sheet.planted = f"blank column {at}"


def hidden_line(chance, sheet):
    at = chance.choice(sheet.lines)
    sheet.page.row_dimensions[at].hidden = True
    sheet.planted = f"hidden line {at}"


def note_below(chance, sheet):
    words = [
        "注：2023年数据为初步核算数。",
        "填表人：张三",
        "资料来源：某市统计局",
        "①含自备电厂。",
    ]
    sheet.put((sheet.lines[-1] + 1, 1), chance.choice(words))


def note_above(chance, sheet):
    move_rows(sheet, 1)
    sheet.put((1, 1), chance.choice(["附件2", "密级：内部", "填报单位：虚岭市统计局", "第 3 页"]))


def column_of_numbers(chance, sheet):
    move_columns(sheet, 1)
    for number, line in enumerate(sheet.lines, 1):
        sheet.page.cell(line, 1).value = number
    sheet.put((HEAD, 1), chance.choice(["序号", "编号", "行次"]))


def english_beside(chance, sheet):
    column = chance.choice(list(sheet.columns))
    field = sheet.columns[column]
    sheet.put((HEAD, column), chance.choice([
        f"{field.title_zh} {field.title_en}", f"{field.title_zh}\n{field.title_en}",
        field.title_en]))  # fmt: skip


def unknown_column(chance, sheet):
    at = len(sheet.columns) + 1
    for line in sheet.lines:
        sheet.page.cell(line, at).value = round(chance.uniform(1, 99), 1)
    sheet.put((HEAD, at), chance.choice(["炭黑油", "内部折算额", "其中：临时用量"]))
    sheet.must_tell = True


def unknown_word(chance, sheet):
    at = one(chance, sheet, types=("reference", "choice", "place"))
    if field_at(sheet, at).type in NUMBERS:
        return words_for_figure(chance, sheet)
    sheet.put(at, chance.choice(["某种用途", "Haulage", "丙三"]))
    return lost(sheet, at)


def code_through_number(chance, sheet):
    at = one(chance, sheet, types=("code",))
    if field_at(sheet, at).type != "code":
        return scientific(chance, sheet)
    sheet.put(at, chance.choice(["9.18899E+17", 918899010000000000, "918899010000000000"]))
    return lost(sheet, at)


def period_in_words(chance, sheet):
    at = one(chance, sheet, types=("period",))
    words = plain(value_at(sheet, at))
    if not words.isdigit():
        return number_as_text(chance, sheet)
    value = chance.choice([f"{words}年", f"{words}年度", f"{words}年1-12月", int(words)])
    return sheet.put(at, value)


PLANTINGS = (
    mark_on_figure, mark_on_head, mark_on_word, mark_on_period, mark_within, words_for_figure,
    per_cent, formula_without_result, brackets, spaces, full_width, decimal_comma, scientific,
    number_as_text, unit_in_cell, other_unit_in_cell, unit_in_head, other_unit_in_head, total_line,
    head_over_two_lines, page_break, blank_line, blank_column, hidden_line, note_below, note_above,
    column_of_numbers, english_beside, unknown_column, unknown_word, code_through_number,
    period_in_words,
)  # fmt: skip
