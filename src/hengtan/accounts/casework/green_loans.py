"""Accounts: green loans from their ledger to the statements of banks and places, and the CO2 cut of
the projects behind them.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.casework.formulas import baseline_less_project
from hengtan.accounts.stated import as_reported, known_sum, worst_in, worst_of
from hengtan.graph import Same, account, beside, first_of
from hengtan.graph.codes import coded

YEAR_END, LAST_OF_DECEMBER = 12, 31
STATISTICS = "GREEN-LOAN-STATISTICS"
NO_TEXT = ibis.null("string")


@account(
    key=("loan", "period"),
    unit="CNY",
    cites=(STATISTICS,),
    maps={"green_loan_balances": Same("loan", "period"), "green_loans": Same("loan")},
)
def green_loan_months(green_loan_balances: Table, green_loans: Table) -> Table:
    """Balance of each green loan at the end of a month, with bank, place and use.

    A loan without an item of the catalogue is none of green, and is left out.
    """
    loans = green_loans.filter(_.item.notnull()).select(
        "loan", "bank", "place", "item", of_loan=as_reported(green_loans), demo_loan=_._demo
    )
    months = green_loan_balances.mutate(of_balance=as_reported(green_loan_balances))
    rows = months.inner_join(loans, "loan")
    return rows.select(
        "loan",
        "period",
        "period_end",
        "bank",
        "place",
        "item",
        "balance",
        "bad",
        year=_.period_end.year().cast("int64"),
        month=_.period_end.month().cast("int64"),
        confidence=worst_of(rows.of_loan, rows.of_balance),
        demo=_._demo | _.demo_loan,
    )


@account(
    key=("loan", "year"),
    unit="CNY",
    cites=(STATISTICS,),
    maps={"green_loan_months": Same("loan", "year")},
)
def green_loan_years(green_loan_months: Table) -> Table:
    """Balance of each green loan at the last month reported of a year."""
    last = first_of(green_loan_months, ["loan", "year"], [_.period_end.desc()])
    return last.select("loan", "year", "month", "balance", "confidence", "demo")


@account(
    key=("place", "item", "period"),
    unit="CNY",
    cites=(STATISTICS,),
    maps={
        "green_loan_months": Same("period"),
        "place_within": Same(within="place"),
    },
)
def green_loan_statement(green_loan_months: Table, place_within: Table) -> Table:
    """Green loans by place, use and month: balance, loans, non-performing, and the share of the use
    in all green loans of the place.
    """
    placed = green_loan_months.inner_join(place_within.select("place", "within"), "place")
    uses = placed.group_by("item", "period", place=_.within).agg(
        balance=_.balance.sum(),
        bad=_.bad.sum(),
        loans=_.loan.nunique(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    whole = ibis.window(group_by=("place", "period"))
    return uses.mutate(share=uses.balance / uses.balance.sum().over(whole).nullif(0))


@account(
    key=("place", "year"),
    unit="CNY",
    cites=(STATISTICS,),
    maps={
        "green_loan_months": Same("year"),
        "green_loans": "all",
        "place_within": Same(within="place"),
    },
)
def green_loan_places(green_loan_months: Table, green_loans: Table, place_within: Table) -> Table:
    """Green loans by place at the end of a year; a year without its December has none.

    ``without_december``: loans lent and not repaid by then that have no balance of it; where there
    are any the sum is short of them, and ``missing`` says so.
    """
    ends = green_loan_months.filter(_.month == YEAR_END)
    within = place_within.select("place", "within")
    sums = (
        ends.inner_join(within, "place")
        .group_by("year", place=_.within)
        .agg(
            balance=_.balance.sum(),
            loans=_.loan.nunique(),
            confidence=worst_in(_.confidence),
            demo=_.demo.any(),
        )
    )
    silent = (
        _outstanding(green_loans, ends)
        .anti_join(ends, ["loan", "year"])
        .inner_join(within, "place")
        .group_by("year", place=_.within)
        .agg(without_december=_.count())
    )
    rows = beside(sums, silent, ["place", "year"])
    rows = rows.mutate(without_december=_.without_december.fill_null(0))
    return rows.mutate(
        missing=ibis.ifelse(_.without_december > 0, coded("loans_without_december"), NO_TEXT)
    )


def _outstanding(green_loans: Table, ends: Table) -> Table:
    """Green loans that were lent and not repaid at the end of each year that has a December."""
    years = ends.select("year").distinct()
    end = ibis.date(years.year.cast("int32"), YEAR_END, LAST_OF_DECEMBER)
    loans = green_loans.filter(_.item.notnull()).select("loan", "place", "begins", "repaid")
    each = loans.cross_join(years.mutate(year_end=end))
    lent = each.begins <= each.year_end
    is_open = each.repaid.isnull() | (each.repaid > each.year_end)
    return each.filter(lent & is_open).select("loan", "place", "year")


@account(
    key=("bank", "period"),
    unit="CNY",
    cites=(STATISTICS, "YINFA-2021-142"),
    maps={"green_bank_quarters": "all", "green_loan_months": Same("month")},
)
def green_bank_balances(green_bank_quarters: Table, green_loan_months: Table) -> Table:
    """A bank's green loans at the end of a quarter beside all its loans, its green bonds, the same
    a year before, and the green business of all banks of the ledger.

    A quarter whose last month has no balance in the ledger has none. What is non-performing is
    given where every loan says so, green business where the bank says what green bonds it holds,
    that of all banks where each of them does.
    """
    lent = green_loan_months.group_by("bank", "year", "month").agg(
        green=_.balance.sum(),
        bad=known_sum(_.bad),
        without_bad=_.bad.isnull().sum().cast("int64"),
        of_ledger=worst_in(_.confidence),
    )
    quarters = green_bank_quarters.select(
        "bank",
        "period",
        year=_.period_end.year().cast("int64"),
        month=_.period_end.month().cast("int64"),
        total=_.total_loans,
        bonds=_.green_bonds,
        stated=as_reported(green_bank_quarters),
        demo=_._demo,
    )
    rows = quarters.inner_join(lent, ["bank", "year", "month"])
    rows = rows.mutate(business=_.green + _.bonds)
    of_quarter = ibis.window(group_by=("year", "month"))
    is_whole = rows.business.count().over(of_quarter) == rows.count().over(of_quarter)
    rows = rows.mutate(market=ibis.ifelse(is_whole, rows.business.sum().over(of_quarter), None))
    before = rows.select(
        "bank",
        "month",
        year=_.year + 1,
        green_before=_.green,
        total_before=_.total,
        business_before=_.business,
    )
    rows = beside(rows, before, ["bank", "year", "month"])
    return rows.mutate(confidence=worst_of(rows.stated, rows.of_ledger)).drop("stated", "of_ledger")


@account(
    key=("project",),
    unit="t CO2/a",
    cites=("CREDIT-PROJECT-EFFECTS",),
    maps={"credit_project_effects": Same("project")},
)
def credit_project_cuts(credit_project_effects: Table) -> Table:
    """CO2 cut of a project a year, the sum of its items."""
    rows = credit_project_effects.mutate(
        part=baseline_less_project(_.baseline, _.with_project, _.factor),
        stated=as_reported(credit_project_effects),
    )
    return rows.group_by("project").agg(
        cut=_.part.sum(), items=_.count(), confidence=worst_in(_.stated), demo=_._demo.any()
    )
