"""Digital retrofits of small firms: energy of a year after it beside the year before, at equal
output, from the firm's own energy records.
"""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import MONTHS_A_YEAR
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.town.formulas import POINTS, expected_use

ENERGY_FORM = "企业能源购进、消费与库存"


def effect(calc: Calc) -> dict[str, Any]:
    """Energy that the output of a year would have needed at the use per output of the base year,
    less what was used. [tce, %]

    Raises HengtanError where either year has no whole and complete energy record.
    """
    if calc["year"] <= calc["base_year"]:
        raise calc.refuse(
            f"{calc['year']}年不晚于改造前的{calc['base_year']}年",
            "the year is not after the base year",
            todo="只填改造以后的年份",
            todo_en="fill years after the retrofit only",
        )
    before, after = (_energy(calc, calc[name]) for name in ("base_year", "year"))
    expected = expected_use(before, calc["base_output"], calc["output"])
    saved = expected - after
    how = f"{before:.6g} ÷ {calc['base_output']:g} × {calc['output']:g}"
    outputs = {
        "before": calc.step("改造前综合能耗", before, "吨标准煤", f"{calc['base_year']}年能源记录"),
        "after": calc.step("改造后综合能耗", after, "吨标准煤", f"{calc['year']}年能源记录"),
        "expected": calc.step("按改造前单耗应用", expected, "吨标准煤", how),
        "saved": calc.step("节约量", saved, "吨标准煤", "应用 − 实际"),
    }
    if expected:
        outputs["rate"] = calc.step("节约率", POINTS * saved / expected, "%", "节约量 ÷ 应用量")
    return outputs


def _energy(calc: Calc, year: int) -> float:
    """Energy of a firm's whole year by its records. [tce]"""
    rows = [row for row in calc["energies"] or () if row["year"] == year]
    todo = f"在“{ENERGY_FORM}”按单位代码补报{year}年"
    todo_en = f"file {year} in the enterprise energy form under the unit's code"
    if not rows or any(row["energy"] is None for row in rows):
        raise calc.refuse(f"没有{year}年的能源记录", f"no energy record of {year}", todo, todo_en)
    through = min(row["through"] for row in rows)
    if through < MONTHS_A_YEAR:
        raise calc.refuse(
            f"{year}年的能源记录只到{through}月",
            f"the energy record of {year} ends in month {through}",
            todo,
            todo_en,
        )
    lacking = next((row["missing"] for row in rows if row["missing"]), "")
    if lacking:
        raise calc.refuse(
            f"{year}年的能源记录不全：{lacking}",
            f"the energy record of {year} is incomplete: {lacking}",
            todo,
            todo_en,
        )
    return float(sum(row["energy"] for row in rows))


RULES = (
    Rule(
        id="digital.effect",
        title_zh="数字化改造前后用能对照",
        title_en="Energy before and after a digital retrofit",
        law="同等产出下前后对比（本系统的核算方法）",
        inputs=(
            Input("base_year", "改造前年份", kind="whole"),
            Input("base_output", "改造前产出", least=1e-9),
            Input("year", "年份", kind="whole"),
            Input("output", "当年产出"),
            Input(
                name="energies",
                zh="逐年综合能耗",
                kind="rows",
                optional=True,
                fields=(
                    Input("year", "年份", kind="whole"),
                    Input("energy", "综合能耗", unit="吨标准煤", optional=True, least=None),
                    Input("through", "记录到的月份", kind="whole", default=MONTHS_A_YEAR),
                    Input("missing", "缺项", kind="text", optional=True),
                ),
            ),
        ),
        outputs=(
            Output("before", "改造前综合能耗", unit="吨标准煤"),
            Output("after", "改造后综合能耗", unit="吨标准煤"),
            Output("expected", "按改造前单耗应用", unit="吨标准煤"),
            Output("saved", "节约量", unit="吨标准煤"),
            Output("rate", "节约率", unit="%"),
        ),
        compute=effect,
        confidence="derived",
    ),
)
