"""Discharge permits month by month, and the fines imposed under them: within the span of the law,
paid in time, what is added for delay.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.public.formulas import fine_for_delay, share_of_permit
from hengtan.instruments.public.permit_fines import ACTS as ACTS_FINED
from hengtan.instruments.public.permit_fines import BOOKS
from hengtan.instruments.public.permits import NOISE, over_fine
from hengtan.instruments.rule import Output, Rule

LAW = "排污许可管理条例 第三十四条；生态环境法典 第一千一百零三条"
PAY_LAW, DELAY_LAW = "行政处罚法 第六十七条", "行政处罚法 第七十二条"
REPORT, ENDS = "report", ("min", "max")
ACTS = {**ACTS_FINED, REPORT: "未按规定提交执行报告"}


def month(calc: Calc) -> dict[str, Any]:
    """A month of a permit: highest daily mean against the permitted concentration, the amount of
    the month against a monthly one, the year so far against the yearly one; with the spans of the
    fine in force in that month.
    """
    over, shares, noise = [], [], True
    for row in calc["outlets"]:
        exceeded = _exceeded(calc, row)
        over += exceeded
        noise = noise and (not exceeded or NOISE in row["name"])
        if row["annual"]:
            shares.append(share_of_permit(row["so_far"], row["annual"]))
    outputs: dict[str, Any] = {
        "over": float(len(over)),
        "verdict": calc.step("结论", f"超许可：{'、'.join(over)}" if over else "未超许可"),
    }
    if shares:
        outputs["share_of_year"] = calc.step(
            "年许可量已用（最高一项）", max(shares), "%", "年初至本月累计 ÷ 年许可量"
        )
    return outputs | (over_fine(calc, over, noise) if over else {})


def _exceeded(calc: Calc, row: Mapping[str, Any]) -> list[str]:
    """What of an outlet and pollutant is over its permit in the month. Raises HengtanError for one
    without any limit.
    """
    name = row["name"]
    checks = (
        ("浓度", row["measured"], row["limit"], ""),
        ("月排放量", row["emitted"], row["monthly"], "吨"),
        ("年初累计排放量", row["so_far"], row["annual"], "吨"),
    )
    if all(allowed is None for _, _, allowed, _ in checks):
        raise calc.refuse(
            f"“{name}”在这个月没有许可限值",
            f"'{name}' has no limit in this month",
            todo="在“许可排放限值”里按副本填，起始日期不晚于这个月",
            todo_en="fill its limits from the permit",
        )
    exceeded = []
    for zh, actual, allowed, unit in checks:
        if allowed is None or actual is None:
            continue
        calc.step(f"{name} {zh}", actual, unit=unit, how=f"许可 {allowed:g}")
        is_running = zh == "年初累计排放量"
        if row["passes"] if is_running else actual > allowed:
            exceeded.append(f"{name}{'自本月起超年许可量' if is_running else zh}")
    return exceeded


def fine_imposed(calc: Calc) -> dict[str, Any]:
    """A fine imposed under a permit: whether it lies within the span of the day of the violation,
    when it is due, and what is added by the day where it is late.

    行政处罚法 第六十七条 (15 days from receipt) and 第七十二条 (3 % a day, not above the fine).
    """
    fine, served, paid = calc["fine"], calc["served"], calc["paid"]
    due = served + timedelta(days=int(calc.param("penalty.pay_days")))
    calc.step("缴款期限", due.isoformat(), how=f"{served}收到决定书起15日内", clause=PAY_LAW)
    late = max(((paid or calc["looked_at"] or calc.day) - due).days, 0)
    added = 0.0
    if late:
        added = fine_for_delay(fine, late, calc.param("penalty.delay_rate"))
        how = f"逾期{late}天，不超过罚款本数"
        calc.step("可加处罚款", added, "元", how, DELAY_LAW)
    state = "缴清" if paid else "未缴"
    return {
        "verdict": calc.step("罚款幅度", _within(calc, fine)),
        "due": due.isoformat(),
        "state": calc.step("缴款", f"逾期{late}天{state}" if late else state),
        "fine": fine,
        "added": added,
    }


def _within(calc: Calc, fine: float) -> str:
    """Where a fine lies in the spans of the law, each book by itself.

    Raises HengtanError where no book has a fine for the act on the day.
    """
    if calc["act"] == REPORT:
        spans = [("permit.report_fine", "", calc["times"], "排污许可管理条例 第三十七条")]
    else:
        act = f"{calc['act']}.noise." if calc["noise"] else f"{calc['act']}."
        spans = [(parameter, act, 1, law) for parameter, _, law in BOOKS.values()]
    placed = []
    for parameter, act, times, law in spans:
        if f"{act}max" in calc.parameters.keys(parameter):
            low, high = (times * calc.param(parameter, f"{act}{end}") for end in ENDS)
            placed.append(_placed(fine, low, high, law))
    if not placed:
        raise calc.refuse(
            f"{calc.day}没有读到“{ACTS[calc['act']]}”的罚则",
            f"no fine was read for '{calc['act']}' on {calc.day}",
            todo="核对违法行为与日期；法典罚则自2026-08-15起",
            todo_en="check the act and the day; the code's fines begin on 2026-08-15",
        )
    if len(placed) > 1:
        calc.warn("条例与法典的罚款幅度不同，同一行为适用哪一部须由法务确认，结果两者都列")
    return "；".join(placed)


def _placed(fine: float, low: float, high: float, law: str) -> str:
    where = "低于下限" if fine < low else "高于上限" if fine > high else "在幅度内"
    return f"{law}（{low:.0f}—{high:.0f}元）：{where}"


RULES = (
    Rule(
        id="permit.month",
        title_zh="排污许可逐月核对（浓度、月量、年初累计）",
        title_en="A discharge permit month by month",
        law=LAW,
        valid_from=date(2021, 3, 1),
        inputs=(
            Input(
                name="outlets",
                zh="排放口",
                kind="rows",
                fields=(
                    Input("name", "排放口与污染物", kind="text"),
                    Input("emitted", "本月排放量", unit="吨"),
                    Input("monthly", "月许可排放量", unit="吨", optional=True),
                    Input("measured", "最高日均浓度", optional=True),
                    Input("limit", "许可浓度", optional=True),
                    Input("so_far", "年初累计排放量", unit="吨"),
                    Input("annual", "年许可排放量", unit="吨", optional=True),
                    Input("passes", "本月起超年许可量", kind="flag", default=False),
                ),
            ),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("over", "超许可", unit="项"),
            Output("share_of_year", "年许可量已用", unit="%"),
            Output("over_fine_min", "超许可：罚款下限（条例）", unit="元"),
            Output("over_fine_max", "超许可：罚款上限（条例）", unit="元"),
            Output("code_over_fine_min", "超许可：罚款下限（法典）", unit="元"),
            Output("code_over_fine_max", "超许可：罚款上限（法典）", unit="元"),
        ),
        compute=month,
        needs=("permit.fine", "code.fine"),
    ),
    Rule(
        id="permit.fine_imposed",
        title_zh="排污许可处罚决定（幅度、缴款、加处）",
        title_en="A fine under a discharge permit",
        law=f"{LAW}；{PAY_LAW}；{DELAY_LAW}",
        valid_from=date(2021, 7, 15),
        inputs=(
            Input("act", "违法行为", kind="choice", choices=ACTS),
            Input("times", "次数", kind="whole", default=1, least=1),
            Input("noise", "工业噪声", kind="flag", default=False),
            Input("fine", "罚款金额", unit="元"),
            Input("served", "送达日期", kind="date"),
            Input("paid", "缴清日期", kind="date", optional=True),
            Input("looked_at", "查看日", kind="date", optional=True),
        ),
        outputs=(
            Output("verdict", "罚款幅度"),
            Output("due", "缴款期限"),
            Output("state", "缴款"),
            Output("fine", "罚款", unit="元"),
            Output("added", "可加处罚款", unit="元"),
        ),
        compute=fine_imposed,
        needs=(
            "permit.report_fine",
            "permit.fine",
            "code.fine",
            "penalty.pay_days",
            "penalty.delay_rate",
        ),
    ),
)
