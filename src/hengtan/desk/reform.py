"""What a reform changes: the cases of payers under the rules in force and under a proposal, by
group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from hengtan.basis import cell
from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.basis.field import Field
from hengtan.desk.cases import Case, compute, region_of
from hengtan.desk.rule_columns import columns_of
from hengtan.desk.rule_pieces import any_edition, items_of
from hengtan.desk.rule_rows import CasesOfTable, Tally
from hengtan.desk.rule_rows_of_outlets import inputs_of_outlet, keys_of
from hengtan.ledger.reading import read_sheets
from hengtan.packs import Pack
from hengtan.workbooks.account import Taken
from hengtan.workbooks.cells import Line, noted
from hengtan.workbooks.totals import Columns, members

GROUP, PAYERS = "组别", "户数"
NEAR = 1e-9
"""Noise of floats in what a payer pays."""


@dataclass(frozen=True)
class Group:
    """A group of payers: how many, what they pay before and after, how many pay more and less."""

    name: str
    payers: float = 0.0
    before: float = 0.0
    after: float = 0.0
    more: float = 0.0
    less: float = 0.0

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before

    def with_payers(self, payers: float, before: float, after: float) -> Group:
        """With more payers, each of whom pays so much before and after."""
        return Group(
            self.name,
            self.payers + payers,
            self.before + payers * before,
            self.after + payers * after,
            self.more + payers * (after > before + NEAR),
            self.less + payers * (after < before - NEAR),
        )


@dataclass(frozen=True)
class Proposal:
    """What a reform proposes: parameters that override, and a pack that lies over the one in force.

    The rows of the pack stand over those in force: ``rule_parameters``, ``rule_formulas``.
    """

    parameters: Mapping[str, float] = field(default_factory=dict)
    pack: Pack | None = None


def parameters_of(texts: Mapping[str, str]) -> dict[str, float]:
    """The parameters of a proposal as figures. Raises HengtanError for what is no number."""
    parameters = {}
    for name, text in texts.items():
        figure, _ = cell.read(Field(name, type="number"), text)
        if figure is None:
            raise HengtanError(
                f"“{name}”应为数字，不是“{text}”",
                f"'{name}' is a number, not '{text}'",
                todo="例如 env_tax.air.rate=5",
                todo_en="e.g. env_tax.air.rate=5",
            )
        parameters[name] = float(figure)
    return parameters


def reform(
    pack: Pack,
    rule: str,
    table: Path,
    day: date,
    region: str,
    proposal: Proposal,
    *,
    output: str = "",
) -> tuple[list[Group], list[Finding]]:
    """Compute a rule for each row of a table before and after, and sum by group weighted with 户数.

    Columns: 组别, 户数, and inputs of the rule by their Chinese or English names, units in
    brackets; 输入.子项 for amounts, or a row a pollutant. Columns that only identify a payer and
    printed totals are left out and said. ``output``: what is compared, the rule's first where
    none is named. Raises HengtanError with the row and what is wrong.
    """
    groups: dict[str, Group] = {}
    lines = _lines_of(table)
    cases = _cases_of(pack, rule, lines, day, region)
    payers_of = members(lines, Columns((GROUP,), (PAYERS,), tuple(cases.columns.inputs)))
    for line, inputs in _payers(cases, payers_of.lines):
        with noted():
            name, payers = line.need(GROUP), line.number(PAYERS, least=0)
            case = Case(rule, day, _place(cases, line), inputs, where=line.where)
            before = _amount(pack, case, output)
            proposed = replace(case, parameters=proposal.parameters)
            after = _amount(proposal.pack or pack, proposed, output)
            group = groups.setdefault(name, Group(name))
            groups[name] = group.with_payers(1.0 if payers is None else payers, before, after)
    return list(groups.values()), [*_not_used(cases, lines[0].where), *payers_of.findings]


def taken_of(pack: Pack, rule: str, table: Path, day: date, region: str) -> Taken:
    """The columns of a table of payers that are read. Raises HengtanError."""
    columns = _cases_of(pack, rule, _lines_of(table), day, region).columns
    beside = (columns.region, columns.day, columns.pollutant, columns.unit)
    return Taken((GROUP, PAYERS, *columns.inputs, *filter(None, beside)))


def _lines_of(table: Path) -> list[Line]:
    """The lines of a table of payers. Raises HengtanError where it has no column of groups."""
    sheet, rows = next(iter(read_sheets(table, (GROUP,), titled=True).items()), ("", []))
    if not rows or GROUP not in rows[0][1]:
        raise HengtanError(
            "没有“组别”列",
            "no column 组别",
            where=Where(table.name, sheet=sheet or None),
            todo="表头用：组别、户数和规则的输入项",
            todo_en="组别, 户数 and the rule's inputs",
        )
    return [Line(cells, Where(table.name, sheet=sheet or None, row=n)) for n, cells in rows]


def _cases_of(pack: Pack, rule: str, lines: list[Line], day: date, region: str) -> CasesOfTable:
    """How the columns of a table of payers are inputs of a rule. Raises HengtanError."""
    titles = [title for title in lines[0].cells if title not in (GROUP, PAYERS)]
    sample = [line.cells for line in lines]
    where = replace(lines[0].where, row=None)
    edition = any_edition(rule)
    columns = columns_of(edition, titles, sample, items_of(pack, edition), where=where)
    return CasesOfTable(pack, rule, columns, day, region, Tally())


def _payers(cases: CasesOfTable, lines: list[Line]) -> Iterator[tuple[Line, dict[str, Any]]]:
    """The first line of each payer with the inputs of its lines, of which a table with a row a
    pollutant has several.
    """
    titles = [title for title in cases.columns.titles if title]
    rows = [(line, {title: line.text(title) for title in titles}) for line in lines]
    if cases.columns.pollutant is None:
        for line, row in rows:
            yield line, cases.inputs_of(row)
        return
    keys = [GROUP, PAYERS, *keys_of(cases)]
    payers: dict[tuple[str, ...], list[tuple[Line, dict[str, str]]]] = {}
    for line, row in rows:
        payers.setdefault(tuple(line.text(key) for key in keys), []).append((line, row))
    for of_payer in payers.values():
        yield of_payer[0][0], inputs_of_outlet(cases, [row for _, row in of_payer])


def _place(cases: CasesOfTable, line: Line) -> str:
    """The place of a payer: its own column, else that of the reform."""
    column = cases.columns.region
    place = line.text(column) if column else ""
    return region_of(cases.pack, place) if place else cases.region


def _not_used(cases: CasesOfTable, where: Where) -> list[Finding]:
    """What is said of columns that are no inputs of the rule."""
    titles = [*cases.columns.carried, *filter(None, [cases.columns.day])]
    if not titles:
        return []
    zh, en = (
        f"不是这条规则的输入项，没有用到：{'、'.join(titles)}",
        f"not used: {', '.join(titles)}",
    )
    return [Finding("warning", zh, en, replace(where, row=None))]


def _amount(pack: Pack, case: Case, output: str) -> float:
    """The output of a case that is compared. Raises HengtanError with the row of the case."""
    try:
        outputs = compute(pack, case).outputs
    except HengtanError as error:
        raise type(error)(
            error.zh,
            error.en,
            where=error.where or case.where,
            todo=error.todo,
            todo_en=error.todo_en,
        ) from error
    return _number(outputs, output, case.rule)


def _number(outputs: Mapping[str, Any], output: str, rule: str) -> float:
    name = output or next(iter(outputs))
    if not isinstance(outputs.get(name), float):
        numeric = "、".join(known for known, value in outputs.items() if isinstance(value, float))
        raise HengtanError(
            f"规则“{rule}”没有数值输出“{name}”",
            f"'{rule}' has no numeric output '{name}'",
            todo=f"可用：{numeric}",
            todo_en="use a numeric output",
        )
    return float(outputs[name])
