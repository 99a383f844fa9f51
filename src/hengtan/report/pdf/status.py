"""The list of all targets as PDF: lights, goals, latest values, what is needed, reasons; A4 lying
across, with the head of its table on each page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hengtan.basis.lights import LIGHTS
from hengtan.basis.whole_files import write_whole
from hengtan.report.grouping import by_chapter, by_plan, count_lights
from hengtan.report.numerals import (
    bounded,
    figure,
    operator_text,
    past_said,
    signed,
    unit_of_change,
    with_unit,
)
from hengtan.report.pdf.press import pdf
from hengtan.report.view import Row, StatusView
from hengtan.report.words import word, word_or_code


def write_status_pdf(view: StatusView, path: Path, lang: str = "zh") -> Path:
    """The list as .pdf, whole or not at all. Raises NoChineseFont."""
    return write_whole(path, status_pdf(view, lang))


def status_pdf(view: StatusView, lang: str = "zh") -> bytes:
    """The list as the bytes of a PDF. Raises NoChineseFont."""
    return pdf("status.typ", status_content(view, lang))


def status_content(view: StatusView, lang: str = "zh") -> dict[str, Any]:
    """What the template sets, all of it text."""
    heads = ("light", "pdf.targets", "pdf.goal", "pdf.latest", "state", "pdf.needed", "pdf.because")
    counts = count_lights(view.targets)
    return {
        **frame(view, lang),
        "title": word("report.title", lang),
        "banners": banners(view, lang),
        "counts": [
            {"light": light_shown(light, lang), "count": count}
            for light, count in counts.items()
            if count
        ],
        "heads": [word(head, lang) for head in heads],
        "groups": [_group(plan, rows, lang) for plan, rows in by_plan(view, view.targets)],
    }


def frame(view: StatusView, lang: str) -> dict[str, Any]:
    """Language, the day judged and what was known, the foot of each page."""
    meta = view.meta
    facts = (("judged_on", meta["judged_on"]), ("known_on", meta["known_on"]))
    said = [f"{word(key, lang)} {value}" for key, value in facts if value]
    head = f"{word('ledger_head', lang)} {str(meta['ledger_head'])[:10]}"
    foot = (meta["workspace"], head, meta["program"])
    return {
        "lang": lang,
        "state": "　".join(said),
        "foot": "　".join(str(part) for part in foot if part),
        "page_words": word("pdf.page", lang),
    }


def banners(view: StatusView, lang: str) -> list[str]:
    """What a reader must know first: a demonstration, made-up figures."""
    first = "demo_city" if view.meta["demo_city"] else "demo"
    said = [(first, f"{first}.banner"), ("synthetic", "synthetic.banner")]
    return [word(key, lang) for flag, key in said if view.meta[flag]]


def light_shown(light: str, lang: str) -> dict[str, str]:
    """A light as mark and word on its colour."""
    shown = LIGHTS[light]
    return {
        "mark": shown.mark,
        "title": word(f"light.{light}", lang),
        "fill": shown.fill,
        "ink": shown.fill_ink,
    }


def in_language(row: Row, field: str, lang: str) -> str:
    """A text of the data in a language; the other where it is missing."""
    zh = str(row.get(f"{field}_zh") or row.get(field) or "")
    en = str(row.get(f"{field}_en") or "")
    return (en or zh) if lang == "en" else (zh or en)


def plan_title(plan: Row, lang: str) -> str:
    """The title of a plan."""
    return in_language(plan, "title", lang)


def goal_said(target: Row, lang: str) -> str:
    """不低于 55%（2027年）."""
    amount = with_unit(figure(target["goal"]), target["unit"])
    return f"{operator_text(target, lang)} {amount}（{target['deadline']}）"


def latest_said(target: Row, lang: str) -> str:
    """The latest value as reported, with its bound; a dash where there is none."""
    unit = target["latest_unit"] or target["unit"]
    return bounded(with_unit(figure(target["latest_value"]), unit), target["latest_bound"], lang)


def change_said(value: Any, target: Row, lang: str) -> str:
    """A signed change a year in the unit of a difference; a dash where there is none."""
    if not isinstance(value, (int, float)):
        return "—"
    amount = with_unit(signed(value), unit_of_change(target["unit"], lang))
    return f"{amount}{word('a_year', lang)}"


def reason_said(target: Row, lang: str) -> str:
    """The reason of the light; that of the state where there is none."""
    reason = in_language(target, "light_reason", lang)
    return reason or in_language(target, "state_reason", lang)


def _group(plan: Row, rows: list[Row], lang: str) -> dict[str, Any]:
    chapters = by_chapter(rows)
    return {
        "plan": plan_title(plan, lang),
        "note": word("draft.banner", lang) if plan["status"] == "draft" else "",
        "chapters": [
            {
                "name": (english if lang == "en" else chinese) or chinese,
                "rows": [_row(target, lang) for target in targets],
            }
            for (chinese, english), targets in chapters
        ],
    }


def _row(target: Row, lang: str) -> dict[str, Any]:
    return {
        "light": light_shown(target["light"], lang),
        "indicator": in_language(target, "indicator", lang),
        "where": in_language(target, "region", lang),
        "goal": goal_said(target, lang),
        "latest": latest_said(target, lang),
        "period": str(target["latest_period"] or ""),
        "state": word_or_code("state", target["state"], lang),
        "needed": past_said(target, lang) or change_said(target["needed_pace"], target, lang),
        "reason": reason_said(target, lang),
    }
