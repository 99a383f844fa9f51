"""Jobs in pages: what is under way, starting, cancelling, and the files they made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.office.permission import Thing
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.answers import missing
from hengtan.web.lists import as_q
from hengtan.web.rooms.jobs import leases
from hengtan.web.rooms.jobs.kinds import kinds
from hengtan.web.rooms.jobs.models import DONE, Job
from hengtan.web.rooms.jobs.running import result_folder
from hengtan.web.rooms.people import persons
from hengtan.web.routing import Router
from hengtan.web.site import fragment, language, room_page
from hengtan.web.things import of_region

router = Router()
SHOWN = 100
PARTS = ("place", "form", "entity")


def of_job(request: HttpRequest, job: str) -> Thing | None:
    """The job of an address."""
    row = _job(job)
    return row.thing() if row else None


def of_result(request: HttpRequest, job: str) -> Thing | None:
    """A job whose kind the person might have started: its result says no less than that."""
    row = _job(job)
    kind = kinds().get(row.kind) if row else None
    if row is None or kind is None or (kind.is_own and row.by != request.person.name):
        return None
    # who asked to decide on others' work did not make that work
    thing = replace(row.thing(), by=None) if kind.is_own else row.thing()
    return row.thing() if request.app.permission.may(request.person, kind.need, thing) else None


def _job(number: str) -> Job | None:
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    job: Job | None = Job.objects.filter(pk=int(number)).first()
    return job


def _seen(request: HttpRequest) -> list[Job]:
    ways = request.app.permission.clauses_of(request.person, "job.read")
    condition = as_q(ways, **{part: part for part in PARTS})
    own = Q(by=request.person.name, kind__in=[k.name for k in kinds().values() if k.is_own])
    jobs = Job.objects.filter(condition | own)
    return list(jobs.order_by("-pk")[:SHOWN])


def _address(request: HttpRequest, row: Job) -> str:
    """Where a job is seen: its own page, or that of its kind by whoever asked for it."""
    kind = kinds().get(row.kind)
    is_own = row.by == request.person.name
    return kind.page_of(row.pk, row.arguments) if kind and is_own else f"/jobs/{row.pk}"


@router.get("/jobs", "job.read")
def jobs(request: HttpRequest) -> HttpResponse:
    """The jobs that the person may see, and what he may start."""
    rows = _seen(request)
    for row in rows:
        row.address = _address(request, row)
    titles = persons.titles_of(row.by for row in rows)
    if request.headers.get("HX-Request"):
        return HttpResponse(fragment(request, "jobs/rows.html", rows=rows, titles=titles))
    return room_page(
        request,
        "jobs/list.html",
        title=word("nav.jobs", language(request)),
        here="jobs",
        rows=rows,
        titles=titles,
    )


@router.get("/jobs/{job}", "job.read", of_job)
def job_page(request: HttpRequest, job: str) -> HttpResponse:
    """One job."""
    row = _job(job)
    assert row is not None
    has_result = bool(row.result.get("file")) and of_result(request, job) is not None
    context: dict[str, Any] = {"job": row, "has_result": has_result}
    context["titles"] = persons.titles_of([row.by])
    if request.headers.get("HX-Request"):
        return HttpResponse(fragment(request, "jobs/state.html", **context))
    title = word(f"jobs.kind.{row.kind}", language(request))
    return room_page(request, "jobs/job.html", title=title, here="jobs", **context)


@router.get("/jobs/{job}/result", "job.read", of_result)
def result(request: HttpRequest, job: str) -> HttpResponse | FileResponse:
    """The file that a job made."""
    row = _job(job)
    assert row is not None
    path = result_folder(request.app, row) / str(row.result.get("file") or "-")
    if row.state != DONE or not path.is_file():
        return missing(request)
    trail.note(request, "export", f"job {row.pk} {path.name}")
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=path.name,
        content_type="application/octet-stream",
    )


@router.post("/jobs/{job}/cancel", "job.read", of_result)
def cancel(request: HttpRequest, job: str) -> HttpResponse:
    """Cancel a job, by whoever might have started it."""
    row = _job(job)
    assert row is not None
    if row.is_active:
        leases.cancel(row)
        trail.note(request, "job_cancel", f"{row.kind} {row.pk}")
    return HttpResponseRedirect(f"/jobs/{row.pk}", status=303)


@router.post("/jobs/{job}/again", "job.read", of_result)
def again(request: HttpRequest, job: str) -> HttpResponse:
    """Begin anew what ended."""
    row = _job(job)
    assert row is not None
    leases.begin_anew(row)
    trail.note(request, "job_again", f"{row.kind} {row.pk}")
    return HttpResponseRedirect(f"/jobs/{row.pk}", status=303)


@router.post("/jobs/start/bulletin", "bulletin.write", of_region)
def start_bulletin(request: HttpRequest) -> HttpResponse:
    """The bulletin of a period as a document."""
    period = request.POST.get("period", "").strip()[:20]
    return _started(request, "bulletin", {"period": period}, f"{period}:{_state(request)}")


@router.post("/jobs/start/accounts", "job.start", of_region)
def start_accounts(request: HttpRequest) -> HttpResponse:
    """Heavy accounts worked out before anybody asks."""
    return _started(request, "accounts", {}, _state(request))


@router.post("/jobs/start/backup", "backup.make", of_region)
def start_backup(request: HttpRequest) -> HttpResponse:
    """A backup of the workspace."""
    return _started(request, "backup", {}, f"{request.app.today()}:{_state(request)}")


def _state(request: HttpRequest) -> str:
    return ":".join(part[:24] for part in request.app.site.state())


def _started(request: HttpRequest, kind: str, arguments: dict[str, Any], key: str) -> HttpResponse:
    thing = of_region(request)
    name = request.person.name
    job = leases.queue(kind, arguments, key=f"{kind}:{key}", by=name, thing=thing)
    trail.note(request, "job_start", f"{kind} {job.pk}")
    return HttpResponseRedirect(f"/jobs/{job.pk}", status=303)
