"""The worker: one thread that does jobs, one that looks after small duties (mails, reminders). Each
process that serves has one; ``hengtan work`` is a process with nothing else.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import Error, connections

from hengtan.basis.errors import HengtanError
from hengtan.web.rooms.jobs import leases, running
from hengtan.web.rooms.jobs.kinds import Application, duties
from hengtan.web.store import point_to

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("hengtan.web")
LEASE = timedelta(seconds=60)
"""How long a job stays with a worker that is not heard of any more."""
LOOKS_EVERY = 1.0
"""Seconds between two looks for jobs."""


class Worker:
    """Does the jobs of an application until it is stopped."""

    def __init__(
        self, app: Application, lease: timedelta = LEASE, looks_every: float = LOOKS_EVERY
    ) -> None:
        self.app, self._lease, self._looks_every = app, lease, looks_every
        self.name = f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._watch, args=(step,), name=name, daemon=True)
            for name, step in (("jobs", self.do_next), ("duties", self._duties_step()))
        ]

    def begin(self) -> Worker:
        """Work in threads of this process."""
        for thread in self._threads:
            thread.start()
        return self

    def __enter__(self) -> Worker:
        return self.begin()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Begin nothing more. A job under way is left to its lease: another takes it up."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(timeout=LOOKS_EVERY)

    def wait(self) -> None:
        """Work until interrupted."""
        while not self._stopped.wait(3600):
            pass

    def do_next(self) -> bool:
        """Do a job, if there is one that is ready."""
        job = leases.take(self.name, self._lease)
        if job is None:
            return False
        running.do(self.app, job, self._lease)
        return True

    def do_all(self) -> int:
        """Do the jobs that are ready and the duties that are due, once; how many jobs."""
        point_to(self.app.store)
        number = 0
        while self.do_next():
            number += 1
        self._duties_step()()
        return number

    def _duties_step(self) -> Callable[[], bool]:
        next_time: dict[str, float] = {}

        def step() -> bool:
            for duty in duties():
                now = time.monotonic()
                if now >= next_time.get(duty.name, 0.0):
                    next_time[duty.name] = now + duty.every
                    self._attempt(partial(duty.do, self.app))
            return False

        return step

    def _watch(self, step: Callable[[], bool]) -> None:
        point_to(self.app.store)
        try:
            while not self._stopped.is_set():
                if not self._attempt(step):
                    self._stopped.wait(self._looks_every)
        finally:
            connections.close_all()

    def _attempt(self, step: Callable[[], object]) -> object:
        """A step; what goes wrong with it is told to the log, and the thread goes on."""
        try:
            return step()
        except (HengtanError, Error, OSError) as error:
            log.warning("worker: %s", error)
        except Exception:
            log.exception("worker")
        return False
