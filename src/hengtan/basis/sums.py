"""Whether a printed figure is the sum of others, as far as their printed digits tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from hengtan.basis.marks import unmarked
from hengtan.basis.spelling import is_placeholder, read_amount

NOISE = Decimal("1e-9")
"""Noise of floats in a sum, relative."""


def printed_amount(text: str) -> Decimal | None:
    """The number of a cell as it is printed, a mark beside it left out; None where it is blank or
    no number.

    >>> printed_amount("1,234.50"), printed_amount("91.5①"), printed_amount("—")
    (Decimal('1234.5'), Decimal('91.5'), None)
    """
    amount = read_amount(text) or read_amount(unmarked(text)[0])
    if amount is None:
        return None
    try:
        return Decimal(f"{amount.value:.15g}")
    except InvalidOperation:
        return None


def printed_amounts(texts: Iterable[str]) -> list[Decimal]:
    """The numbers of cells that a total may sum, blank ones left out; none at all where one of them
    holds something that is no number, for then the sum is not known.

    >>> printed_amounts(["1", "", "2.5"]), printed_amounts(["1", "0,125"])
    ([Decimal('1'), Decimal('2.5')], [])
    """
    filled = [text for text in texts if text.strip() and not is_placeholder(text)]
    amounts = [printed_amount(text) for text in filled]
    known = [amount for amount in amounts if amount is not None]
    return known if len(known) == len(filled) else []


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
