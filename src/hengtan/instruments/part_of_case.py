"""A rule asked for a part of another rule's case: a month of a quarter, an outlet of a payer.

A return sums what single rules say; the day, and with it the edition of the law and its figures,
is that of the part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import read_inputs
from hengtan.instruments.rule import Rule, in_force


def within(
    calc: Calc, rules: Sequence[Rule], rule_id: str, day: date, inputs: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Outputs of a rule for a part of a case on its own day; its steps, parameters and warnings
    are those of the case. Raises what the rule raises.
    """
    return of_part(calc, rules, rule_id, day, inputs)[0]


def of_part(
    calc: Calc, rules: Sequence[Rule], rule_id: str, day: date, inputs: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Mapping[str, Any]]]:
    """As ``within``, and what of the outputs falls to the parts of the part."""
    rule = in_force(rules, rule_id, day)
    part = replace(
        calc,
        rule=rule,
        day=day,
        inputs=read_inputs(rule.inputs, inputs),
        parameters=replace(calc.parameters, day=day),
        options={name: allowed[0] for name, allowed in rule.options.items()},
        parts={},
        used=set(),
    )
    return rule.compute(part), part.parts
