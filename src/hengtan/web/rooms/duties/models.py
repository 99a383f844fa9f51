"""What is kept of the reporting calendar: rules, exceptions, enterprises that owe, and which
reminders went out.
"""

from __future__ import annotations

from django.db import models

from hengtan.office.duties import Body, Due, DutyException, DutyRule, Owers


class DutyRow(models.Model):
    """A rule: who owes a form how often and by when."""

    code = models.CharField(max_length=60, unique=True)
    form = models.CharField(max_length=80)
    frequency = models.CharField(max_length=20)
    owers_kind = models.CharField(max_length=30, blank=True)
    within = models.CharField(max_length=40, blank=True)
    listed = models.JSONField(default=list)
    department = models.CharField(max_length=60, blank=True)
    due_kind = models.CharField(max_length=20)
    due_number = models.IntegerField()
    months_after = models.IntegerField(default=1)
    shifts = models.BooleanField(default=False)
    opens = models.IntegerField(default=1)
    expires = models.IntegerField(null=True)
    left_out = models.JSONField(default=list)
    items = models.JSONField(default=list)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    changed_by = models.CharField(max_length=60)
    changed_at = models.DateTimeField(auto_now=True)

    def rule(self) -> DutyRule:
        """The rule as the calendar knows it. Raises WrongDuty."""
        return DutyRule(
            id=self.code,
            form=self.form,
            frequency=self.frequency,
            owers=Owers(self.owers_kind, self.within, tuple(self.listed)),
            due=Due(self.due_kind, self.due_number, self.months_after, self.shifts),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            department=self.department,
            opens=self.opens,
            expires=self.expires,
            left_out=frozenset(self.left_out),
            items=tuple(self.items),
        )

    def take(self, rule: DutyRule) -> None:
        """Make it that rule."""
        self.code, self.form, self.frequency = rule.id, rule.form, rule.frequency
        self.owers_kind, self.within = rule.owers.kind, rule.owers.within
        self.listed, self.department = list(rule.owers.listed), rule.department
        self.due_kind, self.due_number = rule.due.kind, rule.due.number
        self.months_after, self.shifts = rule.due.months_after, rule.due.shifts
        self.opens, self.expires = rule.opens, rule.expires
        self.left_out, self.items = sorted(rule.left_out), list(rule.items)
        self.valid_from, self.valid_until = rule.valid_from, rule.valid_until


class ExceptionRow(models.Model):
    """One obligation waived or moved; one that was taken back stays, with who took it back."""

    obligation = models.CharField(max_length=180, db_index=True)
    waived = models.BooleanField(default=False)
    due = models.DateField(null=True)
    expires = models.DateField(null=True)
    opens = models.DateField(null=True)
    reason = models.CharField(max_length=400)
    by = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)
    taken_by = models.CharField(max_length=60, blank=True)
    taken_at = models.DateTimeField(null=True)

    def exception(self) -> DutyException:
        """The exception as the calendar knows it. Raises WrongDuty."""
        return DutyException(
            self.obligation, self.by, self.reason, self.waived, self.due, self.expires, self.opens
        )


class EntityRow(models.Model):
    """An enterprise or a unit that owes, with its place."""

    code = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=40)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    def body(self) -> Body:
        """The enterprise as a body that owes."""
        return Body(self.code, self.name_zh, self.name_en, self.place, True, self.since, self.until)


class ReminderRow(models.Model):
    """A reminder that was handed over to be sent: its key, who pressed, what about."""

    key = models.CharField(max_length=120, unique=True)
    body = models.CharField(max_length=40)
    about = models.JSONField(default=list)
    by = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)
