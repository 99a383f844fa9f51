"""Returns of the environmental protection tax: by month, declared by the quarter (环境保护税法
第十八、十九条).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hengtan.basis.period import Period
from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import MONTHS_A_QUARTER
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.taxes.outlet_inputs import TAX
from hengtan.instruments.taxes.pollutants import LAW

MEDIA = {"air": "大气污染物", "water": "水污染物", "solid": "固体废物", "noise": "噪声"}


def due(calc: Calc) -> dict[str, Any]:
    """The last day of the quarterly return: some days after the end of the quarter (第十九条)."""
    period = Period.read(calc["quarter"])
    if period.kind != "quarter":
        raise calc.refuse(
            f"“{calc['quarter']}”不是季度",
            f"'{calc['quarter']}' is no quarter",
            todo="写成 2024-Q2 或 2024年第二季度",
            todo_en="write 2024-Q2",
        )
    last = period.end + timedelta(days=calc.param("env_tax.due_days"))
    how = "季度终了之日起十五日内；遇节假日顺延由税务机关公告"
    calc.step("申报缴纳截止", last.isoformat(), how=how, clause=f"{LAW} 第十九条")
    return {"due": last.isoformat()}


def quarterly(calc: Calc) -> dict[str, Any]:
    """The return of a quarter: the taxes of its three months by medium, their sum, and the last
    day. [yuan]

    按月计算、按季申报缴纳, 第十八、十九条.
    """
    months = _months_of_quarter(calc)
    if len(months) < MONTHS_A_QUARTER:
        calc.warn(f"只有{len(months)}个月；没有应税排放的月份也应申报零额")
    total = 0.0
    for name, zh in MEDIA.items():
        total += calc.step(zh, sum(month[name] for month in months), unit="元")
    how = "三个月各税目之和"
    calc.step("本季应纳税额", total, unit="元", how=how, clause=f"{LAW} 第十八条")
    return {"tax": total, **due(calc)}


def _months_of_quarter(calc: Calc) -> list[dict[str, Any]]:
    """The months of a case, each once and all of its quarter. Raises HengtanError."""
    quarter = Period.read(calc["quarter"])
    months = {Period.read(row["month"]): row for row in calc["months"]}
    once = len(months) == len(calc["months"])
    inside = all(month.kind == "month" and month.within(quarter) for month in months)
    if quarter.kind != "quarter" or not once or not inside:
        raise calc.refuse(
            "季度和月份对不上，或月份重复",
            "the months are not those of the quarter, or occur twice",
            todo="季度写成 2024-Q2，月份写成 2024-04",
            todo_en="write 2024-Q2 and 2024-04",
        )
    return list(months.values())


QUARTER = Input("quarter", "季度", kind="text")
MONTH = (
    Input("month", "月份", kind="text"),
    *(Input(name, zh, unit="元", default=0.0) for name, zh in MEDIA.items()),
)
DUE = Output("due", "截止日")
RULES = (
    Rule(
        id="env_tax.quarterly_return",
        title_zh="环境保护税·季度申报",
        title_en="Environmental protection tax, quarterly return",
        law=f"{LAW} 第十八、十九条",
        valid_from=date(2018, 1, 1),
        inputs=(QUARTER, Input("months", "各月税额", kind="rows", fields=MONTH)),
        outputs=(TAX, DUE),
        compute=quarterly,
        needs=("env_tax.due_days",),
    ),
    Rule(
        id="env_tax.due",
        title_zh="环境保护税·申报期限",
        title_en="Environmental protection tax, day due",
        law=f"{LAW} 第十九条",
        valid_from=date(2018, 1, 1),
        inputs=(QUARTER,),
        outputs=(DUE,),
        compute=due,
        needs=("env_tax.due_days",),
    ),
)
