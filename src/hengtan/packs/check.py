"""``hengtan packs check``: ids, references, units, dates, sources, overlaps; each finding with file
and row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.dated import overlaps
from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.basis.place import SCOPES
from hengtan.basis.units import read_unit
from hengtan.packs.pack import Pack, Row, data_folder, load, open_folder, read_all
from hengtan.packs.schema import schemas


def check(pack_ids: Sequence[str] | None = None, extra: Sequence[Path] = ()) -> list[Finding]:
    """All findings of the named packs with what they rest on; without names, of every pack there
    is.
    """
    findings: list[Finding] = []
    ids = pack_ids or [
        open_folder(p).id
        for p in [*extra, *sorted(data_folder().iterdir())]
        if (p / "pack.yaml").is_file()
    ]
    for pack_id in ids:
        try:
            findings += check_pack(load(pack_id, extra))
        except HengtanError as error:
            findings.append(
                Finding(
                    "error",
                    error.zh,
                    error.en,
                    error.where or Where(pack_id),
                    error.todo,
                    error.todo_en,
                    "pack",
                )
            )
    return list(dict.fromkeys(findings))


def check_pack(pack: Pack) -> list[Finding]:
    """All findings of one loaded pack."""
    tables, findings = read_all(pack)
    for name, rows in tables.items():
        findings += _references(name, rows, tables)
        findings += _validity(name, rows)
    findings += _stray_files(pack)
    findings += _targets(tables)
    findings += _observations(tables)
    findings += _recordings(pack, tables)
    return findings


def _references(name: str, rows: Sequence[Row], tables: Mapping[str, list[Row]]) -> list[Finding]:
    findings = []
    plans = {row.get("plan") for row in tables["plans"]}
    for column, (table, other) in schemas()[name].refs.items():
        known = {row.get(other) for row in tables[table]}
        for row in rows:
            value = row.get(column)
            for item in value if isinstance(value, tuple) else (value,):
                plan, _, clause = str(item).partition(":")
                if table == "measures" and (plan not in plans or clause == "*"):
                    continue  # a clause of a plan that a pack above this one brings, or every clause of a plan
                if item and item not in known:
                    findings.append(
                        _finding(
                            row,
                            column,
                            f"“{item}”在 {table} 中不存在",
                            f"'{item}' is not in {table}",
                            "reference",
                        )
                    )
    return findings


def _validity(name: str, rows: Sequence[Row]) -> list[Finding]:
    schema = schemas()[name]
    if "valid_from" not in schema.columns:
        return []
    findings = [
        _finding(row, "valid_to", "失效日早于生效日", "valid_to is before valid_from", "dates")
        for row in rows
        if row.get("valid_from") and row.get("valid_to") and row["valid_to"] < row["valid_from"]
    ]
    return findings + overlaps(
        name, rows, [k for k in schema.key if k not in ("valid_from", "valid_to")]
    )


def _stray_files(pack: Pack) -> list[Finding]:
    findings = []
    for folder in pack.folders:
        for path in folder.files():
            known = (
                path.name == "pack.yaml" or path.parent.name == "forms" or path.stem in schemas()
            )
            if not known:
                where = Where(f"{folder.id}/{path.relative_to(folder.folder).as_posix()}")
                findings.append(
                    Finding(
                        "error",
                        "不认识的文件",
                        "no table of this name",
                        where,
                        "改名或删除",
                        "rename or remove it",
                        "file",
                    )
                )
    return findings


def _targets(tables: Mapping[str, list[Row]]) -> list[Finding]:
    findings = []
    for row in tables["targets"]:
        if row.get("scope") not in SCOPES:
            findings.append(
                _finding(
                    row,
                    "scope",
                    f"统计口径“{row.get('scope')}”未定义",
                    "unknown statistical scope",
                    "scope",
                )
            )
        if row.get("operator") in ("decrease_by", "increase_by") and row.get("base_year") is None:
            findings.append(
                _finding(
                    row, "base_year", "相对基期的目标缺基期", "a change needs a base year", "base"
                )
            )
        if (
            row.get("base_year")
            and row.get("deadline_year")
            and row["base_year"] >= row["deadline_year"]
        ):
            findings.append(
                _finding(
                    row,
                    "deadline_year",
                    "期限不晚于基期",
                    "deadline is not after the base year",
                    "dates",
                )
            )
        if row.get("operator") == "decrease_by" and (row.get("value") or 0) <= 0:
            findings.append(
                _finding(row, "value", "降幅应为正数", "a cut is a positive number", "sign")
            )
        canonical = row.get("value_canonical")
        if canonical is not None and row.get("unit") and row.get("value") is not None:
            factor = (
                read_unit(row["unit"]).factor
                / read_unit(str(row["unit_canonical"]).split("/a")[0]).factor
            )
            if abs(row["value"] * factor - canonical) > 1e-9 * abs(canonical):
                findings.append(
                    _finding(
                        row,
                        "value_canonical",
                        "与数值、单位不符",
                        "does not follow from value and unit",
                        "units",
                    )
                )
    return findings


def _observations(tables: Mapping[str, list[Row]]) -> list[Finding]:
    kinds = {row.get("series"): row.get("kind") for row in tables["series"]}
    findings = []
    for row in tables["observations"]:
        if row.get("unit") is None and kinds.get(row.get("series")) not in ("ratio", "index"):
            findings.append(_finding(row, "unit", "缺计量单位", "unit is missing", "units"))
        if row.get("confidence") == "read" and not row.get("source"):
            findings.append(_finding(row, "source", "缺来源", "source is missing", "source"))
    return findings


def _recordings(pack: Pack, tables: Mapping[str, list[Row]]) -> list[Finding]:
    known: dict[str, set[Any]] = {
        "registry": {row.get("registry_id") for row in tables["registries"]},
        "milestone": {row.get("milestone") for row in tables["milestones"]},
        "form": set(pack.forms()),
    }
    findings = []
    for row in tables["recordings"]:
        for reference in row.get("reference") or ():
            if reference not in known.get(str(row.get("recorded_by")), set()):
                findings.append(
                    _finding(
                        row,
                        "reference",
                        f"“{reference}”不存在",
                        f"no {row.get('recorded_by')} '{reference}'",
                        "reference",
                    )
                )
    return findings


def _finding(row: Mapping[str, Any], column: str, zh: str, en: str, code: str) -> Finding:
    return Finding(
        "error",
        zh,
        en,
        Where(row["_file"], row=row["_row"], column=column),
        "改正数据包文件",
        "correct the pack file",
        code,
    )
