"""Where a figure stands, for people: a source without the addresses at which its text was read. The
whole source stands in the part of a page that is for programs.
"""

from __future__ import annotations

import re

from hengtan.instruments.law_titles import CHINESE, law_in_english
from hengtan.report.words import word

_PATH = r"(?: (?:[^\s；;，]*\.(?:md|json)|[\w.\-]+/[\w./\-]*))?"
_HOST = r"(?:[\w-]+\.)+(?:com|cn|net|org|shop|ai)\b"
_PLACE = (
    r"(?: (?!\d{4}-\d\d-\d\d)(?:[a-z]\w*\.php\?\S+|author/\d+|news[,/]\S+"
    r"|[A-Za-z\d-]*\d[\w-]{2,}))?"
)
ADDRESS = re.compile(
    rf"https?://[^\s，。；;、）)]+"
    rf"|github [\w.-]+/[\w.-]+{_PATH}"
    rf"|{_HOST}(?:[/?][^\s，。；;、）)]*)?{_PLACE}",
    re.ASCII,
)
"""Addresses of pages and files as sources name them: of the web, of repositories with a path, of
hosts with the number of a page.
"""


def without_addresses(text: str, lang: str = "zh") -> str:
    """A source, or a sentence that names one, with a word in place of each address."""
    return ADDRESS.sub(word("citation.address", lang), text)


def cited(law: str, lang: str = "zh") -> str:
    """A law or document as a page cites it: in English by its title with the Chinese behind it;
    one that has none by its Chinese title, called that of the original.
    """
    if lang != "en" or not CHINESE.search(law):
        return law
    said = law_in_english(law)
    return f"{said} ({law})" if said else word("citation.original", lang, title=law)
