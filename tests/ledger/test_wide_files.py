"""Wide files of hours: a column for each item, station or hour, and times of the clock."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from hengtan import packs
from hengtan.ledger.forms import Form
from hengtan.ledger.reading import read_form

PACK = packs.load("wulong")
HOURS = Form.from_dict(PACK.forms()["air_station_hours"])
COLUMNS = ("station", "day", "hour", "item", "value", "unit", "_source_row")


def read(folder: Path, text: str, encoding: str = "utf-8"):
    path = folder / "小时值.csv"
    path.write_text(text, encoding=encoding)
    return read_form(path, HOURS, places=PACK.places(), lookups={})


def cells(reading) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in reading.table.select(COLUMNS).to_pylist()]


def test_a_column_for_each_station_as_the_national_centre_publishes_them(tmp_path):
    """date, hour, type and the codes of stations; 0 o'clock is 24 o'clock of the day before."""
    text = (
        "date,hour,type,1001A,1002A\n20180220,0,PM2.5,35,-;\n20180220,7,PM2.5,38,40\n"
        "20180220,7,O3_8h,54,\n"
    )
    reading = read(tmp_path, text)
    day = dt.date(2018, 2, 20)
    assert cells(reading) == [
        ("1001A", dt.date(2018, 2, 19), 24, "PM2.5", 35.0, None, 2),
        ("1001A", day, 7, "PM2.5", 38.0, None, 3),
        ("1002A", day, 7, "PM2.5", 40.0, None, 3),
        ("1001A", day, 7, "O3_8h", 54.0, None, 4),
    ]
    (blank,) = reading.findings
    assert blank.level == "warning" and "2个" in blank.zh
    assert "第2行“1002A”" in blank.zh and "第4行“1002A”" in blank.zh


def test_hours_without_a_value_are_told_once_with_their_number_and_first_places(tmp_path):
    """Five blank hours among seven lines of rows; the blank line at the end is none of them."""
    hours = "".join(f"A1,2025-01-01,{hour},PM2.5,\n" for hour in range(1, 6))
    text = f"点位,日期,时次,项目,浓度\n{hours}A1,2025-01-01,6,PM2.5,31\n,,,,\n"
    reading = read(tmp_path, text)
    (blank,) = reading.findings
    assert (blank.level, blank.where.column) == ("warning", "浓度")
    assert "5个" in blank.zh and "5 values" in blank.en
    assert all(f"第{line}行" in blank.zh for line in (2, 3, 4)) and "第5行" not in blank.zh
    assert [row[4] for row in cells(reading)] == [None] * 5 + [31.0]


def test_a_column_for_each_item_with_units_above_and_in_its_title(tmp_path):
    text = (
        "小时数据,,,\n单位：μg/m³,,,\n点位编码,时间,细颗粒物,CO(mg/m³)\n"
        "A1,2025-01-01 01:00,35,0.8\nA1,2025/1/1 2:00,—,1.1\n"
    )
    reading = read(tmp_path, text, "gb18030")
    day = dt.date(2025, 1, 1)
    assert cells(reading) == [
        ("A1", day, 1, "PM2.5", 35.0, "μg/m3", 4),
        ("A1", day, 1, "CO", 0.8, "mg/m3", 4),
        ("A1", day, 2, "CO", 1.1, "mg/m3", 5),
    ]


def test_a_column_for_each_hour(tmp_path):
    reading = read(tmp_path, "点位,日期,项目,1时,24时\nA1,2025-01-01,臭氧,80,90\n")
    assert [row[2:5] for row in cells(reading)] == [(1, "O3", 80.0), (24, "O3", 90.0)]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A1,2025-01-01 08:00,PM2.5,0.035,", ("第2行", "“浓度”列", "毫克/立方米", "“单位”列")),
        ("A1,2025-01-01 08:00,CO,800,", ("第2行", "“浓度”列", "像是微克/立方米", "“单位”列")),
        ("A1,2025-01-01 08:00,PM2.5,35,毫克/立方米", ("第2行", "大得不可能", "核对单位")),
        ("A1,2025-01-01 08:30,CO,1,", ("第2行", "“时次”列", "2025-01-01 08:30")),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_with_row_field_and_remedy(tmp_path, row, words):
    reading = read(tmp_path, f"点位,监测时间,监测项目,浓度,单位\n{row}\n")
    (error,) = reading.errors
    assert all(word in str(error) for word in words) and "\n" not in str(error)


def test_a_unit_that_is_stated_is_believed(tmp_path):
    text = "点位,监测时间,监测项目,浓度,单位\nA1,2025-01-01 08:00,PM2.5,0.035,毫克/立方米\n"
    assert read(tmp_path, text).errors == []


def test_negative_and_nought_are_told_to_be_missing(tmp_path):
    text = (
        "点位,监测时间,监测项目,浓度\nA1,2025-01-01 08:00,PM2.5,-1\nA1,2025-01-01 09:00,PM2.5,0\n"
    )
    reading = read(tmp_path, text)
    assert [(f.level, f.where.row) for f in reading.findings] == [("warning", 2), ("warning", 3)]


@pytest.mark.parametrize(
    ("header", "row", "titles"),
    [
        ("序号,点位编码,时间,PM2.5,风速(m/s),质控标记", "1,A1,2025-01-01 08:00,35,2.1,H", 2),
        ("点位编码,日期,项目,8时,日均,风速(m/s),质控标记", "A1,2025-01-01,PM2.5,35,36,2.1,H", 3),
        ("点位编码,时间,项目,浓度,风速(m/s),质控标记", "A1,2025-01-01 08:00,PM2.5,35,2.1,H", 2),
    ],
)
def test_columns_that_name_no_value_are_told_once_by_their_titles(tmp_path, header, row, titles):
    """A column of items, of hours and none across; a number of lines and a blank column are no
    loss.
    """
    reading = read(tmp_path, f"填报单位：甲站（虚构）\n{header},备用\n{row},\n")
    assert [row[4] for row in cells(reading)] == [35.0]
    (finding,) = reading.findings
    assert (finding.level, finding.where.row) == ("warning", 2)
    words = str(finding)
    assert "风速(m/s)、质控标记" in words and "备用" not in words and "序号" not in words
    assert words.count("、") >= titles - 1 and "\n" not in words
