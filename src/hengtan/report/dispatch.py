"""Tasks as a dispatch sheet shows them (任务调度表): what is to be done, by whom, until when, and
what was answered. Rows of the plan's ledger and tasks of the application are both put into this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hengtan.report.words import has, joined, word, word_or_code

UNANSWERED = "not_reported"
DONE = ("done", "closed")
WAITING = (UNANSWERED, "dispatched", "returned")
"""States of tasks that are done, and of those that nobody has answered for: of a plan's ledger, and
of tasks that were dispatched.
"""
SOMETIMES = ("place", "priority")
"""Columns that stand in a sheet where one of its tasks says something in them."""


@dataclass(frozen=True)
class DispatchTask:
    """A task. ``due``: a year, a month or a day as text; ``lead_basis``: stated, inferred,
    suggestion or reported; ``state``: not_reported, not_started, in_progress, blocked, done, and of
    a dispatched one dispatched, returned, answered, closed; ``share_done`` in per cent; ``closed``:
    the day it was closed, with by whom; ``priority``: urgent, normal or blank.
    """

    id: str
    title: str
    plan: str = ""
    clause: str = ""
    lead: str = ""
    lead_basis: str = ""
    co_owners: tuple[str, ...] = ()
    due: str = ""
    dispatched_on: date | None = None
    state: str = UNANSWERED
    share_done: float | None = None
    progress: str = ""
    evidence: str = ""
    answered_on: str = ""
    next_step: str = ""
    overdue: bool = False
    reminders: tuple[date, ...] = ()
    closed: str = ""
    place: str = ""
    priority: str = ""

    @property
    def leads(self) -> tuple[str, ...]:
        """Departments in the lead; several share a task."""
        return tuple(name.strip() for name in self.lead.split(";") if name.strip())

    def concerns(self, department: str) -> bool:
        """Whether a department leads or helps."""
        return department in (*self.leads, *self.co_owners)

    def state_said(self, lang: str = "zh") -> str:
        """The state in words."""
        of_dispatched = f"tasks.state.{self.state}"
        if has(of_dispatched):
            return word(of_dispatched, lang)
        return word_or_code("pstate", self.state, lang)

    def basis_said(self, lang: str = "zh") -> str:
        """What the lead rests on, empty where the plan or a report names it."""
        suggested = self.lead and self.lead_basis in ("inferred", "suggestion")
        return word("suggested", lang) if suggested else ""

    def reminders_said(self, lang: str = "zh") -> str:
        """How often it was reminded and when last; empty where never."""
        if not self.reminders:
            return ""
        day = max(self.reminders).isoformat()
        return word("dispatch.reminded", lang, count=len(self.reminders), day=day)

    def cells(self, number: int, lang: str = "zh") -> dict[str, Any]:
        """What stands in its row of a sheet, by column."""
        said = f"tasks.{self.priority}" if self.priority else ""
        return {
            "number": number,
            "id": self.id,
            "plan": self.plan,
            "clause": self.clause,
            "task": self.title,
            "lead": joined(self.leads, lang),
            "lead_basis": self.basis_said(lang),
            "co_owners": joined(self.co_owners, lang),
            "place": self.place,
            "due": self.due,
            "priority": word(said, lang) if said else "",
            "dispatched_on": self.dispatched_on.isoformat() if self.dispatched_on else "",
            "state": self.state_said(lang),
            "share_done": self.share_done,
            "progress": self.progress,
            "evidence": self.evidence,
            "answered_on": self.answered_on,
            "next_step": self.next_step,
            "overdue": word("overdue", lang) if self.overdue else "",
            "reminders": self.reminders_said(lang),
            "closed": self.closed,
        }


@dataclass(frozen=True)
class Sheet:
    """A dispatch sheet: its tasks, the workspace, the day it stands for, and the department it is
    for (empty: all of them).
    """

    tasks: Sequence[DispatchTask]
    workspace: str
    day: str
    department: str = ""

    def has(self, column: str) -> bool:
        """Whether a column stands in the sheet."""
        return column not in SOMETIMES or any(getattr(task, column) for task in self.tasks)

    def by_lead(self) -> list[tuple[str, list[DispatchTask]]]:
        """Tasks under each department in the lead, in order of first appearance; those nobody
        leads last. Of a sheet for one department only its own.
        """
        groups: dict[str, list[DispatchTask]] = {}
        for task in self.tasks:
            for lead in task.leads or ("",):
                if self.department in ("", lead):
                    groups.setdefault(lead, []).append(task)
        return sorted(groups.items(), key=lambda group: not group[0])

    def helped(self) -> list[DispatchTask]:
        """Tasks the department of the sheet helps with and does not lead."""
        name = self.department
        return [task for task in self.tasks if name in task.co_owners and name not in task.leads]


@dataclass(frozen=True)
class Tally:
    """How the tasks of a department stand."""

    department: str
    count: int
    done: int
    unanswered: int
    overdue: int

    @property
    def open(self) -> int:
        """Tasks that are not done."""
        return self.count - self.done


def tally(department: str, tasks: Iterable[DispatchTask]) -> Tally:
    """Count the tasks of a department."""
    listed = list(tasks)
    return Tally(
        department,
        len(listed),
        sum(task.state in DONE for task in listed),
        sum(task.state in WAITING for task in listed),
        sum(task.overdue for task in listed),
    )


def until_said(sheet: Sheet, lang: str = "zh") -> str:
    """The day the sheet stands for, and its workspace."""
    return word("dispatch.until", lang, day=sheet.day, workspace=sheet.workspace)
