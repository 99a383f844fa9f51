"""Penalties of the carbon markets: allowances not surrendered, reports not handed in, false data,
verifiers and laboratories.

碳排放权交易管理暂行条例 (from 2024-05-01); from 2026-08-15 生态环境法典 第一千二百二十六条 for
allowances and reports. That the ordinance still rules false data beside the code is inferred.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import years_later
from hengtan.instruments.inputs import Input
from hengtan.instruments.market import formulas as f
from hengtan.instruments.one_formula import formula_rule
from hengtan.instruments.rule import Output, Rule

ORDINANCE = "碳排放权交易管理暂行条例"
CODE = "生态环境法典 第一千二百二十六条"
ENDS = (("min", "下限"), ("max", "上限"))
SERVICES = {"service": "技术服务机构（报告编制、技术审核）", "testing": "检验检测机构"}
FINE = (Output("fine_min", "罚款下限", unit="元"), Output("fine_max", "罚款上限", unit="元"))
PERSON = (
    Output("person_min", "责任人员罚款下限", unit="元"),
    Output("person_max", "责任人员罚款上限", unit="元"),
)


def _fine(unsurrendered: float, price: float, low: float, high: float) -> dict[str, float]:
    return {
        "fine_min": f.penalty(unsurrendered, price, low),
        "fine_max": f.penalty(unsurrendered, price, high),
        "deducted": unsurrendered,
    }


def two_stages(calc: Calc) -> dict[str, float]:
    """Fines under the code: a fixed span with the order to mend, then 5–10 × the mean price for
    what is still not surrendered when its time is over. [yuan]

    Nothing is deducted from next year's allowances: the code does not say so.
    """
    late = calc["unsurrendered"] > 0
    outputs = {}
    for end, zh in ENDS:
        first = calc.param(f"ets.penalty.late_fine.{end}") if late else 0.0
        how = "未按期足额清缴，责令限期改正并处" if late else "已按期足额清缴"
        outputs[f"late_fine_{end}"] = calc.step(f"第一步：罚款{zh}", first, "元", how, CODE)
    if calc["still_unsurrendered"] is None:
        if late:
            calc.warn(
                "没有给限期届满仍未清缴的配额，只列第一步的罚款；届满仍未清缴的另按均价倍数处罚"
            )
        return outputs
    if calc["still_unsurrendered"] > calc["unsurrendered"]:
        raise calc.refuse(
            "限期届满仍未清缴的多于未按期清缴的",
            "more is lacking after the time to mend than before",
            todo="核对两个数",
            todo_en="check both",
        )
    if calc["still_unsurrendered"] and calc["price"] is None:
        raise calc.refuse(
            "缺清缴时限前一个月平均成交价（price）",
            "price is missing",
            todo="补上，单位元/吨",
            todo_en="give it in yuan a tonne",
        )
    for end, zh in ENDS:
        times = calc.param(f"ets.penalty.{end}")
        fine = f.penalty(calc["still_unsurrendered"], calc["price"] or 0.0, times)
        how = f"届满仍未清缴 × 均价 × {times:g}倍"
        outputs[f"fine_{end}"] = calc.step(f"第二步：罚款{zh}", fine, "元", how, CODE)
        total = outputs[f"late_fine_{end}"] + fine
        outputs[f"total_{end}"] = calc.step(f"合计{zh}", total, "元")
    calc.warn("法典没有写等量核减下一年度配额，可以责令停产整治")
    return outputs


def _by_gain(calc: Calc, parameter: str, prefix: str, law: str) -> dict[str, float]:
    """A multiple of the illegal gain, or a fixed span where there is none or little. [yuan]"""
    little = not calc["gain"] or calc["gain"] < calc.param(parameter, f"{prefix}gain_from")
    outputs = {}
    for end, zh in ENDS:
        if little:
            fine, how = (
                calc.param(parameter, f"{prefix}fine_{end}"),
                "没有违法所得或不足界线，按定额",
            )
        else:
            times = calc.param(parameter, f"gain_{end}")
            fine, how = times * calc["gain"], f"违法所得的{times:g}倍"
        outputs[f"fine_{end}"] = calc.step(f"罚款{zh}", fine, "元", how, law)
    for end, zh in ENDS:
        person = calc.param(parameter, f"person_{end}")
        outputs[f"person_{end}"] = calc.step(f"责任人员罚款{zh}", person, "元", clause=law)
    return outputs


def false_data(calc: Calc) -> dict[str, float]:
    """False data (第二十二条): 5–10 × the illegal gain, or 0.5–2 million yuan where it is below
    0.5 million; refusal to mend cuts next year's allowances by 50–100 %. [yuan, t]
    """
    law = f"{ORDINANCE} 第二十二条"
    outputs = _by_gain(calc, "ets.penalty_data", "", law)
    if not calc["refuses"]:
        return outputs
    if calc["next_year"] is None:
        raise calc.refuse(
            "拒不改正的要给下一年度配额（next_year）",
            "next year's allowances are missing",
            todo="补上",
            todo_en="give next_year",
        )
    for end, zh in ENDS:
        share = calc.param("ets.penalty_data", f"cut_{end}")
        cut, how = share * calc["next_year"], f"下一年度配额的{share:.0%}"
        outputs[f"cut_{end}"] = calc.step(f"核减{zh}", cut, "吨", how, law)
    return outputs


def verifier(calc: Calc) -> dict[str, Any]:
    """A verifier's or laboratory's false report (第二十三条): 5–10 × the illegal gain, or a fixed
    span; persons are fined and barred for years. [yuan, day]

    From which gain on a laboratory's fine is a multiple was not read: it raises.
    """
    law, parameter, kind = f"{ORDINANCE} 第二十三条", "ets.penalty_verifier", calc["kind"]
    outputs: dict[str, Any] = _by_gain(calc, parameter, f"{kind}.", law)
    years = int(calc.param(parameter, "ban_years"))
    until = years_later(calc.day, years).isoformat()
    outputs["barred_until"] = calc.step("个人禁入至", until, how=f"{years}年，自案例日期起算")
    return outputs


def not_reported(calc: Calc) -> dict[str, Any]:
    """Figures or the report not handed in: a fixed span; refusal may stop production. [yuan]"""
    outputs: dict[str, Any] = {}
    for end, zh in ENDS:
        fine = calc.param(f"ets.penalty_report.{end}")
        outputs[f"fine_{end}"] = calc.step(f"罚款{zh}", fine, "元", clause=calc.rule.law)
    further = "可以责令停产整治" if calc["refuses"] else "无"
    outputs["further"] = calc.step("拒不改正的后果", further)
    return outputs


GAIN = Input("gain", "违法所得", unit="元", default=0.0)
REPORT_INPUTS = (Input("refuses", "拒不改正", kind="flag", default=False),)
RULES = (
    formula_rule(
        id="ets.penalty",
        title_zh="碳市场·未足额清缴罚款（至2026-08-14）",
        title_en="Carbon market, fine for allowances not surrendered",
        law=f"{ORDINANCE} 第二十四条",
        valid_from=date(2024, 5, 1),
        valid_to=date(2026, 8, 14),
        inputs=(
            Input("unsurrendered", "未清缴配额", unit="吨"),
            Input("price", "清缴时限前一个月平均成交价", unit="元/吨", aliases=("平均价",)),
        ),
        outputs=(*FINE, Output("deducted", "拒不改正时等量核减下一年度配额", unit="吨")),
        formula=_fine,
        parameters={"low": ("ets.penalty.min", ""), "high": ("ets.penalty.max", "")},
        how="未清缴量 × 均价 × 5—10倍",
        note_zh="案例日期取清缴期满之日",
    ),
    Rule(
        id="ets.penalty",
        title_zh="碳市场·未足额清缴罚款（2026-08-15起，先罚后倍数两步）",
        title_en="Carbon market, fine for allowances not surrendered, under the code",
        law=CODE,
        valid_from=date(2026, 8, 15),
        inputs=(
            Input("unsurrendered", "未清缴配额", unit="吨", note="清缴期满时"),
            Input(
                name="still_unsurrendered",
                zh="限期届满仍未清缴的配额",
                unit="吨",
                optional=True,
                note="责令限期改正，届满时仍缺的；全部补足填0",
            ),
            Input(
                name="price",
                zh="清缴时限前一个月平均成交价",
                unit="元/吨",
                optional=True,
                aliases=("平均价",),
            ),
        ),
        outputs=(
            Output("late_fine_min", "第一步：罚款下限", unit="元"),
            Output("late_fine_max", "第一步：罚款上限", unit="元"),
            Output("fine_min", "第二步：罚款下限", unit="元"),
            Output("fine_max", "第二步：罚款上限", unit="元"),
            Output("total_min", "合计下限", unit="元"),
            Output("total_max", "合计上限", unit="元"),
        ),
        compute=two_stages,
        needs=(
            "ets.penalty.late_fine.min",
            "ets.penalty.late_fine.max",
            "ets.penalty.min",
            "ets.penalty.max",
        ),
        note_zh="案例日期取清缴期满之日",
    ),
    Rule(
        id="ets.penalty_report",
        title_zh="碳市场·未报送排放数据、年度报告罚款（至2026-08-14）",
        title_en="Carbon market, fine for reports not handed in",
        law=f"{ORDINANCE} 第二十一条",
        valid_from=date(2024, 5, 1),
        valid_to=date(2026, 8, 14),
        inputs=REPORT_INPUTS,
        outputs=(*FINE, Output("further", "拒不改正的后果")),
        compute=not_reported,
        needs=("ets.penalty_report.min", "ets.penalty_report.max"),
    ),
    Rule(
        id="ets.penalty_report",
        title_zh="碳市场·未报送排放数据、年度报告罚款（2026-08-15起）",
        title_en="Carbon market, fine for reports not handed in, under the code",
        law=CODE,
        valid_from=date(2026, 8, 15),
        inputs=REPORT_INPUTS,
        outputs=(*FINE, Output("further", "拒不改正的后果")),
        compute=not_reported,
        needs=("ets.penalty_report.min", "ets.penalty_report.max"),
    ),
    Rule(
        id="ets.penalty_data",
        title_zh="碳市场·数据弄虚作假罚款",
        title_en="Carbon market, fine for false data",
        law=f"{ORDINANCE} 第二十二条",
        valid_from=date(2024, 5, 1),
        inputs=(
            GAIN,
            Input("refuses", "拒不改正", kind="flag", default=False),
            Input("next_year", "下一年度配额", unit="吨", optional=True),
        ),
        outputs=(
            *FINE,
            *PERSON,
            Output("cut_min", "核减下限", unit="吨"),
            Output("cut_max", "核减上限", unit="吨"),
        ),
        compute=false_data,
        needs=("ets.penalty_data",),
    ),
    Rule(
        id="ets.penalty_verifier",
        title_zh="碳市场·技术服务与检测机构罚款",
        title_en="Carbon market, fine for verifiers and laboratories",
        law=f"{ORDINANCE} 第二十三条",
        valid_from=date(2024, 5, 1),
        inputs=(Input("kind", "机构", kind="choice", choices=SERVICES), GAIN),
        outputs=(*FINE, *PERSON, Output("barred_until", "个人禁入至")),
        compute=verifier,
        needs=("ets.penalty_verifier",),
    ),
)
