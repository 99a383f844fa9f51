"""Plugin of the audit (``python make.py audit``): of each test how it ended, how long it took, and
how many rows of which forms were handed into a ledger by it and by the fixtures it stands on.

Writes a line of JSON a test into the folder that HENGTAN_AUDIT names, a file a process.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hengtan.ledger.batch import HandIn
from hengtan.ledger.submissions import Ledger

COUNTING: list[Counter[str]] = [Counter()]
"""Rows by form of what runs now, the innermost fixture last."""
OF_FIXTURES: dict[str, Counter[str]] = {}
STATES: dict[str, list[str]] = {}


def pytest_configure() -> None:
    """Count the rows that are handed in."""
    write_many = Ledger.write_many

    def counted(self: Any, works: Any, **options: Any) -> Any:
        works = list(works)
        outcomes = write_many(self, works, **options)
        for work, outcome in zip(works, outcomes, strict=True):
            if isinstance(work, HandIn) and not isinstance(outcome, Exception):
                form = getattr(work.form, "id", work.form)
                COUNTING[-1][str(form)] += work.table.num_rows
        return outcomes

    Ledger.write_many = counted  # type: ignore[method-assign]


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any) -> Iterator[None]:
    COUNTING.append(Counter())
    try:
        return (yield)
    finally:
        OF_FIXTURES[_name_of(fixturedef)] = COUNTING.pop()


def _name_of(fixturedef: Any) -> str:
    return f"{fixturedef.baseid}::{fixturedef.argname}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    COUNTING.append(Counter())
    began = time.monotonic()
    try:
        return (yield)
    finally:
        rows = COUNTING.pop()
        definitions = item._fixtureinfo.name2fixturedefs
        for defined in definitions.values():
            rows += OF_FIXTURES.get(_name_of(defined[-1]), Counter())
        states = STATES.pop(item.nodeid, [])
        _write(item, states, rows, round(time.monotonic() - began, 1))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    STATES.setdefault(report.nodeid, []).append(report.outcome)


def _write(item: pytest.Item, states: list[str], rows: Counter[str], seconds: float) -> None:
    worst = next((state for state in ("failed", "skipped") if state in states), "passed")
    line = {"test": item.nodeid, "state": worst, "rows": dict(rows), "seconds": seconds}
    folder = Path(os.environ["HENGTAN_AUDIT"])
    with (folder / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
