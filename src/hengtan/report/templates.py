"""Excel templates of forms: a header row with comments, lists to choose from, formats, and a sheet of filling notes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.place import PlaceTree
from hengtan.ledger.forms import Field, Form
from hengtan.report.html import write_whole

LISTS = "_选项"
FILL, NOTES = "填报", "填报说明"
ROWS = 2000
COMMON_UNITS = (
    "%", "个", "家", "万家", "亿元", "万元", "万吨", "吨", "万吨标准煤", "吨标准煤", "亿千瓦时", "万千瓦时", "万千瓦", "亿立方米", "万立方米", "平方公里", "万平方公里", "公顷", "万亩", "公里",
    "万平方米", "平方米/人", "万人", "万标箱", "天", "微克/立方米", "吨标准煤/万元", "立方米/万元",
)
TYPE_ZH = {
    "text": "文字", "code": "代码", "number": "数字", "integer": "整数", "quantity": "数字或记号", "unit": "计量单位", "date": "日期", "period": "时期", "place": "地区", "choice": "选项",
    "reference": "选项", "boolean": "是或否",
}
WIDTHS = {"text": 26, "reference": 34, "quantity": 14, "number": 12, "integer": 12, "unit": 13, "date": 14, "period": 18, "place": 20, "choice": 14}


def write_template(
    form: Form, path: Path, *, places: PlaceTree, lookups: Mapping[str, Mapping[str, str]], rows: Sequence[Mapping[str, Any]] = ()
) -> Path:
    """Write an .xlsx template of a form, whole or not at all.

    ``lookups``: pack table → {id: Chinese name} for fields that refer to one; ``rows``: values by field id to fill in beforehand.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = FILL
    lists = book.create_sheet(LISTS)
    notes = book.create_sheet(NOTES)
    sheet["A1"] = f"{form.title_zh}　{form.title_en}"
    sheet["A1"].font = Font(name="微软雅黑", size=14, bold=True)
    sheet["A2"] = f"{form.note_zh} 填报说明见“{NOTES}”；带 * 的为必填。"
    sheet["A2"].font = Font(name="微软雅黑", size=9, color="555555")
    head = 3
    for n, field in enumerate(form.fields, start=1):
        letter = get_column_letter(n)
        cell = sheet.cell(head, n, f"{field.title_zh}{'*' if field.required else ''}")
        cell.font = Font(name="微软雅黑", size=11, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="14505C" if field.required else "5B7C85")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.comment = _comment(field)
        sheet.column_dimensions[letter].width = WIDTHS.get(field.type, 16)
        choices = _choices(field, places, lookups)
        if choices:
            _add_list(sheet, lists, n, letter, choices, head, strict=field.type in ("choice", "reference", "place"))
        if field.type in ("number", "integer"):
            _add_number(sheet, letter, field, head)
        for row in range(head + 1, head + 1 + min(ROWS, 300)):
            if field.type == "date":
                sheet.cell(row, n).number_format = "yyyy-mm-dd"
            elif field.type in ("period", "text", "code", "unit"):
                sheet.cell(row, n).number_format = "@"
    for offset, given in enumerate(rows, start=head + 1):
        for n, field in enumerate(form.fields, start=1):
            if given.get(field.id) is not None:
                sheet.cell(offset, n, given[field.id])
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    sheet.row_dimensions[head].height = 30
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(form.fields))}{head}"
    lists.sheet_state = "hidden"
    _write_notes(notes, form, places, lookups)
    out = io.BytesIO()
    book.save(out)
    return write_whole(Path(path), out.getvalue())


def _comment(field: Field) -> Any:
    from openpyxl.comments import Comment

    parts = [f"{field.title_en}（{TYPE_ZH[field.type]}{'，必填' if field.required else ''}）", field.note_zh]
    comment = Comment("\n".join(p for p in parts if p), "衡碳")
    comment.width, comment.height = 260, 90
    return comment


def _choices(field: Field, places: PlaceTree, lookups: Mapping[str, Mapping[str, str]]) -> list[str]:
    if field.type == "choice" and field.choices:
        return [zh for zh, _ in field.choices.values()]
    if field.type == "reference" and field.reference:
        names = lookups.get(field.reference, {})
        shown = list(names.values())
        return [name if shown.count(name) == 1 else code for code, name in names.items()]
    if field.type == "place":
        return [p.name_zh for p in places if p.kind in ("city", "district", "group", "functional_zone")]
    if field.type == "unit":
        return list(COMMON_UNITS)
    return []


def _add_list(sheet: Any, lists: Any, n: int, letter: str, choices: Sequence[str], head: int, *, strict: bool) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    for row, choice in enumerate(choices, start=1):
        lists.cell(row, n, choice)
    rule = DataValidation(type="list", formula1=f"'{LISTS}'!${letter}$1:${letter}${len(choices)}", allow_blank=True)
    rule.showErrorMessage = strict
    rule.errorStyle = "warning"
    rule.errorTitle, rule.error = "不在列表中", "请从列表中选择，或填写编号；导入时会再检查。"
    sheet.add_data_validation(rule)
    rule.add(f"{letter}{head + 1}:{letter}{head + ROWS}")


def _add_number(sheet: Any, letter: str, field: Field, head: int) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    if field.minimum is None or field.maximum is None:
        return
    rule = DataValidation(type="decimal", operator="between", formula1=str(field.minimum), formula2=str(field.maximum), allow_blank=True)
    rule.errorTitle, rule.error = "超出范围", f"应在 {field.minimum:g} 到 {field.maximum:g} 之间"
    rule.showErrorMessage = True
    sheet.add_data_validation(rule)
    rule.add(f"{letter}{head + 1}:{letter}{head + ROWS}")


def _write_notes(notes: Any, form: Form, places: PlaceTree, lookups: Mapping[str, Mapping[str, str]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    notes.append(["列", "English", "类型", "必填", "说明", "可选值（前若干项）"])
    for cell in notes[1]:
        cell.font = Font(name="微软雅黑", bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="14505C")
    for field in form.fields:
        choices = _choices(field, places, lookups)
        shown = "、".join(choices[:12]) + ("……" if len(choices) > 12 else "")
        notes.append([field.title_zh, field.title_en, TYPE_ZH[field.type], "是" if field.required else "", field.note_zh, shown])
    notes.append([])
    notes.append(["审核关系"])
    for check in form.checks:
        notes.append([check.zh, check.en, "错误" if check.level == "error" else "提示", "", check.todo])
    for letter, width in zip("ABCDEF", (16, 18, 12, 7, 46, 60), strict=True):
        notes.column_dimensions[letter].width = width
    for row in notes.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    notes.freeze_panes = "A2"
