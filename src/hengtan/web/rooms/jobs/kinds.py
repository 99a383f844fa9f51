"""Kinds of jobs by name, and small duties done again and again: each room names its own in modules
``work_….py`` (``KINDS``, ``DUTIES``).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from hengtan.web import rooms

Result = Mapping[str, Any]
Application = Any
"""An ``Application``, whose module knows all rooms and so is known to none."""


@dataclass(frozen=True)
class Kind:
    """A kind of job. ``need``: the action whoever starts it or takes its result must be allowed;
    ``run`` does it, handed a ``Run``, and doing it twice leaves what doing it once leaves.
    ``is_own``: only whoever asked for it may cancel it and see what came of it; ``page``: where
    that is seen, {} the number of the job and {name} one of its arguments.
    """

    name: str
    need: str
    run: Callable[[Any], Result | None]
    is_own: bool = False
    page: str = "/jobs/{}"

    def page_of(self, number: int, arguments: Mapping[str, Any]) -> str:
        """Where it is seen what came of a job."""
        return self.page.format(number, **{name: quote(str(a)) for name, a in arguments.items()})


@dataclass(frozen=True)
class Duty:
    """Something short that every worker looks after, every so many seconds; several at once do no
    harm.
    """

    name: str
    every: float
    do: Callable[[Application], object]


@cache
def kinds() -> Mapping[str, Kind]:
    """The kinds of all rooms by name."""
    return {kind.name: kind for module in _modules() for kind in getattr(module, "KINDS", ())}


@cache
def duties() -> tuple[Duty, ...]:
    """The duties of all rooms."""
    return tuple(duty for module in _modules() for duty in getattr(module, "DUTIES", ()))


def _modules() -> Iterator[Any]:
    for room_name in sorted(m.name for m in pkgutil.iter_modules(rooms.__path__) if m.ispkg):
        room = importlib.import_module(f"{rooms.__name__}.{room_name}")
        for part in sorted(m.name for m in pkgutil.iter_modules(room.__path__)):
            if part.startswith("work_"):
                yield importlib.import_module(f"{room.__name__}.{part}")
