"""A view with all 67 targets of the packs, for layout only: the lights are dealt out in turn, they judge nothing."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from hengtan import packs


def pack_view(judged_on: str = "2026-11-25") -> dict[str, Any]:
    """A view mapping from the packs ``chongqing`` and ``wulong`` with arbitrary lights."""
    wulong = packs.load("wulong")
    indicators = {r["indicator"]: r for r in wulong.rows("indicators")}
    measures = {r["clause_ref"]: r for r in wulong.rows("measures")}
    places = {r["place"]: r for r in wulong.rows("places")}
    notes = {r["target_id"]: r for r in wulong.rows("evidence_notes")}
    publishers = {r["publisher"]: r for r in wulong.rows("publishers")}
    series = {r["series"]: r for r in wulong.rows("series")}
    links: dict[str, dict[str, Any]] = {}
    for row in wulong.rows("indicator_links"):
        if row["indicator"] and row["relation"] != "unlinked":
            links.setdefault(row["indicator"], {})[row["series"]] = row
    observed = wulong.rows("observations")
    lights = cycle(["green", "orange", "red", "met", "missed"])
    targets = []
    for row in wulong.rows("targets"):
        note, measure, indicator = notes[row["target_id"]], measures[row["clause_ref"]], indicators[row["indicator"]]
        held = [o for o in observed if o["series"] in links.get(row["indicator"], {}) and o["place"] == row["region"]]
        points = [
            {"period": str(o["period"]), "value": o["value"], "unit": o["unit"], "source": o["source"], "vintage": o["vintage"] or "",
             "nature": o["nature"], "confidence": o["confidence"], "published": str(o["published"] or ""), "won": o["confidence"] == "read",
             "state": note["state"] if note["state"] != "none" else "proxy", "indicator": o["series"],
             "publisher": publishers[o["publisher"]]["name_zh"]}
            for o in held
        ]
        latest = max((p for p in points if p["won"]), key=lambda p: p["period"], default=None)
        actual = note["state"] == "actual"
        light = next(lights) if actual else "due_not_reported" if row["plan"] == "wulong-2025" else "grey"
        path = []
        if actual and latest and len(points) > 2:
            path = [{"year": 2021, "value": points[0]["value"]}, {"year": row["deadline_year"], "value": row["value"]}]
        targets.append({
            "target_id": row["target_id"], "plan": row["plan"], "clause": row["clause_ref"], "clause_title_zh": measure["title_zh"],
            "clause_title_en": measure["title_en"], "chapter_zh": measure["chapter_zh"], "indicator": row["indicator"],
            "indicator_zh": row["indicator_zh"], "indicator_en": row["indicator_en"], "region": row["region_zh"],
            "region_en": places[row["region"]]["name_en"], "region_code": row["region"], "scope": row["scope"], "measure": row["measure"],
            "operator": row["operator"], "strict": row["strict"] in (True, "yes"), "goal": row["value"], "unit": row["unit"],
            "base_year": row["base_year"], "deadline": row["deadline_year"], "state": note["state"], "state_reason": note["reason_zh"],
            "state_reason_en": note["reason_en"], "light": light, "light_reason": "" if not actual else "最新实绩落后于自基期到目标的直线路径",
            "light_reason_en": "" if not actual else "the latest outturn is behind the straight path from base to goal",
            "latest_value": latest["value"] if latest else None, "latest_unit": latest["unit"] if latest else "",
            "latest_period": latest["period"] if latest else "", "latest_confidence": latest["confidence"] if latest else "",
            "latest_age_days": 700 if latest else None, "latest_published": latest["published"] if latest else "",
            "gap": row["value"] - latest["value"] if actual and latest else None,
            "needed_pace": (row["value"] - latest["value"]) / 3 if actual and latest else None,
            "needed_growth_pct": 4.2 if actual else None, "pace_so_far": 1.1 if path else None, "required_now": row["value"] if path else None,
            "base_value": points[0]["value"] if path else None, "base_period": points[0]["period"] if path else "",
            "scope_note_zh": row["scope_note_zh"], "scope_note_en": row["scope_note_en"], "note_zh": row["note_zh"], "note_en": row["note_en"],
            "quote": row["quote"], "also_in_clauses": row["also_in_clauses"], "series": points, "path": path, "demo": True,
            "definition": {
                "zh": indicator["definition_zh"], "en": indicator["definition_en"], "edition": indicator["edition"],
                "edition_established": indicator["edition_established"], "department": indicator["department_zh"], "unit": ";".join(indicator["units"]),
                "formula_zh": indicator["formula_zh"], "formula_en": indicator["formula_en"], "confidence": indicator["confidence"],
                "report": indicator["statistical_report"], "frequency": indicator["frequency"], "note_zh": indicator["note_zh"], "note_en": indicator["note_en"],
            },
            "explain": {
                "kind": "account", "account": "plan_progress", "key": {"target_id": row["target_id"]}, "formula": "Where a target stands on the day judged.",
                "values": {"light": light, "state": note["state"], "goal": row["value"], "unit": row["unit"], "deadline": row["deadline_year"]},
                "children": [
                    {"kind": "pack", "table": "targets", "pack": row["_pack"], "file": row["_file"], "row": row["_row"], "clause": row["clause_ref"],
                     "source": row["source"], "confidence": row["confidence"], "values": {"goal": row["value"]}, "unit": row["unit"]},
                    *({"kind": "ledger", "table": "indicator_values", "file": "observations.csv", "row": o["_row"], "submission": "S0001",
                       "submitted_by": "demo-loader", "approved_by": "demo-loader", "values": {"value": o["value"], "period": str(o["period"])}, "unit": o["unit"]}
                      for o in held),
                ],
            },
        })
    by_clause: dict[str, list[str]] = {}
    for target in targets:
        for reference in [target["clause"], *target["also_in_clauses"]]:
            by_clause.setdefault(reference, []).append(target["target_id"])
    milestones = [
        {"id": m["milestone"], "plan": m["plan"], "clause": m["clause_ref"], "zh": m["name_zh"], "en": m["name_en"], "check_zh": m["check_zh"],
         "check_en": m["check_en"], "deadline": m["deadline_year"], "deadline_basis": m["deadline_basis"], "state": "open",
         "overdue": m["deadline_year"] is not None and m["deadline_year"] < 2026}
        for m in wulong.rows("milestones")
    ]
    systems = wulong.rows("systems")
    sources: dict[str, dict[str, Any]] = {}
    for o in observed:
        entry = sources.setdefault(o["source"], {"title": o["source"], "url": o["source_url"] or "", "publisher": publishers[o["publisher"]]["name_zh"],
                                                 "level": publishers[o["publisher"]]["level"], "rows": 0, "confidence": {}})
        entry["rows"] += 1
        entry["confidence"][o["confidence"]] = entry["confidence"].get(o["confidence"], 0) + 1
    merged: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for o in observed:
        merged.setdefault((series[o["series"]]["merged_series"], o["place"], str(o["period"])), []).append(o)
    return {
        "meta": {"workspace": "重庆市（含武隆区）演示工作区", "judged_on": judged_on, "known_on": judged_on, "ledger_head": "9f3c2a71d0b84e5f" * 4,
                 "packs": [{"id": p, "version": wulong.version} for p in wulong.chain], "made_at": f"{judged_on} 10:00", "demo": True, "program": "0.1.0"},
        "plans": [{**{k: r.get(k) for k in ("title_zh", "title_en", "short_zh", "short_en", "status", "status_zh", "status_en", "edition", "superseded_by")},
                   "id": r["plan"], "region_zh": places[r["region"]]["name_zh"], "region_en": places[r["region"]]["name_en"]} for r in wulong.rows("plans")],
        "targets": targets,
        "measures": [{"clause_ref": r["clause_ref"], "plan": r["plan"], "clause": r["clause"], "chapter_zh": r["chapter_zh"], "title_zh": r["title_zh"],
                      "title_en": r["title_en"], "description_zh": r["description_zh"], "description_en": r["description_en"], "department_zh": r["department_zh"],
                      "department_basis": r["department_basis"], "targets": by_clause.get(r["clause_ref"], []),
                      "milestones": [m["id"] for m in milestones if m["clause"] == r["clause_ref"]],
                      "systems": [s["system"] for s in systems if r["clause_ref"] in s["clauses"]]} for r in wulong.rows("measures")],
        "milestones": milestones,
        "registries": [
            {"id": "green_factories", "title_zh": "绿色工厂名录", "title_en": "Green factories", "what_zh": "在有效名单内的绿色工厂（国家级、市级分列）",
             "what_en": "Factories on the valid lists", "unit": "家", "clauses": ["cq-2025-2027:7"], "targets": ["cq-green-factories-2027"],
             "reported": [{"place": "重庆市", "period": "2021", "value": 171, "source": "重庆日报 2022-03-15", "confidence": "read"}]},
            {"id": "green_mines", "title_zh": "绿色矿山名录", "title_en": "Green mines", "what_zh": "列入名录的绿色矿山", "what_en": "Mines on the list", "unit": "座", "clauses": ["cq-2025-2027:20"]},
        ],
        "systems": [{"id": s["system"], "name_zh": s["name_zh"], "name_en": s["name_en"], "clauses": s["clauses"], "priority": s["priority"]} for s in systems],
        "sources": sorted(sources.values(), key=lambda s: -s["rows"]),
        "gaps": [{"target_id": t["target_id"], "state": t["state"], "reason": t["state_reason"], "reason_en": t["state_reason_en"],
                  "department_zh": t["definition"]["department"], "department_basis": "suggestion", "deadline": t["deadline"]} for t in targets if t["state"] != "actual"],
        "overdue": [{"id": m["id"], "zh": m["zh"], "en": m["en"], "clause": m["clause"], "deadline": m["deadline"]} for m in milestones if m["overdue"]],
        "conflicts": [{"series": k[0], "place": k[1], "period": k[2], "place_zh": places[k[1]]["name_zh"], "series_zh": series[v[0]["series"]]["name_zh"],
                       "values": [{"value": o["value"], "unit": o["unit"], "vintage": o["vintage"] or series[o["series"]]["vintage"], "source": o["source"],
                                   "published": str(o["published"] or ""), "confidence": o["confidence"], "won": i == 0} for i, o in enumerate(v)]}
                      for k, v in merged.items() if len(v) > 1],
    }
