"""The columns that say where a row comes from: a cell of a file, a line of a pack, and who handed
it in.
"""

from __future__ import annotations

ORIGIN = ("_file", "_sheet", "_source_row", "_submitted_by", "_approved_by")
"""What an account keeps of a row of the ledger, so that its figure leads back to the cell."""
PROVENANCE = (
    "_pack",
    "_row",
    *ORIGIN,
    "_submission",
    "_submitted_at",
    "_approved_at",
    "_demo",
    "_state",
)
"""All such columns, of rows of packs and of the ledger."""
