"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Audit(AppConfig):
    """The audit trail."""

    name = "hengtan.web.rooms.audit"
    label = "audit"
