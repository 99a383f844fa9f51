"""Tasks as a dispatch sheet shows them (任务调度表): what is to be done, by whom, until when, and
what was answered. Rows of the plan's ledger and tasks of the application are both put into this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from hengtan.report.words import word, word_or_code

DONE, UNANSWERED = "done", "not_reported"


@dataclass(frozen=True)
class DispatchTask:
    """A task. ``due``: a year, a month or a day as text; ``lead_basis``: stated, inferred,
    suggestion or reported; ``state``: not_reported, not_started, in_progress, blocked, done;
    ``share_done`` in per cent; ``closed``: the day it was closed, with by whom.
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

    @property
    def leads(self) -> tuple[str, ...]:
        """Departments in the lead; several share a task."""
        return tuple(name.strip() for name in self.lead.split(";") if name.strip())

    def concerns(self, department: str) -> bool:
        """Whether a department leads or helps."""
        return department in (*self.leads, *self.co_owners)

    def state_said(self, lang: str = "zh") -> str:
        """The state in words."""
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


@dataclass(frozen=True)
class Sheet:
    """A dispatch sheet: its tasks, the workspace, the day it stands for, and the department it is
    for (empty: all of them).
    """

    tasks: Sequence[DispatchTask]
    workspace: str
    day: str
    department: str = ""

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
        sum(task.state == DONE for task in listed),
        sum(task.state == UNANSWERED for task in listed),
        sum(task.overdue for task in listed),
    )


def until_said(sheet: Sheet, lang: str = "zh") -> str:
    """The day the sheet stands for, and its workspace."""
    return word("dispatch.until", lang, day=sheet.day, workspace=sheet.workspace)
