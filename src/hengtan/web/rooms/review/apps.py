"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class Review(AppConfig):
    """Review and publishing."""

    name = "hengtan.web.rooms.review"
    label = "review"
