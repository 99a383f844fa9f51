"""Cleaner production, ecological damage, licences for hazardous waste, fees that cover their cost
and water with a quota: from files with Chinese headings to verdicts, days due and targets.

Figures by hand beside each test.
"""

from __future__ import annotations

import random

import pytest

from hengtan.graph.reproduce import reproduce

FIRM = {"统一社会信用代码": "91500232MA5U000001", "单位名称": "甲厂", "地区": "武隆区"}


def light(workspace, target):
    """What a target's actual comes to, and its light."""
    row = next(row for row in workspace.status() if row["target_id"] == target)
    return row["actual_value"], row["light"]


def local(item, value):
    return {
        "适用地区": "重庆市",
        "参数名称": item,
        "取值": value,
        "施行日期": "2020-01-01",
        "文号": "某价〔2020〕1号（测试）",
    }


def explained(workspace, *names):
    """The explained rows of accounts alone give two of their rows again."""
    graph = workspace.graph()
    for name in names:
        rows, key = graph.execute(name).to_pylist(), graph.accounts()[name].key
        assert len({tuple(row[column] for column in key) for row in rows}) == len(rows)
        for row in random.Random(5).sample(rows, min(2, len(rows))):
            by_key, again = reproduce(graph, name, {c: row[c] for c in key}, deep=False)
            assert again == {
                column: pytest.approx(value) if isinstance(value, float) else value
                for column, value in by_key.items()
            }


def test_a_unit_over_its_permit_is_to_be_audited_and_the_round_is_followed(
    hand_in, workspace, said, due
):
    """60 mg/L above the permitted 50 in 2023; listed on 2023-12-31: begun by 2024-02-29, reported
    by 2024-12-31. A second unit uses toxic substances. The years to the next audit are those that
    the place files: 2024 + 5 is 2029. Both rounds of the first saved 1,200 + 300 tce.
    """
    outlet = {"许可证编号": "P9", "排放口": "DW001", "介质": "废水", "污染物": "氨氮"}
    hand_in("discharge_permits", [{**FIRM, "许可证编号": "P9", "发证日期": "2021-06-01"}])
    hand_in("permit_limits", [{**outlet, "起始日期": "2021-06-01", "许可浓度": 50}])
    hand_in("permit_months", [{**outlet, "月份": "2023-05", "月均浓度": 60, "流量": 100}])
    hand_in("cleaner_units", [{**FIRM, "双有": "否"}])
    audit = {
        "企业代码": FIRM["统一社会信用代码"],
        "名单公布日期": "2023/12/31",
        "启动日期": "2024-03-05",
        "报告提交日期": "2024年11月30日",
        "方案数": 8,
        "实施方案数": 6,
        "节能量": "1,200",
    }
    hand_in("cleaner_audits", [audit])
    verdicts, unit = said("cleaner_unit"), FIRM["统一社会信用代码"]
    assert verdicts[unit, "review.cleaner_production", "2023"]["kind"] == "双超"
    assert verdicts[unit, "review.cleaner_production", "2024"]["verdict"] == "不强制"
    round_of_2023 = verdicts[unit, "review.cleaner_audit", "2023-12-31"]
    assert (round_of_2023["late"], round_of_2023["saved_energy"]) == ("启动", 1_200)
    days = due("cleaner_unit")
    assert days[unit, "begin", "2023-12-31"] == ("2024-02-29", "done_late")
    assert days[unit, "report", "2023-12-31"] == ("2024-12-31", "done")
    assert "not_established" in verdicts[unit, "cleaner_next", ""]
    toxic = {"统一社会信用代码": "91500232MA5U000002", "单位名称": "乙厂", "双有": "是"}
    hand_in("cleaner_units", [{**FIRM, **toxic}])
    assert said("cleaner_unit")[toxic["统一社会信用代码"], "cleaner_next", ""]["kind"] == "双有"
    hand_in("local_parameters", [local("清洁生产审核间隔（年）", 5)])
    following = said("cleaner_unit")[unit, "cleaner_next", ""]
    assert following["due"] == "2029"
    more = audit | {"名单公布日期": "2025-01-31", "启动日期": "2025-02-10", "节能量": 300}
    more |= {"报告提交日期": "2025-11-30"}
    hand_in("cleaner_audits", [audit | {"验收日期": "2025-03-20"}, more])
    accepted = said("cleaner_unit")[unit, "review.cleaner_audit", "2023-12-31"]
    assert accepted["stage"] == "已验收"
    rows = workspace.execute("case_cleaner_unit_totals").to_pylist()
    for place in ("500156", "500000"):
        saved = [r["total"] for r in rows if (r["place"], r["output"]) == (place, "saved_energy")]
        assert sum(saved) == 1_500
    explained(workspace, "cleaner_years")


def test_the_interval_after_the_code_is_that_of_the_place(hand_in, said, due):
    """A toxic unit audited in 2024: no interval is read under the code, five years if Chongqing
    sets them.
    """
    unit = FIRM["统一社会信用代码"]
    hand_in("cleaner_units", [{**FIRM, "双有": "是"}])
    hand_in(
        "cleaner_audits",
        [{"企业代码": unit, "名单公布日期": "2023-12-31", "报告提交日期": "2024-11-30"}],
    )
    assert "清洁生产审核" in said("cleaner_unit")[unit, "cleaner_next", ""]["not_established"]
    hand_in("local_parameters", [local("清洁生产审核间隔（年）", 5)])
    assert said("cleaner_unit")[unit, "cleaner_next", ""]["due"] == "2029"
    assert [day for (_, deadline, _), (day, _) in due("cleaner_unit").items()
            if deadline == "next"] == ["2029-12-31"]  # fmt: skip


def test_a_case_of_damage_from_finding_to_payment(hand_in, workspace, said, due):
    """10 t × 5,000 yuan × 2 = 100,000 and 30,000 for cleaning: 130,000; agreed 120,000, half of it
    paid. First without a multiple: refused with the column that takes it.
    """
    hand_in(
        "damage_cases",
        [
            {
                "案号": "武环赔〔2024〕1号",
                "地区": "武隆区",
                "责任人": "甲厂",
                "线索日期": "2024-03-01",
                "初核日期": "2024-04-15",
                "磋商通知日期": "2024-06-01",
                "协议日期": "2024-08-20",
                "赔偿金额（万元）": "12",
            }
        ],
    )
    case = {"案号": "武环赔〔2024〕1号"}
    spill = {**case, "项目": "化学需氧量", "类别": "修复期间服务功能损失", "排放量": 10}
    cleaning = {**case, "项目": "河道清理", "类别": "清除污染与修复费用", "金额": "3万"}
    hand_in("damage_items", [{**spill, "单位治理成本": "5,000"}, cleaning])
    hand_in(
        "damage_payments",
        [
            {
                **case,
                "应付日期": "2024-12-31",
                "应付金额": 60_000,
                "实付日期": "2025-01-10",
                "实付金额": 60_000,
            },
            {**case, "应付日期": "2025-06-30", "应付金额": 60_000},
        ],
    )
    key = ("武环赔〔2024〕1号", "compensation.damage_case", "")
    assert "敏感系数" in said("damage_case")[key]["not_established"]
    hand_in("damage_items", [{**spill, "单位治理成本": "5,000", "敏感系数": 2}, cleaning])
    result = said("damage_case")[key]
    assert (result["damage"], result["below_damage"]) == (130_000, 10_000)
    assert (result["paid"], result["owed"], result["overdue"]) == (60_000, 60_000, 60_000)
    days = due("damage_case")
    assert days[key[0], "check", ""] == ("2024-03-31", "done_late")
    assert days[key[0], "negotiate", ""] == ("2024-08-30", "done")
    assert days[key[0], "payment", "2025-06-30"] == ("2025-06-30", "overdue")


def test_licences_are_used_within_their_scale_and_new_ones_meet_the_target(
    hand_in, workspace, said, due
):
    """1,150 t HW08 and 50 t HW49 of 1,000 t: 120 %, and HW49 is not licensed; with 40 t HW08 in the
    month instead of 140 t it is 110 %. One pooled and one medical licence since 2021.
    """
    unit = {**FIRM, "首次发证日期": "2022-05-01", "发证日期": "2022-05-01"}
    hand_in(
        "hazwaste_licences",
        [
            {
                **unit,
                "许可证编号": "W1",
                "类别": "综合收集贮存",
                "许可规模": "1,000",
                "有效期至": "2027-04-30",
            },
            {
                **unit,
                "许可证编号": "W2",
                "类别": "医疗废物处置",
                "许可规模": 600,
                "有效期至": "2027-04-30",
            },
            {
                **unit,
                "许可证编号": "W3",
                "类别": "综合收集贮存",
                "许可规模": 100,
                "首次发证日期": "2019-05-01",
                "有效期至": "2027-04-30",
            },
        ],
    )
    hand_in("hazwaste_classes", [{"许可证编号": "W1", "类别代码": "HW08"}])

    def months(of_december):
        line = {"许可证编号": "W1", "废物类别": "HW08"}
        return [
            {**line, "月份": "2024年11月", "接收量": "1010"},
            {**line, "月份": "2024年12月", "接收量": of_december, "月末贮存量": 20},
            {**line, "废物类别": "HW49", "月份": "2024年12月", "接收量": 50},
        ]

    hand_in("hazwaste_months", months(140))
    first = said("hazwaste_licence")["W1", "waste.hazardous", "2024"]
    assert first["use_of_capacity"] == pytest.approx(1.2)
    assert "HW49不在许可类别里" in first["verdict"] and "重新申领" in first["verdict"]
    hand_in("hazwaste_months", months(40))
    second = said("hazwaste_licence")["W1", "waste.hazardous", "2024"]
    assert second["use_of_capacity"] == pytest.approx(1.1) and "重新申领" not in second["verdict"]
    stored = [row | {"月末贮存量": 1_200} for row in months(40)[1:2]]
    hand_in("hazwaste_months", stored)
    old = said("hazwaste_licence")["W1", "waste.hazardous", "2024"]
    assert "至少150吨贮存超过一年" in old["verdict"]  # 1,200 in stock, 1,050 received in the year
    # the thirtieth working day back from 2027-04-30: six weeks, holidays of 2027 are not known
    assert due("hazwaste_licence")["W1", "renewal", ""][0] == "2027-03-22"
    assert light(workspace, "wl-hazwaste-units-2025") == (1, "met")
    assert light(workspace, "wl-medical-waste-2025") == (1, "met")
    explained(workspace, "hazwaste_years", "hazwaste_units_added")


def test_a_sewage_fee_covers_its_cost_and_the_rates_reach_their_targets(hand_in, workspace, said):
    """1.30 million yuan and 130,000 return over 1.00 × 500,000 + 1.30 × 500,000 = 1.15 million:
    every price × 1.43 / 1.15; 150,000 of the cost lack. With 500,000 m³ of high load, which the
    place prices twice, 2.45 million. Treated 9.8 of 10 million m³ in 2025, then 9.7.
    """
    hand_in(
        "sewage_services",
        [{"编号": "S1", "地区": "武隆区", "污水处理厂名称": "某污水处理厂"}],
    )

    def year(treated):
        return [
            {
                "编号": "S1",
                "年度": "2025年",
                "运营成本（万元）": 100,
                "污泥成本（万元）": "30",
                "合理收益": "130,000",
                "污水排放量（万立方米）": 1000,
                "处理水量（万立方米）": treated,
                "污泥产生量": 500,
                "污泥无害化处理量": 480,
            }
        ]

    hand_in("sewage_years", year(980))
    billed = {"编号": "S1", "年度": "2025"}
    hand_in(
        "sewage_users",
        [
            {**billed, "用户": "居民", "计费水量": "50万"},
            {**billed, "用户": "非居民", "计费水量": "500000"},
        ],
    )
    fee = said("sewage_service")["S1", "tariff.sewage_cost", "2025"]
    assert fee["factor"] == pytest.approx(1.43 / 1.15)
    assert fee["price_nonresidential"] == pytest.approx(1.3 * 1.43 / 1.15)
    assert fee["recovery_operation"] == pytest.approx(1.15)
    assert fee["subsidy"] == pytest.approx(150_000)
    heavy = {**billed, "用户": "非居民", "浓度类别": "高浓度", "计费水量": 500_000}
    hand_in("sewage_users", [heavy])
    loaded = ("S1", "tariff.sewage_cost", "2025")
    assert "高浓度" in said("sewage_service")[loaded]["not_established"]
    hand_in("local_parameters", [local("污水处理费：高浓度系数", 2)])
    fee = said("sewage_service")[loaded]
    assert fee["price_high"] == pytest.approx(2.6 * 1.43 / 2.45)
    sewage, sludge = light(workspace, "wl-sewage-2025"), light(workspace, "wl-sludge-2025")
    assert (sewage[0], sludge[0]) == (pytest.approx(98), pytest.approx(96))
    hand_in("sewage_years", year(970))
    corrected = light(workspace, "wl-sewage-2025")
    assert corrected == (pytest.approx(97), "missed") and sewage[1] == "met"


def test_waste_is_priced_by_kind_and_weight(hand_in, said):
    """200,000 yuan for 1,000 t is 200 a tonne; 400,000 over 10,000 households and 12 months is
    3.33; the fee by weight is refused until the place sets its prices: 1,000 × 100 + 500 × 50.
    """
    hand_in("waste_services", [{"编号": "G1", "地区": "武隆区", "名称": "某街道"}])
    year = {"编号": "G1", "年度": "2024"}
    hand_in("waste_years", [{**year, "户数": "1万", "征收额（万元）": 30}])
    hand_in(
        "waste_kinds",
        [
            {**year, "类别": "其他垃圾", "清运量": "1,000", "成本（万元）": 20},
            {**year, "类别": "厨余垃圾", "清运量": 500, "成本（万元）": 15},
            {**year, "类别": "可回收物", "清运量": 500, "成本（万元）": 5},
        ],
    )
    first = said("waste_service")
    cost = first["G1", "tariff.waste_cost", "2024"]
    assert (cost["rate_sorted"], cost["recovery"]) == (200, 0.75)
    assert cost["household_month"] == pytest.approx(400_000 / 10_000 / 12)
    assert "not_established" in first["G1", "tariff.waste_fee", "2024"]
    prices = [
        local("生活垃圾处理费：其他垃圾（元/吨）", 100),
        local("生活垃圾处理费：厨余垃圾（元/吨）", 50),
    ]
    hand_in("local_parameters", prices)
    assert said("waste_service")["G1", "tariff.waste_fee", "2024"]["fee"] == 125_000


def test_water_over_and_under_the_quota(hand_in, workspace, said):
    """1,300 of 1,000 m³ at 3 yuan, bands 20 % and 40 % at 0.5, 1 and 2: 200 × 1.5 + 100 × 3 = 600.
    A scheme saves 100 of 1,000 m³: subsidy (0.25 − 0.10) × 900 = 135, reward 100 × 0.5 = 50. One
    quarter corrected to 100 m³: 1,200, surcharge 300.
    """
    hand_in(
        "water_users",
        [
            {"户号": "U1", "类别": "非居民", "地区": "武隆区", "名称": "某酒店"},
            {"户号": "F1", "类别": "灌区", "地区": "武隆区", "名称": "某灌区"},
        ],
    )
    hand_in(
        "water_quotas",
        [{"户号": user, "年份": "2024年", "用水计划": "1,000"} for user in ("U1", "F1")],
    )

    def meters(last):
        quarters = [
            {"户号": "U1", "抄表期": f"2024年第{n}季度", "水量": last if n == 4 else 366.666_666_7}
            for n in range(1, 5)
        ]
        return [*quarters, {"户号": "F1", "抄表期": "2024", "水量": 900}]

    hand_in("water_meters", meters(200))
    hand_in(
        "farm_water_years",
        [
            {"灌区编号": "F1", "年份": "2024", "水价": 0.1, "运行维护成本": 0.25, "完全成本": 0.5}
            | {"已拨精准补贴": 100, "已拨节水奖励": 50}
        ],
    )
    first = said("water_user")
    assert "not_established" in first["U1", "tariff.water_over_quota", "2024"]
    farm = first["F1", "tariff.agricultural_water", "2024"]
    assert (farm["om_cost_recovery"], farm["gap"]) == (pytest.approx(0.4), pytest.approx(135))
    bands = {
        "第1档上限（超出比例）": "20%",
        "第2档上限（超出比例）": 0.4,
        "第1档加价倍数": 0.5,
        "第2档加价倍数": 1,
        "第3档加价倍数": 2,
        "加价基数水价（元/立方米）": 3,
    }
    hand_in(
        "local_parameters",
        [
            *(local(f"超定额用水：{item}", value) for item, value in bands.items()),
            local("农业节水奖励（元/立方米）", 0.5),
        ],
    )
    second = said("water_user")
    assert second["U1", "tariff.water_over_quota", "2024"]["surcharge"] == pytest.approx(600)
    support = second["F1", "tariff.farm_water_support", "2024"]
    assert (support["subsidy"], support["reward"]) == (pytest.approx(135), pytest.approx(50))
    assert (support["subsidy_open"], support["reward_open"]) == (pytest.approx(35), 0)
    hand_in("water_meters", meters(100))
    third = said("water_user")["U1", "tariff.water_over_quota", "2024"]
    assert third["surcharge"] == pytest.approx(300)
    explained(workspace, "water_user_years")


def test_a_high_water_user_past_its_term_is_fined_by_what_the_place_files(
    hand_in, said, due, paper
):
    """1,300 of 1,000 m³, the retrofit due in June 2025: past it without the span of the fine the
    chapter is named; filed, the span is told; done in May it is in time. The notice names what is
    open once, in words.
    """
    user = {
        "户号": "U1",
        "类别": "非居民",
        "地区": "武隆区",
        "名称": "某纸厂",
        "高耗水工业企业": "是",
    }
    hand_in("water_users", [user])
    hand_in("water_quotas", [{"户号": "U1", "年份": "2025年", "用水计划": "1,000"}])
    hand_in("water_meters", [{"户号": "U1", "抄表期": "2025年", "水量": "1,300"}])
    asked = ("U1", "water.high_user", "2025")
    assert said("water_user")[asked]["verdict"] == "超定额，没有填改造期限"
    hand_in("water_users", [user | {"限期改造日期": "2025-06-30"}])
    assert "节约用水条例" in said("water_user")[asked]["not_established"]
    notice = paper("water_user", "U1", "notice")
    field = "高耗水工业企业逾期未改造：罚款下限（元）"
    assert "500156" not in notice and notice.count(f"填“{field}”") == 1
    assert due("water_user")["U1", "mend", ""] == ("2025-06-30", "overdue")
    span = {"下限": 20_000, "上限": "10万"}
    fines = [
        local(f"高耗水工业企业逾期未改造：罚款{end}（元）", fine) for end, fine in span.items()
    ]
    hand_in("local_parameters", fines)
    fined = said("water_user")[asked]
    assert (fined["over"], fined["fine_min"], fined["fine_max"]) == (300, 20_000, 100_000)
    hand_in("water_users", [user | {"限期改造日期": "2025-06-30", "改造完成日期": "2025-05-20"}])
    assert said("water_user")[asked]["verdict"] == "按期完成节水改造"
