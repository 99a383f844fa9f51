"""Account: quality of enterprise records (企业碳排放数据质量): one row per finding, by rules that are data."""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.graph import Same, account

UNIT = ("place", "entity", "facility", "product")


@account(
    key=("entity", "facility", "product", "period", "rule"),
    unit=None,
    cites=("quality_rules (proposal)", "国家统计局 能源统计报表制度 205-1 审核关系"),
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
    """Findings on enterprise records: months that are missing, books that do not close, sudden changes, copied figures, odd coefficients, falling cumulatives, fuel against output.

    ``figure`` is what was found and ``against`` what it was compared with; thresholds stand in ``quality_rules``.
    """
    # month numbers count from year 0, so that January follows December
    held = energy_enterprise_amounts.filter(_.missing.isnull()).mutate(at=_.year * 12 + _.month)
    months = held.filter(_.kind == "month")
    run = ibis.window(group_by=list(UNIT), order_by="at")
    lagged = months.mutate(
        before=_.consumed.lag().over(run),
        before_at=_.at.lag().over(run),
        before_closing=_.closing.lag().over(run),
    )
    nothing = ibis.null("float64")
    z = ibis.literal(0.0)
    parts = [
        _found(
            "missing_month",
            lagged.filter(_.at > _.before_at + 1),
            period=_month_of(lagged.before_at + 1),
            figure=(lagged.at - lagged.before_at - 1).cast("float64"),
            against=z,
        ),
        _found(
            "sudden_change",
            lagged.filter((_.at == _.before_at + 1) & (_.before > 0)),
            period=lagged.period,
            figure=lagged.consumed / lagged.before,
            against=ibis.literal(1.0),
        ),
        _found(
            "copied",
            lagged.filter((_.at == _.before_at + 1) & (_.consumed == _.before) & (_.consumed > 0)),
            period=lagged.period,
            figure=lagged.consumed,
            against=lagged.before,
        ),
        _found(
            "stock_jump",
            lagged.filter(
                (_.at == _.before_at + 1) & _.opening.notnull() & _.before_closing.notnull()
            ),
            period=lagged.period,
            figure=(lagged.opening - lagged.before_closing).abs()
            / ibis.greatest(lagged.before_closing.abs(), lagged.consumed, ibis.literal(1e-9)),
            against=lagged.before_closing,
        ),
    ]
    both = held.filter(_.opening.notnull() & _.closing.notnull())
    gap = (
        both.opening
        + ibis.coalesce(both.purchased, z)
        + ibis.coalesce(both.produced, z)
        + ibis.coalesce(both.transformation_out, z)
        - ibis.coalesce(both.consumed, z)
        - ibis.coalesce(both.sold, z)
        - both.closing
    )
    size = ibis.greatest(
        both.opening.abs(),
        ibis.coalesce(both.purchased, z).abs(),
        ibis.coalesce(both.consumed, z).abs(),
        ibis.literal(1e-9),
    )
    parts.append(
        _found(
            "books_open", both, period=both.period, figure=gap.abs() / size, against=both.closing
        )
    )
    usual = energy_factors.filter(_.factor_set == "nbs_form205").select("product", usual=_.tce_coef)
    coefficients = held.filter(_.coefficient.notnull()).inner_join(
        usual.filter(_.usual.notnull()), "product"
    )
    parts.append(
        _found(
            "odd_coefficient",
            coefficients,
            period=coefficients.period,
            figure=coefficients.coefficient / coefficients.usual,
            against=coefficients.usual,
        )
    )
    sums = held.filter((_.kind == "cumulative") & _.from_january)
    along = ibis.window(group_by=[*UNIT, "year"], order_by="month")
    sums = sums.mutate(before=_.consumed.lag().over(along))
    parts.append(
        _found(
            "cumulative_falls",
            sums.filter(_.before.notnull()),
            period=sums.period,
            figure=sums.before - sums.consumed,
            against=sums.before,
        )
    )
    negative = ibis.least(
        *(
            ibis.coalesce(held[c], z)
            for c in ("opening", "purchased", "produced", "consumed", "sold", "closing")
        )
    )
    parts.append(_found("negative", held, period=held.period, figure=-negative, against=z))
    # fuel against output: coal equivalent of a year's fuel over its output, beside the enterprise's own other years
    made = (
        carbon_activity.filter(
            (_.form == "industrial_products") & (_.entity != "") & _.amount.notnull()
        )
        .group_by("entity", "facility", "year")
        .agg(output=_.amount.sum())
    )
    spent = (
        held.filter(_.group != "secondary")
        .group_by("place", "entity", "facility", "product", "year")
        .agg(consumed=_.consumed.sum(), entity_name=_.entity_name.max())
    )
    rates = spent.inner_join(made.filter(_.output > 0), ["entity", "facility", "year"]).mutate(
        rate=_.consumed / _.output
    )
    years = ibis.window(group_by=list(UNIT), order_by="year")
    rates = rates.mutate(before=_.rate.lag().over(years))
    parts.append(
        _found(
            "fuel_against_output",
            rates.filter(_.before > 0),
            period=rates.year.cast("string"),
            figure=rates.rate / rates.before,
            against=ibis.literal(1.0),
        )
    )
    found = ibis.union(*parts)
    rules = quality_rules.select(
        rule=_.rule,
        level=_.level,
        low=_.low,
        high=_.high,
        zh=_.name_zh,
        en=_.name_en,
        rule_confidence=_.confidence,
    )
    met = found.inner_join(rules, "rule").filter(
        (_.low.notnull() & (_.figure < _.low)) | (_.high.notnull() & (_.figure > _.high))
    )
    one = ibis.row_number().over(
        ibis.window(
            group_by=["entity", "facility", "product", "period", "rule"],
            order_by=[_.figure.desc(), _.against],
        )
    )
    return (
        met.mutate(one=one)
        .filter(_.one == 0)
        .drop("one", "low", "high")
        .mutate(figure=ibis.coalesce(_.figure, nothing))
    )


def _found(rule: str, rows: Table, *, period: Any, figure: Any, against: Any) -> Table:
    """Candidates of a rule: who, when, the figure and what it stands against; the expressions are of the table ``rows`` was cut from."""
    named = rows.mutate(
        told_period=period, told_figure=figure.cast("float64"), told_against=against.cast("float64")
    )
    return named.select(
        *UNIT,
        "entity_name",
        period=_.told_period,
        rule=ibis.literal(rule),
        figure=_.told_figure,
        against=_.told_against,
    )


def _month_of(at: Any) -> Any:
    """A month number as its period text."""
    year, month = (at - 1) // 12, (at - 1) % 12 + 1
    return year.cast("string") + "-" + ibis.ifelse(month < 10, "0", "") + month.cast("string")
