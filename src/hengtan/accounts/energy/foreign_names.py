"""Words of foreign balances: which row, product, year, kind of quantity or unit a title names.

Spellings are rows of the pack table ``balance_names``; patterns and the ways of writing that
count as the same stand in ``layouts.yaml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import yaml

from hengtan.basis.errors import UnknownUnit
from hengtan.basis.marks import unmarked
from hengtan.basis.units import read_unit

FIRST_HAN, LAST_HAN = 0x4E00, 0x9FFF
LEAST_YEAR, LAST_YEAR = 1949, 2099
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9 ,.&'/-]*")
_POWER = re.compile("(?<![0-9])10([\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+)")
_NOTED = re.compile(
    "(?:\\s+[a-z]\\)|[\u00b2\u00b3\u00b9\u02b0-\u02b8\u1d2c-\u1d6a\u2070-\u209c])+$"
)
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2010": "-", "\u2011": "-"})


@cache
def _layouts() -> dict[str, Any]:
    text = (files("hengtan.accounts.energy") / "layouts.yaml").read_text(encoding="utf-8")
    layouts: dict[str, Any] = yaml.safe_load(text)
    return layouts


@cache
def pattern(name: str) -> re.Pattern[str]:
    """A pattern of ``layouts.yaml``."""
    return re.compile(_layouts()[name])


@cache
def _same() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(written), plain) for written, plain in _layouts()["same"])


def half_width(cell: str) -> str:
    """A text in half-width forms, without blanks around it; raised powers of ten as 10^4."""
    powers = _POWER.sub(lambda match: f"10^{unicodedata.normalize('NFKC', match[1])}", cell)
    return unicodedata.normalize("NFKC", powers).strip()


def is_chinese(text: str) -> bool:
    """Whether a text holds a Chinese sign."""
    return any(FIRST_HAN <= ord(letter) <= LAST_HAN for letter in text)


def without_notes(text: str) -> str:
    """A title without the footnote marks behind it: 工业①, Industry a), 2010*.

    >>> without_notes("工业①"), without_notes("Industry a)"), without_notes("(10⁴ tons)")
    ('工业', 'Industry', '(10⁴ tons)')
    """
    words = text.strip()
    return _NOTED.sub("", unmarked(words)[0]) or words


def plain(text: str) -> str:
    """A title without blanks, marks, numbering, signs in brackets, full-width forms, case."""
    bare_of_marks = unicodedata.normalize("NFKC", without_notes(text))
    word = re.sub(r"[\s_]+", "", bare_of_marks).translate(_MINUS)
    while (bare := pattern("numbering").sub("", word)) != word:
        word = bare
    for name in ("sign_marks", "of_which", "unit_behind"):
        word = pattern(name).sub("", word)
    return word.lower().rstrip(":：")


@cache
def folded(text: str) -> str:
    """A title in the one form that all its ways of writing share: 本市调出量 and 调出."""
    word = plain(text)
    for written, same in _same():
        word = written.sub(same, word)
    return word


def is_part(text: str) -> bool:
    """Whether a title says that it is a part of the row above it (其中, #, *) or a ratio of rows
    (比上年增长（%）): neither is a term of its own.
    """
    word = re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", text))
    return bool(pattern("part_marks").match(word) or pattern("ratio_words").search(word))


@dataclass(frozen=True)
class Names:
    """Spellings of rows and of products → code; ``titles``: code → its first spelling."""

    rows: Mapping[str, str]
    products: Mapping[str, str]
    titles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Sequence[Mapping[str, Any]]) -> Names:
        """From rows of the pack table ``balance_names``; of two packs the later one counts."""
        by_kind: dict[str, dict[str, str]] = {"row": {}, "product": {}}
        titles: dict[str, str] = {}
        for name in names:
            by_kind[name["kind"]][folded(name["spelling"])] = name["code"]
            titles.setdefault(name["code"], name["spelling"])
        return cls(by_kind["row"], by_kind["product"], titles)

    def row(self, cell: str) -> str | None:
        """The code of a row's title."""
        return _code(cell, self.rows)

    def product(self, cell: str) -> str | None:
        """The code of a product's title, also with its year, kind or unit behind it."""
        return _code(cell, self.products) or _code(bare(cell), self.products)

    @cached_property
    def by_length(self) -> list[tuple[str, str]]:
        """Spellings of products, the longest first."""
        return sorted(self.products.items(), key=lambda item: -len(item[0]))

    def product_in_title(self, title: str) -> str | None:
        """The one product a title of the table is about: 某市电力平衡表."""
        word = folded(title)
        for spelling, code in self.by_length:
            about = word.partition(spelling)[2]
            if spelling in word and pattern("balance_word").match(about):
                return code
        named = pattern("product_named").search(half_width(title))
        return self.product(named.group(1)) if named else None


def _code(cell: str, names: Mapping[str, str]) -> str | None:
    """The code of a title; of a bilingual one (原煤 Raw Coal) that of its Chinese part."""
    if not cell.strip():
        return None
    whole = names.get(folded(cell))
    if whole is not None:
        return whole
    text = unicodedata.normalize("NFKC", cell)
    chinese = _LATIN.sub("", text)
    return names.get(folded(chinese)) if is_chinese(chinese) and chinese != text else None


def bare(cell: str) -> str:
    """A title without the year, the kind of quantity and the unit it holds."""
    text = pattern("year").sub("", half_width(cell))
    text = re.sub(pattern("kind_word").pattern, "", text)
    name, slash, unit = text.rpartition("/")
    if slash and _is_unit(unit):
        text = name
    return re.sub(r"[(\[][^()\[\]]*[)\]]", "", text).strip()


def years_in(text: str) -> Iterator[int]:
    """Years a text names."""
    for year in pattern("year").findall(half_width(without_notes(text))):
        if LEAST_YEAR <= int(year) <= LAST_YEAR:
            yield int(year)


def only_year(text: str) -> int | None:
    """The year a text names and nothing else: 2005, 2005年."""
    whole = pattern("year").fullmatch(half_width(without_notes(text)).removesuffix(".0"))
    return int(whole.group(1)) if whole and list(years_in(whole.group(1))) else None


def year_of_head(text: str) -> int | None:
    """The year that a head names beside its unit alone: 2005/万吨, 2005年（万吨标准煤）."""
    year = only_year(text)
    if year is not None:
        return year
    rest = pattern("year").sub("", half_width(text), count=1).strip("/|,;、 ")
    years = list(years_in(text))
    return years[0] if len(years) == 1 and unit_of(rest) is not None else None


def kind_of(text: str) -> str | None:
    """Whether a title says physical or standard quantity; None where it says neither."""
    words = half_width(text).lower()
    if pattern("standard_title").search(words):
        return "standard"
    return "physical" if pattern("physical_title").search(words) else None


def unit_of(text: str) -> str | None:
    """The unit a title is, names or holds in brackets; None where it holds none."""
    words = half_width(text)
    named = pattern("unit_named").search(words)
    parts = [named.group(1)] if named else [words, *re.findall(r"[(\[]([^()\[\]]*)[)\]]", words)]
    parts.append(words.rpartition("/")[2])
    return next((part.strip() for part in parts if _is_unit(part)), None)


def units_by_kind(cells: Sequence[str]) -> dict[str, str]:
    """The units of physical and standard quantities where a line states both: 单位：（实物量）
    亿千瓦时、（标准量）万吨标准煤.
    """
    stated: dict[str, str] = {}
    for cell in cells:
        for kind, unit in pattern("kind_unit").findall(half_width(cell)):
            if _is_unit(unit):
                stated[str(kind_of(kind))] = unit
    return stated if len(stated) > 1 else {}


def _is_unit(text: str) -> bool:
    if not text.strip() or text.strip().isdigit():
        return False
    try:
        read_unit(text.strip())
    except UnknownUnit:
        return False
    return True
