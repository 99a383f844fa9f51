"""Whoever asks and does not read the answer is cut off after a time; who reads steadily is not."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest
import uvicorn

from hengtan.web import connections

SIZE = 8_000_000
BLOCK = b"0123456789abcdef" * 4_000


async def long_answer(scope, receive, send) -> None:
    """An answer of ``SIZE`` bytes, or of the number that the path names."""
    if scope["type"] != "http":
        return
    size = int(scope["path"].strip("/") or SIZE)
    length = [(b"content-length", str(size).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    for start in range(0, size, len(BLOCK)):
        part = BLOCK[: size - start]
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def server(monkeypatch):
    """A server that waits half a second for a request, and as long for an answer to be read."""
    monkeypatch.setattr(connections, "SECONDS", 0.5)
    monkeypatch.setattr(connections, "UNREAD_SECONDS", 0.5)
    protocol = connections.Connection
    config = uvicorn.Config(
        long_answer, port=0, log_level="error", http=protocol, timeout_keep_alive=1, lifespan="off"
    )
    serving = uvicorn.Server(config)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    while not serving.started:
        time.sleep(0.02)
    yield serving
    serving.should_exit = True
    thread.join(timeout=10)


def asked(serving, path="/", more="", buffer=4096) -> socket.socket:
    """A connection with a small buffer, on which a request was sent."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    link.settimeout(10)
    link.connect(serving.servers[0].sockets[0].getsockname())
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
    while serving.server_state.connections and time.monotonic() < end:
        time.sleep(0.05)
    return not serving.server_state.connections


@pytest.mark.parametrize(
    "more", ["", "Connection: close\r\n"], ids=["kept alive", "closed at the end"]
)
def test_an_answer_that_nobody_reads_is_cut_off(server, more):
    with asked(server, more=more) as link:
        assert link.recv(1)
        assert is_gone(server)
        assert taken(link) < SIZE


def test_many_that_do_not_read_leave_nothing(server):
    links = [asked(server) for _ in range(20)]
    assert is_gone(server)
    for link in links:
        link.close()
    with asked(server, "/1000", "Connection: close\r\n") as link:
        assert taken(link) > 1000


def test_a_drip_is_cut_off_too(server):
    """Some bytes now and then are no reading: the buffer stays full."""
    with asked(server) as link:
        dripping = threading.Thread(target=taken, args=(link, 0.02, 64), daemon=True)
        dripping.start()
        assert is_gone(server)
        dripping.join(timeout=10)
        assert not dripping.is_alive()


def test_whoever_reads_steadily_has_all_of_it(server):
    """Longer than the time allowed for a full buffer, but some of it all the time."""
    started = time.monotonic()
    with asked(server, more="Connection: close\r\n", buffer=60_000) as link:
        assert taken(link, pause=0.01) > SIZE
    assert time.monotonic() - started > 1.0
