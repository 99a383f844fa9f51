"""Accounts: emissions and removals that are activity times factors: processes, fugitive gas, agriculture, land, waste; and bought power and heat.

Which factors a source multiplies, in which guide, is data (pack table ``inventory_sources``).
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import heat_co2, power_co2, source_emission
from hengtan.accounts.stated import resting_on_weak, weak_share, worst_in, worst_of
from hengtan.graph import Same, account

LETTERS = ("a", "b", "c", "d")
FORMS = ("industrial_products", "farm_activity", "forest_activity", "waste_activity")


@account(
    key=("_submission", "_row"),
    unit="canonical unit of the item",
    cites=("省级温室气体清单编制指南（试行）2011",),
    maps={
        **{form: Same("_submission", "_row") for form in FORMS},
        "activity_items": Same("item"),
        "unit_factors": "all",
    },
)
def carbon_activity(
    industrial_products: Table,
    farm_activity: Table,
    forest_activity: Table,
    waste_activity: Table,
    activity_items: Table,
    unit_factors: Table,
) -> Table:
    """Activity data of all forms in the canonical unit of their item; ``mode`` is the way of feeding or the kind of site, else none."""
    none, gone = ibis.literal("none"), ibis.null("string")
    common = (
        "_submission",
        "_row",
        "place",
        "item",
        "amount",
        "amount_notation",
        "unit",
        "period_kind",
        "period_end",
        "_approved_at",
        "_file",
        "_sheet",
        "_source_row",
        "_submitted_by",
        "_approved_by",
        "_demo",
    )
    parts = [
        industrial_products.select(
            *common,
            mode=none,
            entity=_.entity,
            facility=_.facility,
            recovered=ibis.null("float64"),
            recovered_unit=gone,
            form=ibis.literal("industrial_products"),
        ),
        farm_activity.select(
            *common,
            mode=ibis.coalesce(_.mode, none),
            entity=gone,
            facility=gone,
            recovered=ibis.null("float64"),
            recovered_unit=gone,
            form=ibis.literal("farm_activity"),
        ),
        forest_activity.select(
            *common,
            mode=none,
            entity=gone,
            facility=gone,
            recovered=ibis.null("float64"),
            recovered_unit=gone,
            form=ibis.literal("forest_activity"),
        ),
        waste_activity.select(
            *common,
            mode=ibis.coalesce(_.site, none),
            entity=gone,
            facility=gone,
            recovered=_.recovered,
            recovered_unit=_.recovered_unit,
            form=ibis.literal("waste_activity"),
        ),
    ]
    rows = ibis.union(*parts)
    items = activity_items.select(item=_.item, item_unit=_.unit, item_category=_.category)
    factors = unit_factors.select(unit=_.unit, canonical_unit=_.canonical_unit, factor=_.factor)
    rows = (
        rows.left_join(items, "item")
        .drop("item_right")
        .left_join(factors, "unit")
        .drop("unit_right")
    )
    rows = rows.left_join(
        factors.select(item_unit=_.unit, item_canonical=_.canonical_unit), "item_unit"
    ).drop("item_unit_right")
    rows = rows.left_join(
        factors.select(recovered_unit=_.unit, recovered_factor=_.factor), "recovered_unit"
    ).drop("recovered_unit_right")
    fits = rows.canonical_unit == rows.item_canonical
    return rows.mutate(
        year=_.period_end.year().cast("int64"),
        month=_.period_end.month(),
        amount=ibis.ifelse(
            fits,
            ibis.ifelse(_.amount_notation == "NO", 0.0, _.amount * _.factor),
            ibis.null("float64"),
        ),
        recovered=ibis.coalesce(_.recovered * _.recovered_factor, ibis.literal(0.0)),
        province=_.place.substr(0, 2) + "0000",
        entity=ibis.coalesce(_.entity, ibis.literal("")),
        facility=ibis.coalesce(_.facility, ibis.literal("")),
        missing=ibis.ifelse(
            fits, gone, "计量单位与项目不符：" + ibis.coalesce(_.unit, ibis.literal("空"))
        ),
    ).drop(
        "amount_notation",
        "unit",
        "item_unit",
        "factor",
        "recovered_unit",
        "recovered_factor",
        "canonical_unit",
    )


@account(
    key=("place", "year", "form", "item", "mode", "entity", "facility"),
    unit="canonical unit of the item",
    cites=("hengtan:year-of-records",),
    maps={"carbon_activity": Same("place", "year", "form", "item", "mode", "entity", "facility")},
)
def carbon_activity_year(carbon_activity: Table) -> Table:
    """Activity of each year, item and mode, from the kind of record that reaches furthest: a year or a day, a cumulative from January, or months added up."""
    unit = ["place", "year", "form", "item", "mode", "entity", "facility"]
    rows = carbon_activity.mutate(
        kind=ibis.cases(
            (_.period_kind == "month", "months"),
            (_.period_kind == "cumulative", "cumulative"),
            else_="year",
        )
    )
    nth = ibis.row_number().over(
        ibis.window(
            group_by=[*unit, "kind", "period_end"],
            order_by=[_._approved_at.desc(), _._submission.desc(), _._row.desc()],
        )
    )
    rows = rows.mutate(nth=nth).filter(_.nth == 0)
    months = (
        rows.filter(_.kind == "months")
        .group_by(*unit, "kind")
        .agg(
            **_carried(),
            amount=_.amount.sum(),
            recovered=_.recovered.sum(),
            through=_.month.nunique().cast("int64"),
        )
    )
    last = ibis.row_number().over(
        ibis.window(group_by=[*unit, "kind"], order_by=_.period_end.desc())
    )
    spans = (
        rows.filter(_.kind != "months")
        .mutate(last=last)
        .filter(_.last == 0)
        .group_by(*unit, "kind")
        .agg(
            **_carried(),
            amount=_.amount.max(),
            recovered=_.recovered.max(),
            through=ibis.ifelse(_.kind.max() == "year", 12, _.month.max()).cast("int64"),
        )
    )
    both = ibis.union(months, spans)
    best = ibis.row_number().over(
        ibis.window(group_by=unit, order_by=[_.through.desc(), _.kind.desc()])
    )
    return both.mutate(best=best).filter(_.best == 0).drop("best").rename(basis="kind")


def _carried() -> dict[str, object]:
    return {
        "province": _.province.max(),
        "item_category": _.item_category.max(),
        "missing": _.missing.max(),
        "demo": _._demo.max(),
    }


@account(
    key=("source_id", "region"),
    unit="as the factors of the source",
    cites=("省级温室气体清单编制指南（试行）2011", "2006 IPCC Guidelines"),
    maps={
        "inventory_sources": Same("source_id"),
        "inventory_factors": "all",
        "factor_regions": "all",
    },
)
def carbon_source_factors(
    inventory_sources: Table, inventory_factors: Table, factor_regions: Table
) -> Table:
    """The factors of each source side by side for each region it may stand in: that of the region, else the national one.

    A value of low certainty is not established: it is missing, as is a factor no table gives for the region; ``unknown`` counts those.
    """
    places = (
        inventory_factors.filter(~_.region.isin(("national",)))
        .select(region_kind=ibis.literal("place"), region=_.region)
        .distinct()
    )
    regions = ibis.union(
        factor_regions.select("region_kind", "region").distinct(),
        places,
        factor_regions.select(
            region_kind=ibis.literal("national"), region=ibis.literal("national")
        ).distinct(),
    )
    sources = inventory_sources.inner_join(regions, "region_kind")
    named = {**{letter: f"factor_{letter}" for letter in LETTERS}, "o": "oxidation"}
    wanted = ibis.union(
        *(
            sources.select(
                "source_id", "region", letter=ibis.literal(letter), factor=sources[column]
            )
            for letter, column in named.items()
        )
    ).filter(_.factor.notnull())
    values = inventory_factors.select("factor", "region", "value", "confidence", "certainty")
    own = values.filter(_.region != "national")
    nation = values.filter(_.region == "national").select(
        "factor", national=_.value, national_confidence=_.confidence, national_certainty=_.certainty
    )
    met = (
        wanted.left_join(own, ["factor", "region"])
        .drop("factor_right", "region_right")
        .left_join(nation, "factor")
        .drop("factor_right")
    )
    met = met.mutate(
        value=ibis.coalesce(_.value, _.national),
        confidence=ibis.coalesce(_.confidence, _.national_confidence),
        certainty=ibis.coalesce(_.certainty, _.national_certainty, ibis.literal("")),
    )
    met = met.mutate(value=ibis.ifelse(_.certainty == "low", ibis.null("float64"), _.value))
    return met.group_by("source_id", "region").agg(
        **{f"value_{letter}": _.value.max(where=_.letter == letter) for letter in named},
        unknown=_.value.isnull().sum(),
        factor_confidence=worst_in(_.confidence),
    )


@account(
    key=("place", "year", "form", "item", "mode", "entity", "facility", "source_id"),
    unit="t gas",
    cites=("省级温室气体清单编制指南（试行）2011", "2006 IPCC Guidelines"),
    maps={
        "carbon_activity_year": Same("place", "year", "form", "item", "mode", "entity", "facility"),
        "inventory_sources": Same("item"),
        "factor_regions": Same("province"),
        "carbon_source_factors": Same("source_id", "region"),
    },
)
def carbon_sources(
    carbon_activity_year: Table,
    inventory_sources: Table,
    factor_regions: Table,
    carbon_source_factors: Table,
    guide: str = "2011",
) -> Table:
    """Emission or removal of each source of a guide: the product of activity and its factors, less recovery, times what is not oxidised.

    An activity whose guide edition gives no source, or whose factor is not established for the region, has no emission and says which document is needed.
    """
    unit = ["place", "year", "form", "item", "mode", "entity", "facility"]
    sources = inventory_sources.filter(_.guide == guide).rename(
        source_mode="mode", source_confidence="confidence"
    )
    held = carbon_activity_year.filter(_.item_category.notnull())
    met = held.inner_join(sources.drop("_pack", "_file", "_row", "source"), "item").filter(
        (_.source_mode == "any") | (_.source_mode == _.mode)
    )
    met = met.left_join(
        factor_regions.select("province", "region_kind", region=_.region),
        ["province", "region_kind"],
    ).drop("province_right", "region_kind_right")
    met = met.mutate(
        region=ibis.cases(
            (_.region_kind == "national", "national"),
            (_.region_kind == "place", _.province),
            else_=_.region,
        )
    )
    met = met.left_join(carbon_source_factors, ["source_id", "region"]).drop(
        "source_id_right", "region_right"
    )
    unknown = ibis.coalesce(met.unknown, ibis.literal(1)) > 0
    given = {
        letter: ibis.ifelse(
            unknown,
            ibis.null("float64"),
            ibis.coalesce(met[f"value_{letter}"], ibis.literal(0.0 if letter == "o" else 1.0)),
        )
        for letter in (*LETTERS, "o")
    }
    emission = source_emission(
        met.amount,
        given["a"],
        given["b"],
        given["c"],
        given["d"],
        met.multiplier,
        ibis.ifelse(met.minus_recovered, met.recovered, 0.0),
        given["o"],
    )
    made = met.mutate(
        emission=emission,
        confidence=worst_of(met.factor_confidence, met.source_confidence),
        missing=ibis.coalesce(
            met.missing,
            ibis.ifelse(
                unknown,
                "因子未确立（"
                + met.source_id
                + "，区域 "
                + ibis.coalesce(met.region, ibis.literal("—"))
                + "）：查指南相应表格",
                ibis.null("string"),
            ),
        ),
    )
    columns = [
        *unit,
        "province",
        "source_id",
        "category",
        "gas",
        "amount",
        *(f"value_{letter}" for letter in LETTERS),
        "multiplier",
        "recovered",
        "emission",
        "region",
        "confidence",
        "missing",
        "basis",
        "through",
        "demo",
    ]
    made = made.select(columns)
    # what a guide has a category for, but no factor for this way of feeding or kind of site; and items it has no source for at all
    asked = held.inner_join(sources.select("item", "category").distinct(), "item").anti_join(
        met.select(*unit, "category"), [*unit, "category"]
    )
    strange = held.anti_join(sources.select("item"), "item").mutate(category=_.item_category)
    lost = ibis.union(
        asked.select(*held.columns, "category"), strange.select(*held.columns, "category")
    ).select(
        *unit,
        "province",
        source_id="none." + _.category,
        category=_.category,
        gas=ibis.null("string"),
        amount=_.amount,
        **{f"value_{letter}": ibis.null("float64") for letter in LETTERS},
        multiplier=ibis.null("float64"),
        recovered=_.recovered,
        emission=ibis.null("float64"),
        region=ibis.null("string"),
        confidence=ibis.null("string"),
        missing="指南 "
        + guide
        + " 没有“"
        + _.item
        + "”（方式 "
        + _.mode
        + "）的因子：须取得指南相应表格，或填明饲养方式、填埋场类型",
        basis=_.basis,
        through=_.through,
        demo=_.demo,
    )
    return ibis.union(made, lost.select(columns)).mutate(
        recalled_share=weak_share(_.confidence), guide=ibis.literal(guide)
    )


@account(
    key=("place", "year", "entity", "product", "direction", "counterpart"),
    unit="t CO2",
    cites=("生态环境部 电力二氧化碳排放因子公告", "企业温室气体排放核算方法与报告指南"),
    maps={
        "energy_exchange": Same("place"),
        "unit_factors": "all",
        "grid_factors": "all",
        "inventory_factors": "all",
    },
)
def carbon_exchange(
    energy_exchange: Table,
    unit_factors: Table,
    grid_factors: Table,
    inventory_factors: Table,
    grid_factor_kind: str = "average",
    stand_in_year: int | None = None,
) -> Table:
    """CO2 behind power and heat taken in (positive) and handed out (negative), with the factor of the year and of the counterpart, else of the own province.

    There is no factor for many years: then the emission is missing, unless ``stand_in_year`` names the year whose factor is to stand in; it is shown. Power with
    certificates counts zero only under ``grid_factor_kind`` residual_excl_market_nonfossil.
    """
    factors = unit_factors.select(unit=_.unit, canonical_unit=_.canonical_unit, factor=_.factor)
    rows = (
        energy_exchange.filter(_.period_kind == "year")
        .left_join(factors, "unit")
        .drop("unit_right")
    )
    rows = rows.mutate(
        year=_.period_end.year().cast("int64"),
        amount=ibis.ifelse(_.amount_notation == "NO", 0.0, _.amount * _.factor)
        * ibis.ifelse(_.direction == "out", -1.0, 1.0),
        entity=ibis.coalesce(_.entity, ibis.literal("")),
        counterpart=ibis.coalesce(_.counterpart, ibis.literal("")),
        certified=ibis.coalesce(_.certified, ibis.literal("none")),
        province=_.place.substr(0, 2) + "0000",
    ).mutate(
        grid=ibis.ifelse(
            _.counterpart == "",
            _.province,
            ibis.ifelse((_.direction == "out"), _.province, _.counterpart),
        )
    )
    sums = rows.group_by(
        "place", "year", "entity", "product", "direction", "counterpart", "grid", "certified"
    ).agg(amount=_.amount.sum(), demo=_._demo.max())
    year = _.year if stand_in_year is None else ibis.literal(stand_in_year)
    grid = grid_factors.filter(_.factor_kind == grid_factor_kind).select(
        grid=_.grid, factor_year=_.data_year, power_factor=_.value, power_confidence=_.confidence
    )
    nation = grid_factors.filter((_.factor_kind == grid_factor_kind) & (_.grid == "CN")).select(
        factor_year=_.data_year, nation_factor=_.value, nation_confidence=_.confidence
    )
    met = (
        sums.mutate(factor_year=year.cast("int64"))
        .left_join(grid, ["grid", "factor_year"])
        .drop("grid_right", "factor_year_right")
        .left_join(nation, "factor_year")
        .drop("factor_year_right")
    )
    heat = inventory_factors.filter(_.factor == "heat.heat_default.ef").select(
        product=ibis.literal("heat"), heat_factor=_.value, heat_confidence=_.confidence
    )
    met = met.left_join(heat, "product").drop("product_right")
    national_only = grid_factor_kind != "average"
    factor = (
        ibis.coalesce(met.power_factor, met.nation_factor) if national_only else met.power_factor
    )
    confidence = (
        ibis.coalesce(met.power_confidence, met.nation_confidence)
        if national_only
        else met.power_confidence
    )
    free = (
        (met.certified != "none")
        & (ibis.literal(grid_factor_kind) == "residual_excl_market_nonfossil")
        & (met.product == "electricity")
    )
    met = met.mutate(
        used_factor=ibis.ifelse(met.product == "heat", met.heat_factor, factor),
        confidence=ibis.ifelse(met.product == "heat", met.heat_confidence, confidence),
        free=free,
    )
    emission = ibis.ifelse(
        _.free,
        0.0,
        ibis.ifelse(
            _.product == "heat",
            heat_co2(_.amount, _.used_factor),
            power_co2(_.amount, _.used_factor),
        ),
    )
    made = met.mutate(emission=emission).mutate(
        missing=ibis.ifelse(
            _.emission.isnull(),
            _.year.cast("string")
            + " 年没有公布"
            + _.grid
            + "的电力排放因子（"
            + grid_factor_kind
            + "）；可用 stand_in_year 指定替代年份",
            ibis.null("string"),
        ),
        weak=resting_on_weak(_.emission, _.confidence),
    )
    total = made.group_by("place", "year", "entity", "product", "direction", "counterpart").agg(
        amount=_.amount.sum(),
        emission=_.emission.sum(),
        weak=_.weak.sum(),
        lost=_.missing.count(),
        used_factor=_.used_factor.max(),
        confidence=worst_in(_.confidence),
        missing=_.missing.max(),
        factor_year=_.factor_year.max(),
        demo=_.demo.max(),
    )
    return total.mutate(
        emission=ibis.ifelse(_.lost > 0, ibis.null("float64"), _.emission),
        recalled_share=weak_share(_.confidence),
        grid_factor_kind=ibis.literal(grid_factor_kind),
        stand_in_year=ibis.literal(stand_in_year, type="int64"),
    ).drop("lost")
