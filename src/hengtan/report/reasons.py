"""Words for the codes of progress: why a state, why a light, in Chinese and English, with the
figures in them.

The sentences stand in ``words/reasons.yaml``; the codes are those of ``plan.progress``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.basis.period import Period
from hengtan.basis.words import LANGUAGES
from hengtan.report.numerals import amount
from hengtan.report.words import word


def state_name(state: str, lang: str = "zh") -> str:
    """The name of a data state as the terminal and the reasons say it: 实绩, 非完整时期 …"""
    return word(f"reason.state_name.{state}", lang)


def state_reason(row: Mapping[str, Any]) -> tuple[str, str]:
    """Why a target's evidence has its state (Chinese, English).

    The reviewed reason where there is one about this value, else the rule's.
    """
    if row.get("reviewed_reason_zh"):
        return row["reviewed_reason_zh"], row.get("reviewed_reason_en") or ""
    basis = "none" if row["state"] == "none" else row["state_basis"]
    return word(f"reason.basis.{basis}"), word(f"reason.basis.{basis}", "en")


def light_reason(row: Mapping[str, Any]) -> tuple[str, str]:
    """Why a target has its light (Chinese, English), with the figures that decided it."""
    reasons = state_reason(row)
    code = row["reason_code"]
    if code == "state" and _says_no_more_than_that_there_is_none(reasons[0]):
        code = "no_figure"
    chinese, english = (
        word(f"reason.light.{code}", lang, **_figures(row, state_reason=reason, lang=lang))
        for lang, reason in zip(LANGUAGES, reasons, strict=True)
    )
    return chinese, english


def _says_no_more_than_that_there_is_none(reason: str) -> bool:
    return reason in (word("reason.state_name.none"), word("reason.basis.none"))


def _figures(row: Mapping[str, Any], *, state_reason: str, lang: str) -> dict[str, Any]:
    """What the placeholders of a reason stand for."""
    unit = row["unit"]
    return {
        "deadline": row["deadline_year"],
        "goal": amount(row["goal"], unit, lang),
        "gap": amount(row.get("gap"), unit, lang),
        "final": _judged(row, "final_value", lang),
        "now": _judged(row, "now_value", lang),
        "now_period": _period(row.get("now_period"), lang),
        "required": amount(row.get("required_now"), unit, lang),
        "base": amount(row.get("base_value"), unit, lang),
        "base_period": _period(row.get("base_period"), lang),
        "state": state_name(row["state"], lang),
        "state_reason": state_reason,
        "shown": _latest(row, lang),
    }


def _period(text: str | None, lang: str) -> str:
    """A period as a reader of the language writes it."""
    if not text:
        return "—"
    return Period.parse(text).zh() if lang == "zh" else text


def _judged(row: Mapping[str, Any], column: str, lang: str) -> str:
    """The figure judged; of what is to be added, the sum over the plan, which is said."""
    figure = amount(row.get(column), row["unit"], lang)
    if row.get("operator") != "increase_by" or row.get(column) is None:
        return figure
    return word("reason.added_over_the_plan", lang, figure=figure)


def _latest(row: Mapping[str, Any], lang: str) -> str:
    """The latest figure held, as it closes a sentence about what is not reported."""
    if row.get("latest_value") is None:
        return word("reason.shown.none", lang)
    latest = amount(row["latest_value"], row.get("latest_unit"), lang)
    period = _period(row.get("latest_period"), lang)
    return word("reason.shown.latest", lang, period=period, latest=latest)
