"""An account worked out over a frozen export, by DuckDB or by Spark, its rows as Parquet with a
manifest: what is too large for one machine runs on a cluster, by the same accounts.

Only the forms that the account rests on are frozen. The folder must be on storage that every
worker of the engine reads.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.seal import sha256_of
from hengtan.basis.whole_folders import refuse_used, whole_folder
from hengtan.workspace.tables import frozen_graph

if TYPE_CHECKING:
    from hengtan.workspace.asof import AsOf
    from hengtan.workspace.workspace import Workspace

FORMAT = 1
INPUTS, ROWS, MANIFEST = "inputs", "rows", "manifest.json"
DUCKDB = "duckdb"
_ADDRESS = re.compile(r"spark(?::(?P<local>local(?:\[(?:\d+|\*)\])?)|(?P<remote>://[\w.\-]+:\d+))?")
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}
"""What accounts rest on: errors instead of silent nulls, and one time zone."""
_ON_THIS_MACHINE = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "4g",
    "spark.sql.shuffle.partitions": "8",
}

Tell = Callable[[float, str], None]


@dataclass(frozen=True)
class EngineAddress:
    """Which engine works an account out: ``duckdb``, ``spark`` on this machine (``spark:local[2]``
    with two workers), or ``spark://host:port``.
    """

    text: str
    master: str | None
    """What Spark calls its master; None for DuckDB."""

    @classmethod
    def read(cls, text: str) -> EngineAddress:
        """An address as it is typed. Raises HengtanError for any other text."""
        if text == DUCKDB:
            return cls(text, None)
        match = _ADDRESS.fullmatch(text)
        if match is None:
            raise HengtanError(
                f"没有计算引擎“{text}”",
                f"there is no engine '{text}'",
                todo="写 duckdb、spark、spark:local[2] 或 spark://主机:端口",
                todo_en="write duckdb, spark, spark:local[2] or spark://host:port",
            )
        return cls(text, text if match["remote"] else match["local"] or "local[*]")

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine."""
        return self.master is None or self.master.startswith("local")


@contextmanager
def engine_at(address: EngineAddress) -> Iterator[Any]:
    """An Ibis backend of that engine, ended with the block.

    Raises HengtanError where Spark or Java is not installed, or the master cannot be reached.
    """
    import ibis

    if address.master is None:
        backend = ibis.duckdb.connect()
        try:
            yield backend
        finally:
            backend.disconnect()
        return
    session = _session(address)
    try:
        yield ibis.pyspark.connect(session)
    finally:
        session.stop()


def _session(address: EngineAddress) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise HengtanError(
            "没有安装 Spark",
            "Spark is not installed",
            todo="pip install hengtan[spark]，并安装 Java 17",
            todo_en="pip install hengtan[spark], and install Java 17",
        ) from None
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise HengtanError(
            "没有找到 Java，Spark 无法启动",
            "Java is not there, so that Spark cannot start",
            todo="安装 Java 17，或设置 JAVA_HOME",
            todo_en="install Java 17, or set JAVA_HOME",
        )
    settings = _SETTINGS | (_ON_THIS_MACHINE if address.is_here else {})
    builder = SparkSession.builder.appName("hengtan").master(str(address.master))
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # whatever its Java says
        reason = str(error).splitlines()[0]
        raise HengtanError(
            f"Spark（{address.text}）无法启动：{reason}",
            f"Spark ({address.text}) cannot be started: {reason}",
            todo="检查主机、端口和 Java",
            todo_en="check host, port and Java",
        ) from error


def work_out(
    workspace: Workspace,
    name: str,
    as_of: AsOf,
    address: EngineAddress,
    folder: Path,
    tell: Tell = lambda share, text: None,
) -> dict[str, Any]:
    """Work an account, a form or a pack table out over a frozen export, into ``folder`` (absent or
    empty), whole or not at all; gives the manifest.

    ``inputs/`` has the frozen forms and pack tables, ``rows/`` the Parquet files of the result.
    ``tell`` hears how far it is, from 0 to 1. Raises UnknownAccount, HengtanError.
    """
    refuse_used(folder)
    graph = workspace.graph(as_of)
    graph.refuse_unknown(name)
    needed = graph.tables_under(name)
    with engine_at(address) as engine, whole_folder(folder) as staged:
        tell(0.05, f"冻结 {len(needed & set(workspace.forms))} 张报表")
        there = frozen_graph(workspace, as_of, engine, staged / INPUTS, needed)
        steps = there.steps_to(name)
        for done, account in enumerate(steps):
            tell(0.2 + 0.6 * done / len(steps), f"{account}（{done + 1}/{len(steps)}）")
            there.table(account)
        tell(0.8, "写出结果")
        _write(there.table(name), staged / ROWS)
        manifest = _manifest(name, there, as_of, address, staged)
        there.close()
        tell(1.0, f"{manifest['rows']} 行")
    return manifest


def _write(table: Any, folder: Path) -> None:
    """The rows as Parquet files, by the engine itself: one of DuckDB, one a partition of Spark."""
    if table.get_backend().name == "pyspark":
        table.to_parquet_dir(folder)
        for beside in [*folder.glob(".*"), *folder.glob("_*")]:
            beside.unlink()  # checksums and marks of its own
        return
    folder.mkdir()
    table.to_parquet(folder / "part-0.parquet")


def _manifest(
    name: str, graph: Any, as_of: AsOf, address: EngineAddress, folder: Path
) -> dict[str, Any]:
    """What was worked out, of what and by what, beside the SHA-256 of every file."""
    import pyarrow.parquet as pq

    frozen = json.loads((folder / INPUTS / "ledger" / MANIFEST).read_text(encoding="utf-8"))
    files = sorted((folder / ROWS).glob("*.parquet"))
    about = graph.accounts().get(name)
    schema = pq.read_schema(files[0]) if files else graph.table(name).schema().to_pyarrow()
    manifest = {
        "format": FORMAT,
        "table": name,
        "key": list(about.key) if about else [],
        "unit": about.unit if about else None,
        "engine": address.text,
        "ledger": frozen["ledger"],
        "head": frozen["head"],
        "known_on": frozen["known_on"],
        "judged_on": as_of.judged_on.isoformat(),
        "values_to": as_of.values_to.isoformat(),
        "options": dict(as_of.options),
        "rows": sum(pq.read_metadata(file).num_rows for file in files),
        "schema": [{"name": field.name, "type": str(field.type)} for field in schema],
        "files": [
            {"file": file.relative_to(folder).as_posix(), "sha256": sha256_of(file)}
            for file in files
        ],
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return manifest
