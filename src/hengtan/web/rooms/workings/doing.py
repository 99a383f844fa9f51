"""Sending a working, doing it, keeping what came of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpRequest

from hengtan.basis.errors import HengtanError
from hengtan.basis.words import coded
from hengtan.desk.entry_files import safe_name
from hengtan.desk.workings import Ask, Sent, Worked, Working
from hengtan.desk.workings.beside import beside
from hengtan.desk.workings.working import RESULTS, tables_excel, work_out
from hengtan.office.permission import Thing
from hengtan.office.typed import clean
from hengtan.report.words import error, word
from hengtan.web.advice import on_page
from hengtan.web.rooms.jobs import leases
from hengtan.web.rooms.workings.groups import Group
from hengtan.web.rooms.workings.models import RESULT, SENT, WorkingFile, WorkingRow
from hengtan.web.site import site_of
from hengtan.web.things import of_region

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

MOST_KEPT = 30
"""Results of a working that are kept for a person; the oldest go."""
LONGEST = 4000
"""Letters of an answer."""
LARGE = 100_000
"""Bytes from which a long working is done by a job: some thousand rows, or seconds."""
KIND = "working"


def answers_of(asks: tuple[Ask, ...], workspace: Workspace, form: Any) -> dict[str, str]:
    """The answers of a form that was sent. Raises HengtanError for one that is missing or is no
    choice.
    """
    answers = {}
    for ask in asks:
        text = clean(str(form.get(ask.name, ""))).strip()[:LONGEST] or ask.usual
        title = word(f"working.ask.{ask.name}")
        if ask.is_needed and not text:
            raise error(HengtanError, coded("working.needed", title))
        if ask.choices is not None and text:
            known = {choice.value for choice in ask.choices(workspace)}
            if text not in known:
                raise error(HengtanError, coded("working.no_choice", title, text[:60]))
        if text:
            answers[ask.name] = text
    return answers


def send(request: HttpRequest, group: Group, working: Working) -> WorkingRow:
    """Take files and answers, do the working, or have it done by a job. Raises HengtanError for
    what was not sent as it should be.
    """
    workspace = site_of(request).workspace
    answers = answers_of(working.asks, workspace, request.POST)
    files = _files_of(request, working)
    if working.reads_ledger(Sent({}, answers)) and not request.app.permission.may(
        request.person, group.need, of_region(request)
    ):
        raise error(HengtanError, "working.not_allowed")
    names = [file.name for file in files]
    row = WorkingRow(
        key=secrets.token_hex(8),
        working=working.name,
        by=request.person.name,
        file_name=" / ".join(names)[:120],
        answers=answers,
    )
    with transaction.atomic():
        row.save()
        for file in files:
            file.row = row
            file.save()
        _let_go(row)
    size = sum(len(file.content) for file in files)
    if working.is_long and size > LARGE:
        address = f"{group.prefix}/{working.name}/{row.key}"
        arguments = {"key": row.key, "name": row.file_name, "address": address}
        job = leases.queue(KIND, arguments, by=row.by, thing=_of_grant(request))
        WorkingRow.objects.filter(pk=row.pk).update(job=job.pk)
    elif working.reads_ledger(Sent({}, answers)):
        site_of(request).ask(do, working, row)
    else:
        do(workspace, working, row)
    return row


def _of_grant(request: HttpRequest) -> Thing:
    """A thing within the person's grant, so that he sees the job he asked for."""
    ways = request.app.permission.reach(request.person, "job.read")
    grant = next((grant for grant, _ in ways), None)
    if grant is None or grant.place is None:
        return of_region(request)
    return Thing(place=grant.place, form=grant.form, entity=grant.entity)


def _files_of(request: HttpRequest, working: Working) -> list[WorkingFile]:
    """The files as they came. Raises HengtanError for one that is missing or of another kind."""
    files = []
    for slot in working.slots:
        sent = request.FILES.get(slot.name)
        if sent is None:
            if slot.is_needed:
                title = word(f"working.file.{slot.name}")
                raise error(HengtanError, coded("working.no_file", title))
            continue
        name = safe_name(sent.name or "file")
        if Path(name).suffix.lower() not in slot.ends:
            raise error(HengtanError, coded("working.no_table", name, "、".join(slot.ends)))
        files.append(WorkingFile(role=SENT, slot=slot.name, name=name, content=sent.read()))
    return files


def _let_go(row: WorkingRow) -> None:
    own = WorkingRow.objects.filter(by=row.by, working=row.working).order_by("-pk")
    old = list(own.values_list("pk", flat=True)[MOST_KEPT:])
    WorkingRow.objects.filter(pk__in=old).delete()


@contextmanager
def sent_of(row: WorkingRow) -> Iterator[Sent]:
    """The files under their names, each in a folder of its own, with the answers."""
    with TemporaryDirectory() as folder:
        files = {}
        for file in row.files.filter(role=SENT):
            path = Path(folder) / file.slot / file.name
            path.parent.mkdir()
            path.write_bytes(bytes(file.content))
            files[file.slot] = path
        yield Sent(files, row.answers)


def do(workspace: Workspace, working: Working, row: WorkingRow) -> None:
    """Do it, and keep what came of it instead of what was kept before."""
    with sent_of(row) as sent:
        worked = work_out(working, workspace, sent)
        sheets = [sheet for path in sent.files.values() for sheet in beside(path, worked.findings)]
    files = worked.files or _tables(row, worked)
    with transaction.atomic():
        row.files.filter(role=RESULT).delete()
        for name, content in files.items():
            row.files.create(role=RESULT, name=name, content=content)
        shown = worked.as_dict()
        findings = [on_page(finding) for finding in shown["findings"]]
        row.worked = _storable(shown | {"findings": findings, "beside": sheets})
        row.save(update_fields=["worked"])


def _storable(value: Any) -> Any:
    """What came of a file, without signs that no database takes."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): _storable(part) for key, part in value.items()}
    return [_storable(part) for part in value] if isinstance(value, (list, tuple)) else value


def _tables(row: WorkingRow, worked: Worked) -> dict[str, bytes]:
    """The tables of a result that has no file of its own."""
    if not worked.tables:
        return {}
    title = f"working.{row.working}"
    return {
        name: tables_excel(word(title, lang), worked.tables, lang) for lang, name in RESULTS.items()
    }
