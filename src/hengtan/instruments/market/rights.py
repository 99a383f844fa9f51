"""Discharge, energy-use and water-use rights: what a unit holds beside what it uses, what closing a
gap costs, what a new project has to bring.

Matching of orders: ``market/auction``; rights as a pledge: ``finance/collateral``.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import DECIMALS_LISTED
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

POLLUTANTS = {
    "cod": "化学需氧量、COD",
    "ammonia_nitrogen": "氨氮、NH3-N",
    "so2": "二氧化硫、SO2",
    "nox": "氮氧化物、NOx",
    "dust": "颗粒物、烟粉尘、PM",
    "voc": "挥发性有机物、VOCs、VOC",
    "solid_waste": "一般工业固体废物",
}
NOISE = 1e-9
"""Noise of floats in sums of amounts."""
OF_PM25 = frozenset(("so2", "nox", "dust", "voc"))
AIR = OF_PM25


def _held(calc: Calc, row: Any, name: str) -> float:
    holding = row["allocated"] + row["bought"] - row["sold"]
    if holding < -NOISE:
        raise calc.refuse(
            f"{name}转让量大于持有量",
            f"{name}: more is sold than held",
            todo="核对初始、受让、转让数量",
            todo_en="check what was allocated, bought and sold",
        )
    return float(holding)


def discharge(calc: Calc) -> dict[str, Any]:
    """Discharge rights of a unit by pollutant: held = allocated + bought − sold, gap = emitted −
    held where above zero; closing it costs gap × years × price, the price not below the base
    price. [t a year, yuan]

    渝府办发〔2014〕178号: rights of existing units at the base price, new ones by bidding; base
    prices read in press (2015-02).
    """
    rows = calc["rows"]
    names = [row["pollutant"] for row in rows]
    if len(set(names)) != len(names):
        raise calc.refuse(
            "同一污染物写了两行",
            "a pollutant occurs twice",
            todo="每种污染物一行",
            todo_en="one row a pollutant",
        )
    gaps, short, cost = [], [], 0.0
    for row in rows:
        name = POLLUTANTS[row["pollutant"]].split("、")[0]
        holding = _held(calc, row, name)
        if row["emitted"] is None:
            raise calc.refuse(
                f"“{name}”没有排放量",
                f"what was emitted of {name} is missing",
                todo="在“排放口逐月监测”里填，或填“权益使用量”",
                todo_en="fill the monitoring of the permit, or the use under rights",
            )
        gap = round(max(row["emitted"] - holding, 0.0), DECIMALS_LISTED)
        gaps.append(gap)
        short += [f"{name}{gap:g}吨"] if gap else []
        calc.step(
            f"{name} 余缺",
            holding - row["emitted"],
            unit="吨/年",
            how=f"{row['allocated']:g} + {row['bought']:g} − {row['sold']:g} − {row['emitted']:g}",
        )
        if gap:
            price, how = _price_of_gap(calc, row, name)
            cost += calc.step(
                f"{name} 补足费用",
                gap * calc["years"] * price,
                unit="元",
                how=f"{gap:g} × {calc['years']:g}年 × {price:g}（{how}）",
                clause="渝府办发〔2014〕178号",
            )
    return {
        "verdict": calc.step("结论", f"不足：{'、'.join(short)}" if short else "不缺"),
        "gaps": gaps,
        "short": float(sum(g > 0 for g in gaps)),
        "cost": calc.step("补足费用合计", cost, "元"),
    }


def _price_of_gap(calc: Calc, row: Any, name: str) -> tuple[float, str]:
    """The price that closes a gap, and which it is with its date: that of the last trade, not below
    the base price in force; where no base price was given, that of the press of 2015.
    """
    floor, price = row["base_price"], row["price"]
    since = f"{row['base_since'] or '日期未填'}起"
    if floor is None:
        floor, since = calc.param("rights.discharge.floor", row["pollutant"]), "2015年报道"
        calc.warn("基准价是2015年初报道的数，其后是否调整未核：交易前以公告为准")
    if price is None:
        return floor, f"基准价，{since}"
    if price < floor:
        raise calc.refuse(
            f"{name}成交价{price:g}元/吨低于基准价{floor:g}元/吨（{since}）",
            f"{name}: {price:g} is below the base price {floor:g}",
            todo="不低于基准价",
            todo_en="at least the base price",
        )
    return price, _dated_price(row["price_day"])


def _dated_price(day: date | None) -> str:
    return f"{day}成交价" if day else "成交价"


def sale(calc: Calc) -> dict[str, Any]:
    """A sale of rights: whether the seller held as much before it, and whether its price is not
    below the base price in force on the day. [unit of the item, yuan]
    """
    amount, available = calc["amount"], calc["available"]
    calc.step("转让前持有", available, how=f"转让 {amount:g}")
    wrong = [f"转让量超过持有量{amount - available:g}"] if amount > available + NOISE else []
    outputs: dict[str, Any] = {}
    if calc["turnover"] is not None:
        price = outputs["price"] = calc.step("成交单价", calc["turnover"] / amount, "元/单位")
        floor = calc["base_price"]
        if floor is None:
            calc.warn("没有填现行基准价（权益基准价），没有核对价格下限")
        elif price < floor:
            wrong.append(f"单价{price:g}低于{calc['base_since']}起的基准价{floor:g}")
    verdict = calc.step("结论", "；".join(wrong) or "符合")
    return {"verdict": verdict, "oversold": max(amount - available, 0.0), **outputs}


def replacement(calc: Calc) -> dict[str, Any]:
    """What a new project has to bring in cuts elsewhere: its emission, twice where the pollutant's
    own medium missed its standard the year before, and for SO2, NOx, dust and VOCs twice where
    PM2.5 did; a coal unit that emits nearly as a gas unit brings its air emissions once. [t a
    year]

    环发〔2014〕197号 (recalled).
    """
    needed: dict[str, Any] = {}
    twice = calc.param("rights.replacement.multiple")
    for row in calc["rows"]:
        code, name = row["pollutant"], POLLUTANTS[row["pollutant"]].split("、")[0]
        if code in needed:
            raise calc.refuse(
                f"{name}写了两行",
                f"{code} occurs twice",
                todo="每种污染物一行",
                todo_en="one row a pollutant",
            )
        missed = not row["met"] or (code in OF_PM25 and not calc["pm25_met"])
        relieved = missed and code in AIR and calc["near_gas"]
        multiple = twice if missed and not relieved else 1.0
        why = (
            "上年达标"
            if not missed
            else "接近燃气轮机组排放限值的燃煤机组"
            if relieved
            else "PM2.5上年不达标"
            if row["met"]
            else "该要素上年不达标"
        )
        needed[code] = calc.step(
            f"{name} 所需替代",
            row["emission"] * multiple,
            unit="吨/年",
            how=f"{row['emission']:g} × {multiple:g}（{why}）",
            clause="环发〔2014〕197号（凭记忆）",
        )
    return needed


def quota(calc: Calc) -> dict[str, Any]:
    """Energy-use or water-use rights of a unit: held = allocated + bought − sold; balance = held −
    used; a shortfall costs its amount × price. [unit of the rule, yuan]

    发改环资〔2016〕1659号 (pilots of energy-use rights; Chongqing is not one of them by name),
    水政法〔2016〕156号 水权交易管理暂行办法 (recalled).
    """
    if calc.rule.id == "rights.energy":
        calc.warn("国家用能权试点没有点名重庆（发改环资〔2016〕1659号）：配额与履约须有本地文件")
    unit = calc.rule.outputs[0].unit
    holding = calc.step(
        "持有",
        _held(calc, calc, calc.rule.title_zh),
        unit=unit,
        how=f"{calc['allocated']:g} + {calc['bought']:g} − {calc['sold']:g}",
    )
    balance = calc.step("余缺", holding - calc["used"], unit, f"持有 − 使用 {calc['used']:g}")
    outputs = {
        "held": holding,
        "balance": balance,
        "state": calc.step("状态", "有余" if balance > 0 else "不足" if balance < 0 else "持平"),
    }
    prices = (
        (calc["price"], _dated_price(calc["price_day"])),
        (calc["base_price"], f"基准价，{calc['base_since']}起"),
    )
    price, how = next((pair for pair in prices if pair[0] is not None), (None, ""))
    if price is not None:
        gap = max(-balance, 0.0)
        outputs["cost"] = calc.step("补足费用", gap * price, "元", f"缺口 × {price:g}（{how}）")
    return outputs


POLLUTANT = Input("pollutant", "污染物", kind="choice", choices=POLLUTANTS)


def _prices(unit: str) -> tuple[Input, ...]:
    return (
        Input("price", "成交价", unit=f"元/{unit}", optional=True, note="不填按基准价"),
        Input("price_day", "成交价日期", kind="date", optional=True),
        Input("base_price", "现行基准价", unit=f"元/{unit}", optional=True),
        Input("base_since", "基准价执行日期", kind="date", optional=True),
    )


def _moves(unit: str) -> tuple[Input, ...]:
    return (
        Input("allocated", "初始核定", unit=unit),
        Input("bought", "受让", unit=unit, default=0.0),
        Input("sold", "转让", unit=unit, default=0.0),
    )


def _quota_rule(rule_id: str, zh: str, en: str, law: str, unit: str) -> Rule:
    return Rule(
        id=rule_id,
        title_zh=zh,
        title_en=en,
        law=law,
        inputs=(
            *_moves(unit),
            Input("used", "实际使用", unit=unit),
            *_prices(unit),
        ),
        outputs=(
            Output("held", "持有", unit=unit),
            Output("balance", "余缺（负为不足）", unit=unit),
            Output("state", "状态"),
            Output("cost", "补足费用", unit="元"),
        ),
        compute=quota,
        confidence="recalled",
    )


RULES = (
    Rule(
        id="rights.discharge",
        title_zh="排污权余缺与补足费用",
        title_en="Discharge rights held and needed",
        law="渝府办发〔2014〕178号 重庆市进一步推进排污权（污水、废气、"
        "垃圾）有偿使用和交易工作实施方案",
        valid_from=date(2015, 1, 1),
        inputs=(
            Input(
                name="rows",
                zh="排污权",
                kind="rows",
                fields=(
                    POLLUTANT,
                    *_moves("吨"),
                    Input("emitted", "实际（或需要）排放量", unit="吨", optional=True),
                    *_prices("吨"),
                ),
            ),
            Input(
                name="years",
                zh="购买年数",
                unit="年",
                default=1.0,
                note="基准价按每吨每年计还是按有效期计，没有读到原文：按年数相乘，默认一年",
            ),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("gaps", "各污染物缺口", unit="吨/年"),
            Output("short", "不足的污染物", unit="种"),
            Output("cost", "补足费用合计", unit="元"),
        ),
        compute=discharge,
        needs=("rights.discharge.floor",),
    ),
    Rule(
        id="rights.sale",
        title_zh="权益转让核对（持有量、基准价）",
        title_en="A sale of rights",
        law="渝府办发〔2014〕178号；水政法〔2016〕156号；排污权、用能权、用水权交易的本地规则",
        inputs=(
            Input("amount", "转让量", least=NOISE),
            Input("available", "转让前持有量", least=None),
            Input("turnover", "成交金额", unit="元", optional=True),
            Input("base_price", "现行基准价", optional=True),
            Input("base_since", "基准价执行日期", kind="date", optional=True),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("oversold", "超过持有量"),
            Output("price", "成交单价", unit="元"),
        ),
        compute=sale,
        confidence="recalled",
    ),
    Rule(
        id="rights.replacement",
        title_zh="建设项目主要污染物削减替代",
        title_en="Cuts a new project has to bring",
        law="环发〔2014〕197号 建设项目主要污染物排放总量指标审核及管理暂行办法",
        valid_from=date(2014, 12, 30),
        inputs=(
            Input(
                name="rows",
                zh="新增排放",
                kind="rows",
                fields=(
                    POLLUTANT,
                    Input("emission", "新增排放量", unit="吨"),
                    Input("met", "该要素上年达标", kind="flag"),
                ),
            ),
            Input("pm25_met", "PM2.5上年达标", kind="flag"),
            Input("near_gas", "燃煤机组且接近燃气轮机组排放限值", kind="flag", default=False),
        ),
        outputs=tuple(
            Output(code, f"{words.split('、')[0]}所需替代", unit="吨/年")
            for code, words in POLLUTANTS.items()
        ),
        compute=replacement,
        needs=("rights.replacement.multiple",),
        confidence="recalled",
    ),
    _quota_rule(
        "rights.energy",
        "用能权余缺",
        "Energy-use rights",
        "发改环资〔2016〕1659号 用能权有偿使用和交易制度试点方案",
        "吨标准煤",
    ),
    _quota_rule(
        "rights.water",
        "用水权余缺",
        "Water-use rights",
        "水政法〔2016〕156号 水权交易管理暂行办法",
        "立方米",
    ),
)
