"""Any sequence of steps against a model small enough to be seen to be right."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from thorough import examples

from hengtan.basis.actor import Actor
from hengtan.basis.errors import WrongState
from hengtan.ledger.submissions import Ledger, Meta

CLERK, CHIEF = Actor("clerk"), Actor("chief")
SCHEMA = pa.schema([("key", pa.string()), ("value", pa.int64())])
Rows = list[tuple[str, int]]


class Steps(RuleBasedStateMachine):
    """The model: what each submission holds, which count, and what was seen at the end of each past
    day.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="hengtan-model-")
        self.ledger = Ledger.create(Path(self.folder.name) / "ledger")
        self.today = date(2026, 1, 1)
        self.rows: dict[str, Rows] = {}
        self.supersedes: dict[str, str | None] = {}
        self.pending: list[str] = []
        self.counting: list[str] = []
        self.past: dict[date, Rows] = {}
        self.heads = [self.ledger.head()]

    def teardown(self) -> None:
        assert self.ledger.verify(self.heads[0]) == []
        self.ledger.close()
        self.folder.cleanup()

    def seen(self, known_on: date | None = None) -> Rows:
        view = self.ledger.effective("figures", known_on, SCHEMA)
        return sorted(
            (r["key"], r["value"]) for r in self.ledger.query(f"select key, value from {view}")
        )

    def expected(self) -> Rows:
        return sorted(row for s in self.counting for row in self.rows[s])

    def moved(self) -> None:
        head = self.ledger.head()
        assert head not in self.heads
        self.heads.append(head)

    @rule(
        rows=st.lists(st.tuples(st.sampled_from("abc"), st.integers(-3, 3)), max_size=3),
        data=st.data(),
    )
    def submit(self, rows: Rows, data: st.DataObject) -> None:
        candidates = [None, *self.pending, *self.counting]
        old = data.draw(st.sampled_from(candidates))
        table = pa.table(
            {"key": [k for k, _ in rows], "value": [v for _, v in rows]}, schema=SCHEMA
        )
        s = self.ledger.submit("figures", table, Meta(CLERK, supersedes=old), at=self.today)
        self.rows[s.id], self.supersedes[s.id] = rows, old
        self.pending.append(s.id)
        self.moved()

    @precondition(lambda self: self.pending)
    @rule(data=st.data())
    def approve(self, data: st.DataObject) -> None:
        s = data.draw(st.sampled_from(self.pending))
        old = self.supersedes[s]
        replaced = [t for t, state in self.states().items() if state == "superseded"]
        if old in replaced:
            try:
                self.ledger.record(s, "approved", CHIEF, at=self.today)
            except WrongState:
                return
            raise AssertionError("two corrections of one submission both count")
        self.ledger.record(s, "approved", CHIEF, at=self.today)
        self.pending = [t for t in self.pending if t not in (s, old)]
        self.counting = [t for t in self.counting if t != old] + [s]
        self.moved()

    @precondition(lambda self: self.pending or self.counting)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        s = data.draw(st.sampled_from(self.pending + self.counting))
        self.ledger.record(s, "withdrawn", CLERK, at=self.today)
        self.pending = [t for t in self.pending if t != s]
        self.counting = [t for t in self.counting if t != s]
        self.moved()

    @rule(days=st.integers(1, 3))
    def time_passes(self, days: int) -> None:
        self.past[self.today] = self.expected()
        self.today += timedelta(days=days)

    @invariant()
    def what_counts_is_what_the_model_says(self) -> None:
        assert self.seen() == self.seen(self.today) == self.expected()

    @invariant()
    def the_past_stays_as_it_was(self) -> None:
        for day, rows in list(self.past.items())[-3:]:
            assert self.seen(day) == rows
        assert self.seen(date(2025, 12, 31)) == []

    def states(self) -> dict[str, str]:
        return {s["submission"]: s["state"] for s in self.ledger.submissions()}


Steps.TestCase.settings = settings(
    max_examples=examples(4, 40),
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestSteps = pytest.mark.slow(Steps.TestCase)
