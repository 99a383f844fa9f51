"""The study in docs/study-outlook-chongqing.md, worked out again from the demonstration ledger; its
figures stand in the page as they come out. What packs publish anchors what is assumed.
"""

from collections import defaultdict
from pathlib import Path

import pytest

from hengtan.basis.errors import HengtanError
from hengtan.demo.park import LOAD, SUN, park_hours
from hengtan.demo.studies import load_studies, study_rows
from hengtan.desk.odds import Wish, odds_of
from hengtan.desk.pathway import Asked, PathwayDesk
from hengtan.desk.power import Chosen, PowerDesk, answer, firm_of

PAGE = (Path(__file__).parents[1] / "docs" / "study-outlook-chongqing.md").read_text("utf-8")
CITY, WULONG = "500000", "500156"
FUELS_OF_COAL = ("raw_coal", "coke")


def percent(share):
    """A share as the page writes it, with a true minus."""
    return f"{share:+.1%}".replace("-", "−").replace("+0.0%", "0.0%").replace("−0.0%", "0.0%")


@pytest.fixture(scope="module")
def study(demo):
    return PathwayDesk(demo, Asked(CITY))


@pytest.fixture(scope="module")
def dispatched(demo):
    desk = PowerDesk(demo)
    return {name: answer(desk, Chosen(CITY, name)) for name in ("", "cq-2017-published")}


def published(demo, series, period):
    """A public figure of the city as the packs have it."""
    (row,) = [
        row
        for row in demo.pack.rows("observations")
        if (row["place"], row["series"], row["period"]) == (CITY, series, period)
    ]
    return row["value"]


def test_the_assumed_balance_closes_and_adds_to_what_is_published(demo):
    """8,874.54 万tce, 44.3 % of it coal, 1,187 亿kWh: power of 627 亿kWh (295 hydro, wind and sun,
    332 from outside) counts 0.305 kgce/kWh; final power is 1,187 x 1.229.
    """
    gained, used = defaultdict(float), defaultdict(float)
    for row in study_rows()["regional_balance"]:
        side = used if row["balance_row"].startswith("F") else gained
        side[row["product"]] += row["value"]
    assert dict(gained) == pytest.approx(dict(used))
    supply = defaultdict(float)
    for row in study_rows()["regional_balance"]:
        if row["balance_row"].startswith("S"):
            supply[row["product"]] += row["value"]
    power = supply.pop("electricity")
    assert power == pytest.approx(627 * 1.229)
    total = published(demo, "energy_total", "2020")
    assert sum(supply.values()) + 627 * 3.05 == pytest.approx(total, abs=0.01)
    coal = sum(supply[fuel] for fuel in FUELS_OF_COAL)
    assert 100 * coal / total == pytest.approx(published(demo, "coal_share", "2020"), abs=0.001)
    power_used = published(demo, "electricity_consumption", "2020")
    assert used["electricity"] == pytest.approx(power_used * 1.229)


def test_the_hours_of_the_park_are_made_up_and_say_so():
    """950 hours of sun; at most 11,500 kW x 1.08 of a working hour in summer = 12,420 kW."""
    by_series = defaultdict(list)
    for row in park_hours():
        assert row["kind"] == "假设" and row["source_title"].startswith("合成")
        by_series[row["series"]].append(row["value"])
    assert {name: len(values) for name, values in by_series.items()} == {LOAD: 8760, SUN: 8760}
    assert sum(by_series[SUN]) == pytest.approx(950, abs=0.5)
    assert max(by_series[LOAD]) == pytest.approx(12_420)


def test_every_row_says_that_it_is_assumed_and_none_changes_a_light(demo):
    for form in study_rows():
        rows = demo.execute(form).to_pylist()
        own = [row for row in rows if str(row["_file"]).startswith("演示研究_")]
        assert len(own) == len(study_rows()[form]) and all(row["_demo"] for row in own)
        if "confidence" in own[0]:
            assert {row["confidence"] for row in own} == {"proposal"}
    status = {row["target_id"]: row for row in demo.status("cq-2025-2027")}
    rests = [
        row["target_id"]
        for row in status.values()
        if row["latest_origin"] == "computed" and row["latest_confidence"] == "proposal"
    ]
    assert rests == []
    gas = status["cq-gas-output-2027"]
    assert (gas["state"], gas["latest_value"]) == ("proxy", 85.0)
    lines = status["cq-power-import-2027"]
    assert lines["latest_indicator"] == "hami_chongqing_hvdc_energy"


def test_loading_it_again_changes_nothing_and_a_corrected_row_corrects_it(demo_copy, monkeypatch):
    def entered():
        return [row["submission"] for row in demo_copy.ledger.submissions()]

    from hengtan.demo import studies
    from hengtan.demo.public import LOADER

    before = entered()
    load_studies(demo_copy, LOADER, lambda share, text: None)
    assert entered() == before
    rows = study_rows()
    rows["fuel_prices"][0]["price"] = 800
    monkeypatch.setattr(studies, "study_rows", lambda: rows)
    load_studies(demo_copy, LOADER, lambda share, text: None)
    assert len(entered()) == len(before) + 1
    (price,) = demo_copy.execute("fuel_prices").to_pylist()
    assert price["price"] == 800


def test_what_the_study_rests_on_is_counted(study, dispatched):
    inputs = study.inputs
    assert sum(inputs.rows.values()) == 66 == 40 + 14 + 12
    assert inputs.assumed == 66 - 5  # the published GDP of 2020 and its four published growths
    assert (
        f"输入 66 行，其中 {inputs.assumed} 行为假设，另有计算假设 {inputs.assumptions} 条" in PAGE
    )
    power = dispatched[""]["inputs"]
    assert power["assumed"] == 5  # the study, hydro, solar, line and price of coal
    rows = sum(power["rows"].values())
    assert f"输入 {rows} 行，其中 5 行为假设，另有计算假设 {power['assumptions']} 条" in PAGE
    assert len(study.study.base.gaps) == 7 and "7 个缺口" in PAGE
    assert inputs.zh.startswith("演示数据，结果只作示范")


def test_the_years_and_the_largest_cuts_stand_in_the_page(study, demo):
    for row in study.years():
        if row["year"] not in (2020, 2027, 2030, 2035):
            continue
        wan = [row[key] / 1e4 for key in ("without_measures", "with_measures", "cut")]
        figures = " | ".join(f"{value:,.2f}" for value in wan)
        assert f"| {row['year']} | {figures} |" in PAGE
        assert row["assumed_share"] in (None, pytest.approx(1.0))
    wedges = study.wedges(2035)
    for wedge in wedges[:3]:
        assert f"{wedge['title']} {wedge['cut'] / 1e4:.2f}" in PAGE
    clauses = {row["clause_ref"] for row in demo.pack.rows("measures")}
    targets = {row["target_id"] for row in demo.status("cq-2025-2027")}
    assert len(wedges) == 12 and {wedge["clause"] for wedge in wedges} <= clauses
    assert {target for wedge in wedges for target in wedge["targets"]} <= targets
    base = study.years()[0]["with_measures"] / 1e4
    error = base / published(demo, "co2_energy_yearbook", "2020") - 1
    assert f"高 {error:.1%}" in PAGE


def test_two_targets_are_judged_and_no_light_rests_on_what_is_assumed(study, demo):
    """The cut of intensity by hand: energy of 2020 is what is published, 8,874.54, of 2027 what the
    account has; GDP grows by 8.3, 2.6, 6.1, 5.7 and then 5 % a year.
    """
    rows = study.targets(2027)
    judged = {row["target_id"]: row for row in rows if row["rests_on_scenario"]}
    assert set(judged) == {"cq-energy-intensity-2027", "cq-nonfossil-share-2027"}
    assert f"其余 {len(rows) - 2} 个情景没有说" in PAGE
    assert {row["light"] for row in judged.values()} == {"grey"}
    energy = {
        row["year"]: row["total"]
        for row in study.ahead.execute("energy_consumption").to_pylist()
        if row["place"] == CITY and row["convention"] == "equivalent"
    }
    assert energy[2020] / 1e4 == pytest.approx(published(demo, "energy_total", "2020"), abs=0.01)
    grown = 1.083 * 1.026 * 1.061 * 1.057 * 1.05**3
    cut = 100 * (1 - energy[2027] / energy[2020] / grown)
    assert judged["cq-energy-intensity-2027"]["latest"] == pytest.approx(cut, rel=1e-9)
    share = judged["cq-nonfossil-share-2027"]["latest"]
    assert f"降低 {cut:.2f}%（目标 16%），非化石能源占比 {share:.2f}%（目标 25%）" in PAGE
    assert demo.execute("energy_coal_rate").num_rows == 0  # the study's levels are not stored


def test_the_scenario_beside_figures_published_later(study, demo):
    """2021 and 2022, of which the study knows nothing; the error is told, and not fitted."""
    outcome = study.study.outcome()
    energy = outcome.energy.sum(axis=(0, 1, 2))
    carrier = study.study.base.carriers.index("electricity")
    power = outcome.energy[:, :, carrier].sum(axis=(0, 1)) / 1.229e4
    flash, before = published(demo, "energy_total_flash", "2021"), 8874.54
    grown = energy[1] / energy[0]
    error = percent(grown * before / flash - 1)
    assert f"| {grown:.3f} | {flash / before:.3f}（9271，快报） | {error} |" in PAGE
    for number, year in ((1, "2021"), (2, "2022")):
        real = published(demo, "electricity_consumption", year)
        line = f"| {power[number]:,.1f} | {real:g} | {percent(power[number] / real - 1)} |"
        assert f"| {year} {line}" in PAGE


def test_the_odds_rest_on_assumptions_alone(study):
    whole = odds_of(study, Wish(100_000, 1, {2030: 1.7e8}))
    cap, *goals = whole["odds"]
    kept = {row["target"]: f"{row['odds']:.1%}" for row in goals}
    intensity, clean = kept["cq-energy-intensity-2027"], kept["cq-nonfossil-share-2027"]
    assert f"能耗强度目标的可能性是 {intensity}，非化石占比目标是 {clean}，都 100% 靠假设" in PAGE
    assert all(row["assumed"] == 1.0 for row in goals)
    assert f"可能性是 {cap['odds']:.1%}" in PAGE
    assert cap["assumed"] == pytest.approx(1.0)
    of_cap = [row for row in whole["influences"] if row["target"] == cap["target"]]
    first = {row["measure"] for row in of_cap if row["rank"] == 1}
    assert first == {"cq-industry-upgrade", "cq-power-import"}


def test_dispatch_of_2017_beside_the_yearbook(dispatched):
    """467, 253, 7 and 0.2 亿kWh (China Power Statistical Yearbook). Bought is 997 less their sum
    where the study takes it as published, and the least-cost of price and line where not.
    """
    by_price, as_published = dispatched[""], dispatched["cq-2017-published"]
    assert by_price["study"]["study"] == "cq-2017"
    assert by_price["others"] == ["cq-2017-published"]
    names = {"thermal": "火电", "hydro": "水电", "wind": "风电", "solar": "光伏"}
    for ours, theirs in zip(by_price["outturn"], as_published["outturn"], strict=True):
        if ours["kind"] not in names:
            continue
        cells = [f"{row['computed']:.1f} | {percent(row['share'])}" for row in (ours, theirs)]
        line = f"| {names[ours['kind']]} | {ours['published']:g} | {' | '.join(cells)} |"
        assert line in PAGE
    bought = [whole["summary"]["generation"]["import"] / 1e5 for whole in (by_price, as_published)]
    assert bought[1] == pytest.approx(997 - 467 - 253 - 7 - 0.2)
    assert f"| {bought[0]:.1f} | {percent(bought[0] / 269.8 - 1)} | 269.8 | 0.0% |" in PAGE
    for whole in (by_price, as_published):
        summary = whole["summary"]
        assert (
            f"{summary['shortage'] / 1e5:.2f} 亿千瓦时、{summary['shortage_hours']:.0f} 小时"
            in PAGE
        )
        assert f"{summary['peak'] / 10:,.0f} 万千瓦" in PAGE
        assert f"{whole['peak_day']['margin']:.1%}".replace("-", "−") in PAGE


def test_wulong_is_refused_without_inflow_and_synthetic_with_it(demo):
    """By hand: 93 MW x 2,000 h, 300 MW x 3,500 h and 100 MW x 900 h over 8,760 h are 21.23, 119.86
    and 10.27 MW. Even wind and water are 141.10 in every hour; water that is kept by day fills the
    nights without sun up to the mean of all three.
    """
    desk = PowerDesk(demo)
    with pytest.raises(HengtanError, match="没有来水") as refused:
        firm_of(desk, Chosen(WULONG, "wl-firm-without-inflow"), 1.0)
    assert refused.value.zh in PAGE and refused.value.todo in PAGE
    whole = firm_of(desk, Chosen(WULONG, "wl-firm-synthetic"), 1.0)
    even = (93 * 2000 + 300 * 3500) / 8760
    assert whole["apart"] == pytest.approx(even)
    assert whole["together"] == pytest.approx(even + 100 * 900 / 8760)
    assert f"保证 {whole['together']:.2f} 兆瓦；不蓄水 {whole['apart']:.2f}" in PAGE
    assert f"增加 {whole['gain']:.2f}" in PAGE
    assert "合成" in whole["study"]["title"]
