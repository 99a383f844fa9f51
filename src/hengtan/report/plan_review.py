"""The review page of a plan: the document in paragraphs with its quotes marked, targets as cards, and what stands beside them. No decision is taken here."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

MAX_SHOWN = 600_000
"""Characters of a document that the page shows; the rest is told, not shown."""


def paragraphs(
    text: str, marks: Sequence[tuple[int, int, str]], heads: Mapping[int, tuple[int, str]]
) -> list[dict[str, Any]]:
    """The document by lines: each with its pieces (text, ids of the targets whose quote it belongs to, whether it is a numbered head) and the ref of its head.

    ``marks``: (start, end, id), which may lie within or across each other; ``heads``: start of a head → its end and ref.
    """
    made: list[dict[str, Any]] = []
    at = 0
    ordered, places = sorted(marks), sorted(heads)
    for line in text[:MAX_SHOWN].split("\n"):
        end = at + len(line)
        inside = [m for m in ordered if m[0] < end and m[1] > at]
        titles = [
            (a, min(heads[a][0], end))
            for a in places[bisect_left(places, at) : bisect_left(places, end)]
        ]
        cuts = sorted(
            {
                at,
                end,
                *(max(m[0], at) for m in inside),
                *(min(m[1], end) for m in inside),
                *(place for title in titles for place in title),
            }
        )
        pieces = [
            (
                text[a:b],
                [m[2] for m in inside if m[0] < b and m[1] > a],
                any(x <= a < y for x, y in titles),
            )
            for a, b in pairwise(cuts)
        ]
        if line.strip():
            made.append({"pieces": pieces, "head": heads[titles[0][0]][1] if titles else ""})
        at = end + 1
        if ordered and len(inside) < len(ordered) and ordered[0][1] < at:
            ordered = [m for m in ordered if m[1] >= at]
    return made


def page_context(review: Mapping[str, Any]) -> dict[str, Any]:
    """What the template shows: ``review`` as ``workspace.provider`` gives it, with paragraphs and counts."""
    targets = review["targets"]
    heads = {c["start"]: (c["end"], c["ref"]) for c in review["clauses"]}
    shown = [{**t, "number": n} for n, t in enumerate(targets, start=1)]
    counts = Counter(t["state"] for t in targets)
    return {
        "review": review,
        "cards": shown,
        "counts": counts,
        "decided": counts.total() - counts["open"],
        "cut": max(0, len(review["text"]) - MAX_SHOWN),
        "paragraphs": paragraphs(
            review["text"], [(t["start"], t["end"], t["id"]) for t in targets], heads
        ),
        "state_of": {t["id"]: t["state"] for t in targets},
        "systems": _by_clause(review["systems"], review),
        "departments": _by_clause(review["departments"], review),
        "milestones": _with_clause(review["milestones"], review),
    }


def _title_of(review: Mapping[str, Any]) -> dict[str, str]:
    return {c["ref"]: f"{c['number']} {c['title']}" for c in review["clauses"]}


def _by_clause(
    rows: Sequence[Mapping[str, Any]], review: Mapping[str, Any]
) -> list[tuple[str, list[str]]]:
    titles = _title_of(review)
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(titles.get(row["clause"], "—"), []).append(row["name"])
    return list(groups.items())


def _with_clause(
    rows: Sequence[Mapping[str, Any]], review: Mapping[str, Any]
) -> list[dict[str, Any]]:
    titles = _title_of(review)
    return [{**row, "clause_title": titles.get(row["clause"], "—")} for row in rows]
