"""What is computed from registries and records is explained by rows that alone give it again."""

from __future__ import annotations

from datetime import date

import pytest

from hengtan.graph.reproduce import reproduce
from hengtan.plan.columns_of_accounts import account_name
from hengtan.workspace.asof import AsOf

NAMES = (
    "plan_registry_terms",
    "plan_registry_counts",
    "plan_registry_years",
    account_name("energy-intensity-records"),
    "plan_computed_records",
    "plan_computed_registries",
    "plan_computed_levels",
    "plan_computed_ratios",
    "plan_computed_values",
    "plan_series",
    "plan_candidates",
    "plan_targets",
)


def entry(registry, title, granted, **more):
    row = {"registry": registry, "place": "500156", "title": title, "level": "municipal"}
    return row | {"granted": granted} | more


@pytest.fixture
def graph(workspace, report):
    """Two registries with a renewal and a withdrawal, a ratio, coal of one firm in two years."""
    green = "green-factories"
    area = {"quantity": 120.0, "unit": "万平方米"}
    report(
        workspace,
        "registry_entries",
        [
            entry(green, "甲厂", date(2019, 6, 1), withdrawn=date(2021, 6, 1)),
            entry(green, "甲厂", date(2023, 6, 1)),
            entry(green, "乙厂", date(2022, 3, 1), expires=date(2025, 3, 1)),
            entry("prefab-projects", "某项目", date(2025, 5, 1), **area),
        ],
    )
    floor = {"place": "500156", "indicator": "started_building_area", "unit": "万平方米"}
    report(workspace, "indicator_values", [floor | {"period": "2025", "value": 300.0}])
    firm = {"place": "500156", "entity": "91500232MA5U000001", "industry": "30"}
    coal = {"product": "raw_coal", "unit": "吨", "coefficient": 0.5}
    years = {"2020": 60_000.0, "2025": 47_000.0}
    records = [firm | coal | {"period": year, "consumed": tonnes} for year, tonnes in years.items()]
    report(workspace, "enterprise_energy", records)
    price = {"place": "500156", "price": "constant", "price_base": 2020, "unit": "亿元"}
    report(workspace, "gdp_values", [price | {"period": year, "gdp": 10.0} for year in years])
    goal = {"place": "500156", "goal_kind": "energy", "base_year": 2020, "goal_year": 2025}
    report(workspace, "intensity_goals", [goal | {"goal_cut": 14.0}])
    return workspace.graph(AsOf.of(today=date(2026, 11, 28)))


def test_every_account_on_the_way_run_on_the_explained_rows_gives_the_same_row(graph):
    for name in NAMES:
        key = graph.accounts()[name].key
        rows = graph.execute(name).to_pylist()
        assert rows, name
        for row in rows[:: max(1, len(rows) // 5)]:
            shown, rerun = reproduce(graph, name, {c: row[c] for c in key}, deep=False)
            assert rerun == {
                column: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
                for column, value in shown.items()
            }, (name, row)
