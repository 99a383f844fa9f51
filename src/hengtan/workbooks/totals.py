"""Printed totals among the rows of a table that a person filled: recognised, held against their
parts, and never members of anything.

The one place where a row is taken for a total; every reader of members goes through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from hengtan.basis.errors import Finding
from hengtan.basis.spelling import folded, is_mean, is_total, is_whole_area
from hengtan.basis.sums import is_rounded_sum, is_sum, printed_amount, printed_amounts
from hengtan.workbooks.cells import Line, problem

CITIES = ("市", "省", "自治区", "自治州", "地区")
"""Ends of the names of areas that are cut into districts."""


@dataclass(frozen=True)
class Members:
    """The rows of a table that stand for something of their own, and what is said of the others."""

    lines: list[Line]
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Columns:
    """How the columns of a table are held against a total.

    ``names``: the columns that name a member, from the top; ``sums``: columns that add up;
    ``either``: columns that add up or are a mean (shares, prices); ``whole``: the name of the area
    the table is about, where it is known; ``beside``: columns that a total shares with its parts.
    """

    names: tuple[str, ...]
    sums: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    whole: str = ""
    beside: tuple[str, ...] = ()

    def total(self, line: Line) -> str:
        """The column in which a line is called a total or a mean, "" where it is a member."""
        return next((name for name in self.names if self._is_total(line.text(name))), "")

    def _is_total(self, name: str) -> bool:
        if not name:
            return False
        is_named = bool(self.whole) and folded(name) == folded(self.whole)
        return is_named or is_total(name) or is_whole_area(name) or is_mean(name)


def members(lines: Sequence[Line], columns: Columns) -> Members:
    """The members of a table; each total left out is a finding, with the sum of its parts.

    A word for a whole area (全市) is a member where the table has nothing else. Raises HengtanError
    for a part of the row above (其中：…), which would count twice, and for totals alone.
    """
    kinds = [columns.total(line) for line in lines]
    unnamed = _unnamed_total(lines, kinds, columns)
    if unnamed is not None and lines[unnamed].text(columns.names[0]).endswith(CITIES):
        kinds[unnamed] = columns.names[0]
    if kinds and all(kinds):
        if not all(_only_an_area(line, columns) for line in lines):
            raise problem("only-totals").error(where=lines[0].where)
        return Members(list(lines))
    _refuse_parts(lines, columns)
    findings: list[Finding] = []
    for at, column in enumerate(kinds):
        if column:
            findings += _held(at, column, lines, kinds, columns)
    kept = [line for line, column in zip(lines, kinds, strict=True) if not column]
    if unnamed is not None and not kinds[unnamed]:
        name = lines[unnamed].text(columns.names[-1])
        findings.append(_said(lines[unnamed], columns.names[-1], "maybe-total", name))
    return Members(kept, findings)


def _only_an_area(line: Line, columns: Columns) -> bool:
    name = line.text(columns.total(line))
    return is_whole_area(name) or folded(name) == folded(columns.whole)


def _refuse_parts(lines: Sequence[Line], columns: Columns) -> None:
    """其中：… is a part of the row above it and stands in its figures already."""
    for line in lines:
        for name in columns.names:
            if folded(line.text(name)).startswith("其中") and not is_total(line.text(name)):
                raise line.refuse(name, "of-which", line.text(name))


def _held(
    at: int, column: str, lines: Sequence[Line], kinds: Sequence[str], columns: Columns
) -> list[Finding]:
    """What is said of a total: that it is left out, or where it differs from its parts."""
    line, name = lines[at], lines[at].text(column)
    blocks = _parts(at, column, lines, kinds, columns)
    differing: list[Finding] = []
    for figure in (*columns.sums, *columns.either):
        printed = _amount(line, figure)
        held_against = [_amounts(block, figure) for block in blocks]
        known = [parts for parts in held_against if parts]
        can_be_mean = figure in columns.either or is_mean(name)
        if printed is None or not known or is_sum(printed, known, or_mean=can_be_mean):
            continue
        first = known[0]
        agrees = any(is_rounded_sum(printed, parts) for parts in known)
        key = "total-rounded" if agrees else "total-differs"
        shown = (f"{printed:g}", f"{sum(first):g}")
        differing.append(_said(line, figure, key, name, figure, *shown))
    count = len(blocks[0])
    return differing or [_said(line, column, "total-left-out", name, count)]


def _parts(
    at: int, column: str, lines: Sequence[Line], kinds: Sequence[str], columns: Columns
) -> list[list[Line]]:
    """What a total may sum: all members beside it, those since the total above, those down to the
    total below.
    """
    above = (*columns.names[: columns.names.index(column)], *columns.beside)
    path = {name: lines[at].text(name) for name in above if lines[at].text(name)}

    def beside(start: int, stop: int) -> list[Line]:
        return [
            lines[n]
            for n in range(start, stop)
            if not kinds[n] and all(lines[n].text(name) == text for name, text in path.items())
        ]

    totals = [n for n, kind in enumerate(kinds) if kind]
    before = max((n for n in totals if n < at), default=-1)
    after = min((n for n in totals if n > at), default=len(lines))
    blocks = [beside(0, len(lines)), beside(before + 1, at), beside(at + 1, after)]
    return [block for block in blocks if block] or [[]]


def _unnamed_total(lines: Sequence[Line], kinds: Sequence[str], columns: Columns) -> int | None:
    """Which row without a name for a total has the sum of the other rows in every figure.

    Two figures at least, or an end of a table of five rows and more, else it is a coincidence.
    """
    rows = [at for at, kind in enumerate(kinds) if not kind]
    figures = [
        {at: _amount(lines[at], figure) or Decimal(0) for at in rows} for figure in columns.sums
    ]
    used = [column for column in figures if any(column.values())]
    for at in rows if used and len(rows) >= 3 else ():
        is_telling = len(used) > 1 or (len(rows) >= 5 and at in (rows[0], rows[-1]))
        if is_telling and all(
            column[at] and 2 * column[at] == sum(column.values()) for column in used
        ):
            return at
    return None


def _amounts(lines: Sequence[Line], column: str) -> list[Decimal]:
    return printed_amounts(line.text(column) for line in lines)


def _amount(line: Line, column: str) -> Decimal | None:
    """The number of a cell as it is printed; None where it is blank or no number."""
    return printed_amount(line.text(column))


def _said(line: Line, column: str, key: str, *arguments: object) -> Finding:
    return problem(key, *arguments, level="warning").finding(line.at(column))
