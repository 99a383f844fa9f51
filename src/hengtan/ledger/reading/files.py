"""What a file is, by its first bytes rather than its name, and whether it is safe to open.

Archives are judged by their declared sizes before anything is unpacked; XML with a DTD or entities is refused.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from hengtan.basis.errors import UnreadableFile, Where

MAX_FILE_BYTES = 2_000_000_000
MAX_ARCHIVE_BYTES = 300_000_000
MAX_UNPACKED_BYTES = 1_500_000_000
MAX_PARTS = 20_000
MAX_RATIO = 250
RATIO_MATTERS_ABOVE = 20_000_000

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_NAMED = {
    ".et": (
        "WPS 表格文件（.et）",
        "a WPS spreadsheet (.et)",
        "请在 WPS 中另存为 .xlsx",
        "save it as .xlsx in WPS",
    ),
    ".wps": (
        "WPS 文字文件（.wps）",
        "a WPS text document (.wps)",
        "请把表格复制到 .xlsx 中",
        "copy the table into an .xlsx",
    ),
    ".doc": (
        "Word 文件（.doc）",
        "a Word document (.doc)",
        "请把表格复制到 .xlsx 中",
        "copy the table into an .xlsx",
    ),
    ".docx": (
        "Word 文件（.docx）",
        "a Word document (.docx)",
        "请把表格复制到 .xlsx 中",
        "copy the table into an .xlsx",
    ),
    ".xlsb": (
        "二进制工作簿（.xlsb）",
        "a binary workbook (.xlsb)",
        "请在 Excel 中另存为 .xlsx",
        "save it as .xlsx in Excel",
    ),
    ".pdf": ("PDF 文件", "a PDF", "请改交 .xlsx 或 .csv", "hand in .xlsx or .csv"),
    ".html": (
        "网页（扩展名可能是 .xls）",
        "a web page, whatever its name says",
        "请在 Excel 中打开后另存为 .xlsx",
        "open it in Excel and save it as .xlsx",
    ),
    ".xml": (
        "XML 文件（扩展名可能是 .xls）",
        "an XML file, whatever its name says",
        "请在 Excel 中打开后另存为 .xlsx",
        "open it in Excel and save it as .xlsx",
    ),
    ".zip": (
        "压缩包，不是工作簿",
        "an archive and not a workbook",
        "请解压后逐个提交",
        "unpack it and hand in each file",
    ),
    ".rar": (
        "压缩包，不是工作簿",
        "an archive and not a workbook",
        "请解压后逐个提交",
        "unpack it and hand in each file",
    ),
}


def kind_of(path: Path) -> str:
    """``xlsx``, ``xls``, ``ods`` or ``csv``. Raises UnreadableFile for anything else, with what to do."""
    where = Where(path.name)
    try:
        if not path.exists():
            raise UnreadableFile(
                "没有这个文件",
                "no such file",
                where=where,
                todo="检查路径",
                todo_en="check the path",
            )
        if not path.is_file():
            raise UnreadableFile(
                "这是文件夹，不是表格文件",
                "this is not a file",
                where=where,
                todo="给出表格文件",
                todo_en="give a table file",
            )
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4096)
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            f"打不开文件：{error}",
            f"cannot open the file: {error}",
            where=where,
            todo="检查文件与权限",
            todo_en="check file and permissions",
        ) from error
    if size == 0:
        raise UnreadableFile(
            "文件是空的",
            "the file is empty",
            where=where,
            todo="检查是否保存完整",
            todo_en="check that it was saved",
        )
    if size > MAX_FILE_BYTES:
        raise UnreadableFile(
            f"文件过大（{size}字节）",
            f"the file is too large ({size} bytes)",
            where=where,
            todo="请拆分",
            todo_en="split it",
        )
    suffix = path.suffix.lower()
    if suffix in (".et", ".wps", ".doc", ".docx", ".xlsb"):
        raise _not_a_table(suffix, where)
    if start.startswith(OLE):
        return _ole_kind(path, where)
    if start.startswith(b"PK\x03\x04"):
        return _zip_kind(path, size, where)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"%pdf"):
        raise _not_a_table(".pdf", where)
    if text.startswith(b"rar!"):
        raise _not_a_table(".rar", where)
    if text.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        raise _not_a_table(".html", where)
    if text.startswith(b"<?xml"):
        raise _not_a_table(".html" if b"<html" in text else ".xml", where)
    return "csv"


def _not_a_table(suffix: str, where: Where) -> UnreadableFile:
    zh, en, todo, todo_en = _NAMED[suffix]
    return UnreadableFile(
        f"不能读取{zh}", f"cannot read {en}", where=where, todo=todo, todo_en=todo_en
    )


def damaged(where: Where, why: object) -> UnreadableFile:
    """The refusal of a file that is broken inside."""
    return UnreadableFile(
        f"文件已损坏，读不出表格（{why}）",
        f"the file is damaged ({why})",
        where=where,
        todo="请重新导出或另存为 .xlsx",
        todo_en="export it again or save it as .xlsx",
    )


def protected(where: Where) -> UnreadableFile:
    """The refusal of a file under a password."""
    return UnreadableFile(
        "文件有密码，读不出",
        "the file is protected by a password",
        where=where,
        todo="去掉密码后另存",
        todo_en="remove the password and save it again",
    )


def _ole_kind(path: Path, where: Where) -> str:
    if path.stat().st_size > MAX_ARCHIVE_BYTES:
        raise UnreadableFile(
            "工作簿过大",
            "the workbook is too large",
            where=where,
            todo="请拆分",
            todo_en="split it",
        )
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
    except (
        Exception
    ) as error:  # zipfile and its decompressors raise many kinds of their own on damaged archives
        raise damaged(where, type(error).__name__) from error
    if kind:
        return kind
    if any(n.startswith("word/") for n in names):
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
    """The names of the parts of an office file that is safe to unpack, judged by declared sizes. Raises UnreadableFile, or zipfile's own errors."""
    if size > MAX_ARCHIVE_BYTES:
        raise UnreadableFile(
            f"{what}过大（{size}字节）",
            f"the {what_en} is too large ({size} bytes)",
            where=where,
            todo=instead[0],
            todo_en=instead[1],
        )
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        unpacked = sum(p.file_size for p in parts)
        if (
            len(parts) > MAX_PARTS
            or unpacked > MAX_UNPACKED_BYTES
            or (unpacked > RATIO_MATTERS_ABOVE and unpacked > MAX_RATIO * size)
        ):
            raise UnreadableFile(
                f"压缩内容异常：解压后{unpacked}字节，共{len(parts)}个部分",
                f"suspicious archive: {unpacked} bytes unpacked in {len(parts)} parts",
                where=where,
                todo=f"请重新导出，或{instead[0]}",
                todo_en=f"export it again or {instead[1]}",
            )
        if any(p.flag_bits & 0x1 for p in parts):
            raise protected(where)
        _refuse_dtd(archive, parts, where, what, what_en)
        return {p.filename for p in parts}


def _refuse_dtd(
    archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], where: Where, what: str, what_en: str
) -> None:
    """An office file needs no document type; one that has it wants entities expanded or outside files fetched."""
    for part in parts:
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(part) as file:
            prolog = file.read(65536).replace(b"\x00", b"").upper()
        if b"<!DOCTYPE" in prolog or b"<!ENTITY" in prolog:
            raise UnreadableFile(
                f"{what}的 {part.filename} 含文档类型声明，拒绝读取",
                f"{part.filename} of the {what_en} has a DTD, refused",
                where=where,
                todo="请用 Office 或 WPS 重新另存",
                todo_en="save it again with Office or WPS",
            )
