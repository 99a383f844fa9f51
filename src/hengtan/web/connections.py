"""Connections that keep the server waiting: how long a request may take to arrive, and how many
connections there are at a time.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 10.0
"""Within which a request arrives, its headers and what it sends."""
MOST = 500
"""Connections at a time; beyond them the one that has waited longest for its request is closed."""
LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Connection(H11Protocol):
    """A connection of uvicorn with a clock on each request."""

    clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock; make room where there are too many."""
        super().connection_made(transport)
        self._start()
        if len(self.connections) > MOST:
            waiting = [c for c in self.connections if isinstance(c, Connection) and c.clock]
            longest = min(waiting, key=lambda c: c.clock.when() if c.clock else 0.0)
            longest.refuse(BUSY)

    def data_received(self, data: bytes) -> None:
        """Stop the clock when the request is here, start it for one that has begun."""
        super().data_received(data)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._start()
        else:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop()
        super().connection_lost(exc)

    def refuse(self, answer: bytes) -> None:
        """Close; a request that has not begun to be answered hears why."""
        self._stop()
        if not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete:
                self.transport.write(answer)
            self.transport.close()

    def _start(self) -> None:
        if self.clock is None:
            self.clock = self.loop.call_later(SECONDS, self.refuse, LATE)

    def _stop(self) -> None:
        if self.clock is not None:
            self.clock.cancel()
            self.clock = None
