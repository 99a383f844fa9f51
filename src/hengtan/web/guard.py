"""Who may ask and what a browser may do with the answer: host names, methods, sizes, no outside
content, no forged requests.
"""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware

LOCAL_HOSTS = ("localhost", "127.0.0.1")
PROXIES = ("127.0.0.1", "::1", "")
"""Where a proxy hands on from; a server that listens on a socket file says no address."""
VARIABLE = "HENGTAN_PROXIES"
"""Names other proxies that are trusted: where the program runs in a container, its network."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
PLAIN = "text/plain; charset=utf-8"
METHODS = ("GET", "HEAD", "POST")
MAX_BODY = 262_144
"""Bytes of a request that writes without a file."""
FOR_PROGRAMS = "/api/v1/"
"""Addresses to which programs send many rows."""


def headers_of(app: Any, path: str) -> dict[str, str]:
    """The headers that every answer of an application carries."""
    headers = dict(HEADERS)
    if app.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if not path.startswith("/static/"):
        headers["Cache-Control"] = "no-store"
    return headers


def is_known_host(app: Any, host: str) -> bool:
    """Whether a request is addressed to a name of the application (``host``: with its port)."""
    return re.sub(r":\d*$", "", host) in app.hosts


class Guard:
    """The first to see a request and the last to see its answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse what no page is for; else hand on, and set the headers."""
        request.app = request.META["hengtan.app"]
        request.urlconf = request.app.urls
        if request.app.is_secure:
            _see_through_proxy(request)
        answer = self._refused(request) or self.get_response(request)
        for name, value in headers_of(request.app, request.path).items():
            answer.headers[name] = value
        if request.app.is_secure:
            for cookie in answer.cookies.values():
                cookie["secure"] = True
        if not answer.streaming:
            answer.headers["Content-Length"] = str(len(answer.content))
        if request.method == "HEAD":
            if answer.streaming:
                answer.streaming_content = ()
            else:
                answer.content = b""
        return answer

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        if not is_known_host(request.app, request.META.get("HTTP_HOST", "")):
            return HttpResponse("Invalid host header", status=400, content_type=PLAIN)
        asked = f"{request.path}\0{request.META.get('QUERY_STRING', '')}".split("\0")
        if len(asked) > 2 or "%00" in asked[1]:
            return HttpResponse("地址含控制字符 | bad address", status=400, content_type=PLAIN)
        if request.method not in METHODS or (request.method == "POST" and not request.app.writable):
            text = "只读页面 | these pages are read-only"
            return HttpResponse(text, status=405, content_type=PLAIN, headers={"Allow": "GET"})
        if request.method == "POST":
            return self._refused_writing(request)
        return None

    def _refused_writing(self, request: HttpRequest) -> HttpResponse | None:
        size = request.META.get("CONTENT_LENGTH") or ""
        has_file = request.content_type == "multipart/form-data"
        is_many = has_file or request.path.startswith(FOR_PROGRAMS)
        most = request.app.largest_file if is_many else MAX_BODY
        if not size.isdigit() or int(size) > most:
            return too_large(request, most)
        return None


@lru_cache(maxsize=1024)
def is_proxy(address: str, named: str) -> bool:
    """Whether an address is that of a trusted proxy: on this machine, or among those ``named``,
    addresses and networks with commas between them (``10.88.0.1, 172.16.0.0/12``).
    """
    if address in PROXIES:
        return True
    try:
        asked = ip_address(address)
        networks = [ip_network(text.strip(), strict=False) for text in named.split(",") if text]
    except ValueError:
        return False
    return any(asked in network for network in networks)


def _see_through_proxy(request: HttpRequest) -> None:
    """How the request came to the proxy: over TLS, and from which address where the proxy is
    trusted.
    """
    request.META["wsgi.url_scheme"] = "https"
    forwarded = request.headers.get("X-Forwarded-For", "")
    if forwarded and is_proxy(request.META.get("REMOTE_ADDR", ""), os.environ.get(VARIABLE, "")):
        # the last address is the one that the proxy itself saw; those before it anyone can write
        request.META["REMOTE_ADDR"] = forwarded.rpartition(",")[2].strip()[:45]
        request.META["HTTP_X_FORWARDED_FOR"] = ""


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    """What is sent is more than is taken."""
    if not request.path.startswith("/api/"):
        return HttpResponse("请求过大 | too large", status=413, content_type=PLAIN)
    millions = most / 1_000_000
    content = {
        "level": "error",
        "code": "TooLarge",
        "zh": f"请求过大或未写明长度：最多 {millions:g} MB",
        "en": f"too large, or of unknown length: at most {millions:g} MB",
    }
    return JsonResponse(content, status=413, json_dumps_params={"ensure_ascii": False})


class Forgery(CsrfViewMiddleware):
    """Django's guard against forged requests, its secret in a cookie."""


def allowed(request: HttpRequest, token: str) -> int:
    """0 where a writing request of a kept page may be answered, else the status that refuses it:
    403 for a wrong token or another origin, 429 for too many.

    The token is in every page that this server made and in no other place, so another site cannot
    write in a reader's name.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    known = hmac.compare_digest(token.encode(), request.app.token.encode())
    # a form of a page without referrer says "null" for its origin; the browser's own word on the
    # site then decides
    here = (
        site == "same-origin"
        if origin == "null"
        else origin is None or urlsplit(origin).netloc == request.headers.get("host")
    )
    if not known or not here or site not in (None, "same-origin", "none"):
        return 403
    if request.app.is_shared:  # counted already, by person
        return 0
    return 0 if request.app.pace.take(request.META.get("REMOTE_ADDR", "")) else 429
