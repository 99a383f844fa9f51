"""What is looked at and when: the two clocks of a question, its named options, and the modules whose accounts answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hengtan.basis.period import Period

PLAN_MODULES = (
    "hengtan.plan.targets",
    "hengtan.plan.series",
    "hengtan.plan.registries",
    "hengtan.plan.computed",
    "hengtan.plan.evidence",
    "hengtan.plan.progress",
    "hengtan.plan.tasks",
)
ENERGY_MODULES = (
    "hengtan.accounts.energy.factors",
    "hengtan.accounts.energy.records",
    "hengtan.accounts.energy.balance",
    "hengtan.accounts.energy.totals",
    "hengtan.accounts.energy.reconciled",
    "hengtan.accounts.energy.quality",
)
CARBON_MODULES = (
    "hengtan.accounts.carbon.combustion",
    "hengtan.accounts.carbon.sources",
    "hengtan.accounts.carbon.inventory",
    "hengtan.accounts.carbon.enterprise",
    "hengtan.accounts.carbon.months",
    "hengtan.accounts.carbon.sites",
    "hengtan.accounts.carbon.causes",
    "hengtan.accounts.carbon.exchanges",
    "hengtan.accounts.carbon.products",
    "hengtan.accounts.carbon.suppliers",
)
MODULES = (*PLAN_MODULES, *ENERGY_MODULES, *CARBON_MODULES)
NO_END = date(9999, 12, 31)


@dataclass(frozen=True)
class AsOf:
    """What is looked at: events known up to ``known_on`` (None = all), values up to ``values_to``, judged on ``judged_on``.

    ``options`` are the named choices accounts are run with, where they differ from their defaults (``workspace.options``).
    """

    judged_on: date
    values_to: date = NO_END
    known_on: date | None = None
    options: tuple[tuple[str, str | int | float], ...] = ()

    @classmethod
    def of(
        cls,
        known_on: date | None = None,
        period: str | None = None,
        today: date | None = None,
        options: Mapping[str, str | int | float] | None = None,
    ) -> AsOf:
        """From the options of the command line: ``--known-on`` sets the clock of knowledge, ``--period`` the period judged, ``--option`` a choice of method."""
        chosen = tuple(sorted((options or {}).items()))
        if period:
            end = Period.read(period).end
            return cls(judged_on=end, values_to=end, known_on=known_on, options=chosen)
        return cls(judged_on=known_on or today or date.today(), known_on=known_on, options=chosen)
