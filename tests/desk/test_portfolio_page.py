"""The page of portfolios, by hand; rows of ``motors_and_kilns``. All figures are synthetic.

Industry emits E in 2022 without measures. No rate and ten years of life: what is bought in the last
year costs a tenth.
"""

import io
import re

import docx
import openpyxl
import pytest
from filed_rows import file_rows
from motors_and_kilns import BALANCE, KILN, MOTOR

from hengtan.basis.errors import HengtanError
from hengtan.desk.outlook_choices import Wanted
from hengtan.desk.outlook_papers import portfolio_file_of
from hengtan.desk.pathway import Asked, PathwayDesk
from hengtan.desk.portfolio_ledger import Fair, fair_of
from hengtan.desk.portfolio_page import Goal, by_year, portfolio_view
from hengtan.report.numerals import computed
from hengtan.report.page.portfolio import portfolio_context
from hengtan.report.page.portfolio_charts import front, mean_levels, money

CITY = "500000"
CHINESE = re.compile("[\u4e00-\u9fff]")
WANTED = Wanted(CITY, until=2022, rate=0.0)


@pytest.fixture
def hand_in(workspace, tmp_path):
    hand = lambda form, *rows: file_rows(workspace, tmp_path, form, list(rows))  # noqa: E731
    hand("regional_balance", BALANCE)
    hand("measure_effects", MOTOR, KILN)
    return hand


def emitted(workspace):
    return PathwayDesk(workspace, Asked(CITY, until=2022)).years()[-1]["without_measures"]


def capped(workspace, share, **more):
    return Goal(WANTED, caps=((2022, share * emitted(workspace)),), **more)


def test_a_page_without_a_cap_says_where_one_can_lie(workspace, hand_in):
    """All motors and kilns leave 0.9 x 0.8 E; what is offered to be tried lies between."""
    view = portfolio_view(workspace, Goal(WANTED))
    whole = emitted(workspace)
    assert view["room"]["without"] == pytest.approx(whole)
    assert view["room"]["least"] == pytest.approx(0.72 * whole)
    assert "没有要达到的目标" in view["refused"]["zh"] and view["answer"] is None
    offered = portfolio_context(view, "zh")["portfolio_try"]["address"]
    assert f"cap={round(0.86 * whole / 1e4)}" in offered and "cap_year=2022" in offered


def test_money_that_buys_less_leaves_less_room(workspace, hand_in):
    """Without money in either year nothing can be bought: what is emitted anyway is the least."""
    view = portfolio_view(workspace, Goal(WANTED, capital=((2021, 2022, 0.0),)))
    assert view["room"]["least"] == pytest.approx(view["room"]["without"])


def test_the_answer_says_when_and_at_what_price(workspace, hand_in):
    """12 % less: all motors, then kilns at 1/9, for 100 + 400/9; a tonne more costs 400 万元 over
    0.9 x 0.2 E, its price of its own year being the same without a rate.
    """
    view = portfolio_view(workspace, capped(workspace, 0.88))
    answer, shown = view["answer"], portfolio_context(view, "zh")
    assert answer["cost"] == pytest.approx(100 + 400 / 9)
    price = computed(400e4 / (0.9 * 0.2 * emitted(workspace)))
    assert f"再收紧1吨，总成本多 {price} 元" in shown["portfolio_prices"][0]
    rows = {row["title"]: row for row in shown["portfolio_measures"]}
    assert (rows["电机"]["level"], rows["窑炉"]["level"]) == ("100%", "11%")
    assert rows["电机"]["cost_mark"] == "假设"
    assert mean_levels(answer)["kiln"][-1] == pytest.approx(1 / 9)
    bars = {trace["name"]: sum(trace["y"]) for trace in money(answer, "zh")["data"]}
    bought = 1000 + 4000 / 9
    assert bars["投资"] == pytest.approx(bought / 1e4)


def test_each_number_says_whether_it_is_assumed_and_where_it_was_read(workspace, hand_in):
    view = portfolio_view(workspace, capped(workspace, 0.88))
    motors = view["answer"]["explained"]["motor"]
    capital = {row["number"]: row for row in motors["numbers"]}["capital"]
    assert (capital["value"], capital["established"]) == (1000.0, False)
    (source,) = motors["sources"]
    assert "2" in source
    shown = portfolio_context(view, "en")
    assert "capital 1,000 10⁴ yuan (assumed)" in shown["portfolio_numbers"][0]["numbers"]
    assert "100% of the money" in shown["portfolio_said"]


def test_a_cap_out_of_reach_names_the_conflict(workspace, hand_in):
    """0.7 E lacks 0.02 E of what all measures leave."""
    view = portfolio_view(workspace, capped(workspace, 0.7))
    assert view["answer"] is None and view["refused"] is None
    lacks = f"{0.02 * emitted(workspace):,.6g} tCO2e"
    assert f"2022年排放上限提高{lacks}" in view["conflict"]["zh"]
    assert lacks in view["conflict"]["en"]
    with pytest.raises(HengtanError, match="达不到"):
        portfolio_file_of(workspace, view, "xlsx")


def test_a_corrected_cost_moves_the_page(workspace, hand_in):
    """Kilns at 1,500 are cheaper a tonne than motors: kilns alone, at 0.6, cost 90."""
    hand_in("measure_effects", MOTOR, KILN | {"总投资": "1500万元"})
    shown = portfolio_context(portfolio_view(workspace, capped(workspace, 0.88)), "zh")
    assert [row["title"] for row in shown["portfolio_measures"]] == ["窑炉"]
    assert "电机" in shown["portfolio_unused"]
    assert "总成本 0.01 亿元" in shown["portfolio_said"]


def test_the_front_begins_for_nothing_and_ends_with_everything(workspace, hand_in):
    """From nothing to 0.28 E for 500 万元; the choice itself lies on it."""
    answer = portfolio_view(workspace, capped(workspace, 0.88, front=5))["answer"]
    points = answer["front"]["points"]
    whole = emitted(workspace)
    assert (points[0]["cut"], points[0]["cost"]) == (pytest.approx(0), pytest.approx(0))
    assert points[-1]["cut"] == pytest.approx(0.28 * whole, rel=2e-3)
    assert points[-1]["cost"] == pytest.approx(500, rel=2e-2)
    line, here = front(answer, "zh")["data"]
    assert len(line["x"]) == 5
    assert (here["x"][0], here["y"][0]) == (
        pytest.approx(0.12 * whole / 1e4),
        pytest.approx((100 + 400 / 9) / 1e4),
    )


def test_files_of_the_page_say_what_is_assumed(workspace, hand_in):
    view = portfolio_view(workspace, capped(workspace, 0.88, front=3))
    paper = docx.Document(io.BytesIO(portfolio_file_of(workspace, view, "docx")))
    texts = [paragraph.text for paragraph in paper.paragraphs]
    first = next(n for n, text in enumerate(texts) if text.startswith("一、"))
    assert any("费用的 100%" in text for text in texts[:first])
    assert any("再收紧1吨" in text for text in texts)
    assert len(paper.inline_shapes) == 2
    book = openpyxl.load_workbook(io.BytesIO(portfolio_file_of(workspace, view, "xlsx")))
    measures = next(sheet for sheet in book if sheet.title.startswith("措施"))
    named = {row[0].value for row in measures.iter_rows(min_row=2)}
    assert {"电机", "窑炉"} <= named


def test_english_files_hold_the_same_figures_and_no_chinese_but_what_was_filed(workspace, hand_in):
    view = portfolio_view(workspace, capped(workspace, 0.88, front=3))
    books = {}
    for language in ("zh", "en"):
        content = portfolio_file_of(workspace, view, "xlsx", language)
        books[language] = list(openpyxl.load_workbook(io.BytesIO(content)))
    figures = {language: [numbers_of(sheet) for sheet in books[language]] for language in books}
    assert figures["en"] == figures["zh"] and sum(map(len, figures["en"])) > 30
    paper = docx.Document(io.BytesIO(portfolio_file_of(workspace, view, "docx", "en")))
    texts = [paragraph.text for paragraph in paper.paragraphs]
    texts += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    texts += [str(cell) for sheet in books["en"] for row in sheet.values for cell in row]
    assert not [text for text in texts if CHINESE.search(without_filed(text))]


def numbers_of(sheet):
    """The figures of a sheet in their order."""
    return [cell for row in sheet.values for cell in row if isinstance(cell, (int, float))]


def without_filed(text):
    """A text without the Chinese that was filed."""
    for filed in (MOTOR["措施名称"], KILN["措施名称"]):
        text = text.replace(filed, "")
    return text


def test_each_district_pays_its_part(workspace, report):
    """60 and 40 万tce: with bounds of one time its share each way, 6 and 4 of 10 of the capital."""
    common = {"period": "2020", "quantity_kind": "standard", "convention": "calorific"}
    common |= {"unit": "万吨标准煤", "balance_row": "F.2.ind", "product": "raw_coal"}
    rows = [common | {"place": p, "value": v} for p, v in (("500102", 60.0), ("500156", 40.0))]
    report(workspace, "regional_balance", rows)
    measure = {"place": CITY, "measure": "kiln", "title": "窑炉", "sectors": "F.2.ind"}
    measure |= {"driver": "intensity", "effect": 20.0, "effect_mark": "assumed"}
    measure |= {"start_year": 2021, "ramp_years": 0.0, "ramp_mark": "assumed", "capital": 4000.0}
    measure |= {"capital_mark": "assumed", "life": 10.0, "life_mark": "assumed"}
    report(workspace, "measure_effects", [measure])
    wanted = Wanted(CITY, until=2022, rate=0.0, districts=True)
    room = portfolio_view(workspace, Goal(wanted))["room"]
    cap = (2022, (room["without"] + room["least"]) / 2)
    goal = Goal(wanted, caps=(cap,), fair=Fair("spending", 1.0, 1.0))
    view = portfolio_view(workspace, goal)
    shares = [row["share"] for row in view["answer"]["regions"]]
    assert shares == pytest.approx([0.6, 0.4], abs=1e-6)
    names = [row["name"] for row in portfolio_context(view, "zh")["portfolio_regions"]]
    assert names == ["涪陵区", "武隆区"]


@pytest.mark.parametrize("text", ["投资", "投资=2..1", "人口=1..2", "减排=a..b", "投资=1.2.3.."])
def test_bounds_of_parts_that_are_none_are_one_line(text):
    with pytest.raises(HengtanError, match="不是各区县占比的界限"):
        fair_of(text)


def test_bounds_of_parts_are_read():
    assert fair_of("投资=0.5..2") == Fair("spending", 0.5, 2.0)
    assert fair_of("减排 = ..1.5") == Fair("cut", 0.0, 1.5)


def test_a_year_has_one_budget():
    assert by_year([(2026, 2027, 5.0), (2029, 2029, 1.0)]) == {2026: 5.0, 2027: 5.0, 2029: 1.0}
    with pytest.raises(HengtanError, match="2027年有两个预算"):
        by_year([(2026, 2027, 5.0), (2027, 2027, 1.0)])
