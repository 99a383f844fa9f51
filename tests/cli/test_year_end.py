"""Odds of the end of a year: counts of past years beside the forecast over them."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from filed_rows import file_rows

from hengtan.desk.accounts import accounts_view
from hengtan.desk.air import air_view
from hengtan.desk.year_end import year_ends
from hengtan.report.page.accounts import page_context
from hengtan.report.page.air import air_context
from hengtan.workspace.asof import AsOf

TARGET = "wl-good-air-days-2025"
GOOD, BAD = 40, 130


def days(year, bad, until=None):
    """Reported days of a year; ``bad`` are days of the year, from 1, with an index of 130."""
    first = dt.date(year, 1, 1)
    last = until or dt.date(year, 12, 31)
    dates = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    return [
        {"地区": "武隆区", "日期": f"{at}", "空气质量指数": BAD if n in bad else GOOD}
        for n, at in enumerate(dates, 1)
    ]


@pytest.fixture
def of_years(workspace, tmp_path):
    """File past years with these numbers of bad days after March, and 2025 up to 31 March with 10:
    96 % of 365 days leaves 14, so 4 may follow. Gives the row under the edition in force.
    """

    def of_years(counts):
        first = 2025 - len(counts)
        rows = [
            row
            for year, count in enumerate(counts, first)
            for row in days(year, set(range(200, 200 + count)) | {5})
        ]
        rows += days(2025, set(range(1, 11)), dt.date(2025, 3, 31))
        file_rows(workspace, tmp_path, "air_days_reported", rows)
        (row,) = [row for row in year_ends(workspace) if row.get("edition") == "ruling"]
        assert (row["target_id"], row["allowed"], row["days_to_come"]) == (TARGET, 4, 275)
        return row

    return of_years


def test_six_years_far_beyond_what_is_allowed_leave_little_chance(of_years):
    """After March 20 to 24 bad days followed each year, and 4 are allowed."""
    row = of_years([20, 24, 21, 23, 22, 21])
    assert row["history"] == dict(zip(range(2019, 2025), [20, 24, 21, 23, 22, 21], strict=True))
    assert (row["past_years"], row["kept"], row["fewest"], row["most_yet"]) == (6, 0, 20, 24)
    assert row["chance"] < 0.02 and 18 <= row["low"] <= row["point"] <= row["high"] <= 28


def test_six_years_well_within_leave_much_and_a_corrected_year_moves_it(
    of_years, workspace, tmp_path
):
    """1 or 2 bad days followed each year. The last year corrected to 30 makes it less likely."""
    row = of_years([1, 2, 1, 2, 1, 2])
    assert row["kept"] == 6 and row["chance"] > 0.8
    corrected = days(2024, set(range(200, 230)) | {5})
    file_rows(workspace, tmp_path, "air_days_reported", corrected)
    (again,) = [row for row in year_ends(workspace) if row.get("edition") == "ruling"]
    assert again["history"][2024] == 30 and again["kept"] == 5
    assert again["chance"] < row["chance"]


def test_a_year_without_bad_days_lies_one_day_from_a_year_with_one(workspace, tmp_path):
    """After October 1, 3, none and 2 bad days followed: the band leaves out half of the 61 days
    that are left, which a none that lies far from one (as the bound of a logit does) would not.
    """
    counts = {2021: 1, 2022: 3, 2023: 0, 2024: 2}
    rows = [row for year, n in counts.items() for row in days(year, set(range(330, 330 + n)) | {5})]
    rows += days(2025, {5}, dt.date(2025, 10, 31))
    file_rows(workspace, tmp_path, "air_days_reported", rows)
    (row,) = [row for row in year_ends(workspace) if row.get("edition") == "ruling"]
    assert row["history"] == counts and row["days_to_come"] == 61
    assert row["low"] == 0 and row["high"] < 61 / 2
    assert row["kept"] == 4 and row["chance"] > 0.8  # of 14 days 13 are left


def test_three_years_give_counts_alone_on_page_and_command(of_years, workspace):
    row = of_years([3, 6, 2])
    assert (row["past_years"], row["kept"], row["chance"]) == (3, 2, None)
    context = air_context(air_view(workspace, AsOf.of(), "500156", 2025), "zh")
    (shown,) = [x for x in context["air_left"] if x["edition"] == "ruling"]
    assert (shown["past"]["kept"], shown["odds_text"]) == (2, "")


@pytest.mark.parametrize(("lang", "words"), [("zh", "预计再超标"), ("en", "more days missed")])
def test_the_page_says_the_odds_beside_the_counts(of_years, workspace, lang, words):
    row = of_years([3, 6, 2, 5])
    context = air_context(air_view(workspace, AsOf.of(), "500156", 2025), lang)
    (shown,) = [x for x in context["air_left"] if x["edition"] == "ruling"]
    assert words in shown["odds_text"] and f"{row['chance']:.0%}" in shown["odds_text"]
    notes = row["notes"] if lang == "zh" else row["notes_en"]
    assert notes and all(note in shown["odds_text"] for note in notes)
    assert shown["past"]["kept"] == 2


def test_sections_that_failed_in_past_years_give_the_odds_of_this_one(workspace, tmp_path):
    """Four national sections, of which 95.1 % are all four: none may fail. One failed in 2020 and
    2023, none in 2021, 2022 and 2024; of 2025 only January is in.
    """
    names = [f"G{n}" for n in range(1, 5)]
    section = {"地区": "武隆区", "控制级别": "国控", "水体类型": "河流"}
    rows = [section | {"断面编号": name, "断面名称": name, "河流": "甲河"} for name in names]
    file_rows(workspace, tmp_path, "water_sections", rows)

    def months(year, failing, last=12):
        return [
            {
                "断面编号": name,
                "月份": f"{year}年{month}月",
                "氨氮": 1.5 if n < failing else 0.3,
                "溶解氧": 8,
            }
            for n, name in enumerate(names)
            for month in range(1, last + 1)
        ]

    failed = {2020: 1, 2021: 0, 2022: 0, 2023: 1, 2024: 0}
    rows = [row for year, count in failed.items() for row in months(year, count)]
    file_rows(workspace, tmp_path, "water_section_months", rows + months(2025, 0, last=1))
    (row,) = [row for row in year_ends(workspace) if row["kind"] == "sections"]
    assert (row["target_id"], row["year"], row["allowed"]) == ("cq-water-good-2027", 2025, 0)
    assert row["history"] == failed and row["kept"] == 3
    assert 0.3 < row["chance"] < 0.95


def test_the_command_line_gives_them_as_a_table_and_as_json(of_years, workspace, hengtan):
    row = of_years([3, 6, 2, 5])
    code, out, _ = hengtan("forecast", "--year-end", "--json", "-w", workspace.folder)
    assert code == 0
    (again,) = [each for each in json.loads(out) if each.get("edition") == "ruling"]
    assert again["chance"] == pytest.approx(row["chance"])
    code, out, _ = hengtan("forecast", "--year-end", "-w", workspace.folder)
    assert code == 0 and f"{row['chance']:.0%}" in out and TARGET[:10] in out


def test_the_page_of_accounts_says_the_odds_beside_the_counts(of_years, workspace):
    """After March 20 to 24 bad days followed each of six years, where 4 may: none kept to it."""
    row = of_years([20, 24, 21, 23, 22, 21])
    view = accounts_view(workspace, place="500156")
    for lang, ruling, past in (
        ("zh", "逐日按施行的版本", "6年中0年守住，20—24"),
        ("en", "each day under the edition in force", "0 of 6 years kept to it, 20 – 24"),
    ):
        lines = page_context(view, lang)["account_year_ends"]
        (line,) = [line for line in lines if ruling in line["things"]]
        assert (line["year"], line["allowed"], line["past"]) == (2025, 4, past)
        assert line["odds"].startswith(f"{row['chance']:.0%}")
