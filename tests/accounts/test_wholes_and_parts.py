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
