"""A portfolio from the ledger, by hand. All figures are synthetic.

Industry burns 1,000 万tce of raw coal in 2020 and later, which emits E. Motors save 10 % of it for
1,000 万元, kilns 20 % for 4,000 万元; both begin in 2021, are full at once and last ten years. No
rate: what is bought in the last year, 2022, costs a tenth.
"""

import json
from math import sqrt

import numpy as np
import openpyxl
import pytest
from filed_rows import file_rows
from motors_and_kilns import BALANCE, KILN, MOTOR

from hengtan.basis.errors import HengtanError
from hengtan.desk.pathway import Asked, PathwayDesk
from hengtan.desk.portfolio import Wish
from hengtan.desk.portfolio_ledger import Limits, budgets_of, from_ledger
from hengtan.outlook.pathway.model import applied
from hengtan.outlook.portfolio.starts import from_starts
from hengtan.outlook.portfolio.study import counted_by_place, reduced_by

ONE = Wish(starts=1)


@pytest.fixture
def hand_in(workspace, tmp_path):
    hand = lambda form, *rows: file_rows(workspace, tmp_path, form, list(rows))  # noqa: E731
    hand("regional_balance", BALANCE)
    return hand


def desk(workspace, **asked):
    return PathwayDesk(workspace, Asked("500000", until=2022, rate=0.0, **asked))


def without(workspace):
    return desk(workspace).years()[-1]["without_measures"]


def chosen(workspace, limits, wish=ONE):
    answer = from_ledger(desk(workspace), limits).answered(wish)
    return answer, {row["measure"]: row for row in answer["measures"]}


def test_the_cheaper_measure_first_and_its_price_by_hand(workspace, hand_in):
    """12 % less: all motors (10 %), then kilns at b with 0.9 (1 - 0.2 b) = 0.88, b = 1/9. It costs
    100 + 400/9, and a tonne more 400 / (0.9 x 0.2 E).
    """
    hand_in("measure_effects", MOTOR, KILN)
    emitted = without(workspace)
    answer, measures = chosen(workspace, Limits({2022: 0.88 * emitted}))
    assert measures["motor"]["level"] == pytest.approx(1)
    assert measures["kiln"]["level"] == pytest.approx(1 / 9)
    assert answer["cost"] == pytest.approx(100 + 400 / 9)
    (target,) = answer["targets"]
    assert target["price"] == pytest.approx(400e4 / (0.9 * 0.2 * emitted))
    assert target["measured"] == pytest.approx(0.88 * emitted)
    assert {row["code"] for row in answer["assumptions"]} >= {
        "assumed.portfolio_levels", "assumed.held", "assumed.rate",
    }  # fmt: skip


def test_a_corrected_cost_changes_the_choice(workspace, hand_in):
    """Kilns at 1,500 are 75 a per cent, motors 100: kilns alone, at 0.6, cost 90."""
    hand_in("measure_effects", MOTOR, KILN)
    cap = Limits({2022: 0.88 * without(workspace)})
    assert chosen(workspace, cap)[0]["cost"] == pytest.approx(100 + 400 / 9)
    hand_in("measure_effects", KILN | {"总投资": "1500万元"})
    answer, measures = chosen(workspace, cap)
    assert answer["cost"] == pytest.approx(90)
    assert measures["kiln"]["level"] == pytest.approx(0.6)
    assert measures["motor"]["begins"] is None


def test_measures_that_exclude_each_other_share_the_field(workspace, hand_in):
    """Levels add to 1: (1 - 0.1 (1 - b)) (1 - 0.2 b) = 0.88, b^2 + 4 b - 1 = 0. Taken wholly, kilns
    alone are enough, for 400.
    """
    hand_in("measure_effects", MOTOR | {"互斥措施": "kiln"}, KILN)
    emitted = desk(workspace, without=("kiln",)).years()[-1]["without_measures"]
    cap = Limits({2022: 0.88 * emitted})
    answer, measures = chosen(workspace, cap)
    kilns = sqrt(5) - 2
    assert measures["kiln"]["level"] == pytest.approx(kilns)
    assert measures["motor"]["level"] == pytest.approx(1 - kilns)
    assert answer["cost"] == pytest.approx(100 * (1 - kilns) + 400 * kilns)
    wholly = Limits(cap.caps, whole=("motor", "kiln"))
    answer, measures = chosen(workspace, wholly)
    assert answer["cost"] == pytest.approx(400)
    assert measures["motor"]["begins"] is None


def test_a_cap_out_of_reach_is_told_in_tonnes(workspace, hand_in):
    """Both at once leave 0.9 x 0.8 E: a cap of 0.7 E lacks 0.02 E."""
    hand_in("measure_effects", MOTOR, KILN)
    emitted = without(workspace)
    with pytest.raises(HengtanError, match="无解：“2022年排放上限”达不到") as refused:
        chosen(workspace, Limits({2022: 0.7 * emitted}))
    assert f"2022年排放上限提高{0.02 * emitted:,.6g} tCO2e" in refused.value.zh


def test_a_budget_moves_buying_and_has_a_worth(workspace, hand_in):
    """At most 1,000 万元 in 2022: of 1,000 + 4,000/9 the rest is bought in 2021, at two tenths."""
    hand_in("measure_effects", MOTOR, KILN)
    limits = Limits({2022: 0.88 * without(workspace)}, budgets_of(["2022=0.1亿元/年"]))
    answer, _ = chosen(workspace, limits)
    assert answer["cost"] == pytest.approx(100 + 2 * 400 / 9)
    assert answer["years"][2]["worth_of_capital"] == pytest.approx(0.1)


HOMES = {"部门": "F.4", "充分实施的效果": 20, "总投资": "", "投资的性质": ""}
HOMES |= {"使用年限": "", "使用年限的性质": ""}


def test_emissions_are_those_of_the_pathway_at_the_levels_chosen(workspace, hand_in):
    """A measure of two parts, with ceilings of 50 and 80 %, is one level; the pathway with the same
    reductions emits the same, and at the levels of its own course too.
    """
    coal = BALANCE | {"平衡表项目": "F.4", "数值": 500}
    hand_in("regional_balance", BALANCE, coal)
    ramp = {"推进年数": 2, "实施上限": 50, "上限的性质": "假设"}
    parts = [MOTOR | ramp, MOTOR | ramp | HOMES | {"实施上限": 80}]
    hand_in("measure_effects", *parts, KILN | {"推进年数": 4})
    place = desk(workspace)
    emitted = place.years()[-1]["without_measures"]
    portfolio = from_ledger(place, Limits({2022: 0.93 * emitted}))
    best = from_starts(portfolio.filed.study, count=1).best
    assert best.level[1] == pytest.approx(best.level[0]) and best.level[0].max() > 0.1
    plain, full = place.study.pathway, portfolio.offer.full
    assert full == pytest.approx([0.5, 0.8, 1.0])
    share = plain.effect[:, None, None] * plain.coverage[:, :, None] * full[:, None, None]
    by_pathway = applied(plain, share * best.level).emissions.sum(axis=(0, 1))
    shown = [row["emissions"] for row in portfolio.answered(ONE)["years"]]
    assert shown == pytest.approx(by_pathway, rel=1e-9)
    course = portfolio.offer.course[:, None, :]
    target = portfolio.filed.study.targets[0]
    counted = counted_by_place(plain, reduced_by(portfolio.filed.study, course), target).sum(axis=0)
    assert counted == pytest.approx(place.study.outcome().emissions.sum(axis=(0, 1)), rel=1e-9)
    at_most = np.minimum(portfolio.filed.study.ceiling[:, 0] - portfolio.offer.course, 0)
    assert at_most == pytest.approx(0)  # the pathway's own course is one of the choices


def test_carbon_budgets_of_the_place_are_targets(workspace, hand_in):
    """A budget is of carbon dioxide of what is burnt, without methane and nitrous oxide, by the
    account that the pathway holds it to: 5 % below it takes half of the motors.
    """
    hand_in("measure_effects", MOTOR, KILN)
    rows = desk(workspace, without=("motor", "kiln")).ahead.execute("carbon_totals").to_pylist()
    (emitted,) = [row["energy_co2"] for row in rows if row["year"] == 2022]
    budget = {"地区": "重庆市", "年份": 2022, "预算": f"{0.95 * emitted / 1e4}万吨", "依据": "试"}
    hand_in("carbon_budgets", budget)
    answer, measures = chosen(workspace, Limits())
    assert [row["zh"] for row in answer["targets"]] == ["2022年碳预算"]
    assert measures["motor"]["level"] == pytest.approx(0.5)
    with pytest.raises(HengtanError, match="没有要达到的目标"):
        chosen(workspace, Limits(only_caps=True))


def test_a_measure_that_may_save_nothing_is_left_at_risk(workspace, hand_in):
    """Motors save 0 to 20 %, evenly: in the worst tenth 1 % for 100, where kilns save it for 20. So
    the central choice has motors, and at risk kilns alone do 12 % at 0.6, for 240.
    """
    even = {"效果下限": 0, "效果上限": 20, "分布": "均匀", "范围的性质": "假设"}
    even |= {"范围的来源": "试验报告"}
    hand_in("measure_effects", MOTOR | even, KILN)
    limits = Limits({2022: 0.88 * without(workspace)})
    answer, _ = chosen(workspace, limits, Wish(starts=1, at_risk=0.9, draws=1000, fresh=2000))
    assert answer["cost"] == pytest.approx(100 + 400 / 9)
    assert answer["at_risk"]["choice"]["cost"] == pytest.approx(240)
    central, robust = answer["at_risk"]["checks"]
    assert central["odds"] == pytest.approx(0.5, abs=0.04)
    assert central["assumed_variance"] == 1.0
    assert robust["odds"] == 1.0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"总投资": "", "投资的性质": ""}, "措施“kiln”在500000没有填投资或运行费"),
        ({"使用年限": "", "使用年限的性质": ""}, "措施“kiln”有投资，没有填使用年限"),
    ],
)
def test_what_costs_nobody_knows_is_no_zero(workspace, hand_in, changed, said):
    hand_in("measure_effects", MOTOR, KILN | changed)
    with pytest.raises(HengtanError, match=said) as refused:
        chosen(workspace, Limits({2022: 1.0}))
    assert "第3行" in str(refused.value)


def test_parts_out_of_step_are_refused(workspace, hand_in):
    hand_in("regional_balance", BALANCE, BALANCE | {"平衡表项目": "F.4", "数值": 500})
    hand_in("measure_effects", MOTOR, MOTOR | HOMES | {"开始年份": 2022})
    with pytest.raises(HengtanError, match="一项措施只有一个程度"):
        chosen(workspace, Limits({2022: 1.0}))


def test_districts_share_a_cost_by_what_is_cut_there(workspace, report):
    """30 and 10 万tce of diesel and a measure of 4,000 万元: 3,000 and 1,000."""
    common = {"period": "2020", "quantity_kind": "standard", "convention": "calorific"}
    common |= {"unit": "万吨标准煤", "balance_row": "F.2.ind", "product": "diesel"}
    rows = [common | {"place": p, "value": v} for p, v in (("500102", 30.0), ("500156", 10.0))]
    report(workspace, "regional_balance", rows)
    measure = {"place": "500000", "measure": "kiln", "title": "窑炉", "sectors": "F.2.ind"}
    measure |= {"driver": "intensity", "effect": 20.0, "effect_mark": "assumed"}
    measure |= {"start_year": 2021, "ramp_years": 0.0, "ramp_mark": "assumed", "capital": 4000.0}
    measure |= {"capital_mark": "assumed", "life": 10.0, "life_mark": "assumed"}
    report(workspace, "measure_effects", [measure])
    place = desk(workspace, districts=True)
    study = from_ledger(place, Limits({2022: 1e9})).offer.study
    assert study.costs.capital[0, :, 0] == pytest.approx([3000, 1000])


@pytest.mark.parametrize("text", ["2026..2030=5亿", "2026=5亿吨", "2030..2026=5亿元", "五亿元"])
def test_a_budget_that_is_none_is_one_line(text):
    with pytest.raises(HengtanError, match="不是某几年的预算"):
        budgets_of([text])


def test_budgets_are_read_by_year():
    assert budgets_of(["2026..2027=1.5亿元/年", "2028=300万元"]) == {
        2026: 15000.0, 2027: 15000.0, 2028: 300.0,
    }  # fmt: skip
    with pytest.raises(HengtanError, match="2027年有两个预算"):
        budgets_of(["2026..2027=1亿元", "2027=1亿元"])


def test_from_the_command_line_to_a_workbook(workspace, hand_in, tmp_path, monkeypatch, capsys):
    from hengtan.cli.main import run

    hand_in("measure_effects", MOTOR, KILN)
    to = tmp_path / "组合.xlsx"
    words = ["portfolio", "ledger", "-w", str(workspace.folder), "--until", "2022", "--rate", "0"]
    words += ["--place", "500000"]
    cap = f"2022={0.88 * without(workspace) / 1e4}万吨"
    more = ["--cap", cap, "--starts", "1", "--front", "3", "--to", str(to), "--json"]
    monkeypatch.setattr("sys.argv", ["hengtan", *words, *more])
    with pytest.raises(SystemExit) as ended:
        run()
    assert not ended.value.code
    answer = json.loads(capsys.readouterr().out)
    assert answer["cost"] == pytest.approx(100 + 400 / 9)
    assert answer["front"]["points"][0]["cost"] == pytest.approx(0)
    written = openpyxl.load_workbook(to)
    assert {"说明", "目标", "措施", "缺口与假设"} <= {
        name.split(" ")[0] for name in written.sheetnames
    }
