"""The matrix of districts and indicators."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.desk.district_matrix import Columns, figures_of_districts, matrix_of
from hengtan.office.permission import Thing
from hengtan.web.routing import Router
from hengtan.web.site import page, page_number, site_of

router = Router(keeps=True)


@router.get("/matrix", "status.read")
def matrix(request: HttpRequest) -> HttpResponse:
    """Districts beside each other, those this person may see; the indicators in pages."""
    site, permission = site_of(request), request.app.permission

    def may_see(place: str) -> bool:
        return bool(permission.may(request.person, "status.read", Thing(place=place)))

    return page(
        request,
        "matrix",
        matrix=matrix_of(
            site.ask_once(figures_of_districts),
            site.view_for(request).targets,
            may_see,
            Columns(request.GET.get("q", "").strip(), page_number(request)),
        ),
        may_file=request.app.writable and permission.anywhere(request.person, "record.file"),
    )
