"""What the records of the power system bring."""

from hengtan.graph.domains import Domain

DOMAIN = Domain(
    name="power",
    package="hengtan.accounts.power",
    accounts=("response", "flexible", "sites", "rooftops", "lines"),
    knows_the_day=True,
)
