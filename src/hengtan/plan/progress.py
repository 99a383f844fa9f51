"""Account: where every target stands, with the light and the code of its reason.

Rules of the foundation issue, section 5: (1) deadline passed; (2) met now; (3) cuts by the official
light; (4) the straight path. Only an ``actual`` gives a colour. Words for the codes stand in
``report/reasons.py``.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.rates import (
    needed_yearly_cut,
    required_cut_compound,
    required_cut_linear,
)
from hengtan.graph import Same, account, beside, first_of
from hengtan.plan.bases import KEY
from hengtan.plan.evidence import POINTS
from hengtan.plan.formulas import (
    change_between_cuts,
    intensity_light,
    level_light,
    needed_growth,
    needed_pace,
    straight_path,
    within_tolerance,
)


@account(
    key=("target_id",),
    unit="unit of the target",
    cites=("hengtan:paces",),
    maps={
        "plan_targets": Same("target_id"),
        "plan_evidence": Same("target_id"),
        "plan_candidates": Same("target_id"),
        "plan_bases": Same("target_id"),
    },
)
def plan_standing(
    plan_targets: Table, plan_evidence: Table, plan_candidates: Table, plan_bases: Table
) -> Table:
    """What each target is judged by: goal, evidence, the actuals at the start, now and in the
    deadline year, gap and paces.

    Base and earlier value are on the basis of the newest actual (``plan_bases``): an actual of
    another edition (price base, standard), or from before a break of the definition without a
    bridge, is not what a pace starts from.
    """
    rows = plan_targets.rename(goal="value").drop("source")
    evidence = plan_evidence.rename(
        latest="comparable",
        latest_value="value",
        latest_unit="unit",
        latest_period="period",
        latest_end="period_end",
        latest_year="year",
        latest_vintage="vintage",
        latest_published="published",
        latest_confidence="confidence",
        latest_nature="nature",
        latest_bound="bound",
        latest_edition="edition",
        latest_series="reported_as",
        latest_origin="origin",
        latest_recalled_share="recalled_share",
        latest_missing="missing",
        latest_computed_with="computed_with",
        amounts_unit="canonical_unit",
        demo="_demo",
    )
    rows = beside(rows.drop("confidence"), evidence, "target_id")
    actual = plan_candidates.filter((_.state == "actual") & _.comparable.notnull())
    alike = actual.semi_join(plan_bases.filter(_.same_basis), KEY)
    rows = _with(rows, _last(alike.filter(_.year < _.first_year), "start"))
    rises = rows.measure.isin(("growth_from_base", *POINTS))
    rows = rows.mutate(
        start_value=ibis.ifelse(rises, 0.0, rows.start_value),
        start_year=ibis.ifelse(rises, rows.base_year, rows.start_year),
        start_period=ibis.ifelse(rises, rows.base_year.cast("string"), rows.start_period),
    )
    rows = _with(rows, _last(actual.filter(_.year == _.deadline_year), "final"))
    rows = _with(rows, _last(actual, "now"))
    rows = _with(rows, _earlier(alike))
    return _paces(rows)


@account(
    key=("target_id",),
    unit="unit of the target",
    cites=("发改办环资〔2021〕629号", "hengtan:lights"),
    maps={"plan_standing": Same("target_id")},
)
def plan_progress(plan_standing: Table, judged_on: ibis.Value) -> Table:
    """State, latest value, base, paces and light of every target.

    ``light`` is one of green, orange, red, grey, met, missed, due_not_reported; ``reason_code``
    names the rule that gave it.
    """
    return _lights(plan_standing, judged_on)


def _last(actual: Table, name: str) -> Table:
    newest = first_of(
        actual, "target_id", [_.period_end.desc(), _.level_rank, _._submission, _._row]
    )
    return newest.select(
        "target_id",
        **{f"{name}_value": _.comparable, f"{name}_period": _.period, f"{name}_year": _.year},
    )


def _earlier(actual: Table) -> Table:
    """The last actual of a year before that of the latest actual: where the pace so far starts
    without a later base.
    """
    newest = actual.group_by("target_id").agg(newest=_.year.max())
    return _last(actual.inner_join(newest, "target_id").filter(_.year < _.newest), "before")


def _with(rows: Table, part: Table) -> Table:
    return beside(rows, part, "target_id")


def _paces(rows: Table) -> Table:
    """Direction, gap, needed pace from the latest value, pace so far from the base, and what the
    path demands now.
    """
    t = rows.mutate(
        direction=ibis.ifelse(_.operator == "<=", -1, 1),
        held=_.met_rule == "hold_at_or_above",
        left=_.deadline_year - _.latest_year,
        later=((_.now_year > _.start_year) & _.start_value.notnull()).fill_null(False),
    )
    cut = t.operator == "decrease_by"
    t = t.mutate(
        gap=t.goal - t.latest,
        needed_pace=ibis.ifelse(
            t.left > 0, needed_pace(t.goal, t.latest, t.deadline_year, t.latest_year), None
        ),
        needed_growth_pct=ibis.ifelse(
            (t.left > 0) & (t.unit != "%") & (t.latest > 0),
            needed_growth(t.goal, t.latest, t.deadline_year, t.latest_year) * 100,
            None,
        ),
        needed_yearly_cut_pct=ibis.ifelse(
            cut & (t.left > 0), needed_yearly_cut(t.goal / 100, t.latest / 100, t.left) * 100, None
        ),
        **_pace_starts(t),
    )
    elapsed, span = t.now_year - t.base_year, t.deadline_year - t.base_year
    goal_cut = t.goal / 100
    required_cut = (
        ibis.ifelse(
            t.path == "linear",
            required_cut_linear(goal_cut, elapsed, span),
            required_cut_compound(goal_cut, elapsed, span),
        )
        * 100
    )
    on_path = straight_path(t.start_value, t.goal, t.start_year, t.deadline_year, t.now_year)
    added_by_now = straight_path(0.0, t.goal, t.base_year, t.deadline_year, t.now_year)
    return t.mutate(
        pace_so_far=ibis.ifelse(
            t.now_year > t.pace_from_year,
            needed_pace(t.now_value, t.pace_from_value, t.now_year, t.pace_from_year),
            None,
        ),
        required_now=ibis.cases(
            (t.operator == "decrease_by", required_cut),
            (t.operator == "increase_by", added_by_now),
            (t.later, on_path),
        ),
    )


def _pace_starts(t: Table) -> dict[str, ibis.Value]:
    """Where the pace so far starts: what is added over a plan, from nought at its base; a level,
    from the base of a later actual, else from the actual before the latest.
    """
    added = t.operator == "increase_by"

    def start(from_nought: ibis.Value, part: str) -> ibis.Value:
        level = ibis.ifelse(t.later, t[f"start_{part}"], t[f"before_{part}"])
        return ibis.ifelse(added, from_nought, level)

    return {
        "pace_from_value": start(ibis.literal(0.0), "value"),
        "pace_from_period": start(t.base_year.cast("string"), "period"),
        "pace_from_year": start(t.base_year, "year"),
    }


def _meets(t: Table, value: ibis.Value) -> ibis.Value:
    """Whether a value meets the goal under the target's operator; missing where no verdict is
    possible (左右 without a tolerance).
    """
    return ibis.cases(
        (t.met_rule == "within_tolerance", within_tolerance(value, t.goal, t.tolerance) == 1),
        (t.operator == "<=", ibis.ifelse(t.strict, value < t.goal, value <= t.goal)),
        else_=ibis.ifelse(t.strict, value > t.goal, value >= t.goal),
    )


def _lights(rows: Table, judged_on: ibis.Value) -> Table:
    """The four rules in their order; ``reason_code`` names the one that decided. Where it is not
    established whether more or less is better, none is asked."""
    t = rows.mutate(
        passed=judged_on > ibis.date(_.deadline_year, 12, 31),
        no_direction=_.met_rule == "direction_open",
        no_tolerance=(_.met_rule == "within_tolerance") & _.tolerance.isnull(),
        cut_before=ibis.ifelse(_.before_year >= _.base_year, _.before_value, 0.0).fill_null(0.0),
    )
    t = t.mutate(
        met_now=_meets(t, t.now_value),
        met_final=_meets(t, t.final_value),
        met_at_start=_meets(t, t.start_value).fill_null(False),
        change=change_between_cuts(t.now_value / 100, t.cut_before / 100),
    )
    rows = t.mutate(
        level=ibis.ifelse(
            t.operator == "decrease_by",
            intensity_light(t.change, t.now_value, t.required_now),
            level_light(t.now_value, t.start_value, t.required_now, t.direction),
        )
    )
    coloured = (_.state == "actual") & _.now_value.notnull()
    rows = rows.mutate(
        reason_code=ibis.cases(
            (_.no_direction, "no_direction"),
            (_.passed & _.final_value.isnull(), "due_not_reported"),
            (_.passed & _.no_tolerance, "no_tolerance"),
            (_.passed & _.met_final, "met"),
            (_.passed, "missed"),
            (~coloured, "state"),
            (_.no_tolerance, "no_tolerance"),
            (_.met_now & _.met_at_start, "met_at_start"),
            (_.met_now, "met_now"),
            (_.held, "not_held"),
            (_.met_rule == "within_tolerance", "outside_tolerance"),
            (
                _.operator == "increase_by",
                ibis.ifelse(_.now_value < _.required_now, "behind_path", "on_path"),
            ),
            ((_.operator == "decrease_by") & _.level.isnull(), "no_base"),
            ((_.operator == "decrease_by") & (_.level == 1), "did_not_fall"),
            ((_.operator == "decrease_by") & (_.level == 2), "behind_progress"),
            (_.operator == "decrease_by", "on_progress"),
            (_.start_value.isnull(), "no_base"),
            (~_.later, "no_value_since_base"),
            (_.level == 1, "moved_away"),
            (_.level == 2, "behind_path"),
            else_="on_path",
        )
    )
    return rows.mutate(light=_.reason_code.cases(*LIGHT_OF.items())).select(
        "target_id",
        "plan",
        "clause_ref",
        "indicator",
        "indicator_zh",
        "indicator_en",
        "region",
        "region_zh",
        "scope",
        "measure",
        "operator",
        "strict",
        "goal",
        "unit",
        "base_year",
        "deadline_year",
        "first_year",
        "met_rule",
        "tolerance",
        "path",
        "state",
        "state_basis",
        "reviewed_reason_zh",
        "reviewed_reason_en",
        "reading_zh",
        "reading_en",
        "latest",
        "latest_value",
        "latest_unit",
        "latest_period",
        "latest_end",
        "latest_year",
        "latest_vintage",
        "latest_published",
        "latest_confidence",
        "latest_nature",
        "latest_bound",
        "latest_edition",
        "latest_series",
        "relation",
        "publisher",
        "source_title",
        "source_url",
        "competing",
        "latest_origin",
        "latest_recalled_share",
        "latest_missing",
        "latest_computed_with",
        "computed_amount",
        "reported_amount",
        "amounts_unit",
        "evidence_submission",
        "evidence_row",
        "demo",
        "gap",
        "needed_pace",
        "needed_growth_pct",
        "needed_yearly_cut_pct",
        "pace_so_far",
        "pace_from_period",
        "required_now",
        "met_at_start",
        "light",
        "reason_code",
        "now_value",
        "now_period",
        "final_value",
        "final_period",
        "passed",
        difference_pct=100 * _.computed_less_reported / _.reported_amount.nullif(0),
        base_value=_.start_value,
        base_period=_.start_period,
    )


LIGHT_OF = {
    "no_direction": "grey",
    "due_not_reported": "due_not_reported",
    "no_tolerance": "grey",
    "met": "met",
    "missed": "missed",
    "state": "grey",
    "met_at_start": "green",
    "met_now": "green",
    "not_held": "red",
    "outside_tolerance": "orange",
    "behind_path": "orange",
    "on_path": "green",
    "did_not_fall": "red",
    "behind_progress": "orange",
    "on_progress": "green",
    "no_base": "grey",
    "no_value_since_base": "grey",
    "moved_away": "red",
}
"""The light each reason gives."""
