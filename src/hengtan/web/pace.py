"""How often somebody wrote lately: in the memory of one process, or in the store that all
processes share.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter, defaultdict, deque

RATE, WITHIN = 240, 60.0
"""Writing requests that are answered within so many seconds, of one address or person."""
TYPING_RATE = 1_200
"""What a grid sends by itself while somebody types (a check and a saving after each cell), counted
apart: twenty a second is nobody's typing.
"""
TYPING = re.compile(r"/entry/d/[^/]+/(check|save)")


def allowance(who: str, path: str) -> tuple[str, int | None]:
    """Under which name a writing request is counted, and how many there may be: None for the usual
    rate.
    """
    return (f"grid {who}", TYPING_RATE) if TYPING.fullmatch(path) else (who, None)


FEW = 24
"""Of the requests of a minute one in so many is counted in the process alone."""
MOST_ADDRESSES = 10_000
"""Addresses that are remembered."""


class Pace:
    """How often an address wrote lately."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: dict[str, deque[float]] = defaultdict(deque)

    def take(self, address: str, rate: int | None = None) -> bool:
        """Whether one more is within the rate; counts it where it is."""
        now = time.monotonic()
        with self._lock:
            times = self._times[address]
            while times and times[0] < now - WITHIN:
                times.popleft()
            if len(times) >= (rate or RATE):
                return False
            times.append(now)
            if len(self._times) > MOST_ADDRESSES:
                self._times = defaultdict(deque, {address: times})
            return True


class SharedPace:
    """The same for several processes: counted by the minute, in the store. The first few of a
    minute each process counts for itself, since most people write no more than that.
    """

    rate = RATE

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._few: Counter[str] = Counter()

    def take(self, who: str, rate: int | None = None) -> bool:
        """Whether one more is within the rate (of so many a minute); counts it. Where
        several processes serve, each may let in one in ``FEW`` more.
        """
        most, minute = rate or self.rate, int(time.time() // WITHIN)
        with self._lock:
            if self._minute != minute:
                self._minute, self._few = minute, Counter()
            few, self._few[who] = most // FEW, self._few[who] + 1
            own = self._few[who]
        if own <= few:
            return True
        return self._counted(who, minute, own if own == few + 1 else 1) <= most

    def _counted(self, who: str, minute: int, more: int) -> int:
        """How many of this minute the store knows, with so many more."""
        from django.db import IntegrityError, transaction
        from django.db.models import F

        from hengtan.web.rooms.people.models import Counted

        rows = Counted.objects.filter(who=who[:60], minute=minute)
        if not rows.update(number=F("number") + more):
            Counted.objects.filter(minute__lt=minute - 10).delete()
            try:
                with transaction.atomic():
                    Counted.objects.create(who=who[:60], minute=minute, number=more)
            except IntegrityError:  # another process was first
                rows.update(number=F("number") + more)
        return int(rows.values_list("number", flat=True)[0])
