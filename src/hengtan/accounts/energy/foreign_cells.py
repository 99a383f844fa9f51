"""Printed figures of foreign tables: a number, nothing, a mark that stands for a figure, or words.

Brackets are negatives; a footnote mark behind a figure is cut and told, never read as a digit.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace

from hengtan.accounts.energy.foreign_names import pattern
from hengtan.basis.errors import UnknownUnit
from hengtan.basis.units import read_unit

MOST_DECIMALS = 4
"""Digits beyond the fourth come from converting units, not from measuring: a table in million
tonnes of coal equivalent is known to 100 t at best."""
_EMPTY = {"", "-", "--", "---", "…", "...", "……", "·", "/", "."}
_MINUS = str.maketrans(
    {"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2010": "-", "\u2011": "-", "\u2015": "-"}
)
_MARKS = (
    "[\u00b9\u00b2\u00b3\u2070-\u2079\u2460-\u249b\u2776-\u277f\u24d0-\u24e9"
    "*\uff0a\u2020\u2021\u00a7\u203b]+"
)
_BEHIND = rf"{_MARKS}|\[\d{{1,2}}\]|[\u02b0-\u02b8\u1d2c-\u1d6a]+|\s[a-z]\)"
"""Marks that may stand behind a figure: 128③, 128[1], 128ᵃ, 128 a)."""
_NOTED = re.compile(rf"^(?P<figure>.*\d[)）]?)\s*(?P<mark>{_BEHIND})$|^(?P<m>{_MARKS})(?P<f>.*\d)$")
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:[eE][-+]?\d{1,2})?|[-+]?\.\d+")
_BRACKETS = re.compile(r"\(([^()-]+)\)")
_BLANKS = re.compile(r"(?<=\d)[\s\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_NUMBERING = re.compile(r"^(?:\(?\d{1,2}\)|\d{1,2}\s*[、.．)])\s*(?=[^\W\d_])|^[#*]\s*")
_MEASURED = re.compile(r"(?P<number>[-+]?[\d,]*\.?\d+)\s*(?P<unit>[^\s\d,.;%+-][^,;%]{0,11})")
_DIGIT = re.compile("[0-9\uff10-\uff19]")
_HIDDEN = {"x", "×", "*", "c", "n.a.", "na", "n/a"}


@dataclass(frozen=True)
class Figure:
    """What a cell holds: ``number`` (with value and decimals), ``empty``, ``mark`` (a figure that
    cannot be read as it stands) or ``word``.

    ``cut`` is a footnote mark that stood behind the number; a mark with a ``unit`` is a number of
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
    raw = cell.strip().strip("'")
    noted = _NOTED.match(raw)
    cut = (noted["mark"] or noted["m"]) if noted else ""
    figure = (noted["figure"] or noted["f"]) if noted else raw
    if re.search(_MARKS, figure):
        return Figure("mark" if _DIGIT.search(re.sub(_MARKS, "", figure)) else "word")
    text = unicodedata.normalize("NFKC", figure)
    text = text.translate(_MINUS).strip()
    if text in _EMPTY:
        return Figure("empty")
    bare = _BLANKS.sub("", _BRACKETS.sub(r"-\1", re.sub(r"(?<=^[-+])\s+", "", text)))
    if _NUMBER.fullmatch(bare):
        return _number(bare.replace(",", ""), cut)
    if text.startswith("="):  # a formula without a stored result
        return Figure("mark")
    unnumbered = pattern("years_in_words").sub("", _NUMBERING.sub("", text))
    measured = _MEASURED.match(bare)
    if measured and _DIGIT.search(unnumbered) and _NUMBER.fullmatch(measured["number"]):
        number = _number(measured["number"].replace(",", ""), cut)
        return replace(number, kind="mark", unit=measured["unit"].strip("() "))
    if _DIGIT.search(unnumbered) and len(re.findall(r"[^\W\d_]", text)) < 6:
        return Figure("mark")
    return Figure("mark" if text.lower() in _HIDDEN else "word")


def _number(text: str, cut: str) -> Figure:
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return Figure("number", float(text), min(decimals, MOST_DECIMALS), cut)


def in_unit(figure: Figure, unit: str) -> Figure:
    """A number with a unit of its own in the unit of its column; as it is where one of them is not
    known or they are of different kinds.
    """
    if not figure.unit or not unit:
        return figure
    try:
        own, wanted = read_unit(figure.unit), read_unit(unit)
    except UnknownUnit:
        return figure
    if own.canonical != wanted.canonical:
        return figure
    value = float(f"{figure.value * own.factor / wanted.factor:.15g}")
    shift = round(math.log10(wanted.factor / own.factor))
    return Figure("number", value, min(figure.decimals + shift, MOST_DECIMALS), figure.cut)
