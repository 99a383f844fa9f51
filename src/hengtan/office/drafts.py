"""Drafts: a grid on its way to a submission, with a version, so that two editors never overwrite
each other silently.

Saving names the version it began from. A save that began from an older one is refused with who
saved meanwhile and what differs cell by cell; where no cell was changed by both, the two are joined
and offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from hengtan.basis.errors import WrongState
from hengtan.office.typed import MOST_ROWS, Row, Typed

WHOLE_ROW = -1
"""The column of a clash about a row that one editor took away and the other changed."""
HEAD = "head"
"""The row of a clash about the lines over the table."""


@dataclass(frozen=True)
class Draft:
    """A draft at one version. ``key`` is the draft's name for ever, under which it is handed in;
    ``submission`` what it became: nothing is changed after that.
    """

    key: str
    version: int
    by: str
    at: datetime
    typed: Typed
    submission: str | None = None


@dataclass(frozen=True)
class Clash:
    """A cell that both editors changed, each otherwise; ``column`` from 0, or ``WHOLE_ROW``."""

    row: str
    column: int
    before: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class CellChange:
    """A cell the other editor changed; ``column`` from 0, or ``WHOLE_ROW`` for a row that came
    or went.
    """

    row: str
    column: int
    before: str
    after: str


@dataclass(frozen=True)
class Joined:
    """Both editors' work in one grid; where they clash the others' cell stands until decided."""

    typed: Typed
    clashes: tuple[Clash, ...]
    theirs: tuple[CellChange, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "typed": self.typed.as_dict(),
            "clashes": [asdict(clash) for clash in self.clashes],
            "theirs": [asdict(change) for change in self.theirs],
        }


class Overtaken(WrongState):
    """A save that began from a version somebody has saved over; ``stored`` is what stands,
    ``joined`` what both make together (None where the version it began from is not kept).
    """

    def __init__(self, stored: Draft, joined: Joined | None) -> None:
        self.stored, self.joined = stored, joined
        when = f"{stored.at:%m-%d %H:%M}"
        super().__init__(
            f"{stored.by} 已在 {when} 保存过这份草稿，您的改动没有覆盖它",
            f"{stored.by} saved this draft at {when}; your changes have not overwritten it",
            todo="查看差异后合并，再保存",
            todo_en="look at the differences, join them, and save again",
        )


def saved(
    stored: Draft, before: Typed | None, mine: Typed, began_from: int, *, by: str, at: datetime
) -> Draft:
    """The draft after a save; the same draft where nothing is new (a save that is sent twice).

    ``before``: the grid of the version the save began from, None where it is no longer known.
    Raises Overtaken, and WrongState for a draft that has been handed in.
    """
    if mine == stored.typed:
        return stored
    refuse_handed_in(stored)
    if began_from != stored.version:
        raise Overtaken(stored, _joined(before, stored.typed, mine))
    return replace(stored, version=stored.version + 1, by=by, at=at, typed=mine)


def refuse_handed_in(draft: Draft) -> None:
    """Raise WrongState where a draft has become a submission."""
    if draft.submission is not None:
        raise WrongState(
            f"这份草稿已提交为 {draft.submission}，不能再改",
            f"this draft has been handed in as {draft.submission} and no longer changes",
            todo="要更正请从该提交开始一份新的草稿",
            todo_en="to correct it, begin a new draft from that submission",
        )


def _joined(before: Typed | None, theirs: Typed, mine: Typed) -> Joined | None:
    """Both together; None where there is nothing to compare with, or the columns are others."""
    if before is None or len({before.width, theirs.width, mine.width}) > 1:
        return None
    return join(before, theirs, mine)


def join(before: Typed, theirs: Typed, mine: Typed) -> Joined:
    """What two editors who began from the same grid make together, cell by cell.

    Rows are told apart by id. A row that one took away goes unless the other changed it.
    """
    clashes: list[Clash] = []
    base = {row.id: row for row in before.rows}
    others = {row.id: row for row in theirs.rows}
    own = {row.id: row for row in mine.rows}
    rows = []
    for row in theirs.rows:
        kept = _of_theirs(row, base.get(row.id), own.get(row.id), clashes)
        if kept is not None:
            rows.append(kept)
    for row in mine.rows:
        if row.id in others:
            continue
        if row.id not in base:
            _insert(rows, row, mine.rows)
        elif row != base[row.id]:
            old = _shown(base[row.id])
            clashes.append(Clash(row.id, WHOLE_ROW, old, "", _shown(row)))
    head = _head(before, theirs, mine, clashes)
    joined = Typed(theirs.sheet, head, tuple(rows[:MOST_ROWS]))
    return Joined(joined, tuple(clashes), tuple(changes(before, theirs)))


def decided(joined: Joined, mine: Typed, keep_mine: Sequence[Clash]) -> Typed:
    """The joined grid with one's own cell in those clashes; the others' stands in the rest."""
    own = {row.id: row for row in mine.rows}
    rows = {row.id: list(row.cells) for row in joined.typed.rows}
    head = joined.typed.head
    for clash in keep_mine:
        if clash.row == HEAD:
            head = mine.head
        elif clash.column == WHOLE_ROW:
            _decide_row(rows, clash, own)
        else:
            rows[clash.row][clash.column] = clash.mine
    listed = [Row(name, tuple(cells)) for name, cells in rows.items()]
    return replace(joined.typed, head=head, rows=tuple(listed))


def changes(before: Typed, after: Typed) -> list[CellChange]:
    """What one grid changed of another: cells, and rows that came or went."""
    base = {row.id: row for row in before.rows}
    later = {row.id: row for row in after.rows}
    listed = []
    for row in after.rows:
        old = base.get(row.id)
        if old is None:
            if not row.is_blank:
                listed.append(CellChange(row.id, WHOLE_ROW, "", _shown(row)))
            continue
        both = enumerate(zip(old.cells, row.cells, strict=False))
        listed += [CellChange(row.id, n, was, now) for n, (was, now) in both if was != now]
    gone = [row for row in before.rows if row.id not in later and not row.is_blank]
    return listed + [CellChange(row.id, WHOLE_ROW, _shown(row), "") for row in gone]


def _of_theirs(theirs: Row, base: Row | None, mine: Row | None, clashes: list[Clash]) -> Row | None:
    """A row that stands in the others' grid, with one's own changes; None where one took it
    away and they left it as it was.
    """
    if mine is None:
        if base is None:
            return theirs
        if theirs == base:
            return None
        clashes.append(Clash(theirs.id, WHOLE_ROW, _shown(base), _shown(theirs), ""))
        return theirs
    old = base.cells if base is not None else ("",) * len(theirs.cells)
    cells = list(theirs.cells)
    both = zip(old, theirs.cells, mine.cells, strict=False)
    for column, (was, other, own) in enumerate(both):
        if own in (was, other):
            continue
        if other == was:
            cells[column] = own
        else:
            clashes.append(Clash(theirs.id, column, was, other, own))
    return Row(theirs.id, tuple(cells))


def _insert(rows: list[Row], row: Row, mine: Sequence[Row]) -> None:
    """Put a new row of one's own behind the row it stands behind there."""
    at = mine.index(row)
    here = {present.id: n for n, present in enumerate(rows)}
    place = next((here[r.id] + 1 for r in reversed(mine[:at]) if r.id in here), 0)
    rows.insert(place, row)


def _head(
    before: Typed, theirs: Typed, mine: Typed, clashes: list[Clash]
) -> tuple[tuple[str, ...], ...]:
    if mine.head in (before.head, theirs.head):
        return theirs.head
    if theirs.head == before.head:
        return mine.head
    clashes.append(Clash(HEAD, WHOLE_ROW, "", _heading(theirs), _heading(mine)))
    return theirs.head


def _decide_row(rows: dict[str, list[str]], clash: Clash, own: dict[str, Row]) -> None:
    if clash.row in own:
        rows[clash.row] = list(own[clash.row].cells)
    else:
        rows.pop(clash.row, None)


def _heading(typed: Typed) -> str:
    return " ".join(text for text in typed.head[-1] if text)


def _shown(row: Row) -> str:
    return " ".join(text for text in row.cells if text.strip())
