"""Backup, restore, check and export of a workspace: the ledger with its settings, own packs, plans
with their decisions and editions, bulletins, assessments and cases; whole or not at all.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError, UnreadableFile, Where
from hengtan.basis.seal import sha256_of
from hengtan.basis.whole_files import writing
from hengtan.ledger import Ledger
from hengtan.workspace.config import SETTINGS, read_settings

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

LEDGER_PART, CONTENTS = "ledger.zip", "contents.json"
KEPT = ("packs", "plans", "bulletins", "assessments", "cases")
"""Folders of a workspace that hold what people made; the rest can be made again."""


def back_up(workspace: Workspace, file: Path) -> str:
    """Write settings, the folders ``KEPT`` and the ledger's backup into one zip, with the digest of
    each file; returns the ledger's head.

    Written whole or not at all.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as scratch:
        part = Path(scratch) / LEDGER_PART
        if not workspace.ledger.read_only:
            workspace.ledger.sweep()
        workspace.ledger.backup(part)
        with writing(file) as whole, zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
            archive.write(part, LEDGER_PART)
            contents = {}
            for path in _own_files(workspace.folder):
                name = path.relative_to(workspace.folder).as_posix()
                content = path.read_bytes()
                archive.writestr(name, content, compress_type=zipfile.ZIP_DEFLATED)
                contents[name] = sha256_of(content)
            archive.writestr(CONTENTS, json.dumps(contents, ensure_ascii=False, indent=1))
    return workspace.ledger.head()


def _own_files(folder: Path) -> list[Path]:
    """Settings and all files of the folders ``KEPT``, less what a writer at work hides."""
    files = [folder / SETTINGS]
    for part in KEPT:
        for path in sorted((folder / part).rglob("*")):
            hidden = any(name.startswith(".") for name in path.relative_to(folder).parts)
            if path.is_file() and not hidden:
                files.append(path)
    return files


def restore(file: Path, folder: Path) -> str:
    """Rebuild a workspace from a backup in a new or empty folder; returns the head.

    Raises HengtanError; nothing half written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise HengtanError(
            f"文件夹“{folder}”不是空的",
            f"folder '{folder}' is not empty",
            todo="换一个新文件夹",
            todo_en="choose a new folder",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        staged = Path(scratch) / "workspace"
        staged.mkdir()
        _unpack(file, staged)
        _refuse_altered(file, staged)
        settings = read_settings(staged)
        part = staged / LEDGER_PART
        address = settings.catalogue_address()
        with closing(Ledger.restore(part, staged / "ledger", catalogue=address)) as ledger:
            head = ledger.head()
        part.unlink()
        if folder.exists():
            folder.rmdir()
        shutil.move(str(staged), folder)
    return head


def _unpack(file: Path, to: Path) -> None:
    """The members of a backup.

    Raises UnreadableFile for a broken one or a member of another kind.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                if not _is_ours(name):
                    raise UnreadableFile(
                        "备份包内含不该有的文件",
                        f"unexpected member {name!r}",
                        where=Where(file.name),
                        todo="换用 hengtan backup 写出的文件",
                        todo_en="use a file made by hengtan backup",
                    )
                archive.extract(name, to)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise UnreadableFile(
            "备份文件无法读取",
            f"backup cannot be read: {error}",
            where=Where(file.name),
            todo="检查文件是否完整",
            todo_en="check the file",
        ) from error


def _refuse_altered(file: Path, folder: Path) -> None:
    """Raise UnreadableFile where a file is missing or not the one that was backed up; a backup of
    an older version has no digests.
    """
    listed = folder / CONTENTS
    if not listed.is_file():
        return
    contents = json.loads(listed.read_text(encoding="utf-8"))
    listed.unlink()
    for name, digest in contents.items():
        path = folder / name
        if not _is_ours(name) or not path.is_file() or sha256_of(path) != digest:
            raise UnreadableFile(
                f"备份中的文件“{name}”缺失或被改动",
                f"file {name!r} of the backup is missing or was changed",
                where=Where(file.name),
                todo="换一份备份",
                todo_en="use another backup",
            )


def _is_ours(name: str) -> bool:
    """Whether a backup may hold a member of this name: ledger, settings, digests, or a file of a
    folder that is kept.
    """
    path = PurePosixPath(name)
    leads_out = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name
    return not leads_out and (name in (LEDGER_PART, SETTINGS, CONTENTS) or path.parts[0] in KEPT)


def export(
    workspace: Workspace, to: Path, known_on: date | None, everything: bool
) -> dict[str, Any]:
    """Frozen Parquet of the effective rows with a manifest; with ``everything`` also the complete
    backup that ``restore`` reads.

    Returns the manifest.
    """
    manifest = workspace.ledger.freeze(to, known_on)
    if everything:
        back_up(workspace, to / "workspace.zip")
    if isinstance(manifest, dict):
        return manifest
    return dict(json.loads((to / "manifest.json").read_text(encoding="utf-8")))
