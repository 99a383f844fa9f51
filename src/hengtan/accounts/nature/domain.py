"""What the domain of nature brings: classes and loads of water, sewage, use of water."""

from hengtan.graph.domains import Domain, Option, Section

DOMAIN = Domain(
    name="nature",
    package="hengtan.accounts.nature",
    accounts=(
        "water_results",
        "water_classes",
        "water_shares",
        "water_loads",
        "water_lakes",
        "water_trends",
        "water_black",
        "water_use",
        "sewage_works",
        "sewage_places",
    ),
    options=(Option("black_odorous_orp", choices=("counted", "left_out")),),
    sections=(),
    asks_for=(),
    places_of=(),
)
