"""The sheets 名录, 数据缺口 and 数据来源 of the status workbook."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook

from hengtan.basis.cite import CONFIDENCES
from hengtan.report.sheet.status_frame import Field, field, filtered, titled_sheet, whole
from hengtan.report.view import Row, StatusView
from hengtan.report.words import joined, word, word_or_code

REGISTRIES = (
    field("registry", 28, "title_zh"),
    field("registry.what", 40, "what_zh"),
    field("registry.place", 14, "place"),
    field("registry.date", 13, "date"),
    field("registry.computed", 11, "computed"),
    field("registry.reported", 11, "reported"),
    field("unit", 8, "unit"),
    field("source", 40, "source"),
    field("clause", 26, "clauses"),
    field("id", 24, "id"),
)
GAPS = (
    field("target", 30, "target"),
    field("region", 14, "region"),
    field("state", 11, "state"),
    field("gap.missing", 34, "missing"),
    field("reason", 44, "reason"),
    field("gap.department", 24, "department"),
    field("gap.form", 26, "form"),
    field("deadline", 8, "deadline", "0"),
    field("id", 26, "target_id"),
)


def write_registries(book: Workbook, view: StatusView) -> None:
    """Counts computed from entries, and reported figures, one row each."""
    sheet, top = titled_sheet(book, "sheet.registries", view)
    rows = [row for registry in view.registries for row in _registry(registry)]
    filtered(sheet, top, REGISTRIES, rows, freeze=1)


def _registry(registry: Row) -> list[Row]:
    """The rows of one registry; one that says so where there is nothing."""
    shared = {name: registry[name] for name in ("title_zh", "what_zh", "unit", "clauses", "id")}
    computed = [
        {
            **shared,
            "place": count.get("place", ""),
            "date": str(count.get("date", "")),
            "computed": count.get("count"),
        }
        for count in registry["counts"]
    ]
    reported = [
        {
            **shared,
            "place": count.get("place", ""),
            "date": str(count.get("period") or count.get("date") or ""),
            "reported": count.get("value", count.get("count")),
            "unit": count.get("unit") or registry["unit"],
            "source": count.get("source", ""),
        }
        for count in registry["reported"]
    ]
    return computed + reported or [{**shared, "source": word("registry.none")}]


def write_gaps(book: Workbook, view: StatusView) -> None:
    """Every target without an outturn: what is missing, who may hold it, which form to fill."""
    sheet, top = titled_sheet(book, "sheet.gaps", view)
    targets = {target["target_id"]: target for target in view.targets}
    rows = [_gap(gap, targets.get(gap["target_id"], {})) for gap in view.gaps]
    filtered(sheet, top, GAPS, rows, freeze=1)


def _gap(gap: Row, target: Row) -> Row:
    deadline = gap["deadline"] or target.get("deadline") or ""
    form = f"{gap['form_title_zh']} {gap['form']}".strip()
    return {
        "target": target.get("indicator_zh", ""),
        "region": target.get("region", ""),
        "state": word(f"state.{gap['state']}"),
        "missing": gap["missing_zh"] or word("gap.need").format(deadline),
        "reason": gap["reason"],
        "department": _likely(gap["department_zh"]),
        "form": form if gap["form"] else word("gap.form.default"),
        "deadline": whole(deadline),
        "target_id": gap["target_id"],
    }


def _likely(departments: Any) -> str:
    """The departments that may hold a figure, marked as suggested."""
    names = joined(departments) if isinstance(departments, list) else departments
    return f"{names}（{word('suggested')}）" if names else word("department.none")


def write_sources(book: Workbook, view: StatusView) -> None:
    """Sources with how many rows rest on each, by confidence."""
    sheet, top = titled_sheet(book, "sheet.sources", view)
    fields = [
        field("source.title", 56, "title"),
        field("source.publisher", 24, "publisher"),
        field("source.level", 16, lambda source: word_or_code("level", source["level"])),
        field("source.rows", 8, "rows", "0"),
        *(_rows_of(confidence) for confidence in CONFIDENCES),
        field("source.address", 56, "url"),
    ]
    filtered(sheet, top, fields, view.sources, freeze=1)


def _rows_of(confidence: str) -> Field:
    key = f"confidence.{confidence}"
    return field(key, 11, lambda source: source["confidence"].get(confidence), "0")
