"""The queue of review made ready at the start and kept up: whoever opens it first does not wait
until all that waits is read.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hengtan.web.rooms.jobs.kinds import Duty
from hengtan.web.rooms.review.asking import queue_of

EVERY = 20.0
"""Seconds between two looks; a request looks by itself for what came since."""


def keep_ready(app: Any) -> None:
    """Have the queue follow the ledger of an ``Application`` up to now."""
    queue_of(SimpleNamespace(app=app))


DUTIES = (Duty("review_queue", EVERY, keep_ready),)
