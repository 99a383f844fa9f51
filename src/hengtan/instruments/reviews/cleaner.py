"""Cleaner production: who has to be audited, of which kind, when again, and the fine for refusing.

清洁生产促进法 第二十七条 to 2026-08-14; then 生态环境法典 第九百六十七条 and 第一千二百二十一条.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

LAW, CODE, CODE_FINE = (
    "清洁生产促进法 第二十七条",
    "生态环境法典 第九百六十七条",
    "生态环境法典 第一千二百二十一条",
)
TRIGGERED = (
    ("over_standard", "超标准排放", "双超"),
    ("over_total", "超总量控制", "双超"),
    ("over_energy_limit", "超单位产品能耗限额（高耗能）", "高耗能"),
    ("toxic", "使用或排放有毒有害物质", "双有"),
)
"""What triggers a mandatory audit: input, words, kind of the audit; the first kind holds."""
TRIGGERED_BY_CODE = (
    ("over_standard", "超标准排放", "双超"),
    ("over_total", "超重点污染物总量控制指标", "双超"),
    ("toxic", "使用有毒有害原料或排放有毒有害物质", "双有"),
    ("prescribed", "国家规定的其他情形", "其他"),
)
"""The same under the code: energy above the limit is no longer a case of its own."""


def _audited(calc: Calc, triggers: tuple[tuple[str, str, str], ...], law: str) -> dict[str, Any]:
    """Whether an audit is mandatory, of which kind, and when the next is due. [year]

    Raises ParameterNotEstablished where the interval is not read on the day.
    """
    reasons = [zh for name, zh, _ in triggers if calc[name]]
    kind = next((kind for name, _, kind in triggers if calc[name]), "")
    calc.step("触发", "、".join(reasons) or "没有触发条件", clause=law)
    due = ""
    if reasons and calc["last_audit_year"] is not None:
        due = str(int(calc["last_audit_year"] + calc.param("review.cleaner.interval")))
        calc.step("下次审核不晚于", due, "年")
    return {
        "verdict": "应实施强制性清洁生产审核" if reasons else "不强制",
        "kind": kind,
        "due": due,
    }


def by_law(calc: Calc) -> dict[str, Any]:
    """Over standard or cap; over the energy limit of the product; toxic substances."""
    return _audited(calc, TRIGGERED, LAW)


def by_code(calc: Calc) -> dict[str, Any]:
    """Over standard or cap; toxic substances; other cases that the state prescribes. The fine for
    not auditing, faking or not reporting falls where the order to mend is refused. [yuan]
    """
    outputs = _audited(calc, TRIGGERED_BY_CODE, CODE)
    if calc["over_energy_limit"]:
        calc.warn("超单位产品能耗限额在法典里不再单列，只有国家规定列入“其他情形”时才强制审核")
    if calc["refuses"]:
        for end, zh in (("min", "下限"), ("max", "上限")):
            fine = calc.param("review.cleaner.fine", end)
            how = "不实施、弄虚作假、不报告或不如实报告，拒不改正"
            outputs[f"fine_{end}"] = calc.step(f"罚款{zh}", fine, "元", how, CODE_FINE)
    return outputs


TRIGGERS = (
    Input("over_standard", "超标排放", kind="flag", default=False),
    Input("over_total", "超总量控制指标", kind="flag", default=False),
    Input("over_energy_limit", "超单位产品能耗限额", kind="flag", default=False),
    Input("toxic", "使用有毒有害原料或排放有毒有害物质", kind="flag", default=False),
    Input("last_audit_year", "上次审核年份", kind="whole", optional=True),
)
AUDIT = (Output("verdict", "结论"), Output("kind", "类型"), Output("due", "下次审核年份"))
RULES = (
    Rule(
        id="review.cleaner_production",
        title_zh="强制性清洁生产审核（至2026-08-14）",
        title_en="Mandatory cleaner-production audit",
        law=LAW,
        valid_from=date(2012, 7, 1),
        valid_to=date(2026, 8, 14),
        inputs=TRIGGERS,
        outputs=AUDIT,
        compute=by_law,
        needs=("review.cleaner.interval",),
    ),
    Rule(
        id="review.cleaner_production",
        title_zh="强制性清洁生产审核（2026-08-15起）",
        title_en="Mandatory cleaner-production audit under the code",
        law=f"{CODE}；第一千二百二十一条",
        valid_from=date(2026, 8, 15),
        inputs=(
            *TRIGGERS,
            Input("prescribed", "属国家规定的其他情形", kind="flag", default=False),
            Input("refuses", "责令改正后拒不改正", kind="flag", default=False),
        ),
        outputs=(
            *AUDIT,
            Output("fine_min", "罚款下限", unit="元"),
            Output("fine_max", "罚款上限", unit="元"),
        ),
        compute=by_code,
        needs=("review.cleaner.interval", "review.cleaner.fine"),
    ),
)
