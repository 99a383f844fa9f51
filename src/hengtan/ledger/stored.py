"""What copying a whole ledger needs of it: the one idea that backup, restore and frozen exports
share with the ledger itself, so that none of them has to know its class.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from hengtan.basis.errors import Finding
from hengtan.ledger.chain import Register
from hengtan.ledger.lake import Lake
from hengtan.ledger.views import Views


class StoredLedger(Protocol):
    """A ledger as it is stored: its folder, ``ledger.json`` (``about``), tables and register."""

    folder: Path
    about: dict[str, Any]
    lake: Lake
    views: Views

    def current(self) -> Register:
        """The register of the newest snapshot."""

    def forms(self) -> list[str]:
        """Ids of the forms that have a table."""

    def head(self) -> str:
        """Head of the hash chain."""

    def verify(self, head: str | None = None) -> list[Finding]:
        """What is wrong with what is stored."""

    def close(self) -> None:
        """Close its connections."""
