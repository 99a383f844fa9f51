"""What becomes of a result in the workspace: an assessment that the page of assessments shows, a
plan that is reviewed.
"""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.desk.assessments import keep_workbook
from hengtan.desk.plan_editions import add_plan
from hengtan.web import trail
from hengtan.web.rooms.entry.shared import sentence
from hengtan.web.rooms.workings.doing import sent_of
from hengtan.web.rooms.workings.groups import PLANS, WORKBOOKS
from hengtan.web.rooms.workings.models import WorkingRow
from hengtan.web.rooms.workings.pages import address_of, result_page, row_of
from hengtan.web.routing import Router
from hengtan.web.site import site_of
from hengtan.web.things import of_region

router = Router()


@router.post("/workbooks/assess/{key}/keep", "assessment.keep", of_region)
def keep(request: HttpRequest, key: str) -> HttpResponse:
    """Keep an assessment's workbook in the workspace."""
    row = row_of(request, "assess", key)
    try:
        with sent_of(row) as sent:
            actor = Actor(request.person.name)
            name = site_of(request).ask(keep_workbook, sent.file, actor)
    except HengtanError as refusal:
        return result_page(request, WORKBOOKS, row, sentence(request, refusal))
    WorkingRow.objects.filter(pk=row.pk).update(kept_as=name)
    trail.note(request, "assessment_kept", name)
    return HttpResponseRedirect(address_of(row), status=303)


@router.post("/plans/documents/read/{key}/add", "plan.review", of_region)
def add(request: HttpRequest, key: str) -> HttpResponse:
    """Read the document into the workspace; its targets are to be reviewed."""
    row = row_of(request, "read", key)
    try:
        with sent_of(row) as sent:
            year = sent.year("document_year")
            draft = site_of(request).ask(add_plan, sent.file, year=year, by=request.person.name)
    except HengtanError as refusal:
        return result_page(request, PLANS, row, sentence(request, refusal))
    WorkingRow.objects.filter(pk=row.pk).update(kept_as=draft.plan)
    trail.note(request, "plan_added", draft.plan, row.file_name)
    return HttpResponseRedirect(f"/plans/{quote(draft.plan)}", status=303)
