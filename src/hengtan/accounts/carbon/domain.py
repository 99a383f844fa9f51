"""What the domain of carbon brings: inventories, enterprises, products and supply chains."""

from hengtan.graph.domains import Domain, Option, Section

DOMAIN = Domain(
    name="carbon",
    package="hengtan.accounts.carbon",
    accounts=(
        "combustion",
        "activity",
        "sources",
        "indirect",
        "inventory",
        "intensity",
        "enterprise",
        "key_units",
        "months",
        "sites",
        "causes",
        "certainty",
        "landfills",
        "exchanges",
        "products",
        "suppliers",
        "other_cities",
    ),
    options=(
        Option("factor_set", column=("factor_sets", "factor_set")),
        Option("enterprise_factor_set", column=("factor_sets", "factor_set")),
        Option("gwp_set", column=("gwp", "gwp_set")),
        Option("footprint_gwp_set", column=("gwp", "gwp_set")),
        Option("guide", column=("guide_editions", "guide")),
        Option("grid_factor_kind", column=("grid_factor_kinds", "factor_kind")),
        Option("furnace_gas", choices=("with_coke", "separate")),
        Option(
            "landfill_climate", choices=("temperate_dry", "temperate_wet", "tropical_moist_wet")
        ),
        Option("stand_in_year", number=int),
        Option("draws", number=int),
    ),
    unit_columns=(("activity_items", "unit"), ("unit_items", "unit")),
    sections=(
        Section.of(
            "carbon_totals",
            "year method total/1e4 energy/1e4 processes/1e4 agriculture/1e4 waste/1e4 land/1e4"
            " indirect_power/1e4 recalled_share/1 gwp_set guide confidence lost",
            rank=40,
            chart="inventory",
        ),
        Section.of(
            "carbon_approaches",
            "year method sectoral/1e4 reference/1e4 difference_share/1 recalled_share/1",
            rank=50,
        ),
        Section.of(
            "carbon_intensity",
            "year method price_base co2/1e4 intensity/1 change/1 cut_since_base/1 recalled_share/1",
            rank=60,
        ),
        Section.of(
            "carbon_dual_control",
            "year method price_base co2/1e4 budget/1e4 left/1e4 is_within cut/1 cut_asked/1"
            " is_on_path recalled_share/1 confidence",
            rank=65,
        ),
        Section.of(
            "carbon_by_sector",
            "year method carbon_sector co2e/1e4 from_fuel/1e4 from_sources/1e4 indirect/1e4"
            " named_by_clause recalled_share/1",
            rank=70,
            chart="sectors",
        ),
        Section.of(
            "carbon_inventory",
            "year method category category_zh gas emission/1 co2e/1 ipcc2006 gpc recalled_share/1"
            " confidence",
            rank=80,
        ),
        Section.of("carbon_gpc", "year method gpc co2e/1 approximate recalled_share/1", rank=90),
        Section.of(
            "carbon_drivers",
            "year method group change/1e4 by_gdp/1e4 by_intensity/1e4 by_mix/1e4 by_factor/1e4"
            " recalled_share/1",
            rank=100,
            chart="causes",
        ),
        Section.of("carbon_peaks", "method verdict reason", rank=110, sheet=False),
        Section.of(
            "carbon_uncertainty", "year method uncertainty/1 low/1e4 high/1e4 missing", rank=120
        ),
        Section.of(
            "energy_key_units",
            "year entity_name industry_zh class_zh energy/1 change/1 direct/1 indirect/1"
            " carbon_per_value_added/1 recalled_share/1",
            rank=140,
        ),
    ),
    unestablished=("factor_not_established", "range_lacking"),
    asks_for=("industrial_products", "farm_activity", "forest_activity", "waste_activity"),
    places_of=("carbon_totals", "energy_key_units"),
)
