"""National zero-carbon parks: the core indicator is a veto whose limit depends on the park's energy; guiding indicators are reported met or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hengtan.basis.errors import ParameterNotEstablished

CORE = "core"


@dataclass(frozen=True)
class Limit:
    """A limit for parks of a size: energy from ``least`` to below ``below`` (tce a year; None: no end)."""

    item: str
    name: str
    role: str
    least: float
    below: float | None
    operator: str
    limit: float
    unit: str
    law: str


@dataclass(frozen=True)
class Park:
    """A park: energy [tce a year], CO2 [t a year: direct, and that of power and heat bought, green power at 0], and the figures of guiding indicators by item (None: not reported)."""

    name: str
    energy: float
    co2: float
    figures: Mapping[str, float | None]


@dataclass(frozen=True)
class Verdict:
    """Whether a park passes, its core figure with the limit, and of each guiding indicator: met, not met, not reported."""

    park: Park
    passes: bool
    core: float
    limit: float
    guiding: tuple[tuple[str, float | None, float, bool | None], ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "park": self.park.name,
            "passes": self.passes,
            "core": self.core,
            "limit": self.limit,
            "guiding": [
                {"name": n, "actual": a, "limit": x, "met": m} for n, a, x, m in self.guiding
            ],
        }


def judge(park: Park, limits: Sequence[Limit]) -> Verdict:
    """Judge a park by the limits of its size.

    Raises ParameterNotEstablished for a size without a class (below 200,000 tce no limit was seen), ValueError for energy that is not above zero or a negative emission.

    References
    ----------
    .. [1] 发改环资〔2025〕910号 (values through a secondary source; accounting details not read).
    """
    if park.energy <= 0 or park.co2 < 0:
        raise ValueError("energy is above zero, CO2 not negative")
    fitting = [
        x for x in limits if x.least <= park.energy and (x.below is None or park.energy < x.below)
    ]
    core = next((x for x in fitting if x.role == CORE), None)
    if core is None:
        law = limits[0].law if limits else "发改环资〔2025〕910号"
        raise ParameterNotEstablished(
            f"“{park.name}”年综合能耗{park.energy:,.0f}吨标准煤，没有适用的核心指标限值",
            f"no core limit for {park.energy:,.0f} tce",
            todo=f"查{law}及其附件",
            todo_en=f"see {law}",
        )
    actual = park.co2 / park.energy
    guiding = []
    for x in fitting:
        if x.role != CORE:
            value = park.figures.get(x.item)
            guiding.append(
                (
                    x.name,
                    value,
                    x.limit,
                    None
                    if value is None
                    else value >= x.limit - 1e-9
                    if x.operator == ">="
                    else value <= x.limit + 1e-9,
                )
            )
    return Verdict(park, actual <= core.limit + 1e-9, actual, core.limit, tuple(guiding))
