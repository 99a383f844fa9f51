"""Who may ask and what a browser may do with the answer: host names of this machine, reading only, no outside content."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.middleware.trustedhost import TrustedHostMiddleware

LOCAL_HOSTS = ("localhost", "127.0.0.1")

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def protect(app: FastAPI, hosts: tuple[str, ...] = LOCAL_HOSTS) -> None:
    """Add the host check (against rebinding of names), the refusal of anything but reading, and the headers."""

    @app.middleware("http")
    async def only_read(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.method not in ("GET", "HEAD"):
            answer: Response = PlainTextResponse("只读页面 | these pages are read-only", status_code=405, headers={"Allow": "GET"})
        else:
            answer = await call_next(request)
        for name, value in HEADERS.items():
            answer.headers[name] = value
        if not request.url.path.startswith("/static/"):
            answer.headers["Cache-Control"] = "no-store"
        return answer

    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
