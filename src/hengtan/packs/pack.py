"""A pack: a folder of cited tables and forms that may extend another pack (wulong → chongqing →
cn).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from hengtan.basis.border import checked_id, csv_rows, yaml_mapping
from hengtan.basis.errors import Finding, HengtanError, PackError, UnreadableFile, Where
from hengtan.basis.notebook import html_table
from hengtan.basis.place import PlaceTree
from hengtan.basis.problem import Problem
from hengtan.packs.schema import TableSchema, problem_of, schemas

Row = dict[str, Any]


@dataclass(frozen=True)
class PackFolder:
    """One folder: its id, what it extends, its region and the day its facts were checked."""

    id: str
    folder: Path
    title_zh: str
    title_en: str
    extends: str | None
    region: str | None
    edition: str
    checked_on: date | None

    def files(self) -> list[Path]:
        """All files of the folder in a fixed order."""
        return sorted(
            p for p in self.folder.rglob("*") if p.is_file() and p.suffix in (".csv", ".yaml")
        )


class Pack:
    """A chain of pack folders read as one.

    A row of a child replaces the parent's row of the same key.
    """

    def __init__(self, folders: Sequence[PackFolder]) -> None:
        self.folders = tuple(folders)
        self._rows: dict[str, list[Row]] = {}

    @property
    def id(self) -> str:
        """The id of the pack on top of the chain."""
        return self.folders[0].id

    @property
    def chain(self) -> tuple[str, ...]:
        """Ids from this pack to the one it rests on."""
        return tuple(folder.id for folder in self.folders)

    @property
    def region(self) -> str | None:
        """The place the pack is for: the first one stated along the chain."""
        return next((folder.region for folder in self.folders if folder.region), None)

    @cached_property
    def version(self) -> str:
        """SHA-256 over names and contents of all files of the chain, whatever their line ends."""
        digest = hashlib.sha256()
        for folder in self.folders:
            contents = _shipped_contents(folder) if ships(folder) else _contents(folder)
            for name, content in contents:
                digest.update(f"{folder.id}/{name}\0".encode())
                digest.update(content)
        return digest.hexdigest()

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, typed, each with ``_pack``, ``_file`` and ``_row``.

        Raises PackError at the first bad cell.
        """
        if table not in self._rows:
            findings: list[Finding] = []
            self._rows[table] = self.read(table, findings)
            if findings:
                raise PackError.of(findings)
        return self._rows[table]

    def read(self, table: str, findings: list[Finding]) -> list[Row]:
        """The rows of a table; every bad cell adds a finding.

        Raises PackError for a table that no schema knows.
        """
        if table not in schemas():
            raise problem_of("no-table", table).error(PackError)
        schema = schemas()[table]
        by_key: dict[tuple[Any, ...], Row] = {}
        for folder in reversed(self.folders):
            for row in _rows_of_folder(folder, schema, findings):
                by_key[tuple(row.get(k) for k in schema.key)] = row
        return list(by_key.values())

    def places(self) -> PlaceTree:
        """The place tree of the chain."""
        return self._places

    @cached_property
    def _places(self) -> PlaceTree:
        return PlaceTree.from_rows(self.rows("places"))

    def forms(self) -> dict[str, dict[str, Any]]:
        """The forms of the chain by id; a child's form of the same id replaces the parent's."""
        forms: dict[str, dict[str, Any]] = {}
        for folder in reversed(self.folders):
            for form in read_forms(folder):
                forms[str(form.get("id"))] = form
        return forms

    def form_ids(self) -> set[str]:
        """The ids of the forms of the chain."""
        return {str(form.get("id")) for folder in self.folders for form in _forms_of(folder)}

    def case_files(self) -> dict[str, dict[str, Any]]:
        """The kinds of case files of the chain by id; a child's of the same id replaces the
        parent's.
        """
        kinds: dict[str, dict[str, Any]] = {}
        for folder in reversed(self.folders):
            of_folder = _shipped_case_files(folder) if ships(folder) else read_case_files(folder)
            kinds |= {str(kind.get("id")): kind for kind in of_folder}
        return kinds

    def __repr__(self) -> str:
        return f"<Pack {' → '.join(self.chain)}, version {self.version[:12]}>"

    def _repr_html_(self) -> str:
        """The folders of the chain as a table."""
        heads = ("pack", "title", "region", "edition", "checked on", "files")
        rows = [
            (f.id, f.title_zh, f.region or "", f.edition, f.checked_on or "", len(f.files()))
            for f in self.folders
        ]
        return html_table(heads, rows)


def _contents(folder: PackFolder) -> Iterator[tuple[str, bytes]]:
    """Each file of a folder with the digest of its content, whatever its line ends."""
    for path in folder.files():
        name = path.relative_to(folder.folder).as_posix()
        yield name, hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).digest()


@lru_cache(maxsize=50)
def _shipped_contents(folder: PackFolder) -> tuple[tuple[str, bytes], ...]:
    return tuple(_contents(folder))


def _rows_of_folder(
    folder: PackFolder, schema: TableSchema, findings: list[Finding]
) -> Iterable[Row]:
    """``read_table``; tables that ship with the program are read once a process."""
    if not ships(folder):
        return read_table(folder, schema, findings)
    rows, wrong = _shipped_rows(folder, schema.name)
    findings += wrong
    return (dict(row) for row in rows)


def read_forms(folder: PackFolder) -> Iterator[dict[str, Any]]:
    """The forms of one folder in the order of their files, each with ``_pack`` and ``_file``.

    Those that ship with the program are read once a process. Raises PackError.
    """
    return (deepcopy(form) for form in _forms_of(folder))


def _forms_of(folder: PackFolder) -> Iterable[dict[str, Any]]:
    return _shipped_forms(folder) if ships(folder) else _read_definitions(folder, "forms")


@lru_cache(maxsize=50)
def _shipped_forms(folder: PackFolder) -> tuple[dict[str, Any], ...]:
    return tuple(_read_definitions(folder, "forms"))


def read_case_files(folder: PackFolder) -> Iterator[dict[str, Any]]:
    """The kinds of case files of one folder, as ``read_forms``."""
    return _read_definitions(folder, CASE_FILES)


@lru_cache(maxsize=50)
def _shipped_case_files(folder: PackFolder) -> tuple[dict[str, Any], ...]:
    return tuple(read_case_files(folder))


CASE_FILES = "case_files"
DEFINITIONS = ("forms", CASE_FILES)
"""Folders of a pack that hold definitions in YAML, one a file."""


def _read_definitions(folder: PackFolder, part: str) -> Iterator[dict[str, Any]]:
    for path in sorted((folder.folder / part).glob("*.yaml")):
        name = f"{folder.id}/{part}/{path.name}"
        yield {**read_yaml(path, name), "_pack": folder.id, "_file": name}


@lru_cache(maxsize=500)
def _shipped_rows(folder: PackFolder, table: str) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    findings: list[Finding] = []
    rows = tuple(read_table(folder, schemas()[table], findings))
    return rows, tuple(findings)


def read_table(pack: PackFolder, schema: TableSchema, findings: list[Finding]) -> Iterator[Row]:
    """Typed rows of one table of one folder; every bad cell adds a finding with file, row and
    column.
    """
    path = pack.folder / f"{schema.name}.csv"
    if not path.is_file():
        return
    name = f"{pack.id}/{path.name}"
    try:
        header, lines = csv_rows(path, Where(name))
    except UnreadableFile as error:
        findings.append(Problem.of(error, "pack").finding(error.where or Where(name)))
        return
    findings += _wrong_header(name, header, schema)
    seen: dict[tuple[Any, ...], int] = {}
    for line, cells in lines:
        if None in cells or any(text is None for text in cells.values()):
            findings.append(pack_finding(name, line, None, "ragged-row"))
            continue
        row: Row = {"_pack": pack.id, "_file": name, "_row": line}
        for column in schema.columns.values():
            value, reason = column.read(cells.get(column.id, ""))
            if reason is None:
                row[column.id] = value
            else:
                findings.append(_bad_cell(Where(name, row=line, column=column.id), reason))
        key = tuple(row.get(k) for k in schema.key)
        if key in seen:
            words = ("、".join(map(str, key)), seen[key])
            findings.append(pack_finding(name, line, schema.key[0], "key-twice", *words))
            continue
        seen[key] = line
        yield row


def _wrong_header(name: str, header: Sequence[str], schema: TableSchema) -> Iterator[Finding]:
    for column in schema.columns.values():
        if column.required and column.id not in header:
            yield pack_finding(name, 1, column.id, "no-column")
    for title in header:
        if title not in schema.columns:
            yield pack_finding(name, 1, title, "column-unknown")


def _bad_cell(where: Where, reason: Problem) -> Finding:
    correct = problem_of("correct")
    return Finding("error", reason.zh, reason.en, where, correct.todo, correct.todo_en, "pack")


def pack_finding(
    file: str, row: int | None, column: str | None, key: str, *arguments: object
) -> Finding:
    """A finding on a row of a pack file, in the words of this room."""
    return _bad_cell(Where(file, row=row, column=column), problem_of(key, *arguments))


def read_yaml(path: Path, name: str) -> dict[str, Any]:
    """A YAML mapping. Raises PackError naming the file and line."""
    try:
        return yaml_mapping(path, Where(name))
    except UnreadableFile as error:
        raise _as_pack_error(error) from error


def ships(folder: PackFolder) -> bool:
    """Whether a folder came with the program."""
    return folder.folder.parent == data_folder()


def data_folder() -> Path:
    """Where the packs that ship with the program are."""
    return Path(str(files("hengtan.packs") / "data"))


def open_folder(folder: Path) -> PackFolder:
    """Read ``pack.yaml`` of a folder. Raises PackError."""
    name = f"{folder.name}/pack.yaml"
    meta, where = read_yaml(folder / "pack.yaml", name), Where(name)
    if meta.get("id") is None:
        raise problem_of("no-id").error(PackError, where)
    try:
        pack_id = checked_id(meta["id"], where)
        extends = checked_id(meta["extends"], where) if meta.get("extends") else None
        checked = _day(meta.get("checked_on"), where)
    except UnreadableFile as error:
        raise _as_pack_error(error) from error
    return PackFolder(
        id=pack_id,
        folder=folder,
        title_zh=str(meta.get("title_zh", pack_id)),
        title_en=str(meta.get("title_en", pack_id)),
        extends=extends,
        region=str(meta["region"]) if meta.get("region") else None,
        edition=str(meta.get("edition", "")),
        checked_on=checked,
    )


def _as_pack_error(error: HengtanError) -> PackError:
    return PackError(error.zh, error.en, where=error.where, todo=error.todo, todo_en=error.todo_en)


def _day(text: Any, where: Where) -> date | None:
    """A day of ``pack.yaml``. Raises PackError."""
    if not text:
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise problem_of("bad-day", text).error(PackError, where) from error


def find(pack_id: str, extra: Sequence[Path] = ()) -> PackFolder:
    """The folder of a pack id, looked up in ``extra`` first, then in the packs that ship.

    Raises PackError.
    """
    candidates = [*extra, *(path for path in sorted(data_folder().iterdir()) if path.is_dir())]
    known = []
    for folder in candidates:
        if (folder / "pack.yaml").is_file():
            opened = open_folder(folder)
            known.append(opened.id)
            if opened.id == pack_id:
                return opened
    raise problem_of("no-pack", pack_id, "、".join(known), ", ".join(known)).error(PackError)


def load(pack_id: str, extra: Sequence[Path] = ()) -> Pack:
    """Load a pack with all it rests on. Raises PackError for an unknown pack or a circle."""
    folders: list[PackFolder] = []
    wanted: str | None = pack_id
    while wanted:
        if wanted in [folder.id for folder in folders]:
            raise problem_of("pack-circle", wanted).error(PackError)
        folders.append(find(wanted, extra))
        wanted = folders[-1].extends
    return Pack(folders)


def read_all(pack: Pack) -> tuple[Mapping[str, list[Row]], list[Finding]]:
    """Every table of the chain and every finding in reading them, nothing raised."""
    findings: list[Finding] = []
    return {name: pack.read(name, findings) for name in schemas()}, findings
