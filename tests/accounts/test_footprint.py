"""Product footprints: the textbook system by hand, loops, allocation, quality, random systems against a dense solve, and the form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.accounts.carbon.allocation import shares_by
from hengtan.accounts.carbon.data_quality import quality_rating
from hengtan.accounts.carbon.footprint import compare, footprint
from hengtan.accounts.carbon.unit_process import Process
from hengtan.basis.errors import HengtanError, ParameterNotEstablished


def test_the_textbook_system_of_electricity_and_fuel():
    # Heijungs and Suh (2002): 10 kWh take 2 l of fuel and give 1 kg CO2; 100 l of fuel give 10 kg CO2. Demand: 1000 kWh
    power = Process("electricity", {"kWh": 10.0}, {"fuel": 2.0}, {"CO2": 1.0})
    fuel = Process("fuel", {"fuel": 100.0}, {}, {"CO2": 10.0})
    made = footprint([power, fuel], {"kWh": 1000.0})
    # s = (100, 2): 100 x 1 + 2 x 10 = 120 kg
    assert made.scaling == pytest.approx({"electricity": 100.0, "fuel": 2.0}) and made.total == pytest.approx(120.0)
    assert made.by_process == pytest.approx({"electricity": 100.0, "fuel": 20.0})


def test_a_loop_by_hand():
    # fuel making takes electricity: 100 l need 50 kWh. s1 = (1000 + 50 s2)/10, s2 = 2 s1/100  =>  s1 = 1000/9, s2 = 20/9
    made = footprint([Process("electricity", {"kWh": 10.0}, {"fuel": 2.0}, {"CO2": 1.0}), Process("fuel", {"fuel": 100.0}, {"kWh": 50.0}, {"CO2": 10.0})], {"kWh": 1000.0})
    assert made.total == pytest.approx(1000 / 9 + 200 / 9)


def test_a_loop_that_eats_itself_is_refused():
    with pytest.raises(HengtanError, match="无解"):
        footprint([Process("a", {"a": 1.0}, {"b": 1.0}), Process("b", {"b": 1.0}, {"a": 1.0})], {"a": 1.0})


@pytest.mark.parametrize(("processes", "match"), [
    ([Process("a", {"a": 1.0}, {"b": 1.0})], "没有来源过程"), ([Process("a", {"a": 1.0}, {"x": 1.0}), Process("b", {"x": 1.0}), Process("c", {"x": 1.0})], "“a”用到的“x”有两个以上来源过程：b、c"), ([Process("a", {"a": 1.0}), Process("a", {"b": 1.0})], "有两个"), ([Process("a", {"a": 1.0, "b": 1.0})], "分配比例"), ([Process("a", {})], "没有产出"),
])  # fmt: skip
def test_what_cannot_be_solved_says_why(processes, match):
    with pytest.raises(HengtanError, match=match):
        footprint(processes, {"a": 1.0})


def test_joint_products_add_to_the_whole_by_every_property():
    outputs, whole = {"steam": 8.0, "power": 2.0}, 100.0
    for weights in ({"steam": 1.0, "power": 1.0}, {"steam": 2.8, "power": 3.6}, {"steam": 50.0, "power": 400.0}):
        shares = shares_by(outputs, weights)
        plant = Process("cogeneration", outputs, {}, {"CO2": whole}, shares)
        parts = [footprint([plant], {product: amount}).total for product, amount in outputs.items()]
        assert sum(parts) == pytest.approx(whole)
    # by value: 8 x 50 and 2 x 400 of 1200
    assert shares["power"] == pytest.approx(800 / 1200)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), size=st.integers(2, 25))
def test_random_productive_systems_equal_a_dense_solve_and_contributions_add_up(seed, size):
    chance = np.random.default_rng(seed)
    need = chance.uniform(0, 1, (size, size)) * (chance.uniform(size=(size, size)) < 0.3)
    need *= 0.9 / np.maximum(need.sum(axis=0), 1.0)
    np.fill_diagonal(need, 0)
    emission = chance.uniform(0, 10, size)
    processes = [Process(f"p{j}", {f"x{j}": 1.0}, {f"x{i}": float(need[i, j]) for i in range(size) if need[i, j]}, {"CO2": float(emission[j])}, stage=("production", "use")[j % 2]) for j in range(size)]
    made = footprint(processes, {"x0": 2.0})
    wanted = float(emission @ np.linalg.solve(np.eye(size) - need, np.eye(size)[:, 0] * 2))
    assert made.total == pytest.approx(wanted, rel=1e-9)
    for parts in (made.by_process, made.by_flow, made.by_stage):
        assert sum(parts.values()) == pytest.approx(wanted, rel=1e-9)
    assert footprint(processes, {"x0": 6.0}).total == pytest.approx(3 * wanted, rel=1e-9)


def test_quality_is_the_mean_of_marks_weighted_by_contribution():
    good, poor = dict.fromkeys(("technology", "time", "geography", "completeness", "reliability"), 1), {"technology": 5, "time": 4, "geography": 4, "completeness": 4, "reliability": 3}
    assert quality_rating(poor) == 4
    made = footprint([Process("a", {"a": 1.0}, {"b": 1.0}, {"x": 3.0}, marks=good, primary=True), Process("b", {"b": 1.0}, {}, {"x": 1.0}, marks=poor, confidence="recalled")], {"a": 1.0})
    assert made.quality == pytest.approx((3 * 1 + 1 * 4) / 4) and made.primary_share == pytest.approx(0.75) and made.recalled_share == pytest.approx(0.25)
    with pytest.raises(ParameterNotEstablished):
        quality_rating({"technology": 1})
    assert footprint([Process("a", {"a": 1.0}, {}, {"x": 1.0})], {"a": 1.0}).quality is None


def test_design_variants_differ_by_stage():
    one = footprint([Process("m", {"m": 1.0}, {}, {"x": 5.0}, stage="raw_material"), Process("a", {"a": 1.0}, {"m": 2.0}, {"x": 1.0})], {"a": 1.0})
    two = footprint([Process("m", {"m": 1.0}, {}, {"x": 5.0}, stage="raw_material"), Process("a", {"a": 1.0}, {"m": 1.0}, {"x": 2.0})], {"a": 1.0})
    held = {(r["variant"], r["stage"]): r["difference"] for r in compare({"现方案": one, "减材": two})}
    assert held["减材", "raw_material"] == -5 and held["减材", "production"] == 1 and held["现方案", "production"] == 0


def exchange(process, direction, flow, amount, unit="t", **more):
    return {"system": "合成水泥（虚构）", "period": "2024", "process": process, "stage": "production", "direction": direction, "flow": flow, "amount": amount, "unit": unit, "confidence": "read"} | more


def rows():
    return [
        exchange("粉磨", "output", "水泥", 1.0), exchange("粉磨", "input", "熟料", 0.7), exchange("粉磨", "emission", "电力", 30.0, "kWh", factor=0.5, source_title="公告", primary_data=True),
        exchange("烧成", "output", "熟料", 1.0, stage="raw_material"), exchange("烧成", "emission", "过程CO2", 538.0, "kg", stage="raw_material", confidence="recalled"), exchange("烧成", "emission", "生物质", 10.0, "kg", stage="raw_material", biogenic=True),
        exchange("功能单位", "demand", "水泥", 1.0),
    ]


def test_a_sheet_of_exchanges_becomes_a_footprint(accounts):
    graph = accounts({"footprint_exchanges": rows()})
    (made,) = graph.execute("carbon_footprint").to_pylist()
    # 30 x 0.5 + 0.7 x 538
    assert made["total"] == pytest.approx(391.6) and made["biogenic"] == pytest.approx(10.0) and made["confidence"] == "recalled"
    assert made["recalled_share"] == pytest.approx(376.6 / 391.6)
    parts = {(r["kind"], r["name"]): r["value"] for r in graph.execute("carbon_footprint_parts").to_pylist()}
    assert parts["process", "烧成"] == pytest.approx(376.6) and parts["stage", "production"] == pytest.approx(15.0)
    tree = graph.explain("carbon_footprint", {"system": "合成水泥（虚构）", "year": 2024})
    assert {leaf.origin["_source_row"] for leaf in tree.leaves()} >= set(range(4, 11))


def test_a_sheet_with_a_gap_says_what_is_missing(accounts):
    (made,) = accounts({"footprint_exchanges": [r for r in rows() if r["process"] != "烧成"]}).execute("carbon_footprint").to_pylist()
    assert made["total"] is None and "熟料" in made["missing"]
