"""Templates of rooms: ``duties/mine.html`` is ``rooms/duties/templates/mine.html``, with the words
and macros of all pages.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

from django.utils import timezone
from jinja2 import BaseLoader, ChoiceLoader, Environment, PrefixLoader
from jinja2.loaders import FileSystemLoader

ROOMS = Path(__file__).parent / "rooms"
_made: WeakKeyDictionary[Environment, Environment] = WeakKeyDictionary()


def environment(pages: Environment) -> Environment:
    """The environment of pages with the templates of rooms beside."""
    if pages not in _made:
        assert pages.loader is not None
        _made[pages] = pages.overlay(loader=ChoiceLoader([_of_rooms(), pages.loader]))
        _made[pages].filters["local"] = timezone.localtime
    return _made[pages]


@cache
def _of_rooms() -> BaseLoader:
    folders: dict[str, BaseLoader] = {
        folder.parent.name: FileSystemLoader(folder) for folder in ROOMS.glob("*/templates")
    }
    return PrefixLoader(folders)
