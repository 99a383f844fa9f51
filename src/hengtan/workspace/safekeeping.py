"""Backup, restore, check and export of a workspace: the ledger with its settings, own packs, plans
with their decisions and editions, bulletins, assessments and cases, people and their work; whole or
not at all.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from hengtan.basis.border import json_file, opened_zip, refused
from hengtan.basis.days import BEIJING
from hengtan.basis.errors import UnreadableFile, Where
from hengtan.basis.seal import sha256_of
from hengtan.basis.whole_files import write_json, writing
from hengtan.basis.whole_folders import ELSEWHERE, refuse_used, scratch_beside, whole_folder
from hengtan.ledger import Ledger
from hengtan.packs.pack import open_folder
from hengtan.workspace import people_tables, restoring_on_servers
from hengtan.workspace.config import SETTINGS, Settings, read_settings, write_settings
from hengtan.workspace.installation import Installation
from hengtan.workspace.people_tables import BEFORE, WAITING

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

LEDGER_PART, CONTENTS = "ledger.zip", "contents.json"
NOTED = ".last_backup.json"
"""When the workspace was backed up last; it does not go into the backup."""
KEPT = ("packs", "plans", "bulletins", "assessments", "cases", "publications", "evidence")
"""Folders of a workspace that hold what people made; the rest can be made again."""
WORK, WORK_FILE, RESULTS = "work", "app.sqlite", "jobs"
"""The folder of people and their work, its database where no server keeps it, and what jobs made,
which stays behind (backups are among it).
"""


def back_up(workspace: Workspace, file: Path) -> str:
    """Write settings, the folders ``KEPT``, people and their work, and the ledger's backup into one
    zip, with the digest of each file; returns the ledger's head.

    All of one moment, at which nobody could write to the ledger; whole or not at all.
    """
    with scratch_beside(file) as scratch:
        part, beside = scratch / LEDGER_PART, scratch / "beside"
        if not workspace.ledger.read_only:
            workspace.ledger.sweep()
        began = datetime.now(BEIJING)
        head = workspace.ledger.backup(part, lambda: _copy_beside(workspace, beside))["head"]
        with writing(file) as whole, zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
            archive.write(part, LEDGER_PART)
            contents = {}
            for path in sorted(path for path in beside.rglob("*") if path.is_file()):
                name = path.relative_to(beside).as_posix()
                content = path.read_bytes()
                archive.writestr(name, content, compress_type=zipfile.ZIP_DEFLATED)
                contents[name] = sha256_of(content)
            archive.writestr(CONTENTS, json.dumps(contents, ensure_ascii=False, indent=1))
    with suppress(OSError):  # a copy that cannot be written
        write_json(workspace.folder / NOTED, {"at": began.isoformat(), "head": head})
    return str(head)


@dataclass(frozen=True)
class Noted:
    """When a workspace was backed up last, and the ledger's head in that backup."""

    at: datetime
    head: str


def last_backup(workspace: Workspace) -> Noted | None:
    """The last backup that was made of a workspace in its folder; None where none is noted."""
    try:
        noted = json.loads((workspace.folder / NOTED).read_text(encoding="utf-8"))
        return Noted(datetime.fromisoformat(noted["at"]), str(noted["head"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _copy_beside(workspace: Workspace, to: Path) -> None:
    """What stands beside the ledger, as it is now."""
    to.mkdir()
    _copy_work(workspace, to / WORK)
    for path in _own_files(workspace.folder):
        copy = to / path.relative_to(workspace.folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def _copy_work(workspace: Workspace, to: Path) -> None:
    """People and their work as they are now: the database through its own engine, so that nothing
    on its way is lost, and the files beside it. The secret that signs sessions stays behind: after
    a restoration everybody signs in anew.
    """
    work, address = workspace.folder / WORK, workspace.settings.catalogue_address()
    to.mkdir()
    if address is not None:
        people_tables.copy_out(
            address, people_tables.schema_of(workspace.ledger.about), to / WAITING
        )
    elif (work / WORK_FILE).is_file():
        with closing(sqlite3.connect(f"{(work / WORK_FILE).as_uri()}?mode=ro", uri=True)) as store:
            store.execute("vacuum into ?", [str(to / WORK_FILE)])
    for folder in (path for path in work.glob("*") if path.is_dir()):
        if folder.name not in (RESULTS, WAITING) and not folder.name.startswith(BEFORE):
            shutil.copytree(folder, to / folder.name)


def _own_files(folder: Path) -> list[Path]:
    """Settings and all files of the folders ``KEPT``, less what a writer at work hides."""
    files = [folder / SETTINGS]
    for part in KEPT:
        for path in sorted((folder / part).rglob("*")):
            hidden = any(name.startswith(".") for name in path.relative_to(folder).parts)
            if path.is_file() and not hidden:
                files.append(path)
    return files


def restore(
    file: Path,
    folder: Path,
    *,
    catalogue: str | None = None,
    settle: Callable[[Path, Ledger], None] = lambda home, ledger: None,
) -> str:
    """Rebuild a workspace from a backup in a new or empty folder; returns the head.

    ``catalogue``: the environment variable with the address of the server that is to hold it, blank
    for none; None as in the backup. ``settle`` is called with the folder and its ledger where there
    are people, to take in what waits (``people_tables``); without it the next start does.

    Raises HengtanError; nothing half written.
    """
    refuse_used(folder)
    with ExitStack() as until_in_place:
        with whole_folder(folder) as staged:
            _unpack(file, staged)
            settings = read_settings(staged)
            _refuse_unopened(staged, settings)
            _refuse_altered(file, staged)
            if catalogue is not None:
                settings = replace(settings, catalogue=catalogue)
                write_settings(staged, settings)
            address = settings.catalogue_address()
            if address is not None:
                restoring_on_servers.clear(address, folder.parent)
            schema = until_in_place.enter_context(restoring_on_servers.restoring(address))
            with restoring_on_servers.noted(address, staged, schema):
                head = _fill(staged, address, schema, settle)
        (folder / ELSEWHERE).unlink(missing_ok=True)
    return head


def _fill(
    staged: Path,
    address: str | None,
    schema: str | None,
    settle: Callable[[Path, Ledger], None],
) -> str:
    """The ledger of an unpacked backup, and people where they are to be kept; gives the head."""
    part = staged / LEDGER_PART
    with closing(Ledger.restore(part, staged / "ledger", address, schema)) as ledger:
        part.unlink()
        _close_to_others(staged / WORK)
        if (staged / WORK).is_dir():
            file, waiting = staged / WORK / WORK_FILE, staged / WORK / WAITING
            if address is not None and file.is_file():
                waiting.mkdir(mode=0o700)
                file.rename(waiting / WORK_FILE)
            settle(staged, ledger)
        return ledger.head()


def _close_to_others(work: Path) -> None:
    """The rights of the folder of people's work: its owner's."""
    if work.is_dir():
        work.chmod(0o700)
        for path in work.glob(f"{WORK_FILE}*"):
            path.chmod(0o600)


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
    folders = [(part,) for part in (*KEPT, WORK)]
    kept = name in (LEDGER_PART, SETTINGS, CONTENTS) or parts[:1] in folders
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
