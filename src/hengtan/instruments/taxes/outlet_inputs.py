"""What a case says of an outlet of waste gas or waste water, and outputs that taxes share."""

from __future__ import annotations

from hengtan.instruments.factors import PH_MOST
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output

EXEMPT = {
    "": "不免税",
    "agriculture": "农业生产（不含规模化养殖）",
    "mobile": "机动车、船舶等流动污染源",
    "urban_plant": "城乡污水、生活垃圾集中处理场所达标排放",
    "reuse": "综合利用的固体废物符合标准",
}


CONCENTRATION = {
    "air": ("毫克/立方米", {"mg/m3": 1.0, "毫克/标立方米": 1.0, "mg/Nm3": 1.0}),
    "water": ("毫克/升", {"mg/L": 1.0, "mg/l": 1.0}),
}


"""Unit of concentrations, and others that are the same."""


GAS = {"m3": 1.0, "标立方米": 1.0, "Nm3": 1.0, "万立方米": 1e4, "万m3": 1e4, "万标立方米": 1e4}


WASTE_WATER = {"立方米": 1.0, "m3": 1.0, "万立方米": 1e4, "万m3": 1e4}


VOLUME = {
    "air": ("立方米", GAS, ("废气量", "废气排放量")),
    "water": (
        "吨",
        WASTE_WATER,
        ("wastewater", "污水量", "污水排放量", "废水量", "废水排放量", "排水量"),
    ),
}


"""Unit of volumes, others with their factor, and what the volume is called."""


def _outlet_inputs(medium: str) -> tuple[Input, ...]:
    concentration, same = CONCENTRATION[medium]
    volume, others, words = VOLUME[medium]
    of_medium = "大气污染物" if medium == "air" else "水污染物"
    return (
        Input("outlet", "排放口", kind="text", default=""),
        Input(
            name="pollutants",
            zh="污染物排放量",
            unit="千克",
            kind="amounts",
            default={},
            aliases=("emissions", "排放量", "污染物", "应税污染物", of_medium),
            takes_rest=True,
            note="名称（中文、英文或化学式）: 千克",
        ),
        Input(
            name="concentrations",
            zh="浓度",
            unit=concentration,
            kind="amounts",
            default={},
            aliases=("排放浓度", "实测浓度", "浓度值"),
            also=same,
        ),
        Input(
            name="standards",
            zh="排放标准限值",
            unit=concentration,
            kind="amounts",
            default={},
            aliases=("标准限值", "排放标准", "排放限值", "标准浓度"),
            also=same,
            note="给出后自动算减征",
        ),
        Input("volume", "排放体积", unit=volume, optional=True, aliases=words, also=others),
        Input(
            name="shares",
            zh="浓度与标准之比",
            kind="amounts",
            default={},
            aliases=("concentration_to_standard", "浓度占标准比例"),
            note="名称: 0.65；用于减征",
        ),
        Input("compliant", "当月各次监测均达标", kind="flag", default=False),
        Input("penal", "按产生量计征", kind="flag", default=False, aliases=("违规",)),
        Input("generated", "污染物产生量", unit="千克", kind="amounts", default={}),
    )


AIR_OUTLET = _outlet_inputs("air")


WATER_OUTLET = (
    *_outlet_inputs("water"),
    Input("ph", "pH值", optional=True, most=PH_MOST, aliases=("PH", "pH")),
    Input("colour", "色度超标倍数", unit="倍", optional=True, aliases=("color",)),
    Input(
        name="colour_measured",
        zh="色度",
        unit="倍",
        optional=True,
        aliases=("色度稀释倍数", "稀释倍数", "实测色度", "色度实测值", "色度值"),
        note="稀释倍数，与色度标准限值同给；超标倍数另填",
    ),
    Input(
        name="colour_limit",
        zh="色度标准限值",
        unit="倍",
        optional=True,
        least=1e-9,
        aliases=("色度限值", "色度排放限值", "色度标准", "色度排放标准限值", "色度排放标准"),
    ),
    Input("coliform_exceeded", "大肠菌群数超标", kind="flag", default=False),
    Input("chlorine_exceeded", "余氯量超标", kind="flag", default=False),
)


EXEMPTION = Input("exempt", "免税情形", kind="choice", choices=EXEMPT, default="")


TAX = Output("tax", "应纳税额", unit="元")


EQUIVALENTS = Output("equivalents", "污染当量数合计", unit="当量")
