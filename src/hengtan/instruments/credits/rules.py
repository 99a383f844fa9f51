"""Rules of carbon credits (CCER, 碳惠通 CQCER): reductions of power and forest projects, the
crediting period, points of low-carbon acts.

The methodologies were known by memory and their weights, risk share and (for 碳惠通) points were
not read: the case gives them, else the rule raises.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.credits import formulas as f
from hengtan.instruments.formulas import whole_units
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

POINTS_LAW = "渝环〔2021〕111号"


def power(calc: Calc) -> dict[str, float]:
    """ER = EG_net × EF_CM − PE − LE of a power project; a year's negative result is told, not
    credited. [tCO2e]
    """
    margin = calc["margin"]
    if margin is None:
        if calc["om"] is None or calc["bm"] is None:
            raise calc.refuse(
                "缺组合边际因子（margin），或电量边际（om）和容量边际（bm）",
                "the combined margin is missing",
                todo="给 margin，或给 om 与 bm",
                todo_en="give margin, or om and bm",
            )
        weights = {
            k: calc[f"weight_{k}"]
            if calc[f"weight_{k}"] is not None
            else calc.param("credit.power.weight", k)
            for k in ("om", "bm")
        }
        if abs(weights["om"] + weights["bm"] - 1) > 1e-9:
            raise calc.refuse(
                f"权重之和为{weights['om'] + weights['bm']:g}，应为1",
                "weights do not add up to one",
                todo="改正权重",
                todo_en="correct the weights",
            )
        margin = f.combined_margin(calc["om"], calc["bm"], weights["om"], weights["bm"])
    calc.step("组合边际排放因子", margin, "吨/兆瓦时", "w_OM·EF_OM + w_BM·EF_BM")
    reduction = calc.step(
        "减排量",
        f.power_reduction(calc["net_power"], margin, calc["project"], calc["leakage"]),
        unit="吨",
        how="EG × EF_CM − PE − LE",
        clause=calc.rule.law,
    )
    if reduction < 0:
        calc.warn("减排量为负，不签发")
    return {
        "reduction": reduction,
        "margin": margin,
        "issued": float(whole_units(max(0.0, reduction))),
    }


def forest(calc: Calc) -> dict[str, float]:
    """ER = (ΔC_project − ΔC_baseline − GHG_project) × (1 − K); changes told, or from the carbon of
    the pools at two times. [tCO2e/a]
    """
    project = calc["project"]
    if (project is None) == (not calc["pools"]):
        raise calc.refuse(
            "项目碳储量变化：给 project 或 pools，只给一种",
            "give project or pools",
            todo="留一种",
            todo_en="keep one",
        )
    if project is None:
        project = 0.0
        for n, pool in enumerate(calc["pools"], start=1):
            if pool["years"] <= 0:
                raise calc.refuse(
                    f"第{n}个碳库的间隔年数应大于零",
                    "years must be positive",
                    todo="改正",
                    todo_en="correct it",
                )
            project += calc.step(
                f"{pool['pool'] or f'碳库{n}'} 年变化",
                f.stock_change(pool["start"], pool["end"], pool["years"]),
                unit="吨CO2/年",
                how="(C₂ − C₁)/(t₂ − t₁) × 44/12",
            )
    risk = calc.own_or_param("risk", "credit.forest.risk")
    reduction = calc.step(
        "减排量",
        f.forest_reduction(project, calc["baseline"], calc["emissions"], risk),
        unit="吨CO2",
        how=f"(ΔC项目 − ΔC基线 − 项目排放) × (1 − {risk:g})",
        clause=calc.rule.law,
    )
    return {
        "reduction": reduction,
        "project": project,
        "buffer": calc.step(
            "非持久性风险扣减",
            (project - calc["baseline"] - calc["emissions"]) * risk,
            unit="吨CO2",
        ),
    }


def points(calc: Calc) -> dict[str, float]:
    """Reduction and points of a person's acts: times × kilograms each, and points per kilogram.
    [kgCO2e, point]
    """
    total = 0.0
    for n, act in enumerate(calc["acts"] or (), start=1):
        total += calc.step(
            f"{act['act'] or f'第{n}项'} 减排",
            act["times"] * act["saving"],
            unit="千克",
            how=f"{act['times']:g} 次 × {act['saving']:g} 千克/次",
        )
    rate = calc.own_or_param("rate", "credit.points.rate")
    return {
        "reduction": calc.step("个人减排量", total, "千克"),
        "points": calc.step(
            "积分",
            f.points(total, rate),
            unit="分",
            how=f"减排量 × {rate:g} 分/千克",
            clause=POINTS_LAW,
        ),
    }


def method(calc: Calc) -> dict[str, Any]:
    """Whether the methodology of a project was published, and not withdrawn, on the day."""
    for row in calc["listed"]:
        if row["published"] > calc.day:
            continue
        if row["withdrawn"] is None or row["withdrawn"] > calc.day:
            title = calc.step(calc["method"], row["name"], how=f"{row['published']}公布")
            return {"usable": "是", "title": title}
    calc.step(calc["method"], "不可用", how=f"{calc.day}清单里没有，或未公布、已停用")
    return {"usable": "否", "title": ""}


def points_ledger(calc: Calc) -> dict[str, Any]:
    """Points of an account: earned by acts, less what was spent; acts whose rate no table gives go
    by the rate of the scheme, which was not read.

    Raises HengtanError for more spent than earned.
    """
    earned, spent = calc["points"], calc["spent"]
    if calc["unrated"]:
        earned += f.points(calc["unrated"], calc.param("credit.points.rate"))
    calc.step("减排量", calc["reduction"], unit="千克", how="各次行为之和，凭证重复的不计")
    calc.step("积分", earned, unit="分", clause=POINTS_LAW)
    if calc["repeated"]:
        calc.warn(f"有{calc['repeated']}条行为的凭证已经计过，不再计")
    if spent > earned:
        raise calc.refuse(
            f"兑换{spent:g}分，多于积分{earned:g}分",
            f"{spent:g} points spent, {earned:g} earned",
            todo="核对兑换和行为记录",
            todo_en="check what was spent and earned",
        )
    return {
        "reduction": calc["reduction"],
        "earned": earned,
        "balance": calc.step("余额", earned - spent, "分", f"− 兑换 {spent:g}"),
        "repeated": float(calc["repeated"]),
    }


POOL = (
    Input("pool", "碳库", kind="text", default=""),
    Input("start", "期初碳储量", unit="吨"),
    Input("end", "期末碳储量", unit="吨"),
    Input("years", "间隔年数", unit="年"),
)
ACT = (
    Input("act", "行为", kind="text", default=""),
    Input("times", "次数"),
    Input("saving", "每次减排", unit="千克"),
)
RULES = (
    Rule(
        id="credit.power",
        title_zh="自愿减排·发电项目减排量",
        title_en="Credits of a power project",
        law="CCER-01-001 并网光热、CCER-01-002 并网海上风电（公式凭记忆）；碳惠通同类方法学",
        inputs=(
            Input("net_power", "净上网电量", unit="兆瓦时", aliases=("上网电量",)),
            Input("margin", "组合边际因子", unit="吨/兆瓦时", optional=True),
            Input("om", "电量边际因子", unit="吨/兆瓦时", optional=True),
            Input("bm", "容量边际因子", unit="吨/兆瓦时", optional=True),
            Input("weight_om", "电量边际权重", optional=True, most=1.0),
            Input("weight_bm", "容量边际权重", optional=True, most=1.0),
            Input("project", "项目排放", unit="吨", default=0.0),
            Input("leakage", "泄漏", unit="吨", default=0.0),
        ),
        outputs=(
            Output("reduction", "减排量", unit="吨"),
            Output("margin", "组合边际因子", unit="吨/兆瓦时"),
            Output("issued", "可签发量", unit="吨"),
        ),
        compute=power,
        needs=("credit.power.weight",),
        confidence="recalled",
    ),
    Rule(
        id="credit.forest",
        title_zh="自愿减排·造林碳汇减排量",
        title_en="Credits of afforestation",
        law="CCER-14-001 造林碳汇（公式凭记忆）",
        inputs=(
            Input("project", "项目碳储量变化", unit="吨", optional=True, least=None),
            Input("pools", "各碳库", kind="rows", fields=POOL, optional=True, note="碳储量为吨碳"),
            Input("baseline", "基线碳储量变化", unit="吨", default=0.0, least=None),
            Input("emissions", "项目边界内排放", unit="吨", default=0.0),
            Input("risk", "非持久性风险扣减率", optional=True, most=1.0, aliases=("风险扣减率",)),
        ),
        outputs=(
            Output("reduction", "减排量", unit="吨"),
            Output("project", "项目碳储量变化", unit="吨"),
            Output("buffer", "风险扣减", unit="吨"),
        ),
        compute=forest,
        needs=("credit.forest.risk",),
        confidence="recalled",
    ),
    Rule(
        id="credit.points",
        title_zh="碳惠通·低碳行为积分",
        title_en="Points of low-carbon acts",
        law=POINTS_LAW,
        valid_from=date(2021, 9, 14),
        inputs=(
            Input("acts", "低碳行为", kind="rows", fields=ACT),
            Input("rate", "每千克积分", unit="分/千克", optional=True),
        ),
        outputs=(
            Output("reduction", "个人减排量", unit="千克"),
            Output("points", "积分", unit="分"),
        ),
        compute=points,
        needs=("credit.points.rate",),
    ),
    Rule(
        id="credit.method",
        title_zh="方法学是否可用",
        title_en="Whether a methodology may be used",
        law="渝环〔2021〕111号；方法学清单由主管部门公布",
        inputs=(
            Input("method", "方法学编号", kind="text"),
            Input(
                name="listed",
                zh="清单",
                kind="rows",
                default=[],
                fields=(
                    Input("name", "名称", kind="text"),
                    Input("published", "公布日期", kind="date"),
                    Input("withdrawn", "停用日期", kind="date", optional=True),
                ),
            ),
        ),
        outputs=(Output("usable", "可用"), Output("title", "名称")),
        compute=method,
    ),
    Rule(
        id="credit.points_ledger",
        title_zh="碳惠通·积分余额",
        title_en="Balance of points",
        law=POINTS_LAW,
        valid_from=date(2021, 9, 14),
        inputs=(
            Input("reduction", "减排量", unit="千克"),
            Input("points", "积分", unit="分", default=0.0),
            Input("unrated", "没有积分系数的减排量", unit="千克", default=0.0),
            Input("spent", "兑换", unit="分", default=0.0),
            Input("repeated", "凭证重复的行为", kind="whole", default=0),
        ),
        outputs=(
            Output("reduction", "减排量", unit="千克"),
            Output("earned", "积分", unit="分"),
            Output("balance", "余额", unit="分"),
            Output("repeated", "凭证重复", unit="条"),
        ),
        compute=points_ledger,
        needs=("credit.points.rate",),
    ),
)
