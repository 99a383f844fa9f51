"""Whoever asks and does not read the answer is cut off after a time; who reads steadily is not."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest

from hengtan.web import server

SIZE = 8_000_000
BLOCK = b"0123456789abcdef" * 4_000


def long_answer(environ, start_response):
    """An answer of ``SIZE`` bytes, or of the number that the path names."""
    size = int(environ["PATH_INFO"].strip("/") or SIZE)
    start_response("200 OK", [("Content-Length", str(size))])
    return [BLOCK[: size - start] for start in range(0, size, len(BLOCK))]


@pytest.fixture
def serving(monkeypatch, listening):
    """A server that waits half a second for a request, and as long for an answer to be read."""
    monkeypatch.setattr(server, "SECONDS", 0.5)
    monkeypatch.setattr(server, "UNREAD_SECONDS", 0.5)
    with listening(long_answer) as running:
        yield running


def asked(serving, path="/", more="", buffer=4096) -> socket.socket:
    """A connection with a small buffer, on which a request was sent."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    link.settimeout(10)
    link.connect(("127.0.0.1", serving.effective_port))
    link.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n".encode())
    return link


def taken(link, pause=0.0, block=65_536) -> int:
    """Bytes that come until the connection ends, however it ends."""
    number = 0
    with contextlib.suppress(ConnectionError):
        while part := link.recv(block):
            number += len(part)
            time.sleep(pause)
    return number


def is_gone(serving, within=15.0) -> bool:
    """Whether the server has no connection any more, within so many seconds."""
    end = time.monotonic() + within
    while serving.active_channels and time.monotonic() < end:
        time.sleep(0.05)
    return not serving.active_channels


@pytest.mark.parametrize(
    "more", ["", "Connection: close\r\n"], ids=["kept alive", "closed at the end"]
)
def test_an_answer_that_nobody_reads_is_cut_off(serving, more):
    with asked(serving, more=more) as link:
        assert link.recv(1)
        assert is_gone(serving)
        assert taken(link) < SIZE


def test_many_that_do_not_read_leave_nothing(serving):
    links = [asked(serving) for _ in range(20)]
    assert is_gone(serving)
    for link in links:
        link.close()
    with asked(serving, "/1000", "Connection: close\r\n") as link:
        assert taken(link) > 1000


def test_a_drip_is_cut_off_too(serving):
    """Some bytes now and then are no reading: the buffer stays full."""
    with asked(serving) as link:
        dripping = threading.Thread(target=taken, args=(link, 0.02, 64), daemon=True)
        dripping.start()
        assert is_gone(serving)
        dripping.join(timeout=10)
        assert not dripping.is_alive()


def test_whoever_reads_steadily_has_all_of_it(serving):
    """Longer than the time allowed for a full buffer, but some of it all the time."""
    started = time.monotonic()
    with asked(serving, more="Connection: close\r\n", buffer=60_000) as link:
        assert taken(link, pause=0.01) > SIZE
    assert time.monotonic() - started > 1.0
