"""The text of a plan document: .txt, .md, .html, .docx, .pdf; a clear line for what cannot be read (scans, .doc, .wps, passwords).

What a file is is told by its first bytes. Tables become lines with ``|`` between cells, as Markdown writes them. Automatic numbers of Word (一、（一）1.)
are written out, since the text itself does not hold them.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hengtan.basis.errors import UnreadableFile, Where
from hengtan.ledger.reading.delimited import decode
from hengtan.ledger.reading.files import MAX_FILE_BYTES, OLE, checked_archive, damaged, protected

MAX_CHARACTERS = 3_000_000
"""Some 3,000 pages; a plan is shorter, and a file beyond it is no plan."""
MAX_PAGES = 5_000
MAX_XML = 60_000_000
"""Bytes of the largest part of a Word document, unpacked: some 300 bytes a paragraph mark and run, a tree of ten times that in memory."""
_SCAN = 20
"""Characters a page that a text layer has at the least, on average."""


@dataclass(frozen=True)
class Document:
    """A document read: its file name, what it was, its text."""

    name: str
    kind: str
    text: str


def read_document(path: Path) -> Document:
    """Read a plan document. Raises UnreadableFile with what to do."""
    where = Where(path.name)
    size, start = _opened(path, where)
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(OLE):
        raise _old_format(path, where)
    if start.startswith(b"PK\x03\x04"):
        kind, text = "docx", _docx(path, size, where)
    elif b"%pdf" in head[:1024]:
        kind, text = "pdf", _pdf(path, where)
    elif head.startswith((b"{\\rtf",)):
        raise UnreadableFile(
            "不能读取 RTF 文件",
            "cannot read RTF",
            where=where,
            todo="请在 Word 或 WPS 中另存为 .docx",
            todo_en="save it as .docx in Word or WPS",
        )
    else:
        content = path.read_bytes()
        if path.suffix.lower() in (".html", ".htm", ".mht") or re.match(
            rb"<!doctype html|<html|<\?xml[^>]*>\s*<html", head
        ):
            kind, text = "html", _html(content, where)
        else:
            try:
                text, _ = decode(content, where)
            except UnreadableFile as error:
                raise UnreadableFile(
                    "不是可识别的文档（编码既非 UTF-8、UTF-16，也非 GB 18030）",
                    "not a document we know (neither UTF-8, UTF-16 nor GB 18030 text)",
                    where=where,
                    todo="请另存为 .docx 或 UTF-8 的 .txt",
                    todo_en="save it as .docx or as UTF-8 .txt",
                ) from error
            kind = "md" if path.suffix.lower() in (".md", ".markdown") else "txt"
            if kind == "md":
                text = _markdown(text)
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFile(
            f"文档过长（{len(text)}字，上限{MAX_CHARACTERS}字）",
            f"the document is too long ({len(text)} characters, at most {MAX_CHARACTERS})",
            where=where,
            todo="请拆分后逐个读取",
            todo_en="split it",
        )
    if not text.strip():
        raise UnreadableFile(
            "文档里没有文字",
            "the document holds no text",
            where=where,
            todo="检查文件内容",
            todo_en="check the file",
        )
    return Document(path.name, kind, text)


def _opened(path: Path, where: Where) -> tuple[int, bytes]:
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
                "这是文件夹，不是文档",
                "this is not a file",
                where=where,
                todo="给出文档文件",
                todo_en="give a document",
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
    if size > min(MAX_FILE_BYTES, 300_000_000) or (
        not start.startswith((b"PK\x03\x04", b"%PDF")) and size > 4 * MAX_CHARACTERS
    ):
        raise UnreadableFile(
            f"文件过大（{size}字节）",
            f"the file is too large ({size} bytes)",
            where=where,
            todo="请拆分，或确认这是规划文本",
            todo_en="split it, or check that it is a plan",
        )
    return size, start


def _old_format(path: Path, where: Where) -> UnreadableFile:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return protected(where)
    shown = "WPS 文字文件（.wps）" if path.suffix.lower() == ".wps" else "旧版 Word 文件（.doc）"
    return UnreadableFile(
        f"不能读取{shown}",
        "cannot read the old Word or WPS format",
        where=where,
        todo="请在 Word 或 WPS 中另存为 .docx",
        todo_en="save it as .docx in Word or WPS",
    )


def _markdown(text: str) -> str:
    """Markdown marks that are no text: head signs, emphasis, rules of tables."""
    text = re.sub(r"(?m)^[ \t]{0,3}#{1,6}[ \t]*", "", text)
    text = re.sub(r"(?m)^[ \t|:-]*-{3,}[ \t|:-]*$\n?", "", text)
    return re.sub(r"\*\*(.+?)\*\*", r"\1", text)


_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "section",
        "article",
        "header",
        "footer",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "body",
        "title",
    ]
)
_DROPPED = frozenset(
    ["script", "style", "noscript", "template", "head", "iframe", "object", "svg", "nav"]
)


def _html(content: bytes, where: Where) -> str:
    """Text of a page, a line a block, a row of a table on a line with ``|``."""
    from lxml import html

    found = re.search(rb"charset=[\"']?([\w-]+)", content[:4096])
    text = ""
    if found:
        try:
            text = content.decode(
                {"gb2312": "gb18030", "gbk": "gb18030"}.get(
                    found.group(1).decode().lower(), found.group(1).decode()
                )
            )
        except (UnicodeDecodeError, LookupError):
            text = ""
    if not text:
        text, _ = decode(content, where)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\x00", "")
    try:
        tree = html.document_fromstring(
            text, parser=html.HTMLParser(huge_tree=False, remove_comments=True, remove_pis=True)
        )
    except Exception as error:  # lxml raises several kinds of its own on hostile markup
        raise damaged(where, type(error).__name__) from error
    parts: list[str] = []
    column, taken = 0, dict[int, int]()
    for event, element in _walk(tree):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _BLOCKS and tag not in ("td", "th"):
                parts.append("\n")
            if tag == "table":
                taken = {}
            elif tag == "tr":
                parts.append("| ")
                column = 0
            elif tag in ("td", "th"):
                while taken.get(column, 0) > 0:
                    taken[column] -= 1
                    parts.append(" | ")
                    column += 1
            if element.text:
                parts.append(
                    re.sub(r"[\r\n]+", "" if _chinese_ends(element.text) else " ", element.text)
                )
        else:
            if tag in ("td", "th"):
                wide, deep = (
                    min(max(_whole(element.get(side)), 1), 50) for side in ("colspan", "rowspan")
                )
                parts.append(" | " * wide)
                taken.update({column + i: deep - 1 for i in range(wide) if deep > 1})
                column += wide
            elif tag in _BLOCKS:
                while tag == "tr" and any(rows > 0 and i >= column for i, rows in taken.items()):
                    taken[column] = taken.get(column, 0) - 1
                    parts.append(" | ")
                    column += 1
                parts.append("\n")
            if element.tail:
                parts.append(re.sub(r"[\r\n]+[ \t]*", "", element.tail))
    joined = "".join(parts)
    joined = re.sub(r"(?m)^[ \t\u3000]+|[ \t]+$", "", joined)
    return re.sub(r"\n{2,}", "\n", joined).strip()


def _chinese_ends(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def _walk(tree: Any) -> Iterator[tuple[str, Any]]:
    """Elements as they open and close, without recursion and without what is not shown."""
    stack: list[tuple[Any, Any]] = [(tree, iter(tree))]
    yield "start", tree
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "end", element
        elif isinstance(child.tag, str) and child.tag not in _DROPPED:
            yield "start", child
            stack.append((child, iter(child)))
        elif child.tail and stack:
            continue


def _docx(path: Path, size: int, where: Where) -> str:
    """Text of a Word document: paragraphs with their automatic numbers, tables as rows; deleted text left out, inserted text kept."""
    import docx
    from docx.oxml.ns import qn

    try:
        names = checked_archive(
            path,
            size,
            where,
            "文档",
            "document",
            ("另存为较小的 .docx", "save it as a smaller .docx"),
        )
        with zipfile.ZipFile(path) as archive:
            largest = max(
                (part.file_size for part in archive.infolist() if part.filename.endswith(".xml")),
                default=0,
            )
        if largest > MAX_XML:
            raise UnreadableFile(
                f"文档正文过大（{largest}字节）",
                f"the document's text is too large ({largest} bytes)",
                where=where,
                todo="请拆分后逐个读取",
                todo_en="split it",
            )
        if "word/document.xml" not in names:
            raise UnreadableFile(
                "压缩包里没有 Word 正文",
                "no Word document in this archive",
                where=where,
                todo="请给出 .docx、.pdf、.html、.md 或 .txt",
                todo_en="give .docx, .pdf, .html, .md or .txt",
            )
        opened = docx.Document(str(path))
        numbers = _Numbers(opened, qn)
        lines: list[str] = []
        for block in opened.element.body.iterchildren():
            _block(block, lines, numbers, qn, 0)
    except UnreadableFile:
        raise
    except (
        Exception
    ) as error:  # zipfile, lxml and python-docx raise many kinds of their own on damaged files
        raise damaged_document(where, error) from error
    return "\n".join(lines)


def damaged_document(where: Where, error: Exception) -> UnreadableFile:
    """The refusal of a document that is broken inside."""
    return UnreadableFile(
        f"文档已损坏，读不出文字（{type(error).__name__}）",
        f"the document is damaged ({type(error).__name__})",
        where=where,
        todo="请重新导出或另存为 .docx",
        todo_en="export it again or save it as .docx",
    )


def _block(block: Any, lines: list[str], numbers: _Numbers, qn: Any, depth: int) -> None:
    if block.tag == qn("w:p"):
        text = _paragraph(block, qn)
        lines.append(numbers.of(block) + text if text.strip() else "")
    elif block.tag == qn("w:tbl"):
        for row in block.iter(qn("w:tr")):
            cells = [
                part
                for cell in row.iter(qn("w:tc"))
                for part in [
                    "".join(_paragraph(p, qn) for p in cell.iter(qn("w:p"))).replace("|", "｜"),
                    *[""] * (_span(cell, qn) - 1),
                ]
            ]
            lines.append("| " + " | ".join(cells) + " |")
    elif (
        block.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"))
        and depth < 20
    ):
        for child in block.iterchildren():
            _block(child, lines, numbers, qn, depth + 1)


def _span(cell: Any, qn: Any) -> int:
    """How many columns a cell of a Word table takes, 50 at the most."""
    held = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return min(max(_whole(held.get(qn("w:val"))), 1), 50) if held is not None else 1


def _paragraph(paragraph: Any, qn: Any) -> str:
    text, breaks, tab = qn("w:t"), (qn("w:br"), qn("w:cr")), qn("w:tab")
    skipped = (qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent"))
    parts = []
    for node in paragraph.iter(text, *breaks, tab):
        if any(parent.tag in skipped for parent in _parents(node, paragraph)):
            continue
        parts.append(
            (node.text or "")
            if node.tag == text
            else "\t"
            if node.tag == tab and node.getparent().tag == qn("w:r")
            else "\n"
            if node.tag in breaks
            else ""
        )
    return "".join(parts)


def _parents(node: Any, until: Any) -> Iterator[Any]:
    parent = node.getparent()
    while parent is not None and parent is not until:
        yield parent
        parent = parent.getparent()


class _Numbers:
    """Automatic numbers of paragraphs, counted as Word counts them, for the numbering formats of Chinese documents."""

    def __init__(self, opened: Any, qn: Any) -> None:
        self.qn = qn
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.abstract: dict[str, str] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.styles: dict[str, tuple[str, int]] = {}
        try:
            numbering = opened.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            numbering = None
        if numbering is not None:
            self._read(numbering)
        for style in opened.styles.element.iter(qn("w:style")):
            held = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if held is not None and held.find(qn("w:numId")) is not None:
                level = held.find(qn("w:ilvl"))
                self.styles[style.get(qn("w:styleId")) or ""] = (
                    held.find(qn("w:numId")).get(qn("w:val")),
                    _whole(level.get(qn("w:val")) if level is not None else "0"),
                )

    def _read(self, numbering: Any) -> None:
        qn = self.qn
        for held in numbering.iter(qn("w:abstractNum")):
            levels = {}
            for level in held.iter(qn("w:lvl")):
                kind, text, first = (
                    level.find(qn("w:numFmt")),
                    level.find(qn("w:lvlText")),
                    level.find(qn("w:start")),
                )
                levels[_whole(level.get(qn("w:ilvl")))] = (
                    kind.get(qn("w:val"), "decimal") if kind is not None else "decimal",
                    text.get(qn("w:val"), "") if text is not None else "",
                    _whole(first.get(qn("w:val"))) if first is not None else 1,
                )
            self.levels[held.get(qn("w:abstractNumId")) or ""] = levels
        for one in numbering.iter(qn("w:num")):
            pointed = one.find(qn("w:abstractNumId"))
            if pointed is not None:
                self.abstract[one.get(qn("w:numId")) or ""] = pointed.get(qn("w:val")) or ""

    def of(self, paragraph: Any) -> str:
        """The number in front of a paragraph, empty where it has none or a bullet."""
        qn = self.qn
        held = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        number, level = "", 0
        if held is not None:
            pointed, deep = held.find(qn("w:numId")), held.find(qn("w:ilvl"))
            number = pointed.get(qn("w:val"), "") if pointed is not None else ""
            level = _whole(deep.get(qn("w:val"))) if deep is not None else 0
        else:
            style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            number, level = self.styles.get(
                style.get(qn("w:val"), "") if style is not None else "", ("", 0)
            )
        levels = self.levels.get(self.abstract.get(number, ""), {})
        if number in ("", "0") or level not in levels:
            return ""
        counts = self.counts.setdefault(self.abstract[number], {})
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [k for k in counts if k > level]:
            del counts[deeper]
        kind, text, _ = levels[level]
        if kind in ("bullet", "none") or not text:
            return ""
        return re.sub(
            r"%(\d)",
            lambda found: _numeral(
                counts.get(int(found.group(1)) - 1, 1),
                levels.get(int(found.group(1)) - 1, ("decimal", "", 1))[0],
            ),
            text,
        )


def _whole(text: str | None) -> int:
    return int(text) if text and text.lstrip("-").isdigit() and len(text) < 10 else 0


def _numeral(number: int, kind: str) -> str:
    if (
        kind
        in (
            "chineseCounting",
            "chineseCountingThousand",
            "japaneseCounting",
            "ideographDigital",
            "taiwaneseCountingThousand",
        )
        and 0 < number < 100
    ):
        tens, ones = divmod(number, 10)
        digits = "零一二三四五六七八九"
        return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (
            digits[ones] if ones else ""
        )
    if kind in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 0 < number <= 20:
        return chr(0x245F + number)
    return str(number)


def _pdf(path: Path, where: Where) -> str:
    """Text layer of a PDF, page by page. Raises UnreadableFile for scans."""
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        opened = pypdf.PdfReader(str(path))
        if opened.is_encrypted and not opened.decrypt(""):
            raise protected(where)
        if len(opened.pages) > MAX_PAGES:
            raise UnreadableFile(
                f"页数过多（{len(opened.pages)}页）",
                f"too many pages ({len(opened.pages)})",
                where=where,
                todo="请拆分",
                todo_en="split it",
            )
        pages, characters = [], 0
        for page in opened.pages:
            pages.append(page.extract_text())
            characters += len(pages[-1])
            if characters > MAX_CHARACTERS:
                break
    except UnreadableFile:
        raise
    except (
        Exception,
        RecursionError,
    ) as error:  # pypdf raises many kinds of its own on damaged files
        if "Limit" in type(error).__name__:
            raise UnreadableFile(
                "PDF 的页面内容过大",
                "a page of the PDF is too large",
                where=where,
                todo="请重新导出，或另存为 .docx",
                todo_en="export it again or save it as .docx",
            ) from error
        raise UnreadableFile(
            f"PDF 已损坏，读不出文字（{type(error).__name__}）",
            f"the PDF is damaged ({type(error).__name__})",
            where=where,
            todo="请重新导出，或另存为 .docx",
            todo_en="export it again or save it as .docx",
        ) from error
    text = unicodedata.normalize("NFC", "\n".join(pages)).replace("\x00", "")
    if len(re.sub(r"\s", "", text)) < _SCAN * max(1, len(pages)):
        raise UnreadableFile(
            "这份 PDF 没有文字层，是扫描件或图片",
            "this PDF has no text layer: a scan or pictures",
            where=where,
            todo="请用 WPS 或 Acrobat 做文字识别后另存为 .docx，或找到可复制文字的版本",
            todo_en="run text recognition and save it as .docx, or find a version whose text can be copied",
        )
    return text
