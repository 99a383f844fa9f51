"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Tasks(AppConfig):
    """Task dispatch."""

    name = "hengtan.web.rooms.tasks"
    label = "tasks"
