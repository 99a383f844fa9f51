"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Bulletins(AppConfig):
    """Drafts of bulletins."""

    name = "hengtan.web.rooms.bulletins"
    label = "bulletins"
