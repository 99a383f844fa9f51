"""Every result says how much of it rests on recalled or proposed factors."""

import pytest

from hengtan.accounts.stated import WEAK
from hengtan.graph.domains import domains

REPORTED_OR_FACTORS = {
    "energy_factor_values",
    "energy_factors",
    "carbon_source_factors",
    "energy_enterprise_amounts",
    "energy_enterprise_counted",
    "energy_enterprise_year",
    "energy_balance_values",
    "energy_balance_identities",
    "energy_coal_rate",
    "energy_gdp",
    "energy_quality",
    "energy_site_figures",
    "energy_data_centres",
    "carbon_burnt",
    "carbon_activity",
    "carbon_activity_year",
    "carbon_methods",
}
"""Accounts of what was reported, converted by units alone, and of factors, which have their own
confidence.
"""
SHARE_OF_THE_FOOTPRINT = {"carbon_footprint_parts", "carbon_footprint_paths", "carbon_label"}


def test_every_result_has_the_share(accounts):
    graph = accounts()
    lacking = {
        name
        for name in graph.accounts()
        if name.startswith(("energy_", "carbon_"))
        and not {"recalled_share", "recalled_tce"} & set(graph.table(name).columns)
    }
    assert lacking == REPORTED_OR_FACTORS | SHARE_OF_THE_FOOTPRINT
    assert {name for domain in domains() for name in domain.names()} >= lacking


@pytest.fixture(scope="module")
def graph(accounts, chongqing_2014):
    farm = [
        {
            "place": "500000",
            "period": "2014",
            "item": "swine",
            "mode": "scale",
            "amount": 1000.0,
            "unit": "万头",
        }
    ]
    return accounts({"regional_balance": chongqing_2014, "farm_activity": farm})


def rows(graph, name, **where):
    return [r for r in graph.execute(name).to_pylist() if all(r[k] == v for k, v in where.items())]


def test_shares_of_rows_add_up_to_the_share_of_their_totals(graph):
    """Hand addition over the rows: weights are the sizes of the values."""
    fuel = [r for r in rows(graph, "carbon_fuel") if r["counted"] and r["emission"] is not None]
    assert {r["recalled_share"] for r in fuel} == {float(r["confidence"] in WEAK) for r in fuel}
    for cell in rows(graph, "carbon_inventory"):
        parts = [r for r in fuel if (r["category"], r["gas"]) == (cell["category"], cell["gas"])]
        if parts:
            assert cell["recalled_share"] == pytest.approx(
                sum(abs(r["emission"]) for r in parts if r["confidence"] in WEAK)
                / sum(abs(r["emission"]) for r in parts)
            )
    by_key = [r for r in rows(graph, "carbon_inventory") if r["in_total"] and r["co2e"] is not None]
    (total,) = rows(graph, "carbon_totals")
    assert total["recalled_share"] == pytest.approx(
        sum(abs(r["co2e"]) * (r["recalled_share"] or 0) for r in by_key)
        / sum(abs(r["co2e"]) for r in by_key)
    )
    assert 0 < total["recalled_share"] < 1, "some factors here are recalled and some are read"
    by_sector = rows(graph, "carbon_by_sector")
    assert sum(abs(r["co2e"]) * (r["recalled_share"] or 0) for r in by_sector) == pytest.approx(
        total["recalled_share"] * sum(abs(r["co2e"]) for r in by_key), rel=1e-6
    )
    (propagated,) = rows(graph, "carbon_uncertainty")
    assert propagated["recalled_share"] == pytest.approx(total["recalled_share"])


def test_a_balance_reported_in_coal_equivalent_rests_on_no_factor(graph):
    assert {r["recalled_share"] for r in rows(graph, "energy_balance")} == {0.0}
    assert {
        r["recalled_share"] for r in rows(graph, "energy_consumption", convention="calorific")
    } == {0.0}
