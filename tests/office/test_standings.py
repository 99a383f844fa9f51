"""How obligations stand, from what the ledger holds and the day; what locks them."""

import itertools
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.basis.actor import Actor
from hengtan.basis.period import Period
from hengtan.office.duties import Body, DutyException, Obligation, Owers, WrongDuty
from hengtan.office.filings import Filing, filings_of, item_field, last_entries
from hengtan.office.standings import STATES, lock, standing, standings

CITY, NORTH, SOUTH, HARBOUR, ENTERPRISE = (
    "889900",
    "889901",
    "889902",
    "889903",
    "91889901MA00000001",
)
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def month_row(place, period="2026-03"):
    return {"place": place, "period": period}


@pytest.fixture
def states(ledger, forms, places, owed):
    """The states of the obligations of March on a day, by body."""

    def ask(rule, today, exceptions=(), drafted=frozenset(), entities=()):
        filings = {rule.form: filings_of(ledger, forms[rule.form], places, entities=entities)}
        all_owed = owed([rule], *MARCH, exceptions)
        return {
            stands.obligation.body.code: stands
            for stands in standings(all_owed, filings, today, drafted)
        }

    return ask


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 3, 31), "not_open"),
        (date(2026, 4, 1), "open"),
        (date(2026, 4, 10), "open"),
        (date(2026, 4, 11), "overdue"),
        (date(2026, 4, 30), "overdue"),
        (date(2026, 5, 1), "expired"),
    ],
)
def test_without_a_filing_the_day_says_how_it_stands(states, rule, day, state):
    """Open from 1 April, due on the 10th, taken for 20 days more: to the 30th."""
    assert states(rule(expires=20), day)[NORTH].state == state


def test_without_an_expiry_it_stays_overdue(states, rule):
    assert states(rule(), date(2027, 4, 1))[NORTH].state == "overdue"


def test_a_filing_goes_its_way(states, rule, file, decide):
    """Handed in on the 8th, returned on the 9th, again on the 12th, approved on the 13th."""
    ask, monthly = states, rule(expires=20)
    first = file("monthly_figures", [month_row(NORTH)], behalf=NORTH, on=date(2026, 4, 8))
    assert ask(monthly, date(2026, 4, 8))[NORTH].state == "submitted"
    decide(first, "returned", on=date(2026, 4, 9), reason="电量少一位")
    returned = ask(monthly, date(2026, 4, 9))[NORTH]
    assert (returned.state, returned.reason) == ("returned", "电量少一位")
    assert not returned.is_overdue
    assert ask(monthly, date(2026, 4, 11))[NORTH].is_overdue
    late = ask(monthly, date(2026, 5, 1))[NORTH]
    assert (late.state, late.reason) == ("expired", "电量少一位")
    decide(first, "submitted", on=date(2026, 4, 12))
    decide(first, "approved", on=date(2026, 4, 13))
    approved = ask(monthly, date(2026, 4, 13))
    assert approved[NORTH].state == "approved"
    assert approved[NORTH].is_on_time, "first handed in on the 8th"
    assert approved[SOUTH].state == "overdue"


@pytest.mark.parametrize(("day", "on_time"), [(10, True), (11, False)])
def test_in_time_is_up_to_the_day_it_is_due(states, rule, file, day, on_time):
    file("monthly_figures", [month_row(NORTH)], behalf=NORTH, on=date(2026, 4, day))
    north = states(rule(), date(2026, 4, 20))[NORTH]
    assert (north.state, north.is_on_time) == ("submitted", on_time)


def test_what_was_withdrawn_was_never_filed(states, rule, file, decide):
    withdrawn = file("monthly_figures", [month_row(NORTH)], behalf=NORTH, on=date(2026, 4, 2))
    decide(withdrawn, "withdrawn", on=date(2026, 4, 3))
    assert states(rule(), date(2026, 4, 4))[NORTH].state == "open"
    file("monthly_figures", [month_row(NORTH)], behalf=NORTH, on=date(2026, 4, 12))
    assert not states(rule(), date(2026, 4, 12))[NORTH].is_on_time


def test_a_correction_that_waits_leaves_it_approved(states, rule, file, decide):
    first = file("monthly_figures", [month_row(NORTH)], behalf=NORTH, on=date(2026, 4, 2))
    decide(first, "approved", on=date(2026, 4, 3))
    corrected = [month_row(NORTH) | {"power": 8.0}]
    second = file(
        "monthly_figures", corrected, behalf=NORTH, on=date(2026, 4, 20), supersedes=first
    )
    waiting = states(rule(), date(2026, 4, 20))[NORTH]
    assert (waiting.state, waiting.correction.submission) == ("approved", second)
    decide(second, "approved", on=date(2026, 4, 21))
    approved = states(rule(), date(2026, 4, 21))[NORTH]
    assert (approved.filing.submission, approved.correction) == (second, None)
    assert approved.is_on_time, "the one it corrects came on the 2nd"


def test_rows_that_were_taken_out_of_force_are_no_filing_any_more(
    ledger, forms, places, rule, owed, file, decide
):
    """A whole list of March without the row of the enterprise takes it away."""
    other = {"place": NORTH, "entity": "91889901MA00000002", "period": "2026-03"}
    own = other | {"entity": ENTERPRISE}
    months = rule(form="key_unit_months", owers=Owers(listed=(ENTERPRISE,)))
    decide(
        file("key_unit_months", [own, other], on=date(2026, 4, 2)), "approved", on=date(2026, 4, 2)
    )

    def state():
        filings = filings_of(ledger, forms["key_unit_months"], places)
        return standings(owed([months], *MARCH), {"key_unit_months": filings}, date(2026, 4, 20))[
            0
        ].state

    assert state() == "approved"
    whole = file("key_unit_months", [other], on=date(2026, 4, 5), whole_list=True)
    decide(whole, "approved", on=date(2026, 4, 5))
    assert state() == "overdue"


@pytest.mark.parametrize(
    ("about", "behalf", "counts_for"),
    [
        (NORTH, NORTH, NORTH),
        (NORTH, None, NORTH),  # the city's office hands in for it
        (NORTH, CITY, NORTH),  # a place it lies in
        (NORTH, "市统计局", NORTH),  # a department
        (HARBOUR, NORTH, NORTH),  # its own filing about its park
        (HARBOUR, None, None),  # the park's rows from elsewhere are not the district's
        (NORTH, SOUTH, None),  # a neighbour's rows about it
        (SOUTH, NORTH, None),  # its own rows about a neighbour
        (NORTH, ENTERPRISE, None),  # an enterprise for the district
    ],
)
def test_whose_filing_it_is(states, rule, file, about, behalf, counts_for):
    row = {"place": about, "entity": ENTERPRISE, "period": "2026-03"}
    file("enterprise_energy", [row], behalf=behalf, on=date(2026, 4, 2))
    stands = states(rule(form="enterprise_energy"), date(2026, 4, 2))
    filed = [body for body, its in stands.items() if its.is_filed]
    assert filed == ([counts_for] if counts_for else [])


@pytest.mark.parametrize(
    ("entity", "behalf", "is_filed"),
    [
        (ENTERPRISE, ENTERPRISE, True),
        (ENTERPRISE, None, True),
        (ENTERPRISE, NORTH, True),  # its district
        (ENTERPRISE, SOUTH, False),  # the neighbouring district
        ("91889901MA00000002", ENTERPRISE, False),  # its rows about another enterprise
        (ENTERPRISE, "91889901MA00000002", False),
    ],
)
def test_an_enterprises_filing(states, rule, file, entity, behalf, is_filed):
    row = {"place": NORTH, "entity": entity, "period": "2026-03"}
    file("enterprise_energy", [row], behalf=behalf, on=date(2026, 4, 2))
    months = rule(form="enterprise_energy", owers=Owers(listed=(ENTERPRISE,)))
    stands = states(months, date(2026, 4, 2), entities=["91889901MA00000002"])
    assert stands[ENTERPRISE].is_filed == is_filed


def test_a_month_is_not_the_cumulative_of_it(states, rule, file):
    file("monthly_figures", [month_row(NORTH)], on=date(2026, 4, 2))
    assert states(rule(frequency="cumulative"), date(2026, 4, 2))[NORTH].state == "open"


def test_an_item_is_filed_by_rows_of_it_alone(ledger, forms, places, rule, owed, file):
    """The forest department's row is not what the energy department waits for."""
    row = {"place": NORTH, "indicator": "forest_cover", "period": "2026-03"}
    file("indicator_values", [row], behalf=NORTH, on=date(2026, 4, 2))
    form, day = forms["indicator_values"], date(2026, 4, 2)
    filings = {"indicator_values": filings_of(ledger, form, places, by_item=True)}
    both = rule(form="indicator_values", items=("forest_cover", "energy_cut"))
    stands = standings(owed([both], *MARCH), filings, day)
    assert [s.obligation.item for s in stands if s.is_filed] == ["forest_cover"]
    whole = standings(owed([rule(form="indicator_values")], *MARCH), filings, day)
    assert [s.obligation.body.code for s in whole if s.is_filed] == [NORTH]


def test_a_form_knows_what_its_rows_are_of(forms):
    fields = {form_id: item_field(form) for form_id, form in forms.items()}
    assert fields["indicator_values"] == "indicator"
    assert fields["enterprise_energy"] == "product"
    assert fields["measure_progress"] == "measure"
    assert fields["monthly_figures"] is None


def test_as_known_on_a_day(ledger, forms, places, rule, owed, file, decide):
    first = file("monthly_figures", [month_row(NORTH)], on=date(2026, 4, 2))
    decide(first, "approved", on=date(2026, 4, 5))
    for known_on, state in ((1, "open"), (3, "submitted"), (5, "approved")):
        day = date(2026, 4, known_on)
        filings = filings_of(ledger, forms["monthly_figures"], places, known_on=day)
        north = standings(owed([rule()], *MARCH), {"monthly_figures": filings}, day)[0]
        assert north.state == state


def test_the_last_entry_of_a_form_tells_whether_anything_was_done_in_it(ledger, file, decide):
    first = file("monthly_figures", [month_row(NORTH)], on=date(2026, 4, 2))
    file("indicator_values", [{"place": NORTH, "period": "2026-03"}], on=date(2026, 4, 2))
    assert last_entries(ledger.current()) == {"monthly_figures": 1, "indicator_values": 2}
    decide(first, "returned", on=date(2026, 4, 3), reason="错")
    assert last_entries(ledger.current()) == {"monthly_figures": 3, "indicator_values": 2}


def test_a_form_without_a_period_cannot_be_owed(ledger, forms, places):
    with pytest.raises(WrongDuty):
        filings_of(ledger, forms["intensity_goals"], places)


def test_a_draft_and_a_waiver(states, rule):
    drafted = states(rule(), date(2026, 4, 2), drafted={"months:2026-03:889901"})
    assert (drafted[NORTH].state, drafted[SOUTH].state) == ("drafted", "open")
    waived = [DutyException("months:2026-03:889901", "调度 张", "全年停产", waived=True)]
    assert states(rule(), date(2027, 4, 2), waived)[NORTH].state == "waived"


FILER = Actor("filer", NORTH)


def locked(stands, actor=FILER):
    reason = lock(stands, actor)
    return reason and (reason.code, reason.zh, reason.en)


def test_a_lock_names_its_reason(states, rule, file, decide):
    monthly = rule(expires=20)
    assert locked(states(monthly, date(2026, 3, 31))[NORTH]) == (
        "not_open",
        "尚未开放，2026-04-01 起可以填报",
        "not open yet, it opens on 2026-04-01",
    )
    assert locked(states(monthly, date(2026, 4, 1))[NORTH]) is None
    assert locked(states(monthly, date(2026, 4, 30))[NORTH]) is None, "late, and still taken"
    assert locked(states(monthly, date(2026, 5, 1))[NORTH]) == (
        "expired",
        "已过补报期限（2026-04-30）；确需填报的，请向市统计局申请延期",
        "it expired on 2026-04-30; ask 市统计局 for an exception",
    )
    assert locked(states(monthly, date(2026, 4, 1))[SOUTH])[:2] == (
        "someone_else",
        "由南岸区填报，不是您的填报任务",
    )
    submission = file("monthly_figures", [month_row(NORTH)], on=date(2026, 4, 2))
    assert locked(states(monthly, date(2026, 4, 2))[NORTH])[0] == "submitted"
    decide(submission, "returned", on=date(2026, 4, 3), reason="错")
    assert locked(states(monthly, date(2026, 4, 3))[NORTH]) is None
    decide(submission, "submitted", on=date(2026, 4, 4))
    decide(submission, "approved", on=date(2026, 4, 5))
    code, zh, en = locked(states(monthly, date(2026, 6, 1))[NORTH])
    assert code == "approved" and "提交更正" in zh and "correction" in en


def test_an_exception_opens_what_has_expired(states, rule):
    longer = DutyException("months:2026-03:889901", "调度 张", "台风", expires=date(2026, 6, 30))
    assert locked(states(rule(expires=20), date(2026, 6, 30), [longer])[NORTH]) is None
    assert locked(states(rule(expires=20), date(2026, 7, 1), [longer])[NORTH])[0] == "expired"


def test_someone_elses_says_nothing_of_how_it_stands(states, rule, file, decide):
    submission = file("monthly_figures", [month_row(SOUTH)], on=date(2026, 4, 2))
    decide(submission, "approved", on=date(2026, 4, 5))
    south = states(rule(), date(2026, 6, 1))[SOUTH]
    assert locked(south)[0] == "someone_else"
    assert locked(south, Actor("office"))[0] == "approved"
    assert lock(south, FILER, lambda body: True).code == "approved"


MOMENTS = st.datetimes(datetime(2026, 3, 25), datetime(2026, 6, 10))


@st.composite
def filed(draw):
    state = draw(
        st.sampled_from(
            ["draft", "submitted", "returned", "rejected", "approved", "superseded", "replaced"]
        )
    )
    at = draw(MOMENTS)
    return Filing(
        f"S{draw(st.integers(1, 9))}", "f", state, None, at, None if state == "draft" else at
    )


def owed_once(expires, waived):
    exception = DutyException("r:2026-03:1", "a", "b", waived=True) if waived else None
    return Obligation(
        rule="r",
        form="f",
        period=Period.parse("2026-03"),
        body=Body("1", "一"),
        department="",
        opens=date(2026, 4, 1),
        due=date(2026, 4, 10),
        expires=expires,
        exception=exception,
    )


@given(
    st.lists(filed(), max_size=5),
    st.dates(date(2026, 3, 20), date(2026, 6, 20)),
    st.none() | st.just(date(2026, 4, 30)),
    st.booleans(),
    st.booleans(),
)
def test_an_obligation_is_in_exactly_one_state(filings, today, expires, waived, has_draft):
    """The states as plain conditions, each without the ones before it."""
    owed = owed_once(expires, waived)
    stands = standing(owed, filings, today, has_draft=has_draft)
    there = {filing.state for filing in filings}
    conditions = {
        "waived": waived,
        "approved": "approved" in there,
        "submitted": "submitted" in there,
        "expired": expires is not None and today > expires,
        "returned": bool(there & {"returned", "rejected"}),
        "drafted": has_draft or "draft" in there,
        "overdue": today > owed.due,
        "open": today >= owed.opens,
        "not_open": True,
    }
    assert tuple(conditions) == STATES
    assert stands.state == next(itertools.compress(STATES, conditions.values()))
    assert stands.is_filed + stands.is_missing + (stands.state == "waived") == 1
    assert not stands.is_overdue or stands.is_missing
    assert not stands.is_on_time or stands.is_filed
