"""The application: page families put together, errors as pages a person can read.

Read-only but for the review of plans.
"""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from hengtan.basis.errors import HengtanError, LedgerBusy, NoSuchRow, UnknownAccount, UnknownForm
from hengtan.report.words import word
from hengtan.web import guard
from hengtan.web.kept import Kept
from hengtan.web.pages import routers
from hengtan.web.preparing import Preparing
from hengtan.web.site import Site, as_json, language, message, not_found

log = logging.getLogger("hengtan.web")
NOT_THERE = (NoSuchRow, UnknownAccount, UnknownForm)
LOOKS_EVERY = 0.1
"""Seconds for which what another program wrote may not be seen yet."""
SWITCHED_EVERY = 0.0005
"""Seconds after which a thread lets others in: a tenth of what is usual."""
PLAIN = "text/plain; charset=utf-8"


def create_app(
    site: Site,
    hosts: tuple[str, ...] = guard.LOCAL_HOSTS,
    *,
    writable: bool = False,
    looks_every: float = 0.0,
) -> FastAPI:
    """The pages of one workspace.

    ``hosts`` are the names a request may be addressed to (this machine by default); ``writable``:
    whether plans may be reviewed in them; ``looks_every``: seconds for which what was written
    elsewhere may not be seen yet.
    """
    app = FastAPI(title="Hengtan", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = site
    for router in routers():
        app.include_router(router)
    app.add_exception_handler(HengtanError, _refused)
    app.add_exception_handler(HTTPException, _missing)
    app.add_exception_handler(Exception, _failed)
    app.add_middleware(Kept, stamp=site.stamp, looks_every=looks_every)
    guard.protect(app, hosts, writable=writable)
    return app


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HengtanError)
    status = 404 if isinstance(error, NOT_THERE) else 503 if isinstance(error, LedgerBusy) else 400
    if _is_api(request):
        return as_json(error.as_dict(), status=status)
    english = language(request) == "en"
    words = [error.en, error.todo_en] if english else [error.zh, error.todo]
    text = " ".join(filter(None, [str(error.where or ""), *words]))
    return message(request, "refused", text, type(error).__name__, status)


def _missing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if _is_api(request):
        return _api_error(str(error.status_code), "not_found", error.status_code)
    if error.status_code == 404:
        return not_found(request, request.url.path)
    return Response(str(error.detail), status_code=error.status_code, media_type=PLAIN)


def _failed(request: Request, error: Exception) -> Response:
    log.error("%s %s", request.method, request.url.path, exc_info=error)
    if _is_api(request):
        return _api_error(type(error).__name__, "failed", 500)
    text = f"{word('failed')} | {word('failed', 'en')}\n{word('failed.text')}"
    return Response(text, status_code=500, media_type=PLAIN)


def _api_error(code: str, key: str, status: int) -> Response:
    content = {"level": "error", "code": code, "zh": word(key), "en": word(key, "en")}
    return as_json(content, status=status)


def check_address(host: str, port: int) -> None:
    """Raises HengtanError for an address of other machines, and where a port cannot be had."""
    if host not in guard.LOCAL_HOSTS:
        raise HengtanError(
            f"不能在 {host} 上开放：网页还没有登录，别的机器能打开它的人都能看到全部数据",
            f"not served on {host}: pages have no sign-in yet, so whoever reaches them sees all",
            todo=f"用 --host 127.0.0.1；同事可用 ssh -L {port}:127.0.0.1:{port} 本机名 转接",
            todo_en=f"use --host 127.0.0.1; colleagues forward it by "
            f"ssh -L {port}:127.0.0.1:{port} this-machine",
        )
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
    import uvicorn

    from hengtan.web.connections import Connection

    app = create_app(site, writable=not read_only, looks_every=LOOKS_EVERY)
    # an explanation worked out by another thread lets the pages in between
    sys.setswitchinterval(SWITCHED_EVERY)
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", server_header=False, http=Connection
    )
    try:
        with Preparing(site, tell):
            uvicorn.Server(config).run()
    finally:
        site.close()
