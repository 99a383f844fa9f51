"""Kept results: found under the same key only, made anew when a file is broken, whole or not at
all.
"""

import os

import pyarrow as pa
import pytest

from hengtan.graph import cache
from hengtan.graph.cache import CachedTables

TABLE = pa.table({"target_id": ["a", "b"], "value": [1.5, None]})
KEY = ("plan_progress", "ledger-1", "pack-1", "2026-01-01")


@pytest.fixture
def kept(tmp_path):
    tables = CachedTables(tmp_path / "cache")
    tables.put(KEY, TABLE)
    return tables


def test_the_same_key_is_found(kept):
    assert kept.get(KEY).equals(TABLE)


@pytest.mark.parametrize("place", range(4))
def test_a_changed_key_is_not(kept, place):
    assert kept.get((*KEY[:place], KEY[place] + "x", *KEY[place + 1 :])) is None


def test_parts_of_a_key_do_not_run_together(kept):
    assert kept.get(("plan_progress", "ledger-1pack-1", "", "2026-01-01")) is None


@pytest.mark.parametrize("content", [b"", b"PAR1 but not really", b"PAR1" + bytes(200) + b"PAR1"])
def test_a_broken_file_is_dropped_and_made_again(kept, content):
    (file,) = kept.folder.glob("*.parquet")
    file.write_bytes(content)
    assert kept.get(KEY) is None and not file.exists()
    kept.put(KEY, TABLE)
    assert kept.get(KEY).equals(TABLE)


def test_a_truncated_file_is_dropped(kept):
    (file,) = kept.folder.glob("*.parquet")
    file.write_bytes(file.read_bytes()[:-20])
    assert kept.get(KEY) is None


def test_a_write_that_fails_leaves_the_old_result_and_no_part(kept, monkeypatch):
    import pyarrow.parquet as pq

    def full(table, where, **_):
        where.write(b"PAR1half")
        raise OSError("no space left on device")

    monkeypatch.setattr(pq, "write_table", full)
    kept.put(KEY, TABLE.slice(0, 1))
    assert kept.get(KEY).equals(TABLE)
    assert [file.suffix for file in kept.folder.iterdir()] == [".parquet"]


def test_a_folder_that_cannot_be_made_is_passed_over(tmp_path):
    (tmp_path / "cache").write_text("a file stands here")
    tables = CachedTables(tmp_path / "cache")
    tables.put(KEY, TABLE)
    assert tables.get(KEY) is None


def test_the_oldest_are_dropped(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "KEPT", 3)
    tables = CachedTables(tmp_path)
    for n in range(5):
        tables.put(("account", str(n)), TABLE)
        for file in tmp_path.iterdir():  # a file written later is younger
            os.utime(file, (file.stat().st_mtime - 100,) * 2)
    assert [n for n in range(5) if tables.get(("account", str(n))) is not None] == [2, 3, 4]


def test_a_part_left_by_a_write_cut_off_is_swept_one_under_way_is_not(kept):
    left, under_way = kept.folder / "old.part", kept.folder / "new.part"
    for part in (left, under_way):
        part.write_bytes(b"PAR1half")
    long_ago = under_way.stat().st_mtime - 2 * cache.LEFT_BEHIND
    os.utime(left, (long_ago, long_ago))
    kept.put((*KEY, "more"), TABLE)
    assert not left.exists() and under_way.exists()
