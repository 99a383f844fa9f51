"""Which case files a person may see, and the one that an address is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

from hengtan.basis.errors import NoSuchRow
from hengtan.desk.case_files import (
    RECORDED,
    Line,
    Opened,
    heads_of,
    kinds_of,
    lines_of,
    opened,
)
from hengtan.desk.lists_of_files import ENTRIES, ListBeside, lists_beside
from hengtan.instruments.case_files.declared import CaseFile
from hengtan.instruments.case_files.subjects import Row, Subject
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


def thing_of(case_file: CaseFile, place: str, entity: str) -> Thing:
    """A case file as permission sees it: a row of its head form."""
    return Thing(place or None, case_file.form, case_file.departments or None, entity or None)


def kinds_seen(request: HttpRequest) -> dict[str, CaseFile]:
    """The kinds of case files that there are."""
    return kinds_of(request.app.site.workspace)


def lines_seen(request: HttpRequest, case_file: CaseFile) -> list[Line]:
    """The case files of a kind that the person may see, in the order of their ids."""
    ways = request.app.permission.clauses_of(request.person, SEE)
    lines: list[Line] = request.app.site.ask_once(lines_of, kind=case_file.id)

    def is_seen(line: Line) -> bool:
        thing = thing_of(case_file, line.place, line.entity)
        return any(way.reaches(thing) for way in ways)

    return [line for line in lines if is_seen(line)]


def lists_seen(request: HttpRequest, case_file: CaseFile) -> list[ListBeside]:
    """The lists of a kind beside its files, as far as the person may see either."""
    ways = request.app.permission.clauses_of(request.person, SEE)

    def sees_file(subject: Subject) -> bool:
        thing = thing_of(case_file, subject.place, subject.entity)
        return any(way.reaches(thing) for way in ways)

    def sees_entry(entry: Row) -> bool:
        thing = Thing(entry["place"], ENTRIES, None, entry["holder"])
        return any(way.reaches(thing) for way in ways)

    lists: list[ListBeside] = request.app.site.ask(
        lists_beside, case_file.id, sees_file=sees_file, sees_entry=sees_entry
    )
    return lists


def of_subject(request: HttpRequest, kind: str, subject: str) -> Thing | None:
    """The case file an address is about; None where there is none."""
    case_file = kinds_seen(request).get(kind)
    heads = request.app.site.ask_once(heads_of, kind=kind) if case_file else {}
    head = heads.get(id_in(subject))
    return thing_of(case_file, *head) if case_file and head else None


def of_record(request: HttpRequest, kind: str, subject: str) -> Thing | None:
    """The record that verdicts of the case file would be put into."""
    of_file = of_subject(request, kind, subject)
    return of_file and replace(of_file, form=RECORDED)


def opened_one(request: HttpRequest, kind: str, subject: str) -> Opened | None:
    """The case file an address is about, opened."""
    try:
        of_one: Opened = request.app.site.ask(opened, kind, id_in(subject))
    except NoSuchRow:
        return None
    return of_one


def in_address(subject: str) -> str:
    """An id as a part of an address, its slashes and tildes escaped as in RFC 6901."""
    return quote(subject.replace("~", "~0").replace("/", "~1"), safe="")


def id_in(part: str) -> str:
    """The id that a part of an address holds."""
    return part.replace("~1", "/").replace("~0", "~")
