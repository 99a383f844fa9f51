"""The account of a workbook that people fill: every figure is read, describes its line, or is named
as not read, by the same law as for forms (``ledger/reading/account.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hengtan.basis.cell import problem
from hengtan.basis.errors import Finding
from hengtan.basis.figures import is_figure, read_figure
from hengtan.basis.spelling import plain
from hengtan.ledger.reading.account import Counted, describes, figures_below, not_read_key
from hengtan.ledger.reading.findings import Account, Collector, warning
from hengtan.ledger.reading.plain_tables import PlainSheet, plain_sheets
from hengtan.workbooks.english import ONLY_CHINESE, EnglishBook


@dataclass(frozen=True)
class Taken:
    """What is read of a sheet.

    ``titles``: its columns. ``names``: those of which one names each line; a line without is not
    read. ``known``: the names there are, where only these are read.
    """

    titles: Collection[str]
    names: Collection[str] = ()
    known: Collection[str] = ()

    def takes(self, row: Mapping[str, str]) -> bool:
        """Whether a line is read."""
        names = [plain(row[name]) for name in self.names if row.get(name, "").strip()]
        return (bool(names) or not self.names) and (
            not self.known or any(name in self.known for name in names)
        )


@dataclass(frozen=True)
class Counting:
    """The account of a workbook, and what is said of its figures: those not read (errors, or with
    ``partly`` hints), and marks and brackets in those that are.
    """

    account: Account = field(default_factory=Account)
    unread: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing was left unread, or that was asked for."""
        return not any(finding.level == "error" for finding in self.unread)

    def as_dict(self) -> dict[str, Any]:
        """JSON form of the account and of what was not read."""
        unread = [finding.as_dict() for finding in self.unread]
        return {"account": self.account.as_dict(), "unread": unread}


def count(
    path: Path,
    header: Collection[str],
    taken: Taken | Mapping[str, Taken],
    *,
    partly: bool = False,
    english: EnglishBook = ONLY_CHINESE,
) -> Counting:
    """The account of a workbook of which the first sheet is read, or those named in ``taken``.

    ``header``: titles by which the header line is known; ``english``: the words of the workbook
    where it may be in English. Raises UnreadableFile.
    """
    level = "warning" if partly else "error"
    counting = Counting()
    for number, filed in enumerate(plain_sheets(path, english.titles(header))):
        spoken = english.spoken(filed)
        sheet, name = spoken.sheet, str(spoken.sheet.name or "").strip()
        if isinstance(taken, Taken):
            own = taken if number == 0 else None
        else:
            own = taken.get(name)
        counted = Counted(Collector(path.name, name or None), counting.account)
        if own is None:
            _whole_sheet(sheet, name, counted)
        else:
            _of_sheet(sheet, own, counted)
        unread = [replace(finding, level=level) for finding in counted.collector.unread]
        counting = Counting(
            counted.account,
            [*counting.unread, *map(spoken.placed, unread)],
            [*counting.remarks, *map(spoken.placed, counted.collector.findings)],
        )
    return counting


def _whole_sheet(sheet: PlainSheet, name: str, counted: Counted) -> None:
    """A sheet that is not read."""
    lines = [texts for _, texts in sheet.above] + [sheet.titles]
    columns = zip(*lines, *(texts for _, texts in sheet.rows), strict=True)
    counted.not_read(sum(map(figures_below, columns)), "not-read.sheet", name, row=None)


def _of_sheet(sheet: PlainSheet, taken: Taken, counted: Counted) -> None:
    """A sheet that is read, column by column, and the lines of it that are not."""
    rows = dict(sheet.as_rows())
    lines = [line for line in sheet.rows if taken.takes(rows[line[0]])]
    for column, title in enumerate(sheet.titles):
        cells = [(number, texts[column]) for number, texts in lines if texts[column].strip()]
        figures = [(number, text) for number, text in cells if is_figure(text)]
        if title in taken.titles:
            _count_read(title, figures, taken, counted)
            continue
        texts = [text for _, text in figures]
        if describes(title, texts, len(cells) - len(texts)):
            counted.heading(len(texts))
            continue
        name = title or f"第{column + 1}列"
        counted.not_read(len(texts), not_read_key(title), name, row=None, column=name)
    for number, texts in sheet.rows:
        if not taken.takes(rows[number]):
            _line_not_read(number, texts, sheet, taken, counted)
    _tell_hidden(sheet, taken, counted.collector)
    for _, texts in sheet.above:
        counted.heading(sum(map(is_figure, texts)))


def _tell_hidden(sheet: PlainSheet, taken: Taken, collector: Collector) -> None:
    """Hidden rows and columns, which are read like the others."""
    hidden = [number for number, _ in sheet.rows if number in sheet.hidden_rows]
    if hidden:
        collector.add(warning("hidden-rows", len(hidden)), row=hidden[0])
    for column, title in enumerate(sheet.titles):
        is_filled = any(texts[column] for _, texts in sheet.rows)
        if column in sheet.hidden_columns and title in taken.titles and is_filled:
            collector.add(warning("hidden-columns", title), column=title)


def _count_read(title: str, figures: list[tuple[int, str]], taken: Taken, counted: Counted) -> None:
    if title in taken.names:
        counted.heading(len(figures))
        return
    counted.read(len(figures))
    for number, text in figures:
        figure = read_figure(text)
        if figure.cut:
            reason = problem(
                "footnote-mark", text, figure.cut, f"{figure.value:.15g}", level="warning"
            )
            counted.collector.add(reason, row=number, column=title)
        elif figure.value < 0 and "(" in plain(text):
            reason = problem("bracket-negative", text, f"{figure.value:.15g}", level="warning")
            counted.collector.add(reason, row=number, column=title)


def _line_not_read(
    number: int, texts: list[str], sheet: PlainSheet, taken: Taken, counted: Counted
) -> None:
    """A line without a name: its figures in the columns that are read, others describe."""
    in_columns = sum(
        is_figure(text)
        for title, text in zip(sheet.titles, texts, strict=True)
        if title in taken.titles
    )
    counted.not_read(in_columns, "not-read.line", row=number)
