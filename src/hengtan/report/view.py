"""What pages and workbooks are rendered from: one frozen view of a workspace, verdicts already
taken.

``desk`` fills it; nothing in this room computes a verdict. The rows are plain dicts, their
fields stand in
``FIELDS`` (required ones and defaults), and ``StatusView.of`` is the border where they are checked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.lights import LIGHTS
from hengtan.report.words import error

Row = dict[str, Any]

STATES = ("actual", "partial_period", "estimate", "other_definition", "proxy", "none")
WITH_OWN_ID = ("plans", "targets", "measures", "milestones", "registries")
"""Lists whose rows carry an id of their own, which may not occur twice."""


class BadView(HengtanError):
    """A view that lacks a field the pages need."""


@dataclass(frozen=True)
class Fields:
    """Fields of one kind of row: those that must be there, and the rest with what stands in when
    absent.
    """

    required: tuple[str, ...]
    optional: Mapping[str, Any]


_TARGET_TEXT = (
    "clause_title_zh",
    "clause_title_en",
    "chapter_zh",
    "chapter_en",
    "indicator",
    "indicator_en",
    "region",
    "region_en",
    "region_code",
    "scope",
    "measure",
    "met_rule",
    "unit",
    "latest_unit",
    "latest_period",
    "latest_vintage",
    "latest_published",
    "latest_confidence",
    "latest_indicator",
    "base_period",
    "state_reason",
    "state_reason_en",
    "light_reason",
    "light_reason_en",
    "reading",
    "reading_en",
    "latest_bound",
    "pace_from_period",
    "scope_note_zh",
    "scope_note_en",
    "wording",
    "quote",
    "note_zh",
    "note_en",
    "latest_origin",
    "amounts_unit",
    "latest_computed_with",
    "latest_missing",
    "latest_missing_en",
)

FIELDS: dict[str, Fields] = {
    "plans": Fields(
        ("id", "title_zh"),
        {
            "title_en": "",
            "short_zh": "",
            "short_en": "",
            "own": True,
            "status": "issued",
            "status_zh": "",
            "status_en": "",
            "edition": "",
            "superseded_by": "",
            "region_zh": "",
            "region_en": "",
            "first_year": None,
            "last_year": None,
            "note_zh": "",
            "note_en": "",
            "source": "",
        },
    ),
    # The status row of docs/architecture.md, with what its page shows: the series (period, start,
    # end, value, unit, state, source, vintage, nature, confidence, won, and where known indicator,
    # indicator_zh/_en, publisher, published, note, bound; with ``in_unit`` true, ``value`` is in
    # the unit of the goal and ``reported_value`` with ``unit`` as reported), the path ({year,
    # value}), the definition, and the explain tree (None where it is not carried). ``gap`` is goal
    # − latest.
    "targets": Fields(
        (
            "target_id",
            "plan",
            "clause",
            "indicator_zh",
            "operator",
            "goal",
            "deadline",
            "state",
            "light",
        ),
        {
            **dict.fromkeys(_TARGET_TEXT, ""),
            "strict": False,
            "base_year": None,
            "latest_value": None,
            "latest_age_days": None,
            "base_value": None,
            "gap": None,
            "needed_pace": None,
            "needed_growth_pct": None,
            "past_days": None,
            "pace_so_far": None,
            "required_now": None,
            "met_at_start": False,
            "computed_amount": None,
            "reported_amount": None,
            "difference_pct": None,
            "latest_recalled_share": None,
            "sources": [],
            "also_in_clauses": [],
            "self_approved": False,
            "self_approved_submissions": [],
            "demo": False,
            "series": [],
            "path": [],
            "definition": {},
            "explain": None,
            "department_zh": [],
        },
    ),
    "measures": Fields(
        ("clause_ref", "plan", "title_zh"),
        {
            "clause": "",
            "kind": "measure",
            "chapter_zh": "",
            "chapter_en": "",
            "title_en": "",
            "description_zh": "",
            "description_en": "",
            "department_zh": [],
            "department_basis": "",
            "targets": [],
            "milestones": [],
            "systems": [],
            "progress": [],
            "state": "",
            "overdue": False,
            "due": "",
        },
    ),
    "milestones": Fields(
        ("id", "clause", "zh"),
        {
            "plan": "",
            "en": "",
            "check_zh": "",
            "check_en": "",
            "deadline": None,
            "deadline_basis": "none",
            "state": "open",
            "evidence": "",
            "overdue": False,
            "quote": "",
            "owner": "",
            "co_owners": [],
            "due": "",
            "counted": None,
        },
    ),
    "registries": Fields(
        ("id", "title_zh"),
        {
            "title_en": "",
            "what_zh": "",
            "what_en": "",
            "unit": "",
            "clauses": [],
            "department_zh": [],
            "levels": [],
            "targets": [],
            "counts": [],
            "reported": [],
            "entries": 0,
            "listed": [],
            "note_zh": "",
            "note_en": "",
        },
    ),
    "systems": Fields(
        ("id", "name_zh"),
        {
            "name_en": "",
            "kind": "",
            "clauses": [],
            "priority": "",
            "recorded_by": "",
            "reference": [],
            "need_zh": "",
            "need_en": "",
        },
    ),
    "sources": Fields(
        ("title",),
        {"url": "", "publisher": "", "level": "", "rows": 0, "confidence": {}, "published": ""},
    ),
    "gaps": Fields(
        ("target_id", "state"),
        {
            "reason": "",
            "reason_en": "",
            "missing_zh": "",
            "missing_en": "",
            "department_zh": [],
            "department_basis": "",
            "form": "",
            "form_title_zh": "",
            "form_title_en": "",
            "last_period": "",
            "deadline": None,
        },
    ),
    "overdue": Fields(
        ("id", "zh"),
        {"kind": "milestone", "en": "", "clause": "", "deadline": None, "department_zh": []},
    ),
    "conflicts": Fields(
        ("series", "place", "period", "values"),
        {
            "series_zh": "",
            "series_en": "",
            "place_zh": "",
            "place_en": "",
            "unit": "",
            "note_zh": "",
            "note_en": "",
        },
    ),
}
META = {
    "workspace": "",
    "workspace_en": "",
    "judged_on": "",
    "known_on": "",
    "ledger_head": "",
    "packs": [],
    "made_at": "",
    "demo": False,
    "demo_city": False,
    "synthetic": False,
    "program": "",
}


@dataclass(frozen=True)
class StatusView:
    """Everything the report shows of one workspace on one day.

    Lists hold plain dicts with the fields of ``FIELDS``.
    """

    meta: Row
    plans: list[Row]
    targets: list[Row]
    measures: list[Row]
    milestones: list[Row]
    registries: list[Row]
    systems: list[Row]
    sources: list[Row]
    gaps: list[Row]
    overdue: list[Row]
    conflicts: list[Row]

    @classmethod
    def of(cls, view: StatusView | Mapping[str, Any]) -> StatusView:
        """A checked view from a mapping; absent lists are empty, absent optional fields take their
        default.

        Raises ``BadView`` for a missing required field, an unknown light or state, or an id that
        occurs twice.
        """
        if isinstance(view, StatusView):
            return view
        lists = {name: list(_complete(name, view.get(name) or ())) for name in FIELDS}
        for target in lists["targets"]:
            _one_of("light", target, LIGHTS)
            _one_of("state", target, STATES)
        return cls(meta={**META, **dict(view.get("meta") or {})}, **lists)

    def as_dict(self) -> dict[str, Any]:
        """The view as one dict of lists, for JSON."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def target(self, target_id: str) -> Row | None:
        """The row of one target, or None."""
        return next((row for row in self.targets if row["target_id"] == target_id), None)

    def of_plan(self, plan_id: str) -> StatusView:
        """The view of one plan: its targets, measures and milestones, and what they lack."""
        targets = [row for row in self.targets if row["plan"] == plan_id]
        ids = {row["target_id"] for row in targets}
        return replace(
            self,
            plans=[row for row in self.plans if row["id"] == plan_id],
            targets=targets,
            measures=[row for row in self.measures if row["plan"] == plan_id],
            milestones=[row for row in self.milestones if row["plan"] == plan_id],
            gaps=[row for row in self.gaps if row["target_id"] in ids],
        )

    def registry(self, registry_id: str) -> Row | None:
        """The row of one registry, or None."""
        return next((row for row in self.registries if row["id"] == registry_id), None)

    def plan(self, plan_id: str) -> Row:
        """The row of one plan; a bare one where the view does not hold it."""
        bare = {"id": plan_id, "title_zh": plan_id, **FIELDS["plans"].optional}
        return next((row for row in self.plans if row["id"] == plan_id), bare)


def _complete(name: str, rows: Iterable[Mapping[str, Any]]) -> Iterable[Row]:
    """Rows of one kind with their defaults; a lone None counts as absent where a default exists."""
    shape = FIELDS[name]
    key = shape.required[0]
    seen: set[Any] = set()
    for number, row in enumerate(rows, start=1):
        where = Where(file=f"view.{name}", row=number)
        missing = [field for field in shape.required if field not in row]
        if missing:
            raise error(BadView, f"view.fields_missing|{', '.join(missing)}", where)
        if name in WITH_OWN_ID:
            if row[key] in seen:
                raise error(BadView, f"view.id_twice|{key}|{row[key]}", where)
            seen.add(row[key])
        stated = {
            field: value
            for field, value in row.items()
            if value is not None or field not in shape.optional
        }
        yield {**shape.optional, **stated}


def _one_of(field: str, row: Row, codes: Collection[str]) -> None:
    if row[field] not in codes:
        coded = f"view.unknown_code|{row['target_id']}|{field}|{row[field]}|{', '.join(codes)}"
        raise error(BadView, coded, Where(file="view.targets"))
