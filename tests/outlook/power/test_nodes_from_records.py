"""A dispatch study of several nodes from files in Chinese to prices apart and flows, by hand; what
is refused; what a correction does.

The little system: 武隆区 and 彭水县, 100 MW of load in every hour of 2025, 40 % and 60 % of it.
Wulong has coal of 200 MW at 270 yuan/MWh (300 gce/kWh, 900 yuan/tce); Pengshui buys from outside,
100 MW at 350 yuan/MWh. Between them a line of 30 MW.
"""

import io

import numpy as np
import openpyxl
import pytest
from filed_rows import file_rows

from hengtan.basis.errors import HengtanError
from hengtan.desk.outlook_papers import dispatch_file
from hengtan.desk.power import Chosen, PowerDesk, answer
from hengtan.outlook.hourly import HourlySeries
from hengtan.outlook.power.nodes import loads_of, nodes_of
from hengtan.outlook.power.records import Context

PLACE, HOURS, COAL_COST, LINE_COST = "500000", 8760, 270.0, 350.0
COAL = {"地区": "武隆区", "机组编号": "C1", "电厂": "甲电厂", "发电类型": "煤电", "状态": "在运"}
COAL |= {"燃料": "原煤", "单机容量（兆瓦）": 200, "供电煤耗": 300, "可用率（%）": 100}
COAL |= {"来源": "测试", "燃料碳排放因子（吨二氧化碳/太焦）": 90}
OUTSIDE = {"地区": "重庆市", "通道编号": "L1", "通道名称": "南线", "送端": "贵州", "受端": "东"}
OUTSIDE |= {"市外通道": "是", "额定输送能力（兆瓦）": 100, "落地电价（元/千瓦时）": 0.35}
OUTSIDE |= {"状态": "在运", "因子取法": "合同写明", "合同碳排放因子（千克/千瓦时）": 0.5}
OUTSIDE |= {"因子来源": "合同一", "来源": "测试"}
LINE = {"地区": "重庆市", "通道编号": "L2", "通道名称": "武彭线", "送端": "武隆区", "受端": "东"}
LINE |= {"市外通道": "否", "额定输送能力（兆瓦）": 30, "状态": "在运", "来源": "测试"}
PRICE = {"地区": "重庆市", "燃料": "原煤", "时期": "2025", "价格": 900, "价格单位": "元/吨标准煤"}
PRICE |= {"来源": "测试"}
STUDY = {"地区": "重庆市", "研究编号": "N1", "研究名称": "两节点测试", "模拟年份": 2025}
STUDY |= {"燃料价格时期": "2025", "负荷序列": "负荷"}
WEST = {"地区": "重庆市", "研究编号": "N1", "节点": "西", "包含的地区": "武隆", "负荷占比（%）": 40}
EAST = {"地区": "重庆市", "研究编号": "N1", "节点": "东", "包含的地区": "彭水县；500240"}
EAST |= {"负荷占比（%）": 60}


@pytest.fixture
def filed(workspace, tmp_path):
    def hand_in(form, *rows):
        file_rows(workspace, tmp_path, form, list(rows))

    dates = np.arange("2025-01-01", "2026-01-01", dtype="datetime64[D]")
    series = {"地区": "重庆市", "序列编号": "负荷", "数值": 100, "单位": "兆瓦", "是什么": "负荷"}
    series |= {"数据种类": "计量", "来源": "测试表"}
    rows = [series | {"日期": str(day), "时次": hour} for day in dates for hour in range(1, 25)]
    hand_in("hourly_series", *rows)
    hand_in("power_units", COAL)
    hand_in("power_lines", OUTSIDE, LINE)
    hand_in("fuel_prices", PRICE)
    hand_in("dispatch_studies", STUDY)
    hand_in("dispatch_nodes", WEST, EAST)
    return hand_in


def solved(workspace):
    return answer(PowerDesk(workspace), Chosen(PLACE, "N1"))


def test_a_full_line_holds_prices_apart_until_it_is_widened(workspace, filed):
    """West 40 MW; the east wants 60 MW, of which 30 come over the line and 30 from outside. Coal
    gives 70 MW at 270, the east pays 350; the line earns, and is worth, 30 MW x 80 yuan/MWh. A line
    of 80 MW carries 60: all is coal and both pay 270.
    """
    whole = solved(workspace)
    nodes = {row["node"]: row for row in whole["nodes"]}
    assert nodes["西"]["price_mean"] == pytest.approx(COAL_COST)
    assert nodes["东"]["price_mean"] == pytest.approx(LINE_COST)
    assert nodes["西"]["own"] == pytest.approx(70 * HOURS)
    assert nodes["东"]["brought"] == pytest.approx(30 * HOURS)
    (line,) = whole["lines"]
    assert line["forward"] == pytest.approx(30 * HOURS) and line["back"] == 0
    assert line["full_hours"] == HOURS
    assert line["rent"] == pytest.approx(30 * 80 * HOURS)
    figures = whole["summary"]
    assert figures["cost"] == pytest.approx(HOURS * (70 * COAL_COST + 30 * LINE_COST))
    assert figures["price_mean"] == pytest.approx(0.4 * COAL_COST + 0.6 * LINE_COST)
    assert any("分 2 个节点" in row["zh"] for row in whole["assumptions"])
    lossless = [row["zh"] for row in whole["assumptions"] if "没有填线损率" in row["zh"]]
    assert len(lossless) == 2 and "南线（L1）" in lossless[0] and "武彭线（L2）" in lossless[1]
    what_the_workbook_says(workspace)
    desk = PowerDesk(workspace)
    worth = desk.value(desk.study(Chosen(PLACE, "N1")), "L2")
    assert worth["saving"] == pytest.approx(30 * 80 * HOURS)
    filed("power_lines", LINE | {"额定输送能力（兆瓦）": 80})
    whole = solved(workspace)
    assert [row["price_mean"] for row in whole["nodes"]] == pytest.approx([COAL_COST, COAL_COST])
    assert whole["lines"][0]["forward"] == pytest.approx(60 * HOURS)
    assert whole["lines"][0]["full_hours"] == 0
    lossy_line_makes_dearer(workspace, filed)
    filed("power_lines", LINE | {"受端": "北"})
    with pytest.raises(HengtanError, match="一端“北”不是研究的节点") as refused:
        solved(workspace)
    assert "第2行" in str(refused.value) and "受端" in str(refused.value)


def what_the_workbook_says(workspace):
    """60 MW for 8,760 h are 5.256 亿kWh, 30 MW 2.628; 30 MW x 80 yuan/MWh x 8,760 h = 2,102.4 万元;
    in each hour of the week 0.35 yuan/kWh in the east and 3 万kW over the line.
    """
    book = openpyxl.load_workbook(io.BytesIO(dispatch_file(workspace, PLACE, "N1", "xlsx")))
    east, west = book["各节点"].iter_rows(min_row=2, values_only=True)
    assert east[:5] == ("东", *map(pytest.approx, (5.256, 2.628, 2.628, 0.35)))
    assert west[0] == "西" and west[3] == pytest.approx(-2.628)
    (line,) = book["节点之间的线路"].iter_rows(min_row=2, values_only=True)
    assert line[:4] == ("武彭线（L2）", "西", "东", "按费用选定")
    assert line[8:10] == (HOURS, pytest.approx(2102.4))
    hours = next(sheet for sheet in book if sheet.title.startswith("最大负荷周电价"))
    first = next(hours.iter_rows(min_row=2, values_only=True))
    assert first == (0, *map(pytest.approx, (0.35, 0.27, 3.0)))


def lossy_line_makes_dearer(workspace, filed):
    """10 % lost: 66.67 MW sent bring 60, at 270 / 0.9 = 300 yuan/MWh, cheaper than from outside."""
    filed("power_lines", LINE | {"额定输送能力（兆瓦）": 80, "线损率（%）": 10})
    whole = solved(workspace)
    prices = {row["node"]: row["price_mean"] for row in whole["nodes"]}
    assert prices == pytest.approx({"西": COAL_COST, "东": COAL_COST / 0.9})
    (line,) = whole["lines"]
    assert line["forward"] == pytest.approx(60 / 0.9 * HOURS)
    assert line["lost"] == pytest.approx(60 / 9 * HOURS)
    assert line["rent"] == pytest.approx(0.0, abs=1e-3)


def test_reactances_divide_a_flow_between_two_ways(workspace, filed):
    """Three nodes in a ring, x = 10 Ω each at 220 kV (b = 4,840 MW/rad); coal in the west, 60 MW
    wanted in the east. Of 60 MW two thirds take the straight line and a third goes round: the
    straight line is full at 30 MW when 45 MW come; 15 MW are bought. A line between nodes by their
    angles shares as x does, whatever is cheap.
    """
    ring = {"电抗": 10, "电压等级": 220}
    north = {"通道编号": "L3", "通道名称": "武北线", "受端": "北", "额定输送能力（兆瓦）": 500}
    south = north | {"通道编号": "L4", "通道名称": "北彭线", "送端": "北", "受端": "东"}
    filed("power_lines", OUTSIDE, LINE | ring, LINE | ring | north, LINE | ring | south)
    third = WEST | {"节点": "北", "包含的地区": "丰都县", "负荷占比（%）": 0}
    filed("dispatch_nodes", WEST, EAST, third)
    whole = solved(workspace)
    flows = {row["line"]: row["forward"] / HOURS for row in whole["lines"]}
    assert flows == pytest.approx({"武彭线（L2）": 30, "武北线（L3）": 15, "北彭线（L4）": 15})
    assert whole["summary"]["generation"]["import"] == pytest.approx(15 * HOURS)
    prices = {row["node"]: row["price_mean"] for row in whole["nodes"]}
    assert prices == pytest.approx({"西": COAL_COST, "北": 310.0, "东": LINE_COST})


TREE = {"甲县": "1", "乙县": "2", "丙县": "3", "全市": "0"}
UNIT = {"power_unit": "C1", "plant": "甲电厂"}
TIE = {"line": "L1", "title": "南线", "sending": "外省"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (UNIT | {"place": "3"}, "“甲电厂（C1）”所在的地区不属于研究的任何节点（节点：东、西）"),
        (UNIT | {"place": "1", "power_unit": "C2"}, "“甲电厂（C2）”同时属于节点“东”和“西”"),
        (TIE | {"place": "0", "receiving": "全市"}, "通道“南线”的一端“全市”不是研究的节点"),
        (TIE | {"place": "0", "receiving": "外省"}, "通道“南线”的一端“外省”不是研究的节点"),
    ],
)
def test_what_belongs_nowhere_or_twice_is_refused_in_a_line(row, said):
    both = {"places": "甲县；2", "demand_share": 40.0, "codes": "C2"}
    nodes = two_nodes({"node": "西"} | both, {"node": "东", "places": "2", "codes": "C2;C9"})
    with pytest.raises(HengtanError, match=said) as refused:
        nodes.of(row)
    assert refused.value.todo and "\n" not in str(refused.value)


def test_a_code_that_is_listed_goes_before_a_place_and_an_end():
    nodes = two_nodes({"node": "西", "places": "甲县"}, {"node": "东", "codes": "C1;L1"})
    assert nodes.of(UNIT | {"place": "1"}) == "东"
    assert nodes.of(UNIT | {"place": "1", "power_unit": "C3"}) == "西"
    assert nodes.of(TIE | {"place": "0", "receiving": "全市"}) == "东"
    assert nodes.of({**TIE, "line": "L2", "place": "0", "receiving": "甲县"}) == "西"


def test_a_place_that_nobody_knows_is_named_with_its_node():
    nodes = two_nodes({"node": "西", "places": "甲县;无此县"}, {"node": "东", "places": "乙县"})
    with pytest.raises(HengtanError, match="节点“西”包含的地区“无此县”无法识别"):
        nodes.of(UNIT | {"place": "1"})


def two_nodes(*rows):
    """Nodes of a study in a little tree of places in which each lies in itself alone."""
    study = {"place": "0", "study": "N1"}
    codes = {**TREE, **{code: code for code in TREE.values()}}
    return nodes_of([study | row for row in rows], study, codes.get, str.__eq__)


def series(name, values):
    return HourlySeries(name, 2025, values, "MW", "测试", "metered")


def loads(rows, study_load, own, study=()):
    """The load of the study and of the nodes, from rows and series alone."""
    place = {"place": PLACE, "study": "N1"}
    nodes = nodes_of([place | row for row in rows], place, str, str.__eq__)
    context = Context(place | dict(study), {}, (), lambda name: series(name, own[name]), str.__eq__)
    return loads_of(nodes, series("全市", study_load), lambda load, row: load, context)


def test_a_node_with_its_own_series_leaves_the_rest_to_shares():
    """100 MW less the 25 MW of its own: 75 MW, a third and two thirds."""
    rows = [
        {"node": "甲", "load_series": "甲表"},
        {"node": "乙", "demand_share": 40.0},
        {"node": "丙", "demand_share": 60.0},
    ]
    whole, demand = loads(rows, np.full(HOURS, 100.0), {"甲表": np.full(HOURS, 25.0)})
    by_node = dict(zip(("丙", "乙", "甲"), demand[:, 0], strict=True))
    assert by_node == pytest.approx({"甲": 25.0, "乙": 30.0, "丙": 45.0})
    assert whole.values[0] == 100.0
    with pytest.raises(HengtanError, match="第 8760 时"):
        loads(rows, np.full(HOURS, 100.0), {"甲表": np.r_[np.full(HOURS - 1, 25.0), 101.0]})


def test_nodes_with_series_each_add_to_the_load_of_the_study():
    rows = [{"node": "甲", "load_series": "甲表"}, {"node": "乙", "load_series": "乙表"}]
    own = {"甲表": np.full(HOURS, 25.0), "乙表": np.full(HOURS, 30.0)}
    whole, demand = loads(rows, np.full(HOURS, 100.0), own)
    assert set(whole.values) == {55.0} and demand.sum(axis=0)[0] == 55.0
    assert "序列之和" in whole.name()[0]
    with pytest.raises(HengtanError, match="又填了全年用电量"):
        loads(rows, np.full(HOURS, 100.0), own, {"demand_energy": 1.0})


def test_shares_that_are_not_whole_are_told_with_their_sum():
    rows = [{"node": "甲", "demand_share": 40.0}, {"node": "乙", "demand_share": 50.0}]
    with pytest.raises(HengtanError, match="合计 90%"):
        loads(rows, np.full(HOURS, 100.0), {})


@pytest.mark.parametrize(("count", "said"), [(1, "只有一个节点"), (6, "最多 5 个")])
def test_one_node_or_six_are_refused(count, said):
    rows = [{"node": f"第{n}", "demand_share": 100.0 / count} for n in range(count)]
    with pytest.raises(HengtanError, match=said):
        loads(rows, np.full(HOURS, 100.0), {})
