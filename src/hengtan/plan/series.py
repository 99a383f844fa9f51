"""Accounts: every reported value in one series per indicator and place, with the value that counts marked.

Precedence when values compete: publisher's level, then vintage, then date; all are kept and shown.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.graph import Same, account

UNGRADED = "self_reported"
"""The publisher whose level counts for a value that names none, or none that is graded."""


@account(
    key=("_submission", "_row"),
    unit="canonical unit of the row",
    cites=("hengtan:precedence",),
    maps={
        "indicator_values": Same("_submission", "_row"),
        "series": Same(series="reported_as"),
        "indicators": Same(indicator="reported_as"),
        "vintage_periods": Same("period", series="reported_as"),
        "vintages": Same(word="stated_vintage"),
        "publishers": Same(publisher="graded_as"),
        "unit_factors": Same("unit"),
    },
)
def plan_values(
    indicator_values: Table,
    series: Table,
    indicators: Table,
    vintage_periods: Table,
    vintages: Table,
    publishers: Table,
    unit_factors: Table,
) -> Table:
    """Each reported value with the series it belongs to, its vintage, its publisher's level and its amount in the canonical unit.

    A value reported under an observation series joins the series that the pack merges it into; one reported under a plan
    indicator is a series of its own name.
    ``whole`` says that the period suffices: a flow needs a full year, a share or mean no part of a year, a stock any day.
    """
    known = series.select(
        reported_as=_.series,
        merged=_.merged_series,
        series_kind=_.kind,
        own_vintage=_.vintage,
        own_rank=_.vintage_rank,
    )
    own = indicators.select(reported_as=_.indicator, indicator_kind=_.kind)
    by_period = vintage_periods.select(
        reported_as=_.series, period=_.period, period_vintage=_.vintage, period_rank=_.vintage_rank
    )
    stated = vintages.select(stated_vintage=_.word, stated_code=_.vintage, stated_rank=_.rank)
    levels = publishers.select(graded_as=_.publisher, level_rank=_.level_rank)
    factors = unit_factors.select(unit=_.unit, canonical_unit=_.canonical_unit, factor=_.factor)
    values = indicator_values.rename(reported_as="indicator", stated_vintage="vintage")
    graded = values.publisher.notnull() & values.publisher.isin(publishers.publisher)
    values = values.mutate(graded_as=ibis.ifelse(graded, values.publisher, UNGRADED))
    joined = (
        values.left_join(known, "reported_as")
        .drop("reported_as_right")
        .left_join(own, "reported_as")
        .drop("reported_as_right")
        .left_join(by_period, ["reported_as", "period"])
        .drop("reported_as_right", "period_right")
        .left_join(stated, "stated_vintage")
        .drop("stated_vintage_right")
        .left_join(levels, "graded_as")
        .drop("graded_as_right")
        .left_join(factors, "unit")
        .drop("unit_right")
    )
    return joined.mutate(
        scope=_.scope.nullif(""),
        series=ibis.coalesce(_.merged, _.reported_as),
        kind=ibis.coalesce(_.series_kind, _.indicator_kind),
        vintage=ibis.coalesce(_.stated_code, _.stated_vintage, _.period_vintage, _.own_vintage),
        vintage_rank=ibis.coalesce(_.stated_rank, _.period_rank, _.own_rank, ibis.literal(1)),
        amount=ibis.ifelse(_.value_notation == "NO", 0.0, _.value * _.factor),
        year=_.period_end.year(),
        full_year=(_.period_start == ibis.date(_.period_end.year(), 1, 1))
        & (_.period_end == ibis.date(_.period_end.year(), 12, 31)),
        days=_.period_end.delta(_.period_start, unit="day") + 1,
    ).mutate(
        whole=ibis.ifelse(
            _.kind == "flow",
            _.full_year,
            ibis.ifelse(
                _.kind == "stock", True, ~_.period_kind.isin(("cumulative", "quarter", "half"))
            ),
        ),
    )


@account(
    key=("_submission", "_row"),
    unit="canonical unit of the row",
    cites=("hengtan:precedence",),
    maps={"plan_values": Same("place", "series", "scope", "period")},
)
def plan_series(plan_values: Table) -> Table:
    """Every reported value of each series; ``won`` marks the one that counts among those of one place, series, scope and period."""
    window = ibis.window(
        group_by=["place", "series", "scope", "period"],
        order_by=[
            _.level_rank,
            _.vintage_rank.desc(),
            _.published_key.desc(),
            _._approved_at.desc(),
            _._submission,
            _._row,
        ],
    )
    ranked = plan_values.mutate(published_key=ibis.coalesce(_.published, ibis.literal("")))
    ranked = ranked.mutate(
        rank=ibis.row_number().over(window),
        competing=_.count().over(ibis.window(group_by=window.groupings)),
    )
    return ranked.mutate(won=_.rank == 0).select(
        "_submission",
        "_row",
        "place",
        "series",
        "reported_as",
        "kind",
        "scope",
        "period",
        "period_kind",
        "period_start",
        "period_end",
        "year",
        "full_year",
        "whole",
        "days",
        "value",
        "unit",
        "amount",
        "canonical_unit",
        "nature",
        "bound",
        "vintage",
        "vintage_rank",
        "level_rank",
        "publisher",
        "source_title",
        "source_url",
        "published",
        "confidence",
        "edition",
        "note",
        "competing",
        "won",
        "_sheet",
        "_source_row",
        "_file",
        "_submitted_by",
        "_submitted_at",
        "_approved_by",
        "_approved_at",
        "_demo",
    )
