"""Running a case: choose the rule of the day, check inputs and options, compute, explain."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from hengtan.basis.cite import worst
from hengtan.basis.dated import in_force_on
from hengtan.basis.errors import HengtanError
from hengtan.instruments import sources
from hengtan.instruments.amendments import amend
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import cautions, read_inputs
from hengtan.instruments.parameters import NATION, Looked, Parameters, Used, by_name
from hengtan.instruments.result import Result
from hengtan.instruments.rule import Rule, in_force

LAW_TABLES = (
    "pollutants",
    "efficiency_benchmarks",
    "energy_limits",
    "park_limits",
    "rule_provisions",
    "assessment_items",
    "public_holidays",
)
"""Pack tables that rules look into beside their parameters."""


UNUSED = "给了，这次计算没有用到"
"""What a warning about an input that a rule never looked at ends with."""


@dataclass(frozen=True)
class PackTables:
    """What a case reads of the packs.

    ``parameters``: rows of ``rule_parameters``. ``formulas``: rows of ``rule_formulas``, what a
    proposal writes over outputs. ``tables``: the tables that single laws bring, by name.
    """

    parameters: Iterable[Mapping[str, Any]]
    formulas: Iterable[Mapping[str, Any]] = ()
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> Mapping[str, list[Mapping[str, Any]]]:
        """The parameters by name, grouped once for all cases of these tables."""
        return by_name(self.parameters)

    @cached_property
    def looked_up(self) -> dict[Looked, Used]:
        """What was looked up in them already, for all cases of these tables."""
        return {}

    def parameters_on(
        self, day: date, region: str, overrides: Mapping[str, float] | None = None
    ) -> Parameters:
        """The parameters of a day in a region, for one case."""
        of_case = dict(overrides or {})
        looked_up = self.looked_up
        return Parameters(self.by_name, day, region or NATION, of_case, looked_up=looked_up)

    @cached_property
    def provisions(self) -> Mapping[str, list[Mapping[str, Any]]]:
        """What law provides beside its figures (``rule_provisions``), by rule."""
        of_rules: dict[str, list[Mapping[str, Any]]] = {}
        for row in self.tables.get("rule_provisions", ()):
            for rule_id in row["rules"]:
                of_rules.setdefault(rule_id, []).append(row)
        return of_rules


def run(
    rules: Sequence[Rule],
    rule_id: str,
    day: date,
    region: str,
    inputs: Mapping[str, Any],
    packs: PackTables,
    *,
    overrides: Mapping[str, float] | None = None,
    options: Mapping[str, str] | None = None,
) -> Result:
    """Compute a case by the rule of an id in force on its day.

    ``overrides``: parameters that the case gives itself. Raises NoSuchRow for an unknown rule,
    HengtanError for inputs, units, options or a date outside the rule, ParameterNotEstablished
    for a parameter.
    """
    rule = in_force(rules, rule_id, day)
    chosen = _options(rule, options or {}, inputs or {})
    calc = Calc(
        rule=rule,
        day=day,
        region=region,
        inputs=read_inputs(rule.inputs, inputs),
        parameters=packs.parameters_on(day, region, overrides or {}),
        options=chosen,
        tables=packs.tables,
    )
    amended, proposed = amend(calc, rule.compute(calc), packs.formulas)
    _tell_unused(calc, inputs or {})
    _tell_law(calc, packs.provisions.get(rule_id, ()))
    for caution in cautions(rule.inputs, inputs or {}):
        calc.warn(caution)
    outputs = {name: _figure(name, value) for name, value in amended.items()}
    used = tuple(calc.parameters.used)
    confidences = [rule.sureness, *proposed, *(parameter.sureness for parameter in used)]
    return Result(
        rule=rule,
        day=day,
        region=region,
        outputs=outputs,
        steps=tuple(calc.steps),
        used=used,
        warnings=tuple(calc.parameters.warnings),
        confidence=worst(confidences) or "read",
        parts=calc.parts,
    )


def cautions_of_sources(rule: Rule, day: date, region: str, packs: PackTables) -> tuple[str, ...]:
    """What every result of a rule of one formula says of its sources on a day in a region.

    Raises ParameterNotEstablished for a parameter that a row of a table would lack.
    """
    parameters = packs.parameters_on(day, region)
    calc = Calc(rule=rule, day=day, region=region, inputs={}, parameters=parameters)
    for name, key in rule.parameters.values():
        calc.param(name, key.removeprefix("="))
    _tell_law(calc, packs.provisions.get(rule.id, ()))
    return tuple(parameters.warnings)


def _tell_unused(calc: Calc, values: Mapping[str, Any]) -> None:
    """Warn of inputs that the case gives and the rule never looked at."""
    for item in (item for item in calc.rule.inputs if item.name not in calc.used):
        named = any(str(key) in item.spellings for key in values)
        if named or calc.inputs[item.name] != item.default:
            calc.warn(f"输入项“{item.zh}”{UNUSED}")


def _tell_law(calc: Calc, provisions: Sequence[Mapping[str, Any]]) -> None:
    """Say of the rule's law where it is a draft, and what it provides beside its figures: rows of
    ``rule_provisions``, one of low certainty as a warning.
    """
    if calc.rule.draft:
        calc.warn(f"{sources.BASIS}“{calc.rule.law}”是征求意见稿（草案），不是正式文件")
    for row in in_force_on(provisions, calc.day):
        calc.step(row["subject_zh"], row["text_zh"], clause=row["law"])
        for caution in sources.cautions(
            f"{sources.BASIS}“{row['law']}”", row["source"], row["note_zh"]
        ):
            calc.warn(caution)
        if row["certainty"] == "low":
            calc.warn(f"{sources.BASIS}“{row['law']}”：{row['text_zh']}")


def _figure(name: str, value: Any) -> Any:
    """An output; numbers as float. Raises HengtanError for one that is not finite."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if not math.isfinite(value):
        raise HengtanError(
            f"“{name}”算不出：输入不全或除数为零",
            f"'{name}' cannot be computed",
            todo="补齐输入",
            todo_en="complete the inputs",
        )
    return float(value)


def _options(rule: Rule, asked: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, str]:
    """The options of a case: as asked, as the name of an input implies, else the first of each."""
    chosen = {name: _option(rule, name, str(value)) for name, value in asked.items()}
    for item in (item for item in rule.inputs if item.implies):
        for key in inputs:
            option, value = item.implies.get(str(key), ("", ""))
            if option and chosen.setdefault(option, value) != value:
                raise HengtanError(
                    f"输入项“{key}”与选项“{option}: {chosen[option]}”不一致",
                    f"input '{key}' does not agree with option '{option}: {chosen[option]}'",
                    todo="改正其一",
                    todo_en="correct one of them",
                )
    return {name: allowed[0] for name, allowed in rule.options.items()} | chosen


def _option(rule: Rule, name: str, value: str) -> str:
    """An option that the rule has, with a word it allows. Raises HengtanError."""
    allowed = rule.options.get(name)
    if allowed is None:
        raise HengtanError(
            f"规则“{rule.id}”没有选项“{name}”",
            f"no option '{name}'",
            todo=f"可用：{'、'.join(rule.options) or '（无）'}",
            todo_en=f"known: {', '.join(rule.options) or 'none'}",
        )
    if value not in allowed:
        raise HengtanError(
            f"选项“{name}”不能是“{value}”",
            f"option '{name}' cannot be '{value}'",
            todo=f"可用：{'、'.join(allowed)}",
            todo_en=f"one of {', '.join(allowed)}",
        )
    return value
