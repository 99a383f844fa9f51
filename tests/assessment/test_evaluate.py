"""Schemes run as a whole: totals, vetoes, ties, what is missing and what does not exist, other
weights.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan import packs
from hengtan.assessment.evaluate import evaluate, rank_range
from hengtan.assessment.scheme import Assessed, Item, Scheme, Value
from hengtan.basis.errors import HengtanError
from hengtan.workbooks.assessment import scheme_of

GRADES = (("超额完成", 95.0), ("完成", 80.0), ("基本完成", 60.0), ("未完成", 0.0))


@pytest.fixture(scope="module")
def pack():
    return packs.load("cn")


def city(name, *, class_="", last=None, falsified=False, **values):
    return Assessed(
        name,
        name,
        class_,
        {
            k: v if isinstance(v, Value) else Value(*v) if isinstance(v, tuple) else Value(v)
            for k, v in values.items()
        },
        last,
        falsified,
    )


def test_energy_dual_control_by_hand(pack):
    """甲 113 %: 40 + 3 + 52 = 95, over-fulfilled; 乙 87 %: 32 + 58 = 90 and yet not fulfilled;
    丙 112.6 %: 40 + 3 + 45 = 88, fulfilled.
    """
    results = evaluate(
        scheme_of(pack, "energy-dual-control-a"),
        [
            city("甲", goal=(3.4, 3.0), measures=52),
            city("乙", goal=(2.6, 3.0), measures=58),
            city("丙", goal=(3.94, 3.5), measures=45),
        ],
    )
    assert [(r.points, r.grade, r.rank) for r in results] == [
        (95, "超额完成", 1),
        (90, "未完成", 2),
        (88, "完成", 3),
    ]
    assert results[1].grade_reason.startswith("vetoed|")
    assert results[1].as_dict()["grade_reason"].startswith("一票否决：")
    lost = {row.item.id: row.lost for row in results[1].items}
    assert lost == {"goal": 8, "measures": 2}


def test_carbon_intensity_2014_by_hand(pack):
    """25 × 0.9 + 25 + 45 = 92.5, but the year's goal is missed: unqualified; both met: 95,
    excellent.
    """
    results = evaluate(
        scheme_of(pack, "carbon-intensity-2014"),
        [
            city("甲", year=(3.6, 4.0), progress=(9.0, 8.0), measures=45),
            city("乙", year=(4.0, 4.0), progress=(8.0, 8.0), measures=45),
        ],
    )
    assert [(r.points, r.grade) for r in results] == [(92.5, "不合格"), (95, "优秀")]


def test_dual_carbon_grades_by_its_misses(pack):
    scheme = scheme_of(pack, "dual-carbon-2026")
    assert [sum(item.control is kind for item in scheme.items) for kind in (True, False)] == [5, 9]

    def with_missed(*missed, falsified=False):
        values = {
            i.id: Value(0.0 if (i.id in missed) != (i.direction == "lower") else 2.0, 1.0)
            for i in scheme.items
        }
        return Assessed("甲", "甲", "", values, falsified=falsified)

    cases = [
        with_missed(),
        with_missed("dc06"),
        with_missed("dc06", "dc07"),
        with_missed("dc06", "dc07", "dc08"),
        with_missed("dc01"),
        with_missed(falsified=True),
    ]
    grades = [result.as_dict()["grade"] for result in evaluate(scheme, cases)]
    assert grades == ["优秀", "合格", "合格", "不合格", "不合格", "不合格"]


INDEX = Scheme(
    "i",
    "指数",
    (
        Item("a", "森林", 2.0, "efficacy", "higher"),
        Item("b", "能耗", 1.0, "efficacy", "lower"),
        Item("c", "海域", 1.0, "efficacy", "higher"),
    ),
    (),
    "index",
)


def test_the_index_by_hand():
    """甲: 森林 50 of 10–50 → 100, 能耗 4 of 2–4 → 60: (2×100 + 60)/3 = 86.67 without 海域, which it
    has not; 乙: 10 → 60, 2 → 100, 海域 60 alone known → 100: (120 + 100 + 100)/4 = 80.
    """
    results = evaluate(
        INDEX, [city("甲", a=50, b=4, c=Value(applicable=False)), city("乙", a=10, b=2, c=60)]
    )
    assert [round(r.points, 4) for r in results] == [86.6667, 80.0]
    assert [r.rank for r in results] == [1, 2]


def test_what_no_one_reports_keeps_its_weight_with_60():
    """(2×100 + 100 + 60)/4 = 90 and (2×60 + 60 + 60)/4 = 60."""
    results = evaluate(INDEX, [city("甲", a=50, b=2), city("乙", a=10, b=4)])
    assert [r.points for r in results] == [90, 60]
    assert [r.complete for r in results] == [True, True]


def test_what_only_one_has_not_reported_is_not_ranked():
    results = evaluate(INDEX, [city("甲", a=50, b=2, c=1), city("乙", a=10, b=4)])
    assert [(r.complete, r.rank) for r in results] == [(True, 1), (False, None)]


def test_the_2016_index_has_55_items_and_the_published_group_weights(pack):
    scheme = scheme_of(pack, "green-development-2016")
    groups: dict[str, float] = {}
    for item in scheme.items:
        groups[item.group] = groups.get(item.group, 0) + item.points
    assert len(scheme.items) == 55
    published = {
        "资源利用": 29.3,
        "环境治理": 16.5,
        "环境质量": 19.3,
        "生态保护": 16.5,
        "增长质量": 9.2,
        "绿色生活": 9.2,
    }
    assert {name: round(weight, 1) for name, weight in groups.items()} == pytest.approx(
        published, abs=0.06
    )
    assert scheme.confidence == "recalled"


def test_rank_change_and_classes():
    scheme = Scheme(
        "s",
        "方案",
        (
            Item("a", "甲项", 60, "given"),
            Item("b", "乙项", 40, "given", classes=frozenset({"城区"})),
        ),
        GRADES,
    )
    results = evaluate(
        scheme,
        [
            city("甲", class_="城区", a=50, b=30, last=70.0),
            city("乙", class_="山区", a=57, last=90.0),
        ],
    )
    assert [(r.points, r.full) for r in results] == [(80, 100), (57, 60)]
    assert [(r.rank, r.last_rank) for r in results] == [(1, 2), (2, 1)]


def test_what_does_not_apply_gives_its_weight_to_the_rest():
    scheme = Scheme(
        "s", "方案", (Item("a", "甲项", 60, "given"), Item("b", "乙项", 40, "given")), GRADES
    )
    (result,) = evaluate(scheme, [city("甲", a=54, b=Value(applicable=False))])
    assert (result.points, result.full, result.grade) == (90, 100, "完成")


def test_missing_figures_are_told_and_give_no_grade():
    scheme = Scheme(
        "s", "方案", (Item("a", "甲项", 60, "ratio"), Item("b", "乙项", 40, "given")), GRADES
    )
    (result,) = evaluate(scheme, [city("甲", a=Value(3.0, None), b=40)])
    assert (result.grade, result.rank, [row.state for row in result.items]) == (
        "",
        None,
        ["missing", "scored"],
    )


def test_reasons_are_said_in_both_languages():
    scheme = Scheme(
        "s",
        "方案",
        (
            Item("a", "能耗", 40, "ratio", "lower", unit="%", bonus_each=0.1, bonus_points=3),
            Item("b", "空气", 10, "per_unit", "lower", unit="天", per=0.5),
            Item("c", "措施", 20, "given"),
            Item("d", "事件", 5, "event", per=1.5),
            Item("e", "进度", 25, "pair", pair=(25, 20, 15, 0)),
        ),
    )
    pair = Value(year_met=True, progress_met=False)
    (result,) = evaluate(scheme, [city("甲", a=(125, 100), b=(38, 35), c=12, d=2, e=pair)])
    assert [row["reason"] for row in result.as_dict()["items"]] == [
        "实绩125%，目标≤100%，未达标，完成率80.0%",
        "实绩38天，目标≤35天，未达标，差3，每单位扣0.5分",
        "评定12分",
        "2起，每起扣1.5分",
        "年度完成，进度落后",
    ]
    assert result.as_dict("en")["items"][0]["reason"] == (
        "actual 125 %, goal ≤ 100 %, missed, completion 80.0%"
    )


def test_other_weights():
    scheme = Scheme("s", "方案", (Item("a", "甲项", 50, "given"), Item("b", "乙项", 50, "given")))
    results = evaluate(
        scheme, [city("甲", a=50, b=40), city("乙", a=40, b=49), city("丙", a=10, b=10)]
    )
    spans = rank_range(results, draws=500)
    assert [span[:2] for span in spans] == [(1, 2), (1, 2), (3, 3)]
    assert spans[2][2] == 1.0
    assert spans[0][2] + spans[1][2] == pytest.approx(2 * spans[0][2])
    assert rank_range(results, draws=500) == spans
    assert [span[:2] for span in rank_range(results, spread=0.0, draws=10)] == [
        (1, 1),
        (2, 2),
        (3, 3),
    ]


@given(st.lists(st.lists(st.floats(0, 10), min_size=3, max_size=3), min_size=1, max_size=12))
def test_points_add_up_and_what_is_lost_explains_the_rest(rows):
    scheme = Scheme(
        "s", "方案", tuple(Item(f"i{k}", f"项{k}", 10, "given") for k in range(3)), GRADES
    )
    for result in evaluate(
        scheme,
        [city(str(n), **{f"i{k}": v for k, v in enumerate(row)}) for n, row in enumerate(rows)],
    ):
        assert result.points == pytest.approx(sum(row.points for row in result.items))
        assert result.points + sum(row.lost for row in result.items) == pytest.approx(30)


@pytest.mark.parametrize(
    ("items", "grades", "column"),
    [
        ((), GRADES, None),
        ((Item("a", "甲", 10, "无"),), GRADES, "计分方式"),
        ((Item("a", "甲", 10, "given", "无"),), GRADES, "方向"),
        ((Item("a", "甲", -1, "given"),), GRADES, "满分"),
        ((Item("a", "甲", 10, "step"),), GRADES, "分段"),
        ((Item("a", "甲", 10, "per_unit"),), GRADES, "每单位扣分"),
        ((Item("a", "甲", 10, "given"),) * 2, GRADES, "编号"),
        ((Item("a", "甲", 10, "given"),), (("合格", 60.0), ("优秀", 90.0)), None),
    ],
)
def test_a_bad_scheme_is_refused(items, grades, column):
    with pytest.raises(HengtanError) as refused:
        evaluate(Scheme("s", "方案", items, grades), [])
    assert column is None or refused.value.where.column == column
