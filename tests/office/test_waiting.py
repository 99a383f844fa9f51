"""The queue: what permission lets through, in order of due day, kept up step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.ledger.chain import Record, Register, next_event
from hengtan.office.permission import Grant, Permission, Person, Thing
from hengtan.office.roles import roles
from hengtan.office.territory import Territory
from hengtan.office.waiting import Queue, neighbours

TERRITORY = Territory({"5": "0", "51": "5", "52": "5", "511": "51"}, {})
RULE = Permission(TERRITORY, lambda: date(2026, 11, 29))
START = datetime(2026, 1, 1, 8)


def record(number, place="51", form="f1", actor="李工", body=None):
    fixed = (actor, "file", None, None, None, False, None, None, 1, "d", "[]")
    return Record(f"S{number:06d}", form, place, *fixed, START + timedelta(days=number), body)


class Book:
    """A register that grows step by step."""

    def __init__(self):
        self.register = Register("0" * 64)

    def hand_in(self, number, **about):
        new = record(number, **about)
        self.register.grow([new], [])
        self.step(new.submission, "submitted", new.actor)
        return new.submission

    def step(self, submission, state, actor, reason=""):
        events = self.register.events
        at = START + timedelta(days=len(events) + 1)
        last = events[-1] if events else None
        event = next_event(last, self.register.start, submission, state, actor, reason, at)
        self.register.grow([], [event])


def things(records):
    return {r.submission: Thing(r.place, r.form, None, r.body, r.actor) for r in records}


def everything(queue, state="submitted"):
    person = Person("x", is_alone=True)
    listed = queue.reached(RULE.clauses_of(person, "record.review"), state)
    return [waiting.submission for waiting in listed]


def test_only_what_waits_is_in_it_in_order_of_due_day():
    book = Book()
    first, second, third = (book.hand_in(n) for n in (1, 2, 3))
    due = {first: date(2026, 3, 1), second: date(2026, 2, 1), third: date(2026, 2, 1)}
    queue = Queue(things, lambda record, at: due[record.submission])
    queue.follow(book.register)
    assert everything(queue) == [second, third, first]
    book.step(second, "approved", "王工")
    book.step(third, "returned", "王工", "改")
    queue.follow(book.register)
    assert everything(queue) == [first]
    assert everything(queue, "returned") == [third]


def test_step_by_step_is_the_same_as_from_the_beginning():
    book = Book()
    followed = Queue(things)
    for number in range(1, 40):
        submission = book.hand_in(number)
        if number % 3 == 0:
            book.step(submission, "returned", "王工", "改")
        if number % 6 == 0:
            book.step(submission, "submitted", "赵工")
        if number % 5 == 0 and number % 3:
            book.step(submission, "approved", "王工")
        followed.follow(book.register)
    begun = Queue(things)
    begun.follow(book.register)
    for state in ("submitted", "returned"):
        assert everything(followed, state) == everything(begun, state) != []
    at = followed.get("S000006")
    assert at == begun.get("S000006") and at.filers == ("李工", "赵工")


def test_only_what_is_new_is_asked_for():
    book, asked = Book(), []

    def noted(records):
        asked.append(len(records))
        return things(records)

    queue = Queue(noted)
    for number in range(1, 11):
        book.hand_in(number)
    queue.follow(book.register)
    queue.follow(book.register)
    book.hand_in(11)
    queue.follow(book.register)
    assert asked == [10, 1]


def test_all_submissions_are_asked_about_at_once_and_are_as_each_by_itself():
    book, asked = Book(), []

    def noted(records):
        asked.append({record.submission for record in records})
        return things(records)

    first, second, third = (book.hand_in(n, actor=f"填报{n}") for n in (1, 2, 3))
    book.step(first, "returned", "王工", "改")
    book.step(first, "submitted", "赵工")
    for submission in (second, third):
        book.step(submission, "approved", "王工")
    queue = Queue(noted)
    rows = queue.everything(book.register)
    assert asked == [{first}, {second, third}]  # what waits, then all that does not
    assert [record.submission for record, _, _ in rows] == [first, second, third]
    each = [queue.about(book.register, record.submission) for record, _, _ in rows]
    assert each == [(thing, filers) for _, thing, filers in rows]
    assert rows[0][2] == ("填报1", "赵工") and len(asked) == 2


def test_another_ledger_begins_anew():
    queue, book, other = Queue(things), Book(), Book()
    book.hand_in(1)
    book.hand_in(2)
    queue.follow(book.register)
    other.hand_in(3)
    other.hand_in(4)
    other.hand_in(5)
    queue.follow(other.register)
    assert everything(queue) == ["S000003", "S000004", "S000005"]


def test_whoever_handed_it_in_again_is_no_stranger_to_it():
    book, queue = Book(), Queue(things)
    submission = book.hand_in(1, actor="甲")
    book.step(submission, "returned", "丁", "改")
    book.step(submission, "submitted", "乙")
    queue.follow(book.register)
    for name, sees in (("甲", []), ("乙", []), ("丙", [submission])):
        person = Person(name, (Grant("reviewer", place="51"),))
        listed = queue.reached(RULE.clauses_of(person, "record.review"))
        assert [waiting.submission for waiting in listed] == sees


SUBMISSIONS = st.fixed_dictionaries(
    {
        "place": st.sampled_from([None, "5", "51", "52", "511"]),
        "form": st.sampled_from(["f1", "f2"]),
        "actor": st.sampled_from(["李工", "王工"]),
        "body": st.sampled_from([None, "e1", "e2"]),
    }
)
GRANTS = st.builds(
    Grant,
    role=st.sampled_from(sorted(roles())),
    place=st.sampled_from([None, "5", "51", "52"]),
    form=st.sampled_from([None, "f1"]),
    entity=st.sampled_from([None, "e1"]),
)


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(SUBMISSIONS, max_size=8), grants=st.lists(GRANTS, max_size=3))
def test_the_queue_is_what_may_lets_through(rows, grants):
    book, queue = Book(), Queue(things)
    numbers = [book.hand_in(n, **row) for n, row in enumerate(rows, start=1)]
    queue.follow(book.register)
    person = Person("李工", tuple(grants))
    listed = queue.reached(RULE.clauses_of(person, "record.review"))
    about = things(book.register.records.values())
    expected = [n for n in numbers if RULE.may(person, "record.review", about[n])]
    assert [waiting.submission for waiting in listed] == expected


def test_neighbours_in_the_list():
    book, queue = Book(), Queue(things)
    numbers = [book.hand_in(n) for n in (1, 2, 3)]
    queue.follow(book.register)
    listed = queue.reached(RULE.clauses_of(Person("x", is_alone=True), "record.review"))
    assert neighbours(listed, numbers[0]) == (None, numbers[1])
    assert neighbours(listed, numbers[1]) == (numbers[0], numbers[2])
    assert neighbours(listed, numbers[2]) == (numbers[1], None)
    assert neighbours(listed, "S000009") == (None, numbers[0])
    assert neighbours([], "S000009") == (None, None)


def test_filters_by_form_and_place():
    book, queue = Book(), Queue(things)
    book.hand_in(1, form="f1", place="51")
    both = book.hand_in(2, form="f2", place="52")
    book.hand_in(3, form="f2", place="51")
    queue.follow(book.register)
    clauses = RULE.clauses_of(Person("x", is_alone=True), "record.review")
    listed = queue.reached(clauses, form="f2", place="52")
    assert [waiting.submission for waiting in listed] == [both]
    assert queue.tally(clauses, "submitted", "form") == {"f2": 2, "f1": 1}
    assert replace(listed[0], submission="x").order[2] == "x"
