"""What comes after a diagnosis and before an inspection: saving diagnosed beside saving metered, and
the order in which units would be inspected.
"""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule


def metered(calc: Calc) -> dict[str, Any]:
    """What meters say a year of what the measures of a diagnosis were said to save. [tce/a, 1]"""
    diagnosed, saved = calc["diagnosed"], calc["metered"]
    calc.step("诊断的年节能量", diagnosed, "吨标准煤/年")
    calc.step("计量的年节能量", saved, "吨标准煤/年", "改造后各整年节能量的平均")
    reached = saved / diagnosed
    return {
        "diagnosed": diagnosed,
        "metered": saved,
        "short": calc.step("比诊断少", diagnosed - saved, "吨标准煤/年"),
        "reached": calc.step("达到诊断的比例", reached),
        "verdict": calc.step("结论", "达到诊断的节能量" if reached >= 1 else "未达到诊断的节能量"),
    }


def order(calc: Calc) -> dict[str, Any]:
    """Which a unit is of the units of its place with energy on file, in the order of open findings,
    share above the limit, time since the last inspection and energy. [-]

    The order is this system's proposal, no document's.
    """
    how = f"未销号问题 {calc['open']} 项"
    if calc["excess"] is not None:
        how += f"，上次超限额 {calc['excess']:.1%}"
    rank = calc.step("监察优先次序", calc["rank"], how=how)
    return {"rank": rank, "units": calc.step("有能源记录的单位", calc["units"], "家")}


RULES = (
    Rule(
        id="review.diagnosis_metered",
        title_zh="能效诊断与计量节能量对照",
        title_en="A diagnosis beside the meters",
        law="GB/T 28750 节能量测量和验证技术通则（凭记忆）",
        inputs=(
            Input("diagnosed", "诊断的年节能量", unit="吨标准煤/年", least=1e-9),
            Input("metered", "计量的年节能量", unit="吨标准煤/年", least=None),
        ),
        outputs=(
            Output("diagnosed", "诊断的年节能量", unit="吨标准煤/年"),
            Output("metered", "计量的年节能量", unit="吨标准煤/年"),
            Output("short", "比诊断少", unit="吨标准煤/年"),
            Output("reached", "达到诊断的比例"),
            Output("verdict", "结论"),
        ),
        compute=metered,
        confidence="recalled",
    ),
    Rule(
        id="supervision.order",
        title_zh="节能监察优先次序",
        title_en="Order of inspection",
        law="没有法定值：由当事人或管理办法规定",
        inputs=(
            Input("rank", "监察优先次序", kind="whole"),
            Input("units", "有能源记录的单位", kind="whole", unit="家"),
            Input("open", "未销号问题", kind="whole", unit="项"),
            Input("excess", "上次监察超限额比例", optional=True),
        ),
        outputs=(
            Output("rank", "监察优先次序"),
            Output("units", "有能源记录的单位", unit="家"),
        ),
        compute=order,
        confidence="proposal",
        note_zh="次序是本系统的建议：先未销号问题，再上次超限额比例、距上次监察时间、能耗。",
    ),
)
