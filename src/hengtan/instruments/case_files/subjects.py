"""Subjects of case files: head rows with what forms and accounts hold of each, and the facts that
rules take from them.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache, reduce
from typing import Any

from hengtan.basis.cite import worst
from hengtan.basis.errors import HengtanError
from hengtan.basis.period import Period
from hengtan.instruments.case_files.declared import (
    FIXED_WORD,
    JUDGED_ON,
    CaseFile,
    Condition,
    Source,
)

Row = Mapping[str, Any]
Value = Any
"""What a cell of a form or an account holds: text, number, day, flag or nothing."""


@dataclass(frozen=True)
class Subject:
    """One case file: its head row, and its rows by table."""

    id: str
    name: str
    place: str
    entity: str
    head: Row
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    @cached_property
    def _by_year(self) -> dict[str, dict[int | None, list[Row]]]:
        """Rows by table and the year their period ends in; None of those without a period."""
        by_table: dict[str, dict[int | None, list[Row]]] = {}
        for table, rows in self.rows.items():
            by_year = by_table[table] = defaultdict(list)
            for row in rows:
                period = period_of(row)
                by_year[period.end.year if period else None].append(row)
        return by_table

    def near(self, table: str, period: Period | None) -> Sequence[Row]:
        """The rows of a table that may lie in a period: those that end in its year."""
        if period is None or period.start.year != period.end.year:
            return self.rows[table]
        by_year = self._by_year[table]
        return [*by_year.get(None, ()), *by_year.get(period.end.year, ())]


@dataclass(frozen=True)
class Span:
    """What a verdict is about: all there is, a period, or a row."""

    text: str = ""
    period: Period | None = None
    row: Row | None = None

    def holds(self, row: Row) -> bool:
        """Whether a row of a table lies in it; everything does in no period, and a row without a
        period in each.
        """
        own = period_of(row)
        return self.period is None or own is None or own.within(self.period)

    def follows(self, row: Row) -> bool:
        """Whether a row ends no later than it does."""
        own = period_of(row)
        return self.period is None or own is None or own.end <= self.period.end


def subjects_of(case_file: CaseFile, tables: Mapping[str, Iterable[Row]]) -> Iterator[Subject]:
    """The subjects of a kind in the order of their ids, with their rows of ``tables``: rows by form
    and account, the head form and any of its feeds.
    """
    feeds = {table: by for table, by in case_file.feeds.items() if table in tables}
    by_key = {table: _grouped(tables[table], column) for table, (column, _) in feeds.items()}
    heads = sorted(tables[case_file.form], key=lambda row: str(row[case_file.subject]))
    for head in heads:
        yield Subject(
            id=str(head[case_file.subject]),
            name=str(head[case_file.name] or ""),
            place=str(head[case_file.place] or ""),
            entity=str((case_file.entity and head[case_file.entity]) or ""),
            head=head,
            rows={
                table: by_key[table].get(head[head_column], ())
                for table, (_, head_column) in feeds.items()
            },
        )


def _grouped(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    grouped: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        if row[column] is not None:
            grouped[row[column]].append(row)
    return {key: _in_order(of_one) for key, of_one in grouped.items()}


def _in_order(rows: list[Row]) -> list[Row]:
    """By period, then as handed in; rows of accounts come in any order: those of a period by what
    they hold.
    """
    if len({_order(row) for row in rows}) == len(rows):
        return sorted(rows, key=_order)
    return sorted(rows, key=lambda row: (*_order(row), repr([*row.values()])))


def _order(row: Row) -> tuple[date, str, int]:
    period = period_of(row)
    at = (str(row.get("_submission") or ""), int(row.get("_row") or 0))
    return (period.end if period else date.min, *at)


@lru_cache(maxsize=50_000)
def _parsed(text: str) -> Period:
    return Period.parse(text)


def period_of(row: Row) -> Period | None:
    """The period of a row: its column ``period``, else ``year``; None where it has neither."""
    text = row.get("period") or row.get("year")
    return _parsed(str(text)) if text else None


def spans_of(each: str, rows: Iterable[Row]) -> Iterator[Span]:
    """The periods, or the rows, that there are verdicts for.

    A row of a longer period than ``each`` takes part in none.
    """
    if each == "row":
        yield from (Span(_label_of(row), period_of(row), row) for row in rows)
        return
    texts = {
        text
        for row in rows
        if (period := period_of(row)) is not None and (text := containing(each, period)) is not None
    }
    yield from (Span(text, _parsed(text)) for text in sorted(texts))


def _label_of(row: Row) -> str:
    return f"{row.get('_submission') or ''}:{row.get('_row') or ''}"


def containing(each: str, period: Period) -> str | None:
    """The year, half, quarter or month that a period lies in; None where it is longer."""
    month, year = period.end.month, period.end.year
    text = {
        "year": f"{year}",
        "half": f"{year}-H{(month + 5) // 6}",
        "quarter": f"{year}-Q{(month + 2) // 3}",
        "month": f"{year}-{month:02d}",
    }[each]
    return text if period.within(_parsed(text)) else None


def periods_between(each: str, first: date, last: date) -> list[str]:
    """The months, quarters, halves or years, in order, from that of one day to that of another."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    days = (Period.parse(f"{month // 12}-{month % 12 + 1:02d}") for month in months)
    texts = (containing(each, month) for month in days)
    return list(dict.fromkeys(text for text in texts if text is not None))


def word_of(column: str, row: Row) -> str:
    """What a column of a row holds, or the word behind ``=``; empty where there is none."""
    return str(_cell(row, column) or "") if column else ""


def meets(condition: Condition, *rows: Row | None) -> bool:
    """Whether the first of the rows that has a column holds one of its words there, for each column
    of a condition; ``*`` is any word, ``-`` none.
    """
    for column, words in condition.items():
        content = next((row[column] for row in rows if row is not None and column in row), None)
        text = "-" if content is None else str(content)
        if text not in words and not ("*" in words and content is not None):
            return False
    return True


class Facts:
    """What one verdict takes from a subject; each row that was looked at is kept."""

    def __init__(self, subject: Subject, span: Span, judged_on: date) -> None:
        self.subject, self.span, self.judged_on = subject, span, judged_on
        self.rows: dict[int, Row] = {}

    def value(self, source: Source) -> Value:
        """What a source gives; None, or nothing in it, where nothing was reported.

        Raises HengtanError where one value is asked for and there are several.
        """
        if source.value is not None:
            return source.value
        if source.column == JUDGED_ON:
            return self.judged_on
        if not source.table:
            return self._near(source)
        rows = self._rows_of(source)
        if source.columns:
            return [self._columns(source, row) for row in rows]
        if source.amount:
            return self._amounts(source, rows)
        return self._one(source, rows)

    def _near(self, source: Source) -> Value:
        row = self.span.row
        if row is not None and source.column in row:
            self._looked_at(row)
            return _in_unit(row, source.column, source.unit)
        self._looked_at(self.subject.head)
        return _in_unit(self.subject.head, source.column, source.unit)

    def _rows_of(self, source: Source) -> list[Row]:
        in_span = {"period": self.span.holds, "before": self.span.follows, "all": _every}
        is_near = source.span == "period"
        rows = self.subject.rows[source.table]
        chosen = [
            row
            for row in (self.subject.near(source.table, self.span.period) if is_near else rows)
            if in_span[source.span](row) and meets(source.where, row)
        ]
        for row in chosen:
            self._looked_at(row)
        return sorted(chosen, key=operator.itemgetter(source.by)) if source.by else chosen

    def _columns(self, source: Source, row: Row) -> dict[str, Value]:
        """A row of an input, without what is empty."""
        cells = {name: _cell(row, column) for name, column in source.columns.items()}
        return {name: value for name, value in cells.items() if value is not None}

    def _amounts(self, source: Source, rows: Iterable[Row]) -> dict[str, Value]:
        """Amounts by name; of one name in several rows the sum."""
        amounts: dict[str, Value] = {}
        for row in rows:
            amount = _in_unit(row, source.amount, source.unit)
            if amount is None:
                continue
            name = str(row[source.name])
            amounts[name] = amounts[name] + amount if name in amounts else amount
        return amounts

    def _one(self, source: Source, rows: Sequence[Row]) -> Value:
        if source.take == "count":
            return len(rows)
        values = [
            value
            for row in rows
            if (value := _in_unit(row, source.column, source.unit)) is not None
        ]
        if not values:
            return None
        if source.take == "only" and len(set(values)) > 1:
            raise HengtanError(
                f"“{source.table}”里“{source.column}”有{len(values)}个不同的数",
                f"{len(values)} values of '{source.column}' in '{source.table}'",
                todo="一期只留一行，或更正",
                todo_en="keep one row a period",
            )
        return TAKERS[source.take](values)

    def _looked_at(self, row: Row) -> None:
        self.rows[id(row)] = row

    @property
    def demo(self) -> bool:
        """Whether a row of a demonstration is among them."""
        return any(bool(row.get("_demo") or row.get("demo")) for row in self.rows.values())

    @property
    def confidence(self) -> str | None:
        """The least sure of the rows, as accounts say it of rows of forms."""
        return worst(_stated(row) for row in self.rows.values())


def _every(row: Row) -> bool:
    return True


def _stated(row: Row) -> str:
    """How sure a row is: what it states, else unverified; never surer than self-approved where one
    person handed it in and approved it (as ``accounts.stated.as_reported``).
    """
    stated = str(row.get("confidence") or "unverified")
    by, approved = row.get("_submitted_by"), row.get("_approved_by")
    is_alone = by is not None and by == approved and not row.get("_demo")
    return worst((stated, "self_approved")) or stated if is_alone else stated


def _cell(row: Row, column: str) -> Value:
    """A column, or the word behind ``=``."""
    return column[1:] if column.startswith(FIXED_WORD) else row[column]


def _in_unit(row: Row, column: str, unit: str) -> Value:
    """A value with the word of its unit behind it, where there is one."""
    value = _cell(row, column)
    if value is None or not unit:
        return value
    word = _cell(row, unit)
    return f"{value}{word}" if word else value


def _sum(values: Sequence[Value]) -> Value:
    return reduce(operator.add, values)


TAKERS: Mapping[str, Callable[[Sequence[Value]], Value]] = {
    "only": operator.itemgetter(0),
    "first": operator.itemgetter(0),
    "last": operator.itemgetter(-1),
    "sum": _sum,
    "most": max,
    "least": min,
    "list": list,
    "mean": lambda values: _sum(values) / len(values),
}
