"""Collects findings with their row and column, many alike summed up after the first two hundred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hengtan.basis.errors import Finding, UnreadableFile, Where
from hengtan.basis.problem import Problem
from hengtan.basis.words import Words

SHOWN_ALIKE = 200
SEVERAL = "、"
"""Between the titles where a finding is about several columns."""


def problem(key: str, *arguments: object, level: str = "error") -> Problem:
    """A problem in the words of this room (``ledger/reading/words.yaml``)."""
    return Problem.worded(Words.of("hengtan.ledger.reading"), key, *arguments, level=level)


def warning(key: str, *arguments: object) -> Problem:
    """What a person should know though a value was read, in the words of this room."""
    return problem(key, *arguments, level="warning")


def refusal(key: str, *arguments: object, where: Where) -> UnreadableFile:
    """Why a file is not read at all, in the words of this room."""
    reason = problem(key, *arguments)
    return UnreadableFile(
        reason.zh, reason.en, where=where, todo=reason.todo, todo_en=reason.todo_en
    )


def in_order(
    findings: Iterable[Finding], sheet: str | None, columns: Mapping[str, int]
) -> list[Finding]:
    """Errors first, then the sheet that is read before others, then by line and column; what
    belongs to no line last. ``columns``: number by title.
    """

    def order(finding: Finding) -> tuple[object, ...]:
        where = finding.where
        title = where.column or ""
        column = columns.get(title, columns.get(title.split(SEVERAL)[0], len(columns)))
        is_other = where.sheet not in (sheet, None)
        sheet_name = str(where.sheet or "") if is_other else ""
        return finding.level != "error", sheet_name, where.row is None, where.row or 0, column

    return sorted(findings, key=order)


@dataclass(frozen=True)
class Account:
    """How many figures the sheets hold: all, read, those that only describe (years, line numbers,
    codes, printed totals), and not read.
    """

    figures: int = 0
    read: int = 0
    heading: int = 0

    @property
    def not_read(self) -> int:
        """Figures that are neither read nor describing."""
        return self.figures - self.read - self.heading

    def plus(self, figures: int, *, read: int = 0, heading: int = 0) -> Account:
        """The account with some more figures."""
        return Account(self.figures + figures, self.read + read, self.heading + heading)

    def as_dict(self) -> dict[str, int]:
        """JSON form."""
        return {**vars(self), "not_read": self.not_read}


@dataclass
class Collector:
    """Findings on one sheet.

    ``lines`` are the line numbers of the rows of data, ``faulty_in`` the rows with an error by
    column title, ``unread`` the figures that were not read, ``account`` how many there are.
    """

    file: str
    sheet: str | None
    lines: Any = None
    findings: list[Finding] = field(default_factory=list)
    faulty_in: dict[str | None, set[int]] = field(default_factory=dict)
    unread: list[Finding] = field(default_factory=list)
    account: Account = field(default_factory=Account)

    def add(self, reason: Problem, *, row: int | None = None, column: str | None = None) -> None:
        """One finding at a line of the file (1 = first)."""
        self.findings.append(reason.finding(Where(self.file, self.sheet, row, column)))

    def unread_at(
        self, reason: Problem, *, row: int | None = None, column: str | None = None
    ) -> None:
        """Figures that were not read, at a line of the file (1 = first)."""
        self.unread.append(reason.finding(Where(self.file, self.sheet, row, column)))

    def at_rows(
        self, rows: Sequence[int] | Any, problems: Sequence[Problem] | Problem, column: str | None
    ) -> None:
        """A finding for each row of data (numbers from 0), those of one column and code summed up
        beyond two hundred.
        """
        if len(rows) == 0:
            return
        each = [problems] * len(rows) if isinstance(problems, Problem) else problems
        first = each[0]
        if first.level == "error":
            self.faulty_in.setdefault(column, set()).update(int(row) for row in rows)
        for row, reason in zip(rows[:SHOWN_ALIKE], each, strict=False):
            self.add(reason, row=int(self.lines[row]), column=column)
        rest = len(rows) - SHOWN_ALIKE
        if rest > 0:
            alike = problem("alike", rest)
            summed_up = Problem(
                first.level, first.code, alike.zh, alike.en, first.todo, first.todo_en
            )
            self.add(summed_up, column=column)


@dataclass
class Hidden:
    """What a file does not show: names of its hidden sheets, and of the others the lines and the
    columns (from 1), by sheet.
    """

    sheets: list[str] = field(default_factory=list)
    lines: dict[str | None, list[int]] = field(default_factory=dict)
    columns: dict[str | None, list[int]] = field(default_factory=dict)

    def add(self, grid: Any) -> None:
        """Note what a grid hides."""
        if grid.hidden:
            self.sheets.append(str(grid.name))
            return
        if grid.hidden_rows:
            self.lines[grid.name] = sorted(row + grid.first_line for row in grid.hidden_rows)
        if grid.hidden_columns:
            self.columns[grid.name] = sorted(column + 1 for column in grid.hidden_columns)
