"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Jobs(AppConfig):
    """Jobs."""

    name = "hengtan.web.rooms.jobs"
    label = "jobs"
