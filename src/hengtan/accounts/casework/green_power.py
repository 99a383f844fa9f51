"""Accounts of green power: certificates by batch and holder, and what a user may count in a year.

A certificate is issued once, held by one account, and cancelled for one use; power settled under a
contract and the certificates that came with it are the same power (发改能源〔2023〕1044号).
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, known_sum, worst_in, worst_of
from hengtan.graph import Same, account, beside, first_of
from hengtan.graph.codes import coded

LAW = "NDRC-2023-1044"
LOT = ("account", "batch")
YEAR = ("account", "year")
ISSUE, TRANSFER, CANCEL, HYDRO = "issue", "transfer", "cancel", "hydro"
CONSUMPTION = "consumption"
RESIDUAL, NATION = "residual_excl_market_nonfossil", "CN"
KWH_A_MWH = 1000
CREDITS = ("CCER", "CQCER")
"""What the power behind a certificate might have been issued as besides; an entry of power states
the tonnes that its megawatt hours stand for.
"""


@account(
    key=("entry", "account"),
    unit="certificates",
    cites=(LAW,),
    maps={"certificate_entries": Same("entry")},
)
def certificate_moves(certificate_entries: Table) -> Table:
    """Both sides of each entry: certificates issued, bought, sold or cancelled by an account, in
    the year they count in (a cancellation in the year of the power it is for).
    """
    entries = certificate_entries.mutate(stated=as_reported(certificate_entries))
    day_year = entries.day.year().cast("int64")
    use_year = entries.use_year.substr(0, 4).cast("int64")
    cancelled = entries.event == CANCEL
    own = entries.select(
        "entry",
        "account",
        "batch",
        "source",
        "purpose",
        "price",
        "day",
        "stated",
        moved=ibis.ifelse(entries.event == ISSUE, entries["count"], -entries["count"]),
        move=ibis.cases((entries.event == ISSUE, "issued"), (cancelled, "cancelled"), else_="sold"),
        year=ibis.ifelse(cancelled, use_year, day_year),
        is_demo=entries._demo,
    )
    taken = entries.filter(entries.event == TRANSFER).select(
        "entry",
        "batch",
        "source",
        "purpose",
        "price",
        "day",
        "stated",
        account="taker",
        moved="count",
        move=ibis.literal("bought"),
        year=_.day.year().cast("int64"),
        is_demo=_._demo,
    )
    return ibis.union(own, taken.select(own.columns))


def _sum_of(move: str) -> Any:
    """Certificates of a kind of move, as an aggregate."""
    return _.moved.abs().sum(where=_.move == move).fill_null(0)


@account(
    key=LOT,
    unit="certificates; kWh",
    cites=(LAW,),
    maps={
        "certificate_moves": Same("batch"),
        "certificate_entries": Same("batch"),
        "green_power_settlements": Same("batch"),
        "credit_entries": "all",
    },
)
def certificate_lots(
    certificate_moves: Table,
    certificate_entries: Table,
    green_power_settlements: Table,
    credit_entries: Table,
) -> Table:
    """Each account's batch: issued, bought, sold, cancelled and held, what is told of the power
    behind it, how much was settled with it, and what of that power got credits besides.
    """
    sums = certificate_moves.group_by(*LOT).agg(
        issued=_sum_of("issued"),
        bought=_sum_of("bought"),
        sold=_sum_of("sold"),
        cancelled=_sum_of("cancelled"),
        held=_.moved.sum(),
        confidence=worst_in(_.stated),
        demo=_.is_demo.any(),
    )
    issues = certificate_entries.filter(_.event == ISSUE)
    batches = issues.group_by("batch").agg(
        issued_in_all=_["count"].sum(), energy_in_all=known_sum(_.energy)
    )
    known = certificate_entries.group_by("batch").agg(
        source=_.source.max(),
        produced=_.produced.max(),
        commissioned=_.commissioned.max(),
        marketised=_.marketised.any(),
        project=_.project.max(),
    )
    settled = green_power_settlements.group_by(*LOT).agg(settled=_.energy.sum())
    rows = sums.pipe(beside, batches, "batch").pipe(beside, known, "batch")
    rows = rows.pipe(beside, settled, list(LOT)).pipe(
        beside, _credited(known, credit_entries), "batch"
    )
    return rows.mutate(
        is_held=_.held > 0,
        energy=ibis.coalesce(
            ibis.ifelse(_.issued > 0, _.energy_in_all, ibis.null("float64")),
            (_.bought * KWH_A_MWH).cast("float64"),
        ),
    )


def _credited(batches: Table, credit_entries: Table) -> Table:
    """Power of a batch's project and time that credits were issued for. [MWh]"""
    credits = credit_entries.filter(
        (_.event == ISSUE) & _.lot.isin(CREDITS) & _.units.notnull()
    ).select(of_project="project", vintage="vintage", credited_amount="amount")
    met = batches.inner_join(credits, batches.project == credits.of_project)
    met = met.filter((_.vintage == _.produced) | (_.vintage == _.produced.substr(0, 4)))
    return met.group_by("batch").agg(credited=_.credited_amount.sum())


@account(
    key=YEAR,
    unit="certificates; kWh; CNY",
    cites=(LAW, "mee.grid_factors"),
    maps={
        "certificate_accounts": Same("account"),
        "certificate_moves": "all",
        "green_power_settlements": Same("account"),
        "green_power_years": Same("account"),
        "carbon_enterprise": Same("year"),
        "grid_factors": "all",
    },
)
def green_power_balances(
    certificate_accounts: Table,
    certificate_moves: Table,
    green_power_settlements: Table,
    green_power_years: Table,
    carbon_enterprise: Table,
    grid_factors: Table,
) -> Table:
    """Each account's year: certificates brought forward and issued, bought, gone (sold, or
    cancelled for another use than its consumption) and cancelled for its consumption; power used,
    generated and settled, and the last price of a certificate by then.

    ``settled`` leaves out power whose certificates are gone; ``certified`` the certificates of
    batches that came with settled power: the same power counts once. Power used is what was bought
    less sold by the energy records, and what was generated for own use.
    """
    accounts = certificate_accounts.select("account", "place", "entity")
    energy = carbon_enterprise.group_by("entity", "year").agg(
        bought_power=_.power.sum(),
        energy_confidence=worst_in(_.confidence),
        energy_demo=_.demo.any(),
    )
    reported = green_power_years.select(
        "account",
        "self_generated",
        "exempt",
        own_factor="factor",
        year=_.period_end.year().cast("int64"),
        stated=as_reported(green_power_years),
        year_demo=_._demo,
    )
    moves = certificate_moves.inner_join(accounts.select("account"), "account")
    settled = _settled(green_power_settlements, moves)
    of_energy = accounts.inner_join(energy.select("entity", "year"), "entity")
    years = ibis.union(
        moves.select(*YEAR), settled.select(*YEAR), reported.select(*YEAR), of_energy.select(*YEAR)
    )
    rows = years.distinct().inner_join(accounts, "account").pipe(beside, reported, list(YEAR))
    rows = rows.pipe(beside, _moved(years.distinct(), moves), list(YEAR))
    rows = rows.pipe(beside, _counted_once(settled), list(YEAR))
    rows = rows.pipe(beside, _certified(moves, settled), list(YEAR))
    rows = rows.pipe(beside, energy, ["entity", "year"])
    rows = rows.pipe(beside, _residual(grid_factors), "year")
    rows = rows.pipe(beside, _last_prices(years.distinct(), certificate_moves), list(YEAR))
    none = ibis.literal(0.0)
    return rows.select(
        *YEAR,
        "place",
        "entity",
        "available",
        "bought",
        "gone",
        "cancelled",
        "self_generated",
        "exempt",
        "price",
        "price_day",
        power_used=rows.bought_power + ibis.coalesce(rows.self_generated, none),
        settled=ibis.coalesce(rows.settled_counted, none),
        settled_non_hydro=ibis.coalesce(rows.settled_counted_non_hydro, none),
        certified=ibis.coalesce(rows.certified, 0),
        certified_non_hydro=ibis.coalesce(rows.certified_non_hydro, 0),
        factor=ibis.coalesce(rows.own_factor, rows.residual_factor),
        missing=ibis.ifelse(
            rows.bought_power.isnull(), coded("no_energy_of_user"), ibis.null("string")
        ),
        confidence=worst_of(
            rows.stated, rows.moves_stated, rows.settled_stated, rows.energy_confidence
        ),
        demo=ibis.coalesce(
            rows.moves_demo,
            rows.settled_demo,
            rows.year_demo,
            rows.energy_demo,
            ibis.literal(False),
        ),
    )


def _moved(years: Table, moves: Table) -> Table:
    """Certificates by year; ``available``: brought forward and issued in it."""
    named = moves.rename(of_account="account", move_year="year")
    met = years.inner_join(
        named, [years.account == named.of_account, named.move_year <= years.year]
    )
    now = met.move_year == met.year
    for_own = (met.move == "cancelled") & (met.purpose == CONSUMPTION)
    met = met.mutate(
        brought=ibis.ifelse(now & (met.move != "issued"), 0, met.moved),
        now_bought=ibis.ifelse(now & (met.move == "bought"), met.moved, 0),
        now_own=ibis.ifelse(now & for_own, -met.moved, 0),
        now_gone=ibis.ifelse(now & (met.moved < 0) & ~for_own, -met.moved, 0),
    )
    return met.group_by(*YEAR).agg(
        available=_.brought.sum(),
        bought=_.now_bought.sum(),
        cancelled=_.now_own.sum(),
        gone=_.now_gone.sum(),
        moves_stated=worst_in(_.stated),
        moves_demo=_.is_demo.any(),
    )


def _settled(settlements: Table, moves: Table) -> Table:
    """Power settled by account, year, batch and source, less its certificates that are gone, shared
    out by the power of the batch. [kWh] Without a batch nothing is known to be gone.
    """
    sums = (
        settlements.mutate(
            year=_.period_end.year().cast("int64"),
            stated=as_reported(settlements),
            batch=_.batch.fill_null(""),
        )
        .group_by(*LOT, "year", "source")
        .agg(settled=_.energy.sum(), settled_stated=worst_in(_.stated), settled_demo=_._demo.any())
    )
    for_own = (_.move == "cancelled") & (_.purpose == CONSUMPTION)
    gone = moves.filter((_.moved < 0) & ~for_own).group_by(*LOT).agg(gone=-_.moved.sum())
    whole = sums.group_by(*LOT).agg(of_batch=_.settled.sum())
    rows = sums.pipe(beside, gone, list(LOT)).pipe(beside, whole, list(LOT))
    gone_share = rows.gone.fill_null(0) * KWH_A_MWH / rows.of_batch.nullif(0)
    return rows.mutate(counted=rows.settled * ibis.greatest(1 - gone_share, 0.0))


def _counted_once(settled: Table) -> Table:
    """Settled power that may be counted, by account and year. [kWh]"""
    return settled.group_by(*YEAR).agg(
        settled_counted=_.counted.sum(),
        settled_counted_non_hydro=_.counted.sum(where=_.source != HYDRO),
        settled_stated=worst_in(_.settled_stated),
        settled_demo=_.settled_demo.any(),
    )


def _certified(moves: Table, settled: Table) -> Table:
    """Certificates cancelled for consumption, but of batches that came with settled power."""
    own = moves.filter((_.move == "cancelled") & (_.purpose == CONSUMPTION))
    with_power = settled.select(*LOT).distinct().mutate(came_with_power=True)
    sources = moves.group_by("batch").agg(batch_source=_.source.max())
    rows = own.pipe(beside, with_power, list(LOT)).pipe(beside, sources, "batch")
    rows = rows.filter(rows.came_with_power.isnull())
    return rows.group_by(*YEAR).agg(
        certified=-_.moved.sum(),
        certified_non_hydro=-_.moved.sum(where=_.batch_source != HYDRO),
    )


def _residual(grid_factors: Table) -> Table:
    """The nation's factor without traded non-fossil power, of the year itself. [t CO2/MWh]"""
    rows = grid_factors.filter((_.factor_kind == RESIDUAL) & (_.grid == NATION))
    return rows.select(year=_.data_year.cast("int64"), residual_factor=_.value)


def _last_prices(years: Table, moves: Table) -> Table:
    """The price of the last certificate bought, by whomever, up to the end of each year."""
    priced = moves.filter((_.move == "bought") & _.price.notnull()).select(
        "entry", "price", price_day="day"
    )
    met = years.inner_join(priced, priced.price_day.year() <= years.year)
    return first_of(met, YEAR, [_.price_day.desc(), _.entry.desc()]).select(
        *YEAR, "price", "price_day"
    )
