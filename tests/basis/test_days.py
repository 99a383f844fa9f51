"""Times of the clock as people and instruments write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from hengtan.basis.days import read_clock

EIGHT = datetime(2026, 3, 5, 8)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05 08:00",
        "2026/3/5 8:00",
        "2026-03-05 08:00:00.000",
        "2026年3月5日8时",
        "2026年3月5日8时00分",
        "2026030508",
        "202603050800",
        "2026-03-05T08:00:00+08:00",
        "2026-03-05T00:00:00Z",
        "2026-03-05T09:00+0900",
        "46086.3333333333",
        "２０２６-０３-０５ ０８：００",
    ],
)
def test_eight_in_the_morning(text: str) -> None:
    """46086 is the serial day of 2026-03-05 in Excel, a third of a day is eight hours."""
    assert read_clock(text) == EIGHT


def test_twenty_four_is_the_beginning_of_the_next_day() -> None:
    assert read_clock("2026-02-28 24:00") == datetime(2026, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05 25:00",
        "2026-03-05 24:01",
        "2026-02-30 08:00",
        "20260305",
        "8:00",
        "2026/3-5 8:00",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_clock(text) is None
