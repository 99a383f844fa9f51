"""What is done to tasks from their pages."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.basis.errors import HengtanError
from hengtan.office.dispatch import DRAFT, departments_of
from hengtan.report.words import word
from hengtan.web.answers import missing, refusal_said
from hengtan.web.rooms.tasks import doing
from hengtan.web.rooms.tasks.doing import Said, Wish, refusal
from hengtan.web.rooms.tasks.models import Task
from hengtan.web.rooms.tasks.pages import answers_for, place_names, shown
from hengtan.web.rooms.tasks.seen import of_task, task_of
from hengtan.web.routing import Router
from hengtan.web.site import language, room_page

router = Router()
MOST_TEXT = 5000
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _text(request: HttpRequest, name: str, most: int = MOST_TEXT) -> str:
    text = request.POST.get(name, "").replace("\r\n", "\n")
    return CONTROLS.sub("", text).strip()[:most]


def _day(text: str) -> date | None:
    """Raises HengtanError."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refusal("tasks.wrong.day", text) from None


def _wish(request: HttpRequest) -> Wish:
    """The form of a task. Raises HengtanError."""
    lead = departments_of(_text(request, "lead", 60))[:1]
    helpers = departments_of(_text(request, "helpers", 600))
    place = _text(request, "place", 40)
    if place and place not in place_names(request):
        raise refusal("tasks.wrong.place")
    return Wish(
        title=" ".join(_text(request, "title", 200).split()),
        departments=tuple(dict.fromkeys((*lead, *helpers))) if lead else (),
        place=place,
        text=_text(request, "text"),
        due=_day(_text(request, "due", 10)),
        is_urgent=request.POST.get("urgent") == "1",
        plan=_text(request, "plan", 80),
        clause=_text(request, "clause", 120),
        targets=departments_of(_text(request, "targets", 400)),
    )


def _allowed_wish(request: HttpRequest) -> Wish:
    """The form of a task that the person may dispatch. Raises HengtanError."""
    wish = _wish(request)
    wish.check()
    answer = request.app.permission.may(request.person, "task.dispatch", wish.thing())
    if not answer:
        raise HengtanError(answer.say("zh"), answer.say("en"))
    return wish


def _said(request: HttpRequest, error: HengtanError) -> str:
    return refusal_said(error, language(request))


def _to(task: Task) -> HttpResponse:
    return HttpResponseRedirect(f"/tasks/{task.pk}", status=303)


def _form(
    request: HttpRequest, task: Task | None, error: str = "", address: str = "/tasks/new"
) -> HttpResponse:
    known = {name for row in request.app.site.view().targets for name in row["department_zh"] or ()}
    departments = task.departments() if task else ()
    values: dict[str, Any] = (
        {
            **{name: getattr(task, name) or "" for name in ("title", "text", "place", "clause")},
            "plan": task.plan,
            "due": task.due.isoformat() if task.due else "",
            "urgent": "1" if task.is_urgent else "",
            "targets": "、".join(task.targets),
            "lead": departments[0] if departments else "",
            "helpers": "、".join(departments[1:]),
        }
        if task and not error
        else request.POST.dict()
    )
    return room_page(
        request,
        "tasks/form.html",
        title=word("tasks.edit" if task else "tasks.new", language(request)),
        here="tasks",
        status=400 if error else 200,
        values=values,
        error=error,
        address=address,
        task=task,
        known=sorted(known),
        places=place_names(request),
    )


@router.get("/tasks/new", "task.dispatch")
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new task."""
    return _form(request, None)


@router.post("/tasks/new", "task.dispatch")
def make(request: HttpRequest) -> HttpResponse:
    """Make a draft."""
    try:
        return _to(doing.make(_allowed_wish(request), request.person.name))
    except HengtanError as error:
        return _form(request, None, _said(request, error))


@router.get("/tasks/from-plan", "task.dispatch")
def plan(request: HttpRequest) -> HttpResponse:
    """The measures and milestones of the plans, to make tasks of."""
    taken = set(Task.objects.exclude(origin=None).values_list("clause", flat=True))
    return room_page(
        request,
        "tasks/from_plan.html",
        title=word("tasks.from_plan", language(request)),
        here="tasks",
        rows=_asked_for(request),
        taken=taken,
    )


def _asked_for(request: HttpRequest) -> list[Any]:
    """Measures, each with its open milestones below it, and milestones of other clauses, whose
    departments the person may dispatch to.
    """
    view, may = request.app.site.view_for(request), request.app.permission.may
    owners = {row["clause_ref"]: row["department_zh"] or () for row in view.measures}
    below: dict[str, list[Any]] = defaultdict(list)
    for row in view.milestones:
        if row["state"] != "done":
            below[row["clause"]].append(_as_measure(row, owners.get(row["clause"], ())))
    rows: list[Any] = []
    for measure in view.measures:
        rows += [measure, *below.pop(measure["clause_ref"], ())]
    rows += [row for rest in below.values() for row in rest]
    return [row for row in rows if may(request.person, "task.dispatch", _of(request, row).thing())]


def _as_measure(milestone: Any, of_clause: Sequence[str]) -> dict[str, Any]:
    """A milestone, or a task of a plan's table, as a measure is shown; ``under``: its clause. One
    without an owner is that of the departments ``of_clause``.
    """
    own = milestone["owner"].split(";") if milestone["owner"] else of_clause
    departments = [*own, *milestone.get("co_owners", ())]
    return {
        "clause_ref": milestone["id"],
        "under": milestone["clause"],
        "plan": milestone["plan"],
        "title_zh": milestone["zh"],
        "title_en": milestone["en"],
        "description_zh": milestone["check_zh"],
        "department_zh": [name for name in departments if name],
        "due": milestone.get("due"),
    }


def _of(request: HttpRequest, row: Any) -> Wish:
    """The task that a measure or a milestone of a plan asks for."""
    due = str(row.get("due") or "")
    return Wish(
        title=(row["title_zh"] or row["title_en"] or row["clause_ref"])[:200],
        departments=tuple(dict.fromkeys(row["department_zh"] or ())),
        place=request.app.site.workspace.settings.region,
        text=row.get("description_zh") or "",
        due=_last_day(due),
        plan=str(row["plan"] or ""),
        clause=row["clause_ref"],
        targets=tuple(row.get("targets") or ()),
    )


def _last_day(due: str) -> date | None:
    """The last day that ``2027``, ``2027-06`` or ``2027-06-30`` names; None for other words."""
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", due, re.ASCII):
        return None
    try:
        first = date.fromisoformat(f"{due}-01-01"[:10])
    except ValueError:
        return None
    if len(due) == 10:
        return first
    month = first.month if len(due) == 7 else 12
    return date(first.year, month, calendar.monthrange(first.year, month)[1])


@router.post("/tasks/from-plan", "task.dispatch")
def make_from_plan(request: HttpRequest) -> HttpResponse:
    """Make a draft of each measure and milestone that was ticked, once each."""
    ticked = set(request.POST.getlist("clause"))
    for row in _asked_for(request):
        if row["clause_ref"] in ticked and row["department_zh"]:
            wish = _of(request, row)
            doing.make(wish, request.person.name, origin=f"{wish.place}:{row['clause_ref']}"[:160])
    return HttpResponseRedirect(f"/tasks?state={DRAFT}", status=303)


@router.get("/tasks/{task}/edit", "task.dispatch", of_task)
def edit(request: HttpRequest, task: str) -> HttpResponse:
    """The form of a draft."""
    row = task_of(task)
    if row is None or row.state != DRAFT:
        return missing(request)
    return _form(request, row, address=f"/tasks/{row.pk}/edit")


@router.post("/tasks/{task}/edit", "task.dispatch", of_task)
def change(request: HttpRequest, task: str) -> HttpResponse:
    """Change a draft."""
    row = task_of(task)
    assert row is not None
    try:
        doing.change(row, _allowed_wish(request), request.person.name)
    except HengtanError as error:
        return _form(request, row, _said(request, error), f"/tasks/{row.pk}/edit")
    return _to(row)


@router.post("/tasks/{task}/delete", "task.dispatch", of_task)
def delete(request: HttpRequest, task: str) -> HttpResponse:
    """Take a draft away."""

    def step(row: Task) -> None:
        doing.delete(row, request.person.name)

    return _done(request, task, step, to="/tasks")


@router.post("/tasks/{task}/dispatch", "task.dispatch", of_task)
def dispatch(request: HttpRequest, task: str) -> HttpResponse:
    """Hand a draft to its departments."""

    def step(row: Task) -> None:
        doing.dispatch(request.app, row, request.person.name, request.app.today())

    return _done(request, task, step)


@router.post("/tasks/{task}/answer", "task.answer", of_task)
def answer(request: HttpRequest, task: str) -> HttpResponse:
    """Answer for a department, with files."""

    def step(row: Task) -> None:
        department = _text(request, "department", 60)
        if department not in answers_for(request, row):
            raise refusal("tasks.wrong.department", department)
        files = tuple((f.name or "", f.read()) for f in request.FILES.getlist("files"))
        said = Said(
            department,
            _text(request, "text"),
            _percent(_text(request, "percent", 10)),
            _text(request, "figures"),
            files,
        )
        doing.answer(row, said, request.person.name, request.app)

    return _done(request, task, step)


def _percent(text: str) -> float | None:
    """Raises HengtanError."""
    if not text:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?[%％]?", text, re.ASCII):
        raise refusal("tasks.wrong.percent")
    return float(text.rstrip("%％"))


@router.post("/tasks/{task}/return", "task.dispatch", of_task)
def send_back(request: HttpRequest, task: str) -> HttpResponse:
    """Return the answer of a department, with the reason."""

    def step(row: Task) -> None:
        department, reason = _text(request, "department", 60), _text(request, "reason")
        permission, name = request.app.permission, request.person.name
        doing.send_back(permission, row, department, reason, name)

    return _done(request, task, step)


@router.post("/tasks/{task}/remind", "task.dispatch", of_task)
def remind(request: HttpRequest, task: str) -> HttpResponse:
    """Remind the departments that owe an answer."""

    def step(row: Task) -> None:
        doing.remind(request.app.permission, row, request.person.name, _text(request, "text"))

    return _done(request, task, step)


@router.post("/tasks/{task}/close", "task.dispatch", of_task)
def close(request: HttpRequest, task: str) -> HttpResponse:
    """Close a task."""

    def step(row: Task) -> None:
        app = request.app
        doing.close(app, row, _text(request, "text"), request.person.name, app.today())

    return _done(request, task, step)


def _done(
    request: HttpRequest, number: str, step: Callable[[Task], None], to: str = ""
) -> HttpResponse:
    """Take a step and show the task; what is refused is said on its page."""
    row = task_of(number)
    assert row is not None
    try:
        step(row)
    except HengtanError as error:
        return shown(request, number, _said(request, error), request.POST.dict())
    return HttpResponseRedirect(to or f"/tasks/{number}", status=303)
