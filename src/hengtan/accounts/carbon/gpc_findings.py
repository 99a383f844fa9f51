"""What is wrong with a GPC inventory: cells nobody can read, keys that lead nowhere, totals that
are not the sum of their rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hengtan.accounts.carbon.gpc import Header, Published, sum_and_tolerance, totals_of
from hengtan.accounts.carbon.gpc_cells import Cell
from hengtan.basis.errors import Finding
from hengtan.basis.words import Words
from hengtan.graph.codes import coded

LISTED = 8
"""References that a finding lists."""

Found = tuple[str | None, Finding]
"""A finding and the column it stands in."""


def findings_of(
    cells: Mapping[str, Cell],
    header: Header,
    published: Mapping[str, Cell],
    references: Mapping[str, Any],
    credits: Mapping[str, Cell] | None = None,
) -> list[Found]:
    """What is wrong with one inventory, each with the column it stands in."""
    return [
        *_of_cells(cells, header, references),
        *_of_totals(cells, header, published, references, credits or {}),
        *_of_blanks(cells, references),
    ]


def _of_cells(
    cells: Mapping[str, Cell], header: Header, references: Mapping[str, Any]
) -> Iterator[Found]:
    for reference, cell in cells.items():
        column = header.references[reference]
        if cell.problem:
            yield column, _finding("error", "unreadable", cell.text)
        if cell.value and cell.keys:
            yield column, _finding("warning", "value-and-key", cell.text)
        if cell.value is not None and cell.value < 0 and not reference.startswith("V."):
            yield column, _finding("warning", "negative", reference, f"{cell.value:g}")
        for other in cell.elsewhere:
            if other == reference:
                yield column, _finding("error", "ie-itself", reference)
            elif other not in references:
                yield column, _finding("warning", "ie-unknown", reference, other)
            elif other not in cells or cells[other].value is None:
                yield column, _finding("warning", "ie-empty", reference, other)


def _of_totals(
    cells: Mapping[str, Cell],
    header: Header,
    published: Mapping[str, Cell],
    references: Mapping[str, Any],
    credits: Mapping[str, Cell],
) -> Iterator[Found]:
    for total in header.published:
        cell = published[total.column]
        if cell.problem:
            yield total.column, _finding("error", "unreadable-total", cell.text)
        if cell.value is None:
            continue
        should, rounding, count = sum_and_tolerance(total, cells, references, credits)
        if count == 0 and cell.value == 0:
            continue
        tolerance = rounding + 0.5 * 10.0**-cell.decimals + 1e-9 * max(abs(should), 1.0)
        gap = cell.value - should
        if abs(gap) > tolerance:
            yield (
                total.column,
                _finding(
                    "error",
                    "total",
                    _name(total, "zh"),
                    f"{cell.value:,.{cell.decimals}f}",
                    f"{should:,.6g}",
                    count,
                    f"{gap:+,.6g}",
                    f"{tolerance:.3g}",
                    _name(total, "en"),
                ),
            )


def _of_blanks(cells: Mapping[str, Cell], references: Mapping[str, Any]) -> Iterator[Found]:
    blank = [r for r in totals_of(cells, references).blank if references[r]["basic"]]
    if blank:
        listed = [mark.join(blank[:LISTED]) for mark in ("、", ", ")]
        more = "…" if len(blank) > LISTED else ""
        yield None, _finding("warning", "blank", len(blank), f"{listed[0]}{more}", listed[1])


def _name(total: Published, language: str) -> str:
    """What a published total is called."""
    words = Words.of("hengtan.accounts.carbon")
    part = "+".join(total.parts) or total.prefix or ""
    if total.total:
        whole = words.say(f"gpc.total.{total.total}", language)
        return f"{'NET ' if total.net else ''}{whole} {part}".strip()
    return part or words.say(coded("gpc.scope", total.scope), language)


def _finding(level: str, code: str, *arguments: Any) -> Finding:
    """A finding in the words of ``gpc.<code>``: Chinese, English, what to do in both."""
    words = Words.of("hengtan.accounts.carbon")[f"gpc.{code}"]
    texts = [text.format(*arguments) for text in words]
    zh, en, todo, todo_en = (*texts, "", "")[:4]
    return Finding(level, zh, en, todo=todo, todo_en=todo_en, code=code.removesuffix("-total"))
