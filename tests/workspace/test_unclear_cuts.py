"""A cut says what it is against: since the base year, or on the year before."""

import pytest

from hengtan.basis.actor import Actor
from hengtan.desk.evidence import import_file

HEAD = "地区,指标,时期,数值,计量单位,来源,降幅口径\n"


@pytest.mark.parametrize(
    ("row", "warned"),
    [
        # the plan's goal is a cut over 2020–2027
        ("重庆市,单位GDP能耗（降低率）,2024年,3.1,%,统计公报,", True),
        ("重庆市,单位GDP能耗（降低率）,2024年,12.4,%,统计公报,", True),
        ("重庆市,单位GDP能耗（降低率）,2024年,3.1,%,统计公报,比上年", False),
        ("重庆市,单位GDP能耗（降低率）,2024年,12.4,%,统计公报,比基年累计", False),
        ("重庆市,单位GDP能耗（降低率）,2021年,3.1,%,统计公报,", False),  # both are the same then
        ("重庆市,单位GDP能耗（降低率）,2024年,0.36,吨标准煤/万元,统计公报,", False),  # no cut
        ("重庆市,单位地区生产总值能耗,2024年,12.4,%,统计公报,", True),
        ("重庆市,单位地区生产总值能耗降低率,2024年,12.4,%,统计公报,", True),
        ("重庆市,单位GDP能耗降低,2024年,12.4,%,统计公报,", True),
        ("重庆市,森林覆盖率,2024年,55,%,统计公报,", False),  # a level
    ],
)
def test_a_cut_that_does_not_say_against_what_is_asked_about(workspace, tmp_path, row, warned):
    path = tmp_path / "降幅.csv"
    path.write_text(HEAD + row + "\n", encoding="utf-8")
    report = import_file(workspace, "indicator_values", path, actor=Actor("甲"), dry_run=True)
    codes = [finding.code for finding in report.findings]
    assert ("cut-unclear" in codes) is warned, [f.zh for f in report.findings]


def test_an_indicators_own_name_is_not_another_ones_written_otherwise():
    from hengtan.desk.lookups import _own_names_first

    rows = [
        {"indicator": "a", "name_zh": "单位GDP能耗（降低率）", "name_en": ""},
        {"indicator": "b", "name_zh": "单位GDP能耗", "name_en": ""},
    ]
    # 单位GDP能耗 is also how the first one is written without its brackets
    named = {"单位GDP能耗": ["a", "b"], "单位GDP能耗（降低率）": ["a"], "单位GDP能耗降低率": ["a"]}
    _own_names_first(named, rows)
    assert named == {
        "单位GDP能耗": ["b"],
        "单位GDP能耗（降低率）": ["a"],
        "单位GDP能耗降低率": ["a"],
    }
