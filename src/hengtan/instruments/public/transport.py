"""Freight on corridors beside the road, and how far delivery points reach."""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

GRAMS_A_TONNE = 1e6


def mode_carbon(calc: Calc) -> dict[str, Any]:
    """Containers and tonne-kilometres, and CO2 that the corridor saves against the road. [t km,
    t CO2]

    Raises ParameterNotEstablished for the factors, which were read for other countries only.
    """
    outputs: dict[str, Any] = {"teu": calc.step("标箱", calc["teu"], "标箱")}
    if calc["without_tonnes"]:
        calc.warn(f"{calc['without_tonnes']:g}个月没有填货运量，全年货运量不给出")
    if calc["tonnes"] is None or calc["distance"] is None:
        calc.warn("没有货运量或平均运距，没有算吨公里和减碳")
        return outputs
    work = calc.step("周转量", calc["tonnes"] * calc["distance"], "吨公里", "货运量 × 平均运距")
    own, road = calc.param("freight.factor.corridor"), calc.param("freight.factor.road")
    saved = work * (road - own) / GRAMS_A_TONNE
    how = f"周转量 × ({road:g} − {own:g}) 克/吨公里"
    return outputs | {"work": work, "saved": calc.step("比公路少排", saved, "吨二氧化碳", how)}


def coverage(calc: Calc) -> dict[str, Any]:
    """Share of townships and of villages that a delivery point serves. [1]"""
    outputs: dict[str, Any] = {}
    for name, zh in (("towns", "乡镇"), ("villages", "行政村")):
        whole, reached = calc[name], calc[f"{name}_reached"]
        if reached > whole:
            raise calc.refuse(
                f"通达的{zh}{reached}个，多于全部{whole}个",
                f"{reached} {name} reached of {whole}",
                todo="核对名称写法和总数",
                todo_en="check names and the total",
            )
        outputs[f"{name}_share"] = calc.step(
            f"{zh}通达率", reached / whole, "", f"{reached} ÷ {whole}"
        )
        outputs[f"{name}_left"] = float(whole - reached)
    outputs["centres"] = calc.step("县级中心", float(calc["centres"]), "个")
    return outputs


RULES = (
    Rule(
        id="freight.mode_carbon",
        title_zh="通道货运与减碳",
        title_en="Freight of a corridor and CO2",
        law="ISO 14083:2023（周转量 × 因子）；因子没有读到适用中国的",
        inputs=(
            Input("teu", "标箱数"),
            Input("tonnes", "货运量", unit="吨", optional=True),
            Input("without_tonnes", "没有填货运量的月数", kind="whole", optional=True),
            Input("distance", "平均运距", unit="公里", optional=True),
        ),
        outputs=(
            Output("teu", "标箱"),
            Output("work", "周转量", unit="吨公里"),
            Output("saved", "比公路少排", unit="吨二氧化碳"),
        ),
        compute=mode_carbon,
        needs=("freight.factor.corridor", "freight.factor.road"),
    ),
    Rule(
        id="delivery.coverage",
        title_zh="三级配送通达率",
        title_en="Coverage of delivery",
        law="计划条款（三级配送体系）",
        inputs=(
            Input("centres", "县级中心", kind="whole", default=0),
            Input("towns", "乡镇数", kind="whole", least=1.0),
            Input("villages", "行政村数", kind="whole", least=1.0),
            Input("towns_reached", "通达乡镇", kind="whole"),
            Input("villages_reached", "通达行政村", kind="whole"),
        ),
        outputs=(
            Output("towns_share", "乡镇通达率"),
            Output("villages_share", "行政村通达率"),
            Output("towns_left", "没有网点的乡镇", unit="个"),
            Output("villages_left", "没有网点的行政村", unit="个"),
            Output("centres", "县级中心", unit="个"),
        ),
        compute=coverage,
    ),
)
