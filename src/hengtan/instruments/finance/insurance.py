"""A policy of green insurance: whether it is in force, what it covers, what was paid of claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.town.formulas import POINTS


def policy(calc: Calc) -> dict[str, Any]:
    """Where a policy stands on the day looked at, the sum insured that is in force, and claims
    beside the premium. [10,000 yuan, day]

    It covers from its first day to its last, both included, and from the day of its surrender no
    longer. A claim or payment after the day looked at has not been made.
    """
    today = calc["looked_at"]
    state = _state(calc)
    is_covered = state == "在保"
    calc.step("保单状态", state, how=f"{calc['starts']} 至 {calc['ends']}")
    outputs: dict[str, Any] = {
        "state": state,
        "in_force": calc.step("在保保额", calc["sum_insured"] if is_covered else 0.0, "万元"),
        "days_left": calc.step("剩余天数", (calc["ends"] - today).days if is_covered else 0, "天"),
    }
    if not calc["claims"]:
        calc.warn("没有报送赔案，赔款、未结案件和赔付率不给出")
        return outputs
    claims = [row for row in calc["claims"] if row["reported"] <= today]
    settled = [row for row in claims if row["closed"] is not None and row["closed"] <= today]
    open_claims = calc.step("未结案件", len(claims) - len(settled), "件")
    return outputs | {"open_claims": open_claims} | _paid(calc, settled)


def _paid(calc: Calc, settled: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What settled claims came to, alone and beside the premium; nothing where one does not say."""
    if any(row["paid"] is None for row in settled):
        calc.warn("有已结案件没有填赔款，赔款合计和赔付率不给出")
        return {}
    paid = calc.step("赔款合计", sum(row["paid"] for row in settled), "万元", how="Σ 已结案赔款")
    if paid > calc["sum_insured"]:
        calc.warn("赔款合计超过保险金额，请核对是否每次事故限额")
    if not calc["premium"]:
        return {"paid": paid}
    ratio = POINTS * paid / calc["premium"]
    return {
        "paid": paid,
        "loss_ratio": calc.step("简单赔付率", ratio, "%", how="赔款合计 ÷ 保险费"),
    }


def _state(calc: Calc) -> str:
    """Not begun, surrendered, expired or in force. Raises HengtanError where it ends first."""
    if calc["ends"] < calc["starts"]:
        raise calc.refuse(
            "保险止期早于起期", "the policy ends before it begins", "改正日期", "correct the dates"
        )
    today = calc["looked_at"]
    if calc["surrendered"] is not None and calc["surrendered"] <= today:
        return "已退保"
    if today < calc["starts"]:
        return "未起保"
    return "已到期" if today > calc["ends"] else "在保"


RULES = (
    Rule(
        id="insurance.policy",
        title_zh="绿色保险保单",
        title_en="Policy of green insurance",
        law="保险合同（保单）",
        inputs=(
            Input("starts", "保险起期", kind="date"),
            Input("ends", "保险止期", kind="date"),
            Input("surrendered", "退保日期", kind="date", optional=True),
            Input("sum_insured", "保险金额", unit="万元"),
            Input("premium", "保险费", unit="万元", optional=True),
            Input(
                name="claims",
                zh="赔案",
                kind="rows",
                optional=True,
                fields=(
                    Input("reported", "报案日期", kind="date"),
                    Input("closed", "结案日期", kind="date", optional=True),
                    Input("paid", "赔款", unit="万元", optional=True),
                ),
            ),
            Input("looked_at", "判定日", kind="date"),
        ),
        outputs=(
            Output("state", "保单状态"),
            Output("in_force", "在保保额", unit="万元"),
            Output("days_left", "剩余天数", unit="天"),
            Output("paid", "赔款合计", unit="万元"),
            Output("open_claims", "未结案件", unit="件"),
            Output("loss_ratio", "简单赔付率", unit="%"),
        ),
        compute=policy,
        confidence="derived",
    ),
)
