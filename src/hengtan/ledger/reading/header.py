"""Finds the header of a sheet: which row (or up to four rows) names the fields, and what the lines
above say of unit, year and fields that hold for every row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hengtan.basis.spelling import folded, plain
from hengtan.ledger.reading.above import labelled, title_period, title_year, unit_line
from hengtan.ledger.reading.brackets import is_measure, known_unit
from hengtan.ledger.reading.grid import Grid
from hengtan.ledger.reading.titles import Title, Vocabulary, is_growth, is_numbered

SEARCHED_ROWS = 60
HEADER_ROWS = 4
_ELSEWHEN = re.compile("上年|去年|同期|上月|上期|往年|目标|计划|预算|预计|累计|[12][0-9]{3}")
YEAR_WORDS = {"年份", "年度", "年", "year", "统计年份", "报告年份", "数据年份"}
_FREQUENCIES = ("年", "日")
_SPANS = ("年", "日", "天", "小时")


@dataclass
class Header:
    """A header: ``row`` is its first row from 0, ``body`` the first row below it.

    ``columns``: field id → column number; ``texts``: column number → header text; ``titles``: field
    id → what its title says beside its name (unit, year, other words in brackets); ``year_column``:
    a column of years that completes the periods; ``unit_line`` and ``year``: what the lines above
    the table say; ``above``: field id → the text above the table that holds for every row;
    ``parts``: columns under the heading of a field whose whole has a column of its own.
    """

    row: int
    body: int
    columns: dict[str, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    titles: dict[str, Title] = field(default_factory=dict)
    year_column: int | None = None
    unit_line: str | None = None
    year: int | None = None
    extra: list[int] = field(default_factory=list)
    ambiguous: dict[str, list[int]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    above: dict[str, str] = field(default_factory=dict)
    place_from_code: str | None = None
    parts: list[int] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        """Whether every required field has its column, or stands above the table."""
        return bool(self.columns) and not self.missing and not self.ambiguous

    @property
    def units(self) -> dict[str, str]:
        """Field id → the unit that stands in its header."""
        return {name: title.unit for name, title in self.titles.items() if title.unit}

    @property
    def score(self) -> tuple[int, int]:
        """How much a header says: how many fields it names, and for how many it has the unit."""
        return len(self.columns) + len(self.ambiguous), len(self.units)

    @property
    def width(self) -> int:
        """Number of columns up to the last that has a title."""
        return max((column for column, title in self.texts.items() if title), default=-1) + 1

    def title(self, known: Any) -> str:
        """The header a field stands under, its own title where it has no column."""
        return self.texts[self.columns[known.id]] if known.id in self.columns else known.title_zh


def find_header(grid: Grid, form: Any) -> Header | None:
    """The header that names the most fields, or None where no row names any."""
    words = Vocabulary.of(form)
    rows = _merged_down(grid)
    best: Header | None = None
    for candidate in _candidates(grid, rows, words, form):
        if best is None or _is_better(candidate, best):
            best = candidate
    if best is None or not best.score[0]:
        return None
    _read_lines_above(grid, rows[: best.row], best, words, form)
    return best


def _is_better(candidate: Header, best: Header) -> bool:
    """Whether a candidate names more fields, or has more units from the same row on, or says the
    same in fewer lines.
    """
    if candidate.score[0] != best.score[0]:
        return candidate.score[0] > best.score[0]
    if candidate.row == best.row:
        return candidate.score > best.score
    is_shorter = candidate.body == best.body and candidate.row > best.row
    return is_shorter and candidate.score >= best.score


def _candidates(
    grid: Grid, rows: list[list[str]], words: Vocabulary, form: Any
) -> Iterator[Header]:
    """Each row, then each row with up to three below it, as a header; where several name as many
    fields the first counts.
    """
    filled = [n for n, row in enumerate(rows) if any(text.strip() for text in row)]
    singles = {n: _match(n, n + 1, [[text] for text in rows[n]], words, form) for n in filled}
    yield from singles.values()
    for n, single in singles.items():
        best = single
        for end in range(n + 1, min(n + HEADER_ROWS, len(rows))):
            if not _may_belong(grid, end - 1, rows[end]):
                break
            levels = [_levels(column) for column in zip(*rows[n : end + 1], strict=True)]
            deeper = _match(n, end + 1, levels, words, form)
            if deeper.score > best.score and (
                deeper.score[0] > best.score[0] or _are_units(rows[end])
            ):
                best = deeper
                yield deeper


def _may_belong(grid: Grid, n: int, below: list[str]) -> bool:
    """The next row belongs to the header if a merge ties it to this one, or if it holds words and
    no figures.
    """
    if any(
        (top <= n and bottom >= n + 1) or (top == n == bottom and right > left)
        for top, left, bottom, right in grid.merges
    ):
        return True
    return not any(re.fullmatch(r"[\d.,%年/-]+", plain(text)) for text in below if text.strip())


def _are_units(row: list[str]) -> bool:
    """Whether a row holds units, measures we do not know among them, and nothing else."""
    filled = [text for text in row if text.strip()]
    known = [text for text in filled if known_unit(text) is not None]
    return bool(known) and all(text in known or is_measure(text) for text in filled)


def _levels(column: tuple[str, ...]) -> list[str]:
    """The title lines of a column from the top down, without blanks and repeats."""
    levels: list[str] = []
    for text in column:
        if text.strip() and text not in levels[-1:]:
            levels.append(text)
    return levels or [""]


def _merged_down(grid: Grid) -> list[list[str]]:
    """The first rows, each cell of a merge with the text of its first."""
    rows = grid.head(SEARCHED_ROWS)
    for top, left, bottom, right in grid.merges:
        if top < len(rows) and left < len(rows[top]):
            for row in rows[top : bottom + 1]:
                row[left : right + 1] = [rows[top][left]] * (min(right + 1, len(row)) - left)
    return rows


def _match(row: int, body: int, columns: list[list[str]], words: Vocabulary, form: Any) -> Header:
    """The fields that the title lines of each column name."""
    header = Header(row, body)
    claims: dict[str, list[Claim]] = {}
    for column, levels in enumerate(columns):
        text, title = words.read(levels)
        header.texts[column] = " ".join((text or levels[-1]).split())
        if title is None:
            title = _growth_beside(column, levels, claims, words)
        if title is not None:
            claims.setdefault(title.field, []).append(Claim(column, title, levels[-1].strip()))
        elif folded(levels[-1]) in YEAR_WORDS and header.year_column is None:
            header.year_column = column
        elif levels[-1].strip():
            header.extra.append(column)
    types = {known.id: known.type for known in form.fields}
    for field_id, claimed in claims.items():
        _settle(header, field_id, claimed, is_period=types[field_id] == "period")
    header.missing = [
        known.id
        for known in form.fields
        if known.required and known.id not in header.columns and known.id not in header.ambiguous
    ]
    header.extra.sort()
    return header


@dataclass(frozen=True)
class Claim:
    """A column whose title names a field; ``last_line`` is the lowest line of it."""

    column: int
    title: Title
    last_line: str

    @property
    def rank(self) -> int:
        """How well the title names it, 0 best."""
        return self.title.rank

    @property
    def is_part(self) -> bool:
        """Whether the column is a part of what the field holds, at the same time."""
        under_heading = self.rank == 2 or is_numbered(self.last_line)
        return under_heading and not _ELSEWHEN.search(self.last_line)


def _growth_beside(
    column: int, levels: list[str], claims: dict[str, list[Claim]], words: Vocabulary
) -> Title | None:
    """增速 alone is the growth of the amount to its left."""
    if not is_growth(levels[-1]):
        return None
    for field_id, claimed in claims.items():
        if claimed[-1].column == column - 1 and field_id in words.growth:
            return Title(words.growth[field_id], 1)
    return None


def _settle(header: Header, field_id: str, claimed: list[Claim], *, is_period: bool) -> None:
    """Which of the columns that name a field is its own; beside a period, a column of years only
    completes it.
    """
    best = min(claim.rank for claim in claimed)
    chosen = [claim for claim in claimed if claim.rank == best]
    others = [claim for claim in claimed if claim.rank != best]
    years = [c for c in [*chosen, *others] if folded(header.texts[c.column]) in YEAR_WORDS]
    if is_period and years and len(claimed) > len(years):
        header.year_column = years[0].column
        others = [claim for claim in others if claim not in years]
        chosen = [claim for claim in chosen if claim not in years] or others[:1]
        others = [claim for claim in others if claim not in chosen]
    header.extra += [claim.column for claim in others]
    header.texts |= {claim.column: claim.last_line for claim in others}
    if len(chosen) > 1:
        header.ambiguous[field_id] = [claim.column for claim in chosen]
        return
    header.columns[field_id] = chosen[0].column
    header.titles[field_id] = chosen[0].title
    header.parts += [claim.column for claim in others if claim.is_part]


def _read_lines_above(
    grid: Grid, above: list[list[str]], header: Header, words: Vocabulary, form: Any
) -> None:
    """A unit line (单位：万吨), the only year, and what stands above the table for required fields
    that have no column.
    """
    header.unit_line = _without_frequency(unit_line(above), form)
    header.year = title_year(above, grid.name)
    answers = labelled(above, words, form)
    periods = [known.id for known in form.fields if known.type == "period"]
    period = title_period(above)
    for field_id in periods:
        if period and field_id not in answers:
            answers[field_id] = period
    named = {known.id for known in form.fields if known.type != "unit"} - set(header.columns)
    is_needed = bool(set(header.missing) & set(answers))
    header.above = {name: text for name, text in answers.items() if name in named and is_needed}
    header.missing = [name for name in header.missing if name not in header.above]
    _take_units_of_headers(header, form)
    _take_place_from_code(header, form)


def _without_frequency(line: str | None, form: Any) -> str | None:
    """The unit above a table, without 年 or 日 in the brackets of its title (农膜回收（年）),
    which say how often it is filed where no column is a span of time.
    """
    is_of_time = any(known.unit in _SPANS for known in form.fields)
    return None if line in _FREQUENCIES and not is_of_time else line


def _take_units_of_headers(header: Header, form: Any) -> None:
    """A unit field is not missing where the header of an amount, or the line above, has one."""
    stated = {
        known.unit_field
        for known in form.fields
        if known.id in header.columns and (known.id in header.units or header.unit_line)
    }
    types = {known.id: known.type for known in form.fields}
    header.missing = [
        name for name in header.missing if types[name] != "unit" or name not in stated
    ]


def _take_place_from_code(header: Header, form: Any) -> None:
    """A form of firms without a place has it in the firms' codes (GB 32100: signs 3 to 8)."""
    types = {known.id: known.type for known in form.fields}
    codes = [name for name, kind in types.items() if kind == "code"]
    known = set(header.columns) | set(header.above)
    is_only = header.missing == ["place"] and types["place"] == "place"
    if is_only and codes and codes[0] in known:
        header.missing, header.place_from_code = [], codes[0]
