"""Finds the header of a sheet: which row (or two merged rows) names the fields, and what the lines
above say of unit and year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hengtan.basis.marks import narrow
from hengtan.basis.spelling import folded, is_unit, plain
from hengtan.ledger.reading.grid import Grid

SEARCHED_ROWS = 60
YEAR_WORDS = {"年份", "年度", "年", "year", "统计年份", "报告年份", "数据年份"}
UNIT_WORDS = {"单位", "计量单位", "unit"}
_BRACKETS = re.compile(r"[(\[{【〔]([^()\[\]{}【】〔〕]*)[)\]}】〕]")
_UNIT_LINE = re.compile(r"(?<![\u4e00-\u9fff])(?:计量|数量|金额)?单位\s*[::]\s*([^)]*)")


@dataclass
class Header:
    """A header: ``row`` is its first row from 0, ``body`` the first row below it.

    ``columns``: field id → column number; ``texts``: column number → header text; ``units``: field
    id → the unit that stands in its header; ``year_column``: a column of years that completes the
    periods; ``unit_line`` and ``year``: what the lines above the table say.
    """

    row: int
    body: int
    columns: dict[str, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    year_column: int | None = None
    unit_line: str | None = None
    year: int | None = None
    extra: list[int] = field(default_factory=list)
    ambiguous: dict[str, list[int]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        """Whether every required field has its column."""
        return bool(self.columns) and not self.missing and not self.ambiguous

    def title(self, known: Any) -> str:
        """The header a field stands under, its own title where it has no column."""
        return self.texts[self.columns[known.id]] if known.id in self.columns else known.title_zh


def find_header(grid: Grid, form: Any) -> Header | None:
    """The header row that names the most fields, or None where no row names any."""
    words = _words(form)
    rows = _merged_down(grid)
    best: Header | None = None
    for candidate in _candidates(grid, rows, words, form):
        if best is None or _named(candidate) > _named(best):
            best = candidate
    if best is None or not _named(best):
        return None
    _read_lines_above(grid, rows[: best.row], best)
    return best


def _candidates(
    grid: Grid, rows: list[list[str]], words: dict[str, tuple[str, int]], form: Any
) -> Iterator[Header]:
    """Each row, then each row with the one below it, as a header; where several name as many fields
    the first counts.
    """
    filled = [n for n, row in enumerate(rows) if any(text.strip() for text in row)]
    singles = {n: _match(n, n + 1, [[text] for text in rows[n]], words, form) for n in filled}
    yield from singles.values()
    for n, single in singles.items():
        if n + 1 < len(rows) and _may_be_two_rows(grid, n, rows[n + 1]):
            both = [_both(upper, lower) for upper, lower in zip(rows[n], rows[n + 1], strict=True)]
            double = _match(n, n + 2, both, words, form)
            if _named(double) > _named(single):
                yield double


def _named(header: Header) -> int:
    """How many fields a header names."""
    return len(header.columns) + len(header.ambiguous)


def _may_be_two_rows(grid: Grid, n: int, below: list[str]) -> bool:
    """The next row belongs to the header if a merge ties it to this one, or if it holds words and
    no figures.
    """
    if any(
        (top <= n and bottom >= n + 1) or (top == n == bottom and right > left)
        for top, left, bottom, right in grid.merges
    ):
        return True
    return not any(re.fullmatch(r"[\d.,%年/-]+", plain(text)) for text in below if text.strip())


def _both(upper: str, lower: str) -> list[str]:
    if not lower.strip() or lower == upper:
        return [upper]
    return [lower, upper + lower, upper] if upper.strip() else [lower]


def _merged_down(grid: Grid) -> list[list[str]]:
    """The first rows, each cell of a merge with the text of its first."""
    rows = grid.head(SEARCHED_ROWS)
    for top, left, bottom, right in grid.merges:
        if top < len(rows) and left < len(rows[top]):
            for row in rows[top : bottom + 1]:
                row[left : right + 1] = [rows[top][left]] * (min(right + 1, len(row)) - left)
    return rows


_YEAR_BEFORE = re.compile(r"^\s*(?:19|20)\d{2}年度?")
"""The year before a heading (2025年完成值); the period is what the row's own period says."""


def _words(form: Any) -> dict[str, tuple[str, int]]:
    """Plain word → field id and rank: 0 for its titles and id, 1 for an alias."""
    words: dict[str, tuple[str, int]] = {}
    for known in form.fields:
        for word in known.aliases:
            words.setdefault(folded(word), (known.id, 1))
    for known in form.fields:
        for word in (known.id, known.title_en, known.title_zh):
            words[folded(word)] = (known.id, 0)
    return words


def _match(
    row: int, body: int, candidates: list[list[str]], words: dict[str, tuple[str, int]], form: Any
) -> Header:
    """The fields that the texts of a header row name; ``candidates`` are the readings of each
    column's title.
    """
    header = Header(row, body)
    claims: dict[str, list[Claim]] = {}
    for column, texts in enumerate(candidates):
        header.texts[column] = " ".join(texts[0].split())
        text, hit, unit = _first_known(texts, words)
        if hit is not None:
            field_id, rank = hit
            header.texts[column] = " ".join(text.split())
            claims.setdefault(field_id, []).append(Claim(rank, column, unit))
        elif folded(texts[0]) in YEAR_WORDS and header.year_column is None:
            header.year_column = column
        elif texts[0].strip():
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
    """A column that names a field: by its title (rank 0) or an alias (1), with the unit in its
    brackets.
    """

    rank: int
    column: int
    unit: str | None


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
    if len(chosen) > 1:
        header.ambiguous[field_id] = [claim.column for claim in chosen]
        return
    header.columns[field_id] = chosen[0].column
    if chosen[0].unit:
        header.units[field_id] = chosen[0].unit


def _first_known(
    texts: list[str], words: dict[str, tuple[str, int]]
) -> tuple[str, tuple[str, int] | None, str | None]:
    """The first reading of a title that names a field, with field and rank and the unit in its
    brackets.
    """
    for text in texts:
        hit, unit = _lookup(text, words)
        if hit is not None:
            return text, hit, unit
    return texts[0], None, None


def _lookup(
    text: str, words: dict[str, tuple[str, int]]
) -> tuple[tuple[str, int] | None, str | None]:
    """The field a header text names and the unit in its brackets: 数值（万吨标准煤）."""
    half = narrow(text)
    inside = [_known_unit(words_inside) for words_inside in _BRACKETS.findall(half)]
    unit = next((unit for unit in reversed(inside) if unit), None)
    hit = words.get(folded(text)) or words.get(folded(_BRACKETS.sub("", half)))
    if hit is not None:
        return hit, unit
    yearless = _YEAR_BEFORE.sub("", half)
    if yearless and yearless != half:
        return _lookup(yearless, words)
    before, mark, after = re.sub(r"[,，、]", ":", half).partition(":")
    if mark and _known_unit(after) and folded(before) not in UNIT_WORDS:
        return words.get(folded(before)), _known_unit(after)
    return None, None


def _known_unit(text: str) -> str | None:
    spelled = re.sub("^(?:单位|计量单位)[::]?", "", text.strip())
    return spelled if is_unit(spelled) else None


def _read_lines_above(grid: Grid, above: list[list[str]], header: Header) -> None:
    """A unit line (单位：万吨) and the only year the title names.

    A line of several units (万吨、亿元) belongs to no column.
    """
    lines = [" ".join(dict.fromkeys(text.strip() for text in row)) for row in above]
    for line in lines:
        match = _UNIT_LINE.search(narrow(line))
        if match:
            words = re.split(r"[\s;,、]+", match.group(1).strip())
            several = [word for word in words if _known_unit(word)]
            header.unit_line = "、".join(several) if len(several) > 1 else words[0]
    named = "|".join([*lines, grid.name or ""])
    years = set(re.findall(r"((?:19|20)\d{2})\s*年", narrow(named)))
    if len(years) == 1:
        header.year = int(years.pop())
