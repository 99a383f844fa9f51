"""Surrender of allowances: gap, offsets, green power, vintages, deadline and cost.

碳排放权交易管理办法（试行）, Chongqing's yearly rules. Penalties: ``penalties.py``.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.market import formulas as f
from hengtan.instruments.market.ledger import last_banked_vintage, usable
from hengtan.instruments.market.power import DAY, YEAR, check_year
from hengtan.instruments.rule import Output, Rule

MARKETS = {"national": "全国碳市场", "pilot": "重庆碳市场"}
OWN_YEAR = "当年"


def _usable(calc: Calc, year: int) -> float:
    """Allowances of the vintages that may be surrendered for a year. [t CO2]

    None later than the year; in the national market those that had to be carried over count for
    later years by their new vintage only.
    """
    last_banked = last_banked_vintage(calc)
    amount_usable = 0.0
    for name, amount in calc["allowances"].items():
        if name != OWN_YEAR and not re.fullmatch(r"\d{4}", name):
            raise calc.refuse(
                f"持有配额按年度写，“{name}”不是年份",
                f"'{name}' is no year",
                todo="写成 {2023: 1000}",
                todo_en="write {2023: 1000}",
            )
        vintage = year if name == OWN_YEAR else int(name)
        if usable(vintage, year, last_banked):
            amount_usable += amount
            continue
        how = f"不可用于{year}年度"
        if vintage <= year:
            how = "没有结转的2019—2024年度配额不可用于2025年度及以后；结转后按2025年度填"
        zh, clause = f"{vintage}年度配额不能用", "国环规气候〔2024〕1号 附5"
        calc.step(zh, amount, unit="吨", how=how, clause=clause)
    return amount_usable


def surrender(calc: Calc) -> dict[str, Any]:
    """What an entity still has to buy: obligation less usable allowances, offsets and green power.

    Offsets and green power count within their limits; deadline and cost are told. [t CO2e]
    """
    year, obligation = check_year(calc), calc["obligation"]
    available = calc.step("可用配额", _usable(calc, year), "吨")
    gap = f.shortfall(obligation, available)
    calc.step("配额缺口", gap, "吨", "max(0, 清缴义务 − 可用配额)")
    green = _green_power(calc, gap)
    offset = _offset(calc, gap - green)
    left = calc.step("还需购买", gap - green - offset, "吨", "缺口 − 绿电抵扣 − 抵销")
    outputs: dict[str, Any] = {
        "gap": gap,
        "green": green,
        "offset": offset,
        "left": left,
        "surplus": max(0.0, available - obligation),
    }
    if offset and calc["offset_price"] is None:
        calc.warn("没有填抵销价格，履约成本不给出")
    elif calc["price"] is not None:
        cost = left * calc["price"] + (offset * calc["offset_price"] if offset else 0.0)
        dated = f"（{calc['price_day']}）" if calc["price_day"] else ""
        how = f"还需购买 × 配额价格 {calc['price']:g}{dated} + 抵销量 × 抵销价格"
        outputs |= {"cost": calc.step("履约成本", cost, unit="元", how=how), "price": calc["price"]}
        if calc["price_day"]:
            outputs["price_day"] = calc["price_day"].isoformat()
    try:
        deadline = calc.day_param("ets.deadline", calc["market"]).isoformat()
        outputs["deadline"] = calc.step("清缴截止", deadline, clause="年度方案或通知")
    except ParameterNotEstablished:
        calc.warn("这一年度的清缴截止日期没有查实")
    return outputs


def _green_power(calc: Calc, gap: float) -> float:
    """Non-fossil power from outside that is taken off the gap, within its limit. [t CO2e]"""
    if not calc["green_power"]:
        return 0.0
    limit = calc.param("ets.green_power.max", calc["market"])
    green = f.offset_usable(calc["green_power"], limit, gap, gap)
    how = f"不超过缺口的{limit:.0%}（市外购入非化石电力）"
    return float(calc.step("绿电抵扣", green, unit="吨", how=how))


def _offset(calc: Calc, lacking: float) -> float:
    """Credits that count against what is lacking, within their limit. [t CO2e]"""
    if not calc["offsets"]:
        return 0.0
    market = calc["market"]
    limit = calc.param("ets.offset.max", market)
    on_verified = market == "pilot" and bool(calc.param("ets.offset.on_verified", market))
    base = calc["verified"] if on_verified else calc["obligation"]
    if base is None:
        raise calc.refuse(
            "2020年度以前抵销比例按审定排放量，缺 verified",
            "verified emissions are missing",
            todo="填审定排放量",
            todo_en="give verified",
        )
    offset = f.offset_usable(calc["offsets"], limit, base, lacking)
    how = f"不超过{'审定排放量' if on_verified else '应清缴配额'}的{limit:.0%}"
    calc.step("可用抵销量", offset, unit="吨", how=how)
    calc.warn("抵销凭证须符合项目范围：全国为CCER，重庆2023年起为本地CQCER（二手来源）")
    return float(offset)


RULES = (
    Rule(
        id="ets.surrender",
        title_zh="碳市场·清缴履约",
        title_en="Carbon markets, surrender",
        law="碳排放权交易管理办法（试行）；年度配额方案",
        valid_from=date(2013, 1, 1),
        inputs=(
            Input("market", "市场", kind="choice", choices=MARKETS),
            Input("obligation", "应清缴量", unit="吨", aliases=("清缴义务", "应清缴配额")),
            Input(
                name="allowances",
                zh="持有配额",
                unit="吨",
                kind="amounts",
                default={},
                lone=OWN_YEAR,
                note="年度: 数量；只写一个数的按履约年度的配额",
            ),
            Input(
                name="offsets",
                zh="抵销量",
                unit="吨",
                default=0.0,
                aliases=("CCER", "CQCER", "自愿减排量"),
            ),
            Input("green_power", "绿电抵扣量", unit="吨", default=0.0),
            Input("verified", "审定排放量", unit="吨", optional=True),
            Input("price", "配额价格", unit="元/吨", optional=True),
            Input("price_day", "配额价格日期", kind="date", optional=True),
            Input("offset_price", "抵销价格", unit="元/吨", optional=True),
            YEAR,
        ),
        outputs=(
            Output("gap", "配额缺口", unit="吨"),
            Output("green", "绿电抵扣", unit="吨"),
            Output("offset", "可用抵销量", unit="吨"),
            Output("left", "还需购买", unit="吨"),
            Output("surplus", "盈余", unit="吨"),
            Output("cost", "履约成本", unit="元"),
            Output("price", "配额价格", unit="元/吨"),
            Output("price_day", "价格日期"),
            Output("deadline", "清缴截止"),
        ),
        compute=surrender,
        needs=(
            "ets.offset.max",
            "ets.offset.on_verified",
            "ets.green_power.max",
            "ets.banking.last_vintage",
            "ets.deadline",
        ),
        note_zh=DAY,
    ),
)
