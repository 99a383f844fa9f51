"""Formulas that several instruments share: on numbers, arrays and columns alike."""

from __future__ import annotations

from hengtan.basis.numeric import Numeric, absolute, minimum, round_down

NEAR, MOST_NEAR = 1e-12, 1e-4
"""Noise of floats below which a whole number counts as reached: relative, and at most in units."""


def whole_units(value: Numeric) -> Numeric:
    """Rounded down to whole units; noise of floats below a whole number counts as it. [as the
    value]

    Parameters
    ----------
    value : numeric
        Allowances, credits or certificates. [t CO2, t CO2e or 1]

    Returns
    -------
    numeric
        Whole units. [as the value]

    References
    ----------
    .. [1] 国环规气候〔2025〕2号: 核定配额向下取整.
    .. [2] 发改能源〔2023〕1044号: 1 个绿证对应 1000 千瓦时, 不足的结转.
    """
    return round_down(value + minimum(absolute(value) * NEAR, MOST_NEAR))
