"""What is wrong with a text, apart from where it stands, in both languages; the words stand in word
tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hengtan.basis.english_names import AsTyped
from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.basis.words import Words


@dataclass(frozen=True)
class Problem:
    """What is wrong and what to do about it.

    ``level``: an ``error`` leaves no value, a ``warning`` stands beside one.
    """

    level: str
    code: str
    zh: str
    en: str
    todo: str = ""
    todo_en: str = ""

    @classmethod
    def of(cls, error: HengtanError, code: str) -> Problem:
        """The problem a refusal states."""
        return cls("error", code, error.zh, error.en, error.todo, error.todo_en)

    @classmethod
    def worded(
        cls,
        words: Words,
        key: str,
        *arguments: object,
        level: str = "error",
        in_english: Sequence[object] | None = None,
    ) -> Problem:
        """The problem whose words stand under a key: [Chinese, English, what to do, the same in
        English]; ``in_english``: the arguments of the English words where they are others.

        The code is the key up to a full stop, so that one problem may have several wordings
        (``extra-column.untitled``). Unlike a coded message, arguments may hold any sign: they are
        what a person wrote.
        """
        both = (arguments, arguments if in_english is None else in_english)
        said = [text.format(*both[n % 2]) for n, text in enumerate(words[key])]
        zh, en, todo, todo_en = (*said, "", "")[:4]
        return cls(level, key.partition(".")[0], zh, en, todo, todo_en)

    def error(
        self, kind: type[HengtanError] = HengtanError, where: Where | None = None
    ) -> HengtanError:
        """The same as a refusal, at a place."""
        said, todo = AsTyped(self.en), AsTyped(self.todo_en)
        return kind(self.zh, said, where=where, todo=self.todo, todo_en=todo)

    def finding(self, where: Where) -> Finding:
        """The same as a finding, at a place."""
        return Finding(self.level, self.zh, self.en, where, self.todo, self.todo_en, self.code)
