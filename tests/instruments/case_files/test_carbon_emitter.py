"""Entities of the two carbon markets from months of fuel and power, or years of a line, to gap,
cost and fine; then one month's coal is corrected.

By hand, national, 2023: 12 × 50,000 t of coal × 0.48 t C × 0.99 × 44/12 = 1,045,440 t. 1.2 million
MWh of a 300 MW unit (class II, load 69 %, no correction for peaking) × 0.8090 = 970,800 t
(国环规气候〔2024〕1号). Bought 50,000 t, surrendered 1,000,000 t: 20,800 t held, 24,640 t to buy at
97.5 yuan: 2,402,400. 45,440 t not surrendered on 2024-12-31, × 98 × 5: 22,265,600.
July at 25,000 t: 43,560 t less, so nothing to buy and 1,880 t not surrendered, × 98 × 5: 921,200.

Pilot, 2023: intensities 3.0, 2.9, 2.8, mean 2.9 × 1,000 × (1 − 0.02) = 2,842 t; emissions of the
records 10⁷ kWh × 0.5581 = 5,581 t. With 1,000 t bought 1,739 t lack: 8 % of it by green power
(139.12 of 300 MWh × 0.5), 200 t of credits, 1,399.88 t at 42 yuan and the credits at 30: 64,794.96.
"""

from __future__ import annotations

import pytest

from hengtan.basis.errors import ImportRejected

KIND = "carbon_emitter"
FIRM = {"区县": "武隆", "企业代码": "91500232MA5U00003C", "企业名称": "某电厂（测试）"}
PLANT = {**FIRM, "单位编号": "E1", "市场": "全国", "行业": "发电", "纳入日期": "2019-01-01"}
UNIT = {"排放单位编号": "E1", "机组": "1号"}


def fuel(of_july="５０,000"):
    return [
        {
            **UNIT,
            "年月": f"2023年{month}月",
            "燃料": "原煤",
            "耗煤量": of_july if month == 7 else "50,000",
            "单位": "吨",
            "收到基元素碳含量": 0.48,
            "氧化率": "99%",
        }
        for month in range(1, 13)
    ]


def entry(number, day, event, account, tonnes, **others):
    row = {"流水号": number, "日期": day, "事项": event, "账户": account, "数量": tonnes}
    return {**row, "配额年度": 2023, **others}


ENTRIES = [
    entry("1", "2024年7月31日", "分配", "E1", "970,800"),
    entry("2", "2024-11-20", "买卖", "外省某厂", 50_000, 买方="E1", 成交价="95"),
    entry("3", "2024/12/20", "履约", "E1", 1_000_000, 清缴年度=2023),
]


@pytest.fixture
def plant(hand_in):
    hand_in("ets_emitters", [PLANT])
    hand_in("ets_units", [{**UNIT, "装机容量（MW）": 300, "冷却方式": "水冷"}])
    power = {**UNIT, "发电量（万千瓦时）": "10,000", "供电量（万千瓦时）": 9_400, "运行小时": 480}
    hand_in("ets_unit_months", [power | {"年月": f"2023-{n:02d}"} for n in range(1, 13)])
    hand_in("ets_fuel_months", fuel())
    hand_in("ets_entries", ENTRIES)
    year = {"单位编号": "E1", "年度": "2023年", "收盘价": 97.5, "价格日期": "2024-12-30"}
    days = {"排放报告期限": "2024-03-31", "排放报告提交日期": "2024-03-20"}
    hand_in("ets_years", [year | days | {"月均成交价": 98}])


def test_a_power_plant_from_months_to_gap_cost_and_fine(
    plant, hand_in, said, due, explained, paper
):
    """As above; verified 1,050,000 t are told beside the 1,045,440 of the months. What the books
    allow to carry over is 10,000 t. Three lines of other sectors have what they emitted in 2024
    (国环规气候〔2025〕2号).
    """
    verdicts = said(KIND)
    allocated = verdicts["E1", "ets.power", "2023"]
    assert allocated["allowance"] == pytest.approx(970_800)
    assert allocated["obligation"] == pytest.approx(1_045_440)
    assert verdicts["E1", "ets.verification", "2023 1号"]["emissions"] == pytest.approx(1_045_440)
    gap = verdicts["E1", "ets.surrender", "2023"]
    assert gap["price_day"] == "2024-12-30"
    assert (gap["left"], gap["cost"]) == (pytest.approx(24_640), pytest.approx(2_402_400))
    books = verdicts["E1", "ets.ledger", ""]
    assert (books["issued"], books["net_bought"], books["held"]) == (970_800, 50_000, 20_800)
    assert books["paid"] == pytest.approx(4_750_000)
    fine = verdicts["E1", "ets.penalty", "2023"]
    assert fine["fine_min"] == pytest.approx(22_265_600)
    assert due(KIND)["E1", "surrender", "2023"] == ("2024-12-31", "overdue")
    assert due(KIND)["E1", "report", "2023"] == ("2024-03-31", "done")
    explained("ets_fuel_emissions", "ets_unit_figures", "ets_emission_years")
    explained("ets_moves", "ets_vintages", "ets_positions", "ets_ledger_rows", "ets_banking_bases")

    hand_in("ets_fuel_months", fuel(of_july="2.5万"))
    again = said(KIND)
    assert again["E1", "ets.surrender", "2023"]["left"] == 0
    assert again["E1", "ets.penalty", "2023"]["fine_min"] == pytest.approx(921_200)
    rest = entry("4", "2024-12-28", "清缴", "E1", 1_880, 清缴年度=2023)
    hand_in("ets_entries", [rest])
    assert ("E1", "ets.penalty", "2023") not in said(KIND)
    assert due(KIND)["E1", "surrender", "2023"][1] == "done"
    notice = paper(KIND, "E1", "notice")
    assert "2024年12月31日" in notice and "1,001,880" in notice
    assert said(KIND)["E1", "ets.banking", "2025"]["banked"] == 10_000

    sectors = {"S1": ("钢铁", "炼铁"), "S2": ("水泥", "熟料"), "S3": ("铝冶炼", "电解")}
    hand_in("ets_emitters", [PLANT | {"单位编号": n, "行业": s} for n, (s, _) in sectors.items()])
    line = {"年份": "2024", "核查排放量": "10万吨", "产量": 50_000, "工序排放量": 90_000}
    lines = [line | {"单位编号": n, "工序": process} for n, (_, process) in sectors.items()]
    hand_in("ets_line_years", lines)
    verdicts = said(KIND)
    for number, (_, process) in sectors.items():
        assert verdicts[number, "ets.sector", f"2024 {process}"]["allowance"] == 100_000
    hand_in("ets_unit_years", [{**UNIT, "年度": "2023", "核查排放量": "1,050,000"}])
    verified = said(KIND)["E1", "ets.verification", "2023 1号"]
    assert verified["emissions"] == 1_050_000 and "核查" in verified["verdict"]


def test_a_year_is_whole_or_not_allocated_and_the_plan_not_read_refuses(plant, hand_in, said):
    """2024 has one month; 2025 is verified but the plan's final benchmark values were not read."""
    month = {**UNIT, "年月": "2024-01", "发电量（万千瓦时）": 10_000, "运行小时": 480}
    year = {**UNIT, "年月": "2025年", "发电量（万千瓦时）": 120_000, "运行小时": 5_760}
    hand_in("ets_unit_months", [month, year])
    hand_in("ets_unit_years", [{**UNIT, "年度": "2025", "核查排放量": 1_000_000}])
    hand_in("ets_units", [{**UNIT, "类别": "II类", "装机容量（MW）": 300}])
    verdicts = said(KIND)
    assert "缺12个月" in verdicts["E1", "ets.power", "2024"]["refused"]
    refused = verdicts["E1", "ets.power", "2025"]["not_established"]
    assert "国环规气候〔2026〕1号" in refused
    heated = {**UNIT, "年月": "2023-01", "发电量（万千瓦时）": "10,000", "运行小时": 480}
    hand_in("ets_unit_months", [heated | {"供电量（万千瓦时）": 9_400, "供热量（吉焦）": 5_000}])
    assert "缺11个月" in said(KIND)["E1", "ets.power", "2023"]["refused"]  # no heat, or none filed?
    lacking = verdicts["E1", "ets.surrender", "2024"]["lacking"]
    assert "应清缴量（没有全年的排放量" in lacking
    more = entry("5", "2025-02-01", "买卖", "E1", 30_000, 买方="外省某厂", 成交价=90)
    hand_in("ets_entries", [more])
    assert "不足，差9200" in said(KIND)["E1", "ets.ledger", ""]["refused"]


def test_the_final_plan_is_filed_once_and_allocates(plant, hand_in, said):
    """1.2 million MWh × 0.80 (made up for the test) are 960,000 t; load 69 % is above the limit."""
    year = {**UNIT, "年月": "2025年", "发电量（万千瓦时）": 120_000, "运行小时": 5_760}
    hand_in("ets_unit_months", [year])
    hand_in("ets_unit_years", [{**UNIT, "年度": "2025", "核查排放量": 1_000_000}])
    hand_in("ets_units", [{**UNIT, "类别": "II类", "装机容量（MW）": 300}])
    figures = {"ets.power.benchmark.II": 0.8, "ets.power.heat_benchmark.coal": 0.1}
    peaking = {"limit": 50, "a": 7, "b": 0.6, "c": 30, "d": 5, "e": 7, "decimals": 6}
    figures |= {f"ets.power.peaking.{name}": figure for name, figure in peaking.items()}
    document = {"地区": "重庆市", "施行日期": "2025-01-01", "文件名称": "测试用方案"}
    hand_in(
        "local_parameters",
        [document | {"参数": name, "取值": figure} for name, figure in figures.items()],
    )
    allocated = said(KIND)["E1", "ets.power", "2025"]
    assert (allocated["allowance"], allocated["gap"]) == (960_000, 40_000)


@pytest.fixture
def pilot(hand_in):
    hand_in("ets_emitters", [PLANT | {"单位编号": "P1", "市场": "重庆试点", "行业": "其他"}])
    base = {"单位编号": "P1", "生产线": "一线"}
    years = [
        base | {"年份": f"{year}", "核查排放量": emitted, "产量": 1_000}
        for year, emitted in ((2020, 3_000), (2021, "2,900"), (2022, "2800吨"))
    ]
    own = base | {"年份": "2023", "产量": 1_000, "分配方法": "历史强度法"}
    hand_in("ets_line_years", [*years, own | {"基准年起": "2020", "基准年止": "2022"}])
    power = {"企业代码": FIRM["企业代码"], "地区": "武隆区", "行业代码": "30", "年份": "2023"}
    power |= {"品种": "电力", "单位": "万千瓦时", "购进量": "1,000", "消费合计": "1,000"}
    hand_in("enterprise_energy", [power])
    bought = entry("2", "2024-06-01", "买卖", "外区某厂", 1_000, 买方="P1", 成交价=42)
    hand_in("ets_entries", [entry("1", "2024-05-01", "发放", "P1", 2_842), bought])
    year = {"单位编号": "P1", "履约年度": "2023", "CQCER": 200, "抵销价格": 30}
    days = {"清缴截止日期": "2024-11-30", "绿电抵扣因子": 0.5}
    hand_in("ets_years", [year | days])
    holder = {"账户编号": "A1", "地区": "武隆区", "企业代码": FIRM["企业代码"], "企业名称": "某厂"}
    hand_in("certificate_accounts", [holder])
    used = {"流水号": "9", "日期": "2024-05-02", "事项": "核销", "账户": "A1", "批次": "W"}
    used |= {"数量": 300, "用途": "碳市场", "用电年份": "2023"}
    hand_in("certificate_entries", [used])


def test_a_firm_of_the_pilot_from_its_own_records_to_the_gap(pilot, hand_in, said, due, explained):
    """As above, by intensity; by the total of the base years 2,900 × 0.98 = 2,842 t too, by a
    benchmark 1,000 × 2.5 = 2,500 t, by equal amounts the 5,581 t emitted.
    """
    verdicts = said(KIND)
    assert verdicts["P1", "ets.scope", "2023"]["pilot"] == "False"
    refused = verdicts["P1", "ets.pilot", "2023"]["not_established"]
    assert "下降系数表" in refused and "填报表“生产线年度排放与产量”的“下降系数”" in refused
    line = {"单位编号": "P1", "生产线": "一线", "年份": "2023", "产量": 1_000, "下降系数": "2%"}
    line |= {"分配方法": "历史强度下降法", "基准年起": "2020", "基准年止": "2022"}
    hand_in("ets_line_years", [line])
    verdicts = said(KIND)
    allocated = verdicts["P1", "ets.pilot", "2023"]
    assert allocated["allowance"] == pytest.approx(2_842)
    assert allocated["gap"] == pytest.approx(5_581 - 2_842)
    gap = verdicts["P1", "ets.surrender", "2023"]
    assert (gap["gap"], gap["green"]) == (pytest.approx(1_739), pytest.approx(139.12))
    assert (gap["left"], gap["cost"]) == (pytest.approx(1_399.88), pytest.approx(64_794.96))
    assert due(KIND)["P1", "surrender", "2023"] == ("2024-11-30", "overdue")
    books = verdicts["P1", "ets.ledger", ""]
    assert (books["issued"], books["net_bought"], books["held"]) == (2_842, 1_000, 3_842)
    assert (gap["offset"], gap["price_day"]) == (200, "2024-06-01")
    explained("ets_line_figures", "ets_positions")
    hand_in("ets_line_years", [line | {"产量": "1,200"}])
    assert said(KIND)["P1", "ets.pilot", "2023"]["allowance"] == pytest.approx(3_410.4)
    others = {"历史总量下降法": 2_842, "行业基准线法": 2_500, "等量法": 5_581}
    for method, expected in others.items():
        hand_in("ets_line_years", [line | {"分配方法": method, "行业基准值": 2.5}])
        assert said(KIND)["P1", "ets.pilot", "2023"]["allowance"] == pytest.approx(expected)


def test_steel_has_its_emissions_in_2024_and_moves_by_its_intensity_from_2025(hand_in, said):
    """1.8 t/t beside a balance value of 2.0: X = 0.1, α = 0.15 × 0.1; 100,000 × 1.015 = 101,500
    (国环规气候〔2025〕2号). Without the balance value it refuses and says where that stands.
    """
    hand_in("ets_emitters", [PLANT | {"单位编号": "S1", "行业": "钢铁"}])
    year = {"单位编号": "S1", "工序": "炼铁", "核查排放量": "10万吨", "产量": 50_000}
    line = year | {"工序排放量": 90_000}
    hand_in("ets_line_years", [line | {"年份": "2024"}, line | {"年份": "2025", "BP": 2.0}])
    verdicts = said(KIND)
    assert verdicts["S1", "ets.sector", "2024 炼铁"]["allowance"] == 100_000
    assert verdicts["S1", "ets.sector", "2025 炼铁"]["allowance"] == 101_500
    hand_in("ets_line_years", [line | {"年份": "2025", "BP": ""}])
    assert "管理平台查询" in said(KIND)["S1", "ets.sector", "2025 炼铁"]["refused"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (entry("1", "2024-05-01", "交易", "E1", 10, 买方="E1", 成交价=90), "买卖是同一账户"),
        (entry("1", "2024-05-01", "交易", "E1", 10, 买方="乙厂"), "缺买方或价格"),
        (entry("1", "2024-05-01", "清缴", "E1", 10), "清缴没有写年度"),
        (entry("1", "2024-05-01", "结转", "E1", 10, 结转为年度=2023), "结转没有写以后的年度"),
        (entry("1", "2024-05-01", "发放", "E1", "10.5"), "第2行"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_with_its_row_and_nothing_is_kept(
    row, words, workspace, hand_in
):
    good = entry("0", "2024-04-01", "发放", "E1", 5)
    with pytest.raises(ImportRejected, match=words):
        hand_in("ets_entries", [row, good])
    assert workspace.execute("ets_moves").num_rows == 0
