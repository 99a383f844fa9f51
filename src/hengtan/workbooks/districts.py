"""Districts' goals from a table: do they add up to the city's, and what would.

Columns 区县, 类别, 基年能源消费量, 基年地区生产总值, 期内经济增长倍数, 目标.
"""

from __future__ import annotations

from pathlib import Path

from hengtan.basis.errors import Finding
from hengtan.basis.spelling import read_share
from hengtan.basis.whole_files import write_whole
from hengtan.plan.decomposition import District
from hengtan.workbooks.account import Counting, Taken, count
from hengtan.workbooks.cells import Line, noted, problem
from hengtan.workbooks.english import EnglishBook, Sheets
from hengtan.workbooks.totals import Columns, members

COLUMNS = {
    "基年能源消费量": "energy",
    "基年地区生产总值": "gdp",
    "期内经济增长倍数": "growth",
    "目标": "cut",
}
FIGURES = Columns(("区县",), ("基年能源消费量", "基年地区生产总值"), ("期内经济增长倍数", "目标"))
TITLES = ("区县", "类别", *COLUMNS)
TAKEN = Taken(TITLES, ("区县",))
"""What the account of the table counts as read."""
IN_ENGLISH = EnglishBook.of("districts")


def read_districts(path: Path) -> tuple[list[District], list[Finding]]:
    """Districts of the first sheet, and what is said of printed totals, which are none.

    A goal of 14, 14% and 0.14 is the same cut, blanks are unknown. Raises HengtanError with row
    and column.
    """
    sheets = Sheets.read(path, ("区县",), IN_ENGLISH)
    name, lines = next(iter(sheets.lines.items()), ("", ()))
    if not lines or "区县" not in lines[0].cells:
        raise sheets.refuse(name, "no-district-column", "、".join(TITLES))
    districts: dict[str, District] = {}
    kept = members([line for line in lines if line.as_written("区县")], FIGURES)
    for line in kept.lines:
        with noted():
            district = line.as_written("区县")
            if district in districts:
                raise line.refuse("区县", "twice", district)
            figures = {field: _figure(line, title) for title, field in COLUMNS.items()}
            class_ = line.as_written("类别")
            districts[district] = District(district, **figures, class_=class_)
    return list(districts.values()), kept.findings


def count_of(path: Path, *, partly: bool = False) -> Counting:
    """The account of a table of districts in Chinese or English. Raises UnreadableFile."""
    return count(path, TAKEN.names, TAKEN, partly=partly, english=IN_ENGLISH)


def _figure(line: Line, title: str) -> float | None:
    """A figure above zero, or a cut below 100 % (a rise is negative); None where blank."""
    is_cut = COLUMNS[title] == "cut"
    value = line.number(title, unit=None if is_cut else "%")
    if value is None:
        return None
    if is_cut:
        value = read_share(line.text(title))
    is_possible = value is not None and (-1 < value < 1 if is_cut else value > 0)
    if not is_possible:
        raise line.refuse(title, "impossible", title, line.text(title))
    return value


def write_header(to: Path, lang: str = "zh") -> Path:
    """Write the header of the table as CSV, in a language."""
    (sheet,) = IN_ENGLISH.sheets
    titles = [IN_ENGLISH.heading(sheet, title, lang) for title in TITLES]
    return write_whole(to, "\ufeff" + ",".join(titles) + "\n")


def as_share(text: str) -> float:
    """14, 14% and 0.14 as 0.14. Raises HengtanError."""
    share = read_share(text)
    if share is None:
        raise problem("no-cut", text).error()
    if not 0 <= share < 1:
        raise problem("cut-beyond", text).error()
    return share
