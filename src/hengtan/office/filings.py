"""What bodies have filed, as the ledger holds it: one query a form, and for which obligations.

A submission is for an obligation where it holds rows of its period and place (or entity) and was
handed in by the body itself, by the office, or by a place that the body lies in; or where the body
handed it in with rows of the period about something within it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from hengtan.basis.place import PlaceTree
from hengtan.ledger.chain import Event, Record, Register
from hengtan.ledger.forms import Form
from hengtan.ledger.lake import quoted
from hengtan.ledger.readable import ReadableLedger
from hengtan.office.duties import Body, Obligation, wrong

GONE = frozenset({"withdrawn"})
"""States of a submission that is as if it had never been handed in."""

REPLACED = "replaced"
"""The state of a submission for an obligation whose rows of it are all out of force."""


@dataclass(frozen=True)
class Filing:
    """A submission as far as duties ask of it.

    ``handed_in`` is when it was first handed in (None for a draft), ``reason`` that of its last
    step, ``body`` who handed it in, None for the office.
    """

    submission: str
    form: str
    state: str
    body: str | None
    changed: datetime
    handed_in: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Columns:
    """The columns by which rows of a form are matched; None where it has none."""

    period: str
    place: str | None
    entity: str | None
    item: str | None

    @classmethod
    def of(cls, form: Form) -> Columns:
        """Those of a form. Raises WrongDuty for a form without a period."""
        by_type = {known.type: known.id for known in reversed(form.fields)}
        if "period" not in by_type:
            raise wrong("no-period", form.title_zh)
        ids = {known.id for known in form.fields}
        entity = "entity" if "entity" in ids else None
        return cls(by_type["period"], by_type.get("place"), entity, item_field(form))


def item_field(form: Form) -> str | None:
    """The field of a form's key that says what a row is of: an indicator, a product, an item."""
    references = [known.id for known in form.fields if known.type == "reference"]
    return next((name for name in form.key if name in references), None)


@dataclass(frozen=True)
class About:
    """What rows of a submission are about: a period, a place, an entity and an item, as they are
    stored.
    """

    period: str
    place: str | None
    entity: str | None
    item: str | None = None


@dataclass
class Filings:
    """What was filed in a form, ready to be asked for an obligation."""

    places: PlaceTree
    entities: frozenset[str] = frozenset()
    _by_place: dict[tuple[str, str], list[tuple[Filing, About]]] = field(default_factory=dict)
    _by_entity: dict[tuple[str, str], list[tuple[Filing, About]]] = field(default_factory=dict)
    _by_body: dict[tuple[str, str], list[tuple[Filing, About]]] = field(default_factory=dict)

    def add(self, filing: Filing, about: About) -> None:
        """One kind of rows that a submission holds."""
        if about.place is not None:
            self._by_place.setdefault((about.period, about.place), []).append((filing, about))
        if about.entity is not None:
            self._by_entity.setdefault((about.period, about.entity), []).append((filing, about))
            self.entities |= {about.entity}
        if filing.body is not None:
            self._by_body.setdefault((about.period, filing.body), []).append((filing, about))

    def of(self, obligation: Obligation) -> list[Filing]:
        """The submissions for an obligation, each once, in order of their last step."""
        period, body = obligation.period.text, obligation.body
        by_rows = self._by_entity if body.is_entity else self._by_place
        both = [
            (filing, about)
            for filing, about in by_rows.get((period, body.code), ())
            if self._may_speak_for(filing.body, body)
        ]
        both += [
            (filing, about)
            for filing, about in self._by_body.get((period, body.code), ())
            if self._lies_within(about, body)
        ]
        chosen = [f for f, about in both if not obligation.item or about.item == obligation.item]
        replaced_first = sorted(chosen, key=lambda filing: filing.state != REPLACED)
        each_once = {filing.submission: filing for filing in replaced_first}
        return sorted(each_once.values(), key=lambda filing: (filing.changed, filing.submission))

    def _may_speak_for(self, handed_in_by: str | None, body: Body) -> bool:
        """Whether rows about a body count for it when somebody else handed them in: the office, a
        department, or a place it lies in; neither a neighbour nor an enterprise.
        """
        if handed_in_by is None or handed_in_by == body.code:
            return True
        if handed_in_by not in self.places:
            return handed_in_by not in self.entities
        return body.lies_in in self.places and self.places.within(body.lies_in, handed_in_by)

    def _lies_within(self, about: About, body: Body) -> bool:
        """Whether what a body handed in is about itself or something within it."""
        if body.is_entity:
            return about.entity in (None, body.code)
        if about.place is None or body.code not in self.places:
            return True
        return about.place in self.places and self.places.within(about.place, body.code)


def filings_of(
    ledger: ReadableLedger,
    form: Form,
    places: PlaceTree,
    *,
    entities: Iterable[str] = (),
    known_on: date | None = None,
    by_item: bool = False,
) -> Filings:
    """What was filed in a form as known on a day, by one query; with ``by_item`` also which items.

    Raises WrongDuty for a form without a period.
    """
    columns = Columns.of(form)
    by_submission = {f.submission: f for f in submitted(ledger.current(), form.id, known_on)}
    names = [columns.period, columns.place, columns.entity, columns.item if by_item else None]
    listed = [quoted(name) if name else "cast(null as varchar)" for name in names]
    view = ledger.all_rows(form.id, known_on, form.schema())
    rows = ledger.query_arrow(
        f"select _submission, bool_and(_state = '{REPLACED}') as is_replaced,"
        f" {', '.join(f'{column} as column_{n}' for n, column in enumerate(listed))}"
        f" from memory.main.{quoted(view)} group by all"
    )
    filings = Filings(places, frozenset(entities))
    listed_rows = zip(*(column.to_pylist() for column in rows.columns), strict=True)
    for submission, is_replaced, *about in listed_rows:
        filing = by_submission.get(submission)
        if filing is None or filing.state in GONE or about[0] is None:
            continue
        seen = replace(filing, state=REPLACED) if is_replaced else filing
        filings.add(seen, About(*about))
    return filings


def last_entries(register: Register) -> dict[str, int]:
    """The number of the last entry of each form: what was filed in a form is the same as long as
    it is.
    """
    records = register.records
    return {records[event.submission].form: event.seq for event in register.events}


def submitted(register: Register, form: str, known_on: date | None = None) -> list[Filing]:
    """The submissions of a form as known on a day, in order of entry."""
    histories: dict[str, list[Event]] = {r.submission: [] for r in register.by_form.get(form, ())}
    for event in register.seen(known_on):
        if event.submission in histories:
            histories[event.submission].append(event)
    return [
        _filing(register.records[submission], history)
        for submission, history in histories.items()
        if history
    ]


def _filing(record: Record, history: Sequence[Event]) -> Filing:
    """A submission with its events as far as duties ask of it."""
    return Filing(
        submission=record.submission,
        form=record.form,
        state=history[-1].state,
        body=record.body,
        changed=history[-1].at,
        handed_in=next((event.at for event in history if event.state == "submitted"), None),
        reason=history[-1].reason or "",
    )
