"""Backup, restore and the frozen export: nothing is lost on the way, nothing strange gets in."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, LedgerTampered, UnreadableFile
from hengtan.ledger.submissions import Ledger, Meta

CLERK, CHIEF = Actor("clerk"), Actor("chief")


def figures(*values: float | None) -> pa.Table:
    return pa.table(
        {
            "indicator": [f"i{n}" for n in range(len(values))],
            "value": pa.array(values, pa.float64()),
        }
    )


def fill(ledger: Ledger) -> None:
    """Three rows, a correction of them, a third submission with a field more; another form with one
    returned row.
    """
    first = ledger.submit(
        "indicator_values",
        figures(1, 2, None),
        Meta(CLERK, file=b"one", file_name="一.xlsx"),
        at=date(2026, 1, 1),
    )
    ledger.record(first.id, "approved", CHIEF, at=date(2026, 1, 2))
    correction = ledger.submit(
        "indicator_values",
        figures(1, 2.5, 4),
        Meta(CLERK, file=b"two", supersedes=first.id),
        at=date(2026, 2, 1),
    )
    ledger.record(correction.id, "approved", CHIEF, at=date(2026, 2, 2))
    wide = figures(8).append_column("note", pa.array(["加注"]))
    wider = ledger.submit(
        "indicator_values", wide, Meta(CLERK, file=b"two", sheet="B"), at=date(2026, 3, 1)
    )
    ledger.record(wider.id, "approved", CHIEF, at=date(2026, 3, 2))
    ledger.record(
        ledger.submit("milestones", pa.table({"done": [True]}), Meta(CLERK)).id,
        "returned",
        CHIEF,
        "缺证据",
    )


def everything(ledger: Ledger) -> dict[str, object]:
    rows = {
        f: ledger.query(f"from {ledger.all_rows(f)} order by _submission, _row")
        for f in ledger.forms()
    }
    return {"rows": rows, "submissions": ledger.submissions(), "head": ledger.head()}


def test_a_restored_ledger_is_the_same_on_each_catalogue(
    any_ledger: Ledger, catalogue: str | None, tmp_path: Path
) -> None:
    fill(any_ledger)
    manifest = any_ledger.backup(tmp_path / "b.zip")
    with Ledger.restore(tmp_path / "b.zip", tmp_path / "restored", catalogue) as restored:
        assert everything(restored) == everything(any_ledger)
        assert restored.verify(manifest["head"]) == []
        assert {p.read_bytes() for p in (restored.folder / "files").iterdir()} == {b"one", b"two"}
        more = restored.submit(
            "indicator_values", figures(9).append_column("extra", pa.array([1])), Meta(CLERK)
        )
        assert restored.submission(more.id)["state"] == "submitted"
        assert restored.verify() == []
        restored.lake.drop_schema()


@pytest.mark.postgres
def test_a_ledger_moves_from_a_server_to_one_folder(postgres: str, tmp_path: Path) -> None:
    with Ledger.create(tmp_path / "shared", postgres) as shared:
        fill(shared)
        shared.backup(tmp_path / "b.zip")
        with Ledger.restore(tmp_path / "b.zip", tmp_path / "single") as single:
            assert everything(single) == everything(shared)
        shared.lake.drop_schema()


def test_an_archive_is_the_same_ledger_without_this_program(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    ledger.backup(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for name, sha in manifest["sha256"].items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == sha
        archive.extractall(tmp_path / "open")
    table = pq.read_table(tmp_path / "open" / "forms" / "indicator_values.parquet")
    assert table.column("value").to_pylist() == [1.0, 2.0, None, 1.0, 2.5, 4.0, 8.0]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.zip", "ledger", "open"]


def test_restore_refuses_a_folder_that_holds_something(ledger: Ledger, tmp_path: Path) -> None:
    ledger.backup(tmp_path / "b.zip")
    target = tmp_path / "target"
    target.mkdir()
    (target / "mine.txt").write_text("keep")
    with pytest.raises(HengtanError, match="不是空文件夹"):
        Ledger.restore(tmp_path / "b.zip", target)
    assert [p.name for p in target.iterdir()] == ["mine.txt"]


def changed(
    source: Path,
    target: Path,
    members: dict[str, bytes | None],
    manifest: dict[str, object] | None = None,
) -> Path:
    """A copy of an archive with members replaced, added or (None) left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        contents = {n: old.read(n) for n in old.namelist()}
        contents.update({n: c for n, c in members.items() if c is not None})
        if manifest is not None:
            contents["manifest.json"] = json.dumps(
                json.loads(contents["manifest.json"]) | manifest
            ).encode()
        for name, content in contents.items():
            if members.get(name, b"") is not None:
                new.writestr(name, content)
    return target


@pytest.mark.parametrize(
    ("members", "manifest"),
    [
        ({"forms/indicator_values.parquet": b"other"}, None),
        ({"forms/indicator_values.parquet": None}, None),
        ({"files/" + hashlib.sha256(b"one").hexdigest(): b"0ne"}, None),
        ({"../outside.txt": b"x"}, None),
        ({"files/../../outside.txt": b"x"}, None),
        ({"/outside.txt": b"x"}, None),
        ({"forms/more.parquet": b"x"}, None),
        ({"manifest.json": None}, None),
        ({}, {"format": 99}),
        ({}, {"head": "0" * 64}),
        ({}, {"ledger": "another"}),
    ],
)
def test_restore_of_a_changed_archive_leaves_nothing(
    ledger: Ledger,
    tmp_path: Path,
    members: dict[str, bytes | None],
    manifest: dict[str, object] | None,
) -> None:
    fill(ledger)
    ledger.backup(tmp_path / "b.zip")
    bad = changed(tmp_path / "b.zip", tmp_path / "bad.zip", members, manifest)
    with pytest.raises((UnreadableFile, LedgerTampered)) as refused:
        Ledger.restore(bad, tmp_path / "restored")
    assert "bad.zip" in str(refused.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.zip", "bad.zip", "ledger"]


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut off"])
def test_restore_of_something_else_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(UnreadableFile, match="不是可读的备份文件"):
        Ledger.restore(tmp_path / "b.zip", tmp_path / "restored")


def test_a_truncated_archive_leaves_nothing(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    ledger.backup(tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile):
        Ledger.restore(tmp_path / "b.zip", tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_backup_of_a_damaged_ledger_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    fill(ledger)
    next((ledger.folder / "files").iterdir()).unlink()
    with pytest.raises(LedgerTampered):
        ledger.backup(tmp_path / "b.zip")
    assert [p.name for p in tmp_path.iterdir()] == ["ledger"]


@pytest.mark.parametrize(
    ("known_on", "values"),
    [
        (None, [1.0, 2.5, 4.0, 8.0]),
        (date(2026, 3, 1), [1.0, 2.5, 4.0]),
        (date(2026, 2, 1), [1.0, 2.0, None]),
        (date(2025, 12, 31), []),
    ],
)
def test_a_freeze_holds_what_counts_on_its_day(
    ledger: Ledger, tmp_path: Path, known_on: date | None, values: list[float | None]
) -> None:
    fill(ledger)
    schema = pa.schema([("code", pa.string())])
    manifest = ledger.freeze(tmp_path / "frozen", known_on, {"registry_entries": schema})
    assert json.loads((tmp_path / "frozen" / "manifest.json").read_text()) == manifest
    assert manifest["head"] == ledger.state_key(known_on)
    assert manifest["known_on"] == (known_on.isoformat() if known_on else None)
    entry = manifest["forms"]["indicator_values"]
    table = pq.read_table(tmp_path / "frozen" / entry["file"])
    view = ledger.effective("indicator_values", known_on)
    there = ledger.query(
        f"select count(*) as n, sum(value) as s, count(note) as notes from {view}"
    )[0]
    assert table.column("value").to_pylist() == values
    assert (table.num_rows, entry["rows"]) == (there["n"], len(values))
    assert (sum(v for v in values if v) or None) == there["s"]
    assert [c["name"] for c in entry["schema"]] == table.column_names
    assert (
        sum(n is not None for n in table.column("note").to_pylist())
        == there["notes"]
        == (known_on is None)
    )
    assert (
        hashlib.sha256((tmp_path / "frozen" / entry["file"]).read_bytes()).hexdigest()
        == entry["sha256"]
    )
    assert manifest["forms"]["registry_entries"]["rows"] == 0
    assert "code" in pq.read_schema(tmp_path / "frozen" / "registry_entries.parquet").names


def test_a_freeze_does_not_overwrite(ledger: Ledger, tmp_path: Path) -> None:
    ledger.freeze(tmp_path / "frozen")
    with pytest.raises(HengtanError, match="不是空文件夹"):
        ledger.freeze(tmp_path / "frozen")


def test_sweep_deletes_only_what_nobody_names(ledger: Ledger) -> None:
    fill(ledger)
    before = everything(ledger)
    orphans = [
        ledger.folder / "files" / ("0" * 64),
        ledger.folder / "files" / ".partial-x",
        ledger.folder / "lake" / "main" / "indicator_values" / "ducklake-left-over.parquet",
    ]
    for orphan in orphans:
        orphan.write_bytes(b"left by a killed writer")
    assert sorted(ledger.sweep()) == sorted(orphans)
    assert not any(o.exists() for o in orphans)
    assert everything(ledger) == before
    assert ledger.verify() == []
    assert ledger.sweep() == []


def test_tidying_merges_files_and_changes_nothing_that_can_be_seen(any_ledger: Ledger) -> None:
    fill(any_ledger)
    before = everything(any_ledger)
    assert any_ledger.tidy(more_than=3) == ["submission_events", "submissions"]
    assert len(any_ledger.lake.files_of("submission_events")) == 1
    assert everything(any_ledger) == before
    assert any_ledger.tidy(more_than=3, kept_for=timedelta()) == []
    with Ledger.open(any_ledger.folder, any_ledger.lake.catalogue) as other:
        assert everything(other) == before
    assert len(list((any_ledger.folder / "lake" / "main" / "submission_events").iterdir())) == 1
    assert any_ledger.verify(before["head"]) == []
    fill_more = any_ledger.submit("indicator_values", figures(5), Meta(CLERK))
    any_ledger.record(fill_more.id, "approved", CHIEF)
    assert any_ledger.verify(before["head"]) == []
