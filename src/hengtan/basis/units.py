"""Units with the spellings of Chinese statistics: 万吨标准煤, 亿千瓦时, 万标箱, 亩, 立方米/万元.

Spellings and their canonical unit are rows of ``units.csv``; definitions of statistical units stand
in ``units.txt`` (pint). A unit is a spelling with an optional 百/千/万/十万/百万/千万/亿/万亿
before it. Amounts of a period carry no "per year".
"""

from __future__ import annotations

import csv
import difflib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from hengtan.basis.english_names import AsTyped, english_name
from hengtan.basis.errors import UnknownUnit
from hengtan.basis.marks import narrow

MULTIPLES: dict[str, float] = {
    "万亿": 1e12,
    "千亿": 1e11,
    "百亿": 1e10,
    "十亿": 1e9,
    "亿": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "十万": 1e5,
    "万": 1e4,
    "千": 1e3,
    "百": 1e2,
}


@dataclass(frozen=True)
class Unit:
    """A unit as spelled, the canonical unit of its kind, and ``factor``: canonical = amount ×
    factor.
    """

    spelling: str
    canonical: str
    factor: float


@cache
def _spellings() -> dict[str, tuple[str, str, float]]:
    text = (files("hengtan.basis") / "units.csv").read_text(encoding="utf-8")
    return {
        _plain(row["spelling"]): (row["definition"], row["canonical"], float(row["factor"]))
        for row in csv.DictReader(text.splitlines())
    }


@cache
def registry() -> Any:
    """The pint registry with the statistical units, for arithmetic on quantities."""
    import pint

    known: Any = pint.UnitRegistry()
    text = (files("hengtan.basis") / "units.txt").read_text(encoding="utf-8")
    known.load_definitions(
        [line for line in text.splitlines() if line and not line.startswith("#")]
    )
    return known


def _plain(text: str) -> str:
    plain = narrow(text).strip().strip("()[]")
    return re.sub(r"\s*([/*·])\s*", r"\1", plain)


_FIGURES = re.compile(
    r"(?:10\s*(?:\^|\*\*)\s*(?P<exponent>\d{1,2})"
    r"|(?P<round>1(?:0{1,8}|(?:[ ,]?0{1,3})(?:[ ,]0{3})*)))"
    r"\s*(?P<word>thousand|million|billion)?\s*(?=[^\d\s,])",
    re.IGNORECASE,
)
_WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_ENGLISH_MULTIPLE = re.compile(r"(thousand|million|billion)\s+(?=\S)", re.IGNORECASE)
_WORD = re.compile("[A-Z][A-Za-z]{3,}")
"""An English word (Tons), whose case says nothing; that of a symbol (MW, mg) does."""
_RAISED = str.maketrans(
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "0123456789"
)


def _with_powers(text: str) -> str:
    """Raised powers of ten written out, before they are folded to digits: 10⁴ is 10^4."""
    return re.sub(
        "(?<![0-9])10([\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+)",
        lambda match: f"10^{match[1].translate(_RAISED)}",
        text,
    )


def _after_figures(plain: str) -> list[tuple[str, float]]:
    """A unit after a power of ten in figures (10 000 tce, 10^4 tce, 10⁴ tce, 100 million kWh) or a
    word (million kWh), and the factor.
    """
    word = _ENGLISH_MULTIPLE.match(plain)
    if word is not None:
        return [(plain[word.end() :], _WORDS[word[1].lower()])]
    match = _FIGURES.match(plain)
    if match is None:
        return []
    if match["exponent"]:
        size = 10.0 ** int(match["exponent"])
    else:
        size = float(re.sub(r"[ ,]", "", match["round"]))
    size *= _WORDS.get((match["word"] or "").lower(), 1.0)
    return [(plain[match.end() :], size)]


@lru_cache(maxsize=65536)
def unit_of(text: str) -> Unit | None:
    """The unit of a spelling, None where it is none we know."""
    table = _spellings()
    plain = _plain_unit(text)
    candidates = [(plain, 1.0), *_after_figures(plain)]
    candidates += [
        (plain[len(word) :], size) for word, size in MULTIPLES.items() if plain.startswith(word)
    ]
    for rest, size in candidates:
        rest = re.sub("/(年|a)$", "", rest) or rest
        if rest not in table and _WORD.fullmatch(rest):
            rest = rest.lower()
        if rest in table:
            _, canonical, factor = table[rest]
            return Unit(text, canonical, size * factor)
    return None


def _plain_unit(text: str) -> str:
    return re.sub("^(?:单位|计量单位)[::]", "", _plain(_with_powers(text)))


@lru_cache(maxsize=4096)
def read_unit(text: str) -> Unit:
    """The unit of a spelling. Raises UnknownUnit with the nearest spellings.

    >>> read_unit("万吨标准煤").canonical, read_unit("万吨标准煤").factor
    ('tce', 10000.0)
    """
    unit = unit_of(text)
    if unit is not None:
        return unit
    near = difflib.get_close_matches(_plain_unit(text), list(_spellings()), n=3, cutoff=0.5)
    hint = f"，是否为：{'、'.join(near)}" if near else ""
    near_en = ", ".join(english_name(name) or name for name in near)
    raise UnknownUnit(
        f"不认识计量单位“{text}”{hint}",
        AsTyped(f"unknown unit '{text}'" + (f", perhaps {near_en}" if near else "")),
        todo="改用统计常用单位，如 万吨标准煤、亿千瓦时、%",
        todo_en="use a statistical unit such as 10⁴ tce, 10⁸ kWh, %",
    )


def defined_factor(spelling: str) -> float:
    """The factor of a spelling worked out by pint from its definition; ``units.csv`` carries it,
    and a test compares the two.

    So that reading a unit does not wait for pint.
    """
    definition, canonical, _ = _spellings()[_plain(spelling)]
    units = registry()
    goal = units.parse_expression(_spellings()[_plain(canonical)][0]).to_base_units()
    amount = units.parse_expression(definition).to_base_units()
    return float(f"{(amount / goal).to_base_units().magnitude:.15g}")


def defined_ratio(unit: str, to: str) -> float | None:
    """How many of ``to`` one ``unit`` is by their definitions, also where the house keeps the two
    apart (万平方米 and 公顷); None where they measure different things.

    Raises UnknownUnit. For advice: amounts are converted by ``conversion_factor`` alone.
    """
    source, target = read_unit(unit), read_unit(to)
    definitions = (_spellings()[_plain(known.canonical)][0] for known in (source, target))
    measured, wanted = map(registry().parse_expression, definitions)
    if measured.dimensionality != wanted.dimensionality:
        return None
    ratio = (measured / wanted).to_base_units().magnitude
    return float(f"{source.factor * ratio / target.factor:.12g}")


def normalise(value: float, unit: str) -> tuple[float, str]:
    """An amount in the canonical unit of its kind. Raises UnknownUnit.

    >>> normalise(3, "百万吨")
    (3000000.0, 't')
    """
    known = read_unit(unit)
    return value * known.factor, known.canonical


def convert(value: float, unit: str, to: str) -> float:
    """An amount of one unit in another of the same kind. Raises UnknownUnit across kinds.

    >>> convert(1.5, "万家", "个")
    15000.0
    """
    return value * conversion_factor(unit, to)


def conversion_factor(unit: str, to: str) -> float:
    """How many of ``to`` one ``unit`` is.

    Raises UnknownUnit across kinds (个 and 家 are both counts).
    """
    source, target = read_unit(unit), read_unit(to)
    if source.canonical != target.canonical:
        raise UnknownUnit(
            f"“{unit}”不能换算成“{to}”",
            f"'{unit}' cannot be converted to '{to}'",
            todo="检查计量单位",
            todo_en="check the unit",
        )
    return float(f"{source.factor / target.factor:.15g}")
