"""Which figures rest on what its own submitter approved, so that nobody else has looked at it.

A reported figure is told by its own submission. A computed one rests on many rows: it is marked
where a form it is computed from holds rows in force of such a submission that can enter it: of its
registry or indicator, of its place, of one within it or around it, and not of later than its
period. So a mark says 'may rest on', and no mark says that nothing of the kind is in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from hengtan.basis.cite import is_self_approved
from hengtan.plan.columns_of_accounts import account_name
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Row = Mapping[str, Any]
REGISTRY_FORM, VALUES_FORM = "registry_entries", "indicator_values"
SUBJECTS = {REGISTRY_FORM: "registry", VALUES_FORM: "indicator"}
"""The column of a form that says what its rows are about."""


def self_approved_targets(
    workspace: Workspace, as_of: AsOf, verdicts: Iterable[Row]
) -> dict[str, tuple[str, ...]]:
    """The targets whose latest value was approved by whoever handed it in, or is computed from
    such rows, each with the submissions.

    ``verdicts`` are rows of ``plan_progress``.
    """
    by_form = _self_approved(workspace, as_of)
    if not by_form:
        return {}
    alone = {submission for ids in by_form.values() for submission in ids}
    behind = _Behind(workspace, as_of)

    @cache
    def parts(form: str) -> list[_Part]:
        ids = by_form.get(form, ())
        return _parts(workspace, as_of, form, ids) if ids else []

    marks: dict[str, tuple[str, ...]] = {}
    for verdict in verdicts:
        if verdict["latest_origin"] == "computed":
            sources = behind.sources_of_indicator(verdict["indicator"])
            entering = (
                part
                for source in sources
                for part in parts(source.form)
                if part.enters(workspace, verdict, source)
            )
            submissions = {part.submission for part in entering}
        else:
            submissions = {verdict["evidence_submission"]} & alone
        if submissions:
            marks[verdict["target_id"]] = tuple(sorted(submissions))
    return marks


def with_self_approval(
    workspace: Workspace, as_of: AsOf, rows: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Status rows that say whether the latest value rests on what its submitter approved, and the
    submissions it does.
    """
    verdicts = workspace.execute("plan_progress", as_of).to_pylist()
    marks = self_approved_targets(workspace, as_of, verdicts)
    return [
        row
        | {
            "self_approved": row["target_id"] in marks,
            "self_approved_submissions": list(marks.get(row["target_id"], ())),
        }
        for row in rows
    ]


def _self_approved(workspace: Workspace, as_of: AsOf) -> dict[str, list[str]]:
    """Approved submissions that their submitter approved, by form."""
    by_form: dict[str, list[str]] = {}
    for form, submissions in workspace.ledger.standings(as_of.known_on).items():
        for row in submissions:
            alone = is_self_approved(row["submitted_by"], row["approved_by"], demo=row["demo"])
            if row["state"] == "approved" and alone:
                by_form.setdefault(form, []).append(row["submission"])
    return by_form


@dataclass(frozen=True)
class _Source:
    """A form an indicator is computed from, and the registry or indicator of its rows."""

    form: str
    subject: str | None = None


@dataclass(frozen=True)
class _Part:
    """The rows in force of one submission about one subject and place, and the first day of any
    of them.

    None where the form does not say.
    """

    submission: str
    subject: str | None
    place: str | None
    first_day: date | None

    def enters(self, workspace: Workspace, verdict: Row, source: _Source) -> bool:
        """Whether such rows can enter the latest value of a target."""
        if source.subject is not None and self.subject not in (None, source.subject):
            return False
        end = verdict["latest_end"]
        if self.first_day is not None and end is not None and self.first_day > end:
            return False
        places, region = workspace.pack.places(), verdict["region"]
        if self.place is None or self.place not in places or region not in places:
            return True
        return places.within(self.place, region) or places.within(region, self.place)


def _parts(
    workspace: Workspace, as_of: AsOf, form_id: str, submissions: Collection[str]
) -> list[_Part]:
    form = workspace.form(form_id)
    view = workspace.ledger.effective(form_id, as_of.known_on, form.schema())
    place = next((known.id for known in form.fields if known.type == "place"), None)
    several = sum(known.type == "place" for known in form.fields) > 1
    day = _first_day(form)
    columns = (
        f'"{SUBJECTS[form_id]}"' if form_id in SUBJECTS else "null",
        "null" if place is None or several else f'"{place}"',
        "null" if day is None else f'case when count("{day}") = count(*) then min("{day}") end',
    )
    marks = ", ".join("?" * len(submissions))
    rows = workspace.ledger.query(
        f"select _submission, {columns[0]} as subject, {columns[1]} as place,"
        f' {columns[2]} as first_day from memory.main."{view}"'
        f" where _submission in ({marks}) group by 1, 2, 3",
        list(submissions),
    )
    return [
        _Part(row["_submission"], row["subject"], row["place"], row["first_day"]) for row in rows
    ]


def _first_day(form: Any) -> str | None:
    """The column of the day from which a row of a form holds: of its period, or of an entry."""
    if form.id == REGISTRY_FORM:
        return "granted"
    period = next((known.id for known in form.fields if known.type == "period"), None)
    return None if period is None else f"{period}_start"


class _Behind:
    """The forms that computed indicators are made from."""

    def __init__(self, workspace: Workspace, as_of: AsOf) -> None:
        self._workspace, self._as_of = workspace, as_of
        self._rows = workspace.pack.rows("computed_indicators")
        self._reached: dict[str, Collection[str]] = {}

    def sources_of_indicator(self, indicator: str) -> set[_Source]:
        """The forms behind every way in which an indicator is computed."""
        ways = [row for row in self._rows if row["indicator"] == indicator]
        return {source for row in ways for source in self._sources_of(row)}

    def _sources_of(self, row: Row) -> set[_Source]:
        if row["kind"] == "account":
            return set(map(_Source, self._forms_below(account_name(row["computed"]))))
        if row["kind"] == "registry_share":
            return {_Source(REGISTRY_FORM)}
        if row["kind"].startswith("registry_"):
            return {_Source(REGISTRY_FORM, row["account"])}
        parts = [part for part in (row["numerator"], row["denominator"]) if part]
        as_reported = {_Source(VALUES_FORM, part) for part in parts}
        straight = (way for way in self._rows if way["kind"] != "ratio")
        return as_reported | {
            source
            for way in straight
            if way["indicator"] in parts
            for source in self._sources_of(way)
        }

    def _forms_below(self, table: str) -> Collection[str]:
        if table in self._workspace.forms:
            return {table}
        if table not in self._reached:
            graph = self._workspace.graph(self._as_of)
            below = (self._forms_below(source) for source in graph.inputs_of(table))
            self._reached[table] = {form for forms in below for form in forms}
        return self._reached[table]
