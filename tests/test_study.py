"""The study in docs/study-chongqing.md, worked out again from the demonstration ledger.

Its figures stand in the page as they come out.
"""

from pathlib import Path

import pytest

from hengtan.desk.forecast import Forecasts

PAGE = (Path(__file__).parents[1] / "docs" / "study-chongqing.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows(demo):
    status = {r["target_id"]: r for r in demo.status("cq-2025-2027")}
    forecasts = {r["target_id"]: r for r in Forecasts(demo).of_targets("cq-2025-2027")}
    return status, forecasts


def test_energy_intensity(rows) -> None:
    row, forecast = rows[0]["cq-energy-intensity-2027"], rows[1]["cq-energy-intensity-2027"]
    assert (row["goal"], row["latest_value"], row["latest_period"], row["light"]) == (
        16.0,
        14.0,
        "2024",
        "grey",
    )
    # hand: 1 − .84/.86 = 2.33 %; a third root 0.781 %; so far 1 − .86^(1/4) = 3.70 %
    assert f"再降 {(1 - 0.84 / 0.86) * 100:.1f}%" in PAGE
    assert f"每年 {row['needed_yearly_cut_pct']:.2f}%" in PAGE
    assert row["needed_yearly_cut_pct"] == pytest.approx((1 - (0.84 / 0.86) ** (1 / 3)) * 100)
    assert f"平均每年 {(1 - 0.86**0.25) * 100:.2f}%" in PAGE
    assert forecast["forecast_state"] == "no_series"
    assert "2024年起口径改变" in forecast["notes"][0]


def test_met_at_the_start(rows) -> None:
    at_start = {r["target_id"]: r for r in rows[0].values() if r["met_at_start"]}
    assert set(at_start) == {"cq-forest-cover-2027", "cq-water-good-2027", "cq-water-use-2027"}
    for row in at_start.values():
        assert (
            f"{row['base_value']:g}" in PAGE
            and f"（{row['base_period']}）" in PAGE
            and f"{row['goal']:g}" in PAGE
        )


def test_the_steepest(rows) -> None:
    status = rows[0]
    actual = sorted(
        (
            r
            for r in status.values()
            if r["state"] == "actual"
            and (r["needed_growth_pct"] or 0) > 0
            and r["operator"] == ">="
        ),
        key=lambda r: -r["needed_growth_pct"],
    )
    assert [r["target_id"] for r in actual] == [
        "cq-tech-contracts-2027",
        "cq-hightech-firms-2027",
        "cq-tech-firms-2027",
        "cq-green-loans-2027",
    ]
    for row, digits in zip(actual, (1, 3, 3, 0), strict=True):
        line = next(
            x for x in PAGE.splitlines() if f"{row['latest_in_unit']:g}" in x and x.startswith("|")
        )
        assert f"{row['needed_pace']:.{digits}f}" in line
        assert f"{row['needed_growth_pct']:.1f}%" in line
    for name, times in (("cq-hightech-firms-2027", "1.34"), ("cq-rd-intensity-2027", "1.46")):
        assert f"{status[name]['needed_pace'] / status[name]['pace_so_far']:.2f}" == times
        assert f"{times} 倍" in PAGE
    assert f"{status['cq-prefab-2027']['needed_pace']:.2f} 个百分点" in PAGE
    assert f"{status['cq-new-energy-capacity-2027']['needed_growth_pct']:.1f}%" in PAGE
    assert f"{status['cq-gas-output-2027']['needed_growth_pct']:.1f}%" in PAGE


def test_the_odds(rows) -> None:
    for name in ("cq-forest-cover-2027", "cq-rd-intensity-2027"):
        row = rows[1][name]
        low, high = row["bands"]["80"]
        digits = 1 if name.startswith("cq-forest") else 2
        assert f"80% 区间 {low:.{digits}f}—{high:.{digits}f}%" in PAGE
        assert f"可能性为 {row['chance']:.0%}" in PAGE or f"可能性 {row['chance']:.0%}" in PAGE
    states = [r["state"] for r in rows[0].values()]
    assert (len(states), states.count("actual"), states.count("none")) == (45, 9, 19)
