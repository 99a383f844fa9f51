"""What a file is, by its first bytes rather than its name, and whether it is safe to open.

Archives are judged by their declared sizes before anything is unpacked; XML with a DTD or entities
is refused.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from hengtan.basis.errors import UnreadableFile, Where
from hengtan.ledger.reading.findings import refusal

MAX_FILE_BYTES = 2_000_000_000
MAX_ARCHIVE_BYTES = 300_000_000
MAX_UNPACKED_BYTES = 1_500_000_000
MAX_PARTS = 20_000
MAX_RATIO = 250
RATIO_MATTERS_ABOVE = 20_000_000

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
NO_TABLES = (".et", ".wps", ".doc", ".docx", ".xlsb")
"""Files told by their name: what they hold is no table, or one we do not read."""

_BEGINNINGS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"%pdf",), ".pdf"),
    ((b"rar!",), ".rar"),
    ((b"<html", b"<!doctype html", b"<table", b"<meta"), ".html"),
)


def kind_of(path: Path) -> str:
    """``xlsx``, ``xls``, ``ods`` or ``csv``.

    Raises UnreadableFile for anything else, with what to do.
    """
    where = Where(path.name)
    size, start = _beginning(path, where)
    if size == 0:
        raise refusal("empty-file", where=where)
    if size > MAX_FILE_BYTES:
        raise refusal("file-too-large", size, where=where)
    suffix = path.suffix.lower()
    if suffix in NO_TABLES:
        raise _not_a_table(suffix, where)
    if start.startswith(OLE):
        return _ole_kind(path, where)
    if start.startswith(b"PK\x03\x04"):
        return _zip_kind(path, size, where)
    unreadable = _told_by_text(start)
    if unreadable is not None:
        raise _not_a_table(unreadable, where)
    return "csv"


def _beginning(path: Path, where: Where) -> tuple[int, bytes]:
    """The size of a file and its first bytes. Raises UnreadableFile where it cannot be opened."""
    try:
        if not path.exists():
            raise refusal("no-file", where=where)
        if not path.is_file():
            raise refusal("folder", where=where)
        with path.open("rb") as file:
            return path.stat().st_size, file.read(4096)
    except (OSError, ValueError) as error:
        raise refusal("cannot-open", error, where=where) from error


def _told_by_text(start: bytes) -> str | None:
    """The usual suffix of a file that is no table and begins with words that say so."""
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for words, suffix in _BEGINNINGS:
        if text.startswith(words):
            return suffix
    if text.startswith(b"<?xml"):
        return ".html" if b"<html" in text else ".xml"
    return None


def _not_a_table(suffix: str, where: Where) -> UnreadableFile:
    return refusal(f"not-a-table{suffix}", where=where)


def damaged(where: Where, why: object) -> UnreadableFile:
    """The refusal of a file that is broken inside."""
    return refusal("damaged", why, where=where)


def protected(where: Where) -> UnreadableFile:
    """The refusal of a file under a password."""
    return refusal("protected", where=where)


def _ole_kind(path: Path, where: Where) -> str:
    if path.stat().st_size > MAX_ARCHIVE_BYTES:
        raise refusal("workbook-too-large", where=where)
    content = path.read_bytes()

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage") or has("EncryptionInfo"):
        raise protected(where)
    if has("Workbook") or has("Book\x00"):
        return "xls"
    if has("WordDocument"):
        raise _not_a_table(".doc", where)
    raise damaged(where, "OLE")


def _zip_kind(path: Path, size: int, where: Where) -> str:
    try:
        names = checked_archive(path, size, where)
        kind = "ods" if "content.xml" in names else "xlsx" if "xl/workbook.xml" in names else ""
        if kind == "ods" and "META-INF/manifest.xml" in names:
            with zipfile.ZipFile(path) as archive:
                if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                    raise protected(where)
    except UnreadableFile:
        raise
    except Exception as error:  # zipfile and its decompressors raise many kinds of their own
        raise damaged(where, type(error).__name__) from error
    if kind:
        return kind
    if any(name.startswith("word/") for name in names):
        raise _not_a_table(".docx", where)
    raise _not_a_table(".xlsb" if "xl/workbook.bin" in names else ".zip", where)


def checked_archive(
    path: Path,
    size: int,
    where: Where,
    what: str = "工作簿",
    what_en: str = "workbook",
    instead: tuple[str, str] = ("改存为 .csv 或拆分", "save as .csv or split it"),
) -> set[str]:
    """The names of the parts of an office file that is safe to unpack, judged by declared sizes.

    Raises UnreadableFile, or zipfile's own errors.
    """
    if size > MAX_ARCHIVE_BYTES:
        raise refusal("archive-too-large", what, what_en, size, *instead, where=where)
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        swells = unpacked > RATIO_MATTERS_ABOVE and unpacked > MAX_RATIO * size
        if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES or swells:
            raise refusal("archive-suspicious", unpacked, len(parts), *instead, where=where)
        if any(part.flag_bits & 0x1 for part in parts):
            raise protected(where)
        _refuse_dtd(archive, parts, where, what, what_en)
        return {part.filename for part in parts}


def _refuse_dtd(
    archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], where: Where, what: str, what_en: str
) -> None:
    """An office file needs no document type; one that has it wants entities expanded or outside
    files fetched.
    """
    for part in parts:
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(part) as file:
            prolog = file.read(65536).replace(b"\x00", b"").upper()
        if b"<!DOCTYPE" in prolog or b"<!ENTITY" in prolog:
            raise refusal("document-type", what, what_en, part.filename, where=where)
