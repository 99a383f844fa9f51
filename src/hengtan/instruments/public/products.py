"""Products on the market: certificates that are valid, inspections of labels, packages with too
much air.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

PACKAGE_LAW = "GB 23350-2021 限制商品过度包装要求 食品和化妆品"
ABOVE = "above"
"""Key of the class above the last border."""


def validity(calc: Calc) -> dict[str, Any]:
    """Whether a certificate is valid on the day looked at, and the days that are left of it."""
    day, ends, withdrawn = calc["looked_at"] or calc.day, calc["ends"], calc["withdrawn"]
    if withdrawn is not None and withdrawn <= day:
        state = "已撤销"
    elif day < calc["issued"]:
        state = "未生效"
    elif ends is not None and day > ends:
        state = "已过期"
    else:
        state = "有效"
    outputs: dict[str, Any] = {"state": calc.step("状态", state), "valid": float(state == "有效")}
    if ends is not None and state == "有效":
        outputs["days_left"] = calc.step("剩余", float((ends - day).days), "天", f"至{ends}")
    return outputs


def pass_rate(calc: Calc) -> dict[str, float]:
    """Share of what was checked that passed. [1]"""
    if calc["passed"] > calc["checked"]:
        raise calc.refuse("合格数大于检查数", "more passed than checked")
    rate = calc.step("合格率", calc["passed"] / calc["checked"], how="合格数 ÷ 检查数")
    return {"rate": rate, "failed": calc["checked"] - calc["passed"]}


def excess(calc: Calc) -> dict[str, Any]:
    """A package against the limits of void ratio, layers and cost; what is not measured is not
    judged.

    Void ratio = (V − k V₀) ÷ V, with the contents V₀ and the space coefficient k of the goods.
    """
    faults, judged = [], 0
    outputs: dict[str, Any] = {}
    volume, contents = calc["volume"], calc["contents"]
    if volume is not None and contents is not None:
        void, most = _void(calc), calc.param("packaging.void_most", _net_class(calc))
        outputs |= {"void": void, "void_most": most}
        judged += 1
        if void > most:
            faults.append(f"空隙率{void:.1%}大于{most:.0%}")
    if calc["layers"] is not None:
        most = calc.param("packaging.layers_most", "staple" if calc["staple"] else "other")
        judged += 1
        calc.step("层数", calc["layers"], "层", f"不超过{most:g}层", PACKAGE_LAW)
        if calc["layers"] > most:
            faults.append(f"包装{calc['layers']:g}层，多于{most:g}层")
    if calc["cost"] is not None and calc["price"]:
        share, most = calc["cost"] / calc["price"], calc.param("packaging.cost_most")
        outputs["cost_share"] = calc.step(
            "包装成本占售价", share, "", f"不超过{most:.0%}", PACKAGE_LAW
        )
        judged += 1
        if share > most:
            faults.append(f"包装成本占{share:.1%}，高于{most:.0%}")
    if not judged:
        raise calc.refuse(
            "体积、层数、成本都没有填，不能判定",
            "neither volume, layers nor cost is given",
            todo="至少填一项",
            todo_en="give one of them",
        )
    verdict = "；".join(faults) or (
        "符合" if judged == len(("void", "layers", "cost")) else "已查项符合"
    )
    return outputs | {"faults": float(len(faults)), "verdict": calc.step("结论", verdict)}


def _void(calc: Calc) -> float:
    """Void ratio of a package. [1]"""
    if calc["coefficient"] is None:
        raise calc.refuse(
            "缺商品必要空间系数",
            "the space coefficient is missing",
            todo="按 GB 23350-2021 附录填",
            todo_en="fill it from the annex of GB 23350-2021",
        )
    volume, needed = calc["volume"], calc["coefficient"] * calc["contents"]
    if volume <= 0:
        raise calc.refuse("包装体积应大于零", "the volume is positive")
    how = f"({volume:g} − {needed:g}) ÷ {volume:g}"
    return float(
        calc.step("空隙率", max(0.0, (volume - needed) / volume), how=how, clause=PACKAGE_LAW)
    )


def _net_class(calc: Calc) -> str:
    """The class of a piece by its net content, up to and with the border. [g or mL]"""
    net = calc["net_content"]
    if net is None:
        raise calc.refuse(
            "缺单件净含量",
            "the net content is missing",
            todo="按标签填，克或毫升",
            todo_en="fill it from the label, g or mL",
        )
    keys = (key for key in calc.parameters.keys("packaging.void_most") if key != ABOVE)
    return next((key for key in sorted(keys, key=float) if net <= float(key)), ABOVE)


RULES = (
    Rule(
        id="certificate.validity",
        title_zh="证书有效性",
        title_en="Validity of a certificate",
        law="证书所载有效期",
        inputs=(
            Input("issued", "发证日期", kind="date"),
            Input("ends", "有效期至", kind="date", optional=True),
            Input("withdrawn", "撤销日期", kind="date", optional=True),
            Input("looked_at", "查看日", kind="date", optional=True, note="不填按案例日期"),
        ),
        outputs=(
            Output("state", "状态"),
            Output("valid", "有效", unit="个"),
            Output("days_left", "剩余", unit="天"),
        ),
        compute=validity,
    ),
    Rule(
        id="inspection.pass_rate",
        title_zh="检查合格率",
        title_en="Pass rate of an inspection",
        law="监督检查记录",
        inputs=(Input("checked", "检查数", least=1.0), Input("passed", "合格数")),
        outputs=(Output("rate", "合格率"), Output("failed", "不合格数")),
        compute=pass_rate,
    ),
    Rule(
        id="packaging.excess",
        title_zh="过度包装判定（食品和化妆品）",
        title_en="Excess packaging",
        law=PACKAGE_LAW,
        valid_from=date(2023, 9, 1),
        inputs=(
            Input("staple", "粮食及其加工品", kind="flag", default=False),
            Input("layers", "包装层数", unit="层", optional=True),
            Input("volume", "包装体积", optional=True),
            Input("contents", "内装物体积", optional=True),
            Input("coefficient", "商品必要空间系数", optional=True, least=1.0),
            Input("net_content", "单件净含量", optional=True, note="克或毫升"),
            Input("cost", "包装成本", unit="元", optional=True),
            Input("price", "销售价格", unit="元", optional=True),
        ),
        outputs=(
            Output("verdict", "结论"),
            Output("faults", "超限项", unit="项"),
            Output("void", "空隙率"),
            Output("void_most", "空隙率上限"),
            Output("cost_share", "包装成本占售价"),
        ),
        compute=excess,
        needs=("packaging.void_most", "packaging.layers_most", "packaging.cost_most"),
        confidence="recalled",
        note_zh="标准2023-09-01实施；月饼、粽子的层数和成本另有修改单，没有核对",
    ),
)
