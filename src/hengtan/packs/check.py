"""``hengtan packs check``: ids, references, units, dates, sources, overlaps; each finding with file
and row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hengtan.basis.dated import overlaps
from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.basis.place import SCOPES
from hengtan.basis.problem import Problem
from hengtan.basis.units import read_unit
from hengtan.packs.pack import (
    DEFINITIONS,
    Pack,
    Row,
    data_folder,
    load,
    open_folder,
    pack_finding,
    read_all,
)
from hengtan.packs.schema import problem_of, schemas


def check(pack_ids: Sequence[str] | None = None, extra: Sequence[Path] = ()) -> list[Finding]:
    """All findings of the named packs with what they rest on; without names, of every pack there
    is.
    """
    findings: list[Finding] = []
    for pack_id in pack_ids or _all_ids(extra, findings):
        try:
            findings += check_pack(load(pack_id, extra))
        except HengtanError as error:
            findings.append(Problem.of(error, "pack").finding(error.where or Where(pack_id)))
    return list(dict.fromkeys(findings))


def _all_ids(extra: Sequence[Path], findings: list[Finding]) -> list[str]:
    """The ids of all packs; one that does not open, or has the id of another, adds a finding."""
    ids: list[str] = []
    for path in (*extra, *sorted(data_folder().iterdir())):
        if not (path / "pack.yaml").is_file():
            continue
        where = Where(f"{path.name}/pack.yaml")
        try:
            pack_id = open_folder(path).id
        except HengtanError as error:
            findings.append(Problem.of(error, "pack").finding(error.where or where))
            continue
        if pack_id in ids:
            findings.append(problem_of("pack-twice", pack_id).finding(where))
        ids.append(pack_id)
    return ids


def check_pack(pack: Pack) -> list[Finding]:
    """All findings of one loaded pack."""
    tables, findings = read_all(pack)
    for name, rows in tables.items():
        findings += _references(name, rows, tables)
        findings += _validity(name, rows)
    findings += _circles(tables["places"])
    findings += _stray_files(pack)
    for target in tables["targets"]:
        findings += _target(target)
    findings += _observations(tables)
    findings += _recordings(pack, tables)
    return findings


def _references(
    name: str, rows: Sequence[Row], tables: Mapping[str, list[Row]]
) -> Iterator[Finding]:
    plans = {row.get("plan") for row in tables["plans"]}
    for column, (table, other) in schemas()[name].refs.items():
        known = {row.get(other) for row in tables[table]}
        for row in rows:
            value = row.get(column)
            for item in value if isinstance(value, tuple) else (value,):
                plan, _, clause = str(item).partition(":")
                if table == "measures" and (plan not in plans or clause == "*"):
                    continue  # of a plan that a pack above this one brings, or every clause of one
                if item and item not in known:
                    yield _finding(row, column, "reference", item, table)


def _validity(name: str, rows: Sequence[Row]) -> Iterator[Finding]:
    schema = schemas()[name]
    if "valid_from" not in schema.columns:
        return
    for row in rows:
        first, last = row.get("valid_from"), row.get("valid_to")
        if first and last and last < first:
            yield _finding(row, "valid_to", "dates")
    yield from overlaps(
        name, rows, [column for column in schema.key if column not in ("valid_from", "valid_to")]
    )


def _circles(places: Sequence[Row]) -> Iterator[Finding]:
    """Places that lie in themselves, by way of others or not."""
    parents = {row.get("place"): row.get("parent") for row in places}
    for row in places:
        above, seen = row.get("parent"), set()
        while above and above not in seen and above != row.get("place"):
            seen.add(above)
            above = parents.get(above)
        if above and above == row.get("place"):
            yield _finding(row, "parent", "place-circle", row.get("place"))


def _stray_files(pack: Pack) -> Iterator[Finding]:
    for folder in pack.folders:
        for path in folder.files():
            is_definition = path.parent.name in DEFINITIONS
            if path.name != "pack.yaml" and not is_definition and path.stem not in schemas():
                where = Where(f"{folder.id}/{path.relative_to(folder.folder).as_posix()}")
                yield problem_of("file").finding(where)


def _target(row: Row) -> Iterator[Finding]:
    operator, base, deadline = row.get("operator"), row.get("base_year"), row.get("deadline_year")
    if row.get("scope") not in SCOPES:
        yield _finding(row, "scope", "scope", row.get("scope"))
    if operator in ("decrease_by", "increase_by") and base is None:
        yield _finding(row, "base_year", "base")
    if base and deadline and base >= deadline:
        yield _finding(row, "deadline_year", "dates.deadline")
    if operator == "decrease_by" and (row.get("value") or 0) <= 0:
        yield _finding(row, "value", "sign")
    if not _follows(row):
        yield _finding(row, "value_canonical", "units")


def _follows(row: Row) -> bool:
    """Whether the canonical value of a target, where stated, follows from its value and unit."""
    value, unit, canonical = row.get("value"), row.get("unit"), row.get("value_canonical")
    if canonical is None or value is None or not unit:
        return True
    of_kind = read_unit(str(row["unit_canonical"]).split("/a")[0])
    computed = value * read_unit(unit).factor / of_kind.factor
    return bool(abs(computed - canonical) <= 1e-9 * abs(canonical))


def _observations(tables: Mapping[str, list[Row]]) -> Iterator[Finding]:
    kinds = {row.get("series"): row.get("kind") for row in tables["series"]}
    for row in tables["observations"]:
        if row.get("unit") is None and kinds.get(row.get("series")) not in ("ratio", "index"):
            yield _finding(row, "unit", "units.missing")
        if row.get("confidence") == "read" and not row.get("source"):
            yield _finding(row, "source", "source")


def _recordings(pack: Pack, tables: Mapping[str, list[Row]]) -> Iterator[Finding]:
    known: dict[str, set[Any]] = {
        "registry": {row.get("registry_id") for row in tables["registries"]},
        "milestone": {row.get("milestone") for row in tables["milestones"]},
        "form": pack.form_ids(),
    }
    for row in tables["recordings"]:
        kind = str(row.get("recorded_by"))
        for reference in row.get("reference") or ():
            if reference not in known.get(kind, set()):
                yield _finding(row, "reference", "reference.recorded", reference, kind)


def _finding(row: Row, column: str, key: str, *arguments: object) -> Finding:
    finding = pack_finding(row["_file"], row["_row"], column, key, *arguments)
    return replace(finding, code=key.partition(".")[0])
