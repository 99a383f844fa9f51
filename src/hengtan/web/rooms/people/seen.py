"""Sessions that are in use, moved on together: each request would otherwise write to the store of
people, and wait for its disk.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from hengtan.web.settings import IDLE_SECONDS
from hengtan.web.store import Store, point_to

log = logging.getLogger("hengtan.web")
EVERY = 30.0
"""Seconds between two writings: a session may end so much before or after its idle time."""
PATIENCE = 0.05
"""Seconds that the request at whose time it is written waits for it."""
AT_ONCE = 500
"""Sessions in one statement."""


class Seen:
    """Which sessions of a process asked for something since it was last written."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[str] = set()
        self._wrote_at = 0.0

    def touch(self, key: str, store: Store) -> None:
        """A session is in use; now and then all that are get a new end."""
        now = time.time()
        with self._lock:
            self._keys.add(key)
            if abs(now - self._wrote_at) < EVERY:
                return
            keys, self._keys, self._wrote_at = self._keys, set(), now
        writing = threading.Thread(target=_write, args=(store, sorted(keys)), daemon=True)
        writing.start()
        writing.join(PATIENCE)


def _write(store: Store, keys: list[str]) -> None:
    """The new end of sessions; one that was ended meanwhile stays ended."""
    from django.contrib.sessions.models import Session

    try:
        point_to(store)
        end = timezone.now() + timedelta(seconds=IDLE_SECONDS)
        for first in range(0, len(keys), AT_ONCE):
            some = keys[first : first + AT_ONCE]
            Session.objects.filter(session_key__in=some).update(expire_date=end)
    except DatabaseError as error:
        log.warning("%d sessions were not moved on: %s", len(keys), error)
    finally:
        connection.close()
