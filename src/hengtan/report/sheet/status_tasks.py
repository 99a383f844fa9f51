"""The sheet 任务台账: measures and milestones of the plans in one ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.report.numerals import figure, with_unit
from hengtan.report.sheet.status_frame import Frame, field, whole
from hengtan.report.view import Row
from hengtan.report.words import named_in

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


def write_tasks(frame: Frame) -> None:
    """The sheet: measures first, then milestones."""
    sheet, top = frame.titled("sheet.tasks")
    view = frame.view
    targets = {target["target_id"]: target for target in view.targets}
    systems = {system["id"]: frame.said(system, "name") for system in view.systems}
    measures = {measure["clause_ref"]: measure for measure in view.measures}
    rows = [_measure(frame, measure, targets, systems) for measure in view.measures]
    rows += [
        _milestone(frame, milestone, measures.get(milestone["clause"], {}))
        for milestone in view.milestones
    ]
    frame.filtered(sheet, top, FIELDS, rows, freeze=5)


def _measure(
    frame: Frame, measure: Row, targets: Mapping[str, Row], systems: Mapping[str, str]
) -> Row:
    return {
        "kind": frame.word("measure"),
        "plan": frame.plan_name(frame.view.plan(measure["plan"])),
        "chapter": frame.said(measure, "chapter"),
        "clause": measure["clause_ref"],
        "title": frame.said(measure, "title"),
        "department": _departments(frame, measure),
        "suggested": _suggested(frame, measure),
        "targets": [
            _with_light(frame, targets[target])
            for target in measure["targets"]
            if target in targets
        ],
        "systems": [systems.get(system, system) for system in measure["systems"]],
        "progress": [_progress(entry) for entry in measure["progress"]],
    }


def _departments(frame: Frame, measure: Row) -> list[str]:
    listed = measure.get("department_zh") or []
    return named_in(listed if isinstance(listed, list) else [listed], frame.lang)


def _with_light(frame: Frame, target: Row) -> str:
    light = frame.word(f"light.{target['light']}")
    return frame.beside(frame.said(target, "indicator"), light)


def _progress(entry: Any) -> Any:
    return entry.get("text") or entry.get("note") or "" if isinstance(entry, Mapping) else entry


def _milestone(frame: Frame, milestone: Row, measure: Row) -> Row:
    """A milestone with what its measure says; ``measure`` is empty where it has none."""
    return {
        "kind": frame.word("milestone"),
        "plan": frame.plan_name(frame.view.plan(milestone["plan"] or measure.get("plan", ""))),
        "chapter": frame.said(measure, "chapter"),
        "clause": milestone["clause"],
        "title": (frame.lang == "en" and milestone["en"]) or milestone["zh"],
        "department": _departments(frame, measure),
        "suggested": _suggested(frame, measure),
        "deadline": whole(milestone["deadline"]),
        "state": frame.coded("mstate", milestone["state"]),
        "overdue": frame.word("overdue") if milestone["overdue"] else "",
        "check": frame.said(milestone, "check"),
        "progress": [_counted(frame, milestone["counted"]), milestone["evidence"]],
    }


def _counted(frame: Frame, counted: Row | None) -> str:
    """What the records count of a milestone; nothing where it names no indicator."""
    if not counted:
        return ""
    amount = with_unit(figure(counted["value"]), counted["unit"], frame.lang)
    return f"{frame.word('milestone.counted')} {amount} ({counted['year']})"


def _suggested(frame: Frame, measure: Row) -> str:
    """Whether the department was inferred, not named by the plan."""
    inferred = measure.get("department_basis") in ("inferred", "suggestion")
    return frame.word("suggested") if inferred and measure.get("department_zh") else ""
