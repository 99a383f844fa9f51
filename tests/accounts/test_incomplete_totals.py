"""What cannot be counted shows in the total of its enterprise as incomplete: a code, and nothing
where nothing could be counted; never 0, and never as read.
"""

import pytest

FIRM = {
    "place": "500156",
    "entity": "91500000000000001A",
    "entity_name": "合成气体厂（虚构）",
    "industry": "30",
    "period": "2023",
}


def of_year(accounts, *rows):
    """The enterprise's energy and its carbon."""
    computed = accounts({"enterprise_energy": [FIRM | row for row in rows]})
    (enterprise,) = computed.execute("carbon_enterprise").to_pylist()
    return enterprise


DIESEL = {"product": "diesel", "unit": "吨", "consumed": 10.0, "coefficient": 1.4571}


@pytest.mark.parametrize(
    "lost",
    [
        {"product": "natural_gas", "unit": "万立方米", "consumed": 5.0},
        {"product": "heat", "unit": "吨", "consumed": 5000.0, "coefficient": 0.1286},
        {"product": "natural_gas", "unit": "吨", "consumed": 100.0, "coefficient": 1.7572},
        {"product": "lpg", "unit": "立方米", "consumed": 1000.0},
        {"product": "electricity", "unit": "吨标准煤", "consumed": 12.0},
    ],
)
def test_what_is_lost_beside_what_counts_is_told(accounts, lost):
    """10 t of diesel at 1.4571 are 14.571 tce; the other product cannot be added."""
    enterprise = of_year(accounts, DIESEL, lost)
    assert enterprise["energy"] == pytest.approx(14.571)
    assert enterprise["lost"] == 1
    assert enterprise["missing"] is not None
    assert enterprise["confidence"] is None


@pytest.mark.parametrize(
    "lost",
    [
        {"product": "coke_oven_gas", "unit": "吨", "consumed": 5.0},
        {"product": "natural_gas", "unit": "吨", "consumed": 100.0},
        {"product": "lpg", "unit": "立方米", "consumed": 1000.0},
    ],
)
def test_where_nothing_counts_the_total_is_none_and_not_nought(accounts, lost):
    enterprise = of_year(accounts, lost)
    assert (enterprise["energy"], enterprise["fuel_co2"], enterprise["total"]) == (None,) * 3
    assert enterprise["missing"] is not None
    assert enterprise["confidence"] is None


def test_gas_without_a_coefficient_has_no_energy(accounts):
    """The set gives natural gas a range only: its coal equivalent is the enterprise's to give."""
    enterprise = of_year(accounts, {"product": "natural_gas", "unit": "万立方米", "consumed": 5.0})
    assert (enterprise["energy"], enterprise["lost"]) == (None, 1)
    assert enterprise["confidence"] is None


def test_power_and_heat_that_cannot_be_read_leave_the_total_open(accounts):
    for lost in (
        {"product": "electricity", "unit": "吨标准煤", "purchased": 12.0, "consumed": 12.0},
        {"product": "heat", "unit": "吨", "purchased": 12.0, "consumed": 12.0},
    ):
        enterprise = of_year(accounts, DIESEL, lost)
        assert (enterprise["indirect"], enterprise["total"]) == (None, None)


def test_an_enterprise_of_which_all_counts_is_whole(accounts):
    enterprise = of_year(accounts, DIESEL)
    assert (enterprise["lost"], enterprise["missing"]) == (0, None)
    assert enterprise["confidence"] is not None
