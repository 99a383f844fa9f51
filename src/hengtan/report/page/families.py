"""The page families there are: each module of this folder that holds ``PAGES`` is one, found by
itself.

A new family is a module here (what it shows), a template, a word table with ``nav.<name>``, a
router in ``web/`` and
a test; no list elsewhere is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from hengtan.report import page as room
from hengtan.report.view import StatusView


def nothing(view: StatusView) -> dict[str, Any]:
    """Pages that take the view as it is, or whose figures are handed to them."""
    return {}


@dataclass(frozen=True)
class Page:
    """One page: how it arranges the view (grouping and counting only, no verdicts) and where it
    stands.

    ``menu``: its place in the navigation, None where links lead to it; ``offline``: whether it is a
    section of the offline report.
    """

    name: str
    context: Callable[[StatusView], dict[str, Any]] = nothing
    menu: int | None = None
    offline: bool = False

    @property
    def template(self) -> str:
        """The template that shows it."""
        return f"{self.name}.html"


@cache
def pages() -> Mapping[str, Page]:
    """Every page by name. Raises ValueError for a name that two families use."""
    named: dict[str, Page] = {}
    for module in iter_modules(room.__path__):
        for page in getattr(import_module(f"{room.__name__}.{module.name}"), "PAGES", ()):
            if page.name in named:
                raise ValueError(f"two pages are called {page.name}")
            named[page.name] = page
    return named


def menu(*, offline: bool) -> list[Page]:
    """The pages of the navigation in order; of the offline report only where ``offline``."""
    listed = [page for page in pages().values() if page.menu is not None]
    return sorted(
        (page for page in listed if page.offline or not offline), key=lambda page: page.menu or 0
    )
