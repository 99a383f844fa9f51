"""Submissions: listed, handed in as rows or as a file, and their steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Body, File, Header, Query, Schema
from ninja.files import UploadedFile
from pydantic import Field

from hengtan.basis.actor import Actor
from hengtan.basis.errors import Finding, Where
from hengtan.desk.evidence import Intake
from hengtan.desk.filing import ROWS, Filing, as_file, file_in
from hengtan.office.permission import Clause, Thing
from hengtan.office.rows import RowThings
from hengtan.report.words import both
from hengtan.web import trail
from hengtan.web.rooms.api.asking import Paging, kept, require, site
from hengtan.web.rooms.api.operations import Operations
from hengtan.web.rooms.review.asking import of_submission, queue_of, register_of
from hengtan.web.rooms.review.pages_deciding import Decision, carry_out, cases_of
from hengtan.web.routing import Router
from hengtan.web.site import as_json

if TYPE_CHECKING:
    from hengtan.ledger.chain import Record, Register
    from hengtan.ledger.reading import Reading

FILE, READ, REVIEW = "record.file", "record.read", "record.review"
SHOWN = 20
"""Rows of others that are named one by one."""
Key = Annotated[
    str | None,
    Header(
        None,
        alias="Idempotency-Key",
        description="同一请求重发时用同一个键，只计一次 · sent again with the same key, taken once",
    ),
]
Rows = Annotated[
    list[dict[str, str | int | float | bool | None]],
    Field(description="每行：列名（字段代号或名称）→ 值 · column (field id or title) → value"),
]


class FilingAsked(Schema):
    """How rows or a file are taken in."""

    place: str | None = Field(None, max_length=40, description="填报地区 · place of the rows")
    entity: str | None = Field(None, max_length=40, description="填报企业 · reporting enterprise")
    department: str | None = Field(None, max_length=60, description="填报部门 · department")
    sheet: str | None = Field(None, max_length=100, description="工作表 · sheet")
    replaces: str | None = Field(None, max_length=20, description="更正哪份提交 · corrects")
    whole_list: bool = Field(False, description="是名单的全部 · all of its lists")
    partly: bool = Field(False, description="未读的数只提示 · unread figures are only told")
    dry_run: bool = Field(False, description="只检查 · check only")


class RowsSent(Schema):
    """Rows of a form."""

    rows: Rows


class StepSent(Schema):
    """Why a step is taken, and which rows count where two say something else."""

    reason: str = Field("", max_length=2000)
    on_conflict: Literal["replace", "keep"] | None = None


class ListAsked(Paging):
    """Which submissions."""

    form: str | None = Field(None, max_length=80)
    state: str | None = Field(None, max_length=20)


def add(router: Router) -> None:
    """Name the operations."""
    operations = Operations(router, "submissions")

    @operations.get("/submissions", READ, ("提交", "Submissions"))
    def submissions(request: HttpRequest, asked: Query[ListAsked]) -> Any:
        clauses = request.app.permission.clauses_of(request.person, READ)
        now = register_of(request)
        question = ("submissions", asked.form, asked.state, clauses)
        key = (*question, request.person.name, now.head)
        rows = kept(request).get(key, lambda: _reached(request, asked, now, clauses))
        page = asked.cut(rows, question, now.head)
        shown = [_short(now, record) for record in page["rows"]]
        return as_json({"submissions": shown, "next": page["next"]})

    @operations.get("/submissions/{submission}", READ, ("一份提交", "A submission"), of_submission)
    def submission(request: HttpRequest, submission: str) -> Any:
        return as_json(site(request).workspace.ledger.submission(submission))

    @operations.post("/forms/{form}/rows", FILE, ("报送数据行", "Hand in rows"))
    def hand_in_rows(
        request: HttpRequest,
        form: str,
        asked: Query[FilingAsked],
        sent: RowsSent,
        key: Key,
    ) -> Any:
        _ask_first(request, form, asked)
        return _filed(request, form, asked, ROWS, as_file(sent.rows), key)

    @operations.post("/forms/{form}/file", FILE, ("报送文件", "Hand in a file"))
    def hand_in_file(
        request: HttpRequest,
        form: str,
        asked: Query[FilingAsked],
        file: Annotated[UploadedFile, File(...)],
        key: Key,
    ) -> Any:
        _ask_first(request, form, asked)
        return _filed(request, form, asked, file.name or "file", file.read(), key)

    for name, zh, en in STEPS:
        _add_step(operations, name, (zh, en))
    _add_withdrawal(operations)


STEPS = (
    ("approve", "审核通过（多级审核时为本级通过）", "Approve, at the level whose turn it is"),
    ("return", "退回（须写明理由）", "Return, with a reason"),
    ("reject", "否决（须写明理由）", "Reject, with a reason"),
)


def _add_step(operations: Operations, name: str, words: tuple[str, str]) -> None:
    """A decision as the pages of review take it: levels, reasons, notices and the trail."""

    def step(request: HttpRequest, submission: str, sent: Annotated[StepSent, Body(...)]) -> Any:
        decision = Decision(name, sent.reason.strip(), sent.on_conflict)
        decision.check()
        register = register_of(request)
        case = cases_of(request, register, [submission])[submission]
        (outcome,) = carry_out(request, register, [case], decision)
        if isinstance(outcome, Exception):
            raise outcome
        return as_json({**site(request).workspace.ledger.submission(submission), "did": outcome})

    step.__name__ = f"{name}_submission"
    operations.post(f"/submissions/{{submission}}/{name}", REVIEW, words, of_submission)(step)


def _add_withdrawal(operations: Operations) -> None:
    """Whoever filed takes it back himself."""
    words = ("撤回", "Withdraw")

    @operations.post("/submissions/{submission}/withdraw", FILE, words, of_submission)
    def withdraw_submission(
        request: HttpRequest, submission: str, sent: Annotated[StepSent, Body(...)]
    ) -> Any:
        actor = Actor(request.person.name)
        request.app.writer.record(submission, "withdrawn", actor, sent.reason)
        trail.note(request, "withdrawn", submission)
        return as_json(site(request).workspace.ledger.submission(submission))


def _reached(
    request: HttpRequest, asked: ListAsked, now: Register, clauses: tuple[Clause, ...]
) -> list[Record]:
    """The submissions of a form and state that a person reaches, in order of entry; what he filed
    himself counts as made by him.
    """
    name = request.person.name

    def is_reached(thing: Thing, filers: tuple[str, ...]) -> bool:
        seen = replace(thing, by=name) if name in filers else thing
        return any(way.reaches(seen) for way in clauses)

    return [
        record
        for record, thing, filers in queue_of(request).everything(now)
        if asked.form in (None, record.form)
        and asked.state in (None, now.state(record.submission))
        and is_reached(thing, filers)
    ]


def _ask_first(request: HttpRequest, form: str, asked: FilingAsked) -> None:
    """Whether this person files this form for this place and body. Raises Http404."""
    if form not in site(request).workspace.forms:
        raise Http404
    require(request, FILE, _thing(request, form, asked))


def _thing(request: HttpRequest, form: str, asked: FilingAsked) -> Thing:
    region = site(request).workspace.settings.region
    return Thing(
        place=asked.place or region,
        form=form,
        department=asked.department or None,
        entity=asked.entity or None,
    )


def _filed(
    request: HttpRequest, form: str, asked: FilingAsked, name: str, content: bytes, key: str | None
) -> Any:
    own = _thing(request, form, asked)
    body = asked.entity or asked.department or own.place
    filing = Filing(
        form,
        name,
        content,
        Actor(request.person.name, body),
        Intake(
            sheet=asked.sheet,
            place=own.place,
            replaces=_own_submission(request, asked.replaces),
            whole_list=asked.whole_list,
            partly=asked.partly,
        ),
        key,
    )
    report = file_in(
        site(request).workspace,
        filing,
        writer=request.app.writer,
        also=lambda reading: _strangers(request, own, name, reading),
        dry_run=asked.dry_run,
    )
    if report.submission and not report.unchanged:
        trail.note(request, "filed", f"{form} {report.submission['submission']}")
    return as_json(report.as_dict())


def _own_submission(request: HttpRequest, submission: str | None) -> str | None:
    """The submission that is corrected, which is one he could file. Raises Http404."""
    if submission is not None:
        thing = of_submission(request, submission)
        if thing is None:
            raise Http404
        require(request, FILE, thing)
    return submission


def _strangers(request: HttpRequest, own: Thing, file: str, reading: Reading) -> Iterator[Finding]:
    """An error for each row of a place or enterprise that this person does not report."""
    names = [name for name in ("place", "entity") if name in reading.table.column_names]
    if not names:
        return
    things = RowThings.of(names, str(own.place), own.form)
    permission, person, known_ones, shown = request.app.permission, request.person, {}, 0
    for row in reading.table.select([*names, "_source_row"]).to_pylist():
        of_row = things.thing(row)
        thing = replace(own, place=of_row.place, entity=of_row.entity or own.entity)
        if thing not in known_ones:
            known_ones[thing] = bool(permission.may(person, FILE, thing))
        if known_ones[thing] or shown >= SHOWN:
            continue
        shown += 1
        where = Where(file, reading.sheet, row["_source_row"])
        zh, en = both("api.not_yours")
        todo, todo_en = both("api.not_yours.todo")
        yield Finding("error", zh, en, where, todo, todo_en, "not-yours")


def _short(now: Any, record: Any) -> dict[str, Any]:
    return {
        "submission": record.submission,
        "form": record.form,
        "state": now.state(record.submission),
        "place": record.place,
        "body": record.body,
        "by": record.actor,
        "rows": record.rows,
        "file_name": record.file_name,
        "supersedes": record.supersedes,
        "at": record.at,
    }
