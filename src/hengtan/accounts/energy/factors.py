"""Accounts: the factors a named set gives each product, in canonical units, with where each was
taken from.

A set's composition is data (pack table ``factor_set_members``): its own values, and values declared
to be taken from another set or product.
"""

from __future__ import annotations

from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import worst_in, worst_of
from hengtan.graph import Same, account

PARAMETERS = ("ncv", "carbon_content", "oxidation", "tce_coef")


@account(
    key=("factor_set", "product", "parameter"),
    unit="GJ, tC/GJ, 1 or tce per canonical unit",
    cites=("GB/T 2589-2020", "provguide"),
    maps={
        "factor_set_members": Same("factor_set", "product", "parameter"),
        "fuel_factors": Same(factor_set="taken_from", product="taken_as", parameter="parameter_of"),
        "factor_units": Same(unit="printed_unit"),
    },
)
def energy_factor_values(
    factor_set_members: Table, fuel_factors: Table, factor_units: Table
) -> Table:
    """Each parameter of each product in each set, as printed and per canonical unit (t, m3, kWh,
    GJ).
    """
    printed = fuel_factors.select(
        taken_from=_.factor_set,
        taken_as=_.product,
        parameter_of=_.parameter,
        printed=_.value,
        printed_unit=_.unit,
        factor_source=_.source,
        factor_confidence=_.confidence,
    )
    units = factor_units.select(printed_unit=_.unit, per_canonical=_.factor)
    rows = factor_set_members.inner_join(
        printed, ["taken_from", "taken_as", "parameter_of"]
    ).inner_join(units, "printed_unit")
    return rows.select(
        "factor_set",
        "product",
        "parameter",
        "taken_from",
        "taken_as",
        "parameter_of",
        "own",
        "reason_zh",
        "reason_en",
        "printed",
        "printed_unit",
        "factor_source",
        value=_.printed * _.per_canonical,
        confidence=worst_of(_.confidence, _.factor_confidence),
    )


@account(
    key=("factor_set", "product"),
    unit="GJ, tC/GJ, 1 and tce per canonical unit",
    cites=("GB/T 2589-2020", "provguide"),
    maps={"energy_factor_values": Same("factor_set", "product")},
)
def energy_factors(energy_factor_values: Table) -> Table:
    """The parameters of each product in each set side by side: ncv [GJ/unit], carbon_content
    [tC/GJ], oxidation [1], tce_coef [tce/unit].

    ``mixed`` says that at least one of them was taken from another set or product, as the set
    declares.
    """
    return energy_factor_values.group_by("factor_set", "product").agg(
        **{p: _.value.max(where=_.parameter == p) for p in PARAMETERS},
        mixed=(~_.own).max(),
        confidence=worst_in(_.confidence),
    )
