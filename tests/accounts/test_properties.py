"""Identities of the energy and carbon accounts on drawn data: scale, order, more fuel, GWP,
conversion once, districts and the city.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from thorough import examples

SOME = settings(
    max_examples=examples(7, 60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PRODUCTS = {
    "raw_coal": "万吨",
    "diesel": "万吨",
    "natural_gas": "亿立方米",
    "coke": "万吨",
    "electricity": "亿千瓦时",
}
ROWS = ("F.1.agri", "F.2.ind", "F.3.trans", "F.4", "T.power")
AMOUNT = st.floats(0.01, 1e4).map(lambda v: round(v, 2))
CELLS = st.dictionaries(
    st.tuples(st.sampled_from(ROWS), st.sampled_from(sorted(PRODUCTS))),
    AMOUNT,
    min_size=1,
    max_size=12,
)


def balance(cells, place="500000", scale=1.0):
    return [
        {
            "place": place,
            "period": "2023",
            "balance_row": row,
            "product": product,
            "quantity_kind": "physical",
            "convention": "none",
            "value": value * scale * (-1 if row == "T.power" and product != "electricity" else 1),
            "unit": PRODUCTS[product],
        }
        for (row, product), value in cells.items()
    ]


def total(graph, place="500000"):
    rows = [r for r in graph.execute("carbon_totals").to_pylist() if r["place"] == place]
    return rows[0]["total"] if rows else 0.0


@SOME
@given(cells=CELLS, scale=st.sampled_from([0.5, 3.0, 10.0]))
def test_scaling_every_cell_scales_energy_and_carbon(accounts, cells, scale):
    single, many = (
        accounts({"regional_balance": balance(cells)}),
        accounts({"regional_balance": balance(cells, scale=scale)}),
    )
    assert total(many) == pytest.approx(total(single) * scale, rel=1e-9)
    first, second = (
        [
            r["total"]
            for r in g.execute("energy_consumption").to_pylist()
            if r["convention"] == "calorific"
        ]
        for g in (single, many)
    )
    assert second == pytest.approx([v * scale for v in first], rel=1e-9, abs=1e-6)


@SOME
@given(cells=CELLS, drawn=st.randoms())
def test_the_order_of_rows_does_not_matter(accounts, cells, drawn):
    rows = balance(cells)
    shuffled = list(rows)
    drawn.shuffle(shuffled)
    assert total(accounts({"regional_balance": rows})) == pytest.approx(
        total(accounts({"regional_balance": shuffled})), rel=1e-12
    )


@SOME
@given(
    cells=CELLS,
    more=AMOUNT,
    product=st.sampled_from(["raw_coal", "diesel", "natural_gas", "coke"]),
    row=st.sampled_from(ROWS),
)
def test_more_fuel_never_means_less_co2(accounts, cells, more, product, row):
    fuller = dict(cells)
    fuller[row, product] = fuller.get((row, product), 0.0) + more
    before, after = (
        g.execute("carbon_approaches").to_pylist()
        for g in (
            accounts({"regional_balance": balance(cells)}),
            accounts({"regional_balance": balance(fuller)}),
        )
    )
    assert after[0]["sectoral"] > (before[0]["sectoral"] if before else 0.0)


@SOME
@given(cells=CELLS)
def test_a_gwp_set_changes_the_total_by_methane_and_nitrous_oxide_only(accounts, cells):
    graph = accounts({"regional_balance": balance(cells | {("F.4", "diesel"): 5.0})})
    other = graph.with_overrides(gwp_set="AR5")
    gases = {}
    for row in graph.execute("carbon_inventory").to_pylist():
        gases[row["gas"]] = gases.get(row["gas"], 0.0) + row["emission"]
    # SAR: CH4 21, N2O 310; AR5: 28, 265 (IPCC tables)
    assert total(other) - total(graph) == pytest.approx(
        gases["CH4"] * 7 - gases["N2O"] * 45, rel=1e-6
    )
    assert total(other) != total(graph)


@SOME
@given(parts=st.lists(CELLS, min_size=2, max_size=4))
def test_districts_add_up_to_the_city(accounts, parts):
    whole = {}
    for part in parts:
        for key, value in part.items():
            whole[key] = whole.get(key, 0.0) + value
    districts = [row for n, part in enumerate(parts) for row in balance(part, f"50015{n}")]
    graph = accounts({"regional_balance": districts + balance(whole)})
    by_key = {r["place"]: r["total"] for r in graph.execute("carbon_totals").to_pylist()}
    city = by_key.pop("500000", 0.0)
    assert sum(by_key.values()) == pytest.approx(city, rel=1e-9, abs=1e-9)


@SOME
@given(amount=AMOUNT)
def test_converting_twice_equals_once(accounts, amount):
    # the same coal said in three units gives the same coal equivalent
    firms = [
        {
            "place": "500156",
            "entity": f"E{n}",
            "industry": "30",
            "period": "2023",
            "product": "raw_coal",
            "unit": unit,
            "consumed": value,
        }
        for n, (unit, value) in enumerate(
            (("吨", amount), ("万吨", amount / 1e4), ("千克", amount * 1e3))
        )
    ]
    by_key = [
        r["consumed_tce"]
        for r in accounts({"enterprise_energy": firms}).execute("energy_enterprise_tce").to_pylist()
    ]
    assert by_key == pytest.approx([amount * 0.7143] * 3, rel=1e-9)
