"""A pack: a folder of cited tables and forms that may extend another pack (wulong → chongqing →
cn).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from hengtan.basis.errors import Finding, HengtanError, PackError, Where
from hengtan.basis.place import PlaceTree
from hengtan.packs.schema import TableSchema, schemas

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
        return self.folders[0].id

    @property
    def chain(self) -> tuple[str, ...]:
        """Ids from this pack to the one it rests on."""
        return tuple(f.id for f in self.folders)

    @property
    def region(self) -> str | None:
        """The place the pack is for: the first one stated along the chain."""
        return next((f.region for f in self.folders if f.region), None)

    @cached_property
    def version(self) -> str:
        """SHA-256 over the names and contents of all files of the chain."""
        digest = hashlib.sha256()
        for pack in self.folders:
            for path in pack.files():
                digest.update(f"{pack.id}/{path.relative_to(pack.folder).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).digest())
        return digest.hexdigest()

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, typed, each with ``_pack``, ``_file`` and ``_row``.

        Raises PackError at the first bad cell.
        """
        if table not in self._rows:
            findings: list[Finding] = []
            self._rows[table] = list(self._read(table, findings).values())
            if findings:
                first = findings[0]
                raise PackError(
                    first.zh,
                    first.en,
                    where=first.where,
                    todo=first.todo,
                    todo_en=first.todo_en,
                    findings=findings,
                )
        return self._rows[table]

    def _read(self, table: str, findings: list[Finding]) -> dict[tuple[Any, ...], Row]:
        if table not in schemas():
            raise PackError(f"没有名为“{table}”的数据表", f"packs have no table '{table}'")
        schema, merged = schemas()[table], {}
        for pack in reversed(self.folders):
            for row in read_table(pack, schema, findings):
                merged[tuple(row.get(k) for k in schema.key)] = row
        return merged

    def places(self) -> PlaceTree:
        """The place tree of the chain."""
        return PlaceTree.from_rows(self.rows("places"))

    def forms(self) -> dict[str, dict[str, Any]]:
        """The forms of the chain by id; a child's form of the same id replaces the parent's."""
        found: dict[str, dict[str, Any]] = {}
        for pack in reversed(self.folders):
            for path in sorted((pack.folder / "forms").glob("*.yaml")):
                form = read_yaml(path, f"{pack.id}/forms/{path.name}")
                found[str(form.get("id"))] = {
                    **form,
                    "_pack": pack.id,
                    "_file": f"{pack.id}/forms/{path.name}",
                }
        return found


def read_table(pack: PackFolder, schema: TableSchema, findings: list[Finding]) -> Iterator[Row]:
    """Typed rows of one table of one folder; every bad cell adds a finding with file, row and
    column.
    """
    path = pack.folder / f"{schema.name}.csv"
    if not path.is_file():
        return
    name = f"{pack.id}/{path.name}"
    seen: dict[tuple[Any, ...], int] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for column in schema.columns.values():
            if column.required and column.name not in (reader.fieldnames or ()):
                findings.append(_bad(name, 1, column.name, "缺少这一列", "column is missing"))
        for column_name in reader.fieldnames or ():
            if column_name not in schema.columns:
                findings.append(
                    _bad(
                        name,
                        1,
                        column_name,
                        "数据表定义中没有这一列",
                        "column is not in the schema",
                    )
                )
        for cells in reader:
            row: Row = {"_pack": pack.id, "_file": name, "_row": reader.line_num}
            if None in cells or any(v is None for v in cells.values()):
                findings.append(
                    _bad(
                        name,
                        reader.line_num,
                        None,
                        "单元格个数与表头不符",
                        "cells do not match the header",
                    )
                )
                continue
            for column in schema.columns.values():
                try:
                    row[column.name] = column.read(cells.get(column.name, ""))
                except HengtanError as error:
                    findings.append(_bad(name, reader.line_num, column.name, error.zh, error.en))
                except ValueError as error:
                    findings.append(_bad(name, reader.line_num, column.name, *_split(str(error))))
            key = tuple(row.get(k) for k in schema.key)
            if key in seen:
                text = "、".join(map(str, key))
                findings.append(
                    _bad(
                        name,
                        reader.line_num,
                        schema.key[0],
                        f"键“{text}”与第{seen[key]}行重复",
                        f"key {text} repeats row {seen[key]}",
                    )
                )
                continue
            seen[key] = reader.line_num
            yield row


def read_yaml(path: Path, name: str) -> dict[str, Any]:
    """A YAML mapping. Raises PackError naming the file and line."""
    try:
        content = yaml.load(
            path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        )
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise PackError(
            "YAML 格式有误",
            f"not valid YAML: {error}".replace("\n", " "),
            where=Where(name, row=mark.line + 1 if mark else None),
        ) from error
    if not isinstance(content, dict):
        raise PackError("YAML 文件应为键值结构", "a mapping is expected", where=Where(name))
    return content


def _bad(file: str, row: int, column: str | None, zh: str, en: str) -> Finding:
    return Finding(
        "error",
        zh,
        en,
        Where(file, row=row, column=column),
        "改正数据包文件",
        "correct the pack file",
        "pack",
    )


def _split(text: str) -> tuple[str, str]:
    zh, bar, en = text.partition(" | ")
    return (zh, en) if bar else (f"无法读取：{text}", text)


def data_folder() -> Path:
    """Where the packs that ship with the program are."""
    return Path(str(files("hengtan.packs") / "data"))


def open_folder(folder: Path) -> PackFolder:
    """Read ``pack.yaml`` of a folder. Raises PackError."""
    meta = read_yaml(folder / "pack.yaml", f"{folder.name}/pack.yaml")
    if not isinstance(meta.get("id"), str):
        raise PackError("缺少 id", "id is missing", where=Where(f"{folder.name}/pack.yaml"))
    checked = meta.get("checked_on")
    return PackFolder(
        id=meta["id"],
        folder=folder,
        title_zh=str(meta.get("title_zh", meta["id"])),
        title_en=str(meta.get("title_en", meta["id"])),
        extends=meta.get("extends"),
        region=str(meta["region"]) if meta.get("region") else None,
        edition=str(meta.get("edition", "")),
        checked_on=date.fromisoformat(str(checked)) if checked else None,
    )


def find(pack_id: str, extra: Sequence[Path] = ()) -> PackFolder:
    """The folder of a pack id, looked up in ``extra`` first, then in the packs that ship.

    Raises PackError.
    """
    candidates = [*extra, *(p for p in sorted(data_folder().iterdir()) if p.is_dir())]
    known = []
    for folder in candidates:
        if (folder / "pack.yaml").is_file():
            opened = open_folder(folder)
            known.append(opened.id)
            if opened.id == pack_id:
                return opened
    raise PackError(
        f"没有数据包“{pack_id}”",
        f"no pack '{pack_id}'",
        todo=f"可用：{'、'.join(known)}",
        todo_en=f"known: {', '.join(known)}",
    )


def load(pack_id: str, extra: Sequence[Path] = ()) -> Pack:
    """Load a pack with all it rests on. Raises PackError for an unknown pack or a circle."""
    folders: list[PackFolder] = []
    wanted: str | None = pack_id
    while wanted:
        if wanted in [f.id for f in folders]:
            raise PackError(f"数据包“{wanted}”循环继承", f"pack '{wanted}' extends itself")
        folders.append(find(wanted, extra))
        wanted = folders[-1].extends
    return Pack(folders)


def read_all(pack: Pack) -> tuple[Mapping[str, list[Row]], list[Finding]]:
    """Every table of the chain and every finding in reading them, nothing raised."""
    findings: list[Finding] = []
    return {name: list(pack._read(name, findings).values()) for name in schemas()}, findings
