"""The scale an indicator is forecast on, so that a forecast stays where values can lie: logarithm of amounts, logit of shares, the value itself otherwise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

KINDS = ("log", "logit", "plain")
COUNTS = frozenset(
    [
        "个",
        "家",
        "座",
        "处",
        "件",
        "项",
        "户",
        "台",
        "套",
        "辆",
        "艘",
        "人",
        "株",
        "只",
        "张",
        "条",
        "次",
        "所",
        "眼",
        "栋",
        "宗",
        "天",
    ]
)
"""Units whose values are whole numbers where no 万 or 亿 stands before them."""


@dataclass(frozen=True)
class Scale:
    """``kind``: log, logit or plain; values lie between ``low`` and ``high`` (None: no bound); ``whole``: they are counts."""

    kind: str
    low: float | None = None
    high: float | None = None
    whole: bool = False

    def to(self, values: Sequence[float] | np.ndarray | float) -> np.ndarray:
        """Values on the working scale; those at a bound stand a thousandth of the span inside it."""
        x = np.asarray(values, float)
        if self.kind == "log":
            return np.log(x)
        if self.kind == "logit":
            assert self.low is not None and self.high is not None
            share = np.clip((x - self.low) / (self.high - self.low), 1e-3, 1 - 1e-3)
            return np.log(share / (1 - share))
        return x

    def back(self, z: np.ndarray | float, *, rounded: bool = True) -> np.ndarray:
        """From the working scale to values, within the bounds, whole where they are counts and ``rounded``."""
        x = np.asarray(z, float)
        if self.kind == "log":
            x = np.exp(np.minimum(x, 700.0))
        elif self.kind == "logit":
            assert self.low is not None and self.high is not None
            x = self.low + (self.high - self.low) / (1 + np.exp(-np.clip(x, -700, 700)))
        return self.within(x, rounded=rounded)

    def within(self, x: np.ndarray, *, rounded: bool = True) -> np.ndarray:
        """Values cut to the bounds, and rounded (half up) where they are counts."""
        x = np.clip(
            x,
            -math.inf if self.low is None else self.low,
            math.inf if self.high is None else self.high,
        )
        return np.floor(x + 0.5) if self.whole and rounded else x


def scale_of(values: Sequence[float], kind: str, unit: str, *, high: float | None = None) -> Scale:
    """The scale of an indicator from its kind (flow, stock, ratio, growth, index, level), its unit and its values.

    A growth rate has no bounds. A share (ratio in %) lies between 0 and 100 and works on the logit, unless a value lies outside; days lie within a year; ``high`` is a ceiling that is known (the number of
    all enterprises for a count of them): counts and amounts then follow a logistic curve. All other amounts are above zero and work on the logarithm; a series with a zero or a negative value is taken as it is.
    """
    least, most, whole = min(values), max(values), unit in COUNTS
    if kind == "growth":
        return Scale("plain")
    if kind == "ratio" and unit == "%" and least >= 0 and most <= 100:
        return Scale("logit", 0.0, 100.0 if high is None else high)
    if unit == "天" and least >= 0 and most <= 366:
        return Scale("logit", 0.0, 366.0, whole=True)
    if high is not None and least >= 0 and most <= high:
        return Scale("logit", 0.0, high, whole=whole)
    if least > 0:
        return Scale("log", 0.0, None, whole=whole)
    return Scale(
        "plain",
        0.0 if least == 0 and kind in ("flow", "stock", "level", "ratio") else None,
        None,
        whole=whole,
    )
