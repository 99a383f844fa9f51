"""Axes of the pictures in papers: marks that differ are written differently, years are whole."""

from __future__ import annotations

import pytest

from hengtan.report.pictures import drawing_board
from hengtan.report.pictures_of_outlook import _by_whole_years, _tell_marks_apart


def written(axis):
    """The marks of an axis that lie within it, as they are drawn."""
    low, high = sorted(axis.get_view_interval())
    places = [place for place in axis.get_majorticklocs() if low <= place <= high]
    return places, axis.get_major_formatter().format_ticks(places)


@pytest.mark.parametrize("top", [0.05, 0.3, 1.0, 2.7, 40.0, 812.0, 26_835_094.0])
def test_marks_that_differ_are_written_differently(top):
    """A cost of 0.05 × 10⁸ yuan had an axis of noughts; a large figure needs no decimals."""
    _, axes = drawing_board(6, 3)
    axes.plot([0, 1], [0, top])
    _tell_marks_apart(axes.yaxis)
    places, texts = written(axes.yaxis)
    assert len(set(texts)) == len(places) > 2
    numbers = [float(text.replace(",", "").replace("\N{MINUS SIGN}", "-")) for text in texts]
    assert numbers == pytest.approx(places, rel=1e-9, abs=1e-12)
    assert top < 10 or not any("." in text for text in texts)


@pytest.mark.parametrize("step", [0.0025, 0.025, 0.1, 0.25, 2.5, 20, 2_500])
def test_marks_are_written_as_they_are(step):
    """A mark at 2.5 is not a 2: steps of 2.5 need one decimal, those of 0.25 two."""
    _, axes = drawing_board(6, 3)
    axes.set_yticks([step * n for n in range(5)])
    _tell_marks_apart(axes.yaxis)
    places, texts = written(axes.yaxis)
    assert [float(text.replace(",", "")) for text in texts] == pytest.approx(places, rel=1e-9)


def test_years_are_whole_and_hours_of_a_year_are_not_forced_to_be():
    _, axes = drawing_board(6, 3)
    axes.plot([2020, 2021, 2022], [3, 2, 1])
    _by_whole_years(axes, [2020, 2021, 2022])
    places, texts = written(axes.xaxis)
    assert texts == ["2020", "2021", "2022"] and places == [2020, 2021, 2022]


def test_names_of_columns_stay_names():
    _, axes = drawing_board(6, 3)
    axes.bar(["煤电", "风电"], [1, 2])
    _tell_marks_apart(axes.xaxis)
    assert written(axes.xaxis)[1] == ["煤电", "风电"]
