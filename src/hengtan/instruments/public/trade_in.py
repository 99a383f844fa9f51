"""Trade-in subsidies of the nation's rounds, and the purchase tax of new-energy vehicles.

The amounts are read at second hand; of cars before 2026 and of old trucks no amount was read.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

BY_PRICE = {
    "car_scrap.nev": "汽车报废更新，购新能源车",
    "car_scrap.fuel": "汽车报废更新，购2.0升及以下燃油车",
    "car_replace.nev": "汽车置换更新，购新能源车",
    "car_replace.fuel": "汽车置换更新，购2.0升及以下燃油车",
    "appliance.level1": "家电，1级能效或水效",
    "appliance.other": "家电，其他",
    "digital": "数码与智能产品",
}
BY_SIZE = {
    "ship.scrap_renew": "营运船舶，报废并更新",
    "ship.new_energy": "营运船舶，新建新能源",
    "ship.scrap": "营运船舶，只报废",
    "bus": "公交车及动力电池更新",
    "truck": "老旧营运货车",
}
DIGITAL, SPANNED = "digital", ("ship.scrap_renew", "ship.new_energy")
APPLIANCES = ("appliance.level1", "appliance.other")
AIR_CONDITIONER = "air_conditioner"


def trade_in(calc: Calc) -> dict[str, float]:
    """Subsidy of a purchase or a scrapped vessel: share of the price up to a cap for each piece, a
    span a gross tonne, or a mean a vehicle. [yuan]

    Raises ParameterNotEstablished where the round's amounts were not read.
    """
    return _by_price(calc) if calc["item"] in BY_PRICE else _by_size(calc)


def _by_price(calc: Calc) -> dict[str, float]:
    item, price = calc["item"], calc["price"]
    if price is None:
        raise calc.refuse(
            "缺单价（price）", "price is missing", todo="补上，单位元", todo_en="give it in yuan"
        )
    rate, cap = calc.param("trade_in.rate", item), calc.param("trade_in.cap", item)
    if item == DIGITAL:
        most = calc.param("trade_in.price_at_most", item)
        if price > most:
            subsidy = calc.step("补贴", 0.0, "元", f"单价高于{most:g}元，不补")
            return {"subsidy_min": subsidy, "subsidy_max": subsidy}
    pieces = _pieces(calc, item)
    each = calc.step("每件补贴", min(price * rate, cap), "元", f"单价 × {rate:.0%}，至多{cap:g}")
    subsidy = calc.step("补贴", each * pieces, "元", f"× {pieces}件")
    return {"subsidy_min": subsidy, "subsidy_max": subsidy}


def _pieces(calc: Calc, item: str) -> int:
    """Pieces that are subsidised: of appliances no more than the round allows of a kind."""
    count = int(calc["count"])
    if item not in APPLIANCES:
        return count
    kind = AIR_CONDITIONER if calc["air_conditioner"] else item
    most = int(calc.param("trade_in.pieces", kind))
    if count > most:
        calc.warn(f"每类至多补贴{most}件，其余{count - most}件不补")
    return min(count, most)


def _by_size(calc: Calc) -> dict[str, float]:
    item = calc["item"]
    size = calc["tonnage"] if item.startswith("ship") else calc["count"]
    if size is None:
        raise calc.refuse(
            "缺总吨（tonnage）", "gross tonnage is missing", todo="补上", todo_en="give tonnage"
        )
    if item == "bus":
        _check_age(calc)
    if item in SPANNED:
        ends = [calc.param(f"trade_in.{end}", item) for end in ("least", "most")]
    else:
        ends = [calc.param("trade_in.mean", item)] * len(("least", "most"))
        calc.warn("这是平均数，不是各类的定额")
    low, high = (
        calc.step(f"补贴{zh}", end * size, "元", f"{end:g} × {size:g}")
        for end, zh in zip(ends, ("下限", "上限"), strict=True)
    )
    return {"subsidy_min": low, "subsidy_max": high}


def _check_age(calc: Calc) -> None:
    """Raises HengtanError for a bus that is too young, or of unknown age."""
    least = calc.param("trade_in.age", "bus")
    if calc["age"] is None or calc["age"] < least:
        raise calc.refuse(
            f"公交车更新须车龄{least:g}年及以上",
            f"a bus is at least {least:g} years old",
            todo="核对车龄（age）",
            todo_en="check age",
        )


def purchase_tax(calc: Calc) -> dict[str, Any]:
    """Purchase tax of a new-energy passenger car: price × rate, less the relief of the years up to
    its cap. [yuan]
    """
    due = calc.step("应纳税额（减免前）", calc["price"] * calc.param("vehicle_tax.rate"), "元")
    share, cap = calc.param("vehicle_tax.relief.share"), calc.param("vehicle_tax.relief.cap")
    relief = calc.step("减免", min(due * share, cap), "元", f"{share:.0%}，至多{cap:g}元")
    return {"relief": relief, "tax": calc.step("实缴", due - relief, "元")}


RULES = (
    Rule(
        id="subsidy.trade_in",
        title_zh="以旧换新与设备更新补贴标准",
        title_en="Trade-in subsidies",
        law="消费品以旧换新各年通知；发改环资〔2024〕1104号",
        valid_from=date(2024, 1, 1),
        inputs=(
            Input("item", "类别", kind="choice", choices=BY_PRICE | BY_SIZE),
            Input("price", "单价", unit="元", optional=True, note="汽车、家电、数码"),
            Input("count", "件数", kind="whole", default=1),
            Input("air_conditioner", "是空调", kind="flag", default=False),
            Input("tonnage", "总吨", optional=True, note="船舶"),
            Input("age", "车龄", unit="年", optional=True, note="公交车"),
        ),
        outputs=(
            Output("subsidy_min", "补贴下限", unit="元"),
            Output("subsidy_max", "补贴上限", unit="元"),
        ),
        compute=trade_in,
        needs=(
            "trade_in.rate",
            "trade_in.cap",
            "trade_in.pieces",
            "trade_in.price_at_most",
            "trade_in.least",
            "trade_in.most",
            "trade_in.mean",
            "trade_in.age",
        ),
        note_zh="按单价的，下限与上限相同；实际发放以当地办法和预算为准",
    ),
    Rule(
        id="vehicle_tax.nev",
        title_zh="新能源汽车车辆购置税减免",
        title_en="Purchase tax of new-energy vehicles",
        law="财政部、税务总局、工业和信息化部2023-06-19公告",
        valid_from=date(2024, 1, 1),
        valid_to=date(2027, 12, 31),
        inputs=(Input("price", "不含税价格", unit="元"),),
        outputs=(Output("relief", "减免", unit="元"), Output("tax", "实缴", unit="元")),
        compute=purchase_tax,
        needs=("vehicle_tax.rate", "vehicle_tax.relief.share", "vehicle_tax.relief.cap"),
    ),
)
