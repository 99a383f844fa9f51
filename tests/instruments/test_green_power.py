"""Green power: one plain run for each system, and identities."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.desk.cases import Case, compute, shipped
from hengtan.instruments.green_power import formulas as f

QUICK = settings(max_examples=60, deadline=None)
amount = st.floats(0, 1e6)


def run(rule, inputs, day=date(2025, 12, 31), region="500156", options=None):
    return compute(shipped(), Case(rule, day, region, inputs, {}, options or {}, None, "", None))


def test_green_certificates_are_held_used_and_lower_the_factor_once() -> None:
    got = run(
        "green.certificates", {"energy": "500.7兆瓦时", "source": "wind", "month": "2025-03"}
    ).outputs
    assert got["certificates"] == 500 and got["tradable"] is True and got["last"] == "2027-02-28"
    after = run(
        "green.certificate_account",
        {"issued": 500, "sold": 200, "cancelled": 300, "use": 1000, "factor": 0.6096},
    ).outputs
    assert after["balance"] == 0 and after["factor_after"] == pytest.approx(0.7 * 0.6096)


def test_green_power_duty_gap_and_cost() -> None:
    got = run("green.duty", {"consumed": 300, "total": 1000, "price": 5}).outputs
    assert got["gap"] == pytest.approx(42) and got["cost"] == pytest.approx(210)
    firm = run("green.industry_share", {"industry": "cement", "use": 100, "settled": 30}).outputs
    assert firm["gap"] == pytest.approx(4.2) and firm["met"] is False
    for year in (2020, 2021, 2022, 2024, 2026):
        with pytest.raises(ParameterNotEstablished):
            run("green.duty", {"consumed": 300, "total": 1000}, date(year, 6, 30))


def test_nonfossil_pledge_is_tested_every_year() -> None:
    got = run(
        "green.nonfossil_pledge",
        {
            "pledge": 0.2,
            "years": [
                {"year": 2024, "nonfossil": 25, "total": 100},
                {"year": 2025, "nonfossil": 15, "total": 100},
            ],
        },
    )
    assert (
        got.outputs["kept"] is False
        and got.outputs["broken"] == "2025"
        and got.outputs["gap"] == pytest.approx(5)
    )


def test_own_use_in_wulong_warns_of_its_unknown_start() -> None:
    got = run("green.pv_self_use", {"generated": 100, "used": 50})
    assert got.outputs["least"] == 0.4 and any("起始日期未确立" in w for w in got.warnings)


@QUICK
@given(st.integers(0, 10**9), st.floats(0, 999))
def test_certificates_and_what_is_carried_make_the_energy(number, rest) -> None:
    got = run("green.certificates", {"energy": number * 1000 + rest, "source": "solar"}).outputs
    assert got["certificates"] == number and got["certificates"] * 1000 + got[
        "carried"
    ] == pytest.approx(number * 1000 + rest, abs=1e-3)


@QUICK
@given(amount, amount, amount, st.floats(1, 1e6))
def test_what_is_lacking_completes_the_duty(consumed, imported, exempt, more) -> None:
    total, weight = exempt + more, 0.342
    share = f.duty_share(consumed, imported, 0, 0, exempt, weight, total)
    gap = f.duty_gap(share, weight, total, exempt)
    assert f.duty_share(consumed, imported, 0, gap, exempt, weight, total) >= weight - 1e-9


@QUICK
@given(amount, amount, st.floats(1, 1e6), st.floats(0.1, 1))
def test_more_green_power_never_raises_the_factor(a, b, use, factor) -> None:
    low, high = sorted((a, b))
    assert (
        factor + 1e-12
        >= f.residual_factor(use, low, factor)
        >= f.residual_factor(use, high, factor)
        >= 0
    )
