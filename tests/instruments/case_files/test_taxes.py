"""Taxes from records kept for other ends: monitoring of permits, meters of intakes, sales of a gas
block; returns filed beside what these give.

By hand, Chongqing 3.5 yuan an equivalent of air, 3 of water. A month: SO2 19 mg/m³ × 10⁷ m³ = 190
kg ÷ 0.95 = 200, 54 % of its limit, × 0.75; NOx 38 mg/m³ = 380 kg ÷ 0.95 = 400, 38 %, × 0.5; soot
5.45 mg/m³ = 54.5 kg ÷ 2.18 = 25 without a highest reading, whole: 375 × 3.5 = 1,312.5. COD 40 mg/L
× 15,000 m³ = 600 kg = 600, 80 % of its limit, whole; ammonia nitrogen 24 kg ÷ 0.8 = 30, 20 %,
× 0.5: 615 × 3 = 1,845. Three months 9,472.5; fly ash 10 t × 25 = 250; night 5 dB over 700.
"""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document

from hengtan.desk import case_file_shown
from hengtan.desk.case_documents import document_bytes
from hengtan.desk.case_files import opened

FIRM, OTHER = "91500232MA5U000001", "91500232MA5U000002"
PLACE = {"区县": "武隆区"}
PERMIT = {"许可证编号": "P1"}
Q1 = (FIRM, "env_tax.return", "2024-Q1")


def readings(nox_peak_of_february=60):
    """Three months of an outlet of gas and one of water, as the monitoring station writes them."""
    of_gas = {"排放口": "DA001", "介质": "废气", "流量": "1,000万"}
    of_water = {"排放口": "DW001", "介质": "废水", "流量": "1.5万"}
    rows = []
    for month in (1, 2, 3):
        peak = nox_peak_of_february if month == 2 else 60
        rows += [
            {**of_gas, "污染物": "二氧化硫", "月均浓度": 19, "最高日均浓度": 24},
            {**of_gas, "污染物": "氮氧化物", "月均浓度": 38, "最高日均浓度": peak},
            {**of_gas, "污染物": "颗粒物", "月均浓度": 5.45},
            {**of_water, "污染物": "化学需氧量", "月均浓度": " 40 ", "最高日均浓度": 48},
            {**of_water, "污染物": "氨氮", "月均浓度": "１.６", "最高日均浓度": 3},
            {**of_water, "污染物": "总氮", "月均浓度": 9, "最高日均浓度": 12},
        ]
        for row in rows[-6:]:
            row |= PERMIT | {"月份": f"2024年{month}月"}
    return rows


def limits():
    of_pollutants = {
        ("DA001", "废气"): {"二氧化硫": 35, "氮氧化物": 100, "颗粒物": 10},
        ("DW001", "废水"): {"化学需氧量": 50, "氨氮": 8, "总氮": 15},
    }
    return [
        {**PERMIT, "排放口": outlet, "介质": medium, "污染物": name, "许可浓度": limit}
        | {"起始日期": "2021-06-01"}
        for (outlet, medium), of_outlet in of_pollutants.items()
        for name, limit in of_outlet.items()
    ]


@pytest.fixture
def payer(hand_in):
    """A firm with a permit, its monitoring, fly ash and a noisy night shift."""
    firm = {"统一社会信用代码": FIRM, **PLACE}
    permit = {**firm, **PERMIT, "单位名称": "甲厂", "发证日期": "2021-06-01"}
    hand_in("discharge_permits", [permit])
    hand_in("permit_limits", limits())
    hand_in("permit_months", readings())
    hand_in("env_tax_payers", [{**firm, "纳税人名称": "甲厂"}])
    ash = {"月份": "2024-03", "种类": "粉煤灰", "产生量": 100, "综合利用量": 90}
    hand_in("env_tax_solids", [{"统一社会信用代码": FIRM, **ash}])
    night = {"月份": "2024年2月", "作业场所": "北厂界", "夜间超标分贝数": 5}
    hand_in("env_tax_noises", [{"统一社会信用代码": FIRM, **night}])


SOURCE = {**PERMIT, "排放口": "DA001", "颗粒物按": "烟尘"}


def test_monitoring_becomes_the_return_of_a_quarter_and_a_correction_another(
    payer, hand_in, said, due, workspace
):
    """Above its standard once in February, NOx takes the relief of that month from all outlets:
    (200 × 0.25 + 400 × 0.5) × 3.5 + 30 × 0.5 × 3 = 920. The draft of the return has each step.
    """
    asked = said("env_tax_payer")[Q1]
    assert "颗粒物" in asked["refused"] and "烟尘" in asked["refused"]
    hand_in("env_tax_sources", [SOURCE])
    first = said("env_tax_payer")[Q1]
    assert (first["tax_air"], first["tax_water"]) == (
        pytest.approx(3 * 1312.5),
        pytest.approx(3 * 1845),
    )
    assert (first["tax_solid"], first["tax_noise"]) == (250, 700)
    assert first["tax"] == pytest.approx(10_422.5)
    assert first["relief"] == pytest.approx(3 * (875 + 45))
    assert (first["untaxed"], first["gaps"], first["due"]) == ("总氮", 0, "2024-04-15")
    assert due("env_tax_payer")[FIRM, "filing", "2024-Q1"] == ("2024-04-15", "overdue")
    filed = {
        "税种": "环保税",
        "所属期": "2024年第一季度",
        "申报税额": 9000,
        "申报日期": "2024-04-20",
    }
    hand_in("tax_returns", [{"统一社会信用代码": FIRM, **filed}])
    assert due("env_tax_payer")[FIRM, "filing", "2024-Q1"] == ("2024-04-15", "done_late")
    tables = document_of(workspace).tables
    cells = [[cell.text for cell in row.cells][:2] for table in tables for row in table.rows]
    assert ["应纳税额", "10,422.5元"] in cells
    assert ["2024-01 P1 DA001 二氧化硫污染当量数", "200.00当量"] in cells
    hand_in("permit_months", readings(nox_peak_of_february=120))
    second = said("env_tax_payer")[Q1]
    assert second["tax"] == pytest.approx(10_422.5 + 920)
    assert second["relief"] == pytest.approx(2 * (875 + 45))


def test_a_month_that_was_not_monitored_is_told_and_indirect_discharge_is_not_taxed(
    payer, hand_in, said
):
    """To a treatment plant: no tax on water (第四条). April holds gas only, of one month of three:
    two months of each of three pollutants are missing.
    """
    indirect = {**PERMIT, "排放口": "DW001", "排入污水集中处理场所": "是"}
    hand_in("env_tax_sources", [SOURCE, indirect])
    april = [{**row, "月份": "2024年4月"} for row in readings()[:3]]
    hand_in("permit_months", april)
    verdicts = said("env_tax_payer")
    assert verdicts[Q1]["tax_water"] == 0
    second = verdicts[FIRM, "env_tax.return", "2024-Q2"]
    assert (second["gaps"], second["tax"]) == (6, pytest.approx(1312.5))


def intake(**changed):
    return {
        "取水许可证编号": "W1",
        **PLACE,
        "统一社会信用代码": FIRM,
        "取水单位": "甲厂",
        "取用水类型": "工业",
        "水源": "地表水",
        "年许可水量": "2.5万",
        "申报方式": "按季",
        **changed,
    }


def december(to):
    return {"取水许可证编号": "W1", "月份": "2024年12月", "上月读数": 18000, "本月读数": to}


def test_meters_become_fee_and_tax_and_what_was_not_read_names_document_and_field(
    hand_in, said, workspace
):
    """October 8,000 m³ by the meter and November 9,000 at 0.1 yuan: 1,700. December 10,000 at the
    rate filed of 0.2: 2,000; the permit still allowed 8,000, so 2,000 bear another 400.
    Corrected to 7,000: 1,400.
    """
    hand_in("water_intakes", [intake()])
    months = [
        {"取水许可证编号": "W1", "月份": "2024-10", "上月读数": 1000, "本月读数": "9,000"},
        {"取水许可证编号": "W1", "月份": "2024-11", "取水量": "0.9万"},
        december(28000),
    ]
    hand_in("water_intake_months", months)
    quarter = ("W1", "water.quarter", "2024-Q4")
    why = said("water_intake")[quarter]["not_established"]
    assert "地表水税额" in why and "具体适用税额" in why
    local = {"区县": "重庆市", "起始日期": "2024-12-01", "文件": "测试用税额表"}
    rate = {**local, "参数": "水资源税：地表水税额（元/立方米）", "取值": 0.2}
    hand_in("local_parameters", [rate])
    assert "2000立方米按几倍" in said("water_intake")[quarter]["not_established"]
    multiple = {**local, "参数": "水资源税：超许可征收倍数", "取值": 2}
    hand_in("local_parameters", [multiple])
    first = said("water_intake")[quarter]
    assert (first["tax"], first["volume"], first["over"]) == (
        pytest.approx(4100),
        27_000,
        2_000,
    )
    hand_in("water_intake_months", [december(25000)])
    second = said("water_intake")[quarter]
    assert (second["tax"], second["over"]) == (pytest.approx(3100), 0)
    hand_in("water_intakes", [intake() | {"申报方式": "按月"}])
    assert said("water_intake")["W1", "water.month", "2024-10"]["tax"] == pytest.approx(800)
    left = {
        row["period"]: row["permit_left"]
        for row in workspace.execute("water_intake_use").to_pylist()
    }
    assert left == {"2024-10": 25_000, "2024-11": 17_000, "2024-12": 8_000}


def test_sales_of_a_gas_block_become_resource_tax_and_output_shows_what_is_unaccounted_for(
    hand_in, said, workspace
):
    """13.5 million yuan a month and 150,000 of own use at 6 % less 30 %: 13,650,000 × 0.042 =
    573,300, three months 1,719,900. Of 10 million m³ put out 900,000 are neither sold nor used.
    Limestone 50,000 × 3 %.
    """
    site = {**PLACE, "统一社会信用代码": FIRM, "申报方式": "按季"}
    gas = {**site, "税源编号": "S1", "名称": "白马页岩气", "税目": "页岩气", "区块编号": "B1"}
    stone = {**site, "税源编号": "S2", "名称": "采石场", "税目": "石灰岩", "计征方式": "从价"}
    hand_in("resource_sites", [gas, stone])
    hand_in("gas_blocks", [{"区块": "B1", **PLACE, "名称": "白马"}])
    months = [f"2024年{n}月" for n in (1, 2, 3)]
    hand_in("gas_block_months", [{"区块": "B1", "月份": m, "产气量": "1000万"} for m in months])
    sold = {"税源编号": "S1", "销气量": "900万", "销售额": "1350万", "自用气量": "10万"}
    hand_in("resource_sales", [{**sold, "月份": m, "视同销售额": "15万"} for m in months])
    hand_in("resource_sales", [{"税源编号": "S2", "月份": "2024-01", "销售额": 50_000}])
    verdicts = said("resource_site")
    first = verdicts["S1", "resource.quarter", "2024-Q1"]
    assert first["tax"] == pytest.approx(1_719_900)
    assert first["relief"] == pytest.approx(3 * 13_650_000 * 0.06 * 0.3)
    unread = verdicts["S2", "resource.quarter", "2024-Q1"]["not_established"]
    assert "石灰岩税率" in unread and "资源税具体适用税率" in unread
    rows = workspace.execute("resource_filings").to_pylist()
    assert {r["unaccounted"] for r in rows if r["site"] == "S1"} == {2_700_000}
    stone |= {"适用税率": 0.03, "来源": "测试用"}
    hand_in("resource_sites", [stone])
    assert said("resource_site")["S2", "resource.quarter", "2024-Q1"]["tax"] == 1500
    hand_in("resource_sites", [stone | {"申报方式": "按月"}])
    assert said("resource_site")["S2", "resource.month", "2024-01"]["tax"] == 1500
    hand_in("resource_sales", [{**sold, "月份": "2024年3月", "销售额": "1250万"}])
    corrected = said("resource_site")["S1", "resource.quarter", "2024-Q1"]
    assert corrected["tax"] == pytest.approx(1_719_900 - 1_150_000 * 0.042)
    hand_in("resource_sales", [{**sold, "月份": "2024年3月", "自用气量": ""}])
    rows = workspace.execute("resource_filings").to_pylist()
    assert {r["unaccounted"] for r in rows if r["site"] == "S1"} == {None}  # own use is not known


def test_a_depleting_mine_and_gas_drained_for_safety_pay_less_by_article_6(hand_in, said):
    """Limestone at 3 %: 100,000 × 3 % = 3,000 before May; from May less 30 % 2,100. 18 of 100 are
    left of a mine designed for 20 years; with 30 and 8 years left it is none that depletes. Coalbed
    gas drained for safety is exempt (资源税法 第六、十六条).
    """
    site = {**PLACE, "统一社会信用代码": FIRM, "申报方式": "按月", "计征方式": "从价"}
    stone = {**site, "税源编号": "S2", "名称": "采石场", "税目": "石灰岩", "来源": "测试用"}
    stone |= {"适用税率": "3%", "衰竭期起始日期": "2024-05-01"}
    gas = {**site, "税源编号": "S3", "名称": "煤矿瓦斯", "税目": "煤层气", "来源": "测试用"}
    hand_in("resource_sites", [stone, gas | {"适用税率": 0.01, "安全抽采": "是"}])
    months = [("S2", "2024年4月"), ("S2", "2024年5月"), ("S3", "2024年5月")]
    sold = [{"税源编号": code, "月份": m, "销售额": "10万元"} for code, m in months]
    hand_in("resource_sales", sold)
    verdicts = said("resource_site")
    assert verdicts["S2", "resource.month", "2024-04"]["tax"] == pytest.approx(3000)
    assert "设计开采年限" in verdicts["S2", "resource.month", "2024-05"]["refused"]
    drained = verdicts["S3", "resource.month", "2024-05"]
    assert (drained["tax"], drained["relief"]) == (0, pytest.approx(1000))
    reserves = {"设计开采年限": 20, "原设计可开采储量": 100, "剩余可开采储量": 18}
    hand_in("resource_sites", [stone | reserves])
    depleting = said("resource_site")["S2", "resource.month", "2024-05"]
    assert (depleting["tax"], depleting["relief"]) == pytest.approx((2100, 900))
    hand_in("resource_sites", [stone | reserves | {"剩余可开采储量": 30, "剩余开采年限": 8}])
    assert said("resource_site")["S2", "resource.month", "2024-05"]["tax"] == pytest.approx(3000)
    hand_in("resource_sites", [stone | reserves | {"剩余可开采储量": 30, "剩余开采年限": 5}])
    assert said("resource_site")["S2", "resource.month", "2024-05"]["tax"] == pytest.approx(2100)


def test_returns_beside_the_records_make_a_list_of_leads(payer, hand_in, said, due, workspace):
    """9,000 declared of 10,422.5: 13.6 % apart, beyond 5 %; the other payer filed and has no
    records. Corrected to 10,400, 0.2 % apart, only the other is left.
    """
    hand_in("env_tax_sources", [SOURCE])
    hand_in("env_tax_payers", [{"统一社会信用代码": OTHER, **PLACE, "纳税人名称": "乙厂"}])
    filed = {"税种": "环境保护税", "所属期": "2024-Q1"}
    hand_in(
        "tax_returns",
        [
            {"统一社会信用代码": FIRM, **filed, "申报税额": "9,000"},
            {"统一社会信用代码": OTHER, **filed, "申报税额": 500},
        ],
    )
    about = {"批次编号": "M1", "区县": "重庆市", "名称": "一季度环保税比对"}
    hand_in("tax_matches", [{**about, "税种": "环保税", "所属期": "2024年第一季度"}])
    assert said("tax_match")["M1", "tax.data_match", ""]["differences"] == 2
    rows = {row["entity"]: row for row in workspace.execute("tax_differences").to_pylist()}
    assert rows[FIRM]["finding"] == "differs" and rows[OTHER]["finding"] == "filed_only"
    assert rows[FIRM]["difference"] == pytest.approx(9000 - 10_422.5)
    shown = facts_of(workspace, "tax_match", "M1")["申报与记录的差异"]
    assert {(row["纳税人"], row["比对结果"]) for row in shown} == {
        ("甲厂", "相差"),
        ("乙厂", "只有申报"),
    }
    lead = {"批次编号": "M1", "统一社会信用代码": FIRM, "移交日期": "2024-06-03"}
    hand_in("tax_leads", [{**lead, "接收单位": "区税务局", "回复期限": "2024-07-03"}])
    assert due("tax_match")["M1", "reply", FIRM] == ("2024-07-03", "overdue")
    answered = {**lead, "接收单位": "区税务局", "回复期限": "2024-07-03", "回复日期": "2024-07-10"}
    hand_in("tax_leads", [answered])
    assert due("tax_match")["M1", "reply", FIRM] == ("2024-07-03", "done_late")
    again = {"统一社会信用代码": FIRM, **filed, "申报税额": 10_400}
    hand_in("tax_returns", [again])
    assert said("tax_match")["M1", "tax.data_match", ""]["differences"] == 1
    hand_in("permit_months", [{**readings()[0], "污染物": "颗粒物", "排放口": "DA009"}])
    states = {
        row["entity"]: row["finding"] for row in workspace.execute("tax_differences").to_pylist()
    }
    assert states == {FIRM: "not_computed", OTHER: "filed_only"}


def facts_of(workspace, kind, subject):
    """The tables of a file as a page shows them: title → rows by heading."""
    tables = case_file_shown.facts(workspace, opened(workspace, kind, subject), "zh")
    return {
        table["title"]: [
            dict(zip(table["headings"], row["cells"], strict=True)) for row in table["rows"]
        ]
        for table in tables
    }


def test_a_return_leaves_as_a_draft_of_its_newest_quarter_with_steps_and_sources(
    payer, hand_in, workspace
):
    """Of the first quarter, then, once April is on record, of the second: each step in a table,
    its source by number.
    """
    hand_in("env_tax_sources", [SOURCE])
    first = document_of(workspace)
    text = "\n".join(paragraph.text for paragraph in first.paragraphs)
    cells = [[c.text for c in row.cells][:2] for table in first.tables for row in table.rows]
    assert ["期间", "2024年第一季度"] in cells and ["应纳税额", "10,422.5元"] in cells
    assert "2024年4月15日" in text
    assert ["2024-01 P1 DA001 二氧化硫污染当量数", "200.00当量"] in cells
    assert ["本季应纳税额", "10,422.50元"] in cells
    assert all(f"[{n}] " in text for n in (1, 2, 3)) and "第十三条" in text
    hand_in("permit_months", [{**row, "月份": "2024年4月"} for row in readings()[:3]])
    tables = document_of(workspace).tables
    second = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert "2024年第二季度" in second and "2024年第一季度" not in second


def document_of(workspace):
    of_one = opened(workspace, "env_tax_payer", FIRM)
    return Document(io.BytesIO(document_bytes(workspace, of_one, "return", date.today())))


def test_the_explained_rows_alone_give_the_row(payer, hand_in, explained):
    hand_in("env_tax_sources", [SOURCE])
    filed = {"税种": "环境保护税", "所属期": "2024-Q1", "申报税额": 9000}
    hand_in("tax_returns", [{"统一社会信用代码": FIRM, **filed}])
    hand_in("water_intakes", [intake(), intake(取水许可证编号="W2", 申报方式="按月")])
    for number in ("W1", "W2"):
        months = [{"月份": f"2025-0{n}", "取水量": 100 * n} for n in (1, 2, 3)]
        hand_in("water_intake_months", [{"取水许可证编号": number, **m} for m in months])
    match = {"批次编号": "M1", "区县": "重庆市", "名称": "比对", "税种": "环保税"}
    hand_in("tax_matches", [{**match, "所属期": "2024-Q1"}])
    lead = {"批次编号": "M1", "统一社会信用代码": FIRM, "移交日期": "2024-06-03"}
    hand_in("tax_leads", [{**lead, "接收单位": "区税务局", "回复期限": "2024-07-03"}])
    site = {**PLACE, "统一社会信用代码": FIRM, "税源编号": "S1", "名称": "白马", "税目": "页岩气"}
    hand_in("resource_sites", [{**site, "申报方式": "按季", "区块编号": "B1"}])
    hand_in("gas_blocks", [{"区块": "B1", **PLACE, "名称": "白马"}])
    months = [{"月份": m, "产气量": "1万"} for m in ("2024-01", "2024-02")]
    hand_in("gas_block_months", [{"区块": "B1", **m} for m in months])
    sold = {"税源编号": "S1", "销售额": 100, "销气量": 10}
    hand_in("resource_sales", [{**sold, "月份": m} for m in ("2024-01", "2024-02")])
    explained("env_tax_readings", "env_tax_quarters", "water_intake_use", "water_filings")
    explained("resource_sale_months", "resource_filings", "taxes_computed", "tax_differences")
    kinds = ("env_tax_payer", "water_intake", "resource_site", "tax_match")
    for part in ("verdicts", "calendar", "totals"):
        explained(*(f"case_{kind}_{part}" for kind in kinds))
