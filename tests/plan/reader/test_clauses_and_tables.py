"""Numbered heads with their span, and tables of all shapes."""

from hengtan.plan.reader.clauses import clauses_of
from hengtan.plan.reader.normalise import normalise
from hengtan.plan.reader.reading import read


def heads(source):
    return [(c.number, c.title, c.level) for c in clauses_of(normalise(source).text)]


def test_heads_of_all_kinds():
    assert heads(
        "第一章 总则\n一、总体要求\n（一）主要目标。到2025年\n1.绿色工厂\n（1）培育\n"
        "2025年目标\n3.5万吨"
    ) == [
        ("第一章", "总则", 1),
        ("一", "总体要求", 1),
        ("(一)", "主要目标", 2),
        ("1", "绿色工厂", 3),
        ("(1)", "培育", 4),
    ]


def test_a_head_whose_text_runs_on():
    assert heads(
        "一、总体要求坚持以习近平新时代中国特色社会主义思想为指导，全面贯彻党的二十大精神，深入落实"
    )[0] == ("一", "总体要求", 1)


def test_the_span_of_a_clause_ends_at_the_next_of_its_level():
    text = normalise("一、甲\n（一）乙\n丙。\n（二）丁\n二、戊\n己。").text
    spans = {c.number: text[c.start : c.until] for c in clauses_of(text)}
    assert spans["一"].endswith("(二)丁\n")
    assert spans["(一)"] == "(一)乙\n丙。\n"
    assert spans["二"] == "二、戊\n己。"


TABLE = """| 序号 | 指标 | 单位 | 2020年现状值 | 2025年目标值 | 属性 |
| 1 | 单位GDP能耗降低 | % | — | 〔14〕 | 约束性 |
| 2 | 森林覆盖率 | % | 52.5 | 57 | 约束性 |
| 3 | 可再生能源装机（万千瓦） |  | 120 | ≥300 | 预期性 |
| 4 | 空气质量优良天数比率（%） |  | 88.1 | 90以上 | 约束性 |
| 5 | 完成上级任务 | % | 90 | 完成下达任务 | 约束性 |
"""


def test_a_table_with_present_values(targets):
    assert targets(TABLE, 2021) == [
        "单位GDP能耗 | decrease_by | 14 | % | 2025 | 2020",
        "森林覆盖率 | >= | 57 | % | 2025",
        "可再生能源装机 | >= | 300 | 万千瓦 | 2025",
        "空气质量优良天数比率 | >= | 90 | % | 2025",
    ]


def test_binding_and_expected_are_read_from_their_column():
    assert [target.binding for target in read(TABLE, 2021).targets] == [
        "约束性",
        "约束性",
        "预期性",
        "约束性",
    ]


TWO_LINES = """| 指标 | 单位 | 现状 | 目标 | | 性质 |
| | | 2023年 | 2025年 | 2027年 | |
| 轨道里程 | 公里 | 500 | 600 | 850 | 预期性 |"""


def test_a_header_on_two_lines(targets):
    assert targets(TWO_LINES, None) == [
        "轨道里程 | >= | 600 | 公里 | 2025",
        "轨道里程 | >= | 850 | 公里 | 2027",
    ]


TWO_TABLES = """| 指标 | 2020年 | 2025年 |
| 森林覆盖率（%） | 45 | 57 |

| 指标 | 2025年目标 | 2030年目标 | 属性 |
| 湿地保护率（%） | 55 | 60 | 约束性 |
到2025年,全面推行。"""


def test_two_tables_one_after_the_other(targets):
    assert targets(TWO_TABLES, None) == [
        "森林覆盖率 | >= | 57 | % | 2025",
        "湿地保护率 | >= | 55 | % | 2025",
        "湿地保护率 | >= | 60 | % | 2030",
    ]


def bases(source, year=2021):
    """Name, operator, value, base year, and the figure of a year that has been."""
    return [
        (
            t.indicator,
            t.operator,
            t.value,
            t.base_year,
            t.base_value_year,
            t.base_value,
            t.base_unit,
        )
        for t in read(source, year).targets
    ]


def test_the_column_of_the_base_year_gives_the_base_value():
    table = """| 指标 | 单位 | 2020年(基期) | 2025年目标 |
| 单位产值能耗 | 吨标准煤/万元 | 0.52 | 下降14% |
| 甲产业产值 | 亿元 | 1,200 | 增长50% |
| 丙产业产值 | 亿元 | 300 | 比2015年增长90% |
| 单位产值电耗降低率 | % | 13.5 | 14 |
| 单位产值水耗 | % | 〔18〕 | 〔-16〕 |
| 农膜回收率 | % | 80% | 85 |
| 充电桩 | 个 | — | 500 |
"""
    assert bases(table) == [
        ("单位产值能耗", "decrease_by", "14", 2020, 2020, "0.52", "吨标准煤/万元"),
        ("甲产业产值", "increase_by", "50", 2020, 2020, "1200", "亿元"),
        # another base than the column's; a change of the period before; a sum; none printed
        ("丙产业产值", "increase_by", "90", 2015, None, "", ""),
        ("单位产值电耗", "decrease_by", "14", 2020, None, "", ""),
        ("单位产值水耗", "decrease_by", "16", 2020, 2020, "", ""),
        ("农膜回收率", ">=", "85", None, 2020, "80", "%"),
        ("充电桩", ">=", "500", None, 2020, "", ""),
    ]


def test_of_several_years_that_have_been_each_change_takes_its_own():
    table = """| 指标 | 单位 | 实际值 | | 目标值 |
| | | 2015年 | 2020年 | 2025年 |
| 甲产业产值 | 亿元 | 50 | 80 | 比2015年增长90% |
| 乙产业产值 | 亿元 | 50 | 80 | 增长50% |
| 森林覆盖率 | % | 40 | 45 | 50 |
"""
    assert [row[3:6] for row in bases(table)] == [
        (2015, 2015, "50"),
        (2020, 2020, "80"),
        (None, 2020, "45"),
    ]


def test_a_present_value_without_a_year_is_kept_without_one():
    table = "| 指标 | 现状值 | 2025年目标值 |\n| 轨道里程(公里) | 500 | 600 |\n"
    assert bases(table) == [("轨道里程", ">=", "600", None, None, "500", "公里")]
