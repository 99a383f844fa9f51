"""Units in operation: class of key energy users with the limits of their products, benchmark and
base levels, efficiency leaders, supervision findings to closure.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.reviews.limits import PRODUCT, level_of, of_product, taken
from hengtan.instruments.rule import Output, Rule

LEVELS = {"leading": "标杆水平", "base": "基准水平"}
DOUBTS = {
    "differs": "凭记忆的水平与国家限额标准不一致（{}），待核对发改产业〔2023〕723号附件",
    "not_comparable": "口径与国家限额标准不同，不能比较（{}），待核对发改产业〔2023〕723号附件",
    "not_found": "没有可以核对的来源，待核对发改产业〔2023〕723号附件",
    "second_hand": "只有二手来源（{}），待核对发改产业〔2023〕723号附件",
}
"""What the check against limit standards says of a level, by ``check`` of the pack table."""


def key_unit(calc: Calc) -> dict[str, Any]:
    """Key energy user: 10,000 tce a year and more; 5,000 to below 10,000 where designated
    (节约能源法 第五十二条); its products against the limits of their national standards.
    """
    energy = calc["energy"]
    named = (
        "重点用能单位"
        if energy >= calc.param("review.key_unit.energy")
        else "可指定为重点用能单位"
        if energy >= calc.param("review.key_unit.designated")
        else "不是重点用能单位"
    )
    outputs = {"verdict": calc.step("类别", named, how=f"年综合能耗{energy:g}吨标准煤")}
    if calc["products"]:
        levels = [level_of(calc, row) for row in calc["products"]]
        over = [row["product"] for row, of in zip(calc["products"], levels, strict=True) if of.over]
        outputs["over_limit"] = "、".join(over) or "无"
        calc.step("超限额的产品", outputs["over_limit"], clause="各限额标准")
    return outputs


def level(calc: Calc) -> dict[str, Any]:
    """A product's energy against the base and the leading level: below the base must be upgraded or
    leave by the published day (工业重点领域能效标杆水平和基准水平).

    Smaller is better; equal counts as reached. Where a national limit standard speaks against a
    level that is known from memory, the result says so.
    """
    row = of_product(calc, "efficiency_benchmarks", calc["product"])
    leading, base = (taken(calc, row, column, zh) for column, zh in LEVELS.items())
    doubt = DOUBTS.get(row["check"], "").format(row["check_zh"])
    if doubt:
        calc.warn(f"{row['product_zh']} {doubt}")
    energy = calc["energy"]
    verdict = (
        "达到标杆水平"
        if energy <= leading
        else "基准水平以上、标杆水平以下"
        if energy <= base
        else "低于基准水平：限期改造或淘汰"
    )
    calc.step("标杆与基准", f"{leading:g} / {base:g}", row["unit"], clause=row["source"])
    return {
        "verdict": calc.step("能效水平", verdict, how=f"实绩 {energy:g}{row['unit']}"),
        "leading": leading,
        "base": base,
        "over_base": energy / base - 1 if base > 0 else 0.0,
        "doubt": calc.step("与国家限额标准核对", doubt or f"一致（{row['check_zh']}）"),
    }


def leader(calc: Calc) -> dict[str, Any]:
    """Entry to Chongqing's efficiency leaders of 2023: the advanced value of the limit standard and
    a least yearly energy by sector (渝经信节能〔2023〕18号).
    """
    least = calc.param("review.leader.energy", calc["sector"])
    enough = calc["energy"] >= least and calc["advanced"]
    return {
        "verdict": calc.step(
            "入围",
            "可入围" if enough else "不可入围",
            how=f"年综合能耗不低于{least:g}吨标准煤，且达到限额标准先进值",
        ),
        "places": calc.param("review.leader.places"),
    }


def finding(calc: Calc) -> dict[str, Any]:
    """A finding of supervision or diagnosis to its closure: the day it is due, and whether it is
    closed in time, late or open.

    The days allowed are those of the notice.
    """
    notified, closed, due = calc["notified"], calc["closed"], calc["due"]
    how = f"通知书 {notified}"
    if due is None:
        if calc["days"] is None:
            raise calc.refuse(
                "没有给整改期限，也没有给整改天数",
                "neither the day due nor the days are given",
                todo="按通知书填",
                todo_en="give it from the notice",
            )
        due, how = notified + timedelta(days=calc["days"]), f"{notified} 起 {calc['days']} 天"
    if closed is not None and closed < notified:
        raise calc.refuse(
            "销号日早于通知日",
            "closed before it was notified",
            todo="核对日期",
            todo_en="check the dates",
        )
    late = ((closed or calc.day) - due).days
    if closed is not None:
        state = f"逾期{late}天销号" if late > 0 else "按期销号"
    else:
        state = f"逾期{late}天未销号" if late > 0 else "整改中"
    return {
        "due": calc.step("整改期限", due.isoformat(), how=how),
        "state": calc.step("状态", state),
    }


RULES = (
    Rule(
        id="review.key_unit",
        title_zh="重点用能单位认定",
        title_en="Key energy users",
        law="节约能源法；重点用能单位节能管理办法",
        valid_from=date(2018, 10, 26),
        inputs=(
            Input("energy", "年综合能源消费量", unit="吨标准煤"),
            Input("products", "产品", kind="rows", optional=True, fields=PRODUCT),
        ),
        outputs=(Output("verdict", "类别"), Output("over_limit", "超限额的产品")),
        compute=key_unit,
        needs=("review.key_unit.energy", "review.key_unit.designated"),
    ),
    Rule(
        id="review.efficiency_level",
        title_zh="产品能效标杆与基准水平",
        title_en="Leading and base levels of efficiency",
        law="工业重点领域能效标杆水平和基准水平（发改产业〔2023〕723号）",
        valid_from=date(2022, 1, 1),
        inputs=(
            Input("product", "产品", kind="text"),
            Input("energy", "单位产品综合能耗", least=None),
        ),
        outputs=(
            Output("verdict", "能效水平"),
            Output("leading", "标杆水平"),
            Output("base", "基准水平"),
            Output("over_base", "超基准比例"),
            Output("doubt", "与国家限额标准核对"),
        ),
        compute=level,
    ),
    Rule(
        id="review.efficiency_leader",
        title_zh="能效领跑者入围（2023年度）",
        title_en="Efficiency leaders 2023",
        law="渝经信节能〔2023〕18号",
        valid_from=date(2023, 5, 22),
        valid_to=date(2023, 12, 31),
        inputs=(
            Input(
                name="sector",
                zh="行业",
                kind="choice",
                choices={
                    "coal_power": "燃煤火力发电",
                    "cement": "水泥",
                    "pulp": "制浆造纸",
                    "walling": "烧结墙体材料",
                    "ceramics": "建筑陶瓷",
                },
            ),
            Input("energy", "年综合能源消费量", unit="吨标准煤"),
            Input("advanced", "达到限额标准先进值", kind="flag"),
        ),
        outputs=(Output("verdict", "入围"), Output("places", "每行业名额", unit="家")),
        compute=leader,
        needs=("review.leader.energy", "review.leader.places"),
    ),
    Rule(
        id="supervision.finding",
        title_zh="节能监察与诊断问题整改销号",
        title_en="Findings to closure",
        law="节约能源法；节能监察办法（整改期限以通知书为准）",
        inputs=(
            Input("notified", "通知日期", kind="date"),
            Input("days", "整改天数", kind="whole", optional=True),
            Input("due", "整改期限", kind="date", optional=True, note="给了期限的不用天数"),
            Input("closed", "销号日期", kind="date", optional=True),
        ),
        outputs=(Output("due", "整改期限"), Output("state", "状态")),
        compute=finding,
    ),
)
