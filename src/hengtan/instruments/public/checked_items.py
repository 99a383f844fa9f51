"""Items of a standard as they were checked: what was measured beside the limit, or whether an item
is met, for rules that judge by such items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input

Row = Mapping[str, Any]
MET, MISSED = "met", "missed"

ITEM_FIELDS = (
    Input("item", "条款", kind="text"),
    Input("mandatory", "必达", kind="flag", default=False),
    Input("asked", "要求值", least=None, optional=True),
    Input("is_lower", "越小越好", kind="flag", default=False),
    Input("value", "核查值", least=None, optional=True),
    Input(
        name="met",
        zh="是否达到",
        kind="choice",
        choices={MET: "达到", MISSED: "未达到"},
        optional=True,
    ),
)
"""The columns of an item; value and limit are in one unit."""


@dataclass
class Standing:
    """Names of the items that are met, missed and without a result, of the missed ones those that
    are mandatory.
    """

    met: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    mandatory: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)

    @property
    def judged(self) -> int:
        """How many items have a result."""
        return len(self.met) + len(self.missed)


def standing_of(calc: Calc, rows: Sequence[Row], limit: str) -> Standing:
    """Items by what came of them.

    Parameters
    ----------
    rows : with the columns of ``ITEM_FIELDS``
    limit : the parameter that stands for the limit of an item

    Raises ParameterNotEstablished naming the item of which a figure and no limit is filed.
    """
    standing = Standing()
    for row in rows:
        is_met = _is_met(calc, row, limit)
        if is_met is None:
            standing.unjudged.append(row["item"])
            continue
        (standing.met if is_met else standing.missed).append(row["item"])
        if row["mandatory"] and not is_met:
            standing.mandatory.append(row["item"])
    return standing


def _is_met(calc: Calc, row: Row, limit: str) -> bool | None:
    if row["value"] is None:
        return None if row["met"] is None else row["met"] == MET
    asked = _limit(calc, row, limit)
    is_met = bool(row["value"] <= asked if row["is_lower"] else row["value"] >= asked)
    if row["met"] is not None and (row["met"] == MET) != is_met:
        calc.warn(f"“{row['item']}”填写的是否达到与数值不符，按数值判定")
    return is_met


def _limit(calc: Calc, row: Row, limit: str) -> float:
    if row["asked"] is not None:
        return float(row["asked"])
    try:
        return calc.param(limit)
    except ParameterNotEstablished as error:
        zh = f"“{row['item']}”没有要求值"
        raise error.retold(zh, f"'{row['item']}' has no limit") from error
