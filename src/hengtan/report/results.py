"""Results of rules for people: values as written, and a result as pages and notices show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.report.words import has, word

Outputs = Mapping[str, tuple[str, str]]
"""Outputs of a rule by name: their words and their unit."""


def text_of(value: Any, unit: str = "") -> str:
    """A value as it is shown.

    Money and amounts have two places at least, whole counts none; lists are joined.
    """
    if isinstance(value, bool):
        return word("yes" if value else "no")
    if isinstance(value, float):
        return _number(value, unit)
    if isinstance(value, (list, tuple)):
        return word("list.clause").join(text_of(part, unit) for part in value)
    return str(value)


def _number(value: float, unit: str) -> str:
    whole = value == int(value)
    if whole and has(f"whole_unit.{unit}"):
        return f"{value:,.0f}"
    return f"{value:,.2f}" if whole or abs(value) >= 100 else f"{value:,.6g}"


def shown(result: Mapping[str, Any], outputs: Outputs) -> dict[str, Any]:
    """A result as the page shows it, beside its own fields.

    ``shown``: outputs with their words; ``lines``: the steps; ``parameters``: with their text.
    """
    return {
        **result,
        "shown": [
            _output(name, value, outputs)
            for name, value in result["outputs"].items()
            if value not in ("", [], None)
        ],
        "lines": [_line(step) for step in result["steps"]],
        "parameters": [
            {**parameter, "text": f"{parameter['value']:g}"} for parameter in result["parameters"]
        ],
    }


def _output(name: str, value: Any, outputs: Outputs) -> dict[str, str]:
    title, unit = outputs.get(name, (name, ""))
    return {"zh": title, "value": text_of(value, unit), "unit": unit}


def _line(step: Mapping[str, Any]) -> dict[str, str]:
    unit = step.get("unit", "")
    return {
        "zh": step["zh"],
        "value": text_of(step.get("value", ""), unit),
        "unit": unit,
        "how": step.get("how", ""),
        "clause": step.get("clause", ""),
    }
