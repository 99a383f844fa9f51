"""Pages kept as they were rendered, for as long as what they show stays as it is: the ledger, the
packs and every other file of the workspace, and the day.

Whether it does is asked of the file system; no request asks the lake. A page that is kept is
answered while others wait for theirs.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hengtan.web.site import language
from hengtan.web.stamp import Stamp

Key = tuple[str, str, str]
MOST_BYTES, LARGEST = 64_000_000, 4_000_000
"""Bytes of all pages that are kept, and of one."""
NOT_KEPT = ("/static/", "/api/health")
"""Styles and scripts, which the browser keeps, and what is true of this moment."""


@dataclass(frozen=True)
class KeptPage:
    """An answer as it was sent."""

    start: Message
    body: bytes


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
    is seen at once.
    """

    def __init__(self, app: ASGIApp, stamp: Callable[[], Stamp], looks_every: float = 0.0) -> None:
        self.app, self.stamp, self.looks_every = app, stamp, looks_every
        self.picture = Picture()
        self._looked_at = -math.inf
        self._turns: dict[Key, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that only reads, or hand it on."""
        is_page = scope["type"] == "http" and scope["method"] == "GET"
        if not is_page or scope["path"].startswith(NOT_KEPT):
            await self.app(scope, receive, send)
            self._looked_at = -math.inf  # it may have written
            return
        key = (
            scope["path"],
            scope["query_string"].decode("latin-1"),
            language(Request(scope)),
        )
        if await self._answered(key, send):
            return
        turn = self._turns.setdefault(key, asyncio.Lock())
        try:
            async with turn:
                if not await self._answered(key, send):
                    await self._render(key, scope, receive, send)
        finally:
            if not turn.locked():
                self._turns.pop(key, None)

    async def _answered(self, key: Key, send: Send) -> bool:
        self._look()
        page = self.picture.get(key)
        if page is None:
            return False
        await send({**page.start, "headers": list(page.start["headers"])})
        await send({"type": "http.response.body", "body": page.body})
        return True

    def _look(self) -> None:
        """Turn to the present state, looked at no more often than said."""
        now = time.monotonic()
        if now - self._looked_at >= self.looks_every:
            self.picture.of(self.stamp())
            self._looked_at = now

    async def _render(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and keep what it sent if it is a page."""
        stamp = self.picture.stamp
        starts: list[Message] = []
        parts: list[bytes] = []

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                starts.append({**message, "headers": list(message["headers"])})
            elif len(parts) * 65_536 <= LARGEST:
                parts.append(message.get("body", b""))
            await send(message)

        await self.app(scope, receive, sent)
        if len(starts) == 1 and starts[0]["status"] == 200 and self.picture.stamp == stamp:
            self.picture.keep(key, KeptPage(starts[0], b"".join(parts)))
