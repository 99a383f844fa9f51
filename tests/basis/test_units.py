"""Units of Chinese statistics; factors by definition (亩 = 10000/15 m², 1 公顷 = 15 亩)."""

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.basis import units
from hengtan.basis.errors import UnknownUnit

with (files("hengtan.basis") / "units.csv").open(encoding="utf-8", newline="") as file:
    SPELLINGS = [row["spelling"] for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("value", "unit", "canonical_value", "canonical"),
    [
        (1, "万吨标准煤", 1e4, "tce"),
        (1, "亿千瓦时", 1e8, "kWh"),
        (1900, "万千瓦", 19000, "MW"),
        (200, "亿立方米", 2e10, "m3"),
        (12000, "亿元", 1.2e12, "CNY"),
        (29.6, "万标箱", 296000, "TEU"),
        (1.28, "万家", 12800, "count"),
        (1.38, "万平方公里", 13800, "km2"),
        (360, "亿千瓦时/年", 3.6e10, "kWh"),
        (25, "％", 25, "%"),
        (1, "吨标准煤／万元", 1, "tce/10kCNY"),
        (15, "亩", 0.01, "km2"),
        (55, "(万吨)", 550000, "t"),
        (3, "单位：万吨", 30000, "t"),
        (1, "10^4 Tons", 1e4, "t"),
        (1, "10¹⁰ kJ", 1e4, "GJ"),
        (1, "(10⁸ kW·h)", 1e8, "kWh"),
        (2, "10⁹ kJ", 2e3, "GJ"),
        (1.2, "million kWh", 1.2e6, "kWh"),
        (3, "10⁸ yuan", 3e8, "CNY"),
        (2, "10⁴ t CO₂", 2e4, "t"),
        (5, "persons", 5, "person"),
    ],
)
def test_normalise(value, unit, canonical_value, canonical):
    amount, unit_found = units.normalise(value, unit)
    assert unit_found == canonical and amount == pytest.approx(canonical_value, rel=1e-12)


def test_convert_the_bulletin_of_2021():
    # the water bulletin prints 721205 万立方米, the plan counts 亿立方米
    assert units.convert(721205, "万立方米", "亿立方米") == pytest.approx(72.1205, rel=1e-12)


@pytest.mark.parametrize(
    ("unit", "to"),
    [
        ("万吨", "万吨标准煤"),
        ("个", "%"),
        ("亿元", "万美元"),
        ("千瓦", "千瓦时"),
        ("吨标准煤", "吉焦"),
    ],
)
def test_kinds_never_mix(unit, to):
    with pytest.raises(UnknownUnit):
        units.convert(1, unit, to)


def test_an_unknown_unit_names_the_nearest():
    with pytest.raises(UnknownUnit, match="吨标准煤"):
        units.read_unit("吨标准没")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_leads_to_a_canonical_unit_that_is_a_spelling(spelling):
    known = units.read_unit(spelling)
    assert known.factor == pytest.approx(
        units.defined_factor(spelling), rel=1e-14
    )  # pint's own arithmetic on the definition
    assert (
        units.read_unit(known.canonical).factor == pytest.approx(1)
        and units.read_unit(known.canonical).canonical == known.canonical
    )


@given(st.floats(-1e9, 1e9), st.sampled_from(SPELLINGS))
def test_converting_there_and_back(value, spelling):
    canonical = units.read_unit(spelling).canonical
    assert units.convert(
        units.convert(value, spelling, canonical), canonical, spelling
    ) == pytest.approx(value, rel=1e-9, abs=1e-12)
