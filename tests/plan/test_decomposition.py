"""The identity of intensity on hand calculations and as properties; what the 14th-plan table can
and cannot tell.
"""

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import hengtan.cli.main  # noqa: F401 (registers the verbs)
from hengtan.basis.errors import HengtanError
from hengtan.cli.app import app
from hengtan.plan.decomposition import District, check, implied_cut, spread


def test_the_identity_by_hand():
    """Energy 100 and 300, GDP 200 and 200, both grow to 1.25 and cut 10 % and 20 %:
    (100·1.25·0.9 + 300·1.25·0.8) / (400·1.25) = 0.825, so 17.5 %.
    """
    districts = [District("甲", 100, 200, 1.25, 0.10), District("乙", 300, 200, 1.25, 0.20)]
    implied, structure = implied_cut(districts)
    assert implied == pytest.approx(0.175)
    assert structure == pytest.approx(0.0)
    assert check(districts, 0.175).state == "adds_up"
    assert check(districts, 0.18).state == "falls_short"
    assert check(districts, 0.16).state == "exceeds"


def test_growth_apart_shows_as_structure():
    """The thrifty district grows: energy 100 and 300, GDP 200 and 200, growth 1.5 and 1.0, no cut:
    city growth 1.25, energy 450 / (400·1.25) = 0.9, so 10 % by structure.
    """
    implied, structure = implied_cut(
        [District("甲", 100, 200, 1.5, 0.0), District("乙", 300, 200, 1.0, 0.0)]
    )
    assert implied == pytest.approx(0.10)
    assert structure == pytest.approx(0.10)


def drawn_districts(draw):
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
    districts = drawn_districts(data.draw)
    uncut = [District(d.name, d.energy, d.gdp, d.growth, 0.0) for d in districts]
    structure = implied_cut(uncut)[1]
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
    districts = [District(d.name, d.energy, d.gdp, 1.3, d.cut) for d in drawn_districts(data.draw)]
    implied, structure = implied_cut(districts)
    assert structure == pytest.approx(0, abs=1e-12)
    assert min(d.cut for d in districts) - 1e-9 <= implied <= max(d.cut for d in districts) + 1e-9


def test_bounds_hold_or_are_refused():
    districts = [District("甲", 100, 100, 1.3), District("乙", 100, 100, 1.3)]
    assert spread(districts, 0.14, [2, 1], most=0.15) == pytest.approx([0.15, 0.13])
    with pytest.raises(ValueError, match="meet the goal"):
        spread(districts, 0.14, most=0.1)


def test_the_14th_plan_table_cannot_be_judged(facts):
    """It holds goals of 3 of Chongqing's 38 districts and no energy, GDP or growth: the answer
    lists what is missing.
    """
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
    assert verdict.missing[0] == "missing_districts|35|38|3"
    assert len(verdict.missing) == 1 + 3 * 3
    assert verdict.implied is None


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)


TITLES = "区县,类别,基年能源消费量,基年地区生产总值,期内经济增长倍数,目标"


def table(path, *lines):
    path.write_text("\n".join((TITLES, *lines, "")), encoding="utf-8")
    return path


def test_the_command_line(tmp_path):
    path = table(tmp_path / "区县.csv", "甲区,一类,100,200,1.25,10%", "乙县,二类,300,200,1.25,２０")
    checked = run("decompose", "check", path, "--goal", "17.5", "--districts", "2", "--json")
    verdict = json.loads(checked.output)
    assert (verdict["state"], round(verdict["implied"], 6)) == ("adds_up", 0.175)
    spread_out = run(
        "decompose", "spread", path, "--goal", "14%", "--classes", "一类=1.2,二类=1", "--json"
    )
    first, second = json.loads(spread_out.output)
    assert first["降低目标"] == pytest.approx(second["降低目标"] * 1.2, abs=0.02)
    short = run("decompose", "check", path, "--goal", "14", "--districts", "38")
    assert "还缺36个区县（共38个，已有2个）" in short.output
    assert run("decompose", "template", tmp_path / "空.csv").exit_code == 0


@pytest.mark.parametrize(
    "line",
    [
        "甲区,一类,-5,200,1.25,10",
        "甲区,一类,很多,200,1.25,10",
        "甲区,一类,100,200,1.25,120",
    ],
)
def test_a_figure_that_cannot_be_is_refused_with_its_row(tmp_path, line):
    path = table(tmp_path / "区县.csv", line)
    with pytest.raises(HengtanError) as refused:
        run("decompose", "check", path, "--goal", "14")
    assert refused.value.where.row == 2


def test_a_table_without_districts_is_refused(tmp_path):
    path = tmp_path / "区县.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(HengtanError, match="区县"):
        run("decompose", "check", path, "--goal", "14")


def test_a_figure_that_is_missing_is_named_in_words(tmp_path):
    path = table(tmp_path / "区县.csv", "甲区,一类,100,200,,10%")
    assert "缺 甲区：期内经济增长倍数" in run("decompose", "check", path, "--goal", "14").output
