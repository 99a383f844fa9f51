"""Where figures come from and what stands in the way: sources with confidence, gaps with who may
fill them, conflicts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hengtan.report.numerals import unit_name
from hengtan.report.status_rows import Row

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

NO_SOURCE = "（未填来源）"
GAP_FORM = "indicator_values"
"""The form that closes a gap."""


def sources_of(workspace: Workspace, values: list[Row]) -> list[Row]:
    """Sources by title and address, those of most rows first, then by title."""
    publishers = {row["publisher"]: row for row in workspace.pack.rows("publishers")}
    by_source: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for value in values:
        by_source[value["source_title"] or NO_SOURCE, value["source_url"] or ""].append(value)
    rows = []
    most_first = sorted(by_source.items(), key=lambda item: (-len(item[1]), item[0]))
    for (title, url), cited in most_first:
        publisher_id = cited[0]["publisher"] or ""
        publisher = publishers.get(publisher_id, {})
        rows.append(
            {
                "title": title,
                "url": url,
                "publisher": publisher.get("name_zh", publisher_id),
                "level": publisher.get("level", ""),
                "rows": len(cited),
                "confidence": dict(Counter(value["confidence"] or "" for value in cited)),
                "published": max((value["published"] or "" for value in cited), default=""),
            }
        )
    return rows


def gaps_of(workspace: Workspace, targets: list[Row]) -> list[Row]:
    """Targets without an actual, or due and not reported: what is missing, who may hold it."""
    form = workspace.forms.get(GAP_FORM)
    return [
        {
            "target_id": target["target_id"],
            "state": target["state"],
            "reason": target["state_reason"],
            "reason_en": target["state_reason_en"],
            **_missing(target),
            "department_zh": target["department_zh"],
            "department_basis": "suggestion",
            "form": GAP_FORM,
            "form_title_zh": form.title_zh if form else "",
            "form_title_en": form.title_en if form else "",
            "last_period": target["latest_period"] or "",
            "deadline": target["deadline"],
        }
        for target in targets
        if target["state"] != "actual" or _is_unreported(target)
    ]


def _is_unreported(target: Row) -> bool:
    return bool(target["light"] == "due_not_reported")


def _missing(target: Row) -> Row:
    """Which figure is missing, in words."""
    year, unit = target["deadline"], target["unit"]
    in_unit = f" ({name})" if (name := unit_name(unit, "en")) else ""
    due = _is_unreported(target)
    when_zh, when_en = (f"{year}年", year) if due else ("最近完整年度", "the latest whole year")
    return {
        "missing_zh": f"{when_zh}“{target['indicator_zh']}”实绩（{unit}）",
        "missing_en": f"actual of {when_en} for {target['indicator_en']}{in_unit}",
    }


def conflicts_of(workspace: Workspace, values: list[Row], names: Mapping[str, Row]) -> list[Row]:
    """Competing values of a series, place and period side by side, the one that counts first."""
    places = workspace.pack.places()
    competing: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for value in values:
        if value["competing"] > 1:
            competing[value["series"], value["place"], value["period"]].append(value)
    rows = []
    for (series, place, period), rivals in sorted(competing.items()):
        name = names.get(series, {"zh": series, "en": series, "note_zh": "", "note_en": ""})
        ordered = sorted(rivals, key=lambda value: not value["won"])
        rows.append(
            {
                "series": series,
                "series_zh": name["zh"],
                "series_en": name["en"],
                "place": place,
                "place_zh": places[place].name_zh if place in places else place,
                "place_en": places[place].name_en if place in places else place,
                "period": period,
                "unit": ordered[0]["unit"],
                "note_zh": name["note_zh"] or "",
                "note_en": name["note_en"] or "",
                "values": [_rival(value) for value in ordered],
            }
        )
    return rows


def _rival(value: Row) -> Row:
    return {
        "value": value["value"],
        "unit": value["unit"],
        "vintage": value["vintage"],
        "publisher": value["publisher_name"],
        "level_rank": value["level_rank"],
        "source": value["source_title"],
        "published": value["published"],
        "confidence": value["confidence"],
        "won": value["won"],
    }
