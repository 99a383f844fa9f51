"""Numbered heads with their span, and tables of all shapes."""

from hengtan.plan.reader.clauses import clauses_of
from hengtan.plan.reader.normalise import normalise


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
    from hengtan.plan.reader.reading import read

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
