"""What the plan brings to the graph: targets, series, evidence, progress, tasks, registries, and
the indicators that are computed from records.
"""

from hengtan.graph.domains import Domain

DOMAIN = Domain(
    name="plan",
    package="hengtan.plan",
    accounts=(
        "targets",
        "registries",
        "computed",
        "series",
        "evidence",
        "bases",
        "progress",
        "proposals",
        "tasks",
    ),
    unit_columns=(
        ("targets", "unit"),
        ("targets", "base_unit"),
        ("observations", "unit"),
        ("registries", "unit"),
        ("computed_indicators", "unit"),
    ),
    knows_the_day=True,
)
