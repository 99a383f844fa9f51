"""What verify finds: each kind of tampering with what is stored, done here with other programs than
the ledger's own.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, LedgerTampered
from hengtan.ledger.submissions import Ledger, Meta

CLERK, CHIEF = Actor("clerk"), Actor("chief")


def figures(*values: float) -> pa.Table:
    return pa.table(
        {
            "indicator": [f"i{n}" for n in range(len(values))],
            "value": pa.array(values, pa.float64()),
        }
    )


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed ledger: S1 approved and superseded by S2, with files; S3 with a field more,
    returned.
    """
    folder = tmp_path_factory.mktemp("pattern") / "ledger"
    with Ledger.create(folder) as ledger:
        first = ledger.submit(
            "indicator_values",
            figures(1, 2, 3),
            Meta(CLERK, file=b"one", file_name="1.xlsx"),
            at=date(2026, 1, 1),
        )
        ledger.record(first.id, "approved", CHIEF, at=date(2026, 1, 2))
        correction = ledger.submit(
            "indicator_values",
            figures(1, 2.5, 3),
            Meta(CLERK, file=b"two", supersedes=first.id),
            at=date(2026, 2, 1),
        )
        ledger.record(correction.id, "approved", CHIEF, at=date(2026, 2, 2))
        wide = figures(9).append_column("note", pa.array(["x"]))
        wider = ledger.submit(
            "indicator_values", wide, Meta(CLERK, file=b"three"), at=date(2026, 3, 1)
        )
        ledger.record(wider.id, "returned", CHIEF, "单位", at=date(2026, 3, 2))
    return folder


@pytest.fixture
def kept(pattern: Path, tmp_path: Path) -> Path:
    """A copy of the pattern to tamper with."""
    return Path(shutil.copytree(pattern, tmp_path / "ledger"))


def codes(folder: Path, head: str | None = None) -> set[str]:
    with Ledger.open(folder) as ledger:
        return {f.code for f in ledger.verify(head)}


def findings(folder: Path) -> list[str]:
    with Ledger.open(folder) as ledger:
        return [str(f) for f in ledger.verify()]


def data_files(folder: Path, table: str) -> list[Path]:
    return sorted((folder / "lake" / "main" / table).glob("*.parquet"), key=lambda p: p.name)


def rewrite(folder: Path, table: str, change: Callable[[list[dict]], list[dict]]) -> None:
    """Change the rows of a table in its Parquet files in place with PyArrow, telling the catalogue
    the new sizes.
    """
    catalogue = sqlite3.connect(folder / "catalogue.sqlite")
    for file in data_files(folder, table):
        old = pq.read_table(file)
        rows = change(old.to_pylist())
        pq.write_table(pa.Table.from_pylist(rows, schema=old.schema), file)
        raw = file.read_bytes()
        footer = int.from_bytes(raw[-8:-4], "little")
        catalogue.execute(
            "update ducklake_data_file set file_size_bytes = ?, footer_size = ?, record_count = ?"
            " where path = ?",
            (len(raw), footer, len(rows), file.name),
        )
    catalogue.commit()
    catalogue.close()


def changed(ledger: Ledger, statement: str) -> None:
    """Change what is stored past the chain."""
    with ledger.lake.writing() as cur:
        cur.execute(statement)


def edited(
    key: str, value: object, where: Callable[[dict], bool]
) -> Callable[[list[dict]], list[dict]]:
    return lambda rows: [{**r, key: value} if where(r) else r for r in rows]


def test_a_sound_ledger_has_no_findings(kept: Path) -> None:
    assert findings(kept) == []


def test_a_sound_ledger_on_each_catalogue(any_ledger: Ledger) -> None:
    any_ledger.record(
        any_ledger.submit("a", figures(1, 2), Meta(CLERK, file=b"1")).id, "approved", CHIEF
    )
    assert any_ledger.verify(any_ledger.head()) == []


def test_a_changed_value_names_its_submission(kept: Path) -> None:
    rewrite(kept, "indicator_values", edited("value", 2.6, lambda r: r["value"] == 2.5))
    reported = findings(kept)
    assert len(reported) == 1
    assert "S000002" in reported[0]


def test_a_value_written_into_a_field_added_later_is_found(kept: Path) -> None:
    with duckdb.connect() as con:
        for file in data_files(kept, "indicator_values"):
            table = con.execute(f"from read_parquet('{file}')").to_arrow_table()
            assert ("note" in table.column_names) == (table.num_rows == 1)
    with Ledger.open(kept) as ledger:
        changed(
            ledger,
            "update lake.indicator_values set note = 'smuggled'"
            " where _submission = 'S000001' and _row = 1",
        )
    assert "rows_changed" in codes(kept)


@pytest.mark.parametrize(
    "change",
    [
        "delete from lake.indicator_values where _submission = 'S000001' and _row = 3",
        "update lake.indicator_values set value = 7 where _submission = 'S000001' and _row = 1",
        "update lake.indicator_values set _submission = 'S000002' where _submission = 'S000001'",
        "insert into lake.indicator_values (_submission, _row, value) values ('S000001', 4, 1)",
        "insert into lake.indicator_values (_submission, _row, value) values ('S000004', 1, 1)",
        "drop table lake.indicator_values",
    ],
)
def test_rows_changed_through_the_catalogue_are_found(kept: Path, change: str) -> None:
    with Ledger.open(kept) as ledger:
        changed(ledger, change)
    assert codes(kept) & {"rows_changed", "rows_inserted"}


@pytest.mark.parametrize("table", ["indicator_values", "submissions", "submission_events"])
def test_a_missing_or_damaged_data_file_is_named(kept: Path, table: str) -> None:
    file = data_files(kept, table)[0]
    whole = file.read_bytes()
    file.unlink()
    assert any(file.name in f for f in findings(kept))
    file.write_bytes(whole[: len(whole) // 2])
    assert any(file.name in f for f in findings(kept))
    file.write_bytes(whole)
    assert findings(kept) == []


def test_only_the_submissions_of_a_missing_file_are_unreadable(kept: Path) -> None:
    data_files(kept, "indicator_values")[0].unlink()
    reported = findings(kept)
    assert any("S000001" in f for f in reported)
    assert not any("S000002" in f or "S000003" in f for f in reported)


def test_a_missing_or_changed_original_is_named(kept: Path) -> None:
    original = next(p for p in (kept / "files").iterdir() if p.read_bytes() == b"one")
    original.write_bytes(b"0ne")
    assert codes(kept) == {"original_changed"}
    original.unlink()
    assert codes(kept) == {"original_missing"}
    assert "1.xlsx" in findings(kept)[0]


@pytest.mark.parametrize(
    ("table", "key", "value", "seq", "code"),
    [
        ("submission_events", "actor", "someone", 2, "entry_changed"),
        ("submission_events", "state", "rejected", 2, "entry_changed"),
        ("submission_events", "at", datetime(2026, 1, 3), 2, "entry_changed"),
        ("submission_events", "reason", "", 7, "entry_changed"),
        ("submissions", "actor", "someone", 1, "submission_changed"),
        ("submissions", "file_sha256", "0" * 64, 1, "submission_changed"),
        ("submissions", "at", datetime(2025, 12, 1), 1, "submission_changed"),
        ("submissions", "demo", True, 1, "submission_changed"),
    ],
)
def test_an_edited_register_is_found(
    kept: Path, table: str, key: str, value: object, seq: int, code: str
) -> None:
    wanted = (
        (lambda r: r["seq"] == seq)
        if table == "submission_events"
        else (lambda r: r["submission"] == f"S{seq:06d}")
    )
    rewrite(kept, table, edited(key, value, wanted))
    assert code in codes(kept)


def test_a_removed_event_or_submission_is_found(kept: Path) -> None:
    rewrite(kept, "submission_events", lambda rows: [r for r in rows if r["seq"] != 2])
    assert "entry_removed" in codes(kept)


def test_a_removed_submission_record_is_found(kept: Path) -> None:
    rewrite(kept, "submissions", lambda rows: [r for r in rows if r["submission"] != "S000003"])
    assert {"submission_removed", "rows_inserted"} <= codes(kept)


@pytest.mark.parametrize("copy_of", [1, 7])
def test_an_inserted_event_or_record_is_found(kept: Path, copy_of: int) -> None:
    with Ledger.open(kept) as ledger:
        changed(
            ledger,
            "insert into lake.submission_events"
            f" select * from lake.submission_events where seq = {copy_of}",
        )
        changed(
            ledger,
            "insert into lake.submissions"
            " select * replace ('S000009' as submission) from lake.submissions limit 1",
        )
    assert {"entry_inserted", "submission_inserted"} <= codes(kept)


def test_the_end_of_the_chain_cut_off_shows_against_the_note_or_a_printed_head(kept: Path) -> None:
    with Ledger.open(kept) as ledger:
        head = ledger.head()
        changed(ledger, "delete from lake.submission_events where seq = 7")
    assert codes(kept) == {"entries_lost"}
    (kept / "head.json").unlink()
    assert codes(kept) == set()
    assert codes(kept, head) == {"head"}


def test_an_earlier_printed_head_is_fine_and_says_how_much_was_added(kept: Path) -> None:
    with Ledger.open(kept) as ledger:
        earlier = ledger.head()
        ledger.submit("indicator_values", figures(4), Meta(CLERK))
        assert ledger.verify(earlier) == []
        assert (
            ledger.grown_since(earlier),
            ledger.grown_since(ledger.head()),
            ledger.grown_since("0" * 64),
        ) == (1, 0, None)


def test_the_same_entries_in_another_ledger_have_another_head(tmp_path: Path) -> None:
    heads = set()
    for name in ("a", "b"):
        with Ledger.create(tmp_path / name) as ledger:
            ledger.submit("indicator_values", figures(1), Meta(CLERK), at=date(2026, 1, 1))
            heads.add(ledger.head())
    assert len(heads) == 2


def test_rows_that_look_alike_when_joined_have_different_digests(tmp_path: Path) -> None:
    digests = set()
    with Ledger.create(tmp_path / "a") as ledger:
        for first, second in (
            ("ab", "c"),
            ("a", "bc"),
            ("", "abc"),
            (None, "abc"),
            ("1:a", "bc"),
            ("-", "abc"),
        ):
            table = pa.table(
                {"x": pa.array([first], pa.string()), "y": pa.array([second], pa.string())}
            )
            s = ledger.submit("pairs", table, Meta(CLERK))
            digests.add(ledger.current().records[s.id].rows_digest)
    assert len(digests) == 6


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_an_auditor_can_recompute_the_head_with_json_and_sha256_alone(
    kept: Path, tmp_path: Path
) -> None:
    """From a backup, as docs/architecture.md describes it: row digests, record digests, entries,
    head.
    """
    with Ledger.open(kept) as ledger:
        printed = ledger.head()
        ledger.backup(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        archive.extractall(tmp_path / "b")
    rows = pq.read_table(tmp_path / "b" / "forms" / "indicator_values.parquet").to_pylist()
    records = {}
    for record in pq.read_table(tmp_path / "b" / "submissions.parquet").to_pylist():
        names = [name for name, _ in json.loads(record["columns"])]
        own = sorted(
            (r for r in rows if r["_submission"] == record["submission"]), key=lambda r: r["_row"]
        )
        texts = [
            "".join("-" if r[n] is None else f"{len(str(r[n]).encode())}:{r[n]}" for n in names)
            for r in own
        ]
        assert record["rows_digest"] == sha(sha("".join(sha(t) for t in texts)))
        later = {
            "body",
            "whole_list",
            "key",
        }  # fields of later versions count where they say something
        said = {k: v for k, v in record.items() if k not in later or v is not None}
        records[record["submission"]] = sha(canonical(said))
    ends: dict[str, list[str]] = {}
    for end in pq.read_table(tmp_path / "b" / "row_ends.parquet").to_pylist():
        new = "-" if end["new_row"] is None else end["new_row"]
        line = f"{end['submission']}:{end['row']}:{new}:{end['why']}"
        ends.setdefault(end["ended_by"], []).append(line)
    sealed = {submission: sha("\n".join(lines)) for submission, lines in ends.items()}
    head = sha(
        "hengtan ledger " + json.loads((tmp_path / "b" / "manifest.json").read_text())["ledger"]
    )
    for event in pq.read_table(tmp_path / "b" / "submission_events.parquet").to_pylist():
        if event["content"] is not None:
            expected = sealed if event["state"] == "approved" else records
            assert event["content"] == expected[event["submission"]]
        digest = sha(canonical({k: v for k, v in event.items() if k not in ("digest", "head")}))
        head = sha(head + digest)
    assert head == printed


def canonical(content: dict) -> str:
    return json.dumps(
        content,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        default=lambda at: at.strftime("%Y-%m-%dT%H:%M:%S.%f"),
    )


def test_a_long_submission_is_folded_in_blocks_and_every_row_counts(ledger: Ledger) -> None:
    """25,000 rows: three blocks of 10,000; the expected digest is computed here with hashlib."""
    numbers = list(range(25_000))
    s = ledger.submit(
        "numbers", pa.table({"n": pa.array(numbers, pa.int64())}), Meta(CLERK, sheet="甲")
    )
    rows = [sha(f"{len(str(n))}:{n}{len(str(n + 1))}:{n + 1}3:甲-") for n in numbers]
    blocks = [sha("".join(rows[i : i + 10_000])) for i in range(0, 25_000, 10_000)]
    assert ledger.current().records[s.id].rows_digest == sha("".join(blocks))
    changed(ledger, "update lake.numbers set n = -1 where n = 24999")
    assert [f.code for f in ledger.verify()] == ["rows_changed"]


def test_a_damaged_catalogue_is_one_clear_line(kept: Path) -> None:
    (kept / "catalogue.sqlite").write_bytes(
        b"no database at all, and long enough to be looked at" * 100
    )
    with pytest.raises(HengtanError, match="无法打开台账目录") as refused:
        Ledger.open(kept)
    assert "\n" not in str(refused.value)
    (kept / "catalogue.sqlite").unlink()
    with pytest.raises(LedgerTampered, match=r"catalogue\.sqlite 不存在"):
        Ledger.open(kept)
