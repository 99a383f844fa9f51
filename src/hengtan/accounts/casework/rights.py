"""Accounts of discharge, energy and water rights: what was used, what is held, at which price.

Amounts are in t, t of coal equivalent and m³; a row in a unit of another kind leaves its sum
missing.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.casework.formulas import unit_price
from hengtan.accounts.stated import as_reported, known_sum, worst_in, worst_of
from hengtan.graph import Same, account, beside, first_of

HOLDING = ("account", "item")
ENERGY, WATER = "energy", "water"


@account(
    key=(*HOLDING, "year"),
    unit="t; tce; m³",
    cites=("HJ 944-2018",),
    maps={
        "rights_accounts": Same("account"),
        "rights_uses": Same("account", "item"),
        "permit_emission_years": "all",
        "key_unit_months": "all",
        "pollutant_spellings": "all",
        "unit_factors": "all",
    },
)
def rights_used(
    rights_accounts: Table,
    rights_uses: Table,
    permit_emission_years: Table,
    key_unit_months: Table,
    pollutant_spellings: Table,
    unit_factors: Table,
) -> Table:
    """What each account used of its rights by year, and from which records: the monitoring of its
    discharge permit, the reports of key energy units, else what was metered for the account.
    """
    parts = (
        _discharged(rights_accounts, permit_emission_years, pollutant_spellings),
        _energy_of_key_units(rights_accounts, key_unit_months),
        _metered(rights_uses, unit_factors),
    )
    return first_of(ibis.union(*parts), [*HOLDING, "year"], [_.preference]).drop("preference")


def _columns(rows: Table, source: str, preference: int) -> Table:
    return rows.select(
        *HOLDING,
        "year",
        "amount_used",
        "confidence",
        "demo",
        used_from=ibis.literal(source),
        preference=ibis.literal(preference, "int64"),
    )


def _discharged(accounts: Table, emitted: Table, spellings: Table) -> Table:
    """Amounts of the permits of accounts; a pollutant that is no item of rights is not in them."""
    rows = emitted.drop("item").mutate(spelling=_.pollutant.upper().replace(" ", ""))
    named = rows.inner_join(spellings.select("spelling", "item"), "spelling")
    holders = accounts.filter(accounts.permit.notnull()).select("account", "permit")
    of_account = named.inner_join(holders, "permit")
    sums = of_account.group_by("account", "year", "item").agg(
        amount_used=_.emitted.sum(), confidence=worst_in(_.confidence), demo=_.demo.any()
    )
    return _columns(sums, "permit_emission_years", 0)


def _energy_of_key_units(accounts: Table, months: Table) -> Table:
    """Energy of whole years of the units that hold energy rights."""
    whole = months.filter(
        (_.period_end.month() == 12) & (_.period_end.year() == _.period_start.year())
    ).filter((_.period_start.month() == 1) & (_.period_end.day() == 31))
    whole = whole.mutate(stated=as_reported(whole))
    holders = accounts.filter(accounts.kind == ENERGY).select("account", "entity")
    of_account = whole.inner_join(holders, "entity")
    sums = of_account.group_by("account", year=_.period_end.year().cast("int64")).agg(
        amount_used=_.energy.max(), confidence=worst_in(_.stated), demo=_._demo.any()
    )
    return _columns(sums.mutate(item=ibis.literal(ENERGY)), "key_unit_months", 1)


def _metered(uses: Table, unit_factors: Table) -> Table:
    rows = in_unit_of_item(uses, unit_factors).mutate(
        year=_.period_end.year().cast("int64"), stated=as_reported(uses)
    )
    sums = rows.group_by(*HOLDING, "year").agg(
        amount_used=known_sum(_.quantity), confidence=worst_in(_.stated), demo=_._demo.any()
    )
    return _columns(sums, "rights_uses", 2)


def in_unit_of_item(rows: Table, unit_factors: Table) -> Table:
    """Rows with ``quantity`` in the unit of their item; missing for a unit of another kind."""
    wanted = ibis.cases((_.item == ENERGY, "tce"), (_.item == WATER, "m3"), else_="t")
    factors = unit_factors.select("unit", "canonical_unit", "factor")
    rows = beside(rows, factors, "unit")
    fits = rows.canonical_unit == wanted.resolve(rows)
    return rows.mutate(
        quantity=ibis.ifelse(fits, rows.amount * rows.factor, ibis.null("float64"))
    ).drop("canonical_unit", "factor")


def moves_of(trades: Table, granted: Table) -> Table:
    """What comes to a holder of an item (positive) or leaves it: allocations, and both sides of
    trades, each with the days from and to which it holds.
    """
    granted = granted.select(
        holder="account",
        of_item="item",
        moved="quantity",
        move_begins="begins",
        move_ends="ends",
        earlier_day=ibis.null("date"),
        earlier=ibis.null("string"),
    )
    bought, gone = (
        trades.select(
            holder=party,
            of_item="item",
            moved=trades.quantity * sign,
            move_begins="begins",
            move_ends="ends",
            earlier_day="traded",
            earlier="contract",
        )
        for party, sign in (("buyer", 1), ("seller", -1))
    )
    return ibis.union(granted, bought, gone)


@account(
    key=("contract",),
    unit="t; tce; m³; CNY",
    cites=("hengtan:rights",),
    maps={
        "rights_trades": Same("item"),
        "rights_grants": Same("item", account="seller"),
        "rights_accounts": Same(account="seller"),
        "rights_prices": Same("item"),
        "place_within": "all",
        "unit_factors": "all",
    },
)
def rights_sales(
    rights_trades: Table,
    rights_grants: Table,
    rights_accounts: Table,
    rights_prices: Table,
    place_within: Table,
    unit_factors: Table,
) -> Table:
    """Every trade with its price, what the seller held of the item before it, and the base price
    in force where the seller is.

    ``held_before``: allocations in force on the day, with what was bought and without what was sold
    earlier and is in force; trades of one day in the order of their contracts.
    """
    trades = _trades(rights_trades, unit_factors)
    moves = moves_of(trades, in_unit_of_item(rights_grants, unit_factors))
    pairs = trades.left_join(
        moves,
        [
            trades.seller == moves.holder,
            trades.item == moves.of_item,
            moves.move_begins <= trades.traded,
            moves.move_ends.isnull() | (moves.move_ends >= trades.traded),
            moves.earlier_day.isnull()
            | (moves.earlier_day < trades.traded)
            | ((moves.earlier_day == trades.traded) & (moves.earlier < trades.contract)),
        ],
    )
    available = pairs.group_by("contract").agg(available=_.moved.sum().fill_null(0.0))
    placed = trades.pipe(
        beside, rights_accounts.select(seller=_.account, place=_.place), "seller"
    ).pipe(beside, available, "contract")
    priced = with_base_price(placed, rights_prices, place_within, "contract", "traded")
    return priced.rename(traded_amount="quantity", held_before="available")


def _trades(trades: Table, unit_factors: Table) -> Table:
    """Trades in the unit of their item, with the price of a unit."""
    rows = in_unit_of_item(trades, unit_factors)
    return rows.select(
        "contract",
        "seller",
        "buyer",
        "item",
        "quantity",
        "turnover",
        "traded",
        "begins",
        "ends",
        trade_price=unit_price(rows.turnover, rows.quantity),
        confidence=as_reported(rows),
        demo=rows._demo,
    )


def with_base_price(
    rows: Table, prices: Table, place_within: Table, key: str | list[str], day: str
) -> Table:
    """The base price in force on a day: of the place itself before one of a place above it, then
    the newest.
    """
    keys = [key] if isinstance(key, str) else key
    reach = place_within.select(place="place", within="within")
    named = prices.select(
        "item", "document", within="place", base_since="begins", base_price="price"
    )
    met = rows.select(*dict.fromkeys([*keys, "item", "place", day])).inner_join(reach, "place")
    met = met.inner_join(named, ["item", "within"])
    met = met.filter(met.base_since <= met[day])
    own_first = [(_.within == _.place).desc(), _.base_since.desc(), _.within]
    best = first_of(met, keys, own_first)
    return beside(rows, best.select(*keys, "base_price", "base_since"), keys)


@account(
    key=(*HOLDING, "year"),
    unit="t; tce; m³; CNY",
    cites=("hengtan:rights",),
    maps={
        "rights_accounts": Same("account"),
        "rights_grants": Same(*HOLDING),
        "rights_sales": Same("item"),
        "rights_used": Same(*HOLDING, "year"),
        "rights_prices": Same("item"),
        "place_within": "all",
        "unit_factors": "all",
    },
)
def rights_positions(
    rights_accounts: Table,
    rights_grants: Table,
    rights_sales: Table,
    rights_used: Table,
    rights_prices: Table,
    place_within: Table,
    unit_factors: Table,
) -> Table:
    """Each account and item by year: allocated, bought and sold as in force on the last day of the
    year, used in it, the price of the last trade by then, and the base price in force.

    Years are those with use, and those in which an allocation or a trade begins. ``allocated`` is
    missing where nothing was allocated or bought.
    """
    grants = in_unit_of_item(rights_grants, unit_factors)
    grants = grants.mutate(stated=as_reported(grants))
    years = _years(grants, rights_sales, rights_used, rights_accounts)
    grants = _moved(years, grants, "account").agg(
        granted=known_sum(_.quantity), grant_stated=worst_in(_.stated), grant_demo=_._demo.any()
    )
    deals = rights_sales.rename(quantity="traded_amount")
    bought = _moved(years, deals, "buyer").agg(
        bought=known_sum(_.quantity), buy_stated=worst_in(_.confidence), buy_demo=_.demo.any()
    )
    sold = _moved(years, deals, "seller").agg(
        sold=known_sum(_.quantity), sale_stated=worst_in(_.confidence), sale_demo=_.demo.any()
    )
    rows = years
    for part in (grants, bought, sold):
        rows = beside(rows, part, [*HOLDING, "year"])
    rows = beside(rows, rights_used, [*HOLDING, "year"])
    rows = rows.mutate(
        allocated=ibis.ifelse(_.bought.notnull(), _.granted.fill_null(0.0), _.granted),
        bought=_.bought.fill_null(0.0),
        sold=_.sold.fill_null(0.0),
        confidence=worst_of(_.grant_stated, _.buy_stated, _.sale_stated, _.confidence),
        demo=ibis.or_(
            *(rows[c].fill_null(False) for c in ("grant_demo", "buy_demo", "sale_demo", "demo"))
        ),
    )
    rows = beside(rows, _last_prices(years, deals), [*HOLDING, "year"])
    rows = with_base_price(rows, rights_prices, place_within, [*HOLDING, "year"], "last_day")
    return rows.select(
        *HOLDING,
        "year",
        "place",
        "allocated",
        "bought",
        "sold",
        "amount_used",
        "trade_price",
        "price_day",
        "base_price",
        "base_since",
        "confidence",
        "demo",
        held=_.allocated + _.bought - _.sold,
    )


def _years(grants: Table, deals: Table, used: Table, accounts: Table) -> Table:
    """The years that there is a position for, with the last day of each and the account's place."""
    year = _.begins.year().cast("int64")
    years = ibis.union(
        used.select(*HOLDING, "year"),
        grants.select(*HOLDING, year=year),
        deals.select("item", account="buyer", year=year).select(*HOLDING, "year"),
        deals.select("item", account="seller", year=year).select(*HOLDING, "year"),
        distinct=True,
    )
    placed = years.inner_join(accounts.select("account", "place"), "account")
    return placed.mutate(last_day=ibis.date(_.year.cast("int32"), 12, 31))


def _moved(years: Table, moves: Table, party: str) -> ibis.expr.types.GroupedTable:
    """What of an account's moves is in force on the last day of a year, by account, item, year."""
    named = moves.rename(holder=party, of_item="item", from_day="begins", to_day="ends")
    met = years.inner_join(
        named,
        [
            years.account == named.holder,
            years.item == named.of_item,
            named.from_day <= years.last_day,
            named.to_day.isnull() | (named.to_day >= years.last_day),
        ],
    )
    return met.group_by(*HOLDING, "year")


def _last_prices(years: Table, deals: Table) -> Table:
    """The price of the last trade of an item up to the end of each year, with its day."""
    priced = deals.filter(deals.trade_price.notnull()).select(
        "contract", of_item="item", trade_price="trade_price", price_day="traded"
    )
    met = years.inner_join(
        priced, [years.item == priced.of_item, priced.price_day <= years.last_day]
    )
    last = first_of(met, [*HOLDING, "year"], [_.price_day.desc(), _.contract.desc()])
    return last.select(*HOLDING, "year", "trade_price", "price_day")
