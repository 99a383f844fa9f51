"""Backup, restore and export of a workspace: the ledger with its settings and own packs, whole or
not at all.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from hengtan.basis.border import opened_zip, refused
from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.whole_files import writing
from hengtan.ledger import Ledger
from hengtan.packs.pack import open_folder
from hengtan.workspace.config import SETTINGS, Settings, read_settings
from hengtan.workspace.installation import Installation

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

LEDGER_PART = "ledger.zip"


def back_up(workspace: Workspace, file: Path) -> str:
    """Write settings, own packs and the ledger's backup into one zip; returns the ledger's head.

    Written whole or not at all.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as scratch:
        part = Path(scratch) / LEDGER_PART
        workspace.ledger.sweep()
        workspace.ledger.backup(part)
        with writing(file) as whole, zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
            archive.write(part, LEDGER_PART)
            archive.write(workspace.folder / SETTINGS, SETTINGS)
            for path in sorted((workspace.folder / "packs").rglob("*")):
                if path.is_file():
                    archive.write(
                        path,
                        path.relative_to(workspace.folder).as_posix(),
                        compress_type=zipfile.ZIP_DEFLATED,
                    )
    return workspace.ledger.head()


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
        settings = read_settings(staged)
        _refuse_unopened(staged, settings)
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


def _is_ours(name: str) -> bool:
    """Whether a backup may hold a member of this name: ledger, settings, or a file under packs/."""
    parts = PurePosixPath(name).parts
    leads_out = name.startswith("/") or ".." in parts or re.search(r"[\\:\x00-\x1f]", name)
    return not leads_out and (name in (LEDGER_PART, SETTINGS) or parts[:1] == ("packs",))


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
    manifest = workspace.ledger.freeze(to, known_on)
    if everything:
        back_up(workspace, to / "workspace.zip")
    if isinstance(manifest, dict):
        return manifest
    return dict(json.loads((to / "manifest.json").read_text(encoding="utf-8")))
