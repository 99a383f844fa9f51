"""The lights at the end of last month, worked out once a state of the ledger by a reader of its
own, so that no page waits for them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Literal

from hengtan.desk.last_month import Since, last_day_of_last_month, lights_known_on
from hengtan.report.judgement import counted
from hengtan.report.view import StatusView
from hengtan.web.readers import Readers

Lights = dict[str, str] | None
Counts = dict[str, int] | None
LATER: Literal["later"] = "later"
"""Not worked out yet."""


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
        """How many targets of a view stood where, and how many ``arrived`` with an edition since or
        were ``revised`` by one, which count as they stand now; None where nothing was known then,
        ``LATER`` where it is not worked out and not asked for at once.
        """
        if not at_once and self._state != self._now():
            return LATER
        lights = self.prepare()
        if lights is None:
            return None
        since = self._since
        # a target the ledger did not know of then had no figures then
        stood = counted(
            target["light"]
            if target["target_id"] in since.all
            else lights.get(target["target_id"], "grey")
            for target in view.targets
        )
        shown = {target["target_id"] for target in view.targets}
        changed = {"arrived": since.arrived & shown, "revised": since.revised & shown}
        return stood | {name: len(targets) for name, targets in changed.items() if targets}
