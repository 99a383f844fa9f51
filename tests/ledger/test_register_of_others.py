"""What other processes add to the ledger is read beside what was known, and gives the register that
reading all of it gives.
"""

from __future__ import annotations

import pyarrow as pa
import pytest

from hengtan.basis.actor import Actor
from hengtan.ledger import register
from hengtan.ledger.handing_in import Meta
from hengtan.ledger.submissions import Ledger

CLERK, CHIEF = Actor("填报员"), Actor("审核员")
DERIVED = ("states", "by_form", "by_key", "enders")


def hand_in(ledger, form, key, number):
    rows = pa.table({"key": [key], "value": [number]})
    return ledger.submit(form, rows, Meta(CLERK, place="500156", key=f"{form}-{key}-{number}"))


@pytest.fixture
def both(tmp_path):
    """The same ledger as two processes have it, of which the second only reads."""
    with Ledger.create(tmp_path / "ledger") as writer, Ledger.open(tmp_path / "ledger") as another:
        yield writer, another


@pytest.fixture
def loads(monkeypatch):
    """How often everything was read."""
    number, load = [], register.load
    monkeypatch.setattr(register, "load", lambda *asked: number.append(1) or load(*asked))
    return number


def all_of(ledger):
    """The register read whole."""
    start = ledger.current().start
    return ledger.lake.reading(lambda cur: register.load(cur, start))


def test_what_another_adds_is_read_alone_and_gives_all_of_it(both, loads):
    writer, another = both
    first = hand_in(writer, "figures", "a", 1)
    another.current()
    loads.clear()
    steps = (
        lambda: writer.record(first.id, "approved", CHIEF),
        lambda: hand_in(writer, "others", "b", 2),
        lambda: writer.record(hand_in(writer, "figures", "a", 3).id, "returned", CHIEF, "改"),
        lambda: hand_in(writer, "figures", "c", 4),
    )
    for step in steps:
        step()
        known = another.current()
        assert loads == []  # nothing was read twice
        whole = all_of(writer)
        loads.clear()
        assert (known.records, known.events) == (whole.records, whole.events)
        assert all(getattr(known, name) == getattr(whole, name) for name in DERIVED)


def test_several_steps_at_once_are_read_together(both, loads):
    writer, another = both
    hand_in(writer, "figures", "a", 1)
    another.current()
    for number in range(5):
        writer.record(hand_in(writer, "figures", str(number), number).id, "approved", CHIEF)
    loads.clear()
    known = another.current()
    assert loads == [] and (len(known.records), len(known.events)) == (6, 11)


@pytest.mark.parametrize(
    "what",
    [
        "delete from lake.main.submission_events where seq = 1",
        "update lake.main.submission_events set head = 'x' where seq = 2",
        "delete from lake.main.submissions where submission = 'S000001'",
    ],
)
def test_a_register_that_is_not_the_known_one_grown_is_read_whole(both, loads, what):
    writer, another = both
    for number in range(2):
        hand_in(writer, "figures", str(number), number)
    another.current()
    with writer.lake.writing() as cur:
        writer.lake.commit(cur, "test", "test", lambda: cur.execute(what))
    loads.clear()
    known = another.current()
    assert loads == [1]
    whole = all_of(another)
    assert (known.records, known.events) == (whole.records, whole.events)
