"""Cases that go from environmental enforcement to criminal justice, and examples made public.

Days are those of 行政执法机关移送涉嫌犯罪案件的规定 (State Council order 310, revised 2020).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

LAW = "行政执法机关移送涉嫌犯罪案件的规定"


def transfer(calc: Calc) -> dict[str, Any]:
    """In whose hands a case is, what each of the five agencies sees, and the days by which the next
    of them has to act.

    The head decides within days of the report, an approved case goes to the police within a day,
    the police decide within days of receiving it; refusal may be reviewed within days of the
    notice. A day that falls on a holiday is not moved.
    """
    days = _days(calc)
    late = [zh for zh, by, done in days.values() if min(done or calc.day, calc.day) > by]
    holder, stage = _holder(calc)
    outputs: dict[str, Any] = {f"{name}_by": by.isoformat() for name, (_, by, _) in days.items()}
    for zh, by, done in days.values():
        how = f"应于{by}以前"
        calc.step(zh, done.isoformat() if done else "未办", how=how, clause=LAW)
    outputs |= {
        "environment": _environment(calc),
        "police": _police(calc),
        "procuratorate": _later(calc, "prosecuted", "已起诉", "supervised", "立案监督"),
        "court": _later(calc, "judged", "已判决", "prosecuted", "待判决"),
        "justice": "已检查" if calc["checked"] else "未检查",
        "late": calc.step("逾期", float(len(late)), "步", "、".join(late)),
        "exposures": float(calc["exposures"] or 0),
        "holder": calc.step("在谁手里", holder, how=stage),
    }
    return outputs | {"verdict": f"{holder}：{stage}" if holder != "办结" else "办结"}


def _days(calc: Calc) -> dict[str, tuple[str, date, date | None]]:
    """Each step that can be due: words, the last day, and the day it was done."""
    steps = {"approve": ("决定是否移送", calc["reported"], calc["approved"] or calc["refused"])}
    if calc["approved"]:
        steps["send"] = ("移送公安机关", calc["approved"], calc["sent"])
    if calc["received"]:
        steps["decide"] = ("公安机关决定", calc["received"], calc["decided"])
    if calc["decided"] and not calc["filed"] and calc["notified"]:
        done = calc["review_asked"] or calc["supervised"]
        steps["review"] = ("提请复议或建议监督", calc["notified"], done)
    days = {}
    for name, (zh, begins, done) in steps.items():
        allowed = timedelta(days=calc.param(f"link.{name}_days"))
        days[name] = (zh, begins + allowed, done)
    return days


def _holder(calc: Calc) -> tuple[str, str]:
    """The agency whose move it is, and what it has to do."""
    if calc["closed"] or calc["judged"]:
        return "办结", "已判决" if calc["judged"] else "已办结"
    if calc["prosecuted"]:
        return "法院", "待判决"
    if calc["filed"]:
        return ("公安", "侦查") if not calc["supervised"] else ("检察院", "审查起诉")
    if calc["supervised"]:
        return "检察院", "立案监督"
    if calc["decided"]:
        return ("公安", "复议") if calc["review_asked"] else ("生态环境", "不予立案，可提请复议")
    if calc["sent"]:
        return "公安", "决定是否立案" if calc["received"] else "接受案件"
    if calc["refused"]:
        return "生态环境", "不移送，继续行政处罚"
    return "生态环境", "移送" if calc["approved"] else "决定是否移送"


def _environment(calc: Calc) -> str:
    if calc["sent"]:
        return "已移送"
    if calc["refused"]:
        return "不移送"
    return "待移送" if calc["approved"] else "待批准"


def _police(calc: Calc) -> str:
    if calc["decided"]:
        return "已立案" if calc["filed"] else "不予立案"
    return "待决定" if calc["received"] else "未收到"


def _later(calc: Calc, last: str, zh: str, before: str, before_zh: str) -> str:
    """What a later agency sees: its last step, the step before, or nothing yet."""
    if calc[last]:
        return zh
    return before_zh if calc[before] else "未到"


def rectified(calc: Calc) -> dict[str, Any]:
    """Where an example made public stands: a bad one is put right by its due day and verified."""
    published, due = calc["published"], calc["due"]
    done, verified = calc["rectified"], calc["verified"]
    late = due is not None and min(done or calc.day, calc.day) > due
    if calc["category"] == "good":
        state = "已宣传" if published else "待公布"
    elif verified:
        state = "已销号"
    elif done:
        state = "已整改，待核实"
    elif late:
        state = "整改逾期"
    else:
        state = "已曝光，待整改" if published else "待公布"
    calc.step("状态", state, how=f"整改期限 {due}" if due else "")
    is_late = late and calc["category"] == "bad"
    return {"state": state, "late": "逾期" if is_late else "未逾期"}


def _day(name: str, zh: str, *, optional: bool = True) -> Input:
    return Input(name, zh, kind="date", optional=optional)


RULES = (
    Rule(
        id="link.transfer",
        title_zh="行政执法与刑事司法衔接",
        title_en="A case from enforcement to criminal justice",
        law=LAW,
        valid_from=date(2001, 7, 9),
        inputs=(
            _day("reported", "移送报告日期", optional=False),
            _day("approved", "批准移送日期"),
            _day("refused", "不批准日期"),
            _day("sent", "移送日期"),
            _day("received", "公安接受日期"),
            _day("decided", "公安决定日期"),
            Input("filed", "立案", kind="flag", optional=True),
            _day("notified", "收到决定日期"),
            _day("review_asked", "提请复议日期"),
            _day("supervised", "检察监督日期"),
            _day("prosecuted", "起诉日期"),
            _day("judged", "判决日期"),
            _day("checked", "司法行政检查日期"),
            _day("closed", "办结日期"),
            Input("exposures", "曝光次数", kind="whole", optional=True),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("holder", "在谁手里"),
            Output("environment", "生态环境所见"),
            Output("police", "公安所见"),
            Output("procuratorate", "检察院所见"),
            Output("court", "法院所见"),
            Output("justice", "司法行政所见"),
            Output("late", "逾期", unit="步"),
            Output("exposures", "曝光次数", unit="次"),
            Output("approve_by", "决定移送不晚于"),
            Output("send_by", "移送不晚于"),
            Output("decide_by", "公安决定不晚于"),
            Output("review_by", "提请复议不晚于"),
        ),
        compute=transfer,
        needs=("link.approve_days", "link.send_days", "link.decide_days", "link.review_days"),
    ),
    Rule(
        id="example.rectified",
        title_zh="正反面事例的公布与整改",
        title_en="An example made public and put right",
        law="工作方案保障措施（宣传先进典型，曝光反面事例）",
        inputs=(
            Input(
                name="category",
                zh="事例类别",
                kind="choice",
                choices={"good": "先进典型", "bad": "反面曝光"},
            ),
            _day("published", "公布日期"),
            _day("due", "整改期限"),
            _day("rectified", "整改完成日期"),
            _day("verified", "核实销号日期"),
        ),
        outputs=(Output("state", "状态"), Output("late", "是否逾期")),
        compute=rectified,
        confidence="derived",
    ),
)
