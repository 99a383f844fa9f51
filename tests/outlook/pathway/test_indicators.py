"""Sectors whose activity is an indicator of the ledger, and how it grows."""

import pytest
from study_rows import growth

from hengtan.outlook.pathway.base import Activity, base_year
from hengtan.outlook.pathway.indicators import followed, indicators
from hengtan.outlook.pathway.measures import Places
from hengtan.outlook.pathway.reach import reaching
from hengtan.outlook.pathway.records import read_tables
from hengtan.outlook.pathway.study import activities, drivers_there, study

PLACE = "500000"
TRADE = growth("activity", "F.3.trade", 2014, None, indicator="gdp")
HOMES = growth("activity", "F.4", 2014, None, indicator="population_resident")
PEOPLE = growth("activity", "population_resident", 2015, 0.5)
GDP = [growth("activity", "gdp", 2015, 8), growth("activity", "gdp", 2016, 6)]
ROWS = [TRADE, HOMES, PEOPLE, *GDP]
LEVELS = {
    (PLACE, "gdp"): Activity(14000.0, "亿元（2014年价）", "energy_gdp"),
    (PLACE, "population_resident"): Activity(2991.0, "万人", "统计年鉴"),
}


@pytest.fixture(scope="module")
def tables(accounts, chongqing_2014):
    return read_tables(accounts({"regional_balance": chongqing_2014}), 2014)


def of(tables, rows, levels=None):
    rows = followed(rows)
    base = base_year(tables, [PLACE], activity=activities(rows, [PLACE], 2014, levels or LEVELS))
    return study(base, rows, [], 2017)


def activity_of(studied, sector):
    return studied.pathway.activity[0, studied.base.sectors.index(sector)]


def test_sectors_stand_at_the_level_of_their_indicator_and_go_as_it_does(tables):
    """GDP of 14,000 grows by 8 %, then 6 % a year; 29.91 million people by half a per cent."""
    studied = of(tables, ROWS)
    trade = 14000 * 1.08
    assert activity_of(studied, "F.3.trade") == pytest.approx(
        [14000, trade, trade * 1.06, trade * 1.06**2]
    )
    people = [2991 * 1.005**year for year in range(4)]
    assert activity_of(studied, "F.4") == pytest.approx(people)
    lacking = {gap.about for gap in studied.base.gaps if gap.code == "no_activity"}
    assert {"F.3.trade", "F.4"}.isdisjoint(lacking) and "F.2.ind" in lacking
    course = studied.courses["activity", PLACE, "F.3.trade"]
    assert [change for _, change in course.changes] == [0.08, 0.06]


def test_a_growth_that_is_established_is_no_assumption(tables):
    rows = [TRADE, GDP[0] | {"mark": "established"}, GDP[1]]
    said = [
        each.arguments[2:]
        for each in of(tables, rows).assumptions
        if each.code == "assumed.driver" and each.arguments[0] == "F.3.trade"
    ]
    assert said == [("2016", "6")]


def test_a_sector_that_says_how_it_grows_does_not_follow(tables):
    own = growth("activity", "F.4", 2015, 3)
    studied = of(tables, [*ROWS, own])
    assert activity_of(studied, "F.4") == pytest.approx([2991 * 1.03**year for year in range(4)])


def test_energy_does_not_change_by_where_its_activity_comes_from(tables):
    """Without growth a level is but a unit: energy of the base year stays in every year."""
    plain, with_levels = study(of(tables, []).base, [], [], 2017), of(tables, [TRADE, HOMES])
    ours, theirs = with_levels.outcome().energy, plain.outcome().energy
    assert ours == pytest.approx(theirs, rel=1e-12)


def test_growth_of_an_indicator_of_a_surrounding_place_reaches_a_district(tables):
    """It is no sector, and must not be left out as one that the district has not."""
    base = of(tables, []).base
    rows = [row | {"place": "100000"} for row in ROWS]
    known = {"population_resident", "gdp", *base.sectors}
    kept, left_out = reaching(rows, base, known)
    assert not left_out
    assert indicators(kept) == ["gdp", "population_resident"]


def test_an_indicator_that_no_row_names_any_more_is_no_part_of_the_study(tables):
    """The row that named it is left out for its sector; how it grows goes with it, untold."""
    base = of(tables, []).base
    places = Places(base.regions, base.sectors, base.carriers, ())
    wrong = HOMES | {"sectors": "F.9", "_file": "d.xlsx", "_source_row": 5}
    kept, (refused,) = drivers_there([TRADE, wrong, PEOPLE, *GDP], base, places)
    assert kept == [TRADE, *GDP]
    assert "第5行" in str(refused) and "没有部门“F.9”" in str(refused)
