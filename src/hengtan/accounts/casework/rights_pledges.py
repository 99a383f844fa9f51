"""Account: rights that are pledged, at every day on which their price moved, beside what the
account holds and what is pledged of it.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.casework.rights import in_unit_of_item, moves_of, with_base_price
from hengtan.accounts.stated import as_reported, known_sum, worst_of
from hengtan.graph import Same, account, beside, first_of

MARK = ("pledge", "day")


@account(
    key=MARK,
    unit="t; tce; m³; CNY",
    cites=("hengtan:rights",),
    maps={
        "rights_pledges": Same("item"),
        "rights_grants": Same("item"),
        "rights_sales": Same("item"),
        "rights_prices": Same("item"),
        "place_within": "all",
        "unit_factors": "all",
    },
)
def pledge_marks(
    rights_pledges: Table,
    rights_grants: Table,
    rights_sales: Table,
    rights_prices: Table,
    place_within: Table,
    unit_factors: Table,
) -> Table:
    """Each pledge on the day it begins and on every later day with a trade or a new base price of
    its item until it is released: the newest price by then with its day, what the account holds
    that day, and what of it is pledged in all.

    A price that is not known is missing; a trade's price comes before a base price of one day.
    """
    pledges = in_unit_of_item(rights_pledges, unit_factors)
    pledges = pledges.mutate(stated=as_reported(pledges), last=ibis.coalesce(_.released, _.ends))
    marks = _days(pledges, rights_sales, rights_prices)
    marks = marks.pipe(beside, _held(marks, rights_sales, rights_grants, unit_factors), list(MARK))
    marks = marks.pipe(beside, _pledged(marks, pledges), list(MARK))
    marks = with_base_price(marks, rights_prices, place_within, list(MARK), "day")
    marks = marks.pipe(beside, _traded(marks, rights_sales), list(MARK))
    is_traded = marks.traded_at.notnull() & (
        marks.base_since.isnull() | (marks.traded_at >= marks.base_since)
    )
    return marks.select(
        *MARK,
        "account",
        "item",
        "quantity",
        "held",
        "pledged_in_all",
        period=marks.day.cast("string"),
        price=ibis.ifelse(is_traded, marks.traded_price, marks.base_price),
        price_day=ibis.ifelse(is_traded, marks.traded_at, marks.base_since),
        price_from=ibis.ifelse(is_traded, "rights_trades", "rights_prices"),
        confidence=worst_of(marks.stated, marks.trade_stated),
        demo=marks.is_demo,
    )


def _days(pledges: Table, sales: Table, prices: Table) -> Table:
    """The days that there is a mark of each pledge for."""
    moved = ibis.union(
        sales.filter(sales.trade_price.notnull()).select(of_item="item", day="traded"),
        prices.select(of_item="item", day="begins"),
        distinct=True,
    )
    own = pledges.select(
        "pledge",
        "account",
        "item",
        "place",
        "quantity",
        "begins",
        "last",
        "stated",
        is_demo="_demo",
    )
    later = own.inner_join(moved, own.item == moved.of_item)
    later = later.filter((_.day > _.begins) & (_.last.isnull() | (_.day <= _.last)))
    first = own.mutate(day=own.begins)
    return ibis.union(first, later.select(first.columns), distinct=True)


def _held(marks: Table, sales: Table, grants: Table, unit_factors: Table) -> Table:
    """What the account holds of the item on the day."""
    moves = moves_of(sales.rename(quantity="traded_amount"), in_unit_of_item(grants, unit_factors))
    met = marks.inner_join(
        moves,
        [
            marks.account == moves.holder,
            marks.item == moves.of_item,
            moves.move_begins <= marks.day,
            moves.move_ends.isnull() | (moves.move_ends >= marks.day),
        ],
    )
    return met.group_by(*MARK).agg(held=known_sum(_.moved))


def _pledged(marks: Table, pledges: Table) -> Table:
    """What of the account's item is pledged on the day, to whomever."""
    others = pledges.select(
        of_account="account",
        of_item="item",
        other_quantity="quantity",
        other_begins="begins",
        other_released="released",
    )
    met = marks.inner_join(
        others,
        [
            marks.account == others.of_account,
            marks.item == others.of_item,
            others.other_begins <= marks.day,
            others.other_released.isnull() | (others.other_released > marks.day),
        ],
    )
    return met.group_by(*MARK).agg(pledged_in_all=known_sum(_.other_quantity))


def _traded(marks: Table, sales: Table) -> Table:
    """The price of the last trade of the item by the day."""
    priced = sales.filter(sales.trade_price.notnull()).select(
        "contract",
        of_item="item",
        traded_price="trade_price",
        traded_at="traded",
        trade_stated="confidence",
    )
    met = marks.inner_join(priced, [marks.item == priced.of_item, priced.traded_at <= marks.day])
    last = first_of(met, MARK, [_.traded_at.desc(), _.contract.desc()])
    return last.select(*MARK, "traded_price", "traded_at", "trade_stated")
