"""Public figures of the power system of Chongqing: totals their sources and the facts state, marks
of what must not be used, and that they stand in the demonstration as public statistics do.
"""

import numpy as np
import pytest

from hengtan import packs
from hengtan.basis.errors import ParameterNotEstablished
from hengtan.basis.units import convert
from hengtan.outlook.costs import Wanted, figure
from hengtan.outlook.hourly import SeriesMissing
from hengtan.outlook.scaling import scaled
from hengtan.outlook.shapes import shape_from


@pytest.fixture(scope="module")
def pack():
    return packs.load("chongqing")


def test_units_and_farms_add_to_what_their_source_adds_to(pack):
    """83 coal units, 44 of them operating with 13,944 MW; 20 wind phases, 17 with 1,093.2 MW
    (README of the facts, counted in the sheets of Global Energy Monitor).
    """
    rows = pack.rows("public_power_units")
    for technology, of_all, running, capacity in (
        ("coal", 83, 44, 13_944),
        ("wind", 20, 17, 1_093.2),
    ):
        own = [row for row in rows if row["technology"] == technology]
        operating = [row for row in own if row["status"] == "operating"]
        assert (len(own), len(operating)) == (of_all, running)
        assert sum(row["capacity"] for row in operating) == pytest.approx(capacity)
    assert all("CC BY 4.0" in row["source"] for row in rows)


def test_a_heat_rate_is_turned_into_kilojoules(pack):
    """8,409 Btu/kWh of Songzao unit 3 × 1.05505585262 kJ/Btu = 8,872.0 kJ/kWh."""
    (unit,) = [r for r in pack.rows("public_power_units") if r["power_unit"] == "G100286"]
    assert unit["heat_rate"] == pytest.approx(8872.0, abs=0.05)
    assert (unit["capacity"], unit["steam"], unit["place"]) == (660, "supercritical", "500110")


def test_they_stand_in_the_demonstration_as_its_public_statistics(demo):
    units = demo.execute("power_units").to_pylist()
    rows = [row for row in units if row["source_title"] != "演示研究的假设"]
    assert len(rows) == 103 and all(row["_demo"] for row in rows)
    wulong = [row for row in rows if row["place"] == "500156"]
    assert sorted(row["plant"] for row in wulong) == ["武隆区大梁子风电场", "重庆武隆四眼坪风电"]
    assert {row["_submitted_by"] for row in rows} == {"demo-loader"}


def test_generation_of_2017_is_that_of_the_yearbook(pack):
    """467, 253, 7 and 0.2 亿kWh (issue of this part, China Power Statistical Yearbook)."""
    rows = {
        row["kind"]: convert(row["value"], row["unit"], "亿千瓦时")
        for row in pack.rows("generation_by_source")
        if (row["region"], row["year"]) == ("500000", 2017)
    }
    assert {kind: rows[kind] for kind in ("thermal", "hydro", "wind", "solar")} == {
        "thermal": 467,
        "hydro": 253,
        "wind": 7,
        "solar": 0.2,
    }


def test_the_shape_of_the_load_is_a_share_of_the_year_and_no_load(pack):
    """Its highest hour ends at 17 o'clock on 4 September, 25,190 MW of 111.9 TWh in the file it
    comes from (README); the press gives 20,480 MW that day, to which it is brought.
    """
    shape = shape_from(pack.rows("load_shapes"), "cq-load-2018")
    assert (shape.year, shape.kind, shape.utc_offset) == (2018, "reconstructed", 8.0)
    assert shape.energy == pytest.approx(1, abs=1e-6)
    assert shape.peak == pytest.approx(25_190 / 111.9e6, rel=1e-3)
    day, hour = divmod(int(shape.values.argmax()), 24)
    assert (day, hour) == (31 + 28 + 31 + 30 + 31 + 30 + 31 + 31 + 3, 16)
    load = scaled(shape, 91e6, 20_480.0, "affine")
    assert load.energy == pytest.approx(91e6, rel=1e-9)
    assert load.peak == pytest.approx(20_480, rel=1e-9)
    assert (np.argsort(load.values, kind="stable") == np.argsort(shape.values, kind="stable")).all()
    assert "重构" in load.name()[0] and "调到年电量" in load.name()[0]
    with pytest.raises(SeriesMissing, match="load_shapes"):
        shape_from(pack.rows("load_shapes"), "wulong-load")


def test_only_the_column_of_the_city_ships(pack, facts):
    """Shares of no other province, and not one hour of the load in MW, are in the packs."""
    shape = shape_from(pack.rows("load_shapes"), "cq-load-2018")
    text = (facts / "outlook/hourly_load_shape_2018.csv").read_text(encoding="utf-8")
    lines = [line.split(",") for line in text.splitlines()[1:]]
    np.testing.assert_allclose(shape.values, [float(line[2]) for line in lines], rtol=1e-12)
    assert {row["region"] for row in pack.rows("load_shapes")} == {"500000"}
    assert shape.values.max() < 0.001


def test_a_cost_is_not_taken_in_another_currency_or_against_its_mark(pack):
    rows = pack.rows("technology_costs")
    with pytest.raises(ParameterNotEstablished, match="EUR，不能当作CNY"):
        figure(rows, Wanted("gas_cc", "investment", 2020))
    with pytest.raises(ParameterNotEstablished, match="为凑结果"):
        figure(rows, Wanted("solar_any", "vom", 2020, "EUR"))
    with pytest.raises(ParameterNotEstablished, match="power_units"):
        figure(rows, Wanted("fusion", "investment", 2020))
    life = figure(rows, Wanted("pumped", "lifetime", 2020, "none"))
    assert life["unit"] == "years" and life["source"]


def test_the_traps_of_the_costs_keep_their_marks(pack):
    """README of the facts: years of two citations were drag-filled, 3,845.51 EUR/kW of coal is an
    outlier beside 3,500 CNY/kW, nuclear stands in USD beside EUR.
    """
    ranges = pack.rows("technology_cost_ranges")
    dragged = [row for row in ranges if row["study"] in ("nrel_atb", "lbnl")]
    assert dragged and {row["mark"] for row in dragged} == {"citation_year"}
    assert not any("atb.nrel.gov/electricity/20" in row["source"] for row in ranges)
    assert {row["mark"] for row in ranges if row["value"] == 3845.51} == {"outlier"}
    assert {row["mark"] for row in ranges if row["currency"] == "USD"} == {"mixed_currency"}
    coal = [r for r in ranges if (r["technology"], r["study"]) == ("coal", "zhu2025")]
    assert {(row["value"], row["currency"], row["mark"]) for row in coal} == {(3500, "CNY", None)}
