"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Notices(AppConfig):
    """Notices."""

    name = "hengtan.web.rooms.notices"
    label = "notices"
