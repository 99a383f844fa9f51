"""Compensation between districts: rivers by class and month, forest cover bought and sold; and
ecological damage by virtual treatment cost.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.calc import Calc
from hengtan.instruments.compensation.formulas import virtual_treatment_cost
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

CLASSES = (
    ("Ⅰ", "I", "1"),
    ("Ⅱ", "II", "2"),
    ("Ⅲ", "III", "3"),
    ("Ⅳ", "IV", "4"),
    ("Ⅴ", "V", "5"),
    ("劣Ⅴ", "6"),
)
"""Classes of surface water from best to worst, each with its spellings (GB 3838-2002)."""
PERCENT = 100
BY = {"monitored": "监测", "agreement": "协议填报"}
"""Where the class of a month comes from."""


def _class(calc: Calc, text: str) -> int:
    """The place of a class in their order, the best first. Raises HengtanError."""
    spelled = text.removesuffix("类").strip()
    for place, spellings in enumerate(CLASSES):
        if spelled in spellings:
            return place
    raise calc.refuse(
        f"水质类别“{text}”不认识",
        f"unknown class '{text}'",
        todo="填 Ⅰ—Ⅴ、劣Ⅴ 或 1—6",
        todo_en="I–V or 1–6",
    )


def class_words(calc: Calc, text: str) -> str:
    """A class as it is written. Raises HengtanError."""
    return f"{CLASSES[_class(calc, text)][0]}类"


def fails(calc: Calc, required: str, actual: str) -> bool:
    """Whether a month's class is worse than the class required. Raises HengtanError."""
    return _class(calc, actual) > _class(calc, required)


def river(calc: Calc) -> dict[str, Any]:
    """A section and a month in Chongqing: meets its class and is better than a year before →
    downstream pays; meets and is worse → upstream pays; fails → upstream pays by a rule that is
    not established. [10⁴ yuan; positive: to upstream]

    重庆市建立流域横向生态保护补偿机制实施方案（试行）(2018), read in press.
    """
    classes = {name: _class(calc, calc[name]) for name in ("required", "actual", "last_year")}
    _tell_sources(calc)
    if classes["actual"] > classes["required"]:
        if calc["failing"] is not None:
            how = "未达到功能类别，按协议约定的数额上游补下游"
            return {"to_upstream": calc.step("补偿", -calc["failing"], "万元", how)}
        raise ParameterNotEstablished(
            "断面水质未达到功能类别：补偿额的算法两说并存，没有确立",
            "the section fails its class: how much is paid is not established",
            todo="查重庆市建立流域横向生态保护补偿机制实施方案（试行）（2018）原文及核算细则，"
            "或按协议填不达标月补偿额",
            todo_en="see the plan's own text, or give what the agreement states",
        )
    amount = calc.param("compensation.river.monthly")
    if classes["actual"] == classes["last_year"]:
        calc.warn("达标且与上年同期持平：没有读到规定，按不补偿处理")
        return {"to_upstream": calc.step("补偿", 0.0, "万元", "达标、持平")}
    better = classes["actual"] < classes["last_year"]
    return {
        "to_upstream": calc.step(
            "补偿",
            amount if better else -amount,
            unit="万元",
            how="达标且好于上年同期：下游补上游" if better else "达标但差于上年同期：上游补下游",
        )
    }


def _tell_sources(calc: Calc) -> None:
    """Tell which class was filed without monitoring, and which was filed otherwise than monitored.
    Raises HengtanError.
    """
    month = f"{calc.day:%Y-%m}"
    for name, when in (("actual", month), ("last_year", f"{month}的上年同月")):
        filed = calc[f"filed_{name}"]
        if calc[f"{name}_by"] == "agreement":
            calc.step(f"{when}类别来源", "协议填报（没有监测）")
        elif filed is not None and _class(calc, filed) != _class(calc, calc[name]):
            said, monitored = class_words(calc, filed), class_words(calc, calc[name])
            calc.warn(f"{when}填报的类别{said}与监测的{monitored}不同，按监测计")


def forest(calc: Calc) -> dict[str, Any]:
    """Forest-cover quota: area × (index price + yearly care × years), not below the least prices.
    [yuan]

    重庆市实施横向生态补偿提高森林覆盖率工作方案（试行）(2018), prices recalled.
    """
    least = calc.param("compensation.forest.price")
    care_least = calc.param("compensation.forest.care")
    years = calc.param("compensation.forest.years")
    price = least if calc["price"] is None else calc["price"]
    care = care_least if calc["care"] is None else calc["care"]
    if price < least or care < care_least:
        raise calc.refuse(
            f"指标价{price:g}元/亩或管护费{care:g}元/亩·年低于下限（{least:g}、{care_least:g}）",
            "below the least price",
            todo="不得低于下限",
            todo_en="at least the lower bounds",
        )
    if calc["seller_cover"] is not None:
        cover = calc["seller_cover"] - calc["area"] / calc["seller_land"] * PERCENT
        cover_least = calc.param("compensation.forest.seller_cover")
        if cover < cover_least:
            calc.warn(
                f"转让后卖方森林覆盖率低于{cover_least:g}%（限制凭记忆、来源不足，请核对方案原文）"
            )
    unit = price + care * years
    calc.step("每亩价款", unit, "元", f"{price:g} + {care:g} × {years:g}")
    return {
        "payment": calc.step("总价款", calc["area"] * unit, "元", f"{calc['area']:g} 亩"),
        "per_mu": unit,
    }


def damage(calc: Calc) -> dict[str, Any]:
    """Ecological damage by virtual treatment cost: amount discharged × unit treatment cost ×
    multiple of the sensitivity of the receiving environment. [yuan]

    生态环境损害鉴定评估技术指南（虚拟治理成本法）: the multiple by class of environment is taken
    from the guide's table: an input, since the table was not read.
    """
    return {
        "damage": calc.step(
            "损害数额",
            virtual_treatment_cost(calc["amount"], calc["unit_cost"], calc["multiple"]),
            unit="元",
            how="排放量 × 单位治理成本 × 敏感系数",
            clause="生态环境损害鉴定评估技术指南 虚拟治理成本法（凭记忆）",
        )
    }


FAILING = Input(
    name="failing",
    zh="不达标月补偿额",
    unit="万元",
    optional=True,
    note="协议约定的、上游补下游的数额",
)
SOURCES = (
    Input("actual_by", "当月类别来源", kind="choice", choices=BY, optional=True),
    Input("filed_actual", "当月填报的水质类别", kind="text", optional=True),
    Input("last_year_by", "上年同月类别来源", kind="choice", choices=BY, optional=True),
    Input("filed_last_year", "上年同月填报的水质类别", kind="text", optional=True),
)
"""Of a month and of the same a year before: where the class comes from, and what was filed."""
RULES = (
    Rule(
        id="compensation.river",
        title_zh="流域横向生态保护补偿",
        title_en="Compensation along rivers",
        law="重庆市建立流域横向生态保护补偿机制实施方案（试行）（2018）",
        valid_from=date(2018, 7, 1),
        inputs=(
            Input("required", "功能类别", kind="text"),
            Input("actual", "当月水质类别", kind="text"),
            Input("last_year", "上年同月水质类别", kind="text"),
            FAILING,
            *SOURCES,
        ),
        outputs=(Output("to_upstream", "下游补上游（负为上游补下游）", unit="万元"),),
        compute=river,
        needs=("compensation.river.monthly",),
    ),
    Rule(
        id="compensation.forest",
        title_zh="森林覆盖率指标交易",
        title_en="Forest-cover quota",
        law="重庆市实施横向生态补偿提高森林覆盖率工作方案（试行）（2018）",
        valid_from=date(2018, 10, 1),
        inputs=(
            Input("area", "面积", unit="亩"),
            Input("price", "指标价", unit="元/亩", optional=True),
            Input("care", "管护费", unit="元/亩·年", optional=True),
            Input("seller_cover", "卖方森林覆盖率", unit="%", optional=True),
            Input("seller_land", "卖方国土面积", unit="亩", default=1.0, least=1e-9),
        ),
        outputs=(Output("payment", "总价款", unit="元"), Output("per_mu", "每亩", unit="元")),
        compute=forest,
        needs=(
            "compensation.forest.price",
            "compensation.forest.care",
            "compensation.forest.years",
            "compensation.forest.seller_cover",
        ),
        confidence="recalled",
    ),
    Rule(
        id="compensation.damage",
        title_zh="生态环境损害赔偿（虚拟治理成本）",
        title_en="Ecological damage by virtual treatment cost",
        law="生态环境损害鉴定评估技术指南",
        inputs=(
            Input("amount", "排放量", unit="吨"),
            Input("unit_cost", "单位治理成本", unit="元/吨"),
            Input("multiple", "敏感系数", note="按受纳环境类别查指南"),
        ),
        outputs=(Output("damage", "损害数额", unit="元"),),
        compute=damage,
        confidence="recalled",
    ),
)
