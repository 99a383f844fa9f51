"""Downloads made from the view, and the style and scripts the pages use (plotly's script from the
installed wheel).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from hengtan.report.page.assets import asset, digest, plotly_script
from hengtan.report.page.offline import report_html
from hengtan.report.sheet.status import status_bytes
from hengtan.web import rooms
from hengtan.web.routing import OPEN, Router
from hengtan.web.site import not_found, site_of
from hengtan.web.things import of_region

router = Router(keeps=True)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@cache
def htmx_script() -> str:
    """The text of htmx, from the installed wheel."""
    folder = files("django_htmx").joinpath("static", "django_htmx")
    return folder.joinpath("htmx-2.min.js").read_text(encoding="utf-8")


def of_rooms() -> dict[str, tuple[str, Callable[[], str]]]:
    """Styles and scripts of rooms: ``rooms/entry/static/grid.js`` is ``/static/entry.grid.js``."""
    listed: dict[str, tuple[str, Callable[[], str]]] = {}
    for place in rooms.__path__:
        for path in sorted(Path(place).glob("*/static/*")):
            kind = KINDS.get(path.suffix)
            if kind:
                name = f"{path.parent.parent.name}.{path.name}"
                listed[name] = (kind, partial(_text, path))
    return listed


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
STATIC: dict[str, tuple[str, Callable[[], str]]] = {
    "report.css": ("text/css; charset=utf-8", lambda: asset("report.css")),
    "report.js": ("text/javascript; charset=utf-8", lambda: asset("report.js")),
    "review.js": ("text/javascript; charset=utf-8", lambda: asset("review.js")),
    "htmx.js": ("text/javascript; charset=utf-8", htmx_script),
    "plotly.js": ("text/javascript; charset=utf-8", plotly_script),
}


@router.get("/download/status.xlsx", "export.take")
def workbook(request: HttpRequest) -> HttpResponse:
    """The status as a workbook."""
    site = site_of(request)
    view = site.view_for(request)
    whole = view is site.view()
    content = site.file("status.xlsx", status_bytes) if whole else status_bytes(view)
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={"Content-Disposition": 'attachment; filename="status.xlsx"'},
    )


@router.get("/download/report.html", "export.take", of_region)
def offline(request: HttpRequest) -> HttpResponse:
    """The self-contained report."""
    site = site_of(request)
    content = site.file("report.html", lambda view: report_html(view, site.tree_of).encode())
    return HttpResponse(
        content,
        content_type="text/html; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="report.html"'},
    )


@router.get("/static/{name}", OPEN, keeps=False)
def static(request: HttpRequest, name: str) -> HttpResponse:
    """A style or script; its address carries a digest, so it may be kept."""
    known = STATIC if name in STATIC else of_rooms()
    if name not in known:
        return not_found(request, name)
    kind, text = known[name]
    tag = f'"{digest(text())}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "public, max-age=31536000, immutable"
        if "v" in request.GET
        else "no-cache",
    }
    if request.headers.get("if-none-match") == tag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(text(), content_type=kind, headers=headers)


@router.get("/favicon.ico", OPEN, keeps=False)
def favicon(request: HttpRequest) -> HttpResponse:
    """No picture: an empty answer keeps the browser's console quiet."""
    return HttpResponse(status=204)
