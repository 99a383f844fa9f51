"""How a name may be typed: its Chinese letters, its English, its code, its pinyin in full and by
initials. Readings of letters with several go by the phrase they stand in (重庆 is chong qing).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

LONGEST, MOST_WORDS = 100, 8
"""Characters and words of what is looked for; the rest is not looked at."""
SHORTEST_INITIALS, SHORTEST_MIXED = 2, 3
"""Letters from which on initials, and syllables mixed with initials, are looked for."""
REMEMBERED = 50_000


def plain(text: str) -> str:
    """A text as it is compared: full-width signs as ASCII, small letters, ü as v."""
    return unicodedata.normalize("NFKC", text).lower().replace("ü", "v")


def words_of(text: str) -> tuple[str, ...]:
    """The words somebody looks for."""
    return tuple(plain(text[:LONGEST]).split()[:MOST_WORDS])


@dataclass(frozen=True, slots=True)
class Pinyin:
    """The syllables of a name: joined, where each starts in that, and their first letters."""

    syllables: tuple[str, ...]
    joined: str
    starts: frozenset[int]
    initials: str
    letters: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Pinyin:
        """The pinyin of a name; Latin letters and figures in it stand for themselves."""
        syllables = _syllables(text)
        starts, place = set(), 0
        for syllable in syllables:
            starts.add(place)
            place += len(syllable)
        initials = "".join(
            syllable if is_latin else syllable[0]
            for syllable, is_latin in zip(syllables, _latin(text, len(syllables)), strict=True)
        )
        joined = "".join(syllables)
        return cls(syllables, joined, frozenset(starts), initials, frozenset(joined))

    def full(self, word: str) -> int | None:
        """Where a word of syllables starts, the last one perhaps not typed to its end."""
        place = self.joined.find(word)
        while place >= 0:
            if place in self.starts:
                return place
            place = self.joined.find(word, place + 1)
        return None

    def mixed(self, word: str) -> bool:
        """Whether a word is syllables and initials mixed: senlfg, 森林覆盖."""
        first, syllables = word[0], self.syllables
        if first not in self.initials or not self.letters.issuperset(word):
            return False
        return any(
            syllable[0] == first and _spelled(word, syllables, at)
            for at, syllable in enumerate(syllables)
        )


def _spelled(word: str, syllables: tuple[str, ...], at: int) -> bool:
    """Whether the word is spelled by the syllables from ``at`` on, each by at least a letter."""
    if not word:
        return True
    if at == len(syllables):
        return False
    syllable, same = syllables[at], 0
    while same < len(syllable) and same < len(word) and syllable[same] == word[same]:
        same += 1
    return any(_spelled(word[taken:], syllables, at + 1) for taken in range(same, 0, -1))


@lru_cache(maxsize=REMEMBERED)
def _pieces(text: str) -> tuple[tuple[str, bool], ...]:
    """Syllables and pieces of Latin letters and figures, each with whether it is Latin."""
    from pypinyin import Style, lazy_pinyin

    pieces: list[tuple[str, bool]] = []
    for run, is_chinese in _runs(plain(text)):
        if is_chinese:
            pieces += [(plain(s), False) for s in lazy_pinyin(run, style=Style.NORMAL) if s]
        else:
            pieces.append((run, True))
    return tuple(pieces)


def _syllables(text: str) -> tuple[str, ...]:
    return tuple(piece for piece, _ in _pieces(text))


def _latin(text: str, count: int) -> tuple[bool, ...]:
    return tuple(is_latin for _, is_latin in _pieces(text))[:count]


def _runs(text: str) -> Iterable[tuple[str, bool]]:
    """Runs of Chinese letters and runs of other letters and figures; signs part them."""
    run, kind = "", False
    for letter in text:
        is_chinese = "\u3400" <= letter <= "\u9fff" or letter >= "\U00020000"
        if run and (not letter.isalnum() or is_chinese != kind):
            yield run, kind
            run = ""
        if letter.isalnum():
            run, kind = run + letter, is_chinese
    if run:
        yield run, kind
