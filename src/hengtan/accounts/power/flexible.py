"""Accounts: what a virtual power plant can adjust, by hour of the day and duration.

A resource counts with its power less its deviation, while its contract runs, unless the contract is
shorter than the least months or its grid account stands with two aggregators.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.power.formulas import derated
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account
from hengtan.graph.codes import coded

CITES = ("GB/T 44260-2024", "hengtan:rule_parameters")
HOURS_OF_DAY = tuple(range(1, 25))
PERCENT = 100


@account(
    key=("place", "resource"),
    unit="kW",
    cites=CITES,
    maps={
        "flexible_resources": Same("place"),
        "rule_parameters": "all",
    },
)
def flexible_counted(
    flexible_resources: Table, rule_parameters: Table, judged_on: ibis.Value
) -> Table:
    """Each flexible resource with the power that counts on the day judged, and why it does not.

    ``counted_power`` is missing where it does not count. The least months of a contract are a
    parameter of law.
    """
    rows = flexible_resources.mutate(own=as_reported(flexible_resources))
    twice = (
        rows.filter((_.contract_start <= judged_on) & (_.contract_end >= judged_on))
        .group_by("grid_account")
        .agg(aggregators=_.aggregator.nunique(), names=_.aggregator.min(), last=_.aggregator.max())
    )
    rows = rows.left_join(twice, "grid_account").drop("grid_account_right")
    least = rule_parameters.filter((_.parameter == "vpp.contract") & (_.key == "least_months")).agg(
        least_months=_.value.max(), law_confidence=_.confidence.min()
    )
    rows = rows.cross_join(least)
    months = (
        (rows.contract_end.year() - rows.contract_start.year()) * 12
        + (rows.contract_end.month() - rows.contract_start.month())
        - ibis.ifelse(rows.contract_end.day() + 1 < rows.contract_start.day(), 1, 0)
    )
    why = ibis.cases(
        (
            (rows.contract_start > judged_on) | (rows.contract_end < judged_on),
            coded("contract_not_running", rows.contract_start, rows.contract_end),
        ),
        (rows.least_months.isnull(), coded("least_months_not_set")),
        (months < rows.least_months, coded("contract_too_short", rows.contract_end)),
        (
            rows.aggregators > 1,
            coded("account_with_two", rows.grid_account, rows.names, rows["last"]),
        ),
        (rows.deviation.isnull(), coded("no_deviation", rows.resource)),
        else_=ibis.null("string"),
    )
    rows = rows.mutate(missing=why)
    power = derated(rows.power, rows.deviation / PERCENT)
    return rows.select(
        "place",
        "resource",
        "aggregator",
        "grid_account",
        "kind",
        "power",
        "duration",
        first_hour=_.first_hour.cast("int64"),
        last_hour=_.last_hour.cast("int64"),
        counted_power=ibis.ifelse(rows.missing.isnull(), power, ibis.null("float64")),
        confidence=worst_of(rows.own, rows.law_confidence),
        missing=_.missing,
        demo=_._demo,
    )


@account(
    key=("place", "aggregator", "hour"),
    unit="kW",
    cites=CITES,
    maps={"flexible_counted": Same("place", "aggregator")},
)
def flexible_hours(flexible_counted: Table) -> Table:
    """Power that an aggregator can adjust in each hour of the day (hour ending), at once and for
    one, two and four hours on end.

    A resource serves an hour that lies in its time of day; times over midnight end before they
    begin. How the hours of a call follow one another is left to the dispatch.
    """
    rows = flexible_counted.filter(_.counted_power.notnull())
    hours = ibis.literal(list(HOURS_OF_DAY), "array<int64>")
    rows = rows.mutate(hour=hours.unnest())
    inside = ibis.ifelse(
        rows.first_hour < rows.last_hour,
        (rows.hour > rows.first_hour) & (rows.hour <= rows.last_hour),
        (rows.hour > rows.first_hour) | (rows.hour <= rows.last_hour),
    )
    rows = rows.filter(inside)
    power = _.counted_power
    return rows.group_by("place", "aggregator", "hour").agg(
        at_once=power.sum(),
        hour_one=ibis.ifelse(_.duration >= 1, power, 0.0).sum(),
        hours_two=ibis.ifelse(_.duration >= 2, power, 0.0).sum(),
        hours_four=ibis.ifelse(_.duration >= 4, power, 0.0).sum(),
        resources=_.count().cast("int64"),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
