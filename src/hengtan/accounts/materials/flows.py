"""Accounts of the flow ledger: what each firm made, moved, used and holds of a material, whether it
closes, what is stored too long and what is above the licence.

A transfer (a manifest) is what its sender sent and its receiver took in; where a firm has booked
the same manifest itself, its own row counts.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.materials.flow_legs import BY_WHOM, STOCK, in_tonnes, legs_apart
from hengtan.accounts.materials.formulas import (
    closing_gap,
    overdue_stock,
    rate,
    stock_change,
    without_noise,
)
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside, first_of
from hengtan.graph.codes import coded

AMOUNTS = {
    "made": "made",
    "received": "in",
    "sent": "out",
    "used": "used",
    "treated": "treated",
    "landfilled": "landfilled",
    "stored": "stored",
}
"""Columns of amounts and the kind of row each sums."""
GRAM = 1e-6
"""What sums of floats may be off by. [t]"""
HAZARDOUS = r"^(HW\d{2}|\d{3}-\d{3}-\d{2})"
"""How codes of the catalogue of hazardous waste begin: class, or eight digits."""


@account(
    key=(*STOCK, "month"),
    unit="t",
    cites=("hengtan:material_flows",),
    maps={
        "material_flows": Same("material"),
        "material_flows_repeated": Same(*STOCK),
        "unit_factors": "all",
    },
)
def material_flow_months(
    material_flows: Table, material_flows_repeated: Table, unit_factors: Table
) -> Table:
    """What each firm made, took in, sent, used, treated, landfilled and put into store of a
    material in a month, in t, from tickets, manifests and reports.

    ``unread``: rows in a unit that is none of mass, whose tonnes are in no sum. ``repeated``: rows
    of a month or longer beside rows of days within it, whose tonnes may be in the sums twice.
    """
    # few rows are left before units and confidence are looked at: a million manifests are many
    alike = (*STOCK, "kind", "unit", *BY_WHOM, "period_end")
    days = [
        leg.group_by(*alike).agg(
            at=_.place.max(),
            of_network=_.network.max(),
            amount=_.amount.sum(),
            count=_.count(),
        )
        for leg in legs_apart(material_flows)
    ]
    groups = ibis.union(*days).mutate(month=_.period_end.truncate("M"))
    groups = in_tonnes(groups.mutate(told=as_reported(groups)), unit_factors)
    sums = {
        name: ibis.ifelse(_.kind == kind, _.tonnes, 0.0).sum() for name, kind in AMOUNTS.items()
    }
    months = groups.group_by(*STOCK, "month").agg(
        place=_["at"].max(),
        network=_.of_network.max(),
        **sums,
        rows=_["count"].sum().cast("int64"),
        unread=ibis.ifelse(_.tonnes.isnull(), _["count"], 0).sum().cast("int64"),
        confidence=worst_in(_.told),
        demo=_._demo.any(),
    )
    repeats = material_flows_repeated.group_by(*STOCK, month=_.period_end.truncate("M")).agg(
        repeated=_.rows.sum().cast("int64")
    )
    months = beside(months, repeats, [*STOCK, "month"])
    return months.mutate(repeated=months.repeated.fill_null(0))


@account(
    key=(*STOCK, "year"),
    unit="t",
    cites=("hengtan:material_flows",),
    maps={"material_stocks": Same(*STOCK), "unit_factors": "all"},
)
def material_year_end_stocks(material_stocks: Table, unit_factors: Table) -> Table:
    """The last count of December of each firm and material; a count of another month says nothing
    of the end of the year.
    """
    counts = in_tonnes(
        material_stocks.mutate(told=as_reported(material_stocks)), unit_factors, "stock"
    )
    december = counts.filter(_.period_end.month() == 12).mutate(
        year=_.period_end.year().cast("int64")
    )
    last = first_of(december, [*STOCK, "year"], [_.period_end.desc()])
    return last.select(
        *STOCK,
        "year",
        "place",
        counted=_.tonnes,
        counted_on=_.period_end,
        confidence=_.told,
        demo=_._demo,
    )


@account(
    key=(*STOCK, "year"),
    unit="t",
    cites=("hengtan:material_flows",),
    maps={"material_flow_months": Same(*STOCK), "material_year_end_stocks": Same(*STOCK)},
)
def material_balance(
    material_flow_months: Table,
    material_year_end_stocks: Table,
    material_tolerance: float = 0.01,
) -> Table:
    """In = out + growth of the stock, by firm, material and year, with the gap to what was counted.

    Without counts at both ends the growth by the books is held against the growth that the firm
    reported. ``closes``: the gap is within the share ``material_tolerance`` of opening stock and
    what came in; missing where flows may be in the books twice (``repeated``). ``least_stock``: the
    lowest stock by the books at the end of a month; ``reason`` tells one below nought.
    """
    months = material_flow_months.mutate(year=_.month.year().cast("int64"))
    months = months.mutate(change=stock_change(*(months[name] for name in list(AMOUNTS)[:6])))
    so_far = ibis.window(group_by=[*STOCK, "year"], order_by="month", following=0)
    months = months.mutate(so_far=_.change.sum().over(so_far))
    years = months.group_by(*STOCK, "year").agg(
        flow_place=_.place.max(),
        **{name: _[name].sum() for name in AMOUNTS},
        change=_.change.sum(),
        least_change=_.so_far.min(),
        unread=_.unread.sum().cast("int64"),
        repeated=_.repeated.sum().cast("int64"),
        flow_confidence=worst_in(_.confidence),
        flow_demo=_.demo.any(),
    )
    ends = material_year_end_stocks.select(
        *STOCK,
        "year",
        stock_place="place",
        closing="counted",
        end_confidence="confidence",
        end_demo="demo",
    )
    starts = material_year_end_stocks.select(
        *STOCK,
        year=_.year + 1,
        opening=_.counted,
        start_confidence=_.confidence,
        start_demo=_.demo,
    )
    keys = years.select(*STOCK, "year").union(ends.select(*STOCK, "year"), distinct=True)
    rows = keys
    for table in (years, ends, starts):
        rows = beside(rows, table, [*STOCK, "year"])
    amounts = {name: rows[name].fill_null(0.0) for name in (*AMOUNTS, "change")}
    rows = rows.mutate(**amounts)
    by_count = closing_gap(rows.opening, rows.change, rows.closing)
    by_report = ibis.ifelse(rows.stored != 0, rows.change - rows.stored, ibis.null("float64"))
    through = ibis.coalesce(rows.opening, 0.0) + rows.made + rows.received
    gap = without_noise(ibis.coalesce(by_count, by_report), through)
    least = rows.opening + rows.least_change
    is_repeated = (rows.repeated > 0).fill_null(False)
    return rows.select(
        *STOCK,
        "year",
        *AMOUNTS,
        "opening",
        "closing",
        growth=rows.change,
        place=ibis.coalesce(rows.flow_place, rows.stock_place),
        gap=gap,
        gap_share=rate(gap, through),
        held_against=ibis.cases((by_count.notnull(), "count"), (by_report.notnull(), "report")),
        closes=ibis.ifelse(
            is_repeated, ibis.null("boolean"), gap.abs() <= material_tolerance * through
        ),
        repeated=rows.repeated.fill_null(0),
        least_stock=least,
        reason=_below_nought(least, material_tolerance * through),
        confidence=worst_of(rows.flow_confidence, rows.end_confidence, rows.start_confidence),
        demo=rows.flow_demo.fill_null(False)
        | rows.end_demo.fill_null(False)
        | rows.start_demo.fill_null(False),
        missing=ibis.cases(
            (is_repeated, coded("flows_repeated", rows.repeated)),
            (rows.unread > 0, coded("flows_unread", rows.unread)),
            (gap.isnull(), "no_stock_counts"),
        ),
    )


def _below_nought(stock: ibis.Value, noise: ibis.Value | float) -> ibis.Value:
    """The code of a stock that the books let fall below nought by more than a noise. [t]"""
    is_below = (stock < -noise).fill_null(False)
    return ibis.ifelse(is_below, coded("stock_below_nought", stock.round(3)), ibis.null("string"))


@account(
    key=(*STOCK, "year"),
    unit="t",
    cites=("hengtan:material_flows",),
    maps={"material_balance": Same(*STOCK, "year"), "material_limits": Same(*STOCK)},
)
def material_licence_use(material_balance: Table, material_limits: Table) -> Table:
    """What each firm took in of a material in a year beside the amount licensed on its last day,
    and its stock at the end beside the storage licensed.
    """
    day = ibis.date(material_balance.year.cast("int32"), 12, 31)
    years = material_balance.mutate(day=day)
    limits = material_limits.select(
        *STOCK,
        "received_most",
        "stock_most",
        "begins",
        "ends",
        "source_title",
        told=as_reported(material_limits),
        limit_demo="_demo",
    )
    met = years.inner_join(limits, [*STOCK]).filter(
        _.begins <= _.day, _.ends.isnull() | (_.ends >= _.day)
    )
    newest = first_of(met, [*STOCK, "year"], [_.begins.desc()])
    return newest.select(
        *STOCK,
        "year",
        "place",
        "received",
        "received_most",
        "closing",
        "stock_most",
        document=_.source_title,
        licence_share=rate(newest.received, newest.received_most),
        over_licence=_.received > _.received_most,
        over_storage=_.closing > _.stock_most,
        confidence=worst_of(_.confidence, _.told),
        demo=_.demo | _.limit_demo,
        missing=ibis.ifelse(_.repeated > 0, coded("flows_repeated", newest.repeated), None),
    )


@account(
    key=STOCK,
    unit="t",
    cites=("hengtan:material_flows",),
    maps={
        "material_flow_months": Same(*STOCK),
        "material_year_end_stocks": Same(*STOCK),
        "material_limits": Same(*STOCK),
        "rule_parameters": "all",
    },
)
def material_storage(
    material_flow_months: Table,
    material_year_end_stocks: Table,
    material_limits: Table,
    rule_parameters: Table,
    judged_on: ibis.Value,
) -> Table:
    """Stock by the books on the day judged, and what of it is older than the days of storage that
    the licence states, for hazardous waste else those of the law; what came first leaves first.
    A stock below nought is told in ``reason``.

    Books begin with the first count at the end of a year, else with the first row. A month's
    receipts are old once its last day is. Materials without a limit have no ``overdue``.
    """
    firsts = first_of(material_year_end_stocks, STOCK, [_.year.asc()]).select(
        *STOCK, "counted_on", "counted", count_confidence="confidence", count_demo="demo"
    )
    limits = material_limits.filter(
        _.begins <= judged_on,
        _.ends.isnull() | (_.ends >= judged_on),
        _.storage_days.notnull(),
    )
    limits = first_of(limits, STOCK, [_.begins.desc()]).select(*STOCK, "storage_days")
    lawful = rule_parameters.filter(
        _.parameter == "material.hazardous_storage",
        _.valid_from <= judged_on,
        _.valid_to.isnull() | (_.valid_to >= judged_on),
    ).select(lawful_days=_.value, law_confidence=_.confidence)
    rows = material_flow_months.filter(_.month <= judged_on)
    rows = rows.pipe(beside, firsts, STOCK).pipe(beside, limits, STOCK)
    rows = rows.left_join(lawful, rows.material.re_search(HAZARDOUS))
    days = ibis.coalesce(rows.storage_days.cast("float64"), rows.lawful_days)
    cutoff = judged_on - ibis.interval(days=1) * days.round().cast("int64")
    last_day = rows.month + ibis.interval(months=1) - ibis.interval(days=1)
    counts = rows.counted_on.isnull() | (rows.month > rows.counted_on)
    came = rows.made + rows.received
    left = rows.sent + rows.used + rows.treated + rows.landfilled
    rows = rows.mutate(
        counts=counts,
        came=ibis.ifelse(counts, came, 0.0),
        left=ibis.ifelse(counts, left, 0.0),
        came_old=ibis.ifelse(counts & (last_day <= cutoff), came, 0.0),
        days=days,
        by_law=rows.storage_days.isnull() & rows.lawful_days.notnull(),
    )
    sums = rows.group_by(*STOCK).agg(
        place=_.place.max(),
        begun=ibis.coalesce(_.counted.max(), 0.0),
        storage_days=_.days.max(),
        by_law=_.by_law.any(),
        came=_.came.sum(),
        left=_.left.sum(),
        came_old=_.came_old.sum(),
        confidence=worst_in(worst_of(_.confidence, _.count_confidence)),
        law_confidence=_.law_confidence.max(),
        demo=_.demo.any() | _.count_demo.fill_null(False).any(),
        repeated=ibis.ifelse(_.counts, _.repeated, 0).sum().cast("int64"),
    )
    overdue = overdue_stock(sums.begun, sums.came_old, sums.left)
    stock = sums.begun + sums.came - sums.left
    return sums.select(
        *STOCK,
        "place",
        "storage_days",
        "by_law",
        stock_by_books=stock,
        reason=_below_nought(stock, GRAM),
        overdue=ibis.ifelse(sums.storage_days.notnull(), overdue, ibis.null("float64")),
        confidence=worst_of(
            sums.confidence, ibis.ifelse(sums.by_law, sums.law_confidence, ibis.null("string"))
        ),
        demo=sums.demo,
        missing=ibis.cases(
            (sums.repeated > 0, coded("flows_repeated", sums.repeated)),
            (sums.storage_days.isnull(), "no_storage_limit"),
        ),
    )


@account(
    key=("manifest", "material"),
    unit="t",
    cites=("hengtan:material_flows",),
    maps={"material_flows": Same("manifest", "material"), "unit_factors": "all"},
)
def manifest_gaps(
    material_flows: Table, unit_factors: Table, material_tolerance: float = 0.01
) -> Table:
    """Manifests on which sender and receiver do not agree: sent and not received, received and not
    sent, or tonnes that differ by more than the share ``material_tolerance``.

    A transfer without bookings of its own is one statement and disagrees with nothing.
    """
    flows = material_flows.filter(_.manifest.notnull(), _.kind.isin(["transfer", "in", "out"]))
    rows = in_tonnes(flows.mutate(told=as_reported(flows)), unit_factors)

    def of(*kinds: str) -> ibis.Value:
        return ibis.ifelse(_.kind.isin(kinds), _.tonnes, ibis.null("float64")).sum()

    sums = rows.group_by("manifest", "material").agg(
        place=_.place.max(),
        sender=ibis.ifelse(_.kind.isin(["out", "transfer"]), _.firm, None).max(),
        receiver=ibis.coalesce(ibis.ifelse(_.kind == "in", _.firm, None), _.destination).max(),
        year=_.period_end.max().year().cast("int64"),
        sent_alone=of("out"),
        moved=of("transfer"),
        got=of("in"),
        confidence=worst_in(_.told),
        demo=_._demo.any(),
    )
    sent = ibis.coalesce(sums.sent_alone, sums.moved)
    state = ibis.cases(
        (sent.isnull(), "not_sent"),
        (sums.got.isnull() & sums.sent_alone.notnull(), "not_received"),
        ((sent - sums.got).abs() > material_tolerance * sent, "differs"),
    )
    compared = sums.mutate(sent_tonnes=sent, manifest_state=state)
    return compared.filter(compared.manifest_state.notnull()).select(
        "manifest",
        "material",
        "place",
        "year",
        "sender",
        "receiver",
        "sent_tonnes",
        "manifest_state",
        got_tonnes=_.got,
        lost_tonnes=_.sent_tonnes - _.got,
        confidence=_.confidence,
        demo=_.demo,
    )


@account(
    key=("place", "year", "material", "side", "way"),
    unit="t",
    cites=("hengtan:material_flows",),
    maps={"material_balance": Same("year", "material"), "place_within": Same(within="place")},
)
def material_ways(material_balance: Table, place_within: Table) -> Table:
    """Where each material came from and where it went in a place and all within it, by year: the
    links of its picture.

    Between firms of the place a tonne passes from one to the other: what is received here of what
    was sent here comes from and goes nowhere else, and is said in a row ``within``. What is left
    over is the growth of stock.
    """
    within = place_within.select("place", within="within")
    firms = material_balance.inner_join(within, "place").drop("place").rename(place="within")
    sums = firms.group_by("place", "year", "material").agg(
        **{name: _[name].sum() for name in AMOUNTS},
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    inside = ibis.least(sums.received, sums.sent)
    sums = sums.mutate(passed=inside, received=sums.received - inside, sent=sums.sent - inside)
    change = stock_change(*(sums[name] for name in list(AMOUNTS)[:6]))
    parts = [(side, way, sums[way]) for side, way in WAYS]
    parts += [
        ("to", "into_stock", ibis.greatest(change, 0.0)),
        ("from", "from_stock", ibis.greatest(-change, 0.0)),
    ]
    kept = ("place", "year", "material", "confidence", "demo")
    links = [
        sums.select(*kept, side=ibis.literal(side), way=ibis.literal(way), tonnes=tonnes)
        for side, way, tonnes in parts
    ]
    return ibis.union(*links).filter(_.tonnes > 0)


WAYS = (
    ("from", "made"),
    ("from", "received"),
    ("to", "used"),
    ("to", "treated"),
    ("to", "landfilled"),
    ("to", "sent"),
    ("within", "passed"),
)
"""The sides of the picture and the amounts on each; what is ``within`` is on neither."""
