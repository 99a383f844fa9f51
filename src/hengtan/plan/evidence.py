"""Accounts: which reported values speak for a target, how far each answers it, and the best of
them.

The states (actual, partial_period, estimate, other_definition, proxy, none) are those of the
evidence table of the fact files: ``actual`` needs the same definition, a whole period, an
outturn, and a figure that was read in its source, or handed in and approved (``unverified``, which
is shown).
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.rates import cut_since_base
from hengtan.graph import Same, account, beside, first_of
from hengtan.plan.formulas import share_of_days

OF_THE_BEST = (
    "target_id",
    "state",
    "state_basis",
    "comparable",
    "value",
    "unit",
    "period",
    "period_end",
    "year",
    "vintage",
    "published",
    "confidence",
    "nature",
    "bound",
    "edition",
    "publisher",
    "source_title",
    "source_url",
    "reported_as",
    "relation",
    "competing",
    "origin",
    "recalled_share",
    "missing",
    "computed_with",
    "computed_amount",
    "reported_amount",
    "computed_less_reported",
    "canonical_unit",
    "_demo",
)
"""What is carried on of the value that speaks for a target."""
POINTS = ("points_up", "points_down")
SINCE_BASE = ("cut_from_base", "growth_from_base", *POINTS)
"""Measures of a change since the base year: in % of its value, or in percentage points."""
SOUND = ("read", "unverified", "self_approved")
"""Confidences of a reported value that can speak for a target: it was handed in and approved. What
its reporter computed, remembered or proposed is an estimate.
"""
STATE_RANK = {"actual": 1, "partial_period": 2, "estimate": 3, "other_definition": 4, "proxy": 5}


@account(
    key=("series", "indicator"),
    unit=None,
    cites=("hengtan:indicator_links",),
    maps={"indicator_links": Same("series", "indicator"), "indicators": Same("indicator")},
)
def plan_links(indicator_links: Table, indicators: Table) -> Table:
    """How a series answers a plan indicator: the pack's links, and each indicator reported under
    its own name (``same``).
    """
    stated = indicator_links.filter(
        _.indicator.notnull() & ~_.relation.isin(("unlinked", "goal_not_actual"))
    ).select("series", "indicator", "relation", "conversion", "preference")
    kinds = indicators.select("indicator", indicator_kind="kind")
    own = indicators.select(
        series=_.indicator,
        indicator=_.indicator,
        relation=ibis.literal("same"),
        conversion=ibis.literal("identity"),
        preference=ibis.literal(1, "int64"),
    ).anti_join(stated, ["series", "indicator"])
    return beside(stated.union(own), kinds, "indicator")


@account(
    key=("target_id", "_submission", "_row"),
    unit="unit of the target",
    cites=("hengtan:target_evidence",),
    maps={
        "plan_targets": Same("target_id"),
        "places": Same(place="region"),
        "plan_links": Same("indicator", series="linked_series"),
        "plan_series": Same("place", "series"),
        "unit_factors": Same(unit="goal_unit"),
    },
)
def plan_candidates(
    plan_targets: Table,
    places: Table,
    plan_links: Table,
    plan_series: Table,
    unit_factors: Table,
    judged_on: ibis.Value,
    values_to: ibis.Value,
) -> Table:
    """Every value that speaks for a target, with its state and, where units allow, its amount in
    the target's unit.

    Additions are summed over the years after the base year, and never mixed with a stock; a cut
    or a growth is either reported as such (in %) or formed from the value of the base year under
    the same edition, that of the plan where none is reported, a change in points always so; one
    dated at or before the base year is none, and one on the year before is another definition. A
    value of the place a group lies in speaks for the group as another definition only. A reported
    figure is an actual when it was read in its source; a computed one when it is complete and rests
    on no recalled parameter."""
    factors = unit_factors.select(
        unit=_.unit, goal_canonical=_.canonical_unit, goal_factor=_.factor
    )
    base_factors = unit_factors.select(
        base_unit=_.unit, base_canonical=_.canonical_unit, base_factor=_.factor
    )
    goals = beside(plan_targets, factors, "unit").pipe(beside, base_factors, "base_unit")
    goals = goals.mutate(printed_base=_.base_value * _.base_factor).select(
        "target_id",
        "plan",
        "indicator",
        "measure",
        "base_year",
        "deadline_year",
        "first_year",
        "goal_canonical",
        "goal_factor",
        "base_canonical",
        "printed_base",
        region=_.region,
        goal_scope=_.scope,
        goal=_.value,
        goal_unit=_.unit,
    )
    groups = places.filter((_.kind == "group") & _.parent.notnull()).select(
        region=_.place, place=_.parent
    )
    goals = goals.mutate(place=_.region, wider=False).union(
        goals.inner_join(groups, "region").mutate(wider=True)[[*goals.columns, "place", "wider"]]
    )
    values = plan_series.filter(
        _.won
        & (_.nature != "goal")
        & _.amount.notnull()
        & (_.period_end <= values_to)
        & (_.period_start <= judged_on)
    )
    links = plan_links.rename(linked_series="series")
    pairs = goals.inner_join(links, "indicator")
    pairs = pairs.inner_join(values, ["place", pairs.linked_series == values.reported_as])
    adds = _.measure == "added_in_period"
    unfit = ibis.ifelse(adds, _.kind != "flow", (_.kind == "flow") & (_.indicator_kind == "stock"))
    pairs = pairs.filter((_.relation != "same") | ~unfit)
    same_unit = pairs.canonical_unit == pairs.goal_canonical
    days_share = (pairs.conversion == "days_share") & (pairs.canonical_unit == "d")
    pairs = pairs.mutate(
        comparable=ibis.ifelse(
            days_share,
            share_of_days(pairs.amount, pairs.days),
            ibis.ifelse(same_unit, pairs.amount / pairs.goal_factor, None),
        ),
        full_answer=(pairs.relation == "same") | ((pairs.relation == "derived") & days_share),
    )
    pairs = _changes(_additions(pairs))
    scope_differs = _.scope.notnull() & (_.scope != _.goal_scope)
    sound = ibis.ifelse(
        _.origin == "computed", _.confidence.isin(("derived", *SOUND)), _.confidence.isin(SOUND)
    )
    weak = ~sound
    is_cut = (_.measure == "cut_from_base") & (_.canonical_unit == "%")
    is_early = _.measure.isin(SINCE_BASE) & (_.year <= _.base_year)
    is_of_one_year = is_cut & (_.compared == "last_year") & (_.year != _.base_year + 1)
    return (
        pairs.filter((_.relation != "derived") | _.full_answer)
        .mutate(
            state=ibis.cases(
                (
                    _.relation.isin(("proxy", "part_of"))
                    | ((_.relation == "other_definition") & _.comparable.isnull()),
                    "proxy",
                ),
                (
                    (_.relation == "other_definition")
                    | _.wider
                    | is_early
                    | is_of_one_year
                    | scope_differs
                    | _.comparable.isnull(),
                    "other_definition",
                ),
                (_.nature != "outturn", "estimate"),
                (_.missing.notnull() | weak, "estimate"),
                (~_.whole, "partial_period"),
                else_="actual",
            ),
            state_basis=ibis.cases(
                (_.relation.isin(("proxy", "part_of", "other_definition")), _.relation),
                (_.wider, "wider_place"),
                (is_early, "before_base"),
                (is_of_one_year, "cut_of_one_year"),
                (scope_differs, "scope"),
                (_.comparable.isnull(), "unit"),
                (_.nature != "outturn", _.nature),
                (_.missing.notnull(), "incomplete"),
                (weak, _.confidence),
                (~_.whole, "part_of_period"),
                else_="outturn",
            ),
        )
        .mutate(state_rank=_.state.cases(*STATE_RANK.items()), in_plan=_.year >= _.first_year)
        .drop("goal_canonical", "goal_factor", "goal_scope", "full_answer")
    )


def _additions(pairs: Table) -> Table:
    """Sums of additions since the base year, each place and scope by itself; ``whole`` only while
    no year is missing.
    """
    adds = (_.measure == "added_in_period") & (_.relation == "same")
    counted = adds & (_.year > _.base_year) & _.full_year
    since_base = ibis.window(
        group_by=["target_id", "linked_series", "place", "scope"],
        order_by=[_.year, _._submission, _._row],
        preceding=None,
        following=0,
    )
    sums = pairs.filter(counted).select(
        "target_id",
        "_submission",
        "_row",
        running=_.comparable.sum().over(since_base),
        years_held=_.count().over(since_base),
    )
    summed = beside(pairs, sums, ["target_id", "_submission", "_row"])
    span = (_.period_kind == "span") & (_.period_start.year() == _.base_year + 1)
    return (
        summed.filter(~adds | _.years_held.notnull() | span)
        .mutate(
            whole=ibis.ifelse(
                adds, span | (_.years_held == _.year - _.base_year) | (_.running >= _.goal), _.whole
            ),
            comparable=ibis.ifelse(adds & ~span, _.running, _.comparable),
        )
        .drop("running", "years_held")
    )


def _changes(pairs: Table) -> Table:
    """Changes formed from values: a cut 1 - I/I0, a growth I/I0 - 1, points I - I0; base value of
    the base year under the same edition, whole years only. While no value of the base year is
    reported, the one that the plan prints stands for it.
    """
    in_points = _.measure.isin(POINTS)
    levels = (
        (in_points | (_.measure.isin(SINCE_BASE) & (_.canonical_unit != "%")))
        & (_.relation == "same")
        & _.full_year
    )
    keyed = pairs.mutate(edition_key=ibis.coalesce(_.edition, ibis.literal("")))
    base = keyed.filter(levels & (_.year == _.base_year)).select(
        "target_id", "linked_series", "edition_key", base_amount="amount"
    )
    reported = base.group_by("target_id").agg(bases_reported=_.count())
    rows = beside(keyed, base, ["target_id", "linked_series", "edition_key"])
    rows = beside(rows, reported, "target_id")
    by_plan = rows.bases_reported.isnull() & (rows.base_canonical == rows.canonical_unit)
    printed = ibis.ifelse(by_plan, rows.printed_base, None)
    rows = rows.mutate(base_amount=ibis.coalesce(rows.base_amount, printed))
    cut = cut_since_base(rows.amount, rows.base_amount) * 100
    change = ibis.cases(
        (rows.measure == "growth_from_base", -cut),
        (rows.measure == "points_up", rows.amount - rows.base_amount),
        (rows.measure == "points_down", rows.base_amount - rows.amount),
        else_=cut,
    )
    return rows.mutate(
        comparable=ibis.cases((levels, change), (in_points, None), else_=rows.comparable)
    ).drop("base_amount", "edition_key", "bases_reported", "printed_base", "base_canonical")


@account(
    key=("target_id",),
    unit="unit of the target",
    cites=("hengtan:target_evidence",),
    maps={
        "plan_targets": Same("target_id"),
        "plan_candidates": Same("target_id"),
        "evidence_notes": Same("target_id"),
    },
)
def plan_evidence(plan_targets: Table, plan_candidates: Table, evidence_notes: Table) -> Table:
    """The evidence that speaks for each target, one row per target; ``none`` where nothing is held.

    The latest value of each series speaks for that series, but an actual inside the plan's own
    years comes before a newer estimate or part of a year. Among series the better state wins, then
    the later period. The reviewed reason of the pack is used where it is about this very value.
    """
    latest = first_of(
        plan_candidates,
        ["target_id", "series"],
        [
            ((_.state == "actual") & _.in_plan & (_.measure != "added_in_period")).desc(),
            _.period_end.desc(),
            _.state_rank,
            _.level_rank,
            _._submission,
            _._row,
        ],
    )
    best = first_of(
        latest,
        "target_id",
        [
            _.state_rank,
            _.period_end.desc(),
            _.preference,
            _.level_rank,
            _.series,
            _._submission,
            _._row,
        ],
    ).select(*OF_THE_BEST, evidence_submission=_._submission, evidence_row=_._row)
    notes = evidence_notes.select(
        target_id=_.target_id,
        note_series=_.series,
        note_period=_.period,
        note_state=_.state,
        note_reason_zh=_.reason_zh,
        note_reason_en=_.reason_en,
        reading_zh=_.reading_zh,
        reading_en=_.reading_en,
    )
    rows = plan_targets.select("target_id").pipe(beside, best, "target_id")
    rows = beside(rows, notes, "target_id")
    rows = rows.mutate(state=ibis.coalesce(_.state, ibis.literal("none")))
    same_value = (_.state == _.note_state) & (
        (_.state == "none") | ((_.note_series == _.reported_as) & (_.note_period == _.period))
    )
    return rows.mutate(
        reviewed_reason_zh=ibis.ifelse(same_value, _.note_reason_zh, None),
        reviewed_reason_en=ibis.ifelse(same_value, _.note_reason_en, None),
        reading_zh=ibis.ifelse(same_value, _.reading_zh, None),
        reading_en=ibis.ifelse(same_value, _.reading_en, None),
    ).drop("note_series", "note_period", "note_state", "note_reason_zh", "note_reason_en")
