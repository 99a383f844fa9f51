"""What dual prices say a program must cost at least."""

from __future__ import annotations

import numpy as np

from hengtan.outlook.linear import Array


def priced(price: Array, lower: Array, upper: Array) -> float:
    """What limits come to at their prices: a positive price speaks of the lower limit.

    A price that belongs to no limit is left out; whether it is nothing but rounding is asked apart.
    """
    limit = np.where(price > 0, lower, upper)
    counted = np.isfinite(limit) & (price != 0)
    return float(price[counted] @ limit[counted])
