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
        files = {id(subject): _names(subject) for subject in subjects}
        called = {name for names in files.values() for name in names}
        in_list = {name for row in of_list for name in _called(row)}
        yield Beside(
            registry=listed.registry,
            both=sum(bool(names & in_list) for names in files.values()),
            list_only=_in_order(row["title"] for row in of_list if not _called(row) & called),
            file_only=_in_order(
                subject.name or subject.id
                for subject in subjects
                if not files[id(subject)] & in_list and _says_listed(listed, subject, day)
            ),
        )


def _names(subject: Subject) -> set[str]:
    """What an entry may call a subject."""
    return {plain(name) for name in (subject.id, subject.name) if name}


def _called(entry: Row) -> set[str]:
    """What an entry calls its subject."""
    return {plain(name) for name in (entry["title"], entry["holder"]) if name}


def _says_listed(listed: Listed, subject: Subject, day: date) -> bool:
    if not listed.when or not meets(listed.when, subject.head):
        return False
    last = subject.head[listed.until] if listed.until else None
    return last is None or last >= day


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(map(str, names))))
