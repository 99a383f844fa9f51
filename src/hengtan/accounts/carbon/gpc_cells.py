"""Cells of GPC inventories as people leave them: numbers, notation keys, or both."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from hengtan.basis.notation import Notation, read_notation

KEYS = ("NO", "NE", "IE", "NA", "C")
EMPTY = ("", "-", "--", "—", "–", "…", ".", "n.a", "#N/A")
_REFERENCE = re.compile(
    r"(?<![A-Za-z.\d])(VI|IV|V|III|II|I)\s*\.\s*(\d{1,2})(?:\s*\.\s*(\d{1,2}))?(?!\s*\.?\s*\d)"
)
_NUMBER = re.compile(r"^[-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?$")
_UNIT = re.compile(r"\s*(T|MT|KT|GG|TCO2E?|MTCO2E?|KTCO2E?|TONNES?|METRIC TONNES)(\s*CO2E?)?$")
_KEYS = re.compile(r"\b(NO|NE|IE|NA|C)\b")
_BOTH = re.compile(r"^([-+]?[\d,]+(?:\.\d+)?)\s*[;,/]?\s*\(?((?:NO|NE|IE|NA|C)\b.*?)\)?$")


@dataclass(frozen=True)
class Cell:
    """A cell as read: value [unit of the inventory] or None, its notation keys, the digits it was
    printed with, and what is wrong with it.
    """

    text: str
    value: float | None = None
    keys: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    decimals: int = 0
    problem: str = ""

    @property
    def blank(self) -> bool:
        """Whether the cell says nothing at all."""
        return self.value is None and not self.keys and not self.problem


def read_cell(text: str | None) -> Cell:
    """A cell: a number (thousands separators, full-width digits, a unit behind it), notation keys
    also dirty ones, a dash or blank, or both a number and a key.
    """
    raw = text or ""
    plain = unicodedata.normalize("NFKC", raw).replace("\u2212", "-").strip().strip("'\"").strip()
    if plain in EMPTY:
        return Cell(raw)
    upper = plain.upper().replace("N/A", "NA").replace("N.A.", "NA")
    notes = read_notation(upper) or _loose(upper)
    number = re.sub(r"^\((.+)\)$", r"-\1", _UNIT.sub("", upper).replace(" ", ""))
    if _NUMBER.match(number):
        return Cell(raw, _value(number), decimals=_decimals(number))
    if notes:
        keys = tuple(note.key for note in notes)
        elsewhere = tuple(reference_in(n.elsewhere) or n.elsewhere for n in notes if n.elsewhere)
        return Cell(raw, 0.0 if set(keys) == {"NO"} else None, keys, elsewhere)
    if both := _BOTH.match(upper):
        number, keys_text = both.groups()
        both_keys = tuple(_KEYS.findall(keys_text))
        return Cell(raw, _value(number), both_keys, decimals=_decimals(number))
    return Cell(raw, problem="unreadable")


def _value(number: str) -> float:
    return float(number.replace(",", ""))


def _decimals(number: str) -> int:
    return len(number.partition(".")[2].upper().split("E")[0])


def _loose(text: str) -> tuple[Notation, ...]:
    """Notation keys behind other spellings: ``IE: II.1.1``, ``NO - NE``, ``IE II.1.1``."""
    words = re.split(r"[\s;,:/&+-]+|(?=\()", text)
    notes: list[Notation] = []
    for word in filter(None, words):
        reference = reference_in(word)
        if word in KEYS:
            notes.append(Notation(word))
        elif reference and notes and notes[-1].key == "IE":
            notes[-1] = Notation("IE", reference)
        else:
            return ()
    return tuple(notes)


def reference_in(text: str | None) -> str | None:
    """The GPC reference a text holds (``I.1.1``); None where it holds none."""
    match = _REFERENCE.search(unicodedata.normalize("NFKC", text or "").upper())
    return ".".join(p for p in match.groups() if p) if match else None


def references_in(text: str) -> list[str]:
    """All GPC references a text holds: ``III.1.1 + III.1.3``."""
    matches = _REFERENCE.finditer(unicodedata.normalize("NFKC", text).upper())
    return [".".join(p for p in match.groups() if p) for match in matches]
