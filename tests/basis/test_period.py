"""Periods: the written forms of the design, what people write, and what is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.basis.errors import BadPeriod
from hengtan.basis.period import Period, excel_day

WRITTEN = [
    ("2024", "year", date(2024, 1, 1), date(2024, 12, 31)),
    ("2024-H1", "half", date(2024, 1, 1), date(2024, 6, 30)),
    ("2024-H2", "half", date(2024, 7, 1), date(2024, 12, 31)),
    ("2024-Q1", "quarter", date(2024, 1, 1), date(2024, 3, 31)),
    ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
    ("2024-03-05", "day", date(2024, 3, 5), date(2024, 3, 5)),
    ("2024-01..06", "cumulative", date(2024, 1, 1), date(2024, 6, 30)),
    ("2016..2020", "span", date(2016, 1, 1), date(2020, 12, 31)),
]


@pytest.mark.parametrize(("text", "kind", "start", "end"), WRITTEN)
def test_written_forms(text, kind, start, end):
    period = Period.parse(text)
    assert (period.kind, period.start, period.end, str(period)) == (kind, start, end, text)


@pytest.mark.parametrize(
    ("people", "written"),
    [
        ("2024年", "2024"),
        ("2024年度", "2024"),
        ("2024年全年", "2024"),
        ("2024年上半年", "2024-H1"),
        ("2024年第一季度", "2024-Q1"),
        ("2024年4季度", "2024-Q4"),
        ("2024年1—6月", "2024-01..06"),
        ("2024年1-6月累计", "2024-01..06"),
        ("2024年前三季度", "2024-01..09"),
        ("2024.3", "2024-03"),
        ("2024/3/5", "2024-03-05"),
        ("2024年3月5日", "2024-03-05"),
        ("2024年末", "2024-12-31"),
        ("截至2024年底", "2024-12-31"),
        ("2024年2月末", "2024-02-29"),
        ("２０２４年３月", "2024-03"),
        ("二〇二四年十二月", "2024-12"),
        ("二〇二四年三月十五日", "2024-03-15"),
        ("二○二四年", "2024"),
        ("二○二四", "2024"),
        ("二零二四年十二月三十一日", "2024-12-31"),
        ("二0二四年十月二十号", "2024-10-20"),
        ("贰零贰肆年叁月拾伍日", "2024-03-15"),
        ("二〇二四年十月廿五日", "2024-10-25"),
        ("二〇二四年〇三月〇五日", "2024-03-05"),
        ("2024年三月五日", "2024-03-05"),
        ("二〇二四年一至六月", "2024-01..06"),
        ("二〇二四年一月—六月", "2024-01..06"),
        ("二〇二一年至二〇二五年", "2021..2025"),
        ("二〇二四年第三季度", "2024-Q3"),
        ("二〇二四年末", "2024-12-31"),
        ("20240305", "2024-03-05"),
        ("202403", "2024-03"),
        ("2021-2025年", "2021..2025"),
        ("2024-12-31 00:00:00", "2024-12-31"),
        (2024, "2024"),
        (2024.0, "2024"),
        (date(2024, 3, 5), "2024-03-05"),
    ],
)
def test_what_people_write(people, written):
    assert Period.read(people).text == written


def test_a_text_without_a_year_takes_the_given_one():
    assert Period.read("1-6月", year=2023).text == "2023-01..06"
    with pytest.raises(BadPeriod):
        Period.read("1-6月")


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "去年",
        "2024-13",
        "2024-02-30",
        "2024-Q5",
        "2020..2016",
        "2024年3-6月",
        "1850000",
        None,
        True,
        12.5,
        "2024年1-2",
    ],
)
def test_what_is_refused_in_one_line(bad):
    with pytest.raises(BadPeriod) as error:
        Period.read(bad)
    assert "\n" not in str(error.value) and "2024-01..06" in str(error.value)


@given(st.integers(1950, 2099), st.integers(1, 12))
def test_reading_the_chinese_form_gives_the_period_back(year, month):
    for text in (
        f"{year}",
        f"{year}-{month:02d}",
        f"{year}-01..{month:02d}",
        f"{year}-H{1 + month // 7}",
        f"{year}-Q{(month + 2) // 3}",
    ):
        period = Period.parse(text)
        assert Period.read(period.zh()).text == text
        assert period.start <= period.end and period.within(Period.parse(str(year)))


def test_excel_serials():
    # ISO/IEC 29500-1: serial 45658 is 2025-01-01 in the 1900 date system
    assert excel_day(45658) == date(2025, 1, 1)
    with pytest.raises(BadPeriod):
        excel_day(60)


@pytest.mark.parametrize(
    "text",
    [
        "二〇二四年三月三十二日",
        "二〇二四年二月三十日",
        "二〇二四年十三月",
        "二〇二四年二三月",
        "二〇二四年正月初五",
        "二四年三月",
        "二〇二四年三至六月",
    ],
)
def test_numerals_that_are_no_date_are_refused(text):
    """No such day or month; a lunar month; a year of two signs; a sum that skips January."""
    with pytest.raises(BadPeriod):
        Period.read(text)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("March 2024", "2024-03"),
        ("2024 Sept", "2024-09"),
        ("5 Mar 2024", "2024-03-05"),
        ("March 5th, 2024", "2024-03-05"),
        ("5-Mar-2024", "2024-03-05"),
        ("Jan-Jun 2024", "2024-01..06"),
        ("January to June 2024", "2024-01..06"),
        ("Q1 2024", "2024-Q1"),
        ("2024 H2", "2024-H2"),
        ("end of 2024", "2024-12-31"),
    ],
)
def test_periods_in_english_words(text, period):
    assert str(Period.read(text)) == period


@pytest.mark.parametrize(
    "text", ["05/03/2024", "30 Feb 2024", "Mar-Jun 2024", "H3 2024", "Marc 2024"]
)
def test_english_words_that_name_no_one_period_are_refused(text):
    """Day or month first is unclear; no such day; a sum that skips January; no such half year."""
    with pytest.raises(BadPeriod):
        Period.read(text)
