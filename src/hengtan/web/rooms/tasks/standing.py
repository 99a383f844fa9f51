"""What tasks say of the plan: a task under a clause or a milestone is told in the task ledger when
it is dispatched and when it is closed, as a row of the forms of progress, read and checked as any
other. Its evidence are the files that departments answered with.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.basis.period import Period
from hengtan.desk.evidence import Intake
from hengtan.desk.filing import Filing, as_file, file_in
from hengtan.ledger.handing_in import OF_TASK
from hengtan.office.dispatch import CLOSED, DRAFT, standing_of
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.rooms.tasks.evidence import PROGRAM
from hengtan.web.rooms.tasks.models import Answer, Task
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

MILESTONE, MEASURE = "milestone_progress", "measure_progress"
COLUMNS = {MILESTONE: ("milestones", "milestone"), MEASURE: ("measures", "clause_ref")}
"""The form of progress → the table of the plans that holds what is told of, and its column."""
ON_CONFLICT = {True: "replace", False: "keep"}
"""A closing counts instead of what another body reported of the period, a dispatch does not."""
LONGEST = 1000
"""Letters of what is told of a task."""


def form_of(workspace: Workspace, clause: str) -> str | None:
    """The form that tells of a clause or a milestone; None for words that are neither."""
    for form, (table, column) in COLUMNS.items():
        if any(row[column] == clause for row in workspace.pack.rows(table)):
            return form
    return None


def tell(app: Any, task: Task) -> str | None:
    """Tell the task ledger how a task that was dispatched or closed lets its clause stand; gives
    the submission, None where there is nothing to tell. Told again, it is the same submission.

    A closing is handed in by who answered for the lead and approved by who closed; a dispatch is
    handed in by who dispatched. Raises HengtanError for a row that the form does not take.
    """
    workspace = app.site.workspace
    form = form_of(workspace, task.clause) if task.clause and task.state != DRAFT else None
    if form is None:
        return None
    is_closed = task.state == CLOSED
    step, day = ("closed", task.closed_on) if is_closed else ("dispatched", task.dispatched_on)
    key = f"task-{task.pk}-{task.made_at:%Y%m%d%H%M%S}-{step}"
    register = workspace.ledger.current()
    told_before = (r.submission for r in register.by_form.get(form, ()) if r.key == key)
    if (submission := next(told_before, None)) is not None:
        return submission
    answers = list(_answers(task)) if is_closed else []
    row = _row(workspace, form, task, day, answers)
    lead = next((a for a in answers if a.department == task.departments()[0]), None)
    by = Actor(task.closed_by if is_closed else task.dispatched_by, task.departments()[0])
    filing = Filing(
        form,
        f"task-{task.pk}-{step}.csv",
        as_file([row]),
        Actor(lead.by, lead.department) if lead else by,
        Intake(demo=workspace.settings.demo),
        key=key,
        channel=OF_TASK,
        note=f"{task.pk} {task.title}",
    )
    handed_in = file_in(workspace, filing, writer=app.writer).submission
    assert handed_in is not None
    submission = str(handed_in["submission"])
    if handed_in["state"] == "submitted":
        approver, decided = (Actor(task.closed_by) if lead else PROGRAM), ON_CONFLICT[is_closed]
        app.writer.record(submission, "approved", approver, on_conflict=decided)
    return submission


def tell_or_note(app: Any, task: Task) -> None:
    """Tell it; where it is not taken, the trail says why, and ``tell_all`` tries again."""
    try:
        tell(app, task)
    except HengtanError as error:
        trail.add("task_not_told", f"{task.pk} {task.title}", error.zh)


def tell_all(app: Any) -> None:
    """Tell of every task what was not told yet; what is not taken stands in the trail already."""
    for task in Task.objects.exclude(state=DRAFT).exclude(clause="").order_by("pk"):
        with suppress(HengtanError):
            tell(app, task)


def _answers(task: Task) -> Iterator[Answer]:
    """The last answer of each department, the lead first."""
    last = {a.department: a for a in task.answers.order_by("pk").prefetch_related("evidence")}
    yield from (last[name] for name in task.departments() if name in last)


def _row(
    workspace: Workspace, form: str, task: Task, day: date, answers: list[Answer]
) -> dict[str, Any]:
    """The row of progress, by the titles of the form."""
    shares = [answer.percent for answer in answers if answer.percent is not None]
    files = [f"{file.name}（{file.submission}）" for a in answers for file in a.evidence.all()]
    parts = task.parties.values_list("state", flat=True)
    state = standing_of(task.state, parts, shares, has_evidence=bool(files))
    words = workspace.form(form).field("state").choices or {}
    said = [f"{answer.department}：{answer.text}" for answer in answers]
    said = [*said, task.closing] if answers else [word("tasks.told.standing"), task.closing]
    text = word("list.clause").join(filter(None, said))[:LONGEST]
    row = {
        "state": words[state][0],
        "owner": ";".join(task.departments()),
        "evidence": word("list.clause").join(files)[:LONGEST],
    }
    if form == MILESTONE:
        share = min(shares) if len(shares) == len(task.departments()) else None
        of_milestone = {"milestone": task.clause, "date": day.isoformat(), "share_done": share}
        return row | of_milestone | {"note": text}
    due = task.due.isoformat() if task.due else None
    period = _period(workspace, task.clause, day)
    return row | {"measure": task.clause, "period": period, "due": due, "progress": text}


def _period(workspace: Workspace, clause: str, day: date) -> str:
    """The month of a day, or the longer period that was reported last and holds it, so that what is
    told replaces that report and is not older than it.
    """
    rows = workspace.execute("plan_measure_state", AsOf.of(today=day)).to_pylist()
    (reported,) = (row["period"] for row in rows if row["clause_ref"] == clause)
    month = f"{day:%Y-%m}"
    if reported is None:
        return month
    known = Period.parse(reported)
    return str(reported) if known.start <= day <= known.end else month
