"""What the records of case files bring: yearly amounts that rules read."""

from hengtan.graph.domains import Domain

DOMAIN = Domain(
    name="casework",
    package="hengtan.accounts.casework",
    accounts=(
        "permits",
        "plants",
        "parks",
        "fossil",
        "chains",
        "rights",
        "cleaner",
        "waste",
        "water",
        "projects",
        "project_totals",
        "project_checks",
        "savings",
        "pools",
        "green_loans",
        "pledges",
        "points",
        "subsidies",
        "supply",
        "buildings",
        "green",
        "villages",
        "thrift",
        "procurement",
        "rights_pledges",
        "green_power",
        "zero_carbon",
    ),
    knows_the_day=True,
)
