"""The packs beside the fact files of the third survey (../shared/facts/instruments): every row that
was read stands in a pack table with its figures, days and standing; every correction is applied.
"""

from __future__ import annotations

import csv
import re
from datetime import date

import pytest

from hengtan.desk.cases import shipped
from hengtan.instruments.parameters import Parameters, by_name

ROWS = list(shipped().rows("rule_parameters"))
BY_NAME = by_name(ROWS)
PROVISIONS = {row["provision"]: row for row in shipped().rows("rule_provisions")}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def read(facts):
    """``read(file)``: the rows of a fact file of instruments."""

    def rows_of(name):
        with (facts / "instruments" / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return rows_of


def span(parameter: str, key: str = "") -> tuple[tuple[str, str], ...]:
    """A parameter's lower and upper end, by key."""
    dot = f"{key}." if key else ""
    return (parameter, f"{dot}min"), (parameter, f"{dot}max")


def minerals() -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    by_amount = ("geothermal", "limestone", "sand_gravel", "mineral_water", "other_clay", "brine")
    by_value = (
        *("coal", "coalbed_gas", "shale_rock_etc", "gypsum_barite_etc", "fluorite_pyrite_sulfur"),
        *("iron_manganese_etc", "lead_zinc_etc", "bauxite", "strontium_etc", "salt"),
        "oil_shale_stone_coal",
    )
    rates = {mineral: span("resource_tax.span", mineral) for mineral in (*by_value, *by_amount)}
    for mineral in by_amount:
        rates[mineral] += span("resource_tax.unit_span", mineral)
    rates |= {gas: (("resource_tax.rate", gas),) for gas in ("natural_gas", "crude_oil")}
    return {("resource_tax", mineral): where for mineral, where in rates.items()}


def fines() -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    of_code = {
        **{f"fine.{act}": act for act in ("no_permit", "over_permit", "over_standard", "evasion")},
        **{f"fine.{act}": act for act in ("permit_fraud", "disclosure", "three_simultaneity")},
        "fine.eia_measures": "eia_measures",
        "fine.facility.minor": "facility_unkept",
    }
    code = {("permit_code", name): span("code.fine", act) for name, act in of_code.items()}
    ordinance = {
        ("permit", f"fine.{act}"): span("permit.fine", act) for act in ("no_permit", "over_permit")
    }
    return code | ordinance


def data_fraud() -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    return {
        ("ets_national", f"penalty.data.{kind}.{end}"): (("ets.penalty_data", f"{kind}_{end}"),)
        for kind in ("gain", "fine", "person", "cut")
        for end in ("min", "max")
    }


FIGURES = {
    ("ets_national", "penalty.post_code.late_fine.min"): (("ets.penalty.late_fine.min", ""),),
    ("ets_national", "penalty.post_code.late_fine.max"): (("ets.penalty.late_fine.max", ""),),
    ("ets_national", "penalty.multiplier.min"): (("ets.penalty.min", ""),),
    ("ets_national", "penalty.multiplier.max"): (("ets.penalty.max", ""),),
    ("ets_national", "penalty.multiplier.min/max"): (
        ("ets.penalty.min", ""),
        ("ets.penalty.max", ""),
    ),
    ("ets_national", "penalty.no_report.min"): (("ets.penalty_report.min", ""),),
    ("ets_national", "penalty.no_report.max"): (("ets.penalty_report.max", ""),),
    ("ets_national", "penalty.verifier.min/max"): (
        ("ets.penalty_verifier", "service.fine_min"),
        ("ets.penalty_verifier", "service.fine_max"),
    ),
    **data_fraud(),
    ("ccer", "crediting.max"): (("credit.period.fixed", "CCER-01-001"),),
    ("energy_review", "provincial.energy_min"): (("review.provincial.energy", ""),),
    ("energy_review", "provincial.coal_min"): (("review.provincial.coal", ""),),
    ("energy_review", "national.energy_min"): (("review.national.energy", ""),),
    ("energy_review", "national.coal_min"): (("review.national.coal", ""),),
    ("energy_review", "exempt.energy_max/coal_max"): (
        ("review.exempt.energy", ""),
        ("review.exempt.coal", ""),
    ),
    ("energy_review", "opinion.valid_years"): (("review.opinion.years", ""),),
    ("energy_review", "acceptance.months"): (("review.acceptance.months", ""),),
    ("energy_review", "over_approved.limit"): (("review.over_approved", ""),),
    ("key_energy_user", "min/designated"): (
        ("review.key_unit.energy", ""),
        ("review.key_unit.designated", ""),
    ),
    ("clean_production", "penalty.post_code"): span("review.cleaner.fine"),
    ("permit_code", "permit.valid_years"): (("permit.valid_years", ""),),
    ("permit_code", "permit.register_years"): (("permit.register_years", ""),),
    ("permit_code", "permit.record_years"): (("permit.record_years", ""),),
    ("permit_code", "fine.register"): (("code.fine", "unregistered.max"),),
    ("permit_code", "limitation"): (("code.limitation", "harm"), ("code.limitation", "other")),
    ("permit", "valid_years"): (("permit.valid_years", ""),),
    ("permit", "renewal_days"): (("permit.renewal_days", ""),),
    ("permit", "report_fine"): span("permit.report_fine"),
    **fines(),
    ("tax_relief", "equipment_rate"): (("tax_relief.equipment_rate", ""),),
    ("pboc_cerf", "rate"): (("finance.relending.rate", ""),),
    ("elec_residential_cq", "tier1.upper/tier2.upper"): (
        ("tariff.power.tier_upper", "1"),
        ("tariff.power.tier_upper", "2"),
    ),
    ("elec_residential_cq", "combined_meter.add"): (("tariff.power.combined_add", ""),),
    ("elec_residential_cq", "free.low_income"): (("tariff.power.free", "low_income"),),
    ("steel_diff_peer", "restricted.add"): (
        ("tariff.differential.category_add", "steel.restricted"),
    ),
    **minerals(),
}
"""Rows of the survey that are figures: the parameters that hold them, in their order."""
TEXTS = {
    ("ets_national", "penalty.data_fraud.rule"): "ets.data_fraud",
    ("ets_power", "accounting.oxidation.coal"): "ets.oxidation",
    ("ets_power", "accounting.purchased_electricity"): "ets.purchased_power",
    ("rps", "assessment.industry.2025"): "green.assessed_2025",
    ("rps", "carry_over.2025"): "green.carry_over_2025",
    ("rps", "doc.2026_rule"): "green.rule_2026",
    ("ccer", "crediting.renewable"): "credit.renewable",
    ("energy_review", "carbon_assessment.who"): "review.carbon_who",
    ("energy_review", "carbon_assessment.content"): "review.carbon_content",
    ("energy_review", "two_high.county"): "review.two_high_county",
    ("clean_production", "mandatory.post_code.1"): "cleaner.trigger1",
    ("clean_production", "mandatory.post_code.2"): "cleaner.trigger2",
    ("clean_production", "mandatory.post_code.3"): "cleaner.trigger3",
    ("clean_production", "application.post_code"): "cleaner.use",
    ("permit_code", "fine.daily"): "permit.daily",
    ("permit_code", "transition"): "permit.transition",
    ("pboc_cerf", "scope_2026"): "relending.scope_2026",
    ("elec_residential_cq", "settlement"): "power.settlement",
    ("elec_residential_tou_cq", "hours/adds/min_term"): "power.tou_term",
    ("env_tax", "voc_pilot"): "env_tax.voc_pilot",
}
"""Rows that are words: the provision that holds them."""
PEERS = {"steel_diff_peer": "450000"}
"""Rows of another province, kept beside the nation's: its code."""
BY_HAND = {
    ("ets_national", "surrender.deadline.2025"),
    ("rps", "industry.aluminium.2025.range"),
    ("ccer", "start_after"),
    ("elec_residential_cq", "tier2.add/tier3.add"),
    ("aluminium_tier", "threshold 2022/2023/2025"),
    ("env_tax", "annex1.all"),
}
"""Rows whose figures stand in another form: ``test_what_stands_in_another_form``."""


def value_on(name: str, key: str, day: date, region: str = "500000") -> float:
    return Parameters(BY_NAME, day, region).value(name, key)


def day_of(row) -> date:
    return date.fromisoformat(row["valid_from"])


def test_every_row_of_the_survey_has_its_place(read) -> None:
    rows = {(r["instrument"], r["param_id"]) for r in read("additions_2026-11.csv")}
    rows = {row for row in rows if row[0] != "trade_in"}
    placed = [*FIGURES, *TEXTS, *BY_HAND]
    assert set(placed) == rows and len(placed) == len(set(placed))


def test_figures_equal_the_survey(read) -> None:
    for row in read("additions_2026-11.csv"):
        where = FIGURES.get((row["instrument"], row["param_id"]))
        if where is None:
            continue
        if row["instrument"] == "ccer" and "海上" in row["applies_to"]:
            where = (("credit.period.fixed", "CCER-01-002"),)
        ranges = row["value"].replace("m3", "").replace("-", " ")
        figures = [float(text) for text in NUMBER.findall(ranges)]
        region = PEERS.get(row["instrument"], "500000")
        ends = [row["valid_from"], row["valid_to"]]
        for day in (date.fromisoformat(end) for end in ends if end):
            of_pack = [value_on(name, key, day, region) for name, key in where]
            assert of_pack == figures, (row["param_id"], day)


def test_days_and_standing_equal_the_survey(read) -> None:
    """What is new has a row from its day on, and what was read is no longer from memory."""
    for row in read("additions_2026-11.csv"):
        region = PEERS.get(row["instrument"])
        for name, key in FIGURES.get((row["instrument"], row["param_id"]), ()):
            mine = [
                r
                for r in BY_NAME[name]
                if (r["key"] or "") == key
                and r["value"] is not None
                and region in (None, r["region"])
            ]
            if row["status"] == "new":
                assert day_of(row) in {r["valid_from"] for r in mine}, (name, key)
            assert all(r["confidence"] == "read" for r in mine), (name, key)
            if row["confidence"] == "read second-hand":
                assert any("二手" in r["source"] for r in mine), (name, key)


def test_words_stand_as_provisions_from_their_day(read) -> None:
    for row in read("additions_2026-11.csv"):
        name = TEXTS.get((row["instrument"], row["param_id"]))
        if name is None:
            continue
        of_pack = PROVISIONS[name]
        assert of_pack["valid_from"] == day_of(row), name
        assert str(of_pack["valid_to"] or "") == row["valid_to"], name
        assert ("二手" in of_pack["source"]) == (row["confidence"] == "read second-hand"), name
        assert of_pack["certainty"] == row["certainty"], name


def test_what_stands_in_another_form(read) -> None:
    """Days as numbers, adds as differences of prices, a range that a figure has to lie in."""
    of = {r["param_id"]: r for r in read("additions_2026-11.csv")}
    last_day = value_on("ets.deadline", "national", date(2025, 12, 31))
    assert f"{last_day:.0f}" == of["surrender.deadline.2025"]["value"].replace("-", "")
    begun = value_on("credit.started_after", "", date(2024, 1, 1))
    assert f"{begun:.0f}" == of["start_after"]["value"].replace("-", "")
    low, high = map(float, of["industry.aluminium.2025.range"]["value"].split("-"))
    assert low <= value_on("green.industry_share", "aluminium", date(2025, 6, 30)) <= high
    prices = [value_on("tariff.power.tier_price", tier, date(2024, 1, 1)) for tier in "123"]
    adds = [float(add) for add in of["tier2.add/tier3.add"]["value"].split(";")]
    assert [price - prices[0] for price in prices[1:]] == pytest.approx(adds)
    thresholds = of["threshold 2022/2023/2025"]["value"].split(";")
    for year, threshold in zip((2022, 2023, 2025), thresholds, strict=True):
        of_pack = value_on("tariff.aluminium.threshold", "", date(year, 1, 1))
        assert of_pack == float(threshold)
    solid = [
        value_on("env_tax.solid.rate", kind, date(2024, 1, 1))
        for kind in ("coal_gangue", "tailings", "hazardous", "other")
    ]
    note = of["annex1.all"]["note"]
    assert "/".join(f"{rate:g}" for rate in solid) in note and "1.2-12" in note


TRADE_IN = {
    "汽车报废更新": [("car_scrap.nev", 0.12, 20_000), ("car_scrap.fuel", 0.10, 15_000)],
    "汽车置换更新": [("car_replace.nev", 0.08, 15_000), ("car_replace.fuel", 0.06, 13_000)],
    "家电以旧换新": [("appliance.level1", 0.15, 1_500)],
    "数码智能购新": [("digital", 0.15, 500)],
}
"""Of 2026: share of the price and cap, as the survey's words have them."""


def test_trade_in_rounds_are_those_of_the_survey(read) -> None:
    words = {
        (r["param_id"], r["valid_from"][:4]): r["value"]
        for r in read("additions_2026-11.csv")
        if r["instrument"] == "trade_in"
    }
    for name, items in TRADE_IN.items():
        for item, rate, cap in items:
            assert f"{rate:.0%}" in words[name, "2026"]
            written = f"{cap / 10_000:g}万" if cap > 2_000 else f"{cap}元"
            assert f"<={written}" in words[name, "2026"]
            day = date(2026, 12, 31)
            assert value_on("trade_in.rate", item, day) == rate
            assert value_on("trade_in.cap", item, day) == cap
    assert words["家电以旧换新", "2025"] == "15%(1级及以上再+5%), 每件<=2000元, 空调<=3件"
    of_2025 = date(2025, 1, 20)
    assert value_on("trade_in.rate", "appliance.other", of_2025) == 0.15
    assert value_on("trade_in.rate", "appliance.level1", of_2025) == pytest.approx(0.15 + 0.05)
    assert value_on("trade_in.cap", "appliance.level1", of_2025) == 2_000
    assert value_on("trade_in.pieces", "air_conditioner", of_2025) == 3
    assert "1500-3200" in words["老旧营运船舶", "2024"]
    ship = [value_on(f"trade_in.{end}", "ship.scrap_renew", of_2025) for end in ("least", "most")]
    assert ship == [1_500, 3_200]


def test_equivalents_of_pollutants_equal_the_annex(read) -> None:
    """All 123 rows, in the order of the law's annex."""
    annex = read("env_tax_equivalents.csv")
    of_pack = list(shipped().rows("pollutants"))
    assert len(of_pack) == len(annex)
    for row, published in zip(of_pack, annex, strict=True):
        assert row["ordinal"] == int(published["no"]) or row["class"].startswith("water_")
        assert row["confidence"] == "read"
        if published["equivalent_value"]:
            assert row["equivalent"] == float(published["equivalent_value"]), row["name_zh"]


def test_limits_of_products_equal_the_standards(read) -> None:
    of_pack = {
        (r["law"], r["product_zh"], r["indicator_zh"]): r for r in shipped().rows("energy_limits")
    }
    published = read("gb_energy_limits.csv")
    assert len(of_pack) == len(published)
    for row in published:
        mine = of_pack[row["standard"], row["product"], row["indicator"]]
        for level in ("level1", "level2", "level3"):
            assert mine[level] == (float(row[level]) if row[level] else None), row["product"]
        assert mine["valid_from"] == day_of(row) and mine["certainty"] == row["certainty"]
        assert "二手" in mine["source"]


def test_benchmarks_carry_what_the_check_says(read) -> None:
    words = {
        "agrees": "corroborated",
        "differs": "differs from GB",
        "not_comparable": "not comparable",
        "second_hand": "second-hand match",
        "not_found": "not found",
    }
    of_pack = {r["product_zh"]: r for r in shipped().rows("efficiency_benchmarks")}
    checked = {r["product"]: r for r in read("energy_efficiency_benchmarks_check.csv")}
    assert of_pack.keys() == checked.keys()
    for product, row in checked.items():
        mine = of_pack[product]
        assert words[mine["check"]] == row["check"], product
        assert mine["leading"] == float(row["benchmark_leading"]), product
        assert mine["base"] == float(row["benchmark_base"]), product
        second_hand = row["recommended_confidence"].startswith("read second-hand")
        assert mine["confidence"] == ("read" if second_hand else "recalled"), product


def test_corrections_are_applied() -> None:
    """The twenty corrections, each by what it changes; those of benchmarks stand in the check."""
    gas = [r for r in BY_NAME["resource_tax.rate"] if r["key"] == "natural_gas"]
    assert not [r for r in gas if "煤层" in (r["note_zh"] or "")]
    assert value_on("resource_tax.span", "coalbed_gas.max", date(2025, 1, 1)) == 0.02
    oxidation = [
        r
        for r in shipped().rows("fuel_factors")
        if r["factor_set"] == "mee_power2022" and r["parameter"] == "oxidation"
    ]
    assert [(r["value"], r["valid_to"], r["confidence"]) for r in oxidation] == [
        (0.99, date(2025, 12, 31), "read")
    ]
    old = [r for r in BY_NAME["review.municipal.energy"] if r["region"] == "500000"]
    assert [r["valid_to"] for r in old] == [date(2025, 8, 31)]
    yearly = [r["note_zh"] for r in BY_NAME["tariff.power.tier_upper"]]
    assert all("预购电量智能表" in note for note in yearly)
    assert value_on("finance.relending.rate", "", date(2025, 5, 6)) == 0.0175
    assert value_on("finance.relending.rate", "", date(2025, 5, 7)) == 0.015
    shares = [r["note_zh"] or "" for r in BY_NAME["green.industry_share"]]
    assert not [note for note in shares if "考核与否须核" in note]
    assert {r["unit"]: r["confidence"] for r in shipped().rows("key_unit_classes")} == {
        "tce": "read"
    }
    tax = [r for r in ROWS if r["parameter"].startswith("env_tax.") and "附表" in r["source"]]
    assert tax and all("flk.npc.gov.cn" in r["source"] for r in tax)
