"""Finds the header of a sheet: which row (or two merged rows) names the fields, and what the lines above say of unit and year."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.units import read_unit
from hengtan.ledger.reading.grid import Grid

SEARCHED_ROWS = 60
YEAR_WORDS = {"年份", "年度", "年", "year", "统计年份", "报告年份", "数据年份"}
UNIT_WORDS = {"单位", "计量单位", "unit"}
_BRACKETS = re.compile(r"[(\[{【〔]([^()\[\]{}【】〔〕]*)[)\]}】〕]")
_UNIT_LINE = re.compile(r"(?<![\u4e00-\u9fff])(?:计量|数量|金额)?单位\s*[::]\s*([^)]*)")


@dataclass
class Header:
    """What was found: ``row`` is the first header row from 0, ``body`` the first row below it.

    ``columns``: field id → column number; ``texts``: column number → header text; ``units``: field id → unit given in its header.
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


def plain(text: str) -> str:
    """A header or a word in the form it is compared in: full-width, case and dashes folded, no spaces, no required mark, no colon."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub("[‐‑‒–—―−~]+", "-", folded)
    return re.sub(r"[\s_\u200b\ufeff]+", "", folded).strip("*★:：﹡")


def find_header(grid: Grid, form: Any) -> Header | None:
    """The header row that names the most fields, or None where no row names any."""
    words = _words(form)
    filled = _fill_merges(grid)
    found: list[tuple[tuple[int, bool, int], Header]] = []
    for n, row in enumerate(filled):
        if not any(cell.strip() for cell in row):
            continue
        below = filled[n + 1] if n + 1 < len(filled) else None
        single = _match(n, n + 1, [[cell] for cell in row], words, form)
        found.append(((_score(single), True, -n), single))
        if below is not None and _may_be_two_rows(grid, n, below):
            double = _match(
                n, n + 2, [_both(*pair) for pair in zip(row, below, strict=True)], words, form
            )
            if _score(double) > _score(single):
                found.append(((_score(double), False, -n), double))
    best = max(found, key=lambda f: f[0], default=None)
    if best is None or not (best[1].columns or best[1].ambiguous):
        return None
    header = best[1]
    _read_lines_above(grid, filled[: header.row], header)
    return header


def _score(header: Header) -> int:
    return len(header.columns) + len(header.ambiguous)


def _may_be_two_rows(grid: Grid, n: int, below: list[str]) -> bool:
    """The next row belongs to the header if a merge ties it to this one, or if it holds words and no figures."""
    if any(
        (top <= n and bottom >= n + 1) or (top == n == bottom and right > left)
        for top, left, bottom, right in grid.merges
    ):
        return True
    return not any(
        re.fullmatch(r"[\d.,%年/-]+", unicodedata.normalize("NFKC", cell).strip())
        for cell in below
        if cell.strip()
    )


def _both(upper: str, lower: str) -> list[str]:
    if not lower.strip() or lower == upper:
        return [upper]
    return [lower, upper + lower, upper] if upper.strip() else [lower]


def _fill_merges(grid: Grid) -> list[list[str]]:
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
            words.setdefault(plain(word), (known.id, 1))
    for known in form.fields:
        for word in (known.id, known.title_en, known.title_zh):
            words[plain(word)] = (known.id, 0)
    return words


def _match(
    row: int, body: int, candidates: list[list[str]], words: dict[str, tuple[str, int]], form: Any
) -> Header:
    header = Header(row, body)
    claims: dict[str, list[tuple[int, int]]] = {}
    for column, texts in enumerate(candidates):
        header.texts[column] = " ".join(texts[0].split())
        for text in texts:
            hit, unit = _lookup(text, words)
            if hit is not None:
                claims.setdefault(hit[0], []).append((hit[1], column))
                header.texts[column] = " ".join(text.split())
                if unit:
                    header.units.setdefault(f"{hit[0]}@{column}", unit)
                break
        else:
            if plain(texts[0]) in YEAR_WORDS and header.year_column is None:
                header.year_column = column
            elif texts[0].strip():
                header.extra.append(column)
    types = {f.id: f.type for f in form.fields}
    for field_id, claimed in claims.items():
        best = min(rank for rank, _ in claimed)
        chosen = [column for rank, column in claimed if rank == best]
        others = [column for rank, column in claimed if rank != best]
        years = (
            [c for c in chosen + others if plain(header.texts[c]) in YEAR_WORDS]
            if types[field_id] == "period"
            else []
        )
        if years and len(claimed) > len(years):
            header.year_column = years[0]
            chosen, others = (
                [c for c in chosen if c not in years] or [c for c in others if c not in years][:1],
                [c for c in others if c not in years],
            )
            others = [c for c in others if c not in chosen]
        header.extra += others
        if len(chosen) > 1:
            header.ambiguous[field_id] = chosen
        else:
            header.columns[field_id] = chosen[0]
    header.units = {
        f: u
        for (f, _, c), u in ((k.partition("@"), u) for k, u in header.units.items())
        if header.columns.get(f) == int(c)
    }
    header.missing = [
        f.id
        for f in form.fields
        if f.required and f.id not in header.columns and f.id not in header.ambiguous
    ]
    header.extra.sort()
    return header


def _lookup(
    text: str, words: dict[str, tuple[str, int]]
) -> tuple[tuple[str, int] | None, str | None]:
    """The field a header text names and the unit in its brackets: 数值（万吨标准煤）."""
    folded = unicodedata.normalize("NFKC", text)
    hit = words.get(plain(text))
    inside = _BRACKETS.findall(folded)
    unit = next((u for u in (_known_unit(i) for i in reversed(inside)) if u), None)
    if hit is not None:
        return hit, unit
    hit = words.get(plain(_BRACKETS.sub("", folded)))
    if hit is not None:
        return hit, unit
    yearless = _YEAR_BEFORE.sub("", folded)
    if yearless and yearless != folded:
        return _lookup(yearless, words)
    before, mark, after = re.sub(r"[,，、]", ":", folded).partition(":")
    if mark and _known_unit(after):
        hit = words.get(plain(before))
        return (None, None) if plain(before) in UNIT_WORDS else (hit, _known_unit(after))
    return None, None


def _known_unit(text: str) -> str | None:
    spelled = re.sub("^(?:单位|计量单位)[::]?", "", text.strip())
    try:
        read_unit(spelled)
    except HengtanError:
        return None
    return spelled


def _read_lines_above(grid: Grid, above: list[list[str]], header: Header) -> None:
    """A unit line (单位：万吨) and the only year the title names. A line of several units (万吨、亿元) belongs to no column."""
    lines = [" ".join(dict.fromkeys(cell.strip() for cell in row)) for row in above]
    for line in lines:
        match = _UNIT_LINE.search(unicodedata.normalize("NFKC", line))
        if match:
            words = re.split(r"[\s;,、]+", match.group(1).strip())
            several = [w for w in words if _known_unit(w)]
            header.unit_line = "、".join(several) if len(several) > 1 else words[0]
    years = {
        int(y)
        for line in [*lines, grid.name or ""]
        for y in re.findall(r"((?:19|20)\d{2})\s*年", unicodedata.normalize("NFKC", line))
    }
    if len(years) == 1:
        header.year = years.pop()
