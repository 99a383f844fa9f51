"""Duties of green power: the consumption duty, shares of industries, pledges of new projects, own
use of distributed solar power.

Yearly notices of the duty weights, 重庆市2025年可再生能源电力消纳责任权重分解实施方案,
重庆市分布式光伏发电开发建设管理实施细则.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.green_power import formulas as f
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

KINDS = {"total": "总量", "non_hydro": "非水电"}


INDUSTRIES = {
    "aluminium": "电解铝",
    "steel": "钢铁",
    "polysilicon": "多晶硅",
    "cement": "水泥",
    "data_centre": "国家枢纽节点新建数据中心",
}


AREAS = {"metro": "主城都市区22个区县", "other": "其余区县"}


def duty(calc: Calc) -> dict[str, Any]:
    """Completion of the duty weight, what is lacking and what certificates for it cost. [1, MWh,
    yuan]

    Raises ParameterNotEstablished for Chongqing's weights of 2020–2022 and 2024, and for 2026 (only
    the expected weights were read: option weights: expected).
    """
    kind, expected = calc["kind"], calc.options["weights"] == "expected"
    if calc["exempt"] > calc["total"] or calc["total"] == calc["exempt"]:
        raise calc.refuse(
            "免考核用电量应小于全社会用电量",
            "exempt load must be below total consumption",
            todo="核对用电量",
            todo_en="check the amounts",
        )
    weight = calc.param("green.duty.expected" if expected else "green.duty.weight", kind)
    calc.step(f"{KINDS[kind]}消纳责任权重", weight, "", "预期性" if expected else "约束性")
    share = f.duty_share(
        calc["consumed"],
        calc["imported"],
        calc["purchased"],
        calc["certificates"],
        calc["exempt"],
        weight,
        calc["total"],
    )
    calc.step(
        "完成权重",
        share,
        how="(区内生产且消纳 + 区外净输入 + 净购消纳量 + 绿证 − 免考核电量×权重) ÷ (全社会用电量 − "
        "免考核电量)",
        clause=calc.rule.law,
    )
    gap = calc.step(
        "欠缺可再生能源电量",
        float(f.duty_gap(share, weight, calc["total"], calc["exempt"])),
        unit="兆瓦时",
        how="(权重 − 完成) × 考核电量",
    )
    outputs: dict[str, Any] = {
        "share": share,
        "weight": weight,
        "gap": gap,
        "met": calc.step("完成", share >= weight - 1e-12),
    }
    if calc["price"] is not None:
        dated = f"，价格日期{calc['price_day']}" if calc["price_day"] else ""
        how = f"按每兆瓦时1个绿证、每个{calc['price']:g}元{dated}"
        outputs |= {"cost": calc.step("补足成本", gap * calc["price"], "元", how)}
        if calc["price_day"]:
            outputs["price_day"] = calc["price_day"].isoformat()
    return outputs


def industry(calc: Calc) -> dict[str, Any]:
    """Share of green power of an enterprise against the least of its industry. [1, MWh]"""
    if calc["use"] <= 0:
        raise calc.refuse("用电量应大于零", "use must be positive", "填用电量", "give use")
    least = calc.param("green.industry_share", calc["industry"])
    share = calc.step(
        "绿电消费比例",
        f.green_share(calc["settled"], calc["self_generated"], calc["certificates"], calc["use"]),
        how="(结算绿电 + 自发自用 + 绿证) ÷ 用电量",
        clause=calc.rule.law,
    )
    calc.step("最低比例", least, "", INDUSTRIES[calc["industry"]])
    gap = max(0.0, least - share) * calc["use"]
    return {
        "share": share,
        "least": least,
        "duty": _duty_of_industry(calc),
        "gap": calc.step("与最低比例的差额", gap, "兆瓦时", "(最低比例 − 比例) × 用电量"),
        "met": share >= least - 1e-12,
    }


def _duty_of_industry(calc: Calc) -> str:
    """Whether the industry of the case is assessed, or watched only and without a duty."""
    words = INDUSTRIES[calc["industry"]]
    if not calc.parameters.has("green.industry_share.assessed", calc["industry"]):
        calc.warn(f"{calc.day.year}年{words}是考核还是只监测没有查实；只有考核的行业有义务")
        return str(calc.step("义务", "考核范围没有查实", how=words))
    assessed = calc.param("green.industry_share.assessed", calc["industry"]) > 0
    clause = calc.parameters.used[-1].cited
    if not assessed:
        calc.warn(f"{words}只监测、不考核：差额不是应补的义务")
    duty_word = "考核" if assessed else "只监测，不考核"
    return str(calc.step("义务", duty_word, how=words, clause=clause))


def pledge(calc: Calc) -> dict[str, Any]:
    """Whether a new project keeps its pledge of non-fossil energy, year by year; a year passes
    where its share is not below the pledge. [1]
    """
    rows, worst = calc["years"], None
    if not rows:
        raise calc.refuse(
            "没有年度数据（years）",
            "there is no year",
            todo="至少一年",
            todo_en="give one year at least",
        )
    broken = []
    for row in rows:
        if row["total"] <= 0 or row["nonfossil"] > row["total"]:
            raise calc.refuse(
                f"{row['year']}年的能源消费量应大于零、不小于非化石能源",
                "total energy must be positive and not below non-fossil",
                todo="核对",
                todo_en="check the amounts",
            )
        share = calc.step(
            f"{row['year']}年非化石能源占比",
            f.nonfossil_share(row["nonfossil"], row["total"]),
            how=f"承诺{calc['pledge']:g}",
        )
        worst = share if worst is None else min(worst, share)
        if share < calc["pledge"] - 1e-12:
            broken.append((row["year"], (calc["pledge"] - share) * row["total"]))
    gap = sum(lacking for _, lacking in broken)
    calc.step(
        "履行承诺",
        not broken,
        how="各年占比均不低于承诺"
        if not broken
        else f"未履行：{'、'.join(f'{year}年' for year, _ in broken)}",
        clause=calc.rule.law,
    )
    return {
        "kept": not broken,
        "least": worst,
        "gap": calc.step("欠缺非化石能源", gap, "吨标准煤"),
        "broken": "、".join(f"{year}" for year, _ in broken) or "无",
    }


def self_use(calc: Calc) -> dict[str, Any]:
    """Whether a distributed plant of general commercial or industrial users uses enough itself: 20
    % in 22 metropolitan districts, 40 % elsewhere (Wulong). [1]
    """
    if calc["generated"] <= 0 or calc["used"] > calc["generated"]:
        raise calc.refuse(
            "发电量应大于零、不小于自用电量",
            "generation must be positive and not below own use",
            todo="核对",
            todo_en="check the amounts",
        )
    least = calc.param("green.pv_self_use", calc["area"])
    share = calc.step(
        "年自用比例",
        f.self_use(calc["used"], calc["generated"]),
        how="自用电量 ÷ 发电量",
        clause=calc.rule.law,
    )
    calc.step("最低自用比例", least, "", AREAS.get(calc["area"], "按所在区县"))
    return {
        "share": share,
        "least": least,
        "gap": max(0.0, least * calc["generated"] - calc["used"]),
        "met": share >= least - 1e-12,
    }


WEIGHTS = "发改办能源〔2023〕569号、〔2025〕669号"


RULES = (
    Rule(
        id="green.duty",
        title_zh="可再生能源电力消纳责任权重",
        title_en="Renewable power consumption duty",
        law=WEIGHTS,
        valid_from=date(2020, 1, 1),
        inputs=(
            Input("kind", "权重类别", kind="choice", choices=KINDS, default="total"),
            Input("consumed", "区内生产且消纳电量", unit="兆瓦时", default=0.0),
            Input("imported", "区外净输入电量", unit="兆瓦时", default=0.0),
            Input("purchased", "净购消纳量", unit="兆瓦时", default=0.0, least=None),
            Input("certificates", "绿证对应电量", unit="兆瓦时", default=0.0),
            Input("exempt", "免考核电量", unit="兆瓦时", default=0.0),
            Input("total", "全社会用电量", unit="兆瓦时"),
            Input("price", "绿证价格", unit="元/个", optional=True),
            Input("price_day", "绿证价格日期", kind="date", optional=True),
        ),
        outputs=(
            Output("share", "完成权重"),
            Output("weight", "责任权重"),
            Output("gap", "欠缺电量", unit="兆瓦时"),
            Output("met", "完成"),
            Output("cost", "补足成本", unit="元"),
            Output("price_day", "绿证价格日期"),
        ),
        compute=duty,
        needs=("green.duty.weight", "green.duty.expected"),
        options={"weights": ("binding", "expected")},
    ),
    Rule(
        id="green.industry_share",
        title_zh="重点用能行业绿电消费比例",
        title_en="Green power share of industries",
        law="重庆市2025年可再生能源电力消纳责任权重分解实施方案",
        valid_from=date(2025, 1, 1),
        inputs=(
            Input("industry", "行业", kind="choice", choices=INDUSTRIES),
            Input("use", "用电量", unit="兆瓦时"),
            Input("settled", "结算绿电电量", unit="兆瓦时", default=0.0),
            Input("self_generated", "自发自用可再生电量", unit="兆瓦时", default=0.0),
            Input("certificates", "绿证对应电量", unit="兆瓦时", default=0.0),
        ),
        outputs=(
            Output("share", "绿电消费比例"),
            Output("least", "最低比例"),
            Output("duty", "义务"),
            Output("gap", "与最低比例的差额", unit="兆瓦时"),
            Output("met", "达到最低比例"),
        ),
        compute=industry,
        needs=("green.industry_share", "green.industry_share.assessed"),
    ),
    Rule(
        id="green.nonfossil_pledge",
        title_zh="新上项目非化石能源消费承诺检验",
        title_en="Check of a non-fossil pledge",
        law="重庆市2025—2027年方案（新上项目非化石能源消费承诺）",
        inputs=(
            Input("pledge", "承诺占比", most=1.0),
            Input(
                name="years",
                zh="各年度",
                kind="rows",
                fields=(
                    Input("year", "年份", kind="whole"),
                    Input("nonfossil", "非化石能源消费量", unit="吨标准煤"),
                    Input("total", "能源消费总量", unit="吨标准煤"),
                ),
            ),
        ),
        outputs=(
            Output("kept", "履行承诺"),
            Output("least", "最低占比"),
            Output("gap", "欠缺非化石能源", unit="吨标准煤"),
            Output("broken", "未履行年份"),
        ),
        compute=pledge,
    ),
    Rule(
        id="green.pv_self_use",
        title_zh="分布式光伏自用比例（一般工商业）",
        title_en="Own use of distributed solar power",
        law="重庆市分布式光伏发电开发建设管理实施细则",
        inputs=(
            Input("area", "地区类别", kind="choice", choices=AREAS, default="", note="武隆可不填"),
            Input("generated", "年发电量", unit="兆瓦时"),
            Input("used", "年自用电量", unit="兆瓦时"),
        ),
        outputs=(
            Output("share", "自用比例"),
            Output("least", "最低比例"),
            Output("gap", "欠缺自用电量", unit="兆瓦时"),
            Output("met", "达到"),
        ),
        compute=self_use,
        needs=("green.pv_self_use",),
    ),
)
