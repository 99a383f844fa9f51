"""Seals: one canonical JSON, its SHA-256, and chains in which every entry names the digest of the
one before.

The ledger's events, the decisions on a plan that was read, its editions and the issues of a
bulletin are sealed alike, so that a change after the fact shows. The digest is that of FIPS 180-4.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

SEAL = "digest"
"""The field of a sealed content that holds its digest, which covers all the other fields."""

BEFORE = "before"
"""The field of an entry of a chain that holds the digest of the entry before it."""


def canonical_json(content: Any) -> str:
    """JSON that is the same for equal contents: sorted keys, no blanks, Chinese as it is, times to
    the microsecond.
    """
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_iso
    )


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be sealed")


def sha256_of(source: bytes | str | Path) -> str:
    """SHA-256 of bytes, of a text as UTF-8, or of a file's content, as 64 hexadecimal digits."""
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    return hashlib.sha256(source.encode() if isinstance(source, str) else source).hexdigest()


def digest_of(content: Any) -> str:
    """SHA-256 of a content's canonical JSON."""
    return sha256_of(canonical_json(content))


def genesis(ledger_id: str) -> str:
    """The head of a ledger with no entry."""
    return sha256_of(f"hengtan ledger {ledger_id}")


def next_head(previous: str, digest: str) -> str:
    """The head of a chain after an entry: SHA-256 of the previous head and the entry's digest."""
    return sha256_of(f"{previous}{digest}")


def sealed(content: Mapping[str, Any], *, before: str | None = None) -> dict[str, Any]:
    """The content with its digest; ``before``: the digest of the entry that it follows."""
    entry = dict(content) if before is None else {**content, BEFORE: before}
    return {**entry, SEAL: digest_of(entry)}


def holds(entry: Mapping[str, Any], *, before: str | None = None) -> bool:
    """Whether a sealed content is unchanged and, in a chain, follows the entry with the digest
    ``before``.

    Bulletins were once sealed with blanks behind comma and colon; such a seal holds too.
    """
    said = {key: value for key, value in entry.items() if key != SEAL}
    if before is not None and said.get(BEFORE, "") != before:
        return False
    if entry.get(SEAL) == digest_of(said):
        return True
    return entry.get(SEAL) == sha256_of(json.dumps(said, ensure_ascii=False, sort_keys=True))
