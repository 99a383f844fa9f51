"""The lights of a target: one table of name, level, mark, colours and words for terminal, page, Excel, Word, picture.

The three levels are those of the energy barometer (能耗强度预警晴雨表, 发改办环资〔2021〕629号): 1 red, 2 orange, 3 green.
The rest are our own: what is due is met, missed or not reported, and what cannot be judged is grey.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hengtan.basis.words import Words


@dataclass(frozen=True)
class Light:
    """One light and how it is shown.

    ``level`` is that of the barometer, None for the others. ``mark`` tells the lights apart without colour. ``ink`` is
    for text, lines and bars on white and ``pale`` lies behind it on a screen; ``fill`` and ``fill_ink`` are the same for
    printed tables. Colours are ``#rrggbb``. ``terminal`` is a style of the library Rich.
    """

    name: str
    level: int | None
    mark: str
    ink: str
    pale: str
    fill: str
    fill_ink: str
    terminal: str

    @property
    def order(self) -> int:
        """Its place in every list and count: the most pressing first."""
        return tuple(LIGHTS).index(self.name)

    def title(self, language: str = "zh") -> str:
        """Its name: 绿灯, green."""
        return _words().say(f"light.{self.name}", language)

    def meaning(self, language: str = "zh") -> str:
        """What it says of the target: 正常, On track."""
        return _words().say(f"light.{self.name}.meaning", language)

    def colour(self, language: str = "zh") -> str:
        """Its colour, or what stands for one, in a single word: 绿, green."""
        return _words().say(f"light.{self.name}.colour", language)


def _words() -> Words:
    return Words.of("hengtan.basis")


_TABLE = (
    Light("red", 1, "■", "#b3261e", "#fbe9e7", "#F8D0CC", "#7F1D14", "red"),
    Light("orange", 2, "▲", "#a54b06", "#fdf0e0", "#FCE3C4", "#7A3A05", "dark_orange"),
    Light("green", 3, "●", "#1b7a48", "#e6f3ec", "#D5EBDD", "#14532D", "green"),
    Light("met", None, "✔", "#0b6a8a", "#e3f1f6", "#CFE7F0", "#084B63", "bold green"),
    Light("missed", None, "✘", "#7d1f3f", "#f7e6ec", "#EFD0DB", "#5E162F", "bold red"),
    Light("due_not_reported", None, "◆", "#6a3d9a", "#f0e9f7", "#E3D6F1", "#4A2A70", "magenta"),
    Light("grey", None, "○", "#59636e", "#eff1f3", "#E5E8EB", "#3E4C59", "bright_black"),
)

LIGHTS: Mapping[str, Light] = {light.name: light for light in _TABLE}
"""Every light by name, the most pressing first."""

BY_LEVEL: Mapping[int, Light] = {light.level: light for light in _TABLE if light.level is not None}
"""The three lights of the barometer by level: 1 red, 2 orange, 3 green."""


def of_level(level: int | None) -> Light:
    """The light of a level of the barometer; grey where nothing was judged (None or 0)."""
    return BY_LEVEL.get(level or 0, LIGHTS["grey"])
