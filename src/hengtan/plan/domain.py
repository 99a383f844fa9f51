"""What the plan brings to the graph: series, evidence, progress, tasks and verdicts of targets."""

from hengtan.graph.domains import Domain, Option

DOMAIN = Domain(
    name="plan",
    package="hengtan.plan",
    accounts=("series", "evidence", "progress", "tasks", "verdict"),
    options=(Option("carbon_goal_cut", number=float), Option("carbon_goal_year", number=int)),
    unit_columns=(("targets", "unit"), ("observations", "unit")),
    knows_the_day=True,
    by_year=(
        "plan_values",
        "plan_series",
        "plan_links",
        "plan_candidates",
        "plan_evidence",
        "plan_standing",
        "plan_progress",
    ),
    begins=("indicator_values", "period_start"),
)
