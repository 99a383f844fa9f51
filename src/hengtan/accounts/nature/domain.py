"""What the domain of nature brings: classes and loads of water, sewage, use of water."""

from hengtan.graph.domains import Domain, Option, Section

DOMAIN = Domain(
    name="nature",
    package="hengtan.accounts.nature",
    accounts=(
        "water_results",
        "water_classes",
        "water_shares",
        "water_rivers",
        "water_loads",
        "water_lakes",
        "water_trends",
        "water_black",
        "water_use",
        "sewage_works",
        "sewage_places",
    ),
    options=(Option("black_odorous_orp", choices=("counted", "left_out")),),
    sections=(
        Section.of(
            "water_good_share",
            "year control registered sections good share/1 worse_than_5 meeting missing confidence",
            rank=200,
        ),
        Section.of(
            "water_good_slack",
            "year target_id goal/1 sections good least_good may_fail failing may_still_fail note",
            rank=201,
            chart="water_slack",
        ),
        Section("water_placed_months", rank=202, chart="water_months"),
        Section.of(
            "water_use_years",
            "year basis total/1e8 use_agriculture/1e8 use_industry/1e8 use_domestic/1e8"
            " use_ecology/1e8 supply_total/1e8 supply_gap/1e8 reason missing confidence",
            rank=210,
        ),
        Section.of(
            "water_use_caps", "year target_id cap/1e8 total/1e8 left/1e8 used_share/1", rank=211
        ),
        Section.of(
            "water_efficiency", "year price_base total/1e8 intensity/1 cut_since_base", rank=212
        ),
        Section.of(
            "sewage_rates",
            "year works collection_rate/1 treatment_rate/1 sludge_rate/1 bod_in/1"
            " power_by_volume/1 months_over reason missing confidence",
            rank=220,
        ),
        Section.of("black_odorous_years", "year surveyed black_odorous heavy confidence", rank=230),
    ),
    places_of=("water_good_share", "water_use_years", "sewage_rates", "black_odorous_years"),
)
