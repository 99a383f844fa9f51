"""Accounts: bills of all households from their readings, as one table on any engine, by the blocks
of the day of each reading; years and places of them.

A household whose bill asks for more than the blocks (its size, a shared meter, relief, time of
use) has no bill here: its case file has it.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.kernel_rows import kernel_table
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.basis.numeric import maximum
from hengtan.graph import Same, account, beside, kernel
from hengtan.graph.in_force import in_force
from hengtan.instruments.case_files.local import law_of_places
from hengtan.instruments.factors import DECIMALS_OF_CENTS, MONTHS_A_QUARTER
from hengtan.instruments.tariffs.blocks import SERVICES, parameter_names
from hengtan.instruments.tariffs.formulas import span_bill
from hengtan.instruments.tariffs.tables import TERMS, price_rows

ASKS_MORE = ("shared_meter", "on_relief", "time_of_use")
CITES = ("hengtan:rule_parameters",)


@kernel(
    key=("place", "service", "valid_from"),
    unit="CNY; kWh or m³",
    cites=CITES,
    maps={
        "households": Same("place", "service"),
        "local_parameters": "all",
        "rule_parameters": "all",
    },
)
def household_prices(
    households: pa.Table, local_parameters: pa.Table, rule_parameters: pa.Table
) -> pa.Table:
    """Blocks and prices of each place that has households, by service and stretch of days; a
    stretch in which anything is not established is left out.
    """
    named = {name for service in SERVICES for name in parameter_names(service)}
    law = [row for row in rule_parameters.to_pylist() if row["parameter"] in named]
    known = {(row["parameter"], row["key"]) for row in law}
    own = [
        row
        for row in local_parameters.to_pylist()
        if any(row["item"] == f"{name}.{key}" for name, key in known)
    ]
    dated = [*law_of_places(own, law), *law]
    places = sorted(pc.unique(households["place"]).to_pylist())
    rows = (
        {**row, "service": service, "place": row["region"], **_days(row)}
        for service in SERVICES
        for row in price_rows(dated, service, places)
    )
    terms = " ".join(TERMS)
    return kernel_table(rows, f"place:text service:text valid_from:text valid_to:text {terms}")


def _days(row: dict[str, Any]) -> dict[str, str | None]:
    days = {end: row[end] for end in ("valid_from", "valid_to")}
    return {end: day.isoformat() if day else None for end, day in days.items()}


@account(
    key=("household", "period"),
    unit="kWh or m³",
    cites=CITES,
    maps={"household_readings": Same("household", "period")},
)
def household_use(household_readings: Table) -> Table:
    """What a household used by reading, power or volume, with what was charged."""
    return household_readings.select(
        "household",
        "period",
        "period_kind",
        "period_end",
        "peak",
        "valley",
        "charged",
        quantity=ibis.coalesce(household_readings.power, household_readings.volume),
        confidence=as_reported(household_readings),
        demo=household_readings._demo,
    )


@account(
    key=("household", "period"),
    unit="CNY",
    cites=CITES,
    maps={
        "household_use": Same("household"),
        "households": Same("household"),
        "household_prices": Same("place", "service"),
    },
)
def household_bills(household_use: Table, households: Table, household_prices: Table) -> Table:
    """What each reading of a household costs by the blocks of its day, beside what was charged.

    Water and gas accumulate over the calendar year, power is billed by the reading, a quarter with
    three months of blocks. ``bill`` is missing where no blocks are established (``no_blocks``) and
    for a household that asks for more than the blocks (``by_file``).
    """
    heads = households.select(
        "household",
        "place",
        "service",
        by_file=_asks_more(households),
        of_head=as_reported(households),
    )
    readings = household_use.rename(stated="confidence").mutate(
        year=household_use.period_end.year().cast("int64")
    )
    of_year = ibis.window(
        group_by=["household", "year"], order_by="period_end", preceding=None, following=0
    )
    rows = beside(readings, heads, "household").mutate(so_far=_.quantity.sum().over(of_year))
    prices = household_prices.mutate(
        valid_from=_.valid_from.cast("date"), valid_to=_.valid_to.cast("date")
    )
    rows = in_force(rows, prices, on=("place", "service"), day="period_end")
    return _billed(rows).select(
        "household",
        "period",
        "year",
        "place",
        "service",
        "quantity",
        "so_far",
        "bill",
        "charged",
        "by_file",
        "demo",
        no_blocks=_.upper1.isnull(),
        confidence=worst_of(_.stated, _.of_head),
    )


def _asks_more(households: Table) -> Any:
    """Whether the bill of a household is more than its blocks."""
    flags = (households[name].fill_null(False) for name in ASKS_MORE)
    return reduce(or_, flags, households.people.notnull())


def _billed(rows: Table) -> Table:
    """Rows with the bill of each by its blocks, where it is by blocks alone. [CNY]"""
    is_power = rows.service == "power"
    months = ibis.ifelse(is_power & (rows.period_kind == "quarter"), MONTHS_A_QUARTER, 1)
    before = ibis.ifelse(is_power, 0.0, rows.so_far - rows.quantity)
    prices = {name: rows[name] for name in TERMS if name.startswith("price")}
    bill = span_bill(before, rows.quantity, rows.upper1 * months, rows.upper2 * months, **prices)
    return rows.mutate(bill=ibis.ifelse(rows.by_file, ibis.null("float64"), bill))


@account(
    key=("household", "year"),
    unit="CNY",
    cites=CITES,
    maps={"household_bills": Same("household", "year")},
)
def household_bill_years(household_bills: Table) -> Table:
    """Bills of a household in a year beside what was charged: the refund due to it, or what it
    owes; nothing of the three where a reading has no bill or no charge.
    """
    years = household_bills.group_by("household", "year").agg(
        place=_.place.max(),
        service=_.service.max(),
        readings=_.count(),
        unbilled=_.bill.isnull().sum(),
        uncharged=_.charged.isnull().sum(),
        quantity=_.quantity.sum(),
        of_bills=_.bill.sum(),
        charged=_.charged.sum(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    nothing = ibis.null("float64")
    bill = ibis.ifelse(years.unbilled == 0, years.of_bills, nothing)
    difference = ibis.ifelse(years.uncharged == 0, years.charged - bill, nothing).round(
        DECIMALS_OF_CENTS
    )
    return years.mutate(
        bill=bill,
        refund=maximum(difference, 0.0),
        owed=maximum(-difference, 0.0),
    ).drop("of_bills")


@account(
    key=("place", "service", "year"),
    unit="CNY",
    cites=CITES,
    maps={
        "household_bill_years": Same("service", "year"),
        "place_within": Same(within="place"),
    },
)
def household_bill_places(household_bill_years: Table, place_within: Table) -> Table:
    """Households of a place by service and year: how many are billed, what is due and charged, how
    many have a refund and how much; a place has what lies in it.
    """
    within = place_within.select("place", "within")
    rows = household_bill_years.inner_join(within, "place")
    return rows.group_by("service", "year", place=_.within).agg(
        households=_.count(),
        billed=_.bill.count(),
        quantity=_.quantity.sum(),
        bill=_.bill.sum(),
        charged=_.charged.sum(),
        refunds=(_.refund > 0).fill_null(False).sum().cast("int64"),
        refund=_.refund.sum(),
        owed=_.owed.sum(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
