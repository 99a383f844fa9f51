"""A target on one A4 page as PDF: verdict, figures, picture, values, definition, and where the
number comes from in three lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hengtan.basis.errors import NoSuchRow
from hengtan.basis.whole_files import write_whole
from hengtan.report import numerals
from hengtan.report.pdf.press import pdf
from hengtan.report.pdf.status import (
    banners,
    change_said,
    frame,
    goal_said,
    in_language,
    latest_said,
    light_shown,
    plan_title,
    reason_said,
)
from hengtan.report.pictures_of_targets import picture_of
from hengtan.report.provenance import clause_name, three_lines
from hengtan.report.view import Row, StatusView
from hengtan.report.words import error, joined, word, word_or_code

PICTURE = "picture.svg"
MOST_VALUES = 8
"""Values listed, the newest; the rest is counted."""
LONGEST = 400
"""Characters of a text of the definition; more is cut with an ellipsis."""


class NoSuchTarget(NoSuchRow):
    """A target that the view does not hold."""


def write_target_pdf(
    view: StatusView,
    target_id: str,
    path: Path,
    tree: Mapping[str, Any] | None = None,
    lang: str = "zh",
) -> Path:
    """The page as .pdf, whole or not at all. Raises NoSuchTarget and NoChineseFont."""
    return write_whole(path, target_pdf(view, target_id, tree, lang))


def target_pdf(
    view: StatusView, target_id: str, tree: Mapping[str, Any] | None = None, lang: str = "zh"
) -> bytes:
    """The page as the bytes of a PDF; ``tree``: the explanation of the target, for the row its
    number stands in. Raises NoSuchTarget and NoChineseFont.
    """
    target = target_of(view, target_id)
    judged_on = str(view.meta["judged_on"])
    picture = picture_of(target, lang=lang, judged_on=judged_on)
    pictures = {PICTURE: picture} if picture else {}
    return pdf("target.typ", target_content(view, target, tree, lang, bool(picture)), pictures)


def target_of(view: StatusView, target_id: str) -> Row:
    """The row of a target. Raises NoSuchTarget."""
    target = view.target(target_id)
    if target is None:
        raise error(NoSuchTarget, f"pdf.no_target|{target_id}")
    return target


def target_content(
    view: StatusView, target: Row, tree: Mapping[str, Any] | None, lang: str, drawn: bool
) -> dict[str, Any]:
    """What the template sets, all of it text."""
    plan = view.plan(target["plan"])
    heads = ("period", "value", "state", "confidence", "source")
    newest = sorted(target["series"], key=_end, reverse=True)
    more = len(newest) - MOST_VALUES
    return {
        **frame(view, lang),
        "title": in_language(target, "indicator", lang),
        "crumbs": plan_title(plan, lang),
        "where": _where(target, lang),
        "banners": [*banners(view, lang), *_draft(plan, lang)],
        "light": light_shown(target["light"], lang),
        "because": reason_said(target, lang),
        "remarks": _remarks(target, lang),
        "facts": _facts(target, lang),
        "picture": PICTURE if drawn else "",
        "value_heads": [word(head, lang) for head in heads],
        "values": [_value(value, target, lang) for value in newest[:MOST_VALUES]],
        "values_note": word("pdf.earlier", lang, count=more) if more > 0 else "",
        "definition": _definition(target, lang),
        "provenance": [
            {"name": line.name, "text": line.text} for line in three_lines(target, plan, tree, lang)
        ],
        "words": {
            "chart": word("chart", lang),
            "chart_empty": word("chart.empty", lang),
            "values": word("values", lang),
            "definition": word("definition", lang),
            "provenance": word("explain", lang),
        },
    }


def _end(value: Row) -> str:
    return str(value.get("end") or value["period"])


def _draft(plan: Row, lang: str) -> list[str]:
    return [word("draft.banner", lang)] if plan["status"] == "draft" else []


def _where(target: Row, lang: str) -> str:
    """Place, scope, clause and its title."""
    region, scope = in_language(target, "region", lang), target["scope"]
    clause = f"{clause_name(target['clause'], lang)} {in_language(target, 'clause_title', lang)}"
    parts = [region, "" if not scope or region.endswith(scope) else scope, clause.strip()]
    return " · ".join(part for part in parts if part)


def _remarks(target: Row, lang: str) -> list[str]:
    """Data state and its reason, reading, note on the scope, met before the start."""
    state = word(f"state.{target['state']}", lang)
    said = in_language(target, "state_reason", lang) or word(f"state_rule.{target['state']}", lang)
    remarks = [f"{state}{word('chart.separator', lang)}{said}"]
    if target["met_at_start"]:
        remarks.append(word("met_at_start.note", lang))
    for key, text in (
        ("reading", in_language(target, "reading", lang)),
        ("scope_note", in_language(target, "scope_note", lang)),
    ):
        if text:
            remarks.append(f"{word(key, lang)}{word('chart.separator', lang)}{_cut(text)}")
    return remarks


def _facts(target: Row, lang: str) -> list[dict[str, str]]:
    """Goal, latest, gap, needed, so far, age: name, figure, note."""
    latest = " ".join(
        part
        for part in (
            str(target["latest_period"] or ""),
            word_or_code("vintage", target["latest_vintage"], lang),
            word_or_code("confidence", target["latest_confidence"], lang),
        )
        if part
    )
    base = ""
    if target["base_value"] is not None:
        amount = numerals.with_unit(numerals.figure(target["base_value"]), target["unit"])
        base = f"{word('base', lang)} {amount} {target['base_period']}"
    required = ""
    if target["required_now"] is not None:
        amount = numerals.with_unit(numerals.computed(target["required_now"]), target["unit"])
        required = f"{word('required_now', lang)} {amount}"
    published = target["latest_published"]
    needed = change_said(target["needed_pace"], target, lang)
    facts = (
        ("goal", goal_said(target, lang), ""),
        ("latest", latest_said(target, lang), latest),
        ("gap", numerals.gap_said(target, lang), required),
        ("needed_pace", numerals.past_said(target, lang) or needed, ""),
        ("pace_so_far", change_said(target["pace_so_far"], target, lang), base),
        (
            "age",
            numerals.age(target["latest_age_days"], lang),
            f"{word('published', lang)} {published}" if published else "",
        ),
    )
    return [{"name": word(key, lang), "value": value, "note": note} for key, value, note in facts]


def _value(value: Row, target: Row, lang: str) -> list[str]:
    """Period, figure as reported, state, confidence, source."""
    reported = value.get("reported_value", value["value"])
    amount = numerals.with_unit(numerals.figure(reported), value.get("unit") or target["unit"])
    is_used = value.get("won") is not False
    state = word_or_code("state", value.get("state") or "none", lang) if is_used else ""
    return [
        str(value["period"]),
        numerals.bounded(amount, value.get("bound"), lang),
        state if is_used else word("values.not_used", lang),
        word_or_code("confidence", value.get("confidence") or "", lang),
        _cut(str(value.get("source") or ""), 60),
    ]


def _definition(target: Row, lang: str) -> list[dict[str, str]]:
    """The definition's lines that say something."""
    meaning = target["definition"] or {}
    known = meaning.get("edition") if meaning.get("edition_established", True) else ""
    edition = "" if known == "not established" else str(known or "")
    lines = (
        (
            "definition.text",
            in_language(meaning, "definition", lang) or str(meaning.get(lang) or ""),
        ),
        ("formula", in_language(meaning, "formula", lang)),
        ("edition", edition or word("edition.none", lang)),
        ("department", _departments(target, meaning, lang)),
        ("target.note", in_language(target, "note", lang)),
    )
    return [{"name": word(key, lang), "text": _cut(text)} for key, text in lines if text]


def _departments(target: Row, meaning: Mapping[str, Any], lang: str) -> str:
    """Who is responsible, and whether the plan names them or they are a suggestion."""
    names = joined(target["department_zh"] or meaning.get("department") or (), lang)
    if names and meaning.get("department_basis", "suggestion") != "stated":
        return f"{names}（{word('suggested', lang)}）"
    return names


def _cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
