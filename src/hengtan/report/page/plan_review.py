"""Pages of the review of plans: the list, and one plan with its document, targets as cards and what
stands beside them.

The document stands in paragraphs with its quotes marked. No decision is taken here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from hengtan.report.page.families import Page

MAX_SHOWN = 600_000
"""Characters of a document that the page shows; the rest is told, not shown."""

Mark = tuple[int, int, str]
"""Where the quote of a target starts and ends in the document, and the target's id."""
Span = tuple[int, int]

KINDS = ("milestone", "task", "owner")
"""What a plan names beside its targets, in the order of the page."""

PAGES = (
    Page("plans", menu=160),
    Page("plan_review"),
)


def paragraphs(
    text: str, marks: Sequence[Mark], heads: Mapping[int, tuple[int, str]]
) -> list[dict[str, Any]]:
    """The document by lines that are not empty, each with its pieces and the ref of its head.

    A piece is (text, ids of the targets whose quote it belongs to, whether it is a numbered head).
    ``marks`` may lie within or across each other; ``heads``: start of a head → its end and ref.
    """
    lines: list[dict[str, Any]] = []
    waiting, starts = sorted(marks), sorted(heads)
    start = 0
    for line in text[:MAX_SHOWN].split("\n"):
        end = start + len(line)
        inside = [mark for mark in waiting if mark[0] < end and mark[1] > start]
        of_line = starts[bisect_left(starts, start) : bisect_left(starts, end)]
        titles = [(place, min(heads[place][0], end)) for place in of_line]
        if line.strip():
            lines.append(
                {
                    "pieces": _pieces(text, (start, end), inside, titles),
                    "head": heads[titles[0][0]][1] if titles else "",
                }
            )
        start = end + 1
        if waiting and len(inside) < len(waiting) and waiting[0][1] < start:
            waiting = [mark for mark in waiting if mark[1] >= start]
    return lines


def _pieces(
    text: str, line: Span, marks: Sequence[Mark], titles: Sequence[Span]
) -> list[tuple[str, list[str], bool]]:
    """A line cut wherever a quote or a head starts or ends."""
    start, end = line
    cuts = {start, end}
    for mark_start, mark_end, _ in marks:
        cuts |= {max(mark_start, start), min(mark_end, end)}
    for title in titles:
        cuts |= set(title)
    return [
        (
            text[a:b],
            [target for first, last, target in marks if first < b and last > a],
            any(first <= a < last for first, last in titles),
        )
        for a, b in pairwise(sorted(cuts))
    ]


def page_context(review: Mapping[str, Any]) -> dict[str, Any]:
    """What the template shows: ``review`` as ``desk`` gives it, with paragraphs and counts."""
    targets = review["targets"]
    heads = {clause["start"]: (clause["end"], clause["ref"]) for clause in review["clauses"]}
    marks = [(target["start"], target["end"], target["id"]) for target in targets]
    counts = Counter(target["state"] for target in targets)
    return {
        "review": review,
        "cards": [{**target, "number": number} for number, target in enumerate(targets, start=1)],
        "counts": counts,
        "decided": counts.total() - counts["open"],
        "cut": max(0, len(review["text"]) - MAX_SHOWN),
        "paragraphs": paragraphs(review["text"], marks, heads),
        "state_of": {target["id"]: target["state"] for target in targets},
        "systems": _by_clause(review["systems"], review),
        "items": _by_kind(review["items"]),
    }


def _title_of(review: Mapping[str, Any]) -> dict[str, str]:
    return {clause["ref"]: f"{clause['number']} {clause['title']}" for clause in review["clauses"]}


def _by_clause(
    rows: Sequence[Mapping[str, Any]], review: Mapping[str, Any]
) -> list[tuple[str, list[str]]]:
    titles = _title_of(review)
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(titles.get(row["clause"], "—"), []).append(row["name"])
    return list(groups.items())


def _by_kind(items: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]], int]]:
    """Items of each kind that there are, and how many of them are decided; milestones, to which a
    reviewer may add, also where there is none.
    """
    kinds = {kind: [i for i in items if i["kind"] == kind] for kind in KINDS}
    return [
        (kind, of_kind, sum(item["state"] != "open" for item in of_kind))
        for kind, of_kind in kinds.items()
        if of_kind or kind == "milestone"
    ]
