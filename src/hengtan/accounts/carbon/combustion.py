"""Accounts: CO2, CH4 and N2O of burnt fuel from the regional balance (sectoral approach), and the
reference approach beside it.

Feedstock and other non-energy use is not burnt. Furnace gases whose carbon was counted with the
coke charged are not counted again, and say so.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import (
    apparent_carbon,
    approach_difference,
    burnt_energy,
    carbon_to_co2,
    fuel_co2,
    trace_gas,
)
from hengtan.accounts.energy.formulas import energy_content, energy_of_coal_equivalent
from hengtan.accounts.energy.parts import PARTS
from hengtan.accounts.stated import resting_on_weak, weak_share, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

GUIDE = "provguide2011.chapter1"


@account(
    key=("place", "year", "method", "row", "product"),
    unit="GJ",
    cites=(GUIDE, "IPCC 2006 Vol.2"),
    maps={
        "energy_balance": Same("place", "year", "method", "product"),
        "balance_rows": "all",
        "energy_factors": Same("product"),
        "energy_products": Same("product"),
    },
)
def carbon_burnt(
    energy_balance: Table,
    balance_rows: Table,
    energy_factors: Table,
    energy_products: Table,
    factor_set: str = "provguide2011",
) -> Table:
    """Energy of each fuel burnt in each row of the balance: final use less non-energy use, and what
    power and heat plants put in. [GJ]

    A physical quantity counts at the set's heat value, where it has one; else the coal equivalent
    at 29.3076 GJ/tce. A total whose parts are not all reported counts with what they leave over; a
    transformation that is not split may burn its input or not, so that is missing.
    """
    kinds = balance_rows.select(
        row=_.row,
        category=_.category,
        trace_sector=_.trace_sector,
        treatment=_.treatment,
        carbon_sector=_.carbon_sector,
        gpc=_.gpc,
    )
    fuels = energy_products.filter(_.fuel).select(
        product=_.product, group=_.group, biogenic=_.biogenic, counted_with=_.counted_with
    )
    chosen = energy_factors.filter(_.factor_set == factor_set).select("product", "ncv")
    cells = (
        energy_balance.inner_join(kinds, "row")
        .inner_join(fuels, "product")
        .pipe(beside, chosen, "product")
    )
    own = _.own_physical.notnull() | _.own_tce.notnull()
    is_unsplit = (_.row == "T") & (ibis.coalesce(_.own_physical, _.own_tce) < 0)
    cells = cells.filter(_.treatment.notnull() & own & ((_.row != "T") | is_unsplit)).mutate(
        energy=ibis.ifelse(
            _.row == "T",
            ibis.null("float64"),
            ibis.coalesce(
                energy_content(_.own_physical, _.ncv), energy_of_coal_equivalent(_.own_tce)
            ),
        ),
        basis=ibis.ifelse(_.own_physical.notnull() & _.ncv.notnull(), factor_set, "29.3076 GJ/tce"),
        missing=ibis.coalesce(
            _.missing,
            ibis.ifelse(
                _.row == "T",
                coded("transformation_not_split", _.product),
                ibis.null("string"),
            ),
        ),
    )
    # transformation inputs are stored negative; outputs of power and heat plants are no fuel burnt
    used = cells.filter(_.treatment == "burnt").mutate(
        used=ibis.ifelse(
            _.row.startswith("T") & _.energy.notnull(), ibis.greatest(-_.energy, 0.0), _.energy
        )
    )
    column = ["place", "year", "method", "product"]
    holding = used.group_by(column).agg(
        industry=(_.row == "F.2.ind").any(), secondary=(_.row == "F.2").any()
    )
    # kept as material is a part of industry, or of the total in which industry is not split
    kept = cells.filter(_.treatment == "non_energy").pipe(beside, holding, column)
    kept = kept.select(
        *column,
        row=ibis.cases((_.industry, "F.2.ind"), (_.secondary, "F.2"), else_="F"),
        non_energy=_.energy,
    )
    rows = beside(used, kept, ["place", "year", "method", "row", "product"])
    rows = rows.mutate(non_energy=ibis.coalesce(_.non_energy, ibis.literal(0.0)))
    return (
        rows.mutate(burnt=burnt_energy(_.used, _.non_energy))
        .filter((_.burnt != 0) | _.burnt.isnull())
        .select(
            "place",
            "year",
            "method",
            "row",
            "product",
            "group",
            "biogenic",
            "counted_with",
            "category",
            "trace_sector",
            "carbon_sector",
            "gpc",
            "used",
            "non_energy",
            "burnt",
            "basis",
            factor_set=ibis.literal(factor_set),
            balance_confidence=_.confidence,
            missing=_.missing,
            demo=_.demo,
        )
    )


@account(
    key=("place", "year", "method", "row", "product", "gas"),
    unit="t gas",
    cites=(GUIDE, "IPCC 2006 Vol.2 Eq. 2.1-2.2"),
    maps={
        "carbon_burnt": Same("place", "year", "method", "row", "product"),
        "energy_factors": Same("factor_set", "product"),
        "trace_factors": Same("trace_sector", "product", "gas"),
        "factor_units": "all",
    },
)
def carbon_fuel(
    carbon_burnt: Table,
    energy_factors: Table,
    trace_factors: Table,
    factor_units: Table,
    furnace_gas: str = "with_coke",
) -> Table:
    """CO2, CH4 and N2O of each fuel in each row. CO2 of biomass is a memo item (``counted`` false),
    as is CO2 of furnace gas under ``with_coke``.

    ``furnace_gas``: with_coke (its carbon was counted with the coke charged) or separate. Without a
    factor the emission is missing and says which.
    """
    chosen = energy_factors.select(
        "factor_set",
        "product",
        "carbon_content",
        "oxidation",
        "mixed",
        factor_confidence=_.confidence,
    )
    rows = beside(carbon_burnt, chosen, ["factor_set", "product"])
    again = rows.counted_with.notnull() & (ibis.literal(furnace_gas) == "with_coke")
    lacks_factor = rows.carbon_content.isnull() | rows.oxidation.isnull()
    no_factor = coded("no_carbon_factor", rows.factor_set, rows.product)
    co2 = rows.mutate(
        gas=ibis.literal("CO2"),
        emission=fuel_co2(_.burnt, _.carbon_content, _.oxidation),
        counted=~again & ~_.biogenic,
        confidence=worst_of(_.balance_confidence, _.factor_confidence),
        note=ibis.cases(
            (again, coded("counted_with_coke")),
            (_.biogenic, coded("biomass_is_memo")),
            (_.row.isin(tuple(PARTS)), coded("total_not_split")),
            else_=ibis.null("string"),
        ),
        missing=ibis.coalesce(
            _.missing, ibis.ifelse(lacks_factor & ~again, no_factor, ibis.null("string"))
        ),
    )
    units = factor_units.select(unit=_.unit, per_gj=_.factor)
    traces = trace_factors.inner_join(units, "unit").select(
        "trace_sector", "product", "gas", factor=_.value * _.per_gj, trace_confidence=_.confidence
    )
    trace = rows.inner_join(traces, ["trace_sector", "product"]).mutate(
        emission=trace_gas(_.burnt, _.factor),
        counted=ibis.literal(True),
        confidence=worst_of(_.balance_confidence, _.trace_confidence),
        note=ibis.literal(coded("ipcc_default")),
    )
    columns = [
        "place",
        "year",
        "method",
        "row",
        "product",
        "gas",
        "group",
        "category",
        "trace_sector",
        "carbon_sector",
        "gpc",
        "burnt",
        "emission",
        "counted",
        "mixed",
        "note",
        "factor_set",
        "confidence",
        "missing",
        "demo",
    ]
    return ibis.union(co2.select(columns), trace.select(columns)).mutate(
        recalled_share=weak_share(_.confidence), furnace_gas=ibis.literal(furnace_gas)
    )


@account(
    key=("place", "year", "method", "product"),
    unit="t CO2",
    cites=("IPCC 2006 Vol.2 Ch.6", "provguide2011.reference"),
    maps={
        "energy_balance": Same("place", "year", "method", "product"),
        "energy_factors": Same("product"),
        "energy_products": Same("product"),
    },
)
def carbon_reference(
    energy_balance: Table,
    energy_factors: Table,
    energy_products: Table,
    factor_set: str = "provguide2011",
) -> Table:
    """The reference approach: carbon in the apparent consumption of each fuel, less what non-energy
    use fixes. [t CO2]

    Supply is the row S, or its parts where it is not reported; made by transformation is no supply,
    so secondary fuels count with trade and stocks only.
    """
    chosen = energy_factors.filter(_.factor_set == factor_set).select(
        "product", "ncv", "carbon_content", "oxidation", factor_confidence=_.confidence
    )
    fuels = energy_products.filter(_.fuel & ~_.biogenic).select("product", "group")
    cells = energy_balance.inner_join(fuels, "product").pipe(beside, chosen, "product")
    cells = cells.mutate(
        energy=ibis.coalesce(energy_content(_.physical, _.ncv), energy_of_coal_equivalent(_.tce))
    )
    sums = cells.group_by("place", "year", "method", "product").agg(
        stated=_.energy.sum(where=_.row == "S"),
        parts=_.energy.sum(where=_.row.startswith("S.") & (_.row != "S.rec")),
        non_energy=_.energy.sum(where=_.row == "F.2.ind.nonenergy"),
        carbon_content=_.carbon_content.max(),
        oxidation=_.oxidation.max(),
        confidence=worst_of(worst_in(_.confidence), worst_in(_.factor_confidence)),
        demo=_.demo.max(),
    )
    sums = sums.mutate(
        supply=ibis.coalesce(_.stated, _.parts, ibis.literal(0.0)),
        non_energy=ibis.coalesce(_.non_energy, ibis.literal(0.0)),
    )
    return (
        sums.mutate(carbon=apparent_carbon(_.supply, _.non_energy, _.carbon_content))
        .mutate(
            emission=carbon_to_co2(_.carbon, _.oxidation),
            recalled_share=weak_share(_.confidence),
            factor_set=ibis.literal(factor_set),
            missing=ibis.ifelse(
                (_.carbon_content.isnull() | _.oxidation.isnull()) & (_.supply != 0),
                coded("no_carbon_factor", factor_set, _.product),
                ibis.null("string"),
            ),
        )
        .drop("stated", "parts")
    )


@account(
    key=("place", "year", "method"),
    unit="t CO2",
    cites=("IPCC 2006 Vol.2 Ch.6",),
    maps={
        "carbon_fuel": Same("place", "year", "method"),
        "carbon_reference": Same("place", "year", "method"),
    },
)
def carbon_approaches(carbon_fuel: Table, carbon_reference: Table) -> Table:
    """The sectoral and the reference approach side by side and their difference; normally within 5
    %.
    """
    sectoral = (
        carbon_fuel.filter((_.gas == "CO2") & _.counted)
        .group_by("place", "year", "method")
        .agg(
            sectoral=_.emission.sum(),
            weak=resting_on_weak(_.emission, _.confidence).sum(),
            confidence=worst_in(_.confidence),
            missing=_.missing.max(),
            demo=_.demo.max(),
        )
    )
    reference = carbon_reference.group_by("place", "year", "method").agg(
        reference=_.emission.sum(), reference_missing=_.missing.max()
    )
    rows = beside(sectoral, reference, ["place", "year", "method"])
    return rows.mutate(
        difference=_.reference - _.sectoral,
        difference_share=approach_difference(rows.reference, rows.sectoral),
        recalled_share=_.weak / _.sectoral,
    ).drop("weak")
