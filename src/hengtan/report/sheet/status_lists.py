"""The sheets 名录, 数据缺口 and 数据来源 of the status workbook."""

from __future__ import annotations

from typing import Any

from hengtan.basis.cite import CONFIDENCES
from hengtan.report.numerals import unit_name
from hengtan.report.sheet.status_frame import Field, Frame, field, named, whole
from hengtan.report.view import Row
from hengtan.report.words import joined, named_in

REGISTRIES = (
    named("registry", 28, "title"),
    named("registry.what", 40, "what"),
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
OF_REGISTRY = ("title_zh", "title_en", "what_zh", "what_en", "clauses", "id")


def write_registries(frame: Frame) -> None:
    """Counts computed from entries, and reported figures, one row each."""
    sheet, top = frame.titled("sheet.registries")
    rows = [row for registry in frame.view.registries for row in _registry(frame, registry)]
    frame.filtered(sheet, top, REGISTRIES, rows, freeze=1)


def _registry(frame: Frame, registry: Row) -> list[Row]:
    """The rows of one registry; one that says so where there is nothing."""
    shared = {name: registry[name] for name in OF_REGISTRY}
    shared["unit"] = unit_name(registry["unit"], frame.lang)
    computed = [
        {
            **shared,
            "place": frame.said(count, "place"),
            "date": str(count.get("date", "")),
            "computed": count.get("count"),
        }
        for count in registry["counts"]
    ]
    reported = [
        {
            **shared,
            "place": frame.said(count, "place"),
            "date": str(count.get("period") or count.get("date") or ""),
            "reported": count.get("value", count.get("count")),
            "unit": unit_name(count.get("unit") or registry["unit"], frame.lang),
            "source": count.get("source", ""),
        }
        for count in registry["reported"]
    ]
    return computed + reported or [{**shared, "source": frame.word("registry.none")}]


def write_gaps(frame: Frame) -> None:
    """Every target without an outturn: what is missing, who may hold it, which form to fill."""
    sheet, top = frame.titled("sheet.gaps")
    targets = {target["target_id"]: target for target in frame.view.targets}
    rows = [_gap(frame, gap, targets.get(gap["target_id"], {})) for gap in frame.view.gaps]
    frame.filtered(sheet, top, GAPS, rows, freeze=1)


def _gap(frame: Frame, gap: Row, target: Row) -> Row:
    deadline = gap["deadline"] or target.get("deadline") or ""
    form = f"{frame.said(gap, 'form_title')} {gap['form']}".strip()
    return {
        "target": frame.said(target, "indicator"),
        "region": frame.said(target, "region"),
        "state": frame.word(f"state.{gap['state']}"),
        "missing": frame.said(gap, "missing") or frame.word("gap.need").format(deadline),
        "reason": frame.said(gap, "reason"),
        "department": _likely(frame, gap["department_zh"]),
        "form": form if gap["form"] else frame.word("gap.form.default"),
        "deadline": whole(deadline),
        "target_id": gap["target_id"],
    }


def _likely(frame: Frame, departments: Any) -> str:
    """The departments that may hold a figure, marked as suggested."""
    listed = departments if isinstance(departments, list) else [departments]
    names = joined(named_in([name for name in listed if name], frame.lang), frame.lang)
    if not names:
        return frame.word("department.none")
    return frame.beside(names, frame.word("suggested"))


def write_sources(frame: Frame) -> None:
    """Sources with how many rows rest on each, by confidence."""
    sheet, top = frame.titled("sheet.sources")
    fields = [
        field("source.title", 56, "title"),
        field("source.publisher", 24, "publisher"),
        field("source.level", 16, lambda source, frame: frame.coded("level", source["level"])),
        field("source.rows", 8, "rows", "0"),
        *(_rows_of(confidence) for confidence in CONFIDENCES),
        field("source.address", 56, "url"),
    ]
    frame.filtered(sheet, top, fields, frame.view.sources, freeze=1)


def _rows_of(confidence: str) -> Field:
    key = f"confidence.{confidence}"
    return field(key, 11, lambda source, frame: source["confidence"].get(confidence), "0")
