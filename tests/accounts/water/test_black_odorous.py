"""Black-odorous water: edges of the guide, sites, water bodies, the number goals are set on."""

from __future__ import annotations

import pytest

from hengtan import packs
from hengtan.accounts.nature.formulas_water import level_above, level_at_least, level_at_most
from hengtan.workspace.asof import AsOf

LIMITS = {row["item"]: row for row in packs.load("cn").rows("black_odorous_limits")}
RULES = {"at_least": level_at_least, "above": level_above, "at_most": level_at_most}


def level(item, value):
    row = LIMITS[item]
    return RULES[row["rule"]](value, row["light"], row["heavy"])


@pytest.mark.parametrize(
    ("item", "values", "levels"),
    [
        ("transparency", (25, 24.9, 10, 9.9), (0, 1, 1, 2)),
        ("dissolved_oxygen", (2.0, 1.99, 0.2, 0.19), (0, 1, 1, 2)),
        ("ammonia_nitrogen", (8.0, 8.01, 15, 15.01), (0, 1, 1, 2)),
        ("redox_potential", (50.1, 50, -200, -200.1), (0, 1, 1, 2)),
    ],
)
def test_every_edge_of_the_guide_from_both_sides(item, values, levels):
    """Edges of three items as Silence.Water (3b8cbe9) tests them; -200 to 50 mV are light."""
    assert tuple(level(item, value) for value in values) == levels


def survey(body, site, day, order=None, **more):
    return {
        "水体编号": body,
        "地区": "武隆区",
        "检测点": site,
        "检测点顺序": order,
        "检测日期": day,
        "透明度": 40,
        "溶解氧": 5,
        "ORP": 120,
        "氨氮": 1.0,
        **more,
    }


def days(body, site, order, **more):
    return [survey(body, site, f"2025-05-{day:02d}", order, **more) for day in (6, 8, 10)]


def levels_of(workspace, account, by, as_of=None):
    rows = workspace.execute(account, as_of or AsOf.of()).to_pylist()
    return {row[by]: row for row in rows}


def test_a_site_is_heavy_by_sixty_per_cent_of_one_item_or_thirty_of_two(
    workspace, hand_in, explained
):
    """By hand, three results each: A ammonia heavy in two of three (67 %); B ammonia in one (33 %)
    and oxygen in one (33 %): two items; C ammonia in one: light; D none.
    """
    once = {"氨氮": 16}
    hand_in(
        "water_body_surveys",
        [
            *days("K1", "A", 1, 氨氮=16)[:2],
            survey("K1", "A", "2025-05-10", 1),
            survey("K1", "B", "2025-05-06", 2, **once),
            survey("K1", "B", "2025-05-08", 2, 溶解氧=0.1),
            survey("K1", "B", "2025-05-10", 2),
            survey("K1", "C", "2025-05-06", 3, **once),
            *days("K1", "C", 3)[1:],
            *days("K1", "D", 4),
        ],
    )
    sites = levels_of(workspace, "black_odorous_sites", "site")
    assert {name: row["level"] for name, row in sites.items()} == {"A": 2, "B": 2, "C": 1, "D": 0}
    (body,) = workspace.execute("black_odorous_bodies").to_pylist()
    assert (body["level"], body["heavy_sites"], body["heavy_run"]) == (1, 2, False)
    explained("black_odorous_results", "black_odorous_sites", "black_odorous_bodies")
    explained("black_odorous_years")


def test_a_water_body_is_heavy_by_sixty_per_cent_of_its_sites_and_a_run_of_three_is_told(
    workspace, hand_in
):
    """Three heavy of five are 60 %; three that follow each other are a heavy reach."""
    heavy = [row for n in (2, 3, 4) for row in days("K2", f"S{n}", n, 氨氮=20)]
    hand_in("water_body_surveys", [*days("K2", "S1", 1), *heavy, *days("K2", "S5", 5)])
    (body,) = workspace.execute("black_odorous_bodies").to_pylist()
    assert (body["level"], body["heavy_share"], body["heavy_run"]) == (2, 60.0, True)


def test_shallow_water_and_the_redox_potential_as_an_option(workspace, hand_in):
    """Depth 20 cm: clear to the bottom is no black-odorous water, 8 cm is the heavy limit (40 %);
    a potential of -250 alone makes water heavy, and left out none.
    """
    shallow = {"水深": 20, "ORP": 120}
    hand_in(
        "water_body_surveys",
        [
            survey("K3", "A", "2025-05-06", **shallow | {"透明度": 20}),
            survey("K3", "B", "2025-05-06", **shallow | {"透明度": 8}),
            survey("K3", "C", "2025-05-06", **shallow | {"透明度": 7.9}),
            survey("K4", "A", "2025-05-06", ORP=-250),
        ],
    )
    rows = workspace.execute("black_odorous_results").to_pylist()
    seen = {(r["body"], r["site"]): r["level"] for r in rows if r["item"] == "transparency"}
    assert [seen["K3", site] for site in "ABC"] == [0, 1, 2]
    bodies = levels_of(workspace, "black_odorous_bodies", "body")
    assert bodies["K4"]["level"] == 2 and bodies["K4"]["note"] == "black_few_sites|1"
    without = AsOf.of(options={"black_odorous_orp": "left_out"})
    assert levels_of(workspace, "black_odorous_bodies", "body", without)["K4"]["level"] == 0


def test_surveys_answer_the_number_of_black_odorous_waters_and_a_clean_survey_takes_one_off(
    workspace, hand_in
):
    """Two bodies are black-odorous in May; in September one of them is clean: 2, then 1."""
    hand_in(
        "water_body_surveys",
        [
            *days("K1", "A", 1, 氨氮=16),
            *days("K2", "A", 1, 氨氮=9),
            *days("K5", "A", 1),
        ],
    )

    def count():
        values = workspace.execute("plan_computed_values").to_pylist()
        return {
            row["place"]: row["value"]
            for row in values
            if row["indicator"] == "black_odorous_count"
        }

    assert {place: count()[place] for place in ("500156", "500000")} == {
        "500156": 2.0,
        "500000": 2.0,
    }
    hand_in("water_body_surveys", [survey("K2", "A", "2025-09-08", 1)])
    assert count()["500156"] == 1.0


def test_rural_waters_wait_for_their_own_limits_and_are_told_until_then(
    workspace, hand_in, explained
):
    """Transparency 20 cm and ammonia nitrogen 9 mg/L are black-odorous by the guide for cities; a
    rural pond has no level until the place files its limits. With 25 cm, 2 and 15 mg/L filed, made
    up here, the transparency alone makes it so; under 15 cm it no longer does.
    """
    pond = {"水体": "某村塘（虚构）", "地区": "武隆区", "检测点": "1", "检测日期": "2025-06-01"}
    results = {"透明度（厘米）": 20, "溶解氧": 3, "氨氮": 9, "水深": 60, "城乡": "农村"}
    hand_in("water_body_surveys", [pond | results])
    rows = workspace.execute("black_odorous_results").to_pylist()
    assert {row["missing"] for row in rows} == {"black_rural_limits_not_established"}
    assert "redox_potential" not in {row["item"] for row in rows}
    (year,) = [r for r in of_years(workspace) if r["place"] == "500156"]
    assert (year["surveyed"], year["not_graded"]) == (0, 1)
    assert year["note"] == "black_rural_not_graded|1"
    hand_in("local_parameters", rural_limits(25, 2, 15))
    (year,) = [r for r in of_years(workspace) if r["place"] == "500156"]
    assert (year["surveyed"], year["black_odorous"], year["note"]) == (1, 1, None)
    explained("black_odorous_results", "black_odorous_years")
    hand_in("local_parameters", rural_limits(15, 2, 15))
    (year,) = [r for r in of_years(workspace) if r["place"] == "500156"]
    assert (year["surveyed"], year["black_odorous"]) == (1, 0)


def of_years(workspace):
    return workspace.execute("black_odorous_years").to_pylist()


def rural_limits(transparency, oxygen, ammonia):
    """The three limits as a district would file them."""
    items = {"透明度限值（厘米，低于为黑臭）": transparency}
    items |= {"溶解氧限值（mg/L，低于为黑臭）": oxygen, "氨氮限值（mg/L，高于为黑臭）": ammonia}
    about = {"地区": "武隆区", "起始日期": "2024-01-01", "文件名称": "测试文件（虚构）"}
    return [about | {"参数": f"农村黑臭水体：{item}", "取值": v} for item, v in items.items()]
