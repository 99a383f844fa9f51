"""Jobs as they are kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hengtan.office.permission import Thing

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
ACTIVE = (WAITING, RUNNING)


class Job(models.Model):
    """A job. ``key``: what is asked for, so that asking twice is one job; ``owner`` works on it
    until ``lease_until`` unless he renews it; ``attempts``: how often it was begun, which also
    tells one beginning from another; ``result``: {file, title} of what it made.
    """

    kind = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, default=WAITING)
    progress = models.FloatField(default=0.0)
    message = models.CharField(max_length=300, blank=True)
    message_en = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    is_cancel_asked = models.BooleanField(default=False)
    result = models.JSONField(default=dict)
    by = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=40, blank=True)
    form = models.CharField(max_length=80, blank=True)
    entity = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """What a worker looks for."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "lease_until"], name="jobs_ready"),
        ]

    @property
    def is_active(self) -> bool:
        """Whether it waits or is under way."""
        return self.state in ACTIVE

    def thing(self) -> Thing:
        """The job as permission sees it."""
        return Thing(
            place=self.place or None,
            form=self.form or None,
            entity=self.entity or None,
            by=self.by,
        )
