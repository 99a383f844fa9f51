"""Exact splits and the identity of intensity, on hand calculations and as properties; what the 14th-plan table can and cannot tell."""

import csv
import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from typer.testing import CliRunner

import hengtan.cli.main  # noqa: F401 (registers the verbs)
from hengtan.basis.errors import HengtanError
from hengtan.cli.app import app
from hengtan.plan.decomposition import District, check, implied_cut, spread
from hengtan.plan.split import largest_remainder


def test_the_textbook_example_of_largest_remainders():
    """Votes 47,000 16,000 15,900 12,000 6,000 3,100 for 10 seats: 5 2 1 1 1 0 (Hamilton's method, quota 10,000)."""
    assert largest_remainder(10, [47000, 16000, 15900, 12000, 6000, 3100]) == [5, 2, 1, 1, 1, 0]


def test_floors_and_ceilings():
    assert largest_remainder(10, [8, 1, 1], floors=[0, 2, 2]) == [6, 2, 2]
    assert largest_remainder(10, [8, 1, 1], ceilings=[5, 10, 10]) == [5, 3, 2]
    assert largest_remainder(0, [1, 2]) == [0, 0]


@pytest.mark.parametrize(
    ("total", "weights", "bounds"),
    [
        (10, [1, -1], {}),
        (10, [0, 0], {}),
        (-1, [1], {}),
        (10, [], {}),
        (3, [1, 1], {"floors": [2, 2]}),
        (10, [1, 1], {"ceilings": [4, 4]}),
        (10, [float("nan"), 1], {}),
    ],
)
def test_what_cannot_be_split(total, weights, bounds):
    with pytest.raises(ValueError, match=r"weights|floors|zero"):
        largest_remainder(total, weights, **bounds)


@given(st.integers(0, 100_000), st.lists(st.floats(0, 1e6), min_size=1, max_size=40), st.data())
def test_parts_add_up_within_their_bounds(total, weights, data):
    assume(sum(weights) > 0)
    floors = [data.draw(st.integers(0, max(total // (2 * len(weights)), 0))) for _ in weights]
    parts = largest_remainder(total, weights, floors=floors)
    assert sum(parts) == total
    assert all(part >= floor for part, floor in zip(parts, floors, strict=True))


@given(st.integers(1, 10_000), st.lists(st.floats(0.01, 1e4), min_size=2, max_size=12))
def test_a_part_is_its_share_to_one_unit_and_follows_its_weight(total, weights):
    parts = largest_remainder(total, weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1 + 1e-6
    for (p, w), (q, u) in zip(
        zip(parts, weights, strict=True), zip(parts[1:], weights[1:], strict=False), strict=False
    ):
        assert (w <= u) or p >= q
    assert largest_remainder(total, [w * 7 for w in weights]) == parts


def test_the_identity_by_hand():
    """Energy 100 and 300, GDP 200 and 200, both grow to 1.25 and cut 10 % and 20 %: (100·1.25·0.9 + 300·1.25·0.8) / (400·1.25) = 0.825, so 17.5 %."""
    districts = [District("甲", 100, 200, 1.25, 0.10), District("乙", 300, 200, 1.25, 0.20)]
    implied, structure = implied_cut(districts)
    assert implied == pytest.approx(0.175)
    assert structure == pytest.approx(0.0)
    assert check(districts, 0.175).state == "adds_up"
    assert check(districts, 0.18).state == "falls_short"
    assert check(districts, 0.16).state == "exceeds"


def test_growth_apart_shows_as_structure():
    """The thrifty district grows: energy 100 and 300, GDP 200 and 200, growth 1.5 and 1.0, no cut: city growth 1.25, energy 450 / (400·1.25) = 0.9, so 10 % by structure."""
    implied, structure = implied_cut(
        [District("甲", 100, 200, 1.5, 0.0), District("乙", 300, 200, 1.0, 0.0)]
    )
    assert implied == pytest.approx(0.10)
    assert structure == pytest.approx(0.10)


def made_up(draw):
    return [
        District(
            f"区{i}",
            draw(st.floats(1, 1000)),
            draw(st.floats(1, 1000)),
            draw(st.floats(1.2, 1.4)),
            draw(st.floats(0.05, 0.3)),
            draw(st.sampled_from(["一", "二"])),
        )
        for i in range(draw(st.integers(1, 12)))
    ]


@given(st.data())
def test_spread_meets_the_goal_by_the_identity(data):
    districts = made_up(data.draw)
    structure = implied_cut([District(d.name, d.energy, d.gdp, d.growth, 0.0) for d in districts])[
        1
    ]
    goal = data.draw(st.floats(max(structure, 0) + 0.01, 0.45))
    cuts = spread(districts, goal, [1.1 if d.class_ == "一" else 0.9 for d in districts])
    again = [
        District(d.name, d.energy, d.gdp, d.growth, cut)
        for d, cut in zip(districts, cuts, strict=True)
    ]
    assert implied_cut(again)[0] == pytest.approx(goal, abs=1e-9)
    assert check(again, goal, expected=len(again)).state == "adds_up"


@given(st.data())
def test_the_implied_cut_lies_among_the_districts_where_they_grow_alike(data):
    districts = [District(d.name, d.energy, d.gdp, 1.3, d.cut) for d in made_up(data.draw)]
    implied, structure = implied_cut(districts)
    assert structure == pytest.approx(0, abs=1e-12)
    assert min(d.cut for d in districts) - 1e-9 <= implied <= max(d.cut for d in districts) + 1e-9


def test_bounds_hold_or_are_refused():
    districts = [District("甲", 100, 100, 1.3), District("乙", 100, 100, 1.3)]
    assert spread(districts, 0.14, [2, 1], most=0.15) == pytest.approx([0.15, 0.13])
    with pytest.raises(ValueError, match="meet the goal"):
        spread(districts, 0.14, most=0.1)


def test_the_14th_plan_table_cannot_be_judged(facts):
    """It holds goals of 3 of Chongqing's 38 districts and no energy, GDP or growth: the answer lists what is missing."""
    with (facts / "plans" / "district_energy_targets_14th.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        rows = list(csv.DictReader(file))
    city = next(row for row in rows if row["region"] == "重庆市" and row["deadline"] == "2025")
    districts = [
        District(row["region"], cut=float(row["value_pct"]) / 100)
        for row in rows
        if row["region"] not in ("重庆市", "全国") and row["deadline"] == "2025"
    ]
    verdict = check(districts, float(city["value_pct"]) / 100, expected=38)
    assert verdict.state == "cannot_be_judged"
    assert verdict.missing[0] == "还缺35个区县（共38个，已有3个）"
    assert len(verdict.missing) == 1 + 3 * 3
    assert verdict.implied is None


def run(*given):
    return CliRunner().invoke(app, [str(g) for g in given], catch_exceptions=False)


def test_the_command_line(tmp_path):
    path = tmp_path / "区县.csv"
    path.write_text(
        "区县,类别,基年能源消费量,基年地区生产总值,期内经济增长倍数,目标\n甲区,一类,100,200,1.25,10%\n乙县,二类,300,200,1.25,２０\n",
        encoding="utf-8",
    )
    held = json.loads(
        run("decompose", "check", path, "--goal", "17.5", "--districts", "2", "--json").output
    )
    assert (held["state"], round(held["implied"], 6)) == ("adds_up", 0.175)
    rows = json.loads(
        run(
            "decompose", "spread", path, "--goal", "14%", "--classes", "一类=1.2,二类=1", "--json"
        ).output
    )
    assert rows[0]["降低目标"] == pytest.approx(rows[1]["降低目标"] * 1.2, abs=0.02)
    assert (
        "还缺36个区县"
        in run("decompose", "check", path, "--goal", "14", "--districts", "38").output
    )
    assert run("decompose", "template", tmp_path / "空.csv").exit_code == 0
    for bad in (
        "甲区,一类,-5,200,1.25,10",
        "甲区,一类,很多,200,1.25,10",
        "甲区,一类,100,200,1.25,120",
    ):
        path.write_text(
            f"区县,类别,基年能源消费量,基年地区生产总值,期内经济增长倍数,目标\n{bad}\n",
            encoding="utf-8",
        )
        with pytest.raises(HengtanError) as refused:
            run("decompose", "check", path, "--goal", "14")
        assert refused.value.where.row == 2
    with pytest.raises(HengtanError, match="区县"):
        path.write_text("a,b\n1,2\n", encoding="utf-8")
        run("decompose", "check", path, "--goal", "14")
