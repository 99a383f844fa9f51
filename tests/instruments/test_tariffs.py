"""Prices: identities of block bills, time of use, differential adds and surcharges; the rules by
name; the tables against the single cases.
"""

from __future__ import annotations

import random
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan import packs
from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.case import PackTables, run
from hengtan.instruments.registry import rules
from hengtan.instruments.tariffs import formulas as f
from hengtan.instruments.tariffs.tables import bills, price_rows, price_table, yearly_bills

CQ = "500000"
DAY = date(2024, 12, 31)
amounts = st.floats(0, 2000, allow_nan=False)
shares = st.floats(0, 1, allow_nan=False)


@pytest.fixture(scope="module")
def pack_rows():
    return packs.load("chongqing").rows("rule_parameters")


@pytest.fixture(scope="module")
def case(pack_rows):
    def asked(rule, inputs, day=DAY, region=CQ, parameters=None, options=None):
        return run(
            rules(),
            rule,
            day,
            region,
            inputs,
            PackTables(pack_rows),
            overrides=parameters,
            options=options,
        )

    return asked


@st.composite
def tariffs(draw):
    uppers, prices = (
        sorted(draw(st.tuples(amounts, amounts))),
        sorted(draw(st.tuples(*[st.floats(0.01, 10)] * 3))),
    )
    return dict(
        zip(("upper1", "upper2", "price1", "price2", "price3"), (*uppers, *prices), strict=True)
    )


@given(tariffs(), amounts, amounts)
def test_a_bill_rises_is_continuous_and_convex(terms, first, second):
    low, high = sorted((first, second))
    below, above = f.block_bill(low, **terms), f.block_bill(high, **terms)
    assert f.block_bill(0.0, **terms) == 0
    assert (
        terms["price1"] * (high - low) - 1e-6
        <= above - below
        <= terms["price3"] * (high - low) + 1e-6
    )  # no jump at any end
    assert f.marginal_price(low, **terms) <= f.marginal_price(high, **terms)
    assert f.block_bill((low + high) / 2, **terms) <= (below + above) / 2 + 1e-6
    assert f.marginal_price(low, **terms) * (high - low) <= above - below + 1e-6


@given(tariffs(), amounts)
def test_blocks_add_up_to_quantity_and_bill(terms, quantity):
    ends = (0.0, terms["upper1"], terms["upper2"], 1e12)
    parts = [f.block_quantity(quantity, a, b) for a, b in pairwise(ends)]
    assert sum(parts) == pytest.approx(quantity)
    assert sum(p * terms[f"price{n}"] for n, p in enumerate(parts, start=1)) == pytest.approx(
        f.block_bill(quantity, **terms)
    )


@given(amounts, st.floats(0.01, 10))
def test_one_price_for_all_blocks_is_a_flat_price(quantity, price):
    assert f.block_bill(quantity, 100.0, 200.0, price, price, price) == pytest.approx(
        quantity * price
    )


@given(st.lists(st.floats(0, 200), min_size=2, max_size=12))
@settings(max_examples=30, deadline=None)
def test_months_of_a_year_add_up_whatever_their_order(case, monthly):
    once = case("tariff.water_residential", {"quantity": sum(monthly)}).outputs
    months = case("tariff.water_residential", {"monthly": monthly}).outputs
    assert months["bill"] == pytest.approx(once["bill"], abs=1e-6)
    assert sum(months["bills"]) == pytest.approx(once["bill"], abs=1e-4)
    assert case("tariff.water_residential", {"monthly": monthly[::-1]}).outputs[
        "bill"
    ] == pytest.approx(once["bill"], abs=1e-6)


@given(st.floats(13000, 15000), st.floats(13000, 15000))
def test_the_aluminium_add_rises_by_steps(intensity, other):
    low, high = sorted((intensity, other))
    assert f.steps_above(low, 13300, 20) <= f.steps_above(high, 13300, 20)
    steps = f.steps_above(high, 13300, 20)
    assert (
        steps == int(steps)
        and (steps - 1) * 20 < max(high - 13300, 0) + 1e-6
        and steps * 20 >= high - 13300 - 1e-6
    )
    assert f.aluminium_add_2014(low, 13700, 13800, 0.02, 0.08) <= f.aluminium_add_2014(
        high, 13700, 13800, 0.02, 0.08
    )


@given(shares, shares, shares)
def test_relief_lies_between_none_and_all_and_grows_with_the_share(share, other, incentive):
    low, high = sorted((share, other))
    less, more = (f.aluminium_relief(of, 0.15, incentive, 0.01) for of in (high, low))
    assert 0 <= less <= more <= 1


@given(st.floats(0, 300), st.floats(0, 300), st.floats(0.1, 10))
def test_a_surcharge_is_none_within_quota_and_grows_beyond(quantity, other, price):
    low, high = sorted((quantity, other))
    terms = (100.0, price, 0.2, 0.4, 0.5, 1.0, 2.0)
    assert f.over_quota_surcharge(low, *terms) <= f.over_quota_surcharge(high, *terms) + 1e-9
    assert f.over_quota_surcharge(min(low, 100.0), *terms) == 0
    assert f.over_quota_surcharge(high, *terms) <= 2 * price * max(high - 100, 0) + 1e-9


@given(st.floats(0, 2), st.floats(0.1, 1))
def test_a_banded_price_lies_in_the_band_and_high_energy_only_above_the_floor(price, base):
    banded, free = f.banded_price(price, base, 0.2, 0.0), f.banded_price(price, base, 0.2, 1.0)
    assert base * 0.8 - 1e-12 <= banded <= base * 1.2 + 1e-12
    assert free == max(price, base * 0.8) >= banded
    assert f.banded_price(banded, base, 0.2, 0.0) == pytest.approx(banded)


@given(st.floats(0.01, 1), st.floats(0.01, 1))
def test_differences_of_hour_bands_give_the_floating_part(fixed, floating):
    peak, flat, valley = (f.floated_price(fixed, floating, k) for k in (1.6, 1.0, 0.38))
    assert (peak - flat) / 0.60 == pytest.approx(floating) and (
        flat - valley
    ) / 0.62 == pytest.approx(floating)


@given(st.floats(1, 500), st.floats(0.1, 5), st.floats(0.1, 5), st.floats(-2, 0))
def test_answers_to_prices(quantity, old, new, elasticity):
    answered = f.response(quantity, old, new, elasticity)
    assert f.response(quantity, old, old, elasticity) == pytest.approx(quantity)
    assert (answered <= quantity + 1e-9) if new >= old else (answered >= quantity - 1e-9)
    assert f.response(quantity, old, new, -1.0) * new == pytest.approx(quantity * old)
    assert f.response(answered, new, old, elasticity) == pytest.approx(quantity)


def test_tiered_prices_of_households(case):
    """Power, water and gas: bill, block, marginal and average price; gas of Chongqing is not
    established.
    """
    assert case("tariff.power_residential", {"用电量": 500}).outputs["bill"] == pytest.approx(
        300.0
    )  # 200×0.52 + 200×0.57 + 100×0.82
    water = case("tariff.water_residential", {"quantity": 400})
    assert water.outputs["bill"] == pytest.approx(1568.0) and water.outputs["block3"] == 40
    assert "起始日期未确立" in "".join(water.warnings)
    with pytest.raises(ParameterNotEstablished, match="重庆市居民阶梯气价文件"):
        case("tariff.gas_residential", {"quantity": 300})


def test_bills_of_each_month_accumulate_within_the_year(case):
    """Twelve months of 30 m3: 260 m3 are gone in the ninth month, 360 in the twelfth."""
    outputs = case("tariff.water_residential", {"monthly": [30] * 12}).outputs
    assert outputs["bills"][:8] == [105.0] * 8
    assert outputs["bills"][8] == pytest.approx(20 * 3.5 + 10 * 4.22) and outputs["bills"][
        11
    ] == pytest.approx(30 * 4.22)
    assert outputs["bill"] == pytest.approx(1332.0)


def test_differential_power_prices_of_industry(case):
    """Aluminium by two formulas, steel and cement by category and tier; limits of tiers are not
    established.
    """
    assert case(
        "tariff.differential_aluminium", {"intensity": 13420, "power": 1e6}, date(2025, 6, 30)
    ).outputs["charge"] == pytest.approx(60_000)
    assert case(
        "tariff.differential_aluminium", {"intensity": 13750, "power": 1e6}, date(2021, 6, 30)
    ).outputs["charge"] == pytest.approx(20_000)
    assert (
        case(
            "tariff.differential_steel_cement",
            {"industry": "钢铁", "category": "淘汰类", "tier": 1},
        ).outputs["add"]
        == 0.5
    )
    assert (
        case("tariff.differential_steel_cement", {"industry": "水泥", "tier": 3}).outputs["add"]
        == 0.2
    )
    with pytest.raises(ParameterNotEstablished):
        case("tariff.differential_steel_cement", {"industry": "钢铁", "intensity": 600})
    assert any(
        "凭记忆" in w
        for w in case("tariff.differential_steel_cement", {"industry": "水泥", "tier": 3}).warnings
    )


def test_high_energy_users_have_no_upper_bound(case):
    """The band of 20 %: a price above it is out for others, within for a high-energy user."""
    dear = {"price": 0.55, "base": 0.4}
    assert case("tariff.price_band", dear).outputs["within"] == "否"
    free = case("tariff.price_band", dear | {"high_energy": True}).outputs
    assert free["within"] == "是" and "upper" not in free


def test_water_over_quota(case):
    """Bands and multipliers must be given: Chongqing's are not established."""
    parameters = {
        f"water_over_quota.{k}": v
        for k, v in (
            ("limit.1", 0.2),
            ("limit.2", 0.4),
            ("multiplier.1", 0.5),
            ("multiplier.2", 1),
            ("multiplier.3", 2),
        )
    }
    inputs = {"用水量": 150, "用水定额": 100, "price": 4}
    assert case("tariff.water_over_quota", inputs, parameters=parameters).outputs[
        "surcharge"
    ] == pytest.approx(200)  # (20×0.5 + 20×1 + 10×2)×4
    with pytest.raises(ParameterNotEstablished):
        case("tariff.water_over_quota", inputs)


def test_water_price_of_farms(case):
    """Against the cost of operation and maintenance, which is an input."""
    result = case("tariff.agricultural_water", {"quantity": 1000, "price": 0.12, "om_cost": 0.2})
    assert (
        result.outputs["gap"] == pytest.approx(80)
        and result.outputs["covers_om"] == "否"
        and result.warnings
    )


def test_sewage_fee_covers_its_cost(case):
    """Price by user, cost as input, factor of a class only where given."""
    assert case("tariff.sewage_fee", {"quantity": 100, "user": "居民", "cost": 1.6}).outputs[
        "recovery"
    ] == pytest.approx(0.625)
    with pytest.raises(ParameterNotEstablished):
        case("tariff.sewage_fee", {"quantity": 100, "user": "nonresidential", "class": "high"})
    assert case(
        "tariff.sewage_fee",
        {"quantity": 100, "user": "nonresidential", "class": "high"},
        parameters={"sewage.factor.high": 2},
    ).outputs["fee"] == pytest.approx(260)


def test_waste_fee_by_weight_and_kind(case):
    """Pay as you throw with given prices; none is established; a price of mixed waste below that of
    sorted waste is warned of.
    """
    prices = {"waste.price.sorted": 200.0, "waste.price.mixed": 100.0}
    result = case("tariff.waste_fee", {"weights": {"sorted": 1, "mixed": 2}}, parameters=prices)
    assert result.outputs["fee"] == pytest.approx(400) and any(
        "分类计价" in w for w in result.warnings
    )
    with pytest.raises(ParameterNotEstablished):
        case("tariff.waste_fee", {"weights": {"sorted": 1}})
    by_code = case(
        "tariff.waste_fee", {"weights": {"sorted": 1}}, date(2026, 8, 15), parameters=prices
    )
    assert by_code.outputs["fee"] == 200 and "第五百一十五条" in by_code.rule.law


def test_hours_of_each_period(case):
    """Eight hours each in April; in July two of the peak are critical."""
    for month, expected in (
        (4, (8, 8, 8, 0)),
        (7, (6, 8, 8, 2)),
        (12, (6, 8, 8, 2)),
        (9, (8, 8, 8, 0)),
    ):
        result = case(
            "tariff.time_of_use", {"month": month, "fixed": 0, "floating": 1, "hourly": [1] * 24}
        ).outputs
        assert (
            tuple(result[f"quantity_{p}"] for p in ("peak", "flat", "valley", "critical"))
            == expected
        )


def test_revenue_and_burden_of_a_reform(case):
    """A dearer third block at elasticity −0.5: who pays more, who uses less; groups add up to the
    whole.
    """
    groups = [
        {"group": "低收入", "households": 1000, "quantity": 150, "income": 30000},
        {"group": "高收入", "households": 200, "quantity": 500, "income": 300000},
    ]
    result = case(
        "tariff.revenue",
        {"service": "水", "elasticity": -0.5, "groups": groups},
        parameters={"tariff.water.tier_price.3": 9.0},
    ).outputs
    poor, rich = result["groups"]
    assert poor["burden"] == pytest.approx(150 * 3.5 / 30000) and poor["bill_change"] == 0
    before, after = 1332 + 140 * 5.9, 1332 + 140 * 9.0
    used = 500 * (after / before) ** -0.5
    assert rich["quantity_reform"] == pytest.approx(200 * used)
    assert rich["bill_reform"] == pytest.approx(1332 + (used - 360) * 9.0)
    assert result["revenue"] == pytest.approx(sum(g["revenue"] for g in result["groups"]))
    assert result["revenue_change"] == pytest.approx(
        sum(g["revenue_reform"] - g["revenue"] for g in result["groups"])
    )


def _long(parameter, key, value, start, end=None, region=CQ):
    return {
        "parameter": parameter,
        "region": region,
        "key": key,
        "value": value,
        "unit": "",
        "valid_from": start,
        "valid_to": end,
        "law": "某文件",
        "source": "某文件",
        "confidence": "read",
        "certainty": "high",
        "note_zh": None,
    }


def invented():
    """Water with a price that changes on 2024-07-01, a third block not established in 2026, and a
    county with prices of its own.
    """
    rows = [
        _long("tariff.water.tier_upper", k, v, date(2020, 1, 1))
        for k, v in (("1", 20.0), ("2", 30.0))
    ]
    rows += [
        _long("tariff.water.tier_price", k, v, date(2020, 1, 1), date(2024, 6, 30))
        for k, v in (("1", 3.0), ("2", 4.0))
    ]
    rows += [
        _long("tariff.water.tier_price", k, v, date(2024, 7, 1))
        for k, v in (("1", 3.5), ("2", 4.22))
    ]
    rows += [
        _long("tariff.water.tier_price", "3", 5.9, date(2020, 1, 1), date(2025, 12, 31)),
        _long("tariff.water.tier_price", "3", None, date(2026, 1, 1)),
    ]
    return [
        *rows,
        *(
            _long("tariff.water.tier_price", k, v, date(2024, 1, 1), region="500156")
            for k, v in (("1", 2.0), ("2", 2.5), ("3", 3.0))
        ),
    ]


def household_months(count, years=(2023, 2024, 2025, 2026)):
    draw = random.Random(7)
    return [
        {
            "household": n // 12,
            "region": "500156" if n // 12 % 3 else CQ,
            "day": date(years[n // 12 % len(years)], n % 12 + 1, 28),
            "quantity": draw.choice(
                [0.0, 20.0, 30.0, None, *(draw.uniform(0, 60) for _ in range(8))]
            ),
        }
        for n in range(count)
    ]


def _table(rows):
    import ibis
    import pyarrow as pa

    return ibis.memtable(
        pa.Table.from_pylist(
            rows,
            schema=pa.schema(
                [
                    ("household", pa.int64()),
                    ("region", pa.string()),
                    ("day", pa.date32()),
                    ("quantity", pa.float64()),
                ]
            ),
        )
    )


def test_a_table_of_bills_equals_the_single_cases():
    import ibis

    rows, parameters = household_months(600), invented()
    prices = price_rows(parameters, "water", (CQ, "500156"))
    billed = (
        ibis.duckdb.connect()
        .to_pyarrow(bills(_table(rows), price_table(prices)).order_by("household", "day"))
        .to_pylist()
    )
    assert len(billed) == 600
    missing = 0
    for row in billed:
        if row["quantity"] is None:
            assert row["bill"] is None
            continue
        try:
            single = run(
                rules(),
                "tariff.water_residential",
                row["day"],
                row["region"],
                {"quantity": row["quantity"]},
                PackTables(parameters),
            ).outputs
        except ParameterNotEstablished:
            assert row["bill"] is None and row["marginal_price"] is None
            missing += 1
            continue
        assert (
            row["bill"] == pytest.approx(single["bill"], rel=1e-12)
            and row["marginal_price"] == single["marginal_price"]
        )
    assert missing > 20


def test_a_table_of_yearly_bills_equals_the_single_cases():
    import ibis

    rows, parameters = (
        [r | {"quantity": r["quantity"] or 0.5} for r in household_months(360, (2025,))],
        [
            r | {"value": (r["value"] or 1) * 12} if "upper" in r["parameter"] else r
            for r in invented()
        ],
    )
    prices = price_table(price_rows(parameters, "water", (CQ, "500156")))
    billed = (
        ibis.duckdb.connect()
        .to_pyarrow(yearly_bills(_table(rows), prices).order_by("household", "day"))
        .to_pylist()
    )
    for household in range(30):
        own = [r for r in billed if r["household"] == household]
        single = run(
            rules(),
            "tariff.water_residential",
            date(2025, 12, 31),
            own[0]["region"],
            {"monthly": [r["quantity"] for r in own]},
            PackTables(parameters),
        ).outputs
        assert [r["bill"] for r in own] == pytest.approx(single["bills"], abs=1e-6)


def test_a_table_of_decimals_is_billed_as_numbers():
    import decimal

    import ibis
    import pyarrow as pa

    month = pa.table(
        {
            "region": [CQ],
            "day": [date(2025, 1, 28)],
            "quantity": pa.array([decimal.Decimal("25.50")], pa.decimal128(10, 2)),
        }
    )
    billed = (
        ibis.duckdb.connect()
        .to_pyarrow(
            bills(ibis.memtable(month), price_table(price_rows(invented(), "water", (CQ,))))
        )
        .to_pylist()
    )
    assert billed[0]["bill"] == pytest.approx(20 * 3.5 + 5.5 * 4.22)


def test_negative_quantities_and_days_without_blocks_have_no_bill():
    import ibis

    rows = [
        {"household": 1, "region": CQ, "day": date(2025, 1, 28), "quantity": -1.0},
        {"household": 1, "region": CQ, "day": date(2019, 12, 31), "quantity": 1.0},
        {"household": 1, "region": "510000", "day": date(2025, 1, 28), "quantity": 1.0},
    ]
    billed = (
        ibis.duckdb.connect()
        .to_pyarrow(bills(_table(rows), price_table(price_rows(invented(), "water", (CQ,)))))
        .to_pylist()
    )
    assert [r["bill"] for r in billed] == [None] * 3


def test_a_missing_month_leaves_the_rest_of_the_year_unbilled():
    import ibis

    rows = [
        {
            "household": 1,
            "region": CQ,
            "day": date(2025, m, 28),
            "quantity": None if m == 6 else 10.0,
        }
        for m in range(1, 13)
    ]
    billed = (
        ibis.duckdb.connect()
        .to_pyarrow(
            yearly_bills(
                _table(rows), price_table(price_rows(invented(), "water", (CQ,)))
            ).order_by("day")
        )
        .to_pylist()
    )
    assert [r["bill"] is None for r in billed] == [False] * 5 + [True] * 7


def test_dated_blocks_of_the_packs(pack_rows):
    """Power of Chongqing holds from 2012-07-01, in a county too; gas, which is not established, has
    no row; power by the year has ends twelve times as far.
    """
    prices = price_rows(pack_rows, "power", ("500156",))
    assert prices == [
        {
            "region": "500156",
            "valid_from": date(2012, 7, 1),
            "valid_to": None,
            "upper1": 200,
            "upper2": 400,
            "price1": 0.52,
            "price2": 0.57,
            "price3": 0.82,
        }
    ]
    assert price_rows(pack_rows, "power", (CQ,), months=12)[0]["upper1"] == 2400
    assert (
        price_rows(pack_rows, "gas", (CQ,)) == []
        and price_rows(pack_rows, "water", ("510000",)) == []
    )
