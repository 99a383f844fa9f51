"""The application: page families put together, errors as pages a person can read. Read-only but for the review of plans."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from hengtan.basis.errors import HengtanError, LedgerBusy, NoSuchRow, UnknownAccount, UnknownForm
from hengtan.report.words import word
from hengtan.web import (
    accounts,
    api,
    calculators,
    evidence,
    files,
    guard,
    plans,
    registries,
    status_pages,
    verdict,
)
from hengtan.web.site import Provider, Site, as_json, language, not_found, page

log = logging.getLogger("hengtan.web")


def create_app(
    provider: Provider, hosts: tuple[str, ...] = guard.LOCAL_HOSTS, *, writable: bool = False
) -> FastAPI:
    """The pages of one workspace. ``hosts`` are the names a request may be addressed to (this machine by default); ``writable``: whether plans may be reviewed in them."""
    app = FastAPI(title="Hengtan", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = Site(provider)
    for family in (
        status_pages,
        registries,
        accounts,
        verdict,
        calculators,
        plans,
        evidence,
        api,
        files,
    ):
        app.include_router(family.router)

    @app.exception_handler(HengtanError)
    def refused(request: Request, error: HengtanError) -> Response:
        status = (
            404
            if isinstance(error, (NoSuchRow, UnknownAccount, UnknownForm))
            else 503
            if isinstance(error, LedgerBusy)
            else 400
        )
        if request.url.path.startswith("/api/"):
            return as_json(error.as_dict(), status=status)
        lang = language(request)
        text = " ".join(
            filter(
                None,
                [
                    str(error.where or ""),
                    error.en if lang == "en" else error.zh,
                    error.todo_en if lang == "en" else error.todo,
                ],
            )
        )
        return page(
            request,
            "message",
            title=word("refused", lang),
            status=status,
            heading=word("refused", lang),
            text=text,
            detail=type(error).__name__,
        )

    @app.exception_handler(HTTPException)
    def missing(request: Request, error: HTTPException) -> Response:
        if request.url.path.startswith("/api/"):
            return as_json(
                {
                    "level": "error",
                    "code": str(error.status_code),
                    "zh": word("not_found"),
                    "en": word("not_found", "en"),
                },
                status=error.status_code,
            )
        if error.status_code == 404:
            return not_found(request, request.url.path)
        return Response(
            str(error.detail), status_code=error.status_code, media_type="text/plain; charset=utf-8"
        )

    @app.exception_handler(Exception)
    def failed(request: Request, error: Exception) -> Response:
        log.error("%s %s", request.method, request.url.path, exc_info=error)
        if request.url.path.startswith("/api/"):
            return as_json(
                {
                    "level": "error",
                    "code": type(error).__name__,
                    "zh": word("failed"),
                    "en": word("failed", "en"),
                },
                status=500,
            )
        return Response(
            f"{word('failed')} | {word('failed', 'en')}\n{word('failed.text')}",
            status_code=500,
            media_type="text/plain; charset=utf-8",
        )

    guard.protect(app, hosts, writable=writable)
    return app


def serve(
    provider: Provider,
    host: str = "127.0.0.1",
    port: int = 8000,
    hosts: tuple[str, ...] = guard.LOCAL_HOSTS,
) -> None:
    """Serve until interrupted, on this machine only unless told otherwise."""
    import uvicorn

    uvicorn.run(
        create_app(provider, hosts), host=host, port=port, log_level="warning", server_header=False
    )
