"""Carbon credits: identities, and the registry in which nothing is issued twice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.desk.cases import Case, compute, shipped
from hengtan.instruments.credits import formulas as f
from hengtan.instruments.credits.registry import CANCELLED, SOURCE, Lot, Registry

DAY = date(2025, 6, 1)
QUICK = settings(max_examples=60, deadline=None)


def run(rule, inputs, day=DAY, region="500000", parameters=None):
    return compute(
        shipped(), Case(rule, day, region, inputs, parameters or {}, {}, None, "", None)
    ).outputs


def test_tanhuitong_from_project_and_acts_to_offset() -> None:
    reduction = run("credit.power", {"net_power": 1000, "margin": 0.6})
    registry = Registry()
    registry.record("光伏", "2025-05", 1000, "兆瓦时", "业主")
    registry.issue(DAY, "CQCER", "光伏", "2025-05", 1000, int(reduction["issued"]))
    registry.transfer(DAY, Lot("CQCER", "光伏", "2025-05"), "业主", "水泥厂", 500)
    bought = sum(v for (account, _), v in registry.balances().items() if account == "水泥厂")
    used = run(
        "ets.surrender",
        {"market": "pilot", "obligation": 8000, "allowances": {"2025": 7500}, "offsets": bought},
        date(2025, 12, 31),
    )
    assert used["offset"] == 400 and used["left"] == 100
    registry.cancel(DAY, Lot("CQCER", "光伏", "2025-05"), "水泥厂", int(used["offset"]), "履约")
    assert registry.total("CQCER") == {"issued": 600, "held": 200, "cancelled": 400}
    assert run("credit.points", {"acts": [{"times": 10, "saving": 0.5}], "rate": 2})["points"] == 10
    with pytest.raises(ParameterNotEstablished):
        run("credit.points", {"acts": [{"times": 10, "saving": 0.5}]})


@QUICK
@given(st.floats(0, 1), st.floats(0.1, 1.2), st.floats(0.1, 1.2))
def test_the_combined_margin_lies_between_its_parts(weight, om, bm) -> None:
    assert (
        min(om, bm) - 1e-12 <= f.combined_margin(om, bm, weight, 1 - weight) <= max(om, bm) + 1e-12
    )


@QUICK
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1))
def test_reduction_and_buffer_make_the_whole(project, baseline, emissions, risk) -> None:
    got = run(
        "credit.forest",
        {"project": project, "baseline": baseline, "emissions": emissions, "risk": risk},
    )
    assert got["reduction"] + got["buffer"] == pytest.approx(
        project - baseline - emissions, abs=1e-6
    )


def test_carbon_becomes_dioxide() -> None:
    assert f.stock_change(0, 12, 1) == pytest.approx(44)


def test_crediting_periods_follow_each_other() -> None:
    first, second, third = (
        run("credit.period", {"start": "2015-06-01", "kind": "renewable", "nth": n})
        for n in (1, 2, 3)
    )
    assert (first["last"], second["first"]) == ("2022-05-31", "2022-06-01") and (
        second["last"],
        third["first"],
    ) == ("2029-05-31", "2029-06-01")


def test_a_certified_megawatt_hour_gives_no_credit() -> None:
    registry = Registry()
    registry.record("风电", "2025-03", 100, "兆瓦时", "业主")
    registry.issue(DAY, "绿证", "风电", "2025-03", 60)
    with pytest.raises(HengtanError, match="不能重复签发"):
        registry.issue(DAY, "CCER", "风电", "2025-03", 41, 25)
    registry.issue(DAY, "CCER", "风电", "2025年3月", 40, 24)
    with pytest.raises(HengtanError):
        registry.issue(DAY, "绿证", "风电", "2025-03", 1)
    with pytest.raises(HengtanError):
        registry.issue(DAY, "CQCER", "风电", "2025-03", 1, 1)


def test_the_registry_refuses() -> None:
    registry = Registry()
    registry.record("林场", "2025", 10, "吨", "业主")
    registry.record("老水电", "2025-03", 10, "兆瓦时", "业主")
    registry.issue(DAY, "绿证", "老水电", "2025-03", 5, tradable=False)
    fixed = Lot("绿证", "老水电", "2025-03", False)
    for wrong in (
        lambda: registry.record("林场", "2025-03", 1, "吨", "业主"),
        lambda: registry.record("林场", "2025年", 1, "吨", "业主"),
        lambda: registry.record("老水电", "2025", 1, "兆瓦时", "业主"),
        lambda: registry.record("新", "2025", 0, "吨", "业主"),
        lambda: registry.record("新", "2025", 1, "升", "业主"),
        lambda: registry.record("新", "2025", 1, "吨", SOURCE),
        lambda: registry.issue(DAY, "绿证", "林场", "2025", 1),
        lambda: registry.issue(DAY, "VCS", "林场", "2025", 1),
        lambda: registry.issue(DAY, "CCER", "无", "2025", 1),
        lambda: registry.issue(DAY, "CCER", "林场", "2025", 5, 4),
        lambda: registry.issue(DAY, "CCER", "老水电", "2025-03", 5),
        lambda: registry.transfer(DAY, fixed, "业主", "铝厂", 1),
        lambda: registry.transfer(DAY, Lot("绿证", "老水电", "2025-03"), "业主", "铝厂", 1),
        lambda: registry.cancel(DAY, fixed, "业主", 6),
        lambda: registry.cancel(DAY, fixed, CANCELLED, 1),
        lambda: registry.transfer(DAY, Lot("CCER", "林场", "2025"), "业主", CANCELLED, 1),
        lambda: registry.issue(DAY, "CCER", "林场", "2025", -1),
    ):
        with pytest.raises(HengtanError):
            wrong()
    registry.cancel(DAY, fixed, "业主", 5)
    assert registry.total("绿证") == {"issued": 5, "held": 0, "cancelled": 5}


step = st.tuples(
    st.sampled_from(["issue", "transfer", "cancel"]),
    st.sampled_from(["绿证", "CCER", "CQCER"]),
    st.sampled_from(["2025-01", "2025-02"]),
    st.sampled_from(["业主", "甲", "乙"]),
    st.sampled_from(["业主", "甲", "乙"]),
    st.integers(-2, 80),
)


@QUICK
@given(st.lists(step, max_size=40))
def test_no_unit_of_output_serves_twice(moves) -> None:
    registry = Registry()
    for period in ("2025-01", "2025-02"):
        registry.record("风电", period, 100, "兆瓦时", "业主")
    for kind, what, period, giver, taker, amount in moves:
        lot = Lot(what, "风电", period)
        try:
            if kind == "issue":
                registry.issue(
                    DAY,
                    what,
                    "风电",
                    period,
                    amount,
                    None if what == "绿证" else max(1, amount // 2),
                )
            elif kind == "transfer":
                registry.transfer(DAY, lot, giver, taker, amount)
            else:
                registry.cancel(DAY, lot, giver, amount)
        except HengtanError:
            pass
    for output in registry.outputs.values():
        assert 0 <= output.left <= output.amount
    assert all(v > 0 for v in registry.balances().values())
    certificates = registry.total("绿证")
    assert certificates["issued"] == sum(
        output.used.get("绿证", 0) for output in registry.outputs.values()
    )
    for name in ("绿证", "CCER", "CQCER"):
        sums = registry.total(name)
        assert sums["issued"] == sums["held"] + sums["cancelled"]
