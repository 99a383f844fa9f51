"""The pathway as a planner does it: from Excel and CSV to wedges, targets, budget and workbook, and
again after one figure was corrected. All figures are synthetic.
"""

import csv
import io
import json
import re

import docx
import openpyxl
import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.desk.downloads import NoSuchDownload
from hengtan.desk.evidence import import_file
from hengtan.desk.outlook_papers import pathway_file
from hengtan.desk.pathway import Asked, PathwayDesk, write_measures
from hengtan.desk.pathway_page import Wanted, pathway_view, sector_view
from hengtan.report.page.pathway_charts import cost_curve, wedges
from hengtan.report.sheet.pathway import write_pathway

CITY = "500000"
ACTOR = Actor("tester")
# synthetic: final use, and what power plants put in and out, 10^4 tce
BALANCE = [
    ("F.2.ind", "raw_coal", 1000.0),
    ("F.2.ind", "electricity", 400.0),
    ("F.3.trans", "diesel", 300.0),
    ("F.3.trans", "gasoline", 200.0),
    ("F.4", "natural_gas", 150.0),
    ("F.4", "electricity", 100.0),
    ("T.power", "raw_coal", -1250.0),
    ("T.power", "electricity", 500.0),
]
KEYS = ("地区", "年份", "平衡表项目", "能源品种")
DRIVERS = [
    ("重庆市", "all", "活动量", 2021, "5%", None, None, "假设"),
    ("重庆市", "all", "能源强度", 2021, -3, None, None, "假设"),
    ("重庆市", "gdp", "活动量", 2021, 5, None, None, "假设"),
    ("重庆市", "F.2.ind", "活动量", 2020, None, 9000, "亿元", "假设"),
]
MEASURES = [
    ["重庆市", "motor", "电机系统节能", "F.2.ind", "能源强度", None, None, None, 10, 2022, 4, 5000,
     None, 15, "假设", "假设", None, "假设", "假设", None],
    ["重庆市", "ev", "新能源汽车", "F.3.trans", "份额", "gasoline", "electricity", 0.3, 40, 2023, 4,
     None, 800, None, "假设", "假设", "假设", None, None, "假设"],
]  # fmt: skip
HEADS = [
    "地区", "措施编号", "措施名称", "部门", "改变什么", "能源品种", "替代为", "替代比",
    "充分实施的效果", "开始年份", "推进年数", "总投资", "年运行费", "使用年限", "效果的性质",
    "推进的性质", "替代比的性质", "投资的性质", "使用年限的性质", "运行费的性质",
]  # fmt: skip
DRIVER_HEADS = [
    "地区", "部门", "因素", "起始年份", "年变化率", "基年活动量", "活动量单位", "性质",
]  # fmt: skip


def book(path, title, heads, rows):
    """A workbook with a title line above its heads, as offices write them."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append([title])
    sheet.append(heads)
    for row in rows:
        sheet.append(list(row))
    workbook.save(path)
    return path


def balance_file(path, rows):
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file)
        out.writerow([*KEYS, "数量种类", "折算方法", "数值", "计量单位"])
        for row, product, amount in rows:
            cell = ["重庆市", "2020年", row, product]
            out.writerow([*cell, "标准量", "当量值", amount, "万吨标准煤"])
    return path


def take_in(workspace, form, path):
    return import_file(workspace, form, path, actor=ACTOR, approve=True)


@pytest.fixture
def city(workspace, tmp_path):
    take_in(workspace, "regional_balance", balance_file(tmp_path / "平衡表.csv", BALANCE))
    take_in(workspace, "pathway_drivers", book(tmp_path / "d.xlsx", "试算", DRIVER_HEADS, DRIVERS))
    take_in(workspace, "measure_effects", book(tmp_path / "m.xlsx", "措施表", HEADS, MEASURES))
    return workspace


def desk(workspace, **asked):
    return PathwayDesk(workspace, Asked(CITY, until=2030, **asked))


def test_a_workspace_without_a_balance_says_what_it_lacks(workspace):
    with pytest.raises(HengtanError, match="没有“500000”的能源平衡表") as refused:
        _ = PathwayDesk(workspace, Asked(CITY)).study
    assert "regional_balance" in str(refused.value)


def test_without_measures_energy_goes_as_its_drivers(city):
    """5 % more activity and 3 % less energy for it: each year 1.05 x 0.97 of the one before."""
    energy = [row["energy"] for row in desk(city, without=("motor", "ev")).years()]
    assert energy[0] == pytest.approx(2150e4)
    assert energy[10] == pytest.approx(2150e4 * (1.05 * 0.97) ** 10)


def test_power_saved_is_fuel_saved(city):
    """1,250 of coal for 500 of power: motors that save 10 % of industry's energy save 10 % of its
    1,000 of coal and, with 40 of power less, 40 x 2.5 = 100 of coal in the plants.
    """
    study = desk(city)
    (motor,) = [row for row in study.wedges(2026) if row["measure"] == "motor"]
    grown = (1.05 * 0.97) ** 6
    factor = study.study.base.factor[
        0, study.study.base.sectors.index("F.2.ind"), study.study.base.carriers.index("raw_coal")
    ]
    plants = study.tables.unit_factor["T.power", "raw_coal"]
    by_hand = grown * (100e4 * factor + 100e4 * plants)
    alone = desk(city, without=("ev",)).wedges(2026)[0]["cut"]
    assert alone == pytest.approx(by_hand, rel=1e-9)
    assert motor["cut"] == pytest.approx(by_hand, rel=0.02)  # it shares a little with ev


def test_wedges_add_to_the_cut_and_the_totals_are_the_accounts(city):
    study = desk(city)
    totals = {
        row["year"]: row["total_with_land"]
        for row in study.ahead.execute("carbon_totals").to_pylist()
        if row["place"] == CITY
    }
    for row in study.years():
        wedges = sum(wedge["cut"] for wedge in study.wedges(row["year"]))
        assert wedges == pytest.approx(row["cut"], rel=1e-9, abs=1e-3)
        assert totals[row["year"]] == pytest.approx(row["with_measures"], rel=1e-9)


def test_a_corrected_figure_moves_the_study(city, tmp_path):
    before = desk(city).wedges(2030)
    corrected = [row if row[1] != "gasoline" else (*row[:2], 100.0) for row in BALANCE]
    take_in(city, "regional_balance", balance_file(tmp_path / "改正.csv", corrected))
    after = {row["measure"]: row["cut"] for row in desk(city).wedges(2030)}
    cuts = {row["measure"]: row["cut"] for row in before}
    assert after["ev"] == pytest.approx(cuts["ev"] / 2, rel=0.01)


@pytest.fixture
def judged_city(city, report):
    report(city, "gdp_values", [
        {"place": CITY, "period": "2020", "price": "current", "gdp": 25000.0, "unit": "亿元"},
    ])  # fmt: skip
    rate = {"place": CITY, "period": "2020", "kind": "supply", "rate": 0.305, "unit": "kgce/kWh"}
    report(city, "coal_rate", [rate])
    return city


@pytest.mark.parametrize(
    ("yearly", "cut", "light"),
    # energy and GDP grow alike but for intensity: 1 - 0.97^7 and 1 - 0.98^7; the plan asks 16 %
    [(-3, 1 - 0.97**7, "green"), (-2, 1 - 0.98**7, "orange")],
)
def test_targets_are_judged_by_the_rules_of_the_plan(judged_city, tmp_path, yearly, cut, light):
    drivers = [row if row[2] != "能源强度" else (*row[:4], yearly, *row[5:]) for row in DRIVERS]
    path = book(tmp_path / "d2.xlsx", "试算二", DRIVER_HEADS, drivers)
    take_in(judged_city, "pathway_drivers", path)
    study = desk(judged_city, without=("motor", "ev"))
    rows = {row["target_id"]: row for row in study.targets(2027)}
    row = rows["cq-energy-intensity-2027"]
    assert row["rests_on_scenario"] and row["projected"]
    assert row["latest"] == pytest.approx(100 * cut, rel=1e-9)
    assert row["light"] == light
    assert not rows["cq-gas-output-2027"]["rests_on_scenario"]
    said = {assumption.code for assumption in study.assumptions()}
    assert {"assumed.coal_rate", "assumed.rate", "assumed.driver"} <= said
    stored = judged_city.execute("plan_progress").to_pylist()
    (as_before,) = [r for r in stored if r["target_id"] == "cq-energy-intensity-2027"]
    assert as_before["latest_year"] == 2020  # what is stored knows nothing of the scenario


def test_budget_less_scenario_by_year_and_in_sum(city, report):
    report(city, "carbon_budgets", [
        {"place": CITY, "year": year, "budget": 7e7, "source_title": "合成"}
        for year in (2026, 2027)
    ])  # fmt: skip
    study = desk(city)
    rows = study.budget()
    co2 = {
        row["year"]: row["energy_co2"]
        for row in study.ahead.execute("carbon_totals").to_pylist()
        if row["place"] == CITY
    }
    assert [row["gap"] for row in rows] == pytest.approx([7e7 - co2[2026], 7e7 - co2[2027]])
    assert rows[1]["sum"] == pytest.approx(rows[0]["gap"] + rows[1]["gap"])
    assert all(row["projected"] for row in rows)


def test_a_figure_leads_to_drivers_measures_and_rows(city):
    figure = desk(city).explained("F.3.trans", 2030)
    assert figure.left_over == pytest.approx(0, abs=1e-3)
    by_driver = {(step.driver, step.carrier): step for step in figure.drivers}
    activity = by_driver["activity", ""]
    assert activity.course.rows[0]["_file"] == "d.xlsx"
    assert activity.course.rows[0]["_source_row"] == 3
    (ev,) = [step for step in figure.measures if step.code == "ev"]
    assert ev.rows[0]["_source_row"] == 4
    assert {mark.number for mark in ev.marks} >= {"effect", "ratio", "ramp", "running"}
    said = [desk(city).said_assumption(a)["zh"] for a in figure.assumptions]
    assert any("ev" in line and "替代比" in line for line in said)
    assert not any("motor" in line for line in said)


def test_measures_leave_as_a_workbook_and_return_without_loss(city, tmp_path):
    study = desk(city)
    path = tmp_path / "改.xlsx"
    assert write_measures(study, path) == 2
    take_in(city, "measure_effects", path)
    own = {name for name in study.measures[0] if not name.startswith("_")}
    before, after = (
        sorted(({name: row[name] for name in own} for row in rows), key=lambda row: row["measure"])
        for rows in (study.measures, desk(city).measures)
    )
    assert before == after


def test_wrong_cells_of_a_measure_are_one_line_each(city, tmp_path):
    wrong = [list(row) for row in MEASURES]
    wrong[0][8] = "很多"
    wrong[1][4] = "效率"
    path = book(tmp_path / "错.xlsx", "措施表", HEADS, wrong)
    with pytest.raises(HengtanError) as refused:
        take_in(city, "measure_effects", path)
    lines = [str(finding) for finding in refused.value.findings]
    assert any("第3行" in line and "充分实施的效果" in line for line in lines)
    assert any("第4行" in line and "改变什么" in line for line in lines)


def test_a_measure_of_an_unknown_carrier_is_left_out_with_its_row(city, tmp_path):
    """Without it the study is what it was; told first, with the row that names no carrier."""
    before = desk(city).years()
    wrong = list(MEASURES[0])
    wrong[1], wrong[4], wrong[5] = "boil", "因子", "焦碳"
    take_in(city, "measure_effects", book(tmp_path / "错品种.xlsx", "措施表", HEADS, [wrong]))
    study = desk(city)
    assert study.years() == before
    (line,) = study.set_aside
    assert "“boil”：错品种.xlsx" in line["zh"] and "第3行 “能源品种”列" in line["zh"]
    assert "没有能源品种“焦碳”；可用：" in line["zh"] and "no carrier '焦碳'" in line["en"]
    assert study.as_dict()["assumptions"][0] == line
    assert {measure.code for measure in study.offered.measures} == {"motor", "ev"}


def test_a_driver_of_an_unknown_sector_is_left_out_with_its_row(city, tmp_path):
    """The others go on: 5 % more activity and 3 % less energy for it as before."""
    wrong = ("重庆市", "居民户", "活动量", 2021, 9, None, None, "假设")
    take_in(city, "pathway_drivers", book(tmp_path / "错部门.xlsx", "试算", DRIVER_HEADS, [wrong]))
    study = desk(city, without=("motor", "ev"))
    assert study.years()[10]["energy"] == pytest.approx(2150e4 * (1.05 * 0.97) ** 10)
    (line,) = study.set_aside
    assert "没有计入驱动因素的一行：错部门.xlsx" in line["zh"] and "“部门”列" in line["zh"]
    assert "没有部门“居民户”" in line["zh"] and "no sector '居民户'" in line["en"]


def test_the_workbook_holds_the_study(city, tmp_path):
    study = desk(city)
    whole = study.as_dict(2030)
    json.dumps(whole)
    lines = [vars(line) | {"difference": line.difference} for line in study.lines]
    path = write_pathway(whole, lines, tmp_path / "研究.xlsx")
    written = openpyxl.load_workbook(path)
    years = written["逐年"]
    assert [years.cell(row, 1).value for row in (2, 12)] == [2020, 2030]
    assert years.cell(12, 4).value * 1e4 == pytest.approx(whole["years"][-1]["with_measures"])
    assert {written[name].max_row for name in ("各措施减排2030", "成本曲线2030")} == {3}
    assert any(row[0].value == "假设" for row in written["缺口与假设"].iter_rows())


def test_replaced_boilers_become_a_measure_to_complete(city, report, tmp_path):
    """1,000 t of raw coal at 60 % replaced by gas at 90 %: two thirds of the energy for the same
    heat; 1,000 t at 23.204 GJ/t is 791.7 tce of the 10^7 tce that industry burns.
    """
    figures = {
        "coal_before": (1000.0, "吨"),
        "efficiency_before": (60.0, "%"),
        "efficiency_after": (90.0, "%"),
        "coal_price": (800.0, "元"),
        "new_price": (3.0, "元"),
    }
    at = {"place": CITY, "entity": "E1", "entity_name": "合成厂", "period": "2020"}
    report(city, "unit_figures", [
        at | {"kind": "boiler_to_gas", "item": item, "amount": amount, "unit": unit}
        for item, (amount, unit) in figures.items()
    ])  # fmt: skip
    study = desk(city)
    (row,) = study.candidates()
    assert row["ratio"] == pytest.approx(60 / 90)
    assert row["effect"] == pytest.approx(100 * 1000 * 23.204 / 29.3076 / 1000e4, rel=1e-6)
    assert write_measures(study, tmp_path / "候选.xlsx", candidates=True) == 1
    take_in(city, "measure_effects", tmp_path / "候选.xlsx")
    measures = {m.code: m for m in desk(city).study.measures}
    marks = {m.number: m for m in measures[f"boiler-to-gas-{CITY}"].marks}
    assert marks["effect"].established and marks["effect"].source == "carbon_boilers"
    assert not marks["ramp"].established


def test_retrofitted_units_become_a_measure_on_power(city, report):
    """10 g/kWh less over 2 x 10^9 kWh is 20,000 tce of raw coal: at 29.3076 GJ/tce, 0.02618 tC/GJ
    and 0.93 oxidised that many tonnes, over what the city's plants emit in the base year.
    """
    figures = {
        "coal_rate_before": (310.0, "克标准煤/千瓦时"),
        "coal_rate_after": (300.0, "克标准煤/千瓦时"),
        "generation": (20.0, "亿千瓦时"),
    }
    at = {"place": CITY, "entity": "E2", "entity_name": "合成电厂", "period": "2020"}
    report(city, "unit_figures", [
        at | {"kind": "coal_unit", "item": item, "amount": amount, "unit": unit}
        for item, (amount, unit) in figures.items()
    ])  # fmt: skip
    study = desk(city)
    (row,) = study.candidates()
    burnt = 1250e4 * study.tables.unit_factor["T.power", "raw_coal"]
    saved = 20000 * 29.3076 * 0.02618 * 0.93 * 44 / 12
    assert row["driver"] == "factor" and row["carrier"] == "electricity"
    assert row["effect"] == pytest.approx(100 * saved / burnt, rel=1e-6)


def test_districts_are_regions_of_one_study(workspace, report):
    common = {
        "period": "2022",
        "quantity_kind": "standard",
        "convention": "calorific",
        "unit": "万吨标准煤",
        "balance_row": "F.3.trans",
        "product": "diesel",
    }
    rows = [common | {"place": p, "value": v} for p, v in (("500102", 30.0), ("500156", 10.0))]
    report(workspace, "regional_balance", rows)
    study = desk(workspace, districts=True)
    assert study.study.base.regions == ("500102", "500156")
    assert study.years()[0]["energy"] == pytest.approx(40e4)
    with pytest.raises(HengtanError, match="--districts"):
        _ = desk(workspace).study


def test_a_measure_to_leave_out_that_is_none_is_refused(city):
    with pytest.raises(HengtanError, match="没有措施“moter”") as refused:
        _ = desk(city, without=("moter",)).study
    assert "motor" in str(refused.value)


def shown(workspace, **wanted):
    return pathway_view(workspace, Wanted(CITY, until=2030, **wanted))


def test_the_stack_of_wedges_ends_where_no_measure_would(city):
    """What is left and the wedges upon it add to the emissions without measures, every year."""
    study = shown(city)["study"]
    traces = wedges(study, "zh")["data"]
    tops = [sum(values) * 1e4 for values in zip(*(t["y"] for t in traces), strict=True)]
    assert tops == pytest.approx([row["without_measures"] for row in study["years"]], rel=1e-9)


def test_the_area_of_the_cost_curve_is_the_cost(city):
    """Width 10⁴ t times height yuan/t are 10⁴ yuan."""
    study = shown(city)["study"]
    bars = cost_curve(study, "zh")["data"]
    area = sum(bar["width"][0] * bar["y"][0] for bar in bars) * 1e4
    assert area == pytest.approx(sum(row["cost"] for row in study["cost_curve"]), rel=1e-9)
    ends = [bar["x"][0] + bar["width"][0] / 2 for bar in bars]
    begins = [bar["x"][0] - bar["width"][0] / 2 for bar in bars]
    assert begins == pytest.approx([0.0, *ends[:-1]])


def test_scenarios_stand_beside_each_other_as_each_alone(city):
    """A scenario of the page is what the study says that was asked for without the measure."""
    study = shown(city, without=("ev", "motor"))["study"]
    kinds = [row["kind"] for row in study["scenarios"]]
    assert kinds == ["none", "all", "without", "without", "chosen"]
    none, whole, no_ev, no_motor, neither = (row["emissions"] for row in study["scenarios"])
    assert none == pytest.approx(neither)
    for left_out, seen in (((), whole), (("ev",), no_ev), (("motor",), no_motor)):
        alone = [row["with_measures"] for row in desk(city, without=left_out).years()]
        assert seen == pytest.approx(alone, rel=1e-12)


def test_a_page_builds_its_study_once_and_judges_a_year_once(city, monkeypatch):
    """Also with two measures left out: five scenarios stand on one base year."""
    from hengtan.desk import pathway

    bases, years = [], []
    base_year, judged = pathway.base_year, pathway.judged
    monkeypatch.setattr(
        pathway, "base_year", lambda *parts, **named: bases.append(1) or base_year(*parts, **named)
    )
    monkeypatch.setattr(pathway, "judged", lambda *rows: years.append(rows[-1]) or judged(*rows))
    study = shown(city, without=("ev", "motor"), year=2025)["study"]
    assert len(study["scenarios"]) == 5
    assert len(bases) == 1
    assert len(years) == len(set(years)) > 0


def test_the_page_by_district_adds_up_and_tells_a_sector_of_each(workspace, report):
    """30 and 10 万tce of diesel: 40 in all, three quarters of the emissions in the first."""
    common = {"period": "2022", "quantity_kind": "standard", "convention": "calorific"}
    common |= {"unit": "万吨标准煤", "balance_row": "F.3.trans", "product": "diesel"}
    rows = [common | {"place": p, "value": v} for p, v in (("500102", 30.0), ("500156", 10.0))]
    report(workspace, "regional_balance", rows)
    wanted = Wanted(CITY, until=2030, districts=True)
    view = pathway_view(workspace, wanted)
    assert view["study"]["regions"] == ["500102", "500156"]
    assert view["study"]["years"][0]["energy"] == pytest.approx(40e4)
    assert view["base_years"] == [2022]
    whole = view["study"]["years"][-1]["without_measures"]
    shares = [
        sector_view(workspace, wanted, "F.3.trans", district)["figure"]["without"] / whole
        for district in view["study"]["regions"]
    ]
    assert shares == pytest.approx([0.75, 0.25])
    assert pathway_view(workspace, Wanted(CITY, until=2030))["study"] is None


def test_a_page_without_a_balance_says_what_it_lacks(workspace):
    view = pathway_view(workspace, Wanted(CITY))
    assert view["study"] is None and "没有“500000”的能源平衡表" in view["refused"]["zh"]


def test_a_sector_is_told_by_its_drivers_and_measures(city):
    """Industry without measures less what measures take off is industry with them."""
    figure = sector_view(city, Wanted(CITY, until=2030), "F.2.ind")["figure"]
    cuts = sum(row["cut"] for row in figure["measures"])
    assert figure["without"] - cuts == pytest.approx(figure["with"], rel=1e-9)
    assert figure["sector"][0] == "工业"
    (unknown,) = [sector_view(city, Wanted(CITY, until=2030), "X")["refused"]]
    assert "没有部门“X”" in unknown["zh"]


def test_the_paper_says_what_is_assumed_before_anything_else(city, tmp_path):
    """And a corrected effect moves it: half the effect of the motors takes off less."""
    first = paper_of(city)
    texts = [paragraph.text for paragraph in first.paragraphs]
    heading = next(n for n, text in enumerate(texts) if text.startswith("一、"))
    assert any("条假设" in text for text in texts[:heading])
    assert len(first.inline_shapes) >= 2
    cut = cut_of(first)
    motor = list(MEASURES[0])
    motor[8] = 5
    take_in(city, "measure_effects", book(tmp_path / "again.xlsx", "措施表", HEADS, [motor]))
    assert cut_of(paper_of(city)) < cut


def paper_of(workspace):
    content = pathway_file(workspace, Wanted(CITY, until=2030, without=("ev",)), "docx")
    return docx.Document(io.BytesIO(content))


def cut_of(paper):
    """The cut of the first measure in the table of wedges."""
    (table,) = [t for t in paper.tables if t.rows[0].cells[2].text == "占总减排"]
    return float(table.rows[1].cells[1].text.replace(",", ""))


def test_the_workbook_of_the_page_holds_the_study(city):
    content = pathway_file(city, Wanted(CITY, until=2030), "xlsx")
    sheets = openpyxl.load_workbook(io.BytesIO(content))
    assert {"逐年", "各措施减排2030", "基年对照", "缺口与假设"} <= set(sheets.sheetnames)
    with pytest.raises(NoSuchDownload):
        pathway_file(city, Wanted(CITY), "pdf")


def test_files_in_english_hold_the_same_figures(city):
    """Cell by cell the same numbers; titles of measures are names and stay."""
    wanted = Wanted(CITY, until=2030)
    books = [book_of(pathway_file(city, wanted, "xlsx", lang=lang)) for lang in ("zh", "en")]
    numbers = [[value for value in cells_of(every) if isinstance(value, float)] for every in books]
    assert len(numbers[0]) > 30 and numbers[0] == numbers[1]
    assert {"By year", "Wedges 2030", "Base year"} <= set(books[1].sheetnames)
    paper = docx.Document(io.BytesIO(pathway_file(city, wanted, "docx", lang="en")))
    said = "\n".join([*texts_of(paper), *books[1].sheetnames, *map(str, cells_of(books[1]))])
    assert "A. Question and answer" in said
    names = sorted({str(row[n]) for row in MEASURES for n in (1, 2) if row[n]}, key=len)
    for name in reversed(names):
        said = said.replace(name, "")
    assert not [line for line in said.splitlines() if re.search("[\u3400-\u9fff]", line)]


def book_of(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def cells_of(workbook):
    """Values of all cells, sheet by sheet."""
    return [cell.value for sheet in workbook for row in sheet for cell in row]


def texts_of(paper):
    """Texts of paragraphs and of cells."""
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in paper.paragraphs), *cells]


def test_a_measure_of_the_city_reaches_what_the_district_has(city, tmp_path):
    """The district burns coal in industry alone: of the city's measures motors reach it, and
    electric cars, which name a sector it does not have, are left out and told.
    """
    with (tmp_path / "区.csv").open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([*KEYS, "数量种类", "折算方法", "数值", "计量单位"])
        cell = ["武隆区", "2020年", "F.2.ind", "raw_coal"]
        out.writerow([*cell, "标准量", "当量值", 50, "万吨标准煤"])
    take_in(city, "regional_balance", tmp_path / "区.csv")
    district = PathwayDesk(city, Asked("500156", until=2030))
    assert {row["measure"] for row in district.wedges(2030)} == {"motor"}
    left_out = [a for a in district.study.assumptions if a.code == "assumed.not_here"]
    assert ("ev", "F.3.trans") in {a.arguments for a in left_out}
    assert any("ev" in district.said_assumption(a)["zh"] for a in left_out)
