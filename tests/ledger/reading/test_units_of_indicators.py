"""A value of an indicator in a unit of another kind is an error at import, which says where the
figure would belong; what converts is read, and so is a stated change in per cent.
"""

from __future__ import annotations

from types import SimpleNamespace

import pyarrow as pa
import pytest

from hengtan import packs
from hengtan.basis.actor import Actor
from hengtan.basis.errors import ImportRejected
from hengtan.desk.evidence import import_file
from hengtan.desk.indicator_units import indicator_misfits
from hengtan.desk.unit_checks import unit_findings

HEAD = "地区,指标,时期,数值,计量单位,降幅口径,来源\n"


@pytest.fixture
def misfits(national, import_of, text_file):
    """Level, row and advice of the units of another kind of some rows."""

    def of(*rows, pack=national.pack):
        lines = "".join(f"青禾区,{row},年鉴\n" for row in rows)
        reading = import_of("indicator_values", text_file(HEAD + lines))
        assert reading.errors == []
        findings = unit_findings(pack, "indicator_values", reading, "表.csv")
        return [f for f in findings if f.code == "indicator-unit"]

    return of


@pytest.mark.parametrize(
    ("indicator", "unit"),
    [
        ("森林覆盖率", "公斤"),
        ("农膜回收率", "吨"),
        ("能源消费总量", "万吨"),
        ("能源消费总量", "亿千瓦时"),
        ("绿色工厂累计数量", "%"),
        ("用水总量", "万吨"),
        ("PM2.5年均浓度", "毫克/升"),
        ("绿色贷款余额", "万美元"),
        ("国土面积", "公里"),
        ("新能源装机规模", "万千瓦时"),
    ],
)
def test_a_unit_of_another_kind_is_an_error(misfits, indicator, unit):
    (finding,) = misfits(f"{indicator},2024,61.5,{unit},")
    assert (finding.level, finding.where.row, finding.where.column) == ("error", 2, "计量单位")
    assert unit in finding.zh and finding.todo and unit in finding.en and finding.todo_en


@pytest.mark.parametrize(
    ("indicator", "unit"),
    [
        ("森林覆盖率", "个百分点"),
        ("能源消费总量", "吨标准煤"),
        ("绿色工厂累计数量", "家"),
        ("绿色贷款余额", "万元"),
        ("PM2.5年均浓度", "毫克/立方米"),
        ("二氧化碳排放总量", "百万吨"),
        ("国土面积", "万亩"),
        ("重污染天数（比率）", "天"),
        ("重污染天数（比率）", "%"),
        ("单位GDP能耗（降低率）", "%"),
        ("单位GDP能耗（降低率）", "吨标准煤/万元"),
    ],
)
def test_what_converts_is_read(misfits, indicator, unit):
    assert misfits(f"{indicator},2024,61.5,{unit},") == []


def test_a_stated_change_may_be_in_per_cent(misfits):
    assert misfits("能源消费总量,2024,3.5,%,比上年", "能源消费总量,2025,2.5,%,比基年累计") == []
    assert len(misfits("能源消费总量,2024,3.5,%,")) == 1


def test_areas_counted_apart_come_with_their_factor(misfits):
    """1 公顷 is 10,000 平方米, so 1 万平方米 is 1 公顷 and 1 平方米 is 0.0001 公顷."""
    whole, square = misfits("公园绿地面积,2024,950,万平方米,", "公园绿地面积,2023,90,平方米,")
    assert "1万平方米＝1公顷" in whole.todo and "1平方米＝0.0001公顷" in square.todo


def pack_of(**tables):
    empty = {"indicators": [], "series": [], "targets": [], "observations": []}
    rows = empty | {"indicator_links": [], "computed_indicators": []} | tables
    return SimpleNamespace(rows=lambda name: rows.get(name, []))


def row_of(indicator, unit):
    fields = {"indicator": indicator, "place": "889901", "value": 61.5, "unit": unit}
    more = {"compared": None, "period_end": None, "_source_row": 2}
    table = pa.Table.from_pylist([fields | more])
    return SimpleNamespace(table=table, mapping={}, sheet=None)


SHARE = {"indicator": "good_air", "name_zh": "优良天数比例", "units": ["%"]}
DAYS = {"series": "good_days", "name_zh": "优良天数"}
OBSERVED = [{"series": "good_days", "unit": "天"}]
LINK = {"series": "good_days", "indicator": "good_air", "relation": "derived"}


@pytest.mark.parametrize(
    ("reported", "unit", "taker"),
    [
        ("good_air", "天", "“优良天数”"),
        ("good_days", "%", "“优良天数比例”"),
        ("good_air", "吨", None),
        ("good_days", "公里", None),
    ],
)
def test_the_indicator_that_would_take_the_figure_is_named(reported, unit, taker):
    pack = pack_of(indicators=[SHARE], series=[DAYS], observations=OBSERVED, indicator_links=[LINK])
    (finding,) = unit_findings(pack, "indicator_values", row_of(reported, unit), "表")
    assert finding.level == "error"
    assert (taker in finding.todo) if taker else ("指标改填" not in finding.todo)


def test_the_parts_of_a_ratio_are_named_too():
    ratio = {"indicator": "good_air", "numerator": "clear", "denominator": "all"}
    parts = [
        {"indicator": "clear", "name_zh": "优良日数", "units": ["天"]},
        {"indicator": "all", "name_zh": "监测站数", "units": ["个"]},
    ]
    pack = pack_of(indicators=[SHARE, *parts], computed_indicators=[ratio])
    (days,) = unit_findings(pack, "indicator_values", row_of("good_air", "天"), "表")
    (sites,) = unit_findings(pack, "indicator_values", row_of("good_air", "座"), "表")
    assert "“优良日数”" in days.todo and "“监测站数”" in sites.todo


@pytest.mark.parametrize("measure", ["cut_from_base", "growth_from_base", "points_up"])
def test_where_only_a_change_is_known_the_level_may_be_in_any_unit(measure):
    own = {"indicator": "leak", "name_zh": "单位产值水耗", "units": ["%"]}
    goal = {"indicator": "leak", "region": "889901", "unit": "%", "measure": measure}
    goal |= {"base_year": "2020", "value": "16"}
    pack = pack_of(indicators=[own], targets=[goal])
    assert unit_findings(pack, "indicator_values", row_of("leak", "立方米/万元"), "表") == []
    level = pack_of(indicators=[own], targets=[goal | {"measure": "level"}])
    assert unit_findings(level, "indicator_values", row_of("leak", "立方米/万元"), "表")


def test_where_the_indicators_unit_is_not_known_nothing_is_certain():
    own = {"indicator": "score", "name_zh": "满意度", "units": ["分值"]}
    pack = pack_of(indicators=[own])
    (finding,) = unit_findings(pack, "indicator_values", row_of("score", "%"), "表")
    assert finding.level == "warning"


@pytest.mark.parametrize("name", ["chongqing", "wulong"])
def test_every_shipped_observation_fits(name):
    pack = packs.load(name)
    rows = [row for row in pack.rows("observations") if row["unit"]]
    table = pa.concat_tables(row_of(row["series"], row["unit"]).table for row in rows)
    findings = indicator_misfits(pack, SimpleNamespace(table=table, mapping={}, sheet=None), "表")
    assert len(rows) > 10 and findings == []


def test_the_import_is_refused_whole(workspace, tmp_path):
    path = tmp_path / "报.csv"
    right, wrong = "武隆区,农膜回收率,2025,91.5,%,,区农委\n", "武隆区,森林覆盖率,2025,65,公斤,,局\n"
    path.write_text(HEAD + right + wrong, encoding="utf-8")
    with pytest.raises(ImportRejected) as refused:
        import_file(workspace, "indicator_values", path, actor=Actor("甲"), approve=True)
    assert "第3行" in str(refused.value) and "forest_cover counts in %" in str(refused.value)
    assert workspace.ledger.submissions() == []
