"""Records of the power system by hand: flexible resources, storage sites, roofs and lines, handed
in as files with Chinese headings, corrected, and explained.
"""

import pytest
from filed_rows import file_rows
from reproducing import reproduced

from hengtan.basis.errors import ImportRejected
from hengtan.workspace.asof import AsOf

FLEXIBLE = {"地区": "武隆区", "聚合商": "甲聚合", "持续时间": 2, "调节偏差（%）": 10}
FLEXIBLE |= {"合同起始日期": "2026-01-01", "合同终止日期": "2026-12-31"}
LINE = {"地区": "重庆市", "受端": "重庆", "市外通道": "是", "状态": "在运"}


@pytest.fixture
def hand_in(workspace, tmp_path):
    return lambda form, rows: file_rows(workspace, tmp_path, form, rows)


@pytest.fixture
def rows_of(workspace):
    """Rows of an account by one column, judged on a day."""

    def rows_of(account, column, judged_on=None):
        as_of = AsOf.of(period=judged_on) if judged_on else AsOf.of()
        return {row[column]: row for row in workspace.execute(account, as_of).to_pylist()}

    return rows_of


def resource(name, account, power, **more):
    return {**FLEXIBLE, "资源编号": name, "户号": account, "种类": "FL", "可调功率": power, **more}


def test_resources_count_less_their_deviation_and_once(workspace, hand_in, rows_of):
    """1,000 kW less 10 % is 900, 500 kW less 20 % is 400. An account with two aggregators, one
    without a deviation and a contract of three weeks do not count.
    """
    hand_in(
        "flexible_resources",
        [
            resource("空调", "001", "1兆瓦"),
            resource("储能", "002", 500, **{"种类": "储能", "调节偏差（%）": 20, "持续时间": 1}),
            resource("夜班", "003", 100, 起始时刻=22, 终止时刻=6, 持续时间=4),
            resource("重复", "004", 800),
            resource("重复二", "004", 800, 聚合商="乙聚合"),
            resource("未试", "005", 300, **{"调节偏差（%）": ""}),
            resource(
                "短约",
                "006",
                300,
                **{"合同起始日期": "2026-06-10"} | {"合同终止日期": "2026-06-30"},
            ),
        ],
    )
    counted = rows_of("flexible_counted", "resource", "2026-06-20")
    assert counted["空调"]["counted_power"] == pytest.approx(900)
    assert counted["储能"]["counted_power"] == pytest.approx(400)
    why = {name: row["missing"].split("|")[0] for name, row in counted.items() if row["missing"]}
    assert why == {
        "重复": "account_with_two",
        "重复二": "account_with_two",
        "未试": "no_deviation",
        "短约": "contract_too_short",
    }
    hours = rows_of("flexible_hours", "hour", "2026-06-20")
    assert set(hours) == set(range(1, 25))
    noon, night = hours[12], hours[23]
    assert (noon["at_once"], noon["hours_two"], noon["hours_four"]) == pytest.approx((1300, 900, 0))
    assert (night["at_once"], night["hours_four"]) == pytest.approx((1390, 90))
    assert [hour for hour, row in hours.items() if row["resources"] == 3] == [
        1,
        2,
        3,
        4,
        5,
        6,
        23,
        24,
    ]
    reproduced(workspace, "flexible_counted", "flexible_hours")
    hand_in("flexible_resources", [resource("空调", "001", "1兆瓦", **{"调节偏差（%）": 30})])
    again = rows_of("flexible_hours", "hour", "2026-06-20")
    assert again[12]["at_once"] == pytest.approx(1100)


def test_a_contract_of_a_month_counts_and_one_of_a_day_less_does_not(hand_in, rows_of):
    """From 10 June a month ends on 9 July."""
    dates = {"月": "2026-07-09", "差一天": "2026-07-08"}
    hand_in(
        "flexible_resources",
        [
            resource(name, name, 100, 合同起始日期="2026-06-10", 合同终止日期=end)
            for name, end in dates.items()
        ],
    )
    counted = rows_of("flexible_counted", "resource", "2026-06-20")
    assert counted["月"]["counted_power"] == pytest.approx(90)
    assert counted["差一天"]["counted_power"] is None
    later = rows_of("flexible_counted", "resource", "2026-08-01")
    assert later["月"]["missing"].startswith("contract_not_running")


SITE = {
    "地区": "武隆区",
    "种类": "抽水蓄能",
    "状态": "规划",
    "发电效率（%）": 90,
    "价格水平": "2025年静态",
}


def test_storage_sites_by_water_and_ranked_by_cost(workspace, hand_in, rows_of):
    """1000 kg/m³ × 9.80665 m/s² × 10 million m³ × 450 m × 0.9 / 3.6e9 = 11,032.48 MWh. Of 1,200 MW
    at 7.2 billion yuan: 6,000 yuan/kW and 652.6 yuan/kWh; of 600 MW at 3.9 billion: 6,500 yuan/kW.
    """
    hand_in(
        "storage_sites",
        [
            {
                **SITE,
                "站址编号": "甲",
                "水头": 450,
                "调节库容": "1000万立方米",
                "装机容量": "120万千瓦",
                "总投资": "72亿元",
                "储能容量": 12000,
            },
            {
                **SITE,
                "站址编号": "乙",
                "水头": 450,
                "调节库容": "1000万立方米",
                "装机容量": 600,
                "总投资": "39亿元",
            },
            {
                **SITE,
                "站址编号": "丙",
                "水头": 300,
                "调节库容": "800万立方米",
                "装机容量": 300,
                "总投资": "15亿元",
                "价格水平": "2020年静态",
            },
            {**SITE, "站址编号": "丁", "装机容量": 300},
        ],
    )
    sites = rows_of("storage_site_table", "site")
    first, second = sites["甲"], sites["乙"]
    assert first["energy"] == pytest.approx(11_032.48, abs=0.01)
    assert first["hours"] == pytest.approx(11_032.48 / 1200, rel=1e-5)
    assert first["stated_gap"] == pytest.approx(12_000 / 11_032.48 - 1, abs=1e-5)
    assert first["cost_power"] == pytest.approx(6000)
    assert first["cost_energy"] == pytest.approx(652.62, abs=0.01)
    assert second["cost_power"] == pytest.approx(6500)
    assert (first["rank_power"], second["rank_power"]) == (1, 2)
    assert (first["rank_energy"], second["rank_energy"]) == (2, 1)
    assert sites["丙"]["rank_power"] == 1
    assert sites["丁"]["energy"] is None
    assert sites["丁"]["missing"] == "no_head_volume_efficiency|丁"
    reproduced(workspace, "storage_site_energy", "storage_site_table")


ROOF = {"地区": "武隆区", "来源": "合成调查"}


def test_roofs_carry_what_two_shares_say(workspace, hand_in, rows_of):
    """20,000 m² × 50 % × 0.2 kW/m² = 2,000 kW; × 1,000 h = 2 million kWh in the first year. With a
    loss of 1 % and three years: 2 × (1 + 0.99 + 0.9801) = 5.9402 million kWh. × 0.5 kg = 1,000 t.
    """
    hand_in(
        "roof_areas",
        [
            {
                **ROOF,
                "屋顶类别": "学校",
                "屋顶面积": "2万平方米",
                "可用比例": "50%",
                "单位面积容量": 0.2,
                "年利用小时": 1000,
                "年衰减率": "1%",
                "寿命": 3,
                "已装容量": 500,
                "排放因子": 0.5,
            },
            {**ROOF, "屋顶类别": "农村", "屋顶面积": 10000, "年利用小时": 1000},
            {**ROOF, "屋顶类别": "工业", "屋顶面积": 10000, "年利用小时": 1000}
            | {"可用比例": "50%", "单位面积容量": 0.2},
        ],
    )
    roofs = rows_of("rooftop_potentials", "roof_class")
    school = roofs["学校"]
    assert (school["potential"], school["left"]) == pytest.approx((2000, 1500))
    assert (school["first_year"], school["last_year"]) == pytest.approx((2e6, 2e6 * 0.9801))
    assert school["over_life"] == pytest.approx(5_940_200)
    assert school["avoided"] == pytest.approx(1000)
    assert (roofs["工业"]["potential"], roofs["工业"]["left"]) == (1000, None)  # installed: blank
    assert roofs["农村"]["potential"] is None
    assert roofs["农村"]["missing"] == "no_usable_share|农村"
    reproduced(workspace, "rooftop_potentials")


def line(name, **more):
    return {**LINE, "线路编号": name, "送端": "四川", **more}


def test_a_line_has_the_factor_that_was_chosen_and_named(workspace, hand_in, rows_of):
    """400 亿kWh × 0.25 × 0.9 kg / (1 - 6.25 %) = 9.6 million t of the mix; 100 亿kWh × 0.08 kg =
    0.8 million t by contract.
    """
    mix = {
        "因子取法": "按送端电源构成",
        "煤电占比": "25%",
        "风电占比": "45%",
        "光伏占比": "30%",
        "煤电因子": 0.9,
    }
    hand_in(
        "power_lines",
        [
            line(
                "疆电",
                输送能力="800万千瓦",
                协议电量=400,
                线损率="6.25%",
                备用折减="10%",
                **mix,
            ),
            line(
                "川电",
                输送能力=3000,
                协议电量="100亿千瓦时",
                因子取法="合同写明",
                碳排放因子=0.08,
                因子来源="购售电合同（合成）",
                备用折减=0,
            ),
            line("未选", 输送能力=1000, 协议电量=10, 状态="规划", 备用折减=0),
            line("内部", 输送能力=500, 市外通道="否"),
        ],
    )
    lines = rows_of("power_import_lines", "line")
    assert set(lines) == {"疆电", "川电", "未选"}
    assert lines["疆电"]["co2"] == pytest.approx(9.6e6)
    assert lines["疆电"]["derated"] == pytest.approx(7200)
    assert lines["川电"]["co2"] == pytest.approx(0.8e6)
    assert "购售电合同" in lines["川电"]["factor_name"]
    assert lines["未选"]["co2"] is None and lines["未选"]["missing"] == "factor_not_chosen|未选"
    together = rows_of("power_imports", "status")
    operating, planned = together["operating"], together["planned"]
    assert (operating["capacity"], operating["derated"]) == pytest.approx((11_000, 10_200))
    assert operating["energy"] == pytest.approx(5e10)
    assert operating["factor"] == pytest.approx(10.4e9 / 5e10)
    assert planned["co2"] is None and planned["capacity"] == pytest.approx(1000)
    reproduced(workspace, "power_import_lines", "power_imports")
    hand_in(
        "power_lines",
        [
            line(
                "未选",
                输送能力=1000,
                协议电量=10,
                状态="规划",
                备用折减=0,
                因子取法="公布的电网因子",
                因子电网="510000",
                因子口径="average",
                因子年份=2022,
            )
        ],
    )
    chosen = rows_of("power_import_lines", "line")["未选"]
    (published,) = [
        row["value"]
        for row in workspace.pack.rows("grid_factors")
        if (row["grid"], row["factor_kind"], row["data_year"]) == ("510000", "average", 2022)
    ]
    assert chosen["co2"] == pytest.approx(1e9 * published / 1000)
    assert chosen["factor_name"] == "510000 average 2022"


def test_lines_on_file_answer_the_target_of_the_city(workspace, hand_in):
    """11,000 and 8,000 MW are the 1,900 万千瓦 of the goal, a gap of 0; one MW more, -0.1. Derated
    by a tenth 17,100 MW; 2 × 10 亿kWh at the 0.08 kg of the contract are 160,000 t.
    """
    facts = {"协议电量": 10, "备用折减": 10, "因子取法": "合同写明", "碳排放因子": 0.08}
    facts |= {"因子来源": "购售电合同（合成）"}
    lines = {"川电": 11_000, "疆电": 8_000}
    hand_in(
        "power_lines",
        [line(name, 输送能力=size, 投产年份=2024, **facts) for name, size in lines.items()],
    )

    def progress():
        rows = workspace.execute("plan_progress").to_pylist()
        (row,) = [row for row in rows if row["target_id"] == "cq-power-import-2027"]
        return row

    before = progress()
    assert (before["latest_value"], before["latest_unit"]) == (pytest.approx(19_000), "MW")
    assert before["gap"] == pytest.approx(0) and before["state"] == "actual"
    hand_in("power_lines", [line("疆电", 输送能力=8_001, 投产年份=2024, **facts)])
    after = progress()
    assert after["gap"] == pytest.approx(-0.1)
    reproduced(workspace, "power_import_years")
    (together,) = workspace.execute("power_imports").to_pylist()
    assert together["derated"] == pytest.approx(0.9 * 19_001)
    assert (together["energy"], together["co2"]) == pytest.approx((2e9, 160_000))
    named = {row["factor_name"] for row in workspace.execute("power_import_lines").to_pylist()}
    assert named == {"contract 购售电合同（合成）"}
    hand_in("power_lines", [line("疆电", 输送能力=8_001, **facts)])
    undated = workspace.execute("power_import_years").to_pylist()
    assert {row["missing"] for row in undated} >= {"line_without_year|疆电"}


def test_a_share_written_as_a_fraction_is_refused_and_not_taken_for_less_than_a_per_cent(hand_in):
    """0.9 in a column of per cent would be a hundredth of the energy."""
    site = {**SITE, "站址编号": "甲", "水头": 450, "调节库容": "1000万立方米", "装机容量": 600}
    with pytest.raises(ImportRejected, match="像是把比例写成了小数"):
        hand_in("storage_sites", [{**site, "发电效率（%）": 0.9}])
    hand_in("storage_sites", [{**site, "发电效率（%）": "90%"}])
