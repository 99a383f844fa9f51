"""The light of a goal on good air from a file of hours; a corrected hour turns it."""

from __future__ import annotations

import csv
import datetime as dt

import pytest
from filed_rows import file_rows

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.desk.accounts import accounts_view
from hengtan.desk.air import air_view
from hengtan.desk.evidence import import_file
from hengtan.desk.new import PlanDocument, new_workspace
from hengtan.report.page.accounts import tables
from hengtan.workspace.asof import AsOf

TARGET = "wl-good-air-days-2025"
ITEMS = ("SO2", "NO2", "PM10", "CO(mg/m3)", "O3", "PM2.5(mg/m3)")
CLEAN = (10, 20, 40, 0.8, 80, 0.02)


def hours_file(path, bad_days, first=dt.date(2025, 1, 1), days=365):
    """A file with a column for each item; particles in mg/m3, 0.09 on bad days."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["监测点编码", "监测时间", *ITEMS])
        for n in range(days):
            figures = (*CLEAN[:5], 0.09) if n in bad_days else CLEAN
            for clock in range(1, 25):
                at = dt.datetime.combine(first, dt.time()) + dt.timedelta(days=n, hours=clock)
                writer.writerow(["S1", f"{at:%Y-%m-%d %H:%M}", *figures])
    return path


def standing(workspace):
    rows = workspace.execute("plan_progress", AsOf.of()).to_pylist()
    return next(row for row in rows if row["target_id"] == TARGET)


def of_the_year(workspace):
    rows = workspace.execute("plan_computed_values", AsOf.of()).to_pylist()
    return [row for row in rows if row["year"] == 2025]


@pytest.fixture
def station(workspace, tmp_path):
    rows = [{"点位编码": "S1", "评价地区": "武隆区", "点位名称": "合成点位（虚构）"}]
    return file_rows(workspace, tmp_path, "air_stations", rows)


def test_hours_of_a_year_reach_the_goal_and_a_corrected_day_turns_the_light(
    workspace, tmp_path, station
):
    """96 % of 365 days leaves 14 days: 14 bad days give 351/365 = 96.16 %, met; with one more
    day corrected to bad 350/365 = 95.89 %, missed. PM2.5 of 90 is 119 in the edition of 2012. 351
    of 365 days are at 20 µg/m³, so is the 95th percentile; the composite index of 2013 is 10/60 +
    20/40 + 40/70 + 0.8/4 + 80/160 + 22.68/35. A long list of hours and a daily report are taken
    as well: 70 µg/m³ of 1 March 2026 is 94 by the old edition and 110 by the new.
    """
    first = hours_file(tmp_path / "全年小时值.csv", set(range(14)))
    report = import_file(workspace, "air_station_hours", first, actor=Actor("填报员"), approve=True)
    assert report.rows == 365 * 24 * 6
    row = standing(workspace)
    assert (row["state"], row["light"]) == ("actual", "met")
    assert row["latest_value"] == pytest.approx(100 * 351 / 365)
    days = workspace.execute("air_days_left", AsOf.of()).to_pylist()
    ruling = next(r for r in days if r["edition"] == "ruling" and r["year"] == 2025)
    assert (ruling["bad_days"], ruling["bad_allowed"], ruling["still_allowed"]) == (14, 14, 0)
    computed = {r["indicator"]: r["value"] for r in of_the_year(workspace)}
    assert computed["heavy_pollution_days"] == 0.0  # PM2.5 of 90 is 119
    assert computed["pm25_annual"] == pytest.approx((14 * 90 + 351 * 20) / 365)

    def rows(account, **wanted):
        of_account = workspace.execute(account, AsOf.of()).to_pylist()
        return [row for row in of_account if all(row[c] == value for c, value in wanted.items())]

    (fine,) = rows("air_place_year_items", item="PM2.5", year=2025, place="500156")
    assert fine["percentile"] == pytest.approx(20)
    (composite,) = rows("air_composite", weights="2013", year=2025, place="500156")
    parts = 10 / 60 + 20 / 40 + 40 / 70 + 0.8 / 4 + 80 / 160 + (14 * 90 + 351 * 20) / 365 / 35
    assert composite["composite"] == pytest.approx(parts)
    tree = workspace.explain(
        "air_place_day_index",
        {"place": "500156", "day": dt.date(2025, 1, 1), "edition": "HJ 633-2012"},
    )
    lines = {leaf.origin.get("_source_row") for leaf in tree.leaves() if leaf.kind == "ledger"}
    assert lines & set(range(2, 26)), "the explanation ends at the lines of the file"
    corrected = hours_file(tmp_path / "改正.csv", {0}, dt.date(2025, 7, 1), 1)
    import_file(workspace, "air_station_hours", corrected, actor=Actor("填报员"), approve=True)
    row = standing(workspace)
    assert row["light"] == "missed" and row["latest_value"] == pytest.approx(100 * 350 / 365)

    reported = {"地区": "涪陵区", "日期": "2026-03-01", "SO2日均": 8, "NO2日均": 20, "PM10日均": 80}
    reported |= {"CO日均": 0.7, "O3_8h": 80, "PM2.5日均": 70}
    file_rows(workspace, tmp_path, "air_days_reported", [reported])
    index = {r["edition"]: r["aqi"] for r in rows("air_place_day_index", place="500102")}
    assert (index["HJ 633-2012"], index["HJ 633-2026"]) == (94, 110)
    at = {"点位": "S1", "项目": "PM2.5", "浓度": 90}
    clocks = [at | {"时间": f"2026-01-05 {n:02d}:00"} for n in range(1, 24)]
    file_rows(workspace, tmp_path, "air_station_hours", clocks)
    (day,) = rows("air_place_days", place="500156", day=dt.date(2026, 1, 5), item="PM2.5")
    assert day["value"] == pytest.approx(90)


def test_the_view_of_air_is_of_a_place_and_its_newest_year(workspace, tmp_path):
    """Days of 2025 and 2026 reported by one place; the calendar has those of 2026, twice."""
    rows = [
        {"地区": "武隆区", "日期": f"{year}-05-{n:02d}", "PM2.5日均": 20 + n, "PM10日均": 60}
        for year in (2025, 2026)
        for n in range(1, 11)
    ]
    file_rows(workspace, tmp_path, "air_days_reported", rows)
    view = air_view(workspace)
    assert (view["place_zh"], view["year"], view["years"]) == ("武隆区", 2026, [2026, 2025])
    assert len(view["days"]) == 20
    earlier = air_view(workspace, year=2025)
    assert {row["day"].year for row in earlier["days"]} == {2025}
    rounding = {row["edition"]: row["rounding_zh"] for row in view["editions"]}
    assert "不先修约" in rounding["HJ 633-2012"] and "先按GB/T 8170" in rounding["HJ 633-2026"]


def test_doubts_of_a_year_are_in_the_order_of_days(workspace, tmp_path):
    """Twelve days with PM2.5 above PM10, handed in backwards."""
    days = [dt.date(2026, month, 5) for month in range(12, 0, -1)]
    row = {"地区": "武隆区", "PM2.5日均": 61, "PM10日均": 60}
    file_rows(workspace, tmp_path, "air_days_reported", [row | {"日期": f"{d}"} for d in days])
    assert [doubt["day"] for doubt in air_view(workspace)["doubts"]] == sorted(days)


def test_hours_of_an_unknown_station_stand_in_the_view_until_it_is_registered(workspace, tmp_path):
    """144 values of a day of six items; the place has no other day, so that no year is shown."""
    hours = hours_file(tmp_path / "小时值.csv", set(), days=1)
    import_file(workspace, "air_station_hours", hours, actor=Actor("填报员"), approve=True)
    view = air_view(workspace)
    assert view["year"] is None
    assert [row["missing_codes"] for row in view["lost"]] == [
        "air_station_unknown|S1|2025-01-01|2025-01-01|144"
    ]
    shown = tables(accounts_view(workspace, place="500156"), "zh", year=2025)
    assert any("没有登记点位的小时值" in table["title"] for table in shown)
    rows = [{"点位编码": "S1", "评价地区": "武隆区", "点位名称": "合成点位（虚构）"}]
    file_rows(workspace, tmp_path, "air_stations", rows)
    registered = air_view(workspace)
    assert (registered["year"], registered["lost"]) == (2025, [])


def test_flagged_hours_are_shown_with_the_place_of_their_station(workspace, tmp_path, station):
    """Two hours marked H, one marked 有效: the two are told in 武隆区 and not elsewhere."""
    flags = {1: "H", 2: "H", 3: "有效"}
    rows = [
        {"点位": "S1", "时间": f"2025-01-01 0{n}:00", "项目": "PM2.5", "浓度": 30, "标记": flag}
        for n, flag in flags.items()
    ]
    file_rows(workspace, tmp_path, "air_station_hours", rows)
    assert [row["missing_codes"] for row in air_view(workspace, place="500156")["lost"]] == [
        "air_flag_not_counted|S1|H|2"
    ]
    assert air_view(workspace, place="500102")["lost"] == []


def test_an_edition_that_was_not_in_force_is_refused_in_one_line(workspace, tmp_path):
    rows = [{"地区": "武隆区", "日期": "2025-05-01", "空气质量指数": 60, "指数版本": "HJ 633-2026"}]
    with pytest.raises(HengtanError) as refused:
        file_rows(workspace, tmp_path, "air_days_reported", rows)
    words = str(refused.value)
    assert "第2行" in words and "指数版本" in words and "留空" in words and "\n" not in words


def test_a_unit_of_another_kind_is_refused_at_its_row(workspace, tmp_path, station):
    """30 t are no concentration; the row beside it has the unit of its item."""
    hour = {"点位编码": "S1", "日期": "2026-03-01", "项目": "PM2.5", "浓度": 30}
    rows = [hour | {"时次": 1, "单位": "微克/立方米"}, hour | {"时次": 2, "单位": "吨"}]
    with pytest.raises(HengtanError, match=r"第3行 “单位”列：“吨”不能换算成PM2\.5的单位"):
        file_rows(workspace, tmp_path, "air_station_hours", rows)


PLAN_OF_AIR = """某县大气环境规划（虚构）
一、主要目标
到2025年，细颗粒物（PM2.5）年均浓度控制在32微克/立方米以内，重度及以上污染天数控制在3天以内。
"""


def test_goals_for_fine_particles_and_heavy_days_get_their_lights_from_daily_reports(tmp_path):
    """362 days of 30 µg/m³ and 3 of 200 (index above 200): a mean of 31.397 and three heavy days,
    both met. One more day of 200 makes it four, missed, with a mean of 31.863; eight more days of
    120, not heavy, 33.84: missed as well.
    """
    document = tmp_path / "规划.txt"
    document.write_text(PLAN_OF_AIR, encoding="utf-8")
    place = {"地区": "330199"}

    def days(numbers, value):
        first = dt.date(2025, 1, 1)
        clean = {"SO2日均": 8, "NO2日均": 20, "PM10日均": 230, "CO日均": 0.7, "O3_8h": 80}
        return [
            place | clean | {"日期": f"{first + dt.timedelta(n)}", "PM2.5日均": value}
            for n in numbers
        ]

    plan = PlanDocument(document, 2021)
    with new_workspace(tmp_path / "ws", "330199", name="某县", plan=plan) as county:

        def lights():
            on = AsOf.of(today=dt.date(2026, 3, 1))
            rows = county.execute("plan_progress", on).to_pylist()
            return {row["indicator"]: (row["light"], row["latest_value"]) for row in rows}

        file_rows(county, tmp_path, "air_days_reported", days(range(3, 365), 30))
        file_rows(county, tmp_path, "air_days_reported", days(range(3), 200))
        mean = (362 * 30 + 3 * 200) / 365
        assert lights() == {
            "pm25_annual": ("met", pytest.approx(mean)),
            "heavy_pollution_days": ("met", pytest.approx(3)),
        }
        file_rows(county, tmp_path, "air_days_reported", days([3], 200))
        mean = (361 * 30 + 4 * 200) / 365
        assert lights() == {
            "pm25_annual": ("met", pytest.approx(mean)),
            "heavy_pollution_days": ("missed", pytest.approx(4)),
        }
        file_rows(county, tmp_path, "air_days_reported", days(range(4, 12), 120))
        mean = (353 * 30 + 4 * 200 + 8 * 120) / 365
        assert lights()["pm25_annual"] == ("missed", pytest.approx(mean))
        assert lights()["heavy_pollution_days"] == ("missed", pytest.approx(4))
