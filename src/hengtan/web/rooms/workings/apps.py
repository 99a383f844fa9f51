"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Workings(AppConfig):
    """Workings."""

    name = "hengtan.web.rooms.workings"
    label = "workings"
