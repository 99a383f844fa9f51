"""Accounts: what the forms on waste report, by place, year, material and quantity, and what it
comes to for each place with all within it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.materials.formulas import (
    collectable_straw,
    dry_mass,
    estimated_waste,
    net_of_soil,
    theoretical_straw,
)
from hengtan.accounts.stated import as_reported, known_sum, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

REPORT = ("place", "year", "material", "quantity")
ALL = "all"
NOT_SOLID = ("spoil", "mud")
"""Classes of construction waste that the definition without spoil leaves out."""
HARMLESS = ("digested", "composted", "burnt", "material", "feed")
"""Paths on which sludge ends harmlessly; landfill, storing and no treatment do not count."""
WHOLE_YEAR = 12


def _stated(form: Table) -> Table:
    return form.mutate(told=as_reported(form), year=form.period_end.year().cast("int64"))


def totals_first(rows: Table, part: str, by: Sequence[str]) -> Table:
    """Rows without a part (a street, a firm) where there are some, since they state the total; else
    the rows of the parts.
    """
    has_total = rows[part].isnull().any().over(ibis.window(group_by=list(by)))
    return rows.mutate(has_total=has_total).filter(_[part].isnull() | ~_.has_total)


def _long(rows: Table, material: Any, amounts: Mapping[str, Any]) -> Table:
    """A row for each quantity of each row."""
    months = rows.period_end.month() if "months" in rows.columns else ibis.null("int64")
    parts = [
        rows.select(
            "place",
            "year",
            "told",
            "_demo",
            material=material,
            quantity=ibis.literal(quantity),
            amount=amount.cast("float64"),
            month=months.cast("int64"),
        )
        for quantity, amount in amounts.items()
    ]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _industrial(form: Table, bulk_wastes: Table) -> Table:
    """Solid waste by kind, over the bulk kinds and over all; which are bulk the form says, else the
    list of the pack.
    """
    rows = totals_first(_stated(form), "firm", ("place", "year", "waste"))
    kinds = bulk_wastes.select("waste", listed_bulk="bulk", listed="confidence")
    rows = beside(rows, kinds, "waste")
    amounts = {"sw_made": rows.made, "sw_used": rows.used, "sw_drawn": rows.drawn}
    by_list = ibis.ifelse(rows.bulk.isnull(), rows.listed, ibis.null("string"))
    bulk = rows.mutate(told=worst_of(rows.told, by_list)).filter(
        ibis.coalesce(rows.bulk, rows.listed_bulk)
    )
    of_bulk = {"sw_made": bulk.made, "sw_used": bulk.used, "sw_drawn": bulk.drawn}
    return ibis.union(
        _long(rows, rows.waste, amounts),
        _long(rows, ibis.literal(ALL), amounts),
        _long(bulk, ibis.literal("bulk"), of_bulk),
    )


def _household(form: Table) -> Table:
    rows = totals_first(_stated(form), "street", ("place", "year", "period")).mutate(months=1)
    amounts = {
        "msw_dry": rows.dry,
        "msw_wet": rows.wet,
        "msw_recyclables": rows.recyclables,
        "msw_cleared": rows.dry + rows.wet + rows.hazardous.fill_null(0.0),
        "msw_generated": rows.generated,
        "msw_wet_used": rows.wet_used,
        "msw_burnt": rows.burnt,
        "msw_landfilled": rows.landfilled,
    }
    return _long(rows, ibis.literal(ALL), amounts)


def _coverage(form: Table) -> Table:
    rows = totals_first(_stated(form), "street", ("place", "year", "kind"))
    estates, villages = rows.filter(_.kind == "estates"), rows.filter(_.kind == "villages")
    return _long(
        estates,
        ibis.literal(ALL),
        {"estates": estates.everything, "estates_sorting": estates.sorting},
    ).union(
        _long(
            villages,
            ibis.literal(ALL),
            {"villages_all": villages.everything, "villages_sorting": villages.sorting},
        )
    )


def _straw(form: Table) -> Table:
    rows = totals_first(_stated(form), "township", ("place", "year", "crop"))
    theoretical = theoretical_straw(rows.sown, rows.crop_yield, rows.straw_ratio)
    uses = rows.as_fertiliser + rows.as_feed + rows.as_fuel + rows.as_base + rows.as_material
    amounts = {
        "straw_theoretical": theoretical,
        "straw_collectable": collectable_straw(theoretical, rows.collectable_share),
        "straw_used": uses,
        "straw_bought": rows.bought,
        "straw_sold": rows.sold,
    }
    return _long(rows, rows.crop, amounts).union(_long(rows, ibis.literal(ALL), amounts))


def _manure(form: Table) -> Table:
    rows = totals_first(_stated(form), "township", ("place", "year", "farms", "species"))
    scale = rows.filter(_.farms == "scale")
    small_told = (rows.farms == "small").any().over(ibis.window(group_by=["place", "year"]))
    every = rows.mutate(small_told=small_told).filter(_.small_told)
    return _long(
        scale,
        ibis.literal(ALL),
        {"manure_scale_made": scale.made, "manure_scale_used": scale.used},
    ).union(
        _long(
            every,
            ibis.literal(ALL),
            {"manure_all_made": every.made, "manure_all_used": every.used},
        )
    )


def _film(form: Table) -> Table:
    rows = totals_first(_stated(form), "township", ("place", "year", "film"))
    amounts = {
        "film_used": rows.film_used,
        "film_weighed": rows.weighed,
        "film_net": net_of_soil(rows.weighed, rows.soil_share),
        "film_before": rows.from_before,
    }
    return _long(rows, rows.film, amounts).union(_long(rows, ibis.literal(ALL), amounts))


def _packs(form: Table) -> Table:
    rows = totals_first(_stated(form), "township", ("place", "year"))
    amounts = {
        "packs_made": rows.packs_made,
        "packs_pesticide": rows.pesticide,
        "packs_recovered": rows.recovered,
        "packs_disposed": rows.disposed,
        "packs_reused": rows.reused,
    }
    return _long(rows, ibis.literal(ALL), amounts)


def _construction(sites: Table, plants: Table) -> Table:
    """What sites made, weighed or by their floor area; what was used on them and in plants."""
    rows, works = _stated(sites), _stated(plants)
    generated = ibis.coalesce(rows.weighed, estimated_waste(rows.floor_area, rows.per_area))
    rows = rows.mutate(generated=generated)
    solid = rows.filter(~_.waste.isin(NOT_SOLID))
    solid_works = works.filter(~_.waste.isin(NOT_SOLID))
    every = ibis.literal(ALL)
    return ibis.union(
        _long(rows, every, {"cdw_made": rows.generated, "cdw_used": rows.on_site}),
        _long(works, every, {"cdw_used": works.recovered}),
        _long(solid, every, {"cdw_solid_made": solid.generated, "cdw_solid_used": solid.on_site}),
        _long(solid_works, every, {"cdw_solid_used": solid_works.recovered}),
    )


def _sludge(form: Table) -> Table:
    rows = _stated(form).filter(_.waste == "sludge")
    rows = rows.mutate(dry=dry_mass(rows.amount, rows.water_share))
    produced, safe = rows.filter(_.path == "made"), rows.filter(_.path.isin(HARMLESS))
    every = ibis.literal(ALL)
    return _long(
        produced, every, {"sludge_made_dry": produced.dry, "sludge_made_wet": produced.amount}
    ).union(
        _long(safe, every, {"sludge_harmless_dry": safe.dry, "sludge_harmless_wet": safe.amount})
    )


@account(
    key=REPORT,
    unit="t",
    cites=("hengtan:waste_rates",),
    maps={
        "solid_waste_years": Same("place"),
        "msw_months": Same("place"),
        "sorting_coverage": Same("place"),
        "waste_paths": Same("place"),
        "bulk_wastes": "all",
    },
)
def waste_reports(
    solid_waste_years: Table,
    msw_months: Table,
    sorting_coverage: Table,
    waste_paths: Table,
    bulk_wastes: Table,
) -> Table:
    """Quantities of industrial and household waste and of sludge, as ``material_reports``."""
    rows = ibis.union(
        _industrial(solid_waste_years, bulk_wastes),
        _household(msw_months),
        _coverage(sorting_coverage),
        _sludge(waste_paths),
    )
    return _summed(rows)


@account(
    key=REPORT,
    unit="t",
    cites=("hengtan:waste_rates",),
    maps={
        "straw_years": Same("place"),
        "manure_years": Same("place"),
        "film_years": Same("place"),
        "pesticide_pack_years": Same("place"),
    },
)
def farm_waste_reports(
    straw_years: Table, manure_years: Table, film_years: Table, pesticide_pack_years: Table
) -> Table:
    """Quantities of straw, manure, farm film and pesticide packs, as ``material_reports``."""
    return _summed(
        ibis.union(
            _straw(straw_years),
            _manure(manure_years),
            _film(film_years),
            _packs(pesticide_pack_years),
        )
    )


@account(
    key=REPORT,
    unit="t",
    cites=("hengtan:waste_rates",),
    maps={"cdw_sites": Same("place"), "cdw_plants": Same("place")},
)
def construction_waste_reports(cdw_sites: Table, cdw_plants: Table) -> Table:
    """Quantities of construction waste, as ``material_reports``."""
    return _summed(_construction(cdw_sites, cdw_plants))


@account(
    key=REPORT,
    unit="t",
    cites=("hengtan:waste_rates",),
    maps={
        "waste_reports": Same(*REPORT),
        "farm_waste_reports": Same(*REPORT),
        "construction_waste_reports": Same(*REPORT),
    },
)
def material_reports(
    waste_reports: Table, farm_waste_reports: Table, construction_waste_reports: Table
) -> Table:
    """The quantities that rates are made of, as a place itself reported them for a year, in t or
    pieces.

    A row without firm, street or township states the total and comes before its parts. A quantity
    with a blank among its rows is missing; of months, a year without twelve says how many it has.
    """
    return ibis.union(waste_reports, farm_waste_reports, construction_waste_reports)


def _summed(rows: Table) -> Table:
    """Sums of quantities, with what is missing in them."""
    sums = rows.group_by(*REPORT).agg(
        amount=known_sum(_.amount),
        blank=_.amount.isnull().any(),
        told_at_all=_.amount.notnull().any(),
        months=_.month.nunique().cast("int64"),
        monthly=_.month.notnull().any(),
        confidence=worst_in(_.told),
        demo=_._demo.any(),
    )
    sums = sums.filter(_.told_at_all).drop("told_at_all")
    return sums.mutate(
        missing=ibis.cases(
            (sums.blank, "quantity_blank"),
            (sums.monthly & (sums.months < WHOLE_YEAR), coded("months_of_year", sums.months)),
        )
    ).drop("blank", "monthly")


@account(
    key=REPORT,
    unit="t",
    cites=("hengtan:waste_rates",),
    maps={
        "material_reports": Same("year", "material", "quantity"),
        "two_networks": Same("place", "year"),
        "place_within": Same(within="place"),
        "places": "all",
    },
)
def material_quantities(
    material_reports: Table, two_networks: Table, place_within: Table, places: Table
) -> Table:
    """The quantities of a place: its own report where it has one, else the sum over the districts
    in it, with how many of them reported; and what the two networks recovered in it at least and at
    most. A country is not summed, for the districts on file are not all of its own.
    """
    kinds = places.select("place", place_kind=_.kind)
    districts = kinds.filter(_.place_kind == "district")
    country = kinds.filter(_.place_kind == "country").select(within="place")
    inner = place_within.filter(_.place != _.within).select("place", within="within")
    inner = inner.anti_join(country, "within")
    wanted = inner.inner_join(districts, "place").group_by("within").agg(districts=_.count())
    own = material_reports.select(*REPORT, "amount", "confidence", "demo", "missing").mutate(
        districts_reported=ibis.null("int64")
    )
    parts = material_reports.inner_join(districts, "place").inner_join(inner, "place")
    sums = parts.group_by("year", "material", "quantity", at=_.within).agg(
        amount=known_sum(_.amount),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
        lacking=_.missing.max(),
        districts_reported=_.place.nunique().cast("int64"),
    )
    sums = sums.rename(place="at")
    sums = beside(sums, wanted.select(place=_.within, districts=_.districts), "place")
    sums = sums.mutate(
        missing=ibis.cases(
            (
                sums.districts_reported < sums.districts,
                coded("districts_of", sums.districts_reported, sums.districts),
            ),
            else_=sums.lacking,
        )
    )
    reported = own.select(*REPORT)
    rest = sums.anti_join(reported, list(REPORT))
    columns = (*REPORT, "amount", "confidence", "demo", "missing", "districts_reported")
    return ibis.union(own.select(*columns), rest.select(*columns), *_of_networks(two_networks))


def _of_networks(two_networks: Table) -> list[Table]:
    """Both ends of the range of the two networks over all materials, as quantities."""
    sums = two_networks.group_by("place", "year").agg(
        low=_.once_low.sum(),
        high=_.once_high.sum(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    return [
        sums.select(
            "place",
            "year",
            material=ibis.literal(ALL),
            quantity=ibis.literal(f"networks_{end}"),
            amount=sums[end],
            confidence=sums.confidence,
            demo=sums.demo,
            missing=ibis.null("string"),
            districts_reported=ibis.null("int64"),
        )
        for end in ("low", "high")
    ]
