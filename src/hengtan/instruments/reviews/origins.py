"""Indicators of a review by where their figures come from: the records, or a filing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output

ORIGINS = {"records": "由台账计算", "filed": "填报"}
NEAR = 0.01
"""Share by which a figure filed may differ from that of the records without being told."""
FIELDS = (
    Input("origin", "数据来源", kind="choice", choices=ORIGINS, default="filed"),
    Input("typed", "填报值", least=None, optional=True),
    Input("lacking", "没有完整记录的企业数", kind="whole", optional=True),
)
"""What an indicator says of its figure, beside it."""
OUTPUTS = (
    Output("from_records", "由台账计算的指标", unit="项"),
    Output("from_filing", "填报的指标", unit="项"),
)


def figure_of(calc: Calc, row: Mapping[str, Any]) -> float:
    """The figure that counts of an indicator, with what has to be known of where it comes from.

    Raises HengtanError where neither the records nor a filing give one.
    """
    name, actual, typed = row["name"], row["actual"], row["typed"]
    lacking = row["lacking"] or 0
    if actual is None:
        raise calc.refuse(
            f"“{name}”没有填指标值，台账也没有算出",
            f"'{name}' was not filed and the records do not give it",
            todo=f"补年度记录（没有完整记录的企业{lacking}家），或填指标值",
            todo_en=f"complete the yearly records ({lacking} firms lack them), or fill the figure",
        )
    if row["origin"] == "records":
        if typed is not None and abs(typed - actual) > NEAR * abs(actual):
            calc.warn(f"“{name}”填报{typed:g}，由台账计算{actual:g}：按台账计")
    elif lacking:
        calc.warn(f"“{name}”有{lacking}家企业没有完整的记录，取填报值")
    return float(actual)


def counted(calc: Calc, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many indicators the records give and how many were filed."""
    by_records = sum(row["origin"] == "records" for row in rows)
    return {
        "from_records": calc.step("由台账计算的指标", by_records, "项"),
        "from_filing": calc.step("填报的指标", len(rows) - by_records, "项"),
    }
