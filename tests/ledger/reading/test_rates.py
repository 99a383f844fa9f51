"""Amounts and factors of footprints with a unit in the heading or the cell: converted by the law of
units to the unit of their row, or refused where the kind does not fit.
"""

import pytest

HEAD = "产品系统,时期,过程,方向,名称,{amount},计量单位,{factor},气体,来源\n"
UNIT = "丁木板,2024,压制,{direction},丁木板,1,件,,,表\n"


def rows(*emissions, amount="数量", factor="排放因子"):
    lines = [HEAD.format(amount=amount, factor=factor), UNIT.format(direction="产出")]
    lines += [f"丁木板,2024,压制,排放,{text},表\n" for text in emissions]
    return "".join([*lines, UNIT.format(direction="功能单位")])


def emitted(reading):
    """Kilograms of the emission: amount times factor, both as stored."""
    table = reading.table.to_pylist()[1]
    return table["amount"], table["unit"], table["factor"]


def test_the_footprint_of_a_heading_in_tonnes(import_of):
    reading = import_of("footprint_exchanges", "k02c")
    assert reading.errors == []
    # 2 t of diesel at 3.1 t of CO2 a tonne are 2 × 3100 kg = 6200 kg
    assert emitted(reading) == (2.0, "吨", 3100.0)


@pytest.mark.parametrize(
    ("amount", "factor", "cells", "right"),
    [
        # 2 t × 3.1 kg/kg = 2 t × 3100 kg/t
        ("数量（吨）", "排放因子（kgCO2e/kg）", "柴油,2,,3.1,CO2", (2.0, "吨", 3100.0)),
        # the row's own unit goes before the heading: 2000 kg × 3.1 t/t = 2000 × 3.1 kg/kg
        ("数量", "排放因子（tCO2/t）", "柴油,2000,千克,3.1,CO2", (2000.0, "千克", 3.1)),
        # 5 MWh × 0.57 kg/kWh = 5 × 570 kg/MWh
        ("数量（MWh）", "排放因子（kg CO2e/kWh）", "用电,5,,0.57,", (5.0, "MWh", 570.0)),
        # 300 kWh × 0.57 t/MWh = 300 × 0.57 kg/kWh
        ("数量", "排放因子", "用电,300kWh,,0.57 t/MWh,", (300.0, "kWh", 0.57)),
        (
            "数量（万千瓦时）",
            "排放因子（千克/计量单位）",
            "用电,3,,5700,",
            (3.0, "万千瓦时", 5700.0),
        ),
        ("数量（吨）", "排放因子（吨）", "柴油,2,,3.1,CO2", (2.0, "吨", 3100.0)),
        ("数量（kg）", "排放因子", "柴油,2,,3.1,CO2", (2.0, "kg", 3.1)),
        ("数量(吨)", "排放因子", "逸散,2,,,CH4", (2.0, "吨", None)),
    ],
)
def test_headings_and_cells_with_units(import_of, text_file, amount, factor, cells, right):
    text = rows(cells, amount=amount, factor=factor)
    reading = import_of("footprint_exchanges", text_file(text))
    assert reading.errors == []
    assert emitted(reading) == right


def test_a_row_of_another_unit_than_the_heading_is_told(import_of, text_file):
    text = rows("柴油,2,,3100,CO2", amount="数量（吨）")
    reading = import_of("footprint_exchanges", text_file(text))
    assert [(f.code, f.where.row) for f in reading.findings] == [
        ("unit-differs", 2),
        ("unit-differs", 4),
    ]


def test_a_row_without_a_unit_takes_that_of_its_factor_and_is_told(import_of, text_file):
    text = rows("柴油,2,,3.1,CO2", factor="排放因子（kg/kg）")
    reading = import_of("footprint_exchanges", text_file(text))
    assert emitted(reading) == (2.0, "kg", 3.1)
    assert [(f.code, f.where.row) for f in reading.findings] == [("unit-from-rate", 3)]


@pytest.mark.parametrize(
    ("factor", "cells", "code", "row"),
    [
        ("排放因子（kWh/kg）", "柴油,2,吨,3.1,CO2", "rate-kind", 1),
        ("排放因子（元）", "柴油,2,吨,3.1,CO2", "rate-kind", 1),
        ("排放因子（kg/kWh）", "柴油,2,吨,3.1,CO2", "rate-per", 3),
        ("排放因子", "柴油,2,吨,3.1 元/吨,CO2", "rate-kind", 3),
        ("排放因子", "柴油,2 kWh,吨,3.1,CO2", "unit-conflict", 3),
        ("排放因子（kg/箱子）", "柴油,2,吨,3.1,CO2", "header-unit", 1),
    ],
)
def test_units_of_another_kind_are_refused(import_of, text_file, factor, cells, code, row):
    reading = import_of("footprint_exchanges", text_file(rows(cells, factor=factor)))
    assert [(f.code, f.where.row) for f in reading.errors] == [(code, row)]
    assert reading.table.to_pylist()[1]["factor"] is None or code == "unit-conflict"


def test_a_coefficient_in_kilograms_a_kilogram_is_that_of_the_row(import_of, text_file, values):
    head = "统一社会信用代码,地区,时期,能源名称,计量单位,消费量,采用折标系数（千克标准煤/千克）\n"
    text = head + "91889902MA5U00002X,青禾区,2025,原煤,吨,8,0.7143\n"
    reading = import_of("enterprise_energy", text_file(text))
    # 0.7143 kgce/kg is 0.7143 tce/t
    assert (reading.errors, values(reading, "coefficient")) == ([], [0.7143])


def test_purchases_in_tonnes_without_a_column_of_units(import_of, text_file, values):
    amounts = "采购数量（吨）,其中出口数量（吨）,排放因子（tCO2e/t）"
    head = f"企业代码,时期,供应商代码,采购产品,{amounts},来源\n"
    text = head + "91889902MA5U00002X,2025,91889902MA5U00003X,钢,12,,1.9,表\n"
    reading = import_of("supplier_purchases", text_file(text))
    assert (values(reading, "amount"), values(reading, "unit")) == ([12.0], ["吨"])
    assert values(reading, "factor") == [1900.0]
