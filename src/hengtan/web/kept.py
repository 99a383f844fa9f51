"""Pages kept as they were rendered, for as long as what they show stays as it is: the ledger, the
packs and every other file of the workspace, and the day.

Whether it does is asked of the file system; no request asks the lake. A page that is kept is
answered while others wait for theirs.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse

from hengtan.web.site import language
from hengtan.web.stamp import Stamp

Key = tuple[str, str, str, str]
MOST_BYTES, LARGEST = 64_000_000, 4_000_000
"""Bytes of all pages that are kept, and of one."""
LONGEST_UNSEEN = 1.0
"""Seconds after which a request looks itself whether anything was written."""


@dataclass(frozen=True)
class KeptPage:
    """An answer as it was sent."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    cookies: str
    is_noted: bool = False

    @classmethod
    def of(cls, answer: HttpResponse, *, is_noted: bool = False) -> KeptPage:
        """What there is to keep of an answer; ``is_noted``: whether the audit trail names each
        time that it is taken.
        """
        cookies = answer.cookies.output(header="")
        return cls(answer.content, tuple(answer.headers.items()), cookies, is_noted)

    def answer(self) -> HttpResponse:
        """The answer once more."""
        answer = HttpResponse(self.body, headers=dict(self.headers))
        answer.cookies.load(self.cookies)
        return answer


@dataclass
class Picture:
    """The pages of one state, the one asked for longest ago let go of first."""

    stamp: Stamp = ()
    pages: OrderedDict[Key, KeptPage] = field(default_factory=OrderedDict)
    size: int = 0

    def of(self, stamp: Stamp) -> None:
        """Turn to a state; the pages of another one are let go of."""
        if stamp != self.stamp:
            self.stamp, self.pages, self.size = stamp, OrderedDict(), 0

    def get(self, key: Key) -> KeptPage | None:
        """A page, if it is kept."""
        page = self.pages.get(key)
        if page is not None:
            self.pages.move_to_end(key)
        return page

    def keep(self, key: Key, page: KeptPage) -> None:
        """Keep a page, within the bound."""
        if len(page.body) > LARGEST or key in self.pages:
            return
        self.pages[key] = page
        self.size += len(page.body)
        while self.size > MOST_BYTES:
            _, oldest = self.pages.popitem(last=False)
            self.size -= len(oldest.body)


class Kept:
    """Answers from the picture of the present state; renders what is not in it, each page once
    however many ask for it.

    ``looks_every``: seconds for which a state is taken to last; what is written through these pages
    is seen at once (``look_again``).
    """

    def __init__(self, stamp: Callable[[], Stamp], looks_every: float = 0.0) -> None:
        self.stamp, self.looks_every = stamp, looks_every
        self.picture = Picture()
        self._looked_at, self._written = -math.inf, 0
        self._lock, self._looking = threading.Lock(), threading.Lock()
        self._turns: dict[Key, threading.Lock] = {}
        self._is_asked, self._is_closed = threading.Event(), False
        self._looker: threading.Thread | None = None

    def page_for_all(self, key: Key) -> KeptPage | None:
        """A kept page that is the same for all who may see it, and leaves nothing behind."""
        page = self._page(key)
        return None if page is None or page.is_noted or page.cookies else page

    def answer(
        self, request: HttpRequest, render: Callable[[], HttpResponse], *, is_noted: bool = False
    ) -> HttpResponse:
        """The page of a request that only reads, for whoever may see the same."""
        key = (
            request.path,
            request.META.get("QUERY_STRING", ""),
            language(request),
            request.app.audience(request.person),
        )
        page = self._page(key)
        if page is not None:
            return page.answer()
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        try:
            with turn:
                page = self._page(key)
                return page.answer() if page else self._rendered(key, render, is_noted)
        finally:
            with self._lock:
                self._turns.pop(key, None)

    def look_again(self) -> None:
        """What was written is seen at the next request."""
        self._written += 1
        self._looked_at = -math.inf

    def close(self) -> None:
        """Let whoever looks go home."""
        self._is_closed = True
        self._is_asked.set()

    def _page(self, key: Key) -> KeptPage | None:
        """A page of the present state, looked at no more often than said."""
        age = time.monotonic() - self._looked_at
        if age >= self.looks_every:
            if self.looks_every and age < LONGEST_UNSEEN:
                self._have_looked()
            else:
                self._look()
        with self._lock:
            return self.picture.get(key)

    def _have_looked(self) -> None:
        """Have somebody else look: a look is many calls of the system, after each of which a thread
        waits for its turn, so long as another works out an explanation.
        """
        with self._lock:
            if self._looker is None:
                self._looker = threading.Thread(target=self._watch, name="looking", daemon=True)
                self._looker.start()
        self._is_asked.set()

    def _watch(self) -> None:
        while self._is_asked.wait() and not self._is_closed:
            self._is_asked.clear()
            self._look()

    def _look(self) -> None:
        with self._looking:
            began = time.monotonic()
            if began - self._looked_at < self.looks_every:
                return  # somebody did, meanwhile
            written, stamp = self._written, self.stamp()
            with self._lock:
                self.picture.of(stamp)
            self._looked_at = began if written == self._written else -math.inf

    def _rendered(
        self, key: Key, render: Callable[[], HttpResponse], is_noted: bool
    ) -> HttpResponse:
        """The page made now, and kept if it is one."""
        stamp = self.picture.stamp
        answer = render()
        with self._lock:
            if answer.status_code == 200 and self.picture.stamp == stamp:
                self.picture.keep(key, KeptPage.of(answer, is_noted=is_noted))
        return answer
