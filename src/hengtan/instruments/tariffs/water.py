"""Water of firms and farms, sewage and waste: progressive surcharge over quota, cost recovery,
differential fees.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.tariffs.formulas import block_quantity, cost_recovery, over_quota_surcharge

OVER_QUOTA, FARM = (
    "节约用水条例（2024）；发改价格〔2017〕1792号",
    "节约用水条例 第十五条",
)
SEWAGE, WASTE = (
    "城镇排水与污水处理条例；本地污水处理费标准",
    "固体废物污染环境防治法（2020修订）；本地生活垃圾处理收费标准",
)
WASTE_CODE = "生态环境法典 第五百一十五条；本地生活垃圾处理收费标准"
SEWAGE_USERS = {"residential": "居民", "nonresidential": "非居民、特种"}
SEWAGE_CLASSES = {"": "不差别化", "low": "低浓度", "middle": "中浓度", "high": "高浓度"}
WASTE_KINDS = {"sorted": "其他垃圾（已分类）", "mixed": "混合垃圾（未分类）", "kitchen": "厨余垃圾"}


def _bands(calc: Calc, name: str, price: float) -> float:
    """Surcharge of what lies over the quota, by bands; the limits and multipliers are those of
    parameters ``name``. [CNY]

    Raises ParameterNotEstablished.
    """
    quantity, quota = calc["quantity"], calc["quota"]
    if quantity <= quota:
        calc.step("超定额水量", 0.0, "立方米", f"{quantity:g}不超过定额{quota:g}", OVER_QUOTA)
        return 0.0
    limits = [calc.param(f"{name}.limit", number) for number in "12"]
    times = [calc.param(f"{name}.multiplier", number) for number in "123"]
    if limits[0] > limits[1] or times != sorted(times):
        raise calc.refuse(
            "分档上限或加价倍数不是逐档升高",
            "limits or multipliers do not rise",
            todo="核对参数",
            todo_en="check the parameters",
        )
    ends = [0.0, *(quota * limit for limit in limits), float("inf")]
    for number, multiplier in enumerate(times):
        calc.step(
            f"超定额第{number + 1}档水量",
            block_quantity(quantity - quota, ends[number], ends[number + 1]),
            unit="立方米",
            how=f"加价{multiplier:g}倍",
            clause=OVER_QUOTA,
        )
    return float(
        calc.step(
            "超定额加价",
            over_quota_surcharge(quantity, quota, price, *limits, *times),
            unit="元",
            how="Σ 价格 × 倍数 × 各档水量",
            clause=OVER_QUOTA,
        )
    )


def water_over_quota(calc: Calc) -> dict[str, Any]:
    """Water of a non-residential user with a quota: base price on all of it, surcharge by bands on
    what is over. [CNY]

    节约用水条例; 发改价格〔2017〕1792号.

    The price the multipliers act on is given, or parameter tariff.water_over_quota.base. Raises
    ParameterNotEstablished, HengtanError.
    """
    price = calc.own_or_param("price", "tariff.water_over_quota.base")
    base = calc.step(
        "基本水费",
        price * calc["quantity"],
        unit="元",
        how=f"{price:g} × {calc['quantity']:g}",
        clause=OVER_QUOTA,
    )
    other = (
        calc.step("其他费用", calc["other"] * calc["quantity"], "元", "不参与加价（污水处理费等）")
        if calc["other"]
        else 0.0
    )
    surcharge = _bands(calc, "tariff.water_over_quota", price)
    over = max(0.0, calc["quantity"] - calc["quota"])
    return {
        "verdict": f"超定额{over:g}立方米" if over else "没有超定额",
        "charge": calc.step(
            "水费合计",
            base + other + surcharge,
            unit="元",
            how="基本水费 + 其他 + 超定额加价",
            clause=OVER_QUOTA,
        ),
        "surcharge": surcharge,
        "over": over,
    }


def agricultural_water(calc: Calc) -> dict[str, Any]:
    """Water of farms: the price against the cost of operation and maintenance, progressive over
    quota where metered. [CNY]

    节约用水条例 (2024). Raises ParameterNotEstablished, HengtanError.
    """
    price = calc.own_or_param("price", "tariff.agricultural_water.price")
    base = calc.step(
        "水费",
        price * calc["quantity"],
        unit="元",
        how=f"{price:g} × {calc['quantity']:g}",
        clause=FARM,
    )
    surcharge = 0.0
    if calc["quota"] is not None and not calc["metered"]:
        calc.step("超定额加价", 0.0, "元", "没有计量设施，不实行累进加价", FARM)
    elif calc["quota"] is not None:
        surcharge = _bands(calc, "tariff.agricultural_water", price)
    outputs: dict[str, Any] = {
        "charge": calc.step("合计", base + surcharge, "元", clause=FARM),
        "surcharge": surcharge,
    }
    for name, zh in (("om_cost", "运行维护成本"), ("full_cost", "完全成本")):
        if calc[name]:
            outputs[f"{name}_recovery"] = calc.step(
                f"{zh}补偿率",
                cost_recovery(price, calc[name]),
                how=f"{price:g} ÷ {calc[name]:g}",
                clause=FARM,
            )
    if calc["om_cost"] is not None:
        outputs["gap"] = calc.step(
            "价格低于运行维护成本的差额",
            max(0.0, calc["om_cost"] - price) * calc["quantity"],
            unit="元",
            how="需由补贴等弥补",
            clause=FARM,
        )
        outputs["covers_om"] = "是" if price >= calc["om_cost"] else "否"
        if price < calc["om_cost"]:
            calc.warn("水价低于运行维护成本，不符合节约用水条例关于农业水价的原则")
    return outputs


def sewage_fee(calc: Calc) -> dict[str, float]:
    """Sewage fee: price by user × factor of the class × quantity, and how far it covers the cost.
    [CNY]

    城镇排水与污水处理条例; factors of classes are not established and must be given.

    Raises ParameterNotEstablished, HengtanError.
    """
    price = calc.param("tariff.sewage.price", calc["user"])
    calc.step("污水处理费标准", price, "元/立方米", SEWAGE_USERS[calc["user"]], SEWAGE)
    if calc["class"]:
        if calc["user"] == "residential":
            raise calc.refuse(
                "居民不分浓度类别收费",
                "no classes for households",
                todo="去掉 class",
                todo_en="drop class",
            )
        factor = calc.param("tariff.sewage.factor", calc["class"])
        price *= factor
        calc.step(
            "差别化后标准",
            price,
            unit="元/立方米",
            how=f"{SEWAGE_CLASSES[calc['class']]} × {factor:g}",
            clause=SEWAGE,
        )
    return _recovered(
        calc,
        price * calc["quantity"],
        calc["cost"] * calc["quantity"] if calc["cost"] is not None else None,
        "污水处理费",
        SEWAGE,
    ) | {"price": price}


def _recovered(calc: Calc, fee: float, cost: float | None, zh: str, law: str) -> dict[str, float]:
    """The fee, and beside it how much of a cost it covers and what is missing. [CNY]"""
    outputs = {"fee": calc.step(zh, fee, "元", clause=law)}
    if cost:
        outputs["recovery"] = calc.step(
            "成本补偿率", cost_recovery(fee, cost), how=f"{fee:g} ÷ {cost:g}", clause=law
        )
        outputs["gap"] = calc.step(
            "收费与成本的差额", max(0.0, cost - fee), "元", "负差额记零", law
        )
    return outputs


def waste_fee(calc: Calc) -> dict[str, float]:
    """Household waste: a sum per household and month, or by weight and kind (pay as you throw);
    prices are not established and must be given. [CNY]

    固体废物污染环境防治法 (until 2026-08-14); 生态环境法典 第五百一十五条.

    Raises ParameterNotEstablished; HengtanError where neither households nor weights are given.
    """
    if not calc["weights"] and not calc["households"]:
        raise calc.refuse(
            "户数与各类垃圾量都没有给",
            "give households or weights",
            todo="按户收费给 households，按量收费给 weights",
            todo_en="give households or weights",
        )
    kinds = {
        spelling: code
        for code, zh in WASTE_KINDS.items()
        for spelling in (code, zh, zh.partition("（")[0])
    }
    fee, prices = 0.0, {}
    if calc["households"]:
        price = calc.param("tariff.waste.price", "household")
        fee += calc.step(
            "按户收费",
            price * calc["households"] * calc["months"],
            unit="元",
            how=f"{price:g}元/户·月 × {calc['households']:g}户 × {calc['months']:g}月",
            clause=calc.rule.law,
        )
    for name, amount in calc["weights"].items():
        if name not in kinds:
            raise calc.refuse(
                f"没有垃圾类别“{name}”",
                f"no kind of waste '{name}'",
                todo=f"可用：{'、'.join(WASTE_KINDS.values())}",
                todo_en=f"one of {', '.join(WASTE_KINDS)}",
            )
        price = prices[kinds[name]] = calc.param("tariff.waste.price", kinds[name])
        fee += calc.step(
            f"{WASTE_KINDS[kinds[name]]}计量收费",
            price * amount,
            unit="元",
            how=f"{price:g}元/吨 × {amount:g}吨",
            clause=calc.rule.law,
        )
    if prices.get("mixed", float("inf")) < prices.get("sorted", 0.0):
        calc.warn("混合垃圾价低于分类后的其他垃圾价，不体现分类计价")
    return _recovered(calc, fee, calc["cost"], "生活垃圾处理费", calc.rule.law)


def _waste_rule(**edition: Any) -> Rule:
    """The fee for household waste under one of the laws that follow each other."""
    return Rule(
        id="tariff.waste_fee",
        title_zh="生活垃圾处理费",
        title_en="Household waste fee",
        inputs=(
            Input("households", "户数", unit="户", kind="whole", default=0),
            Input("months", "月数", unit="月", default=1.0),
            Input(
                name="weights",
                zh="各类垃圾量",
                unit="吨",
                kind="amounts",
                default={},
                note="其他垃圾、混合垃圾、厨余垃圾各多少",
            ),
            Input("cost", "处理成本合计", unit="元", optional=True),
        ),
        outputs=FEE,
        compute=waste_fee,
        needs=("tariff.waste.price",),
        note_zh="收费标准没有查实，须在案例里给定，或填报表“本地规定的参数”。",
        **edition,
    )


QUANTITY, QUOTA = (
    Input("quantity", "用水量", unit="立方米", aliases=("用量",)),
    Input(
        name="quota",
        zh="用水定额",
        unit="立方米",
        aliases=("定额", "计划用水量"),
        note="与用水量同一时期",
    ),
)
FEE = (
    Output("fee", "收费", unit="元"),
    Output("recovery", "成本补偿率"),
    Output("gap", "差额", unit="元"),
)
RULES = (
    Rule(
        id="tariff.water_over_quota",
        title_zh="非居民用水超定额累进加价",
        title_en="Progressive surcharge on non-residential water over quota",
        law=OVER_QUOTA,
        valid_from=date(2017, 10, 12),
        inputs=(
            QUANTITY,
            QUOTA,
            Input("price", "加价基数水价", unit="元/立方米", optional=True, aliases=("基本水价",)),
            Input("other", "不参与加价的费用", unit="元/立方米", default=0.0),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("charge", "水费合计", unit="元"),
            Output("surcharge", "超定额加价", unit="元"),
            Output("over", "超定额水量", unit="立方米"),
        ),
        compute=water_over_quota,
        needs=(
            "tariff.water_over_quota.base",
            "tariff.water_over_quota.limit",
            "tariff.water_over_quota.multiplier",
        ),
        note_zh="重庆分档、倍数、加价基数没有查实，须在案例里给定。",
    ),
    Rule(
        id="tariff.agricultural_water",
        title_zh="农业水价",
        title_en="Water price of farms",
        law=FARM,
        valid_from=date(2024, 5, 1),
        inputs=(
            QUANTITY,
            Input("price", "水价", unit="元/立方米", optional=True),
            Input("quota", "用水定额", unit="立方米", optional=True, aliases=("定额",)),
            Input("metered", "有计量设施", kind="flag", default=True),
            Input("om_cost", "运行维护成本", unit="元/立方米", optional=True),
            Input("full_cost", "完全成本", unit="元/立方米", optional=True),
        ),
        outputs=(
            Output("charge", "水费合计", unit="元"),
            Output("surcharge", "超定额加价", unit="元"),
            Output("om_cost_recovery", "运行维护成本补偿率"),
            Output("full_cost_recovery", "完全成本补偿率"),
            Output("gap", "差额", unit="元"),
            Output("covers_om", "达到运行维护成本"),
        ),
        compute=agricultural_water,
        needs=(
            "tariff.agricultural_water.price",
            "tariff.agricultural_water.limit",
            "tariff.agricultural_water.multiplier",
        ),
    ),
    Rule(
        id="tariff.sewage_fee",
        title_zh="污水处理费",
        title_en="Sewage fee",
        law=SEWAGE,
        inputs=(
            Input("quantity", "污水量", unit="立方米", aliases=("用水量", "用量")),
            Input("user", "用户类别", kind="choice", choices=SEWAGE_USERS),
            Input("class", "排污浓度类别", kind="choice", choices=SEWAGE_CLASSES, default=""),
            Input("cost", "处理成本", unit="元/立方米", optional=True),
        ),
        outputs=(*FEE, Output("price", "适用标准", unit="元/立方米")),
        compute=sewage_fee,
        needs=("tariff.sewage.price", "tariff.sewage.factor"),
        confidence="recalled",
        note_zh="差别化系数没有查实，须在案例里给定。",
    ),
    _waste_rule(
        law=WASTE,
        valid_from=date(2020, 9, 1),
        valid_to=date(2026, 8, 14),
        confidence="recalled",
    ),
    _waste_rule(law=WASTE_CODE, valid_from=date(2026, 8, 15)),
)
