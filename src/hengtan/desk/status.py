"""The view the report and the pages are rendered from: verdicts, series, ledgers and sources of one workspace on one day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import hengtan
from hengtan.accounts.rates import required_cut_compound, required_cut_linear
from hengtan.plan.formulas import straight_path
from hengtan.report.status_rows import Row, status_rows
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace


LEVEL_ZH = {"national": "国家级", "municipal": "市级", "district": "区县级"}
LISTED_ENTRIES = 500
"""Entries of a registry its page lists; ``hengtan table registry_entries`` gives all."""


def status_view(workspace: Workspace, as_of: AsOf | None = None) -> dict[str, Any]:
    """One mapping with the lists of ``report.view.FIELDS``."""
    as_of = as_of or AsOf.of()
    pack = workspace.pack
    rows = status_rows(pack, workspace.execute("plan_progress", as_of).to_pylist(), as_of.judged_on)
    candidates: dict[str, list[Row]] = defaultdict(list)
    for row in workspace.execute("plan_candidates", as_of).to_pylist():
        candidates[row["target_id"]].append(row)
    values = workspace.execute("plan_series", as_of).to_pylist()
    names = _names(workspace)
    publishers = {r["publisher"]: r["name_zh"] for r in workspace.pack.rows("publishers")}
    for row in (*values, *(c for held in candidates.values() for c in held)):
        row["publisher_name"] = publishers.get(row["publisher"] or "", row["publisher"] or "")
    milestones = _milestones(workspace, as_of)
    targets = [_target(workspace, row, candidates[row["target_id"]], names) for row in rows]
    registries = _registries(workspace, as_of, targets, names)
    measures = _measures(workspace, as_of, targets, milestones)
    return {
        "meta": _meta(workspace, as_of),
        "plans": _plans(workspace),
        "targets": targets,
        "measures": measures,
        "milestones": milestones,
        "registries": registries,
        "systems": _systems(workspace),
        "sources": _sources(workspace, values),
        "gaps": _gaps(workspace, targets),
        "overdue": _overdue(milestones, measures),
        "conflicts": _conflicts(workspace, values, names),
    }


def _names(workspace: Workspace) -> dict[str, Row]:
    names = {
        r["indicator"]: {"zh": r["name_zh"], "en": r["name_en"], "note_zh": "", "note_en": ""}
        for r in workspace.pack.rows("indicators")
    }
    names |= {
        r["series"]: {
            "zh": r["name_zh"],
            "en": r["name_en"],
            "note_zh": r["note_zh"],
            "note_en": r["note_en"],
        }
        for r in workspace.pack.rows("series")
    }
    return names


def _meta(workspace: Workspace, as_of: AsOf) -> Row:
    pack = workspace.pack
    return {
        "workspace": workspace.settings.title_zh,
        "judged_on": as_of.judged_on.isoformat(),
        "known_on": as_of.known_on.isoformat() if as_of.known_on else "",
        "ledger_head": workspace.ledger.head(),
        "packs": [
            {"id": f.id, "title_zh": f.title_zh, "edition": f.edition, "version": pack.version[:12]}
            for f in pack.folders
        ],
        "made_at": datetime.now().astimezone().isoformat(timespec="minutes"),
        "demo": workspace.settings.demo,
        "synthetic": workspace.settings.region.startswith("99"),
        "program": f"Hengtan {hengtan.__version__}",
    }


def _plans(workspace: Workspace) -> list[Row]:
    places = workspace.pack.places()
    return [
        {
            **{k: v for k, v in r.items() if not k.startswith("_")},
            "id": r["plan"],
            "region_zh": places[r["region"]].name_zh,
            "region_en": places[r["region"]].name_en,
        }
        for r in workspace.pack.rows("plans")
    ]


def _target(workspace: Workspace, row: Row, candidates: list[Row], names: Mapping[str, Row]) -> Row:
    target = next(t for t in workspace.pack.rows("targets") if t["target_id"] == row["target_id"])
    indicator = next(
        i for i in workspace.pack.rows("indicators") if i["indicator"] == row["indicator"]
    )
    return {
        **row,
        "wording": target["wording"],
        "quote": target["quote"],
        "note_zh": target["note_zh"],
        "note_en": target["note_en"],
        "series": [
            _value(c, names)
            for c in sorted(candidates, key=lambda c: (c["series"], c["period_end"]))
        ],
        "path": _path(row),
        "definition": {
            **{k: v for k, v in indicator.items() if not k.startswith("_")},
            "zh": indicator["definition_zh"],
            "en": indicator["definition_en"],
            "unit": ";".join(indicator["units"]),
        },
        "department_zh": list(indicator["department_zh"]),
        "explain": None,
    }


def _value(c: Row, names: Mapping[str, Row]) -> Row:
    name = names.get(c["reported_as"], {"zh": c["reported_as"], "en": c["reported_as"]})
    return {
        "period": c["period"],
        "start": c["period_start"].isoformat(),
        "end": c["period_end"].isoformat(),
        "value": c["comparable"] if c["comparable"] is not None else c["value"],
        "in_unit": c["comparable"] is not None,
        "reported_value": c["value"],
        "unit": c["unit"],
        "state": c["state"],
        "source": c["source_title"],
        "source_url": c["source_url"],
        "published": c["published"],
        "vintage": c["vintage"],
        "nature": c["nature"],
        "bound": c["bound"],
        "confidence": c["confidence"],
        "won": c["won"],
        "indicator": c["reported_as"],
        "indicator_zh": name["zh"],
        "indicator_en": name["en"],
        "publisher": c["publisher_name"],
        "note": c["note"],
    }


def _path(row: Row) -> list[Row]:
    """The path the light is judged by: the cut demanded in each year, or the straight path from the base value to the goal."""
    if row["operator"] == "decrease_by":
        form = required_cut_linear if row["path_method"] == "linear" else required_cut_compound
        span = row["deadline"] - row["base_year"]
        return [
            {
                "year": row["base_year"] + n,
                "value": 100 * form(row["goal"] / 100, float(n), float(span)),
            }
            for n in range(span + 1)
        ]
    if row["operator"] == "increase_by":
        return [
            {
                "year": y,
                "value": straight_path(
                    0.0, row["goal"], float(row["base_year"]), float(row["deadline"]), float(y)
                ),
            }
            for y in (row["base_year"], row["deadline"])
        ]
    if row["base_value"] is None or row["met_rule"] == "hold_at_or_above":
        return []
    first = int(row["base_period"][:4])
    return [
        {"year": first, "value": row["base_value"]},
        {"year": row["deadline"], "value": row["goal"]},
    ]


_STATE_WORDS = {"done": "done", "in_progress": "in_progress", "blocked": "in_progress"}


def _milestones(workspace: Workspace, as_of: AsOf) -> list[Row]:
    return [
        {
            "id": r["milestone"],
            "plan": r["plan"],
            "clause": r["clause_ref"],
            "zh": r["name_zh"],
            "en": r["name_en"],
            "check_zh": r["check_zh"],
            "check_en": r["check_en"],
            "deadline": r["deadline_year"],
            "deadline_basis": r["deadline_basis"],
            "overdue": bool(r["overdue"]),
            "state": "overdue" if r["overdue"] else _STATE_WORDS.get(r["state"], "open"),
            "evidence": r["evidence"] or "",
            "owner": r["owner"] or "",
        }
        for r in workspace.execute("plan_milestone_state", as_of).to_pylist()
    ]


def _measures(
    workspace: Workspace, as_of: AsOf, targets: list[Row], milestones: list[Row]
) -> list[Row]:
    by_clause: dict[str, dict[str, list[str]]] = defaultdict(
        lambda: {"targets": [], "milestones": [], "systems": []}
    )
    for target in targets:
        for clause in (target["clause"], *target["also_in_clauses"]):
            by_clause[clause]["targets"].append(target["target_id"])
    for milestone in milestones:
        by_clause[milestone["clause"]]["milestones"].append(milestone["id"])
    for system in workspace.pack.rows("systems"):
        for clause in system["clauses"]:
            by_clause[clause]["systems"].append(system["system"])
    order = {r["clause_ref"]: n for n, r in enumerate(workspace.pack.rows("measures"))}
    rows = sorted(
        workspace.execute("plan_measure_state", as_of).to_pylist(),
        key=lambda r: order[r["clause_ref"]],
    )
    return [
        {
            **{
                k: r[k]
                for k in (
                    "clause_ref",
                    "plan",
                    "clause",
                    "kind",
                    "chapter_zh",
                    "title_zh",
                    "title_en",
                    "description_zh",
                    "description_en",
                    "state",
                    "overdue",
                )
            },
            "department_zh": (r["owner"] or "").split(";") if r["owner"] else [],
            "department_basis": r["owner_basis"] or "",
            "due": str(r["due"] or ""),
            "progress": [
                {
                    "period": r["period"],
                    "state": r["state"],
                    "text": r["progress"],
                    "evidence": r["evidence"],
                    "next_step": r["next_step"],
                }
            ]
            if r["period"]
            else [],
            **by_clause[r["clause_ref"]],
        }
        for r in rows
    ]


def _registries(
    workspace: Workspace, as_of: AsOf, targets: list[Row], names: Mapping[str, Row]
) -> list[Row]:
    places = workspace.pack.places()
    counts: dict[str, list[Row]] = defaultdict(list)
    for r in workspace.execute("plan_registry_counts", as_of).to_pylist():
        place = places[r["place"]].name_zh if r["place"] in places else r["place"]
        place += f"（{LEVEL_ZH[r['level']]}）" if r["level"] else ""
        counts[r["registry"]].append(
            {
                "place": place,
                "place_code": r["place"],
                "date": as_of.judged_on.isoformat(),
                "count": r["entries"],
                "quantity": r["quantity"],
            }
        )
    listed: dict[str, list[Row]] = defaultdict(list)
    for r in workspace.execute("registry_entries", as_of).to_pylist():
        if len(listed[r["registry"]]) < LISTED_ENTRIES:
            listed[r["registry"]].append(
                {
                    "title": r["title"],
                    "place": places[r["place"]].name_zh if r["place"] in places else r["place"],
                    "level": r["level"] or "",
                    "granted": str(r["granted"] or ""),
                    "withdrawn": str(r["withdrawn"] or ""),
                    "evidence": r["evidence"] or "",
                    "where": f"{r['_file'] or ''} {r['_sheet'] or ''} 第{r['_source_row'] or r['_row']}行",
                }
            )
    by_indicator: dict[str, list[Row]] = defaultdict(list)
    for target in targets:
        by_indicator[target["indicator"]].append(target)
    known = {r["clause_ref"] for r in workspace.pack.rows("measures")}
    rows = []
    for r in workspace.pack.rows("registries"):
        wanted = by_indicator.get(r["indicator_id"] or "", [])
        reported = [
            {
                "place": t["region"],
                "date": v["period"],
                "count": v["reported_value"],
                "unit": v["unit"],
                "source": v["source"],
                "title": v["indicator_zh"],
                "title_en": v["indicator_en"],
            }
            for t in wanted
            for v in t["series"]
        ]
        rows.append(
            {
                **{k: v for k, v in r.items() if not k.startswith("_")},
                "id": r["registry_id"],
                "clauses": [c for c in r["clauses"] if c in known],
                "department_zh": list(r["department_zh"]),
                "levels": list(r["levels"]),
                "targets": [t["target_id"] for t in wanted],
                "counts": counts[r["registry_id"]],
                "reported": reported,
                "entries": sum(c["count"] for c in counts[r["registry_id"]]),
                "listed": listed[r["registry_id"]],
            }
        )
    return rows


def _systems(workspace: Workspace) -> list[Row]:
    recordings = {r["system_id"]: r for r in workspace.pack.rows("recordings")}
    rows = []
    for s in workspace.pack.rows("systems"):
        record = recordings.get(s["system"])
        rows.append(
            {
                "id": s["system"],
                "name_zh": s["name_zh"],
                "name_en": s["name_en"],
                "kind": s["kind"],
                "clauses": list(s["clauses"]),
                "priority": s["priority"],
                "recorded_by": record["recorded_by"] if record else "",
                "reference": list(record["reference"]) if record else [],
                "need_zh": s["user_need_zh"],
                "need_en": s["user_need_en"],
            }
        )
    return rows


def _sources(workspace: Workspace, values: list[Row]) -> list[Row]:
    publishers = {r["publisher"]: r for r in workspace.pack.rows("publishers")}
    grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for v in values:
        grouped[(v["source_title"] or "（未填来源）", v["source_url"] or "")].append(v)
    rows = []
    for (title, url), held in sorted(grouped.items(), key=lambda item: -len(item[1])):
        publisher = publishers.get(held[0]["publisher"] or "", {})
        rows.append(
            {
                "title": title,
                "url": url,
                "publisher": publisher.get("name_zh", held[0]["publisher"] or ""),
                "level": publisher.get("level", ""),
                "rows": len(held),
                "confidence": dict(Counter(v["confidence"] or "" for v in held)),
                "published": max((v["published"] or "" for v in held), default=""),
            }
        )
    return rows


def _gaps(workspace: Workspace, targets: list[Row]) -> list[Row]:
    form = workspace.forms.get("indicator_values")
    return [
        {
            "target_id": t["target_id"],
            "state": t["state"],
            "reason": t["state_reason"],
            "reason_en": t["state_reason_en"],
            "missing_zh": f"{t['deadline'] if t['light'] == 'due_not_reported' else '最近完整年度'}{'年' if t['light'] == 'due_not_reported' else ''}“{t['indicator_zh']}”实绩（{t['unit']}）",
            "missing_en": f"actual of {t['deadline'] if t['light'] == 'due_not_reported' else 'the latest whole year'} for {t['indicator_en']} ({t['unit']})",
            "department_zh": t["department_zh"],
            "department_basis": "suggestion",
            "form": "indicator_values",
            "form_title_zh": form.title_zh if form else "",
            "form_title_en": form.title_en if form else "",
            "last_period": t["latest_period"] or "",
            "deadline": t["deadline"],
        }
        for t in targets
        if t["state"] != "actual" or t["light"] == "due_not_reported"
    ]


def _overdue(milestones: list[Row], measures: list[Row]) -> list[Row]:
    late = [
        {
            "id": m["id"],
            "kind": "milestone",
            "zh": m["zh"],
            "en": m["en"],
            "clause": m["clause"],
            "deadline": m["deadline"],
            "department_zh": [],
        }
        for m in milestones
        if m["overdue"]
    ]
    return late + [
        {
            "id": m["clause_ref"],
            "kind": "measure",
            "zh": m["title_zh"],
            "en": m["title_en"],
            "clause": m["clause_ref"],
            "deadline": m["due"],
            "department_zh": m["department_zh"],
        }
        for m in measures
        if m["overdue"]
    ]


def _conflicts(workspace: Workspace, values: list[Row], names: Mapping[str, Row]) -> list[Row]:
    places = workspace.pack.places()
    grouped: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for v in values:
        if v["competing"] > 1:
            grouped[(v["series"], v["place"], v["period"])].append(v)
    rows = []
    for (series, place, period), held in sorted(grouped.items()):
        name = names.get(series, {"zh": series, "en": series, "note_zh": "", "note_en": ""})
        ordered = sorted(held, key=lambda v: not v["won"])
        rows.append(
            {
                "series": series,
                "series_zh": name["zh"],
                "series_en": name["en"],
                "place": place,
                "place_zh": places[place].name_zh if place in places else place,
                "place_en": places[place].name_en if place in places else place,
                "period": period,
                "unit": ordered[0]["unit"],
                "note_zh": name["note_zh"] or "",
                "note_en": name["note_en"] or "",
                "values": [
                    {
                        "value": v["value"],
                        "unit": v["unit"],
                        "vintage": v["vintage"],
                        "publisher": v["publisher_name"],
                        "level_rank": v["level_rank"],
                        "source": v["source_title"],
                        "published": v["published"],
                        "confidence": v["confidence"],
                        "won": v["won"],
                    }
                    for v in ordered
                ],
            }
        )
    return rows
