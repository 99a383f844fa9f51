"""The audit trail as it is kept."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One thing that was done or refused. ``seal``: digest of this entry and the seal before it."""

    number = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=40)
    by = models.CharField(max_length=60, blank=True, db_index=True)
    kind = models.CharField(max_length=40, db_index=True)
    what = models.CharField(max_length=400)
    why = models.CharField(max_length=400, blank=True)
    address = models.CharField(max_length=60, blank=True)
    before = models.CharField(max_length=64)
    seal = models.CharField(max_length=64, unique=True)
