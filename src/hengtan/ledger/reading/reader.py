"""Reads a file as a form: sheet, header, rows, columns, keys, cross-checks.

One path for Excel, OpenDocument and CSV.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hengtan.basis.errors import Finding
from hengtan.ledger.reading.account import Counted, other_sheets
from hengtan.ledger.reading.columns import Lookups
from hengtan.ledger.reading.findings import (
    SEVERAL,
    Account,
    Collector,
    in_order,
    problem,
    warning,
)
from hengtan.ledger.reading.grid import Blank, Grid
from hengtan.ledger.reading.header import Header, find_header
from hengtan.ledger.reading.keys import check_keys, sound_rows
from hengtan.ledger.reading.unfolding import unfolded
from hengtan.ledger.reading.values import read_values
from hengtan.ledger.reading.workbook import choose_grids, read_grids

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Reading:
    """What a file holds as a form: ``table`` has the form's storage columns and ``_source_row``
    (line in the file).

    ``header_row`` is the line of the header (0 where none was found), ``mapping`` field id → header
    text, ``header`` all that it says. ``account``: how many figures the file holds and were read;
    ``unread``: those that were not, named as errors, which an import takes up unless it is to be
    partly.
    """

    table: Any
    findings: list[Finding]
    sheet: str | None
    header_row: int
    mapping: dict[str, str] = field(default_factory=dict)
    account: Account = field(default_factory=Account)
    unread: list[Finding] = field(default_factory=list)
    header: Header | None = None

    def in_order(self) -> None:
        """Put the findings in the order in which a person goes through the file."""
        texts = self.header.texts if self.header is not None else {}
        columns = {text: column for column, text in reversed(texts.items()) if text}
        self.findings[:] = in_order(self.findings, self.sheet, columns)

    @property
    def errors(self) -> list[Finding]:
        """The findings that forbid taking the file in."""
        return [f for f in self.findings if f.level == "error"]


def read_form(
    path: Path | str,
    form: Any,
    *,
    places: Any,
    lookups: Lookups,
    sheet: str | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Read a file as a form.

    Raises UnreadableFile where it is no table; everything else is a finding.

    Parameters
    ----------
    form : hengtan.ledger.forms.Form
    places : hengtan.basis.place.PlaceTree
    lookups : pack table → {id or name → id, or the ids that share the name}, for reference fields
    sheet : the worksheet to read; without it the one whose header fits
    progress : called with a share from 0 to 1 and a text
    """
    path = Path(path)
    if progress is not None:
        progress(0.0, f"打开 {path.name}")
    return read_as_form(
        read_grids(path),
        form,
        file=path.name,
        places=places,
        lookups=lookups,
        sheet=sheet,
        progress=progress,
    )


def read_as_form(
    grids: list[Grid],
    form: Any,
    *,
    file: str,
    places: Any,
    lookups: Lookups,
    sheet: str | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Read sheets of text as a form, those of a file as those typed on a page.

    ``file``: the name that findings give; all else as in ``read_form``.
    """
    tell = progress or (lambda share, text: None)
    tell(0.4, "查找表头")
    collector = Collector(file, None)
    grids = [unfolded(grid, form, file) for grid in grids]
    chosen = _choose(grids, form, sheet, collector)
    if chosen is None:
        return Reading(_empty(form), collector.findings, None, 0, unread=collector.unread)
    grid, header = chosen
    collector.sheet = grid.name
    line = header.row + grid.first_line
    if grid.passed_over:
        collector.add(warning("extra-columns", SEVERAL.join(grid.passed_over)), row=line)
    if grid.blank:
        _report_blank(grid.blank, form, collector)
    mapping = {f: header.texts[column] for f, column in header.columns.items()}
    if not header.fits:
        _report_header(header, form, collector)
    tell(0.5, "读取数据")

    def tell_field(done: float, title: str) -> None:
        tell(0.5 + 0.4 * done, title)

    table = _empty(form)
    if header.fits or _is_of_form(header, form):
        table = read_values(grid, header, form, places, lookups, collector, tell_field)
    if header.fits:
        check_keys(table, form, header, collector)
        tell(0.95, "审核")
        _cross_check(table, form, header, collector)
    else:
        table = _empty(form)  # what was read of it was read for its faults
    if sheet is None:
        counted = Counted(collector, collector.account)
        other_sheets(grids, {grid.name}, counted)
        collector.account = counted.account
    tell(1.0, f"读取 {table.num_rows} 行")
    findings, account, unread = collector.findings, collector.account, collector.unread
    reading = Reading(table, findings, grid.name, line, mapping, account, unread, header)
    reading.in_order()
    return reading


def _is_of_form(header: Header, form: Any) -> bool:
    """Whether a header that lacks columns is that of the form after all: it has half of those that
    are needed.
    """
    needed = [known.id for known in form.fields if known.required]
    return bool(header.columns) and 2 * len(header.missing) <= len(needed)


def _cross_check(table: Any, form: Any, header: Header, collector: Collector) -> None:
    """The cross-checks of the form, each on the rows that are sound in its own columns; those of
    the same rows are one question to the engine.
    """
    alike: dict[frozenset[int], list[Any]] = {}
    titles = {check.id: [header.title(f) for f in form.fields_of(check)] for check in form.checks}
    for check in form.checks:
        faulty = (collector.faulty_in.get(title, set()) for title in titles[check.id])
        alike.setdefault(frozenset().union(*faulty), []).append(check)
    failed: dict[str, list[Finding]] = {}
    for checks in alike.values():
        rows = sound_rows(table, collector, titles[checks[0].id])
        for finding in form.check(rows, file=collector.file, sheet=collector.sheet, checks=checks):
            failed.setdefault(finding.code, []).append(finding)
    for check in form.checks:
        collector.findings += failed.pop(check.id, [])


def _choose(
    grids: list[Grid], form: Any, sheet: str | None, collector: Collector
) -> tuple[Grid, Header] | None:
    """The sheet to read and its header; None, with an error, where there is not exactly one."""
    possible = choose_grids(grids, sheet, collector)
    if possible is None:
        return None
    headed = [(grid, find_header(grid, form)) for grid in possible if grid.height]
    candidates = [(grid, header) for grid, header in headed if header is not None]
    fitting = [(grid, header) for grid, header in candidates if header.fits]
    if len(fitting) > 1:
        names = [grid.name for grid, _ in fitting]
        collector.add(problem("several-sheets", "、".join(map(str, names))))
        other_sheets(grids, names, Counted(collector))
        return None
    if fitting:
        return fitting[0]
    if not candidates:
        _report_no_header(form, collector)
        return None
    return max(candidates, key=lambda candidate: len(candidate[1].columns))


def _report_no_header(form: Any, collector: Collector) -> None:
    required = [f for f in form.fields if f.required]
    needed = "、".join(f.title_zh for f in required)
    needed_en = ", ".join(f.title_en for f in required)
    collector.add(problem("no-header", form.title_zh, form.title_en, needed, needed_en))


def _report_blank(blank: Blank, form: Any, collector: Collector) -> None:
    """Values that are blank in one line: how many, and where the first stand."""
    known = form.field(form.wide.value)
    first = [(f"第{row}行“{title}”", f"row {row} '{title}'") for row, title in blank.first]
    zh, en = SEVERAL.join(zh for zh, _ in first), ", ".join(en for _, en in first)
    summary = warning("blank-values", blank.count, known.title_zh, known.title_en, zh, en)
    collector.add(summary, column=known.title_zh)


def _report_header(header: Header, form: Any, collector: Collector) -> None:
    line = header.row + 1
    for field_id in header.missing:
        known = form.field(field_id)
        aliases = "、".join(known.aliases[:4])
        key = "missing-column.aliases" if aliases else "missing-column"
        missing = problem(key, known.title_zh, known.title_en, aliases)
        collector.add(missing, row=line, column=known.title_zh)
    if _has_tables_beside(header):
        titles = "、".join(header.texts[columns[0]] for columns in header.ambiguous.values())
        collector.add(problem("tables-beside", titles), row=line)
        return
    for field_id, columns in header.ambiguous.items():
        known, texts = form.field(field_id), "、".join(header.texts[c] for c in columns)
        several = problem("ambiguous-column", known.title_zh, known.title_en, texts)
        collector.add(several, row=line, column=known.title_zh)


def _has_tables_beside(header: Header) -> bool:
    """Whether several titles come again behind others: a merged title comes again at once."""
    again = list(header.ambiguous.values())
    alike = all(len({header.texts[column] for column in columns}) == 1 for columns in again)
    return len(again) > 1 and alike and all(columns[1] - columns[0] > 1 for columns in again)


def _empty(form: Any) -> Any:
    import pyarrow as pa

    return form.schema().append(pa.field("_source_row", pa.int64())).empty_table()
