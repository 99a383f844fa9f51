"""What is kept of a bulletin before it is frozen: its draft. Frozen issues stand in the
workspace.
"""

from __future__ import annotations

from django.db import models

from hengtan.office.bulletin_drafts import BulletinDraft


class DraftRow(models.Model):
    """The draft of a period."""

    period = models.CharField(max_length=10, unique=True)
    text = models.JSONField(default=list)
    fields = models.JSONField(default=dict)
    figures = models.CharField(max_length=64)
    state = models.CharField(max_length=20)
    by = models.CharField(max_length=60)
    version = models.IntegerField(default=1)
    reason = models.CharField(max_length=400, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    def draft(self) -> BulletinDraft:
        """The draft as the rules know it."""
        return BulletinDraft(
            period=self.period,
            text=tuple((heading, said) for heading, said in self.text),
            figures=self.figures,
            fields=dict(self.fields),
            by=self.by,
            state=self.state,
            version=self.version,
            reason=self.reason,
        )

    @classmethod
    def keep(cls, draft: BulletinDraft, before: int | None) -> bool:
        """Keep a draft over version ``before`` of it (None: it is new); False where somebody was
        faster.
        """
        values = {
            "text": [list(section) for section in draft.text],
            "fields": dict(draft.fields),
            "figures": draft.figures,
            "state": draft.state,
            "by": draft.by,
            "version": draft.version,
            "reason": draft.reason,
        }
        if before is None:
            _, is_new = cls.objects.get_or_create(period=draft.period, defaults=values)
            return bool(is_new)
        return bool(cls.objects.filter(period=draft.period, version=before).update(**values))
