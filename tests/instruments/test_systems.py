"""System by system: the rules that serve a system of the plans, each with all its cases of the
files (figures of law, published examples, hand calculations).
"""

from __future__ import annotations

from pathlib import Path

from hengtan import packs
from hengtan.basis.errors import HengtanError
from hengtan.desk.cases import compute, differences, read_cases

CASES = [
    case
    for file in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in read_cases(file)
]
PACK = packs.load("chongqing")


def holds(*rules: str, least: int) -> None:
    """Every case of some rules comes out as it expects, and there are enough of them, with at least
    one that computes.
    """
    mine = [c for c in CASES if c.rule in rules]
    assert {c.rule for c in mine} == set(rules)
    assert len(mine) >= least
    computed = 0
    for case in mine:
        result, error = None, None
        try:
            result = compute(PACK, case)
        except HengtanError as raised:
            error = raised
        assert differences(case, result, error) == [], case.title
        computed += result is not None
    assert computed


def test_environmental_tax() -> None:
    holds(
        "env_tax.air",
        "env_tax.water",
        "env_tax.solid_waste",
        "env_tax.noise",
        "env_tax.quarterly_return",
        "env_tax.due",
        least=40,
    )


def test_water_resource_fee_and_tax() -> None:
    holds("water_resource.charge", least=9)


def test_resource_tax_on_gas() -> None:
    holds("resource_tax.gas", least=4)


def test_energy_review_of_projects() -> None:
    holds("review.energy", least=10)


def test_carbon_assessment_of_projects() -> None:
    holds("review.carbon", least=4)


def test_gate_for_two_highs() -> None:
    holds("review.two_highs", "review.efficiency_level", least=7)


def test_cleaner_production() -> None:
    holds("review.cleaner_production", least=3)


def test_greenhouse_gases_in_impact_assessment() -> None:
    holds("review.eia_ghg", least=2)


def test_supervision_to_closure() -> None:
    holds("supervision.finding", "review.key_unit", least=6)


def test_diagnosis() -> None:
    holds("review.diagnosis", least=2)


def test_policy_beside_targets() -> None:
    holds("policy.green_check", least=1)


def test_discharge_permit() -> None:
    holds("permit.renewal", "permit.compliance", least=9)


def test_green_project_recognition_and_benefit() -> None:
    holds("finance.catalogue_match", "finance.loan_benefit", least=3)


def test_green_loan_share() -> None:
    holds("finance.green_share", least=1)


def test_green_finance_evaluation() -> None:
    holds("finance.green_evaluation", least=3)


def test_carbon_reduction_facility() -> None:
    holds("finance.relending", least=4)


def test_energy_management_contract() -> None:
    holds("finance.emc", least=4)


def test_rights_as_collateral() -> None:
    holds("finance.collateral", least=3)


def test_project_pool() -> None:
    holds("fund.project_score", least=2)


def test_incentive_money() -> None:
    holds("fund.incentive", least=1)


def test_green_procurement() -> None:
    holds("procurement.green_share", least=2)


def test_consumption_subsidy() -> None:
    holds("subsidy.budget", least=2)


def test_tax_relief() -> None:
    holds("tax_relief.equipment", least=2)


def test_tax_data_matched() -> None:
    holds("tax.data_match", least=1)


def test_river_and_forest_compensation() -> None:
    holds("compensation.river", "compensation.forest", least=9)


def test_damage_compensation() -> None:
    holds("compensation.damage", least=2)


def test_discharge_rights() -> None:
    holds("rights.discharge", "rights.replacement", least=12)


def test_energy_and_water_rights() -> None:
    holds("rights.energy", "rights.water", least=4)


def test_green_index_of_a_park() -> None:
    holds("park.green_index", least=4)


def test_self_check_of_a_near_zero_park() -> None:
    holds("park.near_zero", least=4)


def test_net_emission_of_a_park() -> None:
    holds("park.net_emission", least=4)
