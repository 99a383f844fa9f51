"""Periods of a column: a year column or the title completes 1-6月, and months under a cumulative
heading run from January.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from hengtan.basis.cell import past_marks
from hengtan.basis.cell_times import october
from hengtan.basis.errors import BadPeriod
from hengtan.basis.numerals import dates_in_digits
from hengtan.basis.period import Period
from hengtan.basis.problem import Problem
from hengtan.basis.spelling import folded, plain, read_period
from hengtan.ledger.reading.columns import read_distinct, spread
from hengtan.ledger.reading.findings import Collector, problem, warning
from hengtan.ledger.reading.rows import Cells

_COUNTED = {"月": ("月", "月份", "month"), "季度": ("季", "季度", "quarter")}
_FROM_JANUARY = re.compile("本月|本季|年初|本年|1-")
CUMULATIVE = re.compile("累计|1-本|年初至")

Written = tuple[str, str | None]
"""The text of a period and, where there is a column for it, the text of its year."""


@dataclass
class PeriodReader:
    """Reads the periods of a column.

    ``counted``: what a bare number is (月, 季度), from the column's title. ``cumulative``: the
    title of an amount that runs from January (1-本月累计). ``title_year``: the year above the
    table; ``used_title`` holds the texts it completed.
    """

    counted: str
    cumulative: str | None
    title_year: int | None
    used_title: list[str] = field(default_factory=list)

    def read(self, written: Written) -> tuple[Period | None, Problem | None]:
        """A period; under a cumulative heading a month is January to that month."""
        period, reason = self._single(written)
        if self.cumulative is None or period is None or period.kind != "month":
            return period, reason
        month = period.end.month
        if _FROM_JANUARY.search(folded(self.cumulative)):
            return Period.parse(f"{period.year}-01..{month:02d}"), reason
        about = (self.cumulative, written[0], period.year, month, period.end)
        return None, problem("month-or-cumulative", *about)

    def _single(self, written: Written) -> tuple[Period | None, Problem | None]:
        text, year_text = written
        return past_marks(lambda text: self._text(text, year_text))(text)

    def _text(self, text: str, year_text: str | None) -> tuple[Period | None, Problem | None]:
        if self.counted and re.fullmatch(r"\d{1,2}(?:\.0)?(?:-\d{1,2})?", plain(text)):
            text = text.removesuffix(".0") + self.counted
        try:
            return read_period(text), october(text)
        except BadPeriod as error:
            refusal = error
        in_digits = dates_in_digits(plain(year_text)) if year_text else ""
        own_year = re.search(r"(?:19|20)\d{2}", in_digits)
        year = int(own_year.group()) if own_year else self.title_year
        try:
            period = read_period(text, year)
        except BadPeriod:
            return None, Problem.of(refusal, "bad-period")
        if not own_year:
            self.used_title.append(text)
        return period, None


def read_periods(
    cells: Cells,
    years: Cells | None,
    title_year: int | None,
    collector: Collector,
    title: str,
    cumulative: str | None = None,
) -> dict[str, Any]:
    """The columns of a period field: text, kind, first and last day, by the suffix they are stored
    with.
    """
    import pyarrow as pa

    counted = next((word for word, titles in _COUNTED.items() if folded(title) in titles), "")
    reader = PeriodReader(counted, cumulative, title_year)
    numbered = _beside(cells, years)
    periods = read_distinct(numbered, reader.read, collector, title)  # type: ignore[arg-type]
    if reader.used_title:
        completed = warning("year-from-title", reader.used_title[0], title_year)
        collector.add(completed, column=title)
    parts = {
        "": ("text", pa.string()),
        "_kind": ("kind", pa.string()),
        "_start": ("start", pa.date32()),
        "_end": ("end", pa.date32()),
    }
    return {
        suffix: spread([p and getattr(p, name) for p in periods], numbered.codes, kind)
        for suffix, (name, kind) in parts.items()
    }


def _beside(cells: Cells, years: Cells | None) -> Cells:
    """The column with pairs (text, text of the year) as its distinct contents."""
    import numpy as np

    if years is None:
        return Cells(cells.codes, [(text, None) for text in cells.texts])  # type: ignore[misc]
    both, inverse = np.unique(
        np.stack([cells.codes, years.codes], axis=1), axis=0, return_inverse=True
    )
    pairs = [
        (cells.texts[text] if text >= 0 else "", years.texts[year] if year >= 0 else None)
        for text, year in both.tolist()
    ]
    codes = np.where(cells.codes >= 0, inverse.reshape(-1), -1)
    return Cells(codes, pairs)  # type: ignore[arg-type]
