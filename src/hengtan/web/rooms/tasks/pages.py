"""Tasks in pages: the list, a task, the dispatch sheet, files of evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from hengtan.office.dispatch import DRAFT, OPEN, STATES
from hengtan.office.permission import Thing
from hengtan.report.dispatch import DispatchTask, Sheet
from hengtan.report.provenance import clause_name
from hengtan.report.sheet.dispatch import dispatch_excel_bytes
from hengtan.report.word.dispatch import dispatch_table_bytes
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.answers import missing
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.tasks import evidence
from hengtan.web.rooms.tasks.models import Evidence, Task
from hengtan.web.rooms.tasks.seen import of_task, task_of, tasks_of
from hengtan.web.routing import Router
from hengtan.web.site import language, room_page

router = Router()
SHOWN = 200
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Asked:
    """The filter of the list, as it stands in the address."""

    state: str = ""
    department: str = ""
    q: str = ""
    late: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """From the query."""
        sent = {name: request.GET.get(name, "").strip()[:80] for name in cls.__dataclass_fields__}
        return cls(**sent)

    @property
    def query(self) -> str:
        """The filter as a query."""
        return urlencode({name: value for name, value in vars(self).items() if value})

    def tasks(self, request: HttpRequest) -> list[Task]:
        """The tasks that the person sees and that are asked for: open ones by day, then others."""
        rows = tasks_of(request.app.permission, request.person)
        if self.state in STATES:
            rows = rows.filter(state=self.state)
        if self.department:
            rows = rows.filter(parties__department=self.department)
        if self.q:
            rows = rows.filter(Q(title__icontains=self.q) | Q(text__icontains=self.q))
        shown = rows.order_by("due", "pk")
        today = request.app.today()
        if self.late:
            shown = [task for task in shown if task.is_overdue_on(today)]
        order = {state: state not in (DRAFT, *OPEN) for state in STATES}
        return sorted(shown, key=lambda task: order[task.state])


def place_names(request: HttpRequest) -> dict[str, tuple[str, str]]:
    """The region and its places by code, with their names in Chinese and English."""
    workspace = request.app.site.workspace
    region = workspace.settings.region
    rows = [r for r in workspace.pack.rows("places") if region in (r["place"], r["parent"])]
    rows.sort(key=lambda r: (r["place"] != region, r["place"]))
    return {r["place"]: (r["name_zh"], r.get("name_en") or r["name_zh"]) for r in rows}


def clauses_of_milestones(request: HttpRequest) -> dict[str, str]:
    """The clause that each milestone stands under, by its id."""
    return {row["id"]: row["clause"] for row in request.app.site.view().milestones}


@router.get("/tasks", "task.read")
def tasks(request: HttpRequest) -> HttpResponse:
    """The tasks that the person sees."""
    asked = Asked.of(request)
    rows = asked.tasks(request)
    all_seen = tasks_of(request.app.permission, request.person)
    departments = all_seen.values_list("parties__department", flat=True).distinct()
    return room_page(
        request,
        "tasks/list.html",
        title=word("nav.tasks", language(request)),
        here="tasks",
        rows=rows[:SHOWN],
        number=len(rows),
        asked=asked,
        states=STATES,
        departments=sorted(filter(None, departments)),
        today=request.app.today(),
        places=place_names(request),
        under=clauses_of_milestones(request),
    )


@router.get("/tasks/sheet.xlsx", "task.read")
def as_excel(request: HttpRequest) -> HttpResponse:
    """The dispatch sheet as a workbook."""
    content = dispatch_excel_bytes(_sheet(request), language(request))
    return _download(request, content, "xlsx", WORKBOOK)


@router.get("/tasks/sheet.docx", "task.read")
def as_word(request: HttpRequest) -> HttpResponse:
    """The dispatch sheet as a document."""
    content = dispatch_table_bytes(_sheet(request), language(request))
    return _download(request, content, "docx", DOCUMENT)


def _sheet(request: HttpRequest) -> Sheet:
    """The tasks that were asked for, less those that are drafts."""
    places = place_names(request)
    shown = [task for task in Asked.of(request).tasks(request) if task.state != DRAFT]
    under = clauses_of_milestones(request)
    tasks = [_of_task(request, task, places, under) for task in shown]
    settings, english = request.app.site.workspace.settings, language(request) == "en"
    title = settings.title_en if english else settings.title_zh
    return Sheet(tasks, title, request.app.today().isoformat())


def _of_task(
    request: HttpRequest,
    task: Task,
    places: dict[str, tuple[str, str]],
    under: dict[str, str],
) -> DispatchTask:
    """A task as a dispatch sheet shows it; done is the least that its departments say [%]."""
    departments = task.departments()
    answers = _last_answers(task)
    said = [a.percent for a in answers if a.percent is not None]
    closed = f"{task.closed_on} {task.closed_by}" if task.closed_on else ""
    return DispatchTask(
        id=str(task.pk),
        title=task.title,
        plan=task.plan,
        clause=clause_name(under.get(task.clause, task.clause), language(request)),
        lead=departments[0] if departments else "",
        co_owners=departments[1:],
        place=places.get(task.place, (task.place, task.place))[language(request) == "en"],
        due=task.due.isoformat() if task.due else "",
        priority="urgent" if task.is_urgent else "normal",
        dispatched_on=task.dispatched_on,
        state=task.state,
        share_done=min(said) if said and len(said) == len(departments) else None,
        progress="\n".join(f"{a.department}：{a.text}" for a in answers),
        evidence="\n".join(file.name for a in answers for file in a.evidence.all()),
        answered_on=max((localdate(a.at).isoformat() for a in answers), default=""),
        overdue=task.is_overdue_on(request.app.today()),
        reminders=tuple(localdate(row.at) for row in task.reminders.all()),
        closed=closed,
    )


def _last_answers(task: Task) -> list[Any]:
    last = {a.department: a for a in task.answers.order_by("pk").prefetch_related("evidence")}
    return [last[name] for name in task.departments() if name in last]


def _download(request: HttpRequest, content: bytes, kind: str, content_type: str) -> HttpResponse:
    name = f"dispatch-{request.app.today():%Y%m%d}.{kind}"
    trail.note(request, "export", name)
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/tasks/{task}", "task.read", of_task)
def task_page(request: HttpRequest, task: str) -> HttpResponse:
    """One task with what each department did."""
    return shown(request, task)


def shown(
    request: HttpRequest, number: str, error: str = "", sent: dict[str, str] | None = None
) -> HttpResponse:
    """The page of a task; ``error``: why what was sent was not taken, ``sent``: what that was."""
    task = task_of(number)
    assert task is not None
    permission, person = request.app.permission, request.person
    answering = answers_for(request, task)
    answers = list(task.answers.order_by("-pk").prefetch_related("evidence"))
    reminders = list(task.reminders.order_by("-pk"))
    names = [task.made_by, task.dispatched_by, task.closed_by]
    titles = persons.titles_of([*names, *(row.by for row in (*answers, *reminders))])
    targets = [
        row for id_ in task.targets if (row := request.app.site.view_for(request).target(id_))
    ]
    return room_page(
        request,
        "tasks/task.html",
        title=task.title,
        here="tasks",
        status=400 if error else 200,
        task=task,
        parties=task.in_order(),
        answers=answers,
        reminders=reminders,
        titles=titles,
        error=error,
        sent=sent or {},
        answering=answering,
        may_dispatch=permission.may(person, "task.dispatch", task.thing()).yes,
        is_open=task.state in OPEN,
        today=request.app.today(),
        places=place_names(request),
        under=clauses_of_milestones(request),
        targets=targets,
        kinds=",".join(evidence.BEGINS),
    )


def answers_for(request: HttpRequest, task: Task) -> list[str]:
    """The departments of a task for which the person may answer."""
    if task.state not in OPEN:
        return []
    return list(_allowed(request, task, task.departments()))


def _allowed(request: HttpRequest, task: Task, departments: Iterable[str]) -> Iterable[str]:
    for name in departments:
        thing = Thing(place=task.place or None, department=name, by=task.made_by)
        if request.app.permission.may(request.person, "task.answer", thing):
            yield name


@router.get("/tasks/{task}/evidence/{file}", "task.read", of_task)
def file_of(request: HttpRequest, task: str, file: str) -> HttpResponse:
    """A file of evidence, byte for byte."""
    rows = Evidence.objects.filter(answer__task=task_of(task))
    row = rows.filter(pk=int(file)).first() if file.isascii() and file.isdigit() else None
    if row is None:
        return missing(request)
    content = evidence.read(request.app.site.workspace, row.sha256)
    trail.note(request, "export", f"task {task} {row.name} {row.sha256}")
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = _attached(row.name)
    return answer


def _attached(name: str) -> str:
    from django.utils.http import content_disposition_header

    return str(content_disposition_header(True, name))
