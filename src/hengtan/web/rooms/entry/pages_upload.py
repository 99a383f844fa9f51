"""A file beside its findings: looked at, mended in the grid, or handed in as it is."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from hengtan.basis.errors import HengtanError
from hengtan.desk.entry import Sending
from hengtan.desk.entry_files import Uploaded, hand_in_file, look_at, safe_name
from hengtan.desk.large_files import is_large
from hengtan.desk.wrong_rows import wrong_lines
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.rooms.entry import drafts, mending, scope
from hengtan.web.rooms.entry.drafts import About
from hengtan.web.rooms.entry.models import UploadRow
from hengtan.web.rooms.entry.pages import of_sent, shown
from hengtan.web.rooms.entry.shared import (
    actor_of,
    entry_page,
    form_of,
    of_upload,
    on_page,
    place_name,
    sentence,
    workspace_of,
)
from hengtan.web.rooms.entry.work_uploads import (
    file_of,
    hand_in_later,
    intake_of,
    job_of,
    look_later,
    looked_at_of,
    shown_of,
)
from hengtan.web.rooms.jobs.models import DONE, Job
from hengtan.web.routing import Router
from hengtan.web.site import fragment, language

router = Router("/entry/upload")
KEPT_FOR = timedelta(days=2)
"""Files that nobody hands in are deleted after so long."""


@router.post("", scope.FILE, of_sent)
def upload(request: HttpRequest) -> HttpResponse:
    """Keep a file for a while, and show it beside what was found."""
    file = request.FILES.get("file")
    if file is None:
        return shown(request, word("entry.upload_gone", language(request)), 400)
    UploadRow.objects.filter(begun_at__lt=timezone.now() - KEPT_FOR).delete()
    sent = request.POST
    row = UploadRow(
        key=secrets.token_hex(8),
        form=sent["form"],
        place=sent["place"],
        entity=sent.get("entity", "").strip()[:40],
        department=sent.get("department", "").strip()[:60],
        begun_by=request.person.name,
        file_name=safe_name(file.name or "file"),
        content=file.read(),
    )
    try:
        form_of(request, row.form)
        with file_of(row) as path:
            if is_large(path):
                row.save()
                look_later(request, row)
                return _waits(row)
            looked_at = _looked_at(request, row, path)
    except HengtanError as error:
        return shown(request, sentence(request, error), 400)
    row.save()
    return _page(request, row, looked_at)


def _looked_at(request: HttpRequest, row: UploadRow, path: Path) -> Uploaded:
    """What was found of the file. Raises UnreadableFile."""
    looked_at = look_at(workspace_of(request), form_of(request, row.form), path, intake_of(row))
    return replace(looked_at, checked=scope.with_refusals(request, row, looked_at.checked))


def _page(
    request: HttpRequest, row: UploadRow, looked_at: Uploaded, error: str = "", status: int = 200
) -> HttpResponse:
    return _shown(request, row, shown_of(looked_at), error, status)


def _shown(
    request: HttpRequest, row: UploadRow, seen: dict[str, Any], error: str = "", status: int = 200
) -> HttpResponse:
    """The page of a file; ``seen``: what was found of it."""
    form = form_of(request, row.form)
    up = on_page(seen)
    return entry_page(
        request,
        "upload",
        title=word("entry.upload.title", language(request)),
        status=status,
        error=error,
        up=up,
        key=row.key,
        form_title=(form.title_zh, form.title_en),
        where=_where(request, row),
        whole=[f for f in up["findings"] if f["at"] is None],
        lines=[_line(line, _by_row(up), up["head"]) for line in up["lines"]],
        sheets=up["sheets"],
        row=row,
        wrong=0 if up["can_be_mended"] else len(wrong_lines(seen)),
        cut=len(up["lines"]) if not up["can_be_mended"] and len(up["lines"]) > 1 else 0,
    )


def _where(request: HttpRequest, row: UploadRow) -> str:
    return " · ".join(filter(None, [place_name(request, row.place), row.entity]))


def _waits(row: UploadRow) -> HttpResponse:
    return HttpResponseRedirect(f"/entry/upload/{row.key}", status=303)


@router.get("/{key}", scope.FILE, of_upload)
def large(request: HttpRequest, key: str) -> HttpResponse:
    """A file: how far its job is, then what was found of it, then its submission."""
    row = UploadRow.objects.get(key=key)
    job = job_of(row)
    is_asked_by_page = bool(request.headers.get("HX-Request"))
    if job is not None and job.is_active:
        if is_asked_by_page:
            return HttpResponse(fragment(request, "entry/upload_state.html", job=job, key=key))
        return _waiting(request, row, job)
    if is_asked_by_page:  # it has ended: the page is asked for again
        return HttpResponse("", headers={"HX-Refresh": "true"})
    if row.submission:
        return HttpResponseRedirect(f"/entry?sent={row.submission}", status=303)
    seen = looked_at_of(request.app, row)
    if seen is not None:
        error = "" if job is None or job.state == DONE else _said(request, job)
        return _shown(request, row, seen, error, 400 if error else 200)
    if job is not None:
        return _waiting(request, row, job)
    with file_of(row) as path:
        return _page(request, row, _looked_at(request, row, path))


def _waiting(request: HttpRequest, row: UploadRow, job: Job) -> HttpResponse:
    form = form_of(request, row.form)
    return entry_page(
        request,
        "upload_wait",
        title=word("entry.upload.title", language(request)),
        job=job,
        key=row.key,
        row=row,
        form_title=(form.title_zh, form.title_en),
        where=_where(request, row),
    )


def _said(request: HttpRequest, job: Job) -> str:
    """How a job ended that did not do what it was asked."""
    lang = language(request)
    said = job.message_en if lang == "en" else job.message
    return said or word(f"jobs.state.{job.state}", lang)


def _by_row(up: Mapping[str, Any]) -> dict[int, list[dict[str, Any]]]:
    """Findings by the row they are about."""
    by_row: dict[int, list[dict[str, Any]]] = {}
    for finding in up["findings"]:
        if finding["at"] is not None:
            by_row.setdefault(finding["at"], []).append(finding)
    return by_row


def _line(
    line: list[Any], by_row: Mapping[int, list[dict[str, Any]]], head: int
) -> tuple[int, list[str], list[dict[str, Any]], list[str]]:
    """A line with its number, its cells, what is said of it and how each cell is marked."""
    number, *cells = line
    said = by_row.get(number - head - 1, []) if number > head else []
    marks = [""] * len(cells)
    for finding in reversed(said):
        for column in finding["cells"]:
            if column < len(marks):
                marks[column] = (
                    "error" if finding["level"] == "error" else marks[column] or "warning"
                )
    return number, cells, said, marks


@router.post("/{key}/again", scope.FILE, of_upload)
def again(request: HttpRequest, key: str) -> HttpResponse:
    """Look at another sheet of the file, or take only what is read of it."""
    row = UploadRow.objects.get(key=key)
    row.sheet, row.partly = request.POST.get("sheet", "")[:60], bool(request.POST.get("partly"))
    if row.submission:
        return shown(request, word("entry.upload_gone", language(request)), 400)
    row.save()
    with file_of(row) as path:
        if is_large(path):
            look_later(request, row)
            return _waits(row)
        return _page(request, row, _looked_at(request, row, path))


@router.post("/{key}/mend", scope.FILE, of_upload)
def mend(request: HttpRequest, key: str) -> HttpResponse:
    """A draft with the cells of the file; of a large one with its wrong rows."""
    row = UploadRow.objects.get(key=key)
    if row.submission:
        return shown(request, word("entry.upload_gone", language(request)), 400)
    with file_of(row) as path:
        if is_large(path):
            return _mend_rows(request, row, path)
        looked_at = _looked_at(request, row, path)
    if looked_at.typed is None:
        return _page(request, row, looked_at, word("entry.mend.not", language(request)), 400)
    about = About(row.form, row.place, row.entity, row.department, "", row.replaces)
    draft = drafts.begin(about, looked_at.typed, request.person)
    return HttpResponseRedirect(f"/entry/d/{draft.key}", status=303)


def _mend_rows(request: HttpRequest, row: UploadRow, path: Path) -> HttpResponse:
    seen = looked_at_of(request.app, row)
    if seen is None or not wrong_lines(seen):
        return _waits(row)
    try:
        draft = mending.begin(request, row, path, seen)
    except HengtanError as error:
        return _shown(request, row, seen, sentence(request, error), 400)
    return HttpResponseRedirect(f"/entry/d/{draft.key}", status=303)


@router.post("/{key}/submit", scope.FILE, of_upload)
def submit(request: HttpRequest, key: str) -> HttpResponse:
    """Hand the file in as it is; twice is once."""
    row = UploadRow.objects.get(key=key)
    if row.submission:
        return HttpResponseRedirect(f"/entry?sent={row.submission}&again=yes", status=303)
    seen = request.POST.get("seen", "") if request.POST.get("confirmed") else None
    with file_of(row) as path:
        if is_large(path):
            hand_in_later(request, row, seen)
            return _waits(row)
        try:
            report = hand_in_file(
                workspace_of(request),
                form_of(request, row.form),
                path,
                Sending(row.key, actor_of(request, row), intake_of(row), seen),
                refuse=lambda checked: scope.refuse(request, row, checked),
                writer=request.app.writer,
            )
        except HengtanError as error:
            looked_at = _looked_at(request, row, path)
            return _page(request, row, looked_at, sentence(request, error), 400)
    assert report.submission is not None
    number = report.submission["submission"]
    UploadRow.objects.filter(pk=row.pk).update(submission=number, content=b"")
    trail.note(request, "handed_in", number, row.file_name)
    again = "&again=yes" if report.unchanged else ""
    return HttpResponseRedirect(f"/entry?sent={number}{again}", status=303)
