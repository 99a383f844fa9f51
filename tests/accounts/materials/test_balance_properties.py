"""Balances close whatever flows; order of rows and units change nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

FIRMS = ("A", "B", "C")
KINDS = ("made", "in", "out", "used", "treated", "landfilled", "transfer")
FLOWS = st.lists(
    st.tuples(
        st.sampled_from(FIRMS),
        st.sampled_from(KINDS),
        st.sampled_from(FIRMS),
        st.integers(1, 12),
        st.integers(1, 900),
    ),
    min_size=1,
    max_size=12,
)
SIGNS = {"made": 1, "in": 1, "out": -1, "used": -1, "treated": -1, "landfilled": -1}


def rows_in(flows, unit, factor):
    return [
        {
            "place": "500156",
            "firm": firm,
            "material": "ash",
            "network": "industry",
            "period": f"2025-{month:02d}",
            "kind": kind,
            "amount": amount * factor,
            "unit": unit,
            "destination": other if kind == "transfer" else None,
            "manifest": str(number),
        }
        for number, (firm, kind, other, month, amount) in flows
    ]


def growth_by_hand(flows):
    """What each firm's stock grows by: a transfer leaves one and comes to the other."""
    growth = dict.fromkeys(FIRMS, 0)
    for firm, kind, other, _, amount in flows:
        if kind == "transfer":
            growth[firm] -= amount
            growth[other] += amount
        else:
            growth[firm] += SIGNS[kind] * amount
    return growth


@settings(max_examples=15)
@given(FLOWS, st.randoms())
def test_a_count_that_is_what_the_flows_leave_closes_every_balance(accounts, flows, chance):
    """Every firm begins with 20,000 t and is counted at the end with what its flows by hand leave:
    no gap, in t and in order, in kg and shuffled."""
    growth = growth_by_hand(flows)
    stocks = [
        {"firm": firm, "material": "ash", "period": day, "stock": stock, "unit": "吨"}
        for firm in FIRMS
        for day, stock in (("2024-12-31", 20_000), ("2025-12-31", 20_000 + growth[firm]))
    ]
    numbered = list(enumerate(flows))
    shuffled = chance.sample(numbered, len(numbered))
    answers = []
    for ordered, unit, factor in ((numbered, "吨", 1), (shuffled, "千克", 1000)):
        forms = {"material_flows": rows_in(ordered, unit, factor), "material_stocks": stocks}
        rows = accounts(forms).execute("material_balance").to_pylist()
        answers.append({row["firm"]: row for row in rows if row["year"] == 2025})
    for firm in FIRMS:
        for answer in answers:
            assert answer[firm]["gap"] == pytest.approx(0, abs=1e-6) and answer[firm]["closes"]
            assert answer[firm]["growth"] == pytest.approx(growth[firm])
        assert answers[0][firm]["least_stock"] == pytest.approx(answers[1][firm]["least_stock"])


@settings(max_examples=10)
@given(FLOWS)
def test_a_tonne_lost_in_a_count_is_the_gap(accounts, flows):
    firm = flows[0][0]
    counted = 20_000 + growth_by_hand(flows)[firm] - 7
    stocks = [
        {"firm": firm, "material": "ash", "period": day, "stock": stock, "unit": "吨"}
        for day, stock in (("2024-12-31", 20_000), ("2025-12-31", counted))
    ]
    forms = {
        "material_flows": rows_in(list(enumerate(flows)), "吨", 1),
        "material_stocks": stocks,
    }
    rows = accounts(forms).execute("material_balance").to_pylist()
    (row,) = (row for row in rows if (row["firm"], row["year"]) == (firm, 2025))
    assert row["gap"] == pytest.approx(7)
