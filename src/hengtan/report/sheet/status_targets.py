"""The sheet 目标状态: every target with its light, its latest value, its gap and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from hengtan.report.numerals import operator_text
from hengtan.report.sheet.cells import A3, light_cell
from hengtan.report.sheet.status_frame import Field, field, filtered, plan_name, titled_sheet, whole
from hengtan.report.view import Row, StatusView
from hengtan.report.words import has, word, word_or_code

PRINTED = 16
"""Columns that go to paper, up to the reason; the rest is for the screen."""


def write_targets(book: Workbook, view: StatusView) -> None:
    """The sheet, printed on A3 up to the reason."""
    sheet, top = titled_sheet(book, "sheet.targets", view)
    last = filtered(sheet, top, _fields(view), view.targets, freeze=2, tall=PRINTED)
    sheet.print_area = f"A1:{get_column_letter(PRINTED)}{last}"
    sheet.page_setup.paperSize = A3
    for row, target in enumerate(view.targets, start=top + 1):
        light_cell(sheet.cell(row=row, column=1), target["light"])


def _fields(view: StatusView) -> list[Field]:
    latest_unit = f"{word('unit')}（{word('latest')}）"
    vintage = f"{word('vintage')}／{word('bound')}"
    return [
        field("light", 13, lambda target: word(f"light.{target['light']}")),
        field("target", 30, "indicator_zh"),
        field("region", 14, "region"),
        field("compare", 9, operator_text),
        field("goal", 11, "goal"),
        field("unit", 11, "unit"),
        field("deadline", 8, lambda target: whole(target["deadline"]), "0"),
        field("latest", 12, "latest_value"),
        Field(latest_unit, 11, lambda target: target["latest_unit"]),
        field("period", 11, lambda target: str(target["latest_period"] or "")),
        Field(vintage, 11, _vintage),
        field("state", 12, lambda target: word(f"state.{target['state']}")),
        field("gap", 12, "gap"),
        field("needed_pace", 12, "needed_pace"),
        field("pace_so_far", 12, "pace_so_far"),
        field("reason", 44, lambda target: target["light_reason"] or target["state_reason"]),
        field("data_reason", 40, "state_reason"),
        field("scope_note", 34, lambda target: target["scope_note_zh"] or target["scope_note_en"]),
        field("base", 11, "base_value"),
        field(
            "base_year", 10, lambda target: str(target["base_period"] or target["base_year"] or "")
        ),
        field("met_at_start", 9, "met_at_start"),
        field("confidence", 10, _confidence),
        field("plan", 16, lambda target: plan_name(view.plan(target["plan"]))),
        field("chapter", 26, "chapter_zh"),
        field("clause", 22, lambda target: f"{target['clause']} {target['clause_title_zh']}"),
        field("edition", 22, _edition),
        field("source", 40, lambda target: [_title(source) for source in target["sources"]]),
        field("id", 26, "target_id"),
    ]


def _edition(target: Row) -> str:
    """The edition of the definition, where one is established."""
    definition = target["definition"] or {}
    edition = definition.get("edition")
    established = definition.get("edition_established") not in (False, "no")
    if not edition or edition == "not established" or not established:
        return word("edition.none")
    return str(edition)


def _confidence(target: Row) -> Any:
    """How sure the latest value is, and that its own submitter approved it."""
    stated = word_or_code("confidence", target["latest_confidence"])
    alone = word("confidence.self_approved")
    return f"{stated} {alone}" if target["self_approved"] and stated != alone else stated


def _vintage(target: Row) -> str:
    """The vintage and what the source says of the bound."""
    bound = f"bound.{target['latest_bound']}"
    vintage = word_or_code("vintage", target["latest_vintage"])
    return " ".join(filter(None, (vintage, word(bound).format("") if has(bound) else "")))


def _title(source: Any) -> str:
    if isinstance(source, Mapping):
        return str(source.get("title") or source.get("source") or "")
    return str(source)
