"""Four more systems that were lists only: green markets, hygiene towns, campaigns of the ecology
day and the energy-saving week, and the green-finance reform zone. Each from rows as an office
writes them to its verdict, its days due, a sum and a paper; then one figure corrected.
"""

from __future__ import annotations

import pytest

from hengtan.basis.errors import ImportRejected
from hengtan.desk.lists_of_files import lists_beside
from hengtan.desk.measures import milestones_of
from hengtan.workspace.asof import AsOf

WULONG, FULING, CITY = "500156", "500102", "500000"

MARKET = {
    "市场编号": "M1",
    "区县": "武隆区",
    "名称": "某农贸市场",
    "类别": "农副产品市场",
    "营业面积": "20,000",
    "商户数": "400个",
    "评价标准": "GB/T 19220（测试值）",
    "合格线": "80%",
    "授牌日期": "2025年3月1日",
    "有效期至": "2099-02-28",
}
SORTED = {
    "市场编号": "M1",
    "评价项目": "垃圾分类投放",
    "检查日期": "2026/5/10",
    "是否必达": "是",
    "核查结果": "符合",
    "分值": 50,
    "得分": "45",
}
COLD = {
    "市场编号": "M1",
    "评价项目": "冷链冷库节能设备占比",
    "检查日期": "2026-05-10",
    "是否必达": "是",
    "单位": "%",
    "标准值": "80",
    "实际值": " 72% ",
    "分值": 50,
    "得分": 40,
}


def test_a_market_below_its_standard_is_proposed_to_be_taken_off_until_it_is_mended(
    workspace, hand_in, said, due, paper, total
):
    """72 % where 80 % is mandatory is below the standard though 85 of 100 points pass 80 %; checked
    again with 82 % it is reached. 90 tce after 100 on 20,000 m² are 4.5 kgce/m² and −10 %, 200 t of
    waste 10 kg/m² and 500 kg a stall, 50 t recovered 25 %. Its area counts until it is taken off.
    """
    hand_in("green_markets", [MARKET])
    hand_in("green_market_items", [SORTED, COLD])
    hand_in("green_market_checks", [{"编号": "M1", "类别": "复核", "复核期限": "2026年6月30日"}])
    years = [
        {"编号": "M1", "年度": "2024年", "能耗": 100},
        {"编号": "M1", "年度": "2025", "能耗": "90", "垃圾量": 200, "资源化利用量": "50"},
    ]
    hand_in("green_market_years", years)
    verdicts = said("green_market")
    checked = verdicts["M1", "market.check", ""]
    assert checked["verdict"] == "未达到标准，提请移出名单"
    assert (checked["missed"], checked["score"]) == ("冷链冷库节能设备占比", pytest.approx(85))
    assert verdicts["M1", "market.term", ""]["state"] == "在有效期内，复核逾期"
    assert due("green_market")["M1", "check", ""] == ("2026-06-30", "overdue")
    of_2025 = verdicts["M1", "market.year", "2025"]
    assert of_2025["energy_per_area"] == pytest.approx(4.5)
    assert of_2025["change"] == pytest.approx(-10)
    assert (of_2025["waste_per_area"], of_2025["waste_per_stall"]) == (10, 500)
    assert of_2025["recovery"] == pytest.approx(25)
    assert total("green_market", "area_in_force")[CITY] == 20_000
    assert total("green_market", "waste", 2025)[WULONG] == 200
    notice = paper("green_market", "M1", "notice")
    assert "关于绿色市场核查情况的通知（某农贸市场）" in notice and "提请移出名单" in notice
    (listed,) = lists_beside(workspace, "green_market")
    assert listed.beside.file_only == ("某农贸市场",)
    hand_in("green_market_items", [COLD | {"检查日期": "2026-07-01", "实际值": 82}])
    checked = said("green_market")["M1", "market.check", ""]
    assert (checked["verdict"], checked["missed"]) == ("达到标准", "无")
    assert "提请移出名单" not in paper("green_market", "M1", "notice")
    hand_in("green_markets", [MARKET | {"摘牌日期": "2026-08-01"}])
    assert total("green_market", "area_in_force")[CITY] == 0


def test_a_limit_or_pass_mark_that_was_not_filed_is_asked_for_by_item_and_field(hand_in, said):
    """Neither GB/T 19220 nor SB/T 11135 was read; what is open is named until both are filed."""
    hand_in("green_markets", [MARKET | {"合格线": ""}])
    hand_in("green_market_items", [SORTED, COLD | {"标准值": ""}])
    key = ("M1", "market.check", "")
    why = said("green_market")[key]["not_established"]
    assert "冷链冷库节能设备占比" in why and "GB/T 19220" in why and "“要求值”" in why
    hand_in("green_market_items", [COLD | {"实际值": 82}])
    why = said("green_market")[key]["not_established"]
    assert "“合格得分率”" in why and "本地规定的参数" in why
    pass_mark = {"区县": "武隆区", "参数": "绿色市场：合格得分率（%）", "取值": 90}
    hand_in(
        "local_parameters", [pass_mark | {"起始日期": "2026-01-01", "文件": "评价细则（测试）"}]
    )
    assert said("green_market")[key]["verdict"] == "未达到标准，提请移出名单"


def test_power_and_energy_of_a_market_may_come_from_the_records_of_its_unit(hand_in, said):
    """1,000 t of raw coal are 714.3 tce, on 20,000 m² 35.715 kgce/m²; the year row has none."""
    code = "91500232MA5U000001"
    coal = {"能源品种": "原煤", "计量单位": "吨", "购进量": 1000, "消费量": 1000}
    unit = {"地区": "武隆区", "统一社会信用代码": code, "单位名称": "某市场公司", "行业": "51"}
    hand_in("green_markets", [MARKET | {"统一社会信用代码": code}])
    hand_in("green_market_years", [{"编号": "M1", "年度": "2025年", "用电量": "400,000"}])
    key = ("M1", "market.year", "2025")
    assert "energy" not in said("green_market")[key]
    hand_in("enterprise_energy", [unit | {"时期": "2025年"} | coal])
    verdict = said("green_market")[key]
    assert verdict["power_per_area"] == pytest.approx(20)
    assert verdict["energy_per_area"] == pytest.approx(35.715)


TOWN = {
    "编号": "T1",
    "区县": "武隆区",
    "乡镇名称": "某镇",
    "类别": "乡镇",
    "创建级别": "国家级",
    "人口": "1.2万",
    "申请日期": "2021-06-01",
    "授予日期": "2022年9月1日",
}


def test_a_hygiene_town_is_told_its_review_and_the_indicators_it_misses(
    workspace, hand_in, said, due, paper, total
):
    """Named on 2022-09-01 and reviewed every 36 months: due on 2025-09-01, overdue; passed on
    2025-06-30 it is due on 2028-06-30. Of two indicators with a figure one is missed, 50 %; with
    34.2 corrected to 36.5 none. A second town of 8,000 makes 20,000 residents, 12,000 once revoked.
    """
    second = TOWN | {"编号": "T2", "乡镇名称": "另一镇", "人口": "8000人"}
    hand_in("hygiene_towns", [TOWN, second])
    row = {"编号": "T1", "年度": "2025年", "单位": "%"}
    greened = row | {"指标名称": "建成区绿化覆盖率", "目标值": "36", "完成值": "34.2%"}
    waste = row | {
        "指标名称": "生活垃圾无害化处理率",
        "目标值": 100,
        "完成值": 100,
        "是否必达": "是",
    }
    hand_in("hygiene_indicators", [greened, waste, row | {"指标名称": "厕所", "目标值": "90"}])
    verdicts = said("hygiene_town")
    title = verdicts["T1", "hygiene.title", ""]
    assert (title["state"], title["review_due"]) == ("命名有效，复审已到期", "2025-09-01")
    assert due("hygiene_town")["T1", "review", ""] == ("2025-09-01", "overdue")
    of_2025 = verdicts["T1", "hygiene.year", "2025"]
    assert (of_2025["missed"], of_2025["unjudged"]) == ("建成区绿化覆盖率", "厕所")
    assert (of_2025["share"], of_2025["verdict"]) == (pytest.approx(50), "有指标未达到")
    assert total("hygiene_town", "titled_residents")[CITY] == 20_000
    report = paper("hygiene_town", "T1", "report")
    assert "某镇" in report and "建成区绿化覆盖率" in report and "凭记忆" in report
    to_mend = {"编号": "T1", "复审日期": "2025-03-31", "结果": "限期整改", "整改期限": "2025-05-31"}
    hand_in("hygiene_reviews", [to_mend])
    assert {
        state for (_, kind, _), (_, state) in due("hygiene_town").items() if kind == "mend"
    } == {"overdue"}
    hand_in("hygiene_reviews", [{"编号": "T1", "复审日期": "2025年6月30日", "结果": "通过"}])
    hand_in("hygiene_indicators", [greened | {"完成值": "36.5"}])
    verdicts = said("hygiene_town")
    assert verdicts["T1", "hygiene.title", ""]["review_due"] == "2028-06-30"
    of_2025 = verdicts["T1", "hygiene.year", "2025"]
    assert (of_2025["missed"], of_2025["verdict"]) == ("无", "指标不全，不作结论")
    hand_in("hygiene_towns", [second | {"撤销日期": "2026-01-01"}])
    assert total("hygiene_town", "titled_residents")[WULONG] == 12_000
    (listed,) = lists_beside(workspace, "hygiene_town")
    assert listed.beside.file_only == ("某镇",)


def test_months_to_a_review_of_a_municipal_town_are_those_of_the_place(hand_in, said):
    """No municipal measures were read; with 24 months filed by the place, 2022-09-01 is due on
    2024-09-01, with 60 in the file itself on 2027-09-01; a review to be mended is past its term.
    """
    town = TOWN | {"创建级别": "市级"}
    hand_in("hygiene_towns", [town])
    key = ("T1", "hygiene.title", "")
    why = said("hygiene_town")[key]["not_established"]
    assert "市级卫生城镇的评审管理办法" in why and "“复审周期月数”" in why
    months = {"区县": "重庆市", "参数": "市级卫生城镇：复审周期（月）", "取值": 24}
    hand_in("local_parameters", [months | {"起始日期": "2022-01-01", "文件": "办法（测试）"}])
    assert said("hygiene_town")[key]["review_due"] == "2024-09-01"
    hand_in("hygiene_towns", [town | {"复审周期": 60, "命名文件": "办法（测试）"}])
    assert said("hygiene_town")[key]["review_due"] == "2027-09-01"
    mend = {"编号": "T1", "复审日期": "2025-03-01", "结果": "限期整改", "整改时限": "2025-09-01"}
    hand_in("hygiene_reviews", [mend])
    assert said("hygiene_town")[key]["state"] == "限期整改，已逾期"
    hand_in("hygiene_reviews", [mend | {"整改日期": "2025-08-20"}])
    assert said("hygiene_town")[key]["state"] == "整改完成，待复核"


DAY = {
    "编号": "W1",
    "区县": "武隆区",
    "名称": "2025年全国生态日活动",
    "类别": "全国生态日",
    "年度": "2025年",
}


def event(number, day, organiser, persons, spending, **more):
    row = {"序号": number, "活动编号": "W1", "活动内容": f"第{number}场", "形式": "现场宣传"}
    reached = {"主办单位": organiser, "参与人数": persons, "活动经费": spending}
    return row | {"活动时间": day} | reached | more


def test_who_of_the_plan_owes_an_event_within_the_days_of_the_campaign(
    workspace, hand_in, said, due, paper, total
):
    """The ecology day is 15 August. 300 and 200 persons for 6,000 and 4,000 yuan are 500 persons at
    20 yuan each; the third event was held on the 18th, so that its department owes one. Its day
    corrected to the 15th nobody owes, 600 persons of whom 100 at a talk.
    """
    hand_in("campaigns", [DAY])
    planned = ("区发展改革委", "区生态环境局", "区商务委")
    hand_in("campaign_duties", [{"编号": "W1", "部门": name} for name in planned])
    third = event(3, "2025-08-18", "区商务委", 100, "2000元", 形式="宣讲培训")
    events = [
        event(1, "2025年8月15日", "区发展改革委", "300人", 6000),
        event(2, "2025/8/15", "区生态环境局、区教育局", 200, "4,000"),
        third,
    ]
    hand_in("campaign_events", events)
    key = ("W1", "campaign.held", "2025")
    verdict = said("green_campaign")[key]
    assert (verdict["begins"], verdict["events"], verdict["outside"]) == ("2025-08-15", 2, 1)
    assert (verdict["persons"], verdict["cost"]) == (500, 20)
    assert (verdict["owed"], verdict["verdict"]) == ("区商务委", "期内举办，有单位没有办完")
    assert due("green_campaign")["W1", "owed", "2025"] == ("2025-08-15", "overdue")
    assert "关于2025年全国生态日活动开展情况的总结报告" in paper("green_campaign", "W1", "summary")
    hand_in("campaign_events", [third | {"活动时间": "2025-08-15"}])
    verdict = said("green_campaign")[key]
    assert (verdict["verdict"], verdict["talk"]) == ("按计划在期内举办", 100)
    assert "owed" not in verdict and due("green_campaign") == {}
    assert total("green_campaign", "persons", 2025)[CITY] == 600
    assert total("green_campaign", "spending", 2025)[WULONG] == 12_000
    listed = {"名录": "节能低碳宣传活动登记", "地区": "武隆区", "授予日期": "2025-08-15"}
    hand_in("registry_entries", [listed | {"条目名称": name} for name in ("第1场", "别场")])
    (events,) = lists_beside(workspace, "green_campaign")
    assert (events.beside.both, events.beside.list_only) == (1, ("别场",))
    assert events.beside.file_only == ("第2场", "第3场")


def test_the_days_of_the_energy_saving_week_are_those_of_the_notice(hand_in, said):
    """No fixed day is known of the week: it is refused until the notice is filed, and a campaign of
    which an event has no persons has no sum of persons.
    """
    week = DAY | {"类别": "全国节能宣传周"}
    hand_in("campaigns", [week])
    hand_in("campaign_events", [event(1, "2025-06-24", "区发展改革委", "", 500)])
    key = ("W1", "campaign.held", "2025")
    why = said("green_campaign")[key]["not_established"]
    assert "当年全国节能宣传周和全国低碳日活动的通知" in why and "“开始日期”" in why
    with pytest.raises(ImportRejected, match="没有活动通知"):
        hand_in("campaigns", [week | {"起始日期": "2025-06-23", "截止日期": "2025-06-29"}])
    noticed = week | {"起始日期": "2025-06-23", "截止日期": "2025-06-29", "文件": "通知（测试）"}
    hand_in("campaigns", [noticed])
    verdict = said("green_campaign")[key]
    assert (verdict["events"], verdict["spending"]) == (1, 500)
    assert "persons" not in verdict and "cost" not in verdict


ZONE = {
    "编号": "Z1",
    "区县": "重庆市",
    "名称": "某绿色金融改革创新试验区",
    "批复日期": "2024-01-01",
    "方案文件": "试验区方案（测试）",
}


def task(number, name, lead, **more):
    row = {"序号": number, "试验区": "Z1", "区县": "武隆区", "任务": name, "责任单位": lead}
    return row | {"完成期限": "2025-12-31"} | more


def loan(number, place):
    return {
        "借据编号": number,
        "银行": "甲",
        "区县": place,
        "借款企业": "某公司",
        "用途": "4.1.2",
        "业务品种": "贷款",
        "贷款金额": "1000万",
        "放款日期": "2024-02-01",
        "到期日": "2099-02-01",
    }


@pytest.fixture
def ledgers(hand_in):
    """Loans of Wulong and Fuling at the end of 2024 and 2025, their bank's quarter, one policy."""
    hand_in("green_banks", [{"机构": "甲", "区县": "渝中区", "银行名称": "某银行"}])
    hand_in("green_loans", [loan("L1", "武隆区"), loan("L2", "涪陵区")])
    rows = (("L1", 2024, "200万"), ("L1", 2025, "300万"), ("L2", 2024, 0), ("L2", 2025, "100万"))
    balances = [{"借据编号": n, "月末": f"{y}年12月", "月末余额": b} for n, y, b in rows]
    hand_in("green_loan_balances", balances)
    quarter = {"机构": "甲", "时期": "2025年第4季度", "贷款余额": "4000万", "绿色债券余额": "50万"}
    hand_in("green_bank_quarters", [quarter])
    policy = {"保单号": "P1", "区县": "涪陵区", "被保险人": "某厂", "险种": "环境污染责任保险"}
    term = {"保险公司": "某财险", "起保日期": "2025-07-01", "终保日期": "2099-06-30", "保额": 300}
    hand_in("insurance_policies", [policy | term])


def test_a_zone_reports_its_measures_with_loans_bonds_and_insurance_from_their_ledgers(
    ledgers, workspace, hand_in, said, due, paper
):
    """Of four measures one was done in time and one late, one is overdue and one has no evidence:
    50 % are done, 75 % once the evidence is filed, and the milestone of the city's plan says so.
    4 million lent at the end of 2025 after 2 are +100 %, of them 75 % in Wulong; the bank of the
    zone lends 40 million, 10 % of it green. With Fuling at 3 million the share of Wulong is 50 %.
    """
    unproven = task(4, "碳账户", "某银行", 办结日期="2025-10-01")
    tasks = [
        task(1, "首单碳保险", "金融办", 办结日期="2025年6月1日", 佐证="保单（测试）"),
        task(2, "信息披露指引", "人民银行", 办结日期="2026-02-01", 佐证="指引（测试）"),
        task(3, "绿色项目库", "金融办"),
        unproven,
    ]
    hand_in("finance_zones", [ZONE])
    hand_in("zone_measures", tasks)
    states = {key[0]: row["state"] for key, row in said("zone_measure").items()}
    expected = ("按期完成", "逾期完成", "逾期未完成", "报完成，缺佐证")
    assert [states[number] for number in "1234"] == list(expected)
    assert due("zone_measure")["3", "complete", ""] == ("2025-12-31", "overdue")
    reminder = paper("zone_measure", "3", "reminder")
    assert "关于绿色金融改革任务进度的督办函" in reminder and "金融办：" in reminder
    progress = said("finance_zone")["Z1", "zone.progress", ""]
    assert (progress["done"], progress["share"]) == (2, pytest.approx(50))
    assert (progress["leads"], progress["verdict"]) == ("金融办", "有任务逾期")
    of_2025 = said("finance_zone")["Z1", "zone.figures", "2025"]
    assert (of_2025["green_loans"], of_2025["growth"]) == (4_000_000, pytest.approx(100))
    assert (of_2025["bank_share"], of_2025["bonds"]) == (pytest.approx(10), 500_000)
    assert of_2025["banks_reported"] == "名单1家，1家有年末数"
    assert (of_2025["policies"], of_2025["insured"]) == (1, 300)
    assert "policies" not in said("finance_zone")["Z1", "zone.figures", "2024"]
    assert shares(workspace, 2025) == {WULONG: pytest.approx(0.75), FULING: pytest.approx(0.25)}
    report = paper("finance_zone", "Z1", "progress")
    assert "关于某绿色金融改革创新试验区建设进展的报告" in report and "绿色项目库" in report
    assert counted(workspace)[1] == pytest.approx(50)
    (listed,) = lists_beside(workspace, "zone_measure")
    assert listed.beside.file_only == ("信息披露指引", "首单碳保险")
    hand_in("zone_measures", [unproven | {"佐证": "上线通知（测试）"}])
    assert said("finance_zone")["Z1", "zone.progress", ""]["share"] == pytest.approx(75)
    assert counted(workspace) == ("open", pytest.approx(75), "%")
    assert of_the_zone(workspace)["counted"]["confidence"] == "self_approved"
    hand_in("green_loan_balances", [{"借据编号": "L2", "月末": "2025-12", "月末余额": "300万"}])
    assert shares(workspace, 2025)[WULONG] == pytest.approx(0.5)
    assert said("finance_zone")["Z1", "zone.figures", "2025"]["green_loans"] == 6_000_000


def counted(workspace):
    """State of the milestone of the zone, and what the records count of it."""
    milestone = of_the_zone(workspace)
    return milestone["state"], milestone["counted"]["value"], milestone["counted"]["unit"]


def of_the_zone(workspace):
    """The milestone of the zone, as its page has it."""
    milestones = {row["id"]: row for row in milestones_of(workspace, AsOf.of())}
    return milestones["cq-m-green-finance-zone"]


def shares(workspace, year):
    """The share of each place in the green loans of the zone at the end of a year."""
    rows = workspace.execute("zone_loan_places").to_pylist()
    return {row["place"]: row["share"] for row in rows if row["year"] == year}


def test_sums_of_banks_tell_how_many_of_the_list_reported(ledgers, hand_in, said, paper):
    """Of three banks two have a year-end, 4 of 40 and 1 of 10 million green: 10 %. The second does
    not state its bonds: those of the first are the sum, and neither bank's share of the market of
    both is known, until 300,000 yuan are filed: 4.5 of the first, 5.8 million of both.
    """
    hand_in("finance_zones", [ZONE])
    banks = [{"机构": name, "区县": "武隆区", "银行名称": f"{name}行"} for name in "乙丙"]
    hand_in("green_banks", banks)
    hand_in("green_loans", [loan("L5", "酉阳县") | {"银行": "乙"}])
    hand_in("green_loan_balances", [{"借据编号": "L5", "月末": "2025年12月", "月末余额": "100万"}])
    quarter = {"机构": "乙", "时期": "2025年第4季度", "贷款余额": "1000万"}
    hand_in("green_bank_quarters", [quarter | {"绿色债券余额": ""}])
    of_2025 = said("finance_zone")["Z1", "zone.figures", "2025"]
    assert of_2025["banks_reported"] == "名单3家，2家有年末数"
    assert (of_2025["bank_share"], of_2025["bonds"]) == (pytest.approx(10), 500_000)
    report = paper("finance_zone", "Z1", "progress")
    assert "区内名单机构3家，只有2家有年末数，占比和债券不是全区合计" in report
    assert "1家已报机构没有填绿色债券余额，不在合计里" in report
    measures = ("甲", "finance.green_measures", "2025-Q4")
    assert "market_share" not in said("green_bank")[measures]
    hand_in("green_bank_quarters", [quarter | {"绿色债券余额": "30万"}])
    assert said("finance_zone")["Z1", "zone.figures", "2025"]["bonds"] == 800_000
    assert said("green_bank")[measures]["market_share"] == pytest.approx(4.5 / 5.8)


def test_a_loan_without_its_december_leaves_the_loans_of_the_zone_open(ledgers, hand_in, said):
    """A third loan has no balance of December: no sum of 2025, the rest stands."""
    hand_in("finance_zones", [ZONE])
    hand_in("green_loans", [loan("L3", "武隆区")])
    of_2025 = said("finance_zone")["Z1", "zone.figures", "2025"]
    assert "green_loans" not in of_2025 and of_2025["insured"] == 300


def test_the_explained_rows_alone_give_the_rows_of_a_zone(ledgers, hand_in, explained):
    hand_in("finance_zones", [ZONE])
    hand_in("zone_measures", [task(3, "绿色项目库", "金融办")])
    explained("zone_loan_places", "zone_insurance", "zone_banks", "zone_years")
    explained("plan_milestone_counts")
