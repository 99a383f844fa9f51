"""What was worked out, with its files, for the person who sent them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

SENT, RESULT = "sent", "result"


class WorkingRow(models.Model):
    """A working that was done: ``answers`` as they came, ``worked`` what came of it ({} while a job
    works on it), ``kept_as`` what it became in the workspace.
    """

    key = models.CharField(max_length=32, unique=True)
    working = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=120)
    answers = models.JSONField(default=dict)
    worked = models.JSONField(default=dict)
    job = models.BigIntegerField(null=True)
    kept_as = models.CharField(max_length=160, blank=True)

    class Meta:
        """What its list asks for."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["by", "working"], name="workings_of"),
        ]


class WorkingFile(models.Model):
    """A file that was sent (``slot``: as what), or that came of it."""

    row = models.ForeignKey(WorkingRow, models.CASCADE, related_name="files")
    role = models.CharField(max_length=6)
    slot = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=120)
    content = models.BinaryField()
