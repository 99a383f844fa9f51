"""The title of a plan, and names by which its clauses are cited."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from hengtan.plan.reader.clauses import Clause
from hengtan.plan.reader.normalise import Normalised
from hengtan.plan.reader.vocabulary import pattern

LONGEST_TITLE = 60
LINES_LOOKED_AT = 40


def clause_refs(heads: Sequence[Clause], plan: str) -> dict[int, str]:
    """For each head, by its place, the ref of its clause: its number where that is the only one in
    the document, else the path of numbers."""
    counted = Counter(head.number for head in heads)
    refs: dict[int, str] = {}
    used: Counter[str] = Counter()
    path: list[Clause] = []
    for head in heads:
        while path and path[-1].level >= head.level:
            path.pop()
        path.append(head)
        alone = counted[head.number] == 1
        number = head.number if alone else "".join(above.number for above in path)
        used[number] += 1
        again = f"#{used[number]}" if used[number] > 1 else ""
        refs[head.start] = f"{plan}:{number.replace(' ', '')}{again}"
    return refs


def title_of(text: Normalised, heads: Sequence[Clause]) -> str:
    """The title as printed: the last of the first lines that names a plan; empty where none
    does."""
    lines = _first_lines(text, heads)
    named = [i for i, (line, _) in enumerate(lines) if _names_a_plan(line)]
    if not named:
        return next((printed for line, printed in lines if _could_be_a_title(line)), "")
    last = named[-1]
    title = lines[last][1]
    above = lines[last - 1] if last else ("", "")
    if len(title) < 8 and above[0] and not re.search("[。;:]", above[0]):
        title = above[1] + title
    return re.sub(r"的通知$", "", title)


def _first_lines(text: Normalised, heads: Sequence[Clause]) -> list[tuple[str, str]]:
    """The lines before the first head, as read and as printed."""
    until = max(heads[0].start if heads else min(len(text.text), 600), 60)
    lines = []
    at = 0
    for line in text.text[:until].split("\n")[:LINES_LOOKED_AT]:
        lines.append((line.strip(), re.sub(r"\s+", "", text.quote(at, at + len(line)))))
        at += len(line) + 1
    return lines


def _names_a_plan(line: str) -> bool:
    ends = pattern(r"(?:{kinds_of_plans})(?:[(（].{0,20}[)）])*(?:的通知)?$").search(line)
    return ends is not None and len(line) <= LONGEST_TITLE


def _could_be_a_title(line: str) -> bool:
    return 4 <= len(line) <= LONGEST_TITLE and not re.search("[。;]", line)
