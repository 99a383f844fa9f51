"""The gate for projects: the effect on the goals of a place, products beside their limits and
benchmarks, two-highs projects by list and benchmark (“两高一低”).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hengtan.basis.dated import in_force_on
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.reviews.formulas import (
    effect_on_intensity,
    equivalent_energy,
    share_of_growth,
)
from hengtan.instruments.reviews.limits import of_product, taken
from hengtan.instruments.reviews.units import DOUBTS, LEVELS
from hengtan.instruments.rule import Output, Rule

LIGHTS = ("红", "橙", "绿")
"""Lights of the energy intensity of a region, the first is 1."""
RED = 1
CLASSES = {
    "small": "影响较小",
    "some": "一定影响",
    "large": "较大影响",
    "major": "重大影响",
}
DECISIVE = "决定性影响"
OF_ENERGY = ("综合能耗", "单位产品能耗")
"""Indicators of a limit that are the whole energy of a product."""
BY_NAME = "不填按产品名称查目录"
LEADING, BETWEEN, LOW = "达到标杆水平", "基准水平以上、标杆水平以下", "低于基准水平"


def effect(calc: Calc) -> dict[str, Any]:
    """Share m of a project in the growth of energy allowed, and its effect n on energy per GDP,
    with their classes; power at the coal rate of the year. [%]

    Without an allowance there is no m. The classes were used in 2011–2015.
    """
    energy = equivalent_energy(
        calc["energy"],
        calc["electricity"],
        calc["coal_rate"],
        calc.param("review.effect.power_calorific"),
    )
    how = f"{calc['energy']:,.6g} + {calc['electricity']:,.0f} 千瓦时"
    how += f" × ({calc['coal_rate']:g}克/千瓦时 − 当量)"
    calc.step("项目年综合能源消费量（等价值）", energy, "吨标准煤", how)
    outputs: dict[str, Any] = {"energy_equivalent": energy}
    if calc["allowance"] is not None:
        share = share_of_growth(energy, calc["allowance"])
        outputs |= {"m": share, "m_class": _class_of(calc, "m", share)}
    else:
        calc.warn("没有填五年能耗增量控制数，不算 m")
    change = effect_on_intensity(
        energy, calc["value_added"], calc["place_energy"], calc["place_gdp"]
    )
    outputs |= {"n": change, "n_class": _class_of(calc, "n", change)}
    calc.warn("m、n 的影响程度分档为“十二五”期间的评审指标，现行文件没有读到，只供参考")
    return outputs


def _class_of(calc: Calc, indicator: str, value: float) -> str:
    """The class of an indicator: the first whose upper bound is not exceeded."""
    words = DECISIVE
    for key, name in CLASSES.items():
        if value <= calc.param(f"review.effect.{indicator}", key):
            words = name
            break
    return str(calc.step(f"{indicator} {value:.3g}%", words))


def quota(calc: Calc) -> dict[str, Any]:
    """Products beside the access value of their limit standard, and beside the leading and base
    level where the list has them; a new project that misses the access value is not approved.
    """
    short, not_leading, unread = [], [], []
    for row in calc["products"]:
        name, energy = row["name"], row["energy"]
        access, standard = _access(calc, row)
        if access is not None:
            over = energy > access
            short += [name] if over else []
            how = f"准入值 {access:g}，{'未达到' if over else '达到'}{_advanced(row)}"
            calc.step(f"{name} 能耗限额", energy, how=how, clause=standard)
        elif not is_listed(calc, row):
            unread.append(name)
            calc.step(name, energy, how="没有限额准入值，也不在标杆水平目录")
        if is_listed(calc, row):
            reached = efficiency_level(calc, name, energy)
            not_leading += [name] if reached != LEADING else []
            short += [name] if reached == LOW and name not in short else []
    return {
        "short": "、".join(short) or "无",
        "not_leading": "、".join(not_leading) or "无",
        "unread": "、".join(unread) or "无",
        "verdict": calc.step(
            "能效对标",
            "未达到准入要求，不予通过"
            if short
            else "缺限额依据，不能下结论"
            if unread
            else "达到准入要求",
        ),
    }


def _access(calc: Calc, row: Mapping[str, Any]) -> tuple[float | None, str]:
    """The access value of a product and its standard: that stated, else level 2 of the standard in
    force that has the product and indicator; none where the standard corrects its limit.
    """
    if row["access"] is not None:
        return float(row["access"]), row["standard"] or ""
    indicator = row["indicator"] or _energy_indicator(calc, row["name"])
    if not indicator:
        return None, ""
    limit = of_product(calc, "energy_limits", row["name"], indicator)
    if limit["level2"] is None or limit["correction"]:
        calc.warn(f"{limit['product_zh']}的准入值没有读到，或要按标准修正：填限额准入值")
        return None, ""
    return taken(calc, limit, "level2", "准入值"), str(limit["law"])


def is_listed(calc: Calc, row: Mapping[str, Any]) -> bool:
    """Whether a product is in the list of leading and base levels: as stated, else by its name."""
    if row["listed"] is not None:
        return bool(row["listed"])
    return bool(_named(calc, "efficiency_benchmarks", row["name"]))


def _energy_indicator(calc: Calc, product: str) -> str:
    """The indicator of energy by which the standards limit a product of this very name; empty where
    there is none or several.
    """
    indicators = [row["indicator_zh"] for row in _named(calc, "energy_limits", product)]
    of_energy = [indicator for indicator in indicators if indicator in OF_ENERGY]
    return of_energy[0] if len(of_energy) == 1 else ""


def _named(calc: Calc, table: str, product: str) -> list[Mapping[str, Any]]:
    """The rows of this very name in force on the day."""
    rows = in_force_on(calc.tables.get(table, ()), calc.day)
    wanted = product.replace(" ", "")
    return [row for row in rows if row["product_zh"].replace(" ", "") == wanted]


def _advanced(row: Mapping[str, Any]) -> str:
    if row["advanced"] is None:
        return ""
    return (
        f"；先进值 {row['advanced']:g}，{'达到' if row['energy'] <= row['advanced'] else '未达到'}"
    )


def efficiency_level(calc: Calc, product: str, energy: float) -> str:
    """A product's energy beside its leading and base level, told as a step with what speaks against
    them.

    Raises ParameterNotEstablished where the level is not sure.
    """
    row = of_product(calc, "efficiency_benchmarks", product)
    leading, base = (taken(calc, row, column, zh) for column, zh in LEVELS.items())
    doubt = DOUBTS.get(row["check"], "").format(row["check_zh"])
    if doubt:
        calc.warn(f"{row['product_zh']} {doubt}")
    words = LEADING if energy <= leading else BETWEEN if energy <= base else LOW
    how = f"标杆 {leading:g}，基准 {base:g}{row['unit']}：{words}"
    calc.step(f"{product} 能效水平", energy, row["unit"], how, clause=row["source"])
    return words


def two_highs(calc: Calc) -> dict[str, Any]:
    """Whether a project is a two-highs one, by the region's catalogue, else by the six national
    sectors; then the gate: reviews are stopped where the light is red (发改办环资〔2021〕629号,
    read in part), energy below the base level is not accepted, emission has to be replaced, energy
    below the leading level to be raised.
    """
    is_listed, why = _is_two_highs(calc)
    levels = [
        (row["name"], efficiency_level(calc, row["name"], row["energy"])) for row in _listed(calc)
    ]
    low = [name for name, words in levels if words == LOW]
    behind = [name for name, words in levels if words != LEADING]
    emission, replacement = calc["emission"], calc["replacement"]
    lacks = is_listed and None not in (emission, replacement) and replacement < emission
    light = LIGHTS[calc["light"] - 1]
    verdicts = {
        "暂停节能审查": (
            is_listed and calc["light"] == RED,
            "强度灯为红的地区暂停“两高”项目节能审查",
        ),
        "不予受理：能效低于基准水平": (low, "、".join(low)),
        "须补足替代量": (lacks, f"排放 {emission}，置换 {replacement}"),
        "须对照标杆水平提升": (is_listed and behind, "、".join(behind)),
    }
    verdict, how = next(
        ((words, how) for words, (holds, how) in verdicts.items() if holds), ("可以受理", "")
    )
    calc.step("是否“两高”", "是" if is_listed else "否", how=why)
    return {
        "two_highs": "是" if is_listed else "否",
        "why": why,
        "low": "、".join(low) or "无",
        "verdict": calc.step("准入", verdict, how=how or f"强度灯{light}"),
    }


def _listed(calc: Calc) -> Sequence[Mapping[str, Any]]:
    """The products that the list of leading and base levels has."""
    return [row for row in calc["products"] or () if is_listed(calc, row)]


def _is_two_highs(calc: Calc) -> tuple[bool, str]:
    """Whether a project is one, and by what: an answer of the case, the catalogue, the sectors."""
    if calc["two_highs"] is not None:
        calc.warn("重庆“两高”项目目录没有读到，是否“两高”由填报确定")
        return bool(calc["two_highs"]), "由填报确定"
    entries, catalogue = calc["entries"] or (), calc["catalogue"]
    applying = [row for row in entries if row["applies"]]
    if entries or catalogue:
        names = "、".join(f"{row['entry']}（{row['source']}）" for row in applying)
        return bool(applying), f"本地区目录：{names or '没有相符的条目'}"
    industry = calc["industry"]
    if industry is None:
        raise calc.refuse(
            "没有给行业，也没有给是否“两高”",
            "neither the industry nor an answer is known",
            todo="填行业",
            todo_en="give the industry",
        )
    calc.warn("本地区“两高”项目目录没有填（“两高”项目目录表），按国家六个行业类别判定")
    sectors = calc.parameters.keys("review.two_highs.industry")
    if industry not in sectors:
        return False, "行业不在国家六个行业类别"
    only_with_coal = calc.param("review.two_highs.industry", industry) > 1
    if only_with_coal and calc["coal"] is None:
        raise calc.refuse(
            "电力、热力行业只算煤电，没有给用煤量",
            "only coal power counts, and the coal is not known",
            todo="填用煤量，不用煤填0",
            todo_en="give the coal, 0 for none",
        )
    if only_with_coal and calc["coal"] == 0:
        return False, "电力、热力行业只算煤电，项目不用煤"
    return True, "行业在国家六个行业类别"


PRODUCTS = Input(
    name="products",
    zh="产品",
    kind="rows",
    fields=(
        Input("name", "产品名称", kind="text"),
        Input("energy", "单位产品综合能耗", least=None),
        Input("access", "限额准入值", least=None, optional=True),
        Input("advanced", "限额先进值", least=None, optional=True),
        Input("standard", "限额标准号", kind="text", optional=True),
        Input("indicator", "限额指标", kind="text", optional=True, note="如 综合能耗"),
        Input("listed", "属能效标杆水平目录", kind="flag", optional=True, note=BY_NAME),
    ),
)
RULES = (
    Rule(
        id="review.effect",
        title_zh="项目对地区节能目标的影响（m、n）",
        title_en="Effect of a project on the energy goals of a place",
        law="固定资产投资项目节能审查和碳排放评价办法；节能评审评价指标（“十二五”，分档现行文件没有读到）",
        inputs=(
            Input("energy", "年综合能源消费量（当量值，改扩建为增量）", unit="吨标准煤"),
            Input("electricity", "年电力消费量", unit="千瓦时", default=0.0),
            Input("value_added", "项目年增加值", unit="元"),
            Input("place_energy", "地区能源消费总量（等价值）", unit="吨标准煤", least=1e-9),
            Input("place_gdp", "地区生产总值", unit="元", least=1e-9),
            Input("coal_rate", "供电煤耗", unit="克标准煤/千瓦时"),
            Input("allowance", "五年能耗增量控制数", unit="吨标准煤", optional=True),
        ),
        outputs=(
            Output("energy_equivalent", "项目年综合能源消费量（等价值）", unit="吨标准煤"),
            Output("m", "占地区能耗增量控制数", unit="%"),
            Output("m_class", "对增量控制的影响"),
            Output("n", "对单位GDP能耗的影响", unit="%"),
            Output("n_class", "对强度目标的影响"),
        ),
        compute=effect,
        needs=("review.effect.m", "review.effect.n", "review.effect.power_calorific"),
    ),
    Rule(
        id="review.quota",
        title_zh="项目能效对标（限额准入值、标杆与基准水平）",
        title_en="Products of a project beside limits and benchmarks",
        law="节约能源法；单位产品能源消耗限额国家标准；工业重点领域能效标杆水平和基准水平（发改产业〔2023〕723号）",
        inputs=(PRODUCTS,),
        outputs=(
            Output("short", "未达到准入要求的产品"),
            Output("not_leading", "未达到标杆水平的产品"),
            Output("unread", "缺限额依据的产品"),
            Output("verdict", "结论"),
        ),
        compute=quota,
        confidence="recalled",
    ),
    Rule(
        id="review.two_highs",
        title_zh="“两高一低”项目准入",
        title_en="Gate for two-highs projects",
        law="发改办环资〔2021〕629号；环环评〔2021〕45号；发改产业〔2023〕723号",
        valid_from=date(2021, 8, 12),
        inputs=(
            Input(
                name="two_highs",
                zh="是否“两高”项目",
                kind="flag",
                optional=True,
                note="不填按目录和行业判定",
            ),
            Input("light", "地区能耗强度灯（1红2橙3绿）", kind="whole", most=len(LIGHTS)),
            Input("emission", "项目年碳排放", unit="吨二氧化碳", optional=True),
            Input("replacement", "碳排放置换量", unit="吨二氧化碳", optional=True),
            Input("industry", "行业大类代码", kind="text", optional=True),
            Input("coal", "年煤炭消费量", unit="吨", optional=True),
            Input(
                name="catalogue",
                zh="本地区目录条目数",
                kind="whole",
                default=0,
                note="有目录的不看国家行业",
            ),
            Input(
                name="entries",
                zh="本地区目录同行业条目",
                kind="rows",
                optional=True,
                fields=(
                    Input("entry", "目录序号", kind="text"),
                    Input("source", "来源", kind="text"),
                    Input("applies", "相符", kind="flag"),
                ),
            ),
            Input(
                name="products",
                zh="产品",
                kind="rows",
                optional=True,
                fields=(
                    Input("name", "产品名称", kind="text"),
                    Input("energy", "单位产品综合能耗", least=None),
                    Input("listed", "属能效标杆水平目录", kind="flag", optional=True, note=BY_NAME),
                ),
            ),
        ),
        outputs=(
            Output("two_highs", "是否“两高”"),
            Output("why", "依据"),
            Output("low", "低于基准水平的产品"),
            Output("verdict", "准入"),
        ),
        compute=two_highs,
        needs=("review.two_highs.industry",),
        confidence="recalled",
    ),
)
