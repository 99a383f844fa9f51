"""What is kept of reviewing beside the ledger: level approvals, comments, who is looking."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class LevelApproval(models.Model):
    """An approval below the last level. ``seq``: the step of the ledger with which the rows were
    handed in that it speaks of; what is handed in again has another one.
    """

    submission = models.CharField(max_length=20, db_index=True)
    seq = models.BigIntegerField()
    level = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    note = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Each level once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "seq", "level"], name="review_level_once")
        ]


class Comment(models.Model):
    """What somebody wrote on a submission."""

    submission = models.CharField(max_length=20, db_index=True)
    by = models.CharField(max_length=60)
    text = models.CharField(max_length=2000)
    at = models.DateTimeField(auto_now_add=True)


class Looking(models.Model):
    """Who has a submission open, and when the page last said so."""

    submission = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    title = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        """One line a person and submission."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "by"], name="review_looking_once")
        ]


class Decided(models.Model):
    """What came of one of many submissions that a job decides on. ``turn``: which of its steps it
    was written with; ``outcome``: what was done, "" where it was refused, and then why.
    """

    job = models.BigIntegerField()
    turn = models.PositiveIntegerField()
    submission = models.CharField(max_length=20)
    outcome = models.CharField(max_length=12, blank=True)
    zh = models.CharField(max_length=1000, blank=True)
    en = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Each once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "submission"], name="review_decided_once")
        ]
