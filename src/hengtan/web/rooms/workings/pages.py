"""Pages of workings: what there is, the form of each, its result."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.basis.errors import HengtanError, NoSuchRow
from hengtan.desk.downloads import KINDS
from hengtan.desk.workings import Ask, Sent, Working
from hengtan.desk.workings.working import of_language
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.answers import missing
from hengtan.web.rooms.entry.shared import sentence
from hengtan.web.rooms.workings.doing import answers_of, send
from hengtan.web.rooms.workings.groups import GROUPS, PLANS, WORKBOOKS, Group
from hengtan.web.rooms.workings.models import RESULT, SENT, WorkingFile, WorkingRow
from hengtan.web.routing import Router
from hengtan.web.site import language, room_page, site_of

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

router = Router()
EARLIER = 10
OTHER = "application/octet-stream"


@router.get("/workbooks", "account.read")
def workings(request: HttpRequest) -> HttpResponse:
    """The workings that this person may do."""
    permission, person = request.app.permission, request.person
    listed = [group for group in GROUPS if permission.anywhere(person, group.need)]
    return room_page(
        request,
        "workings/list.html",
        title=word("nav.workings", language(request)),
        here="workings",
        groups=listed,
        earlier=list(_own(request)[:EARLIER]),
        address=address_of,
    )


def _own(request: HttpRequest) -> Any:
    return WorkingRow.objects.filter(by=request.person.name).order_by("-pk")


def address_of(row: WorkingRow) -> str:
    """Where the result of a row stands."""
    group = next(group for group in GROUPS if group.working(row.working))
    return f"{group.prefix}/{row.working}/{row.key}"


def row_of(request: HttpRequest, working: str, key: str) -> WorkingRow:
    """A row of this person's. Raises NoSuchRow where there is none, or it is another's."""
    row = _own(request).filter(working=working, key=key).first()
    if row is None:
        raise NoSuchRow("没有这份结果", "no such result")
    return row


def form_page(
    request: HttpRequest, group: Group, working: Working, error: str = "", **seen: Any
) -> HttpResponse:
    """The form of a working with what was sent before."""
    workspace = site_of(request).workspace
    return room_page(
        request,
        "workings/form.html",
        title=word(f"working.{working.name}", language(request)),
        here=group.here,
        status=400 if error else 200,
        group=group,
        working=working,
        choices=_choices(workspace, working.asks),
        blank_choices=_choices(workspace, working.blank.asks if working.blank else ()),
        answers=seen.get("answers") or {"region": workspace.settings.region} | request.GET.dict(),
        error=error,
        earlier=list(_own(request).filter(working=working.name)[:EARLIER]),
        address=address_of,
    )


def _choices(workspace: Workspace, asks: tuple[Ask, ...]) -> dict[str, Any]:
    """What each answer can be."""
    return {ask.name: ask.choices(workspace) for ask in asks if ask.choices is not None}


def _results(files: Sequence[WorkingFile], lang: str) -> list[WorkingFile]:
    """The files that came of a working, in the reader's language where they are in each."""
    results = [file for file in files if file.role == RESULT]
    offered = of_language((file.name for file in results), lang)
    return [file for file in results if file.name in offered]


def result_page(
    request: HttpRequest, group: Group, row: WorkingRow, error: str = ""
) -> HttpResponse:
    """What came of a working, beside its findings."""
    working = group.working(row.working)
    assert working is not None
    workspace, worked = site_of(request).workspace, row.worked
    findings = worked.get("findings", [])
    files = list(row.files.defer("content").order_by("pk"))
    return room_page(
        request,
        "workings/result.html",
        title=word(f"working.{working.name}", language(request)),
        here=group.here,
        status=400 if error else 200,
        group=group,
        working=working,
        choices=_choices(workspace, working.asks),
        answers=row.answers,
        row=row,
        worked=worked,
        errors=sum(f["level"] == "error" for f in findings),
        findings=sorted(findings, key=lambda f: f["level"] != "error"),
        said_of=_by_line(findings, worked.get("beside", [])),
        results=_results(files, language(request)),
        sent=[file for file in files if file.role == SENT],
        error=error,
        can_keep=group is WORKBOOKS and row.working == "assess",
        can_add=group is PLANS and row.working == "read",
        here_address=address_of(row),
    )


def _by_line(findings: list[Any], sheets: list[Any]) -> dict[str, list[Any]]:
    """Findings by sheet and line, as the sheets beside show them."""
    first = sheets[0]["sheet"] if sheets else ""
    by_line: dict[str, list[Any]] = {}
    for finding in findings:
        if finding.get("row"):
            key = f"{finding.get('sheet') or first} {finding['row']}"
            by_line.setdefault(key, []).append(finding)
    return by_line


def take(file: WorkingFile) -> HttpResponse:
    """A file to take along."""
    end = file.name.rpartition(".")[2].lower()
    name = quote(file.name if file.role == SENT else f"{Path(file.row.file_name).stem}_{file.name}")
    disposition = f"attachment; filename=\"result.{end}\"; filename*=UTF-8''{name}"
    headers = {"Content-Disposition": disposition}
    return HttpResponse(bytes(file.content), content_type=KINDS.get(end, OTHER), headers=headers)


def _mount(group: Group) -> None:
    """The addresses of a group."""
    own = f"{group.prefix}/{{working}}"

    @router.get(own, group.need)
    def form(request: HttpRequest, working: str) -> HttpResponse:
        """The form of a working."""
        known = group.working(working)
        return form_page(request, group, known) if known else missing(request)

    @router.post(own, group.need)
    def sent(request: HttpRequest, working: str) -> HttpResponse:
        """Files and answers of a working."""
        known = group.working(working)
        if known is None:
            return missing(request)
        try:
            row = send(request, group, known)
        except HengtanError as refusal:
            said = sentence(request, refusal)
            return form_page(request, group, known, said, answers=request.POST)
        trail.note(request, "worked_out", f"{working} {row.key}", row.file_name)
        return HttpResponseRedirect(address_of(row), status=303)

    @router.get(f"{own}/blank", group.need)
    def blank(request: HttpRequest, working: str) -> HttpResponse:
        """The empty file of a working."""
        known = group.working(working)
        if known is None or known.blank is None:
            return missing(request)
        workspace, empty = site_of(request).workspace, known.blank
        try:
            answers = answers_of(empty.asks, workspace, request.GET)
            end = answers.get("end", empty.end)
            with TemporaryDirectory() as folder:
                path = Path(folder) / f"{working}{end}"
                empty.write(workspace, Sent({}, answers), path, language(request))
                file = WorkingFile(role=SENT, name=path.name, content=path.read_bytes())
        except HengtanError as refusal:
            return form_page(request, group, known, sentence(request, refusal))
        return take(file)

    @router.get(f"{own}/{{key}}", group.need)
    def result(request: HttpRequest, working: str, key: str) -> HttpResponse:
        """What came of a working."""
        return result_page(request, group, row_of(request, working, key))

    @router.get(f"{own}/{{key}}/files/{{file}}", group.need)
    def taken(request: HttpRequest, working: str, key: str, file: str) -> HttpResponse:
        """A file that was sent, or that came of it."""
        row = row_of(request, working, key)
        is_number = file.isascii() and file.isdigit() and len(file) < 18
        kept = row.files.filter(pk=int(file)).first() if is_number else None
        return take(kept) if kept else missing(request)

    @router.post(f"{own}/{{key}}/remove", group.need)
    def remove(request: HttpRequest, working: str, key: str) -> HttpResponse:
        """Delete a result and its files."""
        row = row_of(request, working, key)
        row.delete()
        trail.note(request, "working_removed", f"{working} {key}", row.file_name)
        return HttpResponseRedirect(f"{group.prefix}/{working}", status=303)


for _group in GROUPS:
    _mount(_group)
