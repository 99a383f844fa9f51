"""What the terminal says of the power that a scenario buys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.cli import show


def say_bought(rows: Sequence[Mapping[str, Any]]) -> None:
    """Net bought power by place and year, its indirect emissions and those of fuel."""
    show.say("外购电的间接排放（目标判定计入，不在上表中；因子见假设）| indirect, of bought power")
    lines = [
        {
            "地区": row["place"],
            "年": row["year"],
            "净外购（亿千瓦时）": _in(row["power"], 1e8),
            "间接（万吨CO2）": _in(row["indirect"], 1e4),
            "燃烧（万吨CO2）": _in(row["burnt"], 1e4),
        }
        for row in rows
    ]
    show.plain_table(lines, list(lines[0]))


def _in(amount: float | None, unit: float) -> str:
    return "" if amount is None else f"{amount / unit:,.2f}"
