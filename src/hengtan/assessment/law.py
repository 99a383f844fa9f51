"""Numbers of the law that scoring rests on, from the pack table ``verdict_parameters``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hengtan.instruments.parameters import Parameters
from hengtan.packs import Pack
from hengtan.plan.verdict_parameters import national, verdict_parameters

SECTOR_LEVELS, ABSOLUTE_LEVELS = 5, 3


@dataclass(frozen=True)
class Law:
    """Constants of scoring.

    ``efficacy_floor``, ``efficacy_full``: marks of the worst and the best [points];
    ``control_limit``, ``supporting_limit``: misses that make a region unqualified [-];
    ``sector_bounds``: ratios to the mean of the sector that part its levels [-];
    ``absolute_bounds``: CO2 per value that part low, middle and high [t per 10⁴ yuan].
    """

    efficacy_floor: float
    efficacy_full: float
    control_limit: float
    supporting_limit: float
    sector_bounds: tuple[float, ...]
    absolute_bounds: tuple[float, ...]

    @classmethod
    def of(cls, parameters: Parameters) -> Law:
        """From the parameters in force. Raises ParameterNotEstablished."""

        def bounds(name: str, levels: int) -> tuple[float, ...]:
            return tuple(parameters.value(name, str(n)) for n in range(1, levels))

        return cls(
            parameters.value("efficacy.floor"),
            parameters.value("efficacy.full"),
            parameters.value("dual_carbon.control_missed"),
            parameters.value("dual_carbon.supporting_missed"),
            bounds("carbon_code.sector_bound", SECTOR_LEVELS),
            bounds("carbon_code.absolute_bound", ABSOLUTE_LEVELS),
        )


def law_of(pack: Pack) -> Law:
    """The law of a pack: a region's own rows stand over the nation's. Raises
    ParameterNotEstablished.
    """
    return Law.of(verdict_parameters(pack))


@cache
def national_law() -> Law:
    """The law of the national pack: for workbooks outside a workspace."""
    return Law.of(national())
