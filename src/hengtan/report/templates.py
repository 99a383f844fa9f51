"""Excel templates of forms: a header row with comments, lists to choose from, formats, and a sheet of filling notes."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hengtan.basis.place import PlaceTree
from hengtan.basis.whole_files import write_whole
from hengtan.ledger.forms import Field, Form

LISTS = "_选项"
FONT = "微软雅黑"
LISTED_PLACES = ("city", "district", "group", "functional_zone")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FILL, NOTES = "填报", "填报说明"
ROWS = 2000
COMMON_UNITS = (
    "%",
    "个",
    "家",
    "万家",
    "亿元",
    "万元",
    "万吨",
    "吨",
    "万吨标准煤",
    "吨标准煤",
    "亿千瓦时",
    "万千瓦时",
    "万千瓦",
    "亿立方米",
    "万立方米",
    "平方公里",
    "万平方公里",
    "公顷",
    "万亩",
    "公里",
    "万平方米",
    "平方米/人",
    "万人",
    "万标箱",
    "天",
    "微克/立方米",
    "吨标准煤/万元",
    "立方米/万元",
)
TYPE_ZH = {
    "text": "文字",
    "code": "代码",
    "number": "数字",
    "integer": "整数",
    "quantity": "数字或记号",
    "unit": "计量单位",
    "date": "日期",
    "period": "时期",
    "place": "地区",
    "choice": "选项",
    "reference": "选项",
    "boolean": "是或否",
}
WIDTHS = {
    "text": 26,
    "reference": 34,
    "quantity": 14,
    "number": 12,
    "integer": 12,
    "unit": 13,
    "date": 14,
    "period": 18,
    "place": 20,
    "choice": 14,
}


def write_template(
    form: Form,
    path: Path,
    *,
    places: PlaceTree,
    lookups: Mapping[str, Mapping[str, str]],
    rows: Sequence[Mapping[str, Any]] = (),
) -> Path:
    """Write an .xlsx template of a form, whole or not at all.

    ``lookups``: pack table → {id: Chinese name} for fields that refer to one; ``rows``: values by field id to fill in beforehand
    (codes of places, choices and references are shown by name). Text stays text: what looks like a formula is none.
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
    sheet["A1"].font = Font(name=FONT, size=14, bold=True)
    sheet["A2"] = f"{form.note_zh} 填报说明见“{NOTES}”；带 * 的为必填。"
    sheet["A2"].font = Font(name=FONT, size=9, color="555555")
    head = 3
    for n, field in enumerate(form.fields, start=1):
        letter = get_column_letter(n)
        cell = sheet.cell(head, n, f"{field.title_zh}{'*' if field.required else ''}")
        cell.font = Font(name=FONT, size=11, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="14505C" if field.required else "5B7C85")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.comment = _comment(field)
        column = sheet.column_dimensions[letter]
        column.width, column.font, column.number_format = (
            WIDTHS.get(field.type, 16),
            Font(name=FONT, size=10),
            _format(field),
        )
        choices = _choices(field, places, lookups)
        if choices:
            _add_list(
                sheet,
                lists,
                n,
                letter,
                choices,
                head,
                head + max(ROWS, len(rows)),
                strict=field.type in ("choice", "reference", "place"),
            )
        if field.type in ("number", "integer"):
            _add_number(sheet, letter, field, head)
    shown = {f.id: _names(f, places, lookups) for f in form.fields}
    for offset, given in enumerate(rows, start=head + 1):
        for n, field in enumerate(form.fields, start=1):
            value = given.get(field.id)
            if value is not None:
                cell = sheet.cell(offset, n)
                _put(cell, shown[field.id].get(str(value), value))
                cell.number_format, cell.font = _format(field), Font(name=FONT, size=10)
    sheet.freeze_panes = sheet.cell(head + 1, 1)
    sheet.row_dimensions[head].height = 30
    sheet.print_title_rows = f"{head}:{head}"
    for page in (sheet, notes):
        page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(form.fields))}{head}"
    lists.sheet_state = "hidden"
    _write_notes(notes, form, places, lookups)
    out = io.BytesIO()
    book.save(out)
    return write_whole(Path(path), out.getvalue())


def _format(field: Field) -> str:
    """Periods and words are text, so that Excel makes no date of 2024-03 and no number of 001."""
    return (
        "yyyy-mm-dd"
        if field.type == "date"
        else "@"
        if field.type in ("period", "text", "code", "unit", "choice", "reference", "place")
        else "General"
    )


def _put(cell: Any, value: Any) -> None:
    """A value in a cell; text without the control characters a workbook cannot hold, and never as a formula."""
    if not isinstance(value, str):
        cell.value = value if isinstance(value, (int, float, date)) else str(value)
        return
    cell.value = _UNPRINTABLE.sub("", value)[:32_767]
    cell.data_type = "s"


def _names(
    field: Field, places: PlaceTree, lookups: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Code → the name it is listed under."""
    if field.type == "choice" and field.choices:
        return {code: zh for code, (zh, _) in field.choices.items()}
    if field.type == "reference" and field.reference:
        names = lookups.get(field.reference, {})
        counted = Counter(names.values())
        return {code: name if counted[name] == 1 else code for code, name in names.items()}
    if field.type == "place":
        counted = Counter(p.name_zh for p in places)
        return {
            p.code: p.name_zh if counted[p.name_zh] == 1 else p.code
            for p in places
            if p.kind in LISTED_PLACES
        }
    return {"True": "是", "False": "否"} if field.type == "boolean" else {}


def _comment(field: Field) -> Any:
    from openpyxl.comments import Comment

    parts = [
        f"{field.title_en}（{TYPE_ZH[field.type]}{'，必填' if field.required else ''}）",
        field.note_zh,
    ]
    comment = Comment("\n".join(p for p in parts if p), "衡碳")
    comment.width, comment.height = 260, 90
    return comment


def _choices(
    field: Field, places: PlaceTree, lookups: Mapping[str, Mapping[str, str]]
) -> list[str]:
    return (
        list(COMMON_UNITS)
        if field.type == "unit"
        else list(_names(field, places, lookups).values())
    )


def _add_list(
    sheet: Any,
    lists: Any,
    n: int,
    letter: str,
    choices: Sequence[str],
    head: int,
    last: int,
    *,
    strict: bool,
) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    for row, choice in enumerate(choices, start=1):
        _put(lists.cell(row, n), choice)
    rule = DataValidation(
        type="list", formula1=f"'{LISTS}'!${letter}$1:${letter}${len(choices)}", allow_blank=True
    )
    rule.showErrorMessage = strict
    rule.errorStyle = "warning"
    rule.errorTitle, rule.error = "不在列表中", "请从列表中选择，或填写编号；导入时会再检查。"
    sheet.add_data_validation(rule)
    rule.add(f"{letter}{head + 1}:{letter}{last}")


def _add_number(sheet: Any, letter: str, field: Field, head: int) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    low, high = field.minimum, field.maximum
    if low is None and high is None:
        return
    operator = (
        "between"
        if low is not None and high is not None
        else "greaterThanOrEqual"
        if low is not None
        else "lessThanOrEqual"
    )
    limits = [str(limit) for limit in (low, high) if limit is not None]
    rule = DataValidation(
        type="decimal",
        operator=operator,
        formula1=limits[0],
        formula2=limits[1] if len(limits) > 1 else None,
        allow_blank=True,
    )
    rule.errorTitle, rule.error = (
        "超出范围",
        f"{'不小于 ' + format(low, 'g') if low is not None else ''} {'不大于 ' + format(high, 'g') if high is not None else ''}".strip(),
    )
    rule.showErrorMessage = True
    sheet.add_data_validation(rule)
    rule.add(f"{letter}{head + 1}:{letter}{head + ROWS}")


def _write_notes(
    notes: Any, form: Form, places: PlaceTree, lookups: Mapping[str, Mapping[str, str]]
) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    notes.append(["列", "English", "类型", "单位", "必填", "说明", "可选值（前若干项）"])
    for cell in notes[1]:
        cell.font = Font(name=FONT, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="14505C")
    for field in form.fields:
        choices = _choices(field, places, lookups)
        shown = "、".join(choices[:12]) + ("……" if len(choices) > 12 else "")
        notes.append(
            [
                field.title_zh,
                field.title_en,
                TYPE_ZH[field.type],
                _unit_of(form, field),
                "是" if field.required else "",
                field.note_zh,
                shown,
            ]
        )
    notes.append([])
    notes.append(["审核关系"])
    for check in form.checks:
        notes.append(
            [check.zh, check.en, "错误" if check.level == "error" else "提示", "", "", check.todo]
        )
    widths = (16, 18, 12, 18, 7, 46, 60)
    for letter, width in zip("ABCDEFG", widths, strict=True):
        notes.column_dimensions[letter].width = width
    for row in notes.iter_rows():
        lines = max(
            -(-_shown_width(cell.value) // width) for cell, width in zip(row, widths, strict=True)
        )
        notes.row_dimensions[row[0].row].height = 15 * max(lines, 1)
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.row > 1:
                cell.font = Font(name=FONT, size=10)
    notes.freeze_panes = "A2"


def _shown_width(value: Any) -> int:
    """Width of a text in Latin letters; a Chinese character takes two."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in str(value or ""))


def _unit_of(form: Form, field: Field) -> str:
    """The unit of a field as its note says it."""
    return field.unit or (
        f"见“{form.field(field.unit_field).title_zh}”列" if field.unit_field else ""
    )
