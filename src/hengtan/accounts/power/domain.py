"""What the records of the power system bring."""

from hengtan.graph.domains import Domain, Section

DOMAIN = Domain(
    name="power",
    package="hengtan.accounts.power",
    accounts=("response", "flexible", "sites", "rooftops", "lines"),
    sections=(
        Section.of(
            "response_settlements",
            "event grid_account hours called/1 delivered/1 energy/1 reached/1 payment/1"
            " confidence missing",
            rank=600,
        ),
        Section.of(
            "response_accuracy",
            "series days mean_load/1 bias/1 error/1 confidence missing",
            rank=610,
        ),
        Section.of(
            "flexible_hours",
            "aggregator hour at_once/1 hour_one/1 hours_two/1 hours_four/1 resources confidence",
            rank=620,
        ),
        Section.of(
            "flexible_counted",
            "aggregator resource kind power/1 counted_power/1 confidence missing",
            rank=625,
        ),
        Section.of(
            "storage_site_table",
            "title kind power/1 energy/1 hours/1 stated_gap/1 cost_power/1 cost_energy/1"
            " rank_power rank_energy price_level confidence missing",
            rank=630,
        ),
        Section.of(
            "rooftop_potentials",
            "place roof_class potential/1 installed/1 left/1 first_year/1 last_year/1 over_life/1"
            " avoided/1 confidence missing",
            rank=640,
        ),
        Section.of(
            "power_import_lines",
            "title status capacity/1 derated/1 energy/1 factor/1 factor_name co2/1 confidence"
            " missing",
            rank=650,
        ),
        Section.of(
            "power_imports",
            "place status lines capacity/1 derated/1 energy/1 co2/1 factor/1 confidence missing",
            rank=655,
        ),
    ),
    knows_the_day=True,
)
