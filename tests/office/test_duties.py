"""Rules of the reporting calendar and the obligations they come to.

Days are worked out by hand from a calendar of 2026 (1 January is a Thursday) and from the State
Council's notice of 4 November 2025 on the holidays of 2026.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.basis.errors import HengtanError, UnknownPlace
from hengtan.basis.period import Period
from hengtan.basis.place import Place, PlaceTree
from hengtan.basis.working_days import WorkingDays
from hengtan.office.duties import (
    FREQUENCIES,
    WORDS,
    Body,
    Due,
    DutyException,
    DutyRule,
    Owers,
    WrongDuty,
    bodies_of,
    obligations,
)

CITY, NORTH, SOUTH, ENTERPRISE = "889900", "889901", "889902", "91889901MA00000001"


def month(text):
    return Period.parse(text)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 16), False),  # a Monday of the festival
        (date(2026, 2, 24), True),  # the Tuesday after it
        (date(2026, 2, 28), True),  # again a Saturday worked
        (date(2026, 3, 7), False),  # an ordinary Saturday
        (date(2026, 9, 20), True),  # a Sunday worked for the National Day
        (date(2026, 9, 25), False),  # Friday of the Mid-Autumn Festival
        (date(2025, 10, 8), False),  # the last day off of 2025
        (date(2025, 10, 11), True),  # a Saturday worked
    ],
)
def test_days_off_and_days_worked_are_those_announced(announced, day, works):
    assert announced.is_worked(day) == works


@pytest.mark.parametrize(
    ("due", "period", "day"),
    [
        (Due("day_of_month", 10), "2026-03", date(2026, 4, 10)),
        (Due("day_of_month", 10), "2026-12", date(2027, 1, 10)),
        (Due("day_of_month", 10), "2026-01..06", date(2026, 7, 10)),
        (Due("day_of_month", 28, months_after=0), "2026-11", date(2026, 11, 28)),
        (Due("day_of_month", 31), "2026-01", date(2026, 2, 28)),  # February is shorter
        (Due("day_of_month", 31), "2024-01", date(2024, 2, 29)),  # and longer in a leap year
        (Due("day_of_month", 20, months_after=3), "2025", date(2026, 3, 20)),
        (Due("day_of_month", 15, months_after=14), "2025", date(2027, 2, 15)),
        (Due("days_after", 15), "2026-Q2", date(2026, 7, 15)),
        (Due("days_after", -3), "2026-H1", date(2026, 6, 27)),
        (Due("days_after", 0), "2026-02", date(2026, 2, 28)),
    ],
)
def test_the_day_due_is_counted_from_the_end_of_the_period(due, period, day):
    assert due.of(month(period), WorkingDays()).day == day


@pytest.mark.parametrize(
    ("number", "period", "day"),
    [
        (10, "2026-09", date(2026, 10, 10)),  # a Saturday that is worked stays
        (10, "2026-04", date(2026, 5, 11)),  # a Sunday, the next day is a Monday
        (5, "2026-09", date(2026, 10, 8)),  # 1–7 October are off
        (1, "2026-04", date(2026, 5, 6)),  # 1–5 May are off
        (15, "2026-01", date(2026, 2, 24)),  # 15–23 February are off
        (10, "2026-01", date(2026, 2, 10)),  # a Tuesday
    ],
)
def test_a_day_off_gives_way_to_the_next_that_is_worked(announced, number, period, day):
    due = Due("day_of_month", number, shifts=True).of(month(period), announced)
    assert (due.day, due.certain) == (day, True)


def test_working_days_are_counted_over_holidays_and_worked_weekends(announced):
    """After 30 September 2026: 8, 9, 10 (a Saturday that is worked), 12, 13 October."""
    due = Due("working_day", 5).of(month("2026-09"), announced)
    assert (due.day, due.certain) == (date(2026, 10, 13), True)


@pytest.mark.parametrize("due", [Due("day_of_month", 10, shifts=True), Due("working_day", 6)])
def test_a_year_whose_holidays_are_not_announced_is_counted_by_weekends_and_says_so(announced, due):
    """2027-01-10 is a Sunday; 1, 4, 5, 6, 7, 8 January are Friday and Monday to Friday."""
    day = due.of(month("2026-12"), announced)
    assert day.day == (date(2027, 1, 11) if due.shifts else date(2027, 1, 8))
    assert not day.certain


def test_a_day_that_never_shifts_is_certain_in_any_year(rule, owed):
    (one_day,) = {o.certain for o in owed([rule()], date(2030, 1, 1), date(2030, 3, 31))}
    assert one_day


def periods_of(rule, first, last):
    return [period.text for period in rule.periods(first, last)]


YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("frequency", "periods"),
    [
        ("month", [f"2026-{n:02d}" for n in range(1, 13)]),
        ("cumulative", [f"2026-01..{n:02d}" for n in range(1, 13)]),
        ("quarter", ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]),
        ("half", ["2026-H1", "2026-H2"]),
        ("year", ["2026"]),
    ],
)
def test_a_year_has_the_periods_of_each_frequency(rule, frequency, periods):
    assert periods_of(rule(frequency=frequency), *YEAR) == periods


def test_january_is_not_owed_where_it_is_left_out(rule):
    """Statistics of January and February come together: 1—2月 is the first cumulative."""
    months = periods_of(rule(frequency="cumulative", left_out=frozenset({1})), *YEAR)
    assert months == [f"2026-01..{n:02d}" for n in range(2, 13)]


def test_a_period_belongs_to_the_days_its_last_day_lies_in(rule):
    assert periods_of(rule(), date(2026, 2, 28), date(2026, 3, 30)) == ["2026-02"]
    assert periods_of(rule(), date(2026, 3, 1), date(2026, 3, 30)) == []


def test_a_rule_holds_for_periods_that_end_between_its_days(rule):
    bounded = rule(valid_from=date(2026, 3, 31), valid_until=date(2026, 5, 30))
    assert periods_of(bounded, *YEAR) == ["2026-03", "2026-04"]


def test_every_district_owes_and_the_park_does_not(rule, owed):
    ids = [o.id for o in owed([rule()], date(2026, 3, 1), date(2026, 3, 31))]
    assert ids == ["months:2026-03:889901", "months:2026-03:889902"]


def test_listed_entities_and_places_owe_and_know_where_they_lie(rule, owed):
    listed = rule(owers=Owers(listed=(ENTERPRISE, CITY)))
    first, second = owed([listed], date(2026, 3, 1), date(2026, 3, 31))
    assert (first.body.is_entity, first.body.lies_in) == (True, "889903")
    assert (second.body.is_entity, second.body.lies_in) == (False, CITY)


def test_every_enterprise_of_a_district_owes(rule, owed):
    def names(within):
        owing = rule(owers=Owers("entity", within))
        return [o.body.code for o in owed([owing], date(2026, 3, 1), date(2026, 3, 31))]

    assert names(CITY) == names(NORTH) == names("") == [ENTERPRISE]  # it lies in a park of it
    assert names(SOUTH) == []


@pytest.mark.parametrize(
    ("due", "zh", "en"),
    [
        (
            Due("day_of_month", 10, shifts=True),
            "次月10日，遇休息日顺延",
            "day 10 of the following month, moves on over days off",
        ),
        (
            Due("day_of_month", 28, months_after=0),
            "期末当月28日",
            "day 28 of the period's last month",
        ),
        (
            Due("day_of_month", 20, months_after=3),
            "期末后第3个月20日",
            "day 20 of month 3 after the period",
        ),
        (Due("days_after", 15), "期末后15天", "15 days after the period"),
        (Due("working_day", 5), "期末后第5个工作日", "working day 5 after the period"),
    ],
)
def test_the_day_due_in_words(due, zh, en):
    assert (due.say(), due.say("en")) == (zh, en)


def test_a_body_that_is_nowhere_is_refused(places):
    with pytest.raises(UnknownPlace):
        bodies_of(Owers(listed=("000001",)), places)


def test_an_enterprise_owes_while_it_is_on_its_list(rule, places):
    """On the list from 15 March to 31 May: March, April and May end in it."""
    works = Body("E1", "厂", is_entity=True, since=date(2026, 3, 15), until=date(2026, 5, 31))
    owed = obligations([rule(owers=Owers(listed=("E1",)))], lambda owers: [works], *YEAR)
    assert [o.period.text for o in owed] == ["2026-03", "2026-04", "2026-05"]


def test_each_item_is_an_obligation_of_its_own(rule, owed):
    """Two departments share the form of indicators: each owes its own."""
    energy = rule(form="indicator_values", items=("energy_cut", "gdp"))
    ids = [o.id for o in owed([energy], date(2026, 3, 1), date(2026, 3, 31))]
    assert ids == [
        "months:2026-03:889901:energy_cut",
        "months:2026-03:889901:gdp",
        "months:2026-03:889902:energy_cut",
        "months:2026-03:889902:gdp",
    ]
    waived = DutyException(ids[1], "调度 张", "不适用", waived=True)
    all_owed = owed([energy], date(2026, 3, 1), date(2026, 3, 31), [waived])
    assert [o.is_waived for o in all_owed] == [False, True, False, False]


def test_opening_due_and_expiry_of_a_month(rule, owed):
    (north, _) = owed([rule(expires=20)], date(2026, 3, 1), date(2026, 3, 31))
    assert north.opens == date(2026, 4, 1)
    assert north.due == date(2026, 4, 10)
    assert north.expires == date(2026, 4, 30)


def test_a_year_may_open_before_it_ends(rule, owed):
    early = rule(frequency="year", opens=-30, due=Due("days_after", -1))
    north, _ = owed([early], *YEAR)
    assert (north.opens, north.due) == (date(2026, 12, 1), date(2026, 12, 30))


def exception(body=NORTH, **changes):
    return DutyException(f"months:2026-03:{body}", "调度 张", "平台检修", **changes)


def test_one_obligation_is_moved_and_the_others_stay(rule, owed):
    moved = exception(due=date(2026, 4, 20))
    north, south = owed([rule(expires=20)], date(2026, 3, 1), date(2026, 3, 31), exceptions=[moved])
    assert (north.due, north.expires) == (date(2026, 4, 20), date(2026, 5, 10))
    assert (south.due, south.expires) == (date(2026, 4, 10), date(2026, 4, 30))
    assert north.exception == moved and not north.is_waived


def test_an_expiry_alone_is_moved_and_a_later_exception_holds(rule, owed):
    span = (date(2026, 3, 1), date(2026, 3, 31))
    longer = exception(expires=date(2026, 6, 30))
    assert owed([rule(expires=0)], *span, [longer])[0].expires == date(2026, 6, 30)
    assert owed([rule(expires=0)], *span, [longer])[0].due == date(2026, 4, 10)
    assert owed([rule(expires=0)], *span, [longer, exception(waived=True)])[0].is_waived


def test_due_moved_before_it_opens_opens_it(rule, owed):
    north, _ = owed(
        [rule()], date(2026, 3, 1), date(2026, 3, 31), [exception(due=date(2026, 3, 25))]
    )
    assert north.opens == date(2026, 3, 25)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "a:b"},
        {"id": ""},
        {"frequency": "week"},
        {"expires": -1},
        {"valid_until": date(2023, 12, 31)},
        {"items": ("a:b",)},
        {"left_out": frozenset({13})},
        {"frequency": "year", "left_out": frozenset({1})},
        {"due": Due("days_after", 0)},  # it opens the day after
        {"opens": 11, "due": Due("day_of_month", 10)},
        {"opens": 29, "due": Due("day_of_month", 30)},  # only that of January opens too late
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_what_to_do(rule, changes):
    with pytest.raises(WrongDuty) as refused:
        rule(**changes)
    assert refused.value.todo and refused.value.todo_en


@pytest.mark.parametrize(
    "values", [("weekly", 1), ("day_of_month", 0), ("day_of_month", 32), ("working_day", 0)]
)
def test_a_day_that_cannot_be_is_refused(values):
    with pytest.raises(WrongDuty):
        Due(*values)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"waived": True, "due": date(2026, 4, 20)},
        {"due": date(2026, 4, 20), "expires": date(2026, 4, 19)},
    ],
)
def test_an_exception_waives_or_moves(changes):
    with pytest.raises(HengtanError):
        exception(**changes)


@pytest.mark.parametrize("words", [("调度 张", " "), ("", "平台检修")])
def test_an_exception_names_who_and_why(words):
    with pytest.raises(WrongDuty):
        DutyException("months:2026-03:889901", *words, waived=True)


def test_all_words_stand_in_both_languages():
    assert not [code for code, words in WORDS.items() if len(words) not in (2, 4)]


DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
PLACES = PlaceTree(Place(code, code, kind="district") for code in ("1", "2", "3"))


@st.composite
def rules(draw):
    frequency = draw(st.sampled_from(sorted(FREQUENCIES)))
    return DutyRule(
        id="r",
        form="f",
        frequency=frequency,
        owers=Owers("district"),
        due=draw(
            st.builds(
                Due,
                st.just("days_after"),
                st.integers(1, 400),
                shifts=st.booleans(),
            )
        ),
        valid_from=draw(DAYS),
        opens=draw(st.integers(-20, 1)),
        expires=draw(st.none() | st.integers(0, 90)),
    )


@settings(max_examples=60, deadline=None)
@given(rules(), st.lists(DAYS, min_size=3, max_size=3).map(sorted))
def test_the_obligations_of_a_span_are_those_of_its_parts(announced, drawn, days):
    first, cut, last = days

    def within(start, end):
        every = obligations([drawn], lambda o: bodies_of(o, PLACES), start, end, days=announced)
        return [o.id for o in every]

    whole = within(first, last)
    assert whole == within(first, cut) + within(cut + timedelta(days=1), last)
    assert len(set(whole)) == len(whole)


@settings(max_examples=60, deadline=None)
@given(rules(), DAYS)
def test_what_is_owed_opens_before_it_is_due_and_expires_after(announced, drawn, day):
    span = (day, day + timedelta(days=400))
    for owed in obligations([drawn], lambda o: bodies_of(o, PLACES), *span, days=announced):
        assert owed.opens <= owed.due
        assert owed.expires is None or owed.due <= owed.expires
        assert span[0] <= owed.period.end <= span[1]
        assert announced.is_worked(owed.due) or not drawn.due.shifts
