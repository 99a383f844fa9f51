"""Serving the pages of a workspace on this machine."""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from hengtan.basis.errors import HengtanError
from hengtan.web.guard import LOCAL_HOSTS
from hengtan.web.preparing import Preparing

if TYPE_CHECKING:
    from hengtan.web.application import Application
    from hengtan.web.site import Site

LOOKS_EVERY = 0.1
"""Seconds for which what another program wrote may not be seen yet."""
SWITCHED_EVERY = 0.0005
"""Seconds after which a thread lets others in: a tenth of what is usual."""


def create_app(
    site: Site,
    hosts: tuple[str, ...] = LOCAL_HOSTS,
    *,
    writable: bool = False,
    looks_every: float = 0.0,
) -> Application:
    """The pages of one workspace for the one person of this machine (a WSGI application).

    ``hosts`` are the names a request may be addressed to (this machine by default); ``writable``:
    whether anything may be written; ``looks_every``: seconds for which what was written elsewhere
    may not be seen yet.
    """
    from hengtan.web.application import Application

    return Application(site, hosts, writable=writable, looks_every=looks_every)


def check_address(host: str, port: int) -> None:
    """Raises HengtanError for an address of other machines, and where a port cannot be had."""
    if host not in LOCAL_HOSTS:
        raise HengtanError(
            f"不能在 {host} 上开放：单人方式不用登录，别的机器能打开它的人都能看到全部数据",
            f"not served on {host}: alone, nobody signs in, so whoever reaches it sees all",
            todo="用 --host 127.0.0.1；多人使用请加 --shared（各人登录）",
            todo_en="use --host 127.0.0.1; for several people add --shared (they sign in)",
        )
    check_port(host, port)


def check_port(host: str, port: int) -> None:
    """Raises HengtanError where a port cannot be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            in_use = probe.connect_ex((host, port)) == 0
            if not in_use:
                probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise HengtanError(
                f"端口 {port} 用不了：{error}",
                f"port {port} cannot be had: {error}",
                todo="用 --port 换一个端口",
                todo_en="choose another with --port",
            ) from error
    if in_use:
        raise HengtanError(
            f"端口 {port} 已被占用",
            f"port {port} is in use",
            todo="用 --port 换一个端口",
            todo_en="choose another with --port",
        )


def serve(
    site: Site,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    read_only: bool = False,
    tell: Callable[[float], None] = lambda seconds: None,
) -> None:
    """Serve until interrupted, on this machine only; ``tell`` hears in how many seconds the pages
    were made ready, at the start and after every change.
    """
    app = create_app(site, writable=not read_only, looks_every=LOOKS_EVERY)
    run(app, host, port, tell)


def working(app: Application) -> AbstractContextManager[object]:
    """The worker of an application that may write."""
    if not app.writable:
        return nullcontext()
    from hengtan.web.rooms.jobs.worker import Worker

    return Worker(app)


def _once_settled(tell: Callable[[float], None]) -> Callable[[float], None]:
    """``tell``, which at its first call leaves what the pages rest on out of later searches for
    garbage: going through all of it takes a third of a second in which nobody is answered.
    """

    def told_once(seconds: float) -> None:
        if not gc.get_freeze_count():
            gc.collect()
            gc.freeze()
        tell(seconds)

    return told_once


def run(app: Application, host: str, port: int, tell: Callable[[float], None]) -> None:
    """Answer until interrupted, then write what has arrived."""
    from hengtan.web.server import make_server

    # an explanation worked out by another thread lets the pages in between
    sys.setswitchinterval(SWITCHED_EVERY)
    app.site.work_apart()
    server = make_server(app, host, port)
    try:
        with Preparing(app.site, _once_settled(tell)), working(app):
            server.run()
    finally:
        server.close()
        app.close()
