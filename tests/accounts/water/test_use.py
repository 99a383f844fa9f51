"""Use of water: a bulletin that closes, users, a cap of a plan, water by GDP at named prices."""

from __future__ import annotations

import pytest

from hengtan.basis.errors import ImportRejected

CITY = {"地区": "重庆市", "年份": "2023年"}


def bulletin(item, volume, **more):
    return {"地区": "全国", "年份": "2023年", "项目": item, "水量（亿立方米）": volume, **more}


def test_the_supply_of_the_national_bulletin_closes(workspace, hand_in):
    """中国水资源公报 2023: 5906.5 = 4874.7 + 819.5 + 212.3 亿立方米."""
    hand_in(
        "water_bulletins",
        [
            bulletin("供水总量", 5906.5),
            bulletin("地表水源供水量", 4874.7),
            bulletin("地下水源供水量", 819.5),
            bulletin("其他水源供水量", 212.3),
        ],
    )
    (year,) = workspace.execute("water_use_years").to_pylist()
    assert year["supply_total"] == pytest.approx(5906.5e8)
    assert year["supply_gap"] == pytest.approx(0, abs=1)


def users(total=68.81):
    """Four users in 亿立方米; the last is what is left of the total."""
    parts = {"农业": 25.0, "工业": 17.0, "生活": 24.0}
    parts["生态"] = round(total - sum(parts.values()), 4)
    return [CITY | {"用水户": name, "用水量（亿立方米）": volume} for name, volume in parts.items()]


def test_use_beside_the_cap_of_the_plan_reaches_the_target(workspace, hand_in, explained):
    """By hand: 68.81 of 105.58 亿立方米 are 65.17 %, 36.77 are left; corrected to 70, 35.58."""
    hand_in("water_use_by_user", users())
    (cap,) = workspace.execute("water_use_caps").to_pylist()
    assert cap["target_id"] == "cq-water-use-2027"
    assert cap["left"] == pytest.approx(36.77e8) and cap["used_share"] == pytest.approx(
        65.173, abs=1e-3
    )
    candidates = workspace.execute("plan_candidates").to_pylist()
    (ours,) = [
        row
        for row in candidates
        if row["target_id"] == "cq-water-use-2027" and row["origin"] == "computed"
    ]
    assert ours["value"] == pytest.approx(68.81e8)
    hand_in("water_use_by_user", users(70.0))
    (cap,) = workspace.execute("water_use_caps").to_pylist()
    assert cap["left"] == pytest.approx(35.58e8)
    explained("water_use_users", "water_use_years", "water_use_caps")


def district(place, whole, year="2023年"):
    """Four users of a district in 亿立方米, a quarter each."""
    parts = ("农业", "工业", "生活", "生态")
    row = {"地区": place, "年份": year}
    return [row | {"用水户": user, "用水量（亿立方米）": whole / 4} for user in parts]


def of_city(workspace, account="water_use_years"):
    return [r for r in workspace.execute(account).to_pylist() if r["place"] == "500000"]


def test_districts_add_up_to_the_city_and_those_that_lack_are_named(workspace, hand_in, explained):
    """Each of the 38 districts with 2.0 亿立方米, a functional zone inside one with 0.4 of its own:
    76.0 of the cap of 105.58 leave 29.58. With 万州 and 黔江 not yet in it is 72.0 of 36, no whole.
    Once the city files 70 itself, that counts alone: with 25,000 亿元 at prices of 2020 that are
    28.0 m³ by 10⁴ yuan; a bulletin's supply of 60 is less than that. 万 under 亿 is refused.
    """
    names = [row["name_zh"] for row in workspace.pack.rows("places") if row["kind"] == "district"]
    assert len(names) == 38
    late = [name for name in names if name in ("万州区", "黔江区")]
    early = [name for name in names if name not in late]
    rows = [row for name in early for row in district(name, 2.0)]
    hand_in("water_use_by_user", rows + district("两江新区", 0.4))
    (partly,) = of_city(workspace)
    assert partly["total"] == pytest.approx(72.0e8) and partly["districts_reported"] == 36
    assert partly["missing"] == "water_districts_lacking|38|36|万州区、黔江区|Qianjiang, Wanzhou"
    (cap,) = workspace.execute("water_use_caps").to_pylist()
    assert cap["left"] is None and cap["missing"] == partly["missing"]
    assert light_of(workspace) is None
    hand_in("water_use_by_user", [row for name in late for row in district(name, 2.0)])
    (whole,) = of_city(workspace)
    assert (whole["basis"], whole["missing"]) == ("districts", None)
    every = workspace.execute("water_use_years").to_pylist()
    assert "000000" not in {row["place"] for row in every}, "the country has more than these"
    assert whole["use_industry"] == pytest.approx(19.0e8)
    (cap,) = workspace.execute("water_use_caps").to_pylist()
    assert cap["left"] == pytest.approx(29.58e8)
    assert light_of(workspace) == pytest.approx(76.0e8)
    explained("water_use_own", "water_use_years", "water_use_caps")
    hand_in("water_use_by_user", users(70.0))
    (own,) = of_city(workspace)
    assert (own["basis"], own["total"]) == ("users", pytest.approx(70.0e8))
    gdp = {"地区": "重庆市", "价格": "不变价", "不变价基期": 2020, "计量单位": "亿元"}
    hand_in("gdp_values", [gdp | {"时期": "2023年", "数值": 25000}])
    (by_gdp,) = of_city(workspace, "water_efficiency")
    assert (by_gdp["price_base"], by_gdp["intensity"]) == (2020, pytest.approx(28.0))
    hand_in("water_bulletins", [bulletin("供水总量", 60) | CITY])
    (own,) = of_city(workspace)
    assert (own["supply_total"], own["reason"]) == (60e8, "water_use_above_supply")
    last_year = {"年份": "2022年"}
    hand_in("water_bulletins", [bulletin("用水总量", 68.8) | CITY | last_year])
    bases = {row["year"]: row["basis"] for row in of_city(workspace)}
    assert bases == {2022: "bulletin", 2023: "users"}
    with pytest.raises(ImportRejected, match="亿立方米还是万立方米"):
        hand_in("water_use_by_user", [CITY | {"用水户": "农业", "用水量（亿立方米）": 250000}])


def light_of(workspace):
    """What the records say as an actual of the cap of the city; None where they do not."""
    rows = workspace.execute("plan_candidates").to_pylist()
    return next(
        (
            row["value"]
            for row in rows
            if (row["target_id"], row["origin"]) == ("cq-water-use-2027", "computed")
            and row["state"] == "actual"
        ),
        None,
    )


def test_fewer_than_four_users_give_no_sum_and_the_bulletin_stands_in(workspace, hand_in):
    hand_in("water_use_by_user", users()[:3])
    (year,) = workspace.execute("water_use_years").to_pylist()
    assert year["total"] is None and year["missing"] == "water_users_lacking|1"
    hand_in("water_bulletins", [bulletin("用水总量", 68.8) | CITY])
    (year,) = workspace.execute("water_use_years").to_pylist()
    assert (year["total"], year["basis"]) == (pytest.approx(68.8e8), "bulletin")


def test_use_above_supply_and_sources_that_differ_are_told(workspace, hand_in):
    hand_in("water_use_by_user", users())
    hand_in("water_bulletins", [bulletin("供水总量", 60) | CITY])
    (year,) = workspace.execute("water_use_years").to_pylist()
    assert year["reason"] == "water_use_above_supply"
    own = {"用水户": "农业", "水源": "地表水", "用水量（亿立方米）": 20}
    hand_in("water_use_by_user", [CITY | own])
    reasons = {r["user"]: r["reason"] for r in workspace.execute("water_use_users").to_pylist()}
    assert reasons == {
        "agriculture": "water_sources_differ",
        "industry": None,
        "domestic": None,
        "ecology": None,
    }


def test_water_by_gdp_names_its_prices_and_there_is_none_without(workspace, hand_in, explained):
    """By hand: 70 亿立方米 in 2020 and 68.81 in 2023; GDP at prices of 2020 25,000 and 29,000 亿元:
    28.0 and 23.7276 m³ by 10⁴ yuan, 15.26 % less. With the current GDP of a year alone, that
    year's prices are the only base.
    """
    hand_in("water_use_by_user", users() + [row | {"年份": "2020年"} for row in users(70.0)])
    assert workspace.execute("water_efficiency").num_rows == 0
    gdp = {"地区": "重庆市", "价格": "不变价", "不变价基期": 2020, "计量单位": "亿元"}
    hand_in(
        "gdp_values",
        [gdp | {"时期": "2020年", "数值": 25000}, gdp | {"时期": "2023年", "数值": 29000}],
    )
    rows = {row["year"]: row for row in workspace.execute("water_efficiency").to_pylist()}
    assert {row["price_base"] for row in rows.values()} == {2020}
    assert rows[2020]["intensity"] == pytest.approx(28.0)
    assert rows[2023]["intensity"] == pytest.approx(68.81e8 / 29000e8 * 1e4)
    assert rows[2023]["cut_since_base"] == pytest.approx(1 - 23.72759 / 28, abs=1e-6)
    explained("water_efficiency")


def test_wan_for_yi_is_refused_in_a_line_and_nothing_is_written(workspace, hand_in):
    """Figures in 万 under 亿, for a city and a district, and a figure in 亿 under 立方米."""
    wrong = [
        CITY | {"用水户": "农业", "用水量（亿立方米）": 250000},
        CITY | {"用水户": "工业", "用水量（亿立方米）": 0.0000002},
        {"地区": "武隆区", "年份": "2023年", "用水户": "生活", "用水量（亿立方米）": 2300},
    ]
    with pytest.raises(ImportRejected) as refused:
        hand_in("water_use_by_user", wrong)
    errors = [f for f in refused.value.findings if f.level == "error"]
    assert [(f.where.row, f.code) for f in errors] == [
        (2, "province-plausible"),
        (3, "province-plausible"),
        (4, "district-plausible"),
    ]
    assert "亿立方米还是万立方米" in str(refused.value)
    assert workspace.execute("water_use_by_user").num_rows == 0
