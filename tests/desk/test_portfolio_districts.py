"""Goals and budgets of a place whose measures are chosen by district, by hand. All figures are
synthetic.

In the first place industry burns 1,000 万tce of raw coal, of which Fuling holds 300 and Wulong 200:
half of the emission E is in no district. Motors save 10 % of a district's for 1,000 万元 in all.
"""

import pytest
from filed_rows import file_rows
from motors_and_kilns import BALANCE, KILN, MOTOR
from power_place_filed import CELLS, EXCHANGE

from hengtan.basis.errors import HengtanError
from hengtan.desk import target_odds
from hengtan.desk.pathway import Asked, PathwayDesk
from hengtan.desk.portfolio import Wish
from hengtan.desk.portfolio_ledger import Limits, fair_of, from_ledger
from hengtan.report.portfolio import emissions_said

ONE = Wish(starts=1)
FULING, WULONG = {"地区": "涪陵区", "数值": 300}, {"地区": "武隆区", "数值": 200}
GOAL = {"target_id": "t-co2", "region": "500000", "indicator": "co2_total", "operator": "<="}
GOAL |= {"indicator_zh": "二氧化碳排放总量", "indicator_en": "CO2 total", "rests_on_scenario": True}


@pytest.fixture
def hand_in(workspace, tmp_path):
    return lambda form, *rows: file_rows(workspace, tmp_path, form, list(rows))


@pytest.fixture
def coal(hand_in):
    hand_in("regional_balance", BALANCE, BALANCE | FULING, BALANCE | WULONG)
    return hand_in


def desk(workspace, until=2022, **asked):
    return PathwayDesk(workspace, Asked("500000", until=until, rate=0.0, districts=True, **asked))


def chosen(workspace, limits=None, **asked):
    answer = from_ledger(desk(workspace, **asked), limits or Limits()).answered(ONE)
    return answer, {row["measure"]: row["level"] for row in answer["measures"]}


def goal_of_place(monkeypatch, goal, year):
    """A goal of the whole place at ``goal`` % of the scenario without measures."""
    row = GOAL | {"deadline_year": year, "goal": goal, "latest": 100.0}
    monkeypatch.setattr(
        target_odds, "judged_in_their_year", lambda desk, asked, place="": [] if place else [row]
    )


def energy_co2(place, year=2022):
    rows = place.ahead.execute("carbon_totals").to_pylist()
    return {row["place"]: row["energy_co2"] for row in rows if row["year"] == year}


def test_a_goal_of_the_place_is_held_by_its_districts_and_the_rest_is_said(
    workspace, coal, monkeypatch
):
    """3 % less of E, where motors save 10 % of half of it: 60 % of them, in sum over the districts,
    for 600 / 10. Half of E, 1,000 x 50 %, is told to lie in no district.
    """
    coal("measure_effects", MOTOR)
    goal_of_place(monkeypatch, 97.0, 2022)
    whole = PathwayDesk(workspace, Asked("500000", until=2022, without=("motor",)))
    emitted = energy_co2(whole)["500000"]
    answer, _ = chosen(workspace)
    (target,) = answer["targets"]
    assert target["zh"] == "重庆市2022年二氧化碳排放总量（t-co2）"
    assert target["without"] == pytest.approx(emitted, rel=1e-9)
    assert target["limit"] == pytest.approx(0.97 * emitted, rel=1e-9)
    assert target["measured"] == pytest.approx(0.97 * emitted, rel=1e-9)
    assert answer["cost"] == pytest.approx(60)
    by_district = {row["region"]: row["cut"][0] for row in answer["regions"]}
    assert sum(by_district.values()) == pytest.approx(0.03 * emitted, rel=1e-6)
    (said,) = answer["of_goals"]
    half = f"{emitted / 2e4:,.2f}"
    assert f"重庆市的账户 {emitted / 1e4:,.2f} 万吨" in said["zh"]
    assert f"2 个区县的账户合计 {half} 万吨；其余 {half} 万吨不在任何区县的账户里" in said["zh"]
    assert f"the other {half} 10⁴ t are in no district's account" in said["en"]


def test_a_corrected_balance_of_a_district_changes_what_can_be_reached(
    workspace, coal, monkeypatch
):
    """6 % of E is more than 10 % of the half that districts hold; with 800 of it in Fuling, the two
    hold all and 60 % of the motors do it.
    """
    coal("measure_effects", MOTOR)
    goal_of_place(monkeypatch, 94.0, 2022)
    with pytest.raises(HengtanError, match=r"“重庆市2022年二氧化碳排放总量（t-co2）”达不到"):
        chosen(workspace)
    coal("regional_balance", BALANCE | FULING | {"数值": 800})
    answer, _ = chosen(workspace)
    assert answer["cost"] == pytest.approx(600 / 10)
    (said,) = answer["of_goals"]
    assert "2 个区县的账户合计与重庆市的账户相同" in said["zh"]


def test_districts_beyond_the_place_are_told(workspace, coal, monkeypatch):
    """900 and 200 of 1,000."""
    coal("regional_balance", BALANCE | FULING | {"数值": 900})
    coal("measure_effects", MOTOR)
    goal_of_place(monkeypatch, 97.0, 2022)
    answer, _ = chosen(workspace)
    emitted = answer["targets"][0]["without"]
    (said,) = answer["of_goals"]
    assert f"反而多 {0.1 * emitted / 1e4:,.2f} 万吨" in said["zh"]


def test_a_budget_of_a_district_is_its_own_and_that_of_the_place_is_of_all(workspace, coal):
    """Fuling 4 % below what it emits: 40 % of its motors, 240 of 600. The place 1 % below E: 20 %
    of all motors; with those of Fuling, 0.1 x (0.4 x 300 + v x 200) = 10 is reached at v = 0.
    """
    coal("measure_effects", MOTOR)
    emitted = energy_co2(desk(workspace, without=("motor",)))["500102"]
    of_fuling = {
        "地区": "涪陵区",
        "年份": 2022,
        "预算": f"{0.96 * emitted / 1e4}万吨",
        "依据": "试",
    }
    of_place = {"地区": "重庆市", "预算": f"{0.99 * emitted / 0.3 / 1e4}万吨"}
    coal("carbon_budgets", of_fuling, of_fuling | of_place)
    answer, _ = chosen(workspace)
    assert {row["zh"] for row in answer["targets"]} == {"涪陵区2022年碳预算", "重庆市2022年碳预算"}
    spent = {row["region"]: row["capital"] for row in answer["regions"]}
    assert spent["500102"] == pytest.approx(240, rel=2e-3)
    assert spent["500156"] == pytest.approx(0, abs=1)


@pytest.mark.parametrize("of_all", [True, False])
def test_bought_power_of_the_place_counts_what_districts_change(
    workspace, hand_in, monkeypatch, of_all
):
    """Two districts that share each cell of the balance 60 to 40 are the place: with a goal that
    counts bought power what is chosen by district is what the place would choose.
    """
    shares = {"涪陵区": 0.6, "武隆区": 0.4}
    cells = [c | {"地区": p, "数值": c["数值"] * s} for p, s in shares.items() for c in CELLS]
    hand_in("regional_balance", *CELLS, *cells)
    hand_in("energy_exchange", EXCHANGE)
    hand_in("measure_effects", *(each | {"开始年份": 2023} for each in (MOTOR, KILN)))
    goal = 90.0 if of_all else 97.0
    goal_of_place(monkeypatch, goal, 2024)
    answer, levels = chosen(workspace, until=2024)
    (target,) = answer["targets"]
    assert target["counts"] == "co2_with_power"
    undivided = PathwayDesk(workspace, Asked("500000", until=2024, rate=0.0))
    row = GOAL | {"deadline_year": 2024, "goal": goal, "latest": 100.0}
    monkeypatch.setattr(target_odds, "judged_in_their_year", lambda *_: [row])
    alone = from_ledger(undivided, Limits()).answered(ONE)
    for name in ("limit", "without", "measured"):
        assert target[name] == pytest.approx(alone["targets"][0][name], rel=1e-6)
    assert answer["cost"] == pytest.approx(alone["cost"], rel=1e-4)
    assert {"goals.power_of_whole", "goals.same.co2"} == {row["code"] for row in answer["of_goals"]}
    assert sum(levels.values()) > 0


def test_a_cap_with_indirect_emissions_by_district_is_of_the_account_of_the_place(
    workspace, hand_in
):
    """Fuling alone uses power: half of the place's coal and power of industry, no plants. Motors
    that save all of 20 % there take 50 万tce of coal off, and 40 万tce of power, which comes in
    from Sichuan for less: 40e4 / 1.229e-4 kWh at the factor of the account.
    """
    own = [("F.2.ind", "raw_coal", 250.0), ("F.2.ind", "electricity", 200.0)]
    common = CELLS[0] | {"地区": "涪陵区"}
    cells = [
        common | {"平衡表项目": row, "能源品种": product, "数值": amount}
        for row, product, amount in own
    ]
    hand_in("regional_balance", *CELLS, *cells)
    hand_in("energy_exchange", EXCHANGE)
    hand_in("measure_effects", MOTOR | {"开始年份": 2023, "充分实施的效果": 20})
    place = PathwayDesk(workspace, Asked("500000", until=2024, without=("motor",)))
    (row,) = [r for r in place.ahead.execute("carbon_totals").to_pylist() if r["year"] == 2024]
    whole = row["total_with_land"] + row["indirect_power"]
    emitted = desk(workspace, until=2024, without=("motor",)).years()[-1]["without_measures"]
    cut = 0.2 * emitted + 40e4 / 1.229e-4 * 0.1564e-3
    limits = Limits({2024: whole - 0.5 * cut}, indirect=True)
    answer, levels = chosen(workspace, limits, until=2024)
    (target,) = answer["targets"]
    assert target["without"] == pytest.approx(whole, rel=1e-9)
    assert levels["motor"] == pytest.approx(0.5, rel=1e-6)
    assert target["counts"] == "whole_with_power"
    before, after = whole / 1e4, (whole - 0.5 * cut) / 1e4
    assert f"间接排放：{after:,.0f} 万吨（不采取措施 {before:,.0f} 万吨）" in emissions_said(
        answer, "zh"
    )
    assert {each["code"] for each in answer["of_goals"]} == {"goals.rest.emissions"}


def test_districts_that_all_report_what_they_buy_are_capped_by_their_own_accounts(
    workspace, hand_in
):
    """By each district's own account of totals with indirect emissions, added up."""
    shares = {"涪陵区": 0.6, "武隆区": 0.4}
    cells = [c | {"地区": p, "数值": c["数值"] * s} for p, s in shares.items() for c in CELLS]
    hand_in("regional_balance", *cells)
    hand_in("energy_exchange", *(
        EXCHANGE | {"地区": place, "数量": 60 * share} for place, share in shares.items()
    ))  # fmt: skip
    hand_in("measure_effects", MOTOR | {"开始年份": 2023})
    rows = desk(workspace, until=2024, without=("motor",)).ahead.execute("carbon_totals")
    totals = [r for r in rows.to_pylist() if r["year"] == 2024 and r["place"] != "500000"]
    whole = sum(row["total_with_land"] + row["indirect_power"] for row in totals)
    answer, _ = chosen(workspace, Limits({2024: 0.98 * whole}, indirect=True), until=2024)
    (target,) = answer["targets"]
    assert target["without"] == pytest.approx(whole, rel=1e-9)
    assert target["measured"] == pytest.approx(0.98 * whole, rel=1e-9)
    assert target["counts"] == "districts_with_power"


def test_a_place_without_a_balance_names_the_goals_that_are_left_out(workspace, hand_in):
    """Its budget of 2022 cannot be held; nothing else is to be reached, which is said too."""
    hand_in("regional_balance", BALANCE | FULING, BALANCE | WULONG)
    hand_in("measure_effects", MOTOR)
    hand_in("carbon_budgets", {"地区": "重庆市", "年份": 2022, "预算": "1万吨", "依据": "试"})
    answer, _ = chosen(workspace, Limits({2022: 1e9}))
    (said,) = answer["of_goals"]
    assert "没有算进组合的重庆市目标：2022年碳预算" in said["zh"]
    assert "2020年的平衡表里没有“500000”" in said["zh"]
    assert "carbon budget of 2022" in said["en"]
    with pytest.raises(HengtanError, match=r"没有要达到的目标.*2022年碳预算"):
        chosen(workspace)
    with pytest.raises(HengtanError, match=r"要各区县都填报外购电（缺：涪陵区、武隆区）"):
        chosen(workspace, Limits({2022: 1e9}, indirect=True))


@pytest.mark.parametrize("bounds", ["投资=1.2..3", "减排=..0.8"])
def test_bounds_that_no_districts_keep_are_one_line(workspace, coal, bounds):
    """Parts add to the whole: not every district has 1.2 times its share, nor 0.8 times."""
    coal("measure_effects", MOTOR)
    with pytest.raises(HengtanError, match="谁都做不到"):
        chosen(workspace, Limits({2022: 1.0}, fair=fair_of(bounds)))
