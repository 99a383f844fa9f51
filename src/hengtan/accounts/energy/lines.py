"""Lines of a table that scaling can or cannot bring to their totals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hengtan.accounts.energy.adjusted import Array
from hengtan.accounts.energy.refusals import refusal
from hengtan.basis.words import Words
from hengtan.graph.codes import coded


def line_names(
    shape: tuple[int, ...], rows: Sequence[str], columns: Sequence[str]
) -> list[list[str]]:
    """What messages call the rows and the columns: as given, else by their number."""
    words = Words.of("hengtan.accounts.energy")
    return [
        list(map(str, rows)) or [words.say(f"nth_row|{n + 1}") for n in range(shape[0])],
        list(map(str, columns)) or [words.say(f"nth_column|{n + 1}") for n in range(shape[1])],
    ]


def empty_lines(movable: Array, wanted: list[Array], small: float) -> list[Array]:
    """Set to zero the cells of lines whose total is zero and whose cells are of one sign, until no
    more follow; which lines they were.
    """
    emptied = [np.zeros(n, dtype=bool) for n in movable.shape]
    while True:
        more = False
        for axis in (0, 1):
            one_sign = ((movable > 0).any(axis=1 - axis)) ^ ((movable < 0).any(axis=1 - axis))
            lines = one_sign & (np.abs(wanted[axis]) <= small * 1e-3)
            if lines.any():
                more = True
                emptied[axis] |= lines
                movable[lines if axis == 0 else (slice(None), lines)] = 0.0
        if not more:
            return emptied


def refuse_impossible(
    movable: Array, wanted: list[Array], small: float, names: list[list[str]]
) -> None:
    """Raise for a line that no scaling brings to its total."""
    for axis in (0, 1):
        up, down = (movable > 0).any(axis=1 - axis), (movable < 0).any(axis=1 - axis)
        total = np.nan_to_num(wanted[axis])
        bad = np.flatnonzero((~up & (total > small)) | (~down & (total < -small)))
        if bad.size:
            total_wanted = f"{wanted[axis][bad[0]]:.6g}"
            raise refusal("line_cannot_scale", names[axis][bad[0]], total_wanted)


def refuse_contradiction(
    movable: Array, wanted: list[Array], small: float, names: list[list[str]]
) -> None:
    """Raise where no table with these zeros and signs has these totals, naming the lines that fall
    short in the one that comes nearest.
    """
    from scipy import optimize, sparse

    rows, columns = np.nonzero(movable)
    m, n = movable.shape
    cells = len(rows)
    lines, cell = np.r_[rows, m + columns], np.tile(np.arange(cells), 2)
    incidence = sparse.coo_matrix((np.ones(2 * cells), (lines, cell)), shape=(m + n, cells)).tocsr()
    total = np.r_[wanted[0], wanted[1]]
    bound = np.flatnonzero(np.isfinite(total))
    slack = sparse.eye(len(bound))
    positive = movable[rows, columns] > 0
    limits = [(0, None) if up else (None, 0) for up in positive] + [(0, None)] * (2 * len(bound))
    nearest = optimize.linprog(
        np.r_[np.zeros(cells), np.ones(2 * len(bound))],
        A_eq=sparse.hstack([incidence[bound], slack, -slack]),
        b_eq=total[bound],
        bounds=limits,
    )
    tolerated = max(small * len(bound), 1e-9 * float(np.abs(total[bound]).max(initial=0.0)))
    if nearest.status != 0 or nearest.fun <= tolerated:
        return
    short = nearest.x[cells : cells + len(bound)] - nearest.x[cells + len(bound) :]
    flat = [*names[0], *names[1]]
    gaps = [(flat[line], gap) for line, gap in zip(bound, short, strict=True) if abs(gap) > small]
    worst = sorted(gaps, key=lambda line: -abs(line[1]))[:3]
    zh, en = (named_gaps(worst, "line_gap", language) for language in ("zh", "en"))
    raise refusal("zeros_forbid", zh, en)


def named_gaps(gaps: Sequence[tuple[str, float]], code: str, language: str) -> str:
    """Lines or constraints with what each is short of, in words."""
    words = Words.of("hengtan.accounts.energy")
    said = [words.say(coded(code, name, f"{gap:+.6g}"), language) for name, gap in gaps]
    return ("、" if language == "zh" else ", ").join(said)
