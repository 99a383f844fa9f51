"""Review of a plan that was read from a document: what people decided of each target.

``plans/<plan>/`` of a workspace holds the document itself, ``reading.json`` (what was read, never changed), ``decisions.jsonl`` (every decision in order, each
with the digest of the one before) and ``editions/`` (``workspace.plan_editions``).
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from hengtan.basis.errors import HengtanError, LedgerBusy, NoSuchRow, Where
from hengtan.basis.units import read_unit
from hengtan.ledger.chain import BEIJING
from hengtan.packs import Pack
from hengtan.plan.reader.documents import read_document
from hengtan.plan.reader.draft import OPERATORS, Draft, Target, draft_of
from hengtan.plan.reader.linking import Indicators, Link
from hengtan.report.files import write_whole

DECISIONS = ("accept", "edit", "reject", "reopen", "add")
STATES = {
    "accept": "accepted",
    "edit": "edited",
    "reject": "rejected",
    "reopen": "open",
    "add": "added",
}
EDITABLE = (
    "indicator_zh",
    "operator",
    "value",
    "value2",
    "unit",
    "base_year",
    "deadline",
    "region",
    "modifier",
    "binding",
    "strict",
    "indicator",
)
MAX_TEXT = 200
SURE = 0.95
"""Confidence of a target that the reading has no doubt about."""


@dataclass(frozen=True)
class Reviewed:
    """A target as it stands after the decisions: ``state`` is open, accepted, edited, rejected or added."""

    target: Target
    state: str = "open"
    by: str = ""
    on: str = ""
    note: str = ""
    original: Target | None = None


@dataclass
class Review:
    """The review of one plan of a workspace."""

    folder: Path
    draft: Draft
    findings: list[dict[str, Any]]
    text_sha256: str
    log: list[dict[str, Any]] = field(default_factory=list)

    @property
    def plan(self) -> str:
        """The plan's id."""
        return self.draft.plan

    @property
    def head(self) -> str:
        """Digest of the last decision, or of the reading where there is none yet."""
        return str(self.log[-1]["digest"]) if self.log else self.text_sha256

    def targets(self) -> list[Reviewed]:
        """All targets in the order of the document, those added by hand among them."""
        held = {t.id: Reviewed(t) for t in self.draft.targets}
        for entry in self.log:
            was = held.get(entry["target"])
            told = {"by": entry["by"], "on": entry["on"], "note": entry.get("note", "")}
            if entry["decision"] == "add":
                held[entry["target"]] = Reviewed(Target.from_dict(entry["fields"]), "added", **told)
            elif was is not None:
                target, state = was.target, STATES[entry["decision"]]
                if entry["decision"] == "edit":
                    target = _edited(target, entry["fields"])
                elif entry["decision"] == "reopen":
                    target, state = was.original or target, "open"
                held[entry["target"]] = Reviewed(
                    target,
                    state,
                    **told,
                    original=was.original or (was.target if target is not was.target else None),
                )
        return sorted(
            held.values(), key=lambda one: (one.target.start, one.target.end, one.target.id)
        )

    def editions(self) -> list[dict[str, Any]]:
        """The issued editions, first to last. Raises HengtanError where one was changed after it was issued."""
        made = []
        for path in sorted((self.folder / "editions").glob("*.json")):
            content = json.loads(path.read_text(encoding="utf-8"))
            if digest({k: v for k, v in content.items() if k != "digest"}) != content.get("digest"):
                raise HengtanError(
                    "规划版本文件与其摘要不符，发布后被改动",
                    "an issued edition was changed after it was issued",
                    where=Where(path.name),
                    todo="从备份恢复这个文件",
                    todo_en="restore the file from a backup",
                )
            made.append(content)
        return made


# reading and keeping


def indicators_of(pack: Pack, plan: str = "") -> Indicators:
    """The known indicators of a pack, less those that the plan itself proposed."""
    return Indicators(
        row
        for row in pack.rows("indicators")
        if not (plan and str(row["indicator"]).startswith(f"{plan}-i"))
    )


def plan_id(region: str, draft: Draft, taken: Iterable[str] = ()) -> str:
    """An id for the plan of a region: ``500156-2025``, with both years of its period where they differ; a number behind it where that id is taken."""
    years = sorted(t.deadline for t in draft.targets)
    last = years[-1] if years else draft.year
    name = "-".join(str(part) for part in dict.fromkeys((region, draft.year, last)) if part)
    held = set(taken)
    return next(one for one in (name, *(f"{name}-{n}" for n in range(2, 1000))) if one not in held)


def read_plan(path: Path, pack: Pack, region: str, *, year: int | None = None) -> Draft:
    """Read a document for a region: a draft with an id that no plan of the pack has. Raises UnreadableFile."""
    document = read_document(path)
    known = indicators_of(pack)
    first = draft_of(document, known, plan="plan", year=year)
    return renamed(first, plan_id(region, first, (str(r["plan"]) for r in pack.rows("plans"))))


def renamed(draft: Draft, plan: str) -> Draft:
    """A draft under another plan id."""
    was = draft.plan

    def ref(text: str) -> str:
        return plan + text.removeprefix(was)

    made = replace(
        draft,
        plan=plan,
        targets=[replace(t, id=ref(t.id), clause=ref(t.clause)) for t in draft.targets],
    )
    made.clauses = [{**c, "ref": ref(c["ref"])} for c in draft.clauses]
    made.milestones, made.systems, made.departments = (
        [{**one, "clause": ref(one["clause"])} for one in rows]
        for rows in (draft.milestones, draft.systems, draft.departments)
    )
    return made


def keep(workspace_folder: Path, draft: Draft, source: Path) -> Review:
    """Keep a reading and its document in a workspace. Raises HengtanError where the plan is held already."""
    folder = workspace_folder / "plans" / draft.plan
    if folder.exists():
        raise HengtanError(
            f"已有规划“{draft.plan}”",
            f"plan '{draft.plan}' is held already",
            todo="先看 hengtan plan list",
            todo_en="see hengtan plan list",
        )
    staged = folder.with_name(folder.name + ".part")
    shutil.rmtree(staged, ignore_errors=True)
    (staged / "document").mkdir(parents=True)
    (staged / "editions").mkdir()
    shutil.copyfile(source, staged / "document" / _safe_name(source.name))
    held = {
        "draft": draft.as_dict(),
        "text": draft.document.text,
        "text_sha256": hashlib.sha256(draft.document.text.encode()).hexdigest(),
        "file_sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "file": _safe_name(source.name),
        "read_on": now(),
        "program": _version(),
    }
    (staged / "reading.json").write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")
    staged.rename(folder)
    return load(workspace_folder, draft.plan)


def plans_of(workspace_folder: Path) -> list[str]:
    """Ids of the plans that a workspace holds readings of."""
    return sorted(p.parent.name for p in (workspace_folder / "plans").glob("*/reading.json"))


def load(workspace_folder: Path, plan: str) -> Review:
    """The review of a plan. Raises NoSuchRow for an unknown one, HengtanError where its record of decisions was changed."""
    if plan not in plans_of(workspace_folder):
        raise NoSuchRow(
            f"没有从文档读出的规划“{plan}”",
            f"no plan '{plan}' was read from a document",
            todo="先看 hengtan plan list",
            todo_en="see hengtan plan list",
        )
    folder = workspace_folder / "plans" / plan
    held = json.loads((folder / "reading.json").read_text(encoding="utf-8"))
    if hashlib.sha256(held["text"].encode()).hexdigest() != held["text_sha256"]:
        raise HengtanError(
            "读出的文本与其摘要不符，被改动过",
            "the text that was read has been changed",
            where=Where("reading.json"),
            todo="从备份恢复这个文件",
            todo_en="restore the file from a backup",
        )
    review = Review(
        folder,
        Draft.from_dict(held["draft"], held["text"]),
        held["draft"]["findings"],
        held["text_sha256"],
    )
    path = folder / "decisions.jsonl"
    for number, line in enumerate(
        path.read_text(encoding="utf-8").splitlines() if path.is_file() else [], start=1
    ):
        entry = json.loads(line)
        if entry.get("before") != review.head or digest(
            {k: v for k, v in entry.items() if k != "digest"}
        ) != entry.get("digest"):
            raise HengtanError(
                "核对记录被改动过",
                "the record of decisions was changed",
                where=Where(path.name, row=number),
                todo="从备份恢复这个文件",
                todo_en="restore the file from a backup",
            )
        review.log.append(entry)
    return review


def shown(review: Review, pack: Pack) -> dict[str, Any]:
    """A review as a mapping for the pages: document, clauses, targets with their state, findings, editions, names of the known indicators."""
    titles = {c["ref"]: f"{c['number']} {c['title']}" for c in review.draft.clauses}
    targets = []
    for one in review.targets():
        held = vars(one.target) | {
            "state": one.state,
            "by": one.by,
            "on": one.on,
            "note": one.note,
            "doubts_zh": one.target.doubts_zh(),
            "clause_title": titles.get(one.target.clause, "引言"),
        }
        targets.append({**held, "link": vars(one.target.link)})
    return {
        "plan": review.plan,
        "title": review.draft.title,
        "file": review.draft.document.name,
        "text": review.draft.document.text,
        "clauses": review.draft.clauses,
        "targets": targets,
        "findings": review.findings,
        "head": review.head,
        "editions": [
            {k: e[k] for k in ("edition", "by", "on", "note", "counts", "digest")}
            for e in review.editions()
        ],
        "milestones": review.draft.milestones,
        "systems": review.draft.systems,
        "departments": review.draft.departments,
        "known": dict(sorted(indicators_of(pack, review.plan).shown.items())),
    }


# deciding


def decide(
    workspace_folder: Path,
    plan: str,
    target: str,
    decision: str,
    *,
    by: str,
    fields: Mapping[str, Any] | None = None,
    note: str = "",
    known: Indicators | None = None,
    head: str = "",
) -> Review:
    """Record a decision on a target: accept, edit (with fields), reject, reopen; ``add`` takes the fields and a quote of the document.

    ``head``: what the one who decides has seen; where another has decided since, nothing is recorded. Raises HengtanError for what cannot be.
    """
    if decision not in DECISIONS:
        raise HengtanError(
            f"没有“{decision}”这种决定",
            f"no decision '{decision}'",
            todo=f"可用：{'、'.join(DECISIONS)}",
            todo_en=f"known: {', '.join(DECISIONS)}",
        )
    if not by.strip():
        raise HengtanError(
            "没有写核对人", "who decides is not given", todo="填核对人姓名", todo_en="give a name"
        )
    with alone(workspace_folder, plan):
        review = load(workspace_folder, plan)
        if head and head != review.head:
            raise HengtanError(
                "这份规划刚被别人核对过",
                "someone else has decided since",
                todo="刷新页面再试",
                todo_en="reload and try again",
            )
        held = {one.target.id: one for one in review.targets()}
        entry: dict[str, Any] = {
            "on": now(),
            "by": by.strip()[:MAX_TEXT],
            "target": target,
            "decision": decision,
        }
        if note.strip():
            entry["note"] = note.strip()[:1000]
        if decision == "add":
            made = _added(
                review,
                fields or {},
                known,
                f"{plan}-a{1 + sum(e['decision'] == 'add' for e in review.log):02d}",
            )
            entry |= {
                "target": made.id,
                "fields": {**made.as_dict(), "confidence": made.confidence},
            }
        elif target not in held:
            raise NoSuchRow(
                f"没有目标“{target}”",
                f"no target '{target}'",
                todo="刷新页面再试",
                todo_en="reload and try again",
            )
        elif decision == "edit":
            changed = _checked(fields or {}, known, held[target].target)
            if not changed:
                raise HengtanError(
                    "没有改动",
                    "nothing was changed",
                    todo="改动后再保存，或直接采纳",
                    todo_en="change something or accept",
                )
            entry["fields"] = changed
        entry["before"] = review.head
        entry["digest"] = digest(entry)
        lines = [json.dumps(e, ensure_ascii=False, sort_keys=True) for e in [*review.log, entry]]
        write_whole(review.folder / "decisions.jsonl", ("\n".join(lines) + "\n").encode())
        review.log.append(entry)
        return review


def accept_all(
    workspace_folder: Path,
    plan: str,
    *,
    by: str,
    least: float = 0.0,
    known: Indicators | None = None,
) -> Review:
    """Accept every open target whose confidence is at least ``least``."""
    review = load(workspace_folder, plan)
    for one in review.targets():
        if one.state == "open" and one.target.confidence >= least:
            review = decide(workspace_folder, plan, one.target.id, "accept", by=by, known=known)
    return review


def _checked(fields: Mapping[str, Any], known: Indicators | None, target: Target) -> dict[str, Any]:
    """The fields that differ from the target's, read and checked. Raises HengtanError with the field's name."""
    made: dict[str, Any] = {}
    for name, given in fields.items():
        if name not in EDITABLE:
            raise HengtanError(
                f"“{name}”不能修改",
                f"'{name}' cannot be edited",
                todo=f"可改：{'、'.join(EDITABLE)}",
                todo_en=f"can be edited: {', '.join(EDITABLE)}",
            )
        made[name] = _field(name, given, known)
    merged = _edited(target, made)
    if merged.operator == "range" and not merged.value2:
        raise _bad("value2", "区间要有上限", "a range needs its upper end")
    if merged.base_year is not None and merged.base_year >= merged.deadline:
        raise _bad(
            "base_year",
            f"基年{merged.base_year}不早于期限{merged.deadline}",
            "the base year is not before the deadline",
        )
    now = {
        name: target.link.indicator if name == "indicator" else getattr(target, name)
        for name in made
    }
    return {name: value for name, value in made.items() if value != now[name]}


def _field(name: str, given: Any, known: Indicators | None) -> Any:
    import unicodedata

    text = unicodedata.normalize("NFKC", str(given if given is not None else "")).strip()
    if len(text) > MAX_TEXT:
        raise _bad(name, f"超过{MAX_TEXT}字", f"longer than {MAX_TEXT} characters")
    if name == "strict":
        return given is True or text in ("yes", "true", "on", "是")
    if name in ("base_year", "deadline"):
        if not text and name == "base_year":
            return None
        if not re.fullmatch(r"(?:19|20|21)\d\d年?", text):
            raise _bad(name, f"“{text}”不是年份", f"'{text}' is no year")
        return int(text[:4])
    if name in ("value", "value2"):
        if not text and name == "value2":
            return ""
        try:
            value = Decimal(text.replace(",", ""))
        except InvalidOperation as error:
            raise _bad(name, f"“{text}”不是数", f"'{text}' is no number") from error
        if not value.is_finite() or abs(value) > Decimal("1e18"):
            raise _bad(name, f"“{text}”超出范围", f"'{text}' is out of range")
        return f"{value:f}"
    if name == "operator" and text not in OPERATORS:
        raise _bad(name, f"没有“{text}”这种要求", f"no operator '{text}'")
    if name == "unit" and text:
        read_unit(text)
    if name == "indicator_zh" and not text:
        raise _bad(name, "指标名称不能空", "the indicator needs a name")
    if name == "indicator" and text and known is not None and text not in known.shown:
        raise _bad(name, f"没有指标“{text}”", f"no indicator '{text}'")
    return text


def _bad(name: str, zh: str, en: str) -> HengtanError:
    return HengtanError(
        zh, en, where=Where(column=name), todo="改正后再保存", todo_en="correct it and save again"
    )


def _edited(target: Target, fields: Mapping[str, Any]) -> Target:
    plain = {name: value for name, value in fields.items() if name != "indicator"}
    link = target.link
    if "indicator" in fields:
        link = Link(fields["indicator"], "same" if fields["indicator"] else "new")
    return replace(target, **plain, link=link)


def _added(
    review: Review, fields: Mapping[str, Any], known: Indicators | None, target_id: str
) -> Target:
    """A target that the reading missed; its quote must stand in the document."""
    quote = str(fields.get("quote") or "").strip()
    place = review.draft.document.text.find(quote) if quote else -1
    if place < 0:
        raise HengtanError(
            "原文里没有这段话",
            "the quote does not stand in the document",
            where=Where(column="quote"),
            todo="从左侧原文复制一段含该数值的话",
            todo_en="copy the words from the document",
        )
    clause = next(
        (c["ref"] for c in reversed(review.draft.clauses) if c["start"] <= place),
        f"{review.plan}:headline",
    )
    blank = Target(
        target_id,
        "",
        ">=",
        "0",
        "",
        "",
        None,
        0,
        "",
        "",
        "",
        False,
        quote,
        place,
        place + len(quote),
        clause,
        1.0,
        ("added by hand",),
        Link("", "new"),
    )
    given = {
        name: fields.get(name, "")
        for name in ("indicator_zh", "operator", "value", "unit", "deadline")
    } | {n: v for n, v in fields.items() if n in EDITABLE}
    made = _edited(blank, _checked(given, known, blank))
    if known is not None and not fields.get("indicator"):
        made = replace(made, link=known.link(made.indicator_zh, made.unit))
    return made


# small helps


def alone(workspace_folder: Path, plan: str) -> Any:
    """The one writer of a plan's review, as a context. Raises NoSuchRow, LedgerBusy."""
    folder = workspace_folder / "plans" / plan
    if not folder.is_dir():
        raise NoSuchRow(
            f"没有从文档读出的规划“{plan}”",
            f"no plan '{plan}' was read from a document",
            todo="先看 hengtan plan list",
            todo_en="see hengtan plan list",
        )
    return _Lock(folder / ".lock")


class _Lock:
    """One writer at a time; a wait beyond ten seconds is an error that says so."""

    def __init__(self, path: Path) -> None:
        self.lock = FileLock(str(path), timeout=10)

    def __enter__(self) -> None:
        try:
            self.lock.acquire()
        except Timeout as error:
            raise LedgerBusy(
                "另一个程序正在核对这份规划",
                "another program is deciding on this plan",
                todo="稍后再试",
                todo_en="try again later",
            ) from error

    def __exit__(self, *_: object) -> None:
        self.lock.release()


def digest(content: Any) -> str:
    """SHA-256 of a content's canonical JSON."""
    return hashlib.sha256(
        json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def now() -> str:
    """Beijing time to the second, without a zone."""
    return datetime.now(BEIJING).replace(tzinfo=None, microsecond=0).isoformat()


def _version() -> str:
    import hengtan

    return f"hengtan {hengtan.__version__}"


def _safe_name(name: str) -> str:
    """A file name without what a path could hide in it."""
    return re.sub(r"[\x00-\x1f/\\:*?\"<>|]", "_", name).lstrip(".")[:120] or "document"
