"""Whether a printed figure is the sum of others, as far as their printed digits tell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from hengtan.basis.spelling import read_amount

NOISE = Decimal("1e-9")
"""Noise of floats in a sum, relative."""


def printed_amount(text: str) -> Decimal | None:
    """The number of a cell as it is printed; None where it is blank or no number.

    >>> printed_amount("1,234.50"), printed_amount("—")
    (Decimal('1234.5'), None)
    """
    amount = read_amount(text)
    if amount is None:
        return None
    try:
        return Decimal(f"{amount.value:.15g}")
    except InvalidOperation:
        return None


def is_sum(printed: Decimal, blocks: Sequence[Sequence[Decimal]], *, or_mean: bool = False) -> bool:
    """Whether a figure is the sum of one of the blocks of parts, or may be their mean."""
    if any(abs(printed - sum(parts)) <= abs(printed) * NOISE for parts in blocks):
        return True
    return or_mean and any(min(parts) <= printed <= max(parts) for parts in blocks)


def is_rounded_sum(printed: Decimal, parts: Sequence[Decimal]) -> bool:
    """Whether the digits printed allow for the difference between a figure and its parts."""
    halves = [Decimal(1).scaleb(_exponent(number)) / 2 for number in (printed, *parts)]
    return abs(printed - sum(parts)) <= sum(halves)


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return min(exponent, 0) if isinstance(exponent, int) else 0
