"""Returns are the sum of their months, whatever was monitored, taken or sold: drawn by chance."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as draw

from hengtan import packs
from hengtan.instruments.case import PackTables, run
from hengtan.instruments.registry import editions

PACK = packs.load("chongqing")
TABLES = PackTables(
    PACK.rows("rule_parameters"), tables={"pollutants": list(PACK.rows("pollutants"))}
)
END, REGION = date(2024, 12, 31), "500156"
RATES = {"water_tax.rate": 0.2, "water_tax.over_permit_multiple": 2.0}
OF_AIR = {"二氧化硫": 0.95, "氮氧化物": 0.95, "烟尘": 2.18, "一氧化碳": 16.7}
"""Kilograms of an equivalent (环境保护税法 附表二)."""


def outputs_of(rule, inputs, day=END, overrides=None):
    return run(editions(rule), rule, day, REGION, inputs, TABLES, overrides=overrides).outputs


amounts = draw.floats(0, 1e5, allow_nan=False).map(lambda value: round(value, 2))
shares = draw.floats(0.01, 1.0).map(lambda value: round(value, 2))


@settings(max_examples=40, deadline=None)
@given(
    draw.lists(
        draw.tuples(draw.sampled_from(sorted(OF_AIR)), amounts, shares),
        min_size=1,
        max_size=4,
        unique_by=lambda row: row[0],
    )
)
def test_the_tax_of_an_outlet_is_that_of_its_first_three_by_equivalents(pollutants):
    """3.5 yuan an equivalent, three quarters of it to 70 % of the standard, half to 50 %. Which of
    two with as many equivalents is the third the law does not say.
    """
    assume(len({kg / OF_AIR[name] for name, kg, _ in pollutants}) == len(pollutants))
    rows = [
        {"month": "2024-10", "outlet": "DA001", "medium": "air", "pollutant": name}
        | {"amount": kg, "concentration": 100 * share, "standard": 100, "highest": 100 * share}
        | {"flow": 1}
        for name, kg, share in pollutants
    ]
    result = outputs_of("env_tax.return", {"quarter": "2024-Q4", "readings": rows})
    counts = sorted(((kg / OF_AIR[name], share) for name, kg, share in pollutants), reverse=True)
    left = [n * (0.5 if s <= 0.5 else 0.75 if s <= 0.7 else 1.0) for n, s in counts[:3]]
    whole = sum(n for n, _ in counts[:3])
    near = pytest.approx
    assert result["tax"] == near(3.5 * sum(left))
    assert result["relief"] == near(3.5 * (whole - sum(left)), abs=1e-6)
    assert result["gaps"] == 2 * len(pollutants)


volumes = draw.lists(draw.integers(0, 10_000), min_size=3, max_size=3)


@settings(max_examples=40, deadline=None)
@given(volumes, draw.integers(0, 20_000))
def test_a_quarter_of_water_is_its_months_across_fee_and_tax(taken, permitted):
    """October and November at 0.1 yuan, December at 0.2; of what passes the permit the part of
    December bears once more the rate. Months before December are kept within the permit, since the
    multiple of the fee is not established.
    """
    permitted = max(permitted, taken[0] + taken[1])
    lefts = [permitted, permitted - taken[0], permitted - taken[0] - taken[1]]
    months = [
        {"month": month, "volume": volume, "left": left}
        for month, volume, left in zip(("2024-10", "2024-11", "2024-12"), taken, lefts, strict=True)
    ]
    result = outputs_of("water_resource.return", {"months": months}, overrides=RATES)
    over = max(sum(taken) - permitted, 0)
    expected = 0.1 * (taken[0] + taken[1]) + 0.2 * (taken[2] + over)
    assert result["tax"] == pytest.approx(expected)
    assert (result["volume"], result["over"]) == (sum(taken), over)
    parts = [
        outputs_of("water_resource.return", {"months": [month]}, overrides=RATES)["tax"]
        for month in months
    ]
    assert sum(parts) == pytest.approx(result["tax"])


classes = draw.sampled_from(("Ⅰ", "Ⅱ", "Ⅲ"))


@settings(max_examples=40, deadline=None)
@given(draw.lists(draw.tuples(classes, classes), min_size=1, max_size=12))
def test_a_settlement_is_symmetric_in_better_and_worse(pairs):
    """100 a month for each better month less 100 for each worse one; the years the other way round
    turn the sign.
    """

    def net(months):
        rows = [
            {"month": f"2024-{n:02d}", "required": "Ⅲ", "actual": now, "last_year": before}
            for n, (now, before) in enumerate(months, start=1)
        ]
        return outputs_of("compensation.river_settlement", {"months": rows})["net"]

    order = "ⅠⅡⅢ"
    signs = [
        (order.index(before) > order.index(now)) - (order.index(before) < order.index(now))
        for now, before in pairs
    ]
    assert net(pairs) == 100 * sum(signs)
    assert net([(before, now) for now, before in pairs]) == -net(pairs)
