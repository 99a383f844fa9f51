"""The list of targets as it is asked for: filtered, sorted, in pages, and as a file of all of it.

What is asked stands in the address of the page, so that a list can be sent on as a link.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from hengtan.basis.lights import LIGHTS
from hengtan.report.asked import PAGE, InAddress, pages_of
from hengtan.report.files import list_csv_bytes
from hengtan.report.judgement import STANDINGS, day_of
from hengtan.report.numerals import gap_said, operator_text
from hengtan.report.view import Row, StatusView
from hengtan.report.words import english_of, joined, named_in, word


def _light(target: Row) -> int:
    return LIGHTS[target["light"]].order


def _day(target: Row) -> str:
    return str(day_of(target["deadline"]) or "9999")


SORTS: Mapping[str, Callable[[Row], Any]] = {
    "light": _light,
    "name": lambda target: target["indicator_zh"],
    "place": lambda target: (target["region_code"], target["region"]),
    "deadline": _day,
    "period": lambda target: str(target.get("latest_end") or target["latest_period"]),
}
"""What the list may be sorted by; with ``-`` before it, backwards. Else as in the plans."""


@dataclass(frozen=True)
class Asked(InAddress):
    """What of the list is asked for. ``light`` is a light or one of ``STANDINGS``."""

    SORTS: ClassVar[Collection[str]] = SORTS
    plan: str = ""
    light: str = ""
    department: str = ""
    place: str = ""
    q: str = ""


@dataclass(frozen=True)
class TargetList:
    """The targets that were asked for: all of them and those of one page."""

    asked: Asked
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, view: StatusView, asked: Asked) -> TargetList:
        """Filter and sort the targets of a view: where nothing else is asked for, those of the
        region's own plans first.
        """
        others = {plan["id"] for plan in view.plans if not plan["own"]}
        rows = [target for target in view.targets if _is_meant(target, view, asked)]
        rows.sort(key=lambda target: target["plan"] in others)
        key = SORTS.get(asked.sort.removeprefix("-"))
        if key is not None:
            rows.sort(key=key, reverse=asked.sort.startswith("-"))
        return cls(replace(asked, page=min(asked.page, pages_of(len(rows)))), tuple(rows))

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return pages_of(len(self.rows))

    @property
    def shown(self) -> tuple[Row, ...]:
        """The targets of the page asked for."""
        first = (self.asked.page - 1) * PAGE
        return self.rows[first : first + PAGE]


def _is_meant(target: Row, view: StatusView, asked: Asked) -> bool:
    lights = STANDINGS.get(asked.light, (asked.light,))
    return (
        asked.plan in ("", target["plan"])
        and (not asked.light or target["light"] in lights)
        and (not asked.department or asked.department in departments_of(target))
        and asked.place in ("", target["region_code"] or target["region"])
        and _has_words(target, asked.q)
    )


def _has_words(target: Row, text: str) -> bool:
    """Whether every word of a text stands in the names, the clause or the place of a target."""
    fields = ("indicator_zh", "indicator_en", "target_id", "clause", "clause_title_zh", "region")
    whole = " ".join(str(target[name]) for name in (*fields, "indicator")).casefold()
    return all(part in whole for part in text.casefold().split())


def departments_of(target: Row) -> list[str]:
    """The departments that answer for a target."""
    return list(target["department_zh"])


def choices(view: StatusView) -> dict[str, list[tuple[str, str, str]]]:
    """What each filter can be set to: value and names, in the order of the view."""
    places = {
        str(t["region_code"] or t["region"]): (t["region"], t["region_en"]) for t in view.targets
    }
    departments = sorted({name for t in view.targets for name in departments_of(t)})
    named = dict.fromkeys(target["plan"] for target in view.targets)
    plans = sorted(map(view.plan, named), key=lambda plan: not plan["own"])
    return {
        "plan": [_plan(plan) for plan in plans],
        "place": [(code, zh, en or zh) for code, (zh, en) in places.items()],
        "department": [(name, name, english_of(name) or name) for name in departments],
    }


def _plan(plan: Row) -> tuple[str, str, str]:
    zh = plan["short_zh"] or plan["title_zh"]
    return plan["id"], zh, plan["short_en"] or plan["title_en"] or zh


HEADS = (
    "light",
    "target",
    "region",
    "department",
    "list.operator",
    "goal",
    "unit",
    "deadline",
    "latest",
    "list.latest_unit",
    "period",
    "state",
    "gap",
    "reason",
    "list.plan",
    "clause",
    "list.id",
)


def cells_of(target: Row, view: StatusView, lang: str = "zh") -> list[Any]:
    """A target as a line of the file."""

    def said(field: str) -> str:
        english = str(target.get(f"{field}_en") or "")
        chinese = str(target.get(f"{field}_zh", target.get(field)) or "")
        return english or chinese if lang == "en" else chinese

    plan = view.plan(target["plan"])
    return [
        word(f"light.{target['light']}", lang),
        said("indicator"),
        said("region"),
        joined(named_in(departments_of(target), lang), lang),
        operator_text(target, lang),
        target["goal"],
        target["unit"],
        str(target["deadline"] or ""),
        target["latest_value"],
        target["latest_unit"] or "",
        str(target["latest_period"] or ""),
        word(f"state.{target['state']}", lang),
        gap_said(target, lang),
        said("light_reason") or said("state_reason"),
        (plan["title_en"] if lang == "en" else "") or plan["title_zh"],
        target["clause"],
        target["target_id"],
    ]


def list_csv(view: StatusView, rows: Sequence[Row], lang: str = "zh") -> bytes:
    """The list as a CSV file that Excel reads."""
    heads = [word(key, lang) for key in HEADS]
    return list_csv_bytes(heads, (cells_of(row, view, lang) for row in rows))


def list_excel(view: StatusView, rows: Sequence[Row], lang: str = "zh") -> bytes:
    """The list as a workbook."""
    from hengtan.report.sheet.lists import ListSheet, lists_bytes

    title = word("nav.targets_list", lang)
    lines = [cells_of(row, view, lang) for row in rows]
    return lists_bytes(title, [ListSheet(title, [word(key, lang) for key in HEADS], lines)])
