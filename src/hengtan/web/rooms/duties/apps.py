"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Duties(AppConfig):
    """The reporting calendar."""

    name = "hengtan.web.rooms.duties"
    label = "duties"
