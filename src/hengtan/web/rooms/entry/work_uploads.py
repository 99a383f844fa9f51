"""Large files as jobs: looked at, then handed in when a person has seen what was found; both by the
very functions of small ones, as the person who asked, with the rights he has when they run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hengtan.basis.actor import Actor
from hengtan.basis.days import BEIJING
from hengtan.basis.errors import HengtanError
from hengtan.basis.seal import digest_of, sha256_of
from hengtan.desk.entry import Sending
from hengtan.desk.entry_files import Uploaded, hand_in_file, look_at
from hengtan.desk.evidence import Intake
from hengtan.report.words import both
from hengtan.web import trail
from hengtan.web.rooms.entry import scope
from hengtan.web.rooms.entry.models import UploadRow
from hengtan.web.rooms.jobs import leases
from hengtan.web.rooms.jobs.behalf import OnBehalf, asked_by, person_now
from hengtan.web.rooms.jobs.kinds import Kind
from hengtan.web.rooms.jobs.models import DONE, Job
from hengtan.web.rooms.jobs.running import result_folder

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hengtan.web.rooms.jobs.running import Run

LOOK, IMPORT = "look", "import"
FINDINGS_KEPT = 2_000
"""Findings of a large file that its page shows."""
LOOKED_AT = "looked_at.json"


def intake_of(row: UploadRow) -> Intake:
    """How an upload is taken in."""
    return Intake(
        sheet=row.sheet or None,
        place=row.place,
        replaces=row.replaces or None,
        partly=row.partly,
    )


@contextmanager
def file_of(row: UploadRow) -> Iterator[Path]:
    """The uploaded file under its name."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / row.file_name
        path.write_bytes(row.content)
        yield path


def shown_of(looked_at: Uploaded) -> dict[str, Any]:
    """What a page shows of a file that was looked at, in JSON."""
    up = looked_at.as_dict()
    account = looked_at.checked.reading.account.as_dict()
    return {**up, "account": account, "sheets": list(looked_at.sheets)}


def look_later(request: HttpRequest, row: UploadRow) -> Job:
    """Ask that a file be looked at; asking twice is one job."""
    return _asked(request, row, LOOK, _key_of_look(row), {})


def hand_in_later(request: HttpRequest, row: UploadRow, seen: str | None) -> Job:
    """Ask that a file be handed in by one who has seen the warnings named ``seen``."""
    return _asked(request, row, IMPORT, f"{_keys_of_import(row)}{seen or ''}", {"seen": seen})


def _asked(request: HttpRequest, row: UploadRow, kind: str, key: str, more: dict[str, Any]) -> Job:
    about = {"key": row.key, "form": row.form, "name": row.file_name, "sheet": row.sheet}
    arguments = about | more | asked_by(request.person)
    job = leases.queue(kind, arguments, key=key, by=request.person.name, thing=row.thing)
    trail.note(request, "job_start", f"{kind} {job.pk}", row.file_name)
    return job


def _key_of_look(row: UploadRow) -> str:
    way = digest_of({"sheet": row.sheet, "partly": row.partly})[:16]
    return f"{LOOK}:{row.key}:{way}"


def _keys_of_import(row: UploadRow) -> str:
    """What the keys of handing in begin with: the name of the warnings that were seen follows."""
    return f"{IMPORT}:{_key_of_look(row)}:"


def job_of(row: UploadRow) -> Job | None:
    """The job of an upload that a person waits for: of handing in, where that was asked, else of
    looking; None for a file that needs none.
    """
    looks = Job.objects.filter(key=_key_of_look(row))
    imports = Job.objects.filter(key__startswith=_keys_of_import(row))
    return imports.order_by("-id").first() or looks.first()


def looked_at_of(app: Any, row: UploadRow) -> dict[str, Any] | None:
    """What was found of a file by its job; None where that is not done."""
    job = Job.objects.filter(key=_key_of_look(row), state=DONE).first()
    path = None if job is None else result_folder(app, job) / LOOKED_AT
    if path is None or not path.is_file():
        return None
    found_there: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found_there


def _look(run: Run) -> dict[str, Any]:
    row, asker = _row_of(run), OnBehalf(run.app, person_now(run.job))
    form = run.workspace.form(row.form)
    with file_of(row) as path:
        looked_at = look_at(run.workspace, form, path, intake_of(row), _telling(run))
    checked = scope.with_refusals(asker, row, looked_at.checked)
    shown = shown_of(replace(looked_at, checked=checked))
    shown["findings"] = shown["findings"][:FINDINGS_KEPT]
    whole, part = run.place_for(LOOKED_AT), run.place_for(f"{LOOKED_AT}.part")
    part.write_text(json.dumps(shown, ensure_ascii=False, default=str), encoding="utf-8")
    part.replace(whole)
    return {"rows": shown["rows"]}


def _import(run: Run) -> dict[str, Any]:
    """Hand a file in; once, however often it is begun: the ledger takes the same file once."""
    row, person = _row_of(run), person_now(run.job)
    asker = OnBehalf(run.app, person)
    if row.submission:
        return {"submission": row.submission}
    if not scope.may_file(asker, row.thing):
        zh, en = both("entry.not_yours_now")
        raise HengtanError(zh, en)
    before = _taken_in_before(run, row)
    if before is not None:
        _became(run, row, before)
        return {"submission": before}
    form = run.workspace.form(row.form)
    actor = Actor(run.job.by, row.body)
    sending = Sending(row.key, actor, intake_of(row), run.arguments.get("seen"))
    with file_of(row) as path:
        report = hand_in_file(
            run.workspace,
            form,
            path,
            sending,
            refuse=lambda checked: scope.refuse(asker, row, checked),
            writer=run.app.writer,
            progress=_telling(run),
        )
    assert report.submission is not None
    number = report.submission["submission"]
    _became(run, row, number)
    return {"rows": report.rows, "submission": number, "unchanged": report.unchanged}


def _became(run: Run, row: UploadRow, number: str) -> None:
    UploadRow.objects.filter(pk=row.pk).update(submission=number, content=b"")
    trail.add("handed_in", number, row.file_name, by=run.job.by)


def _taken_in_before(run: Run, row: UploadRow) -> str | None:
    """The submission that this job handed in before its process was killed. Its own rows would be
    a lock by now.
    """
    asked_at = run.job.at.astimezone(BEIJING).replace(tzinfo=None)
    now, sha = run.workspace.ledger.current(), sha256_of(bytes(row.content))
    wanted = (sha, run.job.by, row.body, row.place)
    for record in reversed(now.by_form.get(row.form, ())):
        stored = (record.file_sha256, record.actor, record.body, record.place)
        is_of_sheet = not row.sheet or record.sheet == row.sheet
        if stored == wanted and is_of_sheet and record.at >= asked_at:
            return record.submission
    return None


def _row_of(run: Run) -> UploadRow:
    row: UploadRow | None = UploadRow.objects.filter(key=run.arguments["key"]).first()
    if row is None:
        zh, en = both("entry.upload_gone")
        raise HengtanError(zh, en)
    return row


def _telling(run: Run) -> Any:
    return lambda share, text: run.tell(0.95 * share, text)


KINDS = (
    Kind(LOOK, scope.FILE, _look, page="/entry/upload/{key}"),
    Kind(IMPORT, scope.FILE, _import, page="/entry/upload/{key}"),
)
