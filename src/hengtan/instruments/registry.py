"""All rules there are, from the modules that hold them."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from hengtan.instruments.rule import Rule

MODULES = (
    "hengtan.instruments.taxes.outlets",
    "hengtan.instruments.taxes.waste_and_noise",
    "hengtan.instruments.taxes.returns",
    "hengtan.instruments.taxes.resources",
    "hengtan.instruments.tariffs.households",
    "hengtan.instruments.tariffs.time_of_use",
    "hengtan.instruments.tariffs.power_adds",
    "hengtan.instruments.tariffs.water",
    "hengtan.instruments.tariffs.revenue",
    "hengtan.instruments.market.power",
    "hengtan.instruments.market.sectors",
    "hengtan.instruments.market.pilot",
    "hengtan.instruments.market.surrender",
    "hengtan.instruments.market.finance",
    "hengtan.instruments.market.ledger",
    "hengtan.instruments.market.auction",
    "hengtan.instruments.market.rights",
    "hengtan.instruments.credits.rules",
    "hengtan.instruments.credits.registry",
    "hengtan.instruments.green_power.certificates",
    "hengtan.instruments.green_power.rules",
    "hengtan.instruments.reviews.projects",
    "hengtan.instruments.reviews.units",
    "hengtan.instruments.reviews.effects",
    "hengtan.instruments.reviews.parks",
    "hengtan.instruments.finance.loans",
    "hengtan.instruments.finance.contracts",
    "hengtan.instruments.finance.collateral",
    "hengtan.instruments.compensation.places",
    "hengtan.instruments.public.money",
    "hengtan.instruments.public.permits",
    "hengtan.instruments.town.buildings",
    "hengtan.instruments.town.places",
    "hengtan.instruments.town.savings",
    "hengtan.instruments.town.enforcement",
)
"""Each has ``RULES``."""


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the modules.

    Raises ValueError where two of one id overlap in time.
    """
    every = tuple(rule for name in MODULES for rule in import_module(name).RULES)
    for n, rule in enumerate(every):
        for other in every[:n]:
            if other.id == rule.id and not (
                (other.valid_to and rule.valid_from and other.valid_to < rule.valid_from)
                or (rule.valid_to and other.valid_from and rule.valid_to < other.valid_from)
            ):
                raise ValueError(f"two rules '{rule.id}' overlap")
    return every
