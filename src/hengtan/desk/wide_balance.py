"""Reads a wide energy balance as the form ``regional_balance``."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.workbooks.balance_rows import Known, WideBalance, read_wide

if TYPE_CHECKING:
    from hengtan.ledger.reading import Reading
    from hengtan.workspace.workspace import Workspace


def read_wide_form(
    workspace: Workspace, form: Any, path: Path, lookups: Mapping[str, Any], intake: Any
) -> Reading | None:
    """A wide balance read as the form, its findings at the lines of the file; None where the file
    is no balance.
    """
    from hengtan.ledger.reading import read_form

    known = Known.of(workspace.pack)
    place = intake.place or workspace.settings.region
    try:
        wide = read_wide(path, known, sheet=intake.sheet, place=place, partly=intake.partly)
    except HengtanError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        long = Path(folder) / "long.csv"
        wide.write(long)
        reading = read_form(long, form, places=workspace.pack.places(), lookups=lookups)
    findings = [*wide.findings, *(_at_line(f, wide, path) for f in reading.findings)]
    return replace(
        reading,
        table=_with_lines(reading.table, wide),
        findings=findings,
        sheet=wide.sheet,
        account=wide.account,
        unread=[],
    )


def _at_line(finding: Finding, wide: WideBalance, path: Path) -> Finding:
    """A finding at the line of the wide table."""
    row = finding.where.row
    line = wide.lines[row - 2] if row is not None and 2 <= row < len(wide.lines) + 2 else None
    return replace(finding, where=Where(path.name, wide.sheet, line, finding.where.column))


def _with_lines(table: Any, wide: WideBalance) -> Any:
    """The table with the lines of the file its rows stand in."""
    import pyarrow as pa

    rows = [wide.lines[row - 2] for row in table.column("_source_row").to_pylist()]
    at = table.schema.get_field_index("_source_row")
    return table.set_column(at, "_source_row", pa.array(rows, pa.int64()))
