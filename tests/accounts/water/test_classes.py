"""Classes of sections: published weeks of rivers, every edge of GB 3838 by two sources, the share
of good sections, and the goal of a plan beside it.
"""

from __future__ import annotations

import csv
import math

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan import packs
from hengtan.accounts.nature.formulas_water import (
    class_at_least,
    class_at_most,
    class_inside,
    least_count,
    mean_left,
    times_over,
)
from hengtan.basis.actor import Actor
from hengtan.desk.evidence import import_file

PACK = packs.load("cn")
LIMITS = {(row["item"], row["water_body"]): row for row in PACK.rows("water_class_limits")}
ITEMS = {row["item"]: row for row in PACK.rows("water_items")}
ROMAN = ("class_1", "class_2", "class_3", "class_4", "class_5")
SECTION = {"地区": "武隆区", "控制级别": "国控"}


def class_of(item, value, body="river"):
    """The class of a value by the rule of its limits, as the account takes it."""
    row = LIMITS[item, body]
    if row["rule"] == "range":
        return class_inside(value, row["low"], row["high"])
    by_rule = class_at_most if row["rule"] == "at_most" else class_at_least
    return by_rule(value, *(row[name] for name in ROMAN))


def test_every_edge_of_gb_3838_from_both_sides():
    """On a limit the class holds, a hair beyond it the next whose limit is another one does."""
    edges = 0
    for (item, body), row in LIMITS.items():
        if row["rule"] == "range":
            assert [class_of(item, v, body) for v in (5.99, 6, 9, 9.01)] == [6, 1, 1, 6]
            continue
        limits = [row[name] for name in ROMAN]
        beyond = 1.0001 if row["rule"] == "at_most" else 0.9999
        for limit in limits:
            first = limits.index(limit) + 1
            after = next(
                (n for n, other in enumerate(limits, 1) if n > first and other != limit), 6
            )
            assert class_of(item, limit, body) == first, (item, limit)
            assert class_of(item, limit * beyond, body) == after, (item, limit)
            edges += 1
    assert edges == 5 * (len(LIMITS) - 2)


def test_oxygen_at_ninety_per_cent_of_saturation_is_of_the_first_class(
    workspace, hand_in, explained
):
    """GB 3838-2002 table 1: 90 % saturation (or 7.5 mg/L). 6.8 mg/L at 89.9 % is class Ⅱ, at 90 %
    class Ⅰ. The year counts it only where every month has it: (92 + 90) / 2, then none.
    """
    hand_in("water_sections", [SECTION | {"断面编号": "S1", "河流": "甲河", "水体类型": "河流"}])

    def month(number, saturation):
        about = {"断面编号": "S1", "月份": f"2025年{number}月", "溶解氧": 6.8}
        hand_in("water_section_months", [about | {"溶解氧饱和率（%）": saturation}])

    def year_class():
        (row,) = workspace.execute("water_year_results").to_pylist()
        return row["water_class"]

    month(1, 89.9)
    month(2, 90)
    rows = {row["month"]: row for row in workspace.execute("water_results").to_pylist()}
    assert (rows[1]["water_class"], rows[2]["water_class"]) == (2, 1)
    month(1, 92)
    assert year_class() == 1
    explained("water_results", "water_year_results")
    month(3, "")
    assert year_class() == 2


def test_limits_agree_with_a_second_independent_source(facts):
    """Silence.Water (MIT, 3b8cbe9) transcribed the standard apart from us: 23 rows of table 1."""
    path = facts / "nature" / "data" / "gb3838_limits_silence_water.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        theirs = {row["item_zh"]: row for row in csv.DictReader(file)}
    names = {"六价铬": ("铬（六价）", "river"), "总磷_河流": ("总磷", "river")}
    names |= {"总磷_湖库": ("总磷", "lake"), "总氮": ("总氮", "lake")}
    ids = {row["name_zh"]: item for item, row in ITEMS.items()}
    compared = 0
    for name, row in theirs.items():
        zh, body = names.get(name, (name, "river"))
        if zh not in ids or (ids[zh], body) not in LIMITS or row["n_limits"] != "5":
            continue
        ours = [LIMITS[ids[zh], body][column] for column in ROMAN]
        assert ours == [float(row[f"class_{n}"]) for n in range(1, 6)], name
        compared += 1
    assert compared == 23


def river_weeks(facts):
    path = facts / "nature" / "data" / "river_weekly_class_sample.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_forty_eight_of_forty_eight_published_weeks(workspace, hand_in, facts):
    """Weekly bulletins of CNEMC, 48 rows as they stand, -1 and all: each row is handed in as a
    section of its own, and the class of the account is the one published.
    """
    weeks = river_weeks(facts)
    names = [f"W{n}" for n, _ in enumerate(weeks)]
    hand_in("water_sections", [SECTION | {"断面编号": name} for name in names])
    hand_in(
        "water_section_months",
        [
            {
                "断面编号": name,
                "月份": "2017年3月",
                "pH": week["ph"],
                "溶解氧（mg/L）": week["do_mg_l"],
                "高锰酸盐指数（mg/L）": week["codmn_mg_l"],
                "氨氮（mg/L）": week["nh3n_mg_l"],
            }
            for name, week in zip(names, weeks, strict=True)
        ],
    )
    rows = workspace.execute("water_month_classes").to_pylist()
    ours = {row["section"]: row["water_class"] for row in rows}
    published = [int(week["published_class"]) for week in weeks]
    assert len(weeks) == 48 and [ours[name] for name in names] == published
    without_oxygen = names[[week["do_mg_l"] for week in weeks].index("-1")]
    assert next(row["items"] for row in rows if row["section"] == without_oxygen) == 3


def test_the_published_exceedance_of_guangdong():
    """Ammonia of 2016 Q2 「超标1.3倍」 of the limit: 2.3 mg/L at class Ⅲ is (2.3 - 1.0) / 1.0."""
    assert times_over(2.3, LIMITS["ammonia_nitrogen", "river"]["class_3"]) == pytest.approx(1.3)


def month(section, number, **results):
    return {"断面编号": section, "月份": f"2024-{number:02d}", **results}


def fair(section, year_of=None, ammonia=0.4, months=range(1, 13)):
    return [month(section, n, 氨氮=ammonia, pH=7.5, 总磷=0.05) for n in months]


@pytest.fixture
def seventy_four(hand_in):
    """74 national sections of 2024, five of them of class Ⅳ; one municipal one, worse than Ⅴ."""
    names = [f"CQ{n:02d}" for n in range(74)]
    hand_in("water_sections", [SECTION | {"断面编号": name} for name in names])
    city = {"断面编号": "SK1", "地区": "涪陵区", "控制级别": "市控"}
    hand_in("water_sections", [city])
    rows = [
        row for n, name in enumerate(names) for row in fair(name, ammonia=1.2 if n < 5 else 0.4)
    ]
    hand_in("water_section_months", [*rows, *fair("SK1", ammonia=3.0)])
    return names


def test_the_share_is_count_and_share_and_the_goal_of_95_1_says_it_cannot_be_met_exactly(
    seventy_four, workspace, hand_in, tmp_path
):
    """By hand: 69 of 74 are 93.24 %. 95.1 % of 74 is 70.37: 70 are 94.6 %, 71 are 95.9 %, so three
    may fail and five do; one corrected section makes it 70 of 74. The sheet of a station with a
    line of units has ammonia of 1.2 mg/L in eight months of 2025: class Ⅳ by 0.2 of its limit; the
    four months left may be (12 − 9.6) / 4 = 0.6.
    """
    shares = {
        (row["place"], row["control"]): row
        for row in workspace.execute("water_good_share").to_pylist()
    }
    national = shares["500000", "national"]
    assert (national["sections"], national["good"], national["registered"]) == (74, 69, 74)
    assert national["share"] == pytest.approx(100 * 69 / 74) and national["missing"] is None
    assert shares["500000", "municipal"]["worse_than_5"] == 1
    assert ("500156", "municipal") not in shares
    tree = workspace.explain(
        "water_good_share", {"place": "500000", "control": "national", "year": 2024}
    )
    rows = {leaf.name for leaf in tree.leaves() if leaf.kind == "ledger"}
    assert {"water_section_months", "water_sections"} <= rows, "followed to the rows of the files"
    tree = workspace.explain(
        "water_good_share", {"place": "500102", "control": "municipal", "year": 2024}
    )
    sections = {leaf.values["section"] for leaf in tree.leaves() if leaf.kind == "ledger"}
    assert sections == {"SK1"}, "a district's share rests on its own sections"
    (slack,) = [
        row
        for row in workspace.execute("water_good_slack").to_pylist()
        if row["target_id"] == "cq-water-good-2027"
    ]
    assert (slack["least_good"], slack["may_fail"], slack["failing"]) == (71, 3, 5)
    assert slack["may_still_fail"] == -2
    assert slack["share_of_least"] == pytest.approx(95.9459, abs=1e-3)
    assert slack["note"] == "water_share_between|74|95.1|70|94.6|71|95.9"
    status = workspace.execute("plan_computed_values").to_pylist()
    values = {(row["indicator"], row["place"]): row["value"] for row in status}
    assert values["surface_water_good", "500000"] == pytest.approx(100 * 69 / 74)
    hand_in("water_section_months", fair("CQ04", ammonia=0.9))
    (slack,) = [
        row
        for row in workspace.execute("water_good_slack").to_pylist()
        if row["target_id"] == "cq-water-good-2027"
    ]
    assert (slack["good"], slack["may_still_fail"]) == (70, -1)

    goal = {"断面编号": "CQ00", "水质目标": "Ⅲ类", "起始日期": "2024-01-01"}
    hand_in("water_section_targets", [goal | {"文件名称": "责任书"}])
    book = openpyxl.Workbook()
    book.active.append(["2025年地表水监测结果（合成数据）"])
    book.active.append(["单位：mg/L（pH无量纲）"])
    book.active.append(["序号", "断面名称", "断面编号", "监测时间", "pH值", "氨氮", "总磷"])
    for number in range(1, 9):
        book.active.append([number, "某桥", "CQ00", f"2025.{number}", 7.5, "1．2", 0.05])
    book.save(tmp_path / "监测站月报.xlsx")
    import_file(
        workspace,
        "water_section_months",
        tmp_path / "监测站月报.xlsx",
        actor=Actor("监测站"),
        approve=True,
    )

    def of_2025(account):
        rows = workspace.execute(account).to_pylist()
        return [row for row in rows if (row["section"], row["year"]) == ("CQ00", 2025)]

    classes = of_2025("water_month_classes")
    assert [row["water_class"] for row in classes] == [4] * 8
    assert {row["main_1"] for row in classes} == {"氨氮"}
    assert classes[0]["over_1"] == pytest.approx(0.2)
    years = workspace.execute("water_year_classes").to_pylist()
    of_2024 = {row["section"]: row["water_class"] for row in years if row["year"] == 2024}
    assert (of_2024["CQ00"], of_2024["CQ04"], of_2024["SK1"]) == (4, 3, 6)
    room = {row["item"]: row["mean_left"] for row in of_2025("water_room")}
    assert room["ammonia_nitrogen"] == pytest.approx(0.6)


def test_the_goal_for_good_sections_gets_its_actual_from_the_months(seventy_four, workspace):
    """No bulletin says anything here, so the share computed from the months decides: 93.2 % is
    below 95.1 %.
    """
    rows = workspace.execute("plan_candidates").to_pylist()
    ours = [
        row
        for row in rows
        if row["target_id"] == "cq-water-good-2027" and row["origin"] == "computed"
    ]
    assert [row["year"] for row in ours] == [2024]
    assert ours[0]["value"] == pytest.approx(100 * 69 / 74)


def test_what_makes_a_section_bad_is_named_worst_first(workspace, hand_in):
    """By hand, class Ⅲ limits 1.0, 0.2, 20, 6: ammonia 2.3 is worse than Ⅴ (1.3 over), COD 42 too
    (1.1 over), phosphorus 0.25 Ⅳ (0.25 over), permanganate 7 Ⅳ (0.167 over) and so not named.
    Oxygen of 1.9 is worse than Ⅴ without times over, nitrogen and coliforms do not count.
    """
    hand_in("water_sections", [SECTION | {"断面编号": "A", "河流": "某河（合成）"}])
    hand_in(
        "water_section_targets",
        [{"断面编号": "A", "水质目标": "Ⅲ类", "起始日期": "2024-01-01", "文件名称": "责任书"}],
    )
    row = {"氨氮": 2.3, "COD": 42, "TP": 0.25, "CODMn": 7, "总氮": 9, "粪大肠菌群": 90000}
    hand_in("water_section_months", [month("A", 1, **row), month("A", 2, **row | {"DO": 1.9})])
    first, second = sorted(
        workspace.execute("water_month_classes").to_pylist(), key=lambda row: row["month"]
    )
    assert (first["water_class"], first["items"], first["meets"]) == (6, 4, False)
    assert [first[f"main_{n}"] for n in (1, 2, 3)] == ["氨氮", "化学需氧量", "总磷"]
    assert [first[f"over_{n}"] for n in (1, 2, 3)] == pytest.approx([1.3, 1.1, 0.25])
    assert {second[f"main_{n}"] for n in (1, 2, 3)} == {"氨氮", "化学需氧量", "溶解氧"}


def test_a_section_that_is_not_registered_and_a_day_before_the_standard_have_no_class(
    workspace, hand_in
):
    hand_in("water_sections", [SECTION | {"断面编号": "A"}])
    hand_in(
        "water_section_months",
        [month("B", 1, 氨氮=0.3), {"断面编号": "A", "月份": "2002-05", "氨氮": 0.3}],
    )
    said = {row["section"]: row for row in workspace.execute("water_month_classes").to_pylist()}
    assert said["A"]["water_class"] is None and said["A"]["missing"] == "water_limits_lacking"
    assert said["B"]["water_class"] is None and said["B"]["missing"] == "water_section_unknown"


def test_a_lake_has_limits_of_its_own(workspace, hand_in):
    """Phosphorus of 0.15: class Ⅲ of a river (0.2), class Ⅴ of a lake (0.1 to 0.2)."""
    hand_in(
        "water_sections",
        [
            SECTION | {"断面编号": name, "水体类型": kind}
            for name, kind in (("R", "河流"), ("L", "湖库"))
        ],
    )
    hand_in("water_section_months", [month(name, 1, 总磷=0.15) for name in "RL"])
    said = {
        r["section"]: r["water_class"] for r in workspace.execute("water_month_classes").to_pylist()
    }
    assert said == {"R": 3, "L": 5}


def test_what_is_left_of_the_year_for_the_mean_to_hold(workspace, hand_in, explained):
    """By hand: eight months of 1.2 mg/L ammonia under a limit of 1.0: (12 - 9.6) / 4 = 0.6 mg/L for
    the four that are left; ten of 1.3: (12 - 13) / 2 < 0, it cannot be met.
    """
    hand_in("water_sections", [SECTION | {"断面编号": name} for name in "AB"])
    goal = {"水质目标": "Ⅲ", "起始日期": "2024-01-01", "文件名称": "责任书"}
    hand_in("water_section_targets", [goal | {"断面编号": name} for name in "AB"])
    hand_in(
        "water_section_months",
        [*fair("A", ammonia=1.2, months=range(1, 9)), *fair("B", ammonia=1.3, months=range(1, 11))],
    )
    room = {
        row["section"]: row["mean_left"]
        for row in workspace.execute("water_room").to_pylist()
        if row["item"] == "ammonia_nitrogen"
    }
    assert room["A"] == pytest.approx(0.6) and room["B"] == pytest.approx(-0.5)
    explained("water_room")


def test_units_and_order_change_nothing_and_every_row_is_explained(workspace, hand_in, explained):
    """The same results in μg/L and in another order of rows."""
    hand_in("water_sections", [SECTION | {"断面编号": name} for name in "ABC"])
    results = [month(s, n, 氨氮=0.3 * n, 总磷=0.01 * n) for s in "ABC" for n in (1, 2, 3)]
    hand_in("water_section_months", results)
    before = {r["section"]: r for r in workspace.execute("water_year_classes").to_pylist()}
    scaled = [
        {
            "断面编号": row["断面编号"],
            "月份": row["月份"],
            "氨氮（μg/L）": row["氨氮"] * 1000,
            "总磷（微克/升）": row["总磷"] * 1000,
        }
        for row in reversed(results)
    ]
    hand_in("water_section_months", scaled)
    after = {r["section"]: r for r in workspace.execute("water_year_classes").to_pylist()}
    assert after == before and before["A"]["water_class"] == 3
    explained("water_results", "water_month_classes", "water_year_classes", "water_good_share")
    explained("water_year_results", "water_placed_months", "water_good_slack")


SIZE = st.floats(0.001, 1000, allow_nan=False)


@given(SIZE, st.floats(1, 10), st.sampled_from(sorted({item for item, _ in LIMITS} - {"ph"})))
def test_more_of_a_pollutant_never_betters_the_class(value, factor, item):
    body = "lake" if item == "total_nitrogen" else "river"
    better, worse = class_of(item, value, body), class_of(item, value * factor, body)
    rising = LIMITS[item, body]["rule"] == "at_most"
    assert (better <= worse) if rising else (better >= worse)


@given(st.floats(1, 100), st.integers(1, 500))
def test_the_least_count_reaches_the_goal_and_one_less_does_not(goal, whole):
    least = least_count(goal, whole)
    assert 100 * least / whole >= goal * (1 - 1e-8)
    assert 100 * (least - 1) / whole < goal


@given(st.floats(0.1, 5), st.floats(0.1, 5), st.integers(1, 11))
def test_the_mean_left_makes_the_year_meet_the_limit(limit, mean, months):
    left = mean_left(limit, mean, months, 12.0)
    assert math.isclose((mean * months + left * (12 - months)) / 12, limit, abs_tol=1e-9)


def rated(workspace, hand_in, levels):
    """The quality of a river whose sections have these means of ammonia all year."""
    names = [f"V{n}" for n in range(len(levels))]
    river = SECTION | {"河流": "甲河（合成）"}
    hand_in("water_sections", [river | {"断面编号": name} for name in names])
    rows = [
        row for name, level in zip(names, levels, strict=True) for row in fair(name, None, level)
    ]
    hand_in("water_section_months", rows)
    (row,) = workspace.execute("water_rivers").to_pylist()
    return row


@pytest.mark.parametrize(
    ("levels", "quality"),
    [
        ([0.4] * 9 + [1.2], "excellent"),
        ([0.4] * 8 + [1.2] * 2, "good"),
        ([0.4] * 3 + [1.2], "good"),
        ([0.4] * 5 + [1.2] * 5, "light"),
        ([0.4] * 7 + [1.2] + [3.0] * 2, "moderate"),
        ([0.4] * 6 + [3.0] * 4, "heavy"),
    ],
)
def test_whole_rivers_by_shares_of_sections_or_by_means_of_few(workspace, hand_in, levels, quality):
    """环办〔2011〕22号: 90 % good sections are excellent, 80 % good, 50 % light while none is worse
    than class Ⅴ, moderate at 20 % of them, heavy at 40 %; of four sections the mean of 0.6 mg/L is
    class Ⅲ, good.
    """
    assert rated(workspace, hand_in, levels)["quality"] == quality
