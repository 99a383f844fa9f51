"""Accounts: emissions and removals that are activity times factors: processes, fugitive gas,
agriculture, land, waste.

Which factors a source multiplies, in which guide, is data (pack table ``inventory_sources``).
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import source_emission
from hengtan.accounts.stated import weak_share, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

LETTERS = ("a", "b", "c", "d")
UNIT = ("place", "year", "form", "item", "mode", "entity", "facility")


@account(
    key=("source_id", "region"),
    unit="as the factors of the source",
    cites=("provguide2011", "2006 IPCC Guidelines"),
    maps={
        "inventory_sources": Same("source_id"),
        "inventory_factors": "all",
        "factor_regions": "all",
    },
)
def carbon_source_factors(
    inventory_sources: Table, inventory_factors: Table, factor_regions: Table
) -> Table:
    """The factors of each source side by side for each region it may stand in: that of the region,
    else the national one.

    A value of low certainty is not established: it is missing, as is a factor no table gives for
    the region; ``unknown`` counts those.
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
    asked = [
        sources.select("source_id", "region", letter=ibis.literal(letter), factor=sources[column])
        for letter, column in named.items()
    ]
    wanted = ibis.union(*asked).filter(_.factor.notnull())
    values = inventory_factors.select("factor", "region", "value", "confidence", "certainty")
    own = values.filter(_.region != "national")
    nation = values.filter(_.region == "national").select(
        "factor", national=_.value, national_confidence=_.confidence, national_certainty=_.certainty
    )
    met = wanted.pipe(beside, own, ["factor", "region"]).pipe(beside, nation, "factor")
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
    cites=("provguide2011", "2006 IPCC Guidelines"),
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
    """Emission or removal of each source of a guide: the product of activity and its factors, less
    recovery, times what is not oxidised.

    An activity whose guide edition gives no source, or whose factor is not established for the
    region, has no emission and says which document is needed.
    """
    sources = inventory_sources.filter(_.guide == guide).rename(
        source_mode="mode", source_confidence="confidence"
    )
    activity = carbon_activity_year.filter(_.item_category.notnull())
    met = activity.inner_join(sources.drop("_pack", "_file", "_row", "source"), "item").filter(
        (_.source_mode == "any") | (_.source_mode == _.mode)
    )
    regions = factor_regions.select("province", "region_kind", "region")
    met = beside(met, regions, ["province", "region_kind"]).mutate(
        region=ibis.cases(
            (_.region_kind == "national", "national"),
            (_.region_kind == "place", _.province),
            else_=_.region,
        )
    )
    met = beside(met, carbon_source_factors, ["source_id", "region"])
    unknown = ibis.coalesce(met.unknown, ibis.literal(1)) > 0

    def factor(letter: str, absent: float) -> Any:
        value = ibis.coalesce(met[f"value_{letter}"], ibis.literal(absent))
        return ibis.ifelse(unknown, ibis.null("float64"), value)

    factor_a, factor_b, factor_c, factor_d = (factor(letter, 1.0) for letter in LETTERS)
    emission = source_emission(
        met.amount,
        factor_a,
        factor_b,
        factor_c,
        factor_d,
        met.multiplier,
        ibis.ifelse(met.minus_recovered, met.recovered, 0.0),
        factor("o", 0.0),
    )
    no_factor = coded("factor_not_established", met.source_id, met.region)
    computed = met.mutate(
        emission=emission,
        confidence=worst_of(met.factor_confidence, met.source_confidence, met.reported),
        missing=ibis.coalesce(met.missing, ibis.ifelse(unknown, no_factor, ibis.null("string"))),
    )
    columns = [
        *UNIT,
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
    # what a guide has a category for, but no factor for this way of feeding or kind of site; and
    # items it has no source for at all
    asked = activity.inner_join(sources.select("item", "category").distinct(), "item").anti_join(
        met.select(*UNIT, "category"), [*UNIT, "category"]
    )
    strange = activity.anti_join(sources.select("item"), "item").mutate(category=_.item_category)
    both = [part.select(*activity.columns, "category") for part in (asked, strange)]
    lost = ibis.union(*both).select(
        *UNIT,
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
        missing=coded("no_source", guide, _.item, _.mode),
        basis=_.basis,
        through=_.through,
        demo=_.demo,
    )
    return ibis.union(computed.select(columns), lost.select(columns)).mutate(
        recalled_share=weak_share(_.confidence), guide=ibis.literal(guide)
    )
