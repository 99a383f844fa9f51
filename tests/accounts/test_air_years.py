"""The air of a year: days by level, means and percentiles, composite index, days still allowed."""

import datetime as dt
import random

import numpy as np
import pyarrow as pa
import pytest

from hengtan.graph.reproduce import reproduce

PLACE = "500156"
OLD, NEW, RULING = "HJ 633-2012", "HJ 633-2026", "ruling"
CLEAN = {"so2": 10.0, "no2": 20.0, "pm10": 40.0, "co": 0.8, "o3_1h": 90.0, "o3_8h": 80.0}
CLEAN |= {"pm25": 20.0}


def days_of(year, count=None, **special):
    """Reported days from 1 January, clean but for ``special``: day of the year → figures."""
    first = dt.date(year, 1, 1)
    count = count or (dt.date(year + 1, 1, 1) - first).days
    return [
        {"place": PLACE, "day": first + dt.timedelta(n), **CLEAN, **special.get(f"d{n}", {})}
        for n in range(count)
    ]


def rows_of(graph, name, *key):
    return {tuple(row[c] for c in key): row for row in graph.execute(name).to_pylist()}


def test_good_and_heavy_days_of_a_year_by_hand(accounts):
    """365 days of 2025: PM2.5 of 76 gives 102 on three days and of 151 gives 201 on one, so that
    361 of 365 are good: 98.904 %.
    """
    bad = {f"d{n}": {"pm25": 76.0} for n in (10, 20, 30)} | {"d40": {"pm25": 151.0}}
    graph = accounts({"air_days_reported": days_of(2025, **bad)})
    year = rows_of(graph, "air_place_years", "edition", "method")[RULING, "days"]
    assert (year["valid_days"], year["good_days"], year["heavy_days"]) == (365, 361, 1)
    assert year["good_share"] == pytest.approx(98.904, abs=0.001)
    assert year["missing"] is None
    assert (year["level_3"], year["level_4"], year["level_5"]) == (3, 0, 1)


def test_each_day_goes_by_the_edition_in_force_and_an_option_names_another(accounts):
    """PM2.5 of 70 is 94 under the edition of 2012 (good) and 110 under that of 2026 (not good).

    It stands on 28 February and on 1 March 2026: by date only the first day is good.
    """
    special = {"d58": {"pm25": 70.0}, "d59": {"pm25": 70.0}}
    rows = {"air_days_reported": days_of(2026, 60, **special)}
    by_date = rows_of(accounts(rows), "air_place_years", "edition")
    assert [by_date[e,]["good_days"] for e in (OLD, NEW, RULING)] == [60, 58, 59]
    old = rows_of(accounts(rows, air_edition=OLD), "air_place_years", "edition")
    assert old[RULING,]["good_days"] == 60
    index = rows_of(accounts(rows), "air_place_day_index", "day", "edition")
    assert index[dt.date(2026, 3, 1), OLD]["aqi"] == 94
    assert index[dt.date(2026, 3, 1), NEW]["aqi"] == 110


def test_a_year_with_too_few_days_is_no_whole_year(accounts):
    graph = accounts({"air_days_reported": days_of(2025, 323)})
    assert rows_of(graph, "air_place_years", "edition")[RULING,]["missing"] == (
        "air_year_short|323|324"
    )


def test_means_and_percentiles_are_those_of_numpy(accounts):
    """numpy.quantile with its linear method, k = 1 + (n - 1) p: another program."""
    draw = random.Random(8)
    values = {
        column: [draw.uniform(1, 300) for _ in range(365)]
        for column in ("so2", "no2", "pm10", "co", "o3_8h", "pm25")
    }
    special = {f"d{n}": {c: drawn[n] for c, drawn in values.items()} for n in range(365)}
    graph = accounts({"air_days_reported": days_of(2025, **special)})
    years = rows_of(graph, "air_place_year_items", "item")
    shares = {"SO2": 0.98, "NO2": 0.98, "PM10": 0.95, "CO": 0.95, "O3": 0.9, "PM2.5": 0.95}
    columns = {"SO2": "so2", "NO2": "no2", "PM10": "pm10", "CO": "co", "O3": "o3_8h"}
    for item, share in shares.items():
        drawn = values[columns.get(item, "pm25")]
        assert years[item,]["mean"] == pytest.approx(np.mean(drawn))
        assert years[item,]["percentile"] == pytest.approx(np.quantile(drawn, share)), item


NORTHERN_CITY = {"so2": 12.0, "no2": 31.0, "pm10": 74.0, "pm25": 37.0, "co": 1.4, "o3_8h": 168.0}


def test_the_composite_index_of_the_northern_city_of_2023(accounts):
    """published_checks.csv: 12/31/74/37/1.4/168 gives 4.48, reckoned 4.489: the rounding of the
    inputs to whole µg/m³ moves the sum by more than 0.02.
    """
    constant = {f"d{n}": NORTHERN_CITY for n in range(365)}
    graph = accounts({"air_days_reported": days_of(2023, **constant)})
    composite = rows_of(graph, "air_composite", "weights")
    assert composite["2013",]["composite"] == pytest.approx(4.489, abs=0.0005)
    assert abs(composite["2013",]["composite"] - 4.48) <= 0.02


def test_the_weights_of_2026_are_asked_for_until_the_place_gives_them(accounts):
    """PM2.5 × 3, ozone and NO2 × 2 (medium confidence, the user's to confirm), by hand with the
    limits of GB 3095-2012: 3 × 37/35 + 2 × 168/160 + 2 × 31/40 + 12/60 + 74/70 + 1.4/4 = 8.428571.
    """
    rows = {"air_days_reported": days_of(2023, **{f"d{n}": NORTHERN_CITY for n in range(365)})}
    without = rows_of(accounts(rows), "air_composite", "weights")["2026",]
    assert without["composite"] is None and without["missing"] == "air_no_weight|6"
    weights = {"SO2": 1, "NO2": 2, "PM10": 1, "CO": 1, "O3": 2, "PM2.5": 3}
    rows["air_parameters"] = [
        {
            "place": "500000",
            "item": item,
            "figure": "weight",
            "value": float(weight),
            "begins": dt.date(2023, 1, 1),
            "source_title": "HJ 663-2026（照录，测试）",
        }
        for item, weight in weights.items()
    ]
    answer = rows_of(accounts(rows), "air_composite", "weights")["2026",]
    assert answer["composite"] == pytest.approx(8.428571, abs=1e-6)
    assert answer["missing"] is None


def test_a_limit_that_is_not_held_is_named_and_can_be_given(accounts):
    """Of lead GB 3095-2026 table 2 is not held; 0.5 µg/m³ stands in the table of 2012."""
    hours = [
        {"station": "A1", "day": dt.date(year, 6, 1), "hour": at, "item": "Pb", "value": 0.4}
        for year in (2025, 2026)
        for at in range(1, 25)
    ]
    rows = {
        "air_station_hours": hours,
        "air_stations": [{"station": "A1", "place": PLACE, "station_name": "A1"}],
    }
    years = rows_of(accounts(rows), "air_place_year_items", "year")
    assert years[2025,]["annual_limit"] == 0.5
    assert years[2026,]["annual_limit"] is None
    assert years[2026,]["missing"] == "air_no_limit|Pb"
    rows["air_parameters"] = [
        {
            "place": PLACE,
            "item": "Pb",
            "figure": "annual_limit",
            "value": 0.3,
            "begins": dt.date(2026, 3, 1),
            "source_title": "GB 3095-2026 表2（测试）",
        }
    ]
    assert rows_of(accounts(rows), "air_place_year_items", "year")[2026,]["annual_limit"] == 0.3


def test_swapped_columns_and_a_reported_index_that_differs_are_doubted(accounts):
    day = days_of(2025, 1)[0] | {"o3_8h": 95.0, "pm25": 41.0}
    doubts = rows_of(accounts({"air_days_reported": [day]}), "air_doubts", "doubt")
    assert set(doubts) == {("ozone_swapped",), ("particles_swapped",)}
    hours = [
        {"station": "A1", "day": day["day"], "hour": at, "item": "PM2.5", "value": 40.0}
        for at in range(1, 25)
    ]
    rows = {
        "air_station_hours": hours,
        "air_stations": [{"station": "A1", "place": PLACE, "station_name": "A1"}],
        "air_days_reported": [{"place": PLACE, "day": day["day"], "aqi": 60.0}],
    }
    (doubt,) = accounts(rows).execute("air_doubts").to_pylist()
    assert doubt["missing"] == "air_reported_differs|60|57"


@pytest.mark.parametrize(
    "name", ["air_place_year_items", "air_place_years", "air_composite", "air_doubts"]
)
def test_the_rows_that_explain_a_row_give_it_again(accounts, name):
    special = {"d3": {"o3_8h": 95.0}, "d5": {"pm25": 90.0}}
    graph = accounts({"air_days_reported": days_of(2025, 40, **special)})
    key = graph.accounts()[name].key
    table = graph.execute(name).to_pylist()
    assert table
    for row in table[:3]:
        by_key, again = reproduce(graph, name, {c: row[c] for c in key}, deep=False)
        assert again == {
            c: pytest.approx(v) if isinstance(v, float) else v for c, v in by_key.items()
        }


def goals_over(pack_tables, share):
    """The table of targets with one on good air, of the share asked for."""
    (columns,) = [dict.fromkeys(pack_tables["targets"].column_names)]
    goal = columns | {
        "target_id": "goal",
        "indicator": "good_air_days",
        "region": PLACE,
        "value": share,
        "deadline_year": 2027,
    }
    return pa.Table.from_pylist([goal], schema=pack_tables["targets"].schema)


def test_the_days_a_goal_still_allows_and_how_past_years_went_on(accounts, pack_tables):
    """96 % of the 365 days of 2025 leave 14 days; 10 of the 90 so far were bad, so 4 may follow.

    After 31 March 2023 had 3 bad days and 2024 had 6: one of two past years kept to it.
    """
    bad = {"pm25": 90.0}
    days = days_of(2023, **{f"d{n}": bad for n in (5, 200, 210, 220)})
    days += days_of(2024, **{f"d{n}": bad for n in (100, 120, 140, 160, 180, 200)})
    days += days_of(2025, 90, **{f"d{n}": bad for n in range(10)})
    graph = accounts({"air_days_reported": days})
    engine = graph.table("air_place_years").get_backend()
    targets = engine.create_table("goals_on_air", goals_over(pack_tables, 96.0), overwrite=True)
    with_goal = graph.with_overrides(targets=targets)
    key = ("year", "edition")
    left = rows_of(with_goal, "air_days_left", *key)[2025, RULING]
    assert (left["bad_days"], left["bad_allowed"], left["still_allowed"]) == (10, 14, 4)
    assert left["days_to_come"] == 275 and left["reachable"]
    past = rows_of(with_goal, "air_year_end", *key)[2025, RULING]
    assert (past["past_years"], past["kept"]) == (2, 1)
    assert (past["fewest"], past["most"]) == (3, 6)
