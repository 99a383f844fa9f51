"""An account over a frozen export: the rows of the ledger's own engine, as Parquet with a
manifest.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from hengtan.basis.errors import HengtanError, UnknownAccount
from hengtan.workspace.asof import AsOf
from hengtan.workspace.engines import EngineAddress, work_out

DUCKDB = EngineAddress.read("duckdb")
DAY = AsOf(date(2026, 11, 25))


def rows_in(folder: Path, key: str) -> list[dict[str, object]]:
    table: pa.Table = ds.dataset(folder / "rows").to_table()
    return sorted(table.to_pylist(), key=lambda row: str(row[key]))


def test_the_rows_are_those_of_the_ledger(demo, tmp_path):
    manifest = work_out(demo, "plan_targets", DAY, DUCKDB, tmp_path / "out")
    here = sorted(demo.execute("plan_targets", DAY).to_pylist(), key=lambda r: r["target_id"])
    assert rows_in(tmp_path / "out", "target_id") == here
    assert manifest["rows"] == len(here) == 67


def test_the_manifest_names_what_it_comes_from(demo, tmp_path):
    """The head of the chain, the day, the key, and the SHA-256 of every file."""
    shares = []
    work_out(demo, "plan_values", DAY, DUCKDB, tmp_path / "out", lambda s, t: shares.append(s))
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["head"] == demo.ledger.head()
    assert manifest["judged_on"] == DAY.judged_on.isoformat()
    assert manifest["key"] == list(demo.graph(DAY).accounts()["plan_values"].key)
    for about in manifest["files"]:
        content = (tmp_path / "out" / about["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == about["sha256"]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_only_what_the_account_rests_on_is_frozen(demo, tmp_path):
    """The pack table of targets rests on itself: no form is written."""
    work_out(demo, "targets", DAY, DUCKDB, tmp_path / "out")
    frozen = json.loads((tmp_path / "out/inputs/ledger/manifest.json").read_text(encoding="utf-8"))
    assert frozen["forms"] == {}
    assert [f.name for f in (tmp_path / "out/inputs/tables").iterdir()] == ["targets.parquet"]


@pytest.mark.parametrize("text", ["spork", "spark:local[x]", "spark://", "spark://h;rm:1", ""])
def test_an_address_that_is_none_is_refused(text):
    with pytest.raises(HengtanError, match="没有计算引擎"):
        EngineAddress.read(text)


def test_a_folder_that_holds_something_is_left_alone(demo, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(HengtanError):
        work_out(demo, "targets", DAY, DUCKDB, tmp_path)
    assert [f.name for f in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_table_leaves_nothing(demo, tmp_path):
    with pytest.raises(UnknownAccount, match="plan_targets"):
        work_out(demo, "plan_target", DAY, DUCKDB, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_spark_that_is_not_installed_is_said_in_one_line(demo, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(HengtanError, match=r"pip install hengtan\[spark\]"):
        work_out(demo, "targets", DAY, EngineAddress.read("spark"), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.spark
@pytest.mark.slow
def test_spark_writes_the_same_rows(demo, tmp_path):
    """One worker on this machine; required where ``HENGTAN_REQUIRE`` names ``spark``."""
    required = "spark" in os.environ.get("HENGTAN_REQUIRE", "").split(",")
    if not required:
        pytest.importorskip("pyspark")
        if not shutil.which("java"):
            pytest.skip("Java is not installed")
    address = EngineAddress.read("spark:local[1]")
    manifest = work_out(demo, "plan_targets", DAY, address, tmp_path / "out")
    here = sorted(demo.execute("plan_targets", DAY).to_pylist(), key=lambda r: r["target_id"])
    assert rows_in(tmp_path / "out", "target_id") == here
    assert (manifest["engine"], manifest["rows"]) == ("spark:local[1]", 67)
