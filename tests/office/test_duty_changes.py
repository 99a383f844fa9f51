"""Changing a duty: periods that ended before the day of the change are owed as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hengtan.basis.errors import HengtanError
from hengtan.office.duties import Body, Due, DutyRule, Owers, obligations
from hengtan.office.duty_changes import changed_rules

TODAY = date(2026, 11, 29)
MONTHS = DutyRule(
    "months", "f", "month", Owers("district"), Due("day_of_month", 10), date(2026, 9, 1)
)
WULONG = Body("500156", "武隆区")
LONG_AGO = date(2020, 1, 1)


def owed(rules, last=TODAY - timedelta(days=1)):
    return [
        (o.id, o.due, o.opens, o.expires)
        for o in obligations(rules, lambda _: [WULONG], LONG_AGO, last)
    ]


def test_a_change_ends_the_old_and_begins_the_new():
    """On 29 November: September and October were due on the 10th, November is on the 20th."""
    new = replace(MONTHS, due=Due("day_of_month", 20))
    old, begun = changed_rules(MONTHS, new, TODAY, {"months"})
    assert (old.valid_until, begun.id, begun.valid_from) == (date(2026, 11, 28), "months.2", TODAY)
    assert [(i, due) for i, due, *_ in owed((old, begun), date(2026, 12, 31))] == [
        ("months:2026-09:500156", date(2026, 10, 10)),
        ("months:2026-10:500156", date(2026, 11, 10)),
        ("months.2:2026-11:500156", date(2026, 12, 20)),
        ("months.2:2026-12:500156", date(2027, 1, 20)),
    ]


def test_a_change_may_hold_from_a_later_day():
    new = replace(MONTHS, due=Due("day_of_month", 20), valid_from=date(2027, 1, 1))
    old, begun = changed_rules(MONTHS, new, TODAY, {"months"})
    assert (old.valid_until, begun.valid_from) == (date(2026, 12, 31), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("taken", "its_id"),
    [({"months"}, "months.2"), ({"months", "months.2", "months.3"}, "months.4")],
)
def test_the_new_one_has_the_next_id(taken, its_id):
    new = replace(MONTHS, opens=2)
    assert changed_rules(MONTHS, new, TODAY, taken)[1].id == its_id
    later = replace(MONTHS, id="months.2", opens=2)
    again = changed_rules(later, replace(later, opens=3), TODAY, {"months.2"})
    assert again[1].id == "months.3"


def test_what_owes_nothing_past_is_changed_as_it_is():
    coming = replace(MONTHS, valid_from=date(2026, 11, 1))
    new = replace(coming, due=Due("day_of_month", 20))
    assert changed_rules(coming, new, TODAY, {"months"}) == (new,)
    assert changed_rules(MONTHS, MONTHS, TODAY, {"months"}) == (MONTHS,)


def test_an_end_is_set_and_never_takes_back_what_was_owed():
    ended = replace(MONTHS, valid_until=date(2026, 12, 31))
    assert changed_rules(MONTHS, ended, TODAY, {"months"}) == (ended,)
    with pytest.raises(HengtanError, match="最早可填 2026-11-28"):
        changed_rules(MONTHS, replace(MONTHS, valid_until=date(2026, 9, 30)), TODAY, {"months"})


DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
RULES = st.builds(
    DutyRule,
    id=st.just("r"),
    form=st.just("f"),
    frequency=st.sampled_from(["month", "cumulative", "quarter", "half", "year"]),
    owers=st.just(Owers("district")),
    due=st.builds(Due, st.just("days_after"), st.integers(1, 60), shifts=st.booleans()),
    valid_from=DAYS,
    expires=st.none() | st.integers(0, 40),
    opens=st.integers(-5, 1),
)


@given(RULES, st.lists(st.tuples(RULES, st.none() | DAYS, DAYS), max_size=4))
def test_past_periods_are_owed_as_they_were_whatever_is_changed(first, changes):
    """Changes one after the other, each on a later day; what had ended before each stays."""
    rules, day = [first], date(2025, 1, 1)
    for new, until, today in sorted(changes, key=lambda change: change[2]):
        day = max(day, today)
        assume(until is None or until >= new.valid_from)
        before = owed(rules, day - timedelta(days=1))
        last = rules.pop()
        typed = replace(new, id=last.id, valid_until=until)
        try:
            rules += changed_rules(last, typed, day, {rule.id for rule in [*rules, last]})
        except HengtanError:
            rules.append(last)
        assert owed(rules, day - timedelta(days=1)) == before
