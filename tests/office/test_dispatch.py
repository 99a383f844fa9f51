"""Rules of dispatched tasks: states, what is overdue, days of reminding, names of departments."""

from __future__ import annotations

from datetime import date

import pytest

from hengtan.office.dispatch import (
    departments_of,
    is_overdue,
    reminder_due,
    standing_of,
    state_of,
)

DUE, SENT = date(2026, 12, 20), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        (["dispatched", "dispatched"], "dispatched"),
        (["answered", "dispatched"], "dispatched"),
        (["answered", "answered"], "answered"),
        (["answered", "returned"], "returned"),
        (["dispatched", "returned"], "returned"),
        ([], "dispatched"),
    ],
)
def test_the_state_of_a_task_follows_from_its_departments(parts, state):
    assert state_of(parts) == state


@pytest.mark.parametrize(
    ("state", "parts", "shares", "has_evidence", "standing"),
    [
        ("closed", ["answered", "answered"], [100.0, 100.0], True, "done"),
        ("closed", ["answered"], [], True, "done"),
        ("answered", ["answered"], [100.0], True, "in_progress"),
        ("closed", ["answered", "dispatched"], [100.0], True, "in_progress"),
        ("closed", ["answered", "returned"], [100.0, 100.0], True, "in_progress"),
        ("closed", ["answered"], [99.9], True, "in_progress"),
        ("closed", ["answered"], [100.0], False, "in_progress"),
        ("closed", [], [], True, "in_progress"),
    ],
)
def test_a_clause_is_done_by_a_closed_task_with_all_answers_and_evidence(
    state, parts, shares, has_evidence, standing
):
    assert standing_of(state, parts, shares, has_evidence=has_evidence) == standing


def test_overdue_is_who_owes_an_answer_after_the_last_day():
    assert not is_overdue("dispatched", DUE, DUE)
    assert is_overdue("dispatched", DUE, date(2026, 12, 21))
    assert is_overdue("returned", DUE, date(2026, 12, 21))
    assert not is_overdue("answered", DUE, date(2026, 12, 21))
    assert not is_overdue("closed", DUE, date(2027, 1, 1))
    assert not is_overdue("dispatched", None, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 12, 12), None),  # eight days before
        (date(2026, 12, 13), -7),
        (date(2026, 12, 18), -7),
        (date(2026, 12, 19), -1),
        (date(2026, 12, 20), -1),
        (date(2026, 12, 21), 1),
        (date(2026, 12, 27), 7),
        (date(2027, 6, 1), 7),
    ],
)
def test_the_latest_day_of_reminding_that_has_come(today, day):
    assert reminder_due(DUE, SENT, today) == day


def test_a_day_before_the_dispatch_reminds_of_nothing():
    # dispatched on the 18th: the day seven days before is past, the day before is to come
    assert reminder_due(DUE, date(2026, 12, 18), date(2026, 12, 18)) is None
    assert reminder_due(DUE, date(2026, 12, 18), date(2026, 12, 19)) == -1
    assert reminder_due(None, SENT, date(2027, 1, 1)) is None


def test_departments_written_in_a_row():
    assert departments_of("工信局、住建局，交通局;工信局") == ("工信局", "住建局", "交通局")
    assert departments_of("  ") == ()
