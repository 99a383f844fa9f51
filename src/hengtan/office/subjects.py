"""What a submission is about, as permission sees it: its form, place, enterprise or department, and
who filed it; from its record and from the rows it holds.

The place is the smallest that holds what the record names and every place of its rows: who reports
on a neighbour is reviewed by the one above both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from hengtan.basis.place import PlaceTree
from hengtan.ledger.chain import Record
from hengtan.ledger.lake import Connection, literal, quoted
from hengtan.ledger.profiles import PLACES as PLACES_OF_BLOCK
from hengtan.ledger.readable import ReadableLedger
from hengtan.office.permission import Answer, Permission, Person, Thing

MOST_NAMED = 500
"""Submissions that a query names; beyond them it reads all of a form."""
PLACE, ENTITY = "place", "entity"


@dataclass(frozen=True)
class RowsAbout:
    """What rows of a submission name: their places, and the entity where all name the same."""

    places: tuple[str, ...] = ()
    entity: str | None = None
    has_entities: bool = False


NOTHING_NAMED = RowsAbout()


def rows_about(
    ledger: ReadableLedger, records: Iterable[Record], places_of: Callable[[str], list[str]]
) -> dict[str, RowsAbout]:
    """What the rows of submissions are about, one query a form.

    ``places_of``: the columns of a form that hold a place.
    """
    by_form: dict[str, list[str]] = {}
    for record in records:
        by_form.setdefault(record.form, []).append(record.submission)
    cur = ledger.lake.cursor()
    try:
        about: dict[str, RowsAbout] = {}
        for form, submissions in by_form.items():
            about |= _of_form(ledger, cur, form, submissions, places_of(form))
        return about
    finally:
        cur.close()


def _of_form(
    ledger: ReadableLedger, cur: Connection, form: str, submissions: list[str], places: list[str]
) -> dict[str, RowsAbout]:
    columns = ledger.lake.columns(cur, form)
    named = [name for name in (*places, PLACES_OF_BLOCK) if name in columns]
    lists = [f"list(distinct {quoted(name)})" for name in named] or ["[]::varchar[]"]
    entity = quoted(ENTITY) if ENTITY in columns else "null::varchar"
    few = len(submissions) <= MOST_NAMED
    chosen = f" where _submission in ({', '.join(map(literal, submissions))})" if few else ""
    rows = ledger.lake.patiently(
        lambda: cur.execute(
            f"select _submission, min({entity}), max({entity}), count({entity}), count(*),"
            f" {', '.join(lists)} from lake.main.{quoted(form)}{chosen} group by 1"
        ).fetchall()
    )
    return {
        submission: RowsAbout(
            tuple(sorted({code for codes in lists_of for text in codes for code in _codes(text)})),
            str(first) if first == last and counted == total else None,
            has_entities=bool(counted),
        )
        for submission, first, last, counted, total, *lists_of in rows
    }


def _codes(text: str | None) -> list[str]:
    """The codes of places in a cell; a block of a profile has several."""
    return [code for code in str(text or "").split(";") if code]


@dataclass(frozen=True)
class Subjects:
    """Says what submissions are about, over the places of a workspace.

    ``departments``: names that are a department where a submission was handed in on their behalf.
    """

    places: PlaceTree
    within: Callable[[str], frozenset[str]]
    departments: frozenset[str] = frozenset()

    def of(self, record: Record, about: RowsAbout = NOTHING_NAMED) -> Thing:
        """The thing that a submission is; ``by`` is who handed it in first."""
        body = record.body or None
        is_department = body in self.departments
        is_place = body in self.places
        entity = None if is_department or is_place else body
        return Thing(
            place=self._place(record.place or (body if is_place else None), about.places),
            form=record.form,
            department=body if is_department else None,
            entity=_entity(entity, about),
            by=record.actor,
        )

    def _place(self, place: str | None, rows: tuple[str, ...]) -> str | None:
        wider = place or (rows[0] if rows else None)
        while wider is not None and not self.within(wider).issuperset(rows):
            wider = self.places[wider].parent if wider in self.places else None
        return wider


def _entity(entity: str | None, about: RowsAbout) -> str | None:
    """The enterprise where record and rows agree on one; None where several are in it."""
    if not about.has_entities:
        return entity
    return about.entity if entity in (None, about.entity) else None


def may_to_all(
    permission: Permission, person: Person, action: str, thing: Thing, filers: Iterable[str]
) -> Answer:
    """Whether a person may do something to what several people filed, each of whom it is own of."""
    by = person.name if person.name in set(filers) else thing.by
    return permission.may(person, action, replace(thing, by=by))
