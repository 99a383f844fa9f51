"""Measures from rows of the form: ramps, marks, parts, and what a row cannot mean."""

import numpy as np
import pytest
from study_rows import measure

from hengtan.basis.errors import HengtanError
from hengtan.outlook.pathway.measures import Places, portions, ramp_of

PLACES = Places(
    regions=("500000",),
    sectors=("F.2.ind", "F.3.trans"),
    carriers=("electricity", "gasoline"),
    years=(2024, 2025, 2026, 2027, 2028, 2029, 2030),
)


@pytest.mark.parametrize(
    ("row", "ramp"),
    [
        # nothing before its start, a straight line over its years, then full
        ({"start_year": 2025, "ramp_years": 4}, [0, 0, 0.25, 0.5, 0.75, 1, 1]),
        ({"start_year": 2026, "ramp_years": 0}, [0, 0, 1, 1, 1, 1, 1]),
        ({"start_year": 2025, "ramp_years": 2, "ceiling": 60}, [0, 0, 0.3, 0.6, 0.6, 0.6, 0.6]),
        # begun before the study: on its way already
        ({"start_year": 2022, "ramp_years": 4}, [0.5, 0.75, 1, 1, 1, 1, 1]),
    ],
)
def test_ramps_by_hand(row, ramp):
    assert ramp_of(row, PLACES.years) == pytest.approx(ramp)


def test_rows_with_the_same_numbers_are_one_part_and_others_their_own():
    rows = [
        measure("ev", "share", "F.3.trans", 30, carrier="gasoline", to_carrier="electricity"),
        measure("ev", "intensity", "F.2.ind", 30),
        measure("ev", "intensity", "F.2.ind", 5),
        measure("other", "activity", "all", 2, coverage=50),
    ]
    taken = portions(rows, PLACES)
    assert [m.code for m in taken.measures] == ["ev", "other"]
    assert taken.names == ("ev", "ev#2", "other")
    assert taken.owner == (0, 0, 1)
    assert taken.effect == pytest.approx([0.3, 0.05, 0.02])
    assert taken.coverage[:, 0] == pytest.approx([1, 1, 0.5])
    assert taken.acts[3].sectors == (0, 1)


def test_rows_that_would_count_the_same_tonnes_twice_become_parts():
    rows = [measure("m", "intensity", "F.2.ind", 10), measure("m", "activity", "F.2.ind", 10)]
    assert portions(rows, PLACES).names == ("m", "m#2")


def test_exclusive_measures_are_refused_together_in_one_line():
    rows = [
        measure("gas", "intensity", "F.2.ind", 10, conflicts="power；heat-pump"),
        measure("heat-pump", "intensity", "F.2.ind", 10),
    ]
    with pytest.raises(HengtanError, match="互斥") as refused:
        portions([{**row, "_file": "措施.xlsx", "_source_row": 5} for row in rows], PLACES)
    line = str(refused.value)
    assert "\n" not in line
    assert "措施.xlsx" in line and "第5行" in line and "heat-pump" in line
    assert len(portions(rows, PLACES, without=["gas"]).measures) == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (measure("m", "intensity", "F.9", 10), "没有部门“F.9”"),
        (measure("m", "factor", "F.2.ind", 10, carrier="coal"), "没有能源品种“coal”"),
        (measure("m", "intensity", "F.2.ind", 10, place="110000"), "110000"),
        (measure("m", "stock", "F.3.trans", 10), "没有填使用年限"),
    ],
)
def test_what_a_row_cannot_mean_is_refused_where_it_stands(row, said):
    with pytest.raises(HengtanError, match="第7行") as refused:
        portions([row | {"_file": "措施.xlsx", "_source_row": 7}], PLACES)
    assert said in str(refused.value)


def test_marks_are_of_each_number():
    row = measure(
        "m", "intensity", "F.2.ind", 10, capital=500, life=10,
        effect_mark="established", effect_source="GB 30254", ramp_mark="established",
        ramp_source="方案", capital_mark="assumed", life_mark="assumed",
    )  # fmt: skip
    (told_of,) = portions([row], PLACES).measures
    assert told_of.cut_is_established and not told_of.cost_is_established
    assert {m.number: m.source for m in told_of.marks if m.established} == {
        "effect": "GB 30254",
        "ramp": "方案",
    }


def test_a_stock_row_follows_the_turnover_and_not_the_sales():
    sales = np.array([0, 0, 0.25, 0.5, 0.75, 1, 1.0])

    def slower(row, ramp, sectors):
        assert ramp == pytest.approx(sales)
        return ramp / 10

    row = measure(
        "ev", "stock", "F.3.trans", 100, carrier="gasoline", to_carrier="electricity", life=14
    )
    taken = portions([row], PLACES, stock_ramp=slower)
    assert taken.ramp[0] == pytest.approx(sales / 10)
    assert taken.acts[0].driver == "share"
