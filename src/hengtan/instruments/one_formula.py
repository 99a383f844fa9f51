"""Rules that are one formula of inputs and parameters: the same function for a case and for a table
of any length.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import ParameterOf, Rule


def formula_rule(
    *,
    formula: Callable[..., Mapping[str, Any]],
    parameters: ParameterOf | None = None,
    how: str = "",
    **declared: Any,
) -> Rule:
    """A rule that is one formula.

    ``formula`` uses the words of ``basis.numeric``, takes the inputs and parameters by name and
    gives the outputs by name. ``how``: the equation, shown with the result. The rest as of
    ``Rule``.
    """
    parameter_of = dict(parameters or {})

    def compute(calc: Calc) -> Mapping[str, Any]:
        rule, before = calc.rule, len(calc.parameters.used)
        values = {
            argument: calc.param(name, _key(calc, key))
            for argument, (name, key) in parameter_of.items()
        }
        outputs = formula(**{item.name: calc[item.name] for item in rule.inputs}, **values)
        for item in rule.inputs:
            if calc[item.name] is not None:
                calc.step(item.zh, _said(item, calc[item.name]), item.unit)
        for used in calc.parameters.used[before:]:
            calc.step(used.title.zh, used.value, used.unit, clause=used.cited)
        for output in rule.outputs:
            if output.name in outputs:
                calc.step(output.zh, outputs[output.name], output.unit, how=how, clause=rule.law)
        return outputs

    return Rule(compute=compute, formula=formula, parameters=parameter_of, **declared)


def _said(item: Input, value: Any) -> Any:
    """An input as a step tells it: of a choice its word."""
    return item.choices.get(value, value) if item.kind == "choice" else value


def _key(calc: Calc, key: str) -> str:
    """The key of a parameter: the word after "=", else the input of that name, "" for none."""
    if key.startswith("="):
        return key.removeprefix("=")
    return str(calc[key]) if key else ""
