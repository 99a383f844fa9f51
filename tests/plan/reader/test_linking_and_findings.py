"""Names to known indicators, differences of scope, and what does not agree within a plan."""

import pytest

from hengtan import packs
from hengtan.plan.reader.documents import Document
from hengtan.plan.reader.draft import draft_of
from hengtan.plan.reader.heads import clause_refs, title_of
from hengtan.plan.reader.linking import Indicators, likeness, scope_difference
from hengtan.plan.reader.reading import read
from hengtan.plan.reader.target_rows import added_base


@pytest.fixture(scope="module")
def known():
    return Indicators(packs.load("cn").rows("indicators"))


@pytest.mark.parametrize(
    ("name", "unit", "indicator"),
    [
        ("森林覆盖率", "%", "forest_cover"),
        ("单位地区生产总值能耗", "%", "energy_intensity_gdp"),
        ("万元GDP能耗", "%", "energy_intensity_gdp"),
        ("空气质量优良天数比率", "%", "good_air_days"),
        ("绿色工厂", "家", "green_factories"),
        ("化肥利用率", "%", "fertilizer_use_efficiency"),
        ("农作物秸秆综合利用率", "%", "straw_utilisation"),
    ],
)
def test_names_find_their_indicator(known, name, unit, indicator):
    link = known.link(name, unit)
    assert link.relation in ("same", "close")
    assert known.shown[link.indicator] == known.shown.get(indicator, known.shown[link.indicator])


def test_a_difference_of_scope_is_told_and_never_linked(known):
    link = known.link("高技术产业增加值占规模以上工业增加值比重", "%")
    assert link.indicator == ""
    assert known.shown[link.near] in (
        "高技术产业占规上工业总产值比重",
        "战略性新兴产业增加值占规上工业增加值比重",
    )
    assert "≠" in link.differs
    of_value, of_output = (
        known.link("战略性新兴产业增加值占规模以上工业增加值比重", "%"),
        known.link("战略性新兴产业占规模以上工业总产值比重", "%"),
    )
    assert "" != of_value.indicator != of_output.indicator != ""


def test_units_of_another_kind_never_link(known):
    assert known.link("森林覆盖率", "万亩").indicator == ""


def test_an_unknown_name_is_new(known):
    assert known.link("骑行步道贯通段数", "条").relation == "new"


def test_likeness_is_symmetric_and_scope_has_words():
    assert likeness("森林覆盖率", "林木覆盖率") == likeness("林木覆盖率", "森林覆盖率") < 1
    assert (
        scope_difference("占规模以上工业增加值比重", "占规模以上工业总产值比重") == "增加值≠总产值"
    )
    assert scope_difference("占规模以上工业总产值比重", "占规上工业总产值比重") == ""


def findings(text, known):
    return [
        f.code
        for f in draft_of(Document("规划.txt", "txt", text), known, plan="p", year=2022).findings
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("到2025年,森林覆盖率达到57%。\n到2025年,森林覆盖率达到58%。", "two_values"),
        ("到2025年,森林覆盖率达到58%;到2030年,森林覆盖率达到57%。", "wrong_way"),
        (
            "到2025年,煤炭消费总量控制在100万吨以内;到2030年,煤炭消费总量控制在120万吨以内。",
            "wrong_way",
        ),
        ("到2025年,单位GDP能耗下降14%。", "base_missing"),
        (
            "到2025年,光伏装机达到500万千瓦,其中分布式光伏装机达到300万千瓦、集中式光伏装机达到250万千瓦。",
            "parts_exceed_whole",
        ),
        ("第一段没有数值。", ""),
    ],
)
def test_findings(text, code, known):
    if code == "base_missing":
        code = "base_year_missing"
    assert code in findings(text, known)


def test_a_sound_plan_has_none(known):
    assert (
        findings(
            "到2025年,光伏装机达到500万千瓦,其中分布式光伏装机达到300万千瓦、集中式光伏装机达到200万千瓦,单位GDP能耗比2020年下降14%,力争下降15%;到2030年,光伏装机达到1000万千瓦。",
            known,
        )
        == []
    )


HEAD = "| 指标 | 单位 | 2025年 | 2030年 |\n"
TASKS = "| 序号 | 重点任务 | 目标要求 | 牵头单位 | 完成时限 |\n"


@pytest.mark.parametrize(
    ("said", "table", "code", "quotes"),
    [
        # one value, two years: in the columns of a table, in a table of tasks, in another unit
        (
            "到2025年,再生水利用率达到25%。",
            HEAD + "| 再生水利用率 | % | | 25 |",
            "two_deadlines",
            ("再生水利用率达到25%", "再生水利用率 | % | | 25"),
        ),
        (
            "到2025年,完成燃煤锅炉改造30台。",
            TASKS + "| 1 | 锅炉改造 | 完成燃煤锅炉改造30台 | 县能源局 | 2024年底 |",
            "two_deadlines",
            ("完成燃煤锅炉改造30台", "完成燃煤锅炉改造30台"),
        ),
        (
            "到2025年,光伏装机达到1.2亿千瓦。",
            HEAD + "| 光伏装机 | 万千瓦 | | 12000 |",
            "two_deadlines",
            ("光伏装机达到1.2亿千瓦", "光伏装机 | 万千瓦 | | 12000"),
        ),
        # one year, two values; the table leaves a letter of the name out, or gives a change
        (
            "到2025年,再生水利用率达到25%。",
            HEAD + "| 再生水利用率 | % | 26 | 30 |",
            "two_values",
            ("再生水利用率达到25%", "再生水利用率 | % | 26"),
        ),
        (
            "到2025年,废旧农膜回收率达到85%。",
            HEAD + "| 农膜回收率 | % | 82 | 90 |",
            "two_values",
            ("废旧农膜回收率达到85%", "农膜回收率 | % | 82"),
        ),
        (
            "到2025年,单位产值能耗比2020年下降14%。",
            "| 指标 | 单位 | 2020年 | 2025年 |\n| 单位产值能耗 | 吨标准煤/万元 | 0.5 | 下降13.5% |",
            "two_values",
            ("单位产值能耗比2020年下降14%", "单位产值能耗 | 吨标准煤/万元 | 0.5 | 下降13.5%"),
        ),
    ],
)
def test_text_and_table_that_differ_are_one_finding_with_both_quotes(
    said, table, code, quotes, known
):
    draft = draft_of(Document("规划.txt", "txt", f"{said}\n{table}\n"), known, plan="p", year=2022)
    (alone,) = [f for f in draft.findings if f.code in ("two_values", "two_deadlines")]
    assert alone.code == code
    for quote in quotes:
        assert f"“{quote}”" in alone.zh
        assert f"'{quote}'" in alone.en
    doubted = [t for t in draft.targets if "said otherwise elsewhere" in t.doubts]
    assert len(doubted) == 2
    assert all(t.confidence < 0.9 for t in doubted)


@pytest.mark.parametrize(
    "text",
    [
        # repeated in the table, which asks the same of a later year too
        f"到2025年,再生水利用率达到25%。\n{HEAD}| 再生水利用率 | % | 25 | 25 |\n",
        # another scope, another region, each year and once, a stretch aim
        f"到2025年,城市污水处理率达到98%。\n{HEAD}| 农村污水处理率 | % | 80 | 98 |\n",
        f"到2025年,污水处理率达到98%。\n{HEAD}| 农村污水处理率 | % | 80 | 85 |\n",
        "到2025年,每年新增造林面积2万亩。\n| 指标 | 单位 | 2030年 |\n| 新增造林面积 | 万亩 | 2 |\n",
        f"到2025年,再生水利用率达到25%,力争达到28%。\n{HEAD}| 再生水利用率 | % | 25 | 30 |\n",
        # one value of two things
        f"到2025年,再生水利用率达到25%。\n{HEAD}| 绿色建筑占比 | % | 20 | 25 |\n",
    ],
)
def test_what_does_not_contradict_is_no_finding(text, known):
    assert not {"two_values", "two_deadlines"} & set(findings(text, known))


@pytest.mark.parametrize(
    ("deadline", "base"), [(2025, 2020), (2027, 2025), (2030, 2025), (2026, 2025)]
)
def test_additions_count_from_the_end_of_the_plan_before(deadline, base):
    assert added_base(deadline) == base


def test_refs_are_unique_and_titles_found():
    reading = read(
        "某市“十四五”节能减排\n综合工作方案\n一、总体要求\n（一）目标\n甲。\n二、任务\n（一）工业\n乙。\n（二）建筑\n丙。"
    )
    refs = clause_refs(reading.clauses, "p")
    assert list(refs.values()) == ["p:一", "p:一(一)", "p:二", "p:二(一)", "p:(二)"]
    assert title_of(reading.text, reading.clauses) == "某市“十四五”节能减排综合工作方案"


def test_milestones_systems_and_departments(known):
    text = (
        "（一）建设平台。2026年前建成碳排放监测平台，建立健全碳普惠机制。2030年前实现碳达峰。（市生态环境局、市发展改革委按职责分工负责）\n"
        "（二）其他。责任单位：市统计局、各区人民政府\n"
    )
    draft = draft_of(Document("规划.txt", "txt", text), known, plan="p", year=2025)
    assert [(m["deadline"], m["name"]) for m in draft.milestones] == [
        (2026, "建成碳排放监测平台"),
        (2030, "实现碳达峰"),
    ]
    assert {s["name"] for s in draft.systems} == {"碳排放监测平台", "碳普惠机制"}
    assert [(d["name"], d["clause"]) for d in draft.departments] == [
        ("市生态环境局", "p:(一)"),
        ("市发展改革委", "p:(一)"),
        ("市统计局", "p:(二)"),
        ("各区人民政府", "p:(二)"),
    ]
    for row in (*draft.systems, *draft.departments):
        assert text[row["start"] : row["end"]].endswith(row["name"])


def test_the_units_of_the_vocabulary_are_units_of_the_house():
    """Those that a statistic cannot carry alone are known: lengths of voltage, marks of a test,
    mass in air."""
    from hengtan.basis.errors import UnknownUnit
    from hengtan.basis.units import read_unit
    from hengtan.plan.reader.vocabulary import vocabulary

    unknown = set()
    for unit in vocabulary().units:
        try:
            read_unit(unit)
        except UnknownUnit:
            unknown.add(unit)
    assert unknown <= {"mg", "ug", "千伏", "分", "人公里"}
