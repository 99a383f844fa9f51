"""Data-quality rating of footprints: five marks of a pedigree matrix, 1 best to 5, and their mean.

The aspects are those of ISO 14044:2006 4.2.3.6 (time, geography, technology, completeness,
reliability of sources) in the marks of Weidema and Wesnæs (1996). GB/T 24067-2024 asks that data
quality be evaluated and sets no formula; the plain mean is how the EU's product environmental
footprint combines its own four criteria (clauses as remembered, texts not obtained).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hengtan.accounts.carbon.refusals import refusal
from hengtan.basis.errors import ParameterNotEstablished

MARKS = ("technology", "time", "geography", "completeness", "reliability")


def quality_rating(marks: Mapping[str, int]) -> float:
    """Data-quality rating of one datum: the mean of its five marks. [1 best to 5]

    Raises ParameterNotEstablished where a mark is missing, HengtanError where one is not 1 to 5.
    """
    lost = [m for m in MARKS if marks.get(m) is None]
    if lost:
        raise refusal("mark_lacking", lost[0], kind=ParameterNotEstablished)
    wrong = [m for m in MARKS if not 1 <= marks[m] <= 5]
    if wrong:
        raise refusal("mark_range", wrong[0])
    return sum(marks[m] for m in MARKS) / len(MARKS)


def rating_weighted(
    parts: Iterable[tuple[float, Mapping[str, int] | None]],
) -> tuple[float | None, float]:
    """The rating of a whole from (weight, marks), each weighted by its contribution, and the share
    of the whole that has marks.

    The rating is None while a part that counts has none: a mean over what happens to be rated would
    flatter. Half-given marks count as not rated.
    """
    total = rated = score = 0.0
    for weight, marks in parts:
        total += weight
        if weight and marks and all(marks.get(m) is not None for m in MARKS):
            rated += weight
            score += weight * quality_rating(marks)
    if not total:
        return None, 0.0
    whole = abs(rated - total) <= 1e-12 * total
    return (score / rated if whole else None), rated / total


def rating_mean(marks: Iterable[Mapping[str, int]]) -> float | None:
    """The plain mean rating over data that are rated; None where none is. [1 best to 5]"""
    scores = [quality_rating(m) for m in marks if all(m.get(k) is not None for k in MARKS)]
    return sum(scores) / len(scores) if scores else None
