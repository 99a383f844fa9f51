"""Backup and restore: one .zip with everything a ledger holds, readable without this program.

Inside: ``manifest.json`` (format, ledger id, head, SHA-256 of every member),
``forms/<form>.parquet`` (all rows ever handed in), ``submissions.parquet``,
``submission_events.parquet``, ``row_ends.parquet`` (which rows were replaced, by which submission),
``files/<sha256>`` (the originals). It does not depend on the kind of catalogue: a ledger on
PostgreSQL may be restored to SQLite and the other way round.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.border import json_of, opened_zip, utf8
from hengtan.basis.errors import LedgerTampered, UnreadableFile, Where
from hengtan.basis.whole_files import writing
from hengtan.basis.whole_folders import refuse_used, whole_folder
from hengtan.ledger import originals, profiles, rows
from hengtan.ledger.lake import Connection, StorageError, literal, quoted

if TYPE_CHECKING:
    from hengtan.ledger.readable import ReadableLedger

FORMAT = 1
ORDERS = {
    "submissions": "submission",
    "submission_events": "seq",
    "row_ends": "ended_by, submission, row",
}
MANIFEST = "manifest.json"
MAX_MANIFEST = 50_000_000
"""Bytes of a manifest: some hundred for each original."""
_MEMBER = re.compile(
    r"forms/[a-z][a-z0-9_]*\.parquet"
    r"|(submissions|submission_events|row_ends)\.parquet"
    r"|files/[0-9a-f]{64}"
)


def backup(
    ledger: ReadableLedger, file: Path, beside: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Write the archive (whole or not at all) of one consistent state; returns its manifest.

    ``beside`` is called while nobody can write to the ledger: what it copies is of the same state.
    """
    with (
        writing(file) as written,
        tempfile.TemporaryDirectory(prefix="hengtan-backup-") as work,
        ledger.lake.writing(),
    ):
        beside()
        tables = ledger.lake.reading(lambda cur: _copy_tables(ledger, cur, Path(work)))
        state = ledger.current()
        members = {name: Path(work) / name for name in tables}
        shas = {r.file_sha256 for r in state.records.values() if r.file_sha256}
        shas |= set(ledger.lake.reading(partial(profiles.files, ledger.lake)))
        for sha in sorted(shas):
            members[f"{originals.FOLDER}/{sha}"] = originals.path_of(ledger.folder, sha)
        manifest = {
            "format": FORMAT,
            "ledger": ledger.about["id"],
            "head": state.head,
            "entries": len(state.events),
            "submissions": len(state.records),
            "rows": tables,
            "sha256": {},
        }
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, path in members.items():
                manifest["sha256"][name] = _add(archive, name, path)
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def restore(file: Path, folder: Path, create: Callable[[Path, str], ReadableLedger]) -> None:
    """Build the ledger in ``folder`` (absent or empty) from an archive; whole or not at all.

    ``create`` makes an empty ledger in a folder under an id.
    """
    refuse_used(folder)
    with (
        whole_folder(folder) as staged,
        tempfile.TemporaryDirectory(prefix="hengtan-restore-") as work,
    ):
        manifest = _unpack(file, Path(work), staged / originals.FOLDER)
        ledger = create(staged, manifest["ledger"])
        try:
            _fill(ledger, Path(work), manifest, file)
            bad = ledger.verify(head=manifest["head"])
            if bad or ledger.head() != manifest["head"]:
                raise LedgerTampered(
                    f"备份中的台账未通过校验（{len(bad)} 处）",
                    f"the ledger in the backup fails verification ({len(bad)} findings)",
                    where=Where(file=file.name),
                    findings=bad,
                    todo="请换一份备份",
                    todo_en="use another backup",
                )
        except BaseException:
            ledger.lake.drop_schema()
            raise
        finally:
            ledger.close()


def _copy_tables(ledger: ReadableLedger, cur: Connection, work: Path) -> dict[str, int]:
    """Every table as one Parquet file under ``work``; names and numbers of rows."""
    (work / "forms").mkdir()
    result = {}
    for table in ledger.lake.tables(cur):
        name = f"{table}.parquet" if table in rows.REGISTERS else f"forms/{table}.parquet"
        order = ORDERS.get(table, "_submission, _row")
        try:
            cur.execute(
                f"copy (select * from lake.main.{quoted(table)} order by {order}) "
                f"to {literal((work / name).as_posix())} (format parquet, compression zstd)"
            )
            result[name] = int(
                cur.execute(f"select count(*) from lake.main.{quoted(table)}").fetchall()[0][0]
            )
        except StorageError as e:
            raise LedgerTampered(
                f"“{table}”无法读取：{str(e).splitlines()[0]}",
                f"{table!r} cannot be read: {str(e).splitlines()[0]}",
                todo="请运行 hengtan verify",
                todo_en="run hengtan verify",
            ) from None
    return result


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as stream, archive.open(name, "w", force_zip64=True) as out:
            while block := stream.read(1 << 20):
                digest.update(block)
                out.write(block)
    except FileNotFoundError:
        raise LedgerTampered(
            f"原始文件 {path} 丢失",
            f"the original {path} is missing",
            todo="请运行 hengtan verify",
            todo_en="run hengtan verify",
        ) from None
    if name.startswith(f"{originals.FOLDER}/") and not name.endswith(digest.hexdigest()):
        raise LedgerTampered(
            f"原始文件 {path} 被改动",
            f"the original {path} was changed",
            todo="请运行 hengtan verify",
            todo_en="run hengtan verify",
        )
    return digest.hexdigest()


def _unpack(file: Path, work: Path, files: Path) -> dict[str, Any]:
    """Check every member against the manifest and unpack it: tables to ``work``, originals to
    ``files``.
    """
    where = Where(file=file.name)
    with opened_zip(file, where) as archive:
        names = [name for name in archive.namelist() if name != MANIFEST]
        manifest = _manifest(archive, names, where)
        (work / "forms").mkdir()
        files.mkdir(parents=True)
        for name in names:
            is_original = name.startswith(f"{originals.FOLDER}/")
            target = files / Path(name).name if is_original else work / name
            digest = hashlib.sha256()
            with archive.open(name) as stream, open(target, "wb") as out:
                while block := stream.read(1 << 20):
                    digest.update(block)
                    out.write(block)
            if digest.hexdigest() != manifest["sha256"][name]:
                raise _refused(
                    f"备份中的 {name} 与清单的 SHA-256 不符",
                    f"{name} in the backup differs from its SHA-256 in the manifest",
                    where,
                )
    return manifest


def _refused(zh: str, en: str, where: Where) -> UnreadableFile:
    return UnreadableFile(zh, en, where=where, todo="请换一份备份", todo_en="use another backup")


def _manifest(archive: zipfile.ZipFile, names: list[str], where: Where) -> dict[str, Any]:
    """The manifest of a backup; it names the members of this archive and nothing else."""
    if MANIFEST not in archive.namelist() or archive.getinfo(MANIFEST).file_size > MAX_MANIFEST:
        raise _refused(
            "备份缺少可读的 manifest.json", "the backup has no readable manifest.json", where
        )
    manifest = json_of(utf8(archive.read(MANIFEST), where), where)
    if not _is_manifest(manifest):
        raise _refused(
            "备份由更新版本的衡碳写成或清单不完整",
            "the backup was written by a newer hengtan, or its manifest is incomplete",
            where,
        )
    bad = [name for name in names if not _MEMBER.fullmatch(name)]
    if bad:
        raise _refused(
            f"备份含有不应有的文件 {bad[0]!r}",
            f"the backup holds a file that does not belong there: {bad[0]!r}",
            where,
        )
    tables = [name for name in names if not name.startswith(f"{originals.FOLDER}/")]
    for claimed, present in ((manifest["sha256"], names), (manifest["rows"], tables)):
        if set(claimed) != set(present):
            odd = ascii(min(set(claimed) ^ set(present)))[:100]
            raise _refused(
                f"备份中的文件与清单不符：{odd}",
                f"the backup's files are not those of its manifest: {odd}",
                where,
            )
    return dict(manifest)


def _is_manifest(manifest: Any) -> bool:
    """Whether it has what a manifest of this format has, each of its kind."""
    if not isinstance(manifest, dict):
        return False
    edition, rows, digests = (manifest.get(name) for name in ("format", "rows", "sha256"))
    return (
        isinstance(edition, int)
        and edition <= FORMAT
        and re.fullmatch(r"[0-9A-Za-z-]{1,64}", str(manifest.get("ledger"))) is not None
        and isinstance(manifest.get("head"), str)
        and isinstance(rows, dict)
        and all(isinstance(count, int) for count in rows.values())
        and isinstance(digests, dict)
        and all(isinstance(digest, str) for digest in digests.values())
    )


def _fill(ledger: ReadableLedger, work: Path, manifest: dict[str, Any], file: Path) -> None:
    """All tables of the archive into an empty ledger, in one transaction."""
    with ledger.lake.writing() as cur:

        def write() -> None:
            for name in manifest["rows"]:
                table = Path(name).stem
                source = f"read_parquet({literal((work / name).as_posix())})"
                if table in rows.REGISTERS:
                    cur.execute(f"insert into lake.main.{table} by name select * from {source}")
                else:
                    cur.execute(f"create table lake.main.{quoted(table)} as select * from {source}")

        try:
            ledger.lake.commit(cur, "hengtan", f"restore {manifest['head']}", write)
        except StorageError as e:
            raise UnreadableFile(
                f"备份中的表无法读取：{str(e).splitlines()[0]}",
                f"a table in the backup cannot be read: {str(e).splitlines()[0]}",
                where=Where(file=file.name),
                todo="请换一份备份",
                todo_en="use another backup",
            ) from None
