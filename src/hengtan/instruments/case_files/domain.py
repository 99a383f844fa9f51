"""What case files bring to the graph; their accounts follow from the packs (``accounts.py``)."""

from hengtan.graph.domains import Domain

DOMAIN = Domain(
    name="case_files",
    package="hengtan.instruments.case_files",
    accounts=(),
    knows_the_day=True,
    rests_on="hengtan.instruments",
)
