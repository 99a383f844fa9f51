"""How much of a document is read: a plan is shorter, and a file beyond these is no plan."""

from __future__ import annotations

MAX_CHARACTERS = 3_000_000
"""Some 3,000 pages."""
MAX_PAGES = 5_000
MAX_XML = 60_000_000
"""Bytes of the largest part of a Word document, unpacked: some 300 bytes a paragraph mark and run,
a tree of ten times that in memory."""
LEAST_OF_A_PAGE = 20
"""Characters a page that a text layer has at the least, on average."""
MAX_COLUMNS = 1_000
"""Columns of a table that cells of several columns fill."""
MAX_SPAN = 50
"""Columns or rows that one cell may take."""


def span_of(text: str | None) -> int:
    """How many columns or rows a cell says that it takes, within reason."""
    return min(max(whole(text), 1), MAX_SPAN)


def whole(text: str | None) -> int:
    """A whole number of up to nine digits as documents write it; 0 for anything else."""
    return int(text) if text and text.lstrip("-").isdigit() and len(text) < 10 else 0
