"""A unit of another kind than its energy product (steam in t, gas in t, power in tce) is an error
at import: it would leave every total without a word.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from hengtan.desk.unit_checks import unit_findings

HEADER = "地区,统一社会信用代码,单位名称,时期,能源品种,计量单位,消费量,采用折标系数\n"


@pytest.fixture
def misfits(national, import_of):
    """Row and column of the units of another kind in a case or a file."""

    def of(form_id, source):
        reading = import_of(form_id, source)
        assert reading.errors == []
        findings = unit_findings(national.pack, form_id, reading, "表")
        return [(f.level, f.code, f.where.row) for f in findings]

    return of


@pytest.mark.parametrize("case", ["k06a", "k06b", "k06d"])
def test_steam_gas_and_lpg_in_units_of_another_kind(misfits, case):
    assert misfits("enterprise_energy", case) == [("error", "product-unit", 3)]


@pytest.mark.parametrize(
    ("product", "unit", "fits"),
    [
        ("电力", "吨标准煤", False),
        ("原煤", "万立方米", False),
        ("焦炉煤气", "吨", False),
        ("汽油", "升", False),
        ("热力", "吨", False),
        ("电力", "百万千焦", False),
        ("电力", "万千瓦时", True),
        ("原煤", "公斤", True),
        ("天然气", "亿立方米", True),
        ("热力", "百万千焦", True),
        ("其他燃料", "吨标准煤", True),
    ],
)
def test_kinds_of_units_of_products(misfits, text_file, product, unit, fits):
    row = f"青禾区,91889901MA5U00015X,巳木厂,2023,{product},{unit},10,1\n"
    expected = [] if fits else [("error", "product-unit", 2)]
    assert misfits("enterprise_energy", text_file(HEADER + row)) == expected


@pytest.mark.parametrize(
    ("kind", "unit", "fits"),
    [
        ("实物量", "万吨", True),
        ("实物量", "万吨标准煤", False),
        ("标准量", "万吨标准煤", True),
        ("标准量", "万吨", False),
    ],
)
def test_quantities_of_a_balance(misfits, text_file, kind, unit, fits):
    way = "当量值" if kind == "标准量" else "不适用"
    path = text_file(
        f"地区,年份,品种,项目,数量种类,折算方法,数值,计量单位\n虚岭市,2024,原煤,消费量合计,{kind},{way},5,{unit}\n"
    )
    expected = [] if fits else [("error", "product-unit", 2)]
    assert misfits("regional_balance", path) == expected


@pytest.mark.parametrize(
    ("value", "asked"),
    [("0.67", ["67"]), ("6700", ["67"]), ("67", []), ("6.7", []), ("0", [])],
)
def test_a_percentage_a_hundredfold_off_its_goal_is_asked_about(import_of, text_file, value, asked):
    """The plan wants 68 %; 0.67 is a share of one where per cent belongs."""
    goal = {"indicator": "forest_cover", "region": "889901", "unit": "%", "measure": "level"}
    pack = SimpleNamespace(rows=lambda name: [goal | {"value": "68"}] if name == "targets" else [])
    head = "地区,指标,时期,数值,计量单位,来源\n"
    path = text_file(f"{head}青禾区,森林覆盖率,2024,{value},%,年鉴\n")
    findings = unit_findings(pack, "indicator_values", import_of("indicator_values", path), "表")
    assert [f.todo.rpartition(" ")[2] for f in findings] == asked
    assert {f.code for f in findings} <= {"hundredfold-goal"}
