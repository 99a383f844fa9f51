"""Case files: the kinds there are, the list of each, the page of one; verdicts on record."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.desk import case_file_shown as showing
from hengtan.desk.case_documents import document_bytes, documents_of
from hengtan.desk.case_files import record
from hengtan.desk.downloads import KINDS, Download
from hengtan.instruments.case_files.local import FORM as LOCAL
from hengtan.office.permission import Thing
from hengtan.report.word.case_file import case_file_bytes
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.rooms.case_files.asking import (
    RECORD,
    SEE,
    STATES,
    in_address,
    kinds_seen,
    lines_seen,
    lists_seen,
    of_record,
    of_subject,
    opened_one,
)
from hengtan.web.rooms.case_files.listing import as_excel, listed, titles_of
from hengtan.web.rooms.enterprises.listing import names_of_places
from hengtan.web.rooms.entry.shared import sentence
from hengtan.web.routing import Router
from hengtan.web.saved import sent
from hengtan.web.site import language, not_found, room_page
from hengtan.workspace.asof import AsOf

router = Router(needs_no_store=True)
MOST_NAMED = 20
"""Names that the page spells out of those in a list or in files only."""


@router.get("/files", SEE)
def kinds(request: HttpRequest) -> HttpResponse:
    """The kinds of case files, each with how many there are and what presses."""
    lang, rows = language(request), []
    for case_file in kinds_seen(request).values():
        lines = lines_seen(request, case_file)
        rows.append(
            {
                "kind": case_file,
                "number": len(lines),
                "overdue": sum(line.overdue > 0 for line in lines),
                "lacking": sum(line.lacking > 0 for line in lines),
            }
        )
    rows.sort(key=lambda row: row["number"] == 0)
    title = word("nav.files", lang)
    return room_page(request, "case_files/kinds.html", title=title, here="files", kinds=rows)


@router.get("/files/{kind}", SEE)
def case_files(request: HttpRequest, kind: str) -> HttpResponse:
    """The case files of a kind that this person may see, as the address asks for them."""
    case_file, lang = kinds_seen(request).get(kind), language(request)
    if case_file is None:
        return not_found(request, kind)
    return room_page(
        request,
        "case_files/list.html",
        title=case_file.title_en if lang == "en" else case_file.title_zh,
        here="files",
        kind=case_file,
        listed=listed(request, case_file),
        lists=lists_seen(request, case_file),
        MOST_NAMED=MOST_NAMED,
        states=STATES,
        titles=titles_of(case_file, lang),
        place_name=names_of_places(request, lang),
        in_address=in_address,
        may_take=request.app.permission.anywhere(request.person, "export.take"),
        form_title=_form_titles(request, lang).get(case_file.form, case_file.form),
        may_file=request.app.writable and request.app.permission.anywhere(request.person, RECORD),
    )


@router.get("/download/files/{kind}.xlsx", "export.take")
def case_files_file(request: HttpRequest, kind: str) -> HttpResponse:
    """All that is filtered, as a workbook."""
    case_file, lang = kinds_seen(request).get(kind), language(request)
    if case_file is None:
        return not_found(request, kind)
    lines = listed(request, case_file, None).lines
    content = as_excel(case_file, lines, names_of_places(request, lang), lang)
    return sent(Download(content, KINDS["xlsx"], f"{kind}.xlsx"))


@router.get("/files/{kind}/{subject}", SEE, of_subject)
def one(request: HttpRequest, kind: str, subject: str) -> HttpResponse:
    """A case file."""
    return _page(request, kind, subject)


def _page(
    request: HttpRequest, kind: str, subject: str, error: str = "", status: int = 200
) -> HttpResponse:
    of_one, lang = opened_one(request, kind, subject), language(request)
    if of_one is None:
        return not_found(request, subject)
    workspace, permission = request.app.site.workspace, request.app.permission
    record_of = of_record(request, kind, subject)
    may_record = record_of is not None and permission.may(request.person, RECORD, record_of)
    return room_page(
        request,
        "case_files/one.html",
        title=of_one.subject.name or of_one.subject.id,
        here="files",
        status=status,
        file=of_one,
        place=names_of_places(request, lang)(of_one.subject.place),
        tables=list(showing.facts(workspace, of_one, lang)),
        verdicts=showing.verdicts(workspace, of_one, lang),
        days=showing.days(workspace, of_one, lang),
        documents=documents_of(of_one),
        form_titles=_form_titles(request, lang),
        period_said=lambda text: showing.period_said(text, lang),
        error=error,
        sent=request.GET.get("sent", ""),
        may_record=bool(may_record) and request.app.writable,
        may_set=_may_set(request, of_one.subject.place),
        may_take=permission.anywhere(request.person, "export.take"),
        address=in_address(of_one.subject.id),
    )


def _may_set(request: HttpRequest, place: str) -> bool:
    """Whether the person may file what the place has set itself."""
    may = request.app.permission.may(request.person, RECORD, Thing(place or None, LOCAL))
    return bool(may) and request.app.writable and "/entry/new" in request.app.urls.routes


def _form_titles(request: HttpRequest, lang: str) -> dict[str, str]:
    forms = request.app.site.workspace.forms.values()
    return {form.id: form.title_en if lang == "en" else form.title_zh for form in forms}


@router.post("/files/{kind}/{subject}/record", RECORD, of_record)
def recorded(request: HttpRequest, kind: str, subject: str) -> HttpResponse:
    """Put the verdicts of a case file, or those of one rule, on record."""
    of_one = opened_one(request, kind, subject)
    if of_one is None:
        return not_found(request, kind)
    actor = Actor(request.person.name or request.POST.get("by", ""))
    try:
        report = request.app.site.ask(record, of_one, actor, request.POST.get("asked") or None)
    except HengtanError as refusal:
        return _page(request, kind, subject, sentence(request, refusal), 400)
    number = (report.submission or {}).get("submission", "")
    trail.note(request, "filed", f"recorded_verdicts {number}")
    query = urlencode({"sent": number or "unchanged"})
    return HttpResponseRedirect(f"/files/{kind}/{in_address(of_one.subject.id)}?{query}")


@router.get("/download/files/{kind}/{subject}.docx", "export.take", of_subject)
def paper(request: HttpRequest, kind: str, subject: str) -> HttpResponse:
    """The case file as a Word document."""
    of_one = opened_one(request, kind, subject)
    if of_one is None:
        return not_found(request, kind)
    of_day = showing.paper(
        request.app.site.workspace, of_one, AsOf.of().judged_on, language(request)
    )
    content = case_file_bytes(of_day)
    return sent(Download(content, KINDS["docx"], f"{kind}.docx"))


def of_document(request: HttpRequest, kind: str, subject: str, document: str) -> Thing | None:
    """The case file that a document leaves."""
    return of_subject(request, kind, subject)


@router.get("/download/files/{kind}/{subject}/{document}.docx", "export.take", of_document)
def issued(request: HttpRequest, kind: str, subject: str, document: str) -> HttpResponse:
    """A document that leaves the case file."""
    of_one = opened_one(request, kind, subject)
    if of_one is None or document not in [known.id for known in documents_of(of_one)]:
        return not_found(request, document)
    judged_on, lang = AsOf.of().judged_on, language(request)
    content = document_bytes(request.app.site.workspace, of_one, document, judged_on, lang)
    return sent(Download(content, KINDS["docx"], f"{kind}-{document}.docx"))
