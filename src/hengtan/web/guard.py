"""Who may ask and what a browser may do with the answer: host names of this machine, reading only
but for the review of plans, no outside content.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_HOSTS = ("localhost", "127.0.0.1")

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


MAX_BODY = 262_144
"""Bytes of a request that writes."""
RATE, WITHIN = 240, 60.0
"""Writing requests of one address that are answered within so many seconds."""
WRITING = "/plans/"
MOST_ADDRESSES = 10_000
"""Addresses that are remembered."""


def allowed(request: Request, token: str) -> int:
    """0 where a writing request may be answered, else the status that refuses it: 403 for a wrong
    token or another origin, 429 for too many.

    The token is in every page that this server made and in no other place, so another site cannot
    write in a reader's name.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    known = hmac.compare_digest(token.encode(), request.app.state.token.encode())
    # a form of a page without referrer says "null" for its origin; the browser's own word on the
    # site then decides
    here = (
        site == "same-origin"
        if origin == "null"
        else origin is None or urlsplit(origin).netloc == request.headers.get("host")
    )
    if not known or not here or site not in (None, "same-origin", "none"):
        return 403
    return 0 if request.app.state.pace.take(request.client.host if request.client else "") else 429


class Pace:
    """How often an address wrote lately."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: dict[str, deque[float]] = defaultdict(deque)

    def take(self, address: str) -> bool:
        """Whether one more is within the rate; counts it where it is."""
        now = time.monotonic()
        with self._lock:
            times = self._times[address]
            while times and times[0] < now - WITHIN:
                times.popleft()
            if len(times) >= RATE:
                return False
            times.append(now)
            if len(self._times) > MOST_ADDRESSES:
                self._times = defaultdict(deque, {address: times})
            return True


def protect(app: FastAPI, hosts: tuple[str, ...] = LOCAL_HOSTS, *, writable: bool = False) -> None:
    """Add the host check (against rebinding of names), the refusal of anything but reading (but for
    ``/plans/`` where ``writable``), and the headers.
    """
    app.state.writable, app.state.token, app.state.pace = (
        writable,
        secrets.token_urlsafe(32),
        Pace(),
    )

    @app.middleware("http")
    async def only_read(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        if "%00" in f"{request.scope.get('raw_path', b'')!r}{request.scope['query_string']!r}":
            answer: Response = PlainTextResponse("地址含控制字符 | bad address", status_code=400)
        elif request.method == "POST" and writable and request.url.path.startswith(WRITING):
            size = request.headers.get("content-length", "")
            if not size.isdigit() or int(size) > MAX_BODY:
                answer = PlainTextResponse("请求过大 | too large", status_code=413)
            else:
                answer = await call_next(request)
        elif request.method not in ("GET", "HEAD"):
            answer = PlainTextResponse(
                "只读页面 | these pages are read-only", status_code=405, headers={"Allow": "GET"}
            )
        else:
            answer = await call_next(request)
        for name, value in HEADERS.items():
            answer.headers[name] = value
        if not request.url.path.startswith("/static/"):
            answer.headers["Cache-Control"] = "no-store"
        return answer

    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    app.add_middleware(Heads)


class Heads:
    """Answers HEAD as GET is answered, without the content."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on; of a HEAD only status and headers come back."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def bare(message: Message) -> None:
            is_content = message["type"] == "http.response.body"
            await send({**message, "body": b""} if is_content else message)

        await self.app({**scope, "method": "GET"}, receive, bare)
