"""Capacity that has to close (落后产能退出): where a line stands by its days, and the energy that
it lets free.
"""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

STEPS = ("stopped", "dismantled", "accepted")
STATES = {
    "": "待退出",
    "stopped": "已停产，待拆除",
    "dismantled": "已拆除，待验收",
    "accepted": "已验收退出",
}
"""What a line is once it has taken a step."""


def closure(calc: Calc) -> dict[str, Any]:
    """Where a line stands on the day looked at, whether and how many days it is past its term, and
    the energy let free. [day, tce a year]

    A line has closed once its main equipment is dismantled and that was accepted; energy counts
    from the dismantling on. A step after the day looked at has not been taken.
    """
    today = calc["looked_at"]
    taken = {name: day for name in STEPS if (day := calc[name]) is not None and day <= today}
    last = next((name for name in reversed(STEPS) if name in taken), "")
    due = calc["due"]
    late = max(0, (taken.get("accepted", today) - due).days)
    calc.step("状态", STATES[last], how=f"退出期限 {due}")
    outputs: dict[str, Any] = {
        "state": STATES[last],
        "late": "逾期" if late else "未逾期",
        "late_days": calc.step("逾期天数", late, "天"),
    }
    if calc["energy"] is not None:
        is_free = "dismantled" in taken or "accepted" in taken
        freed = calc["energy"] if is_free else 0.0
        outputs["freed"] = calc.step("腾出用能", freed, "吨标准煤/年")
    return outputs


def _day(name: str, zh: str, *, optional: bool = True) -> Input:
    return Input(name, zh, kind="date", optional=optional)


RULES = (
    Rule(
        id="capacity.closure",
        title_zh="落后产能退出",
        title_en="Closing of backward capacity",
        law="下达退出任务的文件；退出以拆除主体设备并通过验收为准（凭记忆）",
        inputs=(
            _day("due", "退出期限", optional=False),
            _day("stopped", "停产日期"),
            _day("dismantled", "主体设备拆除日期"),
            _day("accepted", "验收日期"),
            Input("energy", "年综合能源消费量", unit="吨标准煤", optional=True),
            _day("looked_at", "判定日", optional=False),
        ),
        outputs=(
            Output("state", "状态"),
            Output("late", "是否逾期"),
            Output("late_days", "逾期天数", unit="天"),
            Output("freed", "腾出用能", unit="吨标准煤/年"),
        ),
        compute=closure,
        confidence="recalled",
    ),
)
