"""Collects findings with their row and column, many alike summed up after the first two hundred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hengtan.basis.errors import Finding, HengtanError, Where

SHOWN_ALIKE = 200


@dataclass(frozen=True)
class Problem:
    """What is wrong with a text, apart from where it stands."""

    level: str
    code: str
    zh: str
    en: str
    todo: str = ""
    todo_en: str = ""

    @classmethod
    def of(cls, error: HengtanError, code: str) -> Problem:
        """The problem a refusal states."""
        return cls("error", code, error.zh, error.en, error.todo, error.todo_en)


@dataclass
class Collector:
    """Findings on one sheet; ``lines`` are the line numbers of the rows of data, ``faulty_in`` the rows with an error by column title."""

    file: str
    sheet: str | None
    lines: Any = None
    findings: list[Finding] = field(default_factory=list)
    faulty_in: dict[str | None, set[int]] = field(default_factory=dict)

    def add(self, problem: Problem, *, row: int | None = None, column: str | None = None) -> None:
        """One finding at a line of the file (1 = first)."""
        where = Where(self.file, self.sheet, row, column)
        self.findings.append(
            Finding(
                problem.level,
                problem.zh,
                problem.en,
                where,
                problem.todo,
                problem.todo_en,
                problem.code,
            )
        )

    def at_rows(
        self, rows: Sequence[int] | Any, problems: Sequence[Problem] | Problem, column: str | None
    ) -> None:
        """A finding for each row of data (numbers from 0); beyond two hundred of one column and code they are summed up."""
        if len(rows) == 0:
            return
        each = [problems] * len(rows) if isinstance(problems, Problem) else problems
        if each[0].level == "error":
            self.faulty_in.setdefault(column, set()).update(int(r) for r in rows)
        for row, problem in zip(rows[:SHOWN_ALIKE], each, strict=False):
            self.add(problem, row=int(self.lines[row]), column=column)
        rest = len(rows) - SHOWN_ALIKE
        if rest > 0:
            last = each[0]
            self.add(
                Problem(
                    last.level,
                    last.code,
                    f"同类问题另有{rest}行",
                    f"{rest} more rows alike",
                    last.todo,
                    last.todo_en,
                ),
                column=column,
            )
