"""Household block tariffs of power, water and gas: the bill of a month, of a year so far or of
twelve months, with the household's size and its choice of time of use.

Power of Chongqing is billed by the month (ends 200 and 400 kWh); water and gas by the calendar
year, months accumulating. Each price is for its own part only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import DECIMALS_LISTED, MONTHS_A_YEAR
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.tariffs.blocks import (
    MONTHS,
    SERVICES,
    UNITS,
    Blocks,
    by_block,
    in_order,
    parameter_names,
    read_blocks,
)
from hengtan.instruments.tariffs.formulas import (
    block_bill,
    cost_recovery,
    marginal_price,
    span_bill,
    time_of_use_change,
)

LAWS = {
    "power": "重庆市物价局2012-06-14居民阶梯电价通知；居民分时电价机制（2023-06-01执行）",
    "water": "节约用水条例（2024）居民生活用水阶梯水价；发改价格〔2013〕2676号；重庆居民阶梯水价",
    "gas": "发改价格〔2014〕467号；重庆居民阶梯气价",
}


def household(calc: Calc, service: str) -> dict[str, Any]:
    """Bill of a household. [CNY]

    The law of the service stands with the rule. Raises HengtanError for inputs that do not fit,
    ParameterNotEstablished.
    """
    unit, yearly = UNITS[service], calc.options.get("cycle", "year") == "year"
    parts, months = _parts(calc, yearly), int(calc["months"])
    blocks = read_blocks(calc.param, service, calc.options.get("prices") == "national_ratio")
    if wrong := in_order(blocks):
        raise calc.refuse(
            wrong,
            "the blocks are out of order",
            todo="核对档限与价格参数",
            todo_en="check the parameters",
        )
    if calc.options.get("prices") == "national_ratio":
        calc.warn("二、三档价按国家指导比价推算，不是本地公布的价格")
    if service == "power":
        blocks = _of_meter(calc, blocks, yearly, months)
    cycle = MONTHS_A_YEAR if yearly else months
    extra = _extra(calc, service) * (1 if yearly else months / MONTHS_A_YEAR)
    blocks = blocks.stretched(cycle / MONTHS[service], extra)
    calc.step(
        "档限",
        f"{blocks.upper1:g} / {blocks.upper2:g}",
        unit=unit,
        how=f"{'一个自然年累计' if yearly else f'{months}个月'}",
        clause=LAWS[service],
    )
    calc.step(
        "档价",
        f"{blocks.price1:g} / {blocks.price2:g} / {blocks.price3:g}",
        unit=f"元/{unit}",
        how="各档价只用于本档的量",
        clause=LAWS[service],
    )
    outputs = _billed(parts, float(calc["before"]), blocks, yearly)
    for number, zh in zip("123", "一二三", strict=True):
        calc.step(f"第{zh}档{SERVICES[service]}量", outputs[f"block{number}"], unit)
    if service == "power":
        outputs["bill"] += _time_of_use(calc, outputs["quantity"])
        outputs["bill"] -= _free(calc, outputs["quantity"], blocks.price1, len(parts) * months)
    if outputs["quantity"] > 0:
        outputs["average_price"] = calc.step(
            "平均价",
            cost_recovery(outputs["bill"], outputs["quantity"]),
            unit=f"元/{unit}",
            how=f"{SERVICES[service]}费 ÷ 用量",
        )
    calc.step(f"{SERVICES[service]}费", outputs["bill"], "元", "Σ 各档价 × 各档量", LAWS[service])
    return outputs


def _parts(calc: Calc, yearly: bool) -> list[float]:
    """The quantities of the periods, one or the months of a year."""
    if (calc["quantity"] is None) == (calc["monthly"] is None):
        raise calc.refuse(
            "用量与各月用量恰给一项",
            "give either quantity or monthly",
            todo="留下一项",
            todo_en="keep one of them",
        )
    if calc["monthly"] is None:
        if calc["before"] and not yearly:
            raise calc.refuse(
                "按月分档不累计，不用此前累计用量",
                "monthly blocks do not accumulate",
                todo="去掉 before，或选 cycle: year",
                todo_en="drop before, or choose cycle: year",
            )
        return [float(calc["quantity"])]
    months = len(calc["monthly"])
    if not 1 <= months <= MONTHS_A_YEAR:
        raise calc.refuse(
            f"各月用量应为1至12个数，不是{months}个",
            "monthly holds 1 to 12 numbers",
            todo="按一个自然年填",
            todo_en="give the months of one year",
        )
    if calc["months"] != 1 or calc["before"]:
        raise calc.refuse(
            "给了各月用量就不用 months、before",
            "monthly goes without months and before",
            todo="去掉",
            todo_en="drop them",
        )
    return [float(quantity) for quantity in calc["monthly"]]


def _extra(calc: Calc, service: str) -> float:
    """Extra allowance of a large household, added to both ends. [unit a year]"""
    if calc["people"] is None:
        return 0.0
    above = max(0, calc["people"] - int(calc.param(f"tariff.{service}.household_size")))
    extra = above * calc.param(f"tariff.{service}.extra_per_person") if above else 0.0
    return float(calc.step("多人口家庭各档增加", extra, f"{UNITS[service]}/年", f"超出{above}人"))


def _billed(parts: list[float], before: float, blocks: Blocks, yearly: bool) -> dict[str, Any]:
    """Bills of the periods one after the other, and the parts in the blocks."""
    terms, bills, so_far = blocks.as_dict(), [], before
    in_blocks = {"block1": 0.0, "block2": 0.0, "block3": 0.0}
    for part in parts:
        bills.append(span_bill(so_far, part, **terms) if yearly else block_bill(part, **terms))
        ends = by_block(so_far + part, blocks) if yearly else by_block(part, blocks)
        starts: Mapping[str, float] = by_block(so_far, blocks) if yearly else {}
        in_blocks = {k: in_blocks[k] + ends[k] - starts.get(k, 0.0) for k in in_blocks}
        so_far += part
    last = so_far if yearly else parts[-1]
    outputs: dict[str, Any] = {
        "bill": sum(bills),
        "quantity": sum(parts),
        "marginal_price": marginal_price(last, **terms),
        **in_blocks,
    }
    if len(parts) > 1:
        outputs["bills"] = [round(bill, DECIMALS_LISTED) for bill in bills]
    return outputs


def _of_meter(calc: Calc, blocks: Blocks, yearly: bool, months: int) -> Blocks:
    """The blocks by the meter of a household: a shared meter has one price, that of the first block
    and an add (重庆市物价局2012-06-14通知).
    """
    if yearly:
        calc.warn("按年分档只适用于预购电量智能电表，年度内可调剂，跨年不结转")
    elif months > 1:
        _check_cycle(calc, months)
    if not calc["shared_meter"]:
        return blocks
    price = blocks.price1 + calc.param("tariff.power.combined_add")
    calc.step("合表用户电价", price, "元/千瓦时", "一档价 + 合表加价，不分档")
    return replace(blocks, price1=price, price2=price, price3=price)


def _check_cycle(calc: Calc, months: int) -> None:
    """Say where a meter is read more rarely than allowed, or the rule of the place is unread."""
    if not calc.parameters.has("tariff.power.meter_months"):
        calc.warn("当地抄表周期最长几个月没有查实")
    elif months > calc.param("tariff.power.meter_months"):
        calc.warn(f"给的{months}个月长于抄表周期的上限：核对是否预购电量智能表")


def _free(calc: Calc, quantity: float, price: float, months: int) -> float:
    """What the free amount of a household on relief takes off its bill. [CNY]"""
    if not calc["on_relief"]:
        return 0.0
    free = min(quantity, calc.param("tariff.power.free", "low_income") * months)
    how = f"{months}个月的免费电量，{free:g}千瓦时按一档价"
    return float(calc.step("免费电量抵减", free * price, "元", how))


def _time_of_use(calc: Calc, quantity: float) -> float:
    """What the choice of time of use changes, for a household with its own meter, at least one year
    (重庆居民分时电价机制, 2023-06-01). [CNY]
    """
    peak, valley = calc["peak"], calc["valley"]
    if not calc["time_of_use"]:
        if peak or valley:
            raise calc.refuse(
                "给了峰、谷电量，但没有选择分时电价",
                "peak and valley are given without time_of_use",
                todo="写 time_of_use: 是，或去掉峰、谷电量",
                todo_en="say time_of_use: yes, or drop them",
            )
        return 0.0
    if calc["shared_meter"]:
        raise calc.refuse(
            "分时电价只供一户一表选择，合表用户不能选",
            "time of use is for households with their own meter",
            todo="去掉其一",
            todo_en="drop one of them",
        )
    if peak + valley > quantity + 1e-9:
        raise calc.refuse(
            f"峰、谷电量合计{peak + valley:g}大于用电量{quantity:g}",
            "peak and valley exceed the quantity",
            todo="核对电量",
            todo_en="check the quantities",
        )
    change = time_of_use_change(
        peak,
        valley,
        calc.param("tariff.power.tou_add", "peak"),
        calc.param("tariff.power.tou_add", "valley"),
    )
    return float(
        calc.step(
            "分时电价增减",
            change,
            unit="元",
            how=f"高峰{peak:g}、低谷{valley:g}千瓦时，加在各档价上",
            clause=LAWS["power"],
        )
    )


def _inputs(service: str, *more: Input, cycles: bool = False) -> tuple[Input, ...]:
    """The inputs of every household tariff; ``cycles``: a case chooses monthly or yearly blocks."""
    used, unit = f"用{SERVICES[service]}量", UNITS[service]
    yearly, monthly = f"年{used}", f"月{used}"
    return (
        Input(
            name="quantity",
            zh=used,
            unit=unit,
            optional=True,
            aliases=("用量",) if cycles else ("用量", yearly),
            implies=_cycles_named(yearly, monthly) if cycles else {},
            note="一个计费周期的用量；按年分档时为本期用量",
        ),
        Input(
            name="monthly",
            zh=f"各月{used}",
            unit=unit,
            kind="numbers",
            optional=True,
            aliases=("各月用量",),
        ),
        Input(
            name="months",
            zh="计费周期月数",
            unit="月",
            kind="whole",
            default=1,
            least=1,
            most=MONTHS_A_YEAR,
            note="按月分档而数月抄一次表时",
        ),
        Input("before", "本年此前累计用量", unit=unit, default=0.0, note="按年分档时"),
        Input("people", "家庭人口", unit="人", kind="whole", optional=True, least=1),
        *more,
    )


def _cycles_named(yearly: str, monthly: str) -> dict[str, tuple[str, str]]:
    """Names of the quantity that say the cycle it is of: 年用电量, 本月用电量."""
    of_month = dict.fromkeys((monthly, f"本{monthly}", f"当{monthly}"), ("cycle", "month"))
    return {yearly: ("cycle", "year"), f"全{yearly}": ("cycle", "year"), **of_month}


def _outputs(service: str) -> tuple[Output, ...]:
    unit = UNITS[service]
    return (
        Output("bill", f"{SERVICES[service]}费", unit="元"),
        Output("marginal_price", "末单位价", unit=f"元/{unit}"),
        Output("average_price", "平均价", unit=f"元/{unit}"),
        Output("quantity", "用量", unit=unit),
        *(Output(f"block{number}", f"第{number}档量", unit=unit) for number in "123"),
        Output("bills", "各月费用", unit="元"),
    )


def _needs(service: str) -> tuple[str, ...]:
    return (
        *parameter_names(service),
        f"tariff.{service}.household_size",
        f"tariff.{service}.extra_per_person",
    )


RULES = (
    Rule(
        id="tariff.power_residential",
        title_zh="居民阶梯电价",
        title_en="Household block tariff, power",
        law=LAWS["power"],
        valid_from=date(2012, 7, 1),
        inputs=_inputs(
            "power",
            Input("shared_meter", "未一户一表的合表用户", kind="flag", default=False),
            Input("on_relief", "低保、三无、五保家庭", kind="flag", default=False),
            Input("time_of_use", "选择分时电价", kind="flag", default=False),
            Input("peak", "高峰电量", unit="千瓦时", default=0.0),
            Input("valley", "低谷电量", unit="千瓦时", default=0.0),
            cycles=True,
        ),
        outputs=_outputs("power"),
        compute=partial(household, service="power"),
        needs=(
            *_needs("power"),
            "tariff.power.tou_add",
            "tariff.power.combined_add",
            "tariff.power.free",
            "tariff.power.meter_months",
        ),
        options={"cycle": ("month", "year")},
        note_zh="按抄表周期分档；按年计费只供预购电量智能表，档限为12个月之和、逐月累计。",
    ),
    Rule(
        id="tariff.water_residential",
        title_zh="居民阶梯水价",
        title_en="Household block tariff, water",
        law=LAWS["water"],
        inputs=_inputs("water"),
        outputs=_outputs("water"),
        compute=partial(household, service="water"),
        needs=_needs("water"),
        note_zh="按自然年累计；价格为含水资源费、污水处理费的综合水价。",
    ),
    Rule(
        id="tariff.gas_residential",
        title_zh="居民阶梯气价",
        title_en="Household block tariff, gas",
        law=LAWS["gas"],
        valid_from=date(2014, 3, 20),
        inputs=_inputs("gas"),
        outputs=_outputs("gas"),
        compute=partial(household, service="gas"),
        needs=(*_needs("gas"), "tariff.gas.tier_ratio"),
        options={"prices": ("own", "national_ratio")},
        note_zh="重庆现行气价、分档量没有查实，须在案例里给定；选“按全国比例推”时二、"
        "三档价按国家指导比价由一档价推算。",
    ),
)
