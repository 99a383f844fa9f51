"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class People(AppConfig):
    """Accounts and grants."""

    name = "hengtan.web.rooms.people"
    label = "people"

    def ready(self) -> None:
        """Listen to what happens when somebody signs in."""
        from hengtan.web.rooms.people import listening

        listening.begin()
