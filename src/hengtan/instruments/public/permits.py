"""Discharge permits: how long one is valid and when renewal is due, and whether a unit kept to it:
amounts, concentrations, reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import years_later
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

LAW = "排污许可管理条例"
OVER = "over_permit"
OVER_LAW, CODE_LAW = f"{LAW} 第三十四条", "生态环境法典 第一千一百零三条"
NOISE = "噪声"
PAPERS = {"permit": "排污许可证", "registration": "排污登记表"}


def renewal(calc: Calc) -> dict[str, Any]:
    """A discharge permit is valid for five years; to go on, renewal is applied for 60 days before
    it ends (排污许可管理条例 第十四条; 生态环境法典 第一百八十二条 has the same years). A
    registration is valid for five years from the code on (第一百八十六条).
    """
    issued, registration = calc["issued"], calc["kind"] == "registration"
    years = int(calc.param("permit.register_years" if registration else "permit.valid_years"))
    end = years_later(issued, years) - timedelta(days=1)
    if registration:
        state = "已过期" if calc.day > end else "有效"
        return {
            "ends": calc.step("有效期至", end.isoformat()),
            "state": calc.step("状态", state),
        }
    days = int(calc.param("permit.renewal_days"))
    apply_by = end - timedelta(days=days)
    state = "已过期" if calc.day > end else "应申请延续" if calc.day >= apply_by else "有效"
    return {
        "ends": calc.step("有效期至", end.isoformat()),
        "apply_by": calc.step("延续申请不晚于", apply_by.isoformat(), how=f"届满前{days}日"),
        "state": calc.step("状态", state),
    }


def compliance(calc: Calc) -> dict[str, Any]:
    """Whether a unit kept to its permit: emitted against permitted amounts [t a year], measured
    against permitted concentrations, reports against the days the permit sets; each report not
    handed in is fined by itself. [yuan]

    排污许可管理条例 第二十二条 (content, frequency and days are those of the permit) and 第三十七条
    (5,000–20,000 yuan a time). Emission above the permit has its own fine.
    """
    rows = [(row, _over(calc, row)) for row in calc["emissions"] or ()]
    over = [name for _, names in rows for name in names]
    missing, late = _reports(calc)
    wrong = (("超许可", over), ("未报", missing), ("迟报", late))
    verdict = "；".join(f"{zh}：{'、'.join(names)}" for zh, names in wrong if names)
    outputs: dict[str, Any] = {
        "over": float(len(over)),
        "missing": float(len(missing)),
        "late": float(len(late)),
        "verdict": verdict or "符合",
    }
    times = len(missing) + len(late)
    if times:
        outputs |= _fine(calc, times)
    if over:
        noise = all(NOISE in row["name"] for row, names in rows if names)
        outputs |= over_fine(calc, over, noise)
    return outputs


def over_fine(calc: Calc, over: list[str], noise: bool) -> dict[str, float]:
    """Span of the fine for emission above the permit. [yuan]

    排污许可管理条例 第三十四条; from 2026-08-15 the code on ecology and environment has a span of
    its own beside it (第一千一百零三条). Both are shown: which applies is not for a rule to say.
    """
    outputs = {}
    for prefix, parameter, act, law in (
        ("over_fine", "permit.fine", OVER, OVER_LAW),
        ("code_over_fine", "code.fine", f"{OVER}.noise" if noise else OVER, CODE_LAW),
    ):
        if f"{act}.min" not in calc.parameters.keys(parameter):
            continue
        for end, zh in (("min", "下限"), ("max", "上限")):
            outputs[f"{prefix}_{end}"] = calc.step(
                f"超许可排放：罚款{zh}",
                calc.param(parameter, f"{act}.{end}"),
                unit="元",
                how=f"{'、'.join(over)}；一次违法行为",
                clause=law,
            )
    if len(outputs) > len(("min", "max")):
        calc.warn("条例与法典的罚款幅度不同，同一行为适用哪一部须由法务确认，结果两者都列")
    calc.warn("罚款由主管部门在幅度内裁量；按日连续处罚、限产停产没有计入")
    return outputs


def _over(calc: Calc, row: Mapping[str, Any]) -> list[str]:
    """What of an outlet and pollutant is over its permit, each figure told as a step."""
    name = row["name"]
    if row["permitted"] is None and row["limit"] is None:
        raise calc.refuse(
            f"“{name}”没有许可量，也没有许可浓度",
            f"'{name}' has neither a permitted amount nor a limit",
            todo="按许可证副本填",
            todo_en="fill it from the permit",
        )
    over = []
    for zh, actual, allowed, unit in (
        ("年排放量", row["emitted"], row["permitted"], "吨"),
        ("浓度", row["measured"], row["limit"], ""),
    ):
        if allowed is None:
            continue
        if actual is None:
            raise calc.refuse(
                f"“{name}”给了许可{zh}，没有给实际{zh}",
                f"'{name}' lacks its actual figure",
                todo="补上实际数",
                todo_en="give it",
            )
        how = f"许可 {allowed:g}，{'超出' if actual > allowed else '未超'}"
        calc.step(f"{name} {zh}", actual, unit=unit, how=how)
        if actual > allowed:
            over.append(f"{name}{zh}")
    return over


def _reports(calc: Calc) -> tuple[list[str], list[str]]:
    """Periods whose report is missing, and those whose report came late."""
    missing, late = [], []
    looked_at = calc["looked_at"] or calc.day
    for row in calc["reports"] or ():
        due = row["due"]
        handed = row["handed"]
        if handed is not None:
            state = "迟报" if handed > due else "已报"
        else:
            state = "逾期未报" if looked_at > due else "未到期"
        if state == "逾期未报":
            missing.append(row["period"])
        elif state == "迟报":
            late.append(row["period"])
        words, clause = f"{row['period']}执行报告", f"{LAW} 第二十二条"
        calc.step(words, state, how=f"应于{due}前", clause=clause)
    return missing, late


def _fine(calc: Calc, times: int) -> dict[str, float]:
    """Span of the fines for reports that are missing or late. [yuan]"""
    low, high = calc.param("permit.report_fine", "min"), calc.param("permit.report_fine", "max")
    words, clause = "未按规定提交报告：罚款下限", f"{LAW} 第三十七条"
    fine_min = calc.step(words, times * low, unit="元", how=f"{times}次 × {low:g}", clause=clause)
    words = "罚款上限"
    fine_max = calc.step(words, times * high, unit="元", how=f"{times}次 × {high:g}", clause=clause)
    if calc.parameters.has("code.ecology_and_environment"):
        calc.warn("生态环境法典2026-08-15起施行，这项罚款是否调整没有核对")
    return {"fine_min": fine_min, "fine_max": fine_max}


RULES = (
    Rule(
        id="permit.renewal",
        title_zh="排污许可证有效期与延续",
        title_en="Renewal of a discharge permit",
        law="排污许可管理条例 第十四条；生态环境法典 第一百八十二、一百八十六条",
        valid_from=date(2021, 3, 1),
        inputs=(
            Input("issued", "发证日期", kind="date", aliases=("登记日期",)),
            Input("kind", "证件", kind="choice", choices=PAPERS, default="permit"),
        ),
        outputs=(
            Output("ends", "有效期至"),
            Output("apply_by", "延续申请不晚于"),
            Output("state", "状态"),
        ),
        compute=renewal,
        needs=("permit.valid_years", "permit.renewal_days", "permit.register_years"),
    ),
    Rule(
        id="permit.compliance",
        title_zh="排污许可执行情况（量、浓度、报告）",
        title_en="Whether a discharge permit was kept",
        law="排污许可管理条例 第二十二、三十四、三十七条；生态环境法典 第一千一百零三条",
        valid_from=date(2021, 3, 1),
        inputs=(
            Input(
                name="emissions",
                zh="排放",
                kind="rows",
                optional=True,
                fields=(
                    Input("name", "排放口与污染物", kind="text", aliases=("污染物",)),
                    Input(
                        name="permitted",
                        zh="许可年排放量",
                        unit="吨",
                        optional=True,
                        aliases=("许可量",),
                    ),
                    Input(
                        name="emitted",
                        zh="实际年排放量",
                        unit="吨",
                        optional=True,
                        aliases=("实际量", "排放量"),
                    ),
                    Input("limit", "许可浓度", optional=True),
                    Input("measured", "实测浓度", optional=True),
                ),
            ),
            Input(
                name="reports",
                zh="执行报告",
                kind="rows",
                optional=True,
                fields=(
                    Input("period", "报告期", kind="text"),
                    Input("due", "应报日期", kind="date", note="按许可证副本"),
                    Input("handed", "实报日期", kind="date", optional=True),
                ),
            ),
            Input(
                name="looked_at",
                zh="查看日",
                kind="date",
                optional=True,
                note="到这一天没有报的算逾期；不填按案例日期",
            ),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("over", "超许可", unit="项"),
            Output("missing", "逾期未报", unit="项"),
            Output("late", "迟报", unit="项"),
            Output("fine_min", "报告：罚款下限", unit="元"),
            Output("fine_max", "报告：罚款上限", unit="元"),
            Output("over_fine_min", "超许可：罚款下限（条例）", unit="元"),
            Output("over_fine_max", "超许可：罚款上限（条例）", unit="元"),
            Output("code_over_fine_min", "超许可：罚款下限（法典）", unit="元"),
            Output("code_over_fine_max", "超许可：罚款上限（法典）", unit="元"),
        ),
        compute=compliance,
        needs=("permit.report_fine", "permit.fine", "code.fine"),
        note_zh="持证不足三个月的年度、不足一个月的季度、不足十日的月份可不报（HJ 944-2018）："
        "不列入即可。",
    ),
)
