"""Account: the composite index of a place's air, by the weights of 2013 and by those of 2026."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.air_years import ITEM_YEAR, of_place
from hengtan.accounts.nature.formulas_air import composite_term
from hengtan.accounts.stated import worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

OLD, NEW = "2013", "2026"


@account(
    key=("place", "year", "weights", "method"),
    unit="-",
    cites=("HJ 663-2013", "HJ 663-2026"),
    maps={
        "air_place_year_items": Same("place", "year", "method"),
        "air_index_terms": "all",
        "air_parameters": "all",
        "place_within": Same("place"),
    },
)
def air_composite(
    air_place_year_items: Table,
    air_index_terms: Table,
    air_parameters: Table,
    place_within: Table,
) -> Table:
    """The composite index of each place's year: the sum of weight × concentration / limit of class
    II over six pollutants; of CO and ozone the percentile counts.

    ``2013`` weighs all alike. The weights of ``2026`` were not read in their source, so that the
    index stays missing until the place gives them from HJ 663-2026 in the form of parameters.
    """
    terms = air_index_terms.select(
        "item", "averaging", "figure", old_weight="weight", old_confidence="confidence"
    )
    rows = air_place_year_items.inner_join(terms, ["item", "averaging"])
    rows = rows.mutate(last_day=ibis.date(rows.year.cast("int32"), 12, 31))
    own = of_place(rows, air_parameters, place_within, "weight", "new_weight")
    rows = beside(rows, own, list(ITEM_YEAR))
    is_mean = rows.figure == "mean"
    rows = rows.mutate(
        concentration=ibis.ifelse(is_mean, rows["mean"], rows.percentile),
        limit_value=ibis.ifelse(is_mean, rows.annual_limit, rows.percentile_limit),
        sure=worst_of(
            rows.confidence,
            rows.limit_confidence,
            ibis.ifelse(is_mean, ibis.null("string"), rows.percentile_confidence),
        ),
    )
    needed = air_index_terms.agg(items_needed=_.count())
    parts = [
        _summed(
            rows.mutate(
                weights=ibis.literal(OLD),
                weight=rows.old_weight,
                sure=worst_of(rows.sure, rows.old_confidence),
            )
        ),
        _summed(rows.mutate(weights=ibis.literal(NEW), weight=rows.new_weight)),
    ]
    sums = ibis.union(*parts).cross_join(needed)
    is_whole = (sums.items == sums.items_needed) & (sums.unweighted == 0)
    return sums.mutate(
        composite=ibis.ifelse(is_whole, sums.composite, ibis.null("float64")),
        missing=ibis.cases(
            (sums.unweighted > 0, coded("air_no_weight", sums.unweighted)),
            (sums.items < sums.items_needed, coded("air_composite_items", sums.items)),
            else_=sums.year_missing,
        ),
    ).drop("items_needed", "unweighted", "year_missing")


def _summed(rows: Table) -> Table:
    """The sum over the pollutants that are there, and how many lack a weight."""
    term = composite_term(rows.concentration, rows.limit_value, rows.weight)
    return (
        rows.mutate(term=term)
        .group_by("place", "year", "weights", "method")
        .agg(
            composite=_.term.sum(),
            items=_.concentration.count(),
            unweighted=_.count(where=_.weight.isnull()),
            year_missing=_.missing.max(),
            confidence=worst_in(_.sure),
            demo=_.demo.any(),
        )
    )
