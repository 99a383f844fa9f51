"""Review of a plan that was read from a document: what people decided of each target, milestone,
task and owner.

``decisions.jsonl`` beside the reading holds every decision in order, each with the digest of the
one before; ``editions/`` what was issued (``plan_editions``).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from hengtan.basis.actor import Actor
from hengtan.basis.border import json_file, json_lines, shaped
from hengtan.basis.errors import HengtanError, LedgerBusy, NoSuchRow, Where
from hengtan.basis.whole_files import write_whole
from hengtan.desk import plan_items
from hengtan.desk.plan_fields import MAX_TEXT, added, changes, edited, read_field, refusal
from hengtan.desk.plan_folders import folder_of, plans_of
from hengtan.desk.plan_reading import (
    indicators_of,
    now,
    reading_of,
    unknown,
)
from hengtan.plan.reader.confidence import SURE
from hengtan.plan.reader.draft import Draft, Target

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Entry = dict[str, Any]
STATES = {
    "accept": "accepted",
    "edit": "edited",
    "reject": "rejected",
    "reopen": "open",
    "add": "added",
}
"""What a target is after a decision."""
ACCEPTED = ("accepted", "edited", "added")
MAX_NOTE = 1000
WAIT_SECONDS = 10


@dataclass(frozen=True)
class Reviewed:
    """A target as it stands after the decisions: open, accepted, edited, rejected or added."""

    target: Target
    state: str = "open"
    by: str = ""
    on: str = ""
    note: str = ""
    original: Target | None = None

    def after(self, entry: Entry) -> Reviewed:
        """The target after a further decision; an edit is taken back by reopening."""
        target = self.target
        if entry["decision"] == "edit":
            target = edited(target, entry["fields"])
        elif entry["decision"] == "reopen":
            target = self.original or target
        original = self.original or (self.target if target is not self.target else None)
        return _reviewed(target, entry, original)


def _reviewed(target: Target, entry: Entry, original: Target | None = None) -> Reviewed:
    return Reviewed(
        target,
        STATES[entry["decision"]],
        entry["by"],
        entry["on"],
        entry.get("note", ""),
        original,
    )


@dataclass
class Review:
    """The review of one plan of a workspace."""

    folder: Path
    draft: Draft
    findings: list[dict[str, Any]]
    text_sha256: str
    log: list[Entry] = field(default_factory=list)

    @property
    def plan(self) -> str:
        """The plan's id."""
        return self.draft.plan

    @property
    def head(self) -> str:
        """Digest of the last decision, or of the reading where there is none yet."""
        return str(self.log[-1]["digest"]) if self.log else self.text_sha256

    @property
    def confirmed(self) -> Confirmed | None:
        """What was last confirmed of the plan as a whole."""
        last = next((e for e in reversed(self.log) if e["decision"] == "confirm"), None)
        return None if last is None else Confirmed(**last["fields"])

    def targets(self) -> list[Reviewed]:
        """All targets in the order of the document, those added by hand among them."""
        by_id = {target.id: Reviewed(target) for target in self.draft.targets}
        for entry in self.log:
            target_id = entry["target"]
            if plan_items.is_added_item(entry):
                continue
            if entry["decision"] == "add":
                by_id[target_id] = _reviewed(Target.from_dict(entry["fields"]), entry)
            elif target_id in by_id:
                by_id[target_id] = by_id[target_id].after(entry)
        return sorted(by_id.values(), key=lambda r: (r.target.start, r.target.end, r.target.id))

    def items(self) -> list[plan_items.Item]:
        """Milestones, tasks and owners as they stand after the decisions."""
        return plan_items.items_of(self.draft, self.log)

    def counts(self) -> Counter[str]:
        """How many targets are in each state."""
        return Counter(reviewed.state for reviewed in self.targets())

    def editions(self) -> list[dict[str, Any]]:
        """The issued editions, first to last. Raises HengtanError where one was changed since."""
        editions = []
        for path in sorted((self.folder / "editions").glob("*.json")):
            edition = json_file(path)
            with shaped(Where(path.name)):
                changed = digest(_without_digest(edition)) != edition.get("digest")
            if changed:
                raise HengtanError(
                    "规划版本文件与其摘要不符，发布后被改动",
                    "an issued edition was changed after it was issued",
                    where=Where(path.name),
                    todo="从备份恢复这个文件",
                    todo_en="restore the file from a backup",
                )
            editions.append(edition)
        return editions


def load(workspace: Workspace, plan: str) -> Review:
    """The review of a plan.

    Raises NoSuchRow for an unknown one, HengtanError where its record of decisions was changed.
    """
    draft, record = reading_of(workspace, plan)
    folder = folder_of(workspace, plan)
    review = Review(folder, draft, record["draft"]["findings"], record["text_sha256"])
    path = folder / "decisions.jsonl"
    for where, entry in json_lines(path) if path.is_file() else ():
        with shaped(where):
            follows = entry.get("before") == review.head
            holds = follows and digest(_without_digest(entry)) == entry.get("digest")
        if not holds:
            raise HengtanError(
                "核对记录被改动过",
                "the record of decisions was changed",
                where=where,
                todo="从备份恢复这个文件",
                todo_en="restore the file from a backup",
            )
        review.log.append(entry)
    return review


def progress(workspace: Workspace) -> list[dict[str, Any]]:
    """Plans read from documents and how far the review of each is."""
    rows = []
    for plan in plans_of(workspace):
        review = load(workspace, plan)
        counts = review.counts()
        rows.append(
            {
                "plan": plan,
                "title": review.draft.title,
                "file": review.draft.document.name,
                "targets": counts.total(),
                "open": counts["open"],
                "accepted": sum(counts[state] for state in ACCEPTED),
                "rejected": counts["rejected"],
                "editions": len(review.editions()),
            }
        )
    return rows


def shown(workspace: Workspace, plan: str) -> dict[str, Any]:
    """A review as a mapping for the pages.

    Document, clauses, targets with their state, findings, editions, names of the known indicators.
    Raises NoSuchRow.
    """
    review = load(workspace, plan)
    titles = {c["ref"]: f"{c['number']} {c['title']}" for c in review.draft.clauses}
    of_edition = ("edition", "by", "on", "note", "counts", "digest")
    return {
        "plan": review.plan,
        "title": review.draft.title,
        "file": review.draft.document.name,
        "text": review.draft.document.text,
        "clauses": review.draft.clauses,
        "targets": [_shown_target(reviewed, titles) for reviewed in review.targets()],
        "findings": review.findings,
        "head": review.head,
        "is_untouched": not review.log and not review.editions(),
        "editions": [{k: edition[k] for k in of_edition} for edition in review.editions()],
        "items": plan_items.shown_items(review.items(), titles),
        "systems": review.draft.systems,
        "missed": review.draft.missed,
        "confirmed": vars(review.confirmed) if review.confirmed else _as_read(review.draft),
        "known": dict(sorted(indicators_of(workspace.pack, review.plan).shown.items())),
    }


def _as_read(draft: Draft) -> dict[str, Any]:
    """Title and period as the reading has them, to be confirmed."""
    deadlines = [target.deadline for target in draft.targets]
    return {
        "title": draft.title,
        "first_year": draft.first_year or draft.year or "",
        "last_year": draft.last_year or max(deadlines, default=""),
    }


def _shown_target(reviewed: Reviewed, titles: Mapping[str, str]) -> dict[str, Any]:
    target = reviewed.target
    return vars(target) | {
        "state": reviewed.state,
        "by": reviewed.by,
        "on": reviewed.on,
        "note": reviewed.note,
        "doubts_zh": target.doubts_zh(),
        "clause_title": titles.get(target.clause, "引言"),
        "link": vars(target.link),
    }


# deciding


def decide(
    workspace: Workspace,
    plan: str,
    target: str,
    decision: str,
    actor: Actor,
    *,
    fields: Mapping[str, Any] | None = None,
    note: str = "",
    head: str = "",
) -> Review:
    """Record a decision on a target, a milestone, a task or an owner: accept, edit (with fields),
    reject, reopen.

    ``add`` takes the fields of a new target and a quote of the document, or with ``kind`` milestone
    those of a milestone. ``head``: what the one who decides has seen; where another has decided
    since, nothing is recorded. Raises HengtanError for what cannot be.
    """
    if decision not in STATES:
        raise HengtanError(
            f"没有“{decision}”这种决定",
            f"no decision '{decision}'",
            todo=f"可用：{'、'.join(STATES)}",
            todo_en=f"known: {', '.join(STATES)}",
        )
    with alone(workspace, plan):
        review = load(workspace, plan)
        if head and head != review.head:
            raise HengtanError(
                "这份规划刚被别人核对过",
                "someone else has decided since",
                todo="刷新页面再试",
                todo_en="reload and try again",
            )
        entry = _entry(target, decision, actor, note)
        if decision == "add" and (fields or {}).get("kind") in plan_items.ADDABLE:
            entry["target"] = _next_id(review)
            entry["fields"] = plan_items.added_item(review.draft, entry["target"], fields or {})
        elif decision == "add":
            known = indicators_of(workspace.pack, plan)
            new = added(review.draft, _next_id(review), fields or {}, known)
            entry["target"] = new.id
            entry["fields"] = {**new.as_dict(), "confidence": new.confidence}
        elif (item := plan_items.item_called(review.items(), target)) is not None:
            if decision == "edit":
                entry["fields"] = _some(plan_items.item_changes(item, fields or {}))
        else:
            reviewed = _of(review, target)
            if decision == "edit":
                known = indicators_of(workspace.pack, plan)
                entry["fields"] = _some(changes(reviewed.target, fields or {}, known))
        _append(review, [entry])
        return review


@dataclass(frozen=True)
class Confirmed:
    """What a person confirmed of the plan as a whole before it is issued: its title and period, and
    that the owners of its clauses and tasks are right."""

    title: str
    first_year: int
    last_year: int

    @classmethod
    def of(cls, title: str, first_year: str, last_year: str) -> Confirmed:
        """From texts as they were typed. Raises HengtanError with the field that does not hold."""
        if not title.strip():
            raise refusal("title", "标题不能空", "the plan needs a title")
        first, last = _year("first_year", first_year), _year("last_year", last_year)
        if first > last:
            raise refusal("last_year", "末年早于首年", "the last year is before the first")
        return cls(title.strip()[:MAX_TEXT], first, last)


def _year(name: str, text: str) -> int:
    if not text.strip():
        raise refusal(name, "没有写年份", "a year is missing")
    return int(read_field("deadline", text, None))


def confirm(review: Review, actor: Actor, confirmed: Confirmed) -> None:
    """Record what was confirmed of the plan as a whole."""
    entry = _entry(review.plan, "confirm", actor)
    _append(review, [entry | {"fields": dict(vars(confirmed))}])


def accept_all(workspace: Workspace, plan: str, actor: Actor, *, least: float = SURE) -> Review:
    """Accept every open target whose confidence is at least ``least``."""
    with alone(workspace, plan):
        review = load(workspace, plan)
        entries = [
            _entry(reviewed.target.id, "accept", actor)
            for reviewed in review.targets()
            if reviewed.state == "open" and reviewed.target.confidence >= least
        ]
        if entries:
            _append(review, entries)
        return review


def _entry(target: str, decision: str, actor: Actor, note: str = "") -> Entry:
    entry = {
        "on": now(),
        "by": actor.name.strip()[:MAX_TEXT],
        "target": target,
        "decision": decision,
    }
    if actor.behalf:
        entry["behalf"] = actor.behalf[:MAX_TEXT]
    if note.strip():
        entry["note"] = note.strip()[:MAX_NOTE]
    return entry


def _next_id(review: Review) -> str:
    earlier = sum(entry["decision"] == "add" for entry in review.log)
    return f"{review.plan}-a{earlier + 1:02d}"


def _of(review: Review, target: str) -> Reviewed:
    by_id = {reviewed.target.id: reviewed for reviewed in review.targets()}
    if target not in by_id:
        raise NoSuchRow(
            f"没有目标“{target}”",
            f"no target '{target}'",
            todo="刷新页面再试",
            todo_en="reload and try again",
        )
    return by_id[target]


def _some(fields: dict[str, Any]) -> dict[str, Any]:
    if not fields:
        raise HengtanError(
            "没有改动",
            "nothing was changed",
            todo="改动后再保存，或直接采纳",
            todo_en="change something or accept",
        )
    return fields


def _append(review: Review, entries: Sequence[Entry]) -> None:
    """Chain decisions to the log and write it whole."""
    for entry in entries:
        entry["before"] = review.head
        entry["digest"] = digest(entry)
        review.log.append(entry)
    write_whole(review.folder / "decisions.jsonl", _lines(review.log).encode())


def _lines(log: Iterable[Entry]) -> str:
    return "".join(f"{json.dumps(e, ensure_ascii=False, sort_keys=True)}\n" for e in log)


def alone(workspace: Workspace, plan: str) -> Lock:
    """The one writer of a plan's review, as a context. Raises NoSuchRow, LedgerBusy."""
    if plan not in plans_of(workspace):
        raise unknown(plan)
    return Lock(folder_of(workspace, plan) / ".lock")


class Lock:
    """One writer at a time; a wait beyond ten seconds is an error that says so."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(str(path), timeout=WAIT_SECONDS)

    def __enter__(self) -> None:
        try:
            self._lock.acquire()
        except Timeout as error:
            raise LedgerBusy(
                "另一个程序正在核对这份规划",
                "another program is deciding on this plan",
                todo="稍后再试",
                todo_en="try again later",
            ) from error

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def digest(content: Any) -> str:
    """SHA-256 of a content's canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _without_digest(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key != "digest"}
