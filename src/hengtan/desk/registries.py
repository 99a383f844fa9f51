"""Registries (名录): what each counts per place, beside what was reported for the same indicator,
and their entries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from hengtan.report.status_rows import Row
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

LEVEL_ZH = {"national": "国家级", "municipal": "市级", "district": "区县级"}
LISTED_ENTRIES = 500
"""Entries of a registry its page lists; ``hengtan table registry_entries`` gives all."""


def registry_list(workspace: Workspace) -> list[Row]:
    """The registries, how many entries count today, and the clauses each serves."""
    counts: Counter[str] = Counter()
    for row in workspace.table("plan_registry_counts").to_pylist():
        counts[row["registry"]] += row["entries"]
    clauses = {row["clause_ref"] for row in workspace.pack.rows("measures")}
    return [
        {
            "registry": row["registry_id"],
            "title_zh": row["title_zh"],
            "title_en": row["title_en"],
            "entries": counts[row["registry_id"]],
            "unit": row["unit"],
            "clauses": ";".join(clause for clause in row["clauses"] if clause in clauses),
        }
        for row in workspace.pack.rows("registries")
    ]


def registries_of(workspace: Workspace, as_of: AsOf, targets: list[Row]) -> list[Row]:
    """Registries with counts, entries, and values reported for the targets they answer."""
    counts = _counts(workspace, as_of)
    entries = _entries(workspace, as_of)
    targets_by_indicator: dict[str, list[Row]] = defaultdict(list)
    for target in targets:
        targets_by_indicator[target["indicator"]].append(target)
    clauses = {row["clause_ref"] for row in workspace.pack.rows("measures")}
    rows = []
    for registry in workspace.pack.rows("registries"):
        registry_id = registry["registry_id"]
        answered = targets_by_indicator.get(registry["indicator_id"] or "", [])
        rows.append(
            {
                **{k: v for k, v in registry.items() if not k.startswith("_")},
                "id": registry_id,
                "clauses": [clause for clause in registry["clauses"] if clause in clauses],
                "department_zh": list(registry["department_zh"]),
                "levels": list(registry["levels"]),
                "targets": [target["target_id"] for target in answered],
                "counts": counts[registry_id],
                "reported": [
                    _reported(t, value)
                    for t in answered
                    for value in t["series"]
                    if value["origin"] == "reported"
                ],
                "entries": sum(count["count"] for count in counts[registry_id]),
                "listed": entries[registry_id],
            }
        )
    return rows


def _place_zh(workspace: Workspace, code: str) -> str:
    places = workspace.pack.places()
    return places[code].name_zh if code in places else code


def _counts(workspace: Workspace, as_of: AsOf) -> dict[str, list[Row]]:
    counts: dict[str, list[Row]] = defaultdict(list)
    for row in workspace.execute("plan_registry_counts", as_of).to_pylist():
        level = f"（{LEVEL_ZH[row['level']]}）" if row["level"] else ""
        counts[row["registry"]].append(
            {
                "place": _place_zh(workspace, row["place"]) + level,
                "place_code": row["place"],
                "date": as_of.judged_on.isoformat(),
                "count": row["entries"],
                "quantity": row["quantity"],
            }
        )
    return counts


def _entries(workspace: Workspace, as_of: AsOf) -> dict[str, list[Row]]:
    entries: dict[str, list[Row]] = defaultdict(list)
    for row in workspace.execute("registry_entries", as_of).to_pylist():
        listed = entries[row["registry"]]
        if len(listed) == LISTED_ENTRIES:
            continue
        line = row["_source_row"] or row["_row"]
        listed.append(
            {
                "title": row["title"],
                "place": _place_zh(workspace, row["place"]),
                "level": row["level"] or "",
                "granted": str(row["granted"] or ""),
                "withdrawn": str(row["withdrawn"] or ""),
                "evidence": row["evidence"] or "",
                "where": f"{row['_file'] or ''} {row['_sheet'] or ''} 第{line}行",
            }
        )
    return entries


def _reported(target: Row, value: Row) -> Row:
    return {
        "place": target["region"],
        "place_en": target["region_en"],
        "date": value["period"],
        "count": value["reported_value"],
        "unit": value["unit"],
        "source": value["source"],
        "title": value["indicator_zh"],
        "title_en": value["indicator_en"],
    }
