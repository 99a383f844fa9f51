"""Downloads made from the view, and the style and scripts the pages use (plotly's script from the
installed wheel).
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hengtan.desk.bulletin import make as make_bulletin
from hengtan.desk.downloads import KINDS, Download, of_bulletin, of_status, of_target
from hengtan.report.page.assets import asset, digest, plotly_script
from hengtan.report.view import StatusView
from hengtan.web.site import language, not_found, site_of

router = APIRouter()
STATIC: dict[str, tuple[str, Callable[[], str]]] = {
    "report.css": ("text/css; charset=utf-8", lambda: asset("report.css")),
    "report.js": ("text/javascript; charset=utf-8", lambda: asset("report.js")),
    "review.js": ("text/javascript; charset=utf-8", lambda: asset("review.js")),
    "plotly.js": ("text/javascript; charset=utf-8", plotly_script),
}


@router.get("/download/status.{end}")
def status_file(request: Request, end: str) -> Response:
    """The list of targets as a workbook or a PDF."""
    return _of_status(request, end)


@router.get("/download/report.html")
def offline(request: Request) -> Response:
    """The self-contained report."""
    return _of_status(request, "html")


def _of_status(request: Request, end: str) -> Response:
    """A file of all targets, made once a view."""
    site, lang = site_of(request), language(request)

    def make(view: StatusView) -> bytes:
        return of_status(view, end, site.tree_of, lang).content

    content = site.file(f"status.{end} {lang}", make)
    return _sent(Download(content, KINDS[end], "report.html" if end == "html" else f"status.{end}"))


@router.get("/download/targets/{target_id}.{end}")
def target_file(request: Request, target_id: str, end: str) -> Response:
    """A target on one page, its values or its picture."""
    site, lang = site_of(request), language(request)
    return _sent(of_target(site.view(), target_id, end, site.tree_of, lang))


@router.get("/download/bulletin/{period}.{end}")
def bulletin_file(request: Request, period: str, end: str) -> Response:
    """The bulletin of a period."""
    return _sent(of_bulletin(site_of(request).ask(make_bulletin, period), end))


def _sent(file: Download) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"}
    return Response(file.content, media_type=file.kind, headers=headers)


@router.get("/static/{name}")
def static(request: Request, name: str) -> Response:
    """A style or script; its address carries a digest, so it may be kept."""
    if name not in STATIC:
        return not_found(request, name)
    kind, text = STATIC[name]
    tag = f'"{digest(text())}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "public, max-age=31536000, immutable"
        if "v" in request.query_params
        else "no-cache",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(text(), media_type=kind, headers=headers)


@router.get("/favicon.ico")
def favicon() -> Response:
    """No picture: an empty answer keeps the browser's console quiet."""
    return Response(status_code=204)
