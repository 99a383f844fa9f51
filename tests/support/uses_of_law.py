"""Every edition of a rule with the rows of the packs that its cases of the files use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hengtan.desk.cases import Case, compute, law_tables, read_cases, region_of, shipped
from hengtan.instruments.case import PackTables, run
from hengtan.instruments.parameters import Used, labelled
from hengtan.instruments.registry import rules
from hengtan.instruments.result import Result
from hengtan.instruments.rule import Rule

PACK = shipped()
TABLES = law_tables(PACK)
ROWS = list(TABLES.parameters)
FILES = sorted((Path(__file__).parents[1] / "instruments" / "cases").glob("*.yaml"))
Row = Mapping[str, object]


@dataclass(frozen=True)
class Use:
    """A case of a rule and a row of the packs that it uses."""

    case: Case
    result: Result
    row: Row

    @property
    def label(self) -> str:
        return labelled(self.row["parameter"], self.row["key"] or "")

    def again(self, **changed: object) -> Result:
        """The case once more with its row changed."""
        return computed(self.case, with_row(self.row, **changed))


def with_row(row: Row, **changed: object) -> PackTables:
    return replace(TABLES, parameters=[{**r, **changed} if r is row else r for r in ROWS])


def computed(case: Case, tables: PackTables) -> Result:
    region = region_of(PACK, case.region)
    return run(
        rules(),
        case.rule,
        case.day,
        region,
        case.inputs,
        tables,
        overrides=case.parameters,
        options=case.options,
    )


def row_of(used: Used) -> Row | None:
    """The row of the packs that a use is of; None for one of another table."""
    wanted = (used.name, used.key, used.region, used.valid_from)
    return next((r for r in ROWS if key_of(r) == wanted), None)


def key_of(row: Row) -> tuple[object, ...]:
    return row["parameter"], row["key"] or "", row["region"], row["valid_from"]


def uses_by_edition() -> dict[str, list[Use]]:
    """For every edition of a rule each parameter that its cases use, with the first such case."""
    uses: dict[str, dict[tuple[object, ...], Use]] = {name_of(rule): {} for rule in rules()}
    for case in (case for file in FILES for case in read_cases(file)):
        if (case.expect or {}).get("error"):
            continue
        result = compute(PACK, case)
        for used in result.used:
            row = None if used.overridden else row_of(used)
            if row is not None:
                uses[name_of(result.rule)].setdefault(key_of(row), Use(case, result, row))
    return {name: list(of.values()) for name, of in uses.items()}


def name_of(rule: Rule) -> str:
    return f"{rule.id}@{rule.valid_from or 'always'}"


USES = uses_by_edition()
WITH_USES = [name for name, uses in USES.items() if uses]
