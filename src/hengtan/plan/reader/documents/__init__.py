"""The text of a plan document: .txt, .md, .html, .docx, .pdf; a clear line for what cannot be read
(scans, .doc, .wps, passwords).

What a file is is told by its first bytes. Tables become lines with ``|`` between cells, as Markdown
writes them.
"""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from pathlib import Path

from hengtan.basis.apart import read_apart
from hengtan.basis.border import shaped
from hengtan.basis.errors import UnreadableFile, Where
from hengtan.ledger.reading.delimited import decode, is_text
from hengtan.ledger.reading.files import MAX_FILE_BYTES, OLE, protected
from hengtan.plan.reader.documents.limits import MAX_CHARACTERS, MAX_PAGES, MAX_XML
from hengtan.plan.reader.documents.markup import text_of_html, text_of_markdown
from hengtan.plan.reader.documents.pdf import text_of_pdf
from hengtan.plan.reader.documents.word import text_of_word
from hengtan.plan.reader.letters import ordinary
from hengtan.plan.reader.messages import refusal

__all__ = ["MAX_CHARACTERS", "MAX_PAGES", "MAX_XML", "Document", "read_document"]

_FIRST_BYTES = 4096
_LARGEST = 300_000_000
_ZIP, _PDF = b"PK\x03\x04", b"%PDF"


@dataclass(frozen=True)
class Document:
    """A document read: its file name, what it was, its text."""

    name: str
    kind: str
    text: str


def read_document(path: Path) -> Document:
    """Read a plan document. Raises UnreadableFile with what to do."""
    _opened(path, Where(path.name))
    answer = read_apart(f"{__name__}:{packed.__name__}", path.absolute())
    with shaped(Where(path.name)):
        name, kind, text = map(str, answer)
        return Document(name, kind, text)


def packed(path: Path) -> tuple[str, ...]:
    """The fields of a document, as another process is told of them."""
    return astuple(read_here(path))


def read_here(path: Path) -> Document:
    """The same in this process, which a hostile document may end."""
    where = Where(path.name)
    size, start = _opened(path, where)
    kind, text = _text(path, size, start, where)
    text = ordinary(text)
    if len(text) > MAX_CHARACTERS:
        raise refusal(UnreadableFile, "too_long", len(text), MAX_CHARACTERS, where=where)
    if not text.strip():
        raise refusal(UnreadableFile, "no_text", where=where)
    return Document(path.name, kind, text)


def _text(path: Path, size: int, start: bytes, where: Where) -> tuple[str, str]:
    """What a file is and its text."""
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(OLE):
        raise _old_format(path, where)
    if start.startswith(_ZIP):
        return "docx", text_of_word(path, size, where)
    if _PDF.lower() in head[:1024]:
        return "pdf", text_of_pdf(path, where)
    if head.startswith(b"{\\rtf"):
        raise refusal(UnreadableFile, "rtf", where=where)
    content, ending = path.read_bytes(), path.suffix.lower()
    begins_as_html = re.match(rb"<!doctype html|<html|<\?xml[^>]*>\s*<html", head)
    if ending in (".html", ".htm", ".mht") or begins_as_html:
        return "html", text_of_html(content, where)
    if not is_text(content):
        raise refusal(UnreadableFile, "unknown_document", where=where)
    text, _ = decode(content, where)
    if ending in (".md", ".markdown"):
        return "md", text_of_markdown(text)
    return "txt", text


def _opened(path: Path, where: Where) -> tuple[int, bytes]:
    """Size and first bytes of a file that may be a plan."""
    try:
        if not path.exists():
            raise refusal(UnreadableFile, "no_file", where=where)
        if not path.is_file():
            raise refusal(UnreadableFile, "no_document", where=where)
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(_FIRST_BYTES)
    except (OSError, ValueError) as error:
        raise refusal(UnreadableFile, "not_opened", error, where=where) from error
    if size == 0:
        raise refusal(UnreadableFile, "empty_file", where=where)
    packed = start.startswith((_ZIP, _PDF))
    if size > min(MAX_FILE_BYTES, _LARGEST) or (not packed and size > 4 * MAX_CHARACTERS):
        raise refusal(UnreadableFile, "file_too_large", size, where=where)
    return size, start


def _old_format(path: Path, where: Where) -> Exception:
    """The refusal of the formats of old, which also hold what is protected by a password."""
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        return protected(where)
    code = "old_wps" if path.suffix.lower() == ".wps" else "old_word"
    return refusal(UnreadableFile, code, where=where)
