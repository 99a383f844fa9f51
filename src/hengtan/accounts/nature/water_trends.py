"""Kernel accounts: trends of the items of a section, by months with seasons and by yearly means.

The seasonal Kendall test is that of the library pymannkendall (extra ``trend``), the rank
correlation that of SciPy; both run on the driver.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from hengtan.accounts.kernel_rows import kernel_table
from hengtan.accounts.nature.refusals import refusal
from hengtan.basis.cite import worst
from hengtan.graph import Same, kernel
from hengtan.graph.codes import coded

MONTHS = 12
LEAST_YEARS = 3
"""Years with which the seasonal test says anything: two differences of each season."""
LEAST_MEANS = 5
"""Yearly means with which a rank correlation says anything."""
SIGNIFICANT = 0.05
SERIES = ("section", "item")
HEAD = "section:text item:text item_zh:text item_en:text first_year:whole last_year:whole"


@kernel(
    key=SERIES,
    unit="unit of the item per year; 1",
    cites=("Hirsch, Slack & Smith 1982",),
    maps={"water_results": Same(*SERIES)},
    limit=500_000,
)
def water_trends(water_results: pa.Table) -> pa.Table:
    """Seasonal Kendall test of each item of each section over its months, with Sen's slope by year;
    a rising trend of a pollutant is a worsening. Less than three years say nothing.

    Raises HengtanError where the library pymannkendall is not installed.
    """
    rows = [
        head | _seasonal(months)
        for head, months in _series(water_results, lambda row: (row["year"], row["month"]))
    ]
    return kernel_table(
        rows,
        f"{HEAD} results:whole trend:text p tau slope significant:flag confidence:text"
        " missing:text demo:flag",
    )


@kernel(
    key=SERIES,
    unit="1",
    cites=("hengtan:water-assessment",),
    maps={"water_year_results": Same(*SERIES)},
    limit=500_000,
)
def water_rank_trends(water_year_results: pa.Table) -> pa.Table:
    """Spearman's rank correlation of the yearly means of each item with time (秩相关系数法 of the
    assessment rules); less than five years say nothing.
    """
    rows = [
        head | _ranked(years)
        for head, years in _series(water_year_results, lambda row: (row["year"], 1))
    ]
    return kernel_table(
        rows,
        f"{HEAD} results:whole trend:text p rank_correlation significant:flag confidence:text"
        " missing:text demo:flag",
    )


Series = dict[tuple[int, int], float]
"""Values by year and month."""


def _series(table: pa.Table, when: Any) -> Iterator[tuple[dict[str, Any], Series]]:
    """What each series is, and its values by time."""
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in table.to_pylist():
        grouped[row["section"], row["item"]].append(row)
    for (section, item), rows in sorted(grouped.items()):
        values = {when(row): row["value"] for row in rows}
        yield (
            {
                "section": section,
                "item": item,
                "item_zh": rows[0]["item_zh"],
                "item_en": rows[0]["item_en"],
                "first_year": min(values)[0],
                "last_year": max(values)[0],
                "results": len(values),
                "confidence": worst(row["confidence"] for row in rows),
                "demo": any(row["demo"] for row in rows),
            },
            values,
        )


def _seasonal(months: Series) -> dict[str, Any]:
    first, last = min(months)[0], max(months)[0]
    years = range(first, last + 1)
    if len(years) < LEAST_YEARS:
        return {"missing": coded("trend_too_short", len(years), LEAST_YEARS)}
    grid = [months.get((year, month), float("nan")) for year in years for month in range(1, 13)]
    tested = _library().seasonal_test(grid, period=MONTHS, alpha=SIGNIFICANT)
    return {
        "trend": _direction(tested.Tau, tested.p),
        "p": float(tested.p),
        "tau": float(tested.Tau),
        "slope": float(tested.slope),
        "significant": bool(tested.p < SIGNIFICANT),
    }


def _ranked(years: Series) -> dict[str, Any]:
    if len(years) < LEAST_MEANS:
        return {"missing": coded("trend_too_short", len(years), LEAST_MEANS)}
    from scipy.stats import spearmanr

    times = sorted(years)
    values = [years[time] for time in times]
    if len(set(values)) == 1:
        return {"trend": "none", "significant": False}
    tested = spearmanr([year for year, _ in times], values)
    return {
        "trend": _direction(tested.statistic, tested.pvalue),
        "p": float(tested.pvalue),
        "rank_correlation": float(tested.statistic),
        "significant": bool(tested.pvalue < SIGNIFICANT),
    }


def _direction(sign: float, p: float) -> str:
    if not p < SIGNIFICANT or sign == 0:
        return "none"
    return "rising" if sign > 0 else "falling"


def _library() -> Any:
    try:
        import pymannkendall
    except ImportError:
        raise refusal("trend_library") from None
    return pymannkendall
