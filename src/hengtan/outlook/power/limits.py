"""Limits of the whole system: fuel by tier, carbon, reserve margin, non-fossil share."""

from __future__ import annotations

from hengtan.accounts.energy.formulas import GJ_PER_TCE
from hengtan.basis.errors import ParameterNotEstablished
from hengtan.outlook.linear import Set
from hengtan.outlook.power.model import Model, Sum
from hengtan.outlook.power.parts import CleanShare


def add_fuel_tiers(model: Model) -> None:
    """Heat of the year, bought at the prices of its tiers."""
    for fuel in model.system.fuels:
        if not fuel.tiered:
            continue
        bought = model.program.variable(
            f"tiers {fuel.name}",
            len(fuel.supply),
            "GJ",
            upper=[tier.available for tier in fuel.supply],
            cost=[tier.price for tier in fuel.supply],
        )
        row = model.program.equal(f"heat {fuel.name}", 1, 0.0, "GJ")
        model.program.put(row[0], bought.at)
        model.heat[fuel.name].put(model.program, row[0], -1.0)


def add_carbon_cap(model: Model) -> None:
    """Carbon of fuel and of power from outside, within the cap."""
    cap = model.system.limits.carbon
    if cap is None:
        return
    limit = Set("碳排放上限", "carbon cap")
    row = model.program.row("carbon", 1, "tCO2", upper=cap, limit=limit)
    model.carbon.put(model.program, row[0])


def add_reserve(model: Model) -> None:
    """What counts as firm covers the highest demand and a margin."""
    margin = model.system.limits.reserve
    if margin is None:
        return
    peak = float(model.system.demand.sum(axis=0).max())
    limit = Set("备用率要求", "reserve margin")
    needed = (1.0 + margin) * peak - model.firm.constant
    row = model.program.row("reserve", 1, "MW", lower=needed, limit=limit)
    model.firm.put(model.program, row[0])


def add_clean_share(model: Model) -> None:
    """Share of non-fossil energy, electricity counted at the coal rate of the year.

    .. math::
        r N + n \\ge \\sigma \\left( r N + r B + H / q + o \\right)

    with N non-fossil power, B other power bought, H heat of fossil fuel burnt, r the coal rate, q
    the heat of a tce, o and n energy beside the power system and its non-fossil part.
    """
    asked = model.system.limits.clean
    if asked is None:
        return
    rate = coal_rate(asked) / 1000.0
    fossil = sum_of_fossil_heat(model)
    limit = Set("非化石能源占比要求", "non-fossil share")
    needed = asked.share * asked.other - asked.other_clean
    row = model.program.row("non-fossil", 1, "tce", lower=needed, limit=limit)
    model.clean.put(model.program, row[0], rate * (1.0 - asked.share))
    model.bought.put(model.program, row[0], -rate * asked.share)
    fossil.put(model.program, row[0], -asked.share / GJ_PER_TCE)


def sum_of_fossil_heat(model: Model) -> Sum:
    """Heat of all fossil fuels. [GJ/a]"""
    terms = [
        term for fuel in model.system.fuels if fuel.fossil for term in model.heat[fuel.name].terms
    ]
    return Sum(terms)


def coal_rate(asked: CleanShare) -> float:
    """The coal rate of the year [gce/kWh]; raises ``ParameterNotEstablished`` without it."""
    if asked.coal_rate is None:
        raise ParameterNotEstablished(
            "未填写当年发电煤耗，无法按电热当量口径折算非化石电力",
            "no coal rate of power generation of the year, so non-fossil power cannot be counted"
            " in coal equivalent",
            todo="在 local_parameters 表填写当年发电标准煤耗（克标准煤/千瓦时）及来源",
            todo_en="give the standard coal rate of the year (gce/kWh) in local_parameters, with"
            " its source",
        ).about(
            "coal_rate",
            ("中国能源统计年鉴或省级能源平衡表说明", "energy statistical yearbook of the year"),
        )
    return asked.coal_rate
