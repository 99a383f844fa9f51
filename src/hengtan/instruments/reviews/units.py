"""Units in operation: class of key energy users, cleaner-production triggers, benchmark and base
levels, efficiency leaders, supervision findings to closure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hengtan.basis.dated import in_force_on
from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule


def key_unit(calc: Calc) -> dict[str, Any]:
    """Key energy user: 10,000 tce a year and more; 5,000 to below 10,000 where designated
    (节约能源法, 重点用能单位节能管理办法).
    """
    energy = calc["energy"]
    named = (
        "重点用能单位"
        if energy >= calc.param("review.key_unit.energy")
        else "可指定为重点用能单位"
        if energy >= calc.param("review.key_unit.designated")
        else "不是重点用能单位"
    )
    return {"verdict": calc.step("类别", named, how=f"年综合能耗{energy:g}吨标准煤")}


TRIGGERED = (
    ("over_standard", "超标准排放", "双超"),
    ("over_total", "超总量控制", "双超"),
    ("over_energy_limit", "超单位产品能耗限额（高耗能）", "高耗能"),
    ("toxic", "使用或排放有毒有害物质", "双有"),
)
"""What triggers a mandatory audit: input, words, kind of the audit; the first kind holds."""


def cleaner(calc: Calc) -> dict[str, Any]:
    """Mandatory audit: over standard or cap; over the energy limit of the product; toxic substances
    (清洁生产促进法 第二十七条, to 2026-08-14).
    """
    reasons = [zh for name, zh, _ in TRIGGERED if calc[name]]
    kind = next((kind for name, _, kind in TRIGGERED if calc[name]), "")
    calc.step("触发", "、".join(reasons) or "没有触发条件", clause="清洁生产促进法 第二十七条")
    due = ""
    if reasons and calc["last_audit_year"] is not None:
        due = str(int(calc["last_audit_year"] + calc.param("review.cleaner.interval")))
        calc.step("下次审核不晚于", due, "年")
    return {
        "verdict": "应实施强制性清洁生产审核" if reasons else "不强制",
        "kind": kind,
        "due": due,
    }


def cleaner_code(calc: Calc) -> dict[str, Any]:
    """From 2026-08-15: the code's own triggers were not read."""
    raise ParameterNotEstablished(
        "2026-08-15起的强制性清洁生产审核触发条件没有读到",
        "triggers under the code are not established",
        todo="查生态环境法典相应条文及清洁生产审核办法的修订",
        todo_en="see the code on ecology and environment",
    )


def level(calc: Calc) -> dict[str, Any]:
    """A product's energy against the base and the leading level: below the base must be upgraded or
    leave by the published day (工业重点领域能效标杆水平和基准水平).

    Smaller is better; equal counts as reached.
    """
    row = benchmark_of(calc, calc["product"])
    if row["certainty"] == "low":
        raise ParameterNotEstablished(
            f"“{row['product_zh']}”的能效水平没有确立",
            "the level is not established",
            todo=row["source"],
            todo_en=row["source"],
        )
    if row["confidence"] == "recalled":
        calc.warn(f"{row['product_zh']}的标杆、基准水平凭记忆、未核对原文（发改产业〔2023〕723号）")
    leading, base, energy = row["leading"], row["base"], calc["energy"]
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
    }


def benchmark_of(calc: Calc, product: str) -> Mapping[str, Any]:
    """The row of a product in force on the day, by its name or a part that one name alone has."""
    rows = in_force_on(calc.tables.get("efficiency_benchmarks", ()), calc.day)
    names = [(row["product_zh"].replace(" ", ""), row) for row in rows]
    wanted = product.replace(" ", "")
    of_product = [row for name, row in names if name == wanted]
    of_product = of_product or [row for name, row in names if wanted in name]
    if len(of_product) == 1:
        return of_product[0]
    known = "、".join(row["product_zh"] for row in (of_product or rows))
    raise HengtanError(
        f"产品“{product}”{'对应几项' if of_product else '不在目录里'}",
        f"product '{product}' is {'ambiguous' if of_product else 'unknown'}",
        todo=f"可用：{known}",
        todo_en="use a name of the table",
    )


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


TRIGGERS = (
    Input("over_standard", "超标排放", kind="flag", default=False),
    Input("over_total", "超总量控制指标", kind="flag", default=False),
    Input("over_energy_limit", "超单位产品能耗限额", kind="flag", default=False),
    Input("toxic", "使用有毒有害原料或排放有毒有害物质", kind="flag", default=False),
    Input("last_audit_year", "上次审核年份", kind="whole", optional=True),
)
CLEANER = (Output("verdict", "结论"), Output("kind", "类型"), Output("due", "下次审核年份"))
RULES = (
    Rule(
        id="review.key_unit",
        title_zh="重点用能单位认定",
        title_en="Key energy users",
        law="节约能源法；重点用能单位节能管理办法",
        valid_from=date(2018, 10, 26),
        inputs=(Input("energy", "年综合能源消费量", unit="吨标准煤"),),
        outputs=(Output("verdict", "类别"),),
        compute=key_unit,
        needs=("review.key_unit.energy", "review.key_unit.designated"),
    ),
    Rule(
        id="review.cleaner_production",
        title_zh="强制性清洁生产审核（至2026-08-14）",
        title_en="Mandatory cleaner-production audit",
        law="清洁生产促进法 第二十七条",
        valid_from=date(2012, 7, 1),
        valid_to=date(2026, 8, 14),
        inputs=TRIGGERS,
        outputs=CLEANER,
        compute=cleaner,
        needs=("review.cleaner.interval",),
    ),
    Rule(
        id="review.cleaner_production",
        title_zh="强制性清洁生产审核（2026-08-15起）",
        title_en="Mandatory cleaner-production audit under the code",
        law="生态环境法典（2026-08-15施行）",
        valid_from=date(2026, 8, 15),
        inputs=TRIGGERS,
        outputs=CLEANER,
        compute=cleaner_code,
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
        ),
        compute=level,
        confidence="recalled",
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
