"""A catalogue that lost something, or may not be written: said in words, never taken for empty."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, LedgerTampered, WrongState
from hengtan.cli.machine import of_the_machine
from hengtan.ledger import lake, witness
from hengtan.ledger.chain import BEIJING
from hengtan.ledger.submissions import Ledger, Meta

CLERK = Actor("clerk")
LATER = timedelta(days=2)


def hand_in(ledger: Ledger, number: int, at: datetime | None = None) -> None:
    rows = {"value": list(range(20))}
    ledger.submit("batches", _table(rows), Meta(CLERK, file=str(number).encode()), at=at)


def _table(columns):
    import pyarrow as pa

    return pa.table(columns)


@pytest.fixture
def folder(tmp_path) -> Path:
    with Ledger.create(tmp_path / "ledger") as ledger:
        hand_in(ledger, 1)
        shutil.copyfile(ledger.folder / lake.CATALOGUE, tmp_path / "older.sqlite")
        hand_in(ledger, 2)
        assert ledger.verify() == []
        ledger.refuse_incomplete()
    return tmp_path / "ledger"


def run_sql(folder: Path, *statements: str) -> None:
    with sqlite3.connect(folder / lake.CATALOGUE) as catalogue:
        for statement in statements:
            catalogue.execute(statement)


def test_an_emptied_catalogue_is_no_empty_ledger(folder):
    run_sql(folder, "delete from ducklake_data_file")
    with Ledger.open(folder) as ledger:
        assert "entries_lost" in {finding.code for finding in ledger.verify()}
        with pytest.raises(LedgerTampered, match="曾记到第 2 项"):
            ledger.refuse_incomplete()


def test_an_older_catalogue_in_its_place_is_seen(folder):
    shutil.copyfile(folder.parent / "older.sqlite", folder / lake.CATALOGUE)
    with Ledger.open(folder) as ledger:
        assert "entries_lost" in {finding.code for finding in ledger.verify()}


def test_a_ledger_of_an_older_version_has_no_note_and_is_sound(folder):
    (folder / witness.FILE).unlink()
    with Ledger.open(folder) as ledger:
        assert ledger.verify() == []
        hand_in(ledger, 3)
    assert witness.read(folder)[0] == 3


@pytest.mark.parametrize("table", ["data_file", "column", "table", "schema", "snapshot"])
def test_a_lost_table_of_the_catalogue_is_a_finding(folder, table):
    run_sql(folder, f"drop table ducklake_{table}")
    try:
        with Ledger.open(folder) as ledger:
            findings = ledger.verify()
    except HengtanError as error:
        findings = [error.as_finding()]
    assert findings and all(finding.level == "error" for finding in findings)
    assert any("损坏" in f.zh or "无法" in f.zh for f in findings), findings


def test_what_storage_says_is_one_line_for_a_person(folder):
    run_sql(folder, "drop table ducklake_data_file")
    with Ledger.open(folder) as ledger:
        with pytest.raises(lake.StorageError) as caught:
            ledger.current()
        refused = of_the_machine(caught.value)
    assert isinstance(refused, LedgerTampered) and "\n" not in str(refused)


def test_a_ledger_that_may_not_be_written_is_read(folder, monkeypatch):
    monkeypatch.setattr(lake, "_may_write", lambda file: False)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    with Ledger.open(folder) as ledger:
        assert len(ledger.submissions()) == 2 and ledger.verify() == []
        ledger.backup(folder.parent / "backup.zip")
        with pytest.raises(WrongState, match="只读"):
            hand_in(ledger, 3)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    with Ledger.restore(folder.parent / "backup.zip", folder.parent / "again") as again:
        assert len(again.submissions()) == 2


def test_a_clock_that_ran_ahead_is_said(folder):
    with Ledger.open(folder) as ledger:
        hand_in(ledger, 3, at=datetime.now(BEIJING).replace(tzinfo=None) + LATER)
        (finding,) = ledger.verify()
    assert (finding.level, finding.code) == ("warning", "clock_ahead")
