"""Backup, restore, check and export of a workspace: the ledger with its settings, own packs, plans
with their decisions and editions, bulletins, assessments and cases; whole or not at all.
"""

from __future__ import annotations

import json
import re
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from hengtan.basis.border import json_file, opened_zip, refused
from hengtan.basis.errors import UnreadableFile, Where
from hengtan.basis.seal import sha256_of
from hengtan.basis.whole_files import writing
from hengtan.basis.whole_folders import refuse_used, scratch_beside, whole_folder
from hengtan.ledger import Ledger
from hengtan.packs.pack import open_folder
from hengtan.workspace.config import SETTINGS, Settings, read_settings
from hengtan.workspace.installation import Installation

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

LEDGER_PART, CONTENTS = "ledger.zip", "contents.json"
KEPT = ("packs", "plans", "bulletins", "assessments", "cases", "evidence")
"""Folders of a workspace that hold what people made; the rest can be made again."""


def back_up(workspace: Workspace, file: Path) -> str:
    """Write settings, the folders ``KEPT`` and the ledger's backup into one zip, with the digest of
    each file; returns the ledger's head.

    Written whole or not at all.
    """
    with scratch_beside(file) as scratch:
        part = scratch / LEDGER_PART
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
    refuse_used(folder)
    with whole_folder(folder) as staged:
        _unpack(file, staged)
        settings = read_settings(staged)
        _refuse_unopened(staged, settings)
        _refuse_altered(file, staged)
        part = staged / LEDGER_PART
        address = settings.catalogue_address()
        with closing(Ledger.restore(part, staged / "ledger", catalogue=address)) as ledger:
            head = ledger.head()
        part.unlink()
    return head


def _unpack(file: Path, to: Path) -> None:
    """The members of a backup.

    Raises UnreadableFile for a broken one, a swollen one, or a member of another kind.
    """
    where = Where(file.name)
    with opened_zip(file, where) as archive:
        names = archive.namelist()
        for name in names:
            if not _is_ours(name):
                raise refused("bad-member", ascii(name)[:100], where=where)
        for needed in (SETTINGS, LEDGER_PART):
            if needed not in names:
                raise refused("no-member", needed, where=where)
        for name in names:
            archive.extract(name, to)


def _refuse_altered(file: Path, folder: Path) -> None:
    """Raise UnreadableFile where a file is missing or not the one that was backed up; a backup of
    an older version has no digests.
    """
    listed = folder / CONTENTS
    if not listed.is_file():
        return
    contents = json_file(listed, Where(file.name))
    if not isinstance(contents, dict):
        raise refused("bad-member", CONTENTS, where=Where(file.name))
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
    parts = PurePosixPath(name).parts
    leads_out = name.startswith("/") or ".." in parts or re.search(r"[\\:\x00-\x1f]", name)
    kept = name in (LEDGER_PART, SETTINGS, CONTENTS) or parts[:1] in [(part,) for part in KEPT]
    return not leads_out and kept


def _refuse_unopened(folder: Path, settings: Settings) -> None:
    """Raises HengtanError where the settings and packs of an unpacked backup would not open."""
    installation = Installation(folder, settings)
    for own in installation.own_packs():
        if (own / "pack.yaml").is_file():
            open_folder(own)
    _ = installation.forms


def export(
    workspace: Workspace, to: Path, known_on: date | None, everything: bool
) -> dict[str, Any]:
    """Frozen Parquet of the effective rows with a manifest; with ``everything`` also the complete
    backup that ``restore`` reads.

    Returns the manifest.
    """
    if not everything:
        return workspace.ledger.freeze(to, known_on)
    refuse_used(to)
    with whole_folder(to) as staged:
        manifest = workspace.ledger.freeze(staged, known_on)
        back_up(workspace, staged / "workspace.zip")
    return manifest
