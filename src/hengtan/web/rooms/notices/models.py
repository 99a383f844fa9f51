"""Notices as they are kept: what was told, and to whom it was handed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from hengtan.office import notices

NO_MAIL, WAITING, SENT, GIVEN_UP = "", "waiting", "sent", "given_up"


class Notice(models.Model):
    """What was told, by whom. ``key``: what it was told for, so that it is told once."""

    key = models.CharField(max_length=120, unique=True, null=True)
    subject_zh = models.CharField(max_length=200)
    subject_en = models.CharField(max_length=200, blank=True)
    text_zh = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    address = models.CharField(max_length=300)
    by = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    def told_to(self, *names: str) -> notices.Notice:
        """The notice as the rules know it."""
        return notices.Notice(
            names, self.subject_zh, self.subject_en, self.text_zh, self.text_en, self.address
        )


class Delivery(models.Model):
    """A notice handed to one person. ``mail``: no mail, waiting, sent, or given up after
    ``failures``; ``next_try``: not before then.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    to = models.CharField(max_length=60)
    read_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=10, blank=True, default=NO_MAIL)
    mail_to = models.CharField(max_length=254, blank=True)
    failures = models.IntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """What is asked for often: unread ones of a person, mails that are due."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notice", "to"], name="notices_once_each"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["to", "read_at"], name="notices_unread"),
            models.Index(fields=["mail", "next_try"], name="notices_mail_due"),
        ]
