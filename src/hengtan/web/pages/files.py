"""Downloads made from the view, and the style and scripts the pages use (plotly's script from the
installed wheel).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.utils.text import compress_string

from hengtan.desk.bulletin import make as make_bulletin
from hengtan.desk.dispatch import dispatch_sheet
from hengtan.desk.downloads import KINDS as ENDS
from hengtan.desk.downloads import Download, of_bulletin, of_dispatch, of_status
from hengtan.desk.downloads import of_target as target_download
from hengtan.desk.official_fields import official_of
from hengtan.report.page.assets import asset, digest, plotly_script
from hengtan.report.page.offline import report_html
from hengtan.report.view import StatusView
from hengtan.web import rooms
from hengtan.web.routing import OPEN, Router
from hengtan.web.saved import sent
from hengtan.web.site import language, not_found, site_of
from hengtan.web.things import of_region, of_target
from hengtan.workspace.asof import AsOf

router = Router(keeps=True)


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


@router.get("/download/status.{end}", "export.take")
def status_file(request: HttpRequest, end: str) -> HttpResponse:
    """The list of targets this person sees, as a workbook or a PDF."""
    site, lang = site_of(request), language(request)
    view = site.view_for(request)

    def make(view: StatusView) -> bytes:
        return of_status(view, end, site.tree_of, lang).content

    name = f"status.{end}"
    whole = view is site.view()
    content = site.file(f"{name} {lang}", make) if whole else make(view)
    return sent(Download(content, ENDS[end], name))


@router.get("/download/report.html", "export.take", of_region)
def offline(request: HttpRequest) -> HttpResponse:
    """The self-contained report."""
    site = site_of(request)
    content = site.file("report.html", lambda view: report_html(view, site.tree_of).encode())
    return sent(Download(content, ENDS["html"], "report.html"))


@router.get("/download/targets/{target_id}.{end}", "export.take", of_target, keeps=False)
def target_file(request: HttpRequest, target_id: str, end: str) -> HttpResponse:
    """A target on one page, its values or its picture."""
    site = site_of(request)
    file = target_download(site.view(), target_id, end, site.tree_of, language(request))
    return sent(file)


@router.get("/download/bulletin/{period}.{end}", "export.take", of_region, keeps=False)
def bulletin_file(request: HttpRequest, period: str, end: str) -> HttpResponse:
    """The bulletin of a period, with what an office adds (``?recipients=`` and so on)."""
    official, lang = official_of(request.GET.dict()), language(request)
    site = site_of(request)
    names = {place.code: place.name_en or place.name_zh for place in site.workspace.pack.places()}
    return sent(of_bulletin(site.ask(make_bulletin, period), end, official, lang, names))


@router.get("/download/dispatch.{end}", "task.read", of_region, keeps=False)
def dispatch_file(request: HttpRequest, end: str) -> HttpResponse:
    """The dispatch sheet of tasks, of all departments or of ``?department=``."""
    department = request.GET.get("department", "")
    as_of = AsOf.of(today=request.app.today())
    sheet = site_of(request).ask(dispatch_sheet, as_of, department=department)
    return sent(of_dispatch(sheet, end, language(request)))


@router.get("/static/{name}", OPEN, keeps=False)
def static(request: HttpRequest, name: str) -> HttpResponse:
    """A style or script; its address carries a digest, so it may be kept."""
    known = STATIC if name in STATIC else of_rooms()
    if name not in known:
        return not_found(request, name)
    kind, text = known[name]
    is_packed = bool(re_accepts_gzip.search(request.headers.get("accept-encoding", "")))
    tag = f'"{digest(text())}{"-gzip" if is_packed else ""}"'
    headers = {
        "ETag": tag,
        "Vary": "Accept-Encoding",
        "Cache-Control": "public, max-age=31536000, immutable"
        if "v" in request.GET
        else "no-cache",
    }
    if request.headers.get("if-none-match") == tag:
        return HttpResponse(status=304, headers=headers)
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    content = _packed(text()) if is_packed else text()
    return HttpResponse(content, content_type=kind, headers=headers)


@cache
def _packed(text: str) -> bytes:
    """A style or script as gzip, once for each: they hold nothing of whom they are sent to."""
    return compress_string(text.encode())


@router.get("/favicon.ico", OPEN, keeps=False)
def favicon(request: HttpRequest) -> HttpResponse:
    """No picture: an empty answer keeps the browser's console quiet."""
    return HttpResponse(status=204)
