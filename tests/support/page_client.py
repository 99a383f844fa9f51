"""A client of the application without a server: requests go straight to it."""

from __future__ import annotations

from typing import Any

import httpx

BASE = "http://localhost"


def _in_bytes(app: Any) -> Any:
    """The path as a server hands it on (PEP 3333): its bytes, each a character."""

    def asked(environ: dict[str, Any], start_response: Any) -> Any:
        environ["PATH_INFO"] = (
            environ["PATH_INFO"].encode("utf-8", "surrogatepass").decode("latin-1")
        )
        return app(environ, start_response)

    return asked


class PageClient(httpx.Client):
    """Asks an application as a browser would, following where it sends one."""

    def __init__(self, app: Any, *, follow: bool = True, **how: Any) -> None:
        transport = httpx.WSGITransport(app=_in_bytes(app), raise_app_exceptions=False)
        super().__init__(transport=transport, base_url=BASE, follow_redirects=follow, **how)
        self.app = app
