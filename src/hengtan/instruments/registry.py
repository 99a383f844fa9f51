"""All rules there are, from the modules that hold them."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from hengtan.instruments.rule import Rule

MODULES = (
    "hengtan.instruments.taxes.outlets",
    "hengtan.instruments.taxes.waste_and_noise",
    "hengtan.instruments.taxes.returns",
    "hengtan.instruments.taxes.env_return",
    "hengtan.instruments.taxes.resources",
    "hengtan.instruments.taxes.minerals",
    "hengtan.instruments.taxes.water_return",
    "hengtan.instruments.taxes.resource_return",
    "hengtan.instruments.tariffs.households",
    "hengtan.instruments.tariffs.household_year",
    "hengtan.instruments.tariffs.time_of_use",
    "hengtan.instruments.tariffs.power_adds",
    "hengtan.instruments.tariffs.water",
    "hengtan.instruments.tariffs.high_users",
    "hengtan.instruments.tariffs.revenue",
    "hengtan.instruments.charges.sewage",
    "hengtan.instruments.charges.waste",
    "hengtan.instruments.charges.farm_water",
    "hengtan.instruments.market.power",
    "hengtan.instruments.market.sectors",
    "hengtan.instruments.market.pilot",
    "hengtan.instruments.market.verification",
    "hengtan.instruments.market.surrender",
    "hengtan.instruments.market.penalties",
    "hengtan.instruments.market.finance",
    "hengtan.instruments.market.contracts",
    "hengtan.instruments.market.ledger",
    "hengtan.instruments.market.auction",
    "hengtan.instruments.market.rights",
    "hengtan.instruments.credits.rules",
    "hengtan.instruments.credits.crediting",
    "hengtan.instruments.credits.registry",
    "hengtan.instruments.green_power.certificates",
    "hengtan.instruments.green_power.rules",
    "hengtan.instruments.reviews.projects",
    "hengtan.instruments.reviews.after_review",
    "hengtan.instruments.reviews.gate",
    "hengtan.instruments.reviews.assessment",
    "hengtan.instruments.reviews.units",
    "hengtan.instruments.reviews.supervision",
    "hengtan.instruments.reviews.cleaner",
    "hengtan.instruments.reviews.cleaner_audits",
    "hengtan.instruments.reviews.limits",
    "hengtan.instruments.reviews.effects",
    "hengtan.instruments.reviews.after_diagnosis",
    "hengtan.instruments.reviews.parks",
    "hengtan.instruments.reviews.zero_carbon",
    "hengtan.instruments.reviews.plants",
    "hengtan.instruments.reviews.factories",
    "hengtan.instruments.reviews.sites",
    "hengtan.instruments.reviews.fossil",
    "hengtan.instruments.reviews.chains",
    "hengtan.instruments.reviews.products",
    "hengtan.instruments.finance.loans",
    "hengtan.instruments.finance.matching",
    "hengtan.instruments.finance.contracts",
    "hengtan.instruments.finance.savings",
    "hengtan.instruments.finance.projects",
    "hengtan.instruments.finance.collateral",
    "hengtan.instruments.compensation.places",
    "hengtan.instruments.compensation.settlement",
    "hengtan.instruments.compensation.works",
    "hengtan.instruments.compensation.cases",
    "hengtan.instruments.waste.hazardous",
    "hengtan.instruments.public.money",
    "hengtan.instruments.public.reliefs",
    "hengtan.instruments.public.products",
    "hengtan.instruments.public.transport",
    "hengtan.instruments.public.fuels",
    "hengtan.instruments.public.permits",
    "hengtan.instruments.public.permit_months",
    "hengtan.instruments.public.permit_fines",
    "hengtan.instruments.public.trade_in",
    "hengtan.instruments.town.buildings",
    "hengtan.instruments.town.places",
    "hengtan.instruments.town.savings",
    "hengtan.instruments.town.enforcement",
    "hengtan.instruments.town.closing",
    "hengtan.instruments.town.land_and_water",
    "hengtan.instruments.finance.insurance",
    "hengtan.instruments.public.exhibitions",
    "hengtan.instruments.public.digital",
    "hengtan.instruments.town.corridors",
    "hengtan.instruments.public.transport_energy",
    "hengtan.instruments.town.farm_waters",
)
"""Each has ``RULES``."""


@cache
def editions(rule_id: str) -> tuple[Rule, ...]:
    """The dated editions of a rule; all rules where there is none of this id, so that who looks for
    it is told what there is.
    """
    return tuple(rule for rule in rules() if rule.id == rule_id) or rules()


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
