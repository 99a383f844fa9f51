"""Any sequence of reports, corrections, decisions and withdrawals against a model small enough to
be seen to be right.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from thorough import examples

from hengtan.basis.actor import Actor
from hengtan.basis.errors import WrongState
from hengtan.ledger.corrections import Conflict
from hengtan.ledger.handing_in import Meta
from hengtan.ledger.submissions import Ledger

FIGURES = SimpleNamespace(id="figures", key=("key",), list_by=())
SCHEMA = pa.schema([("key", pa.string()), ("value", pa.int64())])
CHIEF = Actor("chief")


class Corrections(RuleBasedStateMachine):
    """The model keeps for each row the submissions that ended it; an end counts while its maker was
    not withdrawn.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="hengtan-corrections-")
        self.ledger = Ledger.create(Path(self.folder.name) / "ledger")
        self.rows: dict[str, dict[str, int]] = {}
        self.body: dict[str, str] = {}
        self.corrects: dict[str, str | None] = {}
        self.state: dict[str, str] = {}
        self.enders: dict[tuple[str, str], set[str]] = {}

    def teardown(self) -> None:
        assert self.ledger.verify() == []
        self.ledger.close()
        self.folder.cleanup()

    def stands(self, submission: str, key: str) -> bool:
        makers = self.enders.get((submission, key), set())
        return not any(self.state[m] in ("approved", "superseded") for m in makers)

    def expected(self) -> list[tuple[str, int]]:
        return sorted(
            (key, value)
            for submission, rows in self.rows.items()
            if self.state[submission] == "approved"
            for key, value in rows.items()
            if self.stands(submission, key)
        )

    @rule(
        rows=st.dictionaries(st.sampled_from("abc"), st.integers(0, 9), max_size=3),
        body=st.sampled_from(["east", "west"]),
        data=st.data(),
    )
    def submit(self, rows: dict[str, int], body: str, data: st.DataObject) -> None:
        standing = [s for s, state in self.state.items() if state in ("submitted", "approved")]
        corrects = data.draw(st.sampled_from([None, *standing]))
        table = pa.table({"key": list(rows), "value": list(rows.values())}, schema=SCHEMA)
        meta = Meta(Actor("clerk", body), supersedes=corrects)
        submission = self.ledger.submit(FIGURES, table, meta).id
        self.rows[submission], self.body[submission] = rows, body
        self.corrects[submission], self.state[submission] = corrects, "submitted"

    def rivals(self, submission: str) -> list[tuple[str, str]]:
        """Rows of other bodies in force and of waiting submissions, with a key of this one."""
        return [
            (other, key)
            for other, rows in self.rows.items()
            if other not in (submission, self.corrects[submission])
            and self.corrects[other] != submission
            and (
                self.state[other] == "submitted"
                or (self.state[other] == "approved" and self.body[other] != self.body[submission])
            )
            for key in rows
            if key in self.rows[submission]
            and self.stands(other, key)
            and self.stands(submission, key)
        ]

    @precondition(lambda self: "submitted" in self.state.values())
    @rule(decision=st.sampled_from([None, "replace", "keep"]), data=st.data())
    def approve(self, decision: str | None, data: st.DataObject) -> None:
        waiting = [s for s, state in self.state.items() if state == "submitted"]
        submission = data.draw(st.sampled_from(waiting))
        corrects = self.corrects[submission]
        rivals = self.rivals(submission)
        try:
            self.ledger.record(submission, "approved", CHIEF, on_conflict=decision)
        except Conflict:
            assert decision is None and rivals
            return
        except WrongState:
            assert corrects is not None and self.state[corrects] == "superseded"
            return
        assert decision is not None or not rivals
        same_body = [
            (other, key)
            for other, rows in self.rows.items()
            if self.state[other] == "approved" and self.body[other] == self.body[submission]
            if other != corrects and self.corrects[other] != submission
            for key in rows
            if key in self.rows[submission] and self.stands(submission, key)
        ]
        ended = same_body + (rivals if decision == "replace" else [])
        if decision == "keep":
            ended += [(submission, key) for _, key in rivals]
        for row in ended:
            if self.stands(*row):
                self.enders.setdefault(row, set()).add(submission)
        self.state[submission] = "approved"
        if corrects is not None and self.state[corrects] in ("submitted", "approved"):
            self.state[corrects] = "superseded"

    @precondition(lambda self: {"submitted", "approved"} & set(self.state.values()))
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        standing = [s for s, state in self.state.items() if state in ("submitted", "approved")]
        submission = data.draw(st.sampled_from(standing))
        self.ledger.record(submission, "withdrawn", CHIEF)
        self.state[submission] = "withdrawn"

    @invariant()
    def what_counts_is_what_the_model_says(self) -> None:
        view = self.ledger.effective("figures", None, SCHEMA)
        rows = self.ledger.query(f"select key, value from {view}")
        assert sorted((r["key"], r["value"]) for r in rows) == self.expected()


TestCorrections = Corrections.TestCase
TestCorrections.settings = settings(
    max_examples=examples(6, 60),
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
