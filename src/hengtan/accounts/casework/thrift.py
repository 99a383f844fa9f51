"""Accounts: savings under contracts by their monthly bills, and of the five saving works."""

from __future__ import annotations

from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside

METER = ("contract", "carrier", "amount_unit")


@account(
    key=(*METER, "year"),
    unit="unit of the meter; yuan",
    cites=("hengtan:case_files",),
    maps={"contract_months": Same(*METER), "saving_contracts": Same("contract")},
)
def contract_years(contract_months: Table, saving_contracts: Table) -> Table:
    """Baseline and measured use of each carrier of a contract by year, from first month to last.

    The baseline of a month is the use of the same month of the base year, with the adjustment that
    is stated. It is priced at what the month's bill comes to per unit. ``unmatched``: months whose
    base month has no bill in the same unit; ``unpriced``: months without a price.
    """
    months = contract_months.mutate(
        year=_.period_end.year().cast("int64"),
        month=_.period_end.month(),
        told=as_reported(contract_months),
    )
    contracts = saving_contracts.select("contract", "begins", "ends", "base_year")
    months = months.inner_join(contracts, "contract")
    base = months.filter(_.year == _.base_year).select(
        *METER, "month", base_amount="amount", base_told="told", base_demo="_demo"
    )
    running = months.filter(
        _.year > _.base_year, _.period_start >= _.begins.truncate("M"), _.period_start <= _.ends
    )
    rows = beside(running, base, [*METER, "month"])
    rows = rows.mutate(
        expected=_.base_amount + _.adjusted.fill_null(0.0), price=_.bill / _.amount.nullif(0.0)
    )
    return rows.group_by(*METER, "year").agg(
        baseline=_.expected.sum(),
        adjusted=_.adjusted.sum(),
        measured=_.amount.sum(),
        months=_.count(),
        unmatched=_.base_amount.isnull().sum().cast("int64"),
        unpriced=_.price.isnull().sum().cast("int64"),
        base_cost=(_.expected * _.price).sum(),
        bill=_.bill.sum(),
        confidence=worst_in(worst_of(_.told, _.base_told)),
        demo=_._demo.any() | _.base_demo.fill_null(False).any(),
    )


@account(
    key=("place", "year", "category", "resource", "use_unit"),
    unit="unit of the resource; %",
    cites=("hengtan:case_files",),
    maps={
        "thrift_project_years": Same("resource", "use_unit"),
        "thrift_projects": Same("category"),
        "place_within": Same(within="place"),
    },
)
def thrift_years(thrift_project_years: Table, thrift_projects: Table, place_within: Table) -> Table:
    """What saving projects would have used at their use per output before, what they used, and the
    saving and its rate, by kind, resource and unit; kinds are never added. [%]
    """
    figures = thrift_project_years.mutate(
        year=_.period_end.year().cast("int64"), told=as_reported(thrift_project_years)
    )
    heads = thrift_projects.select("project", "place", "category")
    within = place_within.select("place", within="within")
    rows = figures.inner_join(heads, "project").inner_join(within, "place")
    rows = rows.mutate(expected=_.base_use / _.base_output.nullif(0.0) * _.actual_output)
    sums = rows.group_by("year", "category", "resource", "use_unit", place=_.within).agg(
        expected=_.expected.sum(),
        actual_use=_.actual_use.sum(),
        projects=_.project.nunique(),
        confidence=worst_in(_.told),
        demo=_._demo.any(),
    )
    return sums.mutate(use_saved=_.expected - _.actual_use).mutate(
        rate=100.0 * _.use_saved / _.expected.nullif(0.0)
    )
