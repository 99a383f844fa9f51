"""What is kept of entry until it is handed in: drafts with their versions, comments on cells, files
that were looked at. What was handed in stands in the ledger only.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from hengtan.office.drafts import Draft
from hengtan.office.permission import Thing
from hengtan.office.typed import Typed


class Subject(models.Model):
    """What a draft or an upload is about, and who began it."""

    key = models.CharField(max_length=32, unique=True)
    form = models.CharField(max_length=80)
    place = models.CharField(max_length=40)
    entity = models.CharField(max_length=40, blank=True)
    department = models.CharField(max_length=60, blank=True)
    replaces = models.CharField(max_length=20, blank=True)
    begun_by = models.CharField(max_length=60)
    begun_at = models.DateTimeField(auto_now_add=True)
    submission = models.CharField(max_length=20, blank=True)

    class Meta:
        """No table of its own."""

        abstract = True

    @property
    def thing(self) -> Thing:
        """What permission is asked about."""
        return Thing(
            place=self.place,
            form=self.form,
            department=self.department or None,
            entity=self.entity or None,
        )

    @property
    def body(self) -> str:
        """The reporting body it is handed in for."""
        return self.entity or self.department or self.place


class DraftRow(Subject):
    """A draft as it stands; ``typed`` is the JSON of ``office.typed.Typed``."""

    period = models.CharField(max_length=30, blank=True)
    version = models.PositiveIntegerField(default=1)
    typed = models.JSONField()
    saved_by = models.CharField(max_length=60)
    saved_at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-saved_at"]

    def draft(self) -> Draft:
        """The draft as the rules know it."""
        typed, at = Typed.from_dict(self.typed), timezone.localtime(self.saved_at)
        return Draft(self.key, self.version, self.saved_by, at, typed, self.submission or None)


class DraftVersion(models.Model):
    """A version of a draft, kept so that editors who began from it can be joined."""

    draft = models.ForeignKey(DraftRow, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    typed = models.JSONField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        """One of each number."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["draft", "version"], name="one_of_each_version")
        ]


class CellNote(models.Model):
    """A comment on a cell, or a mark to follow it up; ``row`` is the id of the row in the grid."""

    draft = models.ForeignKey(DraftRow, on_delete=models.CASCADE, related_name="notes")
    row = models.CharField(max_length=40)
    column = models.PositiveIntegerField()
    text = models.CharField(max_length=500)
    is_follow_up = models.BooleanField(default=False)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()
    done_by = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """In the order they were written."""

        ordering: ClassVar[list[str]] = ["id"]


class UploadRow(Subject):
    """A file that was looked at and is not handed in yet; ``partly``: figures of it that are not
    read are left out knowingly.
    """

    file_name = models.CharField(max_length=140)
    sheet = models.CharField(max_length=60, blank=True)
    partly = models.BooleanField(default=False)
    content = models.BinaryField()
