"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Entry(AppConfig):
    """Drafts and uploads."""

    name = "hengtan.web.rooms.entry"
    label = "entry"
