"""What the records of case files bring: yearly amounts that rules read."""

from hengtan.graph.domains import Domain

DOMAIN = Domain(
    name="casework",
    package="hengtan.accounts.casework",
    accounts=("permits", "buildings", "green", "villages", "thrift"),
)
