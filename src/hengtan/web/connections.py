"""Connections that keep the server waiting: how long a request may take to arrive, how long an
answer may stand unread, and how many connections there are at a time.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from contextlib import suppress

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 10.0
"""Within which a request arrives, its headers and what it sends."""
UNREAD_SECONDS, LEAST_READ = 30.0, 16_000
"""Within so many seconds whoever is answered takes so many bytes while the buffer is full, or once
the connection is to be closed.
"""
MOST = 500
"""Connections at a time; beyond them the one that has waited longest for its request is closed."""
LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


try:
    import fcntl
    import termios
except ImportError:  # Windows, where only what is not handed to the system yet is counted
    fcntl = termios = None  # type: ignore[assignment]


class Connection(H11Protocol):
    """A connection of uvicorn with a clock on each request, and one on the reading of answers."""

    clock: asyncio.TimerHandle | None = None
    unread: asyncio.TimerHandle | None = None
    left = 0

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

    def pause_writing(self) -> None:
        """The buffer is full: start the clock of the one who reads."""
        super().pause_writing()
        self._cut_unless_read()

    def resume_writing(self) -> None:
        """The buffer is nearly empty again."""
        self._stop_unread()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close what nobody asks on any more, also where the last answer is never taken."""
        super().timeout_keep_alive_handler()
        self._cut_unless_read()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._stop()
        self._stop_unread()
        super().connection_lost(exc)

    def refuse(self, answer: bytes) -> None:
        """Close; a request that has not begun to be answered hears why."""
        self._stop()
        if not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete:
                self.transport.write(answer)
            self.transport.close()
            self._cut_unless_read()

    def _cut_unless_read(self) -> None:
        if self.unread is None:
            self.left = self._waits()
            self.unread = self.loop.call_later(UNREAD_SECONDS, self._cut)

    def _waits(self) -> int:
        """Bytes that wait to be sent or to be taken, as far as the system says."""
        waits, link = (
            self.transport.get_write_buffer_size(),
            self.transport.get_extra_info("socket"),
        )
        if termios is not None and link is not None and link.fileno() >= 0:
            count = fcntl.ioctl(link.fileno(), termios.TIOCOUTQ, bytes(4))
            waits += int.from_bytes(count, sys.byteorder)
        return waits

    def _cut(self) -> None:
        """End it at once, what is still to be sent thrown away, unless some was taken meanwhile."""
        self.unread = None
        if self._waits() <= self.left - LEAST_READ:
            return self._cut_unless_read()
        link = self.transport.get_extra_info("socket")
        if link is not None:
            with suppress(OSError):
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _stop_unread(self) -> None:
        if self.unread is not None:
            self.unread.cancel()
            self.unread = None

    def _start(self) -> None:
        if self.clock is None:
            self.clock = self.loop.call_later(SECONDS, self.refuse, LATE)

    def _stop(self) -> None:
        if self.clock is not None:
            self.clock.cancel()
            self.clock = None
