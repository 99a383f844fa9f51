"""National zero-carbon parks: the parks of a table held against the limits of the packs
(``assessment.parks``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hengtan.assessment.parks import Limit, Park, Verdict, judge
from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.ledger.reading import read_sheets
from hengtan.packs import Pack
from hengtan.workbooks.account import Taken
from hengtan.workbooks.cells import Line, noted
from hengtan.workbooks.totals import Columns, members

NAME, ENERGY, CO2 = COLUMNS = ("园区", "年综合能耗（吨标准煤）", "年二氧化碳排放（吨）")


def park_limits(pack: Pack, scheme: str = "zero-carbon-park-2025") -> list[Limit]:
    """The limits of parks from the packs."""
    return [
        Limit(
            row["item"],
            row["name_zh"],
            row["role"],
            row["least_energy"],
            row["below_energy"],
            row["operator"],
            row["limit"],
            row["unit"],
            row["law"],
        )
        for row in pack.rows("park_limits")
        if row["scheme"] == scheme
    ]


def taken_of(limits: Sequence[Limit]) -> Taken:
    """The columns of a table of parks that are read."""
    return Taken((*COLUMNS, *(limit.name for limit in limits if limit.role != "core")), (NAME,))


def judge_parks(path: Path, limits: Sequence[Limit]) -> tuple[list[Verdict], list[Finding]]:
    """Judge the parks of a table: name, energy [tce], CO2 [t] and the guiding indicators by name.

    Printed totals are no parks: they are left out and said. Raises HengtanError with row and
    column, ParameterNotEstablished for a size without a limit.
    """
    guiding = [limit for limit in limits if limit.role != "core"]
    sheet, rows = next(iter(read_sheets(path, (NAME,)).items()), ("", []))
    if not rows or NAME not in rows[0][1]:
        columns = (*COLUMNS, *dict.fromkeys(limit.name for limit in guiding))
        raise HengtanError(
            f"没有“{NAME}”列",
            f"no column {NAME}",
            where=Where(path.name, sheet=sheet or None),
            todo=f"表头用：{'、'.join(columns)}",
            todo_en="see the columns",
        )
    lines = [
        Line(cells, Where(path.name, sheet=sheet or None, row=number)) for number, cells in rows
    ]
    kept = members([line for line in lines if line.text(NAME)], Columns((NAME,), (ENERGY, CO2)))
    verdicts: list[Verdict] = []
    for line in kept.lines:
        with noted():
            verdicts.append(judge(_park(line, guiding), limits))
    return verdicts, kept.findings


def _park(line: Line, guiding: Sequence[Limit]) -> Park:
    energy, co2 = line.number(ENERGY, least=1e-9), line.number(CO2, least=0)
    if energy is None or co2 is None:
        column = ENERGY if energy is None else CO2
        raise line.bad(column, "缺能耗或排放", "energy and CO2 are needed", "补齐", "fill it")
    figures = {limit.item: _figure(line, limit) for limit in guiding}
    return Park(line.text(NAME), energy, co2, figures)


def _figure(line: Line, limit: Limit) -> float | None:
    """A guiding figure in the unit of its limit: yes is 1, "12%" is 12; None where not reported.

    Raises HengtanError for another word than yes or no, or a unit that does not fit.
    """
    if not line.text(limit.name):
        return None
    if limit.unit == "是否":
        return float(bool(line.flag(limit.name)))
    return line.number(limit.name, unit=limit.unit)
