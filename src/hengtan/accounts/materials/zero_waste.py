"""Account: how far the list of a zero-waste city is filled, and its index where the user gives all
weights.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.materials.formulas import attained
from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import Same, account
from hengtan.graph.codes import coded

FULL = 100.0


@account(
    key=("place", "year"),
    unit="1",
    cites=("hengtan:zero_waste",),
    maps={"zero_waste_indicators": Same("place"), "rule_parameters": "all"},
)
def zero_waste_standing(zero_waste_indicators: Table, rule_parameters: Table) -> Table:
    """Of the list of a year: how many required and optional indicators are named and have a value,
    how many reach their goal, and the index.

    ``index``: the mean of what each indicator has reached of its goal, by the user's weights, times
    100. There is none while a required one is not listed or blank, one with a weight is blank, or
    one with a value lacks its weight or its goal: a blank counts neither as nought nor as left out.
    There are no weights of the house.
    """
    form = zero_waste_indicators
    rows = form.mutate(
        told=as_reported(form),
        year=form.period_end.year().cast("int64"),
        filled=form.value.notnull(),
        share=attained(form.value, form.goal, ibis.ifelse(form.direction == "lower", 0, 1)),
    )
    sums = rows.group_by("place", "year").agg(
        must_listed=(_.duty == "must").sum().cast("int64"),
        must_filled=((_.duty == "must") & _.filled).sum().cast("int64"),
        may_listed=(_.duty == "may").sum().cast("int64"),
        may_filled=((_.duty == "may") & _.filled).sum().cast("int64"),
        own_listed=(_.duty == "own").sum().cast("int64"),
        reached=(_.share >= 1).fill_null(False).sum().cast("int64"),
        short=(_.share < 1).fill_null(False).sum().cast("int64"),
        weights=_.weight.sum(),
        weighted=(_.weight * _.share).sum(),
        weighted_blank=((_.weight > 0).fill_null(False) & ~_.filled).sum().cast("int64"),
        unweighted=(_.filled & (_.weight.isnull() | _.share.isnull())).sum().cast("int64"),
        first_gap=ibis.ifelse(
            (_.duty == "must") & ~_.filled, _.indicator, ibis.null("string")
        ).min(),
        confidence=worst_in(_.told),
        demo=_._demo.any(),
    )
    wanted = rule_parameters.filter(_.parameter == "zero_waste.required").agg(
        required=_.value.max().cast("int64")
    )
    sums = sums.cross_join(wanted)
    gaps = sums.must_listed - sums.must_filled
    lacks_required = (gaps > 0) | (sums.must_listed < sums.required)
    all_weighed = (sums.unweighted == 0) & (sums.weighted_blank == 0) & (sums.weights > 0)
    whole = all_weighed & ~lacks_required
    return sums.select(
        "place",
        "year",
        "must_listed",
        "must_filled",
        "may_listed",
        "may_filled",
        "own_listed",
        "reached",
        "short",
        must_gaps=sums.required - sums.must_filled,
        index=ibis.ifelse(
            whole, FULL * sums.weighted / sums.weights.nullif(0), ibis.null("float64")
        ),
        confidence=sums.confidence,
        demo=sums.demo,
        missing=ibis.cases(
            (gaps > 0, coded("required_without_value", gaps, sums.first_gap)),
            (sums.must_listed < sums.required, coded("required_not_listed", sums.must_listed)),
            (sums.weighted_blank > 0, coded("weighted_without_value", sums.weighted_blank)),
            (~whole, "weights_not_given"),
        ),
    )
