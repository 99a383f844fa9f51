"""The list of targets whose filter stands in the address, and its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from hengtan.desk.downloads import KINDS, Download
from hengtan.report.judgement import STANDINGS
from hengtan.report.target_list import Asked, TargetList, choices, list_csv, list_excel
from hengtan.web.routing import Router
from hengtan.web.saved import sent
from hengtan.web.site import language, not_found, page, site_of

router = Router(keeps=True)
MAKE: Mapping[str, Callable[..., bytes]] = {"csv": list_csv, "xlsx": list_excel}


@router.get("/targets", "status.read")
def targets(request: HttpRequest) -> HttpResponse:
    """The targets this person may see, as the address asks for them."""
    view = site_of(request).view_for(request)
    return page(
        request,
        "targets_list",
        listed=TargetList.of(view, Asked.of(request.GET)),
        choices=choices(view),
        standings=tuple(STANDINGS),
        may_take=request.app.permission.anywhere(request.person, "export.take"),
    )


@router.get("/download/list/targets.{end}", "export.take", keeps=False)
def targets_file(request: HttpRequest, end: str) -> HttpResponse:
    """All that is filtered, as a workbook or CSV."""
    if end not in MAKE:
        return not_found(request, end)
    view = site_of(request).view_for(request)
    listed = TargetList.of(view, Asked.of(request.GET))
    content = MAKE[end](view, listed.rows, language(request))
    return sent(Download(content, KINDS[end], f"targets.{end}"))
