"""Product footprints: the textbook system by hand, loops, allocation, quality, random systems
against a dense solve, and the form.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.accounts.carbon.allocation import allocated, shares_by
from hengtan.accounts.carbon.data_quality import quality_rating
from hengtan.accounts.carbon.footprint import compare, footprint
from hengtan.accounts.carbon.footprint_paths import paths, tiers
from hengtan.accounts.carbon.unit_process import Emission, Process
from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.graph.said import say_missing


def test_the_textbook_system_of_electricity_and_fuel():
    # Heijungs and Suh (2002), ch. 2: 10 kWh take 2 l of fuel and give 1 kg CO2 and 0.1 kg SO2; 100
    # l of fuel give 10 kg CO2 and 2 kg SO2. Demand: 1000 kWh
    power = Process("electricity", {"kWh": 10.0}, {"fuel": 2.0}, {"CO2": 1.0, "SO2": 0.1})
    fuel = Process("fuel", {"fuel": 100.0}, {}, {"CO2": 10.0, "SO2": 2.0})
    both = footprint([power, fuel], {"kWh": 1000.0})
    # there s = (100, 2) and g = 120 kg CO2 and 14 kg SO2; here SO2 counts as a flow like any other
    assert both.by_flow == pytest.approx({"CO2": 120.0, "SO2": 14.0}) and both.parts[
        "fuel", "SO2"
    ] == pytest.approx(4.0)
    result = footprint(
        [replace(p, emissions={"CO2": p.emissions["CO2"]}) for p in (power, fuel)], {"kWh": 1000.0}
    )
    assert result.scaling == pytest.approx(
        {"electricity": 100.0, "fuel": 2.0}
    ) and result.total == pytest.approx(120.0)
    assert result.by_process == pytest.approx({"electricity": 100.0, "fuel": 20.0})


def test_a_loop_by_hand():
    # fuel making takes electricity: 100 l need 50 kWh. s1 = (1000 + 50 s2)/10, s2 = 2 s1/100 => s1
    # = 1000/9, s2 = 20/9
    result = footprint(
        [
            Process("electricity", {"kWh": 10.0}, {"fuel": 2.0}, {"CO2": 1.0}),
            Process("fuel", {"fuel": 100.0}, {"kWh": 50.0}, {"CO2": 10.0}),
        ],
        {"kWh": 1000.0},
    )
    assert result.total == pytest.approx(1000 / 9 + 200 / 9)


def test_a_loop_that_eats_itself_is_refused():
    with pytest.raises(HengtanError, match="无解"):
        footprint(
            [Process("a", {"a": 1.0}, {"b": 1.0}), Process("b", {"b": 1.0}, {"a": 1.0})], {"a": 1.0}
        )


@pytest.mark.parametrize(
    ("processes", "match"),
    [
        ([Process("a", {"a": 1.0}, {"b": 1.0})], "没有来源过程"),
        (
            [
                Process("a", {"a": 1.0}, {"x": 1.0}),
                Process("b", {"x": 1.0}),
                Process("c", {"x": 1.0}),
            ],
            "“a”用到的“x”有两个以上来源过程：b、c",
        ),
        ([Process("a", {"a": 1.0}), Process("a", {"b": 1.0})], "有两个"),
        ([Process("a", {"a": 1.0, "b": 1.0})], "分配比例"),
        ([Process("a", {})], "没有产出"),
    ],
)
def test_what_cannot_be_solved_says_why(processes, match):
    with pytest.raises(HengtanError, match=match):
        footprint(processes, {"a": 1.0})


def test_joint_products_add_to_the_whole_by_every_property():
    outputs, whole = {"steam": 8.0, "power": 2.0}, 100.0
    for weights in (
        {"steam": 1.0, "power": 1.0},
        {"steam": 2.8, "power": 3.6},
        {"steam": 50.0, "power": 400.0},
    ):
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
    processes = [
        Process(
            f"p{j}",
            {f"x{j}": 1.0},
            {f"x{i}": float(need[i, j]) for i in range(size) if need[i, j]},
            {"CO2": float(emission[j])},
            stage=("production", "use")[j % 2],
        )
        for j in range(size)
    ]
    result = footprint(processes, {"x0": 2.0})
    wanted = float(emission @ np.linalg.solve(np.eye(size) - need, np.eye(size)[:, 0] * 2))
    assert result.total == pytest.approx(wanted, rel=1e-9)
    for parts in (result.by_process, result.by_flow, result.by_stage):
        assert sum(parts.values()) == pytest.approx(wanted, rel=1e-9)
    assert sum(result.parts.values()) == pytest.approx(wanted, rel=1e-9)
    assert footprint(processes, {"x0": 6.0}).total == pytest.approx(3 * wanted, rel=1e-9)
    # the series of tiers: N^t f
    at, levels = np.eye(size)[:, 0] * 2, tiers(processes, {"x0": 2.0}, 4)
    for level in levels[:-1]:
        assert level == pytest.approx(float(emission @ at), rel=1e-9, abs=1e-12)
        at = need @ at
    assert sum(levels) == pytest.approx(wanted, rel=1e-9)
    matches = paths(processes, {"x0": 2.0}, depth=3, least=0.0)
    assert next(p.upstream for p in matches if p.tier == 0) == pytest.approx(wanted, rel=1e-9)
    for tier in range(3):
        assert sum(p.direct for p in matches if p.tier == tier) == pytest.approx(
            levels[tier], rel=1e-9, abs=1e-12
        )
    # the same in grams: no unit changes the result
    grams = [
        replace(
            p,
            outputs={k: v * (1000 if k == "x1" else 1) for k, v in p.outputs.items()},
            inputs={k: v * (1000 if k == "x1" else 1) for k, v in p.inputs.items()},
        )
        for p in processes
    ]
    assert footprint(grams, {"x0": 2.0}).total == pytest.approx(wanted, rel=1e-9)


def test_quality_is_the_mean_of_marks_weighted_by_contribution():
    good, poor = (
        dict.fromkeys(("technology", "time", "geography", "completeness", "reliability"), 1),
        {"technology": 5, "time": 4, "geography": 4, "completeness": 4, "reliability": 3},
    )
    assert quality_rating(poor) == 4
    result = footprint(
        [
            Process("a", {"a": 1.0}, {"b": 1.0}, {"x": 3.0}, marks=good, primary=True),
            Process("b", {"b": 1.0}, {}, {"x": 1.0}, marks=poor, confidence="recalled"),
        ],
        {"a": 1.0},
    )
    assert (
        result.quality == pytest.approx((3 * 1 + 1 * 4) / 4)
        and result.primary_share == pytest.approx(0.75)
        and result.recalled_share == pytest.approx(0.25)
    )
    with pytest.raises(ParameterNotEstablished):
        quality_rating({"technology": 1})
    assert footprint([Process("a", {"a": 1.0}, {}, {"x": 1.0})], {"a": 1.0}).quality is None


def test_design_variants_differ_by_stage():
    single = footprint(
        [
            Process("m", {"m": 1.0}, {}, {"x": 5.0}, stage="raw_material"),
            Process("a", {"a": 1.0}, {"m": 2.0}, {"x": 1.0}),
        ],
        {"a": 1.0},
    )
    two = footprint(
        [
            Process("m", {"m": 1.0}, {}, {"x": 5.0}, stage="raw_material"),
            Process("a", {"a": 1.0}, {"m": 1.0}, {"x": 2.0}),
        ],
        {"a": 1.0},
    )
    by_key = {
        (r["variant"], r["stage"]): r["difference"]
        for r in compare({"现方案": single, "减材": two})
    }
    assert (
        by_key["减材", "raw_material"] == -5
        and by_key["减材", "production"] == 1
        and by_key["现方案", "production"] == 0
    )


def test_a_loop_that_gives_less_than_it_takes_names_its_processes():
    # a needs 2 b, b needs 1 a: each run of the loop takes twice what it gives
    with pytest.raises(HengtanError, match="涉及 a、b"):
        footprint(
            [
                Process("a", {"a": 1.0}, {"b": 2.0}),
                Process("b", {"b": 1.0}, {"a": 1.0}),
                Process("c", {"c": 1.0}, {"a": 1.0}),
            ],
            {"c": 1.0},
        )
    # 0.1 x 10 is not quite one in floating point: a loop that only rounding keeps alive is no
    # system
    for part in (0.1, 0.3, 1 / 49):
        with pytest.raises(HengtanError, match="无解"):
            footprint(
                [
                    Process("a", {"a": 1.0}, {"b": part * 3}, {"x": 1.0}),
                    Process("b", {"b": part}, {"a": 1 / 3}),
                ],
                {"a": 1.0},
            )


def test_several_makers_are_told_apart_by_the_provider():
    grid, roof = (
        Process("grid", {"power": 1.0}, {}, {"CO2": 0.6}),
        Process("roof", {"power": 1.0}, {}, {"CO2": 0.05}),
    )
    plant = Process("plant", {"part": 1.0}, {("power", "grid"): 70.0, ("power", "roof"): 30.0})
    assert footprint([grid, roof, plant], {"part": 1.0}).by_process == pytest.approx(
        {"grid": 42.0, "roof": 1.5, "plant": 0.0}
    )
    with pytest.raises(HengtanError, match="“power”（来源过程“wind”）没有来源过程"):
        footprint(
            [grid, roof, Process("plant", {"part": 1.0}, {("power", "wind"): 1.0})], {"part": 1.0}
        )


def test_substitution_credits_what_the_by_product_displaces():
    # a plant gives 10 kWh and 18 MJ of heat and emits 10 kg; a boiler would give 90 MJ for 9 kg.
    # The heat displaces 0.2 boilers: 10 - 1.8 for 10 kWh
    plant = Process(
        "plant",
        {"power": 10.0, "heat": 18.0},
        {},
        {"CO2": 10.0},
        substitutes={"heat": (("heat", "boiler"), 1.0)},
    )
    boiler = Process("boiler", {"heat": 90.0}, {}, {"CO2": 9.0})
    result = footprint([plant, boiler], {"power": 10.0})
    assert result.total == pytest.approx(8.2) and result.scaling == pytest.approx(
        {"plant": 1.0, "boiler": -0.2}
    )
    # a tenth of the heat displaces nothing more than a tenth
    tenth = replace(plant, substitutes={"heat": (("heat", "boiler"), 0.1)})
    assert footprint([tenth, boiler], {"power": 10.0}).total == pytest.approx(10 - 0.18)


def test_what_is_cut_off_carries_nothing_and_is_listed():
    # slag leaves without burden, scrap comes without burden: all 5 kg stay with the steel, nothing
    # is asked of a scrap yard
    mill = Process(
        "mill",
        {"steel": 1.0, "slag": 0.3},
        {"scrap": 1.1, "lime": 0.1},
        {"CO2": 5.0},
        cut_off=frozenset({"slag", "scrap"}),
    )
    result = footprint([mill, Process("kiln", {"lime": 1.0}, {}, {"CO2": 10.0})], {"steel": 2.0})
    assert result.total == pytest.approx(12.0) and result.cut_off == (
        ("mill", "scrap"),
        ("mill", "slag"),
    )
    with pytest.raises(HengtanError, match="截断或替代之后无产品"):
        footprint([replace(mill, outputs={"slag": 1.0})], {"slag": 1.0})


@settings(max_examples=40, deadline=None)
@given(
    amounts=st.lists(st.floats(0.01, 1e3), min_size=2, max_size=6),
    prices=st.lists(st.floats(0.01, 1e4), min_size=6, max_size=6),
)
def test_allocated_processes_add_to_the_whole(amounts, prices):
    outputs = {f"p{i}": a for i, a in enumerate(amounts)}
    plant = Process(
        "plant",
        outputs,
        {"coal": 7.0},
        {"CO2": 100.0, "soil": Emission(3.0, "land_use")},
        shares_by(outputs, {f"p{i}": prices[i] for i in range(len(outputs))}),
    )
    parts = allocated([plant])
    assert sum(p.inputs["coal"] for p in parts) == pytest.approx(7.0)
    assert sum(p.emitted()["CO2"].amount for p in parts) == pytest.approx(100.0) and sum(
        p.emitted()["soil"].amount for p in parts
    ) == pytest.approx(3.0)
    mine = Process("mine", {"coal": 1.0}, {}, {"CO2": 2.0})
    assert footprint([plant, mine], outputs).total == pytest.approx(114.0) and footprint(
        [plant, mine], outputs
    ).apart["land_use"] == pytest.approx(3.0)


def test_shares_that_are_wrong_are_refused():
    for shares in ({"a": 0.5}, {"a": 0.5, "b": 0.4}, {"a": 1.5, "b": -0.5}):
        with pytest.raises(HengtanError, match="分配比例"):
            allocated([Process("p", {"a": 1.0, "b": 1.0}, allocation=shares)])
    with pytest.raises(HengtanError, match="没有分配依据"):
        shares_by({"a": 1.0, "b": 1.0}, {"a": 1.0})
    with pytest.raises(HengtanError, match="为零"):
        shares_by({"a": 1.0}, {"a": 0.0})


def test_biogenic_carbon_and_land_use_stand_beside_the_total_per_functional_unit():
    wood = Process(
        "wood",
        {"wood": 1.0},
        {},
        {
            "diesel": Emission(4.0, gas="CO2"),
            "uptake": Emission(-1800.0, "biogenic"),
            "clearing": Emission(50.0, "land_use"),
        },
        stage="raw_material",
    )
    fire = Process(
        "stove",
        {"heat": 10.0},
        {"wood": 0.5},
        {"smoke": Emission(900.0, "biogenic"), "CH4": Emission(2.0, gas="CH4")},
        stage="use",
    )
    result = footprint([wood, fire], {"heat": 20.0})
    # two runs of the stove, one of wood: fossil 4 + 2 x 2; biogenic -1800 + 2 x 900; land 50
    assert (
        result.total == pytest.approx(8.0)
        and result.apart == pytest.approx({"biogenic": 0.0, "land_use": 50.0})
        and result.total_with_apart == pytest.approx(58.0)
    )
    assert result.by_gas == pytest.approx(
        {"CO2": 4.0, "CH4": 4.0}
    ) and result.by_stage == pytest.approx({"raw_material": 4.0, "use": 4.0})


def test_a_recalled_amount_taints_all_that_is_upstream_of_it():
    steel, ore = (
        Process("steel", {"steel": 1.0}, {"ore": 2.0}, {"CO2": 4.0}),
        Process("ore", {"ore": 1.0}, {}, {"CO2": 3.0}),
    )
    assert footprint([steel, ore], {"steel": 1.0}).recalled_share == 0
    assert footprint(
        [replace(steel, weak=frozenset({"ore"})), ore], {"steel": 1.0}
    ).recalled_share == pytest.approx(0.6)
    # of two ways to the ore one is read: 2 of the 3 ore of this truck come by the recalled way
    truck = Process("truck", {"truck": 1.0}, {"steel": 1.0, "ore": 1.0})
    assert footprint(
        [truck, replace(steel, weak=frozenset({"ore"})), ore], {"truck": 1.0}
    ).recalled_share == pytest.approx(6 / 13)
    assert footprint(
        [replace(steel, confidence="recalled"), ore], {"steel": 1.0}
    ).recalled_share == pytest.approx(1.0)
    single = replace(steel, emissions={"CO2": Emission(4.0, confidence="proposal"), "dust": 1.0})
    assert footprint([single, ore], {"steel": 1.0}).recalled_share == pytest.approx(4 / 11)


def test_the_rating_waits_until_everything_that_counts_is_marked():
    marks = dict.fromkeys(("technology", "time", "geography", "completeness", "reliability"), 2)
    result = footprint(
        [
            Process(
                "a",
                {"a": 1.0},
                {},
                {"x": Emission(3.0, marks=marks, primary=True), "y": 1.0, "none": 0.0},
            )
        ],
        {"a": 1.0},
    )
    assert (
        result.quality is None
        and result.rated_share == pytest.approx(0.75)
        and result.primary_share == pytest.approx(0.75)
    )
    with pytest.raises(HengtanError, match="1 至 5"):
        quality_rating(marks | {"time": 6})


def test_a_long_chain_is_solved_and_what_is_too_large_is_refused():
    # each of 3,000 processes takes half a unit of the next and emits 1 kg: 2 kg in all, less
    # 2^-2999
    chain = [
        Process(f"p{n}", {f"x{n}": 1.0}, {f"x{n + 1}": 0.5} if n < 2999 else {}, {"CO2": 1.0})
        for n in range(3000)
    ]
    assert footprint(chain, {"x0": 1.0}).total == pytest.approx(2.0)
    ring = [*chain, Process("p3000", {"x3000": 1.0}, {"x0": 0.5}, {"CO2": 1.0})]
    ring[2999] = replace(ring[2999], inputs={"x3000": 0.5})
    with pytest.raises(HengtanError, match="循环含3001个过程"):
        footprint(ring, {"x0": 1.0})
    with pytest.raises(HengtanError, match="20001个过程"):
        footprint([Process(f"p{n}", {f"x{n}": 1.0}) for n in range(20_001)], {"x0": 1.0})


def test_a_path_by_hand():
    # functional unit: 1 car = 2 steel; steel = 3 ore; ore emits 5, steel 4, car 1
    result = paths(
        [
            Process("car", {"car": 1.0}, {"steel": 2.0}, {"CO2": 1.0}),
            Process("steel", {"steel": 1.0}, {"ore": 3.0}, {"CO2": 4.0}),
            Process("ore", {"ore": 1.0}, {}, {"CO2": 5.0}),
        ],
        {"car": 1.0},
    )
    assert [(p.processes, p.tier, p.direct, p.upstream) for p in result] == [
        (("car", "steel", "ore"), 2, 30.0, 30.0),
        (("car", "steel"), 1, 8.0, 38.0),
        (("car",), 0, 1.0, 39.0),
    ]


def exchange(process, direction, flow, amount, unit="t", **more):
    return {
        "system": "合成水泥（虚构）",
        "period": "2024",
        "process": process,
        "stage": "production",
        "direction": direction,
        "flow": flow,
        "amount": amount,
        "unit": unit,
        "confidence": "read",
    } | more


def rows():
    return [
        exchange("粉磨", "output", "水泥", 1.0),
        exchange("粉磨", "input", "熟料", 0.7),
        exchange(
            "粉磨",
            "emission",
            "电力",
            30.0,
            "kWh",
            factor=0.5,
            source_title="公告",
            primary_data=True,
        ),
        exchange("烧成", "output", "熟料", 1.0, stage="raw_material"),
        exchange(
            "烧成", "emission", "过程CO2", 538.0, "kg", stage="raw_material", confidence="recalled"
        ),
        exchange(
            "烧成", "emission", "生物质", 10.0, "kg", stage="raw_material", carbon_kind="biogenic"
        ),
        exchange("功能单位", "demand", "水泥", 1.0),
    ]


def test_a_sheet_of_exchanges_becomes_a_footprint(accounts):
    graph = accounts({"footprint_exchanges": rows()})
    (result,) = graph.execute("carbon_footprint").to_pylist()
    # 30 x 0.5 + 0.7 x 538
    assert (
        result["total"] == pytest.approx(391.6)
        and result["biogenic"] == pytest.approx(7.0)
        and result["confidence"] == "recalled"
    )
    assert result["recalled_share"] == pytest.approx(376.6 / 391.6)
    parts = {
        (r["kind"], r["name"]): r["value"]
        for r in graph.execute("carbon_footprint_parts").to_pylist()
    }
    assert parts["process", "烧成"] == pytest.approx(376.6) and parts[
        "stage", "production"
    ] == pytest.approx(15.0)
    tree = graph.explain("carbon_footprint", {"system": "合成水泥（虚构）", "year": 2024})
    assert {leaf.origin.get("_source_row") for leaf in tree.leaves()} >= set(range(4, 11))


def test_a_sheet_with_a_gap_says_what_is_missing(accounts):
    (result,) = (
        accounts({"footprint_exchanges": [r for r in rows() if r["process"] != "烧成"]})
        .execute("carbon_footprint")
        .to_pylist()
    )
    assert result["total"] is None and "熟料" in say_missing(result["missing"])


def test_a_label_compares_like_units_and_gives_no_class_without_a_rule(accounts):
    other = [
        r | {"system": "合成水泥乙（虚构）"} | ({"amount": 300.0} if r["flow"] == "过程CO2" else {})
        for r in rows()
    ]
    by_key = {
        r["system"]: r
        for r in accounts({"footprint_exchanges": rows() + other})
        .execute("carbon_label")
        .to_pylist()
    }
    # 391.6 and 15 + 0.7 x 300 = 225
    assert by_key["合成水泥（虚构）"]["ratio"] == pytest.approx(
        391.6 / ((391.6 + 225) / 2)
    ) and all(
        r["label"] is None and "规则" in say_missing(r["missing"]) and r["peers"] == 2
        for r in by_key.values()
    )
