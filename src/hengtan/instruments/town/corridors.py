"""Works of ecological corridors: a year beside its plan, and where a work stands by its term, its
acceptance, the survival of what was planted and its maintenance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.town.formulas import POINTS

MEASURES = {"length": ("长度", "公里"), "area": ("面积", "公顷")}
NEAR = 1e-9
"""Noise of floats in sums of lengths and areas."""


def year_of_works(calc: Calc) -> dict[str, Any]:
    """What a work did in a year, and up to its end beside the plans of the years and of the whole.
    [km, ha, 10,000 yuan]

    A measure that no year has is not given; a year without a plan counts nothing as planned. A
    planned year of which nothing is filed as done is named, and there is no gap then.
    """
    outputs: dict[str, Any] = {}
    progress = {name: _progress(calc, name, outputs) for name in MEASURES}
    words = next((state for state in STATES if state in progress.values()), "没有年度计划")
    outputs["progress"] = calc.step("进度", words)
    return outputs | _money(calc, calc["rows"])


BEHIND, UNFILED, AS_PLANNED = "落后于年度计划", "有年份没有填完成，不作结论", "达到年度计划"
STATES = (BEHIND, UNFILED, AS_PLANNED)
"""How a work stands beside the plans of its years, the worst first."""


def _progress(calc: Calc, name: str, outputs: dict[str, Any]) -> str:
    """Adds what was done of a measure to the outputs; how it stands beside its plans, "" without
    any.
    """
    (zh, unit), rows = MEASURES[name], calc["rows"]
    planned = [row for row in rows if row[f"plan_{name}"] is not None]
    unfiled = [str(row["year"]) for row in planned if row[name] is None]
    if unfiled:
        calc.warn(f"没有填完成数的年份：{'、'.join(unfiled)}；差额不给出")
    filed = [row for row in rows if row[name] is not None]
    if not filed:
        return UNFILED if unfiled else ""
    of_year = [row for row in filed if row["year"] == calc["year"]]
    if of_year:
        done_in_year = _sum(of_year, name)
        outputs[f"{name}_of_year"] = calc.step(f"当年完成{zh}", done_in_year, unit)
    done = _sum(filed, name)
    outputs[name] = calc.step(f"累计完成{zh}", done, unit, how="逐年完成之和")
    if whole := calc[f"planned_{name}"]:
        share = POINTS * done / whole
        outputs[f"{name}_share"] = calc.step(f"{zh}完成比例", share, "%", "累计完成 ÷ 计划")
    if unfiled or not planned:
        return UNFILED if unfiled else ""
    gap = max(0.0, _sum(planned, f"plan_{name}") - done)
    outputs[f"{name}_gap"] = calc.step(f"{zh}差额", gap, unit, "累计年度计划 － 累计完成")
    return BEHIND if gap > NEAR else AS_PLANNED


def _money(calc: Calc, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What was paid in the year, and so far of the budget; nothing where no payment is filed."""
    if all(row["paid"] is None for row in rows):
        return {}
    of_year = _sum([row for row in rows if row["year"] == calc["year"]], "paid")
    outputs = {"paid_of_year": calc.step("当年支付", of_year, "万元")}
    if calc["budget"]:
        share = POINTS * _sum(rows, "paid") / calc["budget"]
        outputs["paid_share"] = calc.step("资金支付比例", share, "%", "累计支付 ÷ 批复投资")
        if share > POINTS:
            calc.warn("累计支付大于批复投资，请核对")
    return outputs


def standing(calc: Calc) -> dict[str, Any]:
    """Where a work stands on the day looked at: its state, days past its term, what was accepted of
    what was done, survival beside that of its design, and what also stands in another register.
    [day, km, ha, %]

    A check or an acceptance after that day has not taken place. Raises HengtanError where more was
    accepted than done.
    """
    today = calc["looked_at"]
    checks = [row for row in calc["checks"] or () if row["checked"] <= today]
    years = calc["rows"] or ()
    state = _state(calc)
    is_finished = calc["finished"] is not None and calc["finished"] <= today
    late = max(0, ((calc["finished"] if is_finished else today) - calc["due"]).days)
    calc.step("状态", state, how=f"计划完工日期 {calc['due']}")
    outputs: dict[str, Any] = {
        "state": state,
        "late": "逾期" if late else "未逾期",
        "late_days": calc.step("逾期天数", late, "天"),
        **_accepted(calc, years, checks),
        **_survival(calc, checks),
    }
    return outputs | _elsewhere(calc, years)


def _state(calc: Calc) -> str:
    today, finished, until = calc["looked_at"], calc["finished"], calc["maintained_until"]
    if today < calc["begins"]:
        return "未开工"
    if finished is None or finished > today:
        return "在建"
    if until is None:
        return "已验收，没有填管护期"
    return "管护期内" if today <= until else "管护期满"


def _accepted(
    calc: Calc, years: Sequence[Mapping[str, Any]], checks: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What acceptances found sound so far, and what of the work done waits for one."""
    acceptances = [row for row in checks if row["kind"] == "acceptance"]
    outputs: dict[str, Any] = {}
    for name, (zh, unit) in MEASURES.items():
        if all(row[name] is None for row in (*years, *acceptances)):
            continue
        done, accepted = _sum(years, name), _sum(acceptances, name)
        if accepted > done + NEAR:
            raise calc.refuse(
                f"验收合格{zh}{accepted:g}{unit}大于完成{zh}{done:g}{unit}",
                f"more accepted ({accepted:g}) than done ({done:g})",
                todo="核对“生态廊道验收与成活率检查”和“生态廊道工程年度完成”",
                todo_en="check the acceptances and the yearly figures",
            )
        outputs[f"accepted_{name}"] = calc.step(f"验收合格{zh}", accepted, unit, "历次验收之和")
        outputs[f"waiting_{name}"] = calc.step(f"待验收{zh}", done - accepted, unit)
    return outputs


def _survival(calc: Calc, checks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The survival of the last check beside what the design asks for; nothing without a check."""
    surveys = sorted(
        (row for row in checks if row["survival"] is not None), key=lambda row: row["checked"]
    )
    if not surveys:
        calc.warn("没有成活率检查")
        return {}
    survival, least = surveys[-1]["survival"], calc["survival_least"]
    words = calc.step("成活率", survival, "%", how=f"{surveys[-1]['checked']} 检查")
    if least is None:
        verdict = "没有填设计成活率，不作结论"
    else:
        verdict = "达到设计成活率" if survival >= least else "低于设计成活率，应补植"
    return {"survival": words, "survival_verdict": calc.step("成活率结论", verdict)}


def _elsewhere(calc: Calc, years: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What stands in the forest works or on the list of greenways too: the whole work, which sums
    of several registers count once.
    """
    names = [calc["in_forest_works"], calc["in_greenways"]]
    twice = "、".join(filter(None, names))
    if calc["unmatched"]:
        calc.warn(f"林业工程、绿道名录里没有“{calc['unmatched']}”：核对编号和名称")
    if not twice:
        return {}
    calc.warn(f"同一工程也在其他台账：{twice}；合计时只计一次")
    shared = {
        f"{name}_elsewhere": calc.step(f"也在其他台账的{zh}", _sum(years, name), unit)
        for name, (zh, unit) in MEASURES.items()
        if any(row[name] is not None for row in years)
    }
    return {"elsewhere": calc.step("其他台账", twice), **shared}


def _sum(rows: Sequence[Mapping[str, Any]], name: str) -> float:
    return float(sum(row[name] or 0.0 for row in rows))


def _amount(name: str, zh: str, unit: str) -> Input:
    return Input(name, zh, unit=unit, optional=True)


def _day(name: str, zh: str, *, optional: bool = False) -> Input:
    return Input(name, zh, kind="date", optional=optional)


YEARS = Input(
    name="rows",
    zh="逐年完成",
    kind="rows",
    fields=(
        Input("year", "年份", kind="whole"),
        _amount("plan_length", "年度计划长度", "公里"),
        _amount("plan_area", "年度计划面积", "公顷"),
        _amount("length", "完成长度", "公里"),
        _amount("area", "完成面积", "公顷"),
        _amount("paid", "支付资金", "万元"),
    ),
)
KINDS = {"acceptance": "验收", "survival": "成活率检查"}
CHECKS = Input(
    name="checks",
    zh="历次检查",
    kind="rows",
    optional=True,
    fields=(
        _day("checked", "检查日期"),
        Input("kind", "检查类型", kind="choice", choices=KINDS),
        _amount("length", "合格长度", "公里"),
        _amount("area", "合格面积", "公顷"),
        Input("survival", "成活率", unit="%", optional=True, most=100.0),
    ),
)
RULES = (
    Rule(
        id="corridor.year",
        title_zh="生态廊道工程年度进度",
        title_en="A year of works of a corridor",
        law="工程批复和年度计划（以文件为准）",
        inputs=(
            Input("year", "年份", kind="whole"),
            YEARS,
            _amount("planned_length", "计划长度", "公里"),
            _amount("planned_area", "计划面积", "公顷"),
            _amount("budget", "批复投资", "万元"),
        ),
        outputs=(
            Output("length_of_year", "当年完成长度", unit="公里"),
            Output("area_of_year", "当年完成面积", unit="公顷"),
            Output("length", "累计完成长度", unit="公里"),
            Output("area", "累计完成面积", unit="公顷"),
            Output("length_share", "长度完成比例", unit="%"),
            Output("area_share", "面积完成比例", unit="%"),
            Output("length_gap", "长度差额", unit="公里"),
            Output("area_gap", "面积差额", unit="公顷"),
            Output("progress", "进度"),
            Output("paid_of_year", "当年支付", unit="万元"),
            Output("paid_share", "资金支付比例", unit="%"),
        ),
        compute=year_of_works,
        confidence="derived",
    ),
    Rule(
        id="corridor.standing",
        title_zh="生态廊道工程验收与管护",
        title_en="Acceptance and maintenance of a corridor",
        law="工程批复、作业设计和验收报告（以文件为准）",
        inputs=(
            _day("begins", "开工日期"),
            _day("due", "计划完工日期"),
            _day("finished", "竣工验收日期", optional=True),
            _day("maintained_until", "管护期至", optional=True),
            Input("survival_least", "设计成活率", unit="%", optional=True, most=100.0),
            Input(name=YEARS.name, zh=YEARS.zh, kind="rows", optional=True, fields=YEARS.fields),
            CHECKS,
            Input("in_forest_works", "所在林业工程", kind="text", optional=True),
            Input("in_greenways", "所在绿道名录条目", kind="text", optional=True),
            Input("unmatched", "没有对上的编号、名称", kind="text", optional=True),
            _day("looked_at", "判定日"),
        ),
        outputs=(
            Output("state", "状态"),
            Output("late", "是否逾期"),
            Output("late_days", "逾期天数", unit="天"),
            Output("accepted_length", "验收合格长度", unit="公里"),
            Output("accepted_area", "验收合格面积", unit="公顷"),
            Output("waiting_length", "待验收长度", unit="公里"),
            Output("waiting_area", "待验收面积", unit="公顷"),
            Output("survival", "成活率", unit="%"),
            Output("survival_verdict", "成活率结论"),
            Output("elsewhere", "其他台账"),
            Output("length_elsewhere", "也在其他台账的长度", unit="公里"),
            Output("area_elsewhere", "也在其他台账的面积", unit="公顷"),
        ),
        compute=standing,
        confidence="derived",
    ),
)
