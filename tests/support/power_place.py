"""A synthetic place whose power plants, the place itself and others make, in 10^4 tce: use of power
600, plants make 400 of it from 1,000 of coal, the place 120 without fuel, 80 comes in. From 2023 on
use is a tenth higher. Own power takes 25 % of what plants make, power from outside 20 %, and plants
burn 10 % less for the same output.
"""

from study_rows import growth, measure

PLACE, WAN = "500000", 1e4
BALANCE = [
    ("F.2.ind", "raw_coal", 500.0),
    ("F.2.ind", "electricity", 400.0),
    ("F.4", "electricity", 200.0),
    ("T.power", "raw_coal", -1000.0),
    ("T.power", "electricity", 400.0),
    ("S.prod", "electricity", 120.0),
    ("S.in", "electricity", 80.0),
]
AT_ONCE = {"start_year": 2023, "ramp_years": 0, "carrier": "electricity"}
OWN = measure("wind", "factor", "all", 25, filler="own", **AT_ONCE)
BOUGHT = measure("line", "factor", "all", 20, filler="bought", **AT_ONCE)
SAVED = measure("retrofit", "factor", "all", 10, filler="saved", **AT_ONCE)
DRIVERS = [growth("activity", "all", 2023, 10), growth("activity", "all", 2024, 0)]
KWH = 1 / 1.229e-4
"""kWh of a tce of power at its own heat."""


def cell(row, product, amount):
    """A cell of the balance of 2022. [10^4 tce]"""
    return {
        "place": PLACE,
        "period": "2022",
        "balance_row": row,
        "product": product,
        "quantity_kind": "standard",
        "convention": "calorific",
        "value": amount,
        "unit": "万吨标准煤",
    }


def exchange(amount, certified="none", direction="in", counterpart="510000"):
    """Power that comes in or goes out in 2022. [10^8 kWh]"""
    return {
        "place": PLACE,
        "period": "2022",
        "product": "electricity",
        "direction": direction,
        "counterpart": counterpart,
        "certified": certified,
        "amount": amount,
        "unit": "亿千瓦时",
    }
