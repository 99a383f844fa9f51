"""Results of rules for people: values as written, and a result as pages and notices show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.instruments.english import in_english
from hengtan.instruments.law_titles import law_beside
from hengtan.report.numerals import unit_name
from hengtan.report.words import has, word

Outputs = Mapping[str, tuple[str, str]]
"""Outputs of a rule by name: their words and their unit."""


def text_of(value: Any, unit: str = "", lang: str = "zh") -> str:
    """A value as it is shown.

    Money and amounts have two places at least, whole counts none; lists are joined.
    """
    if isinstance(value, bool):
        return word("yes" if value else "no", lang)
    if isinstance(value, float):
        return _number(value, unit)
    if isinstance(value, (list, tuple)):
        return word("list.clause", lang).join(text_of(part, unit, lang) for part in value)
    return in_english(str(value), lang)


def _number(value: float, unit: str) -> str:
    whole = value == int(value)
    if whole and has(f"whole_unit.{unit}"):
        return f"{value:,.0f}"
    return f"{value:,.2f}" if whole or abs(value) >= 100 else f"{value:,.6g}"


def shown(result: Mapping[str, Any], outputs: Outputs, lang: str = "zh") -> dict[str, Any]:
    """A result as the page shows it, beside its own fields.

    ``shown``: outputs with their words; ``lines``: the steps; ``parameters``: with their text; all
    of it and the warnings in the language of the page, laws in English with the Chinese behind.
    """
    return {
        **result,
        "law": law_beside(result["law"], lang),
        "warnings": [in_english(text, lang) for text in result["warnings"]],
        "shown": [
            _output(name, value, outputs, lang)
            for name, value in result["outputs"].items()
            if value not in ("", [], None)
        ],
        "lines": [_line(step, lang) for step in result["steps"]],
        "parameters": [_parameter(used, lang) for used in result["parameters"]],
    }


def _output(name: str, value: Any, outputs: Outputs, lang: str) -> dict[str, str]:
    title, unit = outputs.get(name, (name, ""))
    return {
        "title": in_english(title, lang),
        "value": text_of(value, unit, lang),
        "unit": unit_beside(unit, lang),
    }


def _line(step: Mapping[str, Any], lang: str) -> dict[str, str]:
    unit = step.get("unit", "")
    return {
        "title": in_english(step["zh"], lang),
        "value": text_of(step.get("value", ""), unit, lang),
        "unit": unit_beside(unit, lang),
        "how": in_english(step.get("how", ""), lang),
        "clause": law_beside(step.get("clause", ""), lang),
    }


def _parameter(used: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {
        **used,
        "text": f"{used['value']:g}",
        "unit": unit_beside(used["unit"], lang),
        "source": in_english(used["source"], lang) if used["overridden"] else used["source"],
    }


def unit_beside(unit: str, lang: str = "zh") -> str:
    """A unit as it stands behind a figure: in English with a space before it."""
    name = unit_name(unit, lang)
    return f" {name}" if lang == "en" and name not in ("", "%") else name
