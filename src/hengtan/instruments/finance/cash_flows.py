"""Yearly cash flows: present value, internal rate of return, payback, coverage of debt."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

HALVINGS = 100
"""Steps of the search for a rate; each halves the span that it lies in."""
LEAST_RATE, FIRST_RATE = -1 + 1e-6, 1.0
"""The lowest rate of return looked for, and the first upper bound of the search. [1]"""
HIGHEST_RATE = 1e6
"""A return above it is no return: the investment is nothing. [1]"""


def present_value(flows: Sequence[float], rate: float) -> float:
    """Yearly flows, the first of year 0, at a discount rate. [yuan]"""
    return sum(flow / (1 + rate) ** year for year, flow in enumerate(flows))


def rate_of_return(flows: Sequence[float]) -> float | None:
    """The rate at which the present value of yearly flows is nought. [1]

    None where flows never change sign or change it more than once: there is no rate, or more than
    one.
    """
    signs = [flow > 0 for flow in flows if flow != 0]
    if sum(before != after for before, after in pairwise(signs)) != 1:
        return None
    low, high = LEAST_RATE, FIRST_RATE
    rises = not signs[0]
    while (present_value(flows, high) > 0) == rises:
        high *= 10
        if high > HIGHEST_RATE:
            return None
    for _ in range(HALVINGS):
        middle = fmean((low, high))
        if (present_value(flows, middle) > 0) == rises:
            low = middle
        else:
            high = middle
    return low


def payback(flows: Sequence[float]) -> float:
    """Years until the sum of yearly flows, the first of year 0, is no longer negative; −1 for
    never. [a]
    """
    so_far = flows[0]
    for year, flow in enumerate(flows[1:], start=1):
        if so_far < 0 <= so_far + flow:
            return year - 1 + (-so_far / flow)
        so_far += flow
    return -1.0


def debt_coverage(available: Sequence[float], service: Sequence[float]) -> list[float]:
    """Money available for debt over the debt service of each year that has one. [1]"""
    return [money / due for money, due in zip(available, service, strict=True) if due > 0]
