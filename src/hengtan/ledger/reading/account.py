"""The account of a file: every figure is read, describes the table (numbers of lines, years, codes,
printed totals), or is named as not read.

The one place where that is decided for forms and for the workbooks people fill.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hengtan.basis.figures import is_figure
from hengtan.basis.marks import narrow
from hengtan.basis.spelling import folded, plain
from hengtan.ledger.reading.findings import Account, Collector, problem
from hengtan.ledger.reading.grid import Grid
from hengtan.ledger.reading.header import Header
from hengtan.ledger.reading.rows import AMOUNTS, Cells, Outline
from hengtan.ledger.reading.titles import bare, is_growth, stem

IDENTITY = re.compile(
    r"(?:企业|公司|单位|业户|用户|客户|住户|户主|纳税人|法人|项目|机组|设施|排放口|排口|监测点|点位"
    r"|名称|户名|姓名|户号|编号|编码|代码|号码|证号|账号|表号|序号|行号|电话|联系人|地址|小区|街道"
    r"|联系方式|手机|传真|邮编|区划|经度|纬度|排名|名次|位次"
    r"|乡镇|村|备注|说明|来源|附注|经办人|填报人|审核人|月份|月度|年份|年度|季度|批次|标签)"
    r"(?:名称|名|编号|编码|代码|号|简称|全称)?$|^(?:id|no|no\.|title|entity|company|outlet|name|code|note|source)$",
    re.IGNORECASE,
)
"""Headings that say which case a row is, not what is computed."""
ORDINALS = frozenset(("序号", "编号", "行号", "行次", "no", "no.", "#", "id", "n"))
_SPANS = re.compile("年度$|月度$|季度$|年份$|月份$")
_PERIODS = re.compile("(?:统计|报告|数据|所属|填报)?(?:年份?|年度|月份?|月度|季度)")


@dataclass
class Counted:
    """The account of one sheet while it is counted; what is not read goes to ``collector``."""

    collector: Collector
    account: Account = field(default_factory=Account)

    def read(self, count: int) -> None:
        """Figures that are read."""
        self.account = self.account.plus(count, read=count)

    def heading(self, count: int) -> None:
        """Figures that describe."""
        self.account = self.account.plus(count, heading=count)

    def not_read(
        self, count: int, key: str, *arguments: object, row: int | None, column: str | None = None
    ) -> None:
        """Figures that are not read, named at their line and column."""
        self.account = self.account.plus(count)
        if count:
            self.collector.unread_at(problem(key, *arguments, count), row=row, column=column)


def figures_in(cells: Cells) -> Any:
    """Which rows of a column hold a figure; each distinct text is asked once."""
    import numpy as np

    chosen = np.append(np.array(cells.numeric, dtype=bool), False)
    for code in np.unique(cells.codes[cells.codes >= 0]).tolist():
        chosen[code] = chosen[code] or is_figure(cells.texts[code])
    return chosen[cells.codes]


def describes(title: str, figures: Sequence[str], words: int) -> bool:
    """Whether a column only describes its rows: by its title, because its figures number them, or
    because a figure among more ``words`` is a name.
    """
    word = folded(title)
    is_period = _PERIODS.fullmatch(word) is not None and all(map(_is_part_of_date, figures))
    is_identity = IDENTITY.search(plain(title)) is not None and not _SPANS.search(word)
    if word in ORDINALS or is_period or is_identity:
        return True
    return words > len(figures) or numbers_lines(figures)


_SHARE = re.compile(r"(?:占比|比重|份额|构成|占[^占]{1,12}(?:比重|比例|百分比|份额))$")
_CHANGE = re.compile(
    r"(?:增速|增幅|降幅|增长率|增长速度|增减率|增减|同比|环比|比上年|较上年|(?:同比|环比|比上年|较上年)"
    r"(?:增长|下降|变化|增减))(?:[±%(]|$)"
)


def is_derived(title: str) -> bool:
    """Whether a heading says that its figures follow from others: a growth or a share.

    >>> [is_derived(title) for title in ("同比±%", "占全市比重（%）", "GDP增速", "产量")]
    [True, True, True, False]
    """
    word = bare(narrow(title))
    return is_growth(title) or _SHARE.search(word) is not None or _CHANGE.search(word) is not None


def not_read_key(title: str) -> str:
    """How figures under a heading that names no field are told: by the one rule, growths and
    shares are not read like all others, and are told as what they are.
    """
    return "not-read.derived" if is_derived(title) else "not-read.column"


def numbers_lines(texts: Sequence[str]) -> bool:
    """Whether figures only count: 1, 2, 3 …"""
    return len(texts) > 1 and list(texts) == [str(n) for n in range(1, len(texts) + 1)]


def _is_part_of_date(text: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d{2}|0?[1-9]|1[0-2]", text) is not None


def is_year(text: str) -> bool:
    """Whether a figure can be a year."""
    return re.fullmatch(r"(?:19|20)\d{2}", plain(text)) is not None


def figures_below(texts: Sequence[str]) -> int:
    """How many figures a column of a sheet that is not read holds, by what its first cell says of
    them, years apart.
    """
    filled = [text for text in texts if text.strip()]
    figures = [text for text in filled if is_figure(text)]
    title = filled[0] if filled and not is_figure(filled[0]) else ""
    if describes(title, figures, len(filled) - len(figures) - bool(title)):
        return 0
    return sum(not is_year(text) for text in figures)


def figures_of(grid: Grid) -> int:
    """How many figures a sheet that is not read holds."""
    return sum(figures_below([text or "" for text in c.to_pylist()]) for c in grid.columns)


def other_sheets(grids: Iterable[Grid], read: Collection[str | None], counted: Counted) -> None:
    """Visible sheets beside those that are read: their figures are not read."""
    for grid in grids:
        if grid.name in read or grid.hidden or not grid.height:
            continue
        own = Counted(Collector(counted.collector.file, grid.name))
        own.not_read(figures_of(grid), "not-read.sheet", str(grid.name or ""), row=None)
        counted.collector.unread += own.collector.unread
        counted.account = counted.account.plus(own.account.figures)


def lines_above(grid: Grid, rows: Sequence[Sequence[str]], counted: Counted) -> None:
    """Lines over the header: figures side by side are a table of their own and not read; others
    describe (a year, a code behind its label).
    """
    for number, row in enumerate(rows, grid.first_line):
        filled = [text for text in row if text.strip()]
        are = [is_figure(text) for text in filled]
        figures = [text for text, each in zip(filled, are, strict=True) if each]
        beside = any(first and second for first, second in pairwise(are))
        counts = numbers_lines(figures) or all(map(is_year, figures))
        if beside and not counts:
            counted.not_read(len(figures), "not-read.line", row=number)
        else:
            counted.heading(len(figures))


def rows_of_form(
    header: Header, form: Any, outline: Outline, counted: Counted, *, delimited: bool
) -> None:
    """The figures below the header of a form, column by column."""
    types = {header.columns[k.id]: k.type for k in form.fields if k.id in header.columns}
    if header.year_column is not None:
        types.setdefault(header.year_column, "period")
    left_out = {stem(title) for title in form.left_out}
    explained = {*header.parts, *(column for each in header.ambiguous.values() for column in each)}
    for number, cells in enumerate(outline.columns):
        if delimited and number >= header.width:
            continue  # an error of its own
        if types.get(number) in (*AMOUNTS, "share"):
            _amounts_read(cells, outline, counted)
        elif number in types:
            counted.heading(_count(cells.blanked(~outline.is_data), cells.numeric))
        else:
            is_told = number in explained or stem(header.texts.get(number, "")) in left_out
            _extra_column(header, number, outline, counted, is_told=is_told)


def _count(cells: Cells, chosen: Any) -> int:
    """How many rows hold one of the chosen texts."""
    import numpy as np

    return int(np.count_nonzero(np.append(chosen, False)[cells.codes]))


def _amounts_read(cells: Cells, outline: Outline, counted: Counted) -> None:
    """A column of amounts: its figures among the data are read, lone ones below are not."""
    import numpy as np

    figures = figures_in(cells)
    counted.read(int(np.count_nonzero(figures & outline.is_data)))
    lone = figures & outline.is_note
    for line in outline.lines[lone].tolist():
        counted.not_read(1, "not-read.line", row=int(line))
    counted.heading(int(np.count_nonzero(figures & ~outline.is_data & ~lone)))


def _extra_column(
    header: Header, number: int, outline: Outline, counted: Counted, *, is_told: bool
) -> None:
    """A column that is no field: it describes, or its figures are not read."""
    import numpy as np

    cells, title = outline.columns[number], header.texts.get(number, "")
    figures = figures_in(cells)
    among_data = figures & outline.is_data
    texts = [cells.texts[code] for code in cells.codes[among_data].tolist()]
    count = len(texts)
    words = int(np.count_nonzero((cells.codes >= 0) & outline.is_data)) - count
    if is_told or describes(title, texts, words):
        counted.heading(count)
    else:
        name = title or f"第{number + 1}列"
        counted.not_read(count, not_read_key(title), name, row=header.row + 1, column=name)
    counted.heading(int(np.count_nonzero(figures)) - count)
