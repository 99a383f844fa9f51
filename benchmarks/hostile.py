"""Hostile files that look like plan documents: some 50 MB, or that unpack to far more."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

SIZE = 50_000_000
SENTENCE = "到2025年，森林覆盖率达到57%，"
NAMES = {
    "text": "a.txt",
    "markup": "a.html",
    "word": "a.docx",
    "word bomb": "b.docx",
    "pdf": "a.pdf",
    "pdf bomb": "b.pdf",
}
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
CONTENT_TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
    '"/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONSHIPS = (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}" '
    'Target="word/document.xml"/></Relationships>'
)
PDF_LINE = b"BT /F1 12 Tf 72 700 Td (A plan with a text layer) Tj ET\n"


def hostile_file(kind: str, folder: Path) -> Path:
    """A hostile file of a kind of ``NAMES``, written into a folder."""
    path = folder / NAMES[kind]
    if kind == "text":
        path.write_text(SENTENCE * (SIZE // len(SENTENCE.encode())), encoding="utf-8")
    elif kind == "markup":
        path.write_text("<html><body>" + "<div>" * (SIZE // 5), encoding="utf-8")
    elif kind.startswith("word"):
        _word(path, bomb=kind == "word bomb")
    else:
        _pdf(path, bomb=kind == "pdf bomb")
    return path


def _word(path: Path, *, bomb: bool) -> None:
    """A Word file of so many bytes; the bomb is four times as long and compressed."""
    paragraphs = "".join(
        f"<w:p><w:r><w:t>{SENTENCE}{number}</w:t></w:r></w:p>" for number in range(1000)
    )
    size = SIZE * 4 if bomb else SIZE
    text = paragraphs * (size // len(paragraphs.encode()))
    body = f'<w:document xmlns:w="{WORD}"><w:body>{text}</w:body></w:document>'
    compression = zipfile.ZIP_DEFLATED if bomb else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", RELATIONSHIPS)
        archive.writestr("word/document.xml", body.encode())


def _pdf(path: Path, *, bomb: bool) -> None:
    """A PDF whose only page has so many bytes of text; the bomb unpacks to eight times that."""
    stream = PDF_LINE * ((400_000_000 if bomb else SIZE) // len(PDF_LINE))
    filtered = b""
    if bomb:
        stream, filtered = zlib.compress(stream), b" /Filter /FlateDecode"
    length = b"<< /Length %d%s >>" % (len(stream), filtered)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        length + b"\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    with path.open("wb") as out:
        out.write(b"%PDF-1.4\n")
        places = []
        for number, body in enumerate(objects, start=1):
            places.append(out.tell())
            out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
        start = out.tell()
        out.write(b"xref\n0 6\n0000000000 65535 f \n")
        out.writelines(b"%010d 00000 n \n" % place for place in places)
        out.write(b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
