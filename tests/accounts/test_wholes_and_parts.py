"""A whole and its parts count once: rows of a balance, varieties of a fuel, facilities of a firm,
months of a year.
"""

import pytest

CQ = "500000"
COAL = 0.7143  # tce/t, raw coal


def cell(row, amount, product="raw_coal", unit="万吨", **more):
    return {
        "place": CQ,
        "period": "2023",
        "balance_row": row,
        "product": product,
        "quantity_kind": "physical",
        "convention": "none",
        "value": float(amount),
        "unit": unit,
    } | more


def use(accounts, **rows):
    """Coal used in a year from the rows of a balance. [10⁴ t]"""
    names = {row.replace("_", "."): amount for row, amount in rows.items()}
    balance = [cell(row, amount) for row, amount in names.items()]
    graph = accounts({"regional_balance": balance})
    total = next(
        row
        for row in graph.execute("energy_consumption").to_pylist()
        if row["convention"] == "calorific"
    )
    burnt = sum(row["used"] or 0.0 for row in graph.execute("carbon_burnt").to_pylist())
    # what is burnt is what is used where nothing is turned: 20.908 GJ/t
    assert burnt == pytest.approx(total["total"] / COAL * 20.908)
    return total["total"] / COAL / 1e4


@pytest.mark.parametrize(
    ("rows", "used"),
    [
        # totals without a part count themselves: 10 + 60 + 10 + 20 = 100
        ({"F": 100, "F_1": 10, "F_2": 60, "F_3": 10, "F_4": 20}, 100),
        ({"F_1": 10, "F_2": 60, "F_3": 10, "F_4": 20}, 100),
        ({"F": 100}, 100),
        # all parts: the totals count nothing
        ({"F": 70, "F_2": 70, "F_2_ind": 60, "F_2_cons": 10}, 70),
        ({"F_2_ind": 60, "F_2_cons": 10}, 70),
        # some parts: what they leave over counts with the total
        ({"F": 100, "F_2": 60, "F_2_ind": 50, "F_4": 20}, 100),
        ({"F": 100, "F_2_ind": 50}, 100),
        ({"F_3": 30, "F_3_trans": 12}, 30),
        # 城镇 and 乡村 are in 居民生活, and stand in for it where it is not reported
        ({"F": 20, "F_4": 20, "F_4_urban": 12, "F_4_rural": 8}, 20),
        ({"F": 20, "F_4_urban": 12, "F_4_rural": 8}, 20),
        ({"F_4_urban": 12}, 12),
    ],
)
def test_a_total_of_a_balance_and_its_parts_count_once(accounts, rows, used):
    assert use(accounts, **rows) == pytest.approx(used)


def test_what_digits_leave_over_is_no_part(accounts):
    # printed to a tenth: 33.0 + 33.0 of 66.1 is rounding, of 100.0 it is not
    def totals(*cells):
        rows = accounts({"regional_balance": list(cells)}).execute("energy_consumption").to_pylist()
        return rows[0]["total"] / COAL / 1e4

    trades = [cell(row, 33) for row in ("F.3.trans", "F.3.trade")]
    assert totals(cell("F.3", 66.1), *trades) == pytest.approx(66)
    assert totals(cell("F.3", 100), *trades) == pytest.approx(100)


def test_a_total_that_is_not_split_says_so(accounts):
    graph = accounts({"regional_balance": [cell("F", 100), cell("F.2.ind", 60)]})
    notes = {
        row["row"]: row["note"]
        for row in graph.execute("carbon_fuel").to_pylist()
        if row["gas"] == "CO2"
    }
    assert notes == {"F": "total_not_split", "F.2.ind": None}


def test_a_transformation_that_is_not_split_leaves_the_total_incomplete(accounts):
    # 80 went into transformation; whether it was burnt or coked nobody says
    balance = [cell("S.in", 100), cell("T", -80), cell("F.2.ind", 20)]
    graph = accounts({"regional_balance": balance})
    (total,) = graph.execute("carbon_totals").to_pylist()
    assert total["missing"] == "transformation_not_split|raw_coal"
    split = [cell("S.in", 100), cell("T", -80), cell("T.power", -80), cell("F.2.ind", 20)]
    (whole,) = accounts({"regional_balance": split}).execute("carbon_totals").to_pylist()
    assert whole["missing"] is None and whole["energy_co2"] > total["energy_co2"]


@pytest.mark.parametrize("rows", [("F.2.ind",), ("F.2",), ("F",)])
def test_material_is_not_burnt_whichever_row_holds_it(accounts, rows):
    balance = [cell(row, 60) for row in rows] + [cell("F.2.ind.nonenergy", 20)]
    burnt = accounts({"regional_balance": balance}).execute("carbon_burnt").to_pylist()
    assert sum(row["burnt"] for row in burnt) == pytest.approx(40e4 * 20.908)


FIRM = {
    "place": "500156",
    "entity": "91889901MA5U00011X",
    "entity_name": "子木厂",
    "industry": "30",
}


def record(product, consumed, coefficient=COAL, facility=None, period="2023", unit="吨", **more):
    return (
        FIRM
        | {"period": period, "product": product, "unit": unit, "facility": facility}
        | {"consumed": float(consumed), "coefficient": coefficient}
        | more
    )


def firm(accounts, *records):
    """The only enterprise's year."""
    graph = accounts({"enterprise_energy": list(records)})
    (year,) = graph.execute("carbon_enterprise").to_pylist()
    return year


@pytest.mark.parametrize(
    ("varieties", "used"),
    [
        # all of the whole: 1000 t
        ({"raw_coal": 1000, "bituminous": 600, "anthracite": 400}, 1000),
        # a part of it: the rest counts as raw coal
        ({"raw_coal": 1000, "bituminous": 600}, 1000),
        ({"bituminous": 600, "anthracite": 400}, 1000),
        ({"other_washed_coal": 50, "coal_slime": 50}, 50),
        ({"other_washed_coal": 50, "coal_slime": 20, "washed_middlings": 10}, 50),
        ({"raw_coal": 100, "coal_slime": 50}, 150),
    ],
)
def test_a_fuel_and_its_varieties_count_once(accounts, varieties, used):
    year = firm(accounts, *(record(product, amount) for product, amount in varieties.items()))
    assert year["energy"] == pytest.approx(used * COAL)
    assert "varieties_exceed" not in (year["missing"] or "")


def test_kerosene_and_jet_kerosene_count_once(accounts):
    year = firm(accounts, record("kerosene", 10, 1.4714), record("jet_kerosene", 10, 1.4714))
    assert year["energy"] == pytest.approx(14.714)


def test_a_firm_and_its_facilities_count_once(accounts):
    works = [record("diesel", 60, 1.4571, "一厂区"), record("diesel", 40, 1.4571, "二厂区")]
    assert firm(accounts, record("diesel", 100, 1.4571), *works)["energy"] == pytest.approx(145.71)
    assert firm(accounts, record("diesel", 130, 1.4571), *works)["energy"] == pytest.approx(
        130 * 1.4571
    )
    assert firm(accounts, *works)["energy"] == pytest.approx(145.71)
    # facilities and varieties at once: 原煤 100 = 60 + 40, and 60 are 烟煤
    both = [record("raw_coal", 100), record("raw_coal", 60, facility="一厂区")]
    both += [record("bituminous", 60, facility="一厂区"), record("raw_coal", 40, facility="二厂区")]
    assert firm(accounts, *both)["energy"] == pytest.approx(100 * COAL)


def test_parts_beyond_their_whole_are_told(accounts):
    more = firm(accounts, record("raw_coal", 500), record("bituminous", 600))
    assert more["energy"] == pytest.approx(600 * COAL)
    assert more["missing"] == "varieties_exceed_whole|raw_coal"
    works = firm(accounts, record("diesel", 50), record("diesel", 60, facility="一厂区"))
    assert works["missing"] == "facilities_exceed_firm|diesel"


def test_months_hold_a_fuel_and_its_varieties_once_too(accounts):
    records = [
        record("raw_coal", 100, period="2023-03"),
        record("bituminous", 60, period="2023-03"),
    ]
    rows = accounts({"enterprise_energy": records}).execute("carbon_enterprise_month").to_pylist()
    assert sum(row["amount"] for row in rows) == pytest.approx(100)


POWER = {"product": "electricity", "coefficient": 1.229, "unit": "万千瓦时"}


@pytest.mark.parametrize(
    ("amounts", "used", "through", "basis"),
    [
        ({"2023-01..06": 600, "2023-07": 100, "2023-08": 100}, 800, 8, "joined"),
        ({"2023-01..06": 600, "2023-08": 100}, 600, 6, "cumulative"),
        ({"2023-01..03": 300, "2023-01..06": 600, "2023-07": 90}, 690, 7, "joined"),
        ({"2023-01..06": 600, "2023-05": 100, "2023-06": 100, "2023-07": 50}, 650, 7, "joined"),
        ({"2023-01..06": 600}, 600, 6, "cumulative"),
        ({"2023": 1200, "2023-01..06": 600, "2023-07": 100}, 1200, 12, "year"),
        ({"2023-01": 100, "2023-02": 90}, 190, 2, "months"),
    ],
)
def test_months_after_a_cumulative_join_it(accounts, amounts, used, through, basis):
    records = [
        record(consumed=amount, period=period, **POWER) for period, amount in amounts.items()
    ]
    (year,) = accounts({"enterprise_energy": records}).execute("energy_enterprise_tce").to_pylist()
    assert year["consumed_tce"] == pytest.approx(used * 1.229)
    assert (year["through"], year["basis"]) == (through, basis)


@pytest.mark.parametrize(("period", "is_whole"), [("2023", True), ("2023-01..06", False)])
def test_a_total_of_part_of_a_year_says_so(accounts, period, is_whole):
    rows = accounts({"enterprise_energy": [record("raw_coal", 100, period=period)]})
    for row in rows.execute("energy_consumption").to_pylist():
        assert row["missing"] == (None if is_whole else "part_of_year|子木厂|6")


@pytest.mark.parametrize(
    ("periods", "change"),
    [
        (("2022", "2023-01..06"), None),
        (("2022-01..06", "2023-01..06"), -0.5),
        (("2022", "2023"), -0.5),
        (("2022-01..09", "2023-01..06"), None),
    ],
)
def test_a_part_of_a_year_is_never_held_against_a_year(accounts, periods, change):
    records = [
        record(consumed=amount, period=period, **POWER)
        for period, amount in zip(periods, (20000, 10000), strict=True)
    ]
    units = accounts({"enterprise_energy": records}).execute("energy_key_units").to_pylist()
    assert next(row["change"] for row in units if row["year"] == 2023) == change
