"""Every energy and carbon account explains its rows: run on the explained rows alone it gives the
same row again.
"""

import random

import pytest

from hengtan.graph.domains import domains
from hengtan.graph.reproduce import reproduce

CITY, PLACE = "500000", "500156"
FIRM = {
    "place": PLACE,
    "entity": "91500000000000001A",
    "entity_name": "合成厂（虚构）",
    "industry": "30",
}


def cell(year, row, product, value, unit):
    return {
        "place": CITY,
        "period": str(year),
        "balance_row": row,
        "product": product,
        "quantity_kind": "physical",
        "convention": "none",
        "value": value,
        "unit": unit,
    }


def rich():
    balance = []
    for year in (2022, 2023):
        grown = year - 2021
        balance += [
            cell(year, "S.prod", "raw_coal", 300.0 * grown, "万吨"),
            cell(year, "S", "raw_coal", 300.0 * grown, "万吨"),
            cell(year, "T.power", "raw_coal", -100.0, "万吨"),
            cell(year, "T", "raw_coal", -100.0, "万吨"),
            cell(year, "F.2.ind", "raw_coal", 200.0 * grown, "万吨"),
            cell(year, "F", "raw_coal", 200.0 * grown, "万吨"),
            cell(year, "F.3.trans", "diesel", 30.0, "万吨"),
            cell(year, "F.2.ind.nonenergy", "natural_gas", 1.0, "亿立方米"),
            cell(year, "F.2.ind", "natural_gas", 4.0, "亿立方米"),
            cell(year, "T.power", "electricity", 25.0, "亿千瓦时"),
            cell(year, "S.in", "electricity", 5.0, "亿千瓦时"),
            cell(year, "F.4", "electricity", 30.0, "亿千瓦时"),
        ]
    balance += [
        cell(2023, "F.2.ind", "raw_coal", 100.0, "万吨") | {"place": PLACE},
        cell(2023, "F.2.ind", "raw_coal", 90.0, "万吨") | {"place": "500102"},
    ]
    firms = [
        FIRM
        | {
            "period": f"2023-{n:02d}",
            "product": "raw_coal",
            "unit": "吨",
            "opening": 10.0,
            "purchased": 100.0 + n,
            "consumed": 100.0 + n,
            "closing": 10.0,
        }
        for n in range(1, 13)
    ]
    firms[-1] |= {
        "purchased": 1200.0,
        "consumed": 1200.0,
    }  # a sudden change, for the account of findings
    firms += [
        FIRM
        | {
            "entity": "91500000000000002B",
            "industry": "44",
            "period": "2023",
            "product": "raw_coal",
            "unit": "吨",
            "consumed": 50000.0,
            "in_power": 50000.0,
        }
    ]
    firms += [
        FIRM
        | {
            "period": "2023-01..12",
            "product": "electricity",
            "unit": "万千瓦时",
            "purchased": 500.0,
            "consumed": 500.0,
        }
    ]
    result = [
        FIRM
        | {
            "period": "2023",
            "item": "cement_clinker",
            "amount": 1000.0,
            "unit": "吨",
            "value_added": 1e6,
        }
    ]
    for row in result:
        row.pop("industry")
    at = {"place": PLACE, "period": "2023"}
    exchange = {
        "process": "a",
        "flow": "x",
        "unit": "t",
        "stage": "production",
        "confidence": "read",
    }
    owner = {"place": PLACE, "entity": FIRM["entity"], "period": "2023"}
    figures = [
        owner | {"kind": kind, "item": item, "amount": amount, "unit": unit}
        for kind, item, amount, unit in (
            ("data_centre", "total_power", 130.0, "万千瓦时"),
            ("data_centre", "it_power", 100.0, "万千瓦时"),
            ("public_body", "floor_area", 1000.0, "平方米"),
            ("public_body", "staff", 50.0, "人"),
            ("coal_unit", "coal_rate_before", 310.0, "克标准煤/千瓦时"),
            ("coal_unit", "coal_rate_after", 300.0, "克标准煤/千瓦时"),
            ("coal_unit", "generation", 1.0, "亿千瓦时"),
            ("boiler_to_gas", "coal_before", 100.0, "吨"),
            ("boiler_to_gas", "efficiency_before", 60.0, "%"),
            ("boiler_to_gas", "efficiency_after", 90.0, "%"),
            ("scenic_area", "visitor_emission", 10.0, "吨"),
            ("scenic_area", "sink", 5.0, "吨"),
        )
    ]
    return {
        "unit_figures": figures,
        "footprint_exchanges": [
            e | {"system": s, "period": y}
            for s in ("合成产品（虚构）", "改型（虚构）")
            for y in ("2023", "2024")
            for e in (
                exchange | {"direction": "output", "amount": 1.0},
                exchange | {"direction": "emission", "flow": "CO2", "amount": 5.0},
                exchange | {"direction": "emission", "flow": "甲烷", "amount": 1.0, "gas": "CH4"},
                exchange
                | {
                    "direction": "emission",
                    "flow": "电",
                    "amount": 5.0,
                    "unit": "MWh",
                    "factor_from": "power",
                    "factor_name": "全国电力平均",
                },
                exchange
                | {
                    "direction": "emission",
                    "flow": "油",
                    "amount": 5.0,
                    "factor_from": "fuel",
                    "factor_name": "柴油",
                },
                exchange | {"direction": "input", "flow": "y", "amount": 0.5},
                exchange | {"process": "b", "direction": "output", "flow": "y", "amount": 2.0},
                exchange
                | {
                    "process": "b",
                    "direction": "emission",
                    "flow": "CO2",
                    "amount": 3.0,
                    "confidence": "recalled",
                },
                exchange
                | {
                    "direction": "demand",
                    "amount": 2.0,
                    "variant_of": "合成产品（虚构）" if s == "改型（虚构）" else None,
                },
            )
        ],
        "supplier_purchases": [
            at
            | {
                "entity": FIRM["entity"],
                "supplier": f"供{n % 2}",
                "product": f"x{n}",
                "amount": 4.0 + n,
                "unit": "t",
                "confidence": "read",
                "exported": 1.0,
                "border_price": 100.0,
            }
            | how
            for n, how in enumerate(
                (
                    {"supplier_system": "合成产品（虚构）"},
                    {"factor": 3.0},
                    {"supplier_footprint": 2.0},
                )
            )
        ],
        "regional_balance": balance,
        "enterprise_energy": firms,
        "industrial_products": result,
        "farm_activity": [
            at | {"item": "swine", "mode": "scale", "amount": 100.0, "unit": "头"},
            at | {"item": "buffalo", "mode": "grazing", "amount": 1.0, "unit": "头"},
        ],
        "forest_activity": [at | {"item": "bamboo_change", "amount": 10.0, "unit": "公顷"}],
        "waste_activity": [
            at | {"item": "msw_landfilled", "site": "managed", "amount": 10.0, "unit": "吨"}
        ],
        "energy_exchange": [
            {
                "place": CITY,
                "period": str(y),
                "product": "electricity",
                "direction": "in",
                "counterpart": "510000",
                "certified": "green_power",
                "amount": 5.0,
                "unit": "亿千瓦时",
            }
            for y in (2022, 2023)
        ],
        "gdp_values": [
            {"place": CITY, "period": "2022", "price": "current", "gdp": 100.0, "unit": "亿元"},
            {"place": CITY, "period": "2023", "price": "index_previous", "gdp": 106.0, "unit": "%"},
        ],
        "carbon_budgets": [{"place": CITY, "year": 2023, "budget": 5e6}],
        "intensity_goals": [
            {
                "place": CITY,
                "goal_kind": "carbon",
                "base_year": 2022,
                "goal_year": 2025,
                "goal_cut": 12.0,
            }
        ],
        "city_inventories": [
            {
                "city": "某市",
                "year": 2022,
                "gpc": gpc,
                "amount": amount,
                "source_title": "公布的工作簿",
            }
            for gpc, amount in (("I.1.1", 10.0), ("I.1.2", 20.0), ("II.1.1", 5.0))
        ],
        "coal_rate": [
            {
                "place": CITY,
                "period": str(y),
                "kind": "supply",
                "rate": 300.0,
                "unit": "克标准煤/千瓦时",
            }
            for y in (2022, 2023)
        ],
    }


@pytest.fixture(scope="module")
def graph(accounts):
    return accounts(rich())


def nearly(row):
    return {
        column: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
        for column, value in row.items()
    }


def names():
    return sorted(
        [
            name
            for domain in domains()
            if domain.name in ("energy", "carbon")
            for name in domain.names()
        ]
    )


@pytest.mark.parametrize("name", names())
def test_an_account_run_on_the_explained_rows_gives_the_same_row(graph, name):
    rows = graph.execute(name).to_pylist()
    assert rows, f"{name} has no row to try"
    key = graph.accounts()[name].key
    assert len({tuple(row[c] for c in key) for row in rows}) == len(rows), "the key is one"
    for row in random.Random(33).sample(rows, min(4, len(rows))):
        by_key, result = reproduce(graph, name, {c: row[c] for c in key}, deep=False)
        assert result == nearly(by_key)


@pytest.mark.parametrize(
    "name",
    [
        "carbon_totals",
        "energy_intensity",
        "carbon_by_sector",
        "carbon_enterprise",
        "carbon_footprint",
        "carbon_supply_chain",
    ],
)
def test_the_whole_chain_run_on_explained_rows_gives_the_same_row(graph, name):
    row = graph.execute(name).to_pylist()[0]
    by_key, result = reproduce(graph, name, {c: row[c] for c in graph.accounts()[name].key})
    assert result == nearly(by_key)


def test_an_enterprise_total_leads_to_the_line_of_the_file(graph):
    tree = graph.explain(
        "carbon_enterprise", {"place": PLACE, "entity": FIRM["entity"], "year": 2023}, shown=20
    )
    ends = {
        (leaf.origin.get("_file"), leaf.origin.get("_source_row"))
        for leaf in tree.leaves()
        if leaf.kind == "ledger"
    }
    assert {("enterprise_energy.xlsx", n + 3) for n in range(1, 13)} <= ends
    assert any(
        leaf.kind == "pack" and leaf.origin["_file"] == "cn/fuel_factors.csv"
        for leaf in tree.leaves()
    )


def test_named_options_stand_on_every_result(graph):
    assert {r["factor_set"] for r in graph.execute("carbon_fuel").to_pylist()} == {
        "provguide2011"
    } and {r["furnace_gas"] for r in graph.execute("carbon_fuel").to_pylist()} == {"with_coke"}
    assert {(r["gwp_set"], r["guide"]) for r in graph.execute("carbon_totals").to_pylist()} == {
        ("SAR", "2011")
    }
    assert {r["convention"] for r in graph.execute("energy_consumption").to_pylist()} == {
        "calorific",
        "equivalent",
    }
    assert {r["grid_factor_kind"] for r in graph.execute("carbon_exchange").to_pylist()} == {
        "average"
    }
    tree = graph.explain("carbon_exchange", {"place": CITY, "year": 2023})
    assert tree.options["grid_factor_kind"] == "average" and tree.options["stand_in_year"] is None


def test_every_module_an_account_may_call_counts_in_the_key_of_cached_results():
    from hengtan.workspace.tables import HOUSE, SHARED

    counted = {path for domain in domains() for path in domain.files()}
    counted |= {path for pattern in SHARED for path in HOUSE.glob(pattern)}
    modules = set((HOUSE / "accounts").rglob("*.py"))
    assert len(modules) > 50 and modules <= counted
