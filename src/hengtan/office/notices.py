"""A notice to people, in both languages, with the page it leads to; and how long to wait before a
mail that failed is tried again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

PAUSES = (60, 300, 900, 3600, 4 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)
"""Seconds after the first, second … failure of a mail; after the last it is given up."""


@dataclass(frozen=True)
class Notice:
    """What is told: ``to`` names to sign in with, ``address`` a page of this server (``/tasks/3``).

    A text that is empty in English is shown in Chinese.
    """

    to: tuple[str, ...]
    subject_zh: str
    subject_en: str = ""
    text_zh: str = ""
    text_en: str = ""
    address: str = "/"

    def __post_init__(self) -> None:
        if not is_of_this_server(self.address):
            raise ValueError(f"{self.address} leads to another server")

    @property
    def subject(self) -> str:
        """The subject of a mail: one line, both languages."""
        different = dict.fromkeys(filter(None, (self.subject_zh, self.subject_en)))
        return " ".join(" / ".join(different).split())

    def text(self, link: str = "") -> str:
        """The text of a mail, Chinese first; ``link``: the page it leads to."""
        different = dict.fromkeys(filter(None, (self.text_zh, self.text_en, link)))
        return "\n\n".join(different) + "\n"


def is_of_this_server(address: str) -> bool:
    """Whether an address is a path of this server, which no browser takes for another's."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    return is_path and all(ord(sign) >= 32 for sign in address)


def pause_after(failures: int) -> timedelta | None:
    """How long to wait after so many failures; None where a mail is given up."""
    return timedelta(seconds=PAUSES[failures - 1]) if failures <= len(PAUSES) else None
