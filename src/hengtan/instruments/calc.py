"""A case of a rule under way: checked inputs, the parameters it looks up, the steps it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.instruments.parameters import Parameters
from hengtan.instruments.result import Step
from hengtan.instruments.rule import Rule


@dataclass
class Calc:
    """One case under way; ``step`` and ``warn`` make the explanation."""

    rule: Rule
    day: date
    region: str
    inputs: Mapping[str, Any]
    parameters: Parameters
    options: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> Any:
        self.used.add(name)
        return self.inputs[name]

    def param(self, name: str, key: str = "", *, region: str | None = None) -> float:
        """A parameter on the day of the case. Raises ParameterNotEstablished."""
        return self.parameters.value(name, key, region=region, rule=self.rule.id)

    def own_or_param(self, name: str, parameter: str, key: str = "") -> float:
        """An input where the case gives it, else a parameter, told with its days and source.

        Raises ParameterNotEstablished.
        """
        if self[name] is not None:
            return float(self[name])
        try:
            value = self.param(parameter, key)
        except ParameterNotEstablished as error:
            error.input = name
            raise
        used, item = self.parameters.used[-1], self.rule.input(name)
        how = f"没有给，取现行值，{used.span}"
        self.step(item.zh, value, item.unit, how=how, clause=used.source)
        return value

    def params(
        self, name: str, keys: Sequence[str], zh: str, *, region: str | None = None
    ) -> list[float]:
        """A parameter by several keys. Raises ParameterNotEstablished that calls it by ``zh``."""
        try:
            return [self.param(name, key, region=region) for key in keys]
        except ParameterNotEstablished as error:
            raise error.retold(f"{zh}没有查实", error.en) from error

    def day_param(self, name: str, key: str = "") -> date:
        """A parameter that is a day, kept as 20241231. Raises ParameterNotEstablished."""
        return date.fromisoformat(f"{self.param(name, key):.0f}")

    def step(self, zh: str, value: Any, unit: str = "", how: str = "", clause: str = "") -> Any:
        """Tell a step; gives the value back."""
        self.steps.append(Step(zh, value, unit, how, clause))
        return value

    def part(self, name: str, **of_outputs: Any) -> None:
        """Tell what of the outputs falls to a part of the case."""
        if name:
            self.parts.setdefault(name, {}).update(of_outputs)

    def warn(self, zh: str) -> None:
        """Tell what has to be known of the result."""
        if zh not in self.parameters.warnings:
            self.parameters.warnings.append(zh)

    def refuse(
        self, zh: str, en: str, todo: str = "改正输入", todo_en: str = "correct the input"
    ) -> HengtanError:
        """An error about the inputs of the case."""
        return HengtanError(zh, en, todo=todo, todo_en=todo_en)
