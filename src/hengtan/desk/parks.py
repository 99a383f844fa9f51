"""National zero-carbon parks: the parks of a table held against the limits of the packs
(``assessment.parks``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hengtan.assessment.parks import Limit, Park, Verdict, judge
from hengtan.basis.english_names import english_name
from hengtan.basis.errors import Finding, HengtanError
from hengtan.packs import Pack
from hengtan.report.sheet.cells import Column
from hengtan.report.sheet.to_fill import SheetToFill, write_to_fill
from hengtan.workbooks.account import Counting, Taken, count
from hengtan.workbooks.cells import Line, noted
from hengtan.workbooks.english import EnglishBook, Sheets, SheetWords
from hengtan.workbooks.templates import said_in
from hengtan.workbooks.totals import Columns, members

NAME, ENERGY, CO2 = COLUMNS = ("园区", "年综合能耗（吨标准煤）", "年二氧化碳排放（吨）")
COLUMNS_EN = ("Park", "Energy use of the year (tce)", "CO2 emissions of the year (t)")
SHEET, SHEET_EN = "国家级零碳园区", "National zero-carbon parks"


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


def in_english(limits: Sequence[Limit]) -> EnglishBook:
    """What a table of parks says in English."""
    names = {name: english_name(name) or name for name in titles_of(limits)}
    own = dict(zip(COLUMNS, COLUMNS_EN, strict=True))
    return EnglishBook({SHEET: SheetWords(SHEET_EN, names | own)})


def titles_of(limits: Sequence[Limit]) -> list[str]:
    """The columns of a table of parks: name, energy, CO2 and the guiding indicators."""
    guiding = (limit.name for limit in limits if limit.role != "core")
    return [*COLUMNS, *dict.fromkeys(guiding)]


def count_of(path: Path, limits: Sequence[Limit], *, partly: bool = False) -> Counting:
    """The account of a table of parks in Chinese or English. Raises UnreadableFile."""
    taken = Taken(titles_of(limits), (NAME,))
    return count(path, (NAME,), taken, partly=partly, english=in_english(limits))


def write_parks(to: Path, limits: Sequence[Limit], lang: str = "zh") -> Path:
    """Write the table of parks to fill, in a language."""
    columns = [Column(title, 40) for title in titles_of(limits)]
    sheet = said_in(in_english(limits), SheetToFill(SHEET, columns), lang)
    return write_to_fill(to, sheet.title, [sheet])


def judge_parks(path: Path, limits: Sequence[Limit]) -> tuple[list[Verdict], list[Finding]]:
    """Judge the parks of a table: name, energy [tce], CO2 [t] and the guiding indicators by name.

    Printed totals are no parks: they are left out and said. Raises HengtanError with row and
    column, ParameterNotEstablished for a size without a limit.
    """
    guiding = [limit for limit in limits if limit.role != "core"]
    english = in_english(limits)
    sheets = Sheets.read(path, (NAME,), english)
    name, lines = next(iter(sheets.lines.items()), ("", ()))
    if not lines or NAME not in lines[0].cells:
        titles = titles_of(limits)
        raise HengtanError(
            f"没有“{NAME}”列",
            "no column of parks",
            where=sheets.where(name),
            todo=f"表头用：{'、'.join(titles)}",
            todo_en=f"use: {', '.join(english.heading(SHEET, t, 'en') for t in titles)}",
        )
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
