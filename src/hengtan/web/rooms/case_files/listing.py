"""The list of case files of a kind: filtered, sorted, in pages, and as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from hengtan.desk.case_files import Line
from hengtan.instruments.case_files.declared import CaseFile
from hengtan.report.asked import PAGE, pages_of
from hengtan.report.sheet.lists import ListSheet, lists_bytes
from hengtan.report.words import word
from hengtan.web.rooms.case_files.asking import Asked, lines_seen

if TYPE_CHECKING:
    from django.http import HttpRequest

HEADS = ("subject", "name", "place", "entity")
TAIL = ("lacking", "unreached", "overdue", "next")
KEYS: Mapping[str, Callable[[Line], Any]] = {
    "subject": lambda line: line.subject,
    "name": lambda line: (line.name, line.subject),
    "place": lambda line: (line.place, line.subject),
    "due": lambda line: (-line.overdue, line.next_due or date.max, line.subject),
}


@dataclass(frozen=True)
class Listed:
    """The case files that were asked for, and those of one page."""

    asked: Asked
    number: int
    lines: Sequence[Line]
    places: Sequence[str]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return pages_of(self.number)


def listed(request: HttpRequest, case_file: CaseFile, size: int | None = PAGE) -> Listed:
    """What the address asks for; ``size``: lines of a page, None for all."""
    asked = Asked.of(request.GET)
    everyone = lines_seen(request, case_file)
    chosen = [line for line in everyone if _is_asked_for(asked, line)]
    chosen.sort(
        key=KEYS[asked.sort.removeprefix("-") or "subject"], reverse=asked.sort.startswith("-")
    )
    number = len(chosen)
    if size is not None:
        asked = replace(asked, page=min(asked.page, pages_of(number, size)))
        chosen = chosen[(asked.page - 1) * size : asked.page * size]
    return Listed(asked, number, chosen, sorted({line.place for line in everyone}))


def _is_asked_for(asked: Asked, line: Line) -> bool:
    words = f"{line.subject} {line.name} {line.entity}".lower()
    return (
        asked.q.lower() in words
        and asked.place in ("", line.place)
        and (not asked.state or getattr(line, asked.state, 0) > 0)
    )


def titles_of(case_file: CaseFile, lang: str) -> dict[str, str]:
    """What each verdict is called."""
    return {
        asked.id: (asked.title_en if lang == "en" else asked.title_zh) or asked.rule
        for asked in case_file.asked
    }


def as_excel(
    case_file: CaseFile, lines: Sequence[Line], place_name: Callable[[str], str], lang: str
) -> bytes:
    """The list as a workbook: a column for what each rule said last."""
    titles = titles_of(case_file, lang)
    heads = [word(f"files.head.{name}", lang) for name in HEADS]
    ends = [word(f"files.head.{name}", lang) for name in TAIL]
    rows = []
    for line in lines:
        says = {asked: en if lang == "en" else zh for asked, zh, en in line.says}
        who = [line.subject, line.name, place_name(line.place), line.entity]
        counts = [line.lacking, line.unreached, line.overdue, line.next_due]
        rows.append([*who, *(says.get(name) for name in titles), *counts])
    title = case_file.title_en if lang == "en" else case_file.title_zh
    return lists_bytes(title, [ListSheet(title, [*heads, *titles.values(), *ends], rows)])
