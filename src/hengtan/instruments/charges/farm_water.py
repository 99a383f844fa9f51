"""Subsidy and reward of the farm water price reform (节约用水条例 第三十八条)."""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.charges.formulas import reward_for_saving, subsidy_within_quota
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

LAW = "节约用水条例 第三十八条；国办发〔2016〕2号 关于推进农业水价综合改革的意见（凭记忆）"


def support(calc: Calc) -> dict[str, Any]:
    """A year of a scheme: subsidy on use within the quota for what the price lacks of the cost of
    operation, reward on what was saved, and how much of both was paid. [yuan]

    Raises ParameterNotEstablished for the reward's rate where water was saved.
    """
    quantity, quota = calc["quantity"], calc["quota"]
    price, cost = calc["price"], calc["om_cost"]
    subsidy = calc.step(
        "精准补贴",
        subsidy_within_quota(quantity, quota, price, cost),
        unit="元",
        how=f"（{cost:g} − {price:g}）× 定额内水量，不低于零",
        clause=LAW,
    )
    reward = 0.0
    if quantity < quota:
        rate = calc.param("tariff.farm_water.reward")
        reward = reward_for_saving(quantity, quota, rate)
    calc.step("节水量", max(quota - quantity, 0.0), "立方米", "定额 − 用水")
    calc.step("节水奖励", reward, "元", clause=LAW)
    over = quantity - quota
    outputs: dict[str, Any] = {
        "verdict": f"超定额{over:g}立方米" if over > 0 else f"节水{-over:g}立方米",
        "subsidy": subsidy,
        "saved": max(quota - quantity, 0.0),
        "reward": reward,
    }
    for name, due, paid in (
        ("subsidy_open", subsidy, calc["subsidy_paid"]),
        ("reward_open", reward, calc["reward_paid"]),
    ):
        if paid is not None:
            zh = "补贴未拨" if name == "subsidy_open" else "奖励未拨"
            outputs[name] = calc.step(zh, max(due - paid, 0.0), "元", f"已拨 {paid:g}")
    return outputs


RULES = (
    Rule(
        id="tariff.farm_water_support",
        title_zh="农业用水精准补贴与节水奖励",
        title_en="Subsidy and reward for farm water",
        law=LAW,
        valid_from=date(2024, 5, 1),
        inputs=(
            Input("quantity", "用水量", unit="立方米"),
            Input("quota", "用水定额", unit="立方米"),
            Input("price", "执行水价", unit="元/立方米"),
            Input("om_cost", "运行维护成本", unit="元/立方米"),
            Input("subsidy_paid", "已拨精准补贴", unit="元", optional=True),
            Input("reward_paid", "已拨节水奖励", unit="元", optional=True),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("subsidy", "精准补贴", unit="元"),
            Output("saved", "节水量", unit="立方米"),
            Output("reward", "节水奖励", unit="元"),
            Output("subsidy_open", "补贴未拨", unit="元"),
            Output("reward_open", "奖励未拨", unit="元"),
        ),
        compute=support,
        needs=("tariff.farm_water.reward",),
        confidence="recalled",
        note_zh="补贴按定额内水量补水价与运行维护成本之差，凭国办发〔2016〕2号的记忆；"
        "奖励标准由地方定。",
    ),
)
