"""Accounts: the regional energy balance, top-down from statistics and bottom-up from enterprise
records, and its identities.

Rows keep the stored signs of the yearbook: outflow, export and closing stock negative,
transformation inputs negative, losses and use positive.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.energy.formulas import coal_equivalent, within
from hengtan.accounts.energy.parts import with_own
from hengtan.accounts.stated import as_reported, resting_on_weak, weak_share, worst_in, worst_of
from hengtan.graph import ORIGIN, Same, account, beside, newest_of
from hengtan.graph.codes import coded

CELL = ("place", "year", "method", "row", "product")
LN10 = 2.302585092994046
PRIMARY = ("raw_coal", "crude_oil", "natural_gas", "electricity")
"""Products whose own production is primary energy (identity I11); what else an enterprise makes is
recovered energy.
"""


@account(
    key=("_submission", "_row"),
    unit="canonical unit, or tce",
    cites=("yearbook.balance", "hengtan:precedence"),
    maps={
        "regional_balance": Same("_submission", "_row"),
        "balance_rows": Same(row="row"),
        "energy_products": Same("product"),
        "unit_factors": Same("unit"),
    },
)
def energy_balance_values(
    regional_balance: Table, balance_rows: Table, energy_products: Table, unit_factors: Table
) -> Table:
    """Each reported cell of a balance in its canonical unit with the stored sign of its row;
    ``half_digit`` is half its last printed digit.
    """
    signs = balance_rows.select("row", "stored_sign")
    products = energy_products.select("product", "balance_product", product_unit=_.canonical_unit)
    factors = unit_factors.select("unit", "canonical_unit", "factor")
    rows = (
        regional_balance.rename(row="balance_row")
        .pipe(beside, signs, "row")
        .pipe(beside, products, "product")
        .pipe(beside, factors, "unit")
    )
    printed = rows.value_original
    decimals = ibis.ifelse(printed.contains("."), printed.length() - printed.find(".") - 1, 0).cast(
        "float64"
    )
    amount = ibis.ifelse(rows.value_notation == "NO", 0.0, rows.value * rows.factor)
    signed = ibis.ifelse(rows.stored_sign == "-", -amount.abs(), amount)
    fits = ibis.ifelse(
        rows.quantity_kind == "standard",
        rows.canonical_unit == "tce",
        rows.canonical_unit == rows.product_unit,
    )
    return (
        rows.mutate(
            year=_.period_end.year().cast("int64"),
            amount=ibis.ifelse(fits, signed, ibis.null("float64")),
            half_digit=(decimals * -LN10).exp() * 0.5 * rows.factor,
            confidence=as_reported(rows),
            convention=ibis.coalesce(rows.convention, ibis.literal("none")),
            missing=ibis.ifelse(fits, ibis.null("string"), coded("unit_misfit_of_cell")),
        )
        .filter(_.period_kind == "year")
        .select(
            "_submission",
            "_row",
            "place",
            "year",
            "row",
            "product",
            "balance_product",
            "quantity_kind",
            "convention",
            "amount",
            "half_digit",
            "unit",
            "confidence",
            "missing",
            "publisher",
            "vintage",
            "_approved_at",
            *ORIGIN,
            "_demo",
        )
    )


@account(
    key=("place", "year", "row", "product"),
    unit="canonical unit; tce",
    cites=("yearbook.balance", "GB/T 2589-2020"),
    maps={
        "energy_balance_values": Same("place", "year", "product"),
        "energy_factors": Same("product"),
    },
)
def energy_balance_statistics(
    energy_balance_values: Table, energy_factors: Table, coal_equivalent_set: str = "nbs_form205"
) -> Table:
    """The balance top-down: of each cell the physical and the standard quantity (当量值); the
    newest approved counts. ``own_physical`` and ``own_tce``: what a cell counts beside its parts.

    Where only the physical quantity is reported the named set converts it; a standard quantity by
    等价值 is never taken for 当量值.
    """
    newest = newest_of(
        energy_balance_values.filter(_.amount.notnull()),
        ["place", "year", "row", "product", "quantity_kind", "convention"],
    )
    standard = (newest.quantity_kind == "standard") & (
        (newest.convention == "calorific") | (newest.product != "electricity")
    )
    cells = newest.group_by("place", "year", "row", "product").agg(
        physical=_.amount.max(where=_.quantity_kind == "physical"),
        reported_tce=_.amount.max(where=standard),
        half_physical=_.half_digit.max(where=_.quantity_kind == "physical"),
        half_tce=_.half_digit.max(where=standard),
        reported_confidence=worst_in(_.confidence),
        demo=_._demo.max(),
    )
    of_set = energy_factors.filter(_.factor_set == coal_equivalent_set).select(
        product=_.product, coefficient=_.tce_coef, factor_confidence=_.confidence
    )
    rows = beside(cells, of_set, "product")
    # power printed in coal equivalent by 当量值 is so many kWh; other products keep the one
    # quantity they have
    power = ibis.ifelse(
        _.product == "electricity", _.reported_tce / _.coefficient, ibis.null("float64")
    )
    basis = ibis.cases(
        (rows.reported_tce.notnull(), "reported"),
        (rows.coefficient.notnull(), coal_equivalent_set),
        else_=ibis.null("string"),
    )
    cells = rows.mutate(
        method=ibis.literal("statistics"),
        printed_physical=_.physical,
        physical=ibis.coalesce(_.physical, power),
        tce=ibis.coalesce(_.reported_tce, coal_equivalent(_.physical, _.coefficient)),
        half_tce=ibis.coalesce(_.half_tce, _.half_physical * _.coefficient),
        basis=basis,
        confidence=ibis.ifelse(
            _.reported_tce.notnull(),
            _.reported_confidence,
            worst_of(_.reported_confidence, _.factor_confidence),
        ),
    ).mutate(
        recalled_share=weak_share(_.confidence),
        missing=ibis.ifelse(
            _.tce.isnull() & (_.physical != 0),
            coded("no_set_coefficient", _.product),
            ibis.null("string"),
        ),
    )
    return with_own(cells)


@account(
    key=("place", "year", "row", "product"),
    unit="canonical unit; tce",
    cites=("balance.notes", "hengtan:balance-from-records"),
    maps={
        "energy_enterprise_tce": Same("place", "year", balance_product="product"),
        "industries": "all",
    },
)
def energy_balance_records(energy_enterprise_tce: Table, industries: Table) -> Table:
    """The balance bottom-up from enterprise records: final use by industry, transformation, own
    production, stocks. Records of a part of a year leave it incomplete.

    Own production of raw coal, crude oil, natural gas and power is primary energy; other own
    production is recovered energy. Inflow less outflow is what closes each product, and says so
    (``basis`` balancing).
    """
    known = industries.select(
        industry=_.industry, final_row=_.balance_row, other_row=_.transform_row
    )
    records = beside(energy_enterprise_tce, known, "industry").mutate(
        final_row=ibis.coalesce(_.final_row, ibis.literal("F.2.ind")),
        other_row=ibis.coalesce(_.other_row, ibis.literal("T.gas")),
        missing=ibis.coalesce(
            _.missing,
            ibis.ifelse(
                _.through < 12,
                coded("part_of_year", _.entity_name.coalesce(_.entity), _.through),
                ibis.null("string"),
            ),
        ),
    )

    def flow(name: str) -> Any:
        return ibis.coalesce(records[name], ibis.literal(0.0))

    turned = flow("in_power") + flow("in_heat") + flow("in_other")
    put_out_in = ibis.cases(
        (records.product == "electricity", "T.power"),
        (records.product == "heat", "T.heat"),
        else_=records.other_row,
    )
    own_row = ibis.ifelse(records.product.isin(PRIMARY), "S.prod", "T.rec")
    parts = [
        records.mutate(row=_.final_row, amount=flow("consumed") - turned),
        records.mutate(row=ibis.literal("F.2.ind.nonenergy"), amount=flow("feedstock")),
        records.mutate(row=ibis.literal("T.power"), amount=-flow("in_power")),
        records.mutate(row=ibis.literal("T.heat"), amount=-flow("in_heat")),
        records.mutate(row=_.other_row, amount=-flow("in_other")),
        records.mutate(row=put_out_in, amount=flow("transformation_out")),
        records.mutate(row=own_row, amount=flow("produced")),
        records.mutate(row=ibis.literal("S.stock"), amount=flow("stock_draw")),
    ]
    columns = [
        "place",
        "year",
        "row",
        "balance_product",
        "amount",
        "used_coefficient",
        "confidence",
        "demo",
        "missing",
    ]
    cells = (
        ibis.union(*(p.select(columns) for p in parts))
        .filter(_.amount != 0)
        .rename(product="balance_product")
    )
    grouped = (
        cells.group_by("place", "year", "row", "product")
        .agg(
            physical=_.amount.sum(),
            tce=(_.amount * _.used_coefficient).sum(),
            weak=resting_on_weak((_.amount * _.used_coefficient).abs(), _.confidence).sum(),
            gross=(_.amount * _.used_coefficient).abs().sum(),
            confidence=worst_in(_.confidence),
            demo=_.demo.max(),
            missing=_.missing.max(),
        )
        .mutate(basis=ibis.literal("records"))
    )
    whole = ibis.union(grouped, _closing(grouped).select(grouped.columns))
    return whole.mutate(
        method=ibis.literal("records"), recalled_share=_.weak / _.gross.nullif(0)
    ).drop("weak", "gross")


def _closing(cells: Table) -> Table:
    """Net inflow of each product as the item that closes S + T = F: positive is inflow, negative
    outflow.
    """
    sign = ibis.cases(
        (_.row.startswith("F") & (_.row != "F.2.ind.nonenergy"), 1.0),
        (_.row.startswith("T"), -1.0),
        (_.row.startswith("S"), -1.0),
        else_=0.0,
    )
    net = (
        cells.mutate(sign=sign)
        .group_by("place", "year", "product")
        .agg(
            physical=(_.physical * _.sign).sum(),
            tce=(_.tce * _.sign).sum(),
            weak=_.weak.sum(),
            gross=_.gross.sum(),
            confidence=worst_in(_.confidence),
            demo=_.demo.max(),
            missing=_.missing.max(),
        )
    )
    return net.mutate(
        row=ibis.ifelse(_.physical < 0, "S.out", "S.in"), basis=ibis.literal("balancing")
    )


@account(
    key=CELL,
    unit="canonical unit; tce",
    cites=("yearbook.balance",),
    maps={
        "energy_balance_statistics": Same("place", "year", "row", "product"),
        "energy_balance_records": Same("place", "year", "row", "product"),
    },
)
def energy_balance(energy_balance_statistics: Table, energy_balance_records: Table) -> Table:
    """The balance of each place and year by both methods, cell by cell; ``method`` is statistics or
    records. Methods are never added.
    """
    columns = [
        "place",
        "year",
        "method",
        "row",
        "product",
        "physical",
        "tce",
        "own_physical",
        "own_tce",
        "basis",
        "recalled_share",
        "confidence",
        "missing",
        "demo",
    ]
    # records hold no totals: each of their cells counts itself
    records = energy_balance_records.mutate(own_physical=_.physical, own_tce=_.tce)
    return ibis.union(energy_balance_statistics.select(columns), records.select(columns))


@account(
    key=("place", "year", "measure", "product", "identity"),
    unit="canonical unit, or tce",
    cites=("balance.notes",),
    maps={
        "energy_balance_statistics": Same("place", "year", "product"),
        "balance_identity_terms": Same("identity"),
    },
)
def energy_balance_identities(
    energy_balance_statistics: Table, balance_identity_terms: Table, balance_tolerance: float = 0.0
) -> Table:
    """Every identity of every column of a reported balance: what the terms leave over, and whether
    that is within their printed digits.

    ``balance_tolerance`` is a least tolerance for all columns. [canonical unit or tce] A row that
    is not reported counts as zero; an identity whose own left side is not reported is not
    applicable. ``gap`` is left side less right side.
    """
    cell = ("place", "year", "row", "product")
    physical = energy_balance_statistics.select(
        *cell,
        measure=ibis.literal("physical"),
        amount=_.printed_physical,
        half=_.half_physical,
    )
    standard = energy_balance_statistics.select(
        *cell, measure=ibis.literal("tce"), amount=_.reported_tce, half=_.half_tce
    )
    cells = ibis.union(physical, standard).filter(_.amount.notnull())
    terms = balance_identity_terms.select(
        identity=_.identity, row=_.row, sign=_.sign, left=_.left_side
    )
    met = cells.inner_join(terms, "row")
    rounding = met.half.sum() + met.amount.abs().max() * 1e-9
    sums = met.group_by("place", "year", "measure", "product", "identity").agg(
        gap=(_.amount * _.sign).sum(),
        tolerance=ibis.greatest(rounding, ibis.literal(balance_tolerance)),
        stated=_.left.max(),
        printed_terms=_.count(),
        left=(_.amount * _.sign).sum(where=_.left),
        right=-(_.amount * _.sign).sum(where=~_.left),
    )
    return sums.mutate(
        holds=ibis.ifelse(sums.stated, within(sums.gap, sums.tolerance) == 1, ibis.null("boolean")),
        reason=ibis.ifelse(_.stated, ibis.null("string"), coded("total_not_reported")),
    ).drop("stated")
