"""What a process that reads strangers' files answers is data: it runs nothing in the one that asks,
whatever took the process over.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import struct
import time
from pathlib import Path

import pyarrow as pa
import pytest

from hengtan.basis import apart
from hengtan.basis.errors import Finding, HengtanError, ImportRejected, UnreadableFile, Where
from hengtan.ledger.reading.grid import Grid


class Runs:
    """Whoever unpickles this makes a folder."""

    def __init__(self, marker: str) -> None:
        self.marker = marker

    def __reduce__(self):
        return os.mkdir, (self.marker,)


def answers_with(content: bytes) -> None:
    """Write to every pipe of this process, and end it."""
    for handle in range(1, 30):
        try:
            os.write(handle, content)
        except OSError:
            continue
    os._exit(0)


def sends_a_pickle(path: Path, marker: str) -> None:
    text = pickle.dumps(("answer", Runs(marker)))
    answers_with(struct.pack("<Q", len(text)) + text)


def names_a_function(path: Path, marker: str) -> None:
    """A refusal whose kind is no kind of refusal."""
    fields = dict.fromkeys(("zh", "en", "todo", "todo_en"), marker)
    said = ["refusal", {"name": "asdict", **fields, "where": None, "findings": []}]
    text = json.dumps(said).encode()
    answers_with(struct.pack("<QQ", len(text) + 8, len(text)) + text)


def says_it_is_endless(path: Path, marker: str) -> None:
    answers_with(struct.pack("<Q", 2**63))


def points_beyond_its_answer(path: Path, marker: str) -> None:
    text = json.dumps(["answer", {"block": [5, 10**12]}]).encode()
    answers_with(struct.pack("<QQ", len(text) + 8, len(text)) + text)


def nests_deep(path: Path, marker: str) -> None:
    text = b"[" * 200_000
    answers_with(struct.pack("<QQ", len(text) + 8, len(text)) + text)


def refuses(path: Path, *arguments: object) -> None:
    findings = [Finding("error", "甲", "a")]
    where = Where(path.name, "表", 3, "列")
    raise ImportRejected("不行", "no", where=where, todo="改", todo_en="mend", findings=findings)


def gives(path: Path, *arguments: object) -> list[object]:
    return [path.name, arguments, None, True, 1.5, "\ud800", {"b": b"\x00\xff"}, b""]


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Ask a reader of this file in a process of its own."""
    monkeypatch.syspath_prepend(os.path.dirname(__file__))
    monkeypatch.setattr(apart, "_idle", [])
    path = tmp_path / "甲.xls"
    path.write_bytes(b"x")
    return lambda reader, *more: apart.read_apart(f"test_apart:{reader.__name__}", path, *more)


@pytest.mark.parametrize(
    "reader",
    [sends_a_pickle, names_a_function, says_it_is_endless, points_beyond_its_answer, nests_deep],
)
def test_a_process_that_was_taken_over_runs_nothing_here(asked, tmp_path, reader):
    started = time.monotonic()
    with pytest.raises(UnreadableFile) as refused:
        asked(reader, str(tmp_path / "marker"))
    assert "甲.xls" in str(refused.value) and not (tmp_path / "marker").exists()
    assert time.monotonic() - started < 60 and apart._idle == []


def test_a_pickle_would_have_run(tmp_path):
    """The trap of the test above is one."""
    pickle.loads(pickle.dumps(Runs(str(tmp_path / "marker"))))
    assert (tmp_path / "marker").is_dir()


def test_a_refusal_comes_back_as_it_was_raised(asked):
    with pytest.raises(ImportRejected) as here:
        refuses(Path("甲.xls"))
    with pytest.raises(ImportRejected) as there:
        asked(refuses)
    assert str(there.value) == str(here.value)
    assert there.value.findings == here.value.findings and there.value.where == here.value.where


def test_an_answer_comes_back_with_its_bytes(asked):
    name, arguments, *rest, blocks, nothing = asked(gives, "乙", 7)
    assert (name, arguments) == ("甲.xls", ["乙", 7]) and rest == [None, True, 1.5, "\ud800"]
    assert bytes(blocks["b"]) == b"\x00\xff" and bytes(nothing) == b""


def test_no_change_of_an_answer_is_an_internal_error():
    """2,000 answers with bytes changed, cut off or put in: an answer, a refusal, or an end."""
    content, chance = bytearray(apart._told("answer", gives(Path("甲"), "乙"))), random.Random(15)
    for _ in range(2_000):
        changed = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(changed))
            changed[place : place + chance.randint(0, 2)] = chance.randbytes(chance.randint(0, 2))
        kind, answer = apart._said(bytes(changed))
        assert isinstance(kind, str) and not isinstance(answer, HengtanError)


def sheet(**changes: object) -> dict[str, object]:
    grid = Grid("表", [pa.array(["甲", "", "乙丙"]), pa.array(["1", "2", "3"])], [(0, 0, 1, 1)])
    return {**with_bytes(grid.packed()), **changes}


def with_bytes(said: dict[str, object]) -> dict[str, object]:
    return {**said, "columns": [[bytes(block) for block in c] for c in said["columns"]]}


def ends(*places: int) -> bytes:
    return struct.pack(f"<{len(places)}i", *places)


def test_a_grid_comes_back_as_it_was():
    grid = Grid.unpacked(sheet())
    assert grid.head(5) == [["甲", "1"], ["", "2"], ["乙丙", "3"]]
    assert (grid.name, grid.merges, grid.hidden) == ("表", [(0, 0, 1, 1)], False)
    assert Grid.unpacked(with_bytes(Grid("空", [pa.array([], pa.string())]).packed())).height == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": -1},
        {"rows": 10**9},
        {"rows": 40},
        {"rows": "三"},
        {"columns": [[ends(0, 3, 3, 900), b"abcdef"]]},
        {"columns": [[ends(0, 5, 2, 6), b"abcdef"]]},
        {"columns": [[ends(-8, 0, 3, 6), b"abcdef"]]},
        {"columns": [[ends(0, 1, 2, 3), b"\xff\xfe\xfd"]]},
        {"columns": [[ends(0, 1), b"a"]]},
        {"columns": [["text", "text"]]},
        {"columns": 5},
        {"merges": [[1, 2, 3]]},
        {"hidden_rows": 7},
        {"name": None, "merges": None},
    ],
)
def test_what_is_no_grid_is_refused(wrong):
    with pytest.raises((ValueError, TypeError, LookupError, AttributeError)):
        Grid.unpacked(sheet(**wrong))
