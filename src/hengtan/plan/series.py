"""Accounts: every value, reported or computed, in one series per indicator and place, with the one
that counts marked.

Precedence when values compete is a pack table; all are kept and shown.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported
from hengtan.graph import ORIGIN, Same, account, beside

COLUMNS = (
    "_submission",
    "_row",
    "place",
    "series",
    "reported_as",
    "origin",
    "kind",
    "scope",
    "period",
    "period_kind",
    "period_start",
    "period_end",
    "year",
    "full_year",
    "whole",
    "days",
    "value",
    "unit",
    "amount",
    "canonical_unit",
    "nature",
    "bound",
    "vintage",
    "vintage_rank",
    "level_rank",
    "publisher",
    "source_title",
    "source_url",
    "published",
    "confidence",
    "edition",
    "compared",
    "note",
    "recalled_share",
    "missing",
    "computed_with",
    "method_preference",
    *ORIGIN,
    "_submitted_at",
    "_approved_at",
    "_demo",
)
"""What is kept of a value, reported or computed."""
LAST = 1_000
SELF_REPORTED_LEVEL = 4
"""A computed value has the level of those who hand in the records (publishers.csv, self_reported).
"""
UNGRADED = "self_reported"
"""The publisher whose level counts for a value that names none, or none that is graded."""


@account(
    key=("_submission", "_row"),
    unit="canonical unit of the row",
    cites=("hengtan:precedence",),
    maps={
        "indicator_values": Same("_submission", "_row"),
        "series": Same(series="reported_as"),
        "indicators": Same(indicator="reported_as"),
        "vintage_periods": Same("period", series="reported_as"),
        "vintages": Same(word="stated_vintage"),
        "publishers": Same(publisher="graded_as"),
        "unit_factors": Same("unit"),
    },
)
def plan_values(
    indicator_values: Table,
    series: Table,
    indicators: Table,
    vintage_periods: Table,
    vintages: Table,
    publishers: Table,
    unit_factors: Table,
) -> Table:
    """Each reported value with the series it belongs to, its vintage, its publisher's level and its
    amount in the canonical unit.

    A value reported under an observation series joins the series that the pack merges it into; one
    reported under a plan indicator is a series of its own name. ``whole`` says that the period
    suffices: a flow needs a full year, a share or mean no part of a year, a stock any day.
    """
    known = series.select(
        reported_as=_.series,
        merged=_.merged_series,
        series_kind=_.kind,
        own_vintage=_.vintage,
        own_rank=_.vintage_rank,
    )
    own = indicators.select(reported_as=_.indicator, indicator_kind=_.kind)
    by_period = vintage_periods.select(
        reported_as=_.series, period=_.period, period_vintage=_.vintage, period_rank=_.vintage_rank
    )
    stated = vintages.select(stated_vintage=_.word, stated_code=_.vintage, stated_rank=_.rank)
    levels = publishers.select(graded_as=_.publisher, level_rank=_.level_rank)
    factors = unit_factors.select(unit=_.unit, canonical_unit=_.canonical_unit, factor=_.factor)
    values = indicator_values.rename(reported_as="indicator", stated_vintage="vintage")
    by_id = publishers.select("publisher", graded_as="publisher")
    by_name = publishers.select(publisher="name_zh", graded_as="publisher")
    values = beside(values, by_id.union(by_name, distinct=True), "publisher")
    values = values.mutate(graded_as=ibis.coalesce(values.graded_as, ibis.literal(UNGRADED)))
    joined = (
        values.pipe(beside, known, "reported_as")
        .pipe(beside, own, "reported_as")
        .pipe(beside, by_period, ["reported_as", "period"])
        .pipe(beside, stated, "stated_vintage")
        .pipe(beside, levels, "graded_as")
        .pipe(beside, factors, "unit")
    )
    return joined.mutate(
        confidence=as_reported(joined),
        scope=_.scope.nullif(""),
        series=ibis.coalesce(_.merged, _.reported_as),
        kind=ibis.coalesce(_.series_kind, _.indicator_kind),
        vintage=ibis.coalesce(_.stated_code, _.stated_vintage, _.period_vintage, _.own_vintage),
        vintage_rank=ibis.coalesce(_.stated_rank, _.period_rank, _.own_rank, ibis.literal(1)),
        amount=ibis.ifelse(_.value_notation == "NO", 0.0, _.value * _.factor),
        year=_.period_end.year().cast("int64"),
        full_year=(_.period_start == ibis.date(_.period_end.year(), 1, 1))
        & (_.period_end == ibis.date(_.period_end.year(), 12, 31)),
        days=_.period_end.delta(_.period_start, unit="day") + 1,
    ).mutate(
        whole=ibis.ifelse(
            _.kind == "flow",
            _.full_year,
            ibis.ifelse(
                _.kind == "stock", True, ~_.period_kind.isin(("cumulative", "quarter", "half"))
            ),
        ),
    )


@account(
    key=("_submission", "_row"),
    unit="canonical unit of the row",
    cites=("hengtan:precedence",),
    maps={
        "plan_values": Same("place", "series", "scope", "period"),
        "plan_computed_values": Same("place", "series", "scope", "period"),
        "value_precedence": "all",
    },
)
def plan_series(plan_values: Table, plan_computed_values: Table, value_precedence: Table) -> Table:
    """Every value of each series, reported or computed; ``won`` marks the one that counts among
    those of one place, series, scope and period.

    Which comes first is said by the pack table ``value_precedence``: the first rule a value fits
    gives its ``precedence``. Within one rule the publisher's level, then vintage, then date.
    ``computed_amount``, ``reported_amount`` and their ``computed_less_reported`` stand beside each
    value where both are held.
    """
    reported = plan_values.mutate(
        origin=ibis.literal("reported"),
        recalled_share=ibis.null("float64"),
        missing=ibis.null("string"),
        computed_with=ibis.null("string"),
        method_preference=ibis.literal(0, "int64"),
    )
    reported = reported.select(*COLUMNS)
    values = reported.union(_like(_as_values(plan_computed_values), reported))
    ranked = _with_precedence(values, value_precedence)
    return _ranked(ranked).select(
        *COLUMNS,
        "precedence",
        "competing",
        "computed_amount",
        "reported_amount",
        computed_less_reported=_.computed_amount - _.reported_amount,
        won=_.rank == 0,
    )


RIVALS = ("place", "series", "scope", "period", "compared")
"""Values alike in these compete."""


def _ranked(values: Table) -> Table:
    """The values with their ``rank`` among their rivals (0 counts), how many are ``competing``, and
    the best of both origins.
    """
    values = values.mutate(rivals=_in_one_word(values, RIVALS))
    counts = values.group_by("rivals").agg(competing=_.count())
    values = beside(values, counts, "rivals")
    alone = values.filter(_.competing == 1).mutate(
        rank=ibis.literal(0, "int64"),
        computed_amount=ibis.ifelse(_.origin == "computed", _.amount, None),
        reported_amount=ibis.ifelse(_.origin == "reported", _.amount, None),
    )
    return alone.union(_put_in_order(values.filter(_.competing > 1)).select(alone.columns))


def _put_in_order(values: Table) -> Table:
    """Values with rivals, with their rank and the best of both origins."""
    best_first = [
        values.precedence,
        values.level_rank,
        values.method_preference,
        values.vintage_rank.desc(),
        ibis.coalesce(values.published, ibis.literal("")).desc(),
        values._approved_at.desc(),
        values._submission,
        values._row,
    ]
    is_reported = values.origin == "reported"
    rivals = ibis.window(group_by="rivals")
    in_order = ibis.window(group_by="rivals", order_by=best_first)
    reported_first = ibis.window(group_by="rivals", order_by=[is_reported.desc(), *best_first])
    return values.mutate(
        rank=ibis.row_number().over(in_order),
        computed_amount=values.amount.max(where=~is_reported).over(rivals),
        has_reported=is_reported.any().over(rivals),
        first_amount=values.amount.first(include_null=True).over(reported_first),
    ).mutate(reported_amount=ibis.ifelse(_.has_reported, _.first_amount, None))


def _in_one_word(values: Table, columns: Sequence[str]) -> ibis.Value:
    """A word that is the same for rows alike in some columns; empty cells are alike."""
    parts = (ibis.coalesce(values[name].cast("string"), ibis.literal("")) for name in columns)
    return ibis.literal("\x1f").join(parts)


def _as_values(computed: Table) -> Table:
    """Computed values in the columns of reported ones: nobody published them, every figure rests on
    records.
    """
    text = ibis.null("string")
    return computed.mutate(
        _submission=computed.value_id,
        method_preference=computed.preference,
        _row=ibis.literal(0, "int64"),
        origin=ibis.literal("computed"),
        whole=ibis.ifelse(computed.kind == "stock", True, computed.full_year),
        nature=ibis.literal("outturn"),
        bound=ibis.literal("exact"),
        vintage=text,
        vintage_rank=ibis.literal(1, "int64"),
        level_rank=ibis.literal(SELF_REPORTED_LEVEL, "int64"),
        publisher=text,
        source_title=computed.computed_source,
        source_url=text,
        published=text,
        compared=text,
        note=text,
        _sheet=text,
        _source_row=ibis.null("int64"),
        _file=text,
        _submitted_by=text,
        _submitted_at=ibis.null("timestamp"),
        _approved_by=text,
        _approved_at=ibis.null("timestamp"),
        _demo=computed.demo,
    )


def _like(rows: Table, model: Table) -> Table:
    """The rows with the columns of another table, in its types."""
    kinds = model.schema()
    return rows.select(*(rows[name].cast(kinds[name]).name(name) for name in model.columns))


JUDGED_BY = ("origin", "nature", "confidence", "whole", "level_rank", "missing")
"""What the rules of precedence ask of a value."""


def _with_precedence(values: Table, rules: Table) -> Table:
    """Each value with the order of the first rule that it fits; one that fits none comes last."""
    apart = ibis.literal(";")
    rules = rules.select(
        rule_order=rules.order,
        rule_origin=rules.origin,
        rule_natures=apart + rules.natures + apart,
        rule_confidences=apart + rules.confidences + apart,
        rule_whole=rules.whole,
        rule_complete=rules.complete,
        rule_level=rules.publisher_level_to,
    )
    values = values.mutate(alike=_in_one_word(values, JUDGED_BY))
    kinds = values.group_by("alike").agg(**{name: values[name].max() for name in JUDGED_BY})
    pairs = kinds.cross_join(rules)

    def listed(words: ibis.Value, word: ibis.Value) -> ibis.Value:
        return words.isnull() | words.contains(ibis.literal(";") + word + ";").fill_null(False)

    fits = (
        ((_.rule_origin == "any") | (_.rule_origin == _.origin))
        & listed(pairs.rule_natures, pairs.nature)
        & listed(pairs.rule_confidences, pairs.confidence)
        & (~_.rule_whole | _.whole.fill_null(False))
        & (~_.rule_complete | _.missing.isnull())
        & (_.rule_level.isnull() | (_.level_rank <= _.rule_level))
    )
    first = pairs.filter(fits).group_by("alike").agg(precedence=_.rule_order.min())
    return beside(values, first, "alike").mutate(
        precedence=ibis.coalesce(_.precedence, ibis.literal(LAST, "int64"))
    )
