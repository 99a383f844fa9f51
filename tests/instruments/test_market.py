"""Carbon markets: identities of the formulas, the balance value, the ledger, the auction; and one
plain run for each system.
"""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.desk.cases import Case, compute, shipped
from hengtan.instruments.books import MONEY, Books, Entry
from hengtan.instruments.formulas import whole_units
from hengtan.instruments.market import formulas as f
from hengtan.instruments.market.auction import Firm, Order, clear, simulate
from hengtan.instruments.market.balance import solve_balance, surplus
from hengtan.instruments.market.finance import tail_loss
from hengtan.instruments.market.generating_units import LoadTable
from hengtan.instruments.market.ledger import OWN, AllowanceLedger, usable
from hengtan.instruments.parameters import Parameters

TABLE = (0.15, 0.20, 0.03)
tonnes = st.floats(0, 1e8, allow_nan=False)
QUICK = settings(max_examples=60, deadline=None)


def run(rule, day, inputs, region="000000", parameters=None, options=None):
    return compute(
        shipped(), Case(rule, day, region, inputs, parameters or {}, options or {}, None, "", None)
    ).outputs


def test_national_market_from_unit_to_gap_cost_and_fine() -> None:
    got = run(
        "ets.power",
        date(2024, 12, 31),
        {"class": "II", "power_generated": 1_000_000, "load": 0.6, "emissions": 900_000},
    )
    assert got["initial"] == pytest.approx(1e6 * 0.8049 * 1.015**4)
    assert got["gap"] == pytest.approx(900_000 - got["initial"])
    after = run(
        "ets.surrender",
        date(2024, 12, 31),
        {
            "market": "national",
            "obligation": got["obligation"],
            "allowances": {"2024": got["allowance"]},
            "offsets": 1e6,
            "price": 62.36,
            "offset_price": 60.0,
        },
    )
    assert after["offset"] == pytest.approx(45_000)
    assert after["cost"] == pytest.approx((got["gap"] - 45_000) * 62.36 + 45_000 * 60.0)
    fine = run("ets.penalty", date(2026, 1, 5), {"unsurrendered": after["left"], "price": 62.36})
    assert fine["fine_max"] == pytest.approx(2 * fine["fine_min"])


def test_pilot_market_allocates_tracks_and_clears() -> None:
    got = run(
        "ets.pilot",
        date(2024, 12, 31),
        {
            "lines": [
                {
                    "method": "intensity",
                    "base_intensity": [1.0, 0.9],
                    "quantity": 1000,
                    "decline": 0.05,
                    "emissions": 1000,
                }
            ]
        },
        "500000",
    )
    assert got["allowance"] == pytest.approx(902.5) and got["gap"] == pytest.approx(97.5)
    after = run(
        "ets.surrender",
        date(2024, 12, 31),
        {
            "market": "pilot",
            "obligation": 1000,
            "allowances": {"2024": 902.5},
            "offsets": 200,
            "green_power": 50,
        },
        "500000",
    )
    assert (
        after["green"] == pytest.approx(7.8)
        and after["offset"] == pytest.approx(50)
        and after["left"] == pytest.approx(39.7)
    )
    with pytest.raises(ParameterNotEstablished):
        run(
            "ets.pilot",
            date(2024, 12, 31),
            {"lines": [{"method": "benchmark", "quantity": 1000}]},
            "500000",
        )


def test_carbon_finance_values_holdings_and_risk() -> None:
    got = run(
        "carbon_finance.pledge",
        date(2024, 12, 31),
        {"holdings": 1000, "haircut": 0.3, "loan_share": 0.5},
        "500000",
    )
    assert got["loan"] == pytest.approx(1000 * 40.05 * 0.7 * 0.5) and got["loan"] <= got["value"]
    prices = [40 + 3 * math.sin(n) for n in range(120)]
    for method in ("historical", "normal"):
        risk = run(
            "carbon_finance.var",
            date(2024, 12, 31),
            {"holdings": 1000, "prices": prices, "confidence": 0.95},
            options={"method": method},
        )
        assert 0 < risk["var"] < risk["value"]


LOADS = LoadTable.of(Parameters.of(shipped().rows("rule_parameters"), date(2021, 12, 31)).value)
PEAKING = (0.65, 1.015, 16, 20)
"""国环规气候〔2024〕1号 附3表1: 1.015 ** (16 − 20 F) below 0.65."""


@pytest.mark.parametrize(("at", "value"), [(0.85, 1.0), (0.80, 1.007), (0.75, 1.015)])
def test_load_factor_is_continuous(at, value) -> None:
    assert LOADS.factor(at) == pytest.approx(value)
    assert LOADS.factor(at - 1e-9) == pytest.approx(value, abs=1e-8)


def test_peaking_factor_jumps_where_the_plan_has_it() -> None:
    assert f.peaking_factor_2023(0.65, *PEAKING) == 1.0
    assert f.peaking_factor_2023(0.65 - 1e-9, *PEAKING) == pytest.approx(1.015**3, abs=1e-7)


def test_draft_peaking_jumps_at_fifty() -> None:
    draft = (50, 7.254, 0.633, 29.822, 5.643, 6.871)
    assert f.peaking_factor_draft(0.5, *draft) == 1.0
    assert f.peaking_factor_draft(0.4999999, *draft) == pytest.approx(1.100, abs=5e-4)


@QUICK
@given(st.floats(0.05, 1.0), st.floats(0.05, 1.0))
def test_lower_load_never_gets_less(a, b) -> None:
    low, high = sorted((a, b))
    assert LOADS.factor(low) >= LOADS.factor(high) - 1e-12
    assert f.peaking_factor_2023(low, *PEAKING) >= f.peaking_factor_2023(high, *PEAKING) - 1e-12


@QUICK
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["I", "III", "IV"]), st.integers(1, 10**6), st.integers(1, 10**6)
        ),
        min_size=1,
        max_size=4,
    )
)
def test_cap_of_2020_and_top_up_of_2021_leave_the_same_gap(units) -> None:
    benchmarks = {
        "ets.power.benchmark.I": 0.8,
        "ets.power.benchmark.III": 0.9,
        "ets.power.benchmark.IV": 0.39,
    }
    rows = [{"class": c, "power_supplied": q, "load": 0.9, "emissions": e} for c, q, e in units]
    old, new = (
        run("ets.power", date(year, 6, 30), {"units": rows}, parameters=benchmarks)
        for year in (2020, 2021)
    )
    assert old["gap"] == pytest.approx(new["gap"], abs=1e-6)
    assert new["gap"] <= 0.2 * sum(e for _, _, e in units) + 1e-6


@QUICK
@given(st.floats(-1e7, 1e7), st.floats(0, 1e7))
def test_banking_is_at_least_the_base_and_never_above_holdings(net, holdings) -> None:
    banked = f.banked_allowance(10_000, 1.5, net, holdings)
    assert banked == int(banked) and banked <= holdings + 1e-6
    assert banked >= min(10_000, math.floor(holdings))


@QUICK
@given(st.integers(0, 10**12))
def test_whole_tonnes_of_a_whole_number_is_itself(n) -> None:
    assert whole_units(float(n)) == n
    assert whole_units(n + 0.5) == n


def test_alpha_is_continuous_and_bounded() -> None:
    for side in (-1, 1):
        assert f.alpha(side * 0.2, *TABLE) == pytest.approx(side * 0.03)
        assert f.alpha(side * (0.2 - 1e-9), *TABLE) == pytest.approx(side * 0.03, abs=1e-9)
    assert (
        f.alpha(-5.0, *TABLE) == -0.03
        and f.alpha(0.99, *TABLE) == 0.03
        and f.alpha(0.0, *TABLE) == 0.0
    )


entities = st.lists(st.tuples(st.floats(1, 1e7), st.floats(0.05, 20)), min_size=1, max_size=12)


@QUICK
@given(entities)
def test_the_balance_value_balances(rows) -> None:
    emissions, intensities = zip(*rows, strict=True)
    balanced = solve_balance(emissions, intensities, *TABLE)
    assert abs(surplus(balanced.value, emissions, intensities, *TABLE)) <= 1e-9 * sum(emissions)
    assert (
        min(intensities) / 1.2 * (1 - 1e-6)
        <= balanced.low
        <= balanced.value
        <= balanced.high
        <= max(intensities) / 0.8 * (1 + 1e-6)
    )
    adjusted = [
        f.sector_allowance(e, f.alpha(f.deviation(balanced.value, i), *TABLE)) for e, i in rows
    ]
    assert (
        -len(rows) - 1e-6 * sum(emissions)
        <= sum(adjusted) - sum(emissions)
        <= 1e-6 * sum(emissions)
    )


@QUICK
@given(entities, st.floats(0.1, 20), st.floats(0.1, 20))
def test_a_higher_balance_value_never_gives_less(rows, a, b) -> None:
    emissions, intensities = zip(*rows, strict=True)
    low, high = sorted((a, b))
    assert surplus(low, emissions, intensities, *TABLE) <= surplus(
        high, emissions, intensities, *TABLE
    ) + 1e-9 * sum(emissions)


def test_a_gap_between_clusters_leaves_a_span_of_balance_values() -> None:
    balanced = solve_balance([100, 100], [1.0, 10.0], *TABLE)
    assert (
        not balanced.unique
        and balanced.low == pytest.approx(1.0 / 0.8)
        and balanced.high == pytest.approx(10 / 1.2)
    )
    got = run(
        "ets.balance",
        date(2025, 12, 31),
        {
            "sector": "steel",
            "entities": [
                {"emissions": 100, "intensity": 1.0},
                {"emissions": 100, "intensity": 10.0},
            ],
        },
    )
    assert got["allowances"] == 200 and got["residual"] == 0


@pytest.mark.parametrize(
    "bad", [([], []), ([1.0], [0.0]), ([0.0], [1.0]), ([1.0], [1.0, 2.0]), ([math.nan], [1.0])]
)
def test_the_balance_value_refuses(bad) -> None:
    with pytest.raises(ValueError):
        solve_balance(*bad, *TABLE)


# the ledger
step = st.tuples(
    st.sampled_from(["issue", "trade", "carry", "surrender", "cancel"]),
    st.sampled_from("甲乙丙"),
    st.sampled_from("甲乙丙"),
    st.sampled_from([2023, 2024, 2025]),
    st.integers(-5, 200),
    st.sampled_from([2024, 2025, 2026]),
)


def _apply(ledger: AllowanceLedger, day: date, move) -> None:
    kind, a, b, vintage, amount, year = move
    match kind:
        case "issue":
            ledger.issue(day, a, vintage, amount)
        case "trade":
            ledger.trade(day, a, b, vintage, amount, 60.5)
        case "carry":
            ledger.carry(day, a, vintage, year, amount)
        case "surrender":
            ledger.surrender(day, a, year, vintage, amount)
        case "cancel":
            ledger.cancel(day, a, vintage, amount)


@QUICK
@given(st.lists(step, max_size=40), st.booleans())
def test_the_ledger_balances_whatever_is_asked(moves, national) -> None:
    ledger, day = AllowanceLedger(2024 if national else None), date(2025, 1, 1)
    for move in moves:
        before = dict(ledger.books.holdings())
        try:
            _apply(ledger, day, move)
        except HengtanError:
            assert ledger.books.holdings() == before, "a refusal changes nothing"
    for posting in ledger.books.postings:
        for lot in {e.lot for e in posting.entries}:
            assert sum(e.amount for e in posting.entries if e.lot == lot) == 0
    assert all(v > 0 for v in ledger.holdings().values())
    totals = ledger.totals()
    assert totals["issued"] == totals["held"] + totals["surrendered"] + totals["cancelled"]
    assert math.isclose(sum(ledger.cash().values()), 0, abs_tol=1e-6)
    assert ledger.books.on(day) == ledger.books.holdings(), (
        "the books are the sum of their postings"
    )
    assert sum(ledger.paid.values()) == totals["surrendered"]


def test_the_ledger_keeps_vintages_apart() -> None:
    ledger = AllowanceLedger(last_banked=2024)
    ledger.issue(date(2024, 9, 1), "甲", 2024, 100)
    with pytest.raises(HengtanError):
        ledger.surrender(date(2026, 12, 1), "甲", 2025, 2024, 10)
    ledger.carry(date(2026, 1, 5), "甲", 2024, 2025, 60)
    ledger.surrender(date(2026, 12, 1), "甲", 2025, 2025, 60)
    assert ledger.holdings() == {("甲", 2024): 40} and ledger.lacking("甲", 2025, 80) == 20
    for wrong in (
        lambda: ledger.issue(date(2025, 1, 1), "甲", 2025, 1),
        lambda: ledger.issue(date(2027, 1, 1), next(iter(OWN)), 2025, 1),
        lambda: ledger.trade(date(2027, 1, 1), "甲", "甲", 2024, 1, 1),
        lambda: ledger.carry(date(2027, 1, 1), "甲", 2024, 2024, 1),
        lambda: ledger.trade(date(2027, 1, 1), "甲", "乙", 2024, 1, -1),
    ):
        with pytest.raises(HengtanError):
            wrong()


def test_usable_vintages() -> None:
    assert usable(2024, 2024, 2024) and usable(2023, 2024, 2024) and not usable(2025, 2024, 2024)
    assert not usable(2024, 2025, 2024) and usable(2024, 2025, None) and usable(2025, 2026, 2024)


def test_books_refuse_what_does_not_balance() -> None:
    books = Books(frozenset(("源",)))
    for entries in (
        [],
        [Entry("甲", 1, 5)],
        [Entry("源", 1, -5), Entry("甲", 2, 5)],
        [Entry("源", 1, 0)],
        [Entry("源", 1, -1.5), Entry("甲", 1, 1.5)],
    ):
        with pytest.raises(HengtanError):
            books.post(date(2025, 1, 1), "试", entries)
    books.post(date(2025, 1, 1), "试", [Entry("甲", MONEY, -5), Entry("乙", MONEY, 5)])
    assert books.held("甲", MONEY) == -5


# the auction
orders = st.lists(st.tuples(st.integers(0, 100), st.integers(1, 50)), max_size=8)


@QUICK
@given(orders, orders, st.integers(0, 5))
def test_the_auction_clears_as_much_as_can_be_and_nobody_loses(bid, offer, seed) -> None:
    bids = [Order(f"b{n}", p, q) for n, (p, q) in enumerate(bid)]
    offers = [Order(f"s{n}", p, q) for n, (p, q) in enumerate(offer)]
    cleared = clear(bids, offers, seed)
    most = max(
        (
            min(
                sum(b.amount for b in bids if b.price >= p),
                sum(s.amount for s in offers if s.price <= p),
            )
            for p in {o.price for o in (*bids, *offers)}
        ),
        default=0,
    )
    assert cleared.volume == most
    assert cleared == clear(bids, offers, seed)
    if cleared.price is None:
        return
    worst = {o.name: o for o in (*bids, *offers)}
    assert cleared.low <= cleared.price <= cleared.high
    for trade in cleared.trades:
        assert worst[trade.seller].price <= trade.price <= worst[trade.buyer].price
    for name, order in worst.items():
        traded = sum(t.amount for t in cleared.trades if name in (t.seller, t.buyer))
        assert traded <= order.amount
        if (name[0] == "b" and order.price > cleared.price) or (
            name[0] == "s" and order.price < cleared.price
        ):
            assert traded == order.amount, "who is ready to take a better price is served first"


def test_the_auction_refuses_odd_orders() -> None:
    for order in (
        Order("甲", 1, 0),
        Order("甲", -1, 5),
        Order("甲", math.inf, 5),
        Order("甲", math.nan, 5),
    ):
        with pytest.raises(ValueError):
            clear([order], [])


@QUICK
@given(
    st.lists(st.tuples(st.integers(-500, 500), st.floats(1, 200)), min_size=2, max_size=6),
    st.integers(0, 9),
)
def test_the_simulation_keeps_the_sum_of_gaps_and_no_one_overshoots(rows, seed) -> None:
    firms = [Firm(f"企{n}", gap, cost) for n, (gap, cost) in enumerate(rows)]
    cleared_rounds, gaps = simulate(firms, 5, seed, spread=0.2, share=0.5)
    assert (cleared_rounds, gaps) == simulate(firms, 5, seed, spread=0.2, share=0.5)
    assert sum(gaps.values()) == sum(firm.gap for firm in firms)
    cost = {firm.name: firm.cost for firm in firms}
    for firm in firms:
        assert abs(gaps[firm.name]) <= abs(firm.gap) and gaps[firm.name] * firm.gap >= 0
    for cleared in cleared_rounds:
        for t in cleared.trades:
            assert cost[t.seller] <= t.price <= cost[t.buyer]
    with pytest.raises(ValueError):
        simulate(firms, 1, 0, spread=1.0, share=0.5)


def test_tail_loss_by_hand() -> None:
    assert tail_loss([100, 90, 99, 99, 108.9, 98.01], 0.8, 1, "historical") == pytest.approx(0.1)
    assert tail_loss([100, 110, 121, 133.1], 0.99, 1, "historical") == 0.0
    assert tail_loss([100, 90, 81, 72.9], 0.95, 2, "normal") == pytest.approx(1 - 0.81)
    with pytest.raises(ValueError):
        tail_loss([1, 2, 3], 0.9, 2, "historical")


def test_formula_rules_serve_arrays_as_they_serve_cases() -> None:
    import numpy as np

    from hengtan.instruments.registry import rules

    of_one_formula = {r.id: r for r in rules() if r.formula is not None}
    assert {"ets.penalty", "ets.banking", "ets.preallocation", "ets.pilot_reserve"} <= set(
        of_one_formula
    )
    fines = of_one_formula["ets.penalty"].formula(
        unsurrendered=np.array([1.0, 10.0]), price=np.array([60.0, 62.36]), low=5.0, high=10.0
    )["fine_max"]
    assert list(fines) == pytest.approx(
        [
            run("ets.penalty", date(2025, 1, 1), {"unsurrendered": u, "price": p})["fine_max"]
            for u, p in ((1.0, 60.0), (10.0, 62.36))
        ]
    )


@QUICK
@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_buying_the_gap_closes_it_and_costs_what_was_said(allocated, used, price) -> None:
    day = date(2025, 12, 31)
    first = run("rights.water", day, {"allocated": allocated, "used": used, "price": price})
    gap = max(used - allocated, 0.0)
    assert first["cost"] == pytest.approx(gap * price)
    assert run(
        "rights.water", day, {"allocated": allocated, "bought": gap, "used": used, "price": price}
    )["cost"] == pytest.approx(0.0, abs=1e-3)


@QUICK
@given(
    st.lists(
        st.tuples(st.floats(0.1, 1e4), st.floats(0.1, 1e4), st.booleans()), min_size=6, max_size=6
    ),
    st.floats(0.1, 10),
)
def test_the_green_index_does_not_depend_on_units(figures, factor) -> None:
    def index(by: float) -> float:
        rows = [
            {"group": g, "name": g, "actual": a * by, "leading": x * by, "lower": lower}
            for g, (a, x, lower) in zip(("EG", "RG", "IG", "CG", "HG", "MG"), figures, strict=True)
        ]
        return run("park.green_index", date(2025, 12, 31), {"rows": rows, "basic_met": True})[
            "index"
        ]

    assert index(factor) == pytest.approx(index(1.0))
    assert index(1.0) == pytest.approx(
        100 * sum(x / a if lower else a / x for a, x, lower in figures) / 6
    )
