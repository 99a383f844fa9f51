"""Assessment workbooks kept in the workspace: results and odds of the grades."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hengtan.desk.assessments import assess_view
from hengtan.report.page.assess import assess_context
from hengtan.web.site import language, page, site_of

router = APIRouter()


@router.get("/assess")
def assess(request: Request) -> Response:
    """Assessments kept in the workspace."""
    view = site_of(request).ask(assess_view)
    return page(request, "assess", **assess_context(view, language(request)))
