"""Which tasks a person sees: those of his reach; drafts are seen by those who dispatch."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from hengtan.office.dispatch import DRAFT
from hengtan.office.permission import Person, Thing
from hengtan.web.lists import as_q
from hengtan.web.rooms.tasks.models import Task

COLUMNS = {"place": "place", "department": "parties__department"}


def tasks_of(permission: Any, person: Person, action: str = "task.read") -> Any:
    """The tasks that the person may do this to; equal to asking ``is_seen`` of each."""
    seen = Task.objects.filter(pk__in=_reached(permission, person, action))
    drafts = Q(pk__in=_reached(permission, person, "task.dispatch"))
    return seen.filter(~Q(state=DRAFT) | drafts).prefetch_related("parties")


def _reached(permission: Any, person: Person, action: str) -> Any:
    """Ids of the tasks that an action reaches. A query of its own: a task of several departments is
    in the join several times, and two actions may reach it by two of them.
    """
    condition = as_q(permission.clauses_of(person, action), by="made_by", **COLUMNS)
    return Task.objects.filter(condition).values("pk")


def is_seen(permission: Any, person: Person, task: Task, action: str = "task.read") -> bool:
    """Whether the person may do this to a task."""
    thing = task.thing()
    needs = [action] + ["task.dispatch"] * (task.state == DRAFT)
    return all(permission.may(person, need, thing).yes for need in needs)


def task_of(number: str) -> Task | None:
    """The task of an address."""
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    task: Task | None = Task.objects.filter(pk=int(number)).first()
    return task


def of_task(request: HttpRequest, task: str, **parts: str) -> Thing | None:
    """The task of an address as permission sees it; a draft is not there for who dispatches not."""
    row = task_of(task)
    if row is None or not is_seen(request.app.permission, request.person, row):
        return None
    return row.thing()
