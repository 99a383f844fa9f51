"""Assessment workbooks: the template of a scheme to fill, and the results with every point lost
explained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hengtan.report.sheet.plain import PER_CENT, WHOLE, Head, SpokenBook

Result = Mapping[str, Any]
RankRange = tuple[int, int, float] | None
"""Best and worst rank when weights change by a fifth, and how often the rank stays; None without a
rank.
"""
RESULTS = (
    Head("assess.column.rank", form=WHOLE),
    Head("assess.column.who", 20),
    Head("assess.column.class"),
    Head("assess.points"),
    Head("assess.column.full"),
    Head("assess.grade"),
    Head("assess.why", 40),
    Head("assess.column.last_rank", form=WHOLE),
    Head("assess.column.moved"),
    Head("assess.column.rank_range", 16),
    Head("assess.column.rank_kept", 14, PER_CENT),
    Head("assess.column.remark", 22),
)
DETAILS = (
    Head("assess.column.rank", form=WHOLE),
    Head("assess.column.who", 20),
    Head("assess.column.item", 34),
    Head("assess.points"),
    Head("assess.column.full"),
    Head("assess.column.lost"),
    Head("assess.column.note", 60),
)


def write_results(
    path: Path,
    title: str,
    results: Sequence[Result],
    ranges: Sequence[RankRange],
    lang: str = "zh",
) -> Path:
    """The workbook of results in a language; ``results``: their reasons and grades are said in it.

    得分 by rank with what other weights would change, 明细 with the reason of each point lost.
    """
    book = SpokenBook(title, lang)
    ranked = sorted(zip(results, ranges, strict=True), key=lambda pair: _by_rank(pair[0]))
    points = [_result(book, result, rank_range) for result, rank_range in ranked]
    book.sheet(book.word("assess.sheet.points"), RESULTS, points)
    details = [_item(result, item) for result, _ in ranked for item in result["items"]]
    book.sheet(book.word("assess.sheet.details"), DETAILS, details)
    return book.saved(path)


def _by_rank(result: Result) -> tuple[bool, int]:
    return result["rank"] is None, result["rank"] or 0


def _result(book: SpokenBook, result: Result, rank_range: RankRange) -> list[Any]:
    rank, last_rank = result["rank"], result["last_rank"]
    best, worst, kept = rank_range or (None, None, None)
    return [
        rank,
        result["name"],
        result["class"],
        round(result["points"], 2),
        result["full"],
        result["grade"],
        result["grade_reason"],
        last_rank,
        last_rank - rank if rank and last_rank else None,
        f"{best}—{worst}" if rank_range else "",
        kept,
        "" if result["complete"] else book.word("assess.not_ranked"),
    ]


def _item(result: Result, item: Mapping[str, Any]) -> list[Any]:
    return [
        result["rank"],
        result["name"],
        item["name"],
        round(item["points"], 2),
        item["full"],
        round(item["lost"], 2),
        item["reason"],
    ]
