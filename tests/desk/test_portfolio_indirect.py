"""Caps and goals that count indirect emissions of bought power. All figures are synthetic: in 2022
industry burns 500 万tce of raw coal and uses 400 of power, homes use 200; plants make 400 of it
from 1,000 of coal, the place 120 without fuel, 80 comes in; 60 亿kWh are reported from Sichuan.
"""

import io
from dataclasses import replace

import docx
import numpy as np
import openpyxl
import pytest
from filed_rows import file_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from power_place import BALANCE
from power_place_filed import CELLS, EXCHANGE, ROW

from hengtan.basis.errors import HengtanError
from hengtan.desk import target_odds
from hengtan.desk.pathway import Asked, PathwayDesk
from hengtan.desk.pathway_page import Wanted, pathway_view
from hengtan.desk.portfolio import Wish
from hengtan.desk.portfolio_ledger import Limits, from_ledger
from hengtan.outlook.portfolio.study import counted_by_place, reduced_by
from hengtan.outlook.portfolio.tangent import tangent_by_level
from hengtan.report.page.pathway import said_of
from hengtan.report.portfolio import emissions_said, summary
from hengtan.report.sheet.pathway import write_pathway
from hengtan.report.word.pathway import pathway_paper

MOTOR = {"地区": "重庆市", "措施编号": "motor", "措施名称": "电机", "部门": "F.2.ind"}
MOTOR |= {"改变什么": "能源强度", "充分实施的效果": 20, "开始年份": 2023, "推进年数": 0}
MOTOR |= {"总投资": "1000万元", "使用年限": 10, "效果的性质": "假设", "推进的性质": "假设"}
MOTOR |= {"投资的性质": "假设", "使用年限的性质": "假设"}
LINE = MOTOR | {"措施编号": "line", "措施名称": "外电", "部门": "all", "改变什么": "排放因子"}
LINE |= {"能源品种": "电力", "由什么替代": "外购电", "充分实施的效果": 25, "总投资": "500万元"}
ONE = Wish(starts=1)


@pytest.fixture
def hand_in(workspace, tmp_path):
    hand = lambda form, *rows: file_rows(workspace, tmp_path, form, list(rows))  # noqa: E731
    hand("regional_balance", *CELLS)
    hand("energy_exchange", EXCHANGE)
    return hand


def desk(workspace, **asked):
    return PathwayDesk(workspace, Asked("500000", until=2024, rate=0.0, **asked))


def accounts(place):
    """The account of totals of a scenario by year."""
    return {row["year"]: row for row in place.ahead.execute("carbon_totals").to_pylist()}


def with_indirect(place):
    """Emissions with indirect ones of 2024 by the account of totals. [t]"""
    row = accounts(place)[2024]
    return row["total_with_land"] + row["indirect_power"]


def chosen(workspace, limits):
    answer = from_ledger(desk(workspace), limits).answered(ONE)
    (target,) = answer["targets"]
    return answer, target, {row["measure"]: row["level"] for row in answer["measures"]}


def test_what_is_chosen_keeps_the_cap_by_the_ordinary_accounts(workspace, hand_in):
    """A cap half way between none and all of the motors: half of them are taken, and a scenario of
    motors that save 10 % has the cap as its total with indirect emissions.
    """
    hand_in("measure_effects", MOTOR)
    before = with_indirect(desk(workspace, without=("motor",)))
    cap = (before + with_indirect(desk(workspace))) / 2
    answer, target, levels = chosen(workspace, Limits({2024: cap}, indirect=True))
    assert levels["motor"] == pytest.approx(0.5)
    assert answer["cost"] == pytest.approx(50)  # half of 1,000, the last year of ten in 2024
    assert target["measured"] == pytest.approx(cap, rel=1e-9)
    assert target["without"] == pytest.approx(before, rel=1e-9)
    assert target["counts"] == "with_power"
    hand_in("measure_effects", MOTOR | {"充分实施的效果": 10})
    assert with_indirect(desk(workspace)) == pytest.approx(cap, rel=1e-9)


def test_a_line_does_less_where_what_it_brings_counts(workspace, hand_in):
    """The line takes a quarter of what plants make off the place; the same cap in tonnes off takes
    more of it where the power that comes in counts by its factor.
    """
    hand_in("measure_effects", LINE)
    plain = desk(workspace, without=("line",))
    direct = plain.years()[-1]["without_measures"]
    whole = with_indirect(plain)
    cut = 1e6
    _, _, alone = chosen(workspace, Limits({2024: direct - cut}))
    _, target, both = chosen(workspace, Limits({2024: whole - cut}, indirect=True))
    all_of_it = with_indirect(desk(workspace))
    assert both["line"] == pytest.approx(cut / (whole - all_of_it), rel=1e-6)
    assert both["line"] > alone["line"] * 1.05
    assert target["cut"] == pytest.approx(cut, rel=1e-6)


def test_a_corrected_exchange_moves_the_choice(workspace, hand_in):
    """Power from Guizhou emits more than that from Sichuan: the line does less for the total, by
    the accounts and in its wedge.
    """
    hand_in("measure_effects", LINE)
    first = with_indirect(desk(workspace, without=("line",))) - with_indirect(desk(workspace))
    hand_in("energy_exchange", EXCHANGE | {"对方地区": "520000"})
    second = with_indirect(desk(workspace, without=("line",))) - with_indirect(desk(workspace))
    assert second == pytest.approx(desk(workspace).wedges(2024)[0]["whole"], rel=1e-9)
    assert second < 0.95 * first


def goal_row(goal, latest):
    return {
        "indicator": "co2_total",
        "target_id": "t-co2",
        "deadline_year": 2024,
        "operator": "<=",
        "goal": goal,
        "latest": latest,
        "rests_on_scenario": True,
    }


def test_a_goal_of_a_plan_is_held_to_the_account_that_judges_it(workspace, hand_in, monkeypatch):
    """CO2 of fuel and bought power 5 % below the scenario without measures."""
    hand_in("measure_effects", MOTOR)
    plain = accounts(desk(workspace, without=("motor",)))[2024]["energy_co2_and_power"]
    full = accounts(desk(workspace))[2024]["energy_co2_and_power"]
    rows = [goal_row(95.0, 100.0)]
    monkeypatch.setattr(target_odds, "judged_in_their_year", lambda *_: rows)
    _, target, levels = chosen(workspace, Limits())
    assert target["limit"] == pytest.approx(0.95 * plain, rel=1e-9)
    assert target["without"] == pytest.approx(plain, rel=1e-9)
    assert (target["counts"], target["unit"]) == ("co2_with_power", "tCO2")
    assert levels["motor"] == pytest.approx(0.05 * plain / (plain - full), rel=1e-6)
    share = 20 * levels["motor"]
    hand_in("measure_effects", MOTOR | {"充分实施的效果": round(share, 9)})
    kept = accounts(desk(workspace))[2024]["energy_co2_and_power"]
    assert kept == pytest.approx(target["measured"], rel=1e-7)


def test_the_tangent_is_the_slope_of_the_figure(workspace, hand_in):
    """Central differences of the figure at a level, on both sides of as much in as out."""
    hand_in("measure_effects", MOTOR, LINE)
    study = from_ledger(desk(workspace), Limits({2024: 1e9}, indirect=True)).offer.study
    (target,) = study.targets

    @settings(max_examples=20, deadline=None)
    @given(levels=st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9)), handed=st.booleans())
    def check(levels, handed):
        at = np.zeros(study.shape)
        at[:, 0, 1:] = np.array(levels)[:, None]
        figure = target.figure
        if handed:  # sold by far
            ((net, by_side),) = figure.power
            sold = replace(net, constant=net.constant - 1e11)
            figure = replace(figure, power=((sold, by_side),))
        own = replace(target, figure=figure)
        slope = tangent_by_level(study, at, own).slope[:, 0, 2]
        step = 1e-4
        for measure in range(2):
            ends = []
            for sign in (1, -1):
                moved = at.copy()
                moved[measure, 0, 2] += sign * step
                ends.append(counted_by_place(study.pathway, reduced_by(study, moved), own)[0, 2])
            assert slope[measure] == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-5)

    check()


def test_a_place_that_reports_nothing_bought_is_one_line(workspace, tmp_path):
    cell = ROW | {"平衡表项目": "F.2.ind", "能源品种": "raw_coal", "数值": 10}
    file_rows(workspace, tmp_path, "regional_balance", [cell])
    file_rows(workspace, tmp_path, "measure_effects", [MOTOR])
    with pytest.raises(HengtanError, match=r"重庆市没有填报外购电.*energy_exchange"):
        from_ledger(desk(workspace), Limits({2024: 1.0}, indirect=True))


def test_a_base_year_without_a_factor_leaves_later_years_whole(workspace, tmp_path):
    """No factor is published for 2020; what is cut in 2024 is that of the one measure taken."""
    hand = lambda form, *rows: file_rows(workspace, tmp_path, form, list(rows))  # noqa: E731
    cells = [
        ROW | {"年份": "2020年", "平衡表项目": row, "能源品种": product, "数值": amount}
        for row, product, amount in BALANCE
    ]
    hand("regional_balance", *cells)
    hand("energy_exchange", EXCHANGE | {"时期": "2020年"})
    hand("measure_effects", MOTOR)
    whole = with_indirect(desk(workspace, without=("motor",)))
    answer, target, _ = chosen(workspace, Limits({2024: whole - 1e6}, indirect=True))
    assert target["cut"] == pytest.approx(1e6, rel=1e-6)
    (motors,) = answer["measures"]
    assert motors["cut"][0] == pytest.approx(1e6, rel=1e-6)
    wedge = desk(workspace).wedges(2020)[0]
    assert wedge["indirect"] is None and wedge["whole"] == wedge["cut"]


def test_the_share_on_assumptions_is_of_direct_and_indirect_cuts(workspace, hand_in, tmp_path):
    """The line is established, the motors are assumed: their share of both cuts, which add to the
    gap of the account of totals with indirect emissions. Of direct cuts alone the line does more.
    """
    read = {"性质": "已确立", "来源": "试验报告"}
    known = {f"{name}的{what}": word for name in ("效果", "推进") for what, word in read.items()}
    hand_in("measure_effects", MOTOR, LINE | known)
    place = desk(workspace)
    wedges = {row["measure"]: row for row in place.wedges(2024)}
    row = place.years()[-1]
    gap = with_indirect(desk(workspace, without=("motor", "line"))) - with_indirect(place)
    assert row["whole"] == pytest.approx(gap, rel=1e-9)
    assert row["whole"] == pytest.approx(row["cut"] + row["indirect_cut"], rel=1e-9)
    both = abs(wedges["motor"]["whole"]) + abs(wedges["line"]["whole"])
    assert row["assumed_share"] == pytest.approx(abs(wedges["motor"]["whole"]) / both, rel=1e-9)
    of_direct = wedges["motor"]["cut"] / (wedges["motor"]["cut"] + wedges["line"]["cut"])
    assert row["assumed_share"] > of_direct + 0.01
    write_pathway(place.as_dict(), [], tmp_path / "study.xlsx")
    heads, *rows = openpyxl.load_workbook(tmp_path / "study.xlsx").worksheets[0].values
    last = dict(zip(heads, rows[2], strict=True))
    assert last["合计减排（万吨CO2e）"] == pytest.approx(gap / 1e4, rel=1e-9)
    assert last["合计减排中靠假设的份额"] == pytest.approx(row["assumed_share"])
    view = pathway_view(workspace, Wanted("500000", until=2024))
    said = f"合计减排{gap / 1e4:,.0f}万吨，其中{row['assumed_share']:.0%}靠标为“假设”的数"
    assert said in said_of(view, "zh")
    paper = docx.Document(io.BytesIO(pathway_paper(view)))
    text = "\n".join(each.text for each in paper.paragraphs)
    assert f"末年减排（本地加外购电的间接排放）中{row['assumed_share']:.0%}依赖" in text


def test_a_portfolio_says_which_emissions_it_states(workspace, hand_in):
    """Half of the motors: emissions of the place, and where the cap counts bought power those with
    it beside them, as the accounts have both.
    """
    hand_in("measure_effects", MOTOR)
    plain, full = desk(workspace, without=("motor",)), desk(workspace)
    cap = (with_indirect(plain) + with_indirect(full)) / 2
    before, after = (each.years()[-1]["with_measures"] for each in (plain, full))
    answer, _, _ = chosen(workspace, Limits({2024: cap}, indirect=True))
    said = emissions_said(answer, "zh")
    assert said == (
        f"2024年本地（不含外购电）排放 {(before + after) / 2e4:,.0f} 万吨"
        f"（不采取措施 {before / 1e4:,.0f} 万吨），按上限的口径含外购电的间接排放 "
        f"{cap / 1e4:,.0f} 万吨（不采取措施 {with_indirect(plain) / 1e4:,.0f} 万吨）"
    )
    assert said in summary(answer, "zh")
    alone, _, _ = chosen(workspace, Limits({2024: (before + after) / 2}))
    assert emissions_said(alone, "en") == (
        f"emissions of 2024 in the place, without bought power: {(before + after) / 2e4:,.0f}"
        f" × 10⁴ t ({before / 1e4:,.0f} without measures)"
    )
