"""A Parquet file is gone through in a process with limits before it is read here: one that stands
for more than it says, is damaged or nested is refused in a line, soon.
"""

from __future__ import annotations

import random
import resource
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hengtan.basis.errors import UnreadableFile
from hengtan.ledger.reading import parquet
from hengtan.ledger.reading.parquet import read_parquet


def written(path, table, **how):
    pq.write_table(table, path, compression="zstd", **how)
    return path


def refused_soon(path, most_bytes=300_000_000):
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnreadableFile) as refused:
        for _ in read_parquet(path, 20_000).pieces:
            pass
    taken = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    assert time.process_time() - started < 20 and taken < most_bytes
    assert path.name in str(refused.value) and "\n" not in str(refused.value)
    return str(refused.value)


def test_a_sound_file_comes_as_it_is(tmp_path):
    table = pa.table({"户号": ["甲", None, "丙"] * 10_000, "电量": list(range(30_000))})
    stored = read_parquet(written(tmp_path / "户.parquet", table), 20_000)
    pieces = list(stored.pieces)
    assert (stored.titles, stored.rows) == (("户号", "电量"), 30_000)
    assert [piece.num_rows for piece in pieces] == [20_000, 10_000]
    assert pa.concat_tables(pieces).to_pydict() == table.to_pydict()
    assert pieces[0].schema.types == [pa.string(), pa.int64()]


@pytest.mark.parametrize(
    ("text", "rows", "said"),
    [("长" * 400_000, 1_000_000, "单元格"), ("长" * 20_000, 1_000_000, "一列文字")],
)
def test_a_long_text_that_stands_once_and_counts_a_million_times(tmp_path, text, rows, said):
    """1.2 TB and 60 GB of text in a file of some kilobytes."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))
    path = written(tmp_path / "炸.parquet", pa.table({"户号": column}))
    assert path.stat().st_size < 2_000_000 and said in refused_soon(path)


def test_more_columns_than_a_table_has(tmp_path):
    table = pa.table({f"列{n}": [1] for n in range(1_500)})
    assert "表格过大" in refused_soon(written(tmp_path / "宽.parquet", table))


@pytest.mark.parametrize(
    "values",
    [[[1, 2]], [{"a": 1}], pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))],
    ids=["list", "struct", "map"],
)
def test_a_cell_holds_a_value(tmp_path, values):
    path = written(tmp_path / "套.parquet", pa.table({"企业": values}))
    assert "嵌套" in refused_soon(path)


def test_what_is_no_parquet(tmp_path):
    path = tmp_path / "假.parquet"
    for content in (b"", b"PAR1", b"PAR1" + b"\x00" * 100 + b"PAR1", "户号,电量\n".encode("gbk")):
        path.write_bytes(content)
        assert "Parquet" in refused_soon(path)


def test_no_change_of_a_byte_is_an_internal_error(tmp_path):
    """40 files with bytes changed: read, or refused in a line."""
    table = pa.table({"户号": ["甲", "乙"] * 500, "电量": list(range(1000))})
    content, chance = written(tmp_path / "户.parquet", table).read_bytes(), random.Random(23)
    path, refusals = tmp_path / "改.parquet", 0
    for _ in range(40):
        changed = bytearray(content)
        for place in chance.sample(range(len(changed)), 3):
            changed[place] = chance.randrange(256)
        path.write_bytes(changed)
        try:
            list(read_parquet(path, 500).pieces)
        except UnreadableFile as error:
            refusals += 1
            assert "\n" not in str(error)
    assert refusals > 5


def test_a_page_that_says_it_unpacks_to_much_ends_the_other_process(tmp_path, monkeypatch):
    """The limit of memory is the other process's; here nothing is read before it came through."""
    opened = []
    monkeypatch.setattr(parquet, "_opened", lambda *a: opened.append(a))
    path = tmp_path / "页.parquet"
    path.write_bytes(b"PAR1 no file")
    with pytest.raises(UnreadableFile):
        read_parquet(path, 20_000)
    assert opened == []
