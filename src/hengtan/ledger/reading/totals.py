"""Printed totals against their parts: a row of totals is no member, but it should be their sum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hengtan.basis.spelling import TOTALS, Amount, folded, read_amount
from hengtan.ledger.reading.findings import Collector, warning
from hengtan.ledger.reading.header import Header

SHOWN = 50
SUMS = ("合计", "总计", "小计")
WHOLES = ("全市", "全省", "全区", "全县", "全州", "全国")
MOST_PARTS = 2000
"""Rows beyond which printed totals are not added up again."""


def says_total(text: str) -> bool:
    """Whether a text names a whole: 合计, 武隆区小计, 全市."""
    word = folded(text)
    return word in TOTALS or word.endswith(SUMS) or word in WHOLES


def check_totals(
    body: list[Any], header: Header, form: Any, totals: list[int], members: list[int], lines: Any
) -> Iterator[tuple[Any, int, str]]:
    """What is wrong with the rows of totals, with the line and the title of the column.

    A total is held against the rows of the same period, product and the like; a 小计 against those
    since the total before it. Shares and ratios are not added.
    """
    for total in totals[:SHOWN]:
        parts = [row for row in members if _alike(body, header, form, total, row)]
        if _is_partial(body, total):
            before = [row for row in totals if row < total]
            parts = [row for row in parts if max(before, default=-1) < row < total]
        for known, column in _additive(header, form, body, total):
            texts = [_text(body[column], row) for row in parts]
            difference = _difference(_text(body[column], total), [t for t in texts if t])
            if difference is not None:
                yield warning("total-differs", *difference), int(lines[total]), header.title(known)


def _alike(body: list[Any], header: Header, form: Any, total: int, row: int) -> bool:
    """Whether a row shares the other keys, and the units, that the row of totals fills in."""
    names = {*form.key, *(known.id for known in form.fields if known.type == "unit")}
    for name in names:
        column = header.columns.get(name)
        if column is None:
            continue
        said, own = _text(body[column], total), _text(body[column], row)
        if said and not says_total(said) and said != own:
            return False
    return True


def _additive(header: Header, form: Any, body: list[Any], total: int) -> Iterator[tuple[Any, int]]:
    """The amounts of which a sum means something: neither per cent nor per something."""
    for known in form.fields:
        column = header.columns.get(known.id)
        if column is None or known.type not in ("number", "quantity"):
            continue
        unit = header.units.get(known.id) or known.unit or ""
        if known.type == "quantity":
            at = header.columns.get(known.unit_field or "")
            unit = unit or (_text(body[at], total) if at is not None else "") or ""
        if unit and "%" not in unit and "/" not in unit:
            yield known, column


def _difference(said: str | None, texts: list[str]) -> tuple[float, float] | None:
    """The printed total and the sum of its parts where they differ by more than rounding."""
    total = read_amount(said) if said else None
    parts = [read_amount(text) for text in texts]
    amounts = [part for part in parts if isinstance(part, Amount)]
    if total is None or len(amounts) < 2 or len(amounts) < len(parts):
        return None
    units = {amount.unit for amount in (total, *amounts)}
    if len(units) > 1:
        return None
    added = sum(amount.value for amount in amounts)
    decimals = min(_decimals(text) for text in (said or "", *texts))
    rounding = 0.5 * 10.0**-decimals * (len(amounts) + 1)
    differs = abs(added - total.value) > rounding + 1e-9 * abs(total.value)
    return (total.value, added) if differs else None


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])


def _is_partial(body: list[Any], row: int) -> bool:
    return any(folded(_text(cells, row) or "").endswith(("小计", "subtotal")) for cells in body)


def _text(cells: Any, row: int) -> str | None:
    code = cells.codes[row]
    return cells.texts[code] if code >= 0 else None


def report_totals(
    body: list[Any],
    header: Header,
    form: Any,
    rows: tuple[list[int], list[int]],
    lines: Any,
    collector: Collector,
) -> None:
    """Report the totals (first of ``rows``) that are not the sum of their members (second)."""
    for reason, line, title in check_totals(body, header, form, *rows, lines):
        collector.add(reason, row=line, column=title)
