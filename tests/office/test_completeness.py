"""Completeness and reminders; the counts are worked out by hand from the states of each body."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.basis.period import Period
from hengtan.basis.place import Place, PlaceTree
from hengtan.office.completeness import (
    completeness,
    of_department,
    of_district,
    of_form,
    of_period,
)
from hengtan.office.duties import Body, DutyException, Obligation
from hengtan.office.filings import Filing
from hengtan.office.reminders import ReminderDays, reminders
from hengtan.office.standings import standing

TODAY = date(2026, 4, 12)
PLACES = PlaceTree(
    [
        Place("889900", "云河市", "Yunhe", "city"),
        Place("889901", "北岸区", "North Bank", "district", "889900"),
        Place("889902", "南岸区", "South Bank", "district", "889900"),
        Place("889903", "临港园区", "Harbour Park", "park", "889901"),
    ]
)
CITY = Body("889900", "云河市", "Yunhe", "889900")
NORTH = Body("889901", "北岸区", "North Bank", "889901")
SOUTH = Body("889902", "南岸区", "South Bank", "889902")
WORKS = Body("E1", "云河化工", place="889903", is_entity=True)
TITLES = {"energy": ("能源表", "Energy"), "water": ("水表", "Water")}


def owes(body, form="energy", *, due=date(2026, 4, 10), **changes):
    usual = {
        "rule": form,
        "form": form,
        "period": Period.parse("2026-03"),
        "body": body,
        "department": {"energy": "能源局", "water": "水利局"}[form],
        "opens": date(2026, 4, 1),
        "due": due,
    }
    return Obligation(**{**usual, **changes})


def stands(obligation, state=None, day=2, reason="", today=TODAY):
    at = datetime(2026, 4, day)
    filed = [Filing("S000001", "f", state, None, at, at, reason)] if state else []
    return standing(obligation, filed, today)


WAIVED = DutyException("water:2026-03:889902", "调度", "无此业务", waived=True)
ALL = [
    stands(owes(NORTH), "approved"),
    stands(owes(SOUTH), "submitted", day=11),
    stands(owes(WORKS), "returned", reason="单位错"),
    stands(owes(CITY), None),
    stands(owes(NORTH, "water", due=date(2026, 4, 15)), None),
    stands(owes(SOUTH, "water", exception=WAIVED), None),
]


def test_counts_of_a_city_by_hand():
    """Owed 5 (6 less one waived): filed 2 (north in time, south a day late), missing 3: the works'
    was returned and the city's never came, both overdue; north's water is due on the 15th.
    """
    (all_of_it,) = completeness(ALL).values()
    assert all_of_it.counts() == {
        "owed": 5,
        "filed": 2,
        "approved": 1,
        "on_time": 1,
        "late": 1,
        "missing": 3,
        "overdue": 2,
        "waived": 1,
    }
    assert all_of_it.share == pytest.approx(0.4)


def test_the_missing_are_named_the_one_due_first_at_the_top():
    (all_of_it,) = completeness(ALL).values()
    names = [s.obligation.body.name_zh for s in all_of_it.missing]
    assert names == ["云河市", "云河化工", "北岸区"]


def test_by_department_and_district_an_enterprise_is_in_its_parks_district():
    cells = completeness(ALL, of_department, of_district(PLACES))
    counted = {key: (cell.filed, cell.owed) for key, cell in cells.items()}
    assert counted == {
        ("能源局", "889901"): (1, 2),
        ("能源局", "889902"): (1, 1),
        ("能源局", "889900"): (0, 1),
        ("水利局", "889901"): (0, 1),
        ("水利局", "889902"): (0, 0),
    }


def test_nothing_owed_has_no_share():
    (nothing,) = completeness([]).values()
    assert (nothing.owed, nothing.share) == (0, None)


def test_names_of_bodies_in_english_fall_back_to_chinese():
    assert (NORTH.name("en"), WORKS.name("en")) == ("North Bank", "云河化工")


@st.composite
def drawn(draw):
    body = draw(st.sampled_from([CITY, NORTH, SOUTH, WORKS]))
    form = draw(st.sampled_from(["energy", "water"]))
    due = date(2026, 4, draw(st.integers(2, 20)))
    expires = draw(st.none() | st.just(due))
    owed = owes(body, form, due=due, expires=expires)
    state = draw(st.sampled_from([None, "submitted", "returned", "approved", "draft"]))
    return stands(owed, state, day=draw(st.integers(1, 12)))


@given(st.lists(drawn(), max_size=25))
def test_sums_add_up_by_whatever_it_is_counted(all_of_it):
    (whole,) = completeness(all_of_it).values()
    counts = whole.counts()
    assert counts["owed"] + counts["waived"] == len(all_of_it)
    assert counts["owed"] == counts["filed"] + counts["missing"]
    assert counts["filed"] == counts["on_time"] + counts["late"]
    assert counts["approved"] <= counts["filed"] and counts["overdue"] <= counts["missing"]
    for keys in [(of_department,), (of_district(PLACES), of_form), (of_period, of_department)]:
        cells = completeness(all_of_it, *keys).values()
        for name, number in counts.items():
            assert sum(cell.counts()[name] for cell in cells) == number


def by_body(messages):
    return {message.body.code: message for message in messages}


def test_one_message_a_body_with_all_it_owes():
    """On the 12th: the works' was returned and is two days late, the city's too; north still has
    its water to file; south has filed or is waived.
    """
    messages = by_body(reminders(ALL, TITLES))
    assert set(messages) == {"E1", "889900", "889901"}
    works = messages["E1"]
    assert works.subject_zh == "催报：云河化工 有 1 项待填报，其中 1 项逾期"
    assert works.text_zh == (
        "云河化工：截至 2026-04-12，贵单位还有下列填报任务没有完成。\n"
        "· 能源表 2026年3月：应于 2026-04-10 前报送，已逾期 2 天（S000001 被退回：单位错）"
    )
    north = messages["889901"]
    assert north.subject_en == "Reminder: North Bank owes 1"
    assert north.text_en.endswith("· Water, 2026-03: due on 2026-04-15, in 3 days")
    assert north.about == ("water:2026-03:889901",)


def test_several_stand_in_one_message_the_one_due_first_first():
    both = [
        stands(owes(NORTH, "water", due=date(2026, 4, 12))),
        stands(owes(NORTH, due=date(2026, 4, 11))),
    ]
    (message,) = reminders(both, TITLES)
    assert message.about == ("energy:2026-03:889901", "water:2026-03:889901")
    assert "今天（2026-04-12）截止" in message.text_zh


@pytest.mark.parametrize(
    ("day", "reminds"),
    [(6, False), (7, True), (8, False), (9, True), (10, True), (11, True), (12, False), (13, True)],
)
def test_on_which_days_of_april_it_is_due_on_the_10th(day, reminds):
    """Three days and one before, on the day, one and three after."""
    owed = stands(owes(NORTH), today=date(2026, 4, day))
    assert bool(reminders([owed], TITLES, ReminderDays((3, 1), True, (1, 3)))) == reminds


def test_one_that_falls_on_the_day_brings_the_others_along():
    on_due = stands(owes(NORTH, "water", due=TODAY))
    other = stands(owes(NORTH, due=date(2026, 4, 20)))
    (message,) = reminders([on_due, other], TITLES, ReminderDays((), True, ()))
    assert len(message.about) == 2


def test_what_is_not_open_or_filed_is_in_no_message():
    later = stands(owes(NORTH, opens=date(2026, 4, 13), due=date(2026, 4, 20)))
    assert reminders([later, ALL[0], ALL[1], ALL[5]], TITLES) == []


def test_what_has_expired_is_told_and_calls_for_no_message():
    gone = stands(owes(NORTH, expires=date(2026, 4, 11)))
    assert reminders([gone], TITLES) == []
    (message,) = reminders([gone, ALL[4]], TITLES)
    assert message.subject_zh == "提醒：北岸区 有 1 项待填报"
    assert message.text_zh.splitlines()[1:] == [
        "· 水表 2026年3月：2026-04-15 截止，还有 3 天",
        "· 另有 1 项已过补报期限，需填报的请先申请延期：能源表 2026年3月",
    ]
    assert message.about == ("water:2026-03:889901", "energy:2026-03:889901")


def test_braces_in_a_reason_are_as_they_were_written():
    sent_back = stands(owes(NORTH), "returned", reason="缺 {0}|单位")
    (message,) = reminders([sent_back], TITLES)
    assert "缺 {0}|单位" in message.text_zh


def test_the_key_is_of_body_and_day():
    first, second = reminders(ALL, TITLES)[0], reminders(ALL, TITLES)[0]
    assert first.key == second.key == "remind:2026-04-12:889900"
