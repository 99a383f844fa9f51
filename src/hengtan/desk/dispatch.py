"""The dispatch sheet from the plan's ledger: milestones and tasks with owner, due month and what
was answered; clauses that have none below them stand for themselves.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.report.dispatch import DispatchTask, Sheet
from hengtan.report.provenance import clause_name
from hengtan.report.words import word_or_code
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Row = dict[str, Any]
SUFFIXES = (".xlsx", ".docx")
NO_WORK = ("headline", "closing")
"""Kinds of clauses that ask for nothing to be done."""
SHOWN_DEPARTMENTS = 12


def check_suffix(to: Path) -> None:
    """Raises HengtanError for a file that is no dispatch sheet."""
    if to.suffix.lower() not in SUFFIXES:
        raise HengtanError(
            f"不支持“{to.suffix}”格式",
            f"format '{to.suffix}' is not supported",
            todo="用 .xlsx 或 .docx",
            todo_en="use .xlsx or .docx",
        )


def write_dispatch(sheet: Sheet, to: Path) -> None:
    """The sheet as a workbook or as slips in Word, by the suffix. Raises HengtanError."""
    from hengtan.report.sheet.dispatch import write_dispatch_excel
    from hengtan.report.word.dispatch import write_dispatch_word

    check_suffix(to)
    if to.suffix.lower() == ".xlsx":
        write_dispatch_excel(sheet, to)
    else:
        write_dispatch_word(sheet, to)


def dispatch_sheet(
    workspace: Workspace, as_of: AsOf, *, plan: str | None = None, department: str = ""
) -> Sheet:
    """The tasks of a workspace as known on a day, of one plan or all, for one department or all.

    Raises HengtanError for a plan or a department that has no task.
    """
    tasks = _tasks(workspace, as_of, plan)
    if department:
        concerned = [task for task in tasks if task.concerns(department)]
        if not concerned:
            raise _no_department(department, tasks)
        tasks = concerned
    title = workspace.settings.title_zh
    return Sheet(tasks, title, as_of.judged_on.isoformat(), department)


def _tasks(workspace: Workspace, as_of: AsOf, plan: str | None) -> list[DispatchTask]:
    plans = {row["plan"]: row for row in workspace.pack.rows("plans")}
    if plan is not None and plan not in plans:
        known = "、".join(plans)
        raise HengtanError(
            f"没有规划“{plan}”；可用：{known}",
            f"no plan '{plan}'; known: {', '.join(plans)}",
        )
    measures = workspace.execute("plan_measure_state", as_of).to_pylist()
    milestones = workspace.execute("plan_milestone_state", as_of).to_pylist()
    by_clause: dict[str, list[Row]] = defaultdict(list)
    for milestone in milestones:
        by_clause[milestone["clause_ref"]].append(milestone)
    order = {row["clause_ref"]: n for n, row in enumerate(workspace.pack.rows("measures"))}
    of_plan = [row for row in measures if plan in (None, row["plan"])]
    tasks: list[DispatchTask] = []
    for measure in sorted(of_plan, key=lambda row: order[row["clause_ref"]]):
        title = _plan_name(plans[measure["plan"]])
        below = by_clause.pop(measure["clause_ref"], [])
        tasks += [_of_milestone(row, measure, title) for row in below]
        if not below and measure["kind"] not in NO_WORK:
            tasks.append(_of_measure(measure, title))
    for rows in by_clause.values():  # of clauses that stand in no list of measures
        tasks += [
            _of_milestone(row, {}, _plan_name(plans[row["plan"]]))
            for row in rows
            if plan in (None, row["plan"])
        ]
    return tasks


def _plan_name(plan: Row) -> str:
    return str(plan["short_zh"] or plan["title_zh"])


def _of_milestone(row: Row, measure: Row, plan: str) -> DispatchTask:
    """A milestone or a task of the plan's tables; its lead is its own, else that of its clause."""
    own = row["owner"]
    return DispatchTask(
        id=row["milestone"],
        title=row["name_zh"],
        plan=plan,
        clause=clause_name(row["clause_ref"]),
        lead=own or measure.get("owner") or "",
        lead_basis="" if own else measure.get("owner_basis") or "",
        co_owners=_names(row["co_owners_zh"]),
        due=str(row["due"] or row["deadline_year"] or ""),
        state=row["state"],
        share_done=row["share_done"],
        progress=row["report_note"] or "",
        evidence=row["evidence"] or "",
        answered_on=_day(row["date"]),
        overdue=bool(row["overdue"]),
        closed=_day(row["date"]) if row["state"] == "done" else "",
    )


def _of_measure(row: Row, plan: str) -> DispatchTask:
    """A clause that has no task below it."""
    return DispatchTask(
        id=row["clause_ref"],
        title=row["title_zh"],
        plan=plan,
        clause=clause_name(row["clause_ref"]),
        lead=row["owner"] or "",
        lead_basis=row["owner_basis"] or "",
        due=str(row["due"] or ""),
        state=row["state"],
        progress=row["progress"] or "",
        evidence=row["evidence"] or "",
        answered_on=str(row["period"] or ""),
        next_step=row["next_step"] or "",
        overdue=bool(row["overdue"]),
    )


def _names(text: Any) -> tuple[str, ...]:
    return tuple(name.strip() for name in str(text or "").split(";") if name.strip())


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _no_department(name: str, tasks: list[DispatchTask]) -> HengtanError:
    known = dict.fromkeys(who for task in tasks for who in (*task.leads, *task.co_owners))
    near = [who for who in known if name in who or who in name] or list(known)
    shown = "、".join(near[:SHOWN_DEPARTMENTS]) or "无"
    return HengtanError(
        f"没有“{name}”的任务",
        f"no task of '{name}'",
        todo=f"单位名称照台账写，现有：{shown}",
        todo_en="name a department as the ledger does",
    )


def rows_of(sheet: Sheet) -> list[dict[str, Any]]:
    """The tasks as plain rows, for JSON and the terminal."""
    return [
        {
            "id": task.id,
            "plan": task.plan,
            "clause": task.clause,
            "title": task.title,
            "lead": list(task.leads),
            "lead_basis": task.lead_basis,
            "co_owners": list(task.co_owners),
            "due": task.due,
            "state": task.state,
            "state_zh": word_or_code("pstate", task.state),
            "progress": task.progress,
            "evidence": task.evidence,
            "answered_on": task.answered_on,
            "overdue": task.overdue,
        }
        for task in sheet.tasks
    ]
