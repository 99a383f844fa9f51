"""Numbers that verdicts, warnings and budgets rest on, from the pack table ``verdict_parameters``.

What is law and what is this project's proposal says each row; a region's own pack may set others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from hengtan import packs
from hengtan.basis.dated import NO_END
from hengtan.instruments.parameters import Parameters
from hengtan.packs import Pack


def verdict_parameters(pack: Pack, day: date = NO_END, region: str = "") -> Parameters:
    """The parameters of a pack in force on a day; without a day those that have no end."""
    return Parameters.of(pack.rows("verdict_parameters"), day, region)


@cache
def national() -> Parameters:
    """The parameters of the national pack that have no end: for workbooks outside a workspace."""
    return verdict_parameters(packs.load("cn"))


@dataclass(frozen=True)
class Slack:
    """How far beyond its allowance a growth of energy may be before the second light turns red.

    ``of_allowance``: as a share of the allowance [share]; ``least``: at least so much [share].
    """

    of_allowance: float
    least: float

    @classmethod
    def of(cls, parameters: Parameters) -> Slack:
        """From the pack. Raises ParameterNotEstablished."""
        return cls(
            parameters.value("total_light.slack"), parameters.value("total_light.least_slack")
        )
