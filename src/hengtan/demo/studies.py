"""The study of the demonstration: a base year, drivers, measures and dispatch studies of Chongqing
and Wulong as a planner would file them. Every row is an assumption of the demonstration and says
so; rows stand in ``studies.yaml`` and go in as files of their forms do, checked and approved.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from hengtan.basis.actor import Actor
from hengtan.demo.park import park_hours
from hengtan.desk.evidence import Intake, import_file
from hengtan.workspace.workspace import Workspace

CITY, DISTRICT = "500000", "500156"
SOURCE = "演示研究的假设"
"""What each row of the study names as its source, unless a published figure is named."""
COMMANDS = (
    ("pathway", "show", "--place", CITY),
    ("pathway", "curve", "--place", CITY),
    ("pathway", "odds", "--place", CITY),
    ("dispatch", "run", "--place", CITY),
    ("dispatch", "park", "--place", DISTRICT),
    ("dispatch", "firm", "--place", DISTRICT, "--study", "wl-firm-synthetic", "--share", "100"),
)
"""What can be asked of the study."""


def load_studies(
    workspace: Workspace, actor: Actor, progress: Callable[[float, str], None]
) -> None:
    """Import the study's rows, one file a form, and approve them. A file that was loaded before is
    not read again; one that changed corrects it.
    """
    earlier = _loaded(workspace)
    with TemporaryDirectory() as folder:
        for form, rows in study_rows().items():
            name, content = f"演示研究_{form}.csv", _csv(workspace, form, rows)
            submission, digest = earlier.get(name, (None, ""))
            if digest == hashlib.sha256(content).hexdigest():
                continue
            progress(0.55, f"载入 {name}：{len(rows)} 条演示研究的假设")
            path = Path(folder) / name
            path.write_bytes(content)
            intake = Intake(demo=True, replaces=submission)
            import_file(workspace, form, path, actor=actor, intake=intake, approve=True)


def study_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows of the study by form, as people type them."""
    text = (files("hengtan.demo") / "studies.yaml").read_text(encoding="utf-8")
    rows = {
        form: [{**part["common"], **row} for row in part["rows"]]
        for form, part in yaml.safe_load(text).items()
    }
    return {**rows, "hourly_series": list(park_hours())}


def _csv(workspace: Workspace, form: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A file of a form with the titles of its columns."""
    titles = {field.id: field.title_zh for field in workspace.form(form).fields}
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([titles[name] for name in columns])
    writer.writerows(_cells(rows, columns))
    return out.getvalue().encode("utf-8-sig")


def _cells(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[list[Any]]:
    for row in rows:
        yield [row.get(name, "") for name in columns]


def _loaded(workspace: Workspace) -> dict[str, tuple[str, str]]:
    """Submission and digest of the study's files that are in force, by name."""
    return {
        row["file_name"]: (row["submission"], row["file_sha256"])
        for row in workspace.ledger.submissions()
        if row["state"] == "approved" and str(row["file_name"]).startswith("演示研究_")
    }
