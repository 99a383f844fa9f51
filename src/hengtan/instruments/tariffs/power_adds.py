"""Adds to the price of power by industry and intensity, and the band of the market price."""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.one_formula import formula_rule
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.tariffs.formulas import (
    aluminium_add,
    aluminium_add_2014,
    aluminium_relief,
    banded_price,
    steps_above,
)

ALU_2014, ALU_2022 = "发改价格〔2013〕2530号", "发改价格〔2021〕1239号"


DIFFERENTIAL, BAND = (
    "节约能源法；发改价格〔2010〕978号、〔2016〕75号、〔2016〕2803号",
    "发改价格〔2021〕1439号",
)


INDUSTRIES = {"steel": "钢铁", "cement": "水泥", "other": "其他高耗能"}


CATEGORIES = {
    "encouraged": "鼓励类",
    "permitted": "允许类",
    "restricted": "限制类",
    "eliminated": "淘汰类",
    "capacity_task_failed": "未按期完成化解过剩产能任务",
}


TIERS = ("第一档", "第二档", "第三档")


PERCENT = 100


def aluminium(calc: Calc) -> dict[str, float]:
    """Add to the power price of primary aluminium from 2022 by steps above the year's threshold,
    less the relief for renewables. [CNY/kWh; the charge in CNY]

    发改价格〔2021〕1239号.

    Raises HengtanError where the share of renewables passes the relief's start and the province's
    incentive weight is not given.
    """
    threshold, step, per_step, start = (
        calc.param(f"tariff.aluminium.{n}")
        for n in ("threshold", "step", "add_per_step", "relief_from")
    )
    count = calc.step(
        "加价档数",
        steps_above(calc["intensity"], threshold, step),
        how=f"({calc['intensity']:g} − {threshold:g}) ÷ {step:g}，不足一档按一档",
        clause=ALU_2022,
    )
    share, incentive = calc["renewable_share"], calc["incentive_weight"]
    if share > start and incentive is None:
        raise calc.refuse(
            "非水可再生占比超过减免起点，要给所在省上年度非水激励性权重（incentive_weight）",
            "give the province's incentive weight",
            todo="补上",
            todo_en="give incentive_weight",
        )
    relief = calc.step(
        "可再生减免后系数",
        _relief(calc, share, start, incentive),
        how=f"非水可再生占比{share:.2%}",
        clause=ALU_2022,
    )
    points = (share - start) * PERCENT
    if relief < 1 and abs(points - round(points)) > 1e-6:
        calc.warn("占比不足1个百分点的部分按比例计，取整办法没有查实")
    add = calc.step(
        "加价",
        aluminium_add(calc["intensity"], threshold, step, per_step, relief),
        unit="元/千瓦时",
        how="档数 × 每档加价 × 减免系数",
        clause=ALU_2022,
    )
    return {
        "add": add,
        "charge": calc.step("加价电费", add * calc["power"], "元", f"× {calc['power']:g}千瓦时"),
        "steps": count,
        "relief": relief,
    }


def _relief(calc: Calc, share: float, start: float, incentive: float | None) -> float:
    """What remains of the add after the relief. [1]

    Raises ParameterNotEstablished where there is a relief: its size a point was not read.
    """
    if share <= start or incentive is None or share < incentive:
        return 1.0
    per_point = calc.param("tariff.aluminium.relief_per_point")
    return float(aluminium_relief(share, start, incentive, per_point))


def _aluminium_2014(
    intensity: Any, power: Any, upper0: Any, upper1: Any, add1: Any, add2: Any
) -> dict[str, Any]:
    add = aluminium_add_2014(intensity, upper0, upper1, add1, add2)
    return {"add": add, "charge": add * power}


def steel_cement(calc: Calc) -> dict[str, float]:
    """Differential price by category and tiered price by energy per unit of product, added.
    [CNY/kWh; the charge in CNY]

    节约能源法; 发改价格〔2016〕75号、2803号.

    The tier is given, or follows from intensity and limits, which are not established and must be
    given. Raises HengtanError, ParameterNotEstablished.
    """
    industry, category = calc["industry"], calc["category"]
    by_category = (
        calc.param("tariff.differential.category_add", f"{industry}.{category}")
        if category not in ("encouraged", "permitted")
        else 0.0
    )
    calc.step(
        "差别电价加价",
        by_category,
        unit="元/千瓦时",
        how=f"{INDUSTRIES[industry]}{CATEGORIES[category]}",
        clause=DIFFERENTIAL,
    )
    tier = _tier(calc, industry)
    by_tier = calc.param("tariff.differential.tier_add", f"{industry}.{tier}") if tier > 1 else 0.0
    calc.step("阶梯电价加价", by_tier, "元/千瓦时", f"第{tier}档", DIFFERENTIAL)
    add = calc.step(
        "加价合计",
        by_category + by_tier,
        unit="元/千瓦时",
        how="差别加价 + 阶梯加价；地方可提高",
        clause=DIFFERENTIAL,
    )
    return {
        "add": add,
        "category_add": by_category,
        "tier_add": by_tier,
        "tier": tier,
        "charge": calc.step("加价电费", add * calc["power"], "元", f"× {calc['power']:g}千瓦时"),
    }


def _tier(calc: Calc, industry: str) -> int:
    if calc["tier"] is not None:
        if calc["intensity"] is not None:
            raise calc.refuse(
                "档次与单位产品能耗只给一项",
                "give either tier or intensity",
                todo="留下一项",
                todo_en="keep one",
            )
        if industry == "other" and calc["tier"] > 1:
            raise calc.refuse(
                "阶梯电价只用于钢铁、水泥（电解铝另见 tariff.differential_aluminium）",
                "tiers are for steel and cement",
                todo="不给档次",
                todo_en="drop the tier",
            )
        return int(calc["tier"])
    if calc["intensity"] is None:
        if industry == "other":
            return 1
        raise calc.refuse(
            "没有给阶梯档次，也没有给单位产品能耗，阶梯电价算不出",
            "neither tier nor intensity is given",
            todo="给档次（tier，1为不加价），或单位产品能耗（intensity）",
            todo_en="give tier (1: no add) or intensity",
        )
    if industry == "other":
        raise calc.refuse(
            "阶梯电价只用于钢铁、水泥",
            "tiers are for steel and cement",
            todo="不给单位产品能耗",
            todo_en="drop the intensity",
        )
    line = industry
    if industry == "cement":
        border = calc.day_param("tariff.differential.new_line_from")
        if not calc["commissioned"]:
            raise calc.refuse(
                f"水泥要给投产日期（commissioned），以{border}为界",
                "cement needs the day of commissioning",
                todo="补上",
                todo_en="give commissioned",
            )
        commissioned = calc["commissioned"]
        line = f"{calc['product']}.{'old' if commissioned < border else 'new'}"
    limits = [calc.param("tariff.differential.tier_upper", f"{line}.{tier}") for tier in "12"]
    return int(1 + sum(calc["intensity"] > limit for limit in limits))


def price_band(calc: Calc) -> dict[str, Any]:
    """A contracted coal-power price against the band of 20 % around the base price; no upper bound
    for high-energy users, no band on the spot market. [CNY/kWh]

    发改价格〔2021〕1439号.
    """
    share, price, base = calc.param("tariff.price_band.float"), calc["price"], calc["base"]
    lower, upper = base * (1 - share), base * (1 + share)
    if calc["spot"]:
        calc.step("现货", price, "元/千瓦时", "现货市场价格不受浮动幅度限制", BAND)
        return {"within": "是", "allowed_price": price}
    allowed = banded_price(price, base, share, 1.0 if calc["high_energy"] else 0.0)
    calc.step("浮动下限", lower, "元/千瓦时", f"{base:g} × (1 − {share:g})", BAND)
    if calc["high_energy"]:
        calc.step("浮动上限", "不适用", "", "高耗能企业市场交易电价不受上浮限制", BAND)
    else:
        calc.step("浮动上限", upper, "元/千瓦时", f"{base:g} × (1 + {share:g})", BAND)
    within = abs(allowed - price) <= 1e-12
    calc.step("是否在幅度内", "是" if within else "否", "", clause=BAND)
    outputs: dict[str, Any] = {
        "lower": lower,
        "within": "是" if within else "否",
        "allowed_price": price if within else allowed,
    }
    return outputs if calc["high_energy"] else outputs | {"upper": upper}


def cap_effect(calc: Calc) -> dict[str, Any]:
    """What power costs at the contract price and what it would cost under the upper bound of the
    band, and the difference for each tonne of product. [yuan, yuan/t]

    发改价格〔2021〕1439号: energy-intensive users and the spot market have no upper bound. All of
    the difference is told as if it were passed on; what is passed on is the firm's own.
    """
    upper = calc["base"] * (1 + calc.param("tariff.price_band.float"))
    capped = min(calc["price"], upper)
    cost = calc.step("按合同价的电费", calc["price"] * calc["power"], "元")
    under_cap = calc.step("按上限的电费", capped * calc["power"], "元", f"不高于 {upper:g}", BAND)
    extra = calc.step("差额", cost - under_cap, "元")
    is_free = calc["high_energy"] or calc["spot"]
    outputs: dict[str, Any] = {"cost": cost, "capped_cost": under_cap, "extra": extra}
    if extra > 0 and not is_free:
        calc.warn("该用户受20%上浮限制，合同价高于上限，应核对合同")
    outputs["allowed"] = "是" if is_free or extra <= 0 else "否"
    if calc["output"]:
        outputs["per_tonne"] = calc.step("每吨产品增加成本", extra / calc["output"], "元/吨")
    return outputs


POWER = Input("power", "电量", unit="千瓦时", default=0.0, aliases=("用电量",))


ADD, CHARGE = Output("add", "加价", unit="元/千瓦时"), Output("charge", "加价电费", unit="元")


INTENSITY = Input("intensity", "铝液综合交流电耗", unit="千瓦时/吨", aliases=("电耗",))


RULES = (
    formula_rule(
        id="tariff.differential_aluminium",
        title_zh="电解铝阶梯电价（2014—2021）",
        title_en="Tiered power price of aluminium, 2014–2021",
        law=ALU_2014,
        valid_from=date(2014, 1, 1),
        valid_to=date(2021, 12, 31),
        inputs=(INTENSITY, POWER),
        outputs=(ADD, CHARGE),
        formula=_aluminium_2014,
        parameters={
            "upper0": ("tariff.aluminium_2014.upper0", ""),
            "upper1": ("tariff.aluminium_2014.upper1", ""),
            "add1": ("tariff.aluminium_2014.add1", ""),
            "add2": ("tariff.aluminium_2014.add2", ""),
        },
        how="不高于一档限不加价，不高于二档限加一档价，高于则加二档价",
    ),
    Rule(
        id="tariff.differential_aluminium",
        title_zh="电解铝阶梯电价（2022年起）",
        title_en="Tiered power price of aluminium, from 2022",
        law=ALU_2022,
        valid_from=date(2022, 1, 1),
        inputs=(
            INTENSITY,
            POWER,
            Input("renewable_share", "非水可再生电量占比", unit="1", default=0.0, most=1),
            Input(
                name="incentive_weight",
                zh="所在省上年度非水激励性权重",
                unit="1",
                optional=True,
                most=1,
            ),
        ),
        outputs=(ADD, CHARGE, Output("steps", "档数"), Output("relief", "减免后系数")),
        compute=aluminium,
        needs=(
            "tariff.aluminium.threshold",
            "tariff.aluminium.step",
            "tariff.aluminium.add_per_step",
            "tariff.aluminium.relief_from",
            "tariff.aluminium.relief_per_point",
        ),
    ),
    Rule(
        id="tariff.differential_steel_cement",
        title_zh="差别电价与阶梯电价（钢铁、水泥、其他高耗能）",
        title_en="Differential and tiered power price, steel and cement",
        law=DIFFERENTIAL,
        valid_from=date(2010, 6, 1),
        inputs=(
            Input("industry", "行业", kind="choice", choices=INDUSTRIES),
            Input("category", "类别", kind="choice", choices=CATEGORIES, default="permitted"),
            POWER,
            Input("tier", "阶梯档次", kind="whole", optional=True, least=1, most=len(TIERS)),
            Input(
                name="intensity",
                zh="单位产品能耗",
                optional=True,
                note="水泥为千瓦时/吨（可比电耗），钢铁为千克标准煤/吨",
            ),
            Input(
                name="product",
                zh="产品",
                kind="choice",
                choices={"clinker": "熟料", "cement": "水泥"},
                default="cement",
            ),
            Input("commissioned", "投产日期", kind="date", optional=True),
        ),
        outputs=(
            ADD,
            CHARGE,
            Output("category_add", "差别加价", unit="元/千瓦时"),
            Output("tier_add", "阶梯加价", unit="元/千瓦时"),
            Output("tier", "档次"),
        ),
        compute=steel_cement,
        needs=(
            "tariff.differential.category_add",
            "tariff.differential.tier_add",
            "tariff.differential.tier_upper",
        ),
        note_zh="阶梯档界没有查实，须给出档次，或在案例里给定档界；地方可提高加价。",
    ),
    Rule(
        id="tariff.price_band",
        title_zh="煤电市场交易价浮动范围",
        title_en="Band of the coal-power market price",
        law=BAND,
        valid_from=date(2021, 10, 15),
        inputs=(
            Input("price", "交易电价", unit="元/千瓦时"),
            Input("base", "基准价", unit="元/千瓦时", note="当地燃煤发电基准价"),
            Input("high_energy", "高耗能企业", kind="flag", default=False),
            Input("spot", "现货交易", kind="flag", default=False),
        ),
        outputs=(
            Output("lower", "下限", unit="元/千瓦时"),
            Output("upper", "上限", unit="元/千瓦时"),
            Output("within", "在幅度内"),
            Output("allowed_price", "幅度内价格", unit="元/千瓦时"),
        ),
        compute=price_band,
        needs=("tariff.price_band.float",),
    ),
    Rule(
        id="tariff.cap_effect",
        title_zh="有无上浮限制的电费",
        title_en="Cost of power with and without the cap",
        law=BAND,
        valid_from=date(2021, 10, 15),
        inputs=(
            Input("price", "交易电价", unit="元/千瓦时"),
            Input("base", "基准价", unit="元/千瓦时", note="当地燃煤发电基准价"),
            POWER,
            Input("high_energy", "高耗能企业", kind="flag", default=False),
            Input("spot", "现货交易", kind="flag", default=False),
            Input("output", "产品产量", unit="吨", optional=True),
        ),
        outputs=(
            Output("cost", "按合同价的电费", unit="元"),
            Output("capped_cost", "按上限的电费", unit="元"),
            Output("extra", "差额", unit="元"),
            Output("allowed", "允许"),
            Output("per_tonne", "每吨产品增加成本", unit="元/吨"),
        ),
        compute=cap_effect,
        needs=("tariff.price_band.float",),
    ),
)
