"""The sheet 目标状态: every target with its light, its latest value, its gap and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl.utils import get_column_letter

from hengtan.report.numerals import operator_text, unit_name
from hengtan.report.sheet.cells import A3, light_cell
from hengtan.report.sheet.status_frame import Field, Frame, field, named, whole
from hengtan.report.view import Row
from hengtan.report.words import has

PRINTED = 16
"""Columns that go to paper, up to the reason; the rest is for the screen."""


def _unit(key: str, name: str) -> Field:
    return field(key, 11, lambda target, frame: unit_name(str(target[name] or ""), frame.lang))


def _reason(target: Row, frame: Frame) -> str:
    return frame.said(target, "light_reason") or frame.said(target, "state_reason")


def _base_year(target: Row, frame: Frame) -> str:
    return str(target["base_period"] or target["base_year"] or "")


def _clause(target: Row, frame: Frame) -> str:
    return f"{target['clause']} {frame.said(target, 'clause_title')}"


def _edition(target: Row, frame: Frame) -> str:
    """The edition of the definition, where one is established."""
    definition = target["definition"] or {}
    edition = definition.get("edition")
    established = definition.get("edition_established") not in (False, "no")
    if not edition or edition == "not established" or not established:
        return frame.word("edition.none")
    return str(edition)


def _confidence(target: Row, frame: Frame) -> Any:
    """How sure the latest value is, and that its own submitter approved it."""
    stated = frame.coded("confidence", target["latest_confidence"])
    alone = frame.word("confidence.self_approved")
    return f"{stated} {alone}" if target["self_approved"] and stated != alone else stated


def _vintage(target: Row, frame: Frame) -> str:
    """The vintage and what the source says of the bound."""
    bound = f"bound.{target['latest_bound']}"
    vintage = frame.coded("vintage", target["latest_vintage"])
    return " ".join(filter(None, (vintage, frame.word(bound).format("") if has(bound) else "")))


def _title(source: Any) -> str:
    if isinstance(source, Mapping):
        return str(source.get("title") or source.get("source") or "")
    return str(source)


FIELDS = (
    field("light", 13, lambda target, frame: frame.word(f"light.{target['light']}")),
    named("target", 30, "indicator"),
    named("region", 14, "region"),
    field("compare", 9, lambda target, frame: operator_text(target, frame.lang)),
    field("goal", 11, "goal"),
    _unit("unit", "unit"),
    field("deadline", 8, lambda target, frame: whole(target["deadline"]), "0"),
    field("latest", 12, "latest_value"),
    _unit("sheet.latest_unit", "latest_unit"),
    field("period", 11, lambda target, frame: str(target["latest_period"] or "")),
    field("sheet.vintage_bound", 11, _vintage),
    field("state", 12, lambda target, frame: frame.word(f"state.{target['state']}")),
    field("gap", 12, "gap"),
    field("needed_pace", 12, "needed_pace"),
    field("pace_so_far", 12, "pace_so_far"),
    field("reason", 44, _reason),
    named("data_reason", 40, "state_reason"),
    named("scope_note", 34, "scope_note"),
    field("base", 11, "base_value"),
    field("base_year", 10, _base_year),
    field("met_at_start", 9, "met_at_start"),
    field("confidence", 10, _confidence),
    field("plan", 16, lambda target, frame: frame.plan_name(frame.view.plan(target["plan"]))),
    named("chapter", 26, "chapter"),
    field("clause", 22, _clause),
    field("edition", 22, _edition),
    field("source", 40, lambda target, frame: [_title(source) for source in target["sources"]]),
    field("id", 26, "target_id"),
)


def write_targets(frame: Frame) -> None:
    """The sheet, printed on A3 up to the reason."""
    sheet, top = frame.titled("sheet.targets")
    targets = frame.view.targets
    last = frame.filtered(sheet, top, FIELDS, targets, freeze=2, tall=PRINTED)
    sheet.print_area = f"A1:{get_column_letter(PRINTED)}{last}"
    sheet.page_setup.paperSize = A3
    for row, target in enumerate(targets, start=top + 1):
        light_cell(sheet.cell(row=row, column=1), target["light"], frame.lang)
