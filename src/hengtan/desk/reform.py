"""What a reform changes: the cases of payers under the rules in force and under parameters of a proposal, the difference by payer group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hengtan.basis.errors import HengtanError, Where
from hengtan.desk.rules import Case, compute, nested
from hengtan.ledger.reading import read_sheets
from hengtan.packs import Pack
from hengtan.workbooks.cells import Line


@dataclass(frozen=True)
class Group:
    """A group of payers: how many, what they pay before and after, how many pay more and less."""

    name: str
    payers: float
    before: float
    after: float
    more: float
    less: float

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before


def reform(
    pack: Pack,
    rule: str,
    table: Path,
    day: Any,
    region: str,
    proposal: Mapping[str, float],
    *,
    output: str = "",
    baseline: Mapping[str, float] | None = None,
    overlay: Pack | None = None,
) -> list[Group]:
    """Compute a rule for each row of a table (组别, 户数, and inputs of the rule by their Chinese or English names; 输入.子项 for amounts) before and after, and sum by group weighted with 户数.

    ``proposal``: parameters that override; ``overlay``: a pack of the proposal (its ``rule_parameters`` rows stand over those in force); ``baseline``: parameters of both. ``output``: the output compared, the rule's first where none is named. Raises HengtanError with the row and what is wrong.
    """
    sheets = read_sheets(table, ("组别",), titled=True)
    name, rows = next(iter(sheets.items()), ("", []))
    if not rows or "组别" not in rows[0][1]:
        raise HengtanError(
            "没有“组别”列",
            "no column 组别",
            where=Where(table.name, sheet=name or None),
            todo="表头用：组别、户数和规则的输入项",
            todo_en="组别, 户数 and the rule's inputs",
        )
    groups: dict[str, list[float]] = {}
    for n, cells in rows:
        line = Line(cells, Where(table.name, sheet=name or None, row=n))
        group, count = line.need("组别"), line.number("户数", least=0)
        case = Case(
            rule,
            day,
            region,
            nested((c, line.text(c)) for c in line.cells if c not in ("组别", "户数")),
            dict(baseline or {}),
            {},
            None,
            "",
            line.where,
        )
        pair = []
        for used, parameters in (
            (pack, case.parameters),
            (overlay or pack, {**case.parameters, **proposal}),
        ):
            try:
                result = compute(used, replace(case, parameters=parameters))
            except HengtanError as error:
                raise type(error)(
                    error.zh,
                    error.en,
                    where=error.where or line.where,
                    todo=error.todo,
                    todo_en=error.todo_en,
                ) from error
            pair.append(_value(result.outputs, output, rule))
        weight = 1.0 if count is None else count
        held = groups.setdefault(group, [0.0] * 5)
        for k, value in enumerate(
            (
                weight,
                weight * pair[0],
                weight * pair[1],
                weight * (pair[1] > pair[0] + 1e-9),
                weight * (pair[1] < pair[0] - 1e-9),
            )
        ):
            held[k] += value
    return [Group(name, *held) for name, held in groups.items()]


def _value(outputs: Mapping[str, Any], output: str, rule: str) -> float:
    name = output or next(iter(outputs))
    if not isinstance(outputs.get(name), float):
        raise HengtanError(
            f"规则“{rule}”没有数值输出“{name}”",
            f"'{rule}' has no numeric output '{name}'",
            todo=f"可用：{'、'.join(k for k, v in outputs.items() if isinstance(v, float))}",
            todo_en="use a numeric output",
        )
    return float(outputs[name])
