"""Block tariffs of households as parameters hold them: ends, prices, and what is not established
said so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hengtan.instruments.factors import MONTHS_A_YEAR
from hengtan.instruments.tariffs.formulas import block_quantity

SERVICES = {"power": "电", "water": "水", "gas": "气"}
UNITS = {"power": "千瓦时", "water": "立方米", "gas": "立方米"}
MONTHS = {"power": 1, "water": MONTHS_A_YEAR, "gas": MONTHS_A_YEAR}
"""Months that the ends of the blocks stand for: power by the month, water and gas by the year."""


@dataclass(frozen=True)
class Blocks:
    """Blocks of a cycle: two ends and three prices. [unit a household and cycle; CNY per unit]"""

    upper1: float
    upper2: float
    price1: float
    price2: float
    price3: float

    def as_dict(self) -> dict[str, float]:
        """The arguments of ``formulas.block_bill`` beside the quantity."""
        return dict(vars(self))

    def stretched(self, factor: float, extra: float = 0.0) -> Blocks:
        """The ends times a factor (months of a longer cycle) and more by an extra allowance; prices
        as they are.
        """
        return Blocks(
            self.upper1 * factor + extra,
            self.upper2 * factor + extra,
            self.price1,
            self.price2,
            self.price3,
        )


def parameter_names(service: str) -> tuple[str, str]:
    """Names of the parameters of the ends and of the prices."""
    return f"tariff.{service}.tier_upper", f"tariff.{service}.tier_price"


def read_blocks(param: Callable[[str, str], float], service: str, ratios: bool = False) -> Blocks:
    """The blocks of a service by a look-up of parameters.

    ``ratios``: prices 2 and 3 are price 1 times the nation's ratio (gas, 发改价格〔2014〕467号).

    Raises ParameterNotEstablished from the look-up.
    """
    uppers, prices = parameter_names(service)
    price1 = param(prices, "1")
    others = [
        price1 * param(f"tariff.{service}.tier_ratio", k) if ratios else param(prices, k)
        for k in ("2", "3")
    ]
    return Blocks(param(uppers, "1"), param(uppers, "2"), price1, *others)


def in_order(blocks: Blocks) -> str:
    """What is wrong with blocks, in Chinese; empty where nothing is: ends and prices rise."""
    if not blocks.upper1 <= blocks.upper2:
        return f"第一档上限{blocks.upper1:g}大于第二档上限{blocks.upper2:g}"
    if min(blocks.upper1, blocks.price1, blocks.price2, blocks.price3) < 0:
        return "档限与价格不能为负"
    return ""


def by_block(quantity: float, blocks: Blocks) -> Mapping[str, float]:
    """The parts of a quantity in each block: block1, block2, block3. [unit of the quantity]"""
    return {
        "block1": block_quantity(quantity, 0.0, blocks.upper1),
        "block2": block_quantity(quantity, blocks.upper1, blocks.upper2),
        "block3": block_quantity(quantity, blocks.upper2, float("inf")),
    }
