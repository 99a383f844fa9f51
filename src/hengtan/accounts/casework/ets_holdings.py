"""Accounts of allowances: every entry on both its sides, what is held by vintage, and what an
entity has to surrender for a year beside it.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside, first_of
from hengtan.graph.codes import coded

YEAR = ("emitter", "year")
MARKETS = "hengtan:allowances"
ISSUE, TRADE, CARRY, SURRENDER = "issue", "trade", "carry", "surrender"
NATIONAL, CARBON_MARKET = "national", "carbon_market"
DEADLINE, BANKING = "ets.deadline", "ets.banking.base"
ORDER = {ISSUE: 1, CARRY: 2, "buy": 3, TRADE: 4, SURRENDER: 5}
"""What comes first on one day: what brings allowances before what takes them."""
OTHERS = 6


@account(
    key=("entry", "emitter", "vintage"),
    unit="t CO2",
    cites=(MARKETS,),
    maps={"ets_entries": Same("entry")},
)
def ets_moves(ets_entries: Table) -> Table:
    """Each entry by account and vintage: what comes in is positive. A trade has two sides, and so
    has what is carried to a later vintage.
    """
    entries = ets_entries.mutate(stated=as_reported(ets_entries), is_demo=_._demo)
    sign = ibis.ifelse(entries.event == ISSUE, 1, -1)
    own = entries.select(*_of_move(entries, "account", "vintage", entries.tonnes * sign))
    bought = entries.filter(entries.event == TRADE)
    bought = bought.select(*_of_move(bought, "buyer", "vintage", bought.tonnes))
    carried = entries.filter(entries.event == CARRY)
    carried = carried.select(*_of_move(carried, "account", "to_vintage", carried.tonnes))
    return ibis.union(own, bought, carried)


def _of_move(rows: Table, holder: str, vintage: str, moved: Any) -> list[Any]:
    return [
        rows.entry,
        rows[holder].name("emitter"),
        rows[vintage].name("vintage"),
        rows.event,
        rows.day,
        rows.for_year,
        rows.price,
        moved.cast("int64").name("moved"),
        rows.stated,
        rows.is_demo,
    ]


@account(
    key=(*YEAR, "vintage"),
    unit="t CO2",
    cites=(MARKETS,),
    maps={"ets_moves": Same("emitter"), "ets_emission_years": Same("emitter")},
)
def ets_vintages(ets_moves: Table, ets_emission_years: Table) -> Table:
    """Allowances an entity can use for a year or has used for it, by vintage: held after all
    entries, with what was surrendered for that year.
    """
    balances = ets_moves.group_by("emitter", "vintage").agg(
        held=_.moved.sum(), confidence=worst_in(_.stated), demo=_.is_demo.any()
    )
    used = (
        ets_moves.filter(_.event == SURRENDER)
        .group_by("emitter", "vintage", "for_year")
        .agg(surrendered=-_.moved.sum())
    )
    used = used.rename(year="for_year")
    years = ets_emission_years.select(*YEAR).union(used.select(*YEAR), distinct=True)
    rows = years.inner_join(balances, "emitter").pipe(beside, used, [*YEAR, "vintage"])
    rows = rows.mutate(surrendered=_.surrendered.fill_null(0))
    rows = rows.filter((_.held != 0) | (_.surrendered != 0))
    return rows.select(
        *YEAR,
        "confidence",
        "demo",
        vintage=_.vintage.cast("string"),
        held=_.held.cast("float64"),
        surrendered=_.surrendered.cast("float64"),
        available=(_.held + _.surrendered).cast("float64"),
    )


@account(
    key=YEAR,
    unit="t CO2; CNY/t",
    cites=(MARKETS,),
    maps={
        "ets_emission_years": Same(*YEAR),
        "ets_years": Same("emitter"),
        "ets_moves": "all",
        "ets_emitters": "all",
        "certificate_accounts": Same("entity"),
        "certificate_moves": "all",
        "rule_parameters": "all",
    },
)
def ets_positions(
    ets_emission_years: Table,
    ets_years: Table,
    ets_moves: Table,
    ets_emitters: Table,
    certificate_accounts: Table,
    certificate_moves: Table,
    rule_parameters: Table,
    judged_on: ibis.Value,
) -> Table:
    """Each entity's compliance year: what it owes (as settled, else its emissions), what it
    surrendered by the day due and since, credits, certificates cancelled for the market, the price
    filed or of the last trade with its day; ``overdue`` once the day has passed and some is
    lacking, ``unreported`` once the report is late.
    """
    filed = ets_years.select(
        "emitter",
        "obligation",
        "offsets",
        "offset_price",
        "green_factor",
        "month_price",
        "still_lacking",
        "report_due",
        "reported",
        "verify_due",
        "verified_on",
        own_price="price",
        own_price_day="price_day",
        own_due="surrender_due",
        year=_.period_end.year().cast("int64"),
        filed_stated=as_reported(ets_years),
        filed_demo=_._demo,
    )
    heads = ets_emitters.select("emitter", "place", "entity", "market")
    known = ets_emission_years.select(
        *YEAR, "emissions", emission_stated="confidence", emission_demo="demo"
    )
    years = ibis.union(known.select(*YEAR), filed.select(*YEAR), distinct=True)
    rows = years.inner_join(heads, "emitter").pipe(beside, known, list(YEAR))
    rows = rows.pipe(beside, filed, list(YEAR))
    rows = rows.pipe(beside, _deadlines(years, rule_parameters), ["year", "market"])
    rows = rows.mutate(surrender_due=ibis.coalesce(_.own_due, _.law_due))
    rows = rows.pipe(beside, _surrendered(rows, ets_moves), list(YEAR))
    rows = rows.pipe(beside, _last_prices(years, heads, ets_moves), ["year", "market"])
    green = _green(certificate_accounts, certificate_moves)
    rows = rows.pipe(beside, green, ["entity", "year"])
    owed = ibis.coalesce(rows.obligation, rows.emissions)
    by_then = ibis.coalesce(rows.in_time, 0)
    in_all = ibis.coalesce(rows.in_all, 0)
    credits = ibis.coalesce(rows.offsets, ibis.literal(0.0))
    lacking = ibis.greatest(owed - credits - by_then, 0.0)
    return rows.select(
        *YEAR,
        "place",
        "market",
        "emissions",
        "offsets",
        "offset_price",
        "month_price",
        "still_lacking",
        "report_due",
        "reported",
        "verify_due",
        "verified_on",
        "surrender_due",
        obligation=owed,
        surrendered=in_all.cast("float64"),
        unsurrendered=lacking,
        surrendered_day=ibis.ifelse(owed - credits <= in_all, rows.last_day, ibis.null("date")),
        overdue=((rows.surrender_due < judged_on) & (lacking > 0)).fill_null(False),
        unreported=(
            (rows.report_due < judged_on)
            & (rows.reported.isnull() | (rows.reported > rows.report_due))
        ).fill_null(False),
        price=ibis.coalesce(rows.own_price, rows.trade_price),
        price_day=ibis.ifelse(rows.own_price.notnull(), rows.own_price_day, rows.trade_day),
        green_power=rows.green_certificates * rows.green_factor,
        green_certificates=rows.green_certificates,
        missing=ibis.ifelse(owed.isnull(), coded("no_obligation"), ibis.null("string")),
        confidence=worst_of(rows.emission_stated, rows.filed_stated, rows.entry_stated),
        demo=ibis.coalesce(rows.emission_demo, rows.filed_demo, ibis.literal(False)),
    )


def _deadlines(years: Table, rule_parameters: Table) -> Table:
    """The day by which allowances of a year are due in a market, as the plans set it."""
    rows = rule_parameters.filter(
        (_.parameter == DEADLINE) & _.value.notnull() & (_.certainty != "low")
    ).select(market="key", since="valid_from", until="valid_to", number=_.value.cast("int64"))
    each = years.select("year").distinct()
    each = each.mutate(last_day=ibis.date(each.year.cast("int32"), 12, 31))
    met = each.inner_join(
        rows,
        [
            rows.since <= each.last_day,
            rows.until.isnull() | (rows.until >= each.last_day),
        ],
    )
    day = ibis.date(
        (met.number // 10_000).cast("int32"),
        (met.number // 100 % 100).cast("int32"),
        (met.number % 100).cast("int32"),
    )
    return met.select("year", "market", law_due=day)


def _surrendered(rows: Table, moves: Table) -> Table:
    """What was surrendered for a year, in all and by the day due, and the last day of it."""
    surrenders = moves.filter(_.event == SURRENDER).select(
        "day", "moved", "stated", of_emitter="emitter", for_year="for_year"
    )
    own = rows.select(*YEAR, "surrender_due")
    met = own.inner_join(
        surrenders, [own.emitter == surrenders.of_emitter, own.year == surrenders.for_year]
    )
    is_timely = met.surrender_due.isnull() | (met.day <= met.surrender_due)
    return met.group_by(*YEAR).agg(
        in_all=-met.moved.sum(),
        in_time=-ibis.ifelse(is_timely, met.moved, 0).sum(),
        last_day=met.day.max(),
        entry_stated=worst_in(met.stated),
    )


def _last_prices(years: Table, heads: Table, moves: Table) -> Table:
    """The price of the last trade of a market's entities up to the end of the year after, in which
    the allowances of a year are surrendered.
    """
    priced = moves.filter(_.price.notnull()).inner_join(
        heads.select("emitter", "market"), "emitter"
    )
    priced = priced.select("entry", "market", trade_price="price", trade_day="day")
    each = years.select("year").distinct()
    met = each.inner_join(priced, priced.trade_day.year() <= each.year + 1)
    order = [_.trade_day.desc(), _.entry.desc()]
    return first_of(met, ["year", "market"], order).select(
        "year", "market", "trade_price", "trade_day"
    )


def _green(accounts: Table, moves: Table) -> Table:
    """Certificates that the enterprise cancelled for the carbon market, by year. [MWh]"""
    used = moves.filter((_.move == "cancelled") & (_.purpose == CARBON_MARKET))
    met = used.inner_join(accounts.select("account", "entity"), "account")
    return met.group_by("entity", "year").agg(green_certificates=-_.moved.sum())


@account(
    key=("entry", "emitter"),
    unit="t CO2",
    cites=(MARKETS,),
    maps={"ets_entries": Same("entry")},
)
def ets_ledger_rows(ets_entries: Table) -> Table:
    """The entries an account takes part in, in the order they are entered in its books: by day,
    what brings allowances before what takes them.
    """
    entries = ets_entries.mutate(holder=_.account)
    taken = ets_entries.filter(_.event == TRADE).mutate(holder=_.buyer)
    rows = ibis.union(entries, taken.select(entries.columns))
    is_buyer = (rows.event == TRADE) & (rows.holder == rows.buyer)
    rank = ibis.cases(
        (is_buyer, ORDER["buy"]),
        *((rows.event == event, ORDER[event]) for event in (ISSUE, CARRY, TRADE, SURRENDER)),
        else_=OTHERS,
    )
    return rows.select(
        "entry",
        "event",
        "day",
        "account",
        "buyer",
        "tonnes",
        "price",
        vintage=rows.vintage.cast("string"),
        to_vintage=rows.to_vintage.cast("string"),
        for_year=rows.for_year.cast("string"),
        emitter=rows.holder,
        sequence=rows.day.cast("string") + "|" + rank.cast("string") + "|" + rows.entry,
        confidence=as_reported(rows),
        demo=rows._demo,
    )


@account(
    key=YEAR,
    unit="t CO2",
    cites=(MARKETS,),
    maps={
        "ets_moves": Same("emitter"),
        "ets_emitters": Same("emitter"),
        "rule_parameters": "all",
    },
)
def ets_banking_bases(ets_moves: Table, ets_emitters: Table, rule_parameters: Table) -> Table:
    """What an entity sold more than it bought in the time that the plan sets for carrying over,
    and what it held at its end.
    """
    spans = rule_parameters.filter(
        (_.parameter == BANKING) & _.valid_from.notnull() & _.valid_to.notnull()
    ).select(first_day="valid_from", last_day="valid_to")
    heads = ets_emitters.filter(_.market == NATIONAL).select(
        "emitter", banking_sector=ibis.ifelse(_.sector == "power", "power", "sector")
    )
    met = ets_moves.inner_join(heads, "emitter").cross_join(spans).filter(_.day <= _.last_day)
    sold = (met.event == TRADE) & (met.day >= met.first_day)
    sums = met.group_by("emitter", "banking_sector", "last_day").agg(
        net_sales=-ibis.ifelse(sold, met.moved, 0).sum().cast("float64"),
        holdings=met.moved.sum().cast("float64"),
        confidence=worst_in(met.stated),
        demo=met.is_demo.any(),
    )
    return sums.mutate(year=sums.last_day.year().cast("int64")).filter(_.holdings > 0)
