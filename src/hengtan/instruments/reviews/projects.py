"""Fixed-asset projects: whether an energy review is needed, by whom, and the carbon assessment."""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

NEEDED, EXEMPT = "需要节能审查", "不单独进行节能审查"
PROJECT = (
    Input(
        name="energy",
        zh="年综合能源消费量（当量值，改扩建为增量）",
        unit="吨标准煤",
        aliases=("年综合能耗",),
    ),
    Input("electricity", "年电力消费量", unit="千瓦时", default=0.0),
    Input("coal", "年煤炭消费量", unit="吨", default=0.0),
    Input("simple_sector", "属用能工艺简单、节能潜力小的行业目录", kind="flag", default=False),
    Input("secret", "涉及国家秘密", kind="flag", default=False),
)
REVIEW_OUT = (
    Output("review", "节能审查"),
    Output("authority", "审查机关"),
    Output("carbon_assessment", "碳排放评价"),
)


def review_2023(calc: Calc) -> dict[str, Any]:
    """Exempt below 1,000 tce and below 5 million kWh a year, both (国家发展改革委2号令, 2023-06-01
    to 2025-08-31).
    """
    below = calc["energy"] < calc.param("review.exempt.energy")
    below = below and calc["electricity"] < calc.param("review.exempt.electricity")
    return _review(calc, below, "能耗和用电都低于限额", "")


def review_2025(calc: Calc) -> dict[str, Any]:
    """Exempt below 1,000 tce and below 1,000 t of coal a year, both; the carbon assessment goes
    into the opinion (31号令, from 2025-09-01).
    """
    below = calc["energy"] < calc.param("review.exempt.energy")
    below = below and calc["coal"] < calc.param("review.exempt.coal")
    calc.warn("由国家发展改革委审查的项目须同步碳排放评价，其限额没有核对（国家发展改革委31号令）")
    return _review(calc, below, "能耗和用煤都低于限额", "与节能审查同步，结论纳入审查意见")


def _review(calc: Calc, below: bool, why: str, carbon: str) -> dict[str, Any]:
    reasons = {why: below, "行业目录内": calc["simple_sector"], "涉密项目": calc["secret"]}
    reason = next((words for words, holds in reasons.items() if holds), "")
    review = EXEMPT if reason else NEEDED
    calc.step("节能审查", review, how=reason or "达到限额")
    if reason:
        return {"review": review, "authority": "", "carbon_assessment": ""}
    return {"review": review, "authority": _authority(calc), "carbon_assessment": carbon}


def _authority(calc: Calc) -> str:
    """Who reviews a project, by its energy."""
    if calc.parameters.has("review.municipal.energy"):
        municipal = calc["energy"] >= calc.param("review.municipal.energy")
        authority = "市发展改革委" if municipal else "按项目管理权限"
    else:
        authority = "按省级规定"
        calc.warn("该地区的审查权限划分没有读到")
    calc.step("审查机关", authority)
    return authority


def carbon(calc: Calc) -> dict[str, Any]:
    """A project against the region's carbon budget: its share of what is left and of the year's
    total; passes within m % of the one and n % of the other. [share]
    """
    left, total = calc["budget_left"], calc["budget_total"]
    if left <= 0 or total <= 0:
        raise calc.refuse(
            "地区碳预算或剩余预算应大于零",
            "budgets are above zero",
            todo="核对预算",
            todo_en="check the budget",
        )
    of_left, of_total = calc["emission"] / left, calc["emission"] / total
    calc.step("占剩余预算", of_left, "", f"{calc['emission']:g} ÷ {left:g}")
    calc.step("占年度预算", of_total, "", f"{calc['emission']:g} ÷ {total:g}")
    m, n = calc.param("review.carbon.m"), calc.param("review.carbon.n")
    verdict = "通过" if of_left <= m and of_total <= n else "不通过：须替代或压减"
    if (
        calc["intensity"] is not None
        and calc["leading"] is not None
        and calc["intensity"] > calc["leading"]
    ):
        calc.warn(f"单位产品碳排放{calc['intensity']:g}高于先进值{calc['leading']:g}")
    return {
        "share_of_left": of_left,
        "share_of_total": of_total,
        "verdict": calc.step("评价", verdict, how=f"m {m:.2%}，n {n:.2%}"),
    }


RULES = (
    Rule(
        id="review.energy",
        title_zh="固定资产投资项目节能审查",
        title_en="Energy review of projects (2023)",
        law="国家发展改革委令第2号（2023-06-01施行）",
        valid_from=date(2023, 6, 1),
        valid_to=date(2025, 8, 31),
        inputs=PROJECT,
        outputs=REVIEW_OUT,
        compute=review_2023,
        needs=("review.exempt.energy", "review.exempt.electricity", "review.municipal.energy"),
    ),
    Rule(
        id="review.energy",
        title_zh="固定资产投资项目节能审查和碳排放评价",
        title_en="Energy review and carbon assessment (2025)",
        law="国家发展改革委令第31号（2025-09-01施行）",
        valid_from=date(2025, 9, 1),
        inputs=PROJECT,
        outputs=REVIEW_OUT,
        compute=review_2025,
        needs=("review.exempt.energy", "review.exempt.coal", "review.municipal.energy"),
    ),
    Rule(
        id="review.carbon",
        title_zh="项目碳排放评价（占碳预算）",
        title_en="Carbon assessment against the budget",
        law="重庆市固定资产投资项目节能审查和碳排放评价实施办法（征求意见稿，2025-10）",
        valid_from=date(2025, 9, 1),
        inputs=(
            Input("emission", "项目年碳排放", unit="吨二氧化碳"),
            Input("budget_left", "地区剩余预算", unit="吨二氧化碳"),
            Input("budget_total", "地区年度预算", unit="吨二氧化碳"),
            Input("intensity", "单位产品碳排放", optional=True),
            Input("leading", "行业先进值", optional=True),
        ),
        outputs=(
            Output("share_of_left", "占剩余预算"),
            Output("share_of_total", "占年度预算"),
            Output("verdict", "评价"),
        ),
        compute=carbon,
        needs=("review.carbon.m", "review.carbon.n"),
    ),
)
