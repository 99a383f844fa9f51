"""Pages made ready before anybody asks: on the start of the server and after every approval.

A thread of its own looks every two seconds whether the ledger, a pack or the day has changed, and
then asks the heavy questions one after the other; readers are answered in between.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from hengtan.basis.errors import HengtanError
from hengtan.desk.accounts import accounts_view
from hengtan.desk.district_matrix import figures_of_districts
from hengtan.desk.forecast import forecasts_view
from hengtan.web.site import Site

log = logging.getLogger("hengtan.web")
LOOK_EVERY = 2.0
"""Seconds between two looks."""

FIRST: tuple[Callable[[Site], object], ...] = (
    lambda site: site.workspace.forms,
    lambda site: [site.pages(lang) for lang in ("zh", "en")],
)
"""What the first request would wait for, whichever it is."""
HEAVY: tuple[Callable[[Site], object], ...] = (
    *FIRST,
    lambda site: site.last_month.prepare(),
    lambda site: site.ask_once(figures_of_districts),
    lambda site: site.ask_once(accounts_view),
    lambda site: site.ask_once(forecasts_view),
    lambda site: site.readers.prepare(),
)
"""What takes long on a page, the first page first."""


def prepare_first(site: Site) -> threading.Thread:
    """Make ready what the first request would wait for, in a thread of its own: of one process
    among several, which do not each work out anew all that changes.
    """

    def prepare() -> None:
        try:
            for question in FIRST:
                question(site)
        except HengtanError as error:
            log.info("pages not prepared: %s", error)

    thread = threading.Thread(target=prepare, name="preparing first", daemon=True)
    thread.start()
    return thread


class Preparing:
    """Keeps the heavy pages of a site ready until it is stopped.

    ``tell`` is called with the seconds it took whenever the pages are ready again.
    """

    def __init__(self, site: Site, tell: Callable[[float], None] = lambda seconds: None) -> None:
        self._site, self._tell = site, tell
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="preparing", daemon=True)

    def __enter__(self) -> Preparing:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(timeout=LOOK_EVERY)

    def _watch(self) -> None:
        ready_for = None
        while not self._stopped.is_set():
            try:
                state = self._site.state()
                if state != ready_for:
                    self._prepare()
                    ready_for = state
            except HengtanError as error:
                # a ledger that is busy or gone is told to whoever asks for a page
                log.info("pages not prepared: %s", error)
            self._stopped.wait(LOOK_EVERY)

    def _prepare(self) -> None:
        began = time.perf_counter()
        for question in HEAVY:
            if self._stopped.is_set():
                return
            question(self._site)
        self._tell(time.perf_counter() - began)
