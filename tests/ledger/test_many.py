"""Many steps written together are those written one by one: the same entries, heads, rows and
refusals; and writers of one process brought together lose nothing and never fail each other.
"""

from __future__ import annotations

import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from thorough import examples

from hengtan.basis.actor import Actor
from hengtan.basis.errors import ImportRejected, WrongState
from hengtan.ledger import batch, rows
from hengtan.ledger.batch import HandIn, Step
from hengtan.ledger.corrections import Conflict, Rules
from hengtan.ledger.gathering import GatheringWriter
from hengtan.ledger.handing_in import Meta
from hengtan.ledger.submissions import Ledger
from hengtan.web.turns import Turns

SCHEMA = pa.schema([("key", pa.string()), ("value", pa.int64())])
TEXTS = pa.schema([("key", pa.string()), ("value", pa.string())])
CLERK, CHIEF = Actor("填报员"), Actor("审核员")
FIRST_DAY = date(2026, 1, 1)


def table_of(cells, schema=SCHEMA):
    keys, values = zip(*cells, strict=True) if cells else ((), ())
    return pa.table({"key": list(keys), "value": list(values)}, schema=schema)


def hand_in(cells, place="500156", at=None, **more):
    return HandIn("figures", table_of(cells), Meta(CLERK, place=place, **more), at=at)


def numbered(n):
    return f"S{n:06d}"


CELLS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 2)), max_size=2)
NUMBERS = st.integers(1, 6).map(numbered)
HANDED_IN = st.tuples(
    st.just("hand in"),
    CELLS,
    st.sampled_from(["500156", "500101"]),
    st.sampled_from([None, None, b"one", b"two"]),
    st.none() | NUMBERS,
)
STEPPED = st.tuples(
    st.just("step"),
    NUMBERS,
    st.sampled_from(["approved", "approved", "returned", "withdrawn", "superseded", "lost"]),
    st.sampled_from([None, None, "replace", "keep"]),
)


def works_of(drawn):
    """Works a day apart, so that their times are the same however they are written."""
    works = []
    for n, (kind, *about) in enumerate(drawn):
        day = FIRST_DAY + timedelta(days=n)
        if kind == "hand in":
            cells, place, file, supersedes = about
            works.append(hand_in(cells, place, day, file=file, supersedes=supersedes))
        else:
            submission, state, decision = about
            works.append(Step(submission, state, CHIEF, "理由", day, decision))
    return works


def ledger_of(folder):
    ledger = Ledger.create(folder, ledger_id="同一本台账")
    ledger.rules_of = lambda form: Rules(key=("key",))
    return ledger


def said(outcome):
    return (type(outcome), str(outcome)) if isinstance(outcome, Exception) else outcome


def content(ledger):
    now = ledger.current()
    view = ledger.effective("figures", schema=SCHEMA)
    in_force = ledger.query(f'select * from memory.main."{view}"')
    return list(now.records.values()), now.events, sorted(map(repr, in_force))


@given(st.lists(HANDED_IN | STEPPED, min_size=2, max_size=10), st.data())
@settings(max_examples=examples(8, 80), suppress_health_check=[HealthCheck.data_too_large])
def test_batches_are_the_steps_one_by_one(drawn, data):
    """Whatever the steps, and wherever the batches are cut."""
    works = works_of(drawn)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(works)), max_size=3)) | {len(works)})
    with tempfile.TemporaryDirectory() as folder:
        with ledger_of(Path(folder) / "single") as single:
            by_one = [single.write_many([work], refusing=False)[0] for work in works]
            expected = content(single)
        with ledger_of(Path(folder) / "many") as many:
            together, begin = [], 0
            for end in cuts:
                together += many.write_many(works[begin:end], refusing=False)
                begin = end
            assert list(map(said, together)) == list(map(said, by_one))
            assert content(many) == expected
            assert many.verify() == []


@given(st.lists(HANDED_IN, min_size=1, max_size=6), st.sampled_from([None, "replace", "keep"]))
@settings(max_examples=examples(6, 60), suppress_health_check=[HealthCheck.data_too_large])
def test_handed_in_and_approved_at_once_are_the_two_steps(drawn, decision):
    """The same entries and rows; what may not be approved waits, and says why, either way."""
    works = works_of(drawn)
    with tempfile.TemporaryDirectory() as folder:
        with ledger_of(Path(folder) / "two") as ledger:
            in_two = []
            for work in works:
                outcome = ledger.write_many([work], refusing=False)[0]
                if getattr(outcome, "state", None) == "submitted":
                    step = Step(outcome.id, "approved", CLERK, "", work.at, decision)
                    head = ledger.write_many([step], refusing=False)[0]
                    approved = replace(outcome, state="approved", head=head)
                    outcome = head if isinstance(head, Exception) else approved
                in_two.append(said(outcome))
            expected = content(ledger)
        with ledger_of(Path(folder) / "one") as ledger:
            at_once = [replace(work, approve=True, on_conflict=decision) for work in works]
            outcomes = [ledger.write_many([work], refusing=False)[0] for work in at_once]
            assert list(map(said, outcomes)) == in_two
            assert content(ledger) == expected
            assert ledger.verify() == []


APPROVED = st.tuples(
    st.just("step"), NUMBERS, st.just("approved"), st.sampled_from([None, "replace", "keep"])
)


@given(
    st.lists(HANDED_IN, min_size=3, max_size=6),
    st.lists(HANDED_IN | STEPPED | APPROVED, min_size=3, max_size=8),
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.data_too_large])
def test_approvals_that_ask_together_whom_they_meet_are_those_that_ask_alone(handed, steps):
    """Rows that replace, conflict, wait, are superseded or handed in between: the same ends."""
    works = works_of([*handed, *steps])
    outcomes = []
    for few in (1, len(works) + 1):  # all ask together; each asks alone
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            patch.setattr(batch, "FEW", few)
            with ledger_of(Path(folder) / "ledger") as ledger:
                outcome = list(map(said, ledger.write_many(works, refusing=False)))
                outcomes.append((outcome, content(ledger), ends_of(ledger)))
                assert ledger.verify() == []
    assert outcomes[0] == outcomes[1]


def ends_of(ledger):
    rows = ledger.query("select * from lake.main.row_ends")
    return sorted(map(repr, rows))


def test_one_that_does_not_fit_is_refused_and_the_others_are_stored(any_ledger):
    any_ledger.submit("figures", table_of([("a", 1)]), Meta(CLERK))
    works = [
        HandIn("figures", table_of([("b", "12")], TEXTS), Meta(CLERK)),
        HandIn("figures", table_of([("c", "十二")], TEXTS), Meta(CLERK)),
        HandIn("Figures!", table_of([("d", 4)]), Meta(CLERK)),
        HandIn("figures", table_of([("e", 5)]), Meta(CLERK)),
    ]
    fits, misfit, unnamed, other = any_ledger.submit_many(works)
    assert (fits.id, other.id) == ("S000002", "S000003")
    assert isinstance(misfit, ImportRejected) and "Figures!" in str(unnamed)
    stored = any_ledger.query("select value from lake.main.figures order by value")
    assert [row["value"] for row in stored] == [1, 5, 12]
    assert any_ledger.verify() == []


def test_a_file_that_is_gone_fails_no_other(ledger, tmp_path):
    gone = hand_in([("a", 1)], file=tmp_path / "没有.csv")
    missing, other = ledger.submit_many([gone, hand_in([("b", 2)])])
    assert isinstance(missing, FileNotFoundError) and other.id == "S000001"
    with pytest.raises(FileNotFoundError):
        ledger.submit("figures", gone.table, gone.meta)
    assert len(ledger.submissions()) == 1 and ledger.verify() == []


def test_what_is_written_together_sees_what_came_before(any_ledger):
    """Of one body the second row of a key replaces the first, of another body it is a conflict."""
    any_ledger.rules_of = lambda form: Rules(key=("key",))
    works = []
    for n, (cells, place) in enumerate(
        [
            ([("a", 1)], "500156"),
            ([("a", 2)], "500156"),
            ([("a", 3)], "500101"),
            ([("b", 4)], "500101"),
        ]
    ):
        works += [hand_in(cells, place), Step(numbered(n + 1), "approved", CHIEF)]
    outcomes = any_ledger.write_many(works, refusing=False)
    assert [isinstance(outcome, Conflict) for outcome in outcomes[1::2]] == [
        *(False, False, True, False)
    ]
    view = any_ledger.effective("figures", schema=SCHEMA)
    in_force = any_ledger.query(f'select key, value from memory.main."{view}" order by key')
    assert [tuple(row.values()) for row in in_force] == [("a", 2), ("b", 4)]
    assert any_ledger.verify() == []


def test_what_the_storage_refuses_is_done_one_by_one(ledger, monkeypatch):
    insert, asked = rows.insert_staged, []

    def fails_for_several(lake, cur, staged, numbers):
        asked.append(len(numbers))
        if len(numbers) > 1 or "S000002" in numbers.values():
            raise duckdb.IOException("no room for these")
        insert(lake, cur, staged, numbers)

    monkeypatch.setattr(rows, "insert_staged", fails_for_several)
    first, second, third = ledger.submit_many([hand_in([(key, 1)]) for key in "abc"])
    assert (first.id, asked) == ("S000001", [3, 1, 1, 1])
    assert isinstance(second, duckdb.IOException) and isinstance(third, duckdb.IOException)
    monkeypatch.undo()
    assert ledger.verify() == [] and len(ledger.submissions()) == 1


def test_writers_of_one_process_share_transactions(any_ledger, tmp_path):
    before = any_ledger.lake.snapshot()
    with GatheringWriter(any_ledger) as writer, ThreadPoolExecutor(8) as threads:

        def submitted_and_approved(n):
            submission = writer.submit("figures", table_of([(str(n), n)]), Meta(CLERK))
            writer.record(submission.id, "approved", CHIEF)
            return submission.id

        numbers = list(threads.map(submitted_and_approved, range(40)))
    assert len(set(numbers)) == 40
    transactions = any_ledger.lake.snapshot() - before
    assert transactions < 80
    assert [s["state"] for s in any_ledger.submissions()] == ["approved"] * 40
    values = any_ledger.query("select value from lake.main.figures order by value")
    assert [row["value"] for row in values] == list(range(40))
    assert any_ledger.verify() == []


def test_what_many_approvals_end_is_stored_in_one_file(any_ledger):
    """Ten rows reported three times: each approval ends the row of its key before it, ten ends a
    round. Of three that wait with one key, the first one that is to count ends those of the others.
    """
    any_ledger.rules_of = lambda form: Rules(("key",))
    for value in range(3):
        works = [hand_in([(str(n), value)]) for n in range(10)]
        numbers = [submission.id for submission in any_ledger.submit_many(works)]
        any_ledger.record_many([Step(number, "approved", CHIEF) for number in numbers])
        ends = any_ledger.query("select count(*) n, count(distinct ended_by) e from lake.row_ends")
        assert ends == [{"n": 10 * value, "e": 10 * value}]
        assert len(any_ledger.lake.files_of("row_ends")) == value
    again = [any_ledger.submit_many([hand_in([("0", value)])])[0].id for value in (7, 8, 9)]
    steps = [Step(number, "approved", CHIEF, on_conflict="replace") for number in again]
    assert [type(head) for head in any_ledger.record_many(steps)] == [str] * 3
    view = any_ledger.effective("figures")
    rows = any_ledger.query(f"select key, value from {view} order by key")
    assert rows[0] == {"key": "0", "value": 7} and len(rows) == 10
    assert any_ledger.verify() == []


def test_writers_that_lend_their_turn_share_a_transaction(ledger):
    before, turns = ledger.lake.snapshot(), Turns(1)
    with (
        GatheringWriter(ledger, quiet=0.5, waiting=turns.lent) as writer,
        ThreadPoolExecutor(6) as threads,
    ):

        def submitted(n):
            with turns.taken():
                return writer.submit("figures", table_of([(str(n), n)]), Meta(CLERK)).id

        assert len(set(threads.map(submitted, range(6)))) == 6
    assert ledger.lake.snapshot() - before < 6  # with turns kept each would be alone


def test_a_caller_is_answered_when_it_is_durable_and_with_its_own_refusal(ledger):
    with GatheringWriter(ledger, quiet=0.2) as writer:
        refused = threading.Event()

        def withdraw_nothing():
            with pytest.raises(WrongState, match="S000099"):
                writer.record("S000099", "withdrawn", CHIEF)
            refused.set()

        other = threading.Thread(target=withdraw_nothing)
        other.start()
        submission = writer.submit("figures", table_of([("a", 1)]), Meta(CLERK))
        with Ledger.open(ledger.folder, read_only=True) as reader:
            assert reader.submission(submission.id)["state"] == "submitted"
        other.join()
    assert refused.is_set()
    with pytest.raises(WrongState, match="closing"):
        writer.submit("figures", table_of([("a", 1)]), Meta(CLERK))


def test_what_fails_as_a_whole_is_the_answer_to_all(ledger):
    ledger.read_only = True
    with GatheringWriter(ledger) as writer, pytest.raises(WrongState, match="reading only"):
        writer.submit("figures", table_of([("a", 1)]), Meta(CLERK))
