"""What block tariffs bring to the graph: bills of every household from its readings."""

from hengtan.graph.domains import Domain

DOMAIN = Domain(
    name="tariffs",
    package="hengtan.instruments.tariffs",
    accounts=("bills",),
    rests_on="hengtan.instruments",
)
