"""Effects before a decision: a policy or project beside the targets it moves, and saving potential
by measure with its payback.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

LIGHTS = {
    "green": "绿灯",
    "orange": "橙灯",
    "red": "红灯",
    "grey": "灰灯",
    "met": "已完成",
    "missed": "未完成",
    "due_not_reported": "到期未报",
}
"""Lights of targets, by code."""


def policy(calc: Calc) -> dict[str, Any]:
    """A draft policy or project beside targets: each effect with the target's direction; those that
    move away are conflicts, and how much of what is still to go each takes or brings.

    Effects are the proposer's estimate; one that cannot be set beside its target is told and not
    judged.
    """
    conflicts, helped, unread = [], 0, []
    for row in calc["effects"]:
        if row["effect"] is None or row["direction"] is None:
            unread.append(row["target"])
            continue
        better = row["effect"] if row["direction"] == "higher" else -row["effect"]
        helped += better > 0
        words = "背离" if better < 0 else "有利" if better > 0 else "无影响"
        if better < 0:
            conflicts.append(row["target"])
        if row["to_go"]:
            words += f"，相当于尚差的 {better / row['to_go']:+.1%}"
        if row["light"]:
            words += f"；目标现为{LIGHTS.get(row['light'], row['light'])}"
        calc.step(row["target"], row["effect"], how=words)
    if unread:
        calc.warn(f"没有判断：{'、'.join(unread)}（计量单位与目标不符，或目标方向没有确定）")
    verdict = (
        "与目标一致"
        if not conflicts
        else "有背离项，已附补偿措施"
        if calc["compensation"]
        else "有背离项，须说明补偿措施"
    )
    return {
        "conflicts": ";".join(conflicts),
        "count": len(conflicts),
        "helped": helped,
        "unread": len(unread),
        "verdict": calc.step("结论", verdict, how=calc["compensation"] or ""),
    }


def diagnosis(calc: Calc) -> dict[str, Any]:
    """Saving potential of an energy diagnosis: measures in the order of payback, the saving and
    cost of those within the payback asked, and the share of the unit's energy. [tce, yuan,
    years]
    """
    within = calc.own_or_param("within", "review.diagnosis.within")
    saving = cost = 0.0
    for years, measure in _by_payback(calc["measures"], calc["price"]):
        taken = years <= within
        how = (
            f"投资 {measure['cost']:,.0f} 元，回收期 {years:.1f} 年{'' if taken else '，超出要求'}"
        )
        calc.step(measure["name"], measure["saving"], unit="吨标准煤/年", how=how)
        if taken:
            saving, cost = saving + measure["saving"], cost + measure["cost"]
    if saving > calc["energy"]:
        raise calc.refuse(
            "节能潜力大于用能总量",
            "the saving exceeds the use",
            todo="核对各项节能量（重复计算？）",
            todo_en="check for double counting",
        )
    outputs = {
        "saving": calc.step("可行潜力", saving, "吨标准煤/年"),
        "cost": cost,
        "share": saving / calc["energy"],
    }
    if calc["factor"] is not None:
        outputs["co2"] = saving * calc["factor"]
    return outputs


def _by_payback(
    measures: Sequence[Mapping[str, Any]], price: float
) -> list[tuple[float, Mapping[str, Any]]]:
    """Measures with their years of payback, the shortest first, then by name. [a]"""
    paid_back = []
    for measure in measures:
        yearly = measure["saving"] * price
        paid_back.append((measure["cost"] / yearly if yearly > 0 else math.inf, measure))
    return sorted(paid_back, key=lambda pair: (pair[0], pair[1]["name"]))


RULES = (
    Rule(
        id="policy.green_check",
        title_zh="重大政策与项目的绿色转型影响核对",
        title_en="Policy beside the targets",
        law="重庆市全面绿色转型行动计划（统筹要求）；影响由提出方测算",
        inputs=(
            Input(
                name="effects",
                zh="影响",
                kind="rows",
                fields=(
                    Input("target", "目标", kind="text"),
                    Input(
                        name="direction",
                        zh="方向",
                        kind="choice",
                        choices={"higher": "越高越好", "lower": "越低越好"},
                        optional=True,
                    ),
                    Input("effect", "对指标的影响", least=None, optional=True),
                    Input("to_go", "距目标尚差", optional=True),
                    Input("light", "目标的灯", kind="text", optional=True),
                ),
            ),
            Input("compensation", "补偿措施", kind="text", optional=True),
        ),
        outputs=(
            Output("conflicts", "背离的目标"),
            Output("count", "背离数", unit="项"),
            Output("helped", "有利数", unit="项"),
            Output("unread", "没有判断", unit="项"),
            Output("verdict", "结论"),
        ),
        compute=policy,
    ),
    Rule(
        id="review.diagnosis",
        title_zh="能效诊断节能潜力",
        title_en="Saving potential of a diagnosis",
        law="工业节能诊断服务（方法由诊断方确定）",
        inputs=(
            Input("energy", "年综合能源消费量", unit="吨标准煤", least=1e-9),
            Input("price", "能源均价", unit="元/吨标准煤"),
            Input("within", "回收期要求", unit="年", optional=True, note="不填按数据包参数"),
            Input("factor", "排放因子", unit="吨二氧化碳/吨标准煤", optional=True),
            Input(
                name="measures",
                zh="措施",
                kind="rows",
                fields=(
                    Input("name", "名称", kind="text"),
                    Input("saving", "年节能量", unit="吨标准煤"),
                    Input("cost", "投资", unit="元"),
                ),
            ),
        ),
        outputs=(
            Output("saving", "可行潜力", unit="吨标准煤/年"),
            Output("cost", "所需投资", unit="元"),
            Output("share", "占用能比例"),
            Output("co2", "减排量", unit="吨二氧化碳/年"),
        ),
        compute=diagnosis,
        needs=("review.diagnosis.within",),
    ),
)
