"""Hourly series as people have them: exports of meters, imported, read again, corrected."""

import csv
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.desk.evidence import import_file
from hengtan.outlook.hourly import SeriesMissing, SeriesRefused
from hengtan.outlook.series_rows import Asked, series_from

YEAR = 2023
DAYS = [date(YEAR, 1, 1) + timedelta(days=n) for n in range(365)]
METER = Asked("500156", "白马一线", YEAR)
FACTS = {"地区": "武隆区", "序列编号": "白马一线", "单位": "千瓦", "是什么": "负荷或用电量"}
FACTS |= {"数据种类": "计量", "来源": "合成数据"}


def load(position):
    """A load that tells its hour: 1,000 kW and 1 kW for each hour of the year."""
    return 1000 + position


def write(path, heads, lines):
    with path.open("w", encoding="gbk", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([["重庆某园区用电信息采集系统导出（合成）"], [], heads, *lines])
    return path


def day_table(path, leave_out=()):
    """A day a line, an hour a column, as the systems of grid companies export."""
    heads = [*FACTS, "日期", *(f"{hour}时" for hour in range(1, 25))]
    lines = [
        [*FACTS.values(), day.strftime("%Y/%m/%d"), *(load(n * 24 + hour) for hour in range(24))]
        for n, day in enumerate(DAYS)
        if day not in leave_out
    ]
    return write(path, heads, lines)


def hand_in(workspace, path):
    return import_file(workspace, "hourly_series", path, actor=Actor("填报员"), approve=True)


def read(workspace, asked=METER):
    return series_from(workspace.execute("hourly_series"), asked)


def test_a_day_a_line_from_a_meter_system(workspace, tmp_path):
    """1,000 kW in the first hour and 9,759 kW in the last; kW come in MW."""
    hand_in(workspace, day_table(tmp_path / "表计.csv"))
    series = read(workspace)
    np.testing.assert_allclose(series.values, (1000 + np.arange(8760)) / 1000, rtol=1e-12)
    assert (series.unit, series.kind, series.utc_offset) == ("MW", "metered", 8.0)
    corrected = {**FACTS, "日期": "2023-07-01", "时次": 15, "数值": 0}
    hand_in(workspace, write(tmp_path / "更正.csv", list(corrected), [list(corrected.values())]))
    assert read(workspace).values[181 * 24 + 14] == 0
    assert (read(workspace).values == 0).sum() == 1


def test_a_clock_in_one_column(workspace, tmp_path):
    """0 o'clock is the last hour of the day before: the file runs from 1 o'clock on New Year."""
    heads = [*FACTS, "时间", "负荷"]
    start = datetime(YEAR, 1, 1)
    lines = [
        [*FACTS.values(), (start + timedelta(hours=n + 1)).strftime("%Y-%m-%d %H:%M"), load(n)]
        for n in range(8760)
    ]
    hand_in(workspace, write(tmp_path / "时刻.csv", heads, lines))
    np.testing.assert_allclose(read(workspace).values, (1000 + np.arange(8760)) / 1000, rtol=1e-12)


def test_a_day_that_lacks_is_named(workspace, tmp_path):
    hand_in(workspace, day_table(tmp_path / "表计.csv", leave_out=[date(YEAR, 8, 9)]))
    with pytest.raises(SeriesRefused, match="缺24个小时：2023-08-09 1时、2023-08-09 2时"):
        read(workspace)
    with pytest.raises(SeriesMissing, match="hourly_series"):
        read(workspace, Asked("500156", "没有这块表", YEAR))


def test_the_hour_of_a_changed_clock_is_named(workspace, tmp_path):
    path = day_table(tmp_path / "表计.csv")
    text = path.read_text(encoding="gbk").replace(",1001,", ",,", 1)
    path.write_text(text, encoding="gbk")
    hand_in(workspace, path)
    with pytest.raises(SeriesRefused, match="缺1个小时：2023-01-01 2时（像是改夏令时"):
        read(workspace)


def test_quarters_need_a_choice(workspace, tmp_path):
    """Quarters of 1, 2, 3 and 6 kWh are 12 kWh an hour, 12 kW; averaged as kW they are 3 kW."""
    facts = FACTS | {"单位": "千瓦时"}
    heads = [*facts, "日期", "时次", "刻", "数值"]
    quarters = dict(enumerate((1, 2, 3, 6), 1))
    lines = [
        [*facts.values(), day.isoformat(), hour, part, value]
        for day in DAYS
        for hour in range(1, 25)
        for part, value in quarters.items()
    ]
    hand_in(workspace, write(tmp_path / "刻.csv", heads, lines))
    with pytest.raises(SeriesRefused, match="15分钟数据"):
        read(workspace)
    added = read(workspace, Asked("500156", "白马一线", YEAR, "sum"))
    averaged = read(workspace, Asked("500156", "白马一线", YEAR, "mean"))
    assert added.values == pytest.approx(0.012) and averaged.values == pytest.approx(0.003)
    assert "15分钟电量相加" in added.name()[0]


def test_two_units_in_one_series_are_refused(workspace, tmp_path):
    path = day_table(tmp_path / "表计.csv")
    text = path.read_text(encoding="gbk").replace("千瓦,", "兆瓦,", 1)
    path.write_text(text, encoding="gbk")
    hand_in(workspace, path)
    with pytest.raises(SeriesRefused, match="“单位”不一致"):
        read(workspace)


def test_a_share_of_the_year_is_a_fraction(workspace, tmp_path):
    facts = FACTS | {"是什么": "形状", "单位": ""}
    row = {**facts, "日期": "2023-07-01", "时次": 15, "数值": 0.5}
    with pytest.raises(HengtanError, match="占全年的比例"):
        hand_in(workspace, write(tmp_path / "形状.csv", list(row), [list(row.values())]))
