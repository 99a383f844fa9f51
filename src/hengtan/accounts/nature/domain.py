"""What the domain of nature brings: days of air and their index, by the edition in force."""

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
    ),
    options=(
        Option("air_edition", choices=("by_date", "HJ 633-2012", "HJ 633-2026")),
        Option("air_hourly_pm", choices=("text", "practice")),
    ),
    unit_columns=(("air_items", "unit"),),
    sections=(
        Section.of(
            "air_place_years",
            "year edition method good_days valid_days good_share/1 heavy_days pm25/1 missing",
            rank=300,
        ),
        Section.of(
            "air_days_left",
            "target_id year edition method goal bad_days bad_allowed still_allowed days_to_come",
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
            " within_limits missing",
            rank=303,
        ),
        Section.of("air_composite", "year weights method composite/1 missing", rank=304),
    ),
    places_of=("air_place_years",),
)
