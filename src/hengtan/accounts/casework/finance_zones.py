"""Accounts: what the ledgers of loans, bonds and insurance hold of a green-finance reform zone."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.casework.green_loans import YEAR_END
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside

STATISTICS = "GREEN-LOAN-STATISTICS"


@account(
    key=("zone", "place", "year"),
    unit="CNY",
    cites=(STATISTICS,),
    maps={
        "finance_zones": Same("zone"),
        "green_loan_months": Same("year"),
        "place_within": "all",
    },
)
def zone_loan_places(finance_zones: Table, green_loan_months: Table, place_within: Table) -> Table:
    """Green loans of a zone at the end of December by the place that they were lent to, with the
    share of the place in those of the zone.
    """
    zones = finance_zones.select("zone", within="place", told=as_reported(finance_zones))
    lying = zones.inner_join(place_within.select("place", "within"), "within")
    ends = green_loan_months.filter(_.month == YEAR_END)
    rows = ends.inner_join(lying, "place")
    sums = rows.group_by("zone", "place", "year").agg(
        balance=_.balance.sum(),
        loans=_.loan.nunique(),
        confidence=worst_in(worst_of(_.told, _.confidence)),
        demo=_.demo.any(),
    )
    whole = ibis.window(group_by=("zone", "year"))
    return sums.mutate(share=sums.balance / sums.balance.sum().over(whole).nullif(0))


@account(
    key=("zone", "year"),
    unit="CNY",
    cites=("hengtan:case_files",),
    maps={
        "finance_zones": Same("zone"),
        "insurance_policies": "all",
        "place_within": "all",
        "calendar_years": Same("year"),
    },
)
def zone_insurance(
    finance_zones: Table,
    insurance_policies: Table,
    place_within: Table,
    calendar_years: Table,
    judged_on: ibis.Value,
) -> Table:
    """Green policies in force in a zone at the end of each year (on the day judged in the running
    one) and their sum insured, from the year that the first policy began; nought where none is in
    force.
    """
    zones = finance_zones.select("zone", "begins", within="place", told=as_reported(finance_zones))
    lying = zones.inner_join(place_within.select("place", "within"), "within")
    filed = insurance_policies.mutate(stated=as_reported(insurance_policies)).inner_join(
        lying, "place"
    )
    years = calendar_years.select("year").filter(_.year <= judged_on.year())
    years = years.mutate(day=ibis.least(ibis.date(_.year.cast("int32"), 12, 31), judged_on))
    first = filed.starts.min().over(ibis.window(group_by="zone"))
    filed = filed.mutate(since=ibis.greatest(first, filed.begins))
    pairs = filed.cross_join(years).filter(_.since.year() <= _.year)
    is_kept = pairs.surrendered.isnull() | (pairs.surrendered > pairs.day)
    in_force = (pairs.starts <= pairs.day) & (pairs.ends >= pairs.day) & is_kept
    counted = pairs.mutate(is_in_force=in_force.cast("int64"))
    return counted.group_by("zone", "year").agg(
        policies=_.is_in_force.sum().cast("int64"),
        insured=(_.sum_insured * _.is_in_force).sum(),
        confidence=worst_in(worst_of(_.told, _.stated)),
        demo=_._demo.any(),
    )


@account(
    key=("zone", "year"),
    unit="CNY",
    cites=(STATISTICS,),
    maps={
        "finance_zones": Same("zone"),
        "green_banks": "all",
        "green_bank_balances": Same("year"),
        "place_within": "all",
    },
)
def zone_banks(
    finance_zones: Table, green_banks: Table, green_bank_balances: Table, place_within: Table
) -> Table:
    """Green loans, all loans and green bonds of those banks of a zone that reported, at the end of
    the fourth quarter.

    ``banks``: those summed, with a return and loans of December; ``listed``: the banks of the list
    that are seated in the zone; ``bond_banks``: those that say what green bonds they hold.
    """
    zones = finance_zones.select("zone", within="place", told=as_reported(finance_zones))
    lying = zones.inner_join(place_within.select("place", "within"), "within")
    seats = green_banks.select("bank", "place").inner_join(lying, "place")
    listed = seats.group_by("zone").agg(listed=_.bank.nunique())
    ends = green_bank_balances.filter(_.month == YEAR_END)
    rows = ends.inner_join(seats.select("bank", "zone", "told"), "bank")
    sums = rows.group_by("zone", "year").agg(
        banks=_.bank.nunique(),
        bond_banks=_.bonds.count(),
        bank_green=_.green.sum(),
        bank_loans=_.total.sum(),
        bonds=_.bonds.sum(),
        confidence=worst_in(worst_of(_.told, _.confidence)),
        demo=_.demo.any(),
    )
    return beside(sums, listed, "zone")


@account(
    key=("zone", "year"),
    unit="CNY",
    cites=(STATISTICS,),
    maps={
        "finance_zones": Same("zone"),
        "green_loan_places": Same("year"),
        "zone_insurance": Same("zone", "year"),
        "zone_banks": Same("zone", "year"),
    },
)
def zone_years(
    finance_zones: Table, green_loan_places: Table, zone_insurance: Table, zone_banks: Table
) -> Table:
    """What the ledgers say of a zone by year: green loans lent to it, those and the bonds of its
    banks, and policies in force; a year that none of them speaks of has no row.

    ``loans_unreported``: green loans without a balance of December, of which the sum is short.
    """
    zones = finance_zones.select("zone", "place", "begins", told=as_reported(finance_zones))
    lent = green_loan_places.inner_join(zones, "place").filter(_.begins.year() <= _.year)
    loans = lent.select(
        "zone",
        "year",
        green_loans=lent.balance,
        loans_unreported=lent.without_december,
        of_loans=worst_of(lent.told, lent.confidence),
        demo_loans=lent.demo,
    )
    insured = zone_insurance.select(
        *("zone", "year", "policies", "insured"),
        of_policies=zone_insurance.confidence,
        demo_policies=zone_insurance.demo,
    )
    banks = zone_banks.select(
        *("zone", "year", "banks", "listed", "bank_green", "bank_loans", "bond_banks", "bonds"),
        of_banks=zone_banks.confidence,
        demo_banks=zone_banks.demo,
    )
    keys = ["zone", "year"]
    parts = (loans, insured, banks)
    rows = ibis.union(*(part.select(*keys) for part in parts), distinct=True)
    for part in parts:
        rows = beside(rows, part, keys)
    is_demo = [rows[f"demo_{of}"].fill_null(False) for of in ("loans", "policies", "banks")]
    rows = rows.mutate(
        confidence=worst_of(rows.of_loans, rows.of_policies, rows.of_banks),
        demo=is_demo[0] | is_demo[1] | is_demo[2],
    )
    return rows.select(
        *keys,
        *("green_loans", "loans_unreported", "policies", "insured"),
        *("banks", "listed", "bank_green", "bank_loans", "bond_banks", "bonds"),
        *("confidence", "demo"),
    )
