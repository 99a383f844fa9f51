"""What a cell of a foreign table holds: a number, nothing, a mark that stands for a figure, or
words.

Numbers are read by ``basis/numbers.py`` and marks of footnotes by ``basis/marks.py``, as in every
form; brackets are negatives, and a mark behind a figure is cut and told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hengtan.basis.marks import has_mark, unmarked
from hengtan.basis.numbers import past_text_marker, split_number
from hengtan.basis.spelling import is_placeholder, plain, read_amount

MOST_DECIMALS = 4
"""Digits beyond the fourth come from converting units, not from measuring: a table in million
tonnes of coal equivalent is known to 100 t at best."""
LONGEST = 60
"""Signs of the longest text that is a figure."""
_NUMBERING = re.compile(r"^(?:\(?\d{1,2}\)|\d{1,2}\s*[、.．)])\s*(?=[^\W\d_])|^[#*]\s*")
_YEARS_IN_WORDS = re.compile(r"(?<!\d)(?:19|20)\d{2}\s*(?:年度?|[-—]\s*(?:19|20)\d{2}\s*年)")
_UNIT = re.compile(r"[^\s\d,.;%+-][^,;%]{0,11}")
_HIDDEN = {"x", "×", "*", "c", "n.a.", "na", "n/a"}
"""Marks that stand for a figure which is not shown."""


@dataclass(frozen=True)
class Figure:
    """What a cell holds: ``number`` (with value and decimals), ``empty``, ``mark`` (a figure that
    cannot be read as it stands) or ``word``.

    ``cut`` is a footnote mark that stood beside the number; a mark with a ``unit`` is a number of
    that unit.
    """

    kind: str
    value: float = 0.0
    decimals: int = 0
    cut: str = ""
    unit: str = ""


def read_figure(cell: str) -> Figure:
    """What a cell of a table holds.

    >>> read_figure("（1,897.2）").value, read_figure("128③").value, read_figure("65,1").kind
    (-1897.2, 128.0, 'mark')
    """
    inside, quote = past_text_marker(cell)
    text = plain(inside)
    if text.lower() in _HIDDEN:
        return Figure("mark")
    if not text or is_placeholder(text):
        return Figure("empty")
    figure, cut = unmarked(text)
    return _number(text, quote) or _number(figure, quote + cut) or _other(text, quote)


def is_figure(cell: str) -> bool:
    """Whether a cell is a number, marks beside it, brackets and a unit we know allowed.

    >>> is_figure("12%"), is_figure("35万吨①"), is_figure("3号楼"), is_figure("约5")
    (True, True, False, False)
    """
    if len(cell) > LONGEST or re.search(r"\d", cell) is None:
        return False
    return read_amount(cell) is not None or read_amount(unmarked(cell)[0]) is not None


def _number(text: str, cut: str) -> Figure | None:
    written = split_number(text)
    if written is None or written.rest:
        return None
    return Figure("number", written.value, min(written.decimals, MOST_DECIMALS), cut)


def _other(text: str, quote: str) -> Figure:
    """A number with a unit, a figure that cannot be read, or words."""
    if text.startswith("="):  # a formula without a stored result
        return Figure("mark")
    unnumbered = _YEARS_IN_WORDS.sub("", _NUMBERING.sub("", text))
    has_digit = re.search("[0-9]", unnumbered) is not None
    if not has_digit:
        return Figure("word")
    figure, cut = unmarked(text)
    written = split_number(figure)
    if written is not None and _UNIT.fullmatch(written.rest) and not has_mark(written.rest):
        decimals = min(written.decimals, MOST_DECIMALS)
        return Figure("mark", written.value, decimals, quote + cut, written.rest)
    is_short = len(re.findall(r"[^\W\d_]", unnumbered)) < 6
    return Figure("mark" if is_short or has_mark(text) else "word")
