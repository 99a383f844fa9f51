"""Ledgers to test on: on SQLite in a temporary folder, and on PostgreSQL where one is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hengtan.ledger.submissions import Ledger


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def catalogue(request: pytest.FixtureRequest) -> str | None:
    """What ``Ledger.create`` takes as catalogue: None for SQLite, else the server's address."""
    return None if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger on SQLite."""
    with Ledger.create(tmp_path / "ledger") as empty:
        yield empty


@pytest.fixture
def any_ledger(tmp_path: Path, catalogue: str | None) -> Iterator[Ledger]:
    """An empty ledger on each kind of catalogue."""
    with Ledger.create(tmp_path / "ledger", catalogue) as empty:
        yield empty
    empty.lake.drop_schema()  # once closed: no look that a failed test began waits in its way
