"""Waters closed, limited or open for farming: farms that are still where none may be, those past
their day to leave, licences that ended, and the area of a limited zone beside its limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

ZONES = {"closed": "禁养区", "limited": "限养区", "open": "养殖区"}
GONE, OVERDUE, TO_LEAVE, NO_TERM = "已退出", "逾期未退", "应退，未到期限", "应退，没有退出期限"
TO_MEND, ENDED, NO_LICENCE, SOUND = "逾期未整改", "养殖证已到期", "没有养殖证", "可以养殖"
WRONG = {
    OVERDUE: "有逾期未退的养殖户",
    NO_TERM: "有养殖户没有退出期限：在“分区内养殖户”填退出期限",
}
"""What is wrong with a closed zone that holds a farm in such a state."""
LAW = (
    "养殖水域滩涂规划编制工作规范（农渔发〔2016〕39号，二手）；"
    "水域滩涂养殖发证登记办法（凭记忆）；期限、上限以划定文件为准"
)


def state_of(farm: Mapping[str, Any], zone_kind: str, today: date) -> str:
    """Where a farm stands in a zone in force on a day.

    A closed zone holds no farm: it moves or closes by its day. In a limited one what is above a
    standard is mended by its day. What happens after the day has not happened.
    """
    if _is_by(farm["left"], today):
        return GONE
    if zone_kind == "closed" or farm["leave_due"] is not None:
        if farm["leave_due"] is None:
            return NO_TERM
        return OVERDUE if farm["leave_due"] < today else TO_LEAVE
    if _is_before(farm["mend_due"], today) and not _is_by(farm["mended"], today):
        return TO_MEND
    if farm["licence_until"] is None:
        return NO_LICENCE
    return ENDED if farm["licence_until"] < today else SOUND


def _is_by(day: date | None, today: date) -> bool:
    return day is not None and day <= today


def _is_before(day: date | None, today: date) -> bool:
    return day is not None and day < today


def zone(calc: Calc) -> dict[str, Any]:
    """Farms within a zone on the day looked at, those past their day to leave or without one, ended
    licences, the area farmed beside the limit of a limited zone. [farms, ha]
    """
    today, kind = calc["looked_at"], calc["zone_kind"]
    in_force = calc["begins"] <= today and not _is_before(calc["ends"], today)
    outputs: dict[str, Any] = {
        "state": calc.step("分区状态", "生效" if in_force else "未生效或已失效"),
        f"{kind}_area": calc.step(f"{ZONES[kind]}面积", calc["area"] if in_force else 0.0, "公顷"),
    }
    if not in_force:
        return outputs
    states = [(row, state_of(row, kind, today)) for row in calc["farms"] or ()]
    within = [row for row, state in states if state != GONE]
    farmed = sum(row["area"] for row in within)
    late = [row for row, state in states if state == OVERDUE]
    ended = [row for row, state in states if state in (ENDED, NO_LICENCE)]
    outputs |= {
        "within": calc.step("区内养殖户", len(within), "户"),
        "area_within": calc.step("区内养殖面积", farmed, "公顷"),
        "left": calc.step("已退出", len(states) - len(within), "户"),
        "late": calc.step("逾期未退", len(late), "户"),
        "late_area": calc.step("逾期未退面积", sum(row["area"] for row in late), "公顷"),
        "late_names": "、".join(row["name"] for row in late) or "无",
        "unlicensed": calc.step("没有有效养殖证", len(ended), "户"),
    }
    return outputs | _verdict(calc, farmed, [state for _, state in states])


def _verdict(calc: Calc, farmed: float, states: list[str]) -> dict[str, Any]:
    """What is wrong with a zone by its kind; of a limited one without a limit no conclusion."""
    kind = calc["zone_kind"]
    if kind == "closed":
        wrong = [words for state, words in WRONG.items() if state in states]
        rest = "退出中" if TO_LEAVE in states else "已清退" if states else "没有登记养殖户"
        return {"verdict": calc.step("结论", "；".join(wrong) or rest)}
    outputs: dict[str, Any] = {}
    if kind == "open":
        verdict = "养殖区"
    elif calc["most_area"] is None:
        verdict = "没有填养殖面积上限，不作结论"
    else:
        over = max(0.0, farmed - calc["most_area"])
        how = f"养殖 {farmed:g} － 上限 {calc['most_area']:g}"
        outputs["over"] = calc.step("超上限面积", over, "公顷", how=how)
        verdict = "超过养殖面积上限" if over else "在养殖面积上限以内"
    if TO_MEND in states:
        verdict = f"{verdict}；有逾期未整改的养殖户"
    return outputs | {"verdict": calc.step("结论", verdict)}


def farm(calc: Calc) -> dict[str, Any]:
    """Where one farm stands on the day looked at, days past its day to leave, its area on either
    side, compensation that is open. [day, ha, 10,000 yuan]

    Raises HengtanError where its zone is not on file or not in force.
    """
    today, zones = calc["looked_at"], calc["zones"] or ()
    in_force = [
        row for row in zones if row["begins"] <= today and not _is_before(row["ends"], today)
    ]
    if not in_force:
        raise calc.refuse(
            "所在分区没有登记，或在判定日没有生效",
            "its zone is not on file, or not in force on the day",
            todo="在“水域滩涂养殖分区”填这个分区编号和起止日期",
            todo_en="file the zone with its days in the form of zones",
        )
    kind = in_force[0]["zone_kind"]
    row = {name: calc[name] for name in ("left", "leave_due", "mend_due", "mended")}
    state = state_of(row | {"licence_until": calc["licence_until"]}, kind, today)
    last = calc["left"] if state == GONE else today
    is_due = calc["leave_due"] is not None
    late = max(0, (last - calc["leave_due"]).days) if is_due else 0
    area = calc["area"]
    outputs: dict[str, Any] = {
        "zone": calc.step("所在分区", f"{in_force[0]['title']}（{ZONES[kind]}）"),
        "state": calc.step("状态", state),
        "late_days": calc.step("逾期天数", late, "天"),
        "farmed": calc.step("在养面积", 0.0 if state == GONE else area, "公顷"),
        "area_left": calc.step("退出面积", area if state == GONE else 0.0, "公顷"),
    }
    if calc["compensation"] is None:
        return outputs
    if calc["paid"] is None:
        calc.warn("没有填已付补偿，未付补偿不给出")
        return outputs
    unpaid = calc["compensation"] - calc["paid"]
    return outputs | {"unpaid": calc.step("未付补偿", unpaid, "万元", "核定补偿 － 已付补偿")}


def _day(name: str, zh: str, *, optional: bool = True) -> Input:
    return Input(name, zh, kind="date", optional=optional)


DAYS_OF_FARM = (
    _day("licence_until", "养殖证有效期至"),
    _day("leave_due", "退出期限"),
    _day("left", "退出日期"),
    _day("mend_due", "整改期限"),
    _day("mended", "整改完成日期"),
)
KIND = Input("zone_kind", "分区类别", kind="choice", choices=ZONES)
DAYS_OF_ZONE = (_day("begins", "生效日期", optional=False), _day("ends", "有效期至"))
RULES = (
    Rule(
        id="farming.zone",
        title_zh="水域滩涂养殖分区执行情况",
        title_en="A zone of waters for farming",
        law=LAW,
        inputs=(
            KIND,
            Input("area", "分区面积", unit="公顷"),
            Input("most_area", "养殖面积上限", unit="公顷", optional=True),
            *DAYS_OF_ZONE,
            Input(
                name="farms",
                zh="区内各户",
                kind="rows",
                optional=True,
                fields=(
                    Input("name", "养殖户名称", kind="text"),
                    Input("area", "养殖面积", unit="公顷"),
                    *DAYS_OF_FARM,
                ),
            ),
            _day("looked_at", "判定日", optional=False),
        ),
        outputs=(
            Output("state", "分区状态"),
            Output("verdict", "结论"),
            *(Output(f"{code}_area", f"{zh}面积", unit="公顷") for code, zh in ZONES.items()),
            Output("within", "区内养殖户", unit="户"),
            Output("area_within", "区内养殖面积", unit="公顷"),
            Output("left", "已退出", unit="户"),
            Output("late", "逾期未退", unit="户"),
            Output("late_area", "逾期未退面积", unit="公顷"),
            Output("late_names", "逾期未退的养殖户"),
            Output("unlicensed", "没有有效养殖证", unit="户"),
            Output("over", "超上限面积", unit="公顷"),
        ),
        compute=zone,
        confidence="recalled",
    ),
    Rule(
        id="farming.farm",
        title_zh="养殖户退出、整改与养殖证",
        title_en="A farm in a zone of waters",
        law=LAW,
        inputs=(
            Input("area", "养殖面积", unit="公顷"),
            *DAYS_OF_FARM,
            Input("compensation", "核定补偿", unit="万元", optional=True),
            Input("paid", "已付补偿", unit="万元", optional=True),
            Input(
                name="zones",
                zh="所在分区",
                kind="rows",
                optional=True,
                fields=(Input("title", "分区名称", kind="text"), KIND, *DAYS_OF_ZONE),
            ),
            _day("looked_at", "判定日", optional=False),
        ),
        outputs=(
            Output("zone", "所在分区"),
            Output("state", "状态"),
            Output("late_days", "逾期天数", unit="天"),
            Output("farmed", "在养面积", unit="公顷"),
            Output("area_left", "退出面积", unit="公顷"),
            Output("unpaid", "未付补偿", unit="万元"),
        ),
        compute=farm,
        confidence="recalled",
    ),
)
