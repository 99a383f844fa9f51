"""What comes out of a case: outputs with the steps to them, the parameters used, warnings and
confidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hengtan.instruments.parameters import Used
from hengtan.instruments.rule import Rule, html_table


@dataclass(frozen=True)
class Step:
    """A step of an explanation: words, value, unit, how, and by which clause."""

    zh: str
    value: Any
    unit: str = ""
    how: str = ""
    clause: str = ""

    def as_dict(self) -> dict[str, Any]:
        """JSON form; what is empty is left out."""
        return {k: v for k, v in vars(self).items() if v not in ("", None)}


@dataclass(frozen=True, repr=False)
class Result:
    """A case computed.

    ``confidence``: the least sure of the rule, its formulas and its parameters. ``parts``: what of
    the outputs falls to a part of the case (a pollutant), by its name as the case has it.
    """

    rule: Rule
    day: date
    region: str
    outputs: Mapping[str, Any]
    steps: tuple[Step, ...]
    used: tuple[Used, ...]
    warnings: tuple[str, ...]
    confidence: str
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def units(self) -> dict[str, str]:
        """The unit of each output there is."""
        return {o.name: o.unit for o in self.rule.outputs if o.name in self.outputs}

    def __repr__(self) -> str:
        outputs = ", ".join(f"{name} {_shown(value)}" for name, value in self.outputs.items())
        return f"<Result {self.rule.id} {self.day} {self.region} ({self.confidence}): {outputs}>"

    def _repr_html_(self) -> str:
        """A table for notebooks: the steps with how and clause, then the warnings."""
        steps = [
            (step.zh, _shown(step.value), step.unit, step.how, step.clause) for step in self.steps
        ]
        warnings = [("提示", warning, "", "", "") for warning in self.warnings]
        return html_table(
            f"{self.rule.title_zh} {self.day} {self.region}",
            f"{self.rule.law}；{self.confidence}",
            [*steps, *warnings],
        )

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "rule": self.rule.id,
            "title_zh": self.rule.title_zh,
            "title_en": self.rule.title_en,
            "law": self.rule.law,
            "date": self.day,
            "region": self.region,
            "outputs": dict(self.outputs),
            "units": self.units,
            "steps": [step.as_dict() for step in self.steps],
            "parameters": [used.as_dict() for used in self.used],
            "warnings": list(self.warnings),
            "confidence": self.confidence,
        }


def _shown(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
