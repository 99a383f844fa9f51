"""Assessment workbooks kept in the workspace: results and odds of the grades."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.desk.assessments import assess_view
from hengtan.report.page.assess import assess_context
from hengtan.web.routing import Router
from hengtan.web.site import language, page, site_of
from hengtan.web.things import of_region

router = Router(keeps=True)


@router.get("/assess", "account.read", of_region)
def assess(request: HttpRequest) -> HttpResponse:
    """Assessments kept in the workspace."""
    view = site_of(request).ask(assess_view)
    return page(request, "assess", **assess_context(view, language(request)))
