"""Accounts: indicators computed from records, beside those that were reported.

Which account, registry or ratio answers which indicator is data (the pack table
``computed_indicators``). Rows that take an account's column are in ``columns_of_accounts``.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import worst_of
from hengtan.graph import Same, account, beside, first_of
from hengtan.plan.columns_of_accounts import COLUMNS
from hengtan.plan.one_fact import BESIDE, one_fact


@account(
    key=("computed", "place", "year"),
    unit="unit of the row",
    cites=("hengtan:computed_indicators", "hengtan:registries"),
    maps={
        "computed_indicators": Same("computed"),
        "plan_registry_years": Same("place", "year", registry="account"),
    },
)
def plan_computed_registries(computed_indicators: Table, plan_registry_years: Table) -> Table:
    """Indicators that are a registry's count, sum, additions, or share of another registry's sum,
    by place and year.

    ``registry_count`` and ``registry_sum`` follow the registry: in force at the end of the year, or
    granted in it. ``registry_added`` is what was granted in the year, also of a list in force.
    """
    stated = computed_indicators.filter(_.kind.startswith("registry_")).select(
        "computed",
        "indicator",
        "kind",
        "account",
        "denominator",
        "edition",
        "preference",
        row_unit="unit",
        row_confidence="confidence",
    )
    years = plan_registry_years.rename(account="registry", registry_unit="unit")
    rows = stated.inner_join(years, "account")
    whole = plan_registry_years.select(
        "place",
        "year",
        denominator=_.registry,
        whole_in_force=_.quantity_in_force,
        whole_granted=_.quantity_granted,
        whole_incomplete_in_force=_.incomplete_in_force,
        whole_incomplete_granted=_.incomplete_granted,
    )
    rows = beside(rows, whole, ["denominator", "place", "year"])
    rows = rows.mutate(
        flow=(rows.kind == "registry_added") | (rows.counting == "granted_in_period")
    )

    def of_counting(name: str) -> ibis.Value:
        return ibis.ifelse(rows.flow, rows[f"{name}_granted"], rows[f"{name}_in_force"])

    by_number = (rows.kind == "registry_count") | (
        (rows.kind == "registry_added") & (rows.counts == "entries")
    )
    share = 100.0 * of_counting("quantity") / of_counting("whole").nullif(0)
    unknown = (of_counting("incomplete") > 0) | (of_counting("whole_incomplete") > 0).fill_null(
        False
    )
    return rows.select(
        "computed",
        "indicator",
        "place",
        "year",
        "account",
        "flow",
        "day",
        value=ibis.cases(
            (by_number, of_counting("entries").cast("float64")),
            (rows.kind == "registry_share", share),
            else_=of_counting("quantity"),
        ),
        unit=rows.row_unit,
        edition=rows.edition,
        preference=rows.preference.cast("int64"),
        confidence=worst_of(
            ibis.coalesce(of_counting("confidence"), ibis.literal("derived")),
            ibis.ifelse(rows.row_confidence == "proposal", "proposal", ibis.null("string")),
        ),
        recalled_share=ibis.null("float64"),
        missing=ibis.ifelse(~by_number & unknown, "registry_incomplete", None),
        demo=of_counting("demo_rows") > 0,
    )


@account(
    key=("computed", "place", "year", "edition"),
    unit="unit of the row",
    cites=("hengtan:computed_indicators",),
    maps={
        "plan_computed_records": Same("indicator", "place", "year"),
        "plan_computed_registries": Same("indicator", "place", "year"),
        "computed_indicators": Same("indicator"),
        "unit_factors": "all",
    },
)
def plan_computed_levels(
    plan_computed_records: Table,
    plan_computed_registries: Table,
    computed_indicators: Table,
    unit_factors: Table,
) -> Table:
    """Indicators computed straight from accounts and registries, with their period and amount in
    the canonical unit.

    A value of an account is for its whole year. Of a registry, a list in force is the state on the
    last day of the year (on the day judged in the running one), a list of additions the flow of the
    year so far. ``aside``: it stands beside the one that counts (``one_fact``).
    """
    from_accounts = plan_computed_records.select(
        *COLUMNS, day=ibis.null("date"), flow=ibis.literal(True)
    )
    from_registries = plan_computed_registries.select(*COLUMNS, "day", "flow")
    rows = from_accounts.union(from_registries)
    first, last = (
        ibis.date(rows.year.cast("int32"), 1, 1),
        ibis.date(rows.year.cast("int32"), 12, 31),
    )
    running = (rows.day < last).fill_null(False)
    in_force = ~rows.flow & running
    end = ibis.ifelse(rows.day.notnull(), rows.day, last)
    year = rows.year.cast("string")
    month = end.month().cast("string").lpad(2, "0")
    rows = rows.mutate(
        period=ibis.cases(
            (in_force, year + "-" + month + "-" + end.day().cast("string").lpad(2, "0")),
            (running, year + "-01.." + month),
            else_=year,
        ),
        period_kind=ibis.cases((in_force, "day"), (running, "cumulative"), else_="year"),
        period_start=ibis.ifelse(in_force, end, first),
        period_end=end,
    ).drop("day", "flow")
    factors = unit_factors.select("unit", "canonical_unit", "factor")
    rows = beside(rows, factors, "unit").mutate(amount=lambda t: t.value * t.factor).drop("factor")
    return one_fact(rows, computed_indicators)


@account(
    key=("computed", "place", "year", "edition"),
    unit="unit of the row",
    cites=("hengtan:computed_indicators",),
    maps={
        "computed_indicators": Same("computed"),
        "plan_computed_levels": Same("place", "year"),
        "plan_values": Same("place", "year"),
        "unit_factors": "all",
    },
)
def plan_computed_ratios(
    computed_indicators: Table, plan_computed_levels: Table, plan_values: Table, unit_factors: Table
) -> Table:
    """Indicators that are the ratio of two others, each computed where it can be, else as reported,
    for one place and year.

    ``scale`` turns the quotient of the canonical units into the unit of the row (100 for a share in
    %). A ratio without its denominator is not formed.
    """
    stated = computed_indicators.filter(_.kind == "ratio").select(
        "computed",
        "indicator",
        "numerator",
        "denominator",
        "scale",
        "edition",
        "preference",
        row_unit="unit",
        row_confidence="confidence",
    )
    asked = stated.select(part="numerator").union(stated.select(part="denominator"), distinct=True)
    parts = _parts(asked, plan_computed_levels, plan_values)
    upper = parts.rename(
        numerator="part",
        upper="amount",
        upper_confidence="confidence",
        upper_missing="missing",
        upper_demo="demo",
    )
    lower = parts.rename(
        denominator="part",
        lower="amount",
        lower_confidence="confidence",
        lower_missing="missing",
        lower_demo="demo",
    )
    lower = lower.drop("period", "period_kind", "period_start", "period_end")
    rows = stated.inner_join(upper, "numerator").inner_join(lower, ["denominator", "place", "year"])
    factors = unit_factors.select(row_unit=_.unit, canonical_unit=_.canonical_unit, factor=_.factor)
    rows = beside(rows, factors, "row_unit")
    value = rows.scale * rows.upper / rows.lower.nullif(0)
    return rows.filter(value.notnull()).select(
        "computed",
        "indicator",
        "place",
        "year",
        value=value,
        unit=rows.row_unit,
        edition=rows.edition,
        preference=rows.preference.cast("int64"),
        confidence=worst_of(rows.upper_confidence, rows.lower_confidence, rows.row_confidence),
        recalled_share=ibis.null("float64"),
        missing=ibis.coalesce(rows.upper_missing, rows.lower_missing),
        demo=rows.upper_demo | rows.lower_demo,
        aside=ibis.literal(False),
        period=rows.period,
        period_kind=rows.period_kind,
        period_start=rows.period_start,
        period_end=rows.period_end,
        canonical_unit=rows.canonical_unit,
        amount=value * rows.factor,
    )


def _parts(asked: Table, levels: Table, values: Table) -> Table:
    """Numerators and denominators: the computed value of a place and year, of several the one that
    is preferred, else the reported one of the highest publisher.
    """
    columns = [
        "part",
        "place",
        "year",
        "amount",
        "preference",
        "confidence",
        "missing",
        "demo",
        "period",
        "period_kind",
        "period_start",
        "period_end",
    ]
    computed = levels.filter(_.amount.notnull() & ~_.aside).mutate(
        part=_.indicator, order=ibis.literal(0, "int64")
    )
    whole = values.filter(_.whole & (_.nature == "outturn") & _.amount.notnull() & _.scope.isnull())
    reported = whole.mutate(
        part=_.reported_as,
        order=_.level_rank.cast("int64"),
        preference=ibis.literal(0, "int64"),
        missing=ibis.null("string"),
        demo=_._demo,
    )
    both = computed.select(*columns, "order").union(
        reported.mutate(year=_.year.cast("int64"), order=_.order + 1).select(*columns, "order")
    )
    both = both.semi_join(asked, "part")
    return first_of(
        both, ["part", "place", "year"], [_.order, _.preference, _.period_end.desc(), _.amount]
    ).drop("order", "preference")


@account(
    key=("computed", "place", "year", "edition"),
    unit="unit of the row",
    cites=("hengtan:computed_indicators",),
    maps={
        "plan_computed_levels": Same("computed", "place", "year"),
        "plan_computed_ratios": Same("computed", "place", "year"),
        "computed_indicators": Same("computed"),
        "indicators": Same("indicator"),
        "series": Same(series="reported_as"),
    },
)
def plan_computed_values(
    plan_computed_levels: Table,
    plan_computed_ratios: Table,
    computed_indicators: Table,
    indicators: Table,
    series: Table,
) -> Table:
    """Every indicator computed from records, as a value of its series that stands beside the
    reported ones.

    ``confidence`` is the worst of its tree, ``recalled_share`` the part resting on recalled
    parameters, ``missing`` what is not complete, ``computed_with`` the options of the pack row it
    was run with.
    """
    rows = plan_computed_levels.union(plan_computed_ratios.select(plan_computed_levels.columns))
    stated = computed_indicators.select(
        "computed",
        "scope",
        "series",
        computed_with="options",
        computed_source="source",
    )
    own = indicators.select("indicator", indicator_kind="kind")
    reported_as = series.select(reported_as=_.series, series_kind=_.kind)
    rows = rows.pipe(beside, stated, "computed").pipe(beside, own, "indicator")
    rows = rows.mutate(reported_as=ibis.coalesce(rows.series, rows.indicator)).drop("series")
    rows = beside(rows, reported_as, "reported_as")
    edition = ibis.coalesce(rows.edition, ibis.literal(""))
    parts = [ibis.literal("computed"), rows.computed, rows.place, rows.period, edition]
    return rows.mutate(
        value_id=ibis.literal(":").join(parts),
        series=rows.reported_as,
        kind=ibis.coalesce(rows.series_kind, rows.indicator_kind),
        scope=ibis.ifelse(rows.aside, BESIDE, rows.scope.nullif("")),
        full_year=rows.period_kind == "year",
        days=rows.period_end.delta(rows.period_start, unit="day") + 1,
    ).drop("aside")
