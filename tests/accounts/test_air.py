"""Air: the index of hours and days against published values, every breakpoint, and hand
calculations; what makes a day valid.
"""

import datetime as dt
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.graph.reproduce import reproduce

OLD, NEW = "HJ 633-2012", "HJ 633-2026"
PLACE = "500156"
DAY = dt.date(2025, 7, 1)
HOURLY = {
    "so2_1h": "SO2",
    "no2_1h": "NO2",
    "co_1h": "CO",
    "o3_1h": "O3",
    "pm10_1h": "PM10",
    "pm25_1h": "PM2.5",
    "pm10_24h": "PM10_24h",
    "pm25_24h": "PM2.5_24h",
}
COLUMN_OF = {
    ("SO2", "24h"): "so2",
    ("NO2", "24h"): "no2",
    ("PM10", "24h"): "pm10",
    ("CO", "24h"): "co",
    ("O3", "8h"): "o3_8h",
    ("PM2.5", "24h"): "pm25",
}


def hour(item, value, at=1, station="A1", day=DAY, **more):
    return {"station": station, "day": day, "hour": at, "item": item, "value": value, **more}


def whole_day(item, value, hours=range(1, 25), **more):
    return [hour(item, value, at, **more) for at in hours]


def listed(*stations, place=PLACE):
    return [{"station": s, "place": place, "station_name": s} for s in stations]


def rows_of(graph, name, *key):
    return {tuple(row[c] for c in key): row for row in graph.execute(name).to_pylist()}


def published(fact_rows):
    rows = fact_rows("nature", "data", "cnemc_hour_2018-02-20T07_stations.csv")
    return [row for row in rows if row["published_aqi"]]


def published_hours(rows):
    return [
        hour(item, float(row[column]), 7, row["station"], dt.date(2018, 2, 20))
        for row in rows
        for column, item in HOURLY.items()
        if row[column]
    ]


def test_the_index_published_for_744_stations_is_reproduced_by_practice(accounts, fact_rows):
    """CNEMC, 2018-02-20 07:00 (shared facts): index, level and primary pollutant of every station.

    With ``practice`` the hour's particles stand on the breakpoints of the day.
    """
    rows = published(fact_rows)
    graph = accounts({"air_station_hours": published_hours(rows)}, air_hourly_pm="practice")
    index = rows_of(graph, "air_station_hour_aqi", "station", "edition")
    ours = {row["station"]: index[row["station"], OLD]["aqi"] for row in rows}
    assert ours == {row["station"]: int(row["published_aqi"]) for row in rows}
    assert len(ours) == 744
    levels = {1: "优", 2: "良", 3: "轻度污染", 4: "中度污染", 5: "重度污染", 6: "严重污染"}
    said = {row["station"]: levels[index[row["station"], OLD]["level"]] for row in rows}
    assert said == {row["station"]: row["published_category"] for row in rows}
    names = {"细颗粒物(PM2.5)": "PM2.5", "颗粒物(PM10)": "PM10", "二氧化硫": "SO2"}
    for row in rows:
        ours = index[row["station"], OLD]["primary_items"]
        theirs = [names[word] for word in row["published_primary"].split(",") if word]
        assert (ours or "") == ",".join(theirs), row["station"]


def test_the_text_of_2012_takes_the_mean_of_24_hours_and_gives_other_figures(accounts, fact_rows):
    """nature/README.md: the text gives only a few of the published values."""
    rows = published(fact_rows)
    graph = accounts({"air_station_hours": published_hours(rows)})
    index = rows_of(graph, "air_station_hour_aqi", "station", "edition")
    agree = [r for r in rows if index[r["station"], OLD]["aqi"] == int(r["published_aqi"])]
    assert 0 < len(agree) < 100


def edges(fact_rows):
    rows = fact_rows("plans", "aqi_breakpoints.csv")
    return [
        (
            row["edition"],
            row["pollutant"],
            row["averaging"],
            float(row["conc_high"]),
            float(row["iaqi_high"]),
        )
        for row in rows
    ]


def test_every_breakpoint_of_both_editions_gives_its_index(accounts, fact_rows):
    """The 130 rows of the facts, read from both official texts: a concentration at the upper bound
    has the index of the bound; one step above it (1 µg/m³, CO 0.1 mg/m³) has a larger one, or what
    the edition says of concentrations beyond its last bound.
    """
    beyond = {(OLD, "SO2", "1h"): None, (NEW, "SO2", "1h"): 200.0}
    beyond |= {(OLD, "O3", "8h"): None, (NEW, "O3", "8h"): 300.0}
    hours, days, cases = [], [], []
    for number, (edition, item, averaging, bound, index) in enumerate(edges(fact_rows)):
        step = 0.1 if item == "CO" else 1.0
        for above, value in ((False, bound), (True, bound + step)):
            station, day = f"E{number}{above}", DAY + dt.timedelta(2 * number + above)
            cases.append((edition, item, averaging, above, index, station, day))
            if averaging == "1h":
                hours.append(hour(item, value, 5, station))
            else:
                days.append({"place": PLACE, "day": day, COLUMN_OF[item, averaging]: value})
    graph = accounts({"air_station_hours": hours, "air_days_reported": days})
    of_hours = rows_of(graph, "air_station_hour_aqi", "station", "edition")
    of_days = rows_of(graph, "air_place_day_index", "day", "edition")
    assert len(cases) == 260
    for edition, item, averaging, above, index, station, day in cases:
        row = of_hours.get((station, edition)) if averaging == "1h" else of_days.get((day, edition))
        ours = row and row["aqi_of_present"]
        if not above:
            assert ours == index, (edition, item, averaging, index)
        elif index == 500 or (item, averaging, index) in {("SO2", "1h", 200), ("O3", "8h", 300)}:
            assert ours == beyond.get((edition, item, averaging), 500.0), (edition, item)
        else:
            assert index < ours <= index + 60, (edition, item, averaging, index)


@pytest.mark.parametrize(
    ("pm25", "of_2012", "of_2026"),
    [
        (34.5, 50, 49),  # 50/35 × 34.5 = 49.29 → 50; to even 34: 48.57 → 49
        (35.5, 51, 52),  # 50 + 50/40 × 0.5 = 50.6 → 51; to even 36: 50 + 2 × 1 = 52
        (60.4, 82, 100),  # 50 + 1.25 × 25.4 = 81.75 → 82; 60 → 100
    ],
)
def test_concentrations_are_rounded_first_under_the_edition_of_2026_alone(
    accounts, pm25, of_2012, of_2026
):
    """By hand from the breakpoints 35-75 (2012) and 35-60 (2026) and GB/T 8170, halves to even."""
    graph = accounts({"air_days_reported": [{"place": PLACE, "day": DAY, "pm25": pm25}]})
    index = rows_of(graph, "air_place_day_index", "edition")
    assert index[(OLD,)]["aqi_of_present"] == of_2012
    assert index[(NEW,)]["aqi_of_present"] == of_2026


FULL = {"so2": 10.0, "no2": 30.0, "pm10": 60.0, "co": 0.8, "o3_1h": 120.0, "o3_8h": 90.0}


@pytest.mark.parametrize(
    ("day", "of_2012", "of_2026"),
    [
        ({**FULL, "pm25": 40.0}, 57, 60),  # 50 + 1.25 × 5 = 56.25; 50 + 2 × 5
        ({**FULL, "pm25": 40.0, "so2": None}, 57, None),
        ({**FULL, "pm25": 80.0, "so2": None}, 107, 119),  # 100 + 1.25 × 5; 100 + 50/55 × 20
    ],
)
def test_with_an_item_missing_the_edition_of_2026_gives_an_index_only_above_100(
    accounts, day, of_2012, of_2026
):
    """HJ 633-2026 5.3: the rest is reckoned, and published only above 100; 2012 has no rule."""
    graph = accounts({"air_days_reported": [{"place": PLACE, "day": DAY, **day}]})
    index = rows_of(graph, "air_place_day_index", "edition")
    assert (index[(OLD,)]["aqi"], index[(NEW,)]["aqi"]) == (of_2012, of_2026)
    if day["so2"] is None:
        assert "SO2" in index[(NEW,)]["missing"]


def test_pollutants_with_the_same_index_are_primary_side_by_side(accounts):
    """PM10 150 and PM2.5 75 both have 100 under the edition of 2012; up to 50 there is none."""
    days = [
        {"place": PLACE, "day": DAY, **FULL, "pm10": 150.0, "pm25": 75.0},
        {"place": PLACE, "day": DAY + dt.timedelta(1), **FULL, "pm10": 50.0, "pm25": 35.0},
    ]
    index = rows_of(accounts({"air_days_reported": days}), "air_place_day_index", "day", "edition")
    assert index[DAY, OLD]["primary_items"] == "PM10,PM2.5"
    assert index[DAY + dt.timedelta(1), OLD]["primary_items"] is None


def test_a_day_needs_twenty_hours(accounts):
    """GB 3095-2026 table 4: at least 20 hourly means; 19 make no day."""
    rows = whole_day("PM2.5", 40.0, range(1, 20)) + whole_day("PM10", 70.0, range(1, 21))
    days = rows_of(accounts({"air_station_hours": rows}), "air_station_days", "item")
    assert days[("PM2.5",)]["value"] is None and days[("PM2.5",)]["hours"] == 19
    assert days[("PM2.5",)]["missing"] == "air_too_few_hours|19|20"
    assert days[("PM10",)]["value"] == 70.0


def test_the_eight_hour_ozone_of_a_day_is_the_highest_of_the_means_that_end_at_8_to_24(accounts):
    """By hand: hours 1-24 hold 10, 20 … 240, so that the mean of hours 17-24 is the highest, 205.

    Without the hour 24 itself the seven hours 17-23 still make the mean that ends at 24: 200.
    """
    rising = [hour("O3", 10.0 * at, at) for at in range(1, 25)]
    graph = accounts({"air_station_hours": rising})
    days = rows_of(graph, "air_station_days", "averaging")
    assert days[("8h",)]["value"] == 205.0 and days[("8h",)]["hours"] == 17
    assert days[("1h",)]["value"] == 240.0
    graph = accounts({"air_station_hours": rising[:-1]})
    assert rows_of(graph, "air_station_days", "averaging")[("8h",)]["value"] == 200.0


def test_too_few_ozone_means_count_only_above_the_limit(accounts):
    """HJ 663: 14 means of at least six hours; fewer only where the limit of 160 is exceeded.

    Hours 1 to 10 make means that end at 8 to 12: five.
    """
    below = whole_day("O3", 150.0, range(1, 11))
    above = whole_day("O3", 161.0, range(1, 11), station="A2")
    days = rows_of(
        accounts({"air_station_hours": below + above}), "air_station_days", "station", "averaging"
    )
    assert days["A1", "8h"]["value"] is None and days["A1", "8h"]["hours"] == 5
    assert days["A2", "8h"]["value"] == 161.0


def test_negative_nought_and_flagged_hours_are_missing_and_never_nought(accounts):
    rows = whole_day("NO2", 30.0, range(1, 21))
    rows += [hour("NO2", -1.0, 21), hour("NO2", 0.0, 22), hour("NO2", 900.0, 23, flag="H")]
    rows += [hour("NO2", 30.0, 24, flag="N")]
    days = rows_of(accounts({"air_station_hours": rows}), "air_station_days", "item")
    assert (days[("NO2",)]["value"], days[("NO2",)]["hours"]) == (30.0, 21)


def test_hours_of_a_station_that_nobody_registered_are_told_and_no_longer_once_it_is(accounts):
    """X9 sent 24 hours on 1 July and one of nought and 4 on 3 July: 28 count of the 29."""
    later = DAY + dt.timedelta(2)
    rows = whole_day("PM2.5", 30.0, station="X9")
    rows += [hour("CO", 0.8, at, "X9", later) for at in (1, 2, 3, 4)]
    rows += [hour("CO", 0.0, 5, "X9", later)]
    handed_in = {"air_station_hours": rows, "air_stations": listed("A1")}
    (unplaced,) = accounts(handed_in).execute("air_hours_unplaced").to_pylist()
    assert (unplaced["station"], unplaced["year"], unplaced["hours"]) == ("X9", 2025, 28)
    assert (unplaced["first_day"], unplaced["last_day"]) == (DAY, later)
    assert unplaced["missing"] == "air_station_unknown|X9|2025-07-01|2025-07-03|28"
    registered = accounts(handed_in | {"air_stations": listed("A1", "X9")})
    assert registered.execute("air_hours_unplaced").num_rows == 0
    assert registered.execute("air_place_days").num_rows == 2


def test_hours_after_a_station_ended_are_told_as_outside_its_dates(accounts):
    """It ended on 1 July: the 24 hours of that day count, the 2 of the next do not."""
    next_day = DAY + dt.timedelta(1)
    rows = whole_day("PM2.5", 30.0) + [hour("PM2.5", 30.0, at, day=next_day) for at in (1, 2)]
    stations = [row | {"ends": DAY} for row in listed("A1")]
    graph = accounts({"air_station_hours": rows, "air_stations": stations})
    (unplaced,) = graph.execute("air_hours_unplaced").to_pylist()
    assert unplaced["missing"] == "air_station_not_in_use|A1|2025-07-02|2025-07-02|2"


def test_flags_and_units_with_which_hours_do_not_count_are_told_by_station(accounts):
    """Of 24 hours 3 are marked H, one RM, one is in hours (a unit of time) and one, marked N,
    counts; a nought marked H was none before.
    """
    marks = {1: "H", 2: "H", 3: "H", 4: "RM", 6: "N"}
    rows = [hour("PM2.5", 30.0, at, flag=marks.get(at)) for at in range(1, 25) if at != 5]
    rows += [hour("PM2.5", 30.0, 5, unit="小时"), hour("SO2", 0.0, 1, flag="H")]
    graph = accounts({"air_station_hours": rows, "air_stations": listed("A1")})
    not_counted = rows_of(graph, "air_hours_not_counted", "place", "station", "cause", "mark")
    assert {key: row["missing"] for key, row in not_counted.items()} == {
        (PLACE, "A1", "flag", "H"): "air_flag_not_counted|A1|H|3",
        (PLACE, "A1", "flag", "RM"): "air_flag_not_counted|A1|RM|1",
        (PLACE, "A1", "unit", "小时"): "air_unit_not_counted|A1|小时|1",
    }
    (day,) = graph.execute("air_station_days").to_pylist()
    assert day["hours"] == 24 - 5, "what is told is what is left out"


def test_a_place_has_the_mean_of_its_stations_in_use(accounts):
    """(30 + 50) / 2 = 40; the third station was closed the day before."""
    rows = [
        line
        for station, value in (("A1", 30.0), ("A2", 50.0), ("A3", 500.0))
        for line in whole_day("PM2.5", value, station=station)
    ]
    stations = [*listed("A1", "A2"), listed("A3")[0] | {"ends": DAY - dt.timedelta(1)}]
    graph = accounts({"air_station_hours": rows, "air_stations": stations})
    (day,) = graph.execute("air_place_days").to_pylist()
    assert (day["place"], day["value"], day["stations_valid"]) == (PLACE, 40.0, 2)


CONCENTRATIONS = st.lists(st.integers(1, 500).map(float), min_size=24 * 3, max_size=24 * 3)


def station_day(values, drop=(), extra=()):
    items = ("PM2.5", "NO2", "O3")
    rows = [
        hour(items[n // 24], value, n % 24 + 1)
        for n, value in enumerate(values)
        if n % 24 + 1 not in drop
    ]
    return rows + [hour(item, value, at) for item, value, at in extra]


def index_of_day(accounts, rows):
    graph = accounts({"air_station_hours": rows, "air_stations": listed("A1")})
    return {
        edition: row["aqi_of_present"]
        for (edition,), row in rows_of(graph, "air_place_day_index", "edition").items()
    }


@settings(max_examples=8, deadline=None)
@given(values=CONCENTRATIONS, order=st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(accounts, values, order):
    rows = station_day(values)
    shuffled = order.sample(rows, len(rows))
    assert index_of_day(accounts, rows) == index_of_day(accounts, shuffled)


@settings(max_examples=8, deadline=None)
@given(values=CONCENTRATIONS, at=st.integers(1, 24))
def test_a_clean_hour_more_never_worsens_the_index(accounts, values, at):
    """A day that lacks one hour of each item: that hour with the least concentration, 1 µg/m³."""
    without = index_of_day(accounts, station_day(values, drop=(at,)))
    clean = [(item, 1.0, at) for item in ("PM2.5", "NO2", "O3")]
    with_it = index_of_day(accounts, station_day(values, drop=(at,), extra=clean))
    assert all(with_it[edition] <= without[edition] for edition in (OLD, NEW))


@settings(max_examples=8, deadline=None)
@given(values=CONCENTRATIONS)
def test_the_unit_changes_nothing(accounts, values):
    rows = station_day(values) + whole_day("CO", 1.2)
    in_other_units = [
        row | {"value": row["value"] * 1000, "unit": "ug/m3"}
        if row["item"] == "CO"
        else row | {"value": row["value"] / 1000, "unit": "毫克/立方米"}
        for row in rows
    ]
    before = index_of_day(accounts, rows)
    assert before == index_of_day(accounts, in_other_units) and all(
        not math.isnan(index) for index in before.values()
    )


@pytest.mark.parametrize(
    "name",
    [
        "air_station_days",
        "air_place_days",
        "air_place_day_index",
        "air_station_hour_aqi",
        "air_hours_unplaced",
        "air_hours_not_counted",
    ],
)
def test_the_rows_that_explain_a_row_give_it_again(accounts, name):
    rows = [
        line
        for station in ("A1", "A2")
        for item, value in (("PM2.5", 40.0), ("PM10", 70.0), ("O3", 120.0), ("CO", 1.0))
        for line in whole_day(item, value + (station == "A2"), station=station)
    ]
    rows += [hour("SO2", 9.0, station="X9"), hour("SO2", 9.0, flag="H")]
    reported = [{"place": "500102", "day": DAY, **FULL, "pm25": 80.0}]
    graph = accounts(
        {
            "air_station_hours": rows,
            "air_stations": listed("A1", "A2"),
            "air_days_reported": reported,
        }
    )
    table = graph.execute(name).to_pylist()
    key = graph.accounts()[name].key
    assert table
    for row in table[:: max(1, len(table) // 4)]:
        by_key, again = reproduce(graph, name, {c: row[c] for c in key}, deep=False)
        assert again == {
            c: pytest.approx(v) if isinstance(v, float) else v for c, v in by_key.items()
        }
