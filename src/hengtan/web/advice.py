"""What a page says of an error: refusals speak to the terminal too, but nobody in front of a page
is sent there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hengtan.basis.errors import HengtanError

COMMAND = re.compile(r"\bhengtan [a-z]|(?<![\w-])--[a-z]")
"""A command of the terminal, or an option of one."""


def advice(text: str) -> str:
    """What to do, "" where it is a command of the terminal."""
    return "" if COMMAND.search(text) else text


def sentence(error: HengtanError, lang: str) -> str:
    """What is wrong and what to do, in one language."""
    english = lang == "en"
    parts = [error.en, advice(error.todo_en)] if english else [error.zh, advice(error.todo)]
    return ("; " if english else "；").join(filter(None, parts))


def on_page(finding: Mapping[str, Any]) -> dict[str, Any]:
    """A finding in JSON form, with advice that a page can be followed by."""
    todo, todo_en = finding.get("todo") or "", finding.get("todo_en") or ""
    return {**finding, "todo": advice(todo), "todo_en": advice(todo_en)}
