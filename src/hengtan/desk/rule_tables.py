"""A rule over a table of cases, read and computed in pieces.

Rules of one formula are one Ibis expression, the others go row by row with the very function of the
single case; a row that is refused says why and the rest goes on. Columns that are no inputs come
back as they were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.desk.cases import region_of
from hengtan.desk.rule_formula_tables import at_once, is_plain
from hengtan.desk.rule_pieces import Pieces, read_pieces
from hengtan.desk.rule_rows import NOTES, REFUSED, TOTAL_ROW, CasesOfTable, Tally, by_row
from hengtan.desk.rule_rows_of_outlets import with_row_a_pollutant
from hengtan.instruments.parameters import NATION
from hengtan.instruments.registry import rules
from hengtan.instruments.rule import Rule, in_force
from hengtan.packs import Pack

__all__ = ["Computing", "Tally", "compute_pieces", "read_pieces"]
REASONS, OTHER_REASONS = 1_000, "其他原因，见 refused 列 | other reasons, see the column refused"
"""Reasons of refused rows that are counted one by one."""
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Computing:
    """A table by a rule under way: ``titles`` of the result, its ``tables`` piece by piece, and
    their ``tally`` once these are through.
    """

    rule: Rule
    titles: tuple[str, ...]
    tables: Iterator[Any]
    tally: Tally


def compute_pieces(
    pack: Pack,
    rule_id: str,
    pieces: Pieces,
    *,
    day: date | None = None,
    region: str = NATION,
    progress: Progress | None = None,
) -> Computing:
    """A table with the outputs of a rule and the columns ``refused`` and ``notes``.

    ``day`` and ``region`` stand where the table has no column date (日期) or region (地区). Raises
    HengtanError for an unknown rule, or a table without a day.
    """
    columns = pieces.columns
    if columns.day is None and day is None:
        raise HengtanError(
            "没有日期：表里没有“日期”列，也没有另给日期",
            "no day",
            todo="加一列日期，或另给日期",
            todo_en="add a column date, or state a date beside the table",
        )
    editions = [rule for rule in rules() if rule.id == rule_id]
    outputs = dict.fromkeys(output.name for rule in editions for output in rule.outputs)
    own = [*(title for title in columns.titles if title)]
    names = {name: name if name not in own else f"{name}_result" for name in outputs}
    tally = Tally(carried=columns.carried, unknown=columns.unknown, sheets=pieces.sheets)
    cases = CasesOfTable(pack, rule_id, columns, day, region, tally)
    counted = _counted(_tables(cases, pieces.tables, names), tally, pieces.length, progress)
    titles = (*own, *names.values(), REFUSED, NOTES)
    return Computing(editions[0], titles, counted, tally)


def _tables(cases: CasesOfTable, tables: Iterator[Any], names: Mapping[str, str]) -> Iterator[Any]:
    """The pieces with their outputs, by the quickest way there is for the rule and the table."""
    if cases.columns.pollutant is not None:
        yield with_row_a_pollutant(cases, tables, names)
        return
    edition = None if cases.day is None else in_force(rules(), cases.rule_id, cases.day)
    if edition is not None and not is_plain(cases.pack, edition, cases.columns):
        edition = None
    for table in tables:
        computed = None
        if edition is not None and cases.day is not None:
            moment = cases.day, region_of(cases.pack, cases.region)
            computed = at_once(cases, edition, table, moment, names)
        yield by_row(cases, table, names) if computed is None else computed


def _counted(
    tables: Iterator[Any], tally: Tally, length: int, progress: Progress | None
) -> Iterator[Any]:
    """The pieces, counted as they pass."""
    for table in tables:
        tally.rows += table.num_rows
        texts = Counter(text for text in table[REFUSED].to_pylist() if text is not None)
        tally.totals += texts.pop(TOTAL_ROW, 0)
        tally.refused += sum(texts.values())
        for text, rows in texts.items():
            tally.reasons[text if len(tally.reasons) < REASONS else OTHER_REASONS] += rows
        if progress:
            progress(tally.rows / length if length else 0.0, f"已算 {tally.rows} 行")
        yield table
