"""Case files beside the official lists (名录) that their subjects may stand on.

A subject counts once: an entry is joined to the file whose id (the code of a unit) is its holder or
its title, or whose name is its title. What stands in one of the two only is told by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hengtan.basis.spelling import plain
from hengtan.instruments.case_files.declared import CaseFile, Listed
from hengtan.instruments.case_files.subjects import Row, Subject, meets


@dataclass(frozen=True)
class Beside:
    """A list beside the files: how many stand in both, the titles without a file, and the names of
    files that say they are listed and are not.
    """

    registry: str
    both: int
    list_only: tuple[str, ...]
    file_only: tuple[str, ...]


def beside_lists(
    case_file: CaseFile, subjects: Sequence[Subject], entries: Iterable[Row], day: date
) -> Iterator[Beside]:
    """Each list of a kind beside its files on a day.

    Parameters
    ----------
    subjects : the files that are looked at
    entries : rows with ``registry``, ``title`` and ``holder`` that are in force on that day
    """
    rows = list(entries)
    for listed in case_file.lists:
        of_list = [row for row in rows if row["registry"] == listed.registry]
        files = [member for subject in subjects for member in _members(listed, subject)]
        called = {name for member in files for name in member.names}
        in_list = {name for row in of_list for name in _called(row)}
        yield Beside(
            registry=listed.registry,
            both=sum(bool(member.names & in_list) for member in files),
            list_only=_in_order(row["title"] for row in of_list if not _called(row) & called),
            file_only=_in_order(
                member.shown
                for member in files
                if not member.names & in_list and _says_listed(listed, member.row, day)
            ),
        )


@dataclass(frozen=True)
class _Member:
    """What may stand on a list: a subject, or one of its rows; ``names``: what an entry may call
    it.
    """

    shown: str
    names: frozenset[str]
    row: Row


def _members(listed: Listed, subject: Subject) -> Iterator[_Member]:
    if not listed.of:
        names = frozenset(plain(name) for name in (subject.id, subject.name) if name)
        yield _Member(subject.name or subject.id, names, subject.head)
        return
    for row in subject.rows.get(listed.of, ()):
        name = str(row[listed.name])
        yield _Member(name, frozenset({plain(name)}), row)


def _called(entry: Row) -> set[str]:
    """What an entry calls its subject."""
    return {plain(name) for name in (entry["title"], entry["holder"]) if name}


def _says_listed(listed: Listed, row: Row, day: date) -> bool:
    if not listed.when or not meets(listed.when, row):
        return False
    last = row[listed.until] if listed.until else None
    return last is None or last >= day


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(map(str, names))))
