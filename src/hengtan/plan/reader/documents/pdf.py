"""The text layer of a PDF, page by page; scans are refused."""

from __future__ import annotations

import logging
import re
import unicodedata
from pathlib import Path

from hengtan.basis.errors import HengtanError, UnreadableFile, Where
from hengtan.ledger.reading.files import protected
from hengtan.plan.reader.documents.limits import LEAST_OF_A_PAGE, MAX_CHARACTERS, MAX_PAGES
from hengtan.plan.reader.documents.pdf_tables import PagesWithTables
from hengtan.plan.reader.messages import refusal


def text_of_pdf(path: Path, where: Where) -> str:
    """Text of a PDF. Raises UnreadableFile for scans, for what is protected, damaged or too
    large."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = _pages(path, where)
    except UnreadableFile:
        raise
    except (Exception, RecursionError) as error:  # pypdf raises many kinds of its own
        raise _broken(error, where) from error
    text = unicodedata.normalize("NFC", "\n".join(pages)).replace("\x00", "")
    if len(re.sub(r"\s", "", text)) < LEAST_OF_A_PAGE * max(1, len(pages)):
        raise refusal(UnreadableFile, "scan", where=where)
    return text


def _pages(path: Path, where: Where) -> list[str]:
    """The text of each page, as far as a plan may be long."""
    import pypdf

    opened = pypdf.PdfReader(str(path))
    if opened.is_encrypted and not opened.decrypt(""):
        raise protected(where)
    if len(opened.pages) > MAX_PAGES:
        raise refusal(UnreadableFile, "too_many_pages", len(opened.pages), where=where)
    pages: list[str] = []
    characters = 0
    tables = PagesWithTables(path)
    for number, page in enumerate(opened.pages):
        pages.append(tables.text_of(number, page) or page.extract_text())
        characters += len(pages[-1])
        if characters > MAX_CHARACTERS:
            break
    return pages


def _broken(error: BaseException, where: Where) -> HengtanError:
    """What pypdf could not read: more than it unpacks, or damage."""
    kind = type(error).__name__
    if "Limit" in kind:
        return refusal(UnreadableFile, "page_too_large", where=where)
    return refusal(UnreadableFile, "damaged_pdf", kind, where=where)
