"""Corridors, sites of transport with energy, and waters for farming: lists that have a file now.
Each from rows as an office writes them to what it reads, then one figure corrected.
"""

from __future__ import annotations

import pytest

from hengtan.basis.errors import ImportRejected

WULONG, FULING, CITY = "500156", "500102", "500000"


@pytest.fixture
def total(workspace):
    """The sum of an output of a kind by place; of yearly verdicts, of one year."""

    def total(kind: str, output: str, year: int | None = None) -> dict[str, float]:
        rows = workspace.execute(f"case_{kind}_totals").to_pylist()
        return {
            row["place"]: row["total"]
            for row in rows
            if row["output"] == output and year in (None, row["year"])
        }

    return total


@pytest.fixture
def places(workspace):
    """A row of an account by place and further columns, as a mapping."""

    def places(account: str, *keys: str) -> dict[tuple[object, ...], dict[str, object]]:
        rows = workspace.execute(account).to_pylist()
        return {tuple(row[key] for key in ("place", *keys)): row for row in rows}

    return places


CORRIDOR = {
    "工程编号": "R1",
    "工程名称": "乌江一段",
    "区县": "武隆区",
    "廊道类型": "六江生态廊道",
    "廊道名称": "乌江",
    "实施单位": "某林场",
    "建设长度": "20公里",
    "修复面积": "300亩",
    "批复投资": "1,000",
    "开工日期": "2024年3月1日",
    "完工期限": "2025-12-31",
    "设计成活率": "85%",
    "批复文件": "批复（测试）",
}


def corridor_years(second_length):
    """Two years of the first work, the length of the second as it stands, and one of the other."""
    year = {"项目编号": "R1", "计划长度": 10, "支付资金": 400}
    return [
        year | {"年度": "2024年", "当年完成长度": "8.0", "当年完成面积": "150亩"},
        year | {"年度": "2025", "当年完成长度": second_length, "当年完成面积": 10},
        {"项目编号": "R2", "年度": "2025", "当年完成长度": 5, "当年完成面积": "", "支付资金": ""},
    ]


def test_works_of_a_corridor_are_held_against_plan_term_and_acceptance(
    hand_in, said, due, paper, total, places, explained
):
    """20 km and 300 mu (20 ha) planned; 8 of 10 km in 2024 and 9 of 10 in 2025: 3 km behind, 85 %;
    10 + 10 ha done; 6 km accepted, 11 wait; survival 80 % of 85 %. A work of Fuling of 5 km is a
    forest work too: 14 km of 2025 in the city, 5 of them counted there. Corrected to 12 km done in
    2025 all 20 km are done and 17 km stand for the city. A work of a mountain has 3 km.
    """
    other = CORRIDOR | {"工程编号": "R2", "工程名称": "乌江二段", "区县": "涪陵区"}
    other |= {"建设长度": 5, "修复面积": "", "完工期限": "2099-12-31", "林业工程编号": "F9"}
    hand_in("corridor_works", [CORRIDOR, other])
    hand_in("corridor_work_years", corridor_years("9"))
    accepted = {"项目编号": "R1", "验收日期": "2025-11-20", "检查类型": "阶段验收"}
    survey = {"项目编号": "R1", "验收日期": "2025/10/15", "检查类型": "保存率检查"}
    checks = [
        accepted | {"验收长度": "6", "成活率": "", "补植期限": ""},
        survey | {"验收长度": "", "成活率": "80%", "补植期限": "2026-03-31"},
    ]
    hand_in("corridor_checks", checks)
    verdicts = said("corridor_work")
    year = verdicts["R1", "corridor.year", "2025"]
    assert (year["length"], year["length_gap"]) == (pytest.approx(17), pytest.approx(3))
    assert year["length_share"] == pytest.approx(85) and year["progress"] == "落后于年度计划"
    assert (year["area"], year["area_share"]) == (pytest.approx(20), pytest.approx(100))
    assert year["paid_share"] == pytest.approx(80)
    state = verdicts["R1", "corridor.standing", ""]
    assert (state["state"], state["late"]) == ("在建", "逾期")
    assert (state["accepted_length"], state["waiting_length"]) == (6, pytest.approx(11))
    assert state["survival_verdict"] == "低于设计成活率，应补植"
    assert due("corridor_work")["R1", "finish", ""] == ("2025-12-31", "overdue")
    assert due("corridor_work")["R1", "mend", "2025-10-15"] == ("2026-03-31", "overdue")
    assert "在建" in paper("corridor_work", "R1", "press")
    assert "生态廊道工程进度与验收表（乌江一段）" in paper("corridor_work", "R1", "state")
    hand_in(
        "forest_works", [{"编号": "F9", "名称": "某千里林带", "区县": "涪陵区", "工程": "千里林带"}]
    )
    assert said("corridor_work")["R2", "corridor.standing", ""]["elsewhere"] == "某千里林带"
    of_city = places("corridor_places", "corridor", "year")[CITY, "乌江", 2025]
    assert (of_city["length"], of_city["length_elsewhere"]) == (pytest.approx(14), 5)
    assert (of_city["accepted_length"], of_city["works"]) == (6, 2)
    explained("corridor_elsewhere", "corridor_places", "case_corridor_work_totals")
    hand_in("corridor_work_years", corridor_years("12")[:2])
    verdict = said("corridor_work")["R1", "corridor.year", "2025"]
    assert (verdict["length_gap"], verdict["progress"]) == (0, "达到年度计划")
    assert total("corridor_work", "length_of_year", 2025)[CITY] == pytest.approx(17)
    assert total("corridor_work", "length_of_year", 2025)[FULING] == pytest.approx(5)
    mountain = {"工程编号": "R3", "廊道类型": "山脉廊道", "廊道名称": "中梁山"}
    hand_in("corridor_works", [CORRIDOR | mountain | {"建设长度": 3, "修复面积": ""}])
    hand_in("corridor_work_years", [{"项目编号": "R3", "年度": "2025", "当年完成长度": 3}])
    of_mountain = places("corridor_places", "corridor", "year")[CITY, "中梁山", 2025]
    assert (of_mountain["length"], of_mountain["corridor_kind"]) == (3, "mountain")


def test_what_was_accepted_and_not_done_is_refused_and_an_unknown_register_is_told(hand_in, said):
    """4 km accepted of 3 km done; a forest work that is not on file is told, not counted apart."""
    hand_in("corridor_works", [CORRIDOR | {"林业工程编号": "没有的编号"}])
    hand_in("corridor_work_years", [{"编号": "R1", "年度": "2025年", "建成长度": 3}])
    check = {"编号": "R1", "日期": "2025-06-01", "检查类型": "验收"}
    hand_in("corridor_checks", [check | {"合格长度": 4}])
    key = ("R1", "corridor.standing", "")
    assert "大于完成长度3公里" in said("corridor_work")[key]["refused"]
    hand_in("corridor_checks", [check | {"合格长度": 3}])
    assert said("corridor_work")[key]["accepted_length"] == 3
    assert "elsewhere" not in said("corridor_work")[key]
    with pytest.raises(ImportRejected, match="没有合格数"):
        hand_in("corridor_checks", [check | {"合格长度": ""}])


SITE = {
    "编号": "S1",
    "名称": "某服务区光储充",
    "区县": "武隆区",
    "项目类型": "高速公路服务区",
    "光伏装机": "500千瓦",
    "储能规模": "0.2兆瓦时",
    "充电总功率": "240",
    "备案日期": "2022-09-01",
    "并网期限": "2022-12-31",
    "并网日期": "2022年12月20日",
    "验收期限": "2023-06-30",
    "自用比例地区类别": "其他区县",
    "备案证": "备案证（测试）",
}


def site_months(year, *, generated=40_000, used=24_000, months=12):
    """Equal months of a year; what is not used goes to the grid, 56,000 kWh are bought."""
    return [
        {
            "编号": "S1",
            "月份": f"{year}年{month}月",
            "光伏发电量": f"{generated:,}",
            "自发自用": used,
            "余电上网": generated - used,
            "网购电量": "56,000",
            "充电量": 12_000,
        }
        for month in range(1, months + 1)
    ]


def test_a_site_of_transport_with_energy_is_read_from_its_meters_and_the_grid_factor(
    hand_in, said, due, paper, total, places, explained
):
    """12 months of 40,000 kWh: 480,000 of 500 kW are 960 h; 24,000 used of 40,000 are 60 %, of
    80,000 used on site 30 %; 144,000 charged at 240 kW are 600 h. At 0.5581 kg/kWh (Chongqing,
    2023) 267.888 t are not emitted. The least own use of other districts is 40 %. With December at
    60,000 kWh generated and still 24,000 used: 500,000 kWh, 57.6 %, 279.05 t. A site of each other
    kind has 100 kW: 1,000 kW in all.
    """
    hand_in("transport_energy_sites", [SITE])
    hand_in("transport_energy_months", site_months(2023)[:11])
    year = ("S1", "transport_energy.year", "2023")
    assert said("transport_energy_site")[year]["lacking"] == "缺报2023-12"
    hand_in("transport_energy_months", site_months(2023)[11:])
    verdicts = said("transport_energy_site")
    verdict = verdicts[year]
    assert verdict["lacking"] == "没有缺报"
    assert verdict["full_hours"] == pytest.approx(960)
    assert (verdict["self_share"], verdict["covered"]) == (pytest.approx(60), pytest.approx(30))
    assert verdict["charger_hours"] == pytest.approx(600)
    assert verdicts["S1", "green.pv_self_use", "2023"]["least"] == pytest.approx(0.4)
    key = ("S1", "transport_energy.avoided", "2023")
    assert verdicts[key]["avoided"] == pytest.approx(267.888)
    steps = verdicts["S1", "transport_energy.steps", ""]
    assert (steps["state"], steps["pv"], steps["storage"]) == ("已并网，待验收", 500, 200)
    assert due("transport_energy_site")["S1", "accept", ""] == ("2023-06-30", "overdue")
    assert "267.89" in paper("transport_energy_site", "S1", "reckoning")
    explained("transport_energy_years", "transport_energy_places")
    hand_in("transport_energy_months", site_months(2023, generated=60_000)[11:])
    verdicts = said("transport_energy_site")
    assert verdicts[year]["self_share"] == pytest.approx(57.6)
    assert verdicts[key]["avoided"] == pytest.approx(279.05)
    assert total("transport_energy_site", "generated", 2023)[CITY] == pytest.approx(500_000)
    assert total("transport_energy_site", "pv")[CITY] == 500
    assert total("transport_energy_site", "full_hours", 2023)[CITY] is None  # hours have no sum
    of_place = places("transport_energy_places", "site_kind", "year")
    assert of_place[WULONG, "service_area", 2023]["avoided"] == pytest.approx(279.05)
    assert of_place[CITY, "service_area", 2023]["generated"] == pytest.approx(500_000)
    assert of_place[CITY, "service_area", 2023]["without_charged"] == 0
    hand_in("transport_energy_months", [site_months(2023, months=1)[0] | {"充电量": ""}])
    unread = places("transport_energy_places", "site_kind", "year")[CITY, "service_area", 2023]
    assert (unread["charged"], unread["without_charged"]) == (11 * 12_000, 1)
    kinds = ("收费站", "边坡", "车棚", "港口", "枢纽")
    small = SITE | {"光伏装机": 100, "储能规模": "", "充电总功率": ""}
    others = [small | {"编号": f"K{n}", "项目类型": kind} for n, kind in enumerate(kinds)]
    hand_in("transport_energy_sites", others)
    assert total("transport_energy_site", "pv")[CITY] == 1_000
    states = said("transport_energy_site")
    assert {states[f"K{n}", "transport_energy.steps", ""]["pv"] for n in range(5)} == {100}


def test_a_year_without_a_grid_factor_waits_for_the_year_that_the_reporter_names(hand_in, said):
    """No factor of 2025 was published: 480,000 kWh avoid nothing that is known until 2023 is named
    for it.
    """
    hand_in("transport_energy_sites", [SITE])
    hand_in("transport_energy_months", site_months(2025))
    key = ("S1", "transport_energy.avoided", "2025")
    lacking = said("transport_energy_site")[key]["lacking"]
    assert "2025 年没有公布电力排放因子" in lacking and "电力排放因子年份" in lacking
    hand_in("transport_energy_sites", [SITE | {"因子年份": 2023}])
    assert said("transport_energy_site")[key]["avoided"] == pytest.approx(267.888)
    with pytest.raises(ImportRejected, match="自用加上网大于发电量"):
        wrong = site_months(2024, months=1)[0] | {"自发自用": 30_000}
        hand_in("transport_energy_months", [wrong])


def test_farms_in_closed_waters_leave_by_their_day_and_limited_waters_keep_their_limit(
    hand_in, said, due, paper, total, places, explained
):
    """100 ha closed with 2 + 2 ha of farms, the first gone, the other past its day; 50 ha limited
    to 10 with 12 ha farmed: 2 ha above, one licence has ended. Once the second farm has left
    nothing is within the closed waters and 4 ha have left.
    """
    zone = {"区县": "武隆区", "划定日期": "2019年1月1日", "规划文件": "养殖水域滩涂规划（测试）"}
    closed = zone | {"编号": "Z1", "名称": "某水库", "类别": "禁止养殖区", "水域面积": "1,500亩"}
    limited = zone | {"编号": "Z2", "名称": "某河段", "类别": "限养", "水域面积": 50}
    fishing = zone | {"编号": "Z3", "名称": "某水域", "类别": "养殖区", "水域面积": 30}
    hand_in("farming_zones", [closed, limited | {"限养面积": 10}, fishing])
    farm = {"区县": "武隆区", "证书有效期至": "2099-12-31"}
    farms = [
        farm | {"编号": "A", "名称": "甲场", "所在分区": "Z1", "方式": "网箱养殖", "面积": 2},
        farm | {"编号": "B", "名称": "乙场", "所在分区": "Z1", "方式": "网箱", "面积": "30亩"},
        farm | {"编号": "C", "名称": "丙场", "所在分区": "Z2", "方式": "池塘", "面积": 12},
    ]
    farms[0] |= {"退养期限": "2025-06-30", "退养日期": "2025-06-01"}
    farms[1] |= {"退养期限": "2025/6/30", "补偿金额": "5", "支付补偿": 2}
    farms[2] |= {"证书有效期至": "2025-12-31"}
    hand_in("zone_farms", farms)
    zones = said("farming_zone")
    verdict = zones["Z1", "farming.zone", ""]
    assert (verdict["within"], verdict["late"], verdict["late_names"]) == (1, 1, "乙场")
    assert (verdict["late_area"], verdict["verdict"]) == (pytest.approx(2), "有逾期未退的养殖户")
    verdict = zones["Z2", "farming.zone", ""]
    assert (verdict["over"], verdict["unlicensed"]) == (pytest.approx(2), 1)
    assert verdict["verdict"] == "超过养殖面积上限"
    assert said("zone_farm")["B", "farming.farm", ""]["unpaid"] == 3
    assert due("zone_farm")["B", "leave", ""] == ("2025-06-30", "overdue")
    letter = paper("zone_farm", "B", "leave")
    assert "关于限期退出、整改水产养殖的通知（乙场）" in letter and "逾期未退" in letter
    assert "养殖证到期" in letter and letter.count("水域滩涂养殖发证登记办法（凭记忆）") == 2
    sheet = paper("farming_zone", "Z1", "check")
    assert "乙场" in sheet and "水域滩涂养殖发证登记办法（凭记忆）" in sheet
    of_kind = places("zone_farm_places", "zone_kind", "farm_kind")
    cages = of_kind[CITY, "closed", "cage"]
    assert (cages["farms"], cages["late_area"], cages["left_area"]) == (1, pytest.approx(2), 2)
    assert total("farming_zone", "closed_area")[CITY] == pytest.approx(100)
    assert total("farming_zone", "open_area")[CITY] == pytest.approx(30)
    explained("zone_farm_places", "case_farming_zone_totals")
    hand_in("zone_farms", [farms[1] | {"退养日期": "2025-08-01"}])
    assert said("farming_zone")["Z1", "farming.zone", ""]["verdict"] == "已清退"
    assert total("farming_zone", "within")[WULONG] == 1
    assert total("zone_farm", "area_left")[CITY] == pytest.approx(4)
