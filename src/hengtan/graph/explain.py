"""Explain a row: follow the declared key maps down to ledger rows (file, sheet, row) and pack rows
(source, clause)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from hengtan.basis.cite import CONFIDENCES, worst
from hengtan.basis.errors import NoSuchRow
from hengtan.graph.account import Account, Accounts, InForce, Same
from hengtan.graph.collected import Collected
from hengtan.graph.explanation import Explanation, stated_confidence, where
from hengtan.graph.origin import PROVENANCE
from hengtan.graph.refusals import refusal
from hengtan.graph.said import cited, said_row

__all__ = ["Explanation", "explain", "mapped_rows", "row_of", "where"]

SHOWN_ROWS = 12
COLLECTED = 100_000
"""Rows of a table that is fetched whole; a longer one is asked each time."""
FOLLOWED_UNSEEN = 50

Row = Mapping[str, Any]
Seen = dict[tuple[str, str], Explanation]
"""Explanations made already, by name and key."""


def explain(
    graph: Accounts, name: str, key: Mapping[str, Any], shown: int = SHOWN_ROWS
) -> Explanation:
    """The explanation of the row with this key (values as text or typed), at most ``shown`` rows of
    each input.

    Where a key in part fits several rows, the first in the order of the full key is explained and
    ``more`` counts the others under ``name``. Raises NoSuchRow, UnknownAccount.
    """
    tree = _Explainer(graph, shown).of_row(name, row_of(graph, name, key))
    if _is_full(graph, name, key):
        return tree
    others = _count(_where(graph.table(name), key)) - 1
    return replace(tree, more={**tree.more, name: others}) if others else tree


def row_of(graph: Accounts, name: str, key: Mapping[str, Any]) -> dict[str, Any]:
    """The row of an account or a table with this key (values as text or typed), of several the
    first in the order of the full key.

    Raises NoSuchRow, UnknownAccount.
    """
    matching, about = _where(graph.table(name), key), graph.accounts().get(name)
    if not _is_full(graph, name, key):
        keys = about.key if about else ("_submission", "_file", "_row")
        order = [column for column in keys if column in matching.columns]
        matching = matching.order_by(order or list(matching.columns)).limit(1)
    rows: list[dict[str, Any]] = matching.to_pyarrow().to_pylist()
    if not rows:
        text = "、".join(f"{column}={value}" for column, value in key.items())
        raise refusal("no_such_row", name, text, kind=NoSuchRow)
    return rows[0]


def _is_full(graph: Accounts, name: str, key: Mapping[str, Any]) -> bool:
    """Whether the key of an account is given whole, so that one row has it."""
    return name in graph.accounts() and set(graph.accounts()[name].key) <= set(key)


class _Explainer:
    """Follows maps from row to row; a row reached twice is explained once, and a table is counted
    and asked for its confidence once.
    """

    def __init__(self, graph: Accounts, shown: int) -> None:
        self.graph, self.shown = graph, shown
        self.seen: Seen = {}
        self.counts: dict[str, int] = {}
        self.worst_of: dict[str, str | None] = {}

    def of_row(self, name: str, row: Row) -> Explanation:
        """The explanation of a row of an account, a form or a pack table."""
        about = self.graph.accounts().get(name)
        if about is None or name in self.graph.replaced:
            mark = (name, repr(row))
            if mark not in self.seen:
                self.seen[mark] = _source_row(name, row, about)
            return self.seen[mark]
        key = {column: row[column] for column in about.key if column in row}
        mark = (name, repr(sorted(key.items())))
        if mark not in self.seen:
            self.seen[mark] = self._of_account(about, key, row)
        return self.seen[mark]

    def _of_account(self, about: Account, key: Row, row: Row) -> Explanation:
        name = about.name
        inputs: list[Explanation] = []
        more: dict[str, int] = {}
        unseen: list[str | None] = []
        for source, how in about.maps.items():
            if how == "all":
                if count := self._count_of(source):
                    more[source] = count
                    unseen.append(self._worst_of_table(source))
                continue
            its = self.graph.accounts().get(source)
            rows = mapped_rows(self.graph, name, source, row)
            nearest = _nearest(rows, row, its.key if its else ())
            inputs += [self.of_row(source, near) for near in nearest[: self.shown]]
            if hidden := nearest[self.shown :]:
                more[source] = len(hidden)
                unseen.append(self._worst_of_rows(source, hidden))
        values = {column: value for column, value in row.items() if column not in PROVENANCE}
        return Explanation(
            name,
            "account",
            key,
            said_row({column: value for column, value in values.items() if column not in key}),
            about.unit,
            about.doc,
            tuple(map(cited, about.cites)),
            {},
            tuple(inputs),
            more,
            {option: self.graph.plain_option(name, option) for option in about.options},
            worst(unseen),
        )

    def _worst_of_rows(self, source: str, hidden: list[dict[str, Any]]) -> str | None:
        """The worst confidence of rows that are not shown; of very many, that of all their table
        rests on, which is never better."""
        if source not in self.graph.accounts():
            return worst(stated_confidence(row) for row in hidden)
        if len(hidden) > FOLLOWED_UNSEEN:
            return self._worst_of_table(source)
        return worst(self.of_row(source, row).confidence for row in hidden)

    def _count_of(self, name: str) -> int:
        """How many rows a table has."""
        if name not in self.counts:
            self.counts[name] = _count(self.graph.table(name))
        return self.counts[name]

    def _worst_of_table(self, name: str) -> str | None:
        """The worst confidence stated in a table and in all the tables it is made from."""
        if name not in self.worst_of:
            below = [self._worst_of_table(source) for source in self.graph.inputs_of(name)]
            self.worst_of[name] = worst([*_stated(self.graph.table(name)), *below])
        return self.worst_of[name]


def _stated(table: Any) -> list[str]:
    """The confidences that rows of a table state."""
    if "confidence" not in table.columns:
        return []
    words = table.select("confidence").distinct().to_pyarrow()["confidence"].to_pylist()
    return [word for word in words if word in CONFIDENCES]


def _source_row(name: str, row: Row, about: Account | None) -> Explanation:
    """A row that leads nowhere: of a form, of a pack, or of a table that a what-if gave."""
    origin = {column: row[column] for column in PROVENANCE if row.get(column) is not None}
    values = {column: value for column, value in row.items() if column not in PROVENANCE}
    kind = "ledger" if "_submission" in origin else "pack" if "_pack" in origin else "table"
    known = [column for column, value in values.items() if value is not None]
    keys = about.key if about else known[:3]
    key = {column: row[column] for column in keys if column in row}
    return Explanation(name, kind, key, values, origin=origin)


def _nearest(rows: list[dict[str, Any]], row: Row, key: tuple[str, ...]) -> list[dict[str, Any]]:
    """Input rows in a fixed order, the one the row is made of first: its ``evidence_submission``
    and ``evidence_row``, else its own ledger row."""
    taken = (row.get("evidence_submission"), row.get("evidence_row"))
    if not taken[0]:
        taken = (row.get("_submission"), row.get("_row"))
    columns = (*key, "_submission", "_file", "_row")

    def place(candidate: Row) -> tuple[bool, list[tuple[Any, str]]]:
        another = (candidate.get("_submission"), candidate.get("_row")) != taken
        values = [candidate.get(column) for column in columns]
        return not taken[0] or another, [_sortable(value) for value in values]

    return sorted(rows, key=place)


def _sortable(value: Any) -> tuple[Any, str]:
    """Numbers by size, then anything by its text."""
    return (value if isinstance(value, (int, float)) else 0, str(value))


# the rows a map leads to


def mapped_rows(graph: Accounts, name: str, source: str, row: Row) -> list[dict[str, Any]]:
    """The rows of an input that a row of the account ``name`` leads to; missing pairs with
    missing."""
    how = graph.accounts()[name].maps[source]
    if not isinstance(how, Same):
        kept = _collected(graph, source)
        return _fetched(graph.table(source)) if kept is None else kept.all()
    wanted = {column: row.get(mine) for column, mine in how.pairs.items()}
    if isinstance(how, InForce):
        day = row[how.day] if how.day in row else graph.plain_option(name, how.day)
        return _in_force_rows(graph, source, wanted, _day(day))
    return _equal_rows(graph, source, wanted)


def _in_force_rows(
    graph: Accounts, source: str, wanted: Mapping[str, Any], day: date | None
) -> list[dict[str, Any]]:
    """The rows ``in_force`` would join: of several in force on the day, those that began last."""
    if day is None or None in wanted.values():
        return []
    begun: list[tuple[date, dict[str, Any]]] = []
    for candidate in _equal_rows(graph, source, wanted):
        first = _day(candidate["valid_from"]) or date.min
        last = _day(candidate["valid_to"]) or date.max
        if first <= day <= last:
            begun.append((first, candidate))
    latest = max((first for first, _ in begun), default=None)
    return [candidate for first, candidate in begun if first == latest]


def _day(value: Any) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    return value.date() if isinstance(value, datetime) else value


def _equal_rows(graph: Accounts, source: str, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    kept = _collected(graph, source)
    if kept is None:
        return _fetched(_where(graph.table(source), wanted, exact=True))
    return kept.equal(wanted)


def _collected(graph: Accounts, source: str) -> Collected | None:
    """A table of at most ``COLLECTED`` rows, fetched once per graph."""
    if source not in graph.collected:
        table = graph.table(source)
        is_small = _count(table) <= COLLECTED
        graph.collected[source] = Collected(table.to_pyarrow()) if is_small else None
    return graph.collected[source]


def _fetched(table: Any) -> list[dict[str, Any]]:
    return list(table.to_pyarrow().to_pylist())


def _count(table: Any) -> int:
    return int(table.count().to_pyarrow().as_py())


def _where(table: Any, key: Mapping[str, Any], exact: bool = False) -> Any:
    """A table cut to the rows with a key."""
    matching = table
    for column, value in key.items():
        if column not in table.columns:
            raise refusal("no_such_column", column, "、".join(table.columns), kind=NoSuchRow)
        if value is None:
            matching = matching.filter(matching[column].isnull())
        elif exact or not isinstance(value, str):
            matching = matching.filter(matching[column] == value)
        else:
            matching = matching.filter(matching[column].cast("string") == value)
    return matching
