"""Tasks as they are kept, with their departments, answers, evidence and reminders."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models

from hengtan.office import dispatch
from hengtan.office.permission import Thing


class Task(models.Model):
    """A task. ``origin``: the clause of a plan it was made from, so that making it twice is one
    task; ``targets``: ids of the targets it serves.
    """

    origin = models.CharField(max_length=160, unique=True, null=True)
    plan = models.CharField(max_length=80, blank=True)
    clause = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    place = models.CharField(max_length=40, blank=True, db_index=True)
    due = models.DateField(null=True)
    is_urgent = models.BooleanField(default=False)
    targets = models.JSONField(default=list)
    state = models.CharField(max_length=12, default=dispatch.DRAFT, db_index=True)
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField(auto_now_add=True)
    dispatched_by = models.CharField(max_length=60, blank=True)
    dispatched_on = models.DateField(null=True)
    closed_by = models.CharField(max_length=60, blank=True)
    closed_on = models.DateField(null=True)
    closing = models.TextField(blank=True)

    def departments(self) -> tuple[str, ...]:
        """Its departments, the lead first."""
        return tuple(party.department for party in self.in_order())

    def in_order(self) -> list[Party]:
        """Its departments with what they did, the lead first."""
        return sorted(self.parties.all(), key=lambda party: (not party.is_lead, party.pk))

    def thing(self) -> Thing:
        """The task as permission sees it: it concerns each of its departments."""
        return Thing(
            place=self.place or None, department=self.departments() or None, by=self.made_by
        )

    def is_overdue_on(self, today: date) -> bool:
        """Whether somebody owes an answer after its last day."""
        return dispatch.is_overdue(self.state, self.due, today)


class Party(models.Model):
    """A department of a task, and how far it is: dispatched, answered or returned."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="parties")
    department = models.CharField(max_length=60, db_index=True)
    is_lead = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default=dispatch.DISPATCHED)
    reason = models.TextField(blank=True)

    class Meta:
        """A department is once in a task."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["task", "department"], name="tasks_party_once"),
        ]


class Answer(models.Model):
    """What a department answered; ``percent`` done [%]; ``figures`` in words."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="answers")
    department = models.CharField(max_length=60)
    by = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField()
    percent = models.FloatField(null=True)
    figures = models.TextField(blank=True)


class Evidence(models.Model):
    """A file that goes with an answer, kept in the ledger under its digest. ``submission``: the one
    that names it there; blank of a file of an earlier version until it is taken along.
    """

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="evidence")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    submission = models.CharField(max_length=20, blank=True)


class Reminder(models.Model):
    """A reminder. ``occasion``: what it was sent for of itself, once each; None of one by hand."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="reminders")
    occasion = models.CharField(max_length=40, null=True)
    by = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(blank=True)
    number = models.IntegerField(default=0)

    class Meta:
        """An occasion reminds once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["task", "occasion"], name="tasks_reminded_once"),
        ]
