"""Laws of an uncertain number, each stated by low, mid and high, and their inverses.

A draw is the inverse of the distribution function at a uniform number. The inverse is tabulated in
cells that halve toward both ends (64 to an octave, straight lines between), which the NumPy and the
compiled draws share: it is off by less than 1e-5 of the width of the range.

References
----------
.. [1] IPCC (2006) Guidelines, vol. 1, ch. 3: ranges as 95 % intervals, choice of a law.
.. [2] Malcolm D. et al. (1959), Operations Research 7(5): PERT as a beta law, weight 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import isclose, isfinite, log
from typing import Any, Literal, get_args

import numpy as np

from hengtan.basis.errors import HengtanError

Array = np.ndarray[Any, np.dtype[np.float64]]
Law = Literal["uniform", "triangular", "normal", "pert", "lognormal"]
LAWS: tuple[Law, ...] = get_args(Law)
OF_THE_95_INTERVAL = 1.959963984540054  # 97.5 % point of the standard normal law
PERT_WEIGHT = 4.0

MANTISSA_BITS = 6
CELLS = 32 << MANTISSA_BITS
NODES = CELLS + 2
HALF = 126 << MANTISSA_BITS  # cell number of 0.5 before the first cell is taken away


class BadRange(HengtanError):
    """A range whose low, mid and high are not in order or do not suit its law."""


class RangeWithoutSource(HengtanError):
    """Odds were asked for while a range does not say where it comes from."""


@dataclass(frozen=True)
class Range:
    """An uncertain number: ``uniform``, ``triangular`` and ``pert`` end at low and high, with the
    mode at mid; ``normal`` has its mean at mid, low and high 1.96 standard deviations away on the
    mean of both sides, and is cut there; ``lognormal`` has its median at mid, low and high are its
    2.5 % and 97.5 % points (shifted, and mirrored where mid is nearer to high).

    Attributes
    ----------
    name : str
        Measure or driver that it is of. Draws are numbered by it, unless ``of`` is given.
    law, low, mid, high
        See above. [unit of the number]
    source : str
        Where low and high come from; empty where nobody says.
    assumed : bool
        Whether they are an assumption of the study and not established by the source.
    of : str
        Measure of which this is a part: ranges of one measure stand at the same share of their
        mass in every draw. Empty where it is drawn by itself.
    """

    name: str
    law: Law
    low: float
    mid: float
    high: float
    source: str = ""
    assumed: bool = True
    of: str = ""

    def __post_init__(self) -> None:
        self.check()

    @property
    def width(self) -> float:
        return self.high - self.low

    @property
    def drawn_by(self) -> str:
        """The name that its draws are numbered by."""
        return self.of or self.name

    def check(self) -> None:
        """Raise ``BadRange`` naming the range and its field where it cannot be drawn from."""
        if self.law not in LAWS:
            self._refuse("law", f"没有“{self.law}”这种分布", f"there is no law {self.law!r}")
        if not all(isfinite(value) for value in (self.low, self.mid, self.high)):
            self._refuse("low/mid/high", "低、中、高须为有限数", "low, mid, high must be finite")
        if not self.low <= self.mid <= self.high:
            self._refuse("low/mid/high", "须低≤中≤高", "low <= mid <= high is needed")
        middle = isclose(self.mid - self.low, self.high - self.mid, rel_tol=1e-6)
        if self.width and self.law == "uniform" and not middle:
            self._refuse("mid", "均匀分布的中值须在正中", "mid of a uniform law is its middle")
        if self.law == "lognormal":
            self._check_lognormal(middle)

    def _check_lognormal(self, middle: bool) -> None:
        if self.width and (middle or self.mid in (self.low, self.high)):
            self._refuse(
                "law",
                "对数正态分布须有偏；对称的用 normal",
                "a lognormal law is skewed between its ends; use normal for a symmetric one",
            )

    def _refuse(self, field: str, zh: str, en: str) -> None:
        raise BadRange(
            f"“{self.name}”的区间（{FIELDS[field]}）：{zh}",
            f"range of {self.name} ({field}): {en}",
            todo="请改低、中、高或分布",
            todo_en="mend low, mid, high or law",
        )


FIELDS = {"law": "分布", "mid": "中值", "low/mid/high": "下限、中值、上限"}


def fixed(name: str, value: float) -> Range:
    """A number that is not uncertain, as a range without width."""
    return Range(name, "uniform", value, value, value, assumed=False)


def refuse_without_source(ranges: tuple[Range, ...]) -> None:
    """Raise ``RangeWithoutSource`` naming each measure or driver whose range has no source."""
    silent = [each.name for each in ranges if each.width and not each.source.strip()]
    if silent:
        names = "、".join(silent)
        raise RangeWithoutSource(
            f"{names}：区间没有来源（报表 measure_effects、pathway_drivers 的 range_source，"
            "研究文件的“区间来源”），不给出概率",
            f"{', '.join(silent)}: a range without a source (field range_source of "
            "measure_effects and pathway_drivers, 区间来源 of a study's file) gives no odds",
            todo="请填写来源，或去掉区间",
            todo_en="name its source or take the range away",
        )


def quantile(law: Range, below: Array) -> Array:
    """Value of ``law`` that a share ``below`` of its mass lies under, 0 < below < 1."""
    below = np.asarray(below, dtype=float)
    return np.where(below <= 0.5, _tail(law, below, upper=False), _tail(law, 1 - below, upper=True))


def _tail(law: Range, mass: Array, upper: bool) -> Array:
    """Value that leaves ``mass`` on its lower or upper side, exact where mass is small."""
    if not law.width:
        return np.full_like(mass, law.mid)
    return INVERSES[law.law](law, mass, upper)


def _uniform(law: Range, mass: Array, upper: bool) -> Array:
    return law.high - mass * law.width if upper else law.low + mass * law.width


def _triangular(law: Range, mass: Array, upper: bool) -> Array:
    rise, fall = law.mid - law.low, law.high - law.mid
    below, above = (1 - mass, mass) if upper else (mass, 1 - mass)
    rising = law.low + np.sqrt(below * law.width * rise)
    falling = law.high - np.sqrt(above * law.width * fall)
    return np.where(below * law.width <= rise, rising, falling)


def _normal(law: Range, mass: Array, upper: bool) -> Array:
    from scipy.special import ndtr, ndtri

    deviation = law.width / 2 / OF_THE_95_INTERVAL
    sign, end, other = (-1, law.high, law.low) if upper else (1, law.low, law.high)
    first, last = (ndtr(sign * (edge - law.mid) / deviation) for edge in (end, other))
    return law.mid + sign * deviation * ndtri(first + mass * (last - first))


def _pert(law: Range, mass: Array, upper: bool) -> Array:
    from scipy.special import betainccinv, betaincinv

    rising = 1 + PERT_WEIGHT * (law.mid - law.low) / law.width
    falling = 1 + PERT_WEIGHT * (law.high - law.mid) / law.width
    inverse = betainccinv if upper else betaincinv
    return law.low + law.width * inverse(rising, falling, mass)


def _lognormal(law: Range, mass: Array, upper: bool) -> Array:
    from scipy.special import ndtri

    shift = lognormal_shift(law)
    spread = log((law.high - shift) / (law.mid - shift)) / OF_THE_95_INTERVAL
    normal = -ndtri(mass) if upper else ndtri(mass)
    return shift + (law.mid - shift) * np.exp(spread * normal)


def lognormal_shift(law: Range) -> float:
    """The end of a lognormal law whose 2.5 %, 50 % and 97.5 % points are low, mid and high: there
    the three distances to it are in geometric progression.
    """
    return (law.mid**2 - law.low * law.high) / (2 * law.mid - law.low - law.high)


INVERSES = {
    "uniform": _uniform,
    "triangular": _triangular,
    "normal": _normal,
    "pert": _pert,
    "lognormal": _lognormal,
}


@lru_cache(maxsize=1)
def masses() -> Array:
    """Mass beyond each node of a table, (NODES,): cells of equal ratio in each octave of 2^-33."""
    number = np.arange(NODES)
    octave, step = number >> MANTISSA_BITS, number & ((1 << MANTISSA_BITS) - 1)
    return np.ldexp(1 + step / (1 << MANTISSA_BITS), octave - 33)


@lru_cache(maxsize=4096)
def _table(law: Law, low: float, mid: float, high: float) -> Array:
    stated = Range("", law, low, mid, high)
    mass = masses()
    table = np.stack([_tail(stated, mass, upper=False), _tail(stated, mass, upper=True)])
    table.setflags(write=False)
    return table


def variance(law: Range) -> float:
    r"""Variance of the draws of a range: of its table, which is straight between the nodes.

    .. math:: \int x = \sum m \frac{a + b}{2}, \quad \int x^2 = \sum m \frac{a^2 + ab + b^2}{3}

    over cells of mass m between a and b, about the mid. What lies beyond the outermost node of an
    end (2^-33 of all) is left out.
    """
    mass = np.diff(masses()[: CELLS + 1])
    nodes = table(law)[:, : CELLS + 1] - law.mid
    left, right = nodes[:, :-1], nodes[:, 1:]
    mean = float((mass * (left + right)).sum() / 2)
    square = float((mass * (left**2 + left * right + right**2)).sum() / 3)
    return square - mean**2


def table(law: Range) -> Array:
    """The inverse at the nodes, from below and from above, (2, NODES)."""
    return _table(law.law, law.low, law.mid, law.high)
