"""National zero-carbon parks: the core indicator is a veto whose limit depends on the park's
energy; guiding indicators are reported met or not.

Source: 发改环资〔2025〕910号 (values through a secondary source; accounting details not read).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from hengtan.assessment.formulas import meets
from hengtan.assessment.scheme import WORDS
from hengtan.basis.errors import ParameterNotEstablished
from hengtan.basis.words import coded

CORE = "core"
SENSES = {">=": 1, "<=": -1}


@dataclass(frozen=True)
class Limit:
    """A limit for parks of a size: energy from ``least`` to below ``below`` (tce a year; None: no
    end).
    """

    item: str
    name: str
    role: str
    least: float
    below: float | None
    operator: str
    limit: float
    unit: str
    law: str

    def fits(self, energy: float) -> bool:
        """Whether it is for parks of an energy. [tce]"""
        return self.least <= energy and (self.below is None or energy < self.below)

    def met_by(self, actual: float) -> bool:
        """Whether a figure keeps to it. [unit]"""
        return bool(meets(actual, self.limit, SENSES[self.operator]))


@dataclass(frozen=True)
class Park:
    """A park.

    ``energy`` [tce a year]; ``co2``: direct, and that of power and heat bought, green power at 0 [t
    a year]; ``figures``: guiding indicators by item (None: not reported) [unit of the limit].
    """

    name: str
    energy: float
    co2: float
    figures: Mapping[str, float | None]


class Guiding(NamedTuple):
    """A guiding indicator: its figure, its limit, and whether it is met (None: not reported)."""

    name: str
    actual: float | None
    limit: float
    met: bool | None


@dataclass(frozen=True)
class Verdict:
    """Whether a park passes, its core figure with the limit [t CO2 per tce], and its guiding
    indicators.
    """

    park: Park
    passes: bool
    core: float
    limit: float
    guiding: tuple[Guiding, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "park": self.park.name,
            "passes": self.passes,
            "core": self.core,
            "limit": self.limit,
            "guiding": [row._asdict() for row in self.guiding],
        }


def judge(park: Park, limits: Sequence[Limit]) -> Verdict:
    r"""Judge a park by the limits of its size: :math:`C/E \le L`. [t CO2 per tce]

    Parameters
    ----------
    park : Park
        Energy E [tce a year] and CO2 C [t a year], with guiding figures.
    limits : sequence of Limit
        Limits of the pack, each for parks of a size.

    Returns
    -------
    Verdict
        Whether it passes, and of each guiding indicator whether it is met.

    Raises
    ------
    ParameterNotEstablished
        For a size without a class (below 200,000 tce no limit was seen).
    ValueError
        For energy that is not above zero or a negative emission.

    References
    ----------
    .. [1] 发改环资〔2025〕910号 (values through a secondary source; accounting details not read).
    """
    if park.energy <= 0 or park.co2 < 0:
        raise ValueError("energy is above zero, CO2 not negative")
    fitting = [limit for limit in limits if limit.fits(park.energy)]
    core = next((limit for limit in fitting if limit.role == CORE), None)
    if core is None:
        law = limits[0].law if limits else WORDS.say("law.parks")
        code = coded("no_core_limit", park.name, f"{park.energy:,.0f}", law)
        raise WORDS.error(ParameterNotEstablished, code)
    actual = park.co2 / park.energy
    guiding = tuple(_guiding(limit, park) for limit in fitting if limit.role != CORE)
    return Verdict(park, core.met_by(actual), actual, core.limit, guiding)


def _guiding(limit: Limit, park: Park) -> Guiding:
    actual = park.figures.get(limit.item)
    met = None if actual is None else limit.met_by(actual)
    return Guiding(limit.name, actual, limit.limit, met)
