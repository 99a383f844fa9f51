"""What the domain of energy brings: balances, totals, intensities, quality of records."""

from hengtan.graph.domains import Domain, Option, Section

DOMAIN = Domain(
    name="energy",
    package="hengtan.accounts.energy",
    accounts=(
        "factors",
        "records",
        "counted",
        "balance",
        "totals",
        "intensity",
        "reconciled",
        "quality",
    ),
    options=(
        Option("coal_equivalent_set", column=("factor_sets", "factor_set")),
        Option("coal_rate_kind", choices=("supply", "generation")),
        Option("nonfossil_imports", choices=("none", "certified")),
        Option("reconcile_method", choices=("ras", "least_squares", "unallocated")),
        Option("balance_tolerance", number=float),
    ),
    unit_columns=(("energy_products", "unit"),),
    sections=(
        Section("energy_balance", rank=5, chart="flows"),
        Section.of(
            "energy_consumption",
            "year method convention total/1e4 coal/1e4 oil/1e4 gas/1e4 power_tce/1e4"
            " feedstock/1e4 coal_rate/1 recalled_share/1 confidence",
            rank=10,
        ),
        Section.of(
            "energy_intensity",
            "year method series price_base intensity/1 change/1 cut_since_base/1 recalled_share/1",
            rank=20,
            chart="intensity",
        ),
        Section.of(
            "energy_nonfossil",
            "year method share/1 nonfossil_kwh/1e8 nonfossil_imports recalled_share/1",
            rank=30,
        ),
        Section.of(
            "energy_balance_identities",
            "year measure product identity gap/1 tolerance/1 holds reason",
            rank=130,
            only=(("holds", False),),
        ),
    ),
    asks_for=(
        "regional_balance",
        "enterprise_energy",
        "energy_exchange",
        "gdp_values",
        "coal_rate",
    ),
    places_of=("energy_balance",),
)
