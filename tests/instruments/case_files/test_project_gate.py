"""An investment project from its energy report to the verdicts of the gate, its days due and what
one corrected figure does.

By hand, for 100,000 t of raw coal and 50 million kWh: 100,000 × 0.7143 + 5,000 × 1.229 = 77,575 tce
(国家统计局 205-1 参考折标系数). Fuel: 100,000 t × 23.204 GJ/t × 26.18 kgC/GJ × 0.93 × 44/12 =
207,150 t CO2 (24 个行业指南 缺省值: 2.0715 t/t); CH4 10 and N2O 1.5 kg/TJ of 2,320.4 TJ (IPCC 2006
Vol.2 Table 2.3). Clinker: 900,000 t × 0.538 t/t = 484,200. Power: 50 million kWh × 0.5581 kg
(公告2025年第47号) = 27,905 t. Of the product only its energy is filed: the access value is level 2
of GB 16780-2021 (clinker 100 / 107 / 117 kgce/t), leading and base are 100 and 117
(发改产业〔2023〕723号).
"""

from __future__ import annotations

import io
import shutil

import pytest
from docx import Document
from filed_rows import file_rows
from reproducing import reproduced

from hengtan.basis.errors import NoSuchRow
from hengtan.desk.case_documents import document_bytes
from hengtan.desk.case_files import opened
from hengtan.workspace import Workspace
from hengtan.workspace.asof import AsOf
from hengtan.workspace.config import Settings

KIND = "investment_project"
COAL_CO2 = 100_000 * 23.204 * 26.18e-3 * 0.93 * 44 / 12
CO2 = COAL_CO2 + 484_200 + 27_905


def project(number="P1", **more):
    return {
        "项目代码": number,
        "所在区县": "武隆区",
        "项目名称": "甲厂水泥熟料生产线",
        "行业代码": "30",
        "建设性质": "新建",
        "受理日期": "2025年10月15日",
        "总投资": "6亿元",
        "年增加值": "3.2亿元",
        "电力排放因子年份": 2023,
        "环评文件": "环境影响报告书",
        "环评行业": "建材",
        "批复日期": "2025-12-01",
        **more,
    }


def energy(coal="10万", project="P1", **more):
    return [
        {"项目代码": project, "能源品种": "原煤", "年消费量": coal, "计量单位": "吨", **more},
        {
            "项目代码": project,
            "能源品种": "电力",
            "年消费量": "5,000",
            "计量单位": "万千瓦时",
            **more,
        },
    ]


def products(per_unit=98):
    return [
        {
            "项目代码": "P1",
            "产品": "水泥熟料",
            "年产量": "90",
            "计量单位": "万吨",
            "单位产品综合能耗": per_unit,
        }
    ]


MEASURES = [
    {
        "项目代码": "P1",
        "措施": "余热代煤",
        "污染物": "二氧化硫",
        "年去除量": 20,
        "燃料": "原煤",
        "年燃料变化": "-1000",
        "计量单位": "吨",
    },
    {
        "项目代码": "P1",
        "措施": "脱硫",
        "污染物": "二氧化硫",
        "年去除量": "900",
        "年用电变化": "200万",
    },
    {"项目代码": "P1", "措施": "脱硫", "污染物": "颗粒物", "年去除量": 50},
]
SPACE = {
    "地区": "武隆区",
    "年份": 2024,
    "能源消费总量": "150万",
    "地区生产总值": "300亿元",
    "供电煤耗": 300,
    "五年能耗增量控制数": "20万",
    "能耗强度预警灯": "橙灯",
    "剩余碳预算": "2,000万",
    "来源": "区统计局核算表",
}
BUDGET = {"地区": "武隆区", "年份": 2025, "预算": "5000万"}


PROCESS = {"项目代码": "P1", "产品或过程": "水泥熟料", "年数量": "90", "计量单位": "万吨"}
FILED = {
    "investment_projects": [project()],
    "project_energy": energy(),
    "project_processes": [PROCESS],
    "project_products": products(),
    "project_measures": MEASURES,
    "region_spaces": [SPACE],
    "carbon_budgets": [BUDGET],
}


def _build(folder):
    """A workspace with the project filed."""
    settings = Settings("武隆（测试）", "Wulong (test)", "500156", "wulong")
    with Workspace.create(folder, settings) as filed:
        for form, rows in FILED.items():
            file_rows(filed, folder, form, rows)


@pytest.fixture
def workspace(build_once, tmp_path):
    """A copy of it of the test's own."""
    shutil.copytree(build_once("investment-project", _build)[0], tmp_path / "ws")
    with Workspace.open(tmp_path / "ws") as copied:
        yield copied


def test_a_project_from_its_report_to_the_verdicts_of_the_gate(workspace, hand_in, said, paper):
    """m: (77,575 + 50 million kWh × (0.300 − 0.1229) kg) = 86,430 tce of 200,000 = 43.2 %. Rebuilt
    from a line that burnt 80,000 of the then 120,000 t of coal it adds 40,000 t and the rest.
    """
    (totals,) = workspace.execute("project_totals").to_pylist()
    assert totals["energy"] == pytest.approx(77_575)
    assert totals["co2"] == pytest.approx(CO2)
    assert totals["ch4"] == pytest.approx(23.204) and totals["n2o"] == pytest.approx(3.4806)
    assert totals["co2e"] == pytest.approx(CO2 + 23.204 * 21 + 3.4806 * 310)
    assert totals["co2_per_value_added"] == pytest.approx(CO2 / 32_000)
    verdicts = {asked: outputs for (_, asked, _), outputs in said(KIND).items()}
    assert verdicts["review.energy"]["review"] == "需要节能审查"
    assert "市发展改革委" in verdicts["review.energy"]["authority"]
    assert verdicts["review.quota"]["verdict"] == "达到准入要求"
    assert verdicts["review.effect"]["energy_equivalent"] == pytest.approx(86_430)
    assert verdicts["review.effect"]["m"] == pytest.approx(43.215)
    assert verdicts["review.effect"]["m_class"] == "决定性影响"
    assert "实施办法" in verdicts["review.carbon"]["not_established"]
    assert verdicts["review.two_highs"]["two_highs"] == "是"
    assert verdicts["review.two_highs"]["verdict"] == "可以受理"
    assert verdicts["review.eia_ghg"]["co2"] == pytest.approx(CO2)
    assert verdicts["review.eia_ghg"]["state"] == "已核算"
    assert (verdicts["review.synergy"]["together"], verdicts["review.synergy"]["against"]) == (1, 2)

    hand_in("investment_projects", [project(m值="5%", n值="2%")])
    hand_in("project_products", products(per_unit=108))
    hand_in("project_energy", energy(coal="12万"))
    again = {asked: outputs for (_, asked, _), outputs in said(KIND).items()}
    assert again["review.quota"]["short"] == "水泥熟料"
    assert again["review.two_highs"]["verdict"] == "须对照标杆水平提升"
    emission = CO2 + COAL_CO2 / 5
    assert again["review.carbon"]["share_of_left"] == pytest.approx(emission / 20e6)
    assert again["review.carbon"]["verdict"] == "通过"
    assert again["review.eia_ghg"]["co2"] == pytest.approx(emission)

    opinion = paper(KIND, "P1", "opinion")
    assert "送审稿" in opinion and "节能审查：需要节能审查" in opinion
    hand_in("investment_projects", [project()])
    opened_again = paper(KIND, "P1", "opinion")
    assert "待补充" in opened_again and "可在“固定资产投资项目”填“占剩余碳预算上限”" in opened_again

    hand_in("investment_projects", [project(建设性质="技术改造", m值="5%", n值="2%")])
    assert "改造前" in said(KIND)["P1", "review.energy", ""]["lacking"]
    hand_in("project_energy", [{**energy("8万")[0], "阶段": "改造前"}])
    (totals,) = workspace.execute("project_totals").to_pylist()
    added = COAL_CO2 * 0.4 + 484_200 + 27_905
    assert totals["co2"] == pytest.approx(added)
    rebuilt = said(KIND)["P1", "review.carbon", ""]
    assert rebuilt["share_of_left"] == pytest.approx(added / 20e6)


def test_the_opinion_is_a_document_with_what_is_still_open(workspace):
    of_one = opened(workspace, KIND, "P1")
    text = "\n".join(
        paragraph.text
        for paragraph in Document(
            io.BytesIO(document_bytes(workspace, of_one, "opinion", AsOf.of().judged_on))
        ).paragraphs
    )
    assert "关于甲厂水泥熟料生产线节能报告的审查意见" in text and "送审稿" in text
    assert "节能审查：需要节能审查" in text and "非金属矿物制品业" in text
    assert (
        "待补充" in text
        and "实施办法" in text
        and "可在“固定资产投资项目”填“占剩余碳预算上限”" in text
    )
    assert "不晚于2027年11月30日" in text and "raw_coal" not in text
    with pytest.raises(NoSuchRow, match="opinion"):
        document_bytes(workspace, of_one, "receipt", AsOf.of().judged_on)


def test_what_is_corrected_or_added_is_followed(workspace, hand_in, said, due):
    """Before: 80,000 t of coal; what is added is 20,000 t and the power as a whole. Then the year
    of the grid factor is taken out, and the region's own catalogue handed in. Without one building
    materials are one of the six sectors, and 100,000 t replaced are less than emitted. Clinker
    above 100, then above 117 kgce/t, is raised, then not accepted, and nothing under a red light.
    """
    assert due(KIND)["P1", "start", ""][0] == "2027-11-30"
    national = said(KIND)["P1", "review.two_highs", ""]
    assert (national["two_highs"], national["why"]) == ("是", "行业在国家六个行业类别")
    hand_in("investment_projects", [project(碳排放置换量="10万")])
    assert said(KIND)["P1", "review.two_highs", ""]["verdict"] == "须补足替代量"
    hand_in("project_energy", [{**energy("8万")[0], "阶段": "改造前"}])
    (totals,) = workspace.execute("project_totals").to_pylist()
    assert totals["energy"] == pytest.approx(77_575 - 80_000 * 0.7143)
    assert totals["coal"] == pytest.approx(20_000)
    assert totals["designed_energy"] == pytest.approx(77_575)

    entry = {
        "地区": "重庆市",
        "目录序号": "7",
        "行业代码": "30",
        "产品或工序": "平板玻璃",
        "起始日期": "2024-01-01",
        "来源": "某文",
    }
    hand_in("two_highs_entries", [entry])
    hand_in(
        "investment_projects",
        [project(电力排放因子年份="", 开工日期="2026-01-05", 试运行日期="2026-03-31")],
    )
    (totals,) = workspace.execute("project_totals").to_pylist()
    assert totals["co2"] is None and totals["energy"] == pytest.approx(77_575 - 80_000 * 0.7143)
    verdicts = said(KIND)
    assert verdicts["P1", "review.eia_ghg", ""]["state"] == "需要而未核算"
    assert "电力排放因子年份" in verdicts["P1", "review.carbon", ""]["lacking"]
    gate = verdicts["P1", "review.two_highs", ""]
    assert (gate["two_highs"], gate["verdict"]) == ("否", "可以受理")
    assert due(KIND)["P1", "start", ""] == ("2027-11-30", "done")
    assert due(KIND)["P1", "acceptance", ""][0] == "2026-09-30"
    after = verdicts["P1", "review.after", ""]
    assert (after["opinion"], after["accept_by"]) == ("已开工", "2026-09-30")

    further = {**entry, "目录序号": "8", "产品或工序": "水泥", "年综合能耗下限": "1万"}
    hand_in("two_highs_entries", [further])
    assert said(KIND)["P1", "review.two_highs", ""]["two_highs"] == "是"
    gated = (
        ("project_products", products(per_unit=108), "须对照标杆水平提升"),
        ("project_products", products(per_unit=118), "不予受理：能效低于基准水平"),
        ("region_spaces", [SPACE | {"能耗强度预警灯": "红灯"}], "暂停节能审查"),
    )
    for form, rows, words in gated:
        hand_in(form, rows)
        assert said(KIND)["P1", "review.two_highs", ""]["verdict"] == words
    names = (
        "project_two_highs",
        "project_catalogues",
        f"case_{KIND}_verdicts",
        f"case_{KIND}_totals",
    )
    reproduced(workspace, *names)


def test_a_gas_without_a_coefficient_and_power_without_a_factor_each_give_their_reason(
    workspace, hand_in, said
):
    """Gas has no one coefficient (it is as measured), so energy is missing; power has no factor of
    its year, so CO2 is. Each is told, and goes with what cures it: 2 million m³ at 13.3 tce for
    10⁴ m³ add 2,660 tce; with the factor of 2023 the power is 27,905 t of CO2 again.
    """
    gas = {
        "项目代码": "P1",
        "能源品种": "天然气",
        "年消费量": "200",
        "计量单位": "万立方米",
    }

    def totals():
        (row,) = workspace.execute("project_totals").to_pylist()
        return row, [line.split("|")[0] for line in (row["missing"] or "").split("\n")]

    hand_in("project_energy", [gas])
    before, reasons = totals()
    assert before["energy"] is None and reasons == ["no_coefficient"]

    hand_in("investment_projects", [project(电力排放因子年份="")])
    both, reasons = totals()
    assert both["energy"] is None and both["co2"] is None
    assert reasons == ["no_coefficient", "no_grid_factor_of_project"]
    lacking = said(KIND)["P1", "review.energy", ""]["lacking"]
    assert "natural_gas" not in lacking and "天然气" in lacking
    assert "折标系数" in lacking and "电力排放因子年份" in lacking

    hand_in("project_energy", [{**gas, "采用折标系数": "13.3"}])
    without, reasons = totals()
    assert without["energy"] == pytest.approx(77_575 + 2_660) and without["co2"] is None
    assert reasons == ["no_grid_factor_of_project"]
    assert "电力排放因子年份" in said(KIND)["P1", "review.carbon", ""]["lacking"]

    hand_in("investment_projects", [project()])
    whole, reasons = totals()
    assert whole["power_co2"] == pytest.approx(27_905) and reasons == [""]
    assert whole["co2"] > CO2


def test_measures_stand_beside_the_co2_they_bring(workspace, hand_in, said):
    """2 million kWh × 0.5581 kg = 1,116.2 t by 900 t of SO2; 1,000 t of coal saved 2,071.5 t. The
    scrubber corrected to 1 million kWh brings half as much.
    """
    rows = {
        (row["measure"], row["pollutant"]): row
        for row in workspace.execute("project_synergy").to_pylist()
    }
    assert rows["脱硫", "二氧化硫"]["co2_change"] == pytest.approx(1_116.2)
    assert rows["脱硫", "二氧化硫"]["co2_per_removed"] == pytest.approx(1_116.2 / 900)
    assert rows["脱硫", "颗粒物"]["synergy"] == "co2_rises"
    assert rows["余热代煤", "二氧化硫"]["co2_change"] == pytest.approx(-COAL_CO2 / 100)
    assert rows["余热代煤", "二氧化硫"]["synergy"] == "both_fall"
    reproduced(workspace, "project_energy_amounts", "project_burnt", "project_power_factors")
    reproduced(workspace, "project_energy_use", "project_process_emissions", "project_totals")
    reproduced(workspace, "project_synergy")
    hand_in("project_measures", [{**MEASURES[-2], "年用电变化": "100万"}])
    rows = workspace.execute("project_synergy").to_pylist()
    (again,) = [r for r in rows if (r["measure"], r["pollutant"]) == ("脱硫", "二氧化硫")]
    assert again["co2_change"] == pytest.approx(558.1)
    chapter = said(KIND)["P1", "review.eia_ghg", ""]
    assert chapter["needed"].startswith("需要") and chapter["state"] == "已核算"
    assert chapter["co2"] == pytest.approx(CO2)
    assert chapter["intensity"] == pytest.approx(CO2 / 32_000)
    (totals,) = workspace.execute("project_totals").to_pylist()
    assert (totals["n2o"], chapter["ch4"]) == pytest.approx((3.4806, 23.204))
    assert chapter["co2e"] == pytest.approx(CO2 + 23.204 * 21 + 3.4806 * 310)
