"""Fonts for PDF: for each use the font an office would take, else another Chinese font of this
machine; none at all is an error, never boxes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

from hengtan.basis.border import yaml_of
from hengtan.basis.errors import HengtanError
from hengtan.report.words import error, word

FAMILIES: Mapping[str, Any] = yaml_of(
    files("hengtan.report.pdf").joinpath("families.yaml").read_text(encoding="utf-8")
)
WANTED: Mapping[str, Sequence[str]] = FAMILIES["wanted"]
"""What an office would take for each use."""
STAND_IN: Mapping[str, Sequence[str]] = {
    use: [*chain.from_iterable(FAMILIES[kind] for kind in kinds)]
    for use, kinds in FAMILIES["stand_in"].items()
}
"""What stands in where a machine has not the font that was asked for."""
UNSEEN = ("Cc", "Cf")
"""Unicode categories of signs that are not written: controls, marks of direction."""


class NoChineseFont(HengtanError):
    """This machine has no font with Chinese letters."""


@dataclass(frozen=True)
class Lettering:
    """The family for each use, and what stands in for the fonts that are not here."""

    families: Mapping[str, str]
    substituted: Mapping[str, str]
    letters: frozenset[int]
    """Code points that the fonts of this machine can write."""

    def readable(self, text: str) -> str:
        """The text with what no font here can write as its code (〔U+2CEDA〕) instead of a box."""
        return "".join(self._letter(letter) for letter in text)

    def _letter(self, letter: str) -> str:
        if letter in "\n\t" or ord(letter) in self.letters:
            return letter
        if unicodedata.category(letter) in UNSEEN:
            return ""
        return f"〔U+{ord(letter):04X}〕"

    def told(self, lang: str = "zh") -> str:
        """Which fonts stand in for others, empty where none does."""
        pairs = [
            word("pdf.stands_in", lang, wanted=word(f"pdf.font.{use}", lang), used=used)
            for use, used in self.substituted.items()
        ]
        return (
            word("pdf.substituted", lang, pairs=word("list.comma", lang).join(pairs))
            if pairs
            else ""
        )


@cache
def installed() -> Any:
    """The fonts of this machine as typst finds them."""
    import typst

    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)


@cache
def lettering() -> Lettering:
    """The fonts used on this machine. Raises NoChineseFont."""
    fonts = installed()
    families = chosen(fonts.families())
    substituted = {
        use: families[use] for use, names in WANTED.items() if names and families[use] not in names
    }
    return Lettering(families, substituted, _letters(fonts.fonts(), families.values()))


def chosen(names: Iterable[str]) -> dict[str, str]:
    """The family of each use out of those there are. Raises NoChineseFont."""
    there = set(names)
    families: dict[str, str] = {}
    for use, stand_in in STAND_IN.items():
        family = next((n for n in (*WANTED[use], *stand_in) if n in there), None)
        if family is None:
            raise error(NoChineseFont, "pdf.no_font")
        families[use] = family
    return families


def _letters(fonts: Iterable[Any], families: Iterable[str]) -> frozenset[int]:
    """What the chosen families can write; the typesetter takes a letter from whichever has it."""
    from fontTools.ttLib import TTFont

    wanted, covered = set(families), []
    for font in fonts:
        if font.family in wanted and font.path:
            wanted.discard(font.family)
            with TTFont(font.path, fontNumber=font.index, lazy=True) as opened:
                covered.append(frozenset(opened.getBestCmap() or ()))
    return frozenset().union(*covered)
