"""Where a value of a case stands, as errors tell it in both languages: outlets, row 2, sulphur
dioxide.
"""

from __future__ import annotations

from dataclasses import dataclass

from hengtan.instruments.english import english


@dataclass(frozen=True)
class Within:
    """What stands before the name of an input; empty for one of the case itself."""

    zh: str = ""
    en: str = ""

    def row(self, number: int, zh: str = "") -> Within:
        """A row, from 1, of an input of the name ``zh``, or of the one told already."""
        return Within(
            f"{self.zh}{zh}第{number}行 ", f"{self.en}{english(zh)} row {number}, ".lstrip()
        )

    def part(self, name: str) -> Within:
        """A part of an input, by its name in the case."""
        return Within(f"{self.zh}{name} ", f"{self.en}{name} ")

    def called(self, zh: str) -> tuple[str, str]:
        """An input of the name ``zh`` with where it stands, in both languages."""
        return f"{self.zh}{zh}", f"{self.en}{english(zh)}"


ITSELF = Within()
"""The case itself."""
