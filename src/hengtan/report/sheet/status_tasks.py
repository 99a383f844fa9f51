"""The sheet 任务台账: measures and milestones of the plans in one ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook

from hengtan.report.sheet.status_frame import field, filtered, plan_name, titled_sheet, whole
from hengtan.report.view import Row, StatusView
from hengtan.report.words import word, word_or_code

FIELDS = (
    field("kind", 9, "kind"),
    field("plan", 15, "plan"),
    field("chapter", 26, "chapter"),
    field("clause", 20, "clause"),
    field("title", 34, "title"),
    field("department", 24, "department"),
    field("suggested", 7, "suggested"),
    field("deadline", 9, "deadline", "0"),
    field("milestone.state", 10, "state"),
    field("overdue", 7, "overdue"),
    field("measures.targets", 34, "targets"),
    field("measures.systems", 36, "systems"),
    field("milestone.check", 36, "check"),
    field("measures.progress", 28, "progress"),
)


def write_tasks(book: Workbook, view: StatusView) -> None:
    """The sheet: measures first, then milestones."""
    sheet, top = titled_sheet(book, "sheet.tasks", view)
    targets = {target["target_id"]: target for target in view.targets}
    systems = {system["id"]: system["name_zh"] for system in view.systems}
    measures = {measure["clause_ref"]: measure for measure in view.measures}
    rows = [_measure(view, measure, targets, systems) for measure in view.measures]
    rows += [
        _milestone(view, milestone, measures.get(milestone["clause"], {}))
        for milestone in view.milestones
    ]
    filtered(sheet, top, FIELDS, rows, freeze=5)


def _measure(
    view: StatusView, measure: Row, targets: Mapping[str, Row], systems: Mapping[str, str]
) -> Row:
    return {
        "kind": word("measure"),
        "plan": plan_name(view.plan(measure["plan"])),
        "chapter": measure["chapter_zh"],
        "clause": measure["clause_ref"],
        "title": measure["title_zh"],
        "department": measure["department_zh"],
        "suggested": _suggested(measure),
        "targets": [
            _with_light(targets[target]) for target in measure["targets"] if target in targets
        ],
        "systems": [systems.get(system, system) for system in measure["systems"]],
        "progress": [_progress(entry) for entry in measure["progress"]],
    }


def _with_light(target: Row) -> str:
    light = word(f"light.{target['light']}")
    return f"{target['indicator_zh']}（{light}）"


def _progress(entry: Any) -> Any:
    return entry.get("text") or entry.get("note") or "" if isinstance(entry, Mapping) else entry


def _milestone(view: StatusView, milestone: Row, measure: Row) -> Row:
    """A milestone with what its measure says; ``measure`` is empty where it has none."""
    return {
        "kind": word("milestone"),
        "plan": plan_name(view.plan(milestone["plan"] or measure.get("plan", ""))),
        "chapter": measure.get("chapter_zh", ""),
        "clause": milestone["clause"],
        "title": milestone["zh"],
        "department": measure.get("department_zh", []),
        "suggested": _suggested(measure),
        "deadline": whole(milestone["deadline"]),
        "state": word_or_code("mstate", milestone["state"]),
        "overdue": word("overdue") if milestone["overdue"] else "",
        "check": milestone["check_zh"] or milestone["check_en"],
        "progress": milestone["evidence"],
    }


def _suggested(measure: Row) -> str:
    """Whether the department was inferred, not named by the plan."""
    inferred = measure.get("department_basis") in ("inferred", "suggestion")
    return word("suggested") if inferred and measure.get("department_zh") else ""
