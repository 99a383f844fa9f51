"""Account: quality of enterprise records (企业碳排放数据质量): one row per finding, by rules that
are data.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.energy.formulas import book_gap
from hengtan.graph import Same, account, first_of

UNIT = ("place", "entity", "facility", "product")
SET = "nbs_form205"
"""The factor set whose coefficients reported ones are held against."""
SMALL = 1e-9
"""Stands for nothing where a share would be taken of it."""


@account(
    key=("entity", "facility", "product", "period", "rule"),
    unit=None,
    cites=("quality_rules (proposal)", "nbs.form205_1.checks"),
    maps={
        "energy_enterprise_amounts": Same("entity", "facility", "product"),
        "carbon_activity": Same("entity", "facility"),
        "energy_factors": Same("product"),
        "quality_rules": Same("rule"),
    },
)
def energy_quality(
    energy_enterprise_amounts: Table,
    carbon_activity: Table,
    energy_factors: Table,
    quality_rules: Table,
) -> Table:
    """Findings on enterprise records: months that are missing, books that do not close, sudden
    changes, copied figures, odd coefficients, falling cumulatives, fuel against output.

    ``figure`` is what was found and ``against`` what it was compared with; thresholds stand in
    ``quality_rules``.
    """
    # month numbers count from year 0, so that January follows December
    records = energy_enterprise_amounts.filter(_.missing.isnull()).mutate(at=_.year * 12 + _.month)
    findings = ibis.union(
        *_of_months(records),
        _of_books(records),
        _of_coefficients(records, energy_factors),
        _of_cumulatives(records),
        _of_signs(records),
        _of_output(records, carbon_activity),
    )
    rules = quality_rules.select(
        rule=_.rule,
        level=_.level,
        low=_.low,
        high=_.high,
        zh=_.name_zh,
        en=_.name_en,
        rule_confidence=_.confidence,
    )
    too_low = _.low.notnull() & (_.figure < _.low)
    too_high = _.high.notnull() & (_.figure > _.high)
    broken = findings.inner_join(rules, "rule").filter(too_low | too_high)
    worst_first = [_.figure.desc(), _.against]
    by = ["entity", "facility", "product", "period", "rule"]
    return first_of(broken, by, worst_first).drop("low", "high")


def _of_months(records: Table) -> list[Table]:
    """Single months beside the month held before them."""
    run = ibis.window(group_by=list(UNIT), order_by="at")
    months = records.filter(_.kind == "month").mutate(
        before=_.consumed.lag().over(run),
        before_at=_.at.lag().over(run),
        before_closing=_.closing.lag().over(run),
    )
    follows = months.at == months.before_at + 1
    gone = (months.at - months.before_at - 1).cast("float64")
    copied = follows & (months.consumed == months.before) & (months.consumed > 0)
    carried = follows & months.opening.notnull() & months.before_closing.notnull()
    jump = (months.opening - months.before_closing).abs()
    size = ibis.greatest(months.before_closing.abs(), months.consumed, ibis.literal(SMALL))
    return [
        _candidates(
            "missing_month",
            months.filter(months.at > months.before_at + 1),
            period=_month_of(months.before_at + 1),
            figure=gone,
            against=ibis.literal(0.0),
        ),
        _candidates(
            "sudden_change",
            months.filter(follows & (months.before > 0)),
            period=months.period,
            figure=months.consumed / months.before,
            against=ibis.literal(1.0),
        ),
        _candidates(
            "copied",
            months.filter(copied),
            period=months.period,
            figure=months.consumed,
            against=months.before,
        ),
        _candidates(
            "stock_jump",
            months.filter(carried),
            period=months.period,
            figure=jump / size,
            against=months.before_closing,
        ),
    ]


def _of_books(records: Table) -> Table:
    """What the books of a record leave open, beside the largest of its stocks and flows."""
    both = records.filter(_.opening.notnull() & _.closing.notnull())
    gained = _known(both.purchased) + _known(both.produced) + _known(both.transformation_out)
    spent = _known(both.consumed) + _known(both.sold)
    flows = (_known(both.purchased).abs(), _known(both.consumed).abs())
    size = ibis.greatest(both.opening.abs(), *flows, ibis.literal(SMALL))
    gap = book_gap(both.opening, gained, spent, both.closing)
    return _candidates(
        "books_open", both, period=both.period, figure=gap.abs() / size, against=both.closing
    )


def _of_coefficients(records: Table, energy_factors: Table) -> Table:
    """Reported coefficients beside the usual one of the product."""
    usual = energy_factors.filter((_.factor_set == SET) & _.tce_coef.notnull()).select(
        "product", usual=_.tce_coef
    )
    stated = records.filter(_.coefficient.notnull()).inner_join(usual, "product")
    return _candidates(
        "odd_coefficient",
        stated,
        period=stated.period,
        figure=stated.coefficient / stated.usual,
        against=stated.usual,
    )


def _of_cumulatives(records: Table) -> Table:
    """Cumulative amounts beside that of the month before, which they cannot fall below."""
    along = ibis.window(group_by=[*UNIT, "year"], order_by="month")
    sums = records.filter((_.kind == "cumulative") & _.from_january).mutate(
        before=_.consumed.lag().over(along)
    )
    return _candidates(
        "cumulative_falls",
        sums.filter(_.before.notnull()),
        period=sums.period,
        figure=sums.before - sums.consumed,
        against=sums.before,
    )


def _of_signs(records: Table) -> Table:
    """The most negative of a record's stocks and flows."""
    columns = ("opening", "purchased", "produced", "consumed", "sold", "closing")
    least = ibis.least(*(_known(records[column]) for column in columns))
    return _candidates(
        "negative", records, period=records.period, figure=-least, against=ibis.literal(0.0)
    )


def _of_output(records: Table, carbon_activity: Table) -> Table:
    """Fuel of a year over the enterprise's output, beside the same of the year before."""
    products = (_.form == "industrial_products") & (_.entity != "") & _.amount.notnull()
    output = (
        carbon_activity.filter(products)
        .group_by("entity", "facility", "year")
        .agg(output=_.amount.sum())
        .filter(_.output > 0)
    )
    spent = (
        records.filter(_.group != "secondary")
        .group_by("place", "entity", "facility", "product", "year")
        .agg(consumed=_.consumed.sum(), entity_name=_.entity_name.max())
    )
    years = ibis.window(group_by=list(UNIT), order_by="year")
    rates = (
        spent.inner_join(output, ["entity", "facility", "year"])
        .mutate(rate=_.consumed / _.output)
        .mutate(before=_.rate.lag().over(years))
    )
    return _candidates(
        "fuel_against_output",
        rates.filter(_.before > 0),
        period=rates.year.cast("string"),
        figure=rates.rate / rates.before,
        against=ibis.literal(1.0),
    )


def _candidates(rule: str, rows: Table, *, period: Any, figure: Any, against: Any) -> Table:
    """Candidates of a rule: who, when, the figure and what it stands against; the expressions are
    of the table ``rows`` was cut from."""
    figures = rows.mutate(
        period_of=period, figure_of=figure.cast("float64"), against_of=against.cast("float64")
    )
    return figures.select(
        *UNIT,
        "entity_name",
        period=_.period_of,
        rule=ibis.literal(rule),
        figure=_.figure_of,
        against=_.against_of,
    )


def _known(amount: Any) -> Any:
    """An amount, zero where none is reported."""
    return ibis.coalesce(amount, ibis.literal(0.0))


def _month_of(at: Any) -> Any:
    """A month number as its period text."""
    year, month = (at - 1) // 12, (at - 1) % 12 + 1
    return year.cast("string") + "-" + ibis.ifelse(month < 10, "0", "") + month.cast("string")
