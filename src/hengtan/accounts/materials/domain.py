"""What the domain of materials brings: the flow ledger, rates of waste, secondary materials,
products at their end.
"""

from hengtan.graph.domains import Domain, Option, Section

DOMAIN = Domain(
    name="materials",
    package="hengtan.accounts.materials",
    accounts=(
        "flows",
        "repeated_flows",
        "hauls",
        "networks",
        "quantities",
        "definitions",
        "recycling",
        "products",
        "batteries",
        "zero_waste",
    ),
    options=(Option("material_tolerance", number=float),),
    sections=(
        Section("material_ways", rank=200, chart="material_ways", sheet=False),
        Section.of(
            "material_rates",
            "year rate material definition_zh value/1 numerator/1 denominator/1 trap_zh confidence"
            " missing",
            rank=210,
        ),
        Section.of(
            "material_rates_published",
            "year rate material definition_zh value/1 printed_text off/1 reproduces document",
            rank=220,
        ),
        Section.of(
            "material_balance",
            "year firm material opening/1 made/1 received/1 sent/1 used/1 treated/1 landfilled/1"
            " closing/1 gap/1 held_against closes least_stock/1 confidence reason missing",
            rank=230,
        ),
        Section.of(
            "material_storage",
            "firm material stock_by_books/1 storage_days overdue/1 by_law confidence reason"
            " missing",
            rank=240,
        ),
        Section.of(
            "material_licence_use",
            "year firm material received/1 received_most/1 over_licence closing/1 stock_most/1"
            " over_storage document confidence missing",
            rank=250,
        ),
        Section.of(
            "material_flows_repeated",
            "year firm material kind period rows tonnes/1 shorter_rows shorter_tonnes/1 missing",
            rank=255,
        ),
        Section.of(
            "manifest_gaps",
            "year manifest material sender receiver sent_tonnes/1 got_tonnes/1 lost_tonnes/1"
            " manifest_state confidence",
            rank=260,
        ),
        Section.of(
            "cdw_site_transport",
            "year site made/1 on_site/1 to_carry/1 sent/1 arrived/1 left_over/1 loads"
            " loads_not_arrived confidence reason missing",
            rank=262,
        ),
        Section.of(
            "cdw_hauls",
            "year site plant material loads sent/1 loads_arrived arrived/1 loads_not_arrived lost/1"
            " loads_elsewhere loads_unknown confidence reason note",
            rank=264,
        ),
        Section.of(
            "two_networks",
            "year material sanitation/1 dealers/1 same_tonnes/1 dealers_untagged/1 once_low/1"
            " once_high/1 confidence",
            rank=270,
        ),
        Section.of(
            "waste_path_balance",
            "year waste was_made/1 digested/1 composted/1 burnt/1 material/1 feed/1 landfilled/1"
            " kept/1 untreated/1 gap/1 zero_landfill confidence missing",
            rank=280,
        ),
        Section.of(
            "recycled_materials",
            "year material by_sources/1 agreed/1 amount/1 avoided/1 confidence missing",
            rank=290,
        ),
        Section.of(
            "material_reconciled",
            "year material origin amount/1 deviation/1 reconciled/1 moved/1 sigmas/1 confidence"
            " missing",
            rank=300,
        ),
        Section.of(
            "product_arisings",
            "year product count_unit sold/1 in_use/1 arising/1 recovered/1 recovery_rate/1"
            " second_life_share/1 ahead confidence missing",
            rank=310,
        ),
        Section.of(
            "battery_trace_years",
            "year retired recovered second_life recycled not_recovered recovery_rate/1 doubtful"
            " confidence reason",
            rank=315,
        ),
        Section.of(
            "producer_take_back",
            "year producer product definition taken_back/1 base/1 value/1 duty/1 reaches_duty"
            " confidence missing",
            rank=320,
        ),
        Section.of(
            "zero_waste_standing",
            "year must_listed must_filled must_gaps may_listed may_filled reached short index/1"
            " confidence missing",
            rank=330,
        ),
    ),
    unestablished=(
        "coefficient_not_established",
        "no_lifetime",
        "no_shares_of",
        "no_storage_limit",
        "weights_not_given",
    ),
    places_of=(
        "material_rates",
        "material_balance",
        "two_networks",
        "recycled_materials",
        "product_arisings",
        "zero_waste_standing",
    ),
    knows_the_day=True,
    rests_on="hengtan.accounts.energy",
)
