"""Files that go with answers: kinds that are taken, checked by what is in them, and kept byte for
byte under their digest in ``evidence/`` of the workspace (which backups take along).
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hengtan.basis.border import opened_zip
from hengtan.basis.errors import HengtanError, UnreadableFile, Where
from hengtan.ledger import originals

FOLDER = "evidence"
LARGEST = 20_000_000
"""Bytes of a file."""
MOST = 10
"""Files of an answer."""
BEGINS = {
    ".pdf": b"%PDF-",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".ofd": b"PK\x03\x04",
}
"""Kinds by the end of the name, with the bytes they begin with."""
NEEDED = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".ofd": "OFD.xml"}
ARCHIVES = tuple(NEEDED)


def check(name: str, content: bytes) -> None:
    """Raises HengtanError for a file that is not taken: its kind, its size, what is in it."""
    kind, where = Path(name).suffix.lower(), Where(name)
    if kind not in BEGINS:
        raise _refused(where, "不收这种文件", "this kind of file is not taken")
    if not content or len(content) > LARGEST:
        raise _refused(where, "文件为空或超过 20 MB", "the file is empty or larger than 20 MB")
    if not content.startswith(BEGINS[kind]):
        raise _refused(where, f"内容不是 {kind}", f"its content is no {kind}")
    if kind in ARCHIVES:
        _check_archive(kind, content, where)


def _check_archive(kind: str, content: bytes, where: Where) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sent{kind}"
        path.write_bytes(content)
        with opened_zip(path, where) as archive:
            names = archive.namelist()
    if NEEDED[kind] not in names:
        raise _refused(where, f"内容不是 {kind}", f"its content is no {kind}")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refused(where, "文件带宏", "the file has macros")


def _refused(where: Where, zh: str, en: str) -> UnreadableFile:
    return UnreadableFile(
        zh,
        en,
        where=where,
        todo="请用 PDF、图片、docx、xlsx 或 ofd",
        todo_en="send PDF, a picture, docx, xlsx or ofd",
    )


def keep(folder: Path, content: bytes) -> str:
    """Keep a file of a workspace's folder; gives its SHA-256."""
    return originals.keep(folder / FOLDER, content)


def read(folder: Path, sha256: str) -> bytes:
    """The bytes of a file. Raises HengtanError where it is missing or was altered."""
    path = originals.path_of(folder / FOLDER, sha256)
    if not path.is_file() or originals.sha256_of(path) != sha256:
        raise HengtanError(
            "佐证文件缺失或被改动",
            "the file is missing or was changed",
            todo="从备份恢复",
            todo_en="restore it from a backup",
        )
    return path.read_bytes()
