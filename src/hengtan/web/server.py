"""The server of a laptop: waitress, with a clock on each request, on the reading of each answer,
and a bound on connections.

A shared installation stands behind granian and a proxy (docs/administrator.md).
"""

from __future__ import annotations

import logging
import socket
import struct
import time
from contextlib import suppress
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

SECONDS = 10.0
"""Within which a request arrives, its headers and what it sends."""
UNREAD_SECONDS, LEAST_READ = 30.0, 16_000
"""Within so many seconds whoever is answered takes so many bytes of what waits for him."""
MOST = 500
"""Connections at a time; beyond them the one that has waited longest for its request is closed."""
THREADS = 24
"""More than are worked on at a time (``turns.AT_A_TIME``): the others wait for the ledger."""
LOOKS_EVERY = 0.25
"""Seconds between two looks at the clocks."""
LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
Waiting = tuple[float, int]


class Channel(HTTPChannel):
    """A connection that knows since when its request is under way, and how much was read."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.asked_since: float | None = time.monotonic()
        self.unread_since: Waiting | None = None

    def received(self, data: bytes) -> bool:
        """Stop the clock when the request is here, start it for one that has begun."""
        worked: bool = super().received(data)
        if self.requests:
            self.asked_since = None
        elif self.request is not None and self.asked_since is None:
            self.asked_since = time.monotonic()
        return worked

    def is_late(self, now: float) -> bool:
        """Whether a request has not arrived in time."""
        return self.asked_since is not None and now - self.asked_since > SECONDS

    def is_unread(self, now: float) -> bool:
        """Whether what waits for its reader has hardly become less since the last look."""
        waits = self.total_outbufs_len
        if not waits:
            self.unread_since = None
            return False
        if self.unread_since is None:
            self.unread_since = (now, self.total_sent())
            return False
        since, sent = self.unread_since
        if self.total_sent() - sent >= LEAST_READ:
            self.unread_since = (now, self.total_sent())
            return False
        return now - since > UNREAD_SECONDS

    def total_sent(self) -> int:
        """Bytes handed to the system so far."""
        return self.sent

    sent = 0

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Hand bytes to the system, and count them."""
        number: int = super().send(data, do_close=do_close)
        self.sent += number
        return number

    def refuse(self) -> None:
        """Close; a request that has not begun to be answered hears why."""
        with suppress(OSError):
            if not self.sent:
                self.socket.send(LATE)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            # the loop is told by the socket itself, and closes it when it comes to it
            self.socket.shutdown(socket.SHUT_RDWR)
        self.asked_since, self.will_close = None, True


class Server(TcpWSGIServer):
    """Waitress with the clocks."""

    channel_class = Channel
    is_stopping = False
    next_channel_cleanup: float = 0.0

    def stop(self) -> None:
        """Let ``run`` end, from any thread; what was being answered is finished."""
        self.is_stopping = True
        self.pull_trigger()

    def maintenance(self, now: float) -> None:
        """Close what is late, what is not read, and what is too many."""
        clock = time.monotonic()
        channels = list(self.active_channels.values())
        for channel in channels:
            if channel.is_late(clock) or channel.is_unread(clock):
                channel.refuse()
        super().maintenance(now)

    def handle_accept(self) -> None:
        """Make room where there are too many, then accept."""
        waiting = [c for c in self.active_channels.values() if c.asked_since is not None]
        if len(self.active_channels) >= MOST and waiting:
            min(waiting, key=lambda channel: channel.asked_since).refuse()
        super().handle_accept()

    def readable(self) -> bool:
        """Look at the clocks, then wait for the next connection."""
        if self.is_stopping:
            raise SystemExit  # as waitress wants to be told
        now = time.time()
        if now >= self.next_channel_cleanup:
            self.next_channel_cleanup = now + LOOKS_EVERY
            self.maintenance(now)
        return True


def make_server(app: Any, host: str, port: int, threads: int = THREADS) -> Server:
    """A server that listens; ``run()`` serves until ``close()``."""
    options = Adjustments(
        host=host,
        port=port,
        threads=threads,
        ident=None,
        connection_limit=10 * MOST,
        channel_timeout=120,
        asyncore_loop_timeout=1,
        # a proxy says who asks (guard.py); without one nobody is believed
        clear_untrusted_proxy_headers=not getattr(app, "is_secure", False),
        max_request_body_size=64_000_000,
    )
    # requests that wait for a thread are no fault that anybody is to be told of each time
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(threads)
    server = Server(app, map={}, dispatcher=dispatcher, adj=options, sockinfo=options.listen[0])
    server.effective_port = server.socket.getsockname()[1]
    return server
