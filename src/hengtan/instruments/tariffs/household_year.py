"""The year of a household under block tariffs, reading by reading: what each had to cost by the
prices of its own end, the blocks beginning anew with the year, beside what was charged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.basis.period import Period
from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import MONTHS_A_QUARTER
from hengtan.instruments.inputs import Input
from hengtan.instruments.part_of_case import within
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.tariffs import households
from hengtan.instruments.tariffs.blocks import SERVICES

BLOCKS = ("block1", "block2", "block3")
READ_FOR = {"month": 1, "quarter": MONTHS_A_QUARTER}
OF_METER = ("shared_meter", "on_relief", "time_of_use")
CENT = 0.01
"""Bills are rounded to the cent: less than that is no difference. [CNY]"""


def household_year(calc: Calc) -> dict[str, Any]:
    """What a household's readings of a year cost and what was charged: the refund due to it, or
    what it still owes. [CNY]

    Water and gas accumulate over the year, power is billed by the reading. Raises
    ParameterNotEstablished for blocks that are not established.
    """
    sums = dict.fromkeys(("bill", "quantity", *BLOCKS), 0.0)
    rows = sorted(calc["readings"], key=_end)
    for row in rows:
        outputs = within(
            calc,
            households.RULES,
            f"tariff.{calc['service']}_residential",
            _end(row),
            _inputs(calc, row, sums["quantity"]),
        )
        calc.step(f"{row['period']} 应收", outputs["bill"], "元", _beside(row))
        for name in sums:
            sums[name] += outputs[name]
    return sums | _charged(calc, rows, sums["bill"])


def _end(row: Mapping[str, Any]) -> Any:
    return Period.read(row["period"]).end


def _beside(row: Mapping[str, Any]) -> str:
    charged = "没有收费记录" if row["charged"] is None else f"实收 {row['charged']:g} 元"
    return f"用量 {row['quantity']:g}，{charged}"


def _inputs(calc: Calc, row: Mapping[str, Any], before: float) -> dict[str, Any]:
    cells: dict[str, Any] = {"quantity": row["quantity"]}
    if calc["people"] is not None:
        cells["people"] = int(calc["people"])
    if calc["service"] != "power":
        return {**cells, "before": before}
    kind = Period.read(row["period"]).kind
    if kind not in READ_FOR:
        raise calc.refuse(
            f"抄表期“{row['period']}”不是月或季",
            f"'{row['period']}' is neither a month nor a quarter",
            todo="写成 2024年3月",
            todo_en="write 2024-03",
        )
    flags = {name: calc[name] for name in OF_METER}
    parts = {name: row[name] for name in ("peak", "valley") if row[name] is not None}
    return cells | flags | parts | {"months": READ_FOR[kind]}


def _charged(calc: Calc, rows: Sequence[Mapping[str, Any]], bill: float) -> dict[str, float]:
    """What was charged beside what was due; nothing where a reading has no charge. [CNY]"""
    if any(row["charged"] is None for row in rows):
        if any(row["charged"] is not None for row in rows):
            calc.warn("有抄表期没有实收金额，没有比较")
        return {}
    charged = sum(row["charged"] for row in rows)
    difference = charged - bill
    difference = 0.0 if abs(difference) < CENT else difference
    return {
        "charged": calc.step("实收", charged, "元"),
        "refund": calc.step("应退", max(difference, 0.0), "元", "实收 − 应收"),
        "owed": calc.step("应补", max(-difference, 0.0), "元", "应收 − 实收"),
    }


RULES = (
    Rule(
        id="tariff.household_year",
        title_zh="居民阶梯价格·逐期核对与退补",
        title_en="A household's year under block tariffs",
        law="；".join(households.LAWS.values()),
        inputs=(
            Input("service", "品种", kind="choice", choices=SERVICES),
            Input("people", "家庭人口", unit="人", kind="whole", optional=True, least=1),
            Input("shared_meter", "未一户一表的合表用户", kind="flag", default=False),
            Input("on_relief", "低保、三无、五保家庭", kind="flag", default=False),
            Input("time_of_use", "选择分时电价", kind="flag", default=False),
            Input(
                name="readings",
                zh="抄表",
                kind="rows",
                fields=(
                    Input("period", "抄表期", kind="text"),
                    Input("quantity", "用量"),
                    Input("peak", "高峰电量", unit="千瓦时", optional=True),
                    Input("valley", "低谷电量", unit="千瓦时", optional=True),
                    Input("charged", "实收金额", unit="元", optional=True),
                ),
            ),
        ),
        outputs=(
            Output("bill", "应收", unit="元"),
            Output("quantity", "用量"),
            *(Output(name, f"第{n}档量") for n, name in zip("一二三", BLOCKS, strict=True)),
            Output("charged", "实收", unit="元"),
            Output("refund", "应退", unit="元"),
            Output("owed", "应补", unit="元"),
        ),
        compute=household_year,
        needs=tuple(dict.fromkeys(name for rule in households.RULES for name in rule.needs)),
    ),
)
