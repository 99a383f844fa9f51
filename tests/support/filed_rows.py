"""Rows handed in as a person would: a CSV file with Chinese headings, imported and approved."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.actor import Actor
from hengtan.desk.evidence import import_file


def file_rows(workspace: Any, folder: Path, form: str, rows: Sequence[Mapping[str, object]]) -> Any:
    """Write rows into ``folder`` and import them; the report of the import."""
    path = folder / f"{form}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(h for row in rows for h in row)))
        writer.writeheader()
        writer.writerows(rows)
    return import_file(workspace, form, path, actor=Actor("填报员"), approve=True)
