"""What the domain of nature brings: days of air and their index, classes and loads of water, use of
water, sewage.
"""

from hengtan.graph.domains import Domain, Option, Section

DOMAIN = Domain(
    name="nature",
    package="hengtan.accounts.nature",
    accounts=(
        "air_days",
        "air_index",
        "air_hour_index",
        "air_years",
        "air_composite",
        "air_goals",
        "air_doubts",
        "air_lost_hours",
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
        "sewage_doubts",
    ),
    options=(
        Option("air_edition", choices=("by_date", "HJ 633-2012", "HJ 633-2026")),
        Option("air_hourly_pm", choices=("text", "practice")),
        Option("black_odorous_orp", choices=("counted", "left_out")),
    ),
    unit_columns=(("air_items", "unit"),),
    sections=(
        Section.of(
            "air_place_years",
            "year edition method good_days valid_days good_share/1 heavy_days pm25/1 confidence"
            " missing",
            rank=300,
        ),
        Section.of(
            "air_days_left",
            "target_id year edition method goal bad_days bad_allowed still_allowed days_to_come"
            " confidence",
            rank=301,
        ),
        Section.of(
            "air_year_end",
            "target_id year edition method still_allowed days_to_come past_years kept fewest most",
            rank=302,
        ),
        Section.of(
            "air_place_year_items",
            "year item averaging method mean/1 annual_limit/1 percentile/1 percentile_limit/1"
            " within_limits percentile_confidence limit_confidence missing",
            rank=303,
        ),
        Section.of("air_composite", "year weights method composite/1 confidence missing", rank=304),
        Section.of("air_hours_unplaced", "year station first_day last_day hours missing", rank=305),
        Section.of("air_hours_not_counted", "year station cause mark hours missing", rank=306),
        Section.of(
            "water_good_share",
            "year control registered sections good share/1 worse_than_5 meeting missing confidence",
            rank=200,
        ),
        Section.of(
            "water_good_slack",
            "year target_id goal/1 sections good least_good may_fail failing may_still_fail note"
            " confidence",
            rank=201,
            chart="water_slack",
        ),
        Section("water_placed_months", rank=202, chart="water_months"),
        Section.of(
            "water_border_years",
            "year river neighbour item_zh months load_in/1 load_out/1 net/1 worst_over/1"
            " months_over missing confidence",
            rank=205,
        ),
        Section.of(
            "water_use_years",
            "year basis districts_reported total/1e8 use_agriculture/1e8 use_industry/1e8"
            " use_domestic/1e8 use_ecology/1e8 supply_total/1e8 supply_gap/1e8 reason missing"
            " confidence",
            rank=210,
        ),
        Section.of(
            "water_use_caps",
            "year target_id basis cap/1e8 total/1e8 left/1e8 used_share/1 confidence missing",
            rank=211,
        ),
        Section.of(
            "water_efficiency",
            "year price_base total/1e8 intensity/1 cut_since_base confidence",
            rank=212,
        ),
        Section.of(
            "sewage_rates",
            "year works collection_rate/1 treatment_rate/1 sludge_rate/1 bod_in/1"
            " power_by_volume/1 months_over reason missing"
            " confidence collection_confidence",
            rank=220,
        ),
        Section.of("sewage_doubts", "year item by_services by_works gap reason", rank=221),
        Section.of(
            "black_odorous_years",
            "year surveyed black_odorous heavy not_graded note confidence",
            rank=230,
        ),
    ),
    unestablished=("air_no_limit", "air_no_weight", "black_rural_limits_not_established"),
    places_of=(
        "air_place_years",
        "water_good_share",
        "water_use_years",
        "sewage_rates",
        "black_odorous_years",
    ),
)
