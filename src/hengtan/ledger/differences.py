"""What taking a file in would change: rows that are new, changed (field, old, new), unchanged,
gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hengtan.ledger import corrections
from hengtan.ledger.chain import Record
from hengtan.ledger.corrections import Approving, Clash, body_of, same_key, shown_key
from hengtan.ledger.handing_in import Meta
from hengtan.ledger.lake import Connection, quoted
from hengtan.ledger.profiles import FILE, Compared
from hengtan.ledger.rows import FIXED

SHOWN = 200
DERIVED = ("_original", "_kind", "_start", "_end", FILE)
"""Columns that follow from another one of the same field: a difference in them alone is none."""


@dataclass(frozen=True)
class Change:
    """A row that differs from the one in force: where it stands, its key, and old and new value by
    column.
    """

    row: int
    source_row: int | None
    key: str
    old: tuple[str, int]
    values: dict[str, tuple[Any, Any]]


@dataclass
class Differences:
    """Counts, the changed and the gone rows (the first ``SHOWN`` of each), and conflicts to be
    decided on approval.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    changes: list[Change] = field(default_factory=list)
    gone_keys: list[str] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "gone": self.gone,
            "changes": [
                {
                    "row": change.source_row or change.row,
                    "key": change.key,
                    "replaces": {"submission": change.old[0], "row": change.old[1]},
                    "fields": {
                        column: {"old": _plain(old), "new": _plain(new)}
                        for column, (old, new) in change.values.items()
                    },
                }
                for change in self.changes
            ],
            "gone_keys": self.gone_keys,
            "conflicts": [
                {
                    "submission": c.submission,
                    "body": c.body,
                    "state": c.state,
                    "rows": c.rows,
                    "keys": list(c.keys),
                }
                for c in self.clashes
            ],
        }


def differences(case: Approving) -> Differences:
    """Compare the staged rows with those in force of the same body, and those the submission
    corrects.
    """
    result = Differences(clashes=corrections.plan_approval(case, None).clashes)
    if not case.rules.key or not case.columns:
        result.new = case.record.rows
        return result
    standing = _standing(case)
    if not standing:
        result.new = case.record.rows
        return result
    compared = [name for name in case.columns if name not in FIXED and not name.endswith(DERIVED)]
    differs = " or ".join(f"o.{quoted(c)} is distinct from n.{quoted(c)}" for c in compared)
    match = same_key(case.rules.key, case.columns, "o", "n")
    pairs = f"{case.own_rows()} n left join {case.rows_of(standing)} o on {match}"
    counted = case.cur.execute(
        f"select count(*) filter (o._row is null),"
        f" count(*) filter (o._row is not null and ({differs})),"
        f" count(*) filter (o._row is not null and not ({differs})) from {pairs}"
    ).fetchall()[0]
    result.new, result.changed, result.unchanged = map(int, counted)
    result.changes = list(_changes(case, compared, pairs, differs))
    _gone(case, standing, result)
    return result


def of_profile(cur: Connection, compared: Compared, meta: Meta) -> Differences:
    """The same of a profile, row by row: what the ledger itself has are blocks of many rows.
    Conflicts are those of the blocks.
    """
    form, result = compared.form, Differences()
    columns = [c for c in form.columns() if c not in form.key and not c.endswith(DERIVED)]
    differs = " or ".join(f"o.{quoted(c)} is distinct from n.{quoted(c)}" for c in columns)
    is_new, is_changed = "o._row is null", f"o._row is not null and ({differs or 'false'})"
    result.new, result.changed, whole = cur.execute(
        f"select count(*) filter ({is_new}), count(*) filter ({is_changed}), count(*)"
        f" from {compared.pairs}"
    ).fetchall()[0]
    result.unchanged = whole - result.new - result.changed
    values = ", ".join(f"o.{quoted(c)}, n.{quoted(c)}" for c in columns)
    key = shown_key(form.key, form.columns(), "n")
    rows = cur.execute(
        f"select n._row, n._source_row, {key}, o._submission, o._row, {values}"
        f" from {compared.pairs} where {is_changed} order by n._row limit {SHOWN}"
    ).fetchall()
    result.changes = [_change(row, columns) for row in rows]
    gone = compared.gone(whole_list=meta.whole_list, supersedes=meta.supersedes)
    result.gone = int(cur.execute(f"select count(*) from ({gone})").fetchall()[0][0])
    shown = cur.execute(f"{gone} order by 1 limit {SHOWN}").fetchall()
    result.gone_keys = [str(text) for (text,) in shown]
    return result


def _change(row: tuple[Any, ...], columns: list[str]) -> Change:
    """A changed row: where it stands, its key, what it replaces, old and new values in turn."""
    number, source_row, key, old_submission, old_row, *cells = row
    both = zip(columns, cells[::2], cells[1::2], strict=True)
    values = {column: (old, new) for column, old, new in both if old != new}
    return Change(number, source_row, key, (old_submission, old_row), values)


def _standing(case: Approving) -> list[Record]:
    """Submissions whose rows the new ones meet: approved ones of the same body, and the one that is
    corrected.
    """
    own = [r for r in case.others("approved") if body_of(r) == body_of(case.record)]
    corrected = case.now.records.get(case.record.supersedes or "")
    return own + ([corrected] if corrected else [])


def _changes(case: Approving, compared: list[str], pairs: str, differs: str) -> Iterable[Change]:
    values = ", ".join(f"o.{quoted(c)}, n.{quoted(c)}" for c in compared)
    shown = shown_key(case.rules.key, case.columns, "n")
    rows = case.cur.execute(
        f"select n._row, n._source_row, {shown}, o._submission, o._row, {values} from {pairs}"
        f" where o._row is not null and ({differs}) order by n._row limit {SHOWN}"
    ).fetchall()
    for row in rows:
        yield _change(row, compared)


def _gone(case: Approving, standing: list[Record], result: Differences) -> None:
    """Rows that would no longer count: those of the corrected submission, and those that a list
    handed in whole no longer has.
    """
    sources = corrections.plan_approval(case, "replace").sql
    if not sources:
        return
    together = " union all ".join(f"({sql})" for sql in sources)
    shown = shown_key(case.rules.key, case.columns, "o")
    ends = f"({together}) e(submission, row, ended_by, new_row, why)"
    gone = (
        f"(select distinct submission, row from {ends} where why = '{corrections.GONE}') e"
        f" join {case.rows_of(standing)} o on o._submission = e.submission and o._row = e.row"
    )
    result.gone = int(case.cur.execute(f"select count(*) from {gone}").fetchall()[0][0])
    rows = case.cur.execute(
        f"select {shown} from {gone} order by o._submission, o._row limit {SHOWN}"
    ).fetchall()
    result.gone_keys = [str(key) for (key,) in rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
