"""Downloads made from the view, and the style and scripts the pages use (plotly's script from the
installed wheel).
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hengtan.report.page.assets import asset, digest, plotly_script
from hengtan.report.page.offline import report_html
from hengtan.report.sheet.status import status_bytes
from hengtan.web.site import not_found, site_of

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATIC: dict[str, tuple[str, Callable[[], str]]] = {
    "report.css": ("text/css; charset=utf-8", lambda: asset("report.css")),
    "report.js": ("text/javascript; charset=utf-8", lambda: asset("report.js")),
    "review.js": ("text/javascript; charset=utf-8", lambda: asset("review.js")),
    "plotly.js": ("text/javascript; charset=utf-8", plotly_script),
}


@router.get("/download/status.xlsx")
def workbook(request: Request) -> Response:
    """The status as a workbook."""
    content = site_of(request).file("status.xlsx", status_bytes)
    return Response(
        content,
        media_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="status.xlsx"'},
    )


@router.get("/download/report.html")
def offline(request: Request) -> Response:
    """The self-contained report."""
    site = site_of(request)
    content = site.file("report.html", lambda view: report_html(view, site.tree_of).encode())
    return Response(
        content,
        media_type="text/html; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="report.html"'},
    )


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
