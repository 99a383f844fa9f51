"""Of a goal whose deadline has passed no pace is needed any more: pages and documents say that it
is past, for how long, and by how much it was missed.
"""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path

import pytest
import yaml

from hengtan.report import numerals
from hengtan.report.page.render import Pages
from hengtan.report.pdf import status as pdf_of_status
from hengtan.report.pdf import target as pdf_of_target
from hengtan.report.status_rows import days_past
from hengtan.report.view import StatusView

SMALL = Path(__file__).with_name("small_view.yaml")


@pytest.mark.parametrize(
    ("deadline", "day", "days"),
    [
        (2025, date(2025, 12, 31), 0),  # its last day is within
        (2025, date(2026, 1, 1), 1),
        (2025, date(2026, 11, 29), 333),  # 29 November is day 333 of a common year
        (2027, date(2026, 11, 29), 0),
        (None, date(2026, 11, 29), 0),
    ],
)
def test_the_days_since_a_deadline(deadline, day, days):
    assert days_past(deadline, day) == days


def target(**changes):
    missed = {"operator": ">=", "unit": "%", "gap": 2.0, "light": "missed", "past_days": 333}
    return missed | changes


@pytest.mark.parametrize(
    ("row", "zh", "en"),
    [
        (
            target(),
            "截止期已过333天；尚差 2个百分点",
            "333 days past the deadline; short by 2 points",
        ),
        (target(light="met"), "截止期已过333天", "333 days past the deadline"),
        (
            target(light="due_not_reported", gap=None),
            "截止期已过333天；截止年实绩未报",
            "333 days past the deadline; outturn of its year not reported",
        ),
        (target(past_days=None), "", ""),
    ],
)
def test_what_is_said_of_it(row, zh, en):
    assert (numerals.past_said(row), numerals.past_said(row, "en")) == (zh, en)


@pytest.fixture
def view():
    """The hand-made view, its missed target past since 333 days."""
    content = copy.deepcopy(yaml.safe_load(SMALL.read_text(encoding="utf-8")))
    row = next(t for t in content["targets"] if t["target_id"] == "b-missed")
    row |= {"past_days": 333, "needed_pace": None}
    return StatusView.of(content)


def test_pages_and_documents_say_it(view):
    row = view.target("b-missed")
    pages = Pages(view)
    shown = pages.fragment("targets", target={**row, "explain": None})
    assert "截止期已过333天" in shown
    assert "截止期已过333天" in pages.fragment("overview")
    facts = pdf_of_target._facts(row, "zh")
    needed = next(fact for fact in facts if "年均" in fact["name"])
    assert needed["value"].startswith("截止期已过333天；")
    assert pdf_of_status._row(row, "zh")["needed"].startswith("截止期已过333天；")


def test_the_demonstration_gives_no_pace_for_what_has_passed(demo):
    """The district's plan ends in 2025; the city's in 2027 and later."""
    from hengtan.desk.status import status_view
    from hengtan.workspace.asof import AsOf

    rows = status_view(demo, AsOf.of(today=date(2026, 11, 29)))["targets"]
    past = [row for row in rows if row["deadline"] == 2025]
    ahead = [row for row in rows if row["deadline"] == 2027]
    assert past and all(row["past_days"] == 333 for row in past)
    assert {row["needed_pace"] for row in past} == {None}
    assert {row["past_days"] for row in ahead} == {None}
    assert any(row["needed_pace"] is not None for row in ahead)
