"""Breaks of definition: what lies before one is left out unless a bridge carries it over, and no forecast goes past one that is ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Break:
    """From ``year`` on a series follows another definition. ``bridge``: none, ratio (new = old × value) or difference (new = old + value)."""

    year: int
    bridge: str = "none"
    value: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Point:
    """A yearly value: its edition (definition, price base), whether its vintage may be joined with others, and the ledger row it came from."""

    year: int
    value: float
    edition: str = ""
    joins: bool = True
    submission: str = ""
    row: int = 0
    confidence: str = "read"


@dataclass(frozen=True)
class Unbroken:
    """Points of one definition, the last year that a forecast may reach (None: no end), and what was left out or carried over."""

    points: tuple[Point, ...]
    until: int | None
    notes: tuple[str, ...]


def unbroken(points: Sequence[Point], breaks: Sequence[Break]) -> Unbroken:
    """The newest stretch of a series under one definition, older values carried over only where every break between has a bridge.

    Values of another edition than the newest, or of a vintage that does not join, are left out and it says so. Raises ValueError for a bridge without its value.
    """
    notes: list[str] = []
    held = sorted(points, key=lambda p: p.year)
    apart = [p for p in held if not p.joins]
    if apart:
        notes.append(f"{'、'.join(str(p.year) for p in apart)}年的数值版本不可比，不相接")
    held = [p for p in held if p.joins]
    if not held:
        return Unbroken((), None, tuple(notes))
    newest = held[-1].edition
    other = [p for p in held if p.edition != newest]
    if other:
        notes.append(
            f"{'、'.join(str(p.year) for p in other)}年属另一口径版本（{other[0].edition or '未注明'}），与“{newest or '未注明'}”不相接，没有衔接系数"
        )
    held = [p for p in held if p.edition == newest]
    last = held[-1].year
    past = sorted((b for b in breaks if b.year <= last), key=lambda b: b.year)
    cut = max((b.year for b in past if b.bridge == "none" and b.year > held[0].year), default=None)
    if cut is not None:
        reason = next(b.reason for b in past if b.year == cut)
        notes.append(
            f"{cut}年起口径改变（{reason}），此前{sum(p.year < cut for p in held)}个数值没有衔接系数，不用"
        )
        held = [p for p in held if p.year >= cut]
    for one in past:  # the oldest first: each carries what lies before it one definition on
        before = sum(p.year < one.year for p in held)
        if one.bridge == "none" or not before:
            continue
        if one.value is None:
            raise ValueError(f"the bridge of {one.year} has no value")
        held = [
            replace(p, value=p.value * one.value if one.bridge == "ratio" else p.value + one.value)
            if p.year < one.year
            else p
            for p in held
        ]
        notes.append(f"{one.year}年前的{before}个数值按衔接系数换到新口径（{one.reason}）")
    ahead = [b for b in breaks if b.year > last and b.bridge == "none"]
    until = min((b.year for b in ahead), default=None)
    if until is not None:
        first = min(ahead, key=lambda b: b.year)
        notes.append(f"{until}年起口径改变（{first.reason}），没有衔接系数，预测只到{until - 1}年")
    return Unbroken(tuple(held), None if until is None else until - 1, tuple(notes))
