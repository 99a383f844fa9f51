"""The grid of a draft: saved and checked as it is typed, commented, handed in once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token

from hengtan.desk.entry import Checked, Sending, check, described, fresh, hand_in
from hengtan.desk.entry_periods import beside
from hengtan.desk.evidence import Intake
from hengtan.ledger.reading.rows import AMOUNTS
from hengtan.office.typed import MOST_ROWS, NotAGrid, Row, Typed
from hengtan.report.numerals import unit_name
from hengtan.web import trail
from hengtan.web.rooms.entry import drafts, mending, scope
from hengtan.web.rooms.entry.models import DraftRow
from hengtan.web.rooms.entry.shared import (
    actor_of,
    draft_of,
    entry_page,
    form_of,
    in_json,
    of_draft,
    on_page,
    period_name,
    place_name,
    script_words,
    workspace_of,
)
from hengtan.web.routing import Router
from hengtan.web.site import as_json, language

if TYPE_CHECKING:
    from hengtan.ledger.forms import Form

router = Router("/entry/d")
LOOKS_EVERY = 15_000
"""Milliseconds after which a page asks whether others saved."""
LEAST_ROWS = 20
"""Rows a grid shows, blank ones at its end."""


@router.get("/{key}", scope.FILE, of_draft)
def grid(request: HttpRequest, key: str) -> HttpResponse:
    """The grid with its draft."""
    row = draft_of(key)
    form = form_of(request, row.form)
    about = described(workspace_of(request), form, language(request))
    typed = with_blanks(Typed.from_dict(row.typed))
    where = " · ".join(
        filter(
            None,
            [
                place_name(request, row.place),
                row.entity,
                row.department,
                period_name(request, row.period),
            ],
        )
    )
    is_open = request.app.writable and not row.submission
    return entry_page(
        request,
        "grid",
        title=about["title"][1 if language(request) == "en" else 0],
        form_title=about["title"],
        form_note=about["note"],
        where=where,
        above=_above(typed, form),
        replaces=row.replaces,
        of_upload=mending.is_of_upload(row),
        submission=row.submission,
        version=row.version,
        writable_draft=is_open,
        may_note=request.app.writable,
        listed=[
            _options(column, language(request)) for column in about["columns"] if _is_listed(column)
        ],
        state=_state(request, row, typed, about) | {"writable": is_open},
    )


def _above(typed: Typed, form: Form) -> list[str]:
    """The lines over the headings of an uploaded sheet; those of our own template say nothing."""
    if typed.head in (fresh(form).head, fresh(form, "en").head):
        return []
    lines = (" ".join(dict.fromkeys(filter(None, line))) for line in typed.head[:-1])
    return [line for line in lines if line]


def _state(
    request: HttpRequest, row: DraftRow, typed: Typed, about: dict[str, Any]
) -> dict[str, Any]:
    """What the script begins with."""
    form = form_of(request, row.form)
    checked = check(workspace_of(request), form, typed, replaces=row.replaces or None)
    fields = checked.columns + [None] * (typed.width - len(checked.columns))
    columns = {column["id"]: column | {"listed": _is_listed(column)} for column in about["columns"]}
    for column in columns.values():
        column.pop("choices")
        column["unit"] = unit_name(column["unit"] or "", language(request))
    return {
        "lang": language(request),
        "address": f"/entry/d/{row.key}",
        "token": get_token(request),
        "version": row.version,
        "typed": typed.as_dict(),
        "fields": fields[: typed.width],
        "columns": columns,
        "amounts": [field.id for field in form.fields if field.type in AMOUNTS],
        "notes": drafts.notes_of(row),
        "may_note": request.app.writable,
        "most_rows": MOST_ROWS,
        "looks_every": LOOKS_EVERY,
        "words": script_words(language(request)),
    }


def _is_listed(column: dict[str, Any]) -> bool:
    return bool(column["choices"] or column["notation"])


def _options(column: dict[str, Any], lang: str) -> dict[str, Any]:
    """What a column offers: its choices, in English with the Chinese beside them, and the notation
    keys with their meaning.
    """
    keys = [(key, f"{zh} {en}") for key, (zh, en) in column["notation"].items()]
    is_english = lang == "en"
    chosen = [
        (typed, beside if is_english and beside != typed else "")
        for typed, beside in column["choices"]
    ]
    return {"id": column["id"], "options": [*chosen, *keys]}


def with_blanks(typed: Typed) -> Typed:
    """The grid with blank rows at its end, so that there is room to type."""
    lacking = max(LEAST_ROWS - len(typed.rows), 0)
    taken = {row.id for row in typed.rows}
    names = (f"b{n}" for n in range(len(typed.rows) + lacking + len(taken)))
    free = [name for name in names if name not in taken][:lacking]
    blank = ("",) * typed.width
    return Typed(typed.sheet, typed.head, (*typed.rows, *(Row(name, blank) for name in free)))


@router.post("/{key}/save", scope.FILE, of_draft)
@in_json
def save(request: HttpRequest, key: str) -> HttpResponse:
    """Save what was typed, from the version it began from."""
    draft = drafts.save(key, _typed(request), _number(request, "version"), request.person)
    return as_json({"version": draft.version, "by": draft.by, "at": drafts.shown(draft.at)})


@router.post("/{key}/check", scope.FILE, of_draft)
@in_json
def checked_rows(request: HttpRequest, key: str) -> HttpResponse:
    """Every check of an import on what is typed, and the last period beside it."""
    row = draft_of(key)
    workspace, form = workspace_of(request), form_of(request, row.form)
    checked = _checked(request, row, _typed(request))
    before = beside(workspace, form, checked)
    return as_json(on_page(checked.as_dict()) | {"before": before})


def _checked(request: HttpRequest, row: DraftRow, typed: Typed) -> Checked:
    form = form_of(request, row.form)
    checked = check(workspace_of(request), form, typed, replaces=row.replaces or None)
    return scope.with_refusals(request, row, checked)


@router.post("/{key}/submit", scope.FILE, of_draft)
@in_json
def submit(request: HttpRequest, key: str) -> HttpResponse:
    """Hand in the version a person has before him; twice is once."""
    row = drafts.at_version(key, _number(request, "version"))
    if mending.is_of_upload(row):
        return as_json({"next": f"/entry/upload/{mending.join(request, row).key}"})
    if not row.submission:
        _hand_in(request, row)
        row = draft_of(key)
    return as_json({"submission": row.submission, "next": f"/entry?sent={row.submission}"})


def _hand_in(request: HttpRequest, row: DraftRow) -> None:
    workspace, form = workspace_of(request), form_of(request, row.form)
    intake = Intake(place=row.place, replaces=row.replaces or None)
    report = hand_in(
        workspace,
        form,
        Typed.from_dict(row.typed),
        Sending(row.key, actor_of(request, row), intake, request.POST.get("seen", "")),
        refuse=lambda checked: scope.refuse(request, row, checked),
        writer=request.app.writer,
    )
    assert report.submission is not None
    number = report.submission["submission"]
    drafts.became(row, number)
    trail.note(request, "handed_in", number, f"draft {row.key}")


@router.post("/{key}/discard", scope.FILE, of_draft)
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Delete a draft that was not handed in, with its comments."""
    row = draft_of(key)
    if drafts.discard(row):
        trail.note(request, "draft_discarded", key, f"{row.form} {row.place} {row.period}")
    return HttpResponseRedirect("/entry", status=303)


@router.post("/{key}/notes", scope.FILE, of_draft)
@in_json
def notes(request: HttpRequest, key: str) -> HttpResponse:
    """Comment on a cell, or mark it to be followed up."""
    row = draft_of(key)
    cell = (request.POST.get("row", ""), _number(request, "column"))
    text, follow = request.POST.get("text", ""), bool(request.POST.get("follow_up"))
    drafts.note(row, request.person, at=cell, text=text, follow=follow)
    return as_json({"notes": drafts.notes_of(row)})


@router.post("/{key}/notes/done", scope.FILE, of_draft)
@in_json
def notes_done(request: HttpRequest, key: str) -> HttpResponse:
    """Close a comment."""
    row = draft_of(key)
    drafts.close_note(row, _number(request, "note"), request.person)
    return as_json({"notes": drafts.notes_of(row)})


@router.get("/{key}/version", scope.FILE, of_draft)
def version(request: HttpRequest, key: str) -> HttpResponse:
    """At which version the draft stands and who saved it, so that editors see each other; with
    the grid where it is newer than ``after``.
    """
    row = draft_of(key)
    answer = {"version": row.version, "by": row.saved_by, "at": drafts.shown(row.saved_at)}
    answer |= {"submission": row.submission, "notes": drafts.notes_of(row)}
    if request.GET.get("after") not in (None, str(row.version)):
        answer["typed"] = with_blanks(Typed.from_dict(row.typed)).as_dict()
    return as_json(answer)


def _typed(request: HttpRequest) -> Typed:
    """The grid that was sent. Raises NotAGrid."""
    try:
        sent = json.loads(request.POST.get("grid", ""))
    except (ValueError, RecursionError):
        sent = None
    return Typed.from_dict(sent)


def _number(request: HttpRequest, name: str) -> int:
    """A whole number that was sent. Raises NotAGrid for anything else."""
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotAGrid("送来的内容不是网格", "what was sent is no grid")
    return int(text)
