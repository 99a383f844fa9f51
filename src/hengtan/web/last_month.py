"""The lights at the end of last month, worked out once a state of the ledger by a reader of its
own, so that no page waits for them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from hengtan.desk.last_month import Since, last_day_of_last_month, lights_known_on
from hengtan.report.judgement import counted
from hengtan.report.view import StatusView
from hengtan.web.readers import Readers

Lights = dict[str, str] | None
Counts = dict[str, Any] | None
LATER: Literal["later"] = "later"
"""Not worked out yet."""


class Line(NamedTuple):
    """A target in a list: its id, "" where it has no page any more, and what it is of."""

    id: str
    zh: str
    en: str


class LastMonth:
    """The lights at the end of last month, kept while ledger, packs and day are unchanged.

    ``state`` gives these three, the day last; ``readers`` answer; ``issued`` tells what editions
    of plans changed since a day.
    """

    def __init__(
        self,
        readers: Readers,
        state: Callable[[], tuple[str, ...]],
        issued: Callable[[date], Since],
    ) -> None:
        self._readers, self._now, self._issued = readers, state, issued
        self._since = Since()
        self._turn = threading.Lock()
        self._state: object = None
        self._lights: Lights = None

    def prepare(self) -> Lights:
        """The lights, worked out where they are not yet."""
        state = self._now()
        with self._turn:
            if self._state != state:
                day = last_day_of_last_month(date.fromisoformat(state[-1]))
                self._lights = self._readers.ask(lights_known_on, day)
                self._since = self._issued(day)
                self._state = state
            return self._lights

    def counts(self, view: StatusView, *, at_once: bool = False) -> Counts | Literal["later"]:
        """How many targets stood where, by the goals of then, and the targets of a view that
        ``arrived`` with an edition since, were ``revised`` by one or ``removed``; None where
        nothing was known then, ``LATER`` where it is not worked out and not asked for at once.
        """
        if not at_once and self._state != self._now():
            return LATER
        lights = self.prepare()
        if lights is None:
            return None
        since, shown = self._since, {target["target_id"]: target for target in view.targets}
        places = {(target["plan"], target["region"]) for target in view.targets}
        removed = [gone for gone in since.removed if (gone.plan, gone.region_zh) in places]
        # a target the ledger did not know of then had no figures then
        there = [*shown.keys() - since.arrived, *(gone.target_id for gone in removed)]
        changed = {
            "arrived": [_line(target) for id, target in shown.items() if id in since.arrived],
            "revised": [_line(target) for id, target in shown.items() if id in since.revised],
            "removed": [Line("", gone.indicator_zh, gone.indicator_en) for gone in removed],
        }
        stood = counted(lights.get(target_id, "grey") for target_id in there)
        return {**stood, **{name: lines for name, lines in changed.items() if lines}}


def _line(target: Mapping[str, Any]) -> Line:
    return Line(target["target_id"], target["indicator_zh"], target["indicator_en"])
