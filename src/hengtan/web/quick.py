"""Kept pages answered at the door: before sessions, accounts and every other part that a request
otherwise passes.

A page that is kept was let out to readers of this sight (``Application.audience``). What is left to
know is who asks, and that is remembered from his last request for as long as nothing was written to
the store of people. So a session that is ended, a grant that is taken back and a notice that
arrives are seen at the very next request.
"""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.handlers.wsgi import WSGIRequest

from hengtan.web.guard import headers_of, is_known_host
from hengtan.web.settings import SESSION
from hengtan.web.site import language
from hengtan.web.who import PLACE, SIGNED_IN_AT, is_over

if TYPE_CHECKING:
    from hengtan.web.store import Store

LONGEST_PAUSE = 60.0
"""Seconds without a request after which a reader is asked for anew: whether his session has ended
stands in the store."""
MOST_READERS = 10_000
Headers = list[tuple[str, str]]
Key = tuple[str, str]


@dataclass
class Reader:
    """Somebody whose last request went the whole way.

    ``audience``: what he may see; ``who``: how pages greet him; ``written``: the state of the store
    before he was asked for; ``at``: his last request, ``signed_in_at``: when he signed in [s, Unix
    time]; ``day``: on which grants were looked at.
    """

    audience: str
    who: bytes
    written: object
    at: float
    signed_in_at: float
    day: date


class Quick:
    """Answers what is kept, to readers who are remembered."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self._written: Written | None = None
        self._lock = threading.Lock()
        self._readers: OrderedDict[Key, Reader] = OrderedDict()

    def close(self) -> None:
        """Let go of the store."""
        if self._written is not None:
            self._written.close()

    def state(self) -> object:
        """The state of the store of people; None where there is none, or where it is not known."""
        if not self.app.writable:
            return None
        if self._written is None or self._written.store != self.app.store:
            self._written = Written(self.app.store, self.app.kept.looks_every)
        return self._written.state()

    def answer(self, environ: dict[str, Any], written: object) -> tuple[Headers, bytes] | None:
        """Headers and body of a kept page; None where the request has to go the whole way."""
        is_plain = environ["REQUEST_METHOD"] == "GET" and environ.get("PATH_INFO", "").isascii()
        if not is_plain or "HTTP_AUTHORIZATION" in environ:
            return None
        request = WSGIRequest(environ)
        if not is_known_host(self.app, environ.get("HTTP_HOST", "")):
            return None
        lang = language(request)
        session = request.COOKIES.get(SESSION, "")
        reader = self._reader((session, lang), written)
        if reader is None:
            return None
        asked = (request.path, environ.get("QUERY_STRING", ""), lang, reader.audience)
        page = self.app.kept.page_for_all(asked)
        if page is None:
            return None
        if reader.signed_in_at < math.inf:
            self.app.seen.touch(session, self.app.store)
        body = page.body.replace(PLACE, reader.who)
        headers = dict(page.headers) | headers_of(self.app, request.path)
        headers["Content-Length"] = str(len(body))
        if self.app.is_shared:
            headers["Vary"] = "Cookie"
        return list(headers.items()), body

    def remember(self, request: Any, who: str) -> None:
        """Remember a reader whose request went the whole way, with how pages greet him."""
        written = request.META.get("hengtan.written")
        if request.method != "GET" or (self.app.writable and written is None):
            return
        has_session = self.app.is_shared and request.person.name
        signed_in_at = request.session.get(SIGNED_IN_AT, 0) if has_session else math.inf
        key = (request.COOKIES.get(SESSION, ""), language(request))
        reader = Reader(
            self.app.audience(request.person),
            who.encode(),
            written,
            time.time(),
            signed_in_at,
            self.app.today(),
        )
        with self._lock:
            self._readers[key] = reader
            while len(self._readers) > MOST_READERS:
                self._readers.popitem(last=False)

    def _reader(self, key: Key, written: object) -> Reader | None:
        reader = self._readers.get(key)
        if reader is None or reader.written != written:
            return None
        now = time.time()
        is_in_use = abs(now - reader.at) < LONGEST_PAUSE and not is_over(reader.signed_in_at, now)
        if not is_in_use or reader.day != self.app.today():
            return None
        reader.at = now
        return reader


class Written:
    """Whether anything was written to a store since, by whichever process.

    SQLite says so itself (``PRAGMA data_version``, of a connection that never writes). A server is
    not asked for each page: there a state lasts for ``lasts`` seconds.
    """

    def __init__(self, store: Store, lasts: float) -> None:
        self.store, self.lasts = store, lasts
        self._lock = threading.Lock()
        self._link: sqlite3.Connection | None = None

    def state(self) -> object:
        """Equal where nothing was written in between; None where that cannot be said."""
        if self.store.address is not None:
            return int(time.monotonic() / self.lasts) if self.lasts else None
        with self._lock:
            if self._link is None:
                if not self.store.file.exists():
                    return None
                self._link = sqlite3.connect(
                    f"{self.store.file.resolve().as_uri()}?mode=ro",
                    uri=True,
                    check_same_thread=False,
                )
            row = self._link.execute("pragma data_version").fetchone()
            return row[0]

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._link is not None:
                self._link.close()
                self._link = None
