"""What is done to a task: made, changed, dispatched, answered, returned, reminded of, closed. Each
step holds the task while it changes it, goes into the audit trail, and tells whom it concerns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.office.dispatch import (
    ANSWERED,
    CLOSED,
    DISPATCHED,
    DRAFT,
    OPEN,
    RETURNED,
    reminder_due,
    state_of,
)
from hengtan.office.notices import Notice
from hengtan.office.permission import Thing
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.rooms.notices.sending import notify
from hengtan.web.rooms.tasks import evidence, standing
from hengtan.web.rooms.tasks.models import Answer, Evidence, Party, Reminder, Task


@dataclass(frozen=True)
class Wish:
    """What a task is to be, as a form or a plan says it."""

    title: str
    departments: tuple[str, ...]
    place: str = ""
    text: str = ""
    due: date | None = None
    is_urgent: bool = False
    plan: str = ""
    clause: str = ""
    targets: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises HengtanError for a task without title or department."""
        if not self.title.strip() or not self.departments:
            raise refusal("tasks.wrong.empty")

    def fields(self) -> dict[str, Any]:
        """Its own columns."""
        return {
            "title": self.title[:200],
            "text": self.text,
            "place": self.place,
            "due": self.due,
            "is_urgent": self.is_urgent,
            "plan": self.plan[:80],
            "clause": self.clause[:120],
            "targets": list(self.targets),
        }

    def thing(self) -> Thing:
        """The task as permission sees it."""
        return Thing(place=self.place or None, department=self.departments or None)


def refusal(key: str, *arguments: object) -> HengtanError:
    """An error of this room, in words."""
    return HengtanError(word(key).format(*arguments), word(key, "en").format(*arguments))


def make(wish: Wish, by: str, origin: str | None = None) -> Task:
    """A new draft; the one there is where it was made from the same clause before. Raises
    HengtanError."""
    wish.check()
    with transaction.atomic():
        task: Task
        if origin is None:
            task, is_new = Task.objects.create(**wish.fields(), made_by=by), True
        else:
            defaults = {**wish.fields(), "made_by": by}
            task, is_new = Task.objects.get_or_create(origin=origin, defaults=defaults)
        if not is_new:
            return task
        _set_parties(task, wish.departments)
    trail.add("task_made", f"{task.pk} {task.title}", by=by)
    return task


def change(task: Task, wish: Wish, by: str) -> None:
    """Change a draft. Raises HengtanError."""
    wish.check()
    with _held(task, DRAFT) as row:
        Task.objects.filter(pk=row.pk).update(**wish.fields())
        row.parties.all().delete()
        _set_parties(row, wish.departments)
    trail.add("task_changed", f"{task.pk} {wish.title}", by=by)


def delete(task: Task, by: str) -> None:
    """Take a draft away. Raises HengtanError."""
    with _held(task, DRAFT) as row:
        row.delete()
    trail.add("task_deleted", f"{task.pk} {task.title}", by=by)


def _set_parties(task: Task, departments: Sequence[str]) -> None:
    Party.objects.bulk_create(
        Party(task=task, department=name[:60], is_lead=number == 0)
        for number, name in enumerate(departments)
    )


def dispatch(app: Any, task: Task, by: str, today: date) -> int:
    """Hand a draft to its departments, and tell the task ledger; gives how many people were told.
    Raises HengtanError for a last day that has passed."""
    with _held(task, DRAFT) as row:
        if row.due and row.due < today:
            raise refusal("tasks.wrong.past")
        row.state, row.dispatched_by, row.dispatched_on = DISPATCHED, by, today
        row.save()
        row.parties.update(state=DISPATCHED, reason="")
    trail.add("task_dispatched", f"{task.pk} {task.title}", by=by)
    standing.tell_or_note(app, task)
    people = people_of(app.permission, task, task.departments())
    return _tell(task, people, "dispatched", by, task.text)


@dataclass(frozen=True)
class Said:
    """What a department answers, with its files (name, content)."""

    department: str
    text: str
    percent: float | None = None
    figures: str = ""
    files: tuple[tuple[str, bytes], ...] = ()

    def check(self) -> None:
        """Raises HengtanError."""
        if not self.text.strip():
            raise refusal("tasks.wrong.no_text")
        if self.percent is not None and not 0 <= self.percent <= 100:
            raise refusal("tasks.wrong.percent")
        if len(self.files) > evidence.MOST:
            raise refusal("tasks.wrong.files", evidence.MOST)
        for name, content in self.files:
            evidence.check(name, content)


def answer(task: Task, said: Said, by: str, app: Any) -> None:
    """Answer for a department, with files that go into the ledger of the application's workspace.

    Raises HengtanError; then the answer is not taken, and a file that is in the ledger already is
    withdrawn.
    """
    said.check()
    _check_open(Task.objects.filter(pk=task.pk).first(), said.department)
    actor, kept = Actor(by, said.department), []
    try:
        for name, content in said.files:
            kept.append(evidence.keep(app, task, actor, name, content))
        _take_answer(task, said, by, kept)
    except HengtanError as error:
        for file in kept:
            _withdraw_unnamed(app, file, actor, error.zh)
        raise
    digests = " ".join(file.sha256 for file in kept)
    trail.add("task_answered", f"{task.pk} {said.department} {digests}".strip(), by=by)
    people = [task.made_by, task.dispatched_by]
    _tell(task, people, "answered", by, f"{said.department}: {said.text[:400]}")


def _check_open(row: Task | None, department: str) -> Party:
    """The part of a department in a task that waits for answers. Raises HengtanError."""
    if row is None or row.state not in OPEN:
        raise refusal("tasks.wrong.state")
    party: Party | None = row.parties.filter(department=department).first()
    if party is None:
        raise refusal("tasks.wrong.department", department)
    return party


def _take_answer(task: Task, said: Said, by: str, kept: Sequence[evidence.Kept]) -> None:
    with _held(task, *OPEN) as row:
        party = _check_open(row, said.department)
        written = Answer.objects.create(
            task=row,
            department=said.department,
            by=by,
            text=said.text,
            percent=said.percent,
            figures=said.figures,
        )
        Evidence.objects.bulk_create(Evidence(answer=written, **vars(file)) for file in kept)
        party.state, party.reason = ANSWERED, ""
        party.save()
        _settle(row)


def _withdraw_unnamed(app: Any, file: evidence.Kept, actor: Actor, why: str) -> None:
    """Withdraw a file of an answer that was not taken, unless an earlier answer came with it."""
    if not Evidence.objects.filter(submission=file.submission).exists():
        evidence.take_back(app, file, actor, why)


def send_back(permission: Any, task: Task, department: str, reason: str, by: str) -> None:
    """Return the answer of a department. Raises HengtanError without a reason."""
    if not reason.strip():
        raise refusal("tasks.wrong.no_reason")
    with _held(task, *OPEN) as row:
        number = row.parties.filter(department=department, state=ANSWERED).update(
            state=RETURNED, reason=reason
        )
        if not number:
            raise refusal("tasks.wrong.department", department)
        _settle(row)
    trail.add("task_returned", f"{task.pk} {department}", reason, by=by)
    _tell(task, people_of(permission, task, (department,)), "returned", by, reason)


def remind(
    permission: Any, task: Task, by: str = "", text: str = "", occasion: str | None = None
) -> int:
    """Remind the departments that owe an answer; gives how many people were told. An ``occasion``
    reminds once. Raises HengtanError where nobody owes one."""
    with _held(task, *OPEN) as row:
        owing = [p.department for p in row.in_order() if p.state != ANSWERED]
        if not owing:
            raise refusal("tasks.wrong.nobody_owes")
        people = people_of(permission, row, owing)
        _, is_new = (
            Reminder.objects.get_or_create(
                task=row,
                occasion=occasion,
                defaults={"by": by, "text": text, "number": len(people)},
            )
            if occasion
            else (
                Reminder.objects.create(task=row, by=by, text=text, number=len(people)),
                True,
            )
        )
    if not is_new:
        return 0
    trail.add("task_reminded", f"{task.pk} {'、'.join(owing)}", by=by)
    return _tell(task, people, "reminded", by, text)


def remind_due(permission: Any, today: date) -> int:
    """Send the reminders that are due of themselves; gives how many people were told."""
    number = 0
    for task in Task.objects.filter(state__in=(DISPATCHED, RETURNED)).exclude(due=None):
        day = reminder_due(task.due, task.dispatched_on, today)
        if day is None:
            continue
        occasion = f"{task.due}{day:+d}"
        if not task.reminders.filter(occasion=occasion).exists():
            number += remind(permission, task, occasion=occasion)
    return number


def close(app: Any, task: Task, text: str, by: str, today: date) -> None:
    """Close a task that each department has answered, and tell the task ledger; one that is not so
    takes a reason. Raises HengtanError."""
    with _held(task, *OPEN) as row:
        if row.state != ANSWERED and not text.strip():
            raise refusal("tasks.wrong.close")
        row.state, row.closed_by, row.closed_on, row.closing = CLOSED, by, today, text
        row.save()
    trail.add("task_closed", f"{task.pk} {task.title}", text, by=by)
    standing.tell_or_note(app, task)
    _tell(task, people_of(app.permission, task, task.departments()), "closed", by, text)


@contextmanager
def _held(task: Task, *states: str) -> Iterator[Task]:
    """The task as it stands, held against others while it is changed; ``task`` is fresh after.

    Raises HengtanError where it is in none of the states.
    """
    with transaction.atomic():
        row = Task.objects.select_for_update().filter(pk=task.pk).first()
        if row is None or row.state not in states:
            raise refusal("tasks.wrong.state")
        yield row
    if row.pk is not None:
        task.refresh_from_db()


def _settle(row: Task) -> None:
    row.state = state_of(row.parties.values_list("state", flat=True))
    row.save(update_fields=["state"])


def people_of(permission: Any, task: Task, departments: Sequence[str]) -> list[str]:
    """The names of those who may answer for one of the departments, by a grant that names it."""
    from hengtan.web.rooms.people import persons

    grants = apps.get_model("people", "GrantRow").objects
    wanted = grants.filter(department__in=departments, taken_at=None, account__is_active=True)
    names = []
    for row in wanted.select_related("account").order_by("pk"):
        person = persons.person_of(row.account)
        thing = Thing(place=task.place or None, department=row.department)
        if permission.may(person, "task.answer", thing):
            names.append(person.name)
    return list(dict.fromkeys(names))


def _tell(task: Task, people: Sequence[str], what: str, by: str, text: str) -> int:
    subject, en_subject = (
        word(f"tasks.told.{what}", lang).format(task.title) for lang in ("zh", "en")
    )
    days = [word("tasks.told.due", lang).format(task.due) for lang in ("zh", "en") if task.due]
    zh, en = ("\n".join(filter(None, (*days[n : n + 1], text))) for n in (0, 1))
    receivers = tuple(name for name in people if name and name != by)
    return notify(Notice(receivers, subject, en_subject, zh, en, f"/tasks/{task.pk}"), by)
