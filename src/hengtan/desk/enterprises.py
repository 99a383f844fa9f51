"""Enterprises as the ledger knows them: who they are, what they filed, their energy, carbon and
materials by year, and what rules say of them.

Each figure keeps the place it was reported for, so that a page shows no more of an enterprise than
what lies in its reader's places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hengtan.desk import rules as desk_rules
from hengtan.desk.filed import NOT_FILED, Filed, filed_about
from hengtan.ledger.lake import quoted
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.ledger.forms import Form
    from hengtan.workspace.workspace import Workspace

Row = dict[str, Any]
FACTS = ("carbon_enterprise", "carbon_activity_year", "energy_quality", "energy_key_units")
"""Accounts with rows of single enterprises, the yearly totals first."""
YEARLY = "carbon_enterprise"
WHO = """
    select entity, {name} as name, {place} as place, {industry} as industry,
        {approved} as is_approved, max(_submitted_at) as at,
        arg_max(_submission, _submitted_at) as submission
    from memory.main.{view}
    where entity is not null and _state not in ({hidden}) group by all
"""


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise: its names, the places rows of it name, its industry, and what was filed last.

    ``is_sure``: whether its name stands in approved rows; ``place``: of those approved last.
    """

    code: str
    name: str = ""
    place: str = ""
    places: frozenset[str] = frozenset()
    industry: str = ""
    is_sure: bool = False
    filed: datetime | None = None
    submission: str = ""

    @property
    def title(self) -> str:
        """Its name, or its code where none is known."""
        return self.name or self.code


def forms_of_enterprises(workspace: Workspace) -> list[Form]:
    """The forms whose rows name an enterprise by its code."""
    return [
        form
        for form in workspace.forms.values()
        if any(known.id == "entity" and known.type == "code" for known in form.fields)
    ]


def enterprises_of(workspace: Workspace) -> dict[str, Enterprise]:
    """The enterprises that rows of any form name, by code; what was approved goes before what only
    was handed in, and the newer before the older.
    """
    known: dict[str, Enterprise] = {}
    for row in sorted(_named_in_forms(workspace), key=_weight):
        code = str(row["entity"])
        before = known.get(code, Enterprise(code))
        filed = max(filter(None, (before.filed, row["at"])), default=None)
        known[code] = Enterprise(
            code,
            row["name"] or before.name,
            row["place"] or before.place,
            before.places | ({row["place"]} if row["place"] else frozenset()),
            row["industry"] or before.industry,
            bool(row["is_approved"] and row["name"]) or before.is_sure,
            filed,
            row["submission"] if filed == row["at"] else before.submission,
        )
    return known


def _weight(row: Row) -> tuple[bool, datetime]:
    return bool(row["is_approved"]), row["at"] or datetime.min


def _named_in_forms(workspace: Workspace) -> Iterator[Row]:
    hidden = ", ".join(f"'{state}'" for state in NOT_FILED)
    for form in forms_of_enterprises(workspace):
        ids = {known.id for known in form.fields}
        texts = {
            name: quoted(column) if column in ids else "cast(null as varchar)"
            for name, column in (("name", "entity_name"), ("place", "place"))
        }
        texts["industry"] = "industry" if "industry" in ids else "cast(null as varchar)"
        view = quoted(workspace.ledger.all_rows(form.id, schema=form.schema()))
        yield from workspace.ledger.query(
            WHO.format(view=view, hidden=hidden, approved="(_state = 'approved')", **texts)
        )


@dataclass(frozen=True)
class Facts:
    """What the accounts know of one enterprise: rows by account."""

    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def of(self, account: str) -> tuple[Row, ...]:
        """The rows of an account."""
        return self.rows.get(account, ())

    @property
    def latest(self) -> Row | None:
        """The newest year that is known."""
        return max(self.of(YEARLY), key=lambda row: row["year"], default=None)

    def within(self, places: Iterable[str] | None) -> Facts:
        """Those of some places, None for all."""
        if places is None:
            return self
        wanted = frozenset(places)
        kept = {
            account: tuple(row for row in rows if row.get("place") in wanted)
            for account, rows in self.rows.items()
        }
        return replace(self, rows=kept)


def facts_of_enterprises(workspace: Workspace) -> dict[str, Facts]:
    """What the accounts know of each enterprise, by its code, the newest year first."""
    as_of = AsOf.of()
    by_code: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for account in FACTS:
        for row in workspace.execute(account, as_of).to_pylist():
            if row["entity"]:
                by_code[row["entity"]][account].append(row)
    return {
        code: Facts({a: tuple(sorted(rows, key=_newest)) for a, rows in of.items()})
        for code, of in by_code.items()
    }


def _newest(row: Row) -> tuple[int, str]:
    return -int(row.get("year") or 0), str(row.get("period") or row.get("item") or "")


def filed_of(workspace: Workspace, code: str) -> list[Filed]:
    """What was filed about an enterprise, the newest step first."""
    forms = [(form, "entity") for form in forms_of_enterprises(workspace)]
    return filed_about(workspace, forms, code)


def cases_there(workspace: Workspace) -> tuple[tuple[str, int, int], ...]:
    """The files with cases, with size and the time they were written: what verdicts rest on
    beside the ledger.
    """
    files = sorted((workspace.folder / "cases").glob("*.yaml"))
    return tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)


def verdicts_of(workspace: Workspace, cases: object = ()) -> dict[str, Row]:
    """What rules say of each enterprise with cases, and what registries say it holds: by the name
    or code that the case states. ``cases``: the files as they are now, so that an answer that is
    kept is theirs.
    """
    return {row["entity"]: row for row in desk_rules.enterprises(workspace)}
