"""What the reader says to people, from ``messages.yaml``: refusals, findings, doubts, notes."""

from __future__ import annotations

from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.basis.words import Words

MESSAGES = Words.of("hengtan.plan.reader", "messages.yaml")


def say(code: str, *arguments: object) -> str:
    """The Chinese words of a code with its arguments."""
    return MESSAGES[code][0].format(*arguments)


def say_en(code: str, *arguments: object) -> str:
    """The English words of a code with its arguments."""
    return MESSAGES[code][1].format(*arguments)


def _both(code: str, arguments: tuple[object, ...]) -> tuple[str, str, str, str]:
    words = [text.format(*arguments) for text in MESSAGES[code]]
    zh, en, todo, todo_en = (*words, "", "")[:4]
    return zh, en, todo, todo_en


def refusal(
    kind: type[HengtanError], code: str, *arguments: object, where: Where | None = None
) -> HengtanError:
    """An error of a kind, with the words of a code."""
    zh, en, todo, todo_en = _both(code, arguments)
    return kind(zh, en, where=where, todo=todo, todo_en=todo_en)


def finding(level: str, code: str, *arguments: object, where: Where) -> Finding:
    """A finding under its code."""
    zh, en, todo, todo_en = _both(code, arguments)
    return Finding(level, zh, en, where, todo, todo_en, code)


def doubt(said: str) -> str:
    """Why a reading may be wrong, in Chinese; what has no words of its own as it stands."""
    code = said.replace(" ", "_")
    return say(code) if code in MESSAGES else said
