"""Rows of totals of a filled form: held against the rows they sum before they are left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hengtan.basis.spelling import is_total, is_whole_area
from hengtan.basis.sums import is_rounded_sum, is_sum, printed_amount, printed_amounts
from hengtan.ledger.reading.findings import Collector, warning
from hengtan.ledger.reading.header import Header

ADDED = ("quantity", "number", "integer")
"""Types of fields that a total may sum."""
RATES = ("%", "/")
"""Signs of a unit whose total is a mean."""


def tell_differing(
    body: list[Any], header: Header, form: Any, masks: tuple[Any, Any], collector: Collector
) -> None:
    """A finding for each figure of a row of totals that is not the sum of its rows.

    ``masks``: the rows of data, and those of totals. Only rows of the same period and unit are
    summed; a share, a price or a coefficient may be their mean.
    """
    import numpy as np

    members, totals = masks
    for row in np.flatnonzero(totals).tolist():
        beside = members & _alike(body, header, form, row)
        blocks = _blocks(row, beside, totals)
        for field in form.fields:
            if field.type in ADDED and field.id in header.columns:
                column = header.columns[field.id]
                if _differs(body[column], row, blocks, _is_rate(field, body, header, row)):
                    reason = warning("total-differs", *_figures(body[column], row, blocks))
                    collector.at_rows([row], reason, header.texts[column])


def _differs(cells: Any, row: int, blocks: list[list[int]], is_rate: bool) -> bool:
    """Whether a figure of a total differs from all it may sum."""
    printed = _amount(cells, row)
    parts = [known for block in blocks if (known := _amounts(cells, block))]
    if printed is None or not parts or is_sum(printed, parts, or_mean=is_rate):
        return False
    return not any(is_rounded_sum(printed, known) for known in parts)


def _figures(cells: Any, row: int, blocks: list[list[int]]) -> tuple[str, str]:
    """The figure printed, and the sum of the first rows of which it is known."""
    known = next(known for block in blocks if (known := _amounts(cells, block)))
    return f"{_amount(cells, row):g}", f"{sum(known):g}"


def _blocks(row: int, beside: Any, totals: Any) -> list[list[int]]:
    """What a total may sum: all rows beside it, those since the total above, those down to the next
    total.
    """
    import numpy as np

    rows, others = np.flatnonzero(beside), np.flatnonzero(totals)
    before = max((int(n) for n in others if n < row), default=-1)
    after = min((int(n) for n in others if n > row), default=len(totals))
    blocks = (
        rows,
        rows[(rows > before) & (rows < row)],
        rows[(rows > row) & (rows < after)],
    )
    return [block.tolist() for block in blocks if len(block)]


def _alike(body: list[Any], header: Header, form: Any, row: int) -> Any:
    """Rows with the period, the unit and the other keys that a total states; all of them where it
    states no period or unit and they are all alike, none where it cannot be known.
    """
    import numpy as np

    height = len(body[0].codes)
    alike = np.ones(height, dtype=bool)
    for field in form.fields:
        is_kind = field.type in ("period", "unit")
        if field.id not in header.columns or not (is_kind or field.id in form.key):
            continue
        cells = body[header.columns[field.id]]
        codes = cells.codes
        if codes[row] >= 0 and not _says_whole(cells.texts[codes[row]]):
            alike &= codes == codes[row]
        elif is_kind and len(np.unique(codes[codes >= 0])) > 1:
            alike &= False
    return alike


def _says_whole(text: str) -> bool:
    return is_total(text) or is_whole_area(text)


def _is_rate(field: Any, body: list[Any], header: Header, row: int) -> bool:
    """Whether a field is a share, a price or a coefficient, whose total is a mean."""
    if not field.unit_field:
        return field.unit is None or any(sign in field.unit for sign in RATES)
    column = header.columns.get(field.unit_field)
    if column is None or body[column].codes[row] < 0:
        return True
    unit = body[column].texts[body[column].codes[row]]
    return any(sign in unit for sign in RATES)


def _amounts(cells: Any, rows: list[int]) -> list[Decimal]:
    codes = (cells.codes[row] for row in rows)
    return printed_amounts(cells.texts[code] for code in codes if code >= 0)


def _amount(cells: Any, row: int) -> Decimal | None:
    code = cells.codes[row]
    return printed_amount(cells.texts[code]) if code >= 0 else None
