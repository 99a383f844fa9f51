"""Breaks of definition: what lies before one is left out unless a bridge carries it over, and no
forecast goes past one that is ahead.

Method: statistical practice of linked series; nothing is joined across a break without its
conversion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hengtan.basis.words import coded


@dataclass(frozen=True)
class Break:
    """From ``year`` on a series follows another definition.

    ``bridge``: none, ratio (new = old × value) or difference (new = old + value).
    """

    year: int
    bridge: str = "none"
    value: float | None = None
    reason: str = ""

    def carry(self, old: float) -> float:
        """A value of the old definition in the new one. Raises ValueError for a bridge without its
        value.
        """
        if self.value is None:
            raise ValueError(f"the bridge of {self.year} has no value")
        return old * self.value if self.bridge == "ratio" else old + self.value


@dataclass(frozen=True)
class Point:
    """A yearly value: its edition (definition, price base), whether its vintage may be joined with
    others, and the ledger row it came from.
    """

    year: int
    value: float
    edition: str = ""
    joins: bool = True
    submission: str = ""
    row: int = 0
    confidence: str = "read"


@dataclass(frozen=True)
class Unbroken:
    """Points of one definition, the last year that a forecast may reach (None: no end), and the
    codes of what was left out or carried over.
    """

    points: tuple[Point, ...]
    until: int | None
    notes: tuple[str, ...]


def unbroken(points: Sequence[Point], breaks: Sequence[Break]) -> Unbroken:
    """The newest stretch of a series under one definition, older values carried over only where
    every break between has a bridge.

    Values of another edition than the newest, or of a vintage that does not join, are left out and
    it says so. Raises ValueError for a bridge without its value.
    """
    comparable, notes = _of_newest_edition(sorted(points, key=lambda point: point.year))
    if not comparable:
        return Unbroken((), None, tuple(notes))
    last = comparable[-1].year
    past = sorted((b for b in breaks if b.year <= last), key=lambda b: b.year)
    kept, cut_notes = _after_unbridged(comparable, past)
    carried, bridge_notes = _carried_over(kept, past)
    until, ahead_notes = _end_ahead(breaks, last)
    all_notes = (*notes, *cut_notes, *bridge_notes, *ahead_notes)
    return Unbroken(tuple(carried), until, all_notes)


def _of_newest_edition(points: Sequence[Point]) -> tuple[list[Point], list[str]]:
    """Points whose vintage joins, of the edition of the newest of them."""
    notes = []
    apart = [point for point in points if not point.joins]
    if apart:
        notes.append(coded("break.vintages", _years(apart)))
    joined = [point for point in points if point.joins]
    if not joined:
        return [], notes
    newest = joined[-1].edition
    others = [point for point in joined if point.edition != newest]
    if others:
        notes.append(_edition_note(others, newest))
    return [point for point in joined if point.edition == newest], notes


def _edition_note(others: Sequence[Point], newest: str) -> str:
    """The code of editions that do not join; an edition without a name is said to have none."""
    older = others[0].edition
    if older and newest:
        return coded("break.editions", _years(others), older, newest)
    if newest:
        return coded("break.editions_from_unnamed", _years(others), newest)
    return coded("break.editions_to_unnamed", _years(others), older)


def _years(points: Sequence[Point]) -> str:
    return "、".join(str(point.year) for point in points)


def _after_unbridged(
    points: Sequence[Point], past: Sequence[Break]
) -> tuple[list[Point], list[str]]:
    """Points from the last break without a bridge on."""
    cuts = [b for b in past if b.bridge == "none" and b.year > points[0].year]
    if not cuts:
        return list(points), []
    cut = max(b.year for b in cuts)
    reason = next(b.reason for b in past if b.year == cut)
    before = sum(point.year < cut for point in points)
    kept = [point for point in points if point.year >= cut]
    return kept, [coded("break.unbridged", cut, reason, before)]


def _carried_over(points: Sequence[Point], past: Sequence[Break]) -> tuple[list[Point], list[str]]:
    """Points in the newest definition: the oldest break first, each carries one definition on."""
    carried, notes = list(points), []
    for change in past:
        before = sum(point.year < change.year for point in carried)
        if change.bridge == "none" or not before:
            continue
        carried = [
            replace(point, value=change.carry(point.value)) if point.year < change.year else point
            for point in carried
        ]
        notes.append(coded("break.bridged", change.year, before, change.reason))
    return carried, notes


def _end_ahead(breaks: Sequence[Break], last: int) -> tuple[int | None, list[str]]:
    """The year before the first break ahead without a bridge."""
    ahead = [b for b in breaks if b.year > last and b.bridge == "none"]
    if not ahead:
        return None, []
    first = min(ahead, key=lambda b: b.year)
    return first.year - 1, [coded("break.ahead", first.year, first.reason, first.year - 1)]
