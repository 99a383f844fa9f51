"""Accounts: every rate of waste by every definition that the records allow, and published rates
beside them.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.materials.formulas import rate
from hengtan.accounts.materials.quantities import ALL
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside, first_of
from hengtan.graph.codes import coded

OF = ("place", "year", "material", "definition")


@account(
    key=("place", "year", "coefficient"),
    unit=None,
    cites=("hengtan:waste_rates",),
    maps={
        "local_parameters": Same(item="coefficient"),
        "rate_terms": Same("coefficient"),
        "place_within": "all",
        "calendar_years": Same("year"),
    },
)
def material_coefficients(
    local_parameters: Table, rate_terms: Table, place_within: Table, calendar_years: Table
) -> Table:
    """Coefficients of rates that no document at hand establishes, as the place or one it lies in
    has set them, in force at the end of the year; the place's own come first.
    """
    asked = rate_terms.filter(_.coefficient.notnull()).select("coefficient").distinct()
    local = local_parameters.select(
        setter="place",
        coefficient="item",
        factor="value",
        begins="begins",
        ends="ends",
        document="source_title",
        confidence=as_reported(local_parameters),
        demo="_demo",
    ).inner_join(asked, "coefficient")
    reach = place_within.select("place", setter="within")
    pairs = local.inner_join(reach, "setter").cross_join(calendar_years.select("year"))
    last_day = ibis.date(pairs.year.cast("int32"), 12, 31)
    held_then = pairs.filter(
        (pairs.begins <= last_day) & (pairs.ends.isnull() | (pairs.ends >= last_day))
    )
    own_first = [(_.setter == _.place).desc(), _.begins.desc(), _.setter]
    return first_of(held_then, ["place", "year", "coefficient"], own_first).select(
        "place", "year", "coefficient", "factor", "document", "confidence", "demo"
    )


@account(
    key=OF,
    unit="%",
    cites=("hengtan:waste_rates",),
    maps={
        "material_quantities": Same("place", "year", "material"),
        "material_coefficients": Same("place", "year"),
        "rate_terms": Same("definition"),
        "rate_definitions": Same("definition"),
    },
)
def material_rates(
    material_quantities: Table,
    material_coefficients: Table,
    rate_terms: Table,
    rate_definitions: Table,
) -> Table:
    """Each rate by each of its definitions, by place, year and material, wherever a quantity of the
    definition is reported. [%]

    A quantity that lacks is named, and a coefficient that no document establishes too; neither is
    taken for zero.
    """
    terms = rate_terms.select(
        "definition",
        "side",
        "quantity",
        "sign",
        "coefficient",
        quantity_zh="name_zh",
        quantity_en="name_en",
    )
    asked = material_quantities.select("place", "year", "material", "quantity")
    wanted = asked.inner_join(terms.select("definition", "quantity"), "quantity")
    wanted = wanted.select(*OF).distinct()
    lines = wanted.inner_join(terms, "definition")
    amounts = material_quantities.select(
        "place",
        "year",
        "material",
        "quantity",
        "amount",
        told=_.confidence,
        part_demo=_.demo,
        lacking=_.missing,
    )
    lines = beside(lines, amounts, ["place", "year", "material", "quantity"])
    factors = material_coefficients.select(
        "place", "year", "coefficient", "factor", set_by=_.confidence, factor_demo=_.demo
    )
    lines = beside(lines, factors, ["place", "year", "coefficient"])
    factor = ibis.ifelse(lines.coefficient.isnull(), 1.0, lines.factor)
    value = lines.sign * factor * lines.amount
    lines = lines.mutate(
        over=ibis.ifelse(lines.side == "numerator", value, 0.0),
        under=ibis.ifelse(lines.side == "denominator", value, 0.0),
        unknown=lines.amount.isnull(),
        unset=lines.coefficient.notnull() & lines.factor.isnull(),
    )
    sums = lines.group_by(*OF).agg(
        numerator=_.over.sum(),
        denominator=_.under.sum(),
        unknown=ibis.ifelse(_.unknown, _.quantity_zh, ibis.null("string")).min(),
        unknown_en=_.quantity_en.argmin(ibis.ifelse(_.unknown, _.quantity_zh, ibis.null("string"))),
        unset=_.unset.any(),
        lacking=_.lacking.min(),
        confidence=worst_in(worst_of(_.told, _.set_by)),
        demo=_.part_demo.fill_null(False).any() | _.factor_demo.fill_null(False).any(),
    )
    kinds = rate_definitions.select(
        "definition",
        "rate",
        "ordinal",
        "document_zh",
        "document_en",
        definition_zh=_.name_zh,
        definition_en=_.name_en,
        trap_zh=_.trap_zh,
    )
    rows = beside(sums, kinds, "definition")
    whole = rows.unknown.isnull() & ~rows.unset
    value = rate(rows.numerator, rows.denominator)
    every = rows.select(
        *OF,
        "rate",
        "ordinal",
        "definition_zh",
        "definition_en",
        "trap_zh",
        numerator=ibis.ifelse(whole, rows.numerator, ibis.null("float64")),
        denominator=ibis.ifelse(whole, rows.denominator, ibis.null("float64")),
        value=ibis.ifelse(whole, value, ibis.null("float64")),
        confidence=rows.confidence,
        demo=rows.demo,
        missing=ibis.cases(
            (rows.unset, coded("coefficient_not_established", rows.document_zh, rows.document_en)),
            (rows.unknown.notnull(), coded("quantity_lacks", rows.unknown, rows.unknown_en)),
            (rows.denominator == 0, "denominator_zero"),
            (value > 100, "rate_above_all"),
            else_=rows.lacking,
        ),
    )
    return every.order_by("place", "year", "rate", "material", "ordinal")


@account(
    key=(*OF, "rate"),
    unit="%",
    cites=("hengtan:waste_rates",),
    maps={
        "published_rates": Same("place", "rate"),
        "material_rates": Same(*OF),
    },
)
def material_rates_published(published_rates: Table, material_rates: Table) -> Table:
    """Published rates beside what each definition gives on the records: how far off, and whether
    it comes to the printed figure when it is rounded as that is.
    """
    printed = published_rates.select(
        "place",
        "rate",
        year=_.period_end.year().cast("int64"),
        material=ibis.coalesce(published_rates.material, ibis.literal(ALL)),
        printed=_.printed,
        printed_text=_.printed_original,
        document=_.source_title,
        told=as_reported(published_rates),
        printed_demo=_._demo,
    )
    rows = printed.inner_join(
        material_rates.filter(_.value.notnull()), ["place", "rate", "year", "material"]
    )
    figures = rows.printed_text.re_extract(r"[0-9]+[.]?([0-9]*)", 1)
    digits = ibis.coalesce(figures, ibis.literal("")).length()
    half = 0.5 * ibis.literal(10.0) ** (-digits.cast("float64"))
    return rows.select(
        *OF,
        "rate",
        "ordinal",
        "definition_zh",
        "definition_en",
        "value",
        "printed",
        "printed_text",
        "document",
        off=rows.value - rows.printed,
        reproduces=(rows.value - rows.printed).abs() <= half * (1 + 1e-9),
        confidence=worst_of(rows.confidence, rows.told),
        demo=rows.demo | rows.printed_demo,
        missing=rows.missing,
    )
