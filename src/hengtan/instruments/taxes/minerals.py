"""Resource tax on minerals other than gas: by value or by amount, at the province's own rate within
the span of the nation's table (资源税法所附税目税率表, from 2020-09-01), less what article 6 takes
off: coalbed gas drained for safety is free, products of a depleting mine pay less.
"""

from __future__ import annotations

from datetime import date

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.taxes.formulas import resource_tax

LAW = "资源税法所附税目税率表"
MINERALS = {
    "crude_oil": "原油",
    "coal": "煤",
    "coalbed_gas": "煤成（层）气",
    "oil_shale_stone_coal": "油页岩、油砂、天然沥青、石煤",
    "geothermal": "地热",
    "iron_manganese_etc": "铁、锰、铬、钒、钛",
    "lead_zinc_etc": "铜、铅、锌、锡、镍、锑、镁、钴、铋、汞",
    "bauxite": "铝土矿",
    "strontium_etc": "铍、锂、锆、锶等",
    "limestone": "石灰岩",
    "gypsum_barite_etc": "石膏、重晶石、毒重石、方解石等",
    "fluorite_pyrite_sulfur": "萤石、硫铁矿、自然硫",
    "other_clay": "其他粘土（砖瓦用、水泥配料用等）",
    "shale_rock_etc": "页岩、砂岩、大理岩等岩石类",
    "sand_gravel": "砂石",
    "mineral_water": "矿泉水",
    "salt": "钠盐、钾盐、镁盐、锂盐（选矿）",
    "brine": "天然卤水",
}
BY = {
    "value": ("resource_tax.rate", "resource_tax.span", "sales", "销售额"),
    "amount": ("resource_tax.unit_rate", "resource_tax.unit_span", "amount", "销售数量"),
}
"""Parameters of the own rate and of its span, input and words of the base, by way of taxing."""


def mineral(calc: Calc) -> dict[str, float]:
    """Sales, or the amount sold, times the rate. [yuan]

    The rate is the province's: where it was not read it raises, or the case gives it; one outside
    the nation's span is refused.
    """
    parameter, span, base, words = BY[calc["by"]]
    if calc[base] is None:
        raise calc.refuse(
            f"缺{words}（{base}）", f"{base} is missing", todo="补上", todo_en=f"give {base}"
        )
    low, high = _span(calc, span)
    rate = calc.own_or_param("rate", parameter, calc["mineral"])
    if not low <= rate <= high:
        raise calc.refuse(
            f"税率{rate:g}在全国幅度{low:g}—{high:g}以外",
            f"rate {rate:g} is outside {low:g}–{high:g}",
            todo="核对省级规定的税率",
            todo_en="check the province's rate",
        )
    cut = _cut(calc)
    how = f"{words} × {rate:g}" + (f" ×（1 − {cut:g}）" if cut else "")
    tax = float(resource_tax(calc[base], rate, cut))
    whole = float(resource_tax(calc[base], rate, 0.0))
    return {
        "tax": calc.step("应纳税额", tax, "元", how, LAW),
        "rate": rate,
        "relief": calc.step("其中减免", whole - tax, "元") if cut else 0.0,
    }


def _cut(calc: Calc) -> float:
    """The share of the tax that article 6 takes off. [1]

    Raises HengtanError where a site is said to be depleting and what shows it is not given.
    """
    if calc["safety_drained"] and calc["mineral"] == "coalbed_gas":
        free = calc.step("因安全生产抽采的煤成（层）气免征", 1.0, clause="资源税法 第六条第一款")
        return float(free)
    since = calc["depleting_from"]
    if since is None or since > calc.day or not _is_depleting(calc):
        return 0.0
    cut = calc.param("resource_tax.reduction", "depleting_mine")
    return float(calc.step("衰竭期矿山减征", cut, clause="资源税法 第六条第二款"))


def _is_depleting(calc: Calc) -> bool:
    """Whether a mine was designed for longer than the law asks, and has no more than its share of
    the reserves, or no more than its years, left (资源税法 第十六条).
    """
    designed, left = calc["designed_reserves"], calc["remaining_reserves"]
    share = left / designed if designed and left is not None else None
    years = calc["remaining_years"]
    if calc["designed_years"] is None or (share is None and years is None):
        raise calc.refuse(
            "填了衰竭期起始日期，缺设计开采年限，或剩余储量与剩余年限都没有",
            "a depleting mine without its years designed, or what is left",
            todo="在资源税税源表里补设计开采年限、剩余可开采储量（或剩余开采年限）；不申请减征的去掉日期",
            todo_en="give the years designed and the reserves or years left, or drop the day",
        )
    few_reserves = share is not None and share <= _limit(calc, "reserves_share")
    few_years = years is not None and years <= _limit(calc, "remaining_years")
    is_so = calc["designed_years"] > _limit(calc, "designed_years") and (few_reserves or few_years)
    if not is_so:
        calc.warn("填报的储量和年限不符合衰竭期矿山的定义，不予减征（资源税法 第十六条）")
    return is_so


def _limit(calc: Calc, name: str) -> float:
    return calc.param("resource_tax.depleting", name)


def _span(calc: Calc, span: str) -> tuple[float, float]:
    """The nation's span of a rate, told. Raises HengtanError for a mineral not taxed so."""
    if f"{calc['mineral']}.min" not in calc.parameters.keys(span):
        raise calc.refuse(
            f"税目税率表里“{MINERALS[calc['mineral']]}”不从量计征",
            f"'{calc['mineral']}' is not taxed by amount",
            todo="改为从价",
            todo_en="tax it by value",
        )
    low, high = (calc.param(span, f"{calc['mineral']}.{end}") for end in ("min", "max"))
    calc.step("全国幅度", f"{low:g}—{high:g}", clause=LAW)
    return low, high


ARTICLE_6 = (
    Input("safety_drained", "因安全生产抽采", kind="flag", default=False),
    Input("depleting_from", "衰竭期起始日期", kind="date", optional=True),
    Input("designed_years", "设计开采年限", unit="年", optional=True),
    Input("designed_reserves", "原设计可开采储量", optional=True),
    Input("remaining_reserves", "剩余可开采储量", optional=True),
    Input("remaining_years", "剩余开采年限", unit="年", optional=True),
)
"""What decides on the exemption and the reduction of article 6."""
RULES = (
    Rule(
        id="resource_tax.mineral",
        title_zh="资源税·其他矿产",
        title_en="Resource tax on other minerals",
        law=f"{LAW}（2020-09-01施行）；省级具体适用税率",
        valid_from=date(2020, 9, 1),
        inputs=(
            Input("mineral", "税目", kind="choice", choices=MINERALS),
            Input(
                name="by",
                zh="计征方式",
                kind="choice",
                choices={"value": "从价", "amount": "从量"},
                default="value",
            ),
            Input("sales", "销售额（不含税）", unit="元", optional=True),
            Input("amount", "销售数量", optional=True, note="吨或立方米，按省级规定"),
            Input("rate", "省级具体适用税率", optional=True, note="重庆的没有读到，须自填"),
            *ARTICLE_6,
        ),
        outputs=(
            Output("tax", "应纳税额", unit="元"),
            Output("rate", "税率"),
            Output("relief", "其中减免", unit="元"),
        ),
        compute=mineral,
        needs=(
            "resource_tax.rate",
            "resource_tax.unit_rate",
            "resource_tax.span",
            "resource_tax.unit_span",
            "resource_tax.reduction",
            "resource_tax.depleting",
        ),
    ),
)
