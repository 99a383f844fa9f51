"""Whether this machine and a workspace are in order."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan import packs
from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.basis.problem import Problem
from hengtan.basis.seal import sha256_of
from hengtan.basis.whole_files import sweep_unfinished
from hengtan.basis.words import coded
from hengtan.ledger.forms import Form
from hengtan.packs.pack import data_folder, read_yaml
from hengtan.workspace.config import SETTINGS, read_settings
from hengtan.workspace.installation import Installation, packs_in

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

PACKAGES = (
    "duckdb",
    "ibis-framework",
    "apache-hamilton",
    "pyarrow",
    "openpyxl",
    "plotly",
    "django",
)


def machine(folder: Path) -> dict[str, Any]:
    """Versions, processors and browser of this machine, and whether a folder is a workspace."""
    about: dict[str, Any] = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "workspace": str(folder),
        "is_workspace": (folder / SETTINGS).is_file(),
        "cpus": os.cpu_count(),
    }
    about |= {package: importlib.metadata.version(package) for package in PACKAGES}
    about["chromium"] = shutil.which("chromium") or "—"
    return about


def condition(workspace: Workspace) -> dict[str, Any]:
    """Head, submissions and packs of a workspace."""
    return {
        "ledger_head": workspace.ledger.head(),
        "submissions": len(workspace.ledger.submissions()),
        "packs": " → ".join(workspace.pack.chain),
    }


def mend(workspace: Workspace) -> dict[str, int]:
    """Clear files that belong to nobody and merge small ones; how many of each."""
    swept = [*workspace.ledger.sweep(), *sweep_unfinished(workspace.folder)]
    return {"swept": len(swept), "merged": len(workspace.ledger.tidy())}


def check_records(workspace: Workspace) -> list[Finding]:
    """What was altered beside the ledger: decisions and editions of plans, issues of the bulletin,
    publications; each is held against its digest and the one before.
    """
    from hengtan.desk.bulletin_issues import issues
    from hengtan.desk.plan_folders import plans_of

    plans = [partial(_check_plan, workspace, plan) for plan in plans_of(workspace)]
    checks: list[Callable[[], object]] = [
        partial(issues, workspace),
        partial(_check_publications, workspace),
        *plans,
    ]
    findings = []
    for check in checks:
        try:
            check()
        except HengtanError as error:
            findings.append(error.as_finding())
        except (OSError, ValueError, KeyError, TypeError) as error:
            findings.append(_unreadable_record(error).as_finding())
    return findings or _unsealed_withdrawals(workspace)


def _unsealed_withdrawals(workspace: Workspace) -> list[Finding]:
    """A warning for each publication that was taken back before withdrawals were sealed."""
    from hengtan.office import publishing

    findings = []
    for each in publishing.unsealed(publishing.listed(workspace.folder)):
        code = coded("publication.unsealed", each.id)
        said = publishing.words().error(HengtanError, code).as_finding()
        findings.append(replace(said, level="warning"))
    return findings


def _check_publications(workspace: Workspace) -> None:
    """Raises HengtanError where a publication is not what was frozen from this ledger."""
    from hengtan.office import publishing

    if publishing.listed(workspace.folder):
        publishing.check(workspace.folder, [e.head for e in workspace.ledger.current().events])


def _check_plan(workspace: Workspace, plan: str) -> None:
    """Raises HengtanError where the document, what was read of it, a decision or an edition of a
    plan is not what it was.
    """
    from hengtan.desk.plan_folders import folder_of
    from hengtan.desk.plan_reading import reading_of
    from hengtan.desk.plan_review import load

    load(workspace, plan).editions()
    _, record = reading_of(workspace, plan)
    document = folder_of(workspace, plan) / "document" / record["file"]
    if sha256_of(document) != record["file_sha256"]:
        raise HengtanError(
            f"规划“{plan}”的文件被改动",
            f"the document of plan '{plan}' was changed",
            where=Where(record["file"]),
            todo="从备份恢复 plans 文件夹",
            todo_en="restore the folder plans from a backup",
        )


def _unreadable_record(error: Exception) -> HengtanError:
    return HengtanError(
        f"存档文件无法读取：{error}",
        f"a kept record cannot be read: {error}",
        todo="从备份恢复（hengtan restore）",
        todo_en="restore from a backup",
    )


def check_packs(folder: Path) -> list[Finding]:
    """Findings of all packs, those that ship and those of a workspace folder, and of all that
    opening the workspace reads: settings, chain, every form.
    """
    own = packs_in(folder)
    findings = list(packs.check(extra=own))
    shipped = sorted(path for path in data_folder().iterdir() if path.is_dir())
    for path in (*own, *shipped):
        findings += _wrong_forms(path)
    if (folder / SETTINGS).is_file():
        findings += _not_opened(folder)
    return list(dict.fromkeys(findings))


def _wrong_forms(pack: Path) -> Iterator[Finding]:
    """A finding for each form of a pack that would not open, or has the id of another."""
    seen: set[str] = set()
    for path in sorted((pack / "forms").glob("*.yaml")):
        name = f"{pack.name}/forms/{path.name}"
        try:
            form = Form.from_dict({**read_yaml(path, name), "_file": name})
        except HengtanError as error:
            yield _finding(error, name)
            continue
        if form.id in seen:
            twice = HengtanError(f"报表“{form.id}”定义了两次", f"form '{form.id}' is defined twice")
            yield _finding(twice, name)
        seen.add(form.id)


def _not_opened(folder: Path) -> Iterator[Finding]:
    """What keeps a workspace from opening."""
    try:
        installation = Installation(folder, read_settings(folder))
        _ = installation.forms, installation.pack.places()
    except HengtanError as error:
        yield _finding(error, SETTINGS)


def _finding(error: HengtanError, name: str) -> Finding:
    return Problem.of(error, "pack").finding(error.where or Where(name))
