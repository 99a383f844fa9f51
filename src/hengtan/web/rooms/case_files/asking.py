"""Which case files a person may see, and the one that an address is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from hengtan.basis.errors import NoSuchRow
from hengtan.desk.case_files import RECORDED, Line, Opened, kinds_of, lines_of, opened
from hengtan.instruments.case_files.declared import CaseFile
from hengtan.office.permission import Thing
from hengtan.report.asked import InAddress

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest

SEE, RECORD = "record.read", "record.file"
"""What a case file needs, and what putting its verdicts on record needs."""


@dataclass(frozen=True)
class Asked(InAddress):
    """What of a list of case files is asked for."""

    SORTS: ClassVar[Collection[str]] = ("subject", "name", "place", "due")
    q: str = ""
    place: str = ""
    state: str = ""


STATES = ("overdue", "lacking", "unreached")
"""What a list can be narrowed to."""


def thing_of(case_file: CaseFile, line: Line) -> Thing:
    """A case file as permission sees it: a row of its head form."""
    departments = case_file.departments or None
    return Thing(line.place or None, case_file.form, departments, line.entity or None)


def kinds_seen(request: HttpRequest) -> dict[str, CaseFile]:
    """The kinds of case files that there are."""
    return kinds_of(request.app.site.workspace)


def lines_seen(request: HttpRequest, case_file: CaseFile) -> list[Line]:
    """The case files of a kind that the person may see, in the order of their ids."""
    ways = request.app.permission.clauses_of(request.person, SEE)
    lines: list[Line] = request.app.site.ask_once(lines_of, kind=case_file.id)
    return [line for line in lines if any(way.reaches(thing_of(case_file, line)) for way in ways)]


def of_subject(request: HttpRequest, kind: str, **parts: str) -> Thing | None:
    """The case file an address is about; None where there is none."""
    case_file = kinds_seen(request).get(kind)
    name = request.GET.get("subject") or request.POST.get("subject") or ""
    lines = request.app.site.ask_once(lines_of, kind=kind) if case_file else ()
    line = next((line for line in lines if line.subject == name), None)
    return thing_of(case_file, line) if case_file and line else None


def of_record(request: HttpRequest, kind: str, **parts: str) -> Thing | None:
    """The record that verdicts of the case file would be put into."""
    of_file = of_subject(request, kind, **parts)
    return of_file and Thing(of_file.place, RECORDED, of_file.department, of_file.entity)


def opened_one(request: HttpRequest, kind: str) -> Opened | None:
    """The case file an address is about, opened."""
    name = request.GET.get("subject") or request.POST.get("subject") or ""
    try:
        of_one: Opened = request.app.site.ask(opened, kind, name)
    except NoSuchRow:
        return None
    return of_one
