"""Accounts: lines that bring power from outside - capacity, energy, and carbon by a factor that was
chosen and is named.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.power.formulas import derated, energy_sent, mixed_factor
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.basis.numeric import ratio
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

PERCENT = 100
KILOWATT_HOURS = 1e8
"""In the unit of the form, 亿千瓦时."""
KILO = 1e3
CITES = ("hengtan:grid_factors",)


@account(
    key=("place", "line"),
    unit="MW; kWh; t CO2",
    cites=CITES,
    maps={
        "power_lines": Same("place", "line"),
        "grid_factors": Same(grid="factor_grid", factor_kind="factor_kind"),
    },
)
def power_import_lines(power_lines: Table, grid_factors: Table) -> Table:
    """Each line from outside with its capability, what counts of it for the reserve, contracted
    energy and CO2.

    The factor is that of the sending mix, a published one of a grid, kind and year, or the
    contract's. A mix is of the energy sent, loss included; published and contract factors are of
    the energy received. A line whose factor was not chosen has no CO2.
    """
    lines = power_lines.filter(_.outside).mutate(sure=as_reported(power_lines))
    published = grid_factors.select(
        "factor_kind",
        factor_grid="grid",
        factor_year=_.data_year.cast("int64"),
        published=_.value,
        published_sure=_.confidence,
    )
    lines = lines.mutate(factor_year=_.factor_year.cast("int64"))
    rows = beside(lines, published, ["factor_grid", "factor_kind", "factor_year"])
    mix = mixed_factor(
        rows.mix_coal.fill_null(0.0) / PERCENT,
        rows.mix_coal_factor.fill_null(0.0),
        rows.mix_gas.fill_null(0.0) / PERCENT,
        rows.mix_gas_factor.fill_null(0.0),
    )
    factor = ibis.cases(
        (rows.factor_way == "mix", mix),
        (rows.factor_way == "published", rows.published),
        (rows.factor_way == "contract", rows.factor),
        else_=ibis.null("float64"),
    )
    energy = rows.yearly_energy * KILOWATT_HOURS
    counted = ibis.ifelse(
        rows.factor_way == "mix", energy_sent(energy, rows.loss.fill_null(0.0) / PERCENT), energy
    )
    name = ibis.cases(
        (rows.factor_way == "mix", ibis.literal("mix ") + rows.factor_source.fill_null("")),
        (
            rows.factor_way == "published",
            rows.factor_grid + " " + rows.factor_kind + " " + rows.factor_year.cast("string"),
        ),
        (rows.factor_way == "contract", ibis.literal("contract ") + rows.factor_source),
        else_=ibis.null("string"),
    )
    rows = rows.mutate(
        chosen=factor,
        counted=counted,
        energy_received=energy,
        factor_name=name,
        why=ibis.cases(
            (rows.factor_way.isnull(), coded("factor_not_chosen", rows.line)),
            (
                factor.isnull(),
                coded("factor_not_published", rows.factor_grid, rows.factor_kind, rows.factor_year),
            ),
            (rows.yearly_energy.isnull(), coded("no_contracted_energy", rows.line)),
            else_=ibis.null("string"),
        ),
    )
    return rows.select(
        "place",
        "line",
        "title",
        "sending",
        "status",
        "capacity",
        derated=derated(rows.capacity, rows.derating / PERCENT),
        energy=_.energy_received,
        factor=_.chosen,
        factor_name=_.factor_name,
        co2=_.counted * _.chosen / KILO,
        confidence=worst_of(rows.sure, rows.published_sure),
        missing=_.why,
        demo=_._demo,
    )


@account(
    key=("place", "status"),
    unit="MW; kWh; t CO2",
    cites=CITES,
    maps={"power_import_lines": Same("place", "status")},
)
def power_imports(power_import_lines: Table) -> Table:
    """Lines from outside together, those operating apart from those built or planned: capability
    by rating, derated, energy, CO2 and the factor of the whole.

    CO2 stands only where every line of the group has it. A line without a derating has no derated
    capability, and then the group has none.
    """
    rows = power_import_lines.mutate(
        open_co2=_.co2.isnull(), open_energy=_.energy.isnull(), open_derated=_.derated.isnull()
    )
    sums = rows.group_by("place", "status").agg(
        lines=_.count().cast("int64"),
        capacity=_.capacity.sum(),
        derated=_.derated.sum(),
        energy=_.energy.sum(),
        co2=_.co2.sum(),
        open_co2=_.open_co2.any(),
        open_energy=_.open_energy.any(),
        open_derated=_.open_derated.any(),
        confidence=worst_in(_.confidence),
        missing=_.missing.min(),
        demo=_.demo.any(),
    )
    whole = {
        name: ibis.ifelse(sums[f"open_{name}"], ibis.null("float64"), sums[name])
        for name in ("co2", "energy", "derated")
    }
    sums = sums.mutate(**whole)
    return sums.select(
        "place",
        "status",
        "lines",
        "capacity",
        "derated",
        "energy",
        "co2",
        factor=ratio(sums.co2 * KILO, sums.energy),
        confidence=_.confidence,
        missing=_.missing,
        demo=_.demo,
    )


@account(
    key=("place", "year"),
    unit="MW",
    cites=CITES,
    maps={"power_lines": Same("place"), "calendar_years": Same("year")},
)
def power_import_years(power_lines: Table, calendar_years: Table, judged_on: ibis.Value) -> Table:
    """Rated capability of the lines from outside that operate in each year up to the day judged.

    An operating line without its first year makes the year incomplete.
    """
    lines = power_lines.filter(_.outside & (_.status == "operating"))
    lines = lines.mutate(sure=as_reported(lines), first=lines.start_year.fill_null(0))
    years = calendar_years.select("year").filter(_.year <= judged_on.year())
    pairs = lines.select("place", "line", "capacity", "start_year", "first", "sure", "_demo")
    pairs = pairs.cross_join(years)
    standing = pairs.filter(pairs["first"] <= pairs.year)
    undated = ibis.ifelse(_.start_year.isnull(), _.line, ibis.null("string"))
    sums = standing.group_by("place", "year").agg(
        capacity=_.capacity.sum(),
        lines=_.count().cast("int64"),
        undated=undated.min(),
        confidence=worst_in(_.sure),
        demo=_._demo.any(),
    )
    return sums.mutate(
        missing=ibis.ifelse(
            sums.undated.notnull(), coded("line_without_year", sums.undated), ibis.null("string")
        )
    ).drop("undated")
