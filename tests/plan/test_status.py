"""The main job on real input: the 67 targets of the two plans on the public statistics of the
packs.
"""

import csv
from datetime import date

import pytest

from hengtan.workspace.asof import AsOf

FIELDS = {
    "target_id",
    "plan",
    "clause",
    "indicator",
    "region",
    "operator",
    "goal",
    "unit",
    "deadline",
    "state",
    "latest_value",
    "latest_period",
    "light",
    "light_reason",
    "state_reason",
    "sources",
}


@pytest.fixture(scope="module")
def status(demo):
    return {row["target_id"]: row for row in demo.status()}


def test_status_lists_67_targets(demo, status):
    assert len(status) == 67
    plans = [row["plan"] for row in demo.status()]
    assert (plans.count("cq-2025-2027"), plans.count("wulong-2025")) == (45, 22)
    for row in status.values():
        assert row.keys() >= FIELDS
        assert row["light_reason"] and row["light_reason_en"] and row["state_reason"]


def test_states_follow_by_rule_from_the_observations(status, facts):
    # chongqing/target_evidence.csv: the evidence as a person judged it, made apart from this
    # program
    with (facts / "chongqing/target_evidence.csv").open(encoding="utf-8", newline="") as file:
        judged = {row["target_id"]: row for row in csv.DictReader(file)}
    assert set(judged) == set(status)
    for target, row in judged.items():
        mine = status[target]
        assert (mine["state"], mine["latest_indicator"] or "", mine["latest_period"] or "") == (
            row["state"],
            row["observation_indicator"],
            row["period"],
        ), target
        if row["value"]:
            assert mine["latest_value"] == pytest.approx(float(row["value"])), target


def test_every_deadline_of_wulong_has_passed_unreported(status):
    wulong = [row for row in status.values() if row["plan"] == "wulong-2025"]
    assert {row["light"] for row in wulong} == {"due_not_reported"}
    shown = {
        row["target_id"]: row["latest_period"] for row in wulong if row["latest_value"] is not None
    }
    assert shown == {"wl-forest-cover-2025": "2024-11", "wl-good-air-days-2025": "2024"}


def test_only_an_actual_gives_a_colour(status):
    for row in status.values():
        if row["light"] in ("green", "orange", "red"):
            assert row["state"] == "actual"
    green = {t for t, row in status.items() if row["light"] == "green"}
    assert green == {"cq-forest-cover-2027", "cq-water-good-2027", "cq-water-use-2027"}
    assert all(status[t]["met_at_start"] for t in green)


def test_needed_paces_by_hand(status):
    # readings of target_evidence.csv: +0.13 points a year, +15 %, +14.9 %, +3.6 points, +13.5 % a
    # year; a further 0.8 % a year of the cut
    assert status["cq-rd-intensity-2027"]["needed_pace"] == pytest.approx((3 - 2.36) / 5)
    assert status["cq-prefab-2027"]["needed_pace"] == pytest.approx((40 - 18.6) / 6)
    assert status["cq-hightech-firms-2027"]["needed_growth_pct"] == pytest.approx(
        100 * ((12800 / 6348) ** (1 / 5) - 1)
    )
    assert status["cq-tech-firms-2027"]["needed_growth_pct"] == pytest.approx(14.9, abs=0.05)
    assert status["cq-green-loans-2027"]["needed_growth_pct"] == pytest.approx(13.5, abs=0.05)
    assert status["cq-energy-intensity-2027"]["needed_yearly_cut_pct"] == pytest.approx(
        100 * (1 - (0.84 / 0.86) ** (1 / 3))
    )
    assert status["wl-good-air-days-2025"]["latest_in_unit"] == pytest.approx(350 / 366 * 100)


def test_the_energy_cut_stays_grey_for_its_definition(status):
    row = status["cq-energy-intensity-2027"]
    assert (row["state"], row["light"], row["reason_code"]) == ("other_definition", "grey", "state")


def test_ambiguous_definitions_carry_a_note(status):
    for target in (
        "cq-green-factories-2027",
        "cq-msw-recycling-2027",
        "cq-new-energy-capacity-2027",
        "wl-shale-gas-2025",
    ):
        assert status[target]["scope_note_zh"] and status[target]["scope_note_en"]


def test_vintages_of_gdp_compete_and_the_revised_wins(demo):
    # the three real revisions: 2015, 2018 and 2022 of Chongqing's GDP, 亿元
    rows = demo.table("plan_series", {"place": "500000", "series": "gdp_nominal"}).to_pylist()
    for year, preliminary, revised in (
        ("2015", 15719.72, 16040.5),
        ("2018", 20363.19, 21588.8),
        ("2022", 29129.03, 28576.1),
    ):
        by_vintage = {row["vintage"]: row for row in rows if row["period"] == year}
        assert (
            by_vintage["preliminary"]["value"] == preliminary
            and by_vintage["revised"]["value"] == revised
        )
        assert by_vintage["revised"]["won"] and not by_vintage["preliminary"]["won"]


def test_the_water_bulletin_comes_before_the_first_announcement(demo):
    rows = demo.table("plan_series", {"place": "500000", "period": "2021"}).to_pylist()
    water = {
        row["vintage"]: (row["value"], row["won"])
        for row in rows
        if row["series"] == "total_water_use"
    }
    assert water == {"first_announcement": (68.8, False), "bulletin": (72.1205, True)}


def test_recalled_figures_never_make_an_actual(demo):
    rows = demo.execute("plan_candidates", AsOf.of()).to_pylist()
    assert [r for r in rows if r["confidence"] == "recalled"], (
        "the packs hold recalled figures for targets"
    )
    assert not [r for r in rows if r["state"] == "actual" and r["confidence"] != "read"]


def test_what_was_not_known_yet_is_not_shown(demo):
    rows = demo.status(known_on=date(2020, 1, 1))
    assert {row["state"] for row in rows} == {"none"} and len(rows) == 67
    assert {row["light"] for row in rows} == {"grey"}


def test_a_period_judged_leaves_later_values_out(demo):
    rows = {row["target_id"]: row for row in demo.status(period="2022")}
    assert (
        rows["cq-forest-cover-2027"]["latest_period"] == "2022"
        and rows["cq-forest-cover-2027"]["latest_value"] == 55.04
    )
    assert rows["wl-forest-cover-2025"]["light"] == "grey"
