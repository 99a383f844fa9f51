"""What a rule is: its law and dates, its inputs and outputs, the parameters it needs, the function
that computes it.

Where the law changes a formula, two rules of one id stand side by side, each with its dates.
Running a case of a rule: ``case.py``; what comes out of it: ``result.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any

from hengtan.basis.dated import holds
from hengtan.basis.errors import HengtanError, NoSuchRow
from hengtan.instruments.english import english
from hengtan.instruments.inputs import Input
from hengtan.instruments.sources import is_draft

Compute = Callable[[Any], Mapping[str, Any]]
"""Takes the ``Case`` under way and gives the outputs by name."""
ParameterOf = Mapping[str, tuple[str, str]]
"""Argument → (parameter, the input that is its key; "=word": always that key; "": no key)."""


@dataclass(frozen=True)
class Output:
    """An output: its name in a case's ``expect``, words, unit."""

    name: str
    zh: str
    unit: str = ""

    @property
    def en(self) -> str:
        """Its name in English."""
        return english(self.zh)

    def as_dict(self) -> dict[str, str]:
        """JSON form."""
        return {"name": self.name, "zh": self.zh, "en": self.en, "unit": self.unit}


@dataclass(frozen=True, kw_only=True, repr=False)
class Rule:
    """A rule in force between two days, both inclusive, None: open.

    ``formula``, where there is one, is the arithmetic of ``compute`` on numbers, arrays or columns;
    ``parameters`` says which of its arguments are parameters. ``needs``: the parameters that
    ``compute`` looks up. ``options``: name → allowed words, the first is taken where a case says
    nothing.
    """

    id: str
    title_zh: str
    title_en: str
    law: str
    valid_from: date | None = None
    valid_to: date | None = None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    compute: Compute
    needs: tuple[str, ...] = ()
    formula: Callable[..., Mapping[str, Any]] | None = None
    parameters: ParameterOf = field(default_factory=dict)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confidence: str = "read"
    note_zh: str = ""

    @property
    def span(self) -> str:
        """The days it is in force, as ``2018-01-01—…``."""
        return f"{self.valid_from or '…'}—{self.valid_to or '…'}"

    @property
    def draft(self) -> bool:
        """Whether its law is a draft."""
        return is_draft(self.law)

    @property
    def sureness(self) -> str:
        """Its confidence; of a draft no more than of a proposal."""
        return "proposal" if self.draft else self.confidence

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The parameters that a case of it looks up."""
        return self.needs or tuple(name for name, _ in self.parameters.values())

    def input(self, name: str) -> Input:
        """The input of a name. Raises StopIteration for none."""
        return next(item for item in self.inputs if item.name == name)

    def __repr__(self) -> str:
        inputs = ", ".join(item.name for item in self.inputs)
        outputs = ", ".join(output.name for output in self.outputs)
        return f"<Rule {self.id} {self.title_zh} [{self.span}]: {inputs} → {outputs}>"

    def _repr_html_(self) -> str:
        """A table for notebooks: law and dates, then inputs, parameters and outputs a row each."""
        inputs = [
            ("输入 input", item.name, item.zh, item.unit or item.kind, _how_given(item))
            for item in self.inputs
        ]
        parameters = [("参数 parameter", name, "", "", "") for name in self.parameter_names]
        outputs = [
            ("输出 output", output.name, output.zh, output.unit, "") for output in self.outputs
        ]
        return html_table(
            f"{self.id} {self.title_zh} {self.title_en}",
            f"{self.law}；{self.span}；{self.confidence}",
            [*inputs, *parameters, *outputs],
        )

    def as_dict(self) -> dict[str, Any]:
        """What ``calc --list --json`` tells."""
        return {
            "rule": self.id,
            "title_zh": self.title_zh,
            "title_en": self.title_en,
            "law": self.law,
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
            "inputs": [item.as_dict() for item in self.inputs],
            "outputs": [output.as_dict() for output in self.outputs],
            "parameters": list(self.parameter_names),
            "options": {name: list(allowed) for name, allowed in self.options.items()},
            "confidence": self.confidence,
            "on_tables": self.formula is not None,
            "note_zh": self.note_zh,
        }


def _how_given(item: Input) -> str:
    if item.required:
        return "必填 required"
    return "" if item.default in (None, "", {}, []) else f"默认 default {item.default}"


def html_table(title: str, under: str, rows: Sequence[tuple[str, ...]]) -> str:
    """A small table with a title, for notebooks."""
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><caption>{escape(title)}<br>{escape(under)}</caption>{lines}</table>"


def in_force(rules: Sequence[Rule], rule_id: str, day: date) -> Rule:
    """The rule of an id in force on a day.

    Raises NoSuchRow for an unknown id, HengtanError for a day outside.
    """
    editions = [rule for rule in rules if rule.id == rule_id]
    if not editions:
        known = sorted({rule.id for rule in rules})
        near = [name for name in known if name.split(".")[0] == rule_id.split(".")[0]] or known
        raise NoSuchRow(
            f"没有规则“{rule_id}”",
            f"no rule '{rule_id}'",
            todo=f"可用：{'、'.join(near)}",
            todo_en="see hengtan calc --list",
        )
    for rule in editions:
        if holds(rule.valid_from, rule.valid_to, day):
            return rule
    spans = "、".join(rule.span for rule in editions)
    raise HengtanError(
        f"规则“{rule_id}”在{day}不适用",
        f"rule '{rule_id}' is not in force on {day}",
        todo=f"适用期：{spans}",
        todo_en=f"in force: {spans}",
    )
