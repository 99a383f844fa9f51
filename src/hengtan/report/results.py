"""Results of rules for people: values as written, and a result as pages and notices show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.instruments.english import in_english
from hengtan.instruments.law_titles import law_beside
from hengtan.instruments.parameter_titles import title_of
from hengtan.instruments.parameters import labelled
from hengtan.report.citations import cited, without_addresses
from hengtan.report.numerals import unit_name
from hengtan.report.words import has, word

NOISE = 1e-9
"""Below this a figure is the noise of sums that come out even."""
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
    if isinstance(value, Mapping):
        return _row_text(value, lang)
    if isinstance(value, (list, tuple)):
        return word("list.clause", lang).join(text_of(part, unit, lang) for part in value)
    return in_english(str(value), lang)


def _row_text(row: Mapping[str, Any], lang: str) -> str:
    """A row of a result in words: each of its cells behind what it is called."""
    cells = (
        f"{word(f'rule.row.{name}', lang) if has(f'rule.row.{name}') else name} "
        f"{text_of(value, lang=lang)}"
        for name, value in row.items()
    )
    return word("list.comma", lang).join(cells)


def _number(value: float, unit: str) -> str:
    value = 0.0 if abs(value) < NOISE else value
    whole = value == int(value)
    if whole and has(f"whole_unit.{unit}"):
        return f"{value:,.0f}"
    return f"{value:,.2f}" if whole or abs(value) >= 100 else f"{value:,.6g}"


def shown(result: Mapping[str, Any], outputs: Outputs, lang: str = "zh") -> dict[str, Any]:
    """A result as the page shows it, beside its own fields.

    ``shown``: outputs with their words; ``lines``: the steps; ``parameters``: what they are called
    (``title``), their text and what sets them (``set_by``); all of it and the warnings in the
    language of the page, laws in English with the Chinese behind, without addresses.
    """
    return {
        **result,
        "law": law_beside(result["law"], lang),
        "warnings": [
            without_addresses(in_english(text, lang), lang) for text in result["warnings"]
        ],
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
        "clause": without_addresses(law_beside(step.get("clause", ""), lang), lang),
    }


def _parameter(used: Mapping[str, Any], lang: str) -> dict[str, Any]:
    set_by = used.get("law") or used["source"]
    called = title_of(used["name"], used["key"])
    return {
        **used,
        "title": in_english(called.en, lang) if lang == "en" else called.zh,
        "id": labelled(used["name"], used["key"]),
        "text": f"{used['value']:g}",
        "unit": unit_beside(used["unit"], lang),
        "set_by": in_english(set_by, lang)
        if used["overridden"]
        else without_addresses(cited(set_by, lang), lang),
    }


def unit_beside(unit: str, lang: str = "zh") -> str:
    """A unit as it stands behind a figure: in English with a space before it."""
    name = unit_name(unit, lang)
    return f" {name}" if lang == "en" and name not in ("", "%") else name
