"""What a study from the balance of 2014 would have said of Chongqing's CO2 of 2015 to 2017, beside
an academic inventory published later. The error is told, and not fitted.
"""

from collections import defaultdict

import pytest
from study_rows import growth

from hengtan.outlook.pathway.base import base_year
from hengtan.outlook.pathway.records import read_tables
from hengtan.outlook.pathway.study import study


def test_hindcast_of_chongqing_to_2017(accounts, chongqing_2014, fact_rows, record_property):
    """Activity grows as published GDP did (11.0, 10.7, 9.3 %), energy for it falls by the yearly
    mean of the 19.4 % published for 2016-2020, carriers keep their shares. The inventory says
    -1.0 % from 2014 to 2017; the scenario knows nothing of the coal that left in 2016.
    """
    published = {
        row["period"]: float(row["value"])
        for row in fact_rows("chongqing", "observations.csv")
        if row["region_code"] == "500000" and row["indicator_en"] == "gdp_real_growth"
    }
    years = ("2015", "2016", "2017")
    yearly = 100 * ((1 - 0.194) ** (1 / 5) - 1)
    drivers = [growth("activity", "all", int(year), published[year]) for year in years]
    drivers.append(growth("intensity", "all", 2015, yearly))
    tables = read_tables(accounts({"regional_balance": chongqing_2014}), 2014)
    emissions = study(base_year(tables, ["500000"]), drivers, [], 2017).outcome().emissions
    ours = emissions.sum(axis=(0, 1)) / emissions[..., 0].sum()
    by_hand = (1.11 * 1.107 * 1.093) * (1 - 0.194) ** (3 / 5)
    assert ours[-1] == pytest.approx(by_hand, rel=1e-12)
    theirs = defaultdict(float)
    for row in fact_rows("chongqing", "ceads_co2_by_sector_fuel.csv"):
        if row["is_total"] == "no" and row["fuel_or_process"] != "Process":
            theirs[row["year"]] += float(row["mt_co2"])
    errors = {
        year: ours[n] / (theirs[year] / theirs["2014"]) - 1 for n, year in enumerate(years, 1)
    }
    record_property("hindcast_errors", {year: f"{error:+.1%}" for year, error in errors.items()})
    print("CO2 beside the inventory, 2014 = 1:", {y: f"{e:+.1%}" for y, e in errors.items()})
    assert theirs["2017"] / theirs["2014"] == pytest.approx(0.990, abs=0.001)
